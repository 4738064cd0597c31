//! `sync`: the liquidator's counters → marks → markets with theirs → Φ → what is set aside for notes → the loss waterfall → vaults' weights → peaks → breakers.

use super::watch::Before;
use super::Source;
use crate::model::Model;
use crate::number::{debt_step, unit, whole};
use crate::span::{Holds, Span};

impl Model {
    /// Books what has happened since the last sync.
    pub(crate) fn sync(&mut self, now: u64) {
        let before = self.before_sync();
        self.sync_after(now, &before);
    }

    /// The same, where a draw has changed what stood before it.
    pub(crate) fn sync_after(&mut self, now: u64, stood: &Before) {
        let before: Vec<Span> = self.pool.vaults.iter().map(|vault| vault.per_share.clone()).collect();
        let insured = self.pool.ledger.insurance.clone();
        let auctions = self.book_recoveries();
        self.refresh_marks(now);
        let (delta, mut arisen) = self.accept_markets(now);
        arisen.push((Source::Auctions, auctions));
        self.set_aside(&insured);
        self.providers_or_nobody(&delta);
        self.meet_losses(now, &arisen);
        for vault in 0..self.pool.vaults.len() {
            self.refresh_weight(vault, now);
        }
        for (vault, before) in self.pool.vaults.iter_mut().zip(&before) {
            let after = vault.per_share.clone();
            vault.peak.observe(before, &after, now);
        }
        self.watch(now, stood);
        let bad_debt = &self.pool.ledger.bad_debt;
        self.pool.in_bad_debt = match (bad_debt.is_zero(), bad_debt.at_least(&Span::whole(1))) {
            (true, _) => Span::zero(),
            (_, Holds::Yes) => Span::whole(1),
            _ => Span::between(whole(0), whole(1)),
        };
    }

    /// Growth of the liquidator's counters; what auctions ended short.
    fn book_recoveries(&mut self) -> Span {
        let now = self.liquidator.recoveries();
        let ledger = &mut self.pool.ledger;
        let seen = &self.pool.recoveries;
        let recovered = &now.recovered - &seen.recovered;
        let penalties = &now.penalties - &seen.penalties;
        let shortfalls = &now.shortfalls - &seen.shortfalls;
        let tips = &now.tips - &seen.tips;
        ledger.tab = &ledger.tab - &recovered - &shortfalls;
        ledger.supply = &ledger.supply - &recovered - &penalties + &tips;
        ledger.insurance = &ledger.insurance + &penalties - &tips;
        ledger.bad_debt = &ledger.bad_debt + &shortfalls;
        let paid = &now.notes_paid - &seen.notes_paid;
        let met = paid.min(&ledger.bad_debt);
        ledger.supply = &ledger.supply - &paid;
        ledger.bad_debt = &ledger.bad_debt - &met;
        ledger.insurance = &ledger.insurance + &(&paid - &met);
        self.pool.losses.notes = &self.pool.losses.notes + &met;
        self.pool.recoveries = now;
        shortfalls
    }

    /// The mark of a feed is its price as long as that is fresh, then its last one.
    fn refresh_marks(&mut self, now: u64) {
        for feed in 0..self.oracle.quotes.len() {
            if let Some(quote) = self.oracle.marking(feed, now) {
                self.pool.marks.insert(feed, quote.price.clone());
            }
        }
    }

    /// What the markets and Φ have moved by, and what accounts of each lacked. A market whose prices are not fresh keeps its debt and its counters.
    fn accept_markets(&mut self, now: u64) -> (Span, Vec<(Source, Span)>) {
        let (mut delta, mut arisen) = (Span::zero(), Vec::new());
        for n in 0..self.pool.markets.len() {
            if self.market_fresh(n, now) {
                arisen.push((Source::Market(n), self.book_counters(n)));
                let reported = self.reported(n, now);
                delta = delta + (&reported - &self.pool.markets[n].reported);
                self.pool.markets[n].reported = reported;
            }
        }
        self.pool.ledger.reported = self.pool.markets.iter().map(|listed| listed.reported.clone()).sum();
        let potential = self.potential_now();
        delta = delta + (&potential - &self.pool.ledger.potential);
        self.pool.ledger.potential = potential;
        (delta, arisen)
    }

