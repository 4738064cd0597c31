//! Margin of an account whose positions offset each other, and how far a liquidation has to cut into one of them.
//!
//! With m_k a position's own margin and v_k = ±m_k (positive for a long), an account needs
//!
//! ```text
//! M = max( worst of √(vᵀρv), (1−c)·Σm )        c: the most that offsets may take off
//! ```
//!
//! The worst is that of the three matrices of [`crate::shortfall`], so M is the pool's measure of risk with margins in the place of
//! σ·x: a hedge is worth what is left of it when correlations go. All of it is rounded up once, at most Σm, and m_1 of one position.
//! M is convex in v and grows in proportion to it; a USD more of v moves it by at most a USD.

use sdp_types::board::{Covariance, FeedId, RHO_ONE};
use sdp_types::market::MarginBasis;
use sdp_types::math::Wide;
use sdp_types::units::ONE;
use sdp_types::{Price, Ratio, Result, Rounding, SignedUsd, Size, Usd};

use crate::checked::Num;
use crate::margin::{self, liquidation_price};
use crate::potential::{correlated, quadratic_of};
use crate::shortfall::{blended, root, worst_of, Stress, Worst};

/// How positions may offset each other.
#[derive(Clone, Copy, Debug)]
pub struct Offsets<'a> {
    /// Correlations; its volatilities don't matter.
    pub cov: &'a Covariance,
    /// How far they are pushed.
    pub stress: Stress,
    /// c, ≤ 1. 0: margins are summed.
    pub maximum: Ratio,
}

/// A position's own margin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Of its index; no two legs of an account share one.
    pub feed: FeedId,
    /// v: negative for a short.
    pub margin: SignedUsd,
}

impl Offsets<'_> {
    /// M of an account, micro-USD, rounded up, and what decides it.
    ///
    /// ```
    /// use sdp_risk::portfolio::{Leg, Offsets};
    /// use sdp_types::{board::Covariance, market::MarginBasis, Ratio, SignedUsd, Usd};
    /// let cov = Covariance { sigmas: vec![1, 1], correlations: vec![8_000], margins: vec![] };
    /// let offsets = Offsets { cov: &cov, stress: Default::default(), maximum: Ratio::percent(50) };
    /// let leg = |feed, dollars: i128| Leg { feed, margin: SignedUsd::new(dollars * 1_000_000) };
    /// // low: 0.6·(2 − 2·0.8) + 0.4·2 = 1.04
    /// let hedged = offsets.requirement(&[leg(0, 100), leg(1, -100)])?;
    /// assert_eq!(hedged, (Usd::new(101_980_391), MarginBasis::Low));
    /// assert_eq!(offsets.requirement(&[leg(1, -100)])?, (Usd::whole(100), MarginBasis::Sum));
    /// # Ok::<(), sdp_types::Error>(())
    /// ```
    pub fn requirement(&self, legs: &[Leg]) -> Result<(Usd, MarginBasis)> {
        let first = legs.first().map(|leg| leg.margin).unwrap_or_default();
        self.beside(legs, 0)?.with(first)
    }

    /// An account's legs without the one at this place.
    pub fn beside(&self, legs: &[Leg], place: usize) -> Result<Beside> {
        let mut beside = Beside {
            stress: self.stress,
            maximum: if legs.len() > 1 { self.maximum } else { Ratio::ZERO },
            total: Usd::ZERO,
            base: Num::ZERO,
            row: Num::ZERO,
            sum: Num::ZERO,
            squares: Num::ZERO,
        };
        let mut others = Vec::with_capacity(legs.len());
        for (n, leg) in legs.iter().enumerate() {
            if n != place {
                let v = Num::from(leg.margin.wide());
                beside.total = beside.total.plus(leg.margin.abs())?;
                beside.sum = beside.sum.plus(v);
                beside.squares = beside.squares.plus(v.times(v));
                others.push((usize::from(leg.feed), leg.margin.wide()));
            }
        }
        if let Some(leg) = legs.get(place).filter(|_| !beside.is_plain()) {
            beside.base = quadratic_of(&others, self.cov)?.into();
            beside.row = correlated(&others, self.cov, leg.feed.into())?.into();
        }
        Ok(beside)
    }
}

