//! A pool beside mocks of everything it reads: the oracle's records, markets' and the liquidator's records, tokens. After
//! every message the books are checked.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use cosmwasm_std::testing::{message_info, mock_env, MockApi, MockStorage};
use cosmwasm_std::{
    coins, from_json, instantiate2_address, to_json_binary, Addr, Api, BankMsg, BankQuery, Binary, Checksum,
    CodeInfoResponse, Coin, ContractResult, CosmosMsg, Deps, Empty, Env, Event, OwnedDeps, Querier,
    QuerierResult, QueryRequest, Response, Storage, SystemResult, Timestamp, WasmMsg, WasmQuery,
};
use cw20::{BalanceResponse, Cw20ExecuteMsg, Cw20QueryMsg, Cw20ReceiveMsg, TokenInfoResponse};
use sdp_book::sync::Synced;
use sdp_book::{lens, position, query, state};
use sdp_pool::contract;
use sdp_types::board::{Board, Covariance, Intervals, Quote, Slot, SlotQuote, Staleness};
use sdp_types::book::{Book, Listing};
use sdp_types::events::{ChangeQueued, FromEvent};
use sdp_types::exposure::{Exposure, FeedQuantity, Recoveries};
use sdp_types::lens::HealthResponse;
use sdp_types::math::Wide;
use sdp_types::pool::*;
use sdp_types::record::{key, tag, Record};
use sdp_types::shares::DEBT_ONE;
use sdp_types::{Amount, Error, Price, Ratio, SignedUsd, Usd};
use serde::de::DeserializeOwned;
use serde::Serialize;

pub const START: u64 = 1_700_000_000;
pub const ATOM: &str = "uatom";
pub const STAY: u64 = 172_800;
pub const DELAY: u64 = 86_400;
pub const WINDOW: u64 = 300;

/// What lies outside the pool.
#[derive(Default)]
pub struct World {
    pub records: BTreeMap<(String, Vec<u8>), Vec<u8>>,
    pub cw20: BTreeMap<String, BTreeMap<String, u128>>,
    pub bank: BTreeMap<(String, String), u128>,
}

impl World {
    fn balance(&self, token: &str, holder: &str) -> u128 {
        self.cw20.get(token).and_then(|all| all.get(holder)).copied().unwrap_or_default()
    }

    fn smart(&self, contract: &str, msg: &Binary) -> Binary {
        match from_json(msg).unwrap() {
            Cw20QueryMsg::Balance { address } => {
                to_json_binary(&BalanceResponse { balance: self.balance(contract, &address).into() }).unwrap()
            }
            Cw20QueryMsg::TokenInfo {} => {
                let total: u128 = self.cw20.get(contract).map(|all| all.values().sum()).unwrap_or_default();
                let (name, symbol) = ("t".to_string(), "T".to_string());
                to_json_binary(&TokenInfoResponse { name, symbol, decimals: 6, total_supply: total.into() })
                    .unwrap()
            }
            other => panic!("{other:?}"),
        }
    }
}

impl Querier for World {
    fn raw_query(&self, request: &[u8]) -> QuerierResult {
        let answer = match from_json::<QueryRequest<Empty>>(request).unwrap() {
            QueryRequest::Wasm(WasmQuery::Raw { contract_addr, key }) => {
                self.records.get(&(contract_addr, key.to_vec())).cloned().unwrap_or_default().into()
            }
            QueryRequest::Wasm(WasmQuery::Smart { contract_addr, msg }) => self.smart(&contract_addr, &msg),
            QueryRequest::Wasm(WasmQuery::CodeInfo { code_id }) => {
                to_json_binary(&CodeInfoResponse::new(code_id, addr("somebody"), checksum())).unwrap()
            }
            QueryRequest::Bank(BankQuery::Balance { address, denom }) => {
                let amount = self.bank.get(&(address, denom.clone())).copied().unwrap_or_default();
                to_json_binary(&cosmwasm_std::BalanceResponse::new(Coin::new(amount, denom))).unwrap()
            }
            other => panic!("{other:?}"),
        };
        SystemResult::Ok(ContractResult::Ok(answer))
    }
}

