//! The steps of a deployment: tokens → oracle → pool → liquidator → markets → wired → open → balances.

use cosmwasm_std::{to_json_binary, Addr, Binary, Uint128};
use cw20::{Cw20Coin, MinterResponse};
use sdp_types::pool::{self, Change};

use super::record::{Contract, Deployment};
use super::Progress;
use crate::actions::Actions;
use crate::decimal;
use crate::error::{ChainError, Result};
use crate::manifest::{Collateral, Manifest};
use crate::message::{Answer, Code, New};
use crate::network::Network;
use crate::FAUCET;

/// One step. Each looks first whether it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Stores a code.
    Store(Code),
    /// Makes the CW20 of a collateral that has no denom, with the balances that the manifest gives.
    Token(String),
    /// Makes the oracle.
    Oracle,
    /// Makes the pool, which makes sdUSD.
    Pool,
    /// Makes the liquidator.
    Liquidator,
    /// Makes a market.
    Market(String),
    /// Tells the pool who may seize.
    SetLiquidator,
    /// Lists a market.
    AddMarket(String),
    /// Opens the pool for providers.
    Open,
    /// Gives an account the coins that it holds at the start.
    Give {
        /// Who gets them.
        account: String,
        /// Of which collateral.
        collateral: String,
    },
}

impl Step {
    /// All steps of a manifest, in order.
    pub fn all(manifest: &Manifest) -> Vec<Self> {
        let mut steps: Vec<_> = Code::ALL.into_iter().map(Self::Store).collect();
        let tokens = manifest.collaterals.iter().filter(|collateral| collateral.denom.is_none());
        steps.extend(tokens.map(|collateral| Self::Token(collateral.name.clone())));
        steps.extend([Self::Oracle, Self::Pool, Self::Liquidator]);
        steps.extend(manifest.markets.iter().map(|market| Self::Market(market.name.clone())));
        steps.push(Self::SetLiquidator);
        steps.extend(manifest.markets.iter().map(|market| Self::AddMarket(market.name.clone())));
        steps.push(Self::Open);
        for (account, held) in &manifest.accounts {
            let coins = manifest.collaterals.iter().filter(|collateral| collateral.denom.is_some());
            let coins = coins.filter(|collateral| held.contains_key(&collateral.name));
            steps.extend(coins.map(|collateral| {
                let (account, collateral) = (account.clone(), collateral.name.clone());
                Self::Give { account, collateral }
            }));
        }
        steps
    }

    /// Its name in a record.
    pub fn name(&self) -> String {
        match self {
            Self::Store(code) => format!("store {code}"),
            Self::Token(collateral) => format!("make {collateral}"),
            Self::Oracle => "make oracle".into(),
            Self::Pool => "make pool".into(),
            Self::Liquidator => "make liquidator".into(),
            Self::Market(market) => format!("make {market}"),
            Self::SetLiquidator => "set liquidator".into(),
            Self::AddMarket(market) => format!("add {market}"),
            Self::Open => "open pool".into(),
            Self::Give { account, collateral } => format!("give {account} {collateral}"),
        }
    }

    /// The contract that it makes, and of which code.
    pub fn makes(&self) -> Option<(&str, Code)> {
        match self {
            Self::Token(collateral) => Some((collateral, Code::Cw20)),
            Self::Oracle => Some(("oracle", Code::Oracle)),
            Self::Pool => Some(("pool", Code::Pool)),
            Self::Liquidator => Some(("liquidator", Code::Liquidator)),
            Self::Market(market) => Some((market, Code::Market)),
            _ => None,
        }
    }

    /// Does it, unless it is done, and records it. Where it is recorded, the network has to have it as recorded.
    pub fn run(&self, network: &mut dyn Network, record: &mut Deployment) -> Result<Progress> {
        let progress = match (self, self.makes()) {
            (_, Some((name, code))) => self.make(network, record, name, code),
            (Self::Store(code), _) => store(network, record, *code),
            (Self::SetLiquidator, _) => set_liquidator(network),
            (Self::AddMarket(market), _) => add_market(network, market),
            (Self::Give { account, collateral }, _) => {
                let recorded = record.done(&self.name()).is_some();
                if recorded {
                    Ok(Progress::There)
                } else {
                    give(network, account, collateral)
                }
            }
            (_, None) => open(network),
        }?;
        if record.done(&self.name()).is_none() {
            match &progress {
                Progress::There => record.note(self, None, None),
                // a code that the chain had already took no transaction
                Progress::Done(answer) => {
                    let block = answer.block();
                    record.note(self, (block.height > 0).then_some(block), answer.hash.clone());
                }
            }
        }
        Ok(progress)
    }

