//! A deployment in one file: feeds, collaterals, markets and every parameter, as TOML.
//!
//! The built-in one is [`Manifest::BUILT_IN`]; its comments say each entry's unit and effect. USD are written in USD,
//! tokens in whole tokens, ratios as plain numbers (`"0.05"` is 5 %), all as text so that they are exact.

mod bonded;
mod conditional;
mod convert;
mod custody;
mod overrides;
mod reserve;
mod source;

use std::collections::BTreeMap;

use anyhow::{anyhow, ensure, Context, Result};
use sdp_types::board::FeedId;
use sdp_types::liquidator::Curve;
use sdp_types::market::{Deleveraging, FundingParams, InsurancePremium, PerpStatus, Responses};
use sdp_types::oracle::{FeedBreaker, Measurement, VolatilityRange};
use sdp_types::spot::SyntheticStatus;
use sdp_types::units::{Price, Ratio, SignedRatio};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use bonded::{Bonded, EventMarket};
pub use conditional::Conditional;
pub use convert::AddressOf;
pub use custody::{Custody, CustodyToken};
pub use reserve::{Reserve, ReserveToken};
pub use source::FeedSource;

use crate::decimal::Dollars;

/// Name of the contract of synthetics in the address book.
pub const SPOT: &str = "spot";
/// Name of the contract of the first market's conditional orders in the address book; of another one's its end.
pub const ORDERS: &str = "orders";
/// Name of the custody of traders' tokens in the address book.
pub const CUSTODY: &str = "custody";

/// Name of the desk of bonded markets in the address book.
pub const DESK: &str = "bonded";

/// Names that no account, market or collateral may have: they are contracts.
pub const RESERVED: [&str; 13] = [
    "oracle",
    "pool",
    "market",
    "liquidator",
    "lens",
    "sdusd",
    "sdnote",
    SPOT,
    "reserve",
    "balancer",
    ORDERS,
    CUSTODY,
    DESK,
];

/// A whole deployment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The clock.
    pub chain: Clock,
    /// Names of those who govern.
    pub roles: Roles,
    /// The oracle.
    pub oracle: Oracle,
    /// By feed number.
    pub feeds: Vec<Feed>,
    /// Of all pairs of feeds.
    pub correlations: Correlations,
    /// The pool.
    pub pool: Pool,
    /// By vault number.
    pub collaterals: Vec<Collateral>,
    /// Market contracts; the first one is also called `market`.
    pub markets: Vec<Market>,
    /// The liquidator.
    pub liquidator: Liquidator,
    /// The contract of synthetics, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spot: Option<Spot>,
    /// The par reserve; none: there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserve: Option<Reserve>,
    /// The custody of traders' tokens; none: margin is sdUSD only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custody: Option<Custody>,
    /// The desk of bonded markets; none: there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bonded: Option<Bonded>,
    /// What accounts hold at the start: by account, whole tokens by collateral.
    #[serde(default)]
    pub accounts: BTreeMap<String, BTreeMap<String, String>>,
}

/// The chain's clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Unix time of the first block, seconds; a multiple of the interval.
    pub start: u64,
}

/// Names of those who govern.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roles {
    /// Owner and migration admin of every contract.
    pub owner: String,
    /// Guardian of every contract.
    pub guardian: Option<String>,
    /// Who may publish prices.
    pub publishers: Vec<String>,
    /// How many of them make a price.
    pub quorum: u32,
}

/// See [`sdp_types::oracle::InstantiateMsg`]. All times in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Oracle {
    pub interval_seconds: u32,
    pub ring_slots: u16,
    pub grace_seconds: u32,
    pub stale_for_trade: u32,
    pub stale_for_liquidation: u32,
    pub stale_for_view: u32,
    pub gap_seconds: u32,
    pub average_seconds: u32,
    pub change_delay: u64,
    /// None: volatilities and correlations are what the manifest says, for good.
    #[serde(default)]
    pub measurement: Option<Measurement>,
    /// None: no price restricts its feed.
    #[serde(default)]
    pub breaker: Option<FeedBreaker>,
}

