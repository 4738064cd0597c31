//! The risk potential: what the pool charges for its skew.
//!
//! `Φ(x) = xᵀΣx / (2·depth)`, where x_k is the pool's exposure in feed k (what it gains per unit of relative price
//! rise, so minus what traders are net long), Σ_ij = σ_i·σ_j·ρ_ij per day and depth = 1/λ in USD. A fill that moves x
//! to y pays `Φ(y) − Φ(x)`; a negative amount is a rebate. Being the difference of a function of x alone, what a chain
//! of fills pays does not depend on its path. With one feed it is Synthetix V3's skew pricing with skew scale 1/(λσ²).

use sdp_types::board::{Covariance, FeedId, RHO_ONE, SIGMA_ONE};
use sdp_types::math::Wide;
use sdp_types::units::ONE;
use sdp_types::{ensure, Error, Price, Result, Rounding, SignedRatio, SignedUsd, Size, Usd};

use crate::checked::Num;
use crate::rounding::{away_from_zero, unsigned};

/// 1.0 of a product σ·σ·ρ of stored numbers: what [`quadratic`] has to be divided by to give micro-USD².
pub const COVARIANCE_ONE: u128 = (SIGMA_ONE as u128) * (SIGMA_ONE as u128) * (RHO_ONE.unsigned_abs() as u128);

/// Exposure of the pool in one feed: `x = −skew·P`, micro-USD, rounded down (towards −∞, for either sign of the skew).
///
/// Positive where traders are net short. The direction is a convention: Φ takes both signs, and premia are differences
/// of Φ at the rounded x.
///
/// ```
/// use sdp_risk::potential::exposure;
/// let x = exposure("-0.5".parse()?, "60000".parse()?)?;
/// assert_eq!(x.to_string(), "30000000000");
/// # Ok::<(), sdp_types::Error>(())
/// ```
pub fn exposure(skew: Size, price: Price) -> Result<SignedUsd> {
    // −⌈v⌉ = ⌊−v⌋
    price.value(skew, Rounding::Up)?.negate()
}

/// `xᵀΣx`, unrounded: micro-USD² with [`COVARIANCE_ONE`].
///
/// `E0202` for an exposure in a feed without a volatility entry: it would trade without any price impact.
pub fn quadratic(x: &[SignedUsd], cov: &Covariance) -> Result<Wide> {
    quadratic_of(&weighted(x, cov)?, cov)
}

/// `Σ_ij ρ_ij·w_i·w_j` of feeds with their weights.
pub(crate) fn quadratic_of(weighted: &[(usize, Wide)], cov: &Covariance) -> Result<Wide> {
    let mut sum = Num::ZERO;
    for (n, (i, own)) in weighted.iter().enumerate() {
        // the diagonal once, each pair (j, i) with j before i twice
        let mut row = Num::from(*own).times(rho(cov, *i, *i).into());
        for (j, other) in weighted.iter().take(n) {
            let term = Num::from(*other).times(rho(cov, *i, *j).into());
            row = row.plus(term).plus(term);
        }
        sum = sum.plus(row.times((*own).into()));
    }
    sum.get()
}

/// `Φ(x) = xᵀΣx / (2·depth)` in micro-USD, rounded up once. Never negative: where correlations rounded to 4 decimals
/// leave a barely negative xᵀΣx, it is 0.
///
/// ```
/// use sdp_risk::potential::potential;
/// use sdp_types::{board::Covariance, SignedUsd, Usd};
/// // σ = 4 % a day, depth $1M: $100,000 of skew carries 100,000²·0.0016/2,000,000 = $8
/// let cov = Covariance { sigmas: vec![40_000_000], correlations: vec![], margins: vec![] };
/// let phi = potential(&[SignedUsd::new(100_000_000_000)], &cov, Usd::whole(1_000_000))?;
/// assert_eq!(phi, Usd::whole(8));
/// # Ok::<(), sdp_types::Error>(())
/// ```
pub fn potential(x: &[SignedUsd], cov: &Covariance, depth: Usd) -> Result<Usd> {
    let quadratic = quadratic(x, cov)?.max(Wide::ZERO);
    let divisor = depth.wide().times(2u64.into())?.times(COVARIANCE_ONE.into())?;
    unsigned(Rounding::Up.divide(quadratic, divisor)?, "potential").map(Usd::new)
}

