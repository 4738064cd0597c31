//! Whether what is on a chain is what the manifest says.

use core::fmt;

use cosmwasm_std::Addr;
use cw2::ContractVersion;
use cw20::{Cw20QueryMsg, MinterResponse, TokenInfoResponse};
use sdp_types::units::SignedUsd;
use sdp_types::{
    balancer, bonded, custody, event, lens, liquidator, market, oracle, orders, pool, reserve, spot,
};
use serde::Serialize;
use serde_json::Value;

use super::record::Deployment;
use super::step::{as_recorded, ceilinged};
use crate::actions::Actions;
use crate::error::{ChainError, Kind, Result};
use crate::manifest::{Bonded, Custody, Reserve};
use crate::message::Code;
use crate::network::Network;
use crate::{CUSTODY, DESK, FAUCET, SPOT};

/// Something that is not as the manifest says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Name of the contract.
    pub contract: String,
    /// What of it.
    pub what: String,
    /// What the chain has.
    pub found: Value,
    /// What it should have.
    pub expected: Value,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} is {}, should be {}", self.contract, self.what, self.found, self.expected)
    }
}

/// Compares every contract of a complete deployment with the manifest: code and admin, name and version in cw2, owner,
/// every entry of its configuration, and how they are wired together. Empty: all is as it should be.
pub fn verify(network: &dyn Network, record: &Deployment) -> Result<Vec<Finding>> {
    let mut look = Look { network, record, findings: Vec::new() };
    for (name, contract) in &record.contracts {
        look.code(name)?;
        look.version(name, contract.kind)?;
    }
    look.oracle()?;
    look.pool()?;
    look.liquidator()?;
    look.lens()?;
    for market in &record.manifest.markets {
        look.market(&market.name)?;
    }
    if record.manifest.spot.is_some() {
        look.spot()?;
    }
    if let Some(entry) = &record.manifest.reserve {
        look.reserve(entry)?;
    }
    look.balancer()?;
    for (name, market) in record.manifest.conditionals() {
        look.orders(&name, &market.name)?;
    }
    if let Some(entry) = &record.manifest.custody {
        look.custody(entry)?;
    }
    if let Some(entry) = &record.manifest.bonded {
        look.bonded(entry)?;
    }
    look.tokens()?;
    Ok(look.findings)
}

struct Look<'a> {
    network: &'a dyn Network,
    record: &'a Deployment,
    findings: Vec<Finding>,
}

