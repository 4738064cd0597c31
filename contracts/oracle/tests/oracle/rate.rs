//! A rate of exchange that a contract answers: it falls at once and grows no faster than it may.

use sdp_types::oracle::{Change, FeedConfig, Source};
use sdp_types::Ratio;

use crate::common::{feed, price, DAY, START};
use crate::sources::{of_hub, of_rate, pulled, X};

#[test]
fn the_first_rate_is_as_it_is_and_as_of_now() {
    let mut oracle = pulled(of_hub());
    let told = oracle.rate("1.2").pulls().price();
    assert_eq!((told.price, told.confidence, told.publish_time), (price("1.2"), Ratio::ZERO, START));
}

#[test]
fn a_rate_that_jumps_grows_by_its_part_of_a_day() {
    let mut oracle = pulled(of_hub());
    oracle.rate("1.2").pulls().price();
    oracle.rate("2.4").waits(DAY);
    // 1 % of 1.2
    assert_eq!(oracle.pulls().price().price, price("1.212"));
    oracle.waits(DAY / 2);
    // and half a percent of that
    assert_eq!(oracle.pulls().price().price, price("1.21806"));
}

#[test]
fn a_rate_that_falls_falls_at_once_and_rises_from_there() {
    let mut oracle = pulled(of_hub());
    oracle.rate("1.2").pulls().price();
    oracle.rate("1.1").waits(1);
    assert_eq!(oracle.pulls().price().price, price("1.1"));
    oracle.rate("1.2").waits(DAY);
    assert_eq!(oracle.pulls().price().price, price("1.111"));
}

#[test]
fn a_rate_that_made_no_price_is_not_remembered() {
    let mut oracle = pulled(of_hub());
    oracle.rate("1.2").pulls().price();
    oracle.rate("0.6").waits(1);
    assert_eq!(oracle.pulls().code(), "E0205", "half of it has to be confirmed");
    oracle.rate("2.4").waits(DAY - 1);
    assert_eq!(oracle.pulls().price().price, price("1.212"), "one day after 1.2");
}

#[test]
fn what_is_no_positive_number_is_refused() {
    let mut oracle = pulled(of_hub());
    assert_eq!(oracle.pulls().code(), "E0213", "the query fails");
    assert_eq!(oracle.rate("0").pulls().code(), "E0217");
    for rate in ["-1", "", "much", "1e3", "0.0000000000000000001", "400000000000000000000"] {
        assert_eq!(oracle.rate(rate).pulls().code(), "E0214", "{rate}");
    }
    for answer in
        ["", "{}", r#"{"state":{}}"#, r#"{"exchange_rate":"1"}"#, r#"{"state":{"exchange_rate":1}}"#, "{]"]
    {
        assert_eq!(oracle.tells("hub", answer).pulls().code(), "E0214", "{answer}");
    }
    assert_eq!(oracle.board().written_at, 0);
    let mut gone = pulled(of_rate("gone"));
    assert_eq!(gone.pulls().code(), "E0213", "no such contract");
}

#[test]
fn another_source_begins_anew_and_the_same_goes_on() {
    let mut oracle = pulled(of_hub());
    oracle.rate("1.2").pulls().price();
    let update = |source: Source, band| Change::UpdateFeed {
        feed: X,
        config: FeedConfig { source: Some(source), deviation_band: Ratio::percent(band), ..feed("X") },
    };
    oracle.configure("guardian", update(of_hub(), 9)).unwrap();
    oracle.rate("1.25").tells("other", r#"{"state":{"exchange_rate":"1.25"}}"#).waits(DAY);
    assert_eq!(oracle.pulls().price().price, price("1.212"), "a narrower band is no other source");
    oracle.configure("owner", update(of_rate("other"), 9)).unwrap();
    oracle.waits(DAY);
    let enact = sdp_types::oracle::ExecuteMsg::Enact { id: 0 };
    oracle.try_execute("anyone", enact).unwrap();
    assert_eq!(oracle.pulls().price().price, price("1.25"));
}
