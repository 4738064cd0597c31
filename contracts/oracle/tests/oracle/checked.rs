//! A second source as a check.

use sdp_types::Ratio;

use crate::common::{price, BTC, START};
use crate::sources::{checked, of, of_pyth, pulled, NOW};

#[test]
fn a_price_that_the_other_confirms_reaches_at_least_to_it() {
    let mut oracle = pulled(checked(of_pyth(), of(BTC), "0.02"));
    oracle.btc("100").pyth(101, 0, 0, NOW);
    let told = oracle.pulls().price();
    // 1 of 101, rounded up
    assert_eq!((told.price, told.confidence.raw()), (price("101"), 10u128.pow(18).div_ceil(101)));
    oracle.waits(1);
    oracle.btc("100").pyth(1_001, 15, -1, NOW + 1);
    // its own band of 1.5 in 100.1 reaches further than 0.1
    assert_eq!(oracle.pulls().price().confidence.raw(), (15 * 10u128.pow(18)).div_ceil(1_001));
}

#[test]
fn the_edge_is_inside_both_ways() {
    for (pyth, agrees) in [(102, true), (98, false), (103, false)] {
        // 2 of 98 is more than 2 % of the lower one
        let mut oracle = pulled(checked(of_pyth(), of(BTC), "0.02"));
        let told = oracle.btc("100").pyth(pyth, 0, 0, NOW).pulls();
        match agrees {
            true => assert_eq!(told.price().price, price("102")),
            false => assert_eq!(told.code(), "E0218", "{pyth}"),
        }
    }
}

#[test]
fn without_its_check_there_is_no_price() {
    let mut oracle = pulled(checked(of_pyth(), of(BTC), "0.02"));
    assert_eq!(oracle.pyth(101, 0, 0, NOW).pulls().code(), "E0208");
    oracle.btc("100").waits(61);
    assert_eq!(oracle.pyth(101, 0, 0, NOW + 61).pulls().code(), "E0206");
}

#[test]
fn it_is_as_old_as_the_older_of_both() {
    let mut oracle = pulled(checked(of_pyth(), of(BTC), "0.02"));
    oracle.pyth(100, 0, 0, NOW - 9);
    assert_eq!(oracle.btc("100").pulls().price().publish_time, START - 9);
    oracle.waits(4);
    assert_eq!(oracle.pyth(100, 0, 0, NOW + 4).pulls().price().publish_time, START);
    assert_eq!(oracle.quote(2).confidence, Ratio::ZERO);
}
