//! What the market stores. This is the only file that knows its keys.

use cosmwasm_std::{Addr, Api, CanonicalAddr, Order as Direction, Storage};
use cw_storage_plus::Item;
use serde::{Deserialize, Serialize};

pub use sdp_risk::published::Published;
use sdp_types::board::FeedId;
use sdp_types::exposure::Exposure;
use sdp_types::governance::Timelock;
pub use sdp_types::market::Terms;
use sdp_types::market::{Change, Delegation, PerpConfig, Volume, MAX_ORDERS};
use sdp_types::record::{end_of, key, key_of, key_u16, tag, Record};
use sdp_types::{AbsSize, Error, Price, Result, SignedUsd, Size, Usd};

/// Who may only tighten.
pub const GUARDIAN: Item<Option<Addr>> = Item::new("guardian");
/// Changes that wait.
pub const CHANGES: Timelock<Change> = Timelock::new();

macro_rules! record {
    ($name:ident, $text:literal) => {
        record!($name, $text, 1);
    };
    ($name:ident, $text:literal, $version:literal) => {
        impl Record for $name {
            const NAME: &'static str = $text;
            const VERSION: u8 = $version;
        }
    };
}

mod queues;
mod sides;

pub use queues::{Queue, Queues};
pub use sides::{save_scaling, save_sides, scaling, sides, Side, Sides};

/// sdUSD that traders paid in and did not take out: by the book, never by balance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Held(Usd);
record!(Held, "held");

/// One perpetual's parameters.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Perp(pub PerpConfig);
record!(Perp, "perp");

/// One open position. It is stored with size and cost divided by its side's product index, which is 1 until there is deleveraging.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The perpetual.
    pub perp: u16,
    /// Never 0.
    pub size: Size,
    /// Σ size·(price + funding index) at its fills, each rounded up.
    pub cost: SignedUsd,
    /// How often its side had been scaled when it was last touched.
    pub scalings: u32,
}

/// One account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Paid in, less fees, premia and realised losses, plus realised gains.
    pub margin: SignedUsd,
    /// Locked by orders that wait.
    pub locked: Usd,
    /// Orders that wait.
    pub orders: u32,
    /// Grows by 1 when the account is liquidated, and by 1 when it is emptied because it ended below zero: by 2 where one
    /// leads to the other. An order from before a change does not fill; how many there were means nothing.
    pub generation: u32,
    /// In order of opening.
    pub positions: Vec<Position>,
    /// By what its fees are less; none where it has never mattered.
    pub trader: Option<Trader>,
    /// Whether tokens in custody back it: then what they count for is looked up where it is valued.
    pub backed: bool,
}
record!(Account, "account", 4);

/// By what an account's fees are less.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trader {
    /// What it has traded.
    pub volume: Volume,
    /// Canonical address of whoever brought its owner; empty where nobody did.
    pub referrer: Vec<u8>,
}

impl Account {
    /// The position in a perpetual as stored: size 0 where there is none.
    pub fn position(&self, perp: u16) -> Position {
        let none = Position { perp, size: Size::ZERO, cost: SignedUsd::ZERO, scalings: 0 };
        self.positions.iter().find(|position| position.perp == perp).copied().unwrap_or(none)
    }

    /// Puts a position in its place; one of size 0 is taken out.
    pub fn put(&mut self, position: Position) {
        let at = self.positions.iter().position(|old| old.perp == position.perp);
        match (at, position.size.is_zero()) {
            (Some(at), true) => {
                self.positions.remove(at);
            }
            (Some(at), false) => {
                if let Some(old) = self.positions.get_mut(at) {
                    *old = position;
                }
            }
            (None, true) => {}
            (None, false) => self.positions.push(position),
        }
    }
}

/// An order that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Whose account.
    pub account: AccountKey,
    /// What it buys (positive) or sells.
    pub size: Size,
    /// Of it, what reduced the position when it was committed. The rest is reserved under the caps.
    pub reduce: AbsSize,
    /// Worst price of the fill, premium included.
    pub limit: Option<Price>,
    /// First interval that it may fill at.
    pub interval: u64,
    /// Intervals from it to the last one.
    pub span: u32,
    /// Fee of what increases the position, in parts per million of its notional.
    pub fee: u32,
    /// Locked in the account.
    pub locked: Usd,
    /// What a keeper gets where it is refused or void.
    pub keeper_fee: Usd,
    /// The account's when it was committed: the order does not fill where it is another by then.
    pub generation: u32,
}
record!(Order, "order", 2);

impl Order {
    /// What increased the position when the order was committed: reserved under the caps.
    pub fn increase(&self) -> AbsSize {
        AbsSize::new(self.size.abs().raw().saturating_sub(self.reduce.raw()))
    }

