//! Margin of positions that offset each other: the worst of √(vᵀρv) with v = ±margin over three correlation matrices, at
//! least a part of Σ|v|.

use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

use crate::model::Model;
use crate::number::{fraction, unit, whole, Q};
use crate::span::{Holds, Span};

/// A position's own margin, negative for a short.
#[derive(Clone, Debug)]
pub(crate) struct Leg {
    pub(crate) feed: usize,
    pub(crate) margin: Span,
}

/// The legs of an account other than one, as far as they matter to that one.
pub(crate) struct Beside {
    /// Whether margins are summed.
    plain: bool,
    least: Q,
    high: Q,
    low: Q,
    total: Span,
    base: Span,
    row: Span,
    sum: Span,
    squares: Span,
}

/// What a cut is for.
pub(crate) struct Cutting {
    pub(crate) equity: Span,
    pub(crate) target: Q,
    pub(crate) rate: Span,
    pub(crate) penalty: Q,
    pub(crate) notional: Span,
    pub(crate) sign: i8,
}

/// How much notional a cut closes.
pub(crate) enum Close {
    /// Nothing: the account is at its target.
    Nothing,
    /// So much, which restores it.
    Restores(Span),
    /// Nothing does: so much is best, and within the span about as good.
    Helps(Span),
}

impl Model {
    /// How far correlations are pushed: as for the pool's shortfall, ½ and 0.4 where it has no budgets.
    pub(crate) fn stress(&self) -> (Q, Q) {
        let budgets = self.pool.config.risk.as_ref();
        budgets.map_or_else(|| (fraction(1, 2), fraction(2, 5)), |risk| (risk.high.clone(), risk.low.clone()))
    }

    pub(crate) fn beside(&self, m: usize, legs: &[Leg], place: usize) -> Beside {
        let offset = &self.markets[m].params.maximum_offset;
        let (high, low) = self.stress();
        let others: Vec<&Leg> =
            legs.iter().enumerate().filter(|(n, _)| *n != place).map(|(_, leg)| leg).collect();
        let mut base = Span::zero();
        for a in &others {
            for b in &others {
                let product = if a.feed == b.feed { a.margin.square() } else { &a.margin * &b.margin };
                base = base + product.scale(&self.oracle.correlation(a.feed, b.feed));
            }
        }
        let rho = |leg: &Leg| {
            legs.get(place).map_or_else(Q::zero, |own| self.oracle.correlation(own.feed, leg.feed))
        };
        Beside {
            plain: offset.is_zero() || legs.len() < 2,
            least: whole(1) - offset,
            high,
            low,
            total: others.iter().map(|leg| leg.margin.abs()).sum(),
            base,
            row: others.iter().map(|leg| leg.margin.scale(&rho(leg))).sum(),
            sum: others.iter().map(|leg| leg.margin.clone()).sum(),
            squares: others.iter().map(|leg| leg.margin.square()).sum(),
        }
    }

    /// What an account's legs need together.
    pub(crate) fn requirement(&self, m: usize, legs: &[Leg]) -> Span {
        let first = legs.first().map_or_else(Span::zero, |leg| leg.margin.clone());
        self.beside(m, legs, 0).with(&first)
    }
}

impl Beside {
    fn variances(&self, v: &Span) -> [Span; 3] {
        let base = &self.base + &(&self.row * v).scale(&whole(2)) + v.square();
        let blend = |other: &Span, part: &Q| base.scale(&(whole(1) - part)) + other.scale(part);
        let high = blend(&(&self.sum + v).square(), &self.high);
        let low = blend(&(&self.squares + &v.square()), &self.low);
        [base, high, low]
    }

    /// The requirement with v as this leg's margin.
    pub(crate) fn with(&self, v: &Span) -> Span {
        let total = &self.total + &v.abs();
        if self.plain {
            return total;
        }
        let [base, high, low] = self.variances(v);
        let risk = base.max(&high).max(&low).positive_part().sqrt().up(&unit());
        risk.max(&total.scale(&self.least).up(&unit())).min(&total)
    }

