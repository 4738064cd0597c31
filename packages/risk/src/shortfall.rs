//! Expected shortfall of a vector of exposures over one day, and what each of its components contributes to it.
//!
//! `ES(x) = 2.82·√(xᵀΣx)`: the mean loss of the worst 2.5 % of days for Student-t returns with 4 degrees of freedom
//! (Rockafellar and Uryasev's conditional value at risk). One correlation matrix hides hedges that break, so it is the
//! worst of three, all positive semidefinite by construction.

use sdp_types::board::{Covariance, RHO_ONE};
use sdp_types::math::{sqrt_floor, Wide};
use sdp_types::units::ONE;
use sdp_types::{Ratio, Result, Rounding, SignedUsd, Usd};

use crate::checked::Num;
use crate::potential::{correlated, quadratic, quadratic_of, weighted, COVARIANCE_ONE};

/// See [`MULTIPLE`], with 2 decimals.
const HUNDREDTHS: u64 = 282;
/// Expected shortfall of a distribution with standard deviation 1: 2.82.
pub const MULTIPLE: Ratio = Ratio::percent(HUNDREDTHS);
/// Its square, with 4 decimals.
const MULTIPLE_SQUARED: u64 = HUNDREDTHS * HUNDREDTHS;
const MULTIPLE_SQUARED_ONE: u64 = 10_000;

/// 1.0 of the parts of [`Stress`] as they are multiplied: with all 18 decimals of a ratio, the variance of 5·10¹³ USD would not fit.
const PART_ONE: u128 = 1_000_000_000;

/// How far the correlations are pushed. In whole billionths; what is finer is left out.
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
    of_variance(worst(x, cov, stress)?.0)
}

/// Standard deviation of a day in micro-USD with the worst of the three correlations, rounded up.
pub fn standard_deviation(x: &[SignedUsd], cov: &Covariance, stress: Stress) -> Result<Usd> {
    root(Rounding::Up.divide(worst(x, cov, stress)?.0, COVARIANCE_ONE.into())?)
}

/// The correlations that make a risk the largest.
pub(crate) enum Worst {
    Base,
    /// With Σ of the weights.
    High(Wide),
    Low,
}

/// The largest of the three variances, in the unit of [`quadratic`], not negative, and whose it is.
fn worst(x: &[SignedUsd], cov: &Covariance, stress: Stress) -> Result<(Wide, Worst)> {
    let weighted = weighted(x, cov)?;
    let (mut sum, mut squares) = (Num::ZERO, Num::ZERO);
    for (_, own) in &weighted {
        let own = Num::from(*own);
        sum = sum.plus(own);
        squares = squares.plus(own.times(own));
    }
    worst_of(quadratic_of(&weighted, cov)?.into(), sum, squares, stress)
}

/// The largest of three variances of weights w (σ·x): `base` = wᵀρw with [`RHO_ONE`], of their `sum` and of their `squares`.
pub(crate) fn worst_of(base: Num, sum: Num, squares: Num, stress: Stress) -> Result<(Wide, Worst)> {
    let rho_one = Num::from(i128::from(RHO_ONE));
    let together = blended(base, sum.times(sum).times(rho_one), stress.high).get()?;
    let apart = blended(base, squares.times(rho_one), stress.low).get()?;
    let mut worst = (base.get()?.max(Wide::ZERO), Worst::Base);
    if together > worst.0 {
        worst = (together, Worst::High(sum.get()?));
    }
    if apart > worst.0 {
        worst = (apart, Worst::Low);
    }
    Ok(worst)
}

/// 1.0 of a slope of a [`Marginal`].
pub const SLOPE_ONE: u128 = 1_000_000_000_000_000_000_000_000;

/// A book's expected shortfall, and by how much each feed's exposure moves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marginal {
    /// [`expected_shortfall`].
    pub shortfall: Usd,
    /// ∂ES/∂x_k by feed: what a USD more of exposure adds, `2.82·(Σx)_k / √(xᵀΣx)` with the worst of the three Σ, with
    /// [`SLOPE_ONE`], rounded down. 0 where there is no shortfall.
    pub by_feed: Vec<i128>,
}