/// One feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// Symbol of the asset.
    pub symbol: String,
    /// Standard deviation of a day's return.
    pub sigma: Ratio,
    /// Medians further from the last good price than this need a confirmation.
    pub deviation_band: Ratio,
    /// Medians with a wider confidence are not taken.
    pub maximum_confidence: Ratio,
    /// Half-width of the band that the embedded chain's publishers report where nobody says otherwise.
    pub confidence: Ratio,
    /// First price that tests and `sdp deploy` publish; none: nothing until somebody does.
    pub price: Option<Price>,
    /// What its measured volatility is kept to; every feed has one where there is a measurement.
    #[serde(default)]
    pub volatility: Option<VolatilityRange>,
    /// Where anyone may pull its price from; without it publishers push it. See [`FeedSource`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<FeedSource>,
}

/// Correlations of all pairs of feeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correlations {
    /// Of all pairs that are not listed.
    pub default: SignedRatio,
    /// Pairs that differ.
    #[serde(default)]
    pub pairs: Vec<Pair>,
}

/// Correlation of a pair of feeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// The two symbols.
    pub feeds: [String; 2],
    /// In [−1, 1].
    pub rho: SignedRatio,
}

/// See [`sdp_types::pool::Params`]. All times in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Pool {
    pub token_name: String,
    pub token_symbol: String,
    pub impact_depth: Dollars,
    pub supply_ceiling: Dollars,
    pub exit_delay: u64,
    pub exit_window: u64,
    pub minimum_stay: u64,
    pub change_delay: u64,
    /// Bounds of the pool's expected shortfall; without them it bounds nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<sdp_types::pool::RiskBudgets>,
    /// What trips the pool and its markets; without them only people do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breakers: Option<sdp_types::pool::Breakers>,
    /// The depth falls towards this as risk fills its budget; without it the depth stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least_depth: Option<Dollars>,
    /// While recovery notes are outstanding: the part of insurance's income that is set aside for them.
    #[serde(default)]
    pub note_share: Ratio,
    /// What insurance and providers take of one market's losses in a day; without it insurance all that it has, and providers the rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub losses: Option<sdp_types::pool::LossLimits>,
    /// How the supply ceiling follows what is used; without it, it stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<Ceiling>,
}

/// See [`sdp_types::pool::Ceiling`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Ceiling {
    pub max: Dollars,
    pub gap: Dollars,
    pub ttl: u32,
}

/// One collateral with its vault and its auctions: [`sdp_types::pool::VaultConfig`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Collateral {
    pub name: String,
    /// Denom of a coin of the bank module; without one it is a CW20, which is deployed for it.
    pub denom: Option<String>,
    /// Whether to deploy a CW20 for it: exactly where it has no denom.
    #[serde(default)]
    pub cw20: bool,
    pub decimals: u8,
    pub feed: String,
    pub issuance_ratio: Ratio,
    pub liquidation_ratio: Ratio,
    pub liquidation_penalty: Ratio,
    #[serde(default)]
    pub stability_fee: Ratio,
    pub maximum_confidence: Ratio,
    pub minimum_deposit: Dollars,
    pub minimum_debt: Dollars,
    /// Whole tokens.
    pub deposit_cap: String,
    pub debt_ceiling: Dollars,
    /// How the debt ceiling follows what is used; without it, it stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<Ceiling>,
    pub limits: Limits,
    pub auction: Auction,
}

/// See [`sdp_types::liquidator::Limits`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Limits {
    pub hole: Dollars,
    pub discount: Ratio,
    pub daily: Ratio,
}

/// See [`sdp_types::liquidator::AuctionParams`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Auction {
    pub buffer: Ratio,
    pub curve: Curve,
    pub cusp: Ratio,
    pub tail: u64,
    pub tip: Dollars,
    pub chip: Ratio,
    pub dust: Dollars,
}

