//! The estimator of volatilities and correlations against its formulas in floating point, and against what is known.
//!
//! No tolerance here was observed: each is a bound that is derived where it stands, or a statistical error.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use sdp_prices::Series;
use sdp_risk::measure::{time_constant, Estimate, Range, Short, MEASURED_RHO_ONE};
use sdp_risk::psd::positive_semidefinite;
use sdp_types::board::{Covariance, Quote};
use sdp_types::oracle::Measurement;
use sdp_types::{Price, Ratio};

const DAY: f64 = 86_400.0;
/// Half of the last of 25 bits.
const SHORT: f64 = 1.0 / 33_554_432.0;
/// Half of a stored correlation's last bit.
const HALF: f64 = 0.5 / 32_767.0;

/// A number and how far from it the integer may be.
#[derive(Clone, Copy, Debug)]
struct Near {
    value: f64,
    off: f64,
}

impl Near {
    fn exact(value: f64) -> Self {
        Self { value, off: 0.0 }
    }

    fn holds(self, integer: f64) -> bool {
        // a part in 10¹² for the floating point itself
        (self.value - integer).abs() <= self.off + self.value.abs() * 1e-12
    }

    fn relative(self) -> f64 {
        self.off / self.value
    }

    /// √, at least `floor`.
    fn root(self, floor: f64) -> Self {
        let value = self.value.sqrt();
        // |√a − √b| = |a − b|/(√a + √b) ≤ |a − b|/√a, and a last decimal of 9
        let off = if value > 0.0 { self.off / value } else { self.off.sqrt() } + 1e-9;
        Self { value: value.max(floor), off }
    }

    fn times(self, other: Self) -> Self {
        let off = self.value.abs() * other.off + other.value.abs() * self.off + self.off * other.off;
        Self { value: self.value * other.value, off }
    }

    /// For a divisor that is surely positive.
    fn over(self, other: Self) -> Self {
        let value = self.value / other.value;
        Self { value, off: (self.off + value.abs() * other.off) / (other.value - other.off) }
    }

    /// `(τ·self + add)/(τ + Δt)`, stored with a relative error and a last decimal.
    fn moved(self, tau: f64, add: Self, elapsed: f64, relative: f64, unit: f64) -> Self {
        let value = (tau * self.value + add.value) / (tau + elapsed);
        let off = (tau * self.off + add.off) / (tau + elapsed);
        Self { value, off: off + (value + off) * relative + unit }
    }
}

/// One feed in floating point.
#[derive(Clone, Copy, Debug)]
struct Feed {
    price: f64,
    time: f64,
    variance: Near,
    square: Near,
}

/// The formulas of `sdp_risk::measure` in floating point, each with a bound of what integers lose.
struct Float {
    terms: Measurement,
    floor: f64,
    feeds: Vec<Feed>,
    rho: Vec<Vec<Near>>,
}

impl Float {
    fn begin(sigma: f64, rho: f64, feeds: usize, terms: Measurement, floor: f64) -> Self {
        let variance = sigma * sigma;
        let variance = Near { value: variance, off: variance * SHORT };
        let feed = Feed { price: 0.0, time: 0.0, variance, square: Near::exact(1.0) };
        let square = Near { value: 1.0, off: SHORT };
        let pair = Near { value: rho, off: HALF };
        Self {
            terms,
            floor,
            feeds: vec![Feed { square, ..feed }; feeds],
            rho: vec![vec![pair; feeds]; feeds],
        }
    }

