//! Positions that go to another owner, whole or in part.

use num_traits::Zero;

use super::provide::owes_enough;
use super::{Offer, Position};
use crate::model::Model;
use crate::number::{debt as debt_step, unit, Q};
use crate::span::{Holds, Span};
use crate::verdict::Trial;

impl Model {
    pub(super) fn offer(
        &mut self,
        trial: &mut Trial,
        owner: &str,
        n: usize,
        to: Option<&str>,
        amount: Option<&Q>,
    ) -> Option<()> {
        let key = (n, owner.to_string());
        let Some(to) = to else {
            return trial.must("E0345", self.pool.offers.remove(&key).is_some());
        };
        trial.must("E0009", to != owner)?;
        trial.must("E0005", amount.is_none_or(|amount| !amount.is_zero()))?;
        let position = self.pool.positions.get(&key);
        trial.must("E0302", position.is_some())?;
        let joined_at = position?.joined_at;
        self.pool.offers.insert(key, Offer { to: to.into(), amount: amount.cloned(), joined_at });
        Some(())
    }

    pub(super) fn accept(
        &mut self,
        trial: &mut Trial,
        now: u64,
        heir: &str,
        n: usize,
        owner: &str,
    ) -> Option<()> {
        let (from, to) = ((n, owner.to_string()), (n, heir.to_string()));
        let offer = self.pool.offers.get(&from).filter(|offer| offer.to == heir).cloned();
        trial.must("E0345", offer.is_some())?;
        let offer = offer?;
        trial.must("E0302", self.pool.positions.contains_key(&from))?;
        let mut given = self.pool.positions.get(&from)?.clone();
        trial.must("E0345", given.joined_at == offer.joined_at)?;
        let fresh = Position::begin(given.joined_at);
        let mut received = self.pool.positions.get(&to).cloned().unwrap_or(fresh);
        trial.must("E0325", given.exit.is_none() && received.exit.is_none())?;
        let price = self.vault_price(n, now);
        trial.must("E0206", price.is_some())?;
        let price = price?;

        let vault = &self.pool.vaults[n];
        let value = |position: &Position| vault.value(&vault.worth(&position.shares), &price).down(&unit());
        let owed = given.debt.up(&unit()).positive_part();
        trial.at_least("E0344", &value(&given), &owed.scale(&vault.config.liquidation_ratio));

        let held = vault.worth(&given.shares);
        let part = offer.amount.map(Span::exact).filter(|amount| amount.at_least(&held) != Holds::Yes);
        let (shares, debt, minted) = match &part {
            None => (given.shares.clone(), given.debt.clone(), given.minted.clone()),
            Some(amount) => {
                let shares = vault.shares_for(amount);
                trial.at_least("E0005", &shares, &Span::whole(1));
                let debt = (&given.debt * &shares).over(&given.shares).down(&debt_step(1));
                let minted = (&given.minted * &shares).over(&given.shares).down(&unit());
                (shares, debt, minted)
            }
        };
        given.shares = &given.shares - &shares;
        given.debt = &given.debt - &debt;
        received.shares = &received.shares + &shares;
        received.debt = &received.debt + &debt;
        given.minted = &given.minted - &minted;
        received.minted = &received.minted + &minted;
        received.joined_at = received.joined_at.min(given.joined_at);
        let stays = part.is_some();
        for position in stays.then_some(&given).into_iter().chain([&received]) {
            trial.at_least("E0303", &value(position), &Span::exact(vault.config.minimum_deposit.clone()));
            let minimum = Span::exact(vault.config.minimum_debt.clone());
            trial.note("E0305", owes_enough(&position.debt.up(&unit()), &minimum));
        }
        self.pool.offers.remove(&from);
        self.pool.positions.remove(&from);
        if stays {
            self.pool.positions.insert(from, given);
        }
        self.pool.positions.insert(to, received);
        Some(())
    }
}