/// One market contract: [`sdp_types::market::Params`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Market {
    /// Its name in the address book.
    pub name: String,
    /// Its credit line at the pool.
    pub line: Dollars,
    /// How the line follows what is used; without it, it stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<Ceiling>,
    pub fee: Ratio,
    pub insurance_share: Ratio,
    pub keeper_share: Ratio,
    pub order_delay: u64,
    pub order_expiry: u64,
    pub maximum_empty_intervals: u32,
    pub maximum_slippage: Ratio,
    pub profit_haircut: Ratio,
    pub maximum_offset: Ratio,
    pub responses: Responses,
    pub insurance: InsurancePremium,
    /// Without it winning sides are never scaled down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleveraging: Option<Deleveraging>,
    /// Without it every account pays the same fee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fees: Option<Fees>,
    pub liquidation: Liquidation,
    pub change_delay: u64,
    /// Its conditional orders; none: there is no contract for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orders: Option<Conditional>,
    pub funding: FundingParams,
    /// By number.
    pub perps: Vec<Perp>,
}

/// What of the fee is remitted: [`sdp_types::market::FeeSchedule`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Fees {
    pub window: u64,
    pub tiers: Vec<Tier>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral: Option<Referral>,
}

/// How far a liquidation goes, and what its keeper gets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Liquidation {
    pub target: Ratio,
    pub reward: Dollars,
    pub reward_share: Ratio,
}

/// From which volume on which part of the fee is remitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Tier {
    pub volume: Dollars,
    pub discount: Ratio,
}

/// What follows from having been brought by somebody.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Referral {
    pub share: Ratio,
    pub discount: Ratio,
}

/// One perpetual: [`sdp_types::market::PerpConfig`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Perp {
    pub name: String,
    pub feed: String,
    #[serde(default = "open")]
    pub status: PerpStatus,
    pub initial_margin: Ratio,
    pub maintenance_margin: Ratio,
    pub skew_cap: Dollars,
    pub open_interest_cap: Dollars,
    pub trade_confidence: Ratio,
    pub liquidate_confidence: Ratio,
    pub liquidation_penalty: Ratio,
    pub premium_cap: Ratio,
    pub minimum_notional: Dollars,
}

/// The contract of synthetics: [`sdp_types::spot::Params`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Spot {
    /// Its credit line at the pool.
    pub line: Dollars,
    /// How the line follows what is used; without it, it stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<Ceiling>,
    pub fee: Ratio,
    pub insurance_share: Ratio,
    pub keeper_share: Ratio,
    pub order_delay: u64,
    pub order_expiry: u64,
    pub maximum_empty_intervals: u32,
    pub maximum_slippage: Ratio,
    pub change_delay: u64,
    /// By number.
    pub synthetics: Vec<Synthetic>,
}

/// One synthetic: [`sdp_types::spot::SyntheticConfig`]. Its symbol is its token's name in the address book.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Synthetic {
    pub name: String,
    pub symbol: String,
    pub decimals: u8,
    pub feed: String,
    #[serde(default = "buyable")]
    pub status: SyntheticStatus,
    pub skew_cap: Dollars,
    pub trade_confidence: Ratio,
    pub settle_confidence: Ratio,
    pub premium_cap: Ratio,
    pub minimum_notional: Dollars,
    /// Name of the perpetual whose funding its holders carry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funding: Option<String>,
}

fn buyable() -> SyntheticStatus {
    SyntheticStatus::Open
}

fn open() -> PerpStatus {
    PerpStatus::Open
}

/// See [`sdp_types::liquidator::Params`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Liquidator {
    pub hole: Dollars,
    #[serde(default)]
    pub stop_level: u8,
    pub withdrawal_delay: u64,
    pub withdrawal_window: u64,
    pub change_delay: u64,
    pub note_name: String,
    pub note_symbol: String,
    pub notes: Notes,
}

/// See [`sdp_types::liquidator::NoteParams`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Notes {
    pub lot: Dollars,
    pub start: Ratio,
    pub step: Ratio,
    pub bid_seconds: u64,
    pub auction_seconds: u64,
    pub raise: Ratio,
    pub ceiling: Dollars,
}

impl Manifest {
    /// Text of the built-in manifest, with its comments.
    pub const BUILT_IN: &'static str = include_str!("../../manifest.toml");

    /// The built-in manifest: the defaults for a pool of 20 million USD.
    pub fn built_in() -> Result<Self> {
        Self::parse(Self::BUILT_IN)
    }

