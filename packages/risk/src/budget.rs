//! The two budgets of expected shortfall (section 9 of the design), which every order that increases a position, every mint and every
//! exit keeps.
//!
//! ```text
//! ES(markets) ≤ b₁·free collateral           what traders may win in a bad day
//! ES(markets + collateral) ≤ b₂·collateral   … and what collateral loses in the same one: wrong-way risk
//! ```
//!
//! Each ES is the worst of the three matrices of [`crate::shortfall`]. Collateral is a long exposure of the pool in its own feed. Where
//! the markets' exposure has the other sign (traders are net long what backs the pool) the two offset each other by at most half of
//! the smaller one, because a hedge of this kind is gone when providers leave.

use sdp_types::board::Covariance;
use sdp_types::book::Listing;
use sdp_types::pool::RiskBudgets;
use sdp_types::{ensure, Error, Result, Rounding, SignedUsd, Usd};

use crate::shortfall::{expected_shortfall, Stress};

/// Expected shortfall of the pool for a day, twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortfalls {
    /// Of what traders hold.
    pub markets: Usd,
    /// Of that and the collateral together.
    pub total: Usd,
}

impl Shortfalls {
    /// Of the markets' exposures and the value of collateral by feed; the shorter list ends in zeros.
    pub fn of(markets: &[SignedUsd], collateral: &[Usd], cov: &Covariance, stress: Stress) -> Result<Self> {
        Ok(Self {
            markets: expected_shortfall(markets, cov, stress)?,
            total: expected_shortfall(&combined(markets, collateral)?, cov, stress)?,
        })
    }

    /// Whether both are less than before.
    pub fn below(&self, before: &Self) -> bool {
        self.markets < before.markets && self.total < before.total
    }

    /// Whether a change to `self` is admitted: it raises neither, or both are within their budgets. `free` is collateral less debt.
    /// `E0326 AboveMarketsBudget`, `E0327 AbovePoolBudget`; budgets are rounded down.
    pub fn admitted(
        &self,
        before: &Self,
        free: SignedUsd,
        collateral: Usd,
        budgets: &RiskBudgets,
    ) -> Result<()> {
        if self.markets <= before.markets && self.total <= before.total {
            return Ok(());
        }
        let (shortfall, budget) =
            (self.markets, free.positive_part().scale(budgets.markets, Rounding::Down)?);
        ensure(shortfall <= budget, || Error::AboveMarketsBudget { shortfall, budget })?;
        let (shortfall, budget) = (self.total, collateral.scale(budgets.total, Rounding::Down)?);
        ensure(shortfall <= budget, || Error::AbovePoolBudget { shortfall, budget })
    }
}

/// The stressed matrices of a configuration.
fn stress(budgets: &RiskBudgets) -> Stress {
    Stress { high: budgets.high, low: budgets.low }
}

/// The stressed matrices of a pool: of its budgets, or the usual ones.
pub fn stress_of(listing: &Listing) -> Stress {
    listing.risk.as_ref().map_or_else(Stress::default, stress)
}

/// Free collateral that the markets' shortfall needs: ES ÷ b₁, rounded up.
pub fn needed_for(markets: &[SignedUsd], cov: &Covariance, budgets: &RiskBudgets) -> Result<Usd> {
    expected_shortfall(markets, cov, stress(budgets))?.unscale(budgets.markets, Rounding::Up)
}

