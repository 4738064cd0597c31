//! The band: what may come in and go out at which price.

use sdp_types::reserve::PAR;
use sdp_types::units::Amount;

use crate::stage;

#[test]
fn nothing_comes_in_where_the_price_may_be_below_the_band() {
    let mut world = stage();
    // 0.9951 − 0.01 % is 0.99500049, 0.995 − 0.01 % is 0.9949005
    world.price("USDC", "0.9951");
    world.swapper("sam").swaps_in(1_000, "USDC");
    world.price("USDC", "0.995");
    world.swapper("sam").fails_with("E0701").swaps_in(1_000, "USDC");
    // it is not below the band for the book yet, and what is there can go
    let seen = world.swapper("sam").sees("USDC");
    assert_eq!((seen.mark, seen.refuses_in, seen.refuses_out), (PAR, Some("E0701".into()), None));
    world.swapper("sam").swaps_out(100, "USDC");
    world.price("USDC", "0.9951");
    world.swapper("sam").swaps_in(1_000, "USDC");
}

#[test]
fn nothing_goes_out_where_the_price_may_be_above_the_band() {
    let mut world = stage();
    world.swapper("sam").swaps_in(1_000, "USDC");
    // 1.0049 + 0.01 % is 1.00500049, 1.0048 + 0.01 % is 1.00490048
    world.price("USDC", "1.0049");
    world.swapper("sam").fails_with("E0701").swaps_out(100, "USDC");
    world.swapper("sam").swaps_in(1_000, "USDC");
    world.price("USDC", "1.0048");
    world.swapper("sam").swaps_out(100, "USDC");
    // never more in the book than par
    assert_eq!(world.swapper("sam").sees("USDC").mark, PAR);
}

#[test]
fn a_price_that_is_uncertain_or_old_swaps_nothing() {
    let mut world = stage();
    world.swapper("sam").swaps_in(1_000, "USDC");
    world.uncertain_price("USDC", "1", "0.0021");
    world.swapper("sam").fails_with("E0207").swaps_in(1, "USDC");
    world.swapper("sam").fails_with("E0207").swaps_out(1, "USDC");
    world.swapper("kim").fails_with("E0207").revalues("USDC");
    world.uncertain_price("USDC", "1", "0.002");
    world.swapper("sam").swaps_in(1, "USDC");
    world.waits(16);
    world.swapper("sam").fails_with("E0206").swaps_in(1, "USDC");
    world.swapper("sam").fails_with("E0206").swaps_out(1, "USDC");
    let seen = world.swapper("sam").sees("USDC");
    assert_eq!(seen.held, Amount::new(1_001_000_000));
    assert_eq!(seen.refuses_in.as_deref(), Some("E0206"));
}

#[test]
fn a_feed_that_its_breaker_restricts_brings_nothing_in_and_lets_out_what_is_there() {
    let mut world = stage();
    world.swapper("sam").swaps_in(1_000, "USDC");
    // 15 % from its average: close-only
    world.prices(&[("USDC", "0.84")]);
    world.swapper("sam").fails_with("E0328").swaps_in(1, "USDC");
    world.swapper("sam").swaps_out(100, "USDC");
}
