//! What the contract stores. This is the only file that knows its keys.

use cosmwasm_std::{Addr, Api, CanonicalAddr, Order as Direction, Storage};
use cw_storage_plus::Item;
use serde::{Deserialize, Serialize};

use sdp_types::error::SpotError;
use sdp_types::exposure::Exposure;
use sdp_types::governance::Timelock;
use sdp_types::record::{end_of, key, key_of, key_u16, tag, Record};
use sdp_types::spot::{Change, OrderKind, Params, SyntheticConfig};
use sdp_types::{Amount, Error, Ratio, Result, Usd};

/// Who may only tighten.
pub const GUARDIAN: Item<Option<Addr>> = Item::new("guardian");
/// Changes that wait.
pub const CHANGES: Timelock<Change> = Timelock::new();
/// Code of cw20-base, of which tokens are made.
pub const TOKEN_CODE: Item<u64> = Item::new("token_code");

/// What every message needs to know of the contract as a whole.
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
    /// π_max by synthetic: an order in one must not push another beyond its own.
    pub premium_caps: Vec<Ratio>,
    /// Decimals of the tokens by synthetic.
    pub decimals: Vec<u8>,
    /// Whose funding is carried, by synthetic.
    pub links: Vec<Option<Link>>,
}

impl Record for Terms {
    const NAME: &'static str = "spot terms";
    const VERSION: u8 = 1;
}

impl Terms {
    /// Pool and oracle that the contract belongs to.
    pub fn home(&self) -> (&CanonicalAddr, &CanonicalAddr) {
        (&self.pool, &self.oracle)
    }
}

/// A perpetual of a market.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The market contract.
    pub market: CanonicalAddr,
    /// Its number there.
    pub perp: u16,
}

/// One synthetic's parameters and its token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Synthetic {
    /// Parameters.
    pub config: SyntheticConfig,
    /// The token.
    pub token: CanonicalAddr,
}

impl Record for Synthetic {
    const NAME: &'static str = "synthetic";
    const VERSION: u8 = 1;
}

/// What of a synthetic changes with every trade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Tokens that are owed: minted less burnt by this contract, whatever holders have burnt themselves.
    pub supply: Amount,
    /// R, 27 decimals: units of the asset that one token is owed.
    pub redemption: u128,
    /// F of the perpetual when funding was last turned into quantity, USD per unit with 24 decimals.
    pub index: i128,
    /// Number of the oldest order that may wait.
    pub head: u64,
    /// Number of the next order.
    pub next: u64,
    /// Tokens that buys which wait have reserved under the cap.
    pub reserved: Amount,
    /// Tokens that sales which wait have locked.
    pub locked: Amount,
    /// Since it was shut down: what all tokens together are owed.
    pub frozen: Option<Usd>,
}

/// What lies behind the exposure in its record: nobody else reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// sdUSD that was paid in and not taken out: by the book, never by balance.
    pub held: Usd,
    /// Of it, what buys that wait have locked.
    pub locked: Usd,
    /// Σ of what can be collected.
    pub claims: Usd,
    /// By synthetic.
    pub issues: Vec<Issue>,
}

/// An order that waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Who committed it: gets back what it does not need.
    pub owner: CanonicalAddr,
    /// Who gets what it brings.
    pub recipient: CanonicalAddr,
    /// What it does.
    pub kind: OrderKind,
    /// First interval that it may fill at.
    pub interval: u64,
    /// Intervals from it to the last one.
    pub span: u32,
    /// Fee of its fill, as a part of the notional.
    pub fee: Ratio,
    /// What a keeper gets where it does not fill.
    pub keeper_fee: Usd,
    /// Tokens that a buy has reserved under the cap.
    pub reserved: Amount,
}

impl Record for Order {
    const NAME: &'static str = "spot order";
    const VERSION: u8 = 1;
}

impl Order {
    /// Last interval that it may fill at.
    pub fn last_interval(&self) -> u64 {
        self.interval.saturating_add(self.span.into())
    }

    /// sdUSD that it has locked.
    pub fn paid(&self) -> Usd {
        match &self.kind {
            OrderKind::BuyFor { paid, .. } | OrderKind::BuyExactly { paid, .. } => *paid,
            OrderKind::SellAll { .. } | OrderKind::SellFor { .. } => Usd::ZERO,
        }
    }

    /// Tokens that it has locked.
    pub fn tokens(&self) -> Amount {
        match &self.kind {
            OrderKind::BuyFor { .. } | OrderKind::BuyExactly { .. } => Amount::ZERO,
            OrderKind::SellAll { amount, .. } | OrderKind::SellFor { amount, .. } => *amount,
        }
    }
}

