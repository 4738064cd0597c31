//! Expected shortfall of a vector of exposures over one day, and each feed's part in it.
//!
//! `ES(x) = 2.82·√(xᵀΣx)`: the mean loss of the worst 2.5 % of days for Student-t returns with 4 degrees of freedom
//! (Rockafellar and Uryasev's conditional value at risk). One correlation matrix hides hedges that break, so it is the
//! worst of three, all positive semidefinite by construction.

use sdp_types::board::{Covariance, RHO_ONE};
use sdp_types::math::{sqrt_floor, Wide};
use sdp_types::units::ONE;
use sdp_types::{Ratio, Result, Rounding, SignedUsd, Usd};

use crate::potential::{quadratic, quadratic_parts, weighted, COVARIANCE_ONE};

/// Expected shortfall of a distribution with standard deviation 1: 2.82, here squared and with 4 decimals.
const MULTIPLE_SQUARED: u64 = 282 * 282;
const MULTIPLE_SQUARED_ONE: u64 = 10_000;

/// How far the correlations are pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stress {
    /// a: `(1−a)·xᵀΣx + a·(Σσ_i·x_i)²`, everything moves together. ≤ 1.
    pub high: Ratio,
    /// c: `(1−c)·xᵀΣx + c·Σσ_i²·x_i²`, nothing does. ≤ 1.
    pub low: Ratio,
}

impl Default for Stress {
    fn default() -> Self {
        Self { high: Ratio::percent(50), low: Ratio::percent(40) }
    }
}

/// `2.82·√(xᵀΣx)` in micro-USD with the correlations as given, rounded up.
pub fn base_shortfall(x: &[SignedUsd], cov: &Covariance) -> Result<Usd> {
    of_variance(quadratic(x, cov)?)
}

/// The largest of the shortfalls with base, high and low correlations, micro-USD, rounded up.
///
/// ```
/// use sdp_risk::shortfall::{expected_shortfall, Stress};
/// use sdp_types::{board::Covariance, SignedUsd, Usd};
/// // one feed, σ = 5 %: 2.82·0.05·$1,000, whatever the correlations
/// let cov = Covariance { sigmas: vec![50_000_000], correlations: vec![], margins: vec![] };
/// let es = expected_shortfall(&[SignedUsd::new(-1_000_000_000)], &cov, Stress::default())?;
/// assert_eq!(es, Usd::whole(141));
/// # Ok::<(), sdp_types::Error>(())
/// ```
pub fn expected_shortfall(x: &[SignedUsd], cov: &Covariance, stress: Stress) -> Result<Usd> {
    let base = quadratic(x, cov)?;
    let (mut sum, mut squares) = (Wide::ZERO, Wide::ZERO);
    for (_, own) in weighted(x, cov)? {
        sum = sum.plus(own)?;
        squares = squares.plus(own.times(own)?)?;
    }
    let rho_one = Wide::from(i128::from(RHO_ONE));
    let together = sum.times(sum)?.times(rho_one)?;
    let apart = squares.times(rho_one)?;
    let high = blend(base, together, stress.high)?;
    let low = blend(base, apart, stress.low)?;
    of_variance(base.max(high).max(low))
}

/// Each feed's part of [`base_shortfall`], micro-USD, by feed: Euler's `2.82·x_i·(Σx)_i / √(xᵀΣx)`. Negative for an
/// exposure that hedges the others.
///
/// They add up to it exactly: part i is the difference of two rounded-down running sums, so within a micro-USD of its
/// formula.
pub fn contributions(x: &[SignedUsd], cov: &Covariance) -> Result<Vec<SignedUsd>> {
    let parts = quadratic_parts(x, cov)?;
    let mut total = Wide::ZERO;
    for part in &parts {
        total = total.plus(*part)?;
    }
    if total <= Wide::ZERO {
        return Ok(vec![SignedUsd::ZERO; x.len()]);
    }
    let shortfall = of_variance(total)?.wide();
    let (mut sum, mut given) = (Wide::ZERO, SignedUsd::ZERO);
    let mut shares = Vec::with_capacity(parts.len());
    for part in parts {
        sum = sum.plus(part)?;
        let until = SignedUsd::new(shortfall.times(sum)?.div_floor(total)?.narrow()?);
        shares.push(until.minus(given)?);
        given = until;
    }
    Ok(shares)
}

/// `(1−part)·base + part·other`, rounded up; all of `other` for a part above 1.
fn blend(base: Wide, other: Wide, part: Ratio) -> Result<Wide> {
    let part = part.min(Ratio::ONE);
    let rest = Ratio::ONE.saturating_minus(part);
    let sum = base.times(rest.wide())?.plus(other.times(part.wide())?)?;
    Rounding::Up.divide(sum, ONE.into())
}