    /// Growth of a market's fees and shortfalls, and the latter. Draws are booked by the draw itself.
    fn book_counters(&mut self, n: usize) -> Span {
        let (now, pool) = (self.counters(n), &mut self.pool);
        let listed = &mut pool.markets[n];
        let fees = &now.fees - &listed.fees;
        let shortfalls = &now.shortfalls - &listed.shortfalls;
        listed.reported = &listed.reported - &fees + &shortfalls;
        listed.fees = now.fees;
        listed.shortfalls = now.shortfalls;
        pool.ledger.insurance = &pool.ledger.insurance + &fees;
        pool.ledger.bad_debt = &pool.ledger.bad_debt + &shortfalls;
        shortfalls
    }

    /// Φ of fresh skews at the marks; the pool owes it, so it is rounded up.
    pub(crate) fn potential_now(&self) -> Span {
        let exposures = self.exposures(|feed| self.pool.marks.get(&feed).cloned());
        self.potential(&exposures).up(&unit()).positive_part()
    }

    /// Whether all prices that a market's record needs are fresh.
    pub(crate) fn market_fresh(&self, n: usize, now: u64) -> bool {
        self.feeds_in_use(n).into_iter().all(|feed| self.oracle.marking(feed, now).is_some())
    }

    pub(super) fn has_providers(&self) -> bool {
        self.pool.vaults.iter().any(|vault| vault.weight.low() > &whole(0))
    }

    fn providers_or_nobody(&mut self, delta: &Span) {
        if delta.is_zero() {
            return;
        }
        if self.has_providers() {
            self.spread(delta);
        } else {
            self.pool.ledger.nobody_owes(delta);
        }
    }

    /// Splits an amount of debt over the vaults by weight and within each over its shares. Σ is kept; a vault's part is
    /// within a micro-USD of its due; the part of a share is rounded down at 27 decimals and the rest is carried.
    pub(super) fn spread(&mut self, delta: &Span) {
        let weights: Span = self.pool.vaults.iter().map(|vault| vault.weight.clone()).sum();
        let whole_part = self.pool.vaults.iter().filter(|vault| !vault.weight.is_zero()).count() == 1;
        self.pool.ledger.vault_debt = &self.pool.ledger.vault_debt + delta;
        for n in 0..self.pool.vaults.len() {
            let vault = &self.pool.vaults[n];
            if vault.weight.is_zero() || vault.shares.is_zero() {
                continue;
            }
            let part = if whole_part {
                delta.clone()
            } else {
                (delta * &vault.weight).over(&weights).either(&unit())
            };
            self.hand_out(n, &part);
        }
    }

    fn hand_out(&mut self, n: usize, part: &Span) {
        let vault = &mut self.pool.vaults[n];
        vault.debt = &vault.debt + part;
        let waits = vault.remainder.clone();
        vault.remainder = &vault.remainder + part;
        self.pour_out(n);
        if part.holds(&whole(0)) {
            // nothing may have been handed out at all
            let vault = &mut self.pool.vaults[n];
            vault.remainder = vault.remainder.or(&waits);
        }
    }

    /// What waits in a vault goes to its shares, rounded down.
    pub(super) fn pour_out(&mut self, n: usize) {
        let vault = &mut self.pool.vaults[n];
        let each = vault.remainder.over(&vault.shares).down(&debt_step());
        vault.per_share = &vault.per_share + &each;
        vault.remainder = Span::between(whole(0), vault.shares.high() * debt_step());
        for ((of, _), position) in &mut self.pool.positions {
            if *of == n {
                position.debt = &position.debt + &(&each * &position.shares);
            }
        }
    }

    /// A vault's weight is the value of its collateral, rounded down, at a fresh and certain price; else the last one.
    pub(crate) fn refresh_weight(&mut self, n: usize, now: u64) {
        let price = self.vault_price(n, now);
        let vault = &mut self.pool.vaults[n];
        if vault.shares.is_zero() {
            vault.weight = Span::zero();
        } else if let Some(price) = price {
            vault.weight = vault.value(&vault.amount, &price).down(&unit()).positive_part();
        }
    }

    /// The price of a vault's collateral, if it is fresh and its confidence no wider than allowed.
    pub(crate) fn vault_price(&self, n: usize, now: u64) -> Option<crate::number::Q> {
        let config = &self.pool.vaults[n].config;
        let quote = self.oracle.marking(config.feed, now)?;
        (quote.confidence <= config.maximum_confidence).then(|| quote.price.clone())
    }
}