/// Code of the token.
fn checksum() -> Checksum {
    Checksum::generate(b"a token")
}

/// Of anybody; of `sdusd` where the pool makes it.
pub fn addr(name: &str) -> Addr {
    let api = MockApi::default();
    if name != "sdusd" {
        return api.addr_make(name);
    }
    let pool = api.addr_canonicalize(addr("pool").as_str()).unwrap();
    api.addr_humanize(&instantiate2_address(checksum().as_slice(), &pool, b"sdUSD").unwrap()).unwrap()
}

pub fn pct(n: u64) -> Ratio {
    Ratio::percent(n)
}

pub fn usd(n: u64) -> Usd {
    Usd::whole(n)
}

pub fn intervals() -> Intervals {
    Intervals { seconds: 5, slots: 64, grace: 5 }
}

pub fn staleness() -> Staleness {
    Staleness { trade: 15, liquidate: 60, view: 300 }
}

pub fn params() -> Params {
    Params {
        impact_depth: usd(1_000_000_000),
        supply_ceiling: usd(10_000_000),
        exit_delay: DELAY,
        exit_window: WINDOW,
        minimum_stay: STAY,
        change_delay: 3_600,
        risk: None,
        breakers: None,
        least_depth: None,
        losses: None,
        note_share: Ratio::ZERO,
    }
}

/// $10 a coin of 6 decimals on feed 0, or a CW20 of 9 decimals on feed 1.
pub fn vault(token: Token, decimals: u8, feed: u16) -> VaultConfig {
    VaultConfig {
        token,
        decimals,
        feed,
        issuance_ratio: pct(300),
        liquidation_ratio: pct(200),
        liquidation_penalty: pct(10),
        stability_fee: Ratio::ZERO,
        maximum_confidence: pct(2),
        minimum_deposit: usd(100),
        minimum_debt: usd(50),
        deposit_cap: Amount::new(10u128.pow(u32::from(decimals)) * 1_000_000),
        debt_ceiling: usd(2_000_000),
    }
}

pub fn atom() -> VaultConfig {
    vault(Token::Native(ATOM.into()), 6, 0)
}

pub fn sol() -> VaultConfig {
    vault(Token::Cw20(addr("sol").into()), 9, 1)
}

pub fn instantiate_msg() -> InstantiateMsg {
    InstantiateMsg {
        owner: addr("owner").into(),
        guardian: Some(addr("guardian").into()),
        oracle: addr("oracle").into(),
        sdusd_code_id: 7,
        sdusd_name: "Shared dollar".into(),
        sdusd_symbol: "sdUSD".into(),
        params: params(),
        vaults: vec![atom(), sol()],
    }
}

pub struct Pool {
    pub deps: OwnedDeps<MockStorage, MockApi, World>,
    pub env: Env,
    pub prices: Vec<(&'static str, Ratio)>,
}

impl Pool {
    /// Closed, no liquidator, no market; prices $10, $100, $50,000 (feed 2 for markets), confidence 0.
    pub fn closed() -> Self {
        let mut env = mock_env();
        env.contract.address = addr("pool");
        env.block.time = Timestamp::from_seconds(START);
        let querier = World::default();
        let storage = MockStorage::new();
        let deps = OwnedDeps { storage, api: MockApi::default(), querier, custom_query_type: PhantomData };
        let zero = Ratio::ZERO;
        let mut pool = Self { deps, env, prices: vec![("10", zero), ("100", zero), ("50000", zero)] };
        pool.publish();
        // σ 6 %, 6 %, 4 % a day, uncorrelated
        let cov = Covariance {
            sigmas: vec![60_000_000, 60_000_000, 40_000_000],
            correlations: vec![0; 3],
            ..Covariance::default()
        };
        pool.record("oracle", &[tag::COVARIANCE], &cov);
        pool
    }

    pub fn instantiated() -> Self {
        let mut pool = Self::closed();
        pool.instantiate(instantiate_msg()).unwrap();
        pool
    }