/// The smallest E in micro-USD with `E² ≥ 2.82²·variance`, for a variance in the unit of [`quadratic`]; 0 for a
/// negative one.
fn of_variance(variance: Wide) -> Result<Usd> {
    let scaled = variance.max(Wide::ZERO).times(MULTIPLE_SQUARED.into())?;
    let unit = Wide::from(COVARIANCE_ONE).times(MULTIPLE_SQUARED_ONE.into())?;
    let square = Rounding::Up.divide(scaled, unit)?;
    let root = sqrt_floor(square)?;
    let exact = Wide::from(root).times(root.into())? == square;
    Usd::new(root).plus(Usd::new(u128::from(!exact)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{added, full_double_sum, markets, one_factor};
    use proptest::prelude::*;

    const NO_STRESS: Stress = Stress { high: Ratio::ZERO, low: Ratio::ZERO };

    fn usd(dollars: i64) -> SignedUsd {
        SignedUsd::new(i128::from(dollars) * 1_000_000)
    }

    /// The smallest whole number of USD whose square reaches `square`, both in USD.
    fn is_root_up(es: Usd, square: u128) -> bool {
        let square = square * 1_000_000_000_000;
        es.raw() * es.raw() >= square && (es.raw() - 1) * (es.raw() - 1) < square
    }

    #[test]
    fn a_hedge_that_breaks_is_counted_at_the_low_correlation() {
        // σx = ±$1,000, ρ = 1: base 0, high 0.5·0 + 0.5·0, low 0.4·2·1,000²
        let cov = one_factor(vec![100_000_000; 2], &[100, 100]);
        let x = [usd(10_000), usd(-10_000)];
        assert_eq!(base_shortfall(&x, &cov).unwrap(), Usd::ZERO);
        let es = expected_shortfall(&x, &cov, Stress::default()).unwrap();
        assert!(is_root_up(es, 282 * 282 * 800_000 / 10_000));
    }

    #[test]
    fn a_diversified_book_is_counted_at_the_high_correlation() {
        // σx = $1,000 twice, ρ = 0: base 2·1,000², high 0.5·2·1,000² + 0.5·2,000²
        let cov = one_factor(vec![100_000_000; 2], &[0, 0]);
        let es = expected_shortfall(&[usd(10_000), usd(10_000)], &cov, Stress::default()).unwrap();
        assert!(is_root_up(es, 282 * 282 * 3_000_000 / 10_000));
    }

    #[test]
    fn a_hedge_contributes_less_than_nothing() {
        // σx = (2,000, −1,000), ρ = 0.81: Σ-products (4 − 1.62, 1 − 1.62)·10⁶
        let cov = one_factor(vec![100_000_000; 2], &[90, 90]);
        let parts = contributions(&[usd(20_000), usd(-10_000)], &cov).unwrap();
        assert!(parts[0] > SignedUsd::ZERO && parts[1] < SignedUsd::ZERO);
    }

    #[test]
    fn no_exposure_has_no_shortfall_and_no_contributions() {
        let cov = one_factor(vec![100_000_000; 2], &[90, 90]);
        let flat = [SignedUsd::ZERO; 2];
        assert_eq!(expected_shortfall(&flat, &cov, Stress::default()).unwrap(), Usd::ZERO);
        assert_eq!(contributions(&flat, &cov).unwrap(), flat);
    }

    proptest! {
        #[test]
        fn the_square_of_the_shortfall_is_the_next_at_or_above_the_formula((cov, x) in markets(1)) {
            let es = base_shortfall(&x[0], &cov).unwrap();
            let exact = full_double_sum(&x[0], &cov).times(Wide::from(282u64 * 282)).unwrap();
            let unit = Wide::from(COVARIANCE_ONE).times(10_000u64.into()).unwrap();
            let squared = |es: Usd| es.wide().times(es.wide()).unwrap().times(unit).unwrap();
            prop_assert!(squared(es) >= exact);
            prop_assert!(es.is_zero() || squared(es.minus(Usd::new(1)).unwrap()) < exact);
        }

        #[test]
        fn stress_only_adds((cov, x) in markets(1)) {
            let base = base_shortfall(&x[0], &cov).unwrap();
            prop_assert_eq!(expected_shortfall(&x[0], &cov, NO_STRESS).unwrap(), base);
            prop_assert!(expected_shortfall(&x[0], &cov, Stress::default()).unwrap() >= base);
        }

        /// √(xᵀΣx) is a norm and so is the largest of three; two roundings up leave at most one micro-USD.
        #[test]
        fn two_books_together_risk_at_most_what_they_risk_apart((cov, x) in markets(2)) {
            for stress in [NO_STRESS, Stress::default()] {
                let of = |x: &[SignedUsd]| expected_shortfall(x, &cov, stress).unwrap().raw();
                prop_assert!(of(&added(&x[0], &x[1])) <= of(&x[0]) + of(&x[1]) + 1);
            }
        }

        #[test]
        fn the_other_side_of_a_book_and_its_double_risk_as_much_and_twice_as_much((cov, x) in markets(1)) {
            let of = |x: &[SignedUsd]| expected_shortfall(x, &cov, Stress::default()).unwrap().raw();
            let mirrored: Vec<_> = x[0].iter().map(|x| x.negate().unwrap()).collect();
            prop_assert_eq!(of(&mirrored), of(&x[0]));
            let (single, double) = (of(&x[0]), of(&added(&x[0], &x[0])));
            prop_assert!(double <= 2 * single && double + 2 >= 2 * single);
        }

        #[test]
        fn contributions_add_up_and_each_is_eulers((cov, x) in markets(1)) {
            let parts = contributions(&x[0], &cov).unwrap();
            let es = base_shortfall(&x[0], &cov).unwrap();
            let sum = parts.iter().fold(SignedUsd::ZERO, |sum, part| sum.plus(*part).unwrap());
            prop_assert_eq!(sum, es.signed().unwrap());
            let total = full_double_sum(&x[0], &cov);
            for (part, exact) in parts.iter().zip(quadratic_parts(&x[0], &cov).unwrap()) {
                let off = part.wide().times(total).unwrap().minus(es.wide().times(exact).unwrap()).unwrap();
                prop_assert!(off <= total && off >= total.negate().unwrap(), "within a micro-USD");
            }
        }
    }
}
