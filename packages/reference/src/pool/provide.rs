//! Deposits, mints, burns, sweeps and draws.

use num_traits::Signed;

use super::{Position, POOL};
use crate::bank::SDUSD;
use crate::model::Model;
use crate::number::{debt, ten, unit, whole, Q};
use crate::regime::Regime;
use crate::span::{Holds, Span};
use crate::verdict::Trial;

impl Model {
    pub(super) fn deposit(
        &mut self,
        trial: &mut Trial,
        now: u64,
        payer: &str,
        n: usize,
        owner: &str,
        amount: &Q,
    ) -> Option<()> {
        trial.must("E0110", n < self.pool.vaults.len())?;
        trial.must("E0005", amount.is_positive())?;
        let added = Span::exact(amount.clone());
        let token = self.pool.vaults[n].config.token.clone();
        self.bank.send(trial, &token, payer, POOL, &added);

        let price = self.vault_price(n, now);
        let vault = &mut self.pool.vaults[n];
        let key = (n, owner.to_string());
        let old = self.pool.positions.get(&key).map_or_else(Span::zero, |position| position.shares.clone());
        let held = vault.worth(&old);
        let after = &held + &added;
        let minimum = Span::exact(vault.config.minimum_deposit.clone());
        match price {
            Some(price) => trial.at_least("E0303", &vault.value(&after, &price).down(&unit()), &minimum),
            None => {
                // by its part of the vault's last value
                let value = if vault.amount.is_zero() {
                    Span::zero()
                } else {
                    (&held * &vault.weight).over(&vault.amount).down(&unit())
                };
                trial.at_least("E0206", &value, &minimum);
            }
        }
        let total = &vault.amount + &added;
        trial.at_least("E0304", &Span::exact(vault.config.deposit_cap.clone()), &total);

        let shares = vault.shares_for(&added);
        trial.at_least("E0005", &shares, &Span::whole(1));
        vault.shares = &vault.shares + &shares;
        vault.amount = total;
        let fresh = Position { shares: Span::zero(), debt: Span::zero(), joined_at: now, exit: None };
        let position = self.pool.positions.entry(key).or_insert(fresh);
        position.shares = &position.shares + &shares;
        self.refresh_weight(n, now);
        Some(())
    }

    pub(super) fn add_yield(
        &mut self,
        trial: &mut Trial,
        now: u64,
        payer: &str,
        n: usize,
        amount: &Q,
    ) -> Option<()> {
        trial.must("E0110", n < self.pool.vaults.len())?;
        trial.must("E0005", amount.is_positive())?;
        let gained = Span::exact(amount.clone());
        let token = self.pool.vaults[n].config.token.clone();
        self.bank.send(trial, &token, payer, POOL, &gained);
        let vault = &mut self.pool.vaults[n];
        trial.must("E0005", !vault.shares.is_zero())?;
        let total = &vault.amount + &gained;
        vault.product = total.over(&vault.shares).down(&debt(1));
        vault.amount = total;
        trial.at_least("E0004", &Span::whole(1_000), &vault.product);
        self.refresh_weight(n, now);
        Some(())
    }

    pub(super) fn mint(
        &mut self,
        trial: &mut Trial,
        now: u64,
        owner: &str,
        n: usize,
        amount: &Q,
        recipient: &str,
    ) -> Option<()> {
        trial.must("E0301", n < self.pool.vaults.len())?;
        trial.must("E0005", amount.is_positive())?;
        trial.must("E0004", *amount <= ten(21))?;
        let key = (n, owner.to_string());
        trial.must("E0302", self.pool.positions.contains_key(&key))?;
        let price = self.vault_price(n, now);
        trial.must("E0206", price.is_some())?;
        if self.tripped_now() {
            return Some(());
        }
        trial.note("E0328", self.unrestricted(n));
        trial.at_least("E0342", &Span::zero(), &self.pool.ledger.bad_debt);
        let (price, minted) = (price?, Span::exact(amount.clone()));

        let position = self.pool.positions.get_mut(&key)?;
        position.debt = &position.debt + &minted;
        let position = position.clone();
        let vault = &mut self.pool.vaults[n];
        vault.debt = &vault.debt + &minted;
        self.pool.ledger.lp_mints(&minted);
        self.bank.credit(SDUSD, recipient, &minted);

        let vault = &self.pool.vaults[n];
        let value = vault.value(&vault.worth(&position.shares), &price).down(&unit());
        let counted = self.debt_for_issuance(n, &position, now).positive_part();
        trial.at_least("E0312", &value, &counted.scale(&vault.config.issuance_ratio));
        let debt = position.debt.up(&unit());
        let minimum = Span::exact(vault.config.minimum_debt.clone());
        trial.note("E0305", owes_enough(&debt, &minimum));
        trial.at_least("E0306", &vault.ceiling, &vault.debt);
        trial.at_least("E0307", &self.pool.supply_ceiling, &self.pool.ledger.supply);
        trial.at_least("E0308", &self.free_collateral(now), &self.locked_credit(now));
        Some(())
    }

