use super::*;
use proptest::prelude::*;

/// At this price slopes and half accelerations of round rates are whole numbers of index units.
const PRICE: Price = Price::new(86_400 * ONE);
const NEVER: u64 = 1 << 62;

fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

fn pi(text: &str) -> SignedRatio {
    text.parse().unwrap()
}

fn defaults() -> FundingParams {
    FundingParams {
        proportional: rate("0.25"),
        velocity: rate("9"),
        integral_cap: rate("0.03"),
        rate_cap: rate("0.04"),
        decay_seconds: DAY,
        maximum_accrual: DAY,
    }
}

fn next(
    previous: &FundingState,
    elapsed: u64,
    premium: SignedRatio,
    price: Price,
    params: &FundingParams,
) -> FundingState {
    restart(previous, elapsed, premium, price, params).unwrap().state(params).unwrap()
}

fn begin(premium: SignedRatio, params: &FundingParams) -> FundingState {
    next(&FundingState::default(), 0, premium, PRICE, params)
}

fn with_integral(text: &str) -> FundingState {
    FundingState { integral: rate(text), ..FundingState::default() }
}

#[test]
fn longs_pay_while_the_premium_is_positive_and_shorts_while_it_is_negative() {
    let long_pays = begin(pi("0.001"), &defaults());
    assert_eq!(long_pays.rate, rate("0.00025"));
    assert!(long_pays.index_after(100).unwrap() < 0);
    let short_pays = begin(pi("-0.001"), &defaults());
    assert_eq!(short_pays.index_after(100).unwrap(), -long_pays.index_after(100).unwrap());
}

#[test]
fn the_integral_grows_with_the_velocity_and_the_index_is_its_area() {
    // rate 0.25·0.00108 + 9·0.00108·t: after half a day 0.00513, and F = −P·(0.00027·½ + 0.00972·½²/2)
    let state = begin(pi("0.00108"), &defaults());
    assert_eq!(state.rate_after(43_200).unwrap(), rate("0.00513"));
    // 86,400 USD · 0.00135 with 24 decimals
    assert_eq!(state.index_after(43_200).unwrap(), -116_640_000_000_000_000_000_000_000);
}

#[test]
fn the_integral_forgets_with_its_time_constant() {
    let params = defaults();
    let state = next(&with_integral("0.02"), 0, SignedRatio::ZERO, PRICE, &params);
    assert_eq!(state.integral_after(DAY, &params).unwrap(), rate("0.01"));
    assert_eq!(state.integral_after(3 * DAY, &params).unwrap(), rate("0.005"));
}

#[test]
fn an_integral_of_the_opposite_sign_unwinds_four_times_as_fast() {
    let params = defaults();
    let state = next(&with_integral("0.009"), 0, pi("-0.001"), PRICE, &params);
    assert_eq!(state.drift, rate("-0.036"));
    // at 0.009 / 0.036 = a quarter of a day, m becomes 1
    assert_eq!(exact_for(&state, &params), Some(DAY / 4));
    let next = next(&state, DAY / 4, pi("-0.001"), PRICE, &params);
    assert_eq!((next.integral, next.drift), (Rate::ZERO, rate("-0.009")));
}

#[test]
fn a_rate_is_exact_until_it_reaches_its_cap_and_then_held_there() {
    let params = FundingParams { integral_cap: rate("1"), decay_seconds: NEVER, ..defaults() };
    // 0.0025 + 0.09·t reaches 0.04 after 0.0375/0.09 days
    let state = begin(pi("0.01"), &params);
    assert_eq!(exact_for(&state, &params), Some(36_000));
    assert_eq!(state.rate_after(36_000).unwrap(), rate("0.04"));
    let held = next(&state, 37_000, pi("0.01"), PRICE, &params);
    assert!(held.held && held.raw > held.rate);
    assert_eq!((held.rate, held.acceleration), (rate("0.04"), 0));
    assert_eq!(held.rate_after(NEVER).unwrap(), rate("0.04"));
    // I goes on growing to its own cap of 1, from 0 by 0.09 a day
    assert_eq!(exact_for(&held, &params), Some(960_000 - 37_000));
}