    /// A manifest from its TOML, with names that fit together. Ranges are the contracts' business.
    pub fn parse(text: &str) -> Result<Self> {
        let manifest: Self = toml::from_str(text)?;
        manifest.check()?;
        Ok(manifest)
    }

    /// A manifest from a file.
    pub fn read(path: &std::path::Path) -> Result<Self> {
        let shown = path.display();
        let text = std::fs::read_to_string(path).with_context(|| format!("manifest {shown}"))?;
        Self::parse(&text).with_context(|| format!("manifest {shown}"))
    }

    /// SHA-256 of its entries, whatever its file looks like; small hexadecimal digits.
    pub fn hash(&self) -> Result<String> {
        Ok(cosmwasm_std::HexBinary::from(Sha256::digest(toml::to_string(self)?).as_slice()).to_hex())
    }

    /// Whether its names fit together.
    pub fn check(&self) -> Result<()> {
        let contracts = self.collaterals.iter().map(|collateral| collateral.name.as_str());
        let markets = self.markets.iter().enumerate().map(|(n, market)| (n, market.name.as_str()));
        let markets = markets.filter(|named| *named != (0, "market")).map(|(_, name)| name);
        let tokens = self.synthetics().map(|synthetic| synthetic.symbol.as_str());
        let orders: Vec<_> =
            self.conditionals().map(|(name, _)| name).filter(|name| name != ORDERS).collect();
        let orders = orders.iter().map(String::as_str);
        let events = self.event_markets().map(|event| event.name.as_str());
        let mut names: Vec<_> =
            contracts.chain(markets).chain(RESERVED).chain(tokens).chain(orders).chain(events).collect();
        names.sort_unstable();
        for pair in names.windows(2) {
            ensure!(pair[0] != pair[1], "two contracts are called `{}`", pair[0]);
        }
        ensure!(!self.markets.is_empty(), "no market");
        for collateral in &self.collaterals {
            ensure!(
                collateral.denom.is_some() != collateral.cw20,
                "collateral `{}` needs either a `denom` or `cw20 = true`",
                collateral.name
            );
            self.feed_id(&collateral.feed)?;
        }
        for perp in self.markets.iter().flat_map(|market| &market.perps) {
            self.feed_id(&perp.feed)?;
        }
        for feed in &self.feeds {
            ensure!(
                feed.source.is_none() || feed.price.is_none(),
                "feed `{}` has a source: nobody publishes a `price` of it",
                feed.symbol
            );
        }
        for synthetic in self.synthetics() {
            self.feed_id(&synthetic.feed)?;
            synthetic.funding.as_ref().map(|perp| self.perp(perp)).transpose()?;
        }
        for pair in &self.correlations.pairs {
            self.feed_id(&pair.feeds[0])?;
            self.feed_id(&pair.feeds[1])?;
        }
        for token in self.reserve.iter().flat_map(|reserve| &reserve.tokens) {
            self.collateral(&token.collateral)?;
        }
        if let Some(custody) = &self.custody {
            custody.tokens.iter().try_for_each(|token| self.collateral(&token.collateral).map(drop))?;
            let known = self.markets.iter().any(|market| self.has_custody(&market.name));
            ensure!(known, "no market `{}` for the custody in the manifest", custody.market);
        }
        for balances in self.accounts.values() {
            for (name, amount) in balances {
                crate::decimal::parse(amount, self.collateral(name)?.1.decimals.into())?;
            }
        }
        for event in self.event_markets() {
            self.feed_id(&event.feed)?;
        }
        let interval = u64::from(self.oracle.interval_seconds.max(1));
        ensure!(self.chain.start % interval == 0, "`chain.start` is not a multiple of the interval");
        let reserved = |name: &&String| RESERVED.contains(&name.as_str());
        let people = self.accounts.keys().chain(&self.roles.publishers).chain([&self.roles.owner]);
        match people.chain(&self.roles.guardian).find(reserved) {
            Some(name) => Err(anyhow!("`{name}` is the name of a contract")),
            None => Ok(()),
        }
    }

