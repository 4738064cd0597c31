//! What the pool stores, and under which keys. Nothing else knows them.
//!
//! Four small binary records carry the hot path: [`Terms`], the [`Listing`], the [`Book`] and one [`Position`]. The rest is plain
//! cw-storage-plus.

use cosmwasm_std::{Addr, Api, CanonicalAddr, Storage};
use cw_storage_plus::{Item, Map};
use sdp_types::book::{Book, Listing};
use sdp_types::estate::Pot;
use sdp_types::governance::Timelock;
use sdp_types::ledger::Losses;
use sdp_types::math::Wide;
use sdp_types::pool::{Ceiling, Change, Params, Token, VaultConfig};
use sdp_types::record::{canonical, key, key_of, tag, Record};
use sdp_types::{Amount, Error, Price, Ratio, Result, Shares, Usd};
use serde::{Deserialize, Serialize};

/// Addresses, parameters, and of each vault what every sync needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// Prices come from here.
    pub oracle: Addr,
    /// The token that only the pool mints.
    pub sdusd: Addr,
    /// Who may seize.
    pub liquidator: Option<Addr>,
    /// Who may only tighten.
    pub guardian: Option<Addr>,
    /// Whether providers may come and changes wait.
    pub open: bool,
    /// Parameters.
    pub params: Params,
    /// By vault.
    pub vaults: Vec<VaultTerms>,
}

/// What every sync needs of a vault's configuration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultTerms {
    /// Widest confidence at which its collateral is priced.
    pub maximum_confidence: Ratio,
    /// Interest a year on minted debt.
    pub stability_fee: Ratio,
}

impl VaultTerms {
    /// Of a vault that is configured so.
    pub fn of(config: &VaultConfig) -> Self {
        let VaultConfig { maximum_confidence, stability_fee, .. } = *config;
        Self { maximum_confidence, stability_fee }
    }
}

impl Record for Terms {
    const NAME: &'static str = "terms";
    const VERSION: u8 = 5;
}

/// What has a ceiling, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "(u8, u8)", into = "(u8, u8)")]
pub enum Of {
    /// sdUSD.
    Supply,
    /// A vault.
    Vault(u8),
    /// A market.
    Market(u8),
}

impl From<Of> for (u8, u8) {
    fn from(of: Of) -> Self {
        match of {
            Of::Supply => (0, 0),
            Of::Vault(number) => (1, number),
            Of::Market(place) => (2, place),
        }
    }
}

impl From<(u8, u8)> for Of {
    fn from((kind, number): (u8, u8)) -> Self {
        match kind {
            0 => Self::Supply,
            1 => Self::Vault(number),
            _ => Self::Market(number),
        }
    }
}

/// A ceiling that follows what is used; where it is lies with what it is the ceiling of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Following {
    /// Of what.
    pub of: Of,
    /// How it follows.
    pub ceiling: Ceiling,
    /// When it last rose, block time in seconds.
    pub rose_at: u64,
    /// When it last moved, block time in seconds.
    pub moved_at: u64,
}

/// All ceilings that follow, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Ceilings(Vec<Following>);

impl Record for Ceilings {
    const NAME: &'static str = "ceilings";
    const VERSION: u8 = 1;
}

/// What was taken of one source's losses in a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// By insurance.
    pub insurance: Usd,
    /// By the providers.
    pub providers: Usd,
}

/// What each layer took of losses. A record of its own, read only where there is something to take.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waterfall {
    /// Day since 1970 of `today`.
    pub day: u64,
    /// By source: standing bad debt, auctions, markets by their place.
    pub today: Vec<Taken>,
    /// What of the day's losses nobody has taken.
    pub unmet: Usd,
    /// Since ever, of all sources.
    pub totals: Losses,
}

impl Record for Waterfall {
    const NAME: &'static str = "waterfall";
    const VERSION: u8 = 2;
}

/// What is left of a pool since it was shut down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estate {
    /// When that was, block time in seconds.
    pub shut_at: u64,
    /// Frozen prices, by vault.
    pub prices: Vec<Price>,
    /// Collateral of positions that were written off, by vault.
    pub written_off: Vec<Amount>,
    /// How it was divided, by vault; empty before.
    pub pots: Vec<Pot>,
    /// All claims of holders of sdUSD, once it was divided.
    pub claims: Usd,
    /// What providers lose of what they have.
    pub haircut: Ratio,
}

impl Record for Estate {
    const NAME: &'static str = "estate";
    const VERSION: u8 = 1;
}

/// A holder of sdUSD who has redeemed some of it since the pool was shut down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redeemer {
    /// How much.
    pub amount: Usd,
    /// For how much of it collateral was paid, by vault.
    pub collected: Vec<Usd>,
}

impl Record for Redeemer {
    const NAME: &'static str = "redeemer";
    const VERSION: u8 = 1;
}