    fn sample(&mut self, prices: &[Option<(f64, f64)>]) {
        let fast = time_constant(self.terms.volatility_half_life) as f64;
        let slow = time_constant(self.terms.correlation_half_life) as f64;
        let mut returns = Vec::new();
        for (n, (feed, new)) in self.feeds.iter_mut().zip(prices).enumerate() {
            let Some((price, time)) = *new else { continue };
            let (before, from) = (feed.price, feed.time);
            if time <= from {
                continue;
            }
            (feed.price, feed.time) = (price, time);
            if before == 0.0 {
                continue;
            }
            let elapsed = time - from;
            // the old price is off by 2⁻²⁵ of itself, and |dr/d ln P₀| = 4·P·P₀/(P + P₀)² ≤ 1; 18 decimals
            let r =
                Near { value: 2.0 * (price - before) / (price + before), off: SHORT * (1.0 + SHORT) + 1e-18 };
            let mut u = r.over(feed.variance.root(self.floor));
            u.off += 1e-9;
            let (add, add_square) = (r.times(r).times(Near::exact(DAY)), u.times(u).times(Near::exact(DAY)));
            feed.variance = feed.variance.moved(fast, add, elapsed, SHORT, 2e-18 * (1.0 + DAY / fast));
            let root = feed.square.root(0.0);
            feed.square = feed.square.moved(slow, add_square, elapsed, SHORT, 2e-12);
            returns.push((n, from, time, u, root, feed.square.root(0.0)));
        }
        for (i, (row, from, to, u, before, after)) in returns.iter().enumerate() {
            for (column, other_from, other_to, v, other_before, other_after) in &returns[..i] {
                let common = to.min(*other_to) - from.max(*other_from);
                if common <= 0.0 {
                    continue;
                }
                let kept = self.rho[*row][*column].times(before.times(*other_before));
                let mut sum = kept.times(Near::exact(slow));
                let added = u.times(*v).times(Near::exact(DAY));
                sum = Near { value: sum.value + added.value, off: sum.off + added.off + slow * 2e-18 };
                let q = Near { value: sum.value / (common + slow), off: sum.off / (common + slow) + 1e-18 };
                let rho = q.over(after.times(*other_after));
                self.rho[*row][*column] = Near { value: rho.value.clamp(-1.0, 1.0), off: rho.off + HALF };
            }
        }
    }

    /// Everything measured is within its bound; the largest bounds of a volatility (relative) and of a correlation.
    fn check(&self, estimate: &Estimate) -> (f64, f64) {
        let (mut sigma_off, mut rho_off) = (0.0f64, 0.0f64);
        for (n, feed) in self.feeds.iter().enumerate() {
            let (sigma, measured) = (feed.variance.root(0.0), f64::from(estimate.sigma(n)) / 1e9);
            assert!(sigma.holds(measured), "σ of {n}: {measured}, {sigma:?}");
            sigma_off = sigma_off.max(sigma.relative());
            for other in 0..n {
                let rho = estimate.correlation(n as u16, other as u16).raw() as f64 / 1e18;
                let near = self.rho[n][other];
                assert!(near.holds(rho), "ρ of {n} and {other}: {rho}, {near:?}");
                rho_off = rho_off.max(near.off);
            }
        }
        (sigma_off, rho_off)
    }
}

fn price(value: f64) -> Price {
    Price::new((value * 1e18) as u128)
}

fn believed(feeds: usize, sigma: u32, rho: i16) -> Covariance {
    Covariance {
        sigmas: vec![sigma; feeds],
        correlations: vec![rho; feeds * (feeds - 1) / 2],
        margins: vec![],
    }
}

const FLOOR: Range = Range { floor: 100_000, ceiling: 4_000_000_000 };

#[test]
fn on_the_crash_of_2020_the_integers_are_the_formulas_as_far_as_their_bits_go() {
    let series = Series::built_in().unwrap();
    let feeds = series.assets.len();
    for terms in [
        Measurement::default(),
        Measurement {
            volatility_half_life: 2_592_000,
            correlation_half_life: 864_000,
            ..Measurement::default()
        },
        Measurement { volatility_half_life: 3_600, correlation_half_life: 3_600, ..Measurement::default() },
    ] {
        let mut estimate = Estimate::begin(&believed(feeds, 20_000_000, 5_000));
        let mut float = Float::begin(0.02, 0.5, feeds, terms, 1e-4);
        let mut worst = (0.0f64, 0.0f64);
        for row in &series.rows {
            let closes = row.close.iter().map(|close| close.unwrap().to_string());
            let quotes: Vec<Quote> = closes
                .clone()
                .map(|close| Quote {
                    price: close.parse().unwrap(),
                    publish_time: row.time,
                    ..Quote::default()
                })
                .collect();
            let known: Vec<_> = closes.map(|close| Some((close.parse().unwrap(), row.time as f64))).collect();
            estimate.sample(&quotes, &terms, &vec![FLOOR; feeds]).unwrap();
            float.sample(&known);
            let (sigma, rho) = float.check(&estimate);
            worst = (worst.0.max(sigma), worst.1.max(rho));
        }
        assert!(estimate.len() == 21 && series.rows.len() > 160);
        // a bound as wide as what it bounds would say nothing; these are far below the statistical errors
        assert!(worst.0 < 1e-3 && worst.1 < 1e-2, "{worst:?}");
        // all of them sampled together: Q is a sum of squares and so is what it is divided by
        let mut all = Covariance { sigmas: vec![1; feeds], ..Covariance::default() };
        for row in 0..feeds {
            for column in 0..row {
                let rho = estimate.correlation(row as u16, column as u16).raw() / 100_000_000_000_000;
                all.correlations.push(i16::try_from(rho).unwrap());
            }
        }
        positive_semidefinite(&all).unwrap();
    }
}

