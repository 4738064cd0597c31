//! A Pyth contract's price, and each guard of it.

use cosmwasm_std::HexBinary;
use sdp_types::oracle::Source;
use sdp_types::Ratio;

use crate::common::{price, text, START};
use crate::sources::{id, of_pyth, pulled, pyth_answer, Pulled, NOW, X};

/// Of 1.23 ± 0.01, published now, unless something is changed.
fn refused(change: impl FnOnce(&mut Pulled) -> &mut Pulled) -> String {
    let mut oracle = pulled(of_pyth());
    oracle.pyth(123, 1, -2, NOW);
    change(&mut oracle);
    let before = oracle.snapshot();
    let code = oracle.pulls().code();
    assert_eq!(oracle.snapshot(), before, "a refusal changes nothing");
    code
}

#[test]
fn a_price_has_its_exponent_its_confidence_and_its_time() {
    let mut oracle = pulled(of_pyth());
    oracle.pyth(123_456_789, 12_345, -8, NOW - 7);
    let told = oracle.pulls().price();
    assert_eq!((told.feed, told.price, told.publish_time), (X, price("1.23456789"), START - 7));
    // 12,345 of 123,456,789, rounded up
    assert_eq!(told.confidence.raw(), (12_345 * 10u128.pow(18)).div_ceil(123_456_789));
    assert_eq!(oracle.quote(X).price, told.price);
    assert_eq!(oracle.board().written_at, START);
}

#[test]
fn a_stale_price_is_refused() {
    assert_eq!(refused(|oracle| oracle.pyth(123, 1, -2, NOW - 61)), "E0206");
    assert_eq!(refused(|oracle| oracle.pyth(123, 1, -2, -5)), "E0206", "before 1970");
    let mut oracle = pulled(of_pyth());
    assert_eq!(oracle.pyth(123, 1, -2, NOW - 60).pulls().price().publish_time, START - 60);
}

#[test]
fn a_wide_confidence_is_refused_by_the_source_and_by_the_feed() {
    // 3 of 123 is more than the feed's 2 %
    assert_eq!(refused(|oracle| oracle.pyth(123, 3, -2, NOW)), "E0207");
    assert_eq!(refused(|oracle| oracle.pyth(123, u64::MAX, -2, NOW)), "E0207");
    let narrow = Source::Pyth {
        contract: text("pyth"),
        id: id(),
        maximum_age: 60,
        maximum_confidence: Some(Ratio::percent(1)),
    };
    let mut oracle = pulled(narrow);
    assert_eq!(oracle.pyth(10_000, 101, -2, NOW).pulls().code(), "E0207");
    assert_eq!(oracle.pyth(10_000, 100, -2, NOW).pulls().price().confidence, Ratio::percent(1));
}

#[test]
fn an_exponent_out_of_range_is_refused() {
    for expo in [-19, 7, i32::MIN, i32::MAX] {
        assert_eq!(refused(|oracle| oracle.pyth(123, 1, expo, NOW)), "E0216", "{expo}");
    }
    for (expo, expected) in [(-18, "0.000000000000000123"), (0, "123"), (6, "123000000")] {
        let mut oracle = pulled(of_pyth());
        assert_eq!(oracle.pyth(123, 1, expo, NOW).pulls().price().price, price(expected));
    }
}

#[test]
fn a_price_of_zero_or_below_is_refused() {
    for below in [0, -1, i64::MIN] {
        assert_eq!(refused(|oracle| oracle.pyth(below, 1, -2, NOW)), "E0217", "{below}");
    }
}

#[test]
fn a_price_that_is_too_large_is_refused() {
    // 10¹³ USD, and one that has more digits than any number here
    assert_eq!(refused(|oracle| oracle.pyth(10_000_000, 1, 6, NOW)), "E0004");
    assert_eq!(refused(|oracle| oracle.pyth(i64::MAX, 1, 6, NOW)), "E0001");
}

#[test]
fn another_price_than_the_one_asked_for_is_refused() {
    let other = pyth_answer(&HexBinary::from([8; 32]), 123, 1, -2, NOW);
    assert_eq!(refused(|oracle| oracle.pyth_answers(&id(), &other)), "E0215");
}

#[test]
fn a_price_from_the_future_is_refused() {
    assert_eq!(refused(|oracle| oracle.pyth(123, 1, -2, NOW + 1)), "E0204");
    assert_eq!(refused(|oracle| oracle.pyth(123, 1, -2, i64::MAX)), "E0204");
}

#[test]
fn a_query_that_fails_and_garbage_have_codes_of_their_own() {
    assert_eq!(refused(|oracle| oracle.breaks("pyth")), "E0213");
    let of = |answer: &str| refused(|oracle| oracle.pyth_answers(&id(), answer));
    for garbage in ["", "null", "{}", "[[[[", "{\"price_feed\":{\"id\":\"00\"}}"] {
        assert_eq!(of(garbage), "E0214", "{garbage}");
    }
    let text_for_number = pyth_answer(&id(), 123, 1, -2, NOW).replace("-2", "\"-2\"");
    assert_eq!(of(&text_for_number), "E0214");
    let fraction = pyth_answer(&id(), 123, 1, -2, NOW).replace("\"123\"", "\"123.5\"");
    assert_eq!(of(&fraction), "E0214");
}

#[test]
fn a_price_of_the_same_second_is_no_newer() {
    let mut oracle = pulled(of_pyth());
    oracle.pyth(123, 1, -2, NOW).pulls().price();
    oracle.waits(3);
    assert_eq!(oracle.pyth(125, 1, -2, NOW).pulls().code(), "E0203");
    assert_eq!(oracle.pyth(125, 1, -2, NOW + 1).pulls().price().price, price("1.25"));
}