    pub(super) fn burn(
        &mut self,
        trial: &mut Trial,
        payer: &str,
        n: usize,
        owner: &str,
        amount: &Q,
    ) -> Option<()> {
        trial.must("E0005", amount.is_positive())?;
        trial.must("E0301", n < self.pool.vaults.len())?;
        let key = (n, owner.to_string());
        trial.must("E0302", self.pool.positions.contains_key(&key))?;
        let burnt = Span::exact(amount.clone());
        trial.at_least(crate::verdict::NO_FUNDS, &self.bank.balance(SDUSD, payer), &burnt);
        self.bank.debit(SDUSD, payer, &burnt);
        let position = self.pool.positions.get_mut(&key)?;
        position.debt = &position.debt - &burnt;
        let vault = &mut self.pool.vaults[n];
        vault.debt = &vault.debt - &burnt;
        self.pool.ledger.lp_mints(&-&burnt);
        Some(())
    }

    pub(super) fn insure(&mut self, trial: &mut Trial, payer: &str, amount: &Q) -> Option<()> {
        trial.must("E0005", amount.is_positive())?;
        let burnt = Span::exact(amount.clone());
        trial.at_least(crate::verdict::NO_FUNDS, &self.bank.balance(SDUSD, payer), &burnt);
        self.bank.debit(SDUSD, payer, &burnt);
        self.pool.ledger.insured(&burnt);
        Some(())
    }

    /// sdUSD in the pool, and what the book has more than the token.
    pub(super) fn sweep(&mut self, trial: &mut Trial) -> Option<()> {
        let found = self.bank.balance(SDUSD, POOL);
        let unbooked = &self.pool.ledger.supply - &self.bank.supply(SDUSD);
        let swept = &found + &unbooked;
        trial.must("E0322", swept.high() > &whole(0))?;
        self.bank.debit(SDUSD, POOL, &found);
        self.pool.ledger.insured(&swept);
        Some(())
    }

    /// A market's record shows `amount` more as drawn; the pool syncs, and mints it.
    pub(crate) fn draw(
        &mut self,
        trial: &mut Trial,
        now: u64,
        market: usize,
        (amount, accepted): (&Span, &Q),
        to: &str,
    ) {
        let before = self.before_sync();
        let drawn = self.counters(market).drawn;
        let ledger = &mut self.pool.ledger;
        ledger.supply = &ledger.supply + amount;
        ledger.reported = &ledger.reported - amount;
        let listed = &mut self.pool.markets[market];
        listed.reported = &listed.reported - amount;
        listed.drawn = drawn;
        self.sync_after(now, &before);
        let calm = self
            .pool
            .watch
            .below(Regime::Emergency)
            .and(self.pool.markets[market].watch.below(Regime::Emergency));
        trial.note("E0328", calm);
        if let Some((most, drawn)) = self.draw_limit(market) {
            trial.at_least("E0329", &most, &drawn);
        }
        trial.note("E0324", self.market_fresh(market, now).into());
        let haircut = self.draw_haircut(market, amount);
        trial.at_least("E0341", &Span::exact(accepted.clone()), &haircut);
        let forfeited = (amount * &haircut).up(&unit()).min(&self.pool.ledger.bad_debt);
        self.pool.ledger.supply = &self.pool.ledger.supply - &forfeited;
        self.forfeit(&forfeited);
        trial.at_least("E0308", &self.free_collateral(now), &Span::zero());
        let line = self.hard_line(market);
        trial.at_least("E0316", &line, &self.used_credit(market, now));
        self.bank.credit(SDUSD, to, &(amount - &forfeited));
        self.collapse();
    }
}

/// Whether a position owes nothing, or as much as its vault wants of one that owes.
pub(super) fn owes_enough(debt: &Span, minimum: &Span) -> Holds {
    match (debt.at_least(minimum), Span::zero().at_least(debt)) {
        (Holds::Yes, _) | (_, Holds::Yes) => Holds::Yes,
        (Holds::No, Holds::No) => Holds::No,
        _ => Holds::Unsure,
    }
}
