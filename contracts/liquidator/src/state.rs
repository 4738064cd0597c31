//! What is stored, and under which keys: nobody else knows them.
//!
//! Small items instead of one config, so that a take reads only the token and the parameters.

use cosmwasm_std::{Addr, Api, Order, Storage};
use cw_storage_plus::{Item, Map};
use sdp_types::error::LiquidatorError;
use sdp_types::exposure::Recoveries;
use sdp_types::governance::Timelock;
use sdp_types::liquidator::{AuctionParams, Change, Limits, NoteParams, Params};
use sdp_types::math::Wide;
use sdp_types::pool::Token;
use sdp_types::record::{canonical, end_of, entry, key, key_of, tag, Record};
use sdp_types::units::MAX_USD;
use sdp_types::{Amount, Error, Ratio, Result, Usd};
use serde::{Deserialize, Serialize};

use crate::auction::Auction;
use crate::backstop::{Backstop, Depositor, Sums};
use crate::flash_take::FlashTake;
use crate::notes::{NoteAuction, Notes};

/// The pool.
pub const POOL: Item<Addr> = Item::new("pool");
/// The oracle of the pool.
pub const ORACLE: Item<Addr> = Item::new("oracle");
/// The token of payment.
pub const SDUSD: Item<Addr> = Item::new("sdusd");
/// Who may only tighten.
pub const GUARDIAN: Item<Option<Addr>> = Item::new("guardian");
/// Parameters of the whole contract.
pub const PARAMS: Item<Params> = Item::new("params");
/// The token of recovery notes.
pub const NOTE: Item<Addr> = Item::new("note");
/// How recovery notes are sold.
pub const NOTE_PARAMS: Item<NoteParams> = Item::new("note_params");
/// Changes that wait.
pub const CHANGES: Timelock<Change> = Timelock::new();

/// The position that keeps depositors in the backstop, by vault: its owner.
pub const FLAGS: Map<u8, Addr> = Map::new("flags");
/// The token of a vault of which the backstop has absorbed something.
pub const TOKENS: Map<u8, Token> = Map::new("tokens");

const VAULTS: Map<u8, AuctionParams> = Map::new("vaults");
const LIMITS: Map<u8, Limits> = Map::new("limits");
const LOTS: Map<(u8, &str), Amount> = Map::new("lots");

/// How a vault's collateral is sold: `E0510`.
pub fn auction_params(storage: &dyn Storage, vault: u8) -> Result<AuctionParams> {
    VAULTS.may_load(storage, vault)?.ok_or(LiquidatorError::NoAuctionParams { vault: vault.into() }.into())
}

/// How the collateral of each vault is sold, by its number.
pub fn all_auction_params(storage: &dyn Storage) -> Result<Vec<AuctionParams>> {
    let all = VAULTS.range(storage, None, None, Order::Ascending);
    all.map(|entry| Ok(entry?.1)).collect()
}

/// Sets how a vault's collateral is sold.
pub fn save_auction_params(storage: &mut dyn Storage, vault: u8, params: &AuctionParams) -> Result<()> {
    Ok(VAULTS.save(storage, vault, params)?)
}

/// How much of a vault may be on auction and be absorbed. Where nothing is set: all, and nothing.
pub fn limits(storage: &dyn Storage, vault: u8) -> Result<Limits> {
    let none = Limits { hole: MAX_USD, discount: Ratio::ZERO, daily: Ratio::ZERO };
    Ok(LIMITS.may_load(storage, vault)?.unwrap_or(none))
}

/// Sets that.
pub fn save_limits(storage: &mut dyn Storage, vault: u8, limits: &Limits) -> Result<()> {
    Ok(LIMITS.save(storage, vault, limits)?)
}

/// The part of the sums over all auctions that the pool does not need.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// Number of the last auction that was started.
    pub last: u64,
    /// How many are running.
    pub auctions: u64,
    /// What they still have to bring, penalties included, by vault: what the holes bound.
    pub outstanding: Vec<Usd>,
}

/// The sums over all auctions: one record, because every take writes all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// What the pool reads.
    pub recoveries: Recoveries,
    /// The rest.
    pub running: Running,
}

