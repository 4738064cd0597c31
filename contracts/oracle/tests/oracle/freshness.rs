//! How old a price may be, and what a pause of the whole board does.

use crate::common::{code, new, BTC, ETH, START};
use sdp_types::board::Use;
use sdp_types::oracle::{BoardResponse, PriceResponse, QueryMsg};
use sdp_types::{Error, Ratio};

#[test]
fn a_price_serves_each_use_up_to_its_age_and_not_a_second_longer() {
    let mut oracle = new();
    oracle.agrees_on("100");
    let board = oracle.board();
    for (purpose, allowed) in [(Use::Trade, 15), (Use::Liquidate, 60), (Use::View, 300)] {
        assert!(board.fresh(BTC, purpose, START + allowed).is_ok());
        let stale = Error::StalePrice { feed: 0, age: allowed + 1, allowed };
        assert_eq!(board.fresh(BTC, purpose, START + allowed + 1), Err(stale));
    }
}

#[test]
fn a_feed_without_a_price_and_one_that_is_too_wide_for_a_use_say_so() {
    let mut oracle = new();
    oracle.agrees_on("100");
    let board = oracle.board();
    assert_eq!(board.fresh(ETH, Use::View, START), Err(Error::NoPrice { feed: 1 }));
    assert_eq!(code(board.certain(BTC, Use::Trade, START, Ratio::bps(9))), "E0207");
    assert!(board.certain(BTC, Use::Trade, START, Ratio::bps(10)).is_ok());
}

#[test]
fn the_first_price_of_all_ends_no_gap() {
    let mut oracle = new();
    oracle.waits(1_000_000);
    oracle.says("p1", "100");
    assert_eq!(oracle.says("p2", "100").resumed(), None);
    assert_eq!(oracle.board().resumed_at, 0);
    assert_eq!(oracle.board().quiet_until(), 0);
}

#[test]
fn a_pause_longer_than_the_gap_is_a_gap_and_liquidations_wait_for_two_intervals() {
    let mut oracle = new();
    oracle.agrees_on("100");
    oracle.waits(60).says("p1", "100");
    assert_eq!(oracle.says("p2", "100").resumed(), None, "as long as a gap may be");
    oracle.waits(61).says("p1", "100");
    assert_eq!(oracle.says("p2", "100").resumed(), Some(61));
    let board = oracle.board();
    assert_eq!((board.resumed_at, board.quiet_until()), (START + 121, START + 131));
    oracle.waits(1).agrees_on("100");
    assert_eq!(oracle.board().resumed_at, START + 121, "until the next gap");
}

#[test]
fn a_message_that_sets_no_price_neither_ends_nor_prevents_a_gap() {
    let mut oracle = new();
    oracle.agrees_on("100");
    oracle.waits(50);
    assert_eq!(oracle.says("p1", "100").code(), "E0210");
    oracle.waits(50).says("p1", "100");
    assert_eq!(oracle.says("p2", "100").resumed(), Some(100));
}

#[test]
fn the_queries_show_what_the_board_has() {
    let mut oracle = new();
    oracle.agrees_on("100");
    oracle.waits(7);
    let one: PriceResponse = oracle.query(QueryMsg::Price { feed: BTC }).unwrap();
    assert_eq!((one.symbol.as_str(), one.age, one.quote), ("BTC", 7, oracle.quote(BTC)));
    assert_eq!(one.average, oracle.average(BTC));
    let all: BoardResponse = oracle.query(QueryMsg::Board {}).unwrap();
    assert_eq!((all.prices.len(), all.written_at, all.resumed_at), (2, START, 0));
    assert_eq!(all.prices[0], one);
    let unknown = oracle.query::<PriceResponse>(QueryMsg::Price { feed: 2 });
    assert_eq!(unknown, Err(Error::UnknownFeed { feed: 2 }));
}
