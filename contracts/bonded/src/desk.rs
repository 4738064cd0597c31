//! What a message reads once, what it saves once, and what it pays.

use cosmwasm_std::{Addr, Api, CosmosMsg, Deps, Env, Event, Storage};

use sdp_trading::payout::{self, out_of_held};
use sdp_types::board::Board;
use sdp_types::bonded::{Bonds, Params, Quarantine, Slot, Terms};
use sdp_types::book::Listing;
use sdp_types::error::BondedError;
use sdp_types::events::BondedQuarantined;
use sdp_types::regime::Regime;
use sdp_types::token::TokenMsg;
use sdp_types::{ensure, Error, Ratio, Result, SignedUsd, Usd};

use crate::state;

/// The desk and what it knows of the pool.
pub struct Desk {
    /// Block time, seconds.
    pub now: u64,
    /// This contract.
    pub own: Addr,
    /// The pool.
    pub pool: Addr,
    /// The pool's token.
    pub sdusd: Addr,
    /// Addresses and parameters.
    pub terms: Terms,
    /// What the pool lists and allows.
    pub listing: Listing,
    /// All bonded markets.
    pub bonds: Bonds,
}

impl Desk {
    /// Reads it.
    pub fn load(deps: Deps<'_>, env: &Env) -> Result<Self> {
        let terms = state::terms(deps.storage)?;
        let (pool, sdusd) = (deps.api.addr_humanize(&terms.pool)?, deps.api.addr_humanize(&terms.sdusd)?);
        let listing = Listing::of(&deps.querier, &pool)?;
        let bonds = state::bonds(deps.storage)?;
        let (now, own) = (env.block.time.seconds(), env.contract.address.clone());
        Ok(Self { now, own, pool, sdusd, terms, listing, bonds })
    }

    /// Stores the bonds, and publishes them as of now.
    pub fn save(&self, storage: &mut dyn Storage) -> Result<()> {
        state::save_bonds(storage, &self.bonds, self.now)
    }

    /// Parameters.
    pub fn params(&self) -> &Params {
        &self.terms.params
    }

    /// Whether the pool was shut down.
    pub fn is_shut(&self) -> bool {
        self.listing.regime == Regime::ShutDown
    }

    /// `E0333` once it was.
    pub fn runs(&self) -> Result<()> {
        ensure(!self.is_shut(), || Error::PoolShutDown {})
    }

    /// The oracle's board.
    pub fn board(&self, deps: Deps<'_>) -> Result<Board> {
        Board::of(&deps.querier, &deps.api.addr_humanize(&self.terms.oracle)?)
    }

    /// Place of a bonded market: `E1001`.
    pub fn place(&self, api: &dyn Api, market: &Addr) -> Result<usize> {
        let place = self.bonds.place(api, market)?;
        place.ok_or_else(|| BondedError::NotBonded { market: market.to_string() }.into())
    }

    /// A market by its place.
    pub fn slot(&mut self, place: usize) -> Result<&mut Slot> {
        let none = || BondedError::NotBonded { market: place.to_string() }.into();
        self.bonds.slots.get_mut(place).ok_or_else(none)
    }

    /// Place of a bonded market that is believed: `E1001`, `E1006`.
    pub fn believed(&mut self, api: &dyn Api, market: &Addr) -> Result<usize> {
        let place = self.place(api, market)?;
        match self.slot(place)?.quarantine {
            None => Ok(place),
            Some(Quarantine { code, .. }) => {
                Err(BondedError::InQuarantine { market: market.to_string(), code: code.into() }.into())
            }
        }
    }

    /// `E1010` where the market has pushed nothing for too long.
    pub fn is_fresh(&self, slot: &Slot) -> Result<()> {
        let (age, allowed) = (self.now.saturating_sub(slot.pushed_at), self.params().max_age);
        ensure(age <= allowed, || BondedError::RecordStale { age, allowed }.into())
    }

    /// Nothing of a market is believed from now on. Its claim stays what it was.
    pub fn quarantine(&mut self, place: usize, market: &Addr, why: BondedError) -> Result<Event> {
        let (error, since) = (Error::from(why), self.now);
        let slot = self.slot(place)?;
        slot.quarantine = Some(Quarantine { code: error.number(), since, resolved: None });
        slot.announced = None;
        slot.closing = None;
        let (market, code, claim) = (market.to_string(), error.code().to_string(), slot.claim);
        Ok(BondedQuarantined { market, code, why: error.to_string(), claim }.into())
    }

    /// The desk's line at the pool: `E0508`.
    pub fn line(&self, api: &dyn Api) -> Result<SignedUsd> {
        let unlisted = || Error::UnknownMarket { market: self.own.to_string() };
        let place = self.listing.market(api, &self.own)?.ok_or_else(unlisted)?;
        Ok(self.listing.line(place))
    }

    /// What is left of a bond goes back to its opener, once his market has left the books: that lies here whatever the others have drawn.
    pub fn pays_back(&mut self, opener: &Addr, refund: Usd) -> Result<Option<CosmosMsg>> {
        if refund.is_zero() {
            return Ok(None);
        }
        self.bonds.held = self.bonds.held.minus(refund)?;
        let transfer = TokenMsg::Transfer { recipient: opener.to_string(), amount: refund.raw().into() };
        transfer.to(&self.sdusd).map(Some)
    }

    /// Pays somebody: out of what is here beyond what openers get back, the rest drawn from the pool, in proportion while that has bad debt. What
    /// it is paid for is in the books already, the payment is not. Returns the messages and what is drawn.
    pub fn pay(
        &mut self,
        api: &dyn Api,
        amount: Usd,
        recipient: &Addr,
        accepted_haircut: Option<Ratio>,
    ) -> Result<(Vec<CosmosMsg>, Usd)> {
        let owed = amount.signed()?.plus(self.bonds.base()?)?.positive_part();
        let owed = self.listing.bad_debt.then_some(owed);
        let paid = out_of_held(amount, self.bonds.free()?, owed)?;
        let drawn = amount.minus(paid)?;
        self.bonds.held = self.bonds.held.minus(paid)?;
        self.bonds.drawn = self.bonds.drawn.plus(drawn)?;
        let contracts = (&self.terms.pool, &self.terms.sdusd);
        let messages = payout::messages(api, contracts, paid, (drawn, accepted_haircut), recipient.as_str())?;
        Ok((messages, drawn))
    }
}
