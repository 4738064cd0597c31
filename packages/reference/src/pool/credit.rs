//! Credit of the markets, and the collateral that has to stay free for it.

use super::Position;
use crate::model::Model;
use crate::number::{days, unit, whole};
use crate::span::Span;

impl Model {
    /// What a market may owe beyond its last accepted debt because prices are stale: 3·σ·√age·|x| of each at the marks, and
    /// at most the credit that it has left.
    fn extra_of(&self, n: usize, now: u64) -> Span {
        if self.market_fresh(n, now) {
            return Span::zero();
        }
        let credit = (self.pool.markets[n].line.clone() - self.last_used(n)).positive_part();
        let mut drift = Span::zero();
        for feed in self.feeds_in_use(n) {
            if self.oracle.marking(feed, now).is_some() {
                continue;
            }
            let (Some(quote), Some(mark)) = (self.oracle.last(feed), self.pool.marks.get(&feed)) else {
                return credit;
            };
            let age = Span::exact(days(now.saturating_sub(quote.publish_time))).sqrt();
            let exposure = self.skew_of_feed(n, feed).scale(mark).abs().either(&unit());
            let part = exposure * age * self.oracle.measured_sigma(feed).scale(&whole(3));
            drift = drift + part.up(&unit());
        }
        drift.min(&credit)
    }

    /// The same of all markets.
    pub(crate) fn extra(&self, now: u64) -> Span {
        (0..self.pool.markets.len()).map(|n| self.extra_of(n, now)).sum()
    }

    /// Reported + drawn + fees − shortfalls as last accepted.
    pub(crate) fn last_used(&self, n: usize) -> Span {
        let listed = &self.pool.markets[n];
        &listed.reported + &listed.drawn + &listed.fees - &listed.shortfalls
    }

    /// Reported + drawn + fees − shortfalls at the worst edge of every confidence band.
    pub(crate) fn used_at_worst(&self, n: usize, now: u64) -> Span {
        let counters = self.counters(n);
        self.reported_at_worst(n, now) + counters.drawn + counters.fees - counters.shortfalls
    }

    /// What a market has cost the providers, as the pool sees it.
    pub(crate) fn used_credit(&self, n: usize, now: u64) -> Span {
        if self.market_fresh(n, now) {
            self.used_at_worst(n, now)
        } else {
            self.last_used(n) + self.extra_of(n, now)
        }
    }

    /// Credit that the markets may still use, but for that of bonded ones, which counts as lost; or, where that is more, what their expected shortfall needs.
    pub(crate) fn locked_credit(&self, now: u64) -> Span {
        let credit: Span = (0..self.pool.markets.len())
            .filter(|n| !self.is_desk(*n))
            .map(|n| {
                let line = self.pool.markets[n].line.clone();
                (line - self.used_credit(n, now)).positive_part()
            })
            .sum();
        credit.max(&self.needed_for_shortfall())
    }

    /// Collateral at the vaults' prices less debt at the largest debt per share of the last hour or two, less bad debt, less
    /// what stale prices may hide, less what bonded markets may still cost.
    pub(crate) fn free_collateral(&self, now: u64) -> Span {
        let pool = &self.pool;
        let mut free = -&pool.ledger.bad_debt;
        for vault in &pool.vaults {
            let above = (vault.peak.largest() - &vault.per_share).positive_part() * &vault.shares;
            free = free + &vault.weight - &vault.debt - above.up(&unit());
        }
        for n in 0..pool.markets.len() {
            free = free - self.taken_for_lost(n, &self.used_credit(n, now));
        }
        free - self.extra(now)
    }

    /// What mints and exits of a position are tested at: its debt at the peak, rounded up, and its part of what stale prices
    /// may hide.
    pub(crate) fn debt_for_issuance(&self, n: usize, position: &Position, now: u64) -> Span {
        let debt = self.pool.debt_at_peak(n, position).up(&unit());
        let extra = self.extra(now);
        let weights: Span = self.pool.vaults.iter().map(|vault| vault.weight.clone()).sum();
        let vault = &self.pool.vaults[n];
        if extra.is_zero() || weights.is_zero() || position.shares.is_zero() {
            return debt;
        }
        let of_vault = (extra * &vault.weight).over(&weights).up(&unit());
        debt + (of_vault * &position.shares).over(&vault.shares).up(&unit())
    }
}
