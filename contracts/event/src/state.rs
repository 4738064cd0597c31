//! What the market stores: what it is about, how it stands, and what everybody has.

use cosmwasm_std::{Addr, Api, Storage};
use serde::{Deserialize, Serialize};

use sdp_types::board::FeedId;
use sdp_types::event::{EventQuote, HolderResponse, Outcome};
use sdp_types::exposure::Exposure;
use sdp_types::record::{canonical, key, key_of, tag, Record};
use sdp_types::{Error, Price, Result, Usd};

/// What it is about. See [`sdp_types::event::InstantiateMsg`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Terms {
    pub author: Addr,
    pub pool: Addr,
    pub desk: Addr,
    pub oracle: Addr,
    pub sdusd: Addr,
    pub feed: FeedId,
    pub strike: Price,
    pub lasts: u64,
    pub ends_at: u64,
    pub window: u64,
}

impl Record for Terms {
    const NAME: &'static str = "event";
    const VERSION: u8 = 1;
}

/// How it stands. See [`sdp_types::event::StateResponse`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Book {
    pub quote: EventQuote,
    pub held: Usd,
    pub yes: Usd,
    pub no: Usd,
    pub cost: Usd,
    pub outcome: Option<Outcome>,
}

impl Book {
    /// Most that all contracts can be worth together: what one side pays, or, should it be refunded, what both have cost.
    pub fn owed(&self) -> Usd {
        match self.outcome {
            None => self.yes.max(self.no).max(self.cost),
            Some(Outcome::Yes) => self.yes,
            Some(Outcome::No) => self.no,
            Some(Outcome::Refunded) => self.cost,
        }
    }

    /// What somebody has becomes something else.
    pub fn replaces(&mut self, old: &Holder, new: &Holder) -> Result<()> {
        self.yes = self.yes.minus(old.yes)?.plus(new.yes)?;
        self.no = self.no.minus(old.no)?.plus(new.no)?;
        self.cost = self.cost.minus(old.cost)?.plus(new.cost)?;
        Ok(())
    }

    /// Sides that somebody has contracts of. Once it is known what they are worth, those that are worth nothing are over: nobody has to come back
    /// for them.
    fn open(&self) -> u64 {
        match self.outcome {
            None => u64::from(!self.yes.is_zero()) + u64::from(!self.no.is_zero()),
            Some(_) => u64::from(!self.owed().is_zero()),
        }
    }
}

/// What is published, and behind it in the same record what is only the market's own.
pub struct Event {
    /// What others read.
    pub exposure: Exposure,
    /// What they don't.
    pub book: Book,
}

impl Event {
    /// Nothing has been sold.
    pub fn new(quote: EventQuote) -> Self {
        let nothing = Usd::ZERO;
        let book = Book { quote, held: nothing, yes: nothing, no: nothing, cost: nothing, outcome: None };
        Self { exposure: Exposure::default(), book }
    }
}

/// What somebody has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Holder {
    pub yes: Usd,
    pub no: Usd,
    pub cost: Usd,
}

impl Record for Holder {
    const NAME: &'static str = "event holder";
    const VERSION: u8 = 1;
}

impl Holder {
    /// What that is worth once it is known how it ended: contracts pay 1 sdUSD each, so nothing is rounded.
    pub fn worth(self, outcome: Outcome) -> Usd {
        match outcome {
            Outcome::Yes => self.yes,
            Outcome::No => self.no,
            Outcome::Refunded => self.cost,
        }
    }

    /// Worth so much, and nothing that is worth nothing.
    pub fn of(outcome: Outcome, worth: Usd) -> Self {
        let nothing = Self::default();
        match outcome {
            Outcome::Yes => Self { yes: worth, ..nothing },
            Outcome::No => Self { no: worth, ..nothing },
            Outcome::Refunded => Self { cost: worth, ..nothing },
        }
    }

    /// As it is answered.
    pub fn shown(self, owner: Addr) -> HolderResponse {
        HolderResponse { owner: owner.into(), yes: self.yes, no: self.no, cost: self.cost }
    }
}

/// Stores what it is about.
pub fn save_terms(storage: &mut dyn Storage, terms: &Terms) -> Result<()> {
    terms.save(storage, &key(tag::EVENT))
}

/// What it is about, and how it stands.
pub fn load(storage: &dyn Storage) -> Result<(Terms, Event)> {
    let bad = || Error::BadRecord { record: Exposure::NAME.into() };
    let bytes = storage.get(&key(tag::EXPOSURE)).ok_or_else(bad)?;
    let (exposure, book) = Exposure::decode_with(&bytes)?;
    Ok((Terms::load(storage, &key(tag::EVENT))?, Event { exposure, book }))
}

/// Stores how it stands: what is owed beyond what is held follows from the book. No quantities: what is owed does not move with a price.
pub fn save(storage: &mut dyn Storage, event: &mut Event, now: u64) -> Result<()> {
    let held = event.book.held;
    event.exposure.as_of = now;
    event.exposure.base = event.book.owed().signed()?.minus(held.signed()?)?;
    event.exposure.open_positions = event.book.open();
    storage.set(&key(tag::EXPOSURE), &event.exposure.encode_with(&event.book)?);
    Ok(())
}

fn holder_key(api: &dyn Api, owner: &Addr) -> Result<Vec<u8>> {
    Ok(key_of(tag::EVENT_HOLDER, &[&canonical(api, owner)?]))
}

/// What somebody has.
pub fn holder(storage: &dyn Storage, api: &dyn Api, owner: &Addr) -> Result<Holder> {
    Ok(Holder::may_load(storage, &holder_key(api, owner)?)?.unwrap_or_default())
}

/// So many of all who have something, after one of them.
pub fn holders(
    storage: &dyn Storage,
    api: &dyn Api,
    after: Option<&Addr>,
    limit: usize,
) -> Result<Vec<(Addr, Holder)>> {
    Holder::by_owner(storage, api, &key(tag::EVENT_HOLDER), after, limit)
}

/// Stores it.
pub fn save_holder(storage: &mut dyn Storage, api: &dyn Api, owner: &Addr, holder: Holder) -> Result<()> {
    let some = (holder != Holder::default()).then_some(&holder);
    Holder::put(some, storage, &holder_key(api, owner)?)
}
