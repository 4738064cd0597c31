//! What the desk pays: to whom a market owes it, or an opener his bond.

use num_traits::{Signed, Zero};

use super::{Announced, Bonded, DESK};
use crate::bank::SDUSD;
use crate::model::Model;
use crate::number::{ten, unit, Q};
use crate::span::Span;
use crate::verdict::Trial;

impl Model {
    pub(super) fn draw_of_bonded(
        &mut self,
        trial: &mut Trial,
        now: u64,
        market: &str,
        amount: &Q,
        (recipient, accepted): (&str, &Q),
    ) -> Option<()> {
        trial.must("E0005", amount.is_positive())?;
        trial.must("E0004", *amount <= ten(21))?;
        let config = self.desk.as_ref()?.config.clone();
        let asked = Span::exact(amount.clone());
        let own = self.bonded(trial, market)?;
        let resolved = own.quarantine.as_ref().map(|quarantine| quarantine.resolved.is_some());
        if resolved == Some(true) {
            // what it is owed was said for good: what is drawn of that is no longer claimed
            trial.must("E0421", own.claim.low() >= amount)?;
            own.claim = &own.claim - &asked;
        } else {
            trial.must("E1006", resolved.is_none())?;
            trial.must("E1011", own.closing.is_none())?;
            trial.must("E1010", own.is_fresh(now, config.maximum_age))?;
            own.within_bond_or_announced(trial, now, amount, config.draw_delay)?;
        }
        own.paid_out = &own.paid_out + &asked;
        trial.must("E1008", own.cost().low() <= own.credit.high())?;
        self.pay_from_desk(trial, now, &asked, (recipient, accepted))
    }

    /// Out of what is held beyond what openers would get back, the rest drawn from the pool; while that has bad debt, out of both in
    /// proportion. What it is paid for is booked already.
    pub(super) fn pay_from_desk(
        &mut self,
        trial: &mut Trial,
        now: u64,
        amount: &Span,
        (recipient, accepted): (&str, &Q),
    ) -> Option<()> {
        let n = self.place_of_desk();
        let desk = self.desk.as_mut()?;
        let free = desk.free();
        let at_once = amount.min(&free);
        let owed = (desk.base() + amount).positive_part();
        let in_proportion = if owed.is_zero() {
            at_once.clone()
        } else {
            (amount * &free).over(&(&free + &owed)).cut(&unit()).min(&free)
        };
        let bad_debt = &self.pool.in_bad_debt;
        let paid = match (bad_debt.low().is_zero(), bad_debt.high().is_zero()) {
            (true, true) => at_once,
            (false, _) => in_proportion,
            (true, false) => at_once.or(&in_proportion),
        };
        let drawn = amount - &paid;
        desk.held = &desk.held - &paid;
        desk.drawn = &desk.drawn + &drawn;
        self.bank.pay(SDUSD, DESK, recipient, &paid);
        if !drawn.is_zero() {
            self.draw(trial, now, n, (&drawn, accepted), recipient);
        }
        Some(())
    }
}

impl Bonded {
    /// What of a draw goes beyond the bond was announced long enough ago, and not too long.
    fn within_bond_or_announced(
        &mut self,
        trial: &mut Trial,
        now: u64,
        amount: &Q,
        delay: u64,
    ) -> Option<()> {
        let asked = Span::exact(amount.clone());
        let after = (self.net_out() + &asked).positive_part();
        let beyond = (after - &self.bond).positive_part().min(&asked).middle();
        if beyond.is_zero() {
            return Some(());
        }
        let announced = self.announced.take();
        let stands = announced.filter(|told| {
            beyond <= told.amount && told.since + delay <= now && now <= told.lapses_at(delay)
        });
        trial.must("E1009", stands.is_some())?;
        let Announced { amount: all, since } = stands?;
        let amount = all - beyond;
        self.announced = (!amount.is_zero()).then_some(Announced { amount, since });
        Some(())
    }
}
