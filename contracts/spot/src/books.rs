//! The records of a message: loaded once, changed in memory, saved once. An item of a batch works on a copy, which takes the place of the
//! original only if the whole item holds.

use cosmwasm_std::{Api, CanonicalAddr, CosmosMsg, Storage};

use sdp_trading::table::Table;
use sdp_types::error::SpotError;
use sdp_types::exposure::{Exposure, FeedQuantity};
use sdp_types::token::TokenMsg;
use sdp_types::{Amount, Error, Result, SignedUsd, Size, Usd};

use crate::core::desk::Issued;
use crate::core::quantity::quantity;
use crate::state::{self, Issue, Order, Own, Terms};

/// Every record that a fill may change.
#[derive(Clone, Debug)]
pub struct Books {
    /// What the pool reads.
    pub exposure: Exposure,
    /// What lies behind it.
    pub own: Own,
    /// What is owed to people: as loaded, and now.
    claims: Table<CanonicalAddr, (Usd, Usd)>,
    /// sdUSD that is paid at once.
    payments: Vec<(CanonicalAddr, Usd)>,
}

impl Books {
    /// The records that every message needs; claims follow when somebody is owed something.
    pub fn load(storage: &dyn Storage) -> Result<Self> {
        let (exposure, own) = state::published(storage)?;
        Ok(Self { exposure, own, claims: Table::default(), payments: Vec::new() })
    }

    /// Stores what has changed: base, quantities and what is open follow from the rest. Returns the payments.
    pub fn save(mut self, storage: &mut dyn Storage, api: &dyn Api, terms: &Terms) -> Result<Vec<CosmosMsg>> {
        self.exposure.base = self.base()?;
        self.exposure.quantities = self.quantities(terms)?;
        let open = self.own.issues.iter().filter(|issue| !issue.supply.is_zero()).count();
        self.exposure.open_positions = open as u64;
        state::save_published(storage, &self.exposure, &self.own)?;
        for (owner, (loaded, claim)) in &self.claims.0 {
            if claim != loaded {
                state::save_claim(storage, owner, *claim)?;
            }
        }
        let sdusd = api.addr_humanize(&terms.sdusd)?;
        let mut messages = Vec::with_capacity(self.payments.len());
        for (recipient, amount) in &self.payments {
            let recipient = api.addr_humanize(recipient)?.into_string();
            messages.push(TokenMsg::Transfer { recipient, amount: amount.raw().into() }.to(&sdusd)?);
        }
        Ok(messages)
    }

    /// Σ claims + locked + what frozen tokens are owed − held.
    fn base(&self) -> Result<SignedUsd> {
        let Own { held, locked, claims, .. } = self.own;
        claims.plus(locked)?.plus(self.frozen()?)?.signed()?.minus(held.signed()?)
    }

    /// What tokens are owed since a shutdown, all together.
    pub fn frozen(&self) -> Result<Usd> {
        let all = self.own.issues.iter().filter_map(|issue| issue.frozen);
        all.into_iter().try_fold(Usd::ZERO, |sum, frozen| sum.plus(frozen))
    }

    /// Whether the contract was shut down.
    pub fn is_shut_down(&self) -> bool {
        self.own.issues.iter().any(|issue| issue.frozen.is_some())
    }

    /// A synthetic's tokens and orders: `E0601 UnknownSynthetic`.
    pub fn issue(&mut self, synthetic: u16) -> Result<&mut Issue> {
        let unknown = SpotError::UnknownSynthetic { synthetic: synthetic.into() }.into();
        self.own.issues.get_mut(usize::from(synthetic)).ok_or(unknown)
    }

    /// What a synthetic's tokens are owed by.
    pub fn issued(&self, terms: &Terms, synthetic: u16) -> Result<Issued> {
        let place = usize::from(synthetic);
        let found = self.own.issues.get(place).zip(terms.decimals.get(place));
        let (issue, decimals) = found.ok_or(SpotError::UnknownSynthetic { synthetic: synthetic.into() })?;
        let Issue { supply, redemption, .. } = *issue;
        Ok(Issued { supply, redemption, decimals: *decimals })
    }

    /// What is owed now in every feed: nothing of what is frozen.
    pub fn quantities(&self, terms: &Terms) -> Result<Vec<FeedQuantity>> {
        self.quantities_with(terms, |_| Ok(Amount::ZERO))
    }

    /// The same with so many tokens more of each synthetic.
    pub fn quantities_with(
        &self,
        terms: &Terms,
        more: impl Fn(u16) -> Result<Amount>,
    ) -> Result<Vec<FeedQuantity>> {
        let mut quantities = self.exposure.quantities.clone();
        for (number, (entry, issue)) in (0..).zip(quantities.iter_mut().zip(&self.own.issues)) {
            let Issued { supply, redemption, decimals } = self.issued(terms, number)?;
            entry.quantity = match issue.frozen {
                Some(_) => Size::ZERO,
                None => quantity(supply.plus(more(number)?)?, redemption, decimals)?,
            };
        }
        Ok(quantities)
    }

    /// Owes somebody so much: paid at once where that may be and is held, else to be collected.
    pub fn pay(
        &mut self,
        storage: &dyn Storage,
        to: &CanonicalAddr,
        amount: Usd,
        at_once: bool,
    ) -> Result<()> {
        if amount.is_zero() {
            return Ok(());
        }
        if at_once && amount <= self.own.held {
            self.own.held = self.own.held.minus(amount)?;
            self.payments.push((to.clone(), amount));
            return Ok(());
        }
        self.credit(storage, to, amount)
    }

    /// Owes somebody so much, to be collected.
    pub fn credit(&mut self, storage: &dyn Storage, to: &CanonicalAddr, amount: Usd) -> Result<()> {
        let claim = self.claim(storage, to)?;
        *claim = claim.plus(amount)?;
        self.own.claims = self.own.claims.plus(amount)?;
        Ok(())
    }

    /// What somebody can collect.
    pub fn claim(&mut self, storage: &dyn Storage, owner: &CanonicalAddr) -> Result<&mut Usd> {
        if !self.claims.has(owner) {
            let loaded = state::claim(storage, owner)?;
            self.claims.put(owner.clone(), (loaded, loaded));
        }
        let found = self.claims.get_mut(owner).map(|(_, claim)| claim);
        found.ok_or_else(|| Error::BadRecord { record: "claim".into() })
    }

    /// A further order waits: its number.
    pub fn add_order(&mut self, synthetic: u16, order: &Order) -> Result<u64> {
        self.own.locked = self.own.locked.plus(order.paid())?;
        let issue = self.issue(synthetic)?;
        issue.reserved = issue.reserved.plus(order.reserved)?;
        issue.locked = issue.locked.plus(order.tokens())?;
        let number = issue.next;
        issue.next += 1;
        Ok(number)
    }

    /// Gives back what an order locked and reserved: whoever calls this pays that out.
    pub fn release(&mut self, synthetic: u16, order: &Order) -> Result<()> {
        self.own.locked = self.own.locked.minus(order.paid())?;
        let issue = self.issue(synthetic)?;
        issue.reserved = issue.reserved.minus(order.reserved)?;
        issue.locked = issue.locked.minus(order.tokens())?;
        Ok(())
    }
}