/// A market of correlated Gaussian returns: `ρ` between all feeds by one common factor.
struct Market {
    rng: ChaCha8Rng,
    sigmas: Vec<f64>,
    loading: f64,
    levels: Vec<f64>,
    time: u64,
}

impl Market {
    fn new(sigmas: &[f64], rho: f64) -> Self {
        let (rng, levels) = (ChaCha8Rng::seed_from_u64(20), vec![100.0; sigmas.len()]);
        Self { rng, sigmas: sigmas.to_vec(), loading: rho.sqrt(), levels, time: 1_700_000_100 }
    }

    /// So many seconds later.
    fn goes_on(&mut self, seconds: u64) {
        self.time += seconds;
        let root = (seconds as f64 / DAY).sqrt();
        let common: f64 = self.rng.sample(StandardNormal);
        let own = (1.0 - self.loading * self.loading).sqrt();
        for (level, sigma) in self.levels.iter_mut().zip(&self.sigmas) {
            let alone: f64 = self.rng.sample(StandardNormal);
            *level *= (sigma * root * (self.loading * common + own * alone)).exp();
        }
    }

    fn quote(&self, feed: usize) -> Quote {
        Quote { price: price(self.levels[feed]), confidence: Ratio::ZERO, publish_time: self.time }
    }

    fn quotes(&self) -> Vec<Quote> {
        (0..self.levels.len()).map(|feed| self.quote(feed)).collect()
    }
}

/// Samples that count in full: an average with weights w·(1−w)^k has Σ weights² = w/(2 − w), so it is as good as
/// (2 − w)/w samples of one weight.
fn effective(seconds: f64, half_life: u32) -> f64 {
    let weight = seconds / (seconds + time_constant(half_life) as f64);
    (2.0 - weight) / weight
}

/// Within four standard errors: that of a volatility is σ/√(2·n), of a correlation (1 − ρ²)/√n (Gaussian returns).
fn believable(estimate: &Estimate, market: &Market, seconds: f64, terms: &Measurement) {
    let (fast, slow) =
        (effective(seconds, terms.volatility_half_life), effective(seconds, terms.correlation_half_life));
    let rho = market.loading * market.loading;
    for (n, sigma) in market.sigmas.iter().enumerate() {
        let measured = f64::from(estimate.sigma(n)) / 1e9;
        let error = sigma / (2.0 * fast).sqrt();
        assert!((measured - sigma).abs() < 4.0 * error, "σ of {n}: {measured}, {sigma} ± {error}");
        for other in 0..n {
            let measured = estimate.correlation(n as u16, other as u16).raw() as f64 / 1e18;
            let error = (1.0 - rho * rho) / slow.sqrt();
            assert!((measured - rho).abs() < 4.0 * error, "ρ of {n}, {other}: {measured}, {rho} ± {error}");
        }
    }
}

#[test]
fn known_volatilities_and_correlations_are_found_within_their_statistical_error() {
    let terms = Measurement::default();
    assert!((effective(300.0, terms.volatility_half_life) - 832.0).abs() < 1.0);
    for rho in [0.0, 0.5, 0.9] {
        let mut market = Market::new(&[0.035, 0.045, 0.06, 0.001], rho);
        // believed to be something else, and forgotten after 30 days: ten half-lives of the slower
        let mut estimate = Estimate::begin(&believed(4, 100_000_000, -2_000));
        for _ in 0..30 * 288 {
            market.goes_on(300);
            estimate.sample(&market.quotes(), &terms, &[FLOOR; 4]).unwrap();
        }
        believable(&estimate, &market, 300.0, &terms);
    }
}

#[test]
fn irregular_intervals_find_the_same() {
    let terms = Measurement::default();
    let mut market = Market::new(&[0.035, 0.06], 0.8);
    let mut estimate = Estimate::begin(&believed(2, 100_000_000, 0));
    let (mut seconds, mut samples) = (0.0, 0.0);
    let mut pauses = ChaCha8Rng::seed_from_u64(1);
    while seconds < 40.0 * DAY {
        let pause = *[60, 300, 300, 900, 7_200].get(pauses.gen_range(0..5)).unwrap();
        market.goes_on(pause);
        (seconds, samples) = (seconds + pause as f64, samples + 1.0);
        estimate.sample(&market.quotes(), &terms, &[FLOOR; 2]).unwrap();
    }
    // long intervals weigh more: Σ Δt²/Σ Δt is the interval that is as good
    let alike = (60.0f64.powi(2) + 2.0 * 300.0f64.powi(2) + 900.0f64.powi(2) + 7_200.0f64.powi(2))
        / (60.0 + 600.0 + 900.0 + 7_200.0);
    assert!(samples > 1_000.0);
    believable(&estimate, &market, alike, &terms);
}

