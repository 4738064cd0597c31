//! Prices that are made of others: products, quotients, the lowest of several.

use sdp_types::Ratio;

use crate::common::{price, submission, Told, BTC, ETH, START};
use crate::sources::{lowest, of, of_hub, of_pyth, product, pulled, quotient, NOW, X};

#[test]
fn a_product_of_a_feed_and_a_rate_is_as_old_as_the_feed() {
    let mut oracle = pulled(product(&[of(BTC), of_hub()]));
    oracle.btc("10").rate("1.2").waits(3);
    let told = oracle.pulls().price();
    assert_eq!((told.price, told.publish_time), (price("12"), START));
    // BTC's own
    assert_eq!(told.confidence, Ratio::bps(10));
}

#[test]
fn a_product_is_as_wide_as_both_together() {
    let mut oracle = pulled(product(&[of(BTC), of_pyth()]));
    oracle.btc("10").pyth(2_000, 2, -3, NOW);
    let told = oracle.pulls().price();
    // 1.001² − 1
    assert_eq!((told.price, told.confidence.to_string().as_str()), (price("20"), "0.002001"));
}

#[test]
fn a_quotient_is_one_in_terms_of_the_other() {
    let mut oracle = pulled(quotient(of(BTC), of(ETH)));
    for publisher in ["p1", "p2"] {
        let both = [submission(BTC, "100", START), submission(ETH, "8", START)];
        oracle.try_publish(publisher, &both).unwrap();
    }
    let told = oracle.pulls().price();
    assert_eq!(told.price, price("12.5"));
    // 1.001 ÷ 0.999 − 1 = 0.002 ÷ 0.999, rounded up
    assert_eq!(told.confidence.raw(), (2 * 10u128.pow(18)).div_ceil(999));
}

#[test]
fn a_part_without_a_fresh_price_makes_none() {
    let mut oracle = pulled(product(&[of(BTC), of_hub()]));
    oracle.rate("1.2");
    assert_eq!(oracle.pulls().code(), "E0208");
    oracle.btc("10").waits(60);
    oracle.pulls().price();
    oracle.waits(1);
    assert_eq!(oracle.pulls().code(), "E0206", "older than what is fresh enough to liquidate");
}

/// A liquid-staking token: its rate times BTC's price, or its market's.
#[test]
fn the_lowest_is_the_lower_of_rate_and_market_with_a_band_down_to_the_lowest_edge() {
    let staked = lowest(&[product(&[of(BTC), of_hub()]), of_pyth()]);
    let mut oracle = pulled(staked);
    oracle.btc("10").rate("1.2").pyth(1_250, 1, -2, NOW);
    let told = oracle.pulls().price();
    assert_eq!((told.price, told.confidence), (price("12"), Ratio::bps(10)));

    oracle.waits(1);
    oracle.btc("10").pyth(1_150, 1, -2, NOW + 1);
    assert_eq!(oracle.pulls().price().price, price("11.5"), "the market's discount counts at once");

    // 12.01 less 0.24 is below 12 · 0.999: 0.23 of 12
    oracle.waits(1);
    oracle.btc("10").pyth(12_010, 240, -3, NOW + 2);
    let told = oracle.pulls();
    assert_eq!(told.price().price, price("12"));
    // as far as 18 decimals of both confidences go
    let reach = told.price().confidence.raw();
    assert!((0..100).contains(&(reach - 23 * 10u128.pow(18) / 1_200)), "{reach}");
}

#[test]
fn the_lowest_needs_all_of_them() {
    let mut oracle = pulled(lowest(&[product(&[of(BTC), of_hub()]), of_pyth()]));
    oracle.btc("10").rate("1.2");
    assert_eq!(oracle.pulls().code(), "E0213", "its market is not there");
    oracle.pyth(1_250, 1, -2, NOW - 61);
    assert_eq!(oracle.pulls().code(), "E0206", "its market is stale");
    oracle.pyth(1_250, 1, -2, NOW).pulls().price();
}

#[test]
fn a_feed_that_was_pulled_before_it_in_the_same_message_counts() {
    let mut msg = crate::sources::with_x(of_pyth());
    let source = Some(product(&[of(X), of_hub()]));
    msg.feeds.push(sdp_types::oracle::FeedConfig { source, ..crate::common::feed("Y") });
    msg.covariance = sdp_types::oracle::CovarianceConfig {
        sigmas: vec![Ratio::bps(500); 4],
        correlations: (0..4)
            .map(|row| {
                (0..4).map(|column| crate::common::rho(if row == column { "1" } else { "0" })).collect()
            })
            .collect(),
    };
    let mut oracle = crate::sources::pulled_with(msg);
    oracle.rate("1.5").pyth(20, 0, 0, NOW);
    let wrong_order = Told(oracle.try_pull(&[X + 1, X]).unwrap());
    assert_eq!(wrong_order.code(), "E0208");
    oracle.waits(1);
    oracle.pyth(21, 0, 0, NOW + 1).try_pull(&[X, X + 1]).unwrap();
    assert_eq!(oracle.quote(X + 1).price, price("31.5"));
}

#[test]
fn a_product_that_rounds_to_nothing_is_refused() {
    let mut oracle = pulled(product(&[of(BTC), of_hub()]));
    oracle.btc("0.1").rate("0.000000000000000001");
    assert_eq!(oracle.pulls().code(), "E0217");
}
