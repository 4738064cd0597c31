//! The pool's ledger, double entry: every amount that the pool owes or is owed stands in one book, and both sides are
//! equal to the last micro-USD after every message.
//!
//! ```text
//! Σ vaults' debt + tab in liquidation + bad debt + estate
//!     = sdUSD supply + Σ markets' reported debt + potential Φ + insurance + set aside for recovery notes
//! ```
//!
//! Each method is one named transition of section 3 of the design. It keeps the identity or returns an error and
//! changes nothing that is stored: callers save the ledger only when the whole message holds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::math::Wide;
use crate::units::{SignedUsd, Usd};

/// Both sides of the book, in micro-USD.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ledger {
    /// Left: what the providers owe, all vaults; negative while traders have lost more than was minted.
    pub vault_debt: SignedUsd,
    /// Left: debt of seized positions that auctions still have to bring in.
    pub tab: Usd,
    /// Left: losses that no layer has taken yet.
    pub bad_debt: Usd,
    /// Left: since the pool was shut down, what providers' collateral has covered of their debts, less what holders of sdUSD were paid.
    pub estate: SignedUsd,
    /// Right: sdUSD minted less burnt, as far as the pool has booked it.
    pub supply: Usd,
    /// Right: debt of all markets as last accepted.
    pub reported: SignedUsd,
    /// Right: the risk potential Φ, what closing every position would pay back in premium.
    pub potential: Usd,
    /// Right: the insurance fund.
    pub insurance: Usd,
    /// Right: what recovery notes can be redeemed from.
    pub set_aside: Usd,
}

/// What one market's counters have grown by since they were last seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Growth {
    /// Owed to insurance.
    pub fees: Usd,
    /// Accounts that closed below zero.
    pub shortfalls: Usd,
}

/// What each layer of the waterfall has ever taken of losses (section 7 of the design); what nobody has taken yet is [`Ledger::bad_debt`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Losses {
    /// The insurance fund.
    pub insurance: Usd,
    /// The providers, over their debt shares.
    pub providers: Usd,
    /// Those who bought recovery notes.
    pub notes: Usd,
    /// Those who took out while bad debt stood: draws that paid less, exits that were charged.
    pub withdrawals: Usd,
}

impl Ledger {
    /// Left side less right side: 0 after every transition.
    pub fn difference(&self) -> Result<Wide> {
        let left = self.vault_debt.wide().plus(self.tab.wide())?.plus(self.bad_debt.wide())?;
        let left = left.plus(self.estate.wide())?;
        let right = self.supply.wide().plus(self.reported.wide())?;
        let right = right.plus(self.potential.wide())?.plus(self.insurance.wide())?;
        left.minus(right.plus(self.set_aside.wide())?)
    }

    /// An LP mints `x` sdUSD against the position.
    pub fn lp_mints(&mut self, x: Usd) -> Result<()> {
        self.vault_debt = self.vault_debt.plus(x.signed()?)?;
        self.supply = self.supply.plus(x)?;
        Ok(())
    }

    /// An LP burns `x` sdUSD against the position's debt, or ahead of it.
    pub fn lp_burns(&mut self, x: Usd) -> Result<()> {
        self.vault_debt = self.vault_debt.minus(x.signed()?)?;
        self.supply = self.supply.minus(x)?;
        Ok(())
    }

    /// The stability fee `s` on minted debt.
    pub fn stability_fee(&mut self, s: Usd) -> Result<()> {
        self.vault_debt = self.vault_debt.plus(s.signed()?)?;
        self.insurance = self.insurance.plus(s)?;
        Ok(())
    }

    /// A market draws `x` sdUSD for traders who take out more than it holds.
    pub fn market_draws(&mut self, x: Usd) -> Result<()> {
        self.supply = self.supply.plus(x)?;
        self.reported = self.reported.minus(x.signed()?)?;
        Ok(())
    }

