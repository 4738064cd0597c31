//! How far the pool is from not being able to pay what is owed, as its collateral sees it: contingent claims.
//!
//! Merton (1974, "On the pricing of corporate debt"): whoever is owed D against assets A holds a riskless claim and has
//! sold the owners a put on the assets. With σ the volatility of the assets per √year, a horizon of one year and neither
//! drift nor interest (μ = r = 0):
//!
//! ```text
//! d₂ = (ln(A/D) − ½·σ²)/σ,  d₁ = d₂ + σ
//! distance to default = d₂              probability of default = Φ(−d₂)
//! a dollar owed is worth w = Φ(d₂) + (A/D)·Φ(−d₁)          credit spread = −ln w, a year
//! ```
//!
//! Integers with 18 decimals only. The functions are sums of well-known series, each cut where its terms vanish:
//!
//! | | how | error at most |
//! |---|---|---|
//! | [`ln`] | n = m·2ᵏ, ln n = (k + ½)·ln 2 + 2·artanh((m − √2)/(m + √2)) | 10⁻¹⁵ |
//! | [`exp_minus`] | e⁻ˣ = 2⁻ᵏ·e⁻ʳ with r < ln 2, Taylor | 10⁻¹⁶ |
//! | [`normal`] | Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …), Marsaglia (2004, "Evaluating the normal distribution") | 10⁻¹⁵ |
//!
//! So the distance is off by at most 3·10⁻¹⁵/σ, the probability by 10⁻¹⁵ and 0.4 times that, w by as much and A/D times it.

use sdp_types::math::Wide;
use sdp_types::units::ONE;
use sdp_types::{Error, Ratio, Result, Rounding, SignedRatio, SignedUsd, Usd};

const SIGNED_ONE: i128 = 1_000_000_000_000_000_000;
const LN_2: i128 = 693_147_180_559_945_309;
const SQRT_2: i128 = 1_414_213_562_373_095_049;
/// 1/√(2π).
const DENSITY: i128 = 398_942_280_401_432_678;
/// √365, days of a year.
const ROOT_OF_YEAR: u128 = 19_104_973_174_542_800_180;
/// Φ beyond ±9 is within 1.2·10⁻¹⁹ of 0 or 1.
const FARTHEST: i128 = 9 * SIGNED_ONE;
/// A larger volatility makes no difference: all is lost, or nothing is owed.
const WILDEST: u128 = 1_000_000 * ONE;

/// What contingent claims say of a debt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Standard deviations from here to default, 18 decimals; none where there is no finite one: nothing is owed, nothing
    /// is there, or nothing moves.
    pub distance: Option<SignedRatio>,
    /// Of default within a year.
    pub probability: Ratio,
    /// What the debt should yield a year for its risk; none where it is worth nothing.
    pub spread: Option<Ratio>,
}

/// Assets, debt and volatility per √year to [`Claim`]. Bounds of the errors are the module's.
///
/// ```
/// use sdp_risk::solvency::claim;
/// use sdp_types::{Ratio, SignedUsd, Usd};
/// // at the money: d₂ = −σ/2, so default is a little more likely than not
/// let even = claim(Usd::whole(1), SignedUsd::new(1_000_000), Ratio::percent(20))?;
/// assert_eq!(even.distance.unwrap().to_string(), "-0.1");
/// assert!(even.probability > Ratio::percent(53) && even.probability < Ratio::percent(54));
/// # Ok::<(), sdp_types::Error>(())
/// ```
pub fn claim(assets: Usd, debt: SignedUsd, volatility: Ratio) -> Result<Claim> {
    let owed = debt.positive_part();
    if owed.is_zero() {
        return Ok(Claim { distance: None, probability: Ratio::ZERO, spread: Some(Ratio::ZERO) });
    }
    if assets.is_zero() {
        return Ok(Claim { distance: None, probability: Ratio::ONE, spread: None });
    }
    let log = ln(assets.raw(), owed.raw())?.raw();
    if volatility.is_zero() {
        let missing = u128::try_from(log.saturating_neg()).unwrap_or_default();
        let probability = if assets < owed { Ratio::ONE } else { Ratio::ZERO };
        return Ok(Claim { distance: None, probability, spread: Some(Ratio::new(missing)) });
    }
    let sigma = Ratio::new(volatility.raw().min(WILDEST)).signed()?.raw();
    // |ln| < 89, so d₂ < 8.9·10¹⁹ even with the least σ
    let d2 = product_over(log, SIGNED_ONE, sigma)? - sigma / 2;
    let left = assets.wide().times(normal(SignedRatio::new(-(d2 + sigma)))?.wide())?;
    let left = left.div_floor(owed.wide())?.unsigned().unwrap_or(ONE);
    let worth = normal(SignedRatio::new(d2))?.raw().saturating_add(left).min(ONE);
    let spread = if worth == 0 { None } else { Some(ln(ONE, worth)?.abs()) };
    Ok(Claim { distance: Some(SignedRatio::new(d2)), probability: normal(SignedRatio::new(-d2))?, spread })
}

