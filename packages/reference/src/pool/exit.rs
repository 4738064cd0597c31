//! Exits: request, delay, execution at the lower of two prices.

use num_traits::Signed;

use super::losses::{charge, releasable};
use super::{Exit, Position, POOL};
use crate::bank::SDUSD;
use crate::model::Model;
use crate::number::{ten, unit, whole, Q};
use crate::oracle::Interval;
use crate::span::{Holds, Span};
use crate::verdict::Trial;

impl Model {
    pub(super) fn request_exit(
        &mut self,
        trial: &mut Trial,
        now: u64,
        owner: &str,
        n: usize,
        (amount, accepted): (&Q, &Q),
    ) -> Option<()> {
        trial.must("E0301", n < self.pool.vaults.len())?;
        trial.must("E0005", amount.is_positive())?;
        trial.must("E0004", *amount <= ten(30))?;
        trial.must("E0004", *accepted <= whole(1))?;
        let stay = self.pool.config.minimum_stay;
        let position = self.pool.positions.get_mut(&(n, owner.to_string()));
        trial.must("E0302", position.is_some())?;
        let position = position?;
        trial.must("E0325", position.exit.is_none())?;
        trial.must("E0309", now >= position.joined_at + stay)?;
        position.exit = Some(Exit { amount: amount.clone(), requested_at: now, accepted: accepted.clone() });
        Some(())
    }

    pub(super) fn cancel_exit(&mut self, trial: &mut Trial, owner: &str, n: usize) -> Option<()> {
        trial.must("E0301", n < self.pool.vaults.len())?;
        let position = self.pool.positions.get_mut(&(n, owner.to_string()));
        let asked = position.as_ref().is_some_and(|position| position.exit.is_some());
        trial.must("E0310", asked)?;
        position?.exit = None;
        Some(())
    }

    pub(super) fn execute_exit(&mut self, trial: &mut Trial, now: u64, n: usize, owner: &str) -> Option<()> {
        trial.must("E0301", n < self.pool.vaults.len())?;
        let key = (n, owner.to_string());
        let exit = self.pool.positions.get(&key).and_then(|position| position.exit.clone());
        trial.must("E0310", exit.is_some())?;
        let exit = exit?;
        if self.tripped_now() {
            return Some(());
        }
        let ready_at = exit.requested_at + self.pool.config.exit_delay;
        let first = self.oracle.first_from(ready_at);
        if now > ready_at + self.pool.config.exit_window || !self.oracle.keeps(first, now) {
            self.pool.positions.get_mut(&key)?.exit = None;
            return Some(());
        }
        trial.must("E0311", now >= ready_at && now >= self.oracle.start(first))?;
        let low = self.first_price(n, first, now);
        trial.must("E0323", low.is_some())?;
        let board = self.vault_price(n, now);
        trial.must("E0206", board.is_some())?;
        let board = board?;
        trial.note("E0328", self.unrestricted(n));
        trial.at_least("E0341", &Span::exact(exit.accepted.clone()), &self.exit_haircut());
        let price = Span::exact(board.clone()).min(&low?);
        let plan = self.plan_exit(now, n, owner, &exit.amount, &price, &board)?;
        self.leave(trial, n, owner, &plan)?;
        self.refresh_weight(n, now);
        Some(())
    }

    /// The lower edge of a vault's price in the first interval that has one.
    fn first_price(&self, n: usize, first: u64, now: u64) -> Option<Span> {
        let feed = self.pool.vaults[n].config.feed;
        let mut interval = first;
        loop {
            match self.oracle.interval(interval, feed, now) {
                Interval::Priced(quote) => return Some(quote.low()),
                Interval::Open => return None,
                Interval::Empty => interval += 1,
            }
        }
    }