/// A wish to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExitRequest {
    /// Asked; more than the position holds is cut when it is executed.
    pub amount: Amount,
    /// When, block time in seconds.
    pub requested_at: u64,
    /// The largest part of what leaves that may be charged for bad debt.
    pub accepted_haircut: Ratio,
}

/// One LP in one vault. A position of an earlier epoch of its vault has no collateral and no debt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Of the vault's book; never 0 in a stored position.
    pub shares: Shares,
    /// Of the vault's book when the shares were bought.
    pub epoch: u32,
    /// Debt at the last touch, 27 decimals of a micro-USD; negative is profit.
    pub principal: Wide,
    /// The vault's `value_per_share` at the last touch.
    pub index: Wide,
    /// Of its debt, what it has minted and not burnt: what the stability fee is on.
    pub minted: Usd,
    /// The vault's index of that fee at the last touch.
    pub fee_index: Wide,
    /// When it began, block time in seconds; later deposits don't move it.
    pub joined_at: u64,
    /// The request that waits.
    pub exit: Option<ExitRequest>,
}

/// A position that is offered to another owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Who may accept it.
    pub to: Addr,
    /// How much of the collateral; none: all.
    pub amount: Option<Amount>,
    /// When the position began that was meant.
    pub joined_at: u64,
}

impl Record for Offer {
    const NAME: &'static str = "offer";
    const VERSION: u8 = 1;
}

impl Record for Position {
    const NAME: &'static str = "position";
    const VERSION: u8 = 3;
}

/// What each vault takes and requires, by its number.
pub const VAULTS: Map<u8, VaultConfig> = Map::new("vaults");
/// The vault of a token.
const VAULT_OF: Map<String, u8> = Map::new("vault_of");
/// When the depth was last moved, block time in seconds.
pub const DEPTH_ADJUSTED_AT: Item<u64> = Item::new("depth_adjusted_at");
/// Changes that wait.
pub const CHANGES: Timelock<Change> = Timelock::new();

/// Addresses and parameters.
pub fn terms(storage: &dyn Storage) -> Result<Terms> {
    Terms::load(storage, &key(tag::POOL_TERMS))
}

/// Stores them.
pub fn save_terms(storage: &mut dyn Storage, terms: &Terms) -> Result<()> {
    terms.save(storage, &key(tag::POOL_TERMS))
}

/// The book as of the last sync.
pub fn book(storage: &dyn Storage) -> Result<Book> {
    Book::load(storage, &key(tag::BOOK))
}

/// Stores it.
pub fn save_book(storage: &mut dyn Storage, book: &Book) -> Result<()> {
    book.save(storage, &key(tag::BOOK))
}

/// Listed markets and the depth of the impact.
pub fn listing(storage: &dyn Storage) -> Result<Listing> {
    Listing::load(storage, &key(tag::LISTING))
}

/// Stores them.
pub fn save_listing(storage: &mut dyn Storage, listing: &Listing) -> Result<()> {
    listing.save(storage, &key(tag::LISTING))
}

/// Ceilings that follow what is used.
pub fn ceilings(storage: &dyn Storage) -> Result<Vec<Following>> {
    Ok(Ceilings::may_load(storage, &key(tag::CEILINGS))?.unwrap_or_default().0)
}

/// One of them.
pub fn following(storage: &dyn Storage, of: Of) -> Result<Option<Following>> {
    Ok(ceilings(storage)?.into_iter().find(|following| following.of == of))
}

/// Stores them.
pub fn save_ceilings(storage: &mut dyn Storage, ceilings: Vec<Following>) -> Result<()> {
    Ceilings(ceilings).save(storage, &key(tag::CEILINGS))
}

/// What each layer of the waterfall took; nothing at first.
pub fn waterfall(storage: &dyn Storage) -> Result<Waterfall> {
    Ok(Waterfall::may_load(storage, &key(tag::LOSSES))?.unwrap_or_default())
}

/// Stores it.
pub fn save_waterfall(storage: &mut dyn Storage, waterfall: &Waterfall) -> Result<()> {
    waterfall.save(storage, &key(tag::LOSSES))
}

/// What is left of the pool, if it was shut down.
pub fn estate(storage: &dyn Storage) -> Result<Option<Estate>> {
    Estate::may_load(storage, &key(tag::ESTATE))
}

/// Stores it.
pub fn save_estate(storage: &mut dyn Storage, estate: &Estate) -> Result<()> {
    estate.save(storage, &key(tag::ESTATE))
}

fn redeemer_key(api: &dyn Api, holder: &Addr) -> Result<Vec<u8>> {
    Ok(key_of(tag::REDEEMED, &[&canonical(api, holder)?]))
}

