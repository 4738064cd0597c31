//! Both sides of the pool's book.

use crate::span::Span;

/// All terms, micro-USD.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// Left: all vaults' debt.
    pub vault_debt: Span,
    /// Left: debt in auctions, as far as the pool has booked them.
    pub tab: Span,
    /// Left: losses that nobody has taken yet.
    pub bad_debt: Span,
    /// Right: sdUSD minted less burnt.
    pub supply: Span,
    /// Right: the markets' debt as accepted.
    pub reported: Span,
    /// Right: Φ.
    pub potential: Span,
    /// Right: the insurance fund.
    pub insurance: Span,
    /// Right: what recovery notes are redeemed from.
    pub set_aside: Span,
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            vault_debt: Span::zero(),
            tab: Span::zero(),
            bad_debt: Span::zero(),
            supply: Span::zero(),
            reported: Span::zero(),
            potential: Span::zero(),
            insurance: Span::zero(),
            set_aside: Span::zero(),
        }
    }
}

impl Ledger {
    /// Left side less right side; exact only where all terms are.
    pub fn difference(&self) -> Span {
        let left = &self.vault_debt + &self.tab + &self.bad_debt;
        left - (&self.supply + &self.reported + &self.potential + &self.insurance + &self.set_aside)
    }

    pub(crate) fn lp_mints(&mut self, x: &Span) {
        self.vault_debt = &self.vault_debt + x;
        self.supply = &self.supply + x;
    }

    pub(crate) fn insured(&mut self, x: &Span) {
        self.supply = &self.supply - x;
        self.insurance = &self.insurance + x;
    }

    /// With no provider: a loss is bad debt; a profit heals bad debt first and then goes to insurance.
    pub(crate) fn nobody_owes(&mut self, delta: &Span) {
        let profit = delta.negative_part();
        let healed = profit.min(&self.bad_debt);
        self.bad_debt = &self.bad_debt + delta.positive_part() - &healed;
        self.insurance = &self.insurance + profit - healed;
    }
}