    fn plan_exit(
        &self,
        now: u64,
        n: usize,
        owner: &str,
        asked: &Q,
        price: &Span,
        board: &Q,
    ) -> Option<Leaving> {
        let vault = &self.pool.vaults[n];
        let position = self.pool.positions.get(&(n, owner.to_string()))?;
        let held = vault.worth(&position.shares);
        let debt = self.debt_for_issuance(n, position, now);
        let room = self.free_collateral(now) - self.locked_credit(now);
        let (bad_debt, haircut) = (&self.pool.ledger.bad_debt, self.exit_haircut());
        let profit = debt.negative_part();
        let worth_all = vault.value(&held, board).up(&unit());
        let charged = ((&worth_all + &profit) * &haircut).up(&unit()).min(bad_debt);
        let minted = (&profit - &charged).positive_part();
        let taken = worth_all + &minted;
        let all = Span::exact(asked.clone()).at_least(&held);
        let whole = all.and(Span::zero().at_least(&(&debt + &charged))).and(room.at_least(&taken));

        let scale = ten(vault.config.decimals);
        let required = &vault.config.issuance_ratio;
        let worth = |value: &Span| value.scale(&scale).over(price).up(&unit());
        let needed = worth(&debt.positive_part().scale(required).up(&unit()));
        let rate = charge(&haircut);
        let by_ratio = match &rate {
            _ if haircut.is_zero() => &held - &needed,
            None => Span::zero(),
            Some(rate) => {
                let value = (&held * price).scale(&scale.recip());
                let released = releasable(&value, &debt, required, (price, board), rate);
                released.scale(&scale).down(&unit()).min(&held)
            }
        };
        let by_minimum = &held - &worth(&Span::exact(vault.config.minimum_deposit.clone()));
        let by_credit = room.positive_part().scale(&(&scale / board)).down(&unit()).positive_part();
        let part = by_ratio.min(&by_minimum).positive_part().min(&by_credit);
        let part = part.min(&Span::exact(asked.clone()));
        let shares = vault.shares_for(&part);
        let part = vault.worth(&shares);
        let on_part = vault.value(&part, board).up(&unit()) * rate.unwrap_or_else(Span::zero);
        let charged = [charged, on_part.up(&unit()).min(bad_debt)];
        Some(Leaving { whole, minted, part, shares, charged })
    }

    fn leave(&mut self, trial: &mut Trial, n: usize, owner: &str, plan: &Leaving) -> Option<()> {
        let only = self.pool.positions.len() == 1 && self.open_positions() > 0;
        if plan.whole != Holds::No && only {
            trial.note("E0318", if plan.whole == Holds::Yes { Holds::No } else { Holds::Unsure });
        }
        let whole_exit = match plan.whole {
            Holds::Yes => true,
            Holds::No => false,
            Holds::Unsure => {
                trial.note("E0312", Holds::Unsure);
                self.hints.left.contains(&(n, owner.to_string()))
            }
        };
        if !whole_exit {
            trial.at_least("E0312", &plan.part, &Span::whole(1));
        }
        let key = (n, owner.to_string());
        let all = self.pool.positions.get(&key)?.shares.clone();
        let shares = if whole_exit { all } else { plan.shares.clone() };
        let vault = &mut self.pool.vaults[n];
        let token = vault.config.token.clone();
        let released = vault.take_out(&shares);
        self.bank.pay(&token, POOL, owner, &released);
        let vault = &mut self.pool.vaults[n];
        let charged = &plan.charged[usize::from(!whole_exit)];
        vault.debt = &vault.debt + charged;
        let position = self.pool.positions.get_mut(&key)?;
        position.exit = None;
        position.shares = &position.shares - &shares;
        position.debt = &position.debt + charged;
        self.pool.ledger.vault_debt = &self.pool.ledger.vault_debt + charged;
        self.forfeit(charged);
        if whole_exit {
            self.close_position(n, owner, &plan.minted);
        }
        Some(())
    }

    /// A position without collateral: as much profit as it had at the peak is minted, and the rest stays behind.
    fn close_position(&mut self, n: usize, owner: &str, minted: &Span) {
        let Some(mut position) = self.pool.positions.remove(&(n, owner.to_string())) else { return };
        self.bank.credit(SDUSD, owner, minted);
        self.pool.ledger.lp_mints(minted);
        self.pool.vaults[n].mint(&mut position, minted);
        self.leave_behind(n, &position);
    }

    /// What a closed position leaves: to the other shares, or, where there are none, to nobody.
    pub(super) fn leave_behind(&mut self, n: usize, position: &Position) {
        let vault = &mut self.pool.vaults[n];
        vault.minted = &vault.minted - &position.minted;
        vault.remainder = &vault.remainder + &position.debt;
        if vault.shares.low() >= &whole(1) {
            return self.pour_out(n);
        }
        let debt = vault.debt.clone();
        vault.debt = Span::zero();
        vault.remainder = Span::zero();
        vault.fee_carried = Span::zero();
        vault.weight = Span::zero();
        let ledger = &mut self.pool.ledger;
        ledger.vault_debt = &ledger.vault_debt - &debt;
        ledger.nobody_owes(&debt);
    }
}

/// What an exit pays: all of the position, where it owes nothing at the peak and the credit stays covered, or the part that
/// keeps the issuance ratio, the credit and the minimum.
struct Leaving {
    whole: Holds,
    minted: Span,
    part: Span,
    /// Shares of the part.
    shares: Span,
    /// Bad debt that it takes with all, and with the part.
    charged: [Span; 2],
}
