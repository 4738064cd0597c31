//! What the custody stores, and under which keys. Nothing else knows them.

use cosmwasm_std::{Addr, Order, Storage};
use cw_storage_plus::{Item, Map};
use sdp_perps::state::AccountKey;
use sdp_types::custody::{Backing, Change, Haircuts, Params, TokenConfig, TokenTerms};
use sdp_types::governance::Timelock;
use sdp_types::pool::Token;
use sdp_types::record::{end_of, key, tag, Record};
use sdp_types::{Amount, Error, Result, Usd};
use serde::{Deserialize, Serialize};

use crate::sale::Sale;

/// The contracts that it belongs to.
pub const HOME: Item<Home> = Item::new("home");
/// Who may only tighten.
pub const GUARDIAN: Item<Option<Addr>> = Item::new("guardian");
/// Parameters of the whole contract.
pub const PARAMS: Item<Params> = Item::new("params");
/// Changes that wait.
pub const CHANGES: Timelock<Change> = Timelock::new();

/// What of a token nobody else reads.
const TOKENS: Map<u8, Stock> = Map::new("tokens");

/// The contracts that it belongs to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Home {
    /// The market whose accounts are backed.
    pub market: Addr,
    /// Its pool's oracle.
    pub oracle: Addr,
    /// Its pool's token.
    pub sdusd: Addr,
}

/// What of a token nobody else reads.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stock {
    /// The token.
    pub token: Token,
    /// Most value of what all accounts hold of it after a deposit.
    pub cap: Usd,
    /// Σ of what accounts hold: by the book, never by balance.
    pub held: Amount,
}

/// How tokens count.
pub fn haircuts(storage: &dyn Storage) -> Result<Haircuts> {
    Haircuts::load(storage, &key(tag::HAIRCUTS))
}

/// Stores it.
pub fn save_haircuts(storage: &mut dyn Storage, haircuts: &Haircuts) -> Result<()> {
    haircuts.save(storage, &key(tag::HAIRCUTS))
}

/// How a token counts. `E0007`.
pub fn terms_of(haircuts: &Haircuts, token: u8) -> Result<TokenTerms> {
    haircuts.tokens.get(usize::from(token)).copied().ok_or_else(|| unknown(token))
}

/// What of a token nobody else reads. `E0007`.
pub fn stock(storage: &dyn Storage, token: u8) -> Result<Stock> {
    TOKENS.may_load(storage, token)?.ok_or_else(|| unknown(token))
}

/// Stores it.
pub fn save_stock(storage: &mut dyn Storage, token: u8, stock: &Stock) -> Result<()> {
    Ok(TOKENS.save(storage, token, stock)?)
}

/// All of them, by number.
pub fn stocks(storage: &dyn Storage) -> Result<Vec<Stock>> {
    TOKENS.range(storage, None, None, Order::Ascending).map(|entry| Ok(entry?.1)).collect()
}

fn unknown(token: u8) -> Error {
    Error::NotFound { what: "token".into(), key: token.to_string() }
}

/// The configuration of a token. `E0007`.
pub fn config(haircuts: &Haircuts, token: u8, stock: &Stock) -> Result<TokenConfig> {
    let terms = terms_of(haircuts, token)?;
    Ok(TokenConfig { token: stock.token.clone(), terms, cap: stock.cap })
}

/// What an account holds.
pub fn backing(storage: &dyn Storage, account: &AccountKey) -> Result<Backing> {
    Ok(Backing::may_load(storage, &account.under(tag::BACKING))?.unwrap_or_default())
}

/// An account holds another amount of a token than before, and so do all together.
pub fn move_tokens(
    storage: &mut dyn Storage,
    account: &AccountKey,
    token: u8,
    (before, after): (Amount, &Backing),
) -> Result<()> {
    let mut stock = stock(storage, token)?;
    stock.held = stock.held.minus(before)?.plus(after.of(token))?;
    save_stock(storage, token, &stock)?;
    let record = Some(after).filter(|backing| !backing.is_empty());
    Backing::put(record, storage, &account.under(tag::BACKING))
}

/// Accounts with tokens after one of them, by owner and number.
pub fn backings(
    storage: &dyn Storage,
    after: Option<&AccountKey>,
    limit: usize,
) -> Result<Vec<(AccountKey, Backing)>> {
    page(storage, tag::BACKING, after, limit)
}

/// The sale of an account's tokens, if one runs.
pub fn sale(storage: &dyn Storage, account: &AccountKey) -> Result<Option<Sale>> {
    Sale::may_load(storage, &account.under(tag::TOKEN_SALE))
}

/// Stores it, or that it is over.
pub fn save_sale(storage: &mut dyn Storage, account: &AccountKey, sale: Option<&Sale>) -> Result<()> {
    Sale::put(sale, storage, &account.under(tag::TOKEN_SALE))
}

/// Sales that run, of accounts after one of them.
pub fn sales(
    storage: &dyn Storage,
    after: Option<&AccountKey>,
    limit: usize,
) -> Result<Vec<(AccountKey, Sale)>> {
    page(storage, tag::TOKEN_SALE, after, limit)
}

fn page<R: Record>(
    storage: &dyn Storage,
    tag: u8,
    after: Option<&AccountKey>,
    limit: usize,
) -> Result<Vec<(AccountKey, R)>> {
    let mut start = after.map_or_else(|| key(tag).to_vec(), |after| after.under(tag));
    if after.is_some() {
        // the first key after that one
        start.push(0);
    }
    let range = storage.range(Some(&start), Some(&end_of(&key(tag))), Order::Ascending);
    range.take(limit).map(|(key, bytes)| Ok((AccountKey::from_bytes(&key)?, R::decode(&bytes)?))).collect()
}