impl Look<'_> {
    /// Notes every entry of `expected` that is otherwise in `found`.
    fn same(
        &mut self,
        contract: &str,
        what: &str,
        found: &impl Serialize,
        expected: &impl Serialize,
    ) -> Result<()> {
        let json = |error: serde_json::Error| ChainError::setup(error);
        let found = serde_json::to_value(found).map_err(json)?;
        let expected = serde_json::to_value(expected).map_err(json)?;
        self.compare(contract, what.to_string(), found, expected);
        Ok(())
    }

    fn compare(&mut self, contract: &str, what: String, found: Value, expected: Value) {
        if found == expected {
            return;
        }
        match (found, expected) {
            (Value::Object(mut found), Value::Object(expected)) => {
                for (key, expected) in expected {
                    let found = found.remove(&key).unwrap_or_default();
                    self.compare(contract, format!("{what}.{key}"), found, expected);
                }
            }
            (Value::Array(found), Value::Array(expected)) if found.len() == expected.len() => {
                for (n, (found, expected)) in found.into_iter().zip(expected).enumerate() {
                    self.compare(contract, format!("{what}[{n}]"), found, expected);
                }
            }
            (found, expected) => {
                let contract = contract.to_string();
                self.findings.push(Finding { contract, what, found, expected });
            }
        }
    }

    fn address(&self, name: &str) -> Result<String> {
        self.network.address(name).map(Addr::into_string)
    }

    fn guardian(&self) -> Result<Option<String>> {
        self.record.manifest.roles.guardian.as_deref().map(|name| self.address(name)).transpose()
    }

    fn code(&mut self, name: &str) -> Result<()> {
        match as_recorded(self.network, name, self.record.contract(name)?) {
            Err(ChainError { kind: Kind::Setup, text, .. }) => self.same(name, "code", &text, &"as recorded"),
            done => done,
        }
    }

    fn version(&mut self, name: &str, kind: Code) -> Result<()> {
        let address = &self.record.contract(name)?.address;
        let bytes = self.network.raw(address, cw2::CONTRACT.as_slice())?;
        let found: Option<ContractVersion> = bytes.map(cosmwasm_std::from_json).transpose()?;
        let (contract, version) = found.map(|found| (found.contract, found.version)).unzip();
        self.same(name, "cw2 name", &contract, &kind.contract())?;
        // a token's version is that of the wasm that was stored for it, whichever it is
        if kind == Code::Cw20 {
            return Ok(());
        }
        self.same(name, "cw2 version", &version, &env!("CARGO_PKG_VERSION"))
    }

    fn owner(&mut self, name: &str, question: &impl Serialize) -> Result<()> {
        let found: sdp_types::ownership::Ownership = self.network.query(name, question)?;
        let owner = self.address(&self.record.manifest.roles.owner)?;
        self.same(name, "owner", &found.owner, &owner)
    }

    fn oracle(&mut self) -> Result<()> {
        self.owner("oracle", &oracle::QueryMsg::Ownership {})?;
        let begun = self.record.manifest.oracle_msg(&|name| Ok(self.address(name)?));
        let begun = begun.map_err(ChainError::setup)?;
        let mut publishers = begun.publishers;
        let mut config: oracle::ConfigResponse =
            self.network.query("oracle", &oracle::QueryMsg::Config {})?;
        // in whatever order the contract keeps them
        publishers.sort();
        config.publishers.sort();
        let expected = oracle::ConfigResponse {
            guardian: begun.guardian,
            publishers,
            quorum: begun.quorum,
            intervals: begun.intervals,
            staleness: begun.staleness,
            gap: begun.gap,
            average_seconds: begun.average_seconds,
            change_delay: begun.change_delay,
            feeds: begun.feeds,
            breaker: begun.breaker,
        };
        self.same("oracle", "config", &config, &expected)?;
        let measured: oracle::MeasurementResponse =
            self.network.query("oracle", &oracle::QueryMsg::Measurement {})?;
        self.same("oracle", "measurement", &measured.parameters, &begun.measurement)?;
        if begun.measurement.is_some() {
            // what is priced with follows what is measured
            return Ok(());
        }
        let covariance: oracle::CovarianceConfig =
            self.network.query("oracle", &oracle::QueryMsg::Covariance {})?;
        self.same("oracle", "covariance", &covariance, &begun.covariance)
    }

    fn pool(&mut self) -> Result<()> {
        self.owner("pool", &pool::QueryMsg::Ownership {})?;
        let config: pool::ConfigResponse = self.network.query("pool", &pool::QueryMsg::Config {})?;
        let manifest = &self.record.manifest;
        let mut params = manifest.pool_params();
        // what follows what is used is wherever it was adjusted to
        if manifest.pool.ceiling.is_some() {
            params.supply_ceiling = config.params.supply_ceiling;
        }
        let expected = pool::ConfigResponse {
            guardian: self.guardian()?,
            oracle: self.address("oracle")?,
            sdusd: self.address("sdusd")?,
            liquidator: Some(self.address("liquidator")?),
            open: true,
            params,
        };
        self.same("pool", "config", &config, &expected)?;

        let vaults: Vec<pool::VaultResponse> = self.network.query("pool", &pool::QueryMsg::Vaults {})?;
        let vaults: Vec<_> = vaults.into_iter().map(|vault| vault.config).collect();
        let manifest = &self.record.manifest;
        let expected = manifest
            .collaterals
            .iter()
            .map(|collateral| collateral.config(manifest, &|name| Ok(self.address(name)?)));
        let mut expected = expected.collect::<anyhow::Result<Vec<_>>>().map_err(ChainError::setup)?;
        for ((expected, found), entry) in expected.iter_mut().zip(&vaults).zip(&manifest.collaterals) {
            if entry.ceiling.is_some() {
                expected.debt_ceiling = found.debt_ceiling;
            }
        }
        self.same("pool", "vaults", &vaults, &expected)?;

        let markets: Vec<pool::MarketResponse> = self.network.query("lens", &lens::QueryMsg::Markets {})?;
        let markets: Vec<_> = markets.into_iter().map(|market| (market.market, market.line)).collect();
        let expected: Result<Vec<_>> = manifest
            .markets
            .iter()
            .map(|entry| {
                let market = self.address(&entry.name)?;
                let found = markets.iter().find(|(found, _)| *found == market).map(|(_, line)| *line);
                let line = match found.filter(|_| entry.ceiling.is_some()) {
                    Some(line) => line,
                    None => entry.line.0.signed()?,
                };
                Ok((market, line))
            })
            .collect();
        let mut expected = expected?;
        if let Some(spot) = &manifest.spot {
            let market = self.address(SPOT)?;
            let found = markets.iter().find(|(found, _)| *found == market).map(|(_, line)| *line);
            let line = match found.filter(|_| spot.ceiling.is_some()) {
                Some(line) => line,
                None => spot.line.0.signed()?,
            };
            expected.push((market, line));
        }
        if manifest.reserve.is_some() {
            expected.push((self.address("reserve")?, SignedUsd::ZERO));
        }
        if let Some(bonded) = &manifest.bonded {
            expected.push((self.address(DESK)?, bonded.line.0.signed()?));
        }
        self.same("pool", "markets", &markets, &expected)?;
        self.ceilings()
    }

    fn ceilings(&mut self) -> Result<()> {
        let set: Vec<pool::CeilingResponse> = self.network.query("lens", &lens::QueryMsg::Ceilings {})?;
        let manifest = &self.record.manifest;
        let lines = manifest.lines().map(|(name, ceiling)| (Some(name), ceiling));
        let collaterals = manifest.collaterals.iter();
        let collaterals = collaterals.map(|collateral| (Some(collateral.name.as_str()), collateral.ceiling));
        for (name, expected) in lines.chain(collaterals).chain([(None, manifest.pool.ceiling)]) {
            let of = ceilinged(self.network, name)?;
            let found = set.iter().find(|set| set.of == of).map(|set| set.ceiling);
            let what = format!("ceiling of {}", name.unwrap_or("supply"));
            self.same("pool", &what, &found, &expected.map(|expected| expected.ceiling()))?;
        }
        Ok(())
    }

    fn liquidator(&mut self) -> Result<()> {
        self.owner("liquidator", &liquidator::QueryMsg::Ownership {})?;
        let config: liquidator::ConfigResponse =
            self.network.query("liquidator", &liquidator::QueryMsg::Config {})?;
        let cw20 = self.record.code(Code::Cw20)?.id;
        let begun = self.record.manifest.liquidator_msg(&|name| Ok(self.address(name)?), cw20);
        let begun = begun.map_err(ChainError::setup)?;
        let expected = liquidator::ConfigResponse {
            guardian: begun.guardian,
            pool: begun.pool,
            oracle: self.address("oracle")?,
            sdusd: self.address("sdusd")?,
            params: begun.params,
            auctions: begun.auctions,
            limits: begun.limits,
        };
        self.same("liquidator", "config", &config, &expected)
    }

    fn lens(&mut self) -> Result<()> {
        let config: lens::ConfigResponse = self.network.query("lens", &lens::QueryMsg::Config {})?;
        self.same("lens", "config", &config, &lens::ConfigResponse { pool: self.address("pool")? })
    }

    fn balancer(&mut self) -> Result<()> {
        let config: balancer::ConfigResponse =
            self.network.query("balancer", &balancer::QueryMsg::Config {})?;
        let expected = balancer::ConfigResponse { pool: self.address("pool")? };
        self.same("balancer", "config", &config, &expected)
    }

    fn orders(&mut self, name: &str, market: &str) -> Result<()> {
        let config: orders::ConfigResponse = self.network.query(name, &orders::QueryMsg::Config {})?;
        let begun = self.record.manifest.orders_msg(market, &|name| Ok(self.address(name)?));
        let orders::InstantiateMsg { market, params } = begun.map_err(ChainError::setup)?;
        let expected = orders::ConfigResponse { market, sdusd: self.address("sdusd")?, params };
        self.same(name, "config", &config, &expected)
    }

    fn market(&mut self, name: &str) -> Result<()> {
        self.owner(name, &market::QueryMsg::Ownership {})?;
        let config: market::ConfigResponse = self.network.query(name, &market::QueryMsg::Config {})?;
        let manifest = &self.record.manifest;
        let begun = manifest.market(name);
        let begun = begun.and_then(|entry| manifest.market_msg(entry, &|name| Ok(self.address(name)?)));
        let begun = begun.map_err(ChainError::setup)?;
        let expected = market::ConfigResponse {
            guardian: begun.guardian,
            pool: begun.pool,
            oracle: self.address("oracle")?,
            sdusd: self.address("sdusd")?,
            liquidator: begun.liquidator,
            custody: if manifest.has_custody(name) { Some(self.address(CUSTODY)?) } else { None },
            params: begun.params,
        };
        self.same(name, "config", &config, &expected)?;
        let perps = self.network.perps(name)?;
        let perps: Vec<_> = perps.into_iter().map(|perp| perp.config).collect();
        self.same(name, "perps", &perps, &begun.perps)
    }

    fn spot(&mut self) -> Result<()> {
        self.owner(SPOT, &spot::QueryMsg::Ownership {})?;
        let config: spot::ConfigResponse = self.network.query(SPOT, &spot::QueryMsg::Config {})?;
        let cw20 = self.record.code(Code::Cw20)?.id;
        let begun = self.record.manifest.spot_msg(&|name| Ok(self.address(name)?), cw20);
        let Some(begun) = begun.map_err(ChainError::setup)? else { return Ok(()) };
        let expected = spot::ConfigResponse {
            guardian: begun.guardian,
            pool: begun.pool,
            oracle: self.address("oracle")?,
            sdusd: self.address("sdusd")?,
            token_code_id: begun.token_code_id,
            params: begun.params,
        };
        self.same(SPOT, "config", &config, &expected)?;
        let made: Vec<spot::SyntheticResponse> = self.network.query(SPOT, &spot::QueryMsg::Synthetics {})?;
        let made: Vec<_> = made.into_iter().map(|synthetic| synthetic.config).collect();
        self.same(SPOT, "synthetics", &made, &begun.synthetics)
    }

    fn reserve(&mut self, entry: &Reserve) -> Result<()> {
        self.owner("reserve", &reserve::QueryMsg::Ownership {})?;
        let begun = self.record.manifest.reserve_msg(entry, &|name| Ok(self.address(name)?));
        let begun = begun.map_err(ChainError::setup)?;
        let config: reserve::ConfigResponse = self.network.query("reserve", &reserve::QueryMsg::Config {})?;
        let expected = reserve::ConfigResponse {
            guardian: begun.guardian,
            pool: begun.pool,
            oracle: self.address("oracle")?,
            sdusd: self.address("sdusd")?,
            params: begun.params,
        };
        self.same("reserve", "config", &config, &expected)?;
        let tokens: Vec<reserve::TokenResponse> =
            self.network.query("reserve", &reserve::QueryMsg::Tokens {})?;
        let tokens: Vec<_> = tokens.into_iter().map(|token| token.config).collect();
        self.same("reserve", "tokens", &tokens, &begun.tokens)
    }

    fn custody(&mut self, entry: &Custody) -> Result<()> {
        self.owner(CUSTODY, &custody::QueryMsg::Ownership {})?;
        let begun = self.record.manifest.custody_msg(entry, &|name| Ok(self.address(name)?));
        let begun = begun.map_err(ChainError::setup)?;
        let config: custody::ConfigResponse = self.network.query(CUSTODY, &custody::QueryMsg::Config {})?;
        let expected = custody::ConfigResponse {
            guardian: begun.guardian,
            market: begun.market,
            oracle: self.address("oracle")?,
            sdusd: self.address("sdusd")?,
            params: begun.params,
        };
        self.same(CUSTODY, "config", &config, &expected)?;
        let tokens: Vec<custody::TokenResponse> =
            self.network.query(CUSTODY, &custody::QueryMsg::Tokens {})?;
        let tokens: Vec<_> = tokens.into_iter().map(|token| token.config).collect();
        self.same(CUSTODY, "tokens", &tokens, &begun.tokens)
    }

    fn bonded(&mut self, entry: &Bonded) -> Result<()> {
        self.owner(DESK, &bonded::QueryMsg::Ownership {})?;
        let begun = self.record.manifest.bonded_msg(entry, &|name| Ok(self.address(name)?));
        let begun = begun.map_err(ChainError::setup)?;
        let config: bonded::ConfigResponse = self.network.query(DESK, &bonded::QueryMsg::Config {})?;
        let expected = bonded::ConfigResponse {
            guardian: begun.guardian,
            pool: begun.pool,
            oracle: self.address("oracle")?,
            sdusd: self.address("sdusd")?,
            params: begun.params,
        };
        self.same(DESK, "config", &config, &expected)?;
        for event in &entry.events {
            let begun = self.record.manifest.event_msg(event, &|name| Ok(self.address(name)?));
            let begun = begun.map_err(ChainError::setup)?;
            let state: event::StateResponse = self.network.query(&event.name, &event::QueryMsg::State {})?;
            // its author quotes what he wants
            let expected = event::InstantiateMsg { quote: state.quote, ..begun };
            self.same(&event.name, "terms", &state.terms, &expected)?;
        }
        Ok(())
    }

    fn tokens(&mut self) -> Result<()> {
        let manifest = &self.record.manifest;
        let cw20s = manifest.collaterals.iter().filter(|collateral| collateral.denom.is_none());
        let cw20s = cw20s.map(|collateral| (collateral.name.as_str(), collateral.decimals, FAUCET));
        let own = [("sdusd", 6, "pool"), ("sdnote", 6, "liquidator")];
        let synthetics = manifest.synthetics();
        let synthetics = synthetics.map(|synthetic| (synthetic.symbol.as_str(), synthetic.decimals, SPOT));
        for (name, decimals, minter) in cw20s.chain(own).chain(synthetics) {
            let info: TokenInfoResponse = self.network.query(name, &Cw20QueryMsg::TokenInfo {})?;
            self.same(name, "decimals", &info.decimals, &decimals)?;
            let found: Option<MinterResponse> = self.network.query(name, &Cw20QueryMsg::Minter {})?;
            let minter = MinterResponse { minter: self.address(minter)?, cap: None };
            self.same(name, "minter", &found, &Some(minter))?;
        }
        Ok(())
    }
}
