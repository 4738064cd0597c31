//! A market alone: the pool and its oracle are records that a test writes. Three feeds at $100 with σ = 4 % a day; the perpetuals
//! are on feeds 0 and 1 with a correlation of 0.5, the pool's collateral is $100M in feed 2, which moves with neither. 1/λ is $1M.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env, MockApi, MockQuerier, MockStorage};
use cosmwasm_std::{
    to_json_binary, Addr, Api, Binary, ContractResult, Env, OwnedDeps, Response, SystemError, SystemResult,
    Timestamp, WasmQuery,
};
use cw20::Cw20ReceiveMsg;

use sdp_market::contract;
use sdp_perps::plan::Request;
use sdp_perps::state::AccountKey;
use sdp_perps::view::View;
use sdp_types::board::{Board, Covariance, Intervals, Quote, Slot, SlotQuote, Staleness};
use sdp_types::book::{Book, Listed, Listing, VaultState};
use sdp_types::events::FromEvent;
use sdp_types::market::{
    AccountResponse, ExecuteMsg, FundingParams, Hook, InstantiateMsg, InsurancePremium, Liquidation, Params,
    PerpConfig, PerpStatus, Responses, TotalsResponse, TradePreview,
};
use sdp_types::record::{key, tag, Record};
use sdp_types::regime::Regime;
use sdp_types::shares::ScaledBook;
use sdp_types::{Amount, Price, Ratio, Result, SignedUsd, Usd};

pub const SECONDS: u64 = 5;

pub struct Stage {
    pub deps: OwnedDeps<MockStorage, MockApi, MockQuerier>,
    pub now: u64,
    pub board: Board,
    pub covariance: Covariance,
    pub listing: Listing,
    pub book: Book,
}

pub fn params() -> Params {
    Params {
        funding: FundingParams {
            proportional: "0.25".parse().unwrap(),
            velocity: "0".parse().unwrap(),
            integral_cap: "1".parse().unwrap(),
            rate_cap: "1".parse().unwrap(),
            decay_seconds: 86_400,
            maximum_accrual: 86_400,
        },
        fee: Ratio::bps(10),
        insurance_share: Ratio::percent(10),
        keeper_share: Ratio::percent(5),
        order_delay: SECONDS,
        order_expiry: 60,
        maximum_empty_intervals: 3,
        maximum_slippage: Ratio::percent(10),
        profit_haircut: Ratio::percent(50),
        maximum_offset: Ratio::percent(50),
        responses: Responses { fee: Ratio::ONE, funding: Ratio::ONE, credit: Ratio::ONE },
        insurance: InsurancePremium { shortfall: Ratio::ZERO, leverage: Ratio::ZERO },
        deleveraging: None,
        fees: None,
        liquidation: Liquidation {
            target: Ratio::percent(125),
            reward: Usd::whole(2),
            reward_share: Ratio::percent(10),
        },
        change_delay: 0,
    }
}

fn perp(feed: u16) -> PerpConfig {
    PerpConfig {
        name: format!("PERP-{feed}"),
        feed,
        status: PerpStatus::Open,
        initial_margin: Ratio::percent(10),
        maintenance_margin: Ratio::percent(5),
        skew_cap: Usd::whole(10_000_000),
        open_interest_cap: Usd::whole(10_000_000),
        trade_confidence: Ratio::ZERO,
        liquidate_confidence: Ratio::ZERO,
        liquidation_penalty: Ratio::percent(1),
        premium_cap: Ratio::percent(1),
        minimum_notional: Usd::whole(10),
    }
}

pub fn address(name: &str) -> Addr {
    MockApi::default().addr_make(name)
}

