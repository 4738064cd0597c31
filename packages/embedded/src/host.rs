//! cw-multi-test's chain as we use it: our storage, our codes, and if it is to be another chain's twin that one's
//! addresses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use cosmwasm_std::{Addr, Api, BlockInfo, Checksum, Empty, Storage, Timestamp};
use cw_multi_test::error::AnyResult;
use cw_multi_test::{
    no_init, AddressGenerator, App, AppBuilder, BankKeeper, ChecksumGenerator, Contract, ContractWrapper,
    MockApiBech32, SimpleAddressGenerator, WasmKeeper,
};
use sdp_network::scenario::Alteration;
use sdp_network::{Block, Code};
use sdp_types::Error;

use crate::meter::{Meter, Metered};
use crate::store::MemStore;
use crate::without::altered;

/// cw-multi-test's chain with a storage of ours.
pub type Host = App<BankKeeper, MockApiBech32, MemStore>;

/// Human-readable prefix of all addresses, unless the chain is another one's twin.
pub const PREFIX: &str = "sdp";
/// What the chain calls itself, unless it is another one's twin.
pub const CHAIN_ID: &str = "sdp-embedded";

/// What a chain calls itself and how it makes addresses.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub chain_id: String,
    pub prefix: String,
    /// Addresses of contracts in the order in which they are made; those after them get addresses of their own.
    pub addresses: Vec<Addr>,
    /// Checksums of codes by their numbers here; the others have some of their own. The address of sdUSD follows from its code's.
    pub checksums: BTreeMap<u64, Checksum>,
    /// What its contracts lack.
    pub alterations: Vec<Alteration>,
}

impl Default for Identity {
    fn default() -> Self {
        Self {
            chain_id: CHAIN_ID.into(),
            prefix: PREFIX.into(),
            addresses: Vec::new(),
            checksums: BTreeMap::new(),
            alterations: Vec::new(),
        }
    }
}

/// Number of a code, the same on every embedded chain.
pub(crate) fn number(code: Code) -> u64 {
    match code {
        Code::Oracle => 1,
        Code::Pool => 2,
        Code::Market => 3,
        Code::Liquidator => 4,
        Code::Lens => 5,
        Code::Cw20 => 6,
        Code::Spot => 7,
        Code::Reserve => 8,
        Code::Balancer => 9,
        Code::Orders => 10,
        Code::Custody => 11,
        Code::Bonded => 12,
        Code::Event => 13,
    }
}

/// A chain's host at a block, with every code stored under its number.
pub(crate) fn host(identity: &Identity, store: MemStore, block: Block, meter: &Meter) -> Host {
    let api = MockApiBech32::new(kept(&identity.prefix));
    let addresses = Given { addresses: identity.addresses.clone() };
    let checksums = Checksums { given: identity.checksums.clone() };
    let wasm = WasmKeeper::new().with_address_generator(addresses).with_checksum_generator(checksums);
    let block = info(&identity.chain_id, block);
    let mut host =
        AppBuilder::new().with_api(api).with_wasm(wasm).with_storage(store).with_block(block).build(no_init);
    for code in codes(meter, &identity.alterations) {
        host.store_code(code);
    }
    host
}

/// A block as contracts see it.
pub(crate) fn info(chain_id: &str, block: Block) -> BlockInfo {
    let time = Timestamp::from_seconds(block.time);
    BlockInfo { height: block.height, time, chain_id: chain_id.to_string() }
}

/// cw-multi-test wants a prefix for ever. There are few of them, and each is kept once.
fn kept(prefix: &str) -> &'static str {
    static KEPT: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept.get(prefix) {
        return known;
    }
    let new: &'static str = String::leak(prefix.to_string());
    kept.insert(new);
    new
}

/// Addresses that are given in advance.
struct Given {
    addresses: Vec<Addr>,
}

impl AddressGenerator for Given {
    fn contract_address(
        &self,
        api: &dyn Api,
        storage: &mut dyn Storage,
        code_id: u64,
        instance_id: u64,
    ) -> AnyResult<Addr> {
        let given = usize::try_from(instance_id).ok().and_then(|made| self.addresses.get(made));
        match given {
            Some(address) => Ok(address.clone()),
            None => SimpleAddressGenerator.contract_address(api, storage, code_id, instance_id),
        }
    }
}

/// Checksums that are given in advance.
struct Checksums {
    given: BTreeMap<u64, Checksum>,
}

impl ChecksumGenerator for Checksums {
    fn checksum(&self, creator: &Addr, code_id: u64) -> Checksum {
        let given = self.given.get(&code_id).copied();
        given.unwrap_or_else(|| Checksum::generate(format!("{creator} {code_id}").as_bytes()))
    }
}

/// Every contract's code, in the order of its number.
fn codes(meter: &Meter, alterations: &[Alteration]) -> Vec<Box<dyn Contract<Empty>>> {
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
    let lens = ContractWrapper::new(
        |_, _, _, Empty {}| Err(Error::NothingToDo { what: "lens".into() }),
        sdp_lens::contract::instantiate,
        sdp_lens::contract::query,
    )
    .with_migrate(sdp_lens::contract::migrate);
    let cw20 = ContractWrapper::new(
        cw20_base::contract::execute,
        cw20_base::contract::instantiate,
        cw20_base::contract::query,
    );
    let spot = ContractWrapper::new(
        sdp_spot::contract::execute,
        sdp_spot::contract::instantiate,
        sdp_spot::contract::query,
    )
    .with_migrate(sdp_spot::contract::migrate);
    let reserve = ContractWrapper::new(
        sdp_reserve::contract::execute,
        sdp_reserve::contract::instantiate,
        sdp_reserve::contract::query,
    )
    .with_migrate(sdp_reserve::contract::migrate);
    let balancer = ContractWrapper::new(
        sdp_balancer::contract::execute,
        sdp_balancer::contract::instantiate,
        sdp_balancer::contract::query,
    )
    .with_migrate(sdp_balancer::contract::migrate);
    let orders = ContractWrapper::new(
        sdp_orders::contract::execute,
        sdp_orders::contract::instantiate,
        sdp_orders::contract::query,
    )
    .with_reply(sdp_orders::contract::reply)
    .with_migrate(sdp_orders::contract::migrate);
    let custody = ContractWrapper::new(
        sdp_custody::contract::execute,
        sdp_custody::contract::instantiate,
        sdp_custody::contract::query,
    )
    .with_migrate(sdp_custody::contract::migrate);
    let bonded = ContractWrapper::new(
        sdp_bonded::contract::execute,
        sdp_bonded::contract::instantiate,
        sdp_bonded::contract::query,
    )
    .with_migrate(sdp_bonded::contract::migrate);
    let event = ContractWrapper::new(
        sdp_event::contract::execute,
        sdp_event::contract::instantiate,
        sdp_event::contract::query,
    )
    .with_migrate(sdp_event::contract::migrate);
    let all: [Box<dyn Contract<Empty>>; 13] = [
        Box::new(oracle),
        Box::new(pool),
        Box::new(market),
        Box::new(liquidator),
        Box::new(lens),
        Box::new(cw20),
        Box::new(spot),
        Box::new(reserve),
        Box::new(balancer),
        Box::new(orders),
        Box::new(custody),
        Box::new(bonded),
        Box::new(event),
    ];
    let metered = |(code, contract)| -> Box<dyn Contract<Empty>> {
        Box::new(Metered::new(altered(code, contract, alterations), meter))
    };
    Code::ALL.into_iter().zip(all).map(metered).collect()
}
