//! What there is in a pool at one block: every answer that `sdp exporter` exports and `sdp watch` shows.

mod at;
mod labels;
mod people;
#[cfg(test)]
pub mod story;

use sdp_network::{Block, ChainError, Network, CUSTODY, DESK, SPOT};
use sdp_types::lens::{self, HealthResponse, SolvencyResponse};
use sdp_types::market::{PerpResponse, TotalsResponse};
use sdp_types::pool::{
    self, AuditResponse, CeilingResponse, ConfigResponse, MarketResponse, RegimesResponse, VaultResponse,
};
use sdp_types::{bonded, custody, liquidator, oracle, spot};

pub use at::Asked;
use at::At;
pub use labels::Labels;
pub use people::People;

/// Answers as of one block. Each may have been refused without the others being so; a node that does not answer refuses all.
pub struct Survey {
    /// The chain's own name for itself.
    pub chain_id: String,
    /// The block that all answers are of.
    pub block: Block,
    /// Who and what is called how.
    pub labels: Labels,
    /// The lens's `health`.
    pub health: Asked<HealthResponse>,
    /// Its `solvency`.
    pub solvency: Asked<SolvencyResponse>,
    /// Its `regimes`.
    pub regimes: Asked<RegimesResponse>,
    /// Its `ceilings`.
    pub ceilings: Asked<Vec<CeilingResponse>>,
    /// Its `markets`: all listed ones, contracts without perpetuals among them.
    pub listed: Asked<Vec<MarketResponse>>,
    /// Market contracts with perpetuals.
    pub markets: Vec<Market>,
    /// The pool's `config`.
    pub config: Asked<ConfigResponse>,
    /// Its `vaults`.
    pub vaults: Asked<Vec<VaultResponse>>,
    /// Its `audit`.
    pub audit: Asked<AuditResponse>,
    /// The oracle's `config`.
    pub feeds: Asked<oracle::ConfigResponse>,
    /// Its `board`.
    pub board: Asked<oracle::BoardResponse>,
    /// Its `regimes`: feeds with which not everything is allowed.
    pub restricted: Asked<Vec<oracle::RestrictedFeed>>,
    /// The liquidator's `config`.
    pub limits: Asked<liquidator::ConfigResponse>,
    /// Its `totals`.
    pub totals: Asked<liquidator::TotalsResponse>,
    /// Its running auctions, oldest first.
    pub auctions: Asked<Vec<liquidator::AuctionResponse>>,
    /// Synthetics, where there are any.
    pub synthetics: Option<Asked<Vec<spot::SyntheticResponse>>>,
    /// Tokens that are margin and their sales, where there is a custody.
    pub custody: Option<Custody>,
    /// Bonded markets and their sums, where there is a desk.
    pub bonded: Option<Bonded>,
}

/// A market contract with perpetuals.
pub struct Market {
    /// Its name.
    pub name: String,
    /// Its perpetuals, at the board's prices.
    pub perps: Asked<Vec<PerpResponse>>,
    /// The sums of its books.
    pub totals: Asked<TotalsResponse>,
}

/// The custody of tokens.
pub struct Custody {
    /// All tokens by number.
    pub tokens: Asked<Vec<custody::TokenResponse>>,
    /// Sales that run.
    pub sales: Asked<Vec<custody::SaleResponse>>,
}

/// The desk of bonded markets.
pub struct Bonded {
    /// All of them.
    pub markets: Asked<Vec<bonded::BondedResponse>>,
    /// Their sums.
    pub totals: Asked<bonded::TotalsResponse>,
}