/// The other legs of an account, as far as they matter to one of them: then its margin can vary at no cost.
#[derive(Clone, Copy, Debug)]
pub struct Beside {
    stress: Stress,
    maximum: Ratio,
    /// Σ|v|.
    total: Usd,
    /// vᵀρv.
    base: Num,
    /// Σ ρ_kj·v_j.
    row: Num,
    sum: Num,
    squares: Num,
}

/// A position that is to be cut, and the account that it is cut for.
#[derive(Clone, Copy, Debug)]
pub struct Cutting {
    /// Before the cut.
    pub equity: SignedUsd,
    /// T: the account is to have T × M.
    pub target: Ratio,
    /// Maintenance margin of the position, as a part of its notional.
    pub rate: Ratio,
    /// f: what closing costs, as a part of what is closed.
    pub penalty: Ratio,
    /// Of the position.
    pub notional: Usd,
    /// Whether it is short.
    pub short: bool,
}

impl Cutting {
    /// What is left of its margin once `closed` is.
    fn left(&self, closed: Usd) -> Result<SignedUsd> {
        let margin = self.notional.minus(closed)?.scale(self.rate, Rounding::Up)?.signed()?;
        if self.short {
            margin.negate()
        } else {
            Ok(margin)
        }
    }
}

impl Beside {
    /// Whether margins are summed: one leg, or offsets count nothing.
    fn is_plain(&self) -> bool {
        self.maximum.is_zero()
    }

    /// M with this leg's v, and what decides it.
    pub fn with(&self, margin: SignedUsd) -> Result<(Usd, MarginBasis)> {
        let total = self.total.plus(margin.abs())?;
        if self.is_plain() {
            return Ok((total, MarginBasis::Sum));
        }
        let (variance, worst) = self.worst(margin)?;
        let risk = root(Num::from(variance).over_up(rho_one()).get()?)?.min(total);
        let least = total.scale(Ratio::ONE.saturating_minus(self.maximum), Rounding::Up)?;
        if least >= risk {
            return Ok((least, MarginBasis::Limit));
        }
        let basis = match worst {
            Worst::Base => MarginBasis::Base,
            Worst::High(_) => MarginBasis::High,
            Worst::Low => MarginBasis::Low,
        };
        Ok((risk, basis))
    }

    fn worst(&self, margin: SignedUsd) -> Result<(Wide, Worst)> {
        let v = Num::from(margin.wide());
        let base = self.product(v).plus(self.row.times(v)).plus(self.base);
        worst_of(base, self.sum.plus(v), self.squares.plus(v.times(v)), self.stress)
    }

    /// v·(ρv)_k.
    fn product(&self, v: Num) -> Num {
        self.row.plus(v.times(rho_one())).times(v)
    }

    /// What this leg contributes to M (Euler), in a unit that all legs of the account share: the order in which they are cut.
    pub fn contribution(&self, margin: SignedUsd) -> Result<Wide> {
        if matches!(self.with(margin)?.1, MarginBasis::Sum | MarginBasis::Limit) {
            return Ok(margin.abs().wide());
        }
        let v = Num::from(margin.wide());
        let own = self.product(v);
        let part = match self.worst(margin)?.1 {
            Worst::Base => own,
            Worst::High(sum) => blended(own, v.times(sum.into()).times(rho_one()), self.stress.high),
            Worst::Low => blended(own, v.times(v).times(rho_one()), self.stress.low),
        };
        part.get()
    }

