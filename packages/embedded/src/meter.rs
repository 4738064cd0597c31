//! Counts what contract calls read and write, as a chain would: inside the contract, where transactions hide nothing.
//!
//! Off by default; then a call pays one comparison for it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use anyhow::Result;
use cosmwasm_std::{
    from_json, Addr, Binary, Checksum, Deps, DepsMut, Empty, Env, MessageInfo, Order, Querier, QuerierResult,
    QuerierWrapper, QueryRequest, Record, Reply, Response, Storage, WasmQuery,
};
use cw_multi_test::Contract;
use serde::Serialize;

/// What one call did to storage. Bytes are those of keys and values together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Keys read, and entries that ranges went over.
    pub reads: u64,
    /// Bytes of them.
    pub read_bytes: u64,
    /// Keys written.
    pub writes: u64,
    /// Bytes of them.
    pub written_bytes: u64,
    /// Keys removed.
    pub removes: u64,
    /// Raw queries of other contracts.
    pub raw_queries: u64,
    /// Bytes that they brought.
    pub raw_bytes: u64,
    /// Smart queries of other contracts.
    pub smart_queries: u64,
}

impl Counts {
    /// The sum of two.
    pub fn plus(self, other: Self) -> Self {
        Self {
            reads: self.reads + other.reads,
            read_bytes: self.read_bytes + other.read_bytes,
            writes: self.writes + other.writes,
            written_bytes: self.written_bytes + other.written_bytes,
            removes: self.removes + other.removes,
            raw_queries: self.raw_queries + other.raw_queries,
            raw_bytes: self.raw_bytes + other.raw_bytes,
            smart_queries: self.smart_queries + other.smart_queries,
        }
    }
}

/// One call of one contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The contract.
    pub contract: Addr,
    /// `instantiate`, `execute`, `query`, `reply`, `sudo` or `migrate`.
    pub entry: &'static str,
    /// What it did.
    pub counts: Counts,
}

/// The counter that all contracts of a chain share.
#[derive(Clone, Default)]
pub struct Meter(Rc<Inner>);

#[derive(Default)]
struct Inner {
    on: Cell<bool>,
    calls: RefCell<Vec<Call>>,
}

impl Meter {
    /// Forgets what was counted and counts from now on.
    pub fn start(&self) {
        self.0.calls.borrow_mut().clear();
        self.0.on.set(true);
    }

    /// Stops counting and returns every call since [`Self::start`], in the order in which they ended.
    pub fn stop(&self) -> Vec<Call> {
        self.0.on.set(false);
        self.0.calls.take()
    }

    fn counts(&self) -> Option<RefCell<Counts>> {
        self.0.on.get().then(RefCell::default)
    }

    fn note(&self, contract: &Addr, entry: &'static str, counts: RefCell<Counts>) {
        let call = Call { contract: contract.clone(), entry, counts: counts.into_inner() };
        self.0.calls.borrow_mut().push(call);
    }
}

/// A contract whose storage access is counted.
pub struct Metered {
    inner: Box<dyn Contract<Empty>>,
    meter: Meter,
}

impl Metered {
    /// `inner`, counted by `meter`.
    pub fn new(inner: Box<dyn Contract<Empty>>, meter: &Meter) -> Self {
        Self { inner, meter: meter.clone() }
    }

    fn mutably<T>(
        &self,
        deps: DepsMut<'_>,
        contract: &Addr,
        entry: &'static str,
        call: impl FnOnce(DepsMut<'_>) -> Result<T>,
    ) -> Result<T> {
        let Some(counts) = self.meter.counts() else { return call(deps) };
        let querier = CountingQuerier { inner: deps.querier, counts: &counts };
        let mut storage = CountingMut { inner: deps.storage, counts: &counts };
        let counted =
            DepsMut { storage: &mut storage, api: deps.api, querier: QuerierWrapper::new(&querier) };
        let result = call(counted);
        self.meter.note(contract, entry, counts);
        result
    }
}

impl Contract<Empty> for Metered {
    fn instantiate(&self, deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: Vec<u8>) -> Result<Response> {
        let contract = env.contract.address.clone();
        self.mutably(deps, &contract, "instantiate", |deps| self.inner.instantiate(deps, env, info, msg))
    }