impl Stage {
    pub fn new(params: Params) -> Self {
        let deps = mock_dependencies();
        let now = 1_000_000;
        let quote = Quote { price: "100".parse().unwrap(), confidence: Ratio::ZERO, publish_time: now };
        let board = Board {
            staleness: Staleness { trade: 60, liquidate: 60, view: 60 },
            intervals: Intervals { seconds: 5, slots: 64, grace: 5 },
            gap: 60,
            quotes: vec![quote; 3],
            ..Board::default()
        };
        let vault = VaultState {
            feed: 2,
            decimals: 6,
            weight: Usd::whole(100_000_000),
            debt: SignedUsd::ZERO,
            book: ScaledBook { amount: Amount::new(1_000_000_000_000), ..ScaledBook::default() },
            distribution: Default::default(),
            peak: Default::default(),
            minted: Default::default(),
        };
        let own = mock_env().contract.address;
        let market = deps.api.addr_canonicalize(own.as_str()).unwrap();
        let mut stage = Self {
            now,
            board,
            covariance: Covariance {
                sigmas: vec![40_000_000; 3],
                correlations: vec![5_000, 0, 0],
                margins: vec![],
            },
            listing: Listing {
                impact_depth: Usd::whole(1_000_000),
                markets: vec![Listed {
                    address: market,
                    line: SignedUsd::new(1_000_000_000_000),
                    regime: Regime::Normal,
                    bonded: false,
                }],
                risk: None,
                regime: Regime::Normal,
                bad_debt: false,
            },
            book: Book { vaults: vec![vault], ..Book::default() },
            deps,
        };
        stage.show();
        let message = InstantiateMsg {
            owner: address("olga").into_string(),
            guardian: None,
            pool: address("pool").into_string(),
            liquidator: address("liquidator").into_string(),
            params,
            perps: vec![perp(0), perp(1)],
        };
        let info = message_info(&address("olga"), &[]);
        let env = stage.env();
        contract::instantiate(stage.deps.as_mut(), env, info, message).unwrap();
        stage
    }

    pub fn env(&self) -> Env {
        let mut env = mock_env();
        env.block.time = Timestamp::from_seconds(self.now);
        env
    }