/// What a change of the pool's exposures costs whoever causes it: `Φ(after) − Φ(before)`, micro-USD, of the two rounded
/// integers, so that premia of a chain of changes add up exactly to that of the whole. Negative is a rebate.
pub fn premium(before: &[SignedUsd], after: &[SignedUsd], cov: &Covariance, depth: Usd) -> Result<SignedUsd> {
    let before = potential(before, cov, depth)?.signed()?;
    potential(after, cov, depth)?.signed()?.minus(before)
}

/// The marginal premium of one feed, `π_k = −(Σx)_k / depth`: what an infinitely small buy pays as a fraction of the
/// price, rounded away from 0. Positive while the pool is short (traders net long).
pub fn marginal_premium(x: &[SignedUsd], cov: &Covariance, depth: Usd, feed: FeedId) -> Result<SignedRatio> {
    let feed = usize::from(feed);
    known(feed, cov)?;
    slope(&weighted(x, cov)?, cov, depth, feed)
}

/// [`marginal_premium`] of every feed that the covariances know, by feed number.
pub fn marginal_premiums(x: &[SignedUsd], cov: &Covariance, depth: Usd) -> Result<Vec<SignedRatio>> {
    let weighted = weighted(x, cov)?;
    (0..cov.len()).map(|feed| slope(&weighted, cov, depth, feed)).collect()
}

/// `(Σx)_k·COVARIANCE_ONE = σ_k·Σ_j ρ_kj·σ_j·x_j`, and π_k = −(Σx)_k / depth with the 18 decimals of a ratio.
fn slope(weighted: &[(usize, Wide)], cov: &Covariance, depth: Usd, feed: usize) -> Result<SignedRatio> {
    let sigma = sigma(cov, feed);
    let numerator = correlated(weighted, cov, feed)?.times(sigma)?.times(ONE.into())?.negate()?;
    let divisor = depth.wide().times(COVARIANCE_ONE.into())?;
    away_from_zero(numerator, divisor)?.narrow().map(SignedRatio::new)
}

/// `Σ_j ρ_ij·σ_j·x_j`.
pub(crate) fn correlated(weighted: &[(usize, Wide)], cov: &Covariance, i: usize) -> Result<Wide> {
    let mut sum = Wide::ZERO;
    for (j, other) in weighted {
        sum = sum.plus(other.times(rho(cov, i, *j))?)?;
    }
    Ok(sum)
}

/// `σ_i·x_i` of the feeds that have an exposure: most perpetuals of a pool are few feeds of its board.
pub(crate) fn weighted(x: &[SignedUsd], cov: &Covariance) -> Result<Vec<(usize, Wide)>> {
    let exposed = x.iter().enumerate().filter(|(_, x)| !x.is_zero());
    exposed
        .map(|(feed, x)| {
            known(feed, cov)?;
            Ok((feed, x.wide().times(sigma(cov, feed))?))
        })
        .collect()
}

fn known(feed: usize, cov: &Covariance) -> Result<()> {
    ensure(feed < cov.len(), || Error::UnknownFeed { feed: u64::try_from(feed).unwrap_or(u64::MAX) })
}

fn sigma(cov: &Covariance, feed: usize) -> Wide {
    Wide::from(cov.sigma(feed))
}