    fn execute(&self, deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: Vec<u8>) -> Result<Response> {
        let contract = env.contract.address.clone();
        self.mutably(deps, &contract, "execute", |deps| self.inner.execute(deps, env, info, msg))
    }

    fn query(&self, deps: Deps<'_>, env: Env, msg: Vec<u8>) -> Result<Binary> {
        let Some(counts) = self.meter.counts() else { return self.inner.query(deps, env, msg) };
        let contract = env.contract.address.clone();
        let querier = CountingQuerier { inner: deps.querier, counts: &counts };
        let storage = Counting { inner: deps.storage, counts: &counts };
        let counted = Deps { storage: &storage, api: deps.api, querier: QuerierWrapper::new(&querier) };
        let result = self.inner.query(counted, env, msg);
        self.meter.note(&contract, "query", counts);
        result
    }

    fn reply(&self, deps: DepsMut<'_>, env: Env, msg: Reply) -> Result<Response> {
        let contract = env.contract.address.clone();
        self.mutably(deps, &contract, "reply", |deps| self.inner.reply(deps, env, msg))
    }

    fn sudo(&self, deps: DepsMut<'_>, env: Env, msg: Vec<u8>) -> Result<Response> {
        let contract = env.contract.address.clone();
        self.mutably(deps, &contract, "sudo", |deps| self.inner.sudo(deps, env, msg))
    }

    fn migrate(&self, deps: DepsMut<'_>, env: Env, msg: Vec<u8>) -> Result<Response> {
        let contract = env.contract.address.clone();
        self.mutably(deps, &contract, "migrate", |deps| self.inner.migrate(deps, env, msg))
    }

    fn checksum(&self) -> Option<Checksum> {
        self.inner.checksum()
    }
}

fn bytes(key: &[u8], value: &[u8]) -> u64 {
    (key.len() + value.len()) as u64
}

fn read(counts: &RefCell<Counts>, key: &[u8], value: &[u8]) {
    let mut counts = counts.borrow_mut();
    counts.reads += 1;
    counts.read_bytes += bytes(key, value);
}

struct Counting<'a> {
    inner: &'a dyn Storage,
    counts: &'a RefCell<Counts>,
}

impl Storage for Counting<'_> {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let value = self.inner.get(key);
        read(self.counts, key, value.as_deref().unwrap_or_default());
        value
    }

    fn set(&mut self, _: &[u8], _: &[u8]) {}

    fn remove(&mut self, _: &[u8]) {}

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        let counts = self.counts;
        Box::new(self.inner.range(start, end, order).inspect(move |(key, value)| read(counts, key, value)))
    }
}

struct CountingMut<'a> {
    inner: &'a mut dyn Storage,
    counts: &'a RefCell<Counts>,
}

impl Storage for CountingMut<'_> {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let value = self.inner.get(key);
        read(self.counts, key, value.as_deref().unwrap_or_default());
        value
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.inner.set(key, value);
        let mut counts = self.counts.borrow_mut();
        counts.writes += 1;
        counts.written_bytes += bytes(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        self.inner.remove(key);
        self.counts.borrow_mut().removes += 1;
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        let counts = self.counts;
        Box::new(self.inner.range(start, end, order).inspect(move |(key, value)| read(counts, key, value)))
    }
}

struct CountingQuerier<'a> {
    inner: QuerierWrapper<'a>,
    counts: &'a RefCell<Counts>,
}

impl Querier for CountingQuerier<'_> {
    fn raw_query(&self, request: &[u8]) -> QuerierResult {
        let result = self.inner.raw_query(request);
        let mut counts = self.counts.borrow_mut();
        match from_json::<QueryRequest>(request) {
            Ok(QueryRequest::Wasm(WasmQuery::Raw { key, .. })) => {
                let value = result.clone().into_result().ok().and_then(|answer| answer.into_result().ok());
                counts.raw_queries += 1;
                counts.raw_bytes += bytes(&key, value.as_deref().unwrap_or_default());
            }
            Ok(QueryRequest::Wasm(WasmQuery::Smart { .. })) => counts.smart_queries += 1,
            _ => {}
        }
        drop(counts);
        result
    }
}