    /// Lets the market see what the test has written; prices are of now, and of every interval that is over or has begun.
    pub fn show(&mut self) {
        for quote in &mut self.board.quotes {
            quote.publish_time = self.now;
        }
        let (pool, oracle) = (address("pool"), address("oracle"));
        let mut raw = BTreeMap::new();
        let mut put = |contract: &Addr, key: &[u8], bytes: Vec<u8>| {
            raw.insert((contract.to_string(), key.to_vec()), bytes);
        };
        put(&oracle, &key(tag::BOARD), self.board.encode().unwrap());
        put(&oracle, &key(tag::COVARIANCE), self.covariance.encode().unwrap());
        put(&pool, &key(tag::LISTING), self.listing.encode().unwrap());
        put(&pool, &key(tag::BOOK), self.book.encode().unwrap());
        let quotes: Vec<_> =
            (0..).zip(&self.board.quotes).map(|(feed, quote)| SlotQuote { feed, quote: *quote }).collect();
        let last = self.board.intervals.of(self.now);
        for interval in last - 20..=last {
            let slot = Slot { interval, quotes: quotes.clone() };
            put(&oracle, &Slot::key(&self.board.intervals, interval), slot.encode().unwrap());
        }
        let config = format!(r#"{{"oracle":"{oracle}","sdusd":"{}"}}"#, address("sdusd"));
        let config = Binary::from(config.into_bytes());
        self.deps.querier.update_wasm(move |query| match query {
            WasmQuery::Raw { contract_addr, key } => {
                let found = raw.get(&(contract_addr.clone(), key.to_vec())).cloned().unwrap_or_default();
                SystemResult::Ok(ContractResult::Ok(Binary::from(found)))
            }
            WasmQuery::Smart { .. } => SystemResult::Ok(ContractResult::Ok(config.clone())),
            _ => SystemResult::Err(SystemError::Unknown {}),
        });
    }

    pub fn passes(&mut self, seconds: u64) {
        self.now += seconds;
        self.show();
    }

    pub fn price(&mut self, feed: usize, price: &str) {
        self.board.quotes[feed].price = price.parse::<Price>().unwrap();
        self.show();
    }

    pub fn regime(&mut self, regime: Regime) {
        self.listing.regime = regime;
        self.show();
    }

    /// What a message would do; nothing of it stays.
    pub fn tries(&mut self, who: &Addr, message: ExecuteMsg) -> Result<Response> {
        let before = copy_of(&self.deps.storage);
        let done = self.execute(who, message);
        self.deps.storage = before;
        done
    }

    pub fn execute(&mut self, who: &Addr, message: ExecuteMsg) -> Result<Response> {
        let (env, info) = (self.env(), message_info(who, &[]));
        // as on a chain: what is refused has changed nothing
        let before = copy_of(&self.deps.storage);
        let done = contract::execute(self.deps.as_mut(), env, info, message);
        if done.is_err() {
            self.deps.storage = before;
        }
        done
    }

    pub fn deposits(&mut self, who: &str, dollars: u64) {
        let message = Cw20ReceiveMsg {
            sender: address(who).into_string(),
            amount: (u128::from(dollars) * 1_000_000).into(),
            msg: to_json_binary(&Hook::Deposit { beneficiary: None, account: 0 }).unwrap(),
        };
        self.execute(&address("sdusd"), ExecuteMsg::Receive(message)).unwrap();
    }

    pub fn withdraws(&mut self, who: &str, amount: u128) -> Result<Response> {
        let amount = Usd::new(amount);
        self.execute(
            &address(who),
            ExecuteMsg::Withdraw { account: 0, amount, recipient: None, into: None, accepted_haircut: None },
        )
    }

    pub fn commits(&mut self, who: &str, perp: u16, size: &str) -> Result<Response> {
        let size = size.parse().unwrap();
        let (limit_price, expires_in, reduce_only) = (None, None, false);
        let message =
            ExecuteMsg::Commit { owner: None, account: 0, perp, size, limit_price, expires_in, reduce_only };
        self.execute(&address(who), message)
    }

    pub fn settles(&mut self, perp: u16) -> Response {
        self.passes(2 * SECONDS);
        self.execute(&address("kim"), ExecuteMsg::Settle { perp, limit: 10 }).unwrap()
    }

    /// Commits and settles.
    pub fn trades(&mut self, who: &str, perp: u16, size: &str) -> Response {
        self.commits(who, perp, size).unwrap();
        self.settles(perp)
    }

    pub fn liquidates(&mut self, who: &str) -> Response {
        let accounts = vec![sdp_types::market::AccountId { owner: address(who).into_string(), account: 0 }];
        let keeper = address("kim").into_string();
        self.execute(&address("liquidator"), ExecuteMsg::Liquidate { accounts, keeper }).unwrap()
    }

    pub fn account(&self, who: &str) -> AccountResponse {
        self.numbered(who, 0)
    }

    pub fn numbered(&self, who: &str, number: u16) -> AccountResponse {
        let key = AccountKey::of(self.deps.as_ref().api, address(who).as_str(), number).unwrap();
        View::load(self.deps.as_ref(), &self.env()).unwrap().account(&key).unwrap()
    }

    pub fn totals(&self) -> TotalsResponse {
        View::load(self.deps.as_ref(), &self.env()).unwrap().totals().unwrap()
    }

    pub fn preview(&self, who: &str, perp: u16, size: &str) -> TradePreview {
        let (deps, size) = (self.deps.as_ref(), size.parse().unwrap());
        let account = AccountKey::of(deps.api, address(who).as_str(), 0).unwrap();
        let request = Request::plain(account, perp, size);
        View::load(deps, &self.env()).unwrap().preview(&request).unwrap()
    }
}

/// A storage as it is.
fn copy_of(storage: &MockStorage) -> MockStorage {
    use cosmwasm_std::{Order, Storage};
    let mut copy = MockStorage::new();
    for (key, value) in storage.range(None, None, Order::Ascending) {
        copy.set(&key, &value);
    }
    copy
}

/// The event of this kind that a message told.
pub fn told<T: FromEvent>(response: &Response) -> T {
    response.events.iter().find_map(T::from_event).unwrap().unwrap()
}

/// All of them.
pub fn all_told<T: FromEvent>(response: &Response) -> Vec<T> {
    response.events.iter().filter_map(T::from_event).map(std::result::Result::unwrap).collect()
}