/// A holder who has redeemed sdUSD; nothing at first.
pub fn redeemer(storage: &dyn Storage, api: &dyn Api, holder: &Addr) -> Result<Redeemer> {
    Ok(Redeemer::may_load(storage, &redeemer_key(api, holder)?)?.unwrap_or_default())
}

/// Stores him.
pub fn save_redeemer(
    storage: &mut dyn Storage,
    api: &dyn Api,
    holder: &Addr,
    redeemer: &Redeemer,
) -> Result<()> {
    redeemer.save(storage, &redeemer_key(api, holder)?)
}

/// A vault's configuration. `E0301`.
pub fn vault(storage: &dyn Storage, vault: u8) -> Result<VaultConfig> {
    let found = VAULTS.may_load(storage, vault)?;
    found.ok_or(Error::UnknownVault { vault: vault.into() })
}

/// Stores a vault's configuration and finds it by its token from now on.
pub fn save_vault(storage: &mut dyn Storage, vault: u8, config: &VaultConfig) -> Result<()> {
    VAULT_OF.save(storage, token_key(&config.token), &vault)?;
    Ok(VAULTS.save(storage, vault, config)?)
}

/// The vault that takes a token. `E0110`.
pub fn vault_of(storage: &dyn Storage, token: &Token) -> Result<u8> {
    let found = VAULT_OF.may_load(storage, token_key(token))?;
    found.ok_or_else(|| Error::UnknownToken { token: token.to_string() })
}

fn token_key(token: &Token) -> String {
    match token {
        Token::Native(denom) => format!("native/{denom}"),
        Token::Cw20(address) => format!("cw20/{address}"),
    }
}

fn position_key(api: &dyn Api, vault: u8, owner: &Addr) -> Result<Vec<u8>> {
    Ok(key_of(tag::POSITION, &[&[vault], &canonical(api, owner)?]))
}

fn offer_key(api: &dyn Api, vault: u8, owner: &Addr) -> Result<Vec<u8>> {
    Ok(key_of(tag::OFFER, &[&[vault], &canonical(api, owner)?]))
}

/// The offer of a position, if it stands.
pub fn offer(storage: &dyn Storage, api: &dyn Api, vault: u8, owner: &Addr) -> Result<Option<Offer>> {
    Offer::may_load(storage, &offer_key(api, vault, owner)?)
}

/// Stores it, or that there is none.
pub fn save_offer(
    storage: &mut dyn Storage,
    api: &dyn Api,
    vault: u8,
    owner: &Addr,
    offer: Option<&Offer>,
) -> Result<()> {
    Offer::put(offer, storage, &offer_key(api, vault, owner)?)
}

fn minter_key(api: &dyn Api, owner: &Addr) -> Result<Vec<u8>> {
    Ok(key_of(tag::MINTER, &[&canonical(api, owner)?]))
}

/// Who may mint for an owner's positions.
pub fn minter(storage: &dyn Storage, api: &dyn Api, owner: &Addr) -> Result<Option<CanonicalAddr>> {
    Ok(storage.get(&minter_key(api, owner)?).map(CanonicalAddr::from))
}

/// Whether this one may.
pub fn is_minter(storage: &dyn Storage, api: &dyn Api, owner: &Addr, who: &Addr) -> Result<bool> {
    Ok(minter(storage, api, owner)? == Some(canonical(api, who)?))
}

/// Stores who may, or that nobody may.
pub fn save_minter(
    storage: &mut dyn Storage,
    api: &dyn Api,
    owner: &Addr,
    minter: Option<&Addr>,
) -> Result<()> {
    let key = minter_key(api, owner)?;
    match minter {
        Some(minter) => storage.set(&key, &canonical(api, minter)?),
        None => storage.remove(&key),
    }
    Ok(())
}

/// A position as it was last touched.
pub fn position(storage: &dyn Storage, api: &dyn Api, vault: u8, owner: &Addr) -> Result<Option<Position>> {
    Position::may_load(storage, &position_key(api, vault, owner)?)
}

/// Stores a position.
pub fn save_position(
    storage: &mut dyn Storage,
    api: &dyn Api,
    vault: u8,
    owner: &Addr,
    position: &Position,
) -> Result<()> {
    position.save(storage, &position_key(api, vault, owner)?)
}

/// Forgets a position.
pub fn remove_position(storage: &mut dyn Storage, api: &dyn Api, vault: u8, owner: &Addr) -> Result<()> {
    storage.remove(&position_key(api, vault, owner)?);
    Ok(())
}

/// At most `limit` positions of a vault as they were last touched, in the order of their owners' canonical addresses.
pub fn positions(
    storage: &dyn Storage,
    api: &dyn Api,
    vault: u8,
    start_after: Option<&Addr>,
    limit: usize,
) -> Result<Vec<(Addr, Position)>> {
    Position::by_owner(storage, api, &key_of(tag::POSITION, &[&[vault]]), start_after, limit)
}