    fn make(
        &self,
        network: &mut dyn Network,
        record: &mut Deployment,
        name: &str,
        kind: Code,
    ) -> Result<Progress> {
        if let Some(recorded) = record.contracts.get(name) {
            return as_recorded(network, name, recorded).map(|()| Progress::There);
        }
        let owner = network.manifest().roles.owner.clone();
        let label = format!("{}/{name}", record.name);
        if label.len() > New::MAX_LABEL {
            let (length, most) = (label.len(), New::MAX_LABEL);
            let text = format!("label `{label}` has {length} bytes, at most {most} make a salt");
            return Err(ChainError::setup(text));
        }
        let msg = self.msg(network, record)?;
        let code = record.code(kind)?.clone();
        let new = New { code, label, msg, admin: Some(owner.clone()) };
        let (address, progress) = match network.made(&owner, &new)? {
            Some(address) => (address, Progress::There),
            None => {
                let made = network.instantiate(&owner, &new);
                let (address, answer) = made.map_err(|error| of_contract(name, error))?;
                (address, Progress::Done(answer))
            }
        };
        note_contract(network, record, name, Contract { address, kind, code: new.code });
        if kind == Code::Pool {
            let config: pool::ConfigResponse = network.query("pool", &pool::QueryMsg::Config {})?;
            let code = record.code(Code::Cw20)?.clone();
            let address = Addr::unchecked(config.sdusd);
            note_contract(network, record, "sdusd", Contract { address, kind: Code::Cw20, code });
        }
        Ok(progress)
    }

    fn msg(&self, network: &mut dyn Network, record: &Deployment) -> Result<Binary> {
        let manifest = network.manifest().clone();
        if let Self::Token(collateral) = self {
            let (_, collateral) = manifest.collateral(collateral).map_err(ChainError::setup)?;
            return token_msg(network, &manifest, collateral);
        }
        let network: &dyn Network = network;
        let address = |name: &str| Ok(network.address(name)?.into_string());
        let msg = match self {
            Self::Oracle => manifest.oracle_msg(&address).map(|msg| to_json_binary(&msg)),
            Self::Pool => {
                let cw20 = record.code(Code::Cw20)?.id;
                manifest.pool_msg(&address, cw20).map(|msg| to_json_binary(&msg))
            }
            Self::Liquidator => manifest.liquidator_msg(&address).map(|msg| to_json_binary(&msg)),
            Self::Market(market) => manifest
                .market(market)
                .and_then(|market| manifest.market_msg(market, &address))
                .map(|msg| to_json_binary(&msg)),
            _ => Ok(Ok(Binary::default())),
        };
        Ok(msg.map_err(ChainError::setup)??)
    }
}

fn token_msg(network: &mut dyn Network, manifest: &Manifest, collateral: &Collateral) -> Result<Binary> {
    let mut initial_balances = Vec::new();
    for (account, held) in &manifest.accounts {
        if let Some(number) = held.get(&collateral.name) {
            let amount = decimal::amount(&**number, collateral.decimals).map_err(ChainError::setup)?;
            let address = network.introduce(account)?.into_string();
            initial_balances.push(Cw20Coin { address, amount: Uint128::new(amount.raw()) });
        }
    }
    let minter = network.introduce(FAUCET)?.into_string();
    let letters = collateral.name.chars().filter(char::is_ascii_alphabetic);
    let msg = cw20_base::msg::InstantiateMsg {
        name: format!("Collateral {}", collateral.name),
        symbol: format!("{:x<3}", letters.take(12).collect::<String>()),
        decimals: collateral.decimals,
        initial_balances,
        mint: Some(MinterResponse { minter, cap: None }),
        marketing: None,
    };
    Ok(to_json_binary(&msg)?)
}

fn of_contract(name: &str, error: ChainError) -> ChainError {
    ChainError { text: format!("{name}: {}", error.text), ..error }
}

fn note_contract(network: &mut dyn Network, record: &mut Deployment, name: &str, contract: Contract) {
    network.names_mut().add_contract(name, contract.address.clone());
    // the first market is also called so
    if contract.kind == Code::Market && !network.names().contracts().contains_key("market") {
        network.names_mut().add_contract("market", contract.address.clone());
    }
    record.contracts.insert(name.to_string(), contract);
}