impl Marginal {
    /// Of a book whose exposures are `x`.
    pub fn of(x: &[SignedUsd], cov: &Covariance, stress: Stress) -> Result<Self> {
        let (variance, matrix) = worst(x, cov, stress)?;
        let shortfall = of_variance(variance)?;
        let weighted = weighted(x, cov)?;
        let rho_one = Wide::from(i128::from(RHO_ONE));
        // 2.82²·(Σx)_k / ES
        let unit = Wide::from(COVARIANCE_ONE).times(MULTIPLE_SQUARED_ONE.into())?.times(shortfall.wide())?;
        let multiple = Wide::from(MULTIPLE_SQUARED).times(SLOPE_ONE.into())?;
        let slope = |(feed, x): (usize, &SignedUsd)| {
            let sigma = Wide::from(cov.sigma(feed));
            let row = correlated(&weighted, cov, feed)?;
            let row = match matrix {
                Worst::Base => row,
                Worst::High(sum) => blend(row, sum.times(rho_one)?, stress.high)?,
                Worst::Low => blend(row, x.wide().times(sigma)?.times(rho_one)?, stress.low)?,
            };
            row.times(sigma)?.times(multiple)?.div_floor(unit)?.narrow()
        };
        let by_feed = match shortfall {
            Usd::ZERO => vec![0; x.len()],
            _ => x.iter().enumerate().map(slope).collect::<Result<_>>()?,
        };
        Ok(Self { shortfall, by_feed })
    }

    /// `Σ x_k·∂ES/∂x_k` of a part of the book, unrounded: micro-USD with [`SLOPE_ONE`].
    fn weigh(&self, part: &[SignedUsd]) -> Result<Wide> {
        let mut sum = Wide::ZERO;
        for (x, slope) in part.iter().zip(&self.by_feed) {
            sum = sum.plus(x.wide().times((*slope).into())?)?;
        }
        Ok(sum)
    }

    /// The shortfall in parts of components that add up to the book, but for what each was rounded by: the parts add up to
    /// it whatever that was ([`apportion`]).
    pub fn split(&self, components: &[Vec<SignedUsd>]) -> Result<Vec<SignedUsd>> {
        let weights = components.iter().map(|part| self.weigh(part)).collect::<Result<Vec<_>>>()?;
        apportion(self.shortfall.signed()?, &weights)
    }
}

/// Parts of `whole` in proportion to `weights`, which add up to `all`: part n is the difference of two rounded-down running
/// sums, so within a micro-USD, and they add up to `whole` exactly. All go to the last where the weights come to nothing.
pub fn apportion(whole: SignedUsd, weights: &[Wide]) -> Result<Vec<SignedUsd>> {
    let all = weights.iter().try_fold(Wide::ZERO, |sum, weight| sum.plus(*weight))?;
    let (mut sum, mut given) = (Wide::ZERO, SignedUsd::ZERO);
    let mut parts = Vec::with_capacity(weights.len());
    for (n, weight) in (1..).zip(weights) {
        sum = sum.plus(*weight)?;
        let until = if n == weights.len() {
            whole
        } else if all.is_zero() {
            SignedUsd::ZERO
        } else {
            SignedUsd::new(whole.wide().times(sum)?.div_floor(all)?.narrow()?)
        };
        parts.push(until.minus(given)?);
        given = until;
    }
    Ok(parts)
}

