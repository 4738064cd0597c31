//! Expected shortfall of a day, the worst of three matrices, and the budgets that bound it.

use crate::impact::Exposures;
use crate::model::Model;
use crate::number::{fraction, ratio_step, unit, whole, Q};
use crate::regime::Regime;
use crate::span::{Holds, Span};
use crate::verdict::Trial;

/// What an order may raise, by the name of its budget.
struct Shortfalls {
    markets: Span,
    total: Span,
}

/// What increases what the pool owes, at the board's last prices.
pub(crate) struct Increase<'a> {
    /// Its feed.
    pub(crate) feed: usize,
    /// Exposures without it.
    pub(crate) before: &'a Exposures,
    /// With what of it only reduces.
    pub(crate) halfway: &'a Exposures,
    /// With all of it.
    pub(crate) after: &'a Exposures,
    /// Value of the increasing part, signed like what is owed more; micro-USD.
    pub(crate) step: Q,
}

impl Model {
    /// The worst of xᵀΣx, (1−a)·xᵀΣx + a·(Σσx)² and (1−c)·xᵀΣx + c·Σ(σx)².
    fn worst_variance(&self, x: &Exposures, sigma: impl Fn(usize) -> Span) -> Span {
        let (high, low) = self.stress();
        let weighted: Vec<(usize, Span)> = x.iter().map(|(feed, x)| (*feed, x * &sigma(*feed))).collect();
        let (mut base, mut sum, mut squares) = (Span::zero(), Span::zero(), Span::zero());
        for (i, own) in &weighted {
            for (j, other) in &weighted {
                let product = if i == j { own.square() } else { own * other };
                base = base + product.scale(&self.oracle.correlation(*i, *j));
            }
            sum = sum + own;
            squares = squares + own.square();
        }
        let blend = |other: &Span, part: &Q| base.scale(&(whole(1) - part)) + other.scale(part);
        let (high, low) = (blend(&sum.square(), &high), blend(&squares, &low));
        base.max(&high).max(&low).positive_part()
    }

    /// 2.82·√ of that with the measured σ, rounded up.
    pub(crate) fn shortfall(&self, x: &Exposures) -> Span {
        let worst = self.worst_variance(x, |feed| self.oracle.measured_sigma(feed));
        worst.scale(&(fraction(282, 100) * fraction(282, 100))).sqrt().up(&unit())
    }

    /// σ that fees, funding and credit respond to: the largest of the priced, the measured and the ramped one.
    fn stressed_sigma(&self, feed: usize) -> Span {
        let priced = Span::exact(self.oracle.sigma(feed));
        self.oracle.measured_sigma(feed).max(&self.oracle.ramped_sigma(feed)).max(&priced)
    }

    /// That of a feed ÷ the priced one.
    pub(crate) fn stress_of(&self, feed: usize) -> Span {
        self.stressed_sigma(feed).over_exact(&self.oracle.sigma(feed)).up(&ratio_step())
    }

    /// Standard deviation of a book with those σ ÷ that with the priced ones, at least 1 and at most `most`.
    pub(crate) fn stress_of_book(&self, x: &Exposures, most: &Q) -> Span {
        let one = Span::whole(1);
        let calm = |feed: &usize| self.stressed_sigma(*feed) == Span::exact(self.oracle.sigma(*feed));
        if x.keys().all(calm) {
            return one;
        }
        let deviation = |variance: Span| variance.sqrt().up(&unit());
        let priced = deviation(self.worst_variance(x, |feed| Span::exact(self.oracle.sigma(feed))));
        let stressed = deviation(self.worst_variance(x, |feed| self.stressed_sigma(feed)));
        let most = Span::exact(most.clone());
        if *priced.low() < whole(1) {
            return one.or(&most);
        }
        stressed.over(&priced).up(&ratio_step()).max(&one).min(&most)
    }

    /// Free collateral that the markets' shortfall needs at its budget; nothing where there is none.
    pub(crate) fn needed_for_shortfall(&self) -> Span {
        let Some(budgets) = &self.pool.config.risk else { return Span::zero() };
        let x = self.exposures(|feed| self.pool.marks.get(&feed).cloned());
        self.shortfall(&x).over_exact(&budgets.markets).up(&unit())
    }

    /// Value of each vault's collateral by feed, at the board's prices; its last weight where they are stale.
    fn backing(&self, now: u64) -> Exposures {
        let mut backing = Exposures::new();
        for vault in &self.pool.vaults {
            let value = match self.oracle.marking(vault.config.feed, now) {
                _ if vault.shares.is_zero() => Span::zero(),
                Some(quote) => vault.value(&vault.amount, &quote.price).down(&unit()).positive_part(),
                None => vault.weight.clone(),
            };
            let sum = backing.entry(vault.config.feed).or_insert_with(Span::zero);
            *sum = &*sum + &value;
        }
        backing
    }

