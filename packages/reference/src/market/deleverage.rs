//! Deleveraging: when winners have won more than a part of the credit line on paper, each winning side is scaled by one factor at
//! the index, and each of its positions realises the same part of its PnL.

use num_traits::{One, Signed, Zero};

use super::{Held, Market};
use crate::model::Model;
use crate::number::{fraction, ratio_step, ten, unit, whole, Q};
use crate::oracle::Quote;
use crate::span::{Holds, Span};

/// A side of a perpetual: whether it is the short one.
pub(crate) type Side = (usize, bool);

/// What is left of a side after one scaling at least; and after all of them.
fn least() -> (Q, Q) {
    (fraction(1, 10), ten(6).recip())
}

impl Market {
    /// Positions on a side that has been scaled since it was last empty; 0 of any other. So many units at most are its record's
    /// sums beside those of its positions, because each of these is rounded against its holder.
    pub(crate) fn rounded(&self, side: Side) -> usize {
        if self.scaled.contains_key(&side) {
            self.held_on(side).count()
        } else {
            0
        }
    }

    /// The same of all sides.
    pub(crate) fn all_rounded(&self) -> Q {
        whole(self.scaled.keys().map(|side| self.rounded(*side)).sum::<usize>())
    }

    /// Positions on a side.
    pub(crate) fn held_on(&self, (perp, short): Side) -> impl Iterator<Item = &Held> {
        let sign = if short { -1 } else { 1 };
        let held = self.accounts.values().filter_map(move |account| account.positions.get(&perp));
        held.filter(move |held| held.size.sign() == sign)
    }

    /// A side that everybody has closed begins anew.
    pub(crate) fn forget_closed_sides(&mut self) {
        let closed: Vec<Side> =
            self.scaled.keys().filter(|side| self.held_on(**side).next().is_none()).copied().collect();
        for side in closed {
            let _ = self.scaled.remove(&side);
        }
    }
}

impl Model {
    /// S·(P + F) − C of a side where that is positive.
    fn won(&self, m: usize, side: Side, quote: &Quote, now: u64) -> Span {
        let market = &self.markets[m];
        let sign = if side.1 { -1 } else { 1 };
        let size = market.side(side.0, sign).scale(&whole(sign));
        let cost: Span = market.held_on(side).map(|held| held.cost.clone()).sum();
        let cost = &cost - &Span::between(Q::zero(), whole(market.rounded(side)));
        let level = Span::exact(quote.price.clone()) + self.funding_index(m, side.0, now);
        ((&size * &level).down(&unit()) - cost).positive_part()
    }

    /// Winning sides of perpetuals whose index is fresh and certain enough to liquidate by.
    fn winning(&self, m: usize, now: u64) -> Vec<(Side, Quote, Span)> {
        let mut all = Vec::new();
        for (perp, of) in self.markets[m].perps.iter().enumerate() {
            let Some(quote) = self.oracle.marking(of.config.feed, now) else { continue };
            if quote.confidence > of.config.liquidate_confidence {
                continue;
            }
            for short in [false, true] {
                let won = self.won(m, (perp, short), quote, now);
                if won.high().is_positive() {
                    all.push(((perp, short), quote.clone(), won));
                }
            }
        }
        all
    }

    /// Looks at all perpetuals, or first at those that have changed, and at all only if one of them has the n-th part of what it takes.
    pub(super) fn deleverage(&mut self, m: usize, now: u64, changed: Option<&[usize]>) {
        let Some((begin, end)) = self.markets[m].params.deleveraging.clone() else { return };
        let line = self.pool.markets[m].line.positive_part();
        let sum = |won: &[(Side, Quote, Span)]| won.iter().map(|(_, _, won)| won.clone()).sum::<Span>();
        let bound = line.scale(&begin);
        let due = |won: &Span| bound.below(won).and((!line.is_zero()).into());
        let winners = self.winning(m, now);
        let total = sum(&winners);
        let mut happens = due(&total);
        if let Some(changed) = changed {
            let count = whole(self.markets[m].perps.len());
            let own = |perp: &usize| {
                let own: Vec<_> =
                    self.winning(m, now).into_iter().filter(|(side, _, _)| side.0 == *perp).collect();
                due(&sum(&own).scale(&count))
            };
            // what else an account has may have been looked at, too
            if !changed.iter().any(|perp| own(perp) == Holds::Yes) {
                happens = happens.and(Holds::Unsure);
            }
        }
        let told = self.hints.deleveraged.keys().any(|(market, _)| *market == m);
        if happens == Holds::No || (happens == Holds::Unsure && !told) {
            return;
        }
        let factor = line.scale(&end).down(&unit()).over(&total).down(&ratio_step());
        let factor = factor.max(&Span::exact(least().0));
        for (side, quote, won) in winners {
            let shown = self.hints.deleveraged.get(&(m, side));
            if shown.is_some() || won.low().is_positive() {
                let exact = shown.filter(|shown| factor.holds(shown)).map(|shown| Span::exact(shown.clone()));
                self.scale(m, side, &quote, &exact.unwrap_or_else(|| factor.clone()), now);
            }
        }
    }

    /// Every position of a side keeps the same part of its size and cost, and realises the rest at the index.
    fn scale(&mut self, m: usize, side: Side, quote: &Quote, factor: &Span, now: u64) {
        let before = self.markets[m].scaled.get(&side).map_or_else(Q::one, |index| index.middle());
        let after = factor.scale(&before).cut(&ten(12).recip()).max(&Span::exact(least().1));
        let kept = after.over_exact(&before);
        if !kept.low().is_positive() || kept == Span::whole(1) {
            return;
        }
        let level = Span::exact(quote.price.clone()) + self.funding_index(m, side.0, now);
        let gone = Span::whole(1) - &kept;
        let sign = if side.1 { -1 } else { 1 };
        for account in self.markets[m].accounts.values_mut() {
            let Some(held) = account.positions.get_mut(&side.0).filter(|held| held.size.sign() == sign)
            else {
                continue;
            };
            // what is shown has been rounded by less than one of its units
            let size = held.size.or(&(&held.size + &Span::exact(ratio_step())));
            let cost = held.cost.or(&(&held.cost - &Span::exact(unit())));
            let realised = (&size * &level - &cost) * &gone;
            account.margin = &account.margin + &realised.either(&unit());
            held.size = (&size * &kept).down(&ratio_step());
            held.cost = (&cost * &kept).up(&unit());
        }
        let _ = self.markets[m].scaled.insert(side, after);
    }
}