    /// Last interval that it may fill at.
    pub fn last_interval(&self) -> u64 {
        self.interval.saturating_add(self.span.into())
    }
}

/// The last orders of an account in a perpetual that ended without a fill. It is written for them only, so that what fills pays nothing for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfilled(Vec<Ended>);
record!(Unfilled, "unfilled orders");

/// An order that ended without a fill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Its number.
    pub order: u64,
    /// Why; none where it was taken back.
    pub code: Option<u16>,
}

impl Unfilled {
    /// So many are kept: as many as may wait at a time, so that one settlement of all of them forgets none.
    #[allow(clippy::cast_possible_truncation, reason = "a number that fits is written there")]
    pub const KEPT: usize = MAX_ORDERS as usize;

    /// How an order ended, if it is known to have without a fill.
    pub fn of(&self, order: u64) -> Option<&Ended> {
        self.0.iter().find(|ended| ended.order == order)
    }

    fn append(&mut self, ended: Vec<Ended>) {
        self.0.extend(ended);
        self.0.drain(..self.0.len().saturating_sub(Self::KEPT));
    }
}

/// Owner and number of an account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AccountKey {
    /// Canonical address of its owner.
    pub owner: Vec<u8>,
    /// Its number.
    pub number: u16,
}

impl AccountKey {
    /// Of an address that has been checked.
    pub fn of(api: &dyn Api, owner: &str, number: u16) -> Result<Self> {
        let owner = api.addr_validate(owner)?;
        Ok(Self { owner: api.addr_canonicalize(owner.as_str())?.to_vec(), number })
    }

    /// Its owner in text.
    pub fn owner(&self, api: &dyn Api) -> Result<String> {
        Ok(api.addr_humanize(&CanonicalAddr::from(self.owner.as_slice()))?.into_string())
    }

    fn bytes(&self) -> Vec<u8> {
        self.under(tag::ACCOUNT)
    }

    /// Key of something about the account.
    pub fn under(&self, tag: u8) -> Vec<u8> {
        key_of(tag, &[&self.owner, &self.number.to_be_bytes()])
    }

    /// Whose key of something that is.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let bad = || Error::BadRecord { record: "account key".into() };
        let body = bytes.get(1..).ok_or_else(bad)?;
        let (owner, number) = body.split_at_checked(body.len().wrapping_sub(2)).ok_or_else(bad)?;
        let number = u16::from_be_bytes(number.try_into().map_err(|_| bad())?);
        Ok(Self { owner: owner.to_vec(), number })
    }
}

/// Loads a record that there always is.
pub fn terms(storage: &dyn Storage) -> Result<Terms> {
    Terms::load(storage, &key(tag::TERMS))
}

/// Stores it.
pub fn save_terms(storage: &mut dyn Storage, terms: &Terms) -> Result<()> {
    terms.save(storage, &key(tag::TERMS))
}

/// sdUSD that traders paid in and did not take out.
pub fn held(storage: &dyn Storage) -> Result<Usd> {
    Ok(Held::load(storage, &key(tag::HELD))?.0)
}

/// Stores it.
pub fn save_held(storage: &mut dyn Storage, held: Usd) -> Result<()> {
    Held(held).save(storage, &key(tag::HELD))
}

/// The exposure record with its funding.
pub fn published(storage: &dyn Storage) -> Result<Published> {
    let bad = || Error::BadRecord { record: Exposure::NAME.into() };
    Published::decode(&storage.get(&key(tag::EXPOSURE)).ok_or_else(bad)?)
}

/// Stores it.
pub fn save_published(storage: &mut dyn Storage, published: &Published) -> Result<()> {
    storage.set(&key(tag::EXPOSURE), &published.encode()?);
    Ok(())
}

/// Queues of all perpetuals.
pub fn queues(storage: &dyn Storage) -> Result<Queues> {
    Queues::load(storage, &key(tag::QUEUES))
}

/// Stores them.
pub fn save_queues(storage: &mut dyn Storage, queues: &Queues) -> Result<()> {
    queues.save(storage, &key(tag::QUEUES))
}

/// One perpetual's parameters: `E0401 UnknownPerp`.
pub fn perp(storage: &dyn Storage, perp: u16) -> Result<PerpConfig> {
    let found = Perp::may_load(storage, &key_u16(tag::PERP, perp))?;
    Ok(found.ok_or(Error::UnknownPerp { perp: perp.into() })?.0)
}

/// Stores them.
pub fn save_perp(storage: &mut dyn Storage, perp: u16, config: &PerpConfig) -> Result<()> {
    Perp(config.clone()).save(storage, &key_u16(tag::PERP, perp))
}

