//! Auctions that ran too long or fell too far begin again.

use sdp_types::error::LiquidatorError;
use sdp_types::events::{AuctionReset, Taken};
use sdp_types::liquidator::{AuctionParams, Change, ExecuteMsg, Params};
use sdp_types::pool::Seizure;
use sdp_types::{Error, Ratio, Usd};

use crate::desk::*;

const REDO: ExecuteMsg = ExecuteMsg::Redo { auction: 1 };

#[test]
fn a_running_auction_is_not_reset() {
    let mut desk = Desk::new();
    desk.seizes(0, seizure());
    let refused = desk.later(500).board("10").is_refused("rudi", REDO);
    assert_eq!(refused, LiquidatorError::NoRedoNeeded { age: 500, price: price("7") }.into());
}

#[test]
fn an_auction_that_is_too_old_begins_again_at_the_boards_price() {
    let mut desk = Desk::new();
    desk.seizes(0, seizure());
    let told = desk.later(501).board("5").does("rudi", REDO);
    // 1.2 · $5
    let reset = AuctionReset { auction: 1, price: price("6"), keeper: addr("rudi").into() };
    assert_eq!(event::<AuctionReset>(&told), reset);

    let auction = desk.auctions().remove(0);
    assert_eq!((auction.start_price, auction.price), (price("6"), price("6")));
    assert_eq!((auction.started_at, auction.needs_redo), (desk.now(), false));
    assert_eq!(auction.redoer, Some(addr("rudi").into()));
    assert_eq!(auction.keeper, addr("kira").as_str());
    // and falls from there: 6 · (1 − 600/1,200) would be its cusp
    let taken = event::<Taken>(&desk.later(300).takes("tina", Usd::whole(9), take(1, tokens(2))));
    assert_eq!((taken.price, taken.paid), (price("4.5"), Usd::whole(9)));
}

#[test]
fn an_auction_below_its_cusp_begins_again() {
    let mut desk = Desk::new();
    desk.seizes(1, Seizure { token: wrapped(), ..seizure() });
    let refused = desk.later(600).board("4").is_refused("rudi", REDO);
    assert_eq!(refused, LiquidatorError::NoRedoNeeded { age: 600, price: price("6") }.into());
    desk.later(1).does("rudi", REDO);
    assert_eq!(desk.auctions()[0].price, price("4.8"));
}

#[test]
fn a_reset_needs_a_fresh_price() {
    let mut desk = Desk::new();
    desk.seizes(0, seizure());
    let stale = desk.board("10").later(501).is_refused("rudi", REDO);
    assert_eq!(stale, Error::StalePrice { feed: 0, age: 501, allowed: 60 });
    desk.board("10").later(60).does("rudi", REDO);
}

#[test]
fn nothing_is_reset_from_stop_level_2_on() {
    for (stop_level, works) in [(1, true), (2, false), (3, false)] {
        let mut desk = Desk::new();
        desk.seizes(0, seizure());
        desk.changes(Change::Params { params: Params { stop_level, ..params() } });
        desk.later(501).board("10");
        if works {
            desk.does("rudi", REDO);
        } else {
            let stopped = LiquidatorError::Stopped { level: stop_level.into(), needed_below: 2 }.into();
            assert_eq!(desk.is_refused("rudi", REDO), stopped);
        }
    }
}

#[test]
fn an_auction_that_is_not_there_is_not_reset() {
    assert_eq!(Desk::new().is_refused("rudi", REDO), LiquidatorError::UnknownAuction { auction: 1 }.into());
}

#[test]
fn changed_parameters_move_no_running_price_and_hold_from_the_reset_on() {
    let mut desk = Desk::new();
    let slow = AuctionParams { buffer: Ratio::percent(150), tail: 50, ..atoms() };
    let change = Change::Auction { vault: 0, params: slow };
    desk.does("olga", ExecuteMsg::Configure { change });
    desk.later(DELAY).seizes(0, seizure());
    desk.later(100).does("zoe", ExecuteMsg::Enact { id: 0 });
    assert_eq!((desk.auctions()[0].price, desk.auctions()[0].needs_redo), (price("11"), false));

    desk.later(401).board("10").does("rudi", REDO);
    assert_eq!(desk.auctions()[0].price, price("15"));
    desk.later(51);
    assert!(desk.auctions()[0].needs_redo);
}

#[test]
fn who_reset_it_last_shares_the_reward_and_one_who_started_it_too_has_it_all() {
    let mut desk = Desk::new();
    desk.seizes(0, seizure());
    desk.later(501).board("10").does("rudi", REDO);
    desk.later(501).board("10").does("kira", REDO);
    desk.takes("tina", Usd::whole(550), take(1, tokens(100)));
    // $5 and 1 % of $500
    assert_eq!((desk.sdusd("rudi"), desk.sdusd("kira")), (0, 10_000_000));
}