    /// Number and entry of a feed by its symbol.
    pub fn feed(&self, symbol: &str) -> Result<(FeedId, &Feed)> {
        let found = (0..).zip(&self.feeds).find(|(_, feed)| feed.symbol == symbol);
        found.ok_or_else(|| anyhow!("no feed `{symbol}` in the manifest"))
    }

    /// Number of a feed by its symbol.
    pub fn feed_id(&self, symbol: &str) -> Result<FeedId> {
        self.feed(symbol).map(|(id, _)| id)
    }

    /// Vault number and entry of a collateral by its name.
    pub fn collateral(&self, name: &str) -> Result<(u8, &Collateral)> {
        let found = (0..).zip(&self.collaterals).find(|(_, collateral)| collateral.name == name);
        found.ok_or_else(|| anyhow!("no collateral `{name}` in the manifest"))
    }

    /// Market, number and entry of a perpetual by its name or by the symbol of its feed; the first that fits.
    pub fn perp(&self, name: &str) -> Result<(&Market, u16, &Perp)> {
        let all = self
            .markets
            .iter()
            .flat_map(|market| (0..).zip(&market.perps).map(move |(number, perp)| (market, number, perp)));
        let mut fits = all.filter(|(_, _, perp)| perp.name == name || perp.feed == name);
        fits.next().ok_or_else(|| anyhow!("no perpetual `{name}` in the manifest"))
    }

    /// Contracts with a credit line, by name, and how each line follows what is used. The par reserve has none: it never costs the
    /// providers anything.
    pub fn lines(&self) -> impl Iterator<Item = (&str, Option<Ceiling>)> {
        let markets = self.markets.iter().map(|market| (market.name.as_str(), market.ceiling));
        markets.chain(self.spot.iter().map(|spot| (SPOT, spot.ceiling)))
    }

    /// All synthetics, by number.
    pub fn synthetics(&self) -> impl Iterator<Item = &Synthetic> {
        self.spot.iter().flat_map(|spot| &spot.synthetics)
    }

    /// Number and entry of a synthetic by its symbol or by the symbol of its feed; the first that fits.
    pub fn synthetic(&self, name: &str) -> Result<(u16, &Synthetic)> {
        let mut all = (0..).zip(self.synthetics());
        let found = all.find(|(_, synthetic)| synthetic.symbol == name || synthetic.feed == name);
        found.ok_or_else(|| anyhow!("no synthetic `{name}` in the manifest"))
    }

    /// A market contract by its name; `market` is the first.
    pub fn market(&self, name: &str) -> Result<&Market> {
        let found = self.markets.iter().find(|market| market.name == name);
        let found = found.or_else(|| self.markets.first().filter(|_| name == "market"));
        found.ok_or_else(|| anyhow!("no market `{name}` in the manifest"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_manifest_holds_together_and_comes_back_from_its_own_text() {
        let manifest = Manifest::built_in().unwrap();
        assert_eq!(Manifest::parse(&toml::to_string(&manifest).unwrap()).unwrap(), manifest);
    }

    #[test]
    fn the_impact_depth_is_25_w_sigma_squared_for_a_pool_of_20_million() {
        // 1/λ = 25 · W · 0.035²
        let manifest = Manifest::built_in().unwrap();
        assert_eq!(manifest.pool.impact_depth.0.raw(), 25 * 20_000_000 * 1_225);
    }

    #[test]
    fn a_name_that_is_taken_or_unknown_is_refused() {
        let with = |from: &str, to: &str| Manifest::parse(&Manifest::BUILT_IN.replacen(from, to, 1));
        let says = |result: Result<Manifest>, text: &str| {
            let error = format!("{:#}", result.unwrap_err());
            assert!(error.contains(text), "{error}");
        };
        says(with("name = \"USDC\"", "name = \"ATOM\""), "two contracts are called `ATOM`");
        says(with("name = \"USDC\"", "name = \"pool\""), "two contracts are called `pool`");
        says(with("feed = \"USDC\"", "feed = \"USDT\""), "no feed `USDT`");
        says(with("denom = \"uatom\"", "cw20 = false"), "needs either");
        says(with("owner = \"owner\"", "owner = \"pool\""), "`pool` is the name of a contract");
        says(with("[chain]", "[chain]\nspeed = 1"), "unknown field `speed`");
    }
}
