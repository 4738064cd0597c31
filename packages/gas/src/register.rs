//! A deployment grows: a feed, a perpetual and a market are registered, each asked for and then enacted.

use anyhow::{Context, Result};
use cosmwasm_std::to_json_binary;
use sdp_network::{events, Actions, New};
use sdp_types::events::ChangeQueued;
use sdp_types::units::{Ratio, SignedRatio};
use sdp_types::{market, oracle, pool};
use serde::Serialize;

use crate::world::World;

/// Name of the new feed.
const SYMBOL: &str = "NEW";

impl World<'_> {
    /// Registers one of each.
    pub fn register(&mut self) -> Result<()> {
        let manifest = self.net.manifest().clone();
        let sigma = Ratio::percent(6);
        let correlations = manifest.feeds.iter().map(|feed| match feed.symbol.as_str() {
            "USDC" => SignedRatio::ZERO,
            _ => manifest.correlations.default,
        });
        let correlations: Vec<_> = correlations.collect();
        let last = manifest.feeds.last().context("no feed")?;
        let address = |name: &str| Ok(self.net.address(name)?.into_string());
        let feed = oracle::FeedConfig { symbol: SYMBOL.into(), ..last.config(&manifest, &address)? };
        let change = oracle::Change::AddFeed { feed, sigma, correlations };
        let ask = oracle::ExecuteMsg::Configure { change };
        self.change("a feed", "oracle", &ask, |id| oracle::ExecuteMsg::Enact { id })?;

        let market = manifest.markets.first().context("no market")?;
        let last = market.perps.last().context("no perpetual")?.config(&manifest)?;
        let feed = u16::try_from(manifest.feeds.len())?;
        let config = market::PerpConfig { name: format!("{SYMBOL}-PERP"), feed, ..last };
        let ask = market::ExecuteMsg::Configure { change: market::Change::AddPerp { config } };
        self.change("a perpetual", "market", &ask, |id| market::ExecuteMsg::Enact { id })?;

        let address = |name: &str| Ok(self.net.address(name)?.into_string());
        let msg = to_json_binary(&manifest.market_msg(market, &address)?)?;
        let there = self.net.info(&self.net.contract("market")?)?.context("the market is gone")?;
        let label = format!("gas-{}/further-1", self.layout.name);
        let new = New { code: there.code, label, msg, admin: Some(manifest.roles.owner.clone()) };
        let (made, _) = self.net.instantiate(&manifest.roles.owner, &new)?;
        let change =
            pool::Change::AddMarket { market: made.into_string(), line: market.line.0, bonded: false };
        let ask = pool::ExecuteMsg::Configure { change };
        self.change("a market", "pool", &ask, |id| pool::ExecuteMsg::Enact { id })
    }

    fn change<M: Serialize>(
        &mut self,
        what: &str,
        contract: &str,
        ask: &M,
        enact: impl FnOnce(u64) -> M,
    ) -> Result<()> {
        let owner = self.net.manifest().roles.owner.clone();
        self.publish()?;
        let row = format!("register {what}: ask");
        let asked = self.measure(&row, |net| net.execute(&owner, contract, ask, &[]))?;
        let id = events::<ChangeQueued>(&asked)?.last().context("the change does not wait")?.id;
        self.publish()?;
        let enact = enact(id);
        self.measure(&format!("register {what}: enact"), |net| net.execute("kim", contract, &enact, &[]))?;
        Ok(())
    }
}