#[test]
fn a_feed_that_misses_samples_moves_no_other_and_does_not_look_uncorrelated() {
    let terms = Measurement::default();
    let mut market = Market::new(&[0.035, 0.045, 0.06], 0.8);
    let (mut all, mut pair) =
        (Estimate::begin(&believed(3, 50_000_000, 0)), Estimate::begin(&believed(2, 50_000_000, 0)));
    let mut last = market.quote(2);
    for n in 0..60 * 288 {
        market.goes_on(300);
        if n % 4 == 0 {
            last = market.quote(2);
        }
        let (first, second) = (market.quote(0), market.quote(1));
        let counted = all.sample(&[first, second, last], &terms, &[FLOOR; 3]).unwrap();
        assert_eq!(counted.contains(&2), n % 4 == 0 && n > 0);
        pair.sample(&[first, second], &terms, &[FLOOR; 2]).unwrap();
    }
    for feed in 0..2 {
        assert_eq!(all.sigma(feed), pair.sigma(feed));
    }
    assert_eq!(all.correlation(1, 0), pair.correlation(1, 0));
    // one product of four slots' return with one slot's: its variance is 4·(1 + …) ≤ 4·2 where that of a common one is
    // 1 + ρ², each counts for 300 s, and there are a fourth as many of them
    let samples = effective(300.0, terms.correlation_half_life);
    let error = (4.0f64 * 2.0 / samples).sqrt();
    for other in 0..2 {
        let measured = all.correlation(2, other).raw() as f64 / 1e18;
        assert!((measured - 0.8).abs() < 4.0 * error && 4.0 * error < 0.4, "{measured} ± {error}");
    }
    let slots = effective(1_200.0, terms.volatility_half_life);
    let measured = f64::from(all.sigma(2)) / 1e9;
    assert!((measured / 0.06 - 1.0).abs() < 4.0 / (2.0 * slots).sqrt(), "{measured}");
}

#[test]
fn a_jump_counts_by_the_formula_whatever_the_price() {
    let terms = Measurement::default();
    for scale in [1e-12, 1.0, 1e11] {
        let mut estimate = Estimate::begin(&believed(1, 35_000_000, 0));
        let quote = |level: f64, publish_time| Quote {
            price: price(level * scale),
            publish_time,
            ..Quote::default()
        };
        assert!(estimate.sample(&[quote(1.0, 1_000)], &terms, &[FLOOR]).unwrap().is_empty());
        assert_eq!(estimate.sample(&[quote(1.02, 1_300)], &terms, &[FLOOR]).unwrap(), [0]);
        let tau = time_constant(terms.volatility_half_life) as f64;
        let r: f64 = 2.0 * 0.02 / 2.02;
        let variance: f64 = (tau * 0.035 * 0.035 + r * r * DAY) / (tau + 300.0);
        // 2⁻²⁵ of the first price in r, of the variance before and after it; the last decimals of a price of 10⁻¹²
        let off = 3.0 * SHORT / r + 3e-6 * f64::from(u8::from(scale < 1e-9));
        let measured = f64::from(estimate.sigma(0)) / 1e9;
        assert!((measured / variance.sqrt() - 1.0).abs() < off + 2e-8, "{measured}, {variance} at {scale}");
    }
}

#[test]
fn the_wildest_prices_neither_overflow_nor_leave_the_range_of_a_correlation() {
    let (low, high) = (Price::new(1), sdp_types::units::MAX_PRICE);
    for half_life in [3_600, 2_592_000] {
        let terms = Measurement {
            volatility_half_life: half_life,
            correlation_half_life: half_life,
            ..Measurement::default()
        };
        let mut estimate = Estimate::begin(&believed(32, 1, 10_000));
        for n in 0..200u64 {
            let pause = if n < 100 { n } else { n * 1_000_000 };
            let quote = |feed: u64| Quote {
                price: if (n + feed) % 2 == 0 { low } else { high },
                publish_time: pause + feed % 3,
                ..Quote::default()
            };
            let quotes: Vec<_> = (0..32).map(quote).collect();
            estimate.sample(&quotes, &terms, &[]).unwrap();
        }
        for a in 0..32 {
            for b in 0..32 {
                assert!(estimate.correlation(a, b).abs() <= Ratio::ONE);
            }
        }
        // at rest for ever
        for n in 1..200u64 {
            let quotes = [Quote { price: high, publish_time: n * 1_000_000_000, ..Quote::default() }; 32];
            estimate.sample(&quotes, &terms, &[]).unwrap();
        }
        let mut priced = believed(32, u32::MAX, 10_000);
        estimate.step(&mut priced, &terms, &[FLOOR; 32]).unwrap();
        positive_semidefinite(&priced).unwrap();
    }
}

