//! What a page has to know before it asks anything: the chain, the contracts, and what they are about.

use std::collections::BTreeMap;

use sdp_cosmos::GasPrice;
use sdp_embedded::Chain;
use sdp_network::error::Result;
use sdp_network::{Actions, Deployment, Network};
use sdp_types::pool::Token;
use serde::Serialize;

use super::Args;

/// `config.json`, by which the dashboard finds its deployment.
#[derive(Clone, Debug, Serialize)]
pub struct Page {
    /// How the chain is talked to.
    mode: Mode,
    chain_id: String,
    /// Of the deployment.
    name: String,
    /// Of the chain's node; none: the chain is behind the same address as the page.
    rpc: Option<String>,
    /// What addresses begin with.
    prefix: String,
    /// What pages pay for gas on a real chain: `0.025uatom`; none: nothing.
    gas_price: Option<String>,
    /// Words of accounts that everybody may use.
    development_mnemonic: Option<String>,
    /// Addresses by name.
    contracts: BTreeMap<String, String>,
    markets: Vec<Market>,
    /// Symbols by number.
    feeds: Vec<String>,
    collaterals: Vec<Collateral>,
    /// Coins that pay for transactions.
    fees: Vec<Fee>,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    Embedded,
    Chain,
}

#[derive(Clone, Debug, Serialize)]
struct Market {
    name: String,
    address: String,
    /// Symbols of their feeds, by number.
    perps: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Collateral {
    symbol: String,
    vault: u8,
    token: Token,
    decimals: u8,
    feed: u16,
}

#[derive(Clone, Debug, Serialize)]
struct Fee {
    denom: String,
    decimals: u8,
}

/// Of the chain that is served with it.
pub fn of_embedded(chain: &Chain) -> Result<Page> {
    page(chain, Mode::Embedded, chain.chain_id())
}

/// Of a real chain.
pub fn of_real(
    network: &dyn Network,
    record: &Deployment,
    args: &Args,
    (words, gas_price): (Option<String>, Option<&GasPrice>),
) -> Result<Page> {
    let page = page(network, Mode::Chain, record.name.clone())?;
    let denom = gas_price.map_or_else(|| args.fee_denom.clone(), |price| price.denom.clone());
    let fees = vec![Fee { denom, decimals: args.fee_decimals }];
    let gas_price = gas_price.map(ToString::to_string);
    Ok(Page { rpc: Some(args.rpc.clone()), development_mnemonic: words, gas_price, fees, ..page })
}

fn page<N: Network + ?Sized>(network: &N, mode: Mode, name: String) -> Result<Page> {
    let manifest = network.manifest();
    let contracts: BTreeMap<_, _> = network
        .names()
        .contracts()
        .iter()
        .map(|(name, address)| (name.clone(), address.to_string()))
        .collect();
    let prefix = contracts.values().next().and_then(|address| address.rsplit_once('1'));
    let prefix = prefix.map(|(prefix, _)| prefix.to_string()).unwrap_or_default();
    let symbol = |feed: u16| manifest.feeds.get(usize::from(feed)).map(|feed| feed.symbol.clone());
    let market = |market: &sdp_network::manifest::Market| {
        let perps = network.perps(&market.name)?;
        Ok(Market {
            name: market.name.clone(),
            address: network.contract(&market.name)?.into_string(),
            perps: perps.iter().map(|perp| symbol(perp.config.feed).unwrap_or_default()).collect(),
        })
    };
    let collateral = |(vault, collateral): (u8, &sdp_network::manifest::Collateral)| {
        Ok(Collateral {
            symbol: collateral.name.clone(),
            vault,
            token: network.token(&collateral.name)?,
            decimals: collateral.decimals,
            feed: manifest.feed_id(&collateral.feed).map_err(sdp_network::ChainError::setup)?,
        })
    };
    Ok(Page {
        mode,
        chain_id: network.chain_id(),
        name,
        rpc: None,
        prefix,
        gas_price: None,
        development_mnemonic: None,
        markets: manifest.markets.iter().map(market).collect::<Result<_>>()?,
        feeds: manifest.feeds.iter().map(|feed| feed.symbol.clone()).collect(),
        collaterals: (0..).zip(&manifest.collaterals).map(collateral).collect::<Result<_>>()?,
        contracts,
        fees: Vec::new(),
    })
}