fn rho(cov: &Covariance, a: usize, b: usize) -> Wide {
    Wide::from(i128::from(cov.rho(a, b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{added, full_double_sum, markets, one_factor};
    use proptest::prelude::*;
    use sdp_types::units::MAX_USD;

    const DEPTH: Usd = Usd::whole(32_000_000);

    fn usd(dollars: i64) -> SignedUsd {
        SignedUsd::new(i128::from(dollars) * 1_000_000)
    }

    /// BTC 3.5 %, ETH 4.5 % a day, correlation 0.8.
    fn btc_eth() -> Covariance {
        Covariance { sigmas: vec![35_000_000, 45_000_000], correlations: vec![8_000], margins: vec![] }
    }

    #[test]
    fn the_potential_of_two_feeds_is_the_formula_by_hand() {
        // x = (−1M, 2M): (35000² + 90000² − 2·0.8·35000·90000) / 64M = (1.225e9 + 8.1e9 − 5.04e9) / 64e6
        let phi = potential(&[usd(-1_000_000), usd(2_000_000)], &btc_eth(), DEPTH).unwrap();
        assert_eq!(phi, Usd::new(4_285_000_000 / 64));
    }

    #[test]
    fn a_buyer_pays_while_the_pool_is_short_and_is_rebated_while_it_is_long() {
        let buy = |x: i64| premium(&[usd(x)], &[usd(x - 1_000)], &btc_eth(), DEPTH).unwrap();
        assert!(buy(-500_000) > SignedUsd::ZERO);
        assert!(buy(500_000) < SignedUsd::ZERO);
        let margin = |x: i64| marginal_premium(&[usd(x)], &btc_eth(), DEPTH, 0).unwrap();
        assert!(margin(-500_000) > SignedRatio::ZERO);
        assert!(margin(500_000) < SignedRatio::ZERO);
    }

    #[test]
    fn a_short_in_one_feed_is_rebated_while_the_pool_is_short_a_correlated_one() {
        let before = [usd(-1_000_000), usd(0)];
        let after = [usd(-1_000_000), usd(100_000)];
        assert!(premium(&before, &after, &btc_eth(), DEPTH).unwrap() < SignedUsd::ZERO);
        let all = marginal_premiums(&before, &btc_eth(), DEPTH).unwrap();
        // π_ETH = 0.045·0.8·0.035·1M / 32M
        assert_eq!(all[1], SignedRatio::new(39_375_000_000_000));
    }

    #[test]
    fn two_correlated_feeds_that_cancel_have_no_potential() {
        let cov = one_factor(vec![50_000_000; 2], &[100, 100]);
        assert_eq!(potential(&[usd(777), usd(-777)], &cov, DEPTH).unwrap(), Usd::ZERO);
    }

    #[test]
    fn correlations_that_rounding_made_barely_indefinite_give_no_negative_potential() {
        // ρ = (1, 1, 0.9999): x = (2, −1, −1) has xᵀρx = 6 − 8 + 2·0.9999 < 0
        let cov = Covariance {
            sigmas: vec![1_000_000_000; 3],
            correlations: vec![10_000, 10_000, 9_999],
            margins: vec![],
        };
        let x = [usd(2_000), usd(-1_000), usd(-1_000)];
        assert!(quadratic(&x, &cov).unwrap().is_negative());
        assert_eq!(potential(&x, &cov, DEPTH).unwrap(), Usd::ZERO);
    }

    #[test]
    fn an_exposure_without_a_volatility_is_an_error_and_not_free() {
        let unknown = Error::UnknownFeed { feed: 2 };
        let x = [usd(1), usd(1), usd(1)];
        assert_eq!(potential(&x, &btc_eth(), DEPTH), Err(unknown.clone()));
        assert_eq!(marginal_premium(&x[..1], &btc_eth(), DEPTH, 2), Err(unknown));
        assert!(potential(&[usd(1), usd(1), usd(0)], &btc_eth(), DEPTH).is_ok());
    }

    #[test]
    fn no_depth_is_an_error() {
        assert_eq!(potential(&[usd(1)], &btc_eth(), Usd::ZERO), Err(Error::DivisionByZero {}));
        assert_eq!(marginal_premium(&[usd(1)], &btc_eth(), Usd::ZERO, 0), Err(Error::DivisionByZero {}));
    }

    #[test]
    fn the_largest_exposures_of_messages_fit_and_larger_ones_are_an_error() {
        let cov = one_factor(vec![4_000_000_000; 32], &[100; 32]);
        let most = vec![MAX_USD.signed().unwrap(); 32];
        // all move together: (32·4·10¹⁵)² / (2·depth), depth as large as an exposure
        let phi = potential(&most, &cov, MAX_USD).unwrap();
        assert_eq!(phi, Usd::new(MAX_USD.raw() * 128 * 128 / 2));
        let overflow = potential(&[SignedUsd::MAX], &cov, DEPTH).unwrap_err();
        assert_eq!(overflow.code(), "E0001");
    }

    #[test]
    fn an_exposure_is_minus_the_skew_rounded_down() {
        let of = |skew: &str, price: &str| exposure(skew.parse().unwrap(), price.parse().unwrap()).unwrap();
        assert_eq!(of("1.5", "0.000001"), SignedUsd::new(-2));
        assert_eq!(of("-1.5", "0.000001"), SignedUsd::new(1));
    }

    proptest! {
        #[test]
        fn symmetry_and_skipping_zeros_change_nothing((cov, x) in markets(1)) {
            let quadratic = quadratic(&x[0], &cov).unwrap();
            prop_assert_eq!(quadratic, full_double_sum(&x[0], &cov));
        }

        #[test]
        fn the_potential_is_the_next_micro_usd_at_or_above_the_formula((cov, x) in markets(1)) {
            let phi = potential(&x[0], &cov, DEPTH).unwrap().wide();
            let unit = DEPTH.wide().times(2u64.into()).unwrap().times(COVARIANCE_ONE.into()).unwrap();
            let exact = full_double_sum(&x[0], &cov);
            let above = phi.times(unit).unwrap().minus(exact).unwrap();
            prop_assert!(!above.is_negative() && above < unit);
        }

        #[test]
        fn any_path_costs_what_the_direct_way_costs((cov, path) in markets(8)) {
            let steps = path.windows(2).map(|pair| premium(&pair[0], &pair[1], &cov, DEPTH).unwrap());
            let sum = steps.fold(SignedUsd::ZERO, |sum, step| sum.plus(step).unwrap());
            prop_assert_eq!(sum, premium(&path[0], &path[7], &cov, DEPTH).unwrap());
        }

        #[test]
        fn rebates_never_exceed_the_potential_and_closing_all_pays_it_back((cov, x) in markets(2)) {
            let phi = potential(&x[0], &cov, DEPTH).unwrap().signed().unwrap();
            prop_assert!(premium(&x[0], &x[1], &cov, DEPTH).unwrap().plus(phi).unwrap() >= SignedUsd::ZERO);
            let flat = vec![SignedUsd::ZERO; cov.len()];
            prop_assert_eq!(premium(&x[0], &flat, &cov, DEPTH).unwrap(), phi.negate().unwrap());
        }

        /// Φ is quadratic, so its central difference over ±h is 2h·Φ' without a remainder: the premium of a buy of 2h
        /// around x is 2h·π(x), up to one micro-USD of each Φ and the rounding of π, 2h·10⁻¹⁸.
        #[test]
        fn the_marginal_premium_is_the_derivative_of_the_premium((cov, x) in markets(1), h in 1i128..1_000_000_000_000) {
            for feed in 0..cov.len() {
                let mut step = vec![SignedUsd::ZERO; cov.len()];
                step[feed] = SignedUsd::new(h);
                let above = added(&x[0], &step);
                step[feed] = SignedUsd::new(-h);
                let below = added(&x[0], &step);
                let paid = premium(&above, &below, &cov, DEPTH).unwrap().raw();
                let pi = marginal_premium(&x[0], &cov, DEPTH, feed.try_into().unwrap()).unwrap();
                let expected = Wide::from(2 * h).times(pi.wide()).unwrap();
                let off = Wide::from(paid).times(ONE.into()).unwrap().minus(expected).unwrap();
                let allowed = Wide::from(2 * ONE).plus(Wide::from(2 * h)).unwrap();
                prop_assert!(off <= allowed && off >= allowed.negate().unwrap());
            }
        }

        #[test]
        fn all_marginal_premiums_are_those_of_each_feed((cov, x) in markets(1)) {
            let all = marginal_premiums(&x[0], &cov, DEPTH).unwrap();
            for (feed, pi) in all.into_iter().enumerate() {
                let one = marginal_premium(&x[0], &cov, DEPTH, feed.try_into().unwrap()).unwrap();
                prop_assert_eq!(one, pi);
            }
        }
    }
}