    fn shortfalls(&self, x: &Exposures, backing: &Exposures) -> Shortfalls {
        let mut combined = x.clone();
        for (feed, held) in backing {
            let x = x.get(feed).cloned().unwrap_or_else(Span::zero);
            let _ = combined.insert(*feed, together(&x, held));
        }
        Shortfalls { markets: self.shortfall(x), total: self.shortfall(&combined) }
    }

    /// An order may raise neither shortfall, or leave both within their budgets. Orders ahead of it count as filled: of its own
    /// perpetual those of its side, of others all. Under close-only what increases (all but `reduced` of it) has to lower both, and Φ.
    /// Returns by how much the order raises the markets' shortfall.
    pub(crate) fn within_budgets(
        &self,
        trial: &mut Trial,
        now: u64,
        m: usize,
        perp: usize,
        size: &Q,
        reduced: &Q,
    ) -> Span {
        let side = if *size > whole(0) { 1 } else { -1 };
        let before = self.exposures_with(m, |k, other| {
            if k == perp {
                other.pending(side).scale(&whole(side))
            } else {
                other.pending(1) - other.pending(-1)
            }
        });
        let feed = self.markets[m].perps[perp].config.feed;
        let with = |size: &Q| {
            let mut after = before.clone();
            if let Some(quote) = self.oracle.last(feed) {
                let entry = after.entry(feed).or_insert_with(Span::zero);
                *entry = &*entry + &Span::exact(-size * &quote.price).either(&unit());
            }
            after
        };
        let step = (size - reduced) * self.oracle.last(feed).map_or_else(|| whole(0), |q| q.price.clone());
        let increase = Increase { feed, before: &before, halfway: &with(reduced), after: &with(size), step };
        self.increase_within_budgets(trial, now, m, &increase)
    }

    /// The same of anything that increases what the pool's n-th contract owes.
    pub(crate) fn increase_within_budgets(
        &self,
        trial: &mut Trial,
        now: u64,
        n: usize,
        increase: &Increase<'_>,
    ) -> Span {
        let Increase { feed, before, halfway, after, step } = increase;
        let backing = self.backing(now);
        let (was, is) = (self.shortfalls(before, &backing), self.shortfalls(after, &backing));
        if self.regime(n, *feed) >= Regime::CloseOnly {
            let between = self.shortfalls(halfway, &backing);
            let paid = self.premium_paid(halfway, *feed, &Span::exact(-step));
            let less = paid.below(&Span::zero());
            let less = less.and(is.markets.below(&between.markets)).and(is.total.below(&between.total));
            trial.note("E0328", less);
        }
        let Some(budgets) = &self.pool.config.risk else {
            return (&is.markets - &was.markets).positive_part();
        };
        let held: Span = backing.values().cloned().sum();
        let mut debt = &self.pool.ledger.bad_debt + &(self.used_at_worst(n, now) - self.last_used(n));
        for vault in &self.pool.vaults {
            debt = debt + &vault.debt;
        }
        for other in 0..self.pool.markets.len() {
            debt = debt + self.taken_for_lost(other, &self.last_used(other));
        }
        let free = (&held - &debt).positive_part();
        let not_raised = was.markets.at_least(&is.markets).and(was.total.at_least(&is.total));
        for (code, shortfall, budget) in [
            ("E0326", &is.markets, free.scale(&budgets.markets).down(&unit())),
            ("E0327", &is.total, held.scale(&budgets.total).down(&unit())),
        ] {
            let holds = match (not_raised, budget.at_least(shortfall)) {
                (Holds::Yes, _) | (_, Holds::Yes) => Holds::Yes,
                (Holds::No, Holds::No) => Holds::No,
                _ => Holds::Unsure,
            };
            trial.note(code, holds);
        }
        (&is.markets - &was.markets).positive_part()
    }
}

/// Markets' exposure in a feed and collateral in it: of two with different signs the smaller takes half of itself off the larger.
fn together(x: &Span, held: &Span) -> Span {
    let half = |leg: &Span| leg.scale(&fraction(1, 2)).down(&unit());
    let short = x.negative_part();
    let as_long = x.positive_part() + held - half(&short);
    let as_short = half(held) - &short;
    match held.at_least(&short) {
        Holds::Yes => as_long,
        Holds::No => as_short,
        Holds::Unsure => as_long.or(&as_short),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{model, usd};

    #[test]
    fn one_feed_falls_short_by_2_82_standard_deviations() {
        // σ = 4 %: the same by all three matrices
        let x = Exposures::from([(1, Span::exact(usd(1_000)))]);
        let shortfall = model().shortfall(&x);
        assert!(shortfall.holds(&whole(112_800_000)), "{shortfall:?}");
        assert!(shortfall.high() - shortfall.low() <= whole(2));
    }

    #[test]
    fn collateral_offsets_at_most_half_of_the_smaller_leg() {
        let of = |x: i64, held: i64| together(&Span::exact(usd(x)), &Span::exact(usd(held)));
        assert_eq!(of(60, 100), Span::exact(usd(160)));
        assert_eq!(of(-60, 100), Span::exact(usd(70)));
        assert_eq!(of(-150, 100), Span::exact(usd(-100)));
    }
}