/// What somebody can collect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Claim(Usd);

impl Record for Claim {
    const NAME: &'static str = "claim";
    const VERSION: u8 = 1;
}

/// Loads a record that there always is.
pub fn terms(storage: &dyn Storage) -> Result<Terms> {
    Terms::load(storage, &key(tag::SPOT_TERMS))
}

/// Stores it.
pub fn save_terms(storage: &mut dyn Storage, terms: &Terms) -> Result<()> {
    terms.save(storage, &key(tag::SPOT_TERMS))
}

/// The exposure record and what lies behind it.
pub fn published(storage: &dyn Storage) -> Result<(Exposure, Own)> {
    let bad = || Error::BadRecord { record: Exposure::NAME.into() };
    Exposure::decode_with(&storage.get(&key(tag::EXPOSURE)).ok_or_else(bad)?)
}

/// Stores it.
pub fn save_published(storage: &mut dyn Storage, exposure: &Exposure, own: &Own) -> Result<()> {
    storage.set(&key(tag::EXPOSURE), &exposure.encode_with(own)?);
    Ok(())
}

/// One synthetic's parameters: `E0601 UnknownSynthetic`.
pub fn synthetic(storage: &dyn Storage, synthetic: u16) -> Result<Synthetic> {
    let found = Synthetic::may_load(storage, &key_u16(tag::SYNTHETIC, synthetic))?;
    found.ok_or(SpotError::UnknownSynthetic { synthetic: synthetic.into() }.into())
}

/// Stores them.
pub fn save_synthetic(storage: &mut dyn Storage, number: u16, synthetic: &Synthetic) -> Result<()> {
    synthetic.save(storage, &key_u16(tag::SYNTHETIC, number))
}

fn order_key(synthetic: u16, order: u64) -> Vec<u8> {
    key_of(tag::SPOT_ORDER, &[&synthetic.to_be_bytes(), &order.to_be_bytes()])
}

/// An order, if it waits.
pub fn order(storage: &dyn Storage, synthetic: u16, number: u64) -> Result<Option<Order>> {
    Order::may_load(storage, &order_key(synthetic, number))
}

/// Stores it.
pub fn save_order(storage: &mut dyn Storage, synthetic: u16, number: u64, order: &Order) -> Result<()> {
    order.save(storage, &order_key(synthetic, number))
}

/// It waits no longer.
pub fn remove_order(storage: &mut dyn Storage, synthetic: u16, number: u64) {
    storage.remove(&order_key(synthetic, number));
}

/// Orders of a synthetic that wait, oldest first.
pub fn orders(storage: &dyn Storage, synthetic: u16, from: u64, limit: usize) -> Result<Vec<(u64, Order)>> {
    let start = order_key(synthetic, from);
    let end = end_of(&key_of(tag::SPOT_ORDER, &[&synthetic.to_be_bytes()]));
    let all = storage.range(Some(&start), Some(&end), Direction::Ascending).take(limit);
    let number = |key: &[u8]| key.get(3..).and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes);
    all.map(|(key, bytes)| {
        let number = number(&key).ok_or_else(|| Error::BadRecord { record: "order key".into() })?;
        Ok((number, Order::decode(&bytes)?))
    })
    .collect()
}

fn claim_key(owner: &CanonicalAddr) -> Vec<u8> {
    key_of(tag::CLAIM, &[owner.as_slice()])
}

/// What somebody can collect.
pub fn claim(storage: &dyn Storage, owner: &CanonicalAddr) -> Result<Usd> {
    Ok(Claim::may_load(storage, &claim_key(owner))?.unwrap_or_default().0)
}

/// Stores it.
pub fn save_claim(storage: &mut dyn Storage, owner: &CanonicalAddr, amount: Usd) -> Result<()> {
    if amount.is_zero() {
        storage.remove(&claim_key(owner));
        return Ok(());
    }
    Claim(amount).save(storage, &claim_key(owner))
}

/// All who can collect something, by canonical address, after one of them.
pub fn claims(
    storage: &dyn Storage,
    api: &dyn Api,
    after: Option<&CanonicalAddr>,
    limit: usize,
) -> Result<Vec<(Addr, Usd)>> {
    let mut start = after.map_or_else(|| key(tag::CLAIM).to_vec(), claim_key);
    if after.is_some() {
        start.push(0);
    }
    let end = end_of(&key(tag::CLAIM));
    let all = storage.range(Some(&start), Some(&end), Direction::Ascending).take(limit);
    all.map(|(key, bytes)| {
        let owner = CanonicalAddr::from(key.get(1..).unwrap_or_default());
        Ok((api.addr_humanize(&owner)?, Claim::decode(&bytes)?.0))
    })
    .collect()
}
