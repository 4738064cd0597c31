//! Deploys a manifest: tokens → oracle → pool → liquidator → markets → listed → open.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::{Addr, Empty, Uint128};
use cw20::{Cw20Coin, MinterResponse};
use cw_multi_test::{Contract, ContractWrapper, Executor};
use sdp_types::pool::{self, Change};
use serde::Serialize;

use crate::audit::Audits;
use crate::book::AccountBook;
use crate::chain::{block, host, Chain, FAUCET};
use crate::decimal;
use crate::error::{ChainError, Result};
use crate::manifest::Manifest;
use crate::meter::{Meter, Metered};
use crate::store::MemStore;

const ORACLE: u64 = 1;
const POOL: u64 = 2;
const MARKET: u64 = 3;
const LIQUIDATOR: u64 = 4;
const CW20: u64 = 5;

/// Every contract's code, in the order of its number.
pub(crate) fn codes(meter: &Meter) -> Vec<Box<dyn Contract<Empty>>> {
    let oracle = ContractWrapper::new(
        sdp_oracle::contract::execute,
        sdp_oracle::contract::instantiate,
        sdp_oracle::contract::query,
    )
    .with_migrate(sdp_oracle::contract::migrate);
    let pool = ContractWrapper::new(
        sdp_pool::contract::execute,
        sdp_pool::contract::instantiate,
        sdp_pool::contract::query,
    )
    .with_reply(sdp_pool::contract::reply)
    .with_migrate(sdp_pool::contract::migrate);
    let market = ContractWrapper::new(
        sdp_market::contract::execute,
        sdp_market::contract::instantiate,
        sdp_market::contract::query,
    )
    .with_migrate(sdp_market::contract::migrate);
    let liquidator = ContractWrapper::new(
        sdp_liquidator::contract::execute,
        sdp_liquidator::contract::instantiate,
        sdp_liquidator::contract::query,
    )
    .with_reply(sdp_liquidator::contract::reply)
    .with_migrate(sdp_liquidator::contract::migrate);
    let cw20 = ContractWrapper::new(
        cw20_base::contract::execute,
        cw20_base::contract::instantiate,
        cw20_base::contract::query,
    );
    let all: [Box<dyn Contract<Empty>>; 5] =
        [Box::new(oracle), Box::new(pool), Box::new(market), Box::new(liquidator), Box::new(cw20)];
    let metered = |code| -> Box<dyn Contract<Empty>> { Box::new(Metered::new(code, meter)) };
    all.into_iter().map(metered).collect()
}

impl Chain {
    /// A new chain with everything in a manifest, open for providers. No price has been published yet.
    pub fn deploy(manifest: Manifest) -> Result<Self> {
        manifest.check().map_err(ChainError::setup)?;
        let meter = Meter::default();
        let mut chain = Self {
            host: host(MemStore::default(), block(1, manifest.chain.start), &meter),
            manifest,
            contracts: BTreeMap::new(),
            accounts: BTreeSet::new(),
            meter,
            messages: 0,
            audits: Audits::Off,
            book: AccountBook::default(),
        };
        chain.introduce_all();
        chain.make_tokens()?;
        chain.make_contracts()?;
        chain.wire()?;
        chain.give_balances()?;
        chain.audits = Audits::Books;
        chain.messages = 0;
        Ok(chain)
    }

    /// A new chain with the built-in manifest.
    pub fn built_in() -> Result<Self> {
        Self::deploy(Manifest::built_in().map_err(ChainError::setup)?)
    }

    fn introduce_all(&mut self) {
        let roles = self.manifest.roles.clone();
        for name in roles.publishers.iter().chain(&roles.guardian).chain([&roles.owner]) {
            self.introduce(name);
        }
    }