impl Totals {
    /// As stored; nothing at first.
    pub fn load(storage: &dyn Storage) -> Result<Self> {
        let Some(bytes) = storage.get(&key(tag::RECOVERIES)) else { return Ok(Self::default()) };
        let (recoveries, running) = Recoveries::decode_with(&bytes)?;
        Ok(Self { recoveries, running })
    }

    /// Stores them.
    pub fn save(&self, storage: &mut dyn Storage) -> Result<()> {
        storage.set(&key(tag::RECOVERIES), &self.recoveries.encode_with(&self.running)?);
        Ok(())
    }

    /// What running auctions still have to bring, penalties included: what the hole bounds.
    pub fn outstanding(&self) -> Result<Usd> {
        self.running.outstanding.iter().try_fold(Usd::ZERO, |sum, of_vault| sum.plus(*of_vault))
    }

    /// The same of one vault.
    pub fn outstanding_of(&mut self, vault: u8) -> &mut Usd {
        entry(&mut self.running.outstanding, vault.into())
    }
}

/// A running auction: `E0501`.
pub fn auction(storage: &dyn Storage, number: u64) -> Result<Auction> {
    let found = Auction::may_load(storage, &auction_key(number))?;
    found.ok_or(LiquidatorError::UnknownAuction { auction: number }.into())
}

/// Stores an auction, or forgets it when it is over.
pub fn save_auction(storage: &mut dyn Storage, number: u64, auction: &Auction) -> Result<()> {
    if auction.is_over() {
        storage.remove(&auction_key(number));
        Ok(())
    } else {
        auction.save(storage, &auction_key(number))
    }
}

/// An auction is no longer for others to take from.
pub fn remove_auction(storage: &mut dyn Storage, number: u64) {
    storage.remove(&auction_key(number));
}

/// The flash take that is under way.
pub fn flash_take(storage: &dyn Storage) -> Result<Option<FlashTake>> {
    FlashTake::may_load(storage, &key(tag::FLASH_TAKE))
}

/// One is under way, or none any more.
pub fn save_flash_take(storage: &mut dyn Storage, take: Option<&FlashTake>) -> Result<()> {
    match take {
        Some(take) => take.save(storage, &key(tag::FLASH_TAKE)),
        None => {
            storage.remove(&key(tag::FLASH_TAKE));
            Ok(())
        }
    }
}

/// The sums over running auctions of recovery notes; nothing at first.
pub fn notes(storage: &dyn Storage) -> Result<Notes> {
    Ok(Notes::may_load(storage, &key(tag::NOTES))?.unwrap_or_default())
}

/// Stores them.
pub fn save_notes(storage: &mut dyn Storage, notes: &Notes) -> Result<()> {
    notes.save(storage, &key(tag::NOTES))
}

/// A running auction of recovery notes: `E0007`.
pub fn note_auction(storage: &dyn Storage, number: u64) -> Result<NoteAuction> {
    let none = || Error::NotFound { what: "note auction".into(), key: number.to_string() };
    NoteAuction::may_load(storage, &numbered(tag::NOTE_AUCTION, number))?.ok_or_else(none)
}

/// Stores it.
pub fn save_note_auction(storage: &mut dyn Storage, number: u64, auction: &NoteAuction) -> Result<()> {
    auction.save(storage, &numbered(tag::NOTE_AUCTION, number))
}

/// It is over.
pub fn remove_note_auction(storage: &mut dyn Storage, number: u64) {
    storage.remove(&numbered(tag::NOTE_AUCTION, number));
}

/// Running auctions of recovery notes after a number, oldest first.
pub fn note_auctions(
    storage: &dyn Storage,
    after: Option<u64>,
    limit: usize,
) -> Result<Vec<(u64, NoteAuction)>> {
    page(storage, tag::NOTE_AUCTION, after, limit)
}

/// The backstop; empty at first.
pub fn backstop(storage: &dyn Storage) -> Result<Backstop> {
    Ok(Backstop::may_load(storage, &key(tag::BACKSTOP))?.unwrap_or_default())
}

/// Stores it.
pub fn save_backstop(storage: &mut dyn Storage, backstop: &Backstop) -> Result<()> {
    backstop.save(storage, &key(tag::BACKSTOP))
}

/// Sums of a period of the backstop that is over; none where nothing was absorbed in it.
pub fn sums(storage: &dyn Storage, epoch: u32, scale: u32) -> Result<Vec<Wide>> {
    Ok(Sums::may_load(storage, &sums_key(epoch, scale))?.map(|sums| sums.0).unwrap_or_default())
}