    /// A market's fee counter grew by `f`.
    pub fn market_pays_fees(&mut self, f: Usd) -> Result<()> {
        self.reported = self.reported.minus(f.signed()?)?;
        self.insurance = self.insurance.plus(f)?;
        Ok(())
    }

    /// A market's shortfall counter grew by `e`: as bad debt, which [`Self::insurance_meets`] then reduces.
    pub fn market_falls_short(&mut self, e: Usd) -> Result<()> {
        self.reported = self.reported.plus(e.signed()?)?;
        self.bad_debt = self.bad_debt.plus(e)?;
        Ok(())
    }

    /// The markets' debt is now `reported` and the potential is `potential`. Returns what the providers' debt has to
    /// move by; [`Self::providers_owe`] or [`Self::nobody_owes`] completes the transition.
    pub fn markets_stand_at(&mut self, reported: SignedUsd, potential: Usd) -> Result<SignedUsd> {
        let before = self.reported.plus(self.potential.signed()?)?;
        let after = reported.plus(potential.signed()?)?;
        self.reported = reported;
        self.potential = potential;
        after.minus(before)
    }

    /// The providers take `delta` of debt (negative: profit), split over their debt shares by the caller.
    pub fn providers_owe(&mut self, delta: SignedUsd) -> Result<()> {
        self.vault_debt = self.vault_debt.plus(delta)?;
        Ok(())
    }

    /// With no provider: a loss becomes bad debt, a profit reduces bad debt and then goes to insurance.
    pub fn nobody_owes(&mut self, delta: SignedUsd) -> Result<()> {
        let profit = delta.negative_part();
        let healed = profit.min(self.bad_debt);
        self.bad_debt = self.bad_debt.plus(delta.positive_part())?.minus(healed)?;
        self.insurance = self.insurance.plus(profit.minus(healed)?)?;
        Ok(())
    }

    /// A position with debt `d` is seized.
    pub fn position_seized(&mut self, d: Usd) -> Result<()> {
        self.vault_debt = self.vault_debt.minus(d.signed()?)?;
        self.tab = self.tab.plus(d)?;
        Ok(())
    }

    /// An auction brings `r` against its tab.
    pub fn auction_brings(&mut self, r: Usd) -> Result<()> {
        self.tab = self.tab.minus(r)?;
        self.supply = self.supply.minus(r)?;
        Ok(())
    }

    /// An auction brings a penalty `p` on top.
    pub fn auction_brings_penalty(&mut self, p: Usd) -> Result<()> {
        self.supply = self.supply.minus(p)?;
        self.insurance = self.insurance.plus(p)?;
        Ok(())
    }

    /// A keeper's reward `t` is paid out of a penalty.
    pub fn keeper_rewarded(&mut self, t: Usd) -> Result<()> {
        self.insurance = self.insurance.minus(t)?;
        self.supply = self.supply.plus(t)?;
        Ok(())
    }

    /// An auction ends `s` short.
    pub fn auction_ends_short(&mut self, s: Usd) -> Result<()> {
        self.tab = self.tab.minus(s)?;
        self.bad_debt = self.bad_debt.plus(s)?;
        Ok(())
    }

    /// A vault has no shares left, but `debt` (or, where negative, profit) of fractions that its positions left behind.
    pub fn vault_emptied(&mut self, debt: SignedUsd) -> Result<()> {
        self.vault_debt = self.vault_debt.minus(debt)?;
        self.nobody_owes(debt)
    }

    /// The insurance fund meets `b` of bad debt.
    pub fn insurance_meets(&mut self, b: Usd) -> Result<()> {
        self.bad_debt = self.bad_debt.minus(b)?;
        self.insurance = self.insurance.minus(b)?;
        Ok(())
    }