/// What each component of a book (its exposures by feed) contributes to the [`expected_shortfall`] of their sum, micro-USD:
/// Euler's `2.82·c_i·(Σx) / √(xᵀΣx)`, with the worst of the three Σ. Negative for a component that hedges the others.
///
/// They add up to it exactly ([`apportion`]). Each is within 2 micro-USD and G²·10⁻²⁴/ES of its formula, where G is all
/// exposure added up: another micro-USD for a book of $1bn that is hedged to a shortfall of $1.
pub fn contributions(
    components: &[Vec<SignedUsd>],
    cov: &Covariance,
    stress: Stress,
) -> Result<(Usd, Vec<SignedUsd>)> {
    let mut x = vec![SignedUsd::ZERO; components.iter().map(Vec::len).max().unwrap_or_default()];
    for component in components {
        for (sum, part) in x.iter_mut().zip(component) {
            *sum = sum.plus(*part)?;
        }
    }
    let marginal = Marginal::of(&x, cov, stress)?;
    Ok((marginal.shortfall, marginal.split(components)?))
}

/// `(1−part)·base + part·other`, rounded up, with the part in whole billionths; all of `other` for a part above 1.
fn blend(base: Wide, other: Wide, part: Ratio) -> Result<Wide> {
    blended(base.into(), other.into(), part).get()
}

/// The same of numbers that may have left their bits.
pub(crate) fn blended(base: Num, other: Num, part: Ratio) -> Num {
    let part = part.min(Ratio::ONE).raw() / (ONE / PART_ONE);
    base.times((PART_ONE - part).into()).plus(other.times(part.into())).over_up(PART_ONE.into())
}

/// The smallest E in micro-USD with `E² ≥ 2.82²·variance`, for a variance in the unit of [`quadratic`]; 0 for a
/// negative one.
fn of_variance(variance: Wide) -> Result<Usd> {
    let scaled = variance.max(Wide::ZERO).times(MULTIPLE_SQUARED.into())?;
    let unit = Wide::from(COVARIANCE_ONE).times(MULTIPLE_SQUARED_ONE.into())?;
    root(Rounding::Up.divide(scaled, unit)?)
}

