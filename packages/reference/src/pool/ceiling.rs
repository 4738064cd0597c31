//! Ceilings that follow what is used, and the depth that follows risk.

use crate::model::Model;
use crate::number::{fraction, unit, whole, Q};
use crate::regime::{Reason, Regime};
use crate::span::{Holds, Span};
use crate::verdict::Trial;

/// What has a ceiling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// A market's credit line.
    Market(usize),
    /// A vault's debt ceiling.
    Vault(usize),
    /// sdUSD's.
    Supply,
}

/// A ceiling that follows: `min(used + gap, max)`.
#[derive(Clone, Debug)]
pub struct Following {
    /// Never higher.
    pub max: Q,
    /// Above what is used.
    pub gap: Q,
    /// Seconds between two rises.
    pub ttl: u64,
    /// When it last rose.
    pub rose_at: u64,
    /// When it last moved.
    pub moved_at: u64,
}

impl Model {
    /// Where a ceiling is, and what is used of it.
    fn ceiling(&self, of: Of) -> (Span, Span) {
        match of {
            Of::Market(n) => (self.pool.markets[n].line.clone(), self.last_used(n)),
            Of::Vault(n) => (self.pool.vaults[n].ceiling.clone(), self.pool.vaults[n].debt.clone()),
            Of::Supply => (self.pool.supply_ceiling.clone(), self.pool.ledger.supply.clone()),
        }
    }

    /// What a market may have cost for a draw: its line, or the maximum of one that follows.
    pub(super) fn hard_line(&self, n: usize) -> Span {
        let line = self.pool.markets[n].line.clone();
        match self.pool.ceilings.get(&Of::Market(n)) {
            Some(following) => line.max(&Span::exact(following.max.clone())),
            None => line,
        }
    }

    fn put_ceiling(&mut self, of: Of, to: Span) {
        match of {
            Of::Market(n) => self.pool.markets[n].line = to,
            Of::Vault(n) => self.pool.vaults[n].ceiling = to.positive_part(),
            Of::Supply => self.pool.supply_ceiling = to.positive_part(),
        }
    }

    pub(super) fn adjust(&mut self, trial: &mut Trial, now: u64, of: Of) -> Option<()> {
        let following = self.pool.ceilings.get(&of).cloned();
        trial.must("E0007", following.is_some())?;
        let mut following = following?;
        let (from, used) = self.ceiling(of);
        let to = (used + Span::exact(following.gap.clone())).min(&Span::exact(following.max.clone()));
        let (rises, falls) = (from.below(&to), to.below(&from));
        trial.note("E0322", either(rises, falls));
        trial.must("E0330", now > following.moved_at)?;
        if rises != Holds::No {
            let of_market = match of {
                Of::Market(n) => self.pool.markets[n].watch.below(Regime::Caution),
                _ => Holds::Yes,
            };
            let trip = self.pool.watch.trip;
            let uninsured = trip.because_of(Reason::INSURANCE) == Regime::Caution;
            let of_pool = if uninsured { Holds::Yes } else { self.pool.watch.below(Regime::Caution) };
            let calm = of_pool.and(of_market);
            trial.note("E0328", unless(rises, calm));
            let due = now >= following.rose_at + following.ttl;
            trial.note("E0330", unless(rises, due.into()));
            following.rose_at = now;
        }
        following.moved_at = now;
        self.put_ceiling(of, to);
        let _ = self.pool.ceilings.insert(of, following);
        Some(())
    }

    /// 2 % an hour towards where risk puts it.
    pub(super) fn adjust_depth(&mut self, trial: &mut Trial, now: u64) -> Option<()> {
        let target = self.depth_target(now);
        let from = self.pool.depth.clone();
        let furthest = from.scale(&fraction(2, 100)).down(&unit());
        let to = target.max(&(&from - &furthest)).min(&(&from + &furthest));
        let (rises, falls) = (from.below(&to), to.below(&from));
        trial.note("E0322", either(rises, falls));
        trial.note("E0328", unless(rises, self.pool.watch.below(Regime::Caution)));
        trial.must("E0330", self.pool.depth_moved_at.is_none_or(|at| now >= at + 3_600))?;
        self.pool.depth_moved_at = Some(now);
        self.pool.depth = to;
        Some(())
    }

    fn depth_target(&self, now: u64) -> Span {
        let config = &self.pool.config;
        let Some(least) = &config.least_depth else { return self.pool.depth.clone() };
        let full = match &config.risk {
            Some(budgets) => {
                let x = self.exposures(|feed| self.pool.marks.get(&feed).cloned());
                let budget = self.free_collateral(now).positive_part().scale(&budgets.markets).down(&unit());
                filled(&self.shortfall(&x), &budget)
            }
            None => {
                let owed: Span = self.pool.vaults.iter().map(|vault| vault.debt.clone()).sum();
                filled(&owed.positive_part(), &self.weights())
            }
        };
        let span = &config.impact_depth - least;
        Span::exact(config.impact_depth.clone()) - full.scale(&span).up(&unit())
    }

    /// Where a breaker has just tripped to close-only or worse, ceilings that follow fall to what is used.
    pub(crate) fn collapse(&mut self) {
        let all = self.pool.watch.just(Regime::CloseOnly);
        let followed: Vec<Of> = self.pool.ceilings.keys().copied().collect();
        for of in followed {
            let own = matches!(of, Of::Market(n) if self.pool.markets[n].watch.just(Regime::CloseOnly));
            if all || own {
                let (line, used) = self.ceiling(of);
                self.put_ceiling(of, line.min(&used));
            }
        }
        self.pool.watch.stood = self.pool.watch.trip.regime;
        for listed in &mut self.pool.markets {
            listed.watch.stood = listed.watch.trip.regime;
        }
    }
}

/// `amount ÷ of` up to all of it, rounded up.
fn filled(amount: &Span, of: &Span) -> Span {
    if amount.high() <= &whole(0) {
        return Span::zero();
    }
    if of.low() <= &whole(0) {
        return Span::between(whole(0), whole(1));
    }
    amount.over(of).up(&crate::number::ratio_step()).min(&Span::whole(1))
}

fn either(a: Holds, b: Holds) -> Holds {
    match (a, b) {
        (Holds::Yes, _) | (_, Holds::Yes) => Holds::Yes,
        (Holds::No, Holds::No) => Holds::No,
        _ => Holds::Unsure,
    }
}

/// `rule` where `asked`, else nothing.
fn unless(asked: Holds, rule: Holds) -> Holds {
    match (asked, rule) {
        (Holds::No, _) | (_, Holds::Yes) => Holds::Yes,
        (Holds::Yes, Holds::No) => Holds::No,
        _ => Holds::Unsure,
    }
}