/// Volatility per √year of assets whose value less what it is exposed to has a standard deviation of so much a day: a
/// year has 365 days. Rounded up; the largest number where there are no assets.
pub fn yearly_volatility(deviation: Usd, assets: Usd) -> Ratio {
    let yearly = deviation.wide().times(ROOT_OF_YEAR.into());
    let part = yearly.and_then(|yearly| Rounding::Up.divide(yearly, assets.wide())?.unsigned());
    part.map_or(Ratio::MAX, Ratio::new)
}

/// `ln(numerator / denominator)`, within 10⁻¹⁵. `E0002` where either is 0.
pub fn ln(numerator: u128, denominator: u128) -> Result<SignedRatio> {
    Ok(SignedRatio::new(ln_of(numerator)? - ln_of(denominator)?))
}

/// e⁻ˣ, within 10⁻¹⁶.
pub fn exp_minus(x: Ratio) -> Result<Ratio> {
    let (mantissa, shift) = exponential(x.signed()?.raw())?;
    // 18 decimals have less than 64 bits
    let value = if shift < 64 { mantissa >> shift } else { 0 };
    Ok(Ratio::new(u128::try_from(value).unwrap_or_default()))
}

/// Φ(x), the part of a standard normal distribution below x, within 10⁻¹⁵.
pub fn normal(x: SignedRatio) -> Result<Ratio> {
    let below = x.is_negative();
    let x = i128::try_from(x.abs().raw()).unwrap_or(i128::MAX);
    if x >= FARTHEST {
        return Ok(if below { Ratio::ZERO } else { Ratio::ONE });
    }
    let square = product_over(x, x, SIGNED_ONE)?;
    // every term is positive, and their sum is below ½/φ(9) < 5·10¹⁷
    let (mut sum, mut term, mut n) = (x, x, 1);
    while term > 0 {
        n += 2;
        term = product_over(term, square, n * SIGNED_ONE)?;
        sum += term;
    }
    let (mantissa, shift) = exponential(square / 2)?;
    let scale = Wide::from(ONE * ONE).times((1u128 << shift).into())?;
    let half = Wide::from(sum).times(mantissa.into())?.times(DENSITY.into())?.div_floor(scale)?;
    let half = half.unsigned()?.min(ONE / 2);
    Ok(Ratio::new(if below { ONE / 2 - half } else { ONE / 2 + half }))
}

/// e⁻ˣ = m·2⁻ᵏ for x ≥ 0: m with 18 decimals, above ½, within 3·10⁻¹⁷ of itself and k times 10⁻¹⁸.
fn exponential(x: i128) -> Result<(i128, u32)> {
    let (doublings, rest) = (x / LN_2, x % LN_2);
    let (mut sum, mut term, mut n) = (SIGNED_ONE, SIGNED_ONE, 0);
    while term != 0 {
        n += 1;
        // towards 0, so that it gets there
        term = -term * rest / (n * SIGNED_ONE);
        sum += term;
    }
    Ok((sum, u32::try_from(doublings).unwrap_or(u32::MAX)))
}

