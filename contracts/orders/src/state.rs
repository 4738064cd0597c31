//! What is stored, and under which keys. Nothing else knows them.

use cosmwasm_std::{Addr, Api, Order as Direction, Storage};
use sdp_perps::state::AccountKey;
use sdp_types::orders::{Kind, Params};
use sdp_types::record::{end_of, key, key_of, tag, Record};
use sdp_types::{Error, Result, Size, Usd};
use serde::{Deserialize, Serialize};

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

/// Which market, and what holds for all orders. It never changes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Config {
    /// The market.
    pub market: Addr,
    /// Its token.
    pub sdusd: Addr,
    /// What holds for all orders.
    pub params: Params,
}
record!(Config, "orders' config", 2);

/// How many orders there have been, and what is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Number of the next order.
    pub next: u64,
    /// Σ jars + Σ reserved fees.
    pub held: Usd,
}
record!(Book, "orders' book");

/// One order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conditional {
    /// Whose account.
    pub account: AccountKey,
    /// The perpetual.
    pub perp: u16,
    /// What it buys (positive) or sells.
    pub size: Size,
    /// What it waits for; none: it was committed when it was placed.
    pub kind: Option<Kind>,
    /// Whether it only ever reduces.
    pub reduce_only: bool,
    /// Block time from which it waits no longer.
    pub good_till: u64,
    /// Only prices published after this trigger it.
    pub since: u64,
    /// What whoever commits it gets. Reserved until then.
    pub keeper_fee: Usd,
    /// Its link.
    pub link: Option<u64>,
    /// How often it has been committed.
    pub commits: u8,
}
record!(Conditional, "conditional order", 2);

/// An order that was committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flight {
    /// The perpetual; an account has one in each at most.
    pub perp: u16,
    /// Which order.
    pub id: u64,
    /// Number of the market's order.
    pub number: u64,
    /// Block time of the commit.
    pub at: u64,
}

/// What an account has here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Orders.
    pub orders: u32,
    /// Those of them that are committed.
    pub flights: Vec<Flight>,
}
record!(Account, "account of orders", 2);

/// Orders of one account and perpetual that cancel each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The entry that has not filled yet: until then the others sleep.
    pub entry: Option<u64>,
    /// Block time since which they don't, where they ever did: their position was there once.
    pub woken: Option<u64>,
    /// The others.
    pub members: Vec<u64>,
}
record!(Link, "link");

/// What somebody has that no order has reserved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jar(pub Usd);
record!(Jar, "jar");

fn account_key(of: u8, account: &AccountKey) -> Vec<u8> {
    key_of(of, &[&account.owner, &account.number.to_be_bytes()])
}

fn index_key(account: &AccountKey, id: u64) -> Vec<u8> {
    let mut key = account_key(tag::CONDITIONAL_OF, account);
    key.extend_from_slice(&id.to_be_bytes());
    key
}

fn id_key(of: u8, id: u64) -> Vec<u8> {
    key_of(of, &[&id.to_be_bytes()])
}

/// The number at the end of a key.
fn id_in(key: &[u8]) -> Result<u64> {
    let last = key.last_chunk::<8>().ok_or_else(|| Error::BadRecord { record: "key of an order".into() })?;
    Ok(u64::from_be_bytes(*last))
}

/// Which market, and what holds.
pub fn config(storage: &dyn Storage) -> Result<Config> {
    Config::load(storage, &key(tag::ORDERS_CONFIG))
}

/// Stores it.
pub fn save_config(storage: &mut dyn Storage, config: &Config) -> Result<()> {
    config.save(storage, &key(tag::ORDERS_CONFIG))
}

/// How many there have been, and what is held.
pub fn book(storage: &dyn Storage) -> Result<Book> {
    Ok(Book::may_load(storage, &key(tag::ORDERS_BOOK))?.unwrap_or_default())
}

/// Stores it.
pub fn save_book(storage: &mut dyn Storage, book: &Book) -> Result<()> {
    book.save(storage, &key(tag::ORDERS_BOOK))
}

