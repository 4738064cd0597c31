//! What becomes a price.

use crate::common::{self, address, code, new, out_of_range, price, submission, BTC, ETH, START};
use sdp_types::error::OracleError;
use sdp_types::oracle::{ExecuteMsg, Submission};
use sdp_types::units::MAX_PRICE;
use sdp_types::{Error, Price, Ratio};

#[test]
fn one_publisher_of_a_quorum_of_two_makes_no_price() {
    let mut oracle = new();
    assert_eq!(oracle.says("p1", "100").code(), "E0210");
    assert_eq!(oracle.quote(BTC).price, Price::ZERO);
    assert_eq!(oracle.board().written_at, 0, "nothing was written");
}

#[test]
fn a_quorum_makes_a_price_of_its_median_widest_confidence_and_oldest_time() {
    let mut oracle = new();
    oracle.says_at("p1", "100", START - 1);
    let wide = Submission { confidence: Ratio::bps(155), ..submission(BTC, "103", START) };
    let told = common::Told(oracle.try_publish("p2", &[wide]).unwrap()).price();
    assert_eq!(
        (told.price, told.confidence, told.publish_time),
        (price("101.5"), Ratio::bps(155), START - 1)
    );
    let quote = oracle.quote(BTC);
    assert_eq!((quote.price, quote.confidence, quote.publish_time), (told.price, told.confidence, START - 1));
    assert_eq!(oracle.board().written_at, START);
}

#[test]
fn three_publishers_who_wait_for_each_other_make_the_middle_one_the_price() {
    let mut config = common::config();
    config.quorum = 3;
    let mut oracle = common::try_new(config).unwrap();
    oracle.says("p1", "101");
    assert_eq!(oracle.says("p2", "108").code(), "E0210");
    assert_eq!(oracle.says("p3", "100").price().price, price("101"));
}

#[test]
fn a_submission_as_old_as_the_price_on_the_board_counts_no_more() {
    let mut oracle = new();
    oracle.agrees_on("100");
    oracle.waits(1);
    assert_eq!(oracle.says("p1", "101").code(), "E0210", "p2 is in the price on the board already");
    assert_eq!(oracle.says("p3", "102").price().price, price("101.5"));
}

#[test]
fn submissions_more_than_an_interval_apart_make_no_price() {
    let mut oracle = new();
    oracle.says("p1", "100");
    oracle.waits(6);
    assert_eq!(oracle.says("p2", "100").code(), "E0210");
    oracle.waits(5);
    assert_eq!(oracle.says("p1", "100").price().publish_time, START + 6, "5 seconds apart");
}

#[test]
fn a_publisher_who_says_the_same_time_again_is_not_heard() {
    let mut oracle = new();
    oracle.says("p1", "100");
    assert_eq!(oracle.says("p1", "105").code(), "E0203");
    assert_eq!(oracle.says_at("p1", "105", START - 1).code(), "E0203");
    assert_eq!(oracle.says("p2", "100").price().price, price("100"), "the first one stands");
}

#[test]
fn a_submission_that_is_not_newer_than_the_board_is_not_heard() {
    let mut oracle = new();
    oracle.agrees_on("100");
    assert_eq!(oracle.says("p3", "105").code(), "E0203");
    assert_eq!(oracle.quote(BTC).price, price("100"));
}

#[test]
fn publish_times_on_the_board_grow_strictly_whatever_the_order_of_messages() {
    let mut oracle = new();
    let mut last = 0;
    for (sender, offset) in
        [("p1", 5), ("p2", 3), ("p3", 4), ("p1", 6), ("p2", 6), ("p3", 2), ("p3", 9), ("p1", 9)]
    {
        oracle.now = START + 10;
        oracle.says_at(sender, "100", START + offset);
        let time = oracle.quote(BTC).publish_time;
        assert!(time >= last);
        last = time;
    }
    assert_eq!(last, START + 9);
}