/// Rounded up.
pub(crate) fn root(square: Wide) -> Result<Usd> {
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
        let parts = [vec![usd(20_000), usd(0)], vec![usd(0), usd(-10_000)]];
        let (_, parts) = contributions(&parts, &cov, NO_STRESS).unwrap();
        assert!(parts[0] > SignedUsd::ZERO && parts[1] < SignedUsd::ZERO);
    }

    #[test]
    fn two_components_that_close_each_other_still_contribute_what_each_shares_with_the_rest() {
        // σ = 10 %, ρ = 0: the first two feeds' exposures cancel within feed 0, feed 1 carries all
        let cov = one_factor(vec![100_000_000; 2], &[0, 0]);
        let parts = [vec![usd(500), usd(0)], vec![usd(-500), usd(0)], vec![usd(0), usd(1_000)]];
        let (es, parts) = contributions(&parts, &cov, NO_STRESS).unwrap();
        assert_eq!((es, parts), (Usd::whole(282), vec![usd(0), usd(0), usd(282)]));
        // ρ = 1: the first moves with the third, the second against it
        let cov = one_factor(vec![100_000_000; 2], &[100, 100]);
        let parts = [vec![usd(500), usd(0)], vec![usd(-500), usd(0)], vec![usd(0), usd(1_000)]];
        let (es, parts) = contributions(&parts, &cov, NO_STRESS).unwrap();
        assert_eq!((es, parts), (Usd::whole(282), vec![usd(141), usd(-141), usd(282)]));
    }

    #[test]
    fn the_matrix_is_the_worst_one() {
        // σx = (1,000, 1,000), ρ = 0, high: xᵀΣx = 0.5·2 + 0.5·4 = 3, so each contributes half of 2.82·√3·1,000
        let cov = one_factor(vec![100_000_000; 2], &[0, 0]);
        let marginal = Marginal::of(&[usd(10_000); 2], &cov, Stress::default()).unwrap();
        assert!(is_root_up(marginal.shortfall, 282 * 282 * 3_000_000 / 10_000));
        // 2.82·0.1·1.5·1,000/√(3·10⁶) = 0.244219…
        assert!(marginal.by_feed.iter().all(|slope| slope / 10i128.pow(18) == 244_219));
    }

    #[test]
    fn ten_to_the_fifteen_dollars_fit_in_each_of_32_feeds_that_double_or_vanish_in_a_day() {
        // all of them together: 2.82·32·10¹⁵
        let cov = one_factor(vec![1_000_000_000; 32], &[100; 32]);
        let part = |feed: usize| {
            let mut part = vec![SignedUsd::ZERO; 32];
            part[feed] = usd(1_000_000_000_000_000);
            part
        };
        let parts: Vec<_> = (0..32).map(part).collect();
        let (es, parts) = contributions(&parts, &cov, Stress::default()).unwrap();
        assert_eq!(es, Usd::whole(90_240_000_000_000_000));
        assert_eq!(parts, vec![usd(2_820_000_000_000_000); 32]);
    }

    #[test]
    fn what_has_no_weight_goes_to_the_last() {
        let zero = Wide::ZERO;
        assert_eq!(apportion(usd(5), &[zero, zero]).unwrap(), [usd(0), usd(5)]);
        assert_eq!(apportion(usd(5), &[]).unwrap(), []);
    }

    #[test]
    fn the_deviation_is_the_shortfall_without_its_multiple() {
        let cov = one_factor(vec![100_000_000; 2], &[100, 100]);
        let x = [usd(3_000), usd(7_000)];
        assert_eq!(standard_deviation(&x, &cov, Stress::default()).unwrap(), Usd::whole(1_000));
        assert_eq!(expected_shortfall(&x, &cov, Stress::default()).unwrap(), Usd::whole(2_820));
    }

    #[test]
    fn no_exposure_has_no_shortfall_and_no_contributions() {
        let cov = one_factor(vec![100_000_000; 2], &[90, 90]);
        let flat = [SignedUsd::ZERO; 2];
        assert_eq!(expected_shortfall(&flat, &cov, Stress::default()).unwrap(), Usd::ZERO);
        let parts = contributions(&[flat.to_vec(), flat.to_vec()], &cov, Stress::default()).unwrap();
        assert_eq!(parts, (Usd::ZERO, flat.to_vec()));
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
        fn contributions_add_up_and_each_is_eulers((cov, x) in markets(3)) {
            let (es, parts) = contributions(&x, &cov, NO_STRESS).unwrap();
            let sum = parts.iter().fold(SignedUsd::ZERO, |sum, part| sum.plus(*part).unwrap());
            prop_assert_eq!(sum, es.signed().unwrap());
            let book = added(&added(&x[0], &x[1]), &x[2]);
            prop_assert_eq!(es, base_shortfall(&book, &cov).unwrap());
            let total = full_double_sum(&book, &cov);
            // 2·cᵀΣx = (x + c)ᵀΣ(x + c) − xᵀΣx − cᵀΣc
            for (part, c) in parts.iter().zip(&x) {
                let both = full_double_sum(&added(&book, c), &cov);
                let twice = both.minus(total).unwrap().minus(full_double_sum(c, &cov)).unwrap();
                let off = part.wide().times(total).unwrap().times(2u64.into()).unwrap()
                    .minus(es.wide().times(twice).unwrap()).unwrap();
                let gross = x.iter().flatten().map(|x| x.abs().raw()).sum::<u128>() / 10u128.pow(12) + 1;
                let slack = Wide::from(2 + gross * gross / es.raw().max(1)).times(total).unwrap().times(2u64.into()).unwrap();
                prop_assert!(off <= slack && off >= slack.negate().unwrap());
            }
        }

        #[test]
        fn contributions_add_up_with_every_matrix((cov, x) in markets(4)) {
            let (es, parts) = contributions(&x, &cov, Stress::default()).unwrap();
            let sum = parts.iter().fold(SignedUsd::ZERO, |sum, part| sum.plus(*part).unwrap());
            prop_assert_eq!(sum, es.signed().unwrap());
            let book = added(&added(&x[0], &x[1]), &added(&x[2], &x[3]));
            prop_assert_eq!(es, expected_shortfall(&book, &cov, Stress::default()).unwrap());
        }
    }
}