    /// Open, with a liquidator.
    pub fn open() -> Self {
        let mut pool = Self::instantiated();
        pool.configure("owner", Change::SetLiquidator { liquidator: addr("liquidator").into() }).unwrap();
        pool.run("owner", ExecuteMsg::Open {}).unwrap();
        pool
    }

    /// Open, with markets that have credit lines of $100,000 and empty records.
    pub fn with_markets(names: &[&str]) -> Self {
        let mut pool = Self::instantiated();
        for name in names {
            let line = usd(100_000);
            pool.configure("owner", Change::AddMarket { market: addr(name).into(), line, bonded: false })
                .unwrap();
            pool.record(name, &[tag::EXPOSURE], &Exposure::default());
        }
        pool.configure("owner", Change::SetLiquidator { liquidator: addr("liquidator").into() }).unwrap();
        pool.run("owner", ExecuteMsg::Open {}).unwrap();
        pool
    }

    pub fn instantiate(&mut self, msg: InstantiateMsg) -> Result<Response, Error> {
        let info = message_info(&addr("owner"), &[]);
        let response = contract::instantiate(self.deps.as_mut(), self.env.clone(), info, msg)?;
        Ok(response)
    }

    pub fn now(&self) -> u64 {
        self.env.block.time.seconds()
    }

    pub fn record(&mut self, contract: &str, key: &[u8], record: &impl Record) {
        let bytes = record.encode().unwrap();
        self.deps.querier.records.insert((addr(contract).into(), key.to_vec()), bytes);
    }

    /// Puts the prices on the board, published now.
    pub fn publish(&mut self) {
        let publish_time = self.now();
        let quote = |(price, confidence): &(&str, Ratio)| Quote {
            price: price.parse().unwrap(),
            confidence: *confidence,
            publish_time,
        };
        let board = Board {
            staleness: staleness(),
            intervals: intervals(),
            gap: 60,
            averages: vec![],
            written_at: publish_time,
            resumed_at: 0,
            quotes: self.prices.iter().map(quote).collect(),
            ..Board::default()
        };
        self.record("oracle", &[tag::BOARD], &board);
    }

    pub fn price(&mut self, feed: usize, price: &'static str) {
        self.prices[feed].0 = price;
        self.publish();
    }

    /// Only this feed gets a price now; the others keep their times.
    pub fn price_of_one(&mut self, feed: usize, price: &str) {
        let bytes = &self.deps.querier.records[&(addr("oracle").into(), vec![tag::BOARD])];
        let mut board = Board::decode(bytes).unwrap();
        board.quotes[feed] =
            Quote { price: price.parse().unwrap(), confidence: Ratio::ZERO, publish_time: self.now() };
        self.record("oracle", &[tag::BOARD], &board);
    }

    pub fn slot(&mut self, interval: u64, feed: u16, price: &str, confidence: Ratio) {
        let quote =
            Quote { price: price.parse().unwrap(), confidence, publish_time: intervals().start(interval) };
        let slot = Slot { interval, quotes: vec![SlotQuote { feed, quote }] };
        let key = Slot::key(&intervals(), interval);
        self.record("oracle", &key, &slot);
    }

    /// Time passes, prices stay fresh.
    pub fn later(&mut self, seconds: u64) {
        self.silence(seconds);
        self.publish();
    }

    /// Time passes without a price.
    pub fn silence(&mut self, seconds: u64) {
        self.env.block.time = self.env.block.time.plus_seconds(seconds);
    }

    /// A message whose outcome the audit is not asked about.
    pub fn deps_execute(&mut self, msg: ExecuteMsg) -> Response {
        let info = message_info(&addr("anyone"), &[]);
        contract::execute(self.deps.as_mut(), self.env.clone(), info, msg).unwrap()
    }

    pub fn run(&mut self, sender: &str, msg: ExecuteMsg) -> Result<Response, Error> {
        self.run_with(sender, msg, &[])
    }