/// Stores them.
pub fn save_sums(storage: &mut dyn Storage, epoch: u32, scale: u32, sums: Vec<Wide>) -> Result<()> {
    Sums(sums).save(storage, &sums_key(epoch, scale))
}

/// A depositor of the backstop, if there is one of that name.
pub fn depositor(storage: &dyn Storage, api: &dyn Api, owner: &Addr) -> Result<Option<Depositor>> {
    Depositor::may_load(storage, &depositor_key(api, owner)?)
}

/// Stores a depositor, or forgets one who has nothing left.
pub fn save_depositor(
    storage: &mut dyn Storage,
    api: &dyn Api,
    owner: &Addr,
    depositor: &Depositor,
) -> Result<()> {
    let key = depositor_key(api, owner)?;
    if depositor.is_empty() {
        storage.remove(&key);
        Ok(())
    } else {
        depositor.save(storage, &key)
    }
}

/// Running auctions after a number, oldest first.
pub fn auctions(storage: &dyn Storage, after: Option<u64>, limit: usize) -> Result<Vec<(u64, Auction)>> {
    page(storage, tag::AUCTION, after, limit)
}

/// Records that are numbered, after a number, in order.
fn page<R: Record>(
    storage: &dyn Storage,
    tag: u8,
    after: Option<u64>,
    limit: usize,
) -> Result<Vec<(u64, R)>> {
    let first = after.map_or(Some(0), |number| number.checked_add(1));
    let Some(first) = first else { return Ok(Vec::new()) };
    let (start, end) = (numbered(tag, first), end_of(&key(tag)));
    let range = storage.range(Some(&start), Some(&end), Order::Ascending);
    range.take(limit).map(|(key, bytes)| Ok((number_of::<R>(&key)?, R::decode(&bytes)?))).collect()
}

/// More of a token is held for auctions.
pub fn add_to_lots(storage: &mut dyn Storage, token: &Token, amount: Amount) -> Result<()> {
    let held = LOTS.may_load(storage, lot_key(token))?.unwrap_or_default();
    Ok(LOTS.save(storage, lot_key(token), &held.plus(amount)?)?)
}

/// Less of a token is held for auctions.
pub fn take_from_lots(storage: &mut dyn Storage, token: &Token, amount: Amount) -> Result<()> {
    let held = LOTS.may_load(storage, lot_key(token))?.unwrap_or_default().minus(amount)?;
    if held.is_zero() {
        LOTS.remove(storage, lot_key(token));
        Ok(())
    } else {
        Ok(LOTS.save(storage, lot_key(token), &held)?)
    }
}

/// All collateral that auctions hold, by token.
pub fn lots(storage: &dyn Storage) -> Result<Vec<(Token, Amount)>> {
    let all = LOTS.range(storage, None, None, Order::Ascending);
    all.map(|entry| {
        let ((kind, name), amount) = entry?;
        Ok((if kind == NATIVE { Token::Native(name) } else { Token::Cw20(name) }, amount))
    })
    .collect()
}

const NATIVE: u8 = 0;
const CW20: u8 = 1;

fn lot_key(token: &Token) -> (u8, &str) {
    match token {
        Token::Native(denom) => (NATIVE, denom),
        Token::Cw20(contract) => (CW20, contract),
    }
}

fn sums_key(epoch: u32, scale: u32) -> Vec<u8> {
    key_of(tag::BACKSTOP_SUMS, &[&epoch.to_be_bytes(), &scale.to_be_bytes()])
}

fn depositor_key(api: &dyn Api, owner: &Addr) -> Result<Vec<u8>> {
    Ok(key_of(tag::BACKSTOP_ACCOUNT, &[&canonical(api, owner)?]))
}

fn auction_key(number: u64) -> Vec<u8> {
    numbered(tag::AUCTION, number)
}

fn numbered(tag: u8, number: u64) -> Vec<u8> {
    key_of(tag, &[&number.to_be_bytes()])
}

fn number_of<R: Record>(key: &[u8]) -> Result<u64> {
    let number = key.get(1..).and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes);
    number.ok_or_else(|| Error::BadRecord { record: R::NAME.into() })
}
