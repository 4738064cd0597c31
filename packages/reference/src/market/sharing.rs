//! Accounts that others may trade or take over, margin between accounts of one owner, and fees by what was traded.

use num_traits::Signed;

use super::{Account, AccountKey};
use crate::message::Delegation;
use crate::model::Model;
use crate::number::{unit, whole, Q};
use crate::span::Span;
use crate::verdict::Trial;

/// What an account has traded: in the window of that number, and in the one before it.
#[derive(Clone, Debug)]
pub(crate) struct Volume {
    window: u64,
    current: Span,
    previous: Span,
}

impl Default for Volume {
    fn default() -> Self {
        Self { window: 0, current: Span::zero(), previous: Span::zero() }
    }
}

impl Volume {
    fn in_window(&self, window: u64) -> Self {
        if window == self.window {
            return self.clone();
        }
        let previous = if window == self.window + 1 { self.current.clone() } else { Span::zero() };
        Self { window, current: Span::zero(), previous }
    }

    /// What counts now: of the window before this one as much as lies within a window's length.
    fn at(&self, now: u64, length: u64) -> Span {
        let of = self.in_window(now / length);
        let left = Q::new((length - now % length).into(), length.into());
        of.current + of.previous.scale(&left).down(&unit())
    }
}

impl Model {
    /// Whether somebody may commit and cancel for an account: its owner, and whoever he lets.
    pub(crate) fn may_trade(&self, m: usize, key: &AccountKey, sender: &str, perp: usize, now: u64) -> bool {
        key.0 == sender
            || self
                .delegation(m, key, sender, now)
                .is_some_and(|delegation| delegation.perps.as_ref().is_none_or(|perps| perps.contains(&perp)))
    }

    /// What somebody else may do with an account now.
    pub(crate) fn delegation(&self, m: usize, key: &AccountKey, by: &str, now: u64) -> Option<&Delegation> {
        let found = self.markets[m].delegations.get(&(key.clone(), by.to_string()));
        found.filter(|delegation| now < delegation.expires_at)
    }

    pub(super) fn set_delegate(
        &mut self,
        trial: &mut Trial,
        now: u64,
        m: usize,
        key: &AccountKey,
        delegate: &str,
        delegation: Option<&Delegation>,
    ) -> Option<()> {
        trial.must("E0009", delegate != key.0)?;
        trial.must("E0004", delegation.is_none_or(|allowed| allowed.expires_at > now))?;
        let perps = delegation.and_then(|allowed| allowed.perps.as_ref()).map_or(0, Vec::len);
        trial.must("E0010", perps <= 32)?;
        let of = (key.clone(), delegate.to_string());
        match delegation {
            Some(delegation) => self.markets[m].delegations.insert(of, delegation.clone()),
            None => self.markets[m].delegations.remove(&of),
        };
        Some(())
    }

    pub(super) fn take_account(
        &mut self,
        trial: &mut Trial,
        now: u64,
        m: usize,
        key: &AccountKey,
        heir: &AccountKey,
    ) -> Option<()> {
        let may = self.delegation(m, key, &heir.0, now).is_some_and(|delegation| delegation.may_take);
        trial.must("E0426", may)?;
        let market = &self.markets[m];
        trial.must("E0428", market.orders_of(key) == 0)?;
        trial.must("E1101", market.accounts.get(key).is_none_or(|account| !account.is_backed()))?;
        let there = market.accounts.get(heir).cloned().unwrap_or_default();
        let empty = |of: &Account| {
            of.margin.is_zero() && of.locked.is_zero() && of.positions.is_empty() && !of.is_backed()
        };
        trial.must("E0430", empty(&there) && market.orders_of(heir) == 0)?;
        let given = market.accounts.get(key).cloned().unwrap_or_default();
        if !given.positions.is_empty() {
            trial.must("E0206", self.marked(m, key, now))?;
            let standing = self.standing(m, &given, now);
            trial.must("E0208", standing.is_some())?;
            let standing = standing?;
            trial.at_least("E0429", &standing.equity, &standing.maintenance);
        }
        let market = &mut self.markets[m];
        market.delegations.remove(&(key.clone(), heir.0.clone()));
        if empty(&given) {
            return Some(());
        }
        let Account { margin, locked, positions, .. } = given;
        if let Some(left) = market.accounts.get_mut(key) {
            left.margin = Span::zero();
            left.locked = Span::zero();
            left.positions.clear();
        }
        market.accounts.insert(heir.clone(), Account { margin, locked, positions, ..there });
        Some(())
    }

    pub(super) fn transfer_margin(
        &mut self,
        trial: &mut Trial,
        now: u64,
        m: usize,
        key: &AccountKey,
        into: u16,
        amount: &Q,
    ) -> Option<()> {
        trial.must("E0005", amount.is_positive())?;
        trial.must("E0009", key.1 != into)?;
        let amount = Span::exact(amount.clone());
        let charge = self.charge_for_margin(trial, now, m, key, &amount)?;
        let market = &mut self.markets[m];
        market.fees = &market.fees + &charge;
        let from = market.accounts.get_mut(key)?;
        from.margin = &from.margin - &amount - &charge;
        let to = market.accounts.entry((key.0.clone(), into)).or_default();
        to.margin = &to.margin + &amount;
        Some(())
    }

    pub(super) fn set_referrer(
        &mut self,
        trial: &mut Trial,
        m: usize,
        key: &AccountKey,
        referrer: Option<&str>,
    ) -> Option<()> {
        trial.must("E0009", referrer != Some(key.0.as_str()))?;
        let account = self.markets[m].accounts.entry(key.clone()).or_default();
        account.referrer = referrer.map(str::to_string);
        Some(())
    }

    /// What counts of what an account has traded.
    pub(crate) fn volume(&self, m: usize, account: &Account, now: u64) -> Span {
        let schedule = self.markets[m].params.schedule.as_ref();
        schedule.map_or_else(Span::zero, |schedule| account.volume.at(now, schedule.window))
    }

    /// The part of an account's fees that is remitted.
    pub(crate) fn discount(&self, m: usize, account: &Account, now: u64) -> Q {
        let Some(schedule) = &self.markets[m].params.schedule else { return whole(0) };
        let volume = self.volume(m, account, now);
        let reached = schedule.tiers.iter().rev().find(|(from, _)| *from <= volume.middle());
        let tier = reached.map_or_else(|| whole(0), |(_, discount)| discount.clone());
        if account.referrer.is_some() {
            tier + &schedule.referred
        } else {
            tier
        }
    }

    /// Counts a fill, and pays whoever brought the trader his part of its fee.
    pub(super) fn count(&mut self, m: usize, key: &AccountKey, notional: &Span, fee: &Span, now: u64) {
        let Some(schedule) = self.markets[m].params.schedule.clone() else { return };
        let Some(account) = self.markets[m].accounts.get_mut(key) else { return };
        account.volume = account.volume.in_window(now / schedule.window);
        account.volume.current = &account.volume.current + notional;
        if let Some(referrer) = account.referrer.clone() {
            let share = fee.scale(&schedule.share).down(&unit()).positive_part();
            self.reward(m, &referrer, &share);
        }
    }
}
