//! The steps of a deployment: tokens → oracle → pool → liquidator → lens → markets → synthetics → par reserve → balancer → conditional orders → custody → desk of bonded markets → wired → open → balances.

use cosmwasm_std::{to_json_binary, Addr, Binary, Uint128};
use cw20::{Cw20Coin, MinterResponse};
use sdp_types::pool::{self, Ceiling, Ceilinged, Change};
use sdp_types::units::{Amount, Usd};
use sdp_types::{balancer, lens, liquidator, market, spot};

use super::record::{Contract, Deployment};
use super::Progress;
use crate::actions::Actions;
use crate::decimal;
use crate::error::{ChainError, Kind, Result};
use crate::manifest::{Collateral, Manifest};
use crate::message::{Answer, Code, New};
use crate::network::Network;
use crate::{CUSTODY, DESK, FAUCET, SPOT, TOKENS};

/// Name of the par reserve in the address book.
const RESERVE: &str = "reserve";

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
    /// Makes the liquidator, which makes the token of its notes.
    Liquidator,
    /// Makes the lens.
    Lens,
    /// Makes a market.
    Market(String),
    /// Makes the contract of synthetics, which makes their tokens.
    Spot,
    /// Tells the pool who may seize.
    SetLiquidator,
    /// Makes the par reserve, where the manifest has one.
    Reserve,
    /// Makes the balancer.
    Balancer,
    /// Makes the contract of a market's conditional orders.
    Orders {
        /// Its name.
        name: String,
        /// The market's.
        market: String,
    },
    /// Makes the custody of traders' tokens, where the manifest has one.
    Custody,
    /// Tells its market.
    SetCustody,
    /// Makes the desk of bonded markets, where the manifest has one.
    Bonded,
    /// Makes an example of a bonded market.
    Event(String),
    /// Lists a market; the par reserve is one to the pool.
    AddMarket(String),
    /// Lets a ceiling follow what is used: of a market or the synthetics, of a collateral, or the supply's by no name.
    SetCeiling(Option<String>),
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
        let (spot, reserve) = (manifest.spot.is_some(), manifest.reserve.is_some());
        let codes = Code::ALL.into_iter();
        let orders = manifest.conditionals().next().is_some();
        let custody = manifest.custody.is_some();
        let (desk, event) = (manifest.bonded.is_some(), manifest.event_markets().next().is_some());
        let codes = codes.filter(|code| match code {
            Code::Spot => spot,
            Code::Reserve => reserve,
            Code::Orders => orders,
            Code::Custody => custody,
            Code::Bonded => desk,
            Code::Event => event,
            _ => true,
        });
        let mut steps: Vec<_> = codes.map(Self::Store).collect();
        let tokens = manifest.collaterals.iter().filter(|collateral| collateral.denom.is_none());
        steps.extend(tokens.map(|collateral| Self::Token(collateral.name.clone())));
        steps.extend([Self::Oracle, Self::Pool, Self::Liquidator, Self::Lens]);
        steps.extend(manifest.markets.iter().map(|market| Self::Market(market.name.clone())));
        steps.extend(spot.then_some(Self::Spot));
        steps.extend(reserve.then_some(Self::Reserve));
        steps.push(Self::Balancer);
        let conditionals = manifest.conditionals();
        steps.extend(conditionals.map(|(name, market)| Self::Orders { name, market: market.name.clone() }));
        // before the pool lists the market: from then on it waits
        steps.extend(custody.then_some([Self::Custody, Self::SetCustody]).into_iter().flatten());
        steps.extend(desk.then_some(Self::Bonded));
        steps.extend(manifest.event_markets().map(|event| Self::Event(event.name.clone())));
        steps.push(Self::SetLiquidator);
        steps.extend(manifest.markets.iter().map(|market| Self::AddMarket(market.name.clone())));
        steps.extend(spot.then(|| Self::AddMarket(SPOT.into())));
        steps.extend(reserve.then(|| Self::AddMarket(RESERVE.into())));
        steps.extend(desk.then(|| Self::AddMarket(DESK.into())));
        let lines = manifest.lines().filter(|(_, ceiling)| ceiling.is_some());
        let collaterals = manifest.collaterals.iter().filter(|collateral| collateral.ceiling.is_some());
        let names = lines.map(|(name, _)| name).chain(collaterals.map(|collateral| collateral.name.as_str()));
        let names = names.map(String::from).map(Some).chain(manifest.pool.ceiling.map(|_| None));
        steps.extend(names.map(Self::SetCeiling));
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
            Self::Lens => "make lens".into(),
            Self::Market(market) => format!("make {market}"),
            Self::Spot => "make spot".into(),
            Self::Reserve => "make reserve".into(),
            Self::Balancer => "make balancer".into(),
            Self::Orders { name, .. } => format!("make {name}"),
            Self::Custody => "make custody".into(),
            Self::SetCustody => "set custody".into(),
            Self::Bonded => format!("make {DESK}"),
            Self::Event(event) => format!("make {event}"),
            Self::SetLiquidator => "set liquidator".into(),
            Self::AddMarket(market) => format!("add {market}"),
            Self::SetCeiling(name) => format!("set ceiling of {}", name.as_deref().unwrap_or("supply")),
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
            Self::Lens => Some(("lens", Code::Lens)),
            Self::Market(market) => Some((market, Code::Market)),
            Self::Spot => Some((SPOT, Code::Spot)),
            Self::Reserve => Some((RESERVE, Code::Reserve)),
            Self::Balancer => Some(("balancer", Code::Balancer)),
            Self::Orders { name, .. } => Some((name, Code::Orders)),
            Self::Custody => Some((CUSTODY, Code::Custody)),
            Self::Bonded => Some((DESK, Code::Bonded)),
            Self::Event(event) => Some((event, Code::Event)),
            _ => None,
        }
    }

    /// Does it, unless it is done, and records it. Where it is recorded, the network has to have it as recorded.
    ///
    /// A refusal is looked into: what a process that was killed had sent may have come into a block after the first look,
    /// and then the same once more is refused as done already.
    pub fn run(&self, network: &mut dyn Network, record: &mut Deployment) -> Result<Progress> {
        let progress = if self.is_done(network, record)? {
            Progress::There
        } else {
            match self.perform(network, record) {
                Ok(answer) => Progress::Done(answer),
                Err(error) if error.kind == Kind::Refused && self.is_done(network, record)? => {
                    Progress::There
                }
                Err(error) => return Err(error),
            }
        };
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

    /// Looks. A contract that is found is recorded.
    fn is_done(&self, network: &mut dyn Network, record: &mut Deployment) -> Result<bool> {
        match self {
            Self::Store(code) => is_stored(network, record, *code),
            Self::Token(_)
            | Self::Oracle
            | Self::Pool
            | Self::Liquidator
            | Self::Lens
            | Self::Market(_)
            | Self::Spot
            | Self::Reserve
            | Self::Balancer
            | Self::Orders { .. }
            | Self::Custody
            | Self::Bonded
            | Self::Event(_) => self.is_made(network, record),
            Self::SetCustody => {
                let config: market::ConfigResponse =
                    network.query(&backed(network)?, &market::QueryMsg::Config {})?;
                Ok(config.custody == Some(network.contract(CUSTODY)?.into_string()))
            }
            Self::SetLiquidator => {
                let config: pool::ConfigResponse = network.query("pool", &pool::QueryMsg::Config {})?;
                Ok(config.liquidator == Some(network.contract("liquidator")?.into_string()))
            }
            Self::AddMarket(market) => {
                let market = network.contract(market)?.into_string();
                let listed: Vec<pool::MarketResponse> = network.query("lens", &lens::QueryMsg::Markets {})?;
                Ok(listed.iter().any(|listed| listed.market == market))
            }
            Self::SetCeiling(name) => {
                let (of, ceiling) = ceiling(network, name.as_deref())?;
                let set: Vec<pool::CeilingResponse> = network.query("lens", &lens::QueryMsg::Ceilings {})?;
                Ok(set.iter().any(|set| set.of == of && set.ceiling == ceiling))
            }
            Self::Open => {
                let config: pool::ConfigResponse = network.query("pool", &pool::QueryMsg::Config {})?;
                Ok(config.open)
            }
            // who holds less later on has spent it
            Self::Give { .. } if record.done(&self.name()).is_some() => Ok(true),
            Self::Give { account, collateral } => {
                Ok(missing(network, account, collateral)?.is_none_or(|(_, amount)| amount.is_zero()))
            }
        }
    }

    /// Does it, whether or not it is done.
    fn perform(&self, network: &mut dyn Network, record: &mut Deployment) -> Result<Answer> {
        let owner = network.manifest().roles.owner.clone();
        match self {
            Self::Store(code) => {
                let stored = network.store(&owner, *code);
                let (stored, answer) = stored.map_err(|error| of_contract(code.name(), error))?;
                record.codes.insert(*code, stored);
                Ok(answer)
            }
            Self::Token(_)
            | Self::Oracle
            | Self::Pool
            | Self::Liquidator
            | Self::Lens
            | Self::Market(_)
            | Self::Spot
            | Self::Reserve
            | Self::Balancer
            | Self::Orders { .. }
            | Self::Custody
            | Self::Bonded
            | Self::Event(_) => self.make(network, record),
            Self::SetCustody => {
                let (market, custody) = (backed(network)?, network.contract(CUSTODY)?.into_string());
                let change = market::Change::SetCustody { custody };
                network.execute(&owner, &market, &market::ExecuteMsg::Configure { change }, &[])
            }
            Self::SetLiquidator => {
                let liquidator = network.contract("liquidator")?.into_string();
                configure(network, Change::SetLiquidator { liquidator })
            }
            Self::AddMarket(name) => {
                let market = network.contract(name)?.into_string();
                let line = line(network.manifest(), name)?;
                configure(network, Change::AddMarket { market, line, bonded: name == DESK })
            }
            Self::SetCeiling(name) => {
                let (of, ceiling) = ceiling(network, name.as_deref())?;
                configure(network, Change::SetCeiling { of, ceiling: Some(ceiling) })
            }
            Self::Open => network.execute(&owner, "pool", &pool::ExecuteMsg::Open {}, &[]),
            Self::Give { account, collateral } => match missing(network, account, collateral)? {
                Some((denom, amount)) => network.give_coins(account, &denom, amount),
                None => Ok(Answer::default()),
            },
        }
    }

    fn is_made(&self, network: &mut dyn Network, record: &mut Deployment) -> Result<bool> {
        let Some((name, kind)) = self.makes() else { return Ok(false) };
        if let Some(recorded) = record.contracts.get(name) {
            return as_recorded(network, name, recorded).map(|()| true);
        }
        let new = self.new_contract(network, record, name, kind)?;
        let owner = network.manifest().roles.owner.clone();
        match network.made(&owner, &new)? {
            Some(address) => note_contract(network, record, name, kind, address).map(|()| true),
            None => Ok(false),
        }
    }

    fn make(&self, network: &mut dyn Network, record: &mut Deployment) -> Result<Answer> {
        let Some((name, kind)) = self.makes() else { return Ok(Answer::default()) };
        let new = self.new_contract(network, record, name, kind)?;
        let owner = network.manifest().roles.owner.clone();
        let made = network.instantiate(&owner, &new);
        let (address, answer) = made.map_err(|error| of_contract(name, error))?;
        note_contract(network, record, name, kind, address)?;
        Ok(answer)
    }

    fn new_contract(
        &self,
        network: &mut dyn Network,
        record: &Deployment,
        name: &str,
        kind: Code,
    ) -> Result<New> {
        let label = New::label(format!("{}/{name}", record.name))?;
        let msg = self.msg(network, record)?;
        let admin = Some(network.manifest().roles.owner.clone());
        Ok(New { code: record.code(kind)?.clone(), label, msg, admin })
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
            Self::Liquidator => {
                let cw20 = record.code(Code::Cw20)?.id;
                manifest.liquidator_msg(&address, cw20).map(|msg| to_json_binary(&msg))
            }
            Self::Spot => {
                let cw20 = record.code(Code::Cw20)?.id;
                manifest.spot_msg(&address, cw20).map(|msg| to_json_binary(&msg))
            }
            Self::Lens => {
                let pool = address("pool")?;
                Ok(to_json_binary(&lens::InstantiateMsg { pool }))
            }
            Self::Balancer => {
                let pool = address("pool")?;
                Ok(to_json_binary(&balancer::InstantiateMsg { pool }))
            }
            Self::Orders { market, .. } => {
                manifest.orders_msg(market, &address).map(|msg| to_json_binary(&msg))
            }
            Self::Custody => {
                let custody = manifest.custody.as_ref();
                let custody = custody.ok_or_else(|| ChainError::setup("no custody in the manifest"))?;
                manifest.custody_msg(custody, &address).map(|msg| to_json_binary(&msg))
            }
            Self::Bonded => {
                let bonded = manifest.bonded.as_ref();
                let bonded = bonded.ok_or_else(|| ChainError::setup("no desk in the manifest"))?;
                manifest.bonded_msg(bonded, &address).map(|msg| to_json_binary(&msg))
            }
            Self::Event(name) => {
                let event = manifest.event_markets().find(|event| event.name == *name);
                let event = event.ok_or_else(|| ChainError::setup(format!("no {name} in the manifest")))?;
                manifest.event_msg(event, &address).map(|msg| to_json_binary(&msg))
            }
            Self::Market(market) => manifest
                .market(market)
                .and_then(|market| manifest.market_msg(market, &address))
                .map(|msg| to_json_binary(&msg)),
            Self::Reserve => {
                let reserve = manifest.reserve.as_ref();
                let reserve = reserve.ok_or_else(|| ChainError::setup("no par reserve in the manifest"))?;
                manifest.reserve_msg(reserve, &address).map(|msg| to_json_binary(&msg))
            }
            _ => Ok(Ok(Binary::default())),
        };
        Ok(msg.map_err(ChainError::setup)??)
    }
}

