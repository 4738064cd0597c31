//! The first source that is good.

use sdp_types::Ratio;

use crate::common::{price, BTC};
use crate::sources::{first, of, of_hub, of_pyth, of_rate, product, pulled, pulled_with, with_x, NOW, X};

#[test]
fn the_next_one_counts_while_the_first_one_is_not_good() {
    let mut oracle = pulled(first(&[of_pyth(), of(BTC)]));
    oracle.btc("100").pyth(101, 0, 0, NOW);
    assert_eq!(oracle.pulls().price().price, price("101"));
    oracle.waits(61);
    oracle.btc("103");
    assert_eq!(oracle.pulls().price().price, price("103"), "stale");
    oracle.waits(1);
    oracle.pyth(104, 0, 0, NOW + 62).pulls().price();
    assert_eq!(oracle.quote(X).price, price("104"), "and it comes back");
}

#[test]
fn if_none_is_good_the_first_ones_code_says_why() {
    let mut oracle = pulled(first(&[of_pyth(), of(BTC)]));
    assert_eq!(oracle.pulls().code(), "E0213");
    assert_eq!(oracle.pyth(0, 0, 0, NOW).pulls().code(), "E0217");
}

#[test]
fn each_rate_is_compared_with_its_own_last_one_whichever_was_asked() {
    let mut msg = with_x(first(&[product(&[of_pyth(), of_hub()]), product(&[of(BTC), of_rate("other")])]));
    msg.feeds[usize::from(X)].deviation_band = Ratio::percent(1_000);
    let mut oracle = pulled_with(msg);
    oracle.tells("other", r#"{"state":{"exchange_rate":"3"}}"#).rate("1");
    oracle.pyth(10, 0, 0, NOW);
    assert_eq!(oracle.pulls().price().price, price("10"));
    oracle.breaks("pyth");
    oracle.waits(1);
    oracle.btc("10");
    assert_eq!(oracle.pulls().price().price, price("30"), "the other rate's first");
    oracle.waits(1);
    oracle.rate("2").pyth(10, 0, 0, NOW + 2);
    // 1 and 1 % of it a day, two seconds after; as rounded by the rate itself
    let grown = 10u128.pow(16) * 2 / 86_400;
    let expected = (10u128.pow(18) + grown) * 10;
    assert_eq!(oracle.pulls().price().price.raw(), expected);
}