impl Survey {
    /// Asks everything as of the last block. An error: the node does not answer.
    pub fn of(network: &dyn Network) -> Result<Self, ChainError> {
        let block = network.block()?;
        let at = At { network, height: block.height };
        let manifest = network.manifest();
        let mut markets = Vec::with_capacity(manifest.markets.len());
        for listed in &manifest.markets {
            markets.push(Market {
                name: at.name_of_contract(&listed.name),
                perps: at.ask_of(&listed.name, |market| lens::QueryMsg::Perps { market })?,
                totals: at.ask_of(&listed.name, |market| lens::QueryMsg::Totals { market })?,
            });
        }
        let custody = manifest.custody.as_ref().map(|_| {
            Ok::<_, ChainError>(Custody {
                tokens: at.ask(CUSTODY, &custody::QueryMsg::Tokens {})?,
                sales: at.token_sales()?,
            })
        });
        let bonded = manifest.bonded.as_ref().map(|_| {
            Ok::<_, ChainError>(Bonded {
                markets: at.ask(DESK, &bonded::QueryMsg::Markets {})?,
                totals: at.ask(DESK, &bonded::QueryMsg::Totals {})?,
            })
        });
        let synthetics = manifest.spot.as_ref().map(|_| at.ask(SPOT, &spot::QueryMsg::Synthetics {}));
        Ok(Self {
            chain_id: network.chain_id(),
            block,
            labels: Labels::of(network),
            health: at.ask("lens", &lens::QueryMsg::Health {})?,
            solvency: at.ask("lens", &lens::QueryMsg::Solvency {})?,
            regimes: at.ask("lens", &lens::QueryMsg::Regimes {})?,
            ceilings: at.ask("lens", &lens::QueryMsg::Ceilings {})?,
            listed: at.ask("lens", &lens::QueryMsg::Markets {})?,
            markets,
            config: at.ask("pool", &pool::QueryMsg::Config {})?,
            vaults: at.ask("pool", &pool::QueryMsg::Vaults {})?,
            audit: at.ask("pool", &pool::QueryMsg::Audit {})?,
            feeds: at.ask("oracle", &oracle::QueryMsg::Config {})?,
            board: at.ask("oracle", &oracle::QueryMsg::Board {})?,
            restricted: at.ask("oracle", &oracle::QueryMsg::Regimes {})?,
            limits: at.ask("liquidator", &liquidator::QueryMsg::Config {})?,
            totals: at.ask("liquidator", &liquidator::QueryMsg::Totals {})?,
            auctions: at.auctions()?,
            synthetics: synthetics.transpose()?,
            custody: custody.transpose()?,
            bonded: bonded.transpose()?,
        })
    }

    /// Every question by contract and name, and what it was refused with.
    pub fn questions(&self) -> Vec<(&'static str, Option<&ChainError>)> {
        fn refused<T>(asked: &Asked<T>) -> Option<&ChainError> {
            asked.as_ref().err()
        }
        let mut all = vec![
            ("lens health", refused(&self.health)),
            ("lens solvency", refused(&self.solvency)),
            ("lens regimes", refused(&self.regimes)),
            ("lens ceilings", refused(&self.ceilings)),
            ("lens markets", refused(&self.listed)),
            ("lens perps", self.markets.iter().find_map(|market| refused(&market.perps))),
            ("lens totals", self.markets.iter().find_map(|market| refused(&market.totals))),
            ("pool config", refused(&self.config)),
            ("pool vaults", refused(&self.vaults)),
            ("pool audit", refused(&self.audit)),
            ("oracle config", refused(&self.feeds)),
            ("oracle board", refused(&self.board)),
            ("oracle regimes", refused(&self.restricted)),
            ("liquidator config", refused(&self.limits)),
            ("liquidator totals", refused(&self.totals)),
            ("liquidator auctions", refused(&self.auctions)),
        ];
        all.extend(self.synthetics.iter().map(|found| ("spot synthetics", refused(found))));
        all.extend(self.custody.iter().flat_map(|custody| {
            [("custody tokens", refused(&custody.tokens)), ("custody sales", refused(&custody.sales))]
        }));
        all.extend(self.bonded.iter().flat_map(|desk| {
            [("bonded markets", refused(&desk.markets)), ("bonded totals", refused(&desk.totals))]
        }));
        all
    }

    /// The first question that was refused, and why.
    pub fn refused(&self) -> Option<(&'static str, &ChainError)> {
        self.questions().into_iter().find_map(|(question, refused)| Some((question, refused?)))
    }
}