    /// How much notional of the leg a liquidation closes: the least y that leaves `equity − f·y ≥ T·M(y)`, and whether there is one.
    ///
    /// That difference is concave in y. Where it is never positive: all with `whole`, else the y at which it is largest. 0 where the
    /// account is at its target. Where margins are summed it is [`margin::cut`], which leaves nothing to another try.
    pub fn cut(&self, cutting: &Cutting, whole: bool) -> Result<(Usd, bool)> {
        let Cutting { equity, target, rate, penalty, notional, .. } = *cutting;
        if self.is_plain() {
            let needed = self.with(cutting.left(Usd::ZERO)?)?.0;
            return Ok((margin::cut(equity, needed, target, rate, penalty, notional)?, true));
        }
        let surplus = |closed: u128| {
            let needed = self.with(cutting.left(Usd::new(closed))?)?.0;
            // less the costs: their ratios are not negative, so neither are the products
            let cost = Num::from(penalty.wide()).times(closed.into());
            let cost = cost.plus(Num::from(target.wide()).times(needed.wide().into()));
            let held = Num::from(equity.wide()).times(ONE.into());
            held.plus(cost.times(Num::from(-1i128))).get()
        };
        if !surplus(0)?.is_negative() {
            return Ok((Usd::ZERO, true));
        }
        let (mut low, mut high) = (0, notional.raw());
        while high - low > 2 {
            let third = (high - low) / 3;
            if surplus(low + third)? < surplus(high - third)? {
                low += third;
            } else {
                high -= third;
            }
        }
        let mut most = high;
        for closed in low..high {
            if surplus(closed)? > surplus(most)? {
                most = closed;
            }
        }
        if surplus(most)?.is_negative() {
            return Ok((if whole { notional } else { Usd::new(most) }, false));
        }
        let (mut short, mut enough) = (0, most);
        while enough - short > 1 {
            let middle = short + (enough - short) / 2;
            if surplus(middle)?.is_negative() {
                short = middle;
            } else {
                enough = middle;
            }
        }
        Ok((Usd::new(enough), true))
    }

    /// Index price of the leg's feed at which the account's equity equals M, all else held: `rest` is its equity without the leg's
    /// value at its adverse price. As [`liquidation_price`], which it is where margins are summed: rounded to the side that is reached
    /// first, here at the whole micro-USD of margin and value.
    pub fn liquidation_price(
        &self,
        size: Size,
        confidence: Ratio,
        rate: Ratio,
        rest: SignedUsd,
    ) -> Result<Option<Price>> {
        // M is at most the sum, and at least nothing
        let summed = liquidation_price(size, confidence, rate, rest.minus(self.total.signed()?)?)?;
        if self.is_plain() {
            return Ok(summed);
        }
        let free = liquidation_price(size, confidence, Ratio::ZERO, rest)?;
        let ends = if size.is_negative() {
            free.map(|free| (summed.unwrap_or_default(), free))
        } else {
            summed.map(|summed| (summed, free.unwrap_or_default()))
        };
        let Some((safe, beyond)) = ends else { return Ok(None) };
        let (mut safe, mut beyond) = (safe.raw(), beyond.raw());
        while safe.abs_diff(beyond) > 1 {
            let middle = safe.min(beyond) + safe.abs_diff(beyond) / 2;
            let price = Price::new(middle);
            let worth = price.adverse_to_holder(size, confidence)?.value(size, Rounding::Down)?;
            let margin = size.abs().value(price, Rounding::Up)?.scale(rate, Rounding::Up)?.signed()?;
            let margin = if size.is_negative() { margin.negate()? } else { margin };
            let enough = rest.plus(worth)? >= self.with(margin)?.0.signed()?;
            *(if enough { &mut safe } else { &mut beyond }) = middle;
        }
        // at no price above 0 is there too little
        let never = safe == 0 || (safe == 1 && beyond == 0);
        Ok((!never).then(|| Price::new(safe)))
    }
}

fn rho_one() -> Num {
    Num::from(i128::from(RHO_ONE))
}

#[cfg(test)]
mod tests;
