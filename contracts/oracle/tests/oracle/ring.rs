//! The ring: a price belongs to the interval of its publish time, and a past slot is never filled.

use crate::common::{new, price, submission, BTC, ETH, START};
use sdp_types::board::Slot;
use sdp_types::oracle::QueryMsg;
use sdp_types::record::Record;

const FIRST: u64 = START / 5;

#[test]
fn the_first_quorum_of_an_interval_counts() {
    let mut oracle = new();
    let told = oracle.agrees_on("100");
    assert_eq!((told.interval, told.interval_set), (FIRST, true));
    oracle.waits(1);
    assert!(!oracle.agrees_on("101").interval_set);
    assert_eq!(oracle.interval_price(FIRST), Some(price("100")));
    assert_eq!(oracle.quote(BTC).price, price("101"), "the board goes on");
}

#[test]
fn a_price_belongs_to_the_interval_of_its_oldest_submission() {
    let mut oracle = new();
    oracle.waits(4).says("p1", "100");
    oracle.waits(1);
    assert_eq!(oracle.says("p2", "100").price().interval, FIRST);
    assert_eq!(oracle.interval_price(FIRST + 1), None);
}

#[test]
fn an_interval_takes_prices_until_its_grace_is_over_and_no_longer() {
    for (late, taken) in [(9, true), (10, false)] {
        let mut oracle = new();
        oracle.waits(late);
        oracle.says_at("p1", "100", START + 4);
        let told = oracle.says_at("p2", "100", START + 4).price();
        assert_eq!(told.interval_set, taken, "{late} s after its beginning, at 5 s of length and grace");
        assert_eq!(oracle.interval_price(FIRST).is_some(), taken);
        assert_eq!(oracle.quote(BTC).price, price("100"), "the board takes it either way");
    }
}

#[test]
fn an_interval_without_a_quorum_stays_empty() {
    let mut oracle = new();
    oracle.agrees_on("100");
    oracle.waits(5).says("p1", "101");
    oracle.waits(5).agrees_on("102");
    let held = [0, 1, 2].map(|n| oracle.interval_price(FIRST + n));
    assert_eq!(held, [Some(price("100")), None, Some(price("102"))]);
}

#[test]
fn a_slot_comes_around_and_then_holds_only_the_later_interval() {
    let mut oracle = new();
    oracle.agrees_on("100");
    oracle.waits(8 * 5).agrees_on("101");
    assert_eq!(oracle.interval_price(FIRST + 8), Some(price("101")));
    assert_eq!(oracle.interval_price(FIRST), None);
}

#[test]
fn a_slot_is_kept_until_it_comes_around() {
    let mut oracle = new();
    oracle.agrees_on("100");
    for _ in 1..8 {
        oracle.waits(5).agrees_on("100");
    }
    assert!((0..8).all(|n| oracle.interval_price(FIRST + n).is_some()));
}

#[test]
fn a_slot_that_holds_a_later_interval_is_not_given_back() {
    // the geometry alone rules it out: put one there by hand
    let mut oracle = new();
    let board = oracle.board();
    let later = Slot { interval: FIRST + 8, quotes: vec![] };
    later.save(&mut oracle.deps.storage, &Slot::key(&board.intervals, FIRST)).unwrap();
    assert!(!oracle.agrees_on("100").interval_set);
    assert_eq!(oracle.interval_price(FIRST), None);
}

#[test]
fn feeds_of_one_interval_share_a_slot_and_fill_it_one_by_one() {
    let mut oracle = new();
    oracle.agrees_on("100");
    oracle.waits(1);
    for publisher in ["p1", "p2"] {
        let now = oracle.now;
        let prices = [submission(BTC, "101", now), submission(ETH, "10", now)];
        oracle.try_publish(publisher, &prices).unwrap();
    }
    let slot: Slot = oracle.query(QueryMsg::Interval { interval: FIRST }).unwrap();
    assert_eq!(slot.quotes.len(), 2);
    assert_eq!(slot.quote(BTC).unwrap().price, price("100"));
    assert_eq!(slot.quote(ETH).unwrap().price, price("10"));
    assert_eq!(slot.quote(ETH).unwrap().publish_time, START + 1);
}

#[test]
fn feeds_of_one_message_may_belong_to_different_intervals() {
    let mut oracle = new();
    oracle.waits(6);
    let now = oracle.now;
    let prices = [submission(BTC, "100", now - 2), submission(ETH, "10", now)];
    oracle.try_publish("p1", &prices).unwrap();
    oracle.try_publish("p2", &prices).unwrap();
    assert_eq!(oracle.interval_price(FIRST), Some(price("100")));
    let slot: Slot = oracle.query(QueryMsg::Interval { interval: FIRST + 1 }).unwrap();
    assert_eq!((slot.quote(BTC), slot.quote(ETH).map(|quote| quote.price)), (None, Some(price("10"))));
}
