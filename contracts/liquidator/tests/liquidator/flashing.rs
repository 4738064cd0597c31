//! Flash takes: the collateral comes first, and is paid while the callee runs, or nothing has happened.

use cosmwasm_std::{from_json, to_json_binary, Binary, CosmosMsg, ReplyOn, WasmMsg};
use sdp_types::error::LiquidatorError;
use sdp_types::events::{AuctionEnded, Taken};
use sdp_types::liquidator::{CalleeMsg, Change, ExecuteMsg, Hook, Params};
use sdp_types::{Amount, Error, Price, Usd};

use crate::desk::*;

/// `finn`'s for the contract `cora`, at any price.
pub fn flash(auction: u64, amount: Amount) -> ExecuteMsg {
    let (callee, msg) = (addr("cora").to_string(), Binary::from(b"sell"));
    ExecuteMsg::FlashTake { auction, amount, max_price: Price::MAX, callee, msg }
}

/// Auction 1: 100 tokens for $550; $11 after 100 s.
fn running() -> Desk {
    let mut desk = Desk::new();
    desk.seizes(0, seizure());
    desk.later(100);
    desk
}

#[test]
fn the_callee_has_the_collateral_when_it_is_told_what_it_costs() {
    let mut desk = running();
    let told = desk.tries("finn", flash(1, tokens(30))).unwrap();
    let [sent, called] = told.messages.as_slice() else { panic!("two messages: {told:?}") };
    assert!(matches!(&sent.msg, CosmosMsg::Bank(_)) && sent.reply_on == ReplyOn::Never);
    assert_eq!(called.reply_on, ReplyOn::Success);
    let CosmosMsg::Wasm(WasmMsg::Execute { contract_addr, msg, funds }) = &called.msg else {
        panic!("{called:?}")
    };
    assert_eq!((contract_addr.as_str(), funds.len()), (addr("cora").as_str(), 0));
    let expected = CalleeMsg::OnTake {
        auction: 1,
        taker: addr("finn").into(),
        token: atom(),
        amount: tokens(30),
        cost: Usd::whole(330),
        msg: Binary::from(b"sell"),
    };
    assert_eq!(msg, &to_json_binary(&expected).unwrap());
    assert_eq!(from_json::<CalleeMsg>(msg).unwrap(), expected);
}

#[test]
fn what_is_paid_inside_is_a_take_like_any_other_and_the_excess_goes_back() {
    let mut desk = running();
    let told = desk.flashes(flash(1, tokens(30)), &[("cora", 1, 200), ("dora", 1, 300)]).unwrap();
    let taken = Taken {
        auction: 1,
        payer: addr("finn").into(),
        recipient: addr("cora").into(),
        amount: tokens(30),
        price: price("11"),
        paid: Usd::whole(330),
        recovered: Usd::whole(330),
        penalty: Usd::ZERO,
    };
    assert_eq!(event::<Taken>(&told), taken);
    assert_eq!((desk.balance("uatom", "cora"), desk.sdusd("dora")), (30_000_000, Usd::whole(170).raw()));
    let auction = desk.auctions().remove(0);
    assert_eq!((auction.lot, auction.tab), (tokens(70), Usd::whole(170)));
}

#[test]
fn the_last_one_ends_the_auction() {
    let mut desk = running();
    let told = desk.flashes(flash(1, tokens(100)), &[("cora", 1, 550)]).unwrap();
    let ended = event::<AuctionEnded>(&told);
    // $550 ÷ $11
    assert_eq!((ended.surplus, ended.reward), (tokens(50), Usd::whole(10)));
    assert_eq!((desk.balance("uatom", "olaf"), desk.sdusd("kira")), (50_000_000, Usd::whole(10).raw()));
    assert!(desk.auctions().is_empty() && desk.totals().running == 0);
}

#[test]
fn a_callee_that_has_not_paid_all_of_it_undoes_everything() {
    let mut desk = running();
    let cost = Usd::whole(330);
    for (payments, paid) in [(&[][..], 0), (&[("cora", 1, 329)][..], 329)] {
        let refused = desk.flashes(flash(1, tokens(30)), payments).unwrap_err();
        assert_eq!(refused, LiquidatorError::FlashTakeUnpaid { paid: Usd::whole(paid), cost }.into());
        assert_eq!(desk.auctions()[0].lot, tokens(100));
    }
    // for another auction, or outside
    let refused = desk.flashes(flash(1, tokens(30)), &[("cora", 2, 330)]).unwrap_err();
    assert_eq!(refused, LiquidatorError::NoFlashTake { auction: 2 }.into());
    let refused = desk.refuses_take("cora", Usd::whole(330), Hook::Pay { auction: 1 });
    assert_eq!(refused, LiquidatorError::NoFlashTake { auction: 1 }.into());
}

#[test]
fn inside_the_auction_is_out_of_reach_and_no_second_one_begins() {
    let mut desk = running();
    desk.seizes(0, seizure());
    desk.tries("finn", flash(1, tokens(30))).unwrap();
    for auction in [1, 2] {
        let refused = desk.tries("cora", flash(auction, tokens(1))).unwrap_err();
        assert_eq!(refused, LiquidatorError::FlashTakeUnderWay { auction: 1 }.into());
    }
    let refused = desk.tries("sdusd", hook("cora", Usd::whole(11), &take(1, tokens(1)))).unwrap_err();
    assert_eq!(refused, LiquidatorError::UnknownAuction { auction: 1 }.into());
    let refused = desk.tries("cora", ExecuteMsg::Redo { auction: 1 }).unwrap_err();
    assert_eq!(refused, LiquidatorError::UnknownAuction { auction: 1 }.into());
    // nothing counts as recovered before it is paid
    assert_eq!(desk.totals().recoveries.tab, Usd::whole(1_000));
}

#[test]
fn it_is_refused_where_a_take_is() {
    let mut desk = running();
    assert_eq!(
        desk.is_refused("finn", flash(2, tokens(1))),
        LiquidatorError::UnknownAuction { auction: 2 }.into()
    );
    assert_eq!(desk.is_refused("finn", flash(1, Amount::ZERO)), Error::Zero { what: "amount".into() });
    let (callee, msg) = (addr("cora").to_string(), Binary::default());
    let cheap = |max_price| ExecuteMsg::FlashTake {
        auction: 1,
        amount: tokens(1),
        max_price,
        callee: callee.clone(),
        msg: msg.clone(),
    };
    let (asked, max_price) = (price("11"), price("10.99"));
    assert_eq!(
        desk.is_refused("finn", cheap(max_price)),
        LiquidatorError::AboveMaxPrice { price: asked, max_price }.into()
    );
    let nobody =
        ExecuteMsg::FlashTake { auction: 1, amount: tokens(1), max_price: asked, callee: "cora".into(), msg };
    assert_eq!(desk.is_refused("finn", nobody).code(), "E0008");
    desk.changes(Change::Params { params: Params { stop_level: 3, ..params() } });
    assert_eq!(
        desk.is_refused("finn", flash(1, tokens(1))),
        LiquidatorError::Stopped { level: 3, needed_below: 3 }.into()
    );
}

#[test]
fn an_old_auction_is_reset_first() {
    let mut desk = running();
    assert_eq!(desk.later(401).is_refused("finn", flash(1, tokens(1))).code(), "E0503");
}

#[test]
fn a_reply_without_a_flash_take_is_refused() {
    assert_eq!(running().replies(2, Binary::default(), vec![]).unwrap_err().code(), "E0007");
}
