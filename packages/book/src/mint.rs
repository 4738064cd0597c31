//! What bounds a mint.

use cosmwasm_std::{Addr, Deps, Env};
use sdp_types::contract::movable;
use sdp_types::pool::{LimitResponse, VaultConfig};
use sdp_types::units::MAX_USD;
use sdp_types::{ensure, Error, Ratio, Result, Rounding, SignedUsd, Usd};

use crate::credit::Credit;
use crate::position::{self, debt, owes_enough, parts, ratio};
use crate::state::{self, Position};
use crate::sync::Synced;

/// Everything that bounds what a position may mint.
pub struct Plan {
    /// The pool.
    pub synced: Synced,
    /// Accrued.
    pub position: Position,
    number: u8,
    config: VaultConfig,
    value: Usd,
    debt: SignedUsd,
    debt_for_issuance: SignedUsd,
    vault_debt: SignedUsd,
    credit: Credit,
}

impl Plan {
    /// Syncs and accrues. `E0301`, `E0302`, and the errors of a price that is not good.
    pub fn load(deps: Deps<'_>, env: &Env, number: u8, owner: &Addr) -> Result<Self> {
        let synced = Synced::load(deps, env)?;
        let config = state::vault(deps.storage, number)?;
        let vault = synced.vault(number)?;
        let position = position::load(deps, &synced.book, number, owner)?;

        let price = synced.quote(number)?.price;
        let held = vault.book.amount_of(position.shares, position.epoch)?;
        let value = price.value_of(held, config.decimals, Rounding::Down)?;
        let debt_for_issuance = synced.debt_for_issuance(vault, &position)?;
        let (debt, vault_debt, credit) = (debt(&position)?, vault.debt, synced.credit()?);
        Ok(Self { synced, position, number, config, value, debt, debt_for_issuance, vault_debt, credit })
    }

    /// One line per rule that a mint of `amount` has to keep.
    pub fn allows(&self, amount: Usd) -> Result<()> {
        let x = movable(amount)?.signed()?;
        self.synced.unrestricted(self.number)?;
        let bad_debt = self.synced.book.ledger.bad_debt;
        ensure(bad_debt.is_zero(), || Error::BadDebtStands { bad_debt })?;

        let tested = self.debt_for_issuance.plus(x)?;
        let required = self.config.issuance_ratio;
        ensure(x <= self.issuance_room()?, || Error::BelowIssuanceRatio {
            ratio: ratio(self.value, tested).unwrap_or_default(),
            required,
        })?;

        owes_enough(self.debt.plus(x)?, self.config.minimum_debt)?;

        let (debt, ceiling) = (self.vault_debt.plus(x)?, self.config.debt_ceiling);
        ensure(x <= self.ceiling_room()?, || Error::AboveDebtCeiling { debt, ceiling })?;

        let supply = self.synced.book.ledger.supply.plus(amount)?;
        let ceiling = self.synced.terms.params.supply_ceiling;
        ensure(supply <= ceiling, || Error::AboveSupplyCeiling { supply, ceiling })?;

        self.credit.allows(x)
    }

    /// The most that [`Self::allows`], and the rule that binds.
    pub fn maximum(&self) -> Result<LimitResponse> {
        let supply = self.synced.book.ledger.supply;
        let supply_room = self.synced.terms.params.supply_ceiling.signed()?.minus(supply.signed()?)?;
        let rooms = [self.issuance_room()?, self.ceiling_room()?, supply_room, self.credit.room()?];
        let most = rooms.into_iter().min().unwrap_or_default().positive_part();
        let most = most.min(MAX_USD);

        // below the minimum debt only profit can be minted
        let (amount, bound) = match self.allows(most) {
            Err(error @ Error::BelowMinimumDebt { .. }) => (self.debt.negative_part(), Err(error)),
            Err(error @ Error::BadDebtStands { .. }) => (Usd::ZERO, Err(error)),
            _ => (most, self.allows(most.plus(Usd::new(1))?)),
        };
        let bound_by = bound.err().map(|error| format!("{} {}", error.code(), error.name()));
        Ok(LimitResponse { amount, bound_by: bound_by.unwrap_or_default() })
    }

    /// Value ÷ debt, rounded down; none where nothing is owed.
    pub fn ratio(&self) -> Option<Ratio> {
        ratio(self.value, self.debt)
    }

    /// What the position owes beyond value ÷ `target`, rounded up: burnt, it leaves a ratio of at least the target.
    pub fn above(&self, target: Ratio) -> Result<Usd> {
        Ok(self.debt.minus(self.most_at(target)?)?.positive_part())
    }

    /// What it could owe more until value ÷ `target`, at the debt that mints are tested at, rounded down: minted, it leaves a ratio of at least
    /// the target.
    pub fn below(&self, target: Ratio) -> Result<Usd> {
        Ok(self.most_at(target)?.minus(self.debt.max(self.debt_for_issuance))?.positive_part())
    }

    /// Books that `amount` is burnt against the position.
    pub fn repay(&mut self, amount: Usd) -> Result<()> {
        let (ledger, vault) = parts(&mut self.synced.book, self.number)?;
        ledger.lp_burns(amount)?;
        position::repay(vault, &mut self.position, amount)
    }

    /// Books a mint that [`Self::allows`].
    pub fn apply(&mut self, amount: Usd) -> Result<()> {
        let (ledger, vault) = parts(&mut self.synced.book, self.number)?;
        ledger.lp_mints(amount)?;
        position::mint(vault, &mut self.position, amount)
    }

    /// `⌊value ÷ debt⌋ ≥ required` is the same as `debt ≤ ⌊value ÷ required⌋`.
    fn issuance_room(&self) -> Result<SignedUsd> {
        self.most_at(self.config.issuance_ratio)?.minus(self.debt_for_issuance)
    }

    fn most_at(&self, ratio: Ratio) -> Result<SignedUsd> {
        self.value.unscale(ratio, Rounding::Down)?.signed()
    }

    fn ceiling_room(&self) -> Result<SignedUsd> {
        self.config.debt_ceiling.signed()?.minus(self.vault_debt)
    }
}