/// Exposure by feed of markets and collateral together. Of two with different signs the smaller takes half of itself (rounded down)
/// off the larger.
///
/// ```
/// use sdp_risk::budget::combined;
/// use sdp_types::{SignedUsd, Usd};
/// let x = |dollars: i128| SignedUsd::new(dollars * 1_000_000);
/// // traders are net short: the pool is long what backs it
/// assert_eq!(combined(&[x(60)], &[Usd::whole(100)])?, [x(160)]);
/// // traders are net long by less than the collateral, and by more
/// assert_eq!(combined(&[x(-60)], &[Usd::whole(100)])?, [x(70)]);
/// assert_eq!(combined(&[x(-150)], &[Usd::whole(100)])?, [x(-100)]);
/// # Ok::<(), sdp_types::Error>(())
/// ```
pub fn combined(markets: &[SignedUsd], collateral: &[Usd]) -> Result<Vec<SignedUsd>> {
    let both = |feed: usize| {
        let x = markets.get(feed).copied().unwrap_or_default();
        let held = collateral.get(feed).copied().unwrap_or_default();
        if !x.is_negative() {
            return x.plus(held.signed()?);
        }
        let half = |smaller: Usd| smaller.fraction(1, 2, Rounding::Down).and_then(Usd::signed);
        if x.abs() <= held {
            held.signed()?.minus(half(x.abs())?)
        } else {
            x.plus(half(held)?)
        }
    };
    (0..markets.len().max(collateral.len())).map(both).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{markets, one_factor};
    use proptest::prelude::*;
    use sdp_types::Ratio;

    const BUDGETS: RiskBudgets = RiskBudgets {
        markets: Ratio::percent(4),
        total: Ratio::percent(35),
        high: Ratio::percent(50),
        low: Ratio::percent(40),
    };

    fn x(dollars: i128) -> SignedUsd {
        SignedUsd::new(dollars * 1_000_000)
    }

    #[test]
    fn what_is_short_of_its_own_collateral_has_less_room_than_what_is_not() {
        // 10 % a day each and independent: the pool is long its collateral, or another asset
        let cov = one_factor(vec![100_000_000; 2], &[0, 0]);
        let of = |x: &[SignedUsd]| Shortfalls::of(x, &[Usd::whole(1_000)], &cov, stress(&BUDGETS)).unwrap();
        let (wrong_way, other) = (of(&[x(100), x(0)]), of(&[x(0), x(100)]));
        assert_eq!(wrong_way.markets, other.markets);
        assert!(wrong_way.total > other.total);
    }

    #[test]
    fn what_raises_neither_passes_and_what_raises_one_needs_room_in_both() {
        let of = |markets, total| Shortfalls { markets: Usd::whole(markets), total: Usd::whole(total) };
        // budgets of $40 and $350
        let admits =
            |after: Shortfalls, before| after.admitted(&before, x(1_000), Usd::whole(1_000), &BUDGETS);
        assert_eq!(admits(of(40, 350), of(0, 0)), Ok(()));
        assert_eq!(admits(of(90, 900), of(90, 900)), Ok(()));
        assert_eq!(
            admits(of(41, 0), of(40, 0)),
            Err(Error::AboveMarketsBudget { shortfall: Usd::whole(41), budget: Usd::whole(40) })
        );
        assert_eq!(
            admits(of(10, 351), of(11, 350)),
            Err(Error::AbovePoolBudget { shortfall: Usd::whole(351), budget: Usd::whole(350) })
        );
        assert!(admits(of(41, 349), of(41, 348)).is_err(), "both, not only the one that it raises");
        let indebted = of(1, 0).admitted(&of(0, 0), x(-5), Usd::whole(1_000), &BUDGETS);
        assert_eq!(indebted, Err(Error::AboveMarketsBudget { shortfall: Usd::whole(1), budget: Usd::ZERO }));
    }

    proptest! {
        /// The combined exposure lies between the larger leg alone less half of the smaller one, and their sum.
        #[test]
        fn collateral_offsets_at_most_half_of_the_smaller_leg((_, both) in markets(2)) {
            let collateral: Vec<Usd> = both[1].iter().map(|x| x.abs()).collect();
            for ((sum, x), held) in combined(&both[0], &collateral).unwrap().iter().zip(&both[0]).zip(&collateral) {
                let (smaller, larger) = (x.abs().min(*held).raw(), x.abs().max(*held).raw());
                let expected = if x.is_negative() { larger - smaller / 2 } else { larger + smaller };
                prop_assert_eq!(sum.abs().raw(), expected);
            }
        }

        #[test]
        fn needed_collateral_is_the_least_that_admits((cov, x) in markets(1)) {
            let needed = needed_for(&x[0], &cov, &BUDGETS).unwrap();
            let shortfall = expected_shortfall(&x[0], &cov, stress(&BUDGETS)).unwrap();
            let budget = |free: Usd| free.scale(BUDGETS.markets, Rounding::Down).unwrap();
            prop_assert!(budget(needed) >= shortfall);
            prop_assert!(needed.is_zero() || budget(needed.minus(Usd::new(1)).unwrap()) < shortfall);
        }
    }
}