/// An account, if there is one.
pub fn account(storage: &dyn Storage, key: &AccountKey) -> Result<Option<Account>> {
    Account::may_load(storage, &key.bytes())
}

/// Stores it.
pub fn save_account(storage: &mut dyn Storage, key: &AccountKey, account: &Account) -> Result<()> {
    account.save(storage, &key.bytes())
}

/// Accounts in the order of their keys, after one of them.
pub fn accounts(storage: &dyn Storage, after: Option<&AccountKey>, limit: usize) -> Result<Vec<AccountKey>> {
    let start = after.map_or_else(
        || key(tag::ACCOUNT).to_vec(),
        |after| {
            let mut start = after.bytes();
            start.push(0);
            start
        },
    );
    let end = end_of(&key(tag::ACCOUNT));
    let all = storage.range_keys(Some(&start), Some(&end), Direction::Ascending).take(limit);
    all.map(|key| AccountKey::from_bytes(&key)).collect()
}

fn order_key(perp: u16, order: u64) -> Vec<u8> {
    key_of(tag::ORDER, &[&perp.to_be_bytes(), &order.to_be_bytes()])
}

/// An order that waits and has a record of its own.
pub fn order(storage: &dyn Storage, perp: u16, order: u64) -> Result<Option<Order>> {
    Order::may_load(storage, &order_key(perp, order))
}

/// Stores it.
pub fn save_order(storage: &mut dyn Storage, perp: u16, number: u64, order: &Order) -> Result<()> {
    order.save(storage, &order_key(perp, number))
}

/// It waits no longer.
pub fn remove_order(storage: &mut dyn Storage, perp: u16, order: u64) {
    storage.remove(&order_key(perp, order));
}

/// Orders of a perpetual that wait, oldest first.
pub fn orders(storage: &dyn Storage, perp: u16, from: u64, limit: usize) -> Result<Vec<(u64, Order)>> {
    let start = order_key(perp, from);
    let end = end_of(&key_of(tag::ORDER, &[&perp.to_be_bytes()]));
    let all = storage.range(Some(&start), Some(&end), Direction::Ascending).take(limit);
    let number = |key: &[u8]| key.get(3..).and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes);
    let found = all.map(|(key, bytes)| {
        let number = number(&key).ok_or_else(|| Error::BadRecord { record: "order key".into() })?;
        Ok((number, Order::decode(&bytes)?))
    });
    let mut found = found.collect::<Result<Vec<_>>>()?;
    if let Some((number, order)) = queues(storage)?.kept_from(perp, from) {
        let place = found.partition_point(|(other, _)| *other < number);
        found.insert(place, (number, order));
        found.truncate(limit);
    }
    Ok(found)
}

fn unfilled_key(account: &AccountKey, perp: u16) -> Vec<u8> {
    let mut key = account.under(tag::UNFILLED);
    key.extend_from_slice(&perp.to_be_bytes());
    key
}

/// What of an account's last orders in a perpetual ended without a fill.
pub fn unfilled(storage: &dyn Storage, account: &AccountKey, perp: u16) -> Result<Unfilled> {
    Ok(Unfilled::may_load(storage, &unfilled_key(account, perp))?.unwrap_or_default())
}

/// More of them.
pub fn add_unfilled(
    storage: &mut dyn Storage,
    account: &AccountKey,
    perp: u16,
    ended: Vec<Ended>,
) -> Result<()> {
    let mut all = unfilled(storage, account, perp)?;
    all.append(ended);
    all.save(storage, &unfilled_key(account, perp))
}

fn delegation_key(account: &AccountKey, by: &[u8]) -> Vec<u8> {
    let mut key = account.under(tag::DELEGATION);
    key.extend_from_slice(by);
    key
}

/// What an account's owner lets an address do, which is canonical; none where nothing.
pub fn delegation(storage: &dyn Storage, account: &AccountKey, by: &[u8]) -> Result<Option<Delegation>> {
    Delegation::may_load(storage, &delegation_key(account, by))
}

/// Stores it.
pub fn save_delegation(
    storage: &mut dyn Storage,
    account: &AccountKey,
    by: &[u8],
    delegation: Option<&Delegation>,
) -> Result<()> {
    Delegation::put(delegation, storage, &delegation_key(account, by))
}

/// The feed of a perpetual by the exposure record.
pub fn feed_of(exposure: &Exposure, perp: u16) -> Result<FeedId> {
    let entry = exposure.quantities.get(usize::from(perp));
    Ok(entry.ok_or(Error::UnknownPerp { perp: perp.into() })?.feed)
}
