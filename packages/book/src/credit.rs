//! What the markets may still cost the providers, and the collateral that is free beside it.

use sdp_risk::budget::{needed_for, stress_of};
use sdp_risk::shortfall::expected_shortfall;
use sdp_types::book::VaultState;
use sdp_types::{ensure, Error, Result, Rounding, SignedUsd, Usd};

use crate::accept;
use crate::position::{debt_at_peak, vault_debt_at_peak};
use crate::state::Position;
use crate::sync::Synced;

/// Both sides of the rule that mints and exits keep: `free ≥ locked`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credit {
    /// Σ weights − Σ vaults' debt at the peak − bad debt − what markets that are not accepted may owe beyond their last debt − what desks of
    /// bonded markets have left of their lines.
    pub free: SignedUsd,
    /// Σ max(0, line − used) of the other markets; or, where that is more, what the markets' expected shortfall needs at its budget.
    pub locked: Usd,
}

impl Credit {
    /// `free − locked`: what mints and exits may still take.
    pub fn room(&self) -> Result<SignedUsd> {
        self.free.minus(self.locked.signed()?)
    }

    /// `E0308` unless `taken` fits beside the locked credit.
    pub fn allows(&self, taken: SignedUsd) -> Result<()> {
        let free = self.free.minus(taken)?;
        ensure(free >= self.locked.signed()?, || Error::CreditLocked { free, locked: self.locked })
    }
}

impl Synced {
    /// See [`Credit::free`].
    pub fn free(&self) -> Result<SignedUsd> {
        let mut free = self.weight()?.signed()?.minus(self.book.ledger.bad_debt.signed()?)?;
        free = free.minus(self.extra()?.signed()?)?;
        for vault in &self.book.vaults {
            free = free.minus(vault_debt_at_peak(vault)?)?;
        }
        for (market, seen) in self.listing.markets.iter().zip(&self.markets) {
            free = free.minus(market.taken_for_lost(seen.used)?.signed()?)?;
        }
        Ok(free)
    }

    /// The pool's credit now.
    pub fn credit(&self) -> Result<Credit> {
        let mut locked = Usd::ZERO;
        let all = self.listing.markets.iter().zip(&self.markets);
        for (market, seen) in all.filter(|(market, _)| !market.bonded) {
            locked = locked.plus(market.line.minus(seen.used)?.positive_part())?;
        }
        if let Some(budgets) = &self.listing.risk {
            let x = self.exposures()?;
            locked = locked.max(needed_for(&x, &self.board.risk(&self.covariance), budgets)?);
        }
        Ok(Credit { free: self.free()?, locked })
    }

    /// What the markets expose the pool to, by feed, at the marks.
    pub fn exposures(&self) -> Result<Vec<SignedUsd>> {
        accept::exposures(&self.markets, &self.book.marks)
    }

    /// Expected shortfall of [`Self::exposures`], by the stress of the pool's budgets or the usual one.
    pub fn shortfall(&self) -> Result<Usd> {
        expected_shortfall(&self.exposures()?, &self.board.risk(&self.covariance), stress_of(&self.listing))
    }

    /// Value of all collateral.
    pub fn weight(&self) -> Result<Usd> {
        self.book.weight()
    }

    /// What the markets that are not accepted may owe beyond their last accepted debt.
    pub fn extra(&self) -> Result<Usd> {
        self.markets.iter().try_fold(Usd::ZERO, |sum, seen| sum.plus(seen.extra))
    }

    /// What mints and exits of an accrued position are tested at: its debt at the peak, and its part of [`Self::extra`].
    pub fn debt_for_issuance(&self, vault: &VaultState, position: &Position) -> Result<SignedUsd> {
        let extra = self.extra()?;
        let all = self.weight()?;
        let part = if extra.is_zero() || all.is_zero() || position.shares.is_zero() {
            Usd::ZERO
        } else {
            let part = extra.fraction(vault.weight.raw(), all.raw(), Rounding::Up)?;
            part.fraction(position.shares.raw(), vault.book.shares.raw(), Rounding::Up)?
        };
        debt_at_peak(vault, position)?.plus(part.signed()?)
    }
}
