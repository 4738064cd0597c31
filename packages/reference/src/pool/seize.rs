//! Seizure of a provider's position below its liquidation ratio.

use super::POOL;
use crate::model::Model;
use crate::number::{unit, Q};
use crate::span::{Holds, Span};
use crate::verdict::Trial;

/// What the liquidator gets.
pub(crate) struct Seizure {
    pub(crate) lot: Span,
    pub(crate) tab: Span,
    pub(crate) penalty: Span,
    pub(crate) price: Q,
}

impl Model {
    /// Whole, or as much as fits into `room` with its penalty.
    pub(crate) fn seize(
        &mut self,
        trial: &mut Trial,
        now: u64,
        n: usize,
        owner: &str,
        room: &Span,
        dust: &Q,
    ) -> Option<Seizure> {
        trial.must("E0301", n < self.pool.vaults.len())?;
        self.sync(now);
        let key = (n, owner.to_string());
        trial.must("E0302", self.pool.positions.contains_key(&key))?;
        let price = self.vault_price(n, now);
        trial.must("E0206", price.is_some())?;
        let price = price?;
        let vault = &self.pool.vaults[n];
        let config = vault.config.clone();
        let position = self.pool.positions.get(&key)?;
        let held = vault.worth(&position.shares);
        let debt = position.debt.up(&unit());
        trial.at_least("E0313", &debt, &Span::whole(1));
        let value = vault.value(&held, &price).down(&unit());
        trial.below("E0313", &value, &debt.scale(&config.liquidation_ratio));

        let penalty = debt.scale(&config.liquidation_penalty).down(&unit());
        let (shares, tab, penalty, all) = match room.at_least(&(&debt + &penalty)) {
            Holds::Yes => (position.shares.clone(), debt.clone(), penalty, true),
            _ => {
                let with = Span::exact(&config.liquidation_penalty + crate::number::whole(1));
                let tab = room.over(&with).down(&unit()).positive_part();
                let penalty = tab.scale(&config.liquidation_penalty).down(&unit()).positive_part();
                trial.at_least("E0321", &(&tab + &penalty), &Span::exact(dust.clone()));
                trial.at_least("E0321", &tab, &Span::whole(1));
                let owned = &position.shares * &tab;
                let shares = owned.over(&debt.max(&Span::whole(1))).down(&unit()).positive_part();
                (shares, tab, penalty, false)
            }
        };
        let vault = &mut self.pool.vaults[n];
        let lot = vault.take_out(&shares);
        trial.at_least("E0005", &lot, &Span::whole(1));
        let ledger = &mut self.pool.ledger;
        ledger.vault_debt = &ledger.vault_debt - &tab;
        ledger.tab = &ledger.tab + &tab;
        if all {
            let mut position = self.pool.positions.remove(&key)?;
            self.pool.vaults[n].repay(&mut position, &tab);
            self.leave_behind(n, &position);
        } else {
            let position = self.pool.positions.get_mut(&key)?;
            position.shares = &position.shares - &shares;
            self.pool.vaults[n].repay(position, &tab);
        }
        let token = config.token;
        self.bank.pay(&token, POOL, crate::liquidator::LIQUIDATOR, &lot);
        self.refresh_weight(n, now);
        self.collapse();
        Some(Seizure { lot, tab, penalty, price })
    }
}
