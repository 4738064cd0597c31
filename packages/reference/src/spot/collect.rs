//! Claims that are collected, orders that are taken back, tokens that are nobody's.

use num_traits::{Signed, Zero};

use super::SPOT;
use crate::bank::SDUSD;
use crate::model::Model;
use crate::number::{unit, Q};
use crate::span::Span;
use crate::verdict::Trial;

impl Model {
    /// Out of what is held, the rest drawn from the pool; while that has bad debt, everybody is paid out of both in proportion.
    pub(super) fn collect_claim(
        &mut self,
        trial: &mut Trial,
        now: u64,
        owner: &str,
        asked: Option<&Q>,
        (recipient, accepted): (&str, &Q),
    ) -> Option<()> {
        let spot = self.spot.as_ref()?;
        let claim = spot.claims.get(owner).cloned().unwrap_or_else(Span::zero);
        let asked = asked.map_or_else(|| claim.clone(), |asked| Span::exact(asked.clone()));
        trial.must("E0005", asked.high().is_positive())?;
        trial.at_least("E0421", &claim, &asked);
        let n = self.place_of_spot();
        let mut paid = spot.held.min(&asked);
        if !self.pool.in_bad_debt.is_zero() {
            trial.must("E0206", self.market_fresh(n, now))?;
            let (held, owed) = (spot.held.clone(), self.reported(n, now).positive_part());
            if !owed.is_zero() {
                paid = (&asked * &held).over(&(&held + &owed)).down(&unit()).positive_part().min(&held);
            }
        }
        let drawn = &asked - &paid;
        let spot = self.spot.as_mut()?;
        spot.held = &spot.held - &paid;
        spot.drawn = &spot.drawn + &drawn;
        let left = claim - asked;
        if left.is_zero() {
            let _ = spot.claims.remove(owner);
        } else {
            let _ = spot.claims.insert(owner.into(), left);
        }
        self.bank.pay(SDUSD, SPOT, recipient, &paid);
        if !drawn.is_zero() {
            self.draw(trial, now, n, (&drawn, accepted), recipient);
        }
        Some(())
    }

    /// Before its interval begins.
    pub(super) fn cancel_synthetic(
        &mut self,
        trial: &mut Trial,
        now: u64,
        sender: &str,
        k: usize,
        number: u64,
    ) -> Option<()> {
        let own = self.synthetic(trial, k)?;
        let order = own.orders.iter().find(|order| order.number == number).cloned();
        let symbol = own.config.symbol.clone();
        trial.must("E0007", order.is_some())?;
        let order = order?;
        trial.must("E0413", order.owner == sender)?;
        trial.must("E0412", now < self.oracle.start(order.interval))?;
        self.release(k, number)?;
        if !order.kind.paid().is_zero() {
            self.pay_out(sender, &Span::exact(order.kind.paid()));
        }
        self.bank.pay(&symbol, SPOT, sender, &Span::exact(order.kind.tokens()));
        Some(())
    }

    /// Tokens that lie in the contract and are nobody's are burnt, and those that holders have burnt are no longer owed.
    pub(super) fn sweep_synthetic(&mut self, trial: &mut Trial, now: u64, k: usize) -> Option<()> {
        let own = self.synthetic(trial, k)?;
        let symbol = own.config.symbol.clone();
        let burnt = (self.bank.balance(&symbol, SPOT) - own.locked()).positive_part();
        let supply = self.bank.supply(&symbol) - &burnt;
        trial.must("E0322", supply.high() < own.supply.low())?;
        self.bank.debit(&symbol, SPOT, &burnt);
        self.synthetic_mut(k)?.supply = supply;
        self.touch(now);
        Some(())
    }
}