    fn make_tokens(&mut self) -> Result<()> {
        let collaterals = self.manifest.collaterals.clone();
        for collateral in collaterals.iter().filter(|collateral| collateral.denom.is_none()) {
            let minter = self.introduce(FAUCET).into_string();
            let letters = collateral.name.chars().filter(char::is_ascii_alphabetic);
            let msg = cw20_base::msg::InstantiateMsg {
                name: format!("Collateral {}", collateral.name),
                symbol: format!("{:x<3}", letters.take(12).collect::<String>()),
                decimals: collateral.decimals,
                initial_balances: self.initial_balances(&collateral.name, collateral.decimals)?,
                mint: Some(MinterResponse { minter, cap: None }),
                marketing: None,
            };
            let address = self.instantiate(CW20, &collateral.name, &msg)?;
            self.contracts.insert(collateral.name.clone(), address);
        }
        Ok(())
    }

    fn initial_balances(&mut self, collateral: &str, decimals: u8) -> Result<Vec<Cw20Coin>> {
        let accounts = self.manifest.accounts.clone();
        let mut balances = Vec::new();
        for (account, held) in &accounts {
            if let Some(number) = held.get(collateral) {
                let amount = decimal::amount(&**number, decimals).map_err(ChainError::setup)?;
                let address = self.introduce(account).into_string();
                balances.push(Cw20Coin { address, amount: Uint128::new(amount.raw()) });
            }
        }
        Ok(balances)
    }

    fn make_contracts(&mut self) -> Result<()> {
        let manifest = self.manifest.clone();
        let msg = manifest.oracle_msg(&|name| self.address(name).into_string());
        self.make("oracle", ORACLE, &msg.map_err(ChainError::setup)?)?;
        let msg = manifest.pool_msg(&|name| self.address(name).into_string(), CW20);
        self.make("pool", POOL, &msg.map_err(ChainError::setup)?)?;
        let config: pool::ConfigResponse = self.query("pool", &pool::QueryMsg::Config {})?;
        self.contracts.insert("sdusd".into(), Addr::unchecked(config.sdusd));
        let msg = manifest.liquidator_msg(&|name| self.address(name).into_string());
        self.make("liquidator", LIQUIDATOR, &msg)?;
        for market in &manifest.markets {
            let msg = manifest.market_msg(market, &|name| self.address(name).into_string());
            let address = self.make(&market.name, MARKET, &msg.map_err(ChainError::setup)?)?;
            self.contracts.entry("market".into()).or_insert(address);
        }
        Ok(())
    }

    fn wire(&mut self) -> Result<()> {
        let owner = self.manifest.roles.owner.clone();
        let liquidator = self.contract("liquidator")?.into_string();
        let mut changes = vec![Change::SetLiquidator { liquidator }];
        for market in &self.manifest.markets {
            let address = self.contract(&market.name)?.into_string();
            changes.push(Change::AddMarket { market: address, line: market.line.0 });
        }
        for change in changes {
            self.execute(&owner, "pool", &pool::ExecuteMsg::Configure { change }, &[])?;
        }
        self.execute(&owner, "pool", &pool::ExecuteMsg::Open {}, &[]).map(drop)
    }

    fn give_balances(&mut self) -> Result<()> {
        let accounts = self.manifest.accounts.clone();
        let collaterals = self.manifest.collaterals.clone();
        for (account, held) in &accounts {
            for collateral in &collaterals {
                let number = held.get(&collateral.name);
                if let (Some(denom), Some(number)) = (&collateral.denom, number) {
                    let amount =
                        decimal::amount(&**number, collateral.decimals).map_err(ChainError::setup)?;
                    self.give_coins(account, denom, amount)?;
                }
            }
        }
        Ok(())
    }

    fn make(&mut self, name: &str, code: u64, msg: &impl Serialize) -> Result<Addr> {
        let address = self.instantiate(code, name, msg)?;
        self.contracts.insert(name.to_string(), address.clone());
        Ok(address)
    }

    /// A contract of one of the codes, its migration admin the owner.
    fn instantiate(&mut self, code: u64, label: &str, msg: &impl Serialize) -> Result<Addr> {
        let owner = self.address(&self.manifest.roles.owner.clone());
        let made = self.host.instantiate_contract(code, owner.clone(), msg, &[], label, Some(owner.into()));
        made.map_err(|error| {
            let refused = ChainError::from(error);
            ChainError { text: format!("{label}: {}", refused.text), ..refused }
        })
    }
}
