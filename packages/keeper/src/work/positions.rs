//! Providers' positions below their liquidation ratio, and exits that are due.

use std::collections::BTreeMap;

use sdp_network::error::Result;
use sdp_network::Actions;
use sdp_types::liquidator;
use sdp_types::pool::{self, PositionResponse, QueryMsg, VaultResponse};
use sdp_types::{Ratio, Rounding};

use super::pages::Pages;
use super::{Ours, View, Work};
use crate::index::Index;
use crate::job::{Job, Kind};

/// Where no price takes a position to its end.
const FAR: Ratio = Ratio::percent(100_000);

/// By vault.
#[derive(Default)]
pub struct Positions {
    vaults: BTreeMap<u8, Vault>,
    /// Tip and chip by vault; they are asked for once.
    terms: Option<Vec<liquidator::AuctionParams>>,
}

#[derive(Default)]
struct Vault {
    index: Index<String>,
    round: Pages<String>,
    /// When exits become due, by owner, until they lapse.
    exits: BTreeMap<String, (u64, u64)>,
}

impl Work for Positions {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::LiquidatePosition, Kind::Exit]
    }

    fn find(&mut self, view: &View<'_>, ours: &mut Ours<'_>) -> Result<Vec<Job>> {
        let vaults: Vec<VaultResponse> = view.network.query("pool", &QueryMsg::Vaults {})?;
        if self.terms.is_none() {
            let config: liquidator::ConfigResponse =
                view.network.query("liquidator", &liquidator::QueryMsg::Config {})?;
            self.terms = Some(config.auctions);
        }
        let mut jobs = Vec::new();
        for config in vaults.iter().filter(|vault| vault.fresh) {
            let vault = self.vaults.entry(config.vault).or_default();
            let terms = self.terms.as_ref().and_then(|terms| terms.get(usize::from(config.vault)));
            let terms = terms.map(|terms| (terms.tip, terms.chip));
            for position in vault.below(view, config)? {
                let key = format!("vault {}/{}", config.vault, position.owner);
                if ours.is(&key) {
                    let (vault, owner) = (config.vault, position.owner);
                    let seize = liquidator::ExecuteMsg::LiquidatePosition { vault, owner };
                    let message = view.call("liquidator", &seize)?;
                    jobs.push(Job { terms, ..Job::of(Kind::LiquidatePosition, key, message) });
                }
            }
            for owner in vault.exits(view) {
                let key = format!("exit {}/{owner}", config.vault);
                if ours.is(&key) {
                    let execute = pool::ExecuteMsg::ExecuteExit { vault: config.vault, owner };
                    jobs.push(Job::of(Kind::Exit, key, view.call("pool", &execute)?));
                }
            }
        }
        Ok(jobs)
    }
}

impl Vault {
    /// All that can be seized, as far as is known; the lowest ratio first.
    fn below(&mut self, view: &View<'_>, config: &VaultResponse) -> Result<Vec<PositionResponse>> {
        let (reading, least) = (view.odometer.reading(), config.config.liquidation_ratio);
        let list = |start_after, limit| {
            view.network.query("pool", &QueryMsg::Positions { vault: config.vault, start_after, limit })
        };
        let cursor = |position: &PositionResponse| position.owner.clone();
        let mut found = self.round.next(view.config.pages, list, cursor)?;
        let known: Vec<_> = found.iter().map(|position| position.owner.clone()).collect();
        for owner in self.index.due(reading) {
            if !known.contains(&owner) {
                let question = QueryMsg::Position { vault: config.vault, owner: owner.clone() };
                match view.network.query("pool", &question) {
                    Ok(position) => found.push(position),
                    // it is gone
                    Err(error) if error.says("E0302") => self.index.remove(&owner),
                    Err(error) => return Err(error),
                }
            }
        }
        let mut below = Vec::new();
        for position in found {
            self.index.set(position.owner.clone(), reading, slack(position.ratio, least)?);
            match &position.exit {
                Some(exit) => self.exits.insert(position.owner.clone(), (exit.ready_at, exit.lapses_at)),
                None => self.exits.remove(&position.owner),
            };
            if position.ratio.is_some_and(|ratio| ratio < least) {
                below.push(position);
            }
        }
        below.sort_by_key(|position| position.ratio);
        Ok(below)
    }

    /// Owners whose exits can be executed now. One that has lapsed is forgotten.
    fn exits(&mut self, view: &View<'_>) -> Vec<String> {
        let now = view.block.time;
        self.exits.retain(|_, (_, lapses_at)| now <= *lapses_at);
        let due = self.exits.iter().filter(|(_, (ready_at, _))| now >= *ready_at);
        due.map(|(owner, _)| owner.clone()).collect()
    }
}

/// The part by which prices have to move until a position can be below its ratio: half of 1 − least ÷ ratio, rounded down. Half, because
/// what it owes moves with prices, too; how far is in the markets' books, and the slow round over all finds what that does.
fn slack(ratio: Option<Ratio>, least: Ratio) -> Result<Ratio> {
    let Some(ratio) = ratio.filter(|ratio| !ratio.is_zero()) else { return Ok(FAR) };
    let part = Ratio::of(least.raw(), ratio.raw(), Rounding::Up)?;
    Ok(Ratio::new(Ratio::ONE.saturating_minus(part).raw() / 2))
}