    /// v times how fast the requirement grows with it, by the middles: the order of cuts.
    pub(crate) fn contribution(&self, v: &Span) -> Q {
        let middle = v.middle();
        let exact = Span::exact(middle.clone());
        let [base, high, low] = self.variances(&exact).map(|variance| variance.middle());
        let total = &self.total + &exact.abs();
        let least = total.scale(&self.least).middle();
        let worst = (&base).max(&high).max(&low);
        if self.plain || &least * &least >= *worst {
            return middle.abs();
        }
        let own = &middle * (self.row.middle() + &middle);
        let blend = |other: Q, part: &Q| &own * (whole(1) - part) + other * part;
        if base == *worst {
            own
        } else if high == *worst {
            blend(&middle * (self.sum.middle() + &middle), &self.high)
        } else {
            blend(&middle * &middle, &self.low)
        }
    }

    /// Equity after closing y less the target of what is left.
    fn surplus(&self, cutting: &Cutting, closed: &Q) -> Span {
        let left = (&cutting.notional - &Span::exact(closed.clone())).positive_part();
        let margin = (&left * &cutting.rate).up(&unit()).scale(&whole(cutting.sign));
        &cutting.equity - &self.with(&margin).scale(&cutting.target) - Span::exact(closed * &cutting.penalty)
    }

    /// The least that brings an account to its target, or the best there is.
    pub(crate) fn close(&self, cutting: &Cutting, shown: Option<&Span>) -> Close {
        let zero = Q::zero();
        let now = self.surplus(cutting, &zero);
        match now.at_least(&Span::zero()) {
            Holds::Yes => return Close::Nothing,
            Holds::Unsure if shown.is_none() => return Close::Nothing,
            _ => {}
        }
        if self.plain {
            let relief = cutting.rate.scale(&cutting.target) - Span::exact(cutting.penalty.clone());
            let close = if relief.low().is_positive() {
                (-&now).positive_part().over(&relief).up(&unit())
            } else {
                cutting.notional.clone()
            };
            return Close::Restores(close.min(&cutting.notional));
        }
        let best = self.best(cutting);
        let at_best = self.surplus(cutting, &best);
        let restores = match at_best.at_least(&Span::zero()) {
            Holds::Yes => true,
            Holds::No => false,
            // it is a restoring one if what was shown is not about as good as any
            Holds::Unsure => shown.is_some(),
        };
        if restores {
            // the least at which it may be enough, and the least at which it is for certain
            let from = least(&best, |y| !self.surplus(cutting, y).high().is_negative());
            let to = least(&best, |y| !self.surplus(cutting, y).low().is_negative());
            return Close::Restores(Span::between(from - whole(1), to + whole(1)).positive_part());
        }
        // about as good: within what roundings hide
        let good = at_best.low() - whole(4);
        let enough = |y: &Q| *self.surplus(cutting, y).high() >= good;
        let from = least(&best, enough);
        let end = cutting.notional.high().ceil();
        let to = &end - least(&(&end - &best), |back| enough(&(&end - back)));
        Close::Helps(Span::between(from, to.max(best)))
    }

    /// Where a cut leaves the most, by the middles of the spans.
    fn best(&self, cutting: &Cutting) -> Q {
        let value = |y: &BigInt| self.surplus(cutting, &Q::from_integer(y.clone())).middle();
        let (mut low, mut high) = (BigInt::zero(), cutting.notional.middle().floor().to_integer());
        while &high - &low > BigInt::from(2) {
            let third = (&high - &low) / 3;
            let (a, b) = (&low + &third, &high - &third);
            if value(&a) < value(&b) {
                low = a;
            } else {
                high = b;
            }
        }
        let between = [low.clone(), &low + BigInt::one(), high];
        let best = between.iter().max_by_key(|y| value(y)).cloned().unwrap_or(low);
        Q::from_integer(best)
    }
}

/// The least whole number up to `most` at which something holds that holds there and above.
fn least(most: &Q, holds: impl Fn(&Q) -> bool) -> Q {
    let (mut below, mut at) = (BigInt::from(-1), most.ceil().to_integer());
    while &at - &below > BigInt::one() {
        let middle: BigInt = (&at + &below) / 2;
        if middle.is_negative() || !holds(&Q::from_integer(middle.clone())) {
            below = middle;
        } else {
            at = middle;
        }
    }
    Q::from_integer(at)
}