    /// Recovery notes were sold for `x` sdUSD, which was burnt: against bad debt, and what is more than that into the insurance fund.
    /// Returns what it met of bad debt.
    pub fn notes_sold(&mut self, x: Usd) -> Result<Usd> {
        let met = x.min(self.bad_debt);
        self.supply = self.supply.minus(x)?;
        self.bad_debt = self.bad_debt.minus(met)?;
        self.insurance = self.insurance.plus(x.minus(met)?)?;
        Ok(met)
    }

    /// `c` of what came into the insurance fund is promised to recovery notes.
    pub fn set_aside_for_notes(&mut self, c: Usd) -> Result<()> {
        self.insurance = self.insurance.minus(c)?;
        self.set_aside = self.set_aside.plus(c)?;
        Ok(())
    }

    /// Recovery notes are redeemed for `c` new sdUSD.
    pub fn notes_redeemed(&mut self, c: Usd) -> Result<()> {
        self.set_aside = self.set_aside.minus(c)?;
        self.supply = self.supply.plus(c)?;
        Ok(())
    }

    /// So many recovery notes are left: what is set aside beyond that goes back into the insurance fund.
    pub fn notes_left(&mut self, outstanding: Usd) -> Result<()> {
        let beyond = self.set_aside.saturating_minus(outstanding);
        self.insurance = self.insurance.plus(beyond)?;
        self.set_aside = self.set_aside.minus(beyond)?;
        Ok(())
    }

    /// Whoever drew leaves `b` of it to bad debt: so much of [`Self::market_draws`] is not paid.
    pub fn draw_forfeits(&mut self, b: Usd) -> Result<()> {
        self.bad_debt = self.bad_debt.minus(b)?;
        self.supply = self.supply.minus(b)?;
        Ok(())
    }

    /// The providers take `b` of bad debt, over their debt shares, or one of them who leaves.
    pub fn providers_meet(&mut self, b: Usd) -> Result<()> {
        self.bad_debt = self.bad_debt.minus(b)?;
        self.vault_debt = self.vault_debt.plus(b.signed()?)?;
        Ok(())
    }

    /// The pool is shut down, and a position with debt `d` has collateral of `v` < `d` only: that covers a part, the rest is bad debt.
    pub fn position_written_off(&mut self, d: Usd, v: Usd) -> Result<()> {
        self.vault_debt = self.vault_debt.minus(d.signed()?)?;
        self.estate = self.estate.plus(v.signed()?)?;
        self.bad_debt = self.bad_debt.plus(d.minus(v)?)?;
        Ok(())
    }

    /// The pool is shut down, and a provider's collateral covers what he owes, `d`, and `b` of bad debt. Where he has profit, `m` of it is
    /// minted.
    pub fn provider_settles(&mut self, d: SignedUsd, b: Usd, m: Usd) -> Result<()> {
        self.vault_debt = self.vault_debt.minus(d)?;
        self.bad_debt = self.bad_debt.minus(b)?;
        self.supply = self.supply.plus(m)?;
        self.estate = self.estate.plus(d)?.plus(b.signed()?)?.plus(m.signed()?)?;
        Ok(())
    }

    /// The pool is shut down, and a holder of `x` sdUSD burns it for a claim on collateral.
    pub fn holder_redeems(&mut self, x: Usd) -> Result<()> {
        self.supply = self.supply.minus(x)?;
        self.estate = self.estate.minus(x.signed()?)?;
        Ok(())
    }

    /// The pool is shut down: what insurance does not need goes to the providers.
    pub fn insurance_released(&mut self, x: Usd) -> Result<()> {
        self.insurance = self.insurance.minus(x)?;
        self.vault_debt = self.vault_debt.minus(x.signed()?)?;
        Ok(())
    }

    /// Somebody burns `x` sdUSD into the insurance fund, or a holder's own burn of `x` is found and swept into it.
    pub fn burnt_to_insurance(&mut self, x: Usd) -> Result<()> {
        self.supply = self.supply.minus(x)?;
        self.insurance = self.insurance.plus(x)?;
        Ok(())
    }
}