    pub fn run_with(&mut self, sender: &str, msg: ExecuteMsg, funds: &[Coin]) -> Result<Response, Error> {
        let before = self.dump();
        let info = message_info(&addr(sender), funds);
        match contract::execute(self.deps.as_mut(), self.env.clone(), info, msg) {
            Ok(response) => {
                for coin in funds {
                    *self.bank("pool", &coin.denom) += coin.amount.u128();
                }
                for message in &response.messages {
                    self.deliver(&message.msg);
                }
                if let Some(data) = &response.data {
                    let seizure: Seizure = from_json(data).unwrap();
                    let mut record = self.recorded();
                    record.tab = record.tab.plus(seizure.tab).unwrap();
                    self.recoveries(record);
                }
                self.check();
                Ok(response)
            }
            Err(error) => {
                self.restore(before);
                Err(error)
            }
        }
    }

    fn dump(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        self.deps.storage.range(None, None, cosmwasm_std::Order::Ascending).collect()
    }

    fn restore(&mut self, state: Vec<(Vec<u8>, Vec<u8>)>) {
        self.deps.storage = MockStorage::new();
        for (key, value) in state {
            self.deps.storage.set(&key, &value);
        }
    }

    pub fn bank(&mut self, holder: &str, denom: &str) -> &mut u128 {
        self.deps.querier.bank.entry((addr(holder).into(), denom.into())).or_default()
    }

    pub fn cw20(&mut self, token: &str, holder: &str) -> &mut u128 {
        let all = self.deps.querier.cw20.entry(addr(token).into()).or_default();
        all.entry(addr(holder).into()).or_default()
    }

    fn deliver(&mut self, msg: &CosmosMsg) {
        match msg {
            CosmosMsg::Bank(BankMsg::Send { to_address, amount }) => {
                for coin in amount {
                    *self.bank("pool", &coin.denom) -= coin.amount.u128();
                    let key = (to_address.clone(), coin.denom.clone());
                    *self.deps.querier.bank.entry(key).or_default() += coin.amount.u128();
                }
            }
            CosmosMsg::Wasm(WasmMsg::Execute { contract_addr, msg, .. }) => {
                let pool = addr("pool").to_string();
                let all = self.deps.querier.cw20.entry(contract_addr.clone()).or_default();
                match from_json(msg).unwrap() {
                    Cw20ExecuteMsg::Mint { recipient, amount } => {
                        *all.entry(recipient).or_default() += amount.u128();
                    }
                    Cw20ExecuteMsg::Burn { amount } => *all.entry(pool).or_default() -= amount.u128(),
                    Cw20ExecuteMsg::Transfer { recipient, amount } => {
                        *all.entry(pool).or_default() -= amount.u128();
                        *all.entry(recipient).or_default() += amount.u128();
                    }
                    other => panic!("{other:?}"),
                }
            }
            other => panic!("{other:?}"),
        }
    }

    /// Sends a CW20 with a hook.
    pub fn send(
        &mut self,
        token: &str,
        sender: &str,
        amount: u128,
        hook: &impl Serialize,
    ) -> Result<Response, Error> {
        let had = *self.cw20(token, sender);
        assert!(had >= amount, "{sender} has {had} of {amount} {token}");
        *self.cw20(token, sender) -= amount;
        *self.cw20(token, "pool") += amount;
        let msg = to_json_binary(hook).unwrap();
        let hook = Cw20ReceiveMsg { sender: addr(sender).into(), amount: amount.into(), msg };
        let result = self.run(token, ExecuteMsg::Receive(hook));
        if result.is_err() {
            *self.cw20(token, sender) += amount;
            *self.cw20(token, "pool") -= amount;
        }
        result
    }

    pub fn configure(&mut self, sender: &str, change: Change) -> Result<Response, Error> {
        self.run(sender, ExecuteMsg::Configure { change })
    }

    /// The owner changes the parameters, and the delay passes.
    pub fn adopts(&mut self, params: Params) {
        let queued = self.configure("owner", Change::Params { params }).unwrap();
        let ChangeQueued { id, .. } = told(&queued);
        self.later(3_600);
        self.run("anyone", ExecuteMsg::Enact { id }).unwrap();
    }

