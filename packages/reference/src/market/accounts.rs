//! Margin in and out.

use num_traits::Signed;

use super::{AccountKey, Standing};
use crate::bank::SDUSD;
use crate::model::Model;
use crate::number::{unit, Q};
use crate::span::Span;
use crate::verdict::Trial;

impl Model {
    pub(super) fn deposit_margin(
        &mut self,
        trial: &mut Trial,
        payer: &str,
        m: usize,
        key: &AccountKey,
        amount: &Q,
    ) -> Option<()> {
        trial.must("E0005", amount.is_positive())?;
        let amount = Span::exact(amount.clone());
        let name = self.markets[m].name.clone();
        self.bank.send(trial, SDUSD, payer, &name, &amount);
        let market = &mut self.markets[m];
        market.held = &market.held + &amount;
        let account = market.accounts.entry(key.clone()).or_default();
        account.margin = &account.margin + &amount;
        Some(())
    }

    /// What has to hold for so much of an account's margin to leave it, and what insurance gets for that.
    pub(super) fn charge_for_margin(
        &self,
        trial: &mut Trial,
        now: u64,
        m: usize,
        key: &AccountKey,
        amount: &Span,
    ) -> Option<Span> {
        let account = self.markets[m].accounts.get(key).cloned();
        trial.must("E0402", account.is_some())?;
        trial.must("E0206", self.marked(m, key, now))?;
        let account = account?;
        let standing = self.standing(m, &account, now);
        trial.must("E0208", standing.is_some())?;
        let standing = standing?;
        let charge = self.charge_for_leverage(m, &standing, amount);
        let safe = &account.margin - &standing.losses + &standing.counted.opening;
        // tokens stand behind what is needed, but only margin can be paid
        let free = (safe - &standing.initial - &account.locked).min(&account.margin);
        trial.at_least("E0421", &free, &(amount + &charge));
        Some(charge)
    }

    /// What insurance gets of the leverage that an account has more without so much of its equity.
    pub(crate) fn charge_for_leverage(&self, m: usize, standing: &Standing, amount: &Span) -> Span {
        let left = standing.leveraged(&(&standing.for_opening - amount));
        let more = (left - standing.leveraged(&standing.for_opening)).positive_part();
        more.scale(&self.markets[m].params.leverage_premium).up(&unit())
    }

    /// At most margin − losses − initial margin − locks. What the market does not hold is drawn from the pool; while that has bad debt,
    /// everybody is paid out of both in proportion.
    pub(super) fn withdraw_margin(
        &mut self,
        trial: &mut Trial,
        now: u64,
        m: usize,
        key: &AccountKey,
        (amount, accepted): (&Q, &Q),
        recipient: &str,
    ) -> Option<()> {
        trial.must("E0005", amount.is_positive())?;
        let amount = Span::exact(amount.clone());
        let charge = self.charge_for_margin(trial, now, m, key, &amount)?;

        let held = &self.markets[m].held;
        // what its traders have paid in goes first
        let mut paid = held.min(&amount);
        if !self.pool.in_bad_debt.is_zero() {
            trial.must("E0206", self.market_fresh(m, now))?;
            let owed = self.reported(m, now).positive_part();
            if !owed.is_zero() {
                paid = (&amount * held).over(&(held + &owed)).down(&unit()).positive_part().min(held);
            }
        }
        let market = &mut self.markets[m];
        let drawn = &amount - &paid;
        market.held = &market.held - &paid;
        market.drawn = &market.drawn + &drawn;
        market.fees = &market.fees + &charge;
        if let Some(account) = market.accounts.get_mut(key) {
            account.margin = &account.margin - &amount - &charge;
        }
        let name = market.name.clone();
        self.bank.pay(SDUSD, &name, recipient, &paid);
        if !drawn.is_zero() {
            self.draw(trial, now, m, (&drawn, accepted), recipient);
        }
        Some(())
    }
}