#[test]
fn a_held_rate_is_exact_until_its_raw_value_comes_back() {
    let params = FundingParams { integral_cap: rate("1"), decay_seconds: NEVER, ..defaults() };
    // raw 0.06 − 0.0025, and I falls by 4·9·0.01 a day: 0.0175 above the cap
    let state = next(&with_integral("0.06"), 0, pi("-0.01"), PRICE, &params);
    assert_eq!((state.rate, state.raw), (rate("0.04"), rate("0.0575")));
    assert_eq!(exact_for(&state, &params), Some(4_200));
    assert_eq!(state.index_after(4_200).unwrap(), 4_200 * state.slope);
    let back = next(&state, 4_200, pi("-0.01"), PRICE, &params);
    assert!(!back.held && back.acceleration > 0);
}

#[test]
fn an_integral_at_its_cap_is_not_pushed_out_but_lets_itself_be_pulled_in() {
    let params = defaults();
    let outward = next(&with_integral("0.03"), 0, pi("0.001"), PRICE, &params);
    assert_eq!((outward.drift, outward.acceleration), (Rate::ZERO, 0));
    assert_eq!(exact_for(&outward, &params), None, "it pays the same rate for ever");
    let inward = next(&with_integral("0.03"), 0, pi("-0.001"), PRICE, &params);
    assert_eq!(inward.drift, rate("-0.036"));
}

#[test]
fn a_lowered_cap_clamps_the_integral_at_the_next_sample() {
    let state = next(&with_integral("0.5"), 0, SignedRatio::ZERO, PRICE, &defaults());
    assert_eq!(state.integral, rate("0.03"));
    let negative = next(&with_integral("-0.5"), 0, SignedRatio::ZERO, PRICE, &defaults());
    assert_eq!(negative.integral, rate("-0.03"));
}

#[test]
fn a_caps_moment_within_the_first_second_leaves_one_second() {
    let params = FundingParams { proportional: Rate::ZERO, integral_cap: rate("1"), ..defaults() };
    let almost = with_integral("0.039999999999999999");
    let state = next(&almost, 0, pi("0.001"), PRICE, &params);
    assert_eq!(exact_for(&state, &params), Some(1));
}

#[test]
fn a_sample_keeps_what_it_says_and_is_small() {
    let price: Price = "61234.123456789".parse().unwrap();
    let sample = Sample::new(
        -1_234_567_890_123_456_789_012_345_678,
        rate("0.0123456789012345"),
        pi("-0.0012345678912"),
        price,
    );
    // the price has 23 digits, F is in millionths of its last one: 29 − 12 = 17 digits go
    assert_eq!(sample.index, -1_234_567_890_100_000_000_000_000_000);
    assert_eq!(sample.integral, rate("0.0123456789"));
    assert_eq!(sample.premium, pi("-0.0012345"));
    assert_eq!(sample.price, "61234".parse().unwrap());
    let bytes = postcard::to_allocvec(&sample).unwrap();
    assert_eq!(postcard::from_bytes::<Sample>(&bytes).unwrap(), sample);
    assert!(bytes.len() <= 17, "{}", bytes.len());
    let none = Sample::new(7, Rate::ZERO, SignedRatio::ZERO, Price::ZERO);
    assert_eq!(none.index, 7, "without a price nothing is cut");
}

#[test]
fn the_extremes_of_price_and_time_are_an_error_and_not_a_wrap() {
    let steep = FundingParams { rate_cap: rate("1000"), integral_cap: rate("1000"), ..defaults() };
    let price = sdp_types::units::MAX_PRICE;
    let state = next(&with_integral("1000"), 0, pi("1"), price, &steep);
    assert_eq!(state.index_after(u64::MAX).unwrap_err().code(), "E0001");
    let beyond = restart(&state, DAY, pi("1"), Price::MAX, &steep).and_then(|sample| sample.state(&steep));
    assert!(beyond.is_err());
}