    /// Whole ATOM.
    pub fn deposit(&mut self, owner: &str, atoms: u64) -> Result<Response, Error> {
        let funds = coins(u128::from(atoms) * 1_000_000, ATOM);
        self.run_with(owner, ExecuteMsg::Deposit { beneficiary: None }, &funds)
    }

    /// Whole SOL.
    pub fn deposit_sol(&mut self, owner: &str, sols: u64) -> Result<Response, Error> {
        let amount = u128::from(sols) * 1_000_000_000;
        *self.cw20("sol", owner) += amount;
        self.send("sol", owner, amount, &Hook::Deposit { beneficiary: None })
    }

    pub fn mint(&mut self, owner: &str, dollars: u64) -> Result<Response, Error> {
        self.run(owner, ExecuteMsg::Mint { vault: 0, amount: usd(dollars), recipient: None, owner: None })
    }

    pub fn burn(&mut self, owner: &str, dollars: u64) -> Result<Response, Error> {
        self.send("sdusd", owner, usd(dollars).raw(), &Hook::Burn { vault: 0, owner: None })
    }

    pub fn sync(&mut self) -> Response {
        self.run("anyone", ExecuteMsg::Sync {}).unwrap()
    }

    /// Whole ATOM.
    pub fn request(&mut self, owner: &str, atoms: u64) -> Result<Response, Error> {
        let amount = Amount::new(u128::from(atoms) * 1_000_000);
        self.run(owner, ExecuteMsg::RequestExit { vault: 0, amount, accepted_haircut: None })
    }

    pub fn execute_exit(&mut self, owner: &str) -> Result<Response, Error> {
        self.run("anyone", ExecuteMsg::ExecuteExit { vault: 0, owner: addr(owner).into() })
    }

    /// Asks, waits, has a price in the interval that counts, executes.
    pub fn exit(&mut self, owner: &str, atoms: u64) -> Result<Response, Error> {
        self.request(owner, atoms)?;
        self.later(DELAY + 5);
        let interval = intervals().first_from(self.now() - 5);
        let (price, confidence) = self.prices[0];
        self.slot(interval, 0, price, confidence);
        self.execute_exit(owner)
    }

    pub fn query<T: DeserializeOwned>(&self, msg: QueryMsg) -> Result<T, Error> {
        contract::query(self.deps.as_ref(), self.env.clone(), msg).map(|answer| from_json(answer).unwrap())
    }

    pub fn position(&self, owner: &str) -> PositionResponse {
        self.query(QueryMsg::Position { vault: 0, owner: addr(owner).into() }).unwrap()
    }