/// Whether a recorded contract is there, with the recorded code and the owner as its admin.
pub(super) fn as_recorded(network: &dyn Network, name: &str, recorded: &Contract) -> Result<()> {
    let address = &recorded.address;
    let info = network.info(address)?;
    let info = info.ok_or_else(|| ChainError::setup(format!("{name}: no contract at {address}")))?;
    if info.code != recorded.code {
        let (has, said) = (&info.code, &recorded.code);
        return Err(ChainError::setup(format!(
            "{name} runs code {} ({}), recorded is {} ({})",
            has.id, has.checksum, said.id, said.checksum
        )));
    }
    // sdUSD belongs to the pool, and nobody may migrate it
    let admin = match name {
        "sdusd" => None,
        _ => Some(network.address(&network.manifest().roles.owner)?),
    };
    if info.admin != admin {
        let shown = |admin: &Option<Addr>| admin.as_ref().map_or("nobody".to_string(), Addr::to_string);
        let (has, should) = (shown(&info.admin), shown(&admin));
        return Err(ChainError::setup(format!("{name} may be migrated by {has}, not by {should}")));
    }
    Ok(())
}

fn store(network: &mut dyn Network, record: &mut Deployment, code: Code) -> Result<Progress> {
    if let Some(recorded) = record.codes.get(&code) {
        let (at_hand, there) = (network.build(code)?, &recorded.checksum);
        return match at_hand.filter(|at_hand| at_hand != there) {
            None => Ok(Progress::There),
            Some(at_hand) => Err(ChainError::setup(format!(
                "{} is another build ({at_hand}) than the one deployed ({there}): `sdp migrate` brings it there",
                code.file()
            ))),
        };
    }
    let owner = network.manifest().roles.owner.clone();
    let (stored, answer) = network.store(&owner, code).map_err(|error| of_contract(code.name(), error))?;
    record.codes.insert(code, stored);
    Ok(Progress::Done(answer))
}

fn configure(network: &mut dyn Network, change: Change) -> Result<Progress> {
    let owner = network.manifest().roles.owner.clone();
    let msg = pool::ExecuteMsg::Configure { change };
    network.execute(&owner, "pool", &msg, &[]).map(Progress::Done)
}

fn set_liquidator(network: &mut dyn Network) -> Result<Progress> {
    let liquidator = network.contract("liquidator")?.into_string();
    let config: pool::ConfigResponse = network.query("pool", &pool::QueryMsg::Config {})?;
    if config.liquidator.as_ref() == Some(&liquidator) {
        return Ok(Progress::There);
    }
    configure(network, Change::SetLiquidator { liquidator })
}

fn add_market(network: &mut dyn Network, name: &str) -> Result<Progress> {
    let market = network.contract(name)?.into_string();
    let listed: Vec<pool::MarketResponse> = network.query("pool", &pool::QueryMsg::Markets {})?;
    if listed.iter().any(|listed| listed.market == market) {
        return Ok(Progress::There);
    }
    let line = network.manifest().market(name).map_err(ChainError::setup)?.line.0;
    configure(network, Change::AddMarket { market, line })
}

fn open(network: &mut dyn Network) -> Result<Progress> {
    let config: pool::ConfigResponse = network.query("pool", &pool::QueryMsg::Config {})?;
    if config.open {
        return Ok(Progress::There);
    }
    let owner = network.manifest().roles.owner.clone();
    network.execute(&owner, "pool", &pool::ExecuteMsg::Open {}, &[]).map(Progress::Done)
}

/// Fills an account up to what it holds at the start.
fn give(network: &mut dyn Network, account: &str, collateral: &str) -> Result<Progress> {
    let (_, entry) = network.manifest().collateral(collateral).map_err(ChainError::setup)?;
    let held = network.manifest().accounts.get(account).and_then(|held| held.get(collateral));
    let (Some(denom), Some(number)) = (entry.denom.clone(), held) else {
        return Ok(Progress::There);
    };
    let amount = decimal::amount(&**number, entry.decimals).map_err(ChainError::setup)?;
    let address = network.introduce(account)?;
    let missing = amount.raw().saturating_sub(network.coins(&address, &denom)?.raw());
    if missing == 0 {
        return Ok(Progress::There);
    }
    let answer: Answer = network.give_coins(account, &denom, sdp_types::units::Amount::new(missing))?;
    Ok(Progress::Done(answer))
}