proptest! {
    /// With v = 0 and a held π everything is linear: samples in between change nothing but what they cut.
    #[test]
    fn samples_in_between_do_not_move_a_constant_rate(
        premium in -100_000_000_000_000_000i128..100_000_000_000_000_000,
        price in 1u128..1_000_000_000_000_000_000_000_000,
        pauses in prop::collection::vec(0u64..100_000, 1..20),
    ) {
        let params = FundingParams { velocity: Rate::ZERO, ..defaults() };
        let (premium, price) = (SignedRatio::new(premium), Price::new(price));
        let first = next(&FundingState::default(), 0, premium, price, &params);
        let mut sampled = first;
        for pause in &pauses {
            sampled = next(&sampled, *pause, premium, price, &params);
        }
        // each sample cuts F below the 12th digit of the price, which has 6 decimals less; the first slope is the others'
        let step = 10u128.pow((price.raw().ilog10() + 7).saturating_sub(12));
        let off = sampled.index.abs_diff(first.index_after(pauses.iter().sum()).unwrap());
        prop_assert!(off <= step * pauses.len() as u128, "{off} {step}");
    }

    /// Without decay a held π gives the same parabola however often it is sampled. A sample cuts I by less than 10⁻¹¹,
    /// which is 10¹³ index units a second at this price, and F by less than 10¹⁷ of them; π is a multiple of 10⁻⁷, slopes are cut by less than 10¹² a second.
    #[test]
    fn samples_in_between_do_not_move_a_parabola(
        premium in -10i128..10,
        pauses in prop::collection::vec(0u64..1_000, 1..20),
    ) {
        let params = FundingParams { decay_seconds: NEVER, ..defaults() };
        // a drift of a multiple of 86,400: whole index units
        let premium = SignedRatio::new(premium * 864 * 100_000_000_000);
        let first = begin(premium, &params);
        let total: u64 = pauses.iter().sum();
        prop_assume!(exact_for(&first, &params).is_none_or(|until| total <= until));
        let mut sampled = first;
        for pause in &pauses {
            sampled = next(&sampled, *pause, premium, PRICE, &params);
        }
        let off = sampled.index.abs_diff(first.index_after(total).unwrap());
        let each = 11_000_000_000_000 * u128::from(total) + 100_000_000_000_000_000;
        prop_assert!(off <= each * pauses.len() as u128, "{off}");
    }

    #[test]
    fn caps_hold_at_every_sample_and_between_samples(
        moves in prop::collection::vec((-50_000_000_000_000_000i128..50_000_000_000_000_000, 1u64..100_000), 1..30),
    ) {
        let params = defaults();
        let mut state = FundingState::default();
        for (premium, pause) in moves {
            let exact = exact_for(&state, &params).unwrap_or(u64::MAX);
            let elapsed = pause.min(exact);
            // only a second that is granted at least may pass the cap, by its own drift
            let slack = if elapsed > 1 { 0 } else { state.drift.abs().raw() / u128::from(DAY) + 1 };
            let reached = state.rate_after(elapsed).unwrap().abs().raw();
            prop_assert!(reached <= params.rate_cap.abs().raw() + slack);
            state = next(&state, elapsed, SignedRatio::new(premium), PRICE, &params);
            prop_assert!(state.rate.abs() <= params.rate_cap.abs());
            prop_assert!(state.integral.abs() <= params.integral_cap.abs());
        }
    }

    /// `Σ skew·F` falls by `2p·Φ` a day: with p alone, traders together pay the providers −p·Σ x·π = p·xᵀΣx/depth.
    #[test]
    fn the_proportional_part_pays_the_providers_twice_p_times_the_potential(
        (cov, x) in crate::sample::markets(1),
    ) {
        use crate::potential::{marginal_premiums, potential};
        use sdp_types::Usd;
        let depth = Usd::whole(1_000_000_000_000);
        let wide_open = FundingParams { velocity: Rate::ZERO, rate_cap: Rate::MAX, ..defaults() };
        let phi = potential(&x[0], &cov, depth).unwrap().raw();
        // at a price of 1 USD the skew in units is −x in USD
        let one = Price::new(ONE);
        let mut paid = Wide::ZERO;
        for (premium, x) in marginal_premiums(&x[0], &cov, depth).unwrap().into_iter().zip(&x[0]) {
            let state = Sample { premium, price: one, ..Sample::default() }.state(&wide_open).unwrap();
            let day = Wide::from(state.index_after(DAY).unwrap());
            paid = paid.plus(day.times(x.wide()).unwrap()).unwrap();
        }
        // micro-USD with 24 decimals against p·2Φ, p = ¼
        let owed = Wide::from(phi).times(500_000_000_000_000_000_000_000u128.into()).unwrap();
        let off = paid.minus(owed).unwrap();
        // Φ is rounded up by less than a micro-USD, so owed by half of one; per feed π is off by 10⁻¹⁸, the rate by
        // another, each slope by less than 10⁸ index units a second
        let per_feed = Wide::from(2_000_000u128 + 100_000_000 * u128::from(DAY));
        let gross = x[0].iter().fold(Wide::ZERO, |sum, x| sum.plus(x.abs().wide()).unwrap());
        let allowed = gross.times(per_feed).unwrap().plus(ONE.into()).unwrap();
        let allowed = allowed.plus(500_000_000_000_000_000_000_000u128.into()).unwrap();
        prop_assert!(off <= allowed && off >= allowed.negate().unwrap(), "{off} {allowed}");
    }
}