#[test]
fn a_short_number_is_the_nearest_of_25_bits() {
    let exact = [0, 1, 2, (1 << 25) - 1, 1 << 25, 1 << 127, ((1 << 25) - 1) << 103];
    for value in exact {
        assert_eq!(Short::nearest(value).value(), value);
    }
    // one bit more: a half goes up; into the next power of two as well
    assert_eq!(Short::nearest((1 << 25) + 1).value(), (1 << 25) + 2);
    assert_eq!(Short::nearest((1 << 26) - 1).value(), 1 << 26);
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for _ in 0..10_000 {
        let value = rng.gen::<u128>() >> rng.gen_range(1..128);
        let short = Short::nearest(value).value();
        assert!(short.abs_diff(value) <= value >> 25, "{value}");
        assert_eq!(Short::nearest(short).value(), short);
    }
    assert_eq!(MEASURED_RHO_ONE, i16::MAX);
}

/// An estimate that believes these correlations, (1,0), (2,0), (2,1), and σ of 5 %.
fn three(correlations: [i16; 3]) -> (Estimate, Covariance) {
    let believed =
        Covariance { sigmas: vec![50_000_000; 3], correlations: correlations.to_vec(), margins: vec![] };
    (Estimate::begin(&believed), believed)
}

/// Steps of 0.5 towards exactly what is measured.
fn coarse() -> Measurement {
    Measurement { pricing_step: Ratio::percent(50), shrink: Ratio::ZERO, ..Measurement::default() }
}

#[test]
fn a_step_that_would_leave_the_correlations_makes_all_of_them_smaller() {
    let (estimate, _) = three([9_000; 3]);
    let (_, mut priced) = three([9_000, 0, 4_000]);
    positive_semidefinite(&priced).unwrap();
    estimate.step(&mut priced, &coarse(), &[FLOOR; 3]).unwrap();
    // 0.9, 0.5 and 0.9 have a determinant of 1 + 0.81 − 0.81 − 0.25 − 0.81 < 0; 15/16 of them have one of 0.024
    assert_eq!(priced.correlations, [8_437, 4_687, 8_437]);
}

#[test]
fn correlations_step_towards_what_is_measured_drawn_to_the_prior() {
    let (estimate, _) = three([9_000, 0, 4_000]);
    let (_, mut priced) = three([0; 3]);
    let terms = Measurement { pricing_step: Ratio::ONE, ..Measurement::default() };
    estimate.step(&mut priced, &terms, &[FLOOR; 3]).unwrap();
    // 0.7·ρ + 0.3·0.8, in two decimals and two more of the 15 bits
    assert_eq!(priced.correlations, [8_700, 2_400, 5_200]);
    let (_, mut slow) = three([0; 3]);
    estimate.step(&mut slow, &Measurement::default(), &[FLOOR; 3]).unwrap();
    assert_eq!(slow.correlations, [100; 3], "0.01 an hour");
}

#[test]
fn volatilities_step_down_as_they_step_up_and_stop_where_they_should() {
    let ranges = [Range { floor: 20_000_000, ceiling: 40_000_000 }; 3];
    let terms = Measurement::default();
    let (estimate, _) = three([0; 3]);
    let mut priced = Covariance {
        sigmas: vec![20_000_000, 31_600_000, 50_000_000],
        correlations: vec![0; 3],
        margins: vec![20_000_000, 40_000_000, 50_000_000],
    };
    estimate.step(&mut priced, &terms, &ranges).unwrap();
    // measured is 5 %: priced at 1.58·2 %, margined at the ceiling of 4 %
    assert_eq!(priced.sigmas, [20_200_000, 31_600_000, 49_500_000]);
    assert_eq!(priced.margins, [20_208_333, 40_000_000, 49_479_167], "a 96th, rounded down");
    let mut near = Covariance { sigmas: vec![31_599_000; 3], correlations: vec![0; 3], margins: vec![] };
    estimate.step(&mut near, &terms, &ranges).unwrap();
    assert_eq!(near.sigmas, [31_600_000; 3]);
    assert_eq!(near.margins, [31_599_000 + 329_156; 3], "margins begin from what is priced with");
}
