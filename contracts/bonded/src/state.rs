//! What the desk stores. This is the only file that knows its keys.
//!
//! What the pool reads is a record of its own, so that no message elsewhere pays for what bonded markets have here.

use cosmwasm_std::{Addr, CanonicalAddr, Storage};
use cw_storage_plus::Item;

use sdp_types::bonded::{Bonds, Change, Pushed, Terms};
use sdp_types::exposure::Exposure;
use sdp_types::governance::Timelock;
use sdp_types::record::{key, key_of, tag, Record};
use sdp_types::Result;

/// Who may only tighten.
pub const GUARDIAN: Item<Option<Addr>> = Item::new("guardian");
/// Changes that wait.
pub const CHANGES: Timelock<Change> = Timelock::new();

/// Loads a record that there always is.
pub fn terms(storage: &dyn Storage) -> Result<Terms> {
    Terms::load(storage, &key(tag::DESK_TERMS))
}

/// Stores it.
pub fn save_terms(storage: &mut dyn Storage, terms: &Terms) -> Result<()> {
    terms.save(storage, &key(tag::DESK_TERMS))
}

/// Loads a record that there always is.
pub fn bonds(storage: &dyn Storage) -> Result<Bonds> {
    Bonds::load(storage, &key(tag::BONDS))
}

/// Stores it, and what the pool reads of it.
pub fn save_bonds(storage: &mut dyn Storage, bonds: &Bonds, now: u64) -> Result<()> {
    bonds.exposure(now)?.save(storage, &key(tag::EXPOSURE))?;
    bonds.save(storage, &key(tag::BONDS))
}

fn pushed_key(market: &CanonicalAddr) -> Vec<u8> {
    key_of(tag::PUSHED, &[market.as_slice()])
}

/// What a market pushed last and was believed.
pub fn pushed(storage: &dyn Storage, market: &CanonicalAddr) -> Result<Option<Exposure>> {
    Ok(Pushed::may_load(storage, &pushed_key(market))?.map(|Pushed(exposure)| exposure))
}

/// Stores it, or that there is none.
pub fn save_pushed(
    storage: &mut dyn Storage,
    market: &CanonicalAddr,
    exposure: Option<Exposure>,
) -> Result<()> {
    Pushed::put(exposure.map(Pushed).as_ref(), storage, &pushed_key(market))
}