fn ln_of(n: u128) -> Result<i128> {
    let bits = n.checked_ilog2().ok_or(Error::DivisionByZero {})?;
    // from 1 to 2
    let m = Wide::from(n).times(ONE.into())?.div_floor((1u128 << bits).into())?.narrow()?;
    // below 0.172, so its square is below 0.03
    let z = product_over(m - SQRT_2, SIGNED_ONE, m + SQRT_2)?;
    let square = product_over(z, z, SIGNED_ONE)?;
    let (mut sum, mut power, mut i) = (0, z, 1);
    while power != 0 {
        sum += power / i;
        power = power * square / SIGNED_ONE;
        i += 2;
    }
    Ok((2 * i128::from(bits) + 1) * LN_2 / 2 + 2 * sum)
}

/// `a·b/c`, rounded down.
fn product_over(a: i128, b: i128, c: i128) -> Result<i128> {
    Wide::from(a).times(b.into())?.div_floor(c.into())?.narrow()
}

#[cfg(test)]
#[allow(clippy::float_arithmetic)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn float(raw: impl ToString) -> f64 {
        raw.to_string().parse().unwrap()
    }

    fn signed(value: &str) -> SignedRatio {
        value.parse().unwrap()
    }

    /// Half the complementary error function.
    fn phi(x: f64) -> f64 {
        libm::erfc(-x / core::f64::consts::SQRT_2) / 2.0
    }

    fn at(assets: u64, debt: i64, sigma: Ratio) -> Claim {
        claim(Usd::whole(assets), SignedUsd::new(i128::from(debt) * 1_000_000), sigma).unwrap()
    }

    #[test]
    fn the_functions_are_right_where_they_are_known() {
        let e = 2_718_281_828_459_045_235;
        assert!((ln(e, ONE).unwrap().raw() - SIGNED_ONE).abs() < 1_000);
        assert_eq!(ln(7, 7).unwrap(), SignedRatio::ZERO);
        assert_eq!(exp_minus(Ratio::ZERO).unwrap(), Ratio::ONE);
        assert_eq!(exp_minus(Ratio::MAX.min(Ratio::new(100 * ONE))).unwrap(), Ratio::ZERO);
        assert_eq!(normal(SignedRatio::ZERO).unwrap(), Ratio::percent(50));
        // Φ(1) and Φ(−2) to 18 decimals: Marsaglia's article, Abramowitz and Stegun's table 26.1
        let near = |x: &str, known: u128| normal(signed(x)).unwrap().raw().abs_diff(known) < 1_000;
        assert!(near("1", 841_344_746_068_542_949));
        assert!(near("-2", 22_750_131_948_179_207));
        assert_eq!(normal(SignedRatio::MAX).unwrap(), Ratio::ONE);
        assert_eq!(normal(SignedRatio::new(i128::MIN)).unwrap(), Ratio::ZERO);
    }

    #[test]
    fn the_logarithm_of_the_extremes_is_finite_and_that_of_nothing_an_error() {
        // 128·ln 2
        assert!((float(ln(u128::MAX, 1).unwrap()) - 88.722_839_111_673).abs() < 1e-12);
        assert_eq!(ln(0, 1), Err(Error::DivisionByZero {}));
        assert_eq!(ln(1, 0), Err(Error::DivisionByZero {}));
    }

    #[test]
    fn a_debt_of_nothing_is_safe_and_one_against_nothing_is_lost() {
        let safe = Claim { distance: None, probability: Ratio::ZERO, spread: Some(Ratio::ZERO) };
        assert_eq!(at(100, 0, Ratio::ONE), safe);
        assert_eq!(at(0, -5, Ratio::MAX), safe);
        let lost = Claim { distance: None, probability: Ratio::ONE, spread: None };
        assert_eq!(at(0, 5, Ratio::ONE), lost);
    }

    #[test]
    fn without_volatility_only_what_is_missing_counts() {
        assert_eq!(at(100, 100, Ratio::ZERO), at(1, -1, Ratio::ZERO));
        let short = at(50, 100, Ratio::ZERO);
        assert_eq!((short.distance, short.probability), (None, Ratio::ONE));
        assert!((float(short.spread.unwrap()) - core::f64::consts::LN_2).abs() < 1e-15);
    }

    #[test]
    fn the_least_and_the_largest_volatility_have_an_answer() {
        let least = Ratio::new(1);
        assert_eq!(at(200, 100, least).probability, Ratio::ZERO);
        assert_eq!(at(100, 200, least).probability, Ratio::ONE);
        let wild = at(u64::MAX, 1, Ratio::MAX);
        assert_eq!((wild.probability, wild.spread), (Ratio::ONE, None));
    }

    #[test]
    fn a_year_has_365_days() {
        // 1 % a day is 19.1 % a year
        let yearly = yearly_volatility(Usd::whole(1), Usd::whole(100));
        assert_eq!(yearly.to_string(), "0.191049731745428002");
        assert_eq!(yearly_volatility(Usd::whole(1), Usd::ZERO), Ratio::MAX);
    }

    proptest! {
        #[test]
        fn the_logarithm_is_the_floats(a in 1u128..=u128::MAX >> 1, shift in 0u32..127, b in 1u128..=u128::MAX >> 1) {
            let (a, b) = ((a >> shift).max(1), b);
            let expected = float(a).ln() - float(b).ln();
            // a float of 89 has 14 decimals
            prop_assert!((float(ln(a, b).unwrap()) - expected).abs() < 1e-13);
        }

        #[test]
        fn the_exponential_is_the_floats(x in 0u128..50 * ONE) {
            let expected = (-float(Ratio::new(x))).exp();
            prop_assert!((float(exp_minus(Ratio::new(x)).unwrap()) - expected).abs() < 1e-15);
        }

        /// What floats are too coarse to see.
        #[test]
        fn logarithm_and_exponential_undo_each_other(y in 1u128..=ONE) {
            let back = exp_minus(ln(ONE, y).unwrap().abs()).unwrap();
            prop_assert!(back.raw().abs_diff(y) <= 101 + y / 1_000_000_000_000_000, "{back} {y}");
        }

        #[test]
        fn the_normal_distribution_is_the_floats_and_its_sides_add_up(x in -10 * SIGNED_ONE..=10 * SIGNED_ONE) {
            let x = SignedRatio::new(x);
            let below = normal(x).unwrap();
            // the float itself is off by some 10⁻¹⁶
            prop_assert!((float(below) - phi(float(x))).abs() < 1e-15);
            prop_assert_eq!(below.plus(normal(x.negate().unwrap()).unwrap()).unwrap(), Ratio::ONE);
        }

        #[test]
        fn a_claim_is_merton(a in 1u64..1_000_000, d in 1u64..1_000_000, s in 1u64..400) {
            prop_assume!(a < 1_000 * d);
            let found = at(a, i64::try_from(d).unwrap(), Ratio::percent(s));
            let (ratio, sigma) = (a as f64 / d as f64, s as f64 / 100.0);
            let d2 = (ratio.ln() - sigma * sigma / 2.0) / sigma;
            let worth = phi(d2) + ratio * phi(-d2 - sigma);
            let close = |value: f64, expected: f64, by: f64| (value - expected).abs() <= by * (1.0 + expected.abs());
            prop_assert!(close(float(found.distance.unwrap()), d2, 1e-12));
            prop_assert!(close(float(found.probability), phi(-d2), 1e-12));
            // both are off by what 1,000·10⁻¹⁵ is of a worth above 10⁻⁶, below it the float is no judge
            if worth > 1e-3 {
                prop_assert!(close(float(found.spread.unwrap()), -worth.min(1.0).ln(), 2e-9), "{}", -worth.ln());
            }
        }

        #[test]
        fn more_assets_are_farther_from_default(a in 1u64..1_000_000, more in 1u64..1_000, s in 1u64..400) {
            let (less, more) = (at(a, 1_000, Ratio::percent(s)), at(a + more, 1_000, Ratio::percent(s)));
            prop_assert!(more.distance > less.distance);
            // within the error of Φ, and that times A/D
            prop_assert!(more.probability.raw() <= less.probability.raw() + 1_000);
            let spread = |claim: Claim| claim.spread.map_or(f64::MAX, float);
            prop_assert!(spread(more) <= spread(less) + 1e-11);
        }
    }
}