    /// What the lens tells of this pool.
    pub fn look<T>(&self, question: impl FnOnce(Deps<'_>, &Env) -> Result<T, Error>) -> Result<T, Error> {
        question(self.deps.as_ref(), &self.env)
    }

    pub fn markets(&self) -> Vec<MarketResponse> {
        query::markets(&self.synced())
    }

    pub fn maximum_mint(&self, owner: &str) -> LimitResponse {
        self.look(|deps, env| query::maximum_mint(deps, env, 0, addr(owner).as_str())).unwrap()
    }

    pub fn preview_mint(&self, owner: &str, amount: Usd) -> Result<PositionResponse, Error> {
        self.look(|deps, env| query::preview_mint(deps, env, 0, addr(owner).as_str(), amount))
    }

    pub fn preview_exit(&self, owner: &str, amount: u128) -> ExitPreview {
        let amount = Amount::new(amount);
        self.look(|deps, env| query::preview_exit(deps, env, 0, addr(owner).as_str(), amount)).unwrap()
    }

    /// As a sync now would leave it.
    pub fn synced(&self) -> Synced {
        Synced::load(self.deps.as_ref(), &self.env).unwrap()
    }

    pub fn health(&self) -> HealthResponse {
        lens::health(&self.synced(), &|| state::waterfall(&self.deps.storage)).unwrap()
    }

    pub fn audit(&self) -> AuditResponse {
        self.query(QueryMsg::Audit {}).unwrap()
    }

    pub fn listing(&self) -> Listing {
        Listing::load(&self.deps.storage, &key(tag::LISTING)).unwrap()
    }

    pub fn book(&self) -> Book {
        Book::load(&self.deps.storage, &key(tag::BOOK)).unwrap()
    }

    /// The record of a market whose traders are net long `skew` BTC (feed 2) at a cost that gives `base`.
    pub fn market(&mut self, name: &str, skew: &str, base: i128, change: impl FnOnce(&mut Exposure)) {
        let key = (addr(name).into(), vec![tag::EXPOSURE]);
        let last = self.deps.querier.records.get(&key).map(|bytes| Exposure::decode(bytes).unwrap());
        let mut exposure = last.unwrap_or_default();
        exposure.as_of = self.now();
        exposure.base = SignedUsd::new(base);
        exposure.quantities = vec![FeedQuantity { feed: 2, quantity: skew.parse().unwrap() }];
        change(&mut exposure);
        self.record(name, &[tag::EXPOSURE], &exposure);
    }

    pub fn recorded(&self) -> Recoveries {
        let key = (addr("liquidator").into(), vec![tag::RECOVERIES]);
        let bytes = self.deps.querier.records.get(&key);
        bytes.map(|bytes| Recoveries::decode(bytes).unwrap()).unwrap_or_default()
    }

    pub fn seize(&mut self, owner: &str, room: Usd, dust: Usd) -> Result<Response, Error> {
        self.run("liquidator", ExecuteMsg::Seize { vault: 0, owner: addr(owner).into(), room, dust })
    }

    pub fn recoveries(&mut self, recoveries: Recoveries) {
        self.record("liquidator", &[tag::RECOVERIES], &recoveries);
    }

    /// Both sides are equal, nothing is below the book, and debt shares add up exactly.
    pub fn check(&self) {
        let book = self.book();
        assert_eq!(book.ledger.difference().unwrap(), Wide::ZERO);
        let (mut debt, mut reported) = (SignedUsd::ZERO, SignedUsd::ZERO);
        for (number, vault) in (0..).zip(&book.vaults) {
            debt = debt.plus(vault.debt).unwrap();
            let stored = state::positions(&self.deps.storage, &self.deps.api, number, None, 100_000).unwrap();
            let mut exact = vault.distribution.remainder;
            let (mut shares, mut minted) = (0, Usd::ZERO);
            for (_, stored) in stored {
                assert!(!stored.shares.is_zero(), "a position without shares is stored");
                let position = position::accrue(vault, stored).unwrap().unwrap();
                exact = exact.plus(position.principal).unwrap();
                shares += position.shares.raw();
                minted = minted.plus(position.minted).unwrap();
            }
            let booked = vault.debt.wide().times(DEBT_ONE.into()).unwrap();
            assert_eq!(exact, booked.plus(vault.minted.carried).unwrap(), "vault {number}");
            assert_eq!(minted, vault.minted.total, "vault {number}");
            assert_eq!(shares, vault.book.shares.raw(), "vault {number}");
        }
        for market in &book.markets {
            reported = reported.plus(market.reported).unwrap();
        }
        assert_eq!(debt, book.ledger.vault_debt);
        assert_eq!(reported, book.ledger.reported);
        if self.deps.querier.records.contains_key(&(addr("oracle").into(), vec![tag::BOARD])) {
            let audit = self.audit();
            assert_eq!(audit.difference, SignedUsd::ZERO, "{audit:?}");
            assert!(!audit.unbooked.is_negative());
        }
    }
}

/// The only event of its kind in a response.
pub fn told<E: FromEvent>(response: &Response) -> E {
    all_told(&response.events).pop().expect("no such event")
}

pub fn all_told<E: FromEvent>(events: &[Event]) -> Vec<E> {
    events.iter().filter_map(E::from_event).map(Result::unwrap).collect()
}

/// The code of a refusal.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(result: Result<T, Error>, code: &str) {
    let error = result.expect_err("should have been refused");
    assert_eq!(error.code(), code, "{error}");
}

pub fn price(text: &str) -> Price {
    text.parse().unwrap()
}

pub fn signed(dollars: i128) -> SignedUsd {
    SignedUsd::new(dollars * 1_000_000)
}
