//! Positions are seized, and their auctions begin.

use cosmwasm_std::{from_json, to_json_binary, CosmosMsg, ReplyOn, WasmMsg};
use sdp_types::error::LiquidatorError;
use sdp_types::events::AuctionStarted;
use sdp_types::liquidator::{AuctionParams, Change, ExecuteMsg, Params};
use sdp_types::pool::{ExecuteMsg as Pool, Seizure};
use sdp_types::{Amount, Error, Price, Ratio, Usd};

use crate::desk::*;

fn liquidate(vault: u8) -> ExecuteMsg {
    ExecuteMsg::LiquidatePosition { vault, owner: addr("olaf").into() }
}

fn asked(response: &cosmwasm_std::Response) -> Pool {
    let [sent] = response.messages.as_slice() else { panic!("one message: {response:?}") };
    assert_eq!(sent.reply_on, ReplyOn::Success);
    let CosmosMsg::Wasm(WasmMsg::Execute { contract_addr, msg, funds }) = &sent.msg else {
        panic!("a contract: {sent:?}")
    };
    assert_eq!((contract_addr.as_str(), funds.len()), (addr("pool").as_str(), 0));
    from_json(msg).unwrap()
}

#[test]
fn a_seizure_asks_the_pool_for_no_more_than_the_hole_has_room_for() {
    let mut desk = Desk::new();
    let seize = |room| Pool::Seize { vault: 0, owner: addr("olaf").into(), room, dust: Usd::whole(100) };
    assert_eq!(asked(&desk.tries("kira", liquidate(0)).unwrap()), seize(Usd::whole(2_000)));

    desk.seizes(0, seizure());
    // $500 and the penalty of $50 are out
    assert_eq!(asked(&desk.tries("kira", liquidate(0)).unwrap()), seize(Usd::whole(1_450)));
}

#[test]
fn the_answer_of_the_pool_starts_an_auction_above_the_price() {
    let mut desk = Desk::new();
    let told = desk.seize(0, seizure()).unwrap();
    let expected = AuctionStarted {
        auction: 1,
        vault: 0,
        owner: addr("olaf").into(),
        lot: tokens(100),
        tab: Usd::whole(500),
        penalty: Usd::whole(50),
        // 1.2 · $10
        price: price("12"),
        keeper: addr("kira").into(),
    };
    assert_eq!(event::<AuctionStarted>(&told), expected);

    let auctions = desk.auctions();
    let [auction] = auctions.as_slice() else { panic!("one: {auctions:?}") };
    assert_eq!((auction.lot, auction.tab, auction.penalty), (tokens(100), Usd::whole(500), Usd::whole(50)));
    // $5 and 1 % of $500
    assert_eq!(auction.reward, Usd::whole(10));
    assert_eq!((auction.price, auction.started_at, auction.needs_redo), (price("12"), desk.now(), false));
    assert_eq!(desk.totals().recoveries.tab, Usd::whole(500));
}

#[test]
fn the_start_price_is_rounded_up() {
    let mut desk = Desk::new();
    let buffer = Ratio::new(1_100_000_000_000_000_001);
    desk.changes(Change::Auction { vault: 0, params: AuctionParams { buffer, ..atoms() } });
    desk.seizes(0, Seizure { price: price("0.000000000000000011"), ..seizure() });
    // 11 · 1.100000000000000001 = 12.100000000000000011
    assert_eq!(desk.auctions()[0].start_price, Price::new(13));
}

#[test]
fn the_keepers_reward_is_never_more_than_the_penalty() {
    let mut desk = Desk::new();
    desk.seizes(0, Seizure { penalty: Usd::whole(9), ..seizure() });
    assert_eq!(desk.auctions()[0].reward, Usd::whole(9));
}

#[test]
fn the_keepers_reward_is_rounded_down() {
    let mut desk = Desk::new();
    // $5 and 1 % of 500,000,099 micro-USD: 5,000,000.99
    desk.seizes(0, Seizure { tab: Usd::new(500_000_099), ..seizure() });
    assert_eq!(desk.auctions()[0].reward, Usd::new(10_000_000));
}