#[test]
fn a_price_that_is_too_wide_is_not_taken_but_counts_once_it_is_narrower() {
    let mut oracle = new();
    oracle.says("p1", "100");
    let wide = Submission { confidence: Ratio::bps(201), ..submission(BTC, "100", START) };
    let told = common::Told(oracle.try_publish("p2", &[wide]).unwrap());
    assert_eq!(told.code(), "E0207");
    oracle.waits(1);
    assert_eq!(oracle.says("p2", "100").price().confidence, Ratio::bps(10));
}

#[test]
fn one_feed_without_a_quorum_does_not_hold_up_the_others_of_its_message() {
    let mut oracle = new();
    oracle.try_publish("p1", &[submission(ETH, "10", START)]).unwrap();
    let both = [submission(BTC, "100", START), submission(ETH, "10", START)];
    let told = oracle.try_publish("p2", &both).unwrap();
    let told: Vec<_> = told.events.iter().map(|event| event.ty.as_str()).collect();
    assert_eq!(told, ["price_rejected", "price_set"]);
}

#[test]
fn what_a_message_may_not_carry_is_refused_as_a_whole_and_changes_nothing() {
    let mut oracle = new();
    oracle.agrees_on("100");
    oracle.waits(1);
    let now = oracle.now;
    let good = submission(ETH, "10", now);
    let bad = |change: fn(&mut Submission)| {
        let mut bad = submission(BTC, "100", START + 1);
        change(&mut bad);
        vec![good, bad]
    };
    let before = oracle.snapshot();
    let unknown = bad(|it| it.feed = 2);
    assert_eq!(oracle.try_publish("p1", &unknown), Err(Error::UnknownFeed { feed: 2 }));
    let duplicate = bad(|it| it.feed = ETH);
    assert_eq!(code(oracle.try_publish("p1", &duplicate)), "E0009");
    let future = bad(|it| it.publish_time += 1);
    let error = Error::PublishTimeInFuture { feed: 0, publish_time: now + 1, now };
    assert_eq!(oracle.try_publish("p1", &future), Err(error));
    let zero = bad(|it| it.price = Price::ZERO);
    assert_eq!(out_of_range(oracle.try_publish("p1", &zero)), "price");
    let huge = bad(|it| it.price = MAX_PRICE.plus(Price::new(1)).unwrap());
    assert_eq!(out_of_range(oracle.try_publish("p1", &huge)), "price");
    let vague = bad(|it| it.confidence = Ratio::ONE);
    assert_eq!(out_of_range(oracle.try_publish("p1", &vague)), "confidence");
    assert_eq!(code(oracle.try_publish("p1", &[])), "E0005");
    assert_eq!(oracle.snapshot(), before);
}

#[test]
fn only_publishers_publish_and_nobody_pays_for_it() {
    let mut oracle = new();
    let prices = vec![submission(BTC, "100", START)];
    let stranger = OracleError::NotPublisher { sender: address("owner").into_string() }.into();
    assert_eq!(oracle.try_publish("owner", &prices), Err(stranger));
    let paid = oracle.try_paid("p1", ExecuteMsg::Publish { prices });
    assert_eq!(paid, Err(Error::UnexpectedFunds { funds: "1uatom".into() }));
}

#[test]
fn the_average_starts_at_the_first_price_and_moves_by_the_part_of_time_that_has_passed() {
    let mut oracle = new();
    oracle.agrees_on("100");
    assert_eq!(oracle.average(BTC), price("100"));
    oracle.waits(100).agrees_on("104");
    // 100 + 4·100/(100 + 300)
    assert_eq!(oracle.average(BTC), price("101"));
    assert_eq!(oracle.average(ETH), Price::ZERO);
}

#[test]
fn the_largest_and_the_smallest_price_are_prices_like_any_other() {
    let mut oracle = new();
    assert_eq!(oracle.agrees_on("1000000000000").price, MAX_PRICE);
    oracle.waits(1).says("p1", "0.000000000000000001");
    assert_eq!(oracle.says("p2", "0.000000000000000001").code(), "E0205");
    oracle.waits(1);
    assert_eq!(oracle.agrees_twice("0.000000000000000001"), Price::new(1));
}

impl common::Oracle {
    fn agrees_twice(&mut self, price: &str) -> Price {
        self.says("p1", price);
        self.says("p2", price).price().price
    }
}
