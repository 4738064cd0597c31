//! What the contract answers.

use sdp_types::error::LiquidatorError;
use sdp_types::liquidator::{AuctionResponse, Change, Params, QueryMsg, QuoteResponse};
use sdp_types::pool::Seizure;
use sdp_types::{Amount, Error, Usd};

use crate::desk::*;

fn page(desk: &Desk, start_after: Option<u64>, limit: Option<u32>) -> Vec<u64> {
    let page: Vec<AuctionResponse> = desk.asks(QueryMsg::Auctions { start_after, limit });
    page.into_iter().map(|auction| auction.auction).collect()
}

#[test]
fn a_quote_is_what_a_take_does() {
    let mut desk = Desk::new();
    desk.seizes(0, seizure());
    desk.later(200);
    let quote = |amount, cost| Ok(QuoteResponse { price: price("10"), amount, cost });
    assert_eq!(desk.quote(1, tokens(20)), quote(tokens(20), Usd::whole(200)));
    // cut: 50 would leave $50
    assert_eq!(desk.quote(1, tokens(50)), quote(tokens(45), Usd::whole(450)));
    assert_eq!(desk.quote(1, Amount::MAX), quote(tokens(55), Usd::whole(550)));
    assert_eq!(desk.quote(2, tokens(1)), Err(LiquidatorError::UnknownAuction { auction: 2 }.into()));
    assert_eq!(desk.quote(1, Amount::ZERO), Err(Error::Zero { what: "amount".into() }));
    desk.changes(Change::Params { params: Params { stop_level: 3, ..params() } });
    assert_eq!(desk.quote(1, tokens(1)), Err(LiquidatorError::Stopped { level: 3, needed_below: 3 }.into()));
}

#[test]
fn a_quote_of_an_auction_that_has_to_be_reset_says_so() {
    let mut desk = Desk::new();
    desk.seizes(0, seizure());
    let stale = desk.later(501).quote(1, tokens(1));
    assert_eq!(stale, Err(LiquidatorError::NeedsRedo { age: 501, price: price("6.99") }.into()));
}

#[test]
fn one_auction_shows_everything_about_it() {
    let mut desk = Desk::new();
    desk.seizes(0, seizure());
    let started_at = desk.now();
    desk.later(501);
    let auction: AuctionResponse = desk.asks(QueryMsg::Auction { auction: 1 });
    let expected = AuctionResponse {
        auction: 1,
        vault: 0,
        owner: addr("olaf").into(),
        token: atom(),
        feed: 0,
        decimals: 6,
        lot: tokens(100),
        tab: Usd::whole(500),
        penalty: Usd::whole(50),
        reward: Usd::whole(10),
        keeper: addr("kira").into(),
        redoer: None,
        start_price: price("12"),
        started_at,
        // still shown, though nobody can take it
        price: price("6.99"),
        needs_redo: true,
    };
    assert_eq!(auction, expected);
    let unknown = desk.asks_or_not(QueryMsg::Auction { auction: 2 });
    assert_eq!(unknown, Err(LiquidatorError::UnknownAuction { auction: 2 }.into()));
}

#[test]
fn auctions_come_in_pages_oldest_first() {
    let mut desk = Desk::new();
    for _ in 0..120 {
        let (tab, penalty) = (Usd::whole(15), Usd::whole(1));
        desk.seizes(0, Seizure { lot: tokens(2), tab, penalty, ..seizure() });
    }
    let numbers = |range: std::ops::RangeInclusive<u64>| range.collect::<Vec<_>>();
    assert_eq!(page(&desk, None, None), numbers(1..=30));
    assert_eq!(page(&desk, Some(30), Some(5)), numbers(31..=35));
    assert_eq!(page(&desk, Some(118), None), [119, 120]);
    assert_eq!(page(&desk, None, Some(1_000)), numbers(1..=100));
    assert!(page(&desk, Some(u64::MAX), None).is_empty());
}

#[test]
fn lots_are_summed_by_token() {
    let mut desk = Desk::new();
    desk.seizes(0, seizure());
    desk.seizes(0, Seizure { lot: tokens(7), ..seizure() });
    desk.seizes(1, Seizure { token: wrapped(), lot: tokens(200), ..seizure() });
    assert_eq!(desk.totals().lots, [(atom(), tokens(107)), (wrapped(), tokens(200))]);
    // 7 · $12, sold out
    desk.takes("tina", Usd::whole(600), take(2, tokens(7)));
    desk.takes("tina", Usd::whole(600), take(1, tokens(100)));
    assert_eq!(desk.totals().lots, [(wrapped(), tokens(200))]);
    assert_eq!((desk.totals().running, desk.totals().outstanding), (1, Usd::whole(550)));
}