#[test]
fn auctions_are_numbered_and_never_share_a_number() {
    let mut desk = Desk::new();
    assert_eq!(desk.seizes(0, seizure()), 1);
    desk.takes("tina", Usd::whole(550), take(1, tokens(100)));
    assert_eq!(desk.seizes(0, seizure()), 2);
    assert_eq!(desk.seizes(1, Seizure { token: wrapped(), ..seizure() }), 3);
}

#[test]
fn a_full_hole_takes_no_more_until_a_take_makes_room() {
    let mut desk = Desk::new();
    let (tab, penalty) = (Usd::whole(1_900), Usd::whole(100));
    desk.seizes(0, Seizure { tab, penalty, lot: tokens(400), ..seizure() });
    let outstanding = Usd::whole(2_000);
    let full = Error::HoleFull { outstanding, room: Usd::ZERO, needed: Usd::whole(100) };
    assert_eq!(desk.is_refused("kira", liquidate(0)), full);

    // 50 · $12
    desk.takes("tina", Usd::whole(600), take(1, tokens(50)));
    let room = Usd::whole(600);
    let asked = asked(&desk.tries("kira", liquidate(0)).unwrap());
    assert!(matches!(asked, Pool::Seize { room: given, .. } if given == room), "{asked:?}");
}

#[test]
fn a_hole_that_was_made_smaller_than_what_is_out_has_no_room() {
    let mut desk = Desk::new();
    desk.seizes(0, seizure());
    desk.changes(Change::Params { params: Params { hole: Usd::whole(300), ..params() } });
    assert_eq!(desk.is_refused("kira", liquidate(0)).code(), "E0321");
}

#[test]
fn a_pool_that_seizes_beyond_the_room_is_refused() {
    let mut desk = Desk::new();
    let (tab, penalty) = (Usd::whole(1_951), Usd::whole(50));
    let needed = Usd::whole(2_001);
    let refused = desk.seize(0, Seizure { tab, penalty, ..seizure() }).unwrap_err();
    assert_eq!(refused, Error::HoleFull { outstanding: Usd::ZERO, room: Usd::whole(2_000), needed });
}

#[test]
fn a_seizure_of_nothing_starts_no_auction() {
    let mut desk = Desk::new();
    let nothing = [
        ("lot", Seizure { lot: Amount::ZERO, ..seizure() }),
        ("tab", Seizure { tab: Usd::ZERO, ..seizure() }),
        ("price", Seizure { price: Price::ZERO, ..seizure() }),
    ];
    for (what, seizure) in nothing {
        assert_eq!(desk.seize(0, seizure).unwrap_err(), Error::Zero { what: what.into() });
    }
}

#[test]
fn a_vault_without_auction_parameters_is_refused() {
    assert_eq!(
        Desk::new().is_refused("kira", liquidate(2)),
        LiquidatorError::NoAuctionParams { vault: 2 }.into()
    );
}

#[test]
fn no_position_is_seized_from_stop_level_1_on() {
    for stop_level in 1..=3 {
        let mut desk = Desk::new();
        desk.changes(Change::Params { params: Params { stop_level, ..params() } });
        let stopped = LiquidatorError::Stopped { level: stop_level.into(), needed_below: 1 }.into();
        assert_eq!(desk.is_refused("kira", liquidate(0)), stopped);
    }
}

#[test]
fn an_answer_without_a_seizure_or_to_no_question_is_refused() {
    let mut desk = Desk::new();
    let asked = desk.tries("kira", liquidate(0)).unwrap();
    let payload = asked.messages[0].payload.clone();
    for answer in [vec![], vec![0xff], execute_response(b"")] {
        assert_eq!(desk.replies(1, payload.clone(), answer).unwrap_err().code(), "E0509");
    }
    assert_eq!(desk.replies(1, payload.clone(), execute_response(b"{}")).unwrap_err().code(), "E0008");
    let seizure = execute_response(&to_json_binary(&seizure()).unwrap());
    let unknown = Error::NotFound { what: "reply".into(), key: "3".into() };
    assert_eq!(desk.replies(3, payload, seizure), Err(unknown));
}