/// The market whose accounts the custody backs.
fn backed(network: &dyn Network) -> Result<String> {
    let custody = network.manifest().custody.as_ref();
    let custody = custody.ok_or_else(|| ChainError::setup("no custody in the manifest"))?;
    Ok(custody.market.clone())
}

/// The credit line of a market, of the synthetics or of the par reserve.
fn line(manifest: &Manifest, name: &str) -> Result<Usd> {
    if let (DESK, Some(bonded)) = (name, &manifest.bonded) {
        return Ok(bonded.line.0);
    }
    match (name, &manifest.spot) {
        (SPOT, Some(spot)) => Ok(spot.line.0),
        // it never costs the providers anything
        (RESERVE, _) => Ok(Usd::ZERO),
        _ => Ok(manifest.market(name).map_err(ChainError::setup)?.line.0),
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

/// Records a contract that is there, if it has the code and the admin that it should have; of pool and liquidator, also its token.
fn note_contract(
    network: &mut dyn Network,
    record: &mut Deployment,
    name: &str,
    kind: Code,
    address: Addr,
) -> Result<()> {
    let expected = record.code(kind)?.clone();
    // The same bytes may be on the chain twice, where a process was killed while it stored them: what counts is the bytes.
    let code = match network.info(&address)? {
        Some(info) if info.code.checksum == expected.checksum => info.code,
        _ => expected,
    };
    let contract = Contract { address, kind, code };
    as_recorded(network, name, &contract)?;
    network.names_mut().add_contract(name, contract.address.clone());
    // the first market is also called so
    if kind == Code::Market && !network.names().contracts().contains_key("market") {
        network.names_mut().add_contract("market", contract.address.clone());
    }
    // before it is recorded: a record that has a contract has its token
    if kind == Code::Pool {
        let config: pool::ConfigResponse = network.query("pool", &pool::QueryMsg::Config {})?;
        note_contract(network, record, "sdusd", Code::Cw20, Addr::unchecked(config.sdusd))?;
    }
    if kind == Code::Liquidator {
        let notes: liquidator::NotesResponse =
            network.query("liquidator", &liquidator::QueryMsg::Notes {})?;
        note_contract(network, record, "sdnote", Code::Cw20, Addr::unchecked(notes.token))?;
    }
    if kind == Code::Spot {
        let made: Vec<spot::SyntheticResponse> = network.query(SPOT, &spot::QueryMsg::Synthetics {})?;
        for synthetic in made {
            let token = Addr::unchecked(synthetic.token);
            note_contract(network, record, &synthetic.config.symbol, Code::Cw20, token)?;
        }
    }
    record.contracts.insert(name.to_string(), contract);
    Ok(())
}

/// The tokens that a contract makes for itself, by name, in the order in which it makes them.
pub fn tokens_of(manifest: &Manifest, contract: &str) -> Vec<String> {
    match contract {
        "pool" => vec!["sdusd".into()],
        "liquidator" => vec!["sdnote".into()],
        SPOT => manifest.synthetics().map(|synthetic| synthetic.symbol.clone()).collect(),
        _ => Vec::new(),
    }
}

/// Whether a contract made this token for itself: nobody may migrate it.
pub fn is_own_token(manifest: &Manifest, name: &str) -> bool {
    TOKENS.contains(&name) || manifest.synthetics().any(|synthetic| synthetic.symbol == name)
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
    // sdUSD belongs to the pool, recovery notes to the liquidator, synthetics to their contract, and nobody may migrate them
    let admin = match name {
        name if is_own_token(network.manifest(), name) => None,
        _ => Some(network.address(&network.manifest().roles.owner)?),
    };
    if info.admin != admin {
        let shown = |admin: &Option<Addr>| admin.as_ref().map_or("nobody".to_string(), Addr::to_string);
        let (has, should) = (shown(&info.admin), shown(&admin));
        return Err(ChainError::setup(format!("{name} may be migrated by {has}, not by {should}")));
    }
    Ok(())
}

/// Whether a code is recorded. Where it isn't, [`Network::store`] looks by itself. It is stored twice where a process was
/// killed in between, which costs its gas: codes are told apart by their bytes.
fn is_stored(network: &dyn Network, record: &Deployment, code: Code) -> Result<bool> {
    let Some(recorded) = record.codes.get(&code) else { return Ok(false) };
    let (at_hand, there) = (network.build(code)?, &recorded.checksum);
    match at_hand.filter(|at_hand| at_hand != there) {
        None => Ok(true),
        Some(at_hand) => Err(ChainError::setup(format!(
            "{} is another build ({at_hand}) than the one deployed ({there}): `sdp migrate` brings it there",
            code.file()
        ))),
    }
}

/// A ceiling of the manifest: of a market or the synthetics, of a collateral, or of the supply.
fn ceiling(network: &dyn Network, name: Option<&str>) -> Result<(Ceilinged, Ceiling)> {
    let manifest = network.manifest();
    let of = ceilinged(network, name)?;
    let ceiling = match (&of, name) {
        (Ceilinged::Supply {}, _) => manifest.pool.ceiling,
        (Ceilinged::Vault(vault), _) => {
            manifest.collaterals.get(usize::from(*vault)).and_then(|collateral| collateral.ceiling)
        }
        (Ceilinged::Market(_), name) => {
            manifest.lines().find(|(own, _)| Some(*own) == name).and_then(|(_, ceiling)| ceiling)
        }
    };
    let none = || ChainError::setup(format!("no ceiling of {}", name.unwrap_or("supply")));
    Ok((of, ceiling.ok_or_else(none)?.ceiling()))
}

/// What the pool calls a market or the synthetics, a collateral, or the supply by no name.
pub(super) fn ceilinged(network: &dyn Network, name: Option<&str>) -> Result<Ceilinged> {
    let manifest = network.manifest();
    Ok(match name {
        None => Ceilinged::Supply {},
        Some(name) if manifest.lines().any(|(own, _)| own == name) => {
            Ceilinged::Market(network.contract(name)?.into_string())
        }
        Some(name) => Ceilinged::Vault(manifest.collateral(name).map_err(ChainError::setup)?.0),
    })
}

fn configure(network: &mut dyn Network, change: Change) -> Result<Answer> {
    let owner = network.manifest().roles.owner.clone();
    network.execute(&owner, "pool", &pool::ExecuteMsg::Configure { change }, &[])
}

/// The coins that an account holds at the start, and how many of them it does not have yet.
fn missing(network: &mut dyn Network, account: &str, collateral: &str) -> Result<Option<(String, Amount)>> {
    let (_, entry) = network.manifest().collateral(collateral).map_err(ChainError::setup)?;
    let held = network.manifest().accounts.get(account).and_then(|held| held.get(collateral));
    let (Some(denom), Some(number)) = (entry.denom.clone(), held) else { return Ok(None) };
    let amount = decimal::amount(&**number, entry.decimals).map_err(ChainError::setup)?;
    let address = network.introduce(account)?;
    let has = network.coins(&address, &denom)?;
    Ok(Some((denom, Amount::new(amount.raw().saturating_sub(has.raw())))))
}