/// An order, if there is one.
pub fn order(storage: &dyn Storage, id: u64) -> Result<Option<Conditional>> {
    Conditional::may_load(storage, &id_key(tag::CONDITIONAL, id))
}

/// A further order.
pub fn add_order(storage: &mut dyn Storage, id: u64, order: &Conditional) -> Result<()> {
    storage.set(&index_key(&order.account, id), &[1]);
    save_order(storage, id, order)
}

/// Stores one that there is.
pub fn save_order(storage: &mut dyn Storage, id: u64, order: &Conditional) -> Result<()> {
    order.save(storage, &id_key(tag::CONDITIONAL, id))
}

/// It is gone.
pub fn remove_order(storage: &mut dyn Storage, id: u64, order: &Conditional) {
    storage.remove(&index_key(&order.account, id));
    storage.remove(&id_key(tag::CONDITIONAL, id));
}

/// Orders in the order of their numbers.
pub fn orders(storage: &dyn Storage, after: Option<u64>, limit: usize) -> Result<Vec<u64>> {
    let prefix = key(tag::CONDITIONAL);
    let start = after.map_or_else(|| prefix.to_vec(), |after| beyond(id_key(tag::CONDITIONAL, after)));
    ids(storage, &start, &end_of(&prefix), limit)
}

/// Orders of an account in the order of their numbers.
pub fn orders_of(
    storage: &dyn Storage,
    account: &AccountKey,
    after: Option<u64>,
    limit: usize,
) -> Result<Vec<u64>> {
    let prefix = account_key(tag::CONDITIONAL_OF, account);
    let start = after.map_or_else(|| prefix.clone(), |after| beyond(index_key(account, after)));
    ids(storage, &start, &end_of(&prefix), limit)
}

/// The first key after one.
fn beyond(mut key: Vec<u8>) -> Vec<u8> {
    key.push(0);
    key
}

fn ids(storage: &dyn Storage, start: &[u8], end: &[u8], limit: usize) -> Result<Vec<u64>> {
    let range = storage.range(Some(start), Some(end), Direction::Ascending);
    range.take(limit).map(|(key, _)| id_in(&key)).collect()
}

/// What an account has here.
pub fn account(storage: &dyn Storage, account: &AccountKey) -> Result<Account> {
    Ok(Account::may_load(storage, &account_key(tag::CONDITIONALS, account))?.unwrap_or_default())
}

/// Stores it, or that it has nothing.
pub fn save_account(storage: &mut dyn Storage, of: &AccountKey, account: &Account) -> Result<()> {
    let something = Some(account).filter(|account| **account != Account::default());
    Account::put(something, storage, &account_key(tag::CONDITIONALS, of))
}

/// A link, if there is one.
pub fn link(storage: &dyn Storage, link: u64) -> Result<Option<Link>> {
    Link::may_load(storage, &id_key(tag::LINK, link))
}

/// Stores it, or that there is none.
pub fn save_link(storage: &mut dyn Storage, number: u64, link: Option<&Link>) -> Result<()> {
    Link::put(link, storage, &id_key(tag::LINK, number))
}

fn jar_key(owner: &[u8]) -> Vec<u8> {
    key_of(tag::JAR, &[owner])
}

/// What somebody has, by canonical address.
pub fn jar(storage: &dyn Storage, owner: &[u8]) -> Result<Usd> {
    Ok(Jar::may_load(storage, &jar_key(owner))?.unwrap_or_default().0)
}

/// Stores it, or that it is nothing.
pub fn save_jar(storage: &mut dyn Storage, owner: &[u8], amount: Usd) -> Result<()> {
    let something = Some(Jar(amount)).filter(|jar| !jar.0.is_zero());
    Jar::put(something.as_ref(), storage, &jar_key(owner))
}

/// Jars by canonical address.
pub fn jars(
    storage: &dyn Storage,
    api: &dyn Api,
    after: Option<&Addr>,
    limit: usize,
) -> Result<Vec<(Addr, Usd)>> {
    let found = Jar::by_owner(storage, api, &key(tag::JAR), after, limit)?;
    Ok(found.into_iter().map(|(owner, Jar(amount))| (owner, amount)).collect())
}
