//! What the reserve stores. This is the only file that knows its keys.

use cosmwasm_std::{Addr, CanonicalAddr, Storage};
use cw_storage_plus::Item;
use serde::{Deserialize, Serialize};

use sdp_types::exposure::Exposure;
use sdp_types::governance::Timelock;
use sdp_types::record::{key, tag, Record};
use sdp_types::reserve::{Change, Params, TokenConfig};
use sdp_types::{Error, Result};

use crate::books::{Books, Held};

/// Who may only tighten.
pub const GUARDIAN: Item<Option<Addr>> = Item::new("guardian");
/// Changes that wait.
pub const CHANGES: Timelock<Change> = Timelock::new();

/// What every swap needs to know.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Terms {
    /// The pool.
    pub pool: CanonicalAddr,
    /// The pool's oracle.
    pub oracle: CanonicalAddr,
    /// The pool's token.
    pub sdusd: CanonicalAddr,
    /// Parameters.
    pub params: Params,
    /// Tokens by number.
    pub tokens: Vec<TokenConfig>,
}

impl Record for Terms {
    const NAME: &'static str = "reserve terms";
    const VERSION: u8 = 1;
}

/// Loads a record that there always is.
pub fn terms(storage: &dyn Storage) -> Result<Terms> {
    Terms::load(storage, &key(tag::RESERVE_TERMS))
}

/// Stores it.
pub fn save_terms(storage: &mut dyn Storage, terms: &Terms) -> Result<()> {
    terms.save(storage, &key(tag::RESERVE_TERMS))
}

/// What is published, and behind it in the same record what is held: every swap writes both.
pub fn books(storage: &dyn Storage) -> Result<Books> {
    let bad = || Error::BadRecord { record: Exposure::NAME.into() };
    let bytes = storage.get(&key(tag::EXPOSURE)).ok_or_else(bad)?;
    let (exposure, held): (Exposure, Held) = Exposure::decode_with(&bytes)?;
    Ok(Books { exposure, held })
}

/// Stores it.
pub fn save_books(storage: &mut dyn Storage, books: &Books) -> Result<()> {
    storage.set(&key(tag::EXPOSURE), &books.exposure.encode_with(&books.held)?);
    Ok(())
}
