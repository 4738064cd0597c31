//! An oracle of its own for each test: three publishers, two of them make a price, intervals of 5 seconds.

use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env, MockApi, MockQuerier, MockStorage};
use cosmwasm_std::{coins, from_json, Addr, Env, OwnedDeps, Response, Timestamp};
use sdp_oracle::contract;
use sdp_types::board::{Board, Covariance, FeedId, Intervals, Quote, Slot, Staleness};
use sdp_types::events::{FromEvent, PriceRejected, PriceSet, Resumed};
use sdp_types::oracle::{
    Change, CovarianceConfig, ExecuteMsg, FeedConfig, InstantiateMsg, Measurement, QueryMsg, Submission,
    VolatilityRange,
};
use sdp_types::record::{key, tag, Record};
use sdp_types::{Error, Price, Ratio, Result, SignedRatio};
use serde::de::DeserializeOwned;

pub const BTC: FeedId = 0;
pub const ETH: FeedId = 1;
pub const DAY: u64 = 86_400;
/// The beginning of an interval.
pub const START: u64 = 1_700_000_000;

pub struct Oracle {
    pub deps: OwnedDeps<MockStorage, MockApi, MockQuerier>,
    pub now: u64,
}

pub fn price(text: &str) -> Price {
    text.parse().unwrap()
}

pub fn rho(text: &str) -> SignedRatio {
    text.parse().unwrap()
}

pub fn feed(symbol: &str) -> FeedConfig {
    FeedConfig {
        symbol: symbol.into(),
        deviation_band: Ratio::percent(10),
        maximum_confidence: Ratio::percent(2),
        volatility: None,
        source: None,
    }
}

pub fn address(name: &str) -> Addr {
    MockApi::default().addr_make(name)
}

pub fn text(name: &str) -> String {
    address(name).into_string()
}

/// BTC and ETH, σ 3.5 % and 4.5 %, ρ 0.8.
pub fn config() -> InstantiateMsg {
    InstantiateMsg {
        owner: text("owner"),
        guardian: Some(text("guardian")),
        publishers: vec![text("p1"), text("p2"), text("p3")],
        quorum: 2,
        intervals: Intervals { seconds: 5, slots: 8, grace: 5 },
        staleness: Staleness { trade: 15, liquidate: 60, view: 300 },
        gap: 60,
        average_seconds: 300,
        change_delay: DAY,
        feeds: vec![feed("BTC"), feed("ETH")],
        covariance: CovarianceConfig {
            sigmas: vec![Ratio::bps(350), Ratio::bps(450)],
            correlations: vec![vec![rho("1"), rho("0.8")], vec![rho("0.8"), rho("1")]],
        },
        measurement: None,
        breaker: None,
    }
}

/// The same, measured: a sample every 300 s, ranges from 2 % to 20 %.
pub fn measured_config() -> InstantiateMsg {
    let mut msg = config();
    for feed in &mut msg.feeds {
        feed.volatility = Some(VolatilityRange { floor: Ratio::percent(2), ceiling: Ratio::percent(20) });
        feed.deviation_band = Ratio::percent(1_000);
    }
    msg.measurement = Some(Measurement::default());
    msg
}

pub fn try_new(config: InstantiateMsg) -> Result<Oracle> {
    let mut oracle = Oracle { deps: mock_dependencies(), now: START };
    let env = oracle.env();
    contract::instantiate(oracle.deps.as_mut(), env, message_info(&address("anyone"), &[]), config)?;
    Ok(oracle)
}

pub fn new() -> Oracle {
    try_new(config()).unwrap()
}

impl Oracle {
    pub fn env(&self) -> Env {
        let mut env = mock_env();
        env.block.time = Timestamp::from_seconds(self.now);
        env
    }

    pub fn waits(&mut self, seconds: u64) -> &mut Self {
        self.now += seconds;
        self
    }

    pub fn try_execute(&mut self, sender: &str, msg: ExecuteMsg) -> Result<Response> {
        // what an error leaves behind a chain would roll back: it must not be there in the first place or not matter
        let (env, info) = (self.env(), message_info(&address(sender), &[]));
        contract::execute(self.deps.as_mut(), env, info, msg)
    }

    pub fn try_paid(&mut self, sender: &str, msg: ExecuteMsg) -> Result<Response> {
        let (env, info) = (self.env(), message_info(&address(sender), &coins(1, "uatom")));
        contract::execute(self.deps.as_mut(), env, info, msg)
    }

    pub fn try_publish(&mut self, sender: &str, prices: &[Submission]) -> Result<Response> {
        self.try_execute(sender, ExecuteMsg::Publish { prices: prices.to_vec() })
    }

    pub fn configure(&mut self, sender: &str, change: Change) -> Result<Response> {
        self.try_execute(sender, ExecuteMsg::Configure { change })
    }

    /// One price of BTC, observed now.
    pub fn says(&mut self, sender: &str, price: &str) -> Told {
        let at = self.now;
        self.says_at(sender, price, at)
    }

    /// One price of BTC, observed at some time.
    pub fn says_at(&mut self, sender: &str, price: &str, publish_time: u64) -> Told {
        let response = self.try_publish(sender, &[submission(BTC, price, publish_time)]).unwrap();
        Told(response)
    }

    /// A price of BTC that two publishers agree on now.
    pub fn agrees_on(&mut self, price: &str) -> PriceSet {
        self.says("p1", price);
        self.says("p2", price).price()
    }

    pub fn query<T: DeserializeOwned>(&self, msg: QueryMsg) -> Result<T> {
        Ok(from_json(contract::query(self.deps.as_ref(), self.env(), msg)?).unwrap())
    }

    /// The record as others read it raw.
    pub fn board(&self) -> Board {
        Board::load(&self.deps.storage, &key(tag::BOARD)).unwrap()
    }

    pub fn quote(&self, feed: FeedId) -> Quote {
        self.board().quotes[usize::from(feed)]
    }

    pub fn average(&self, feed: FeedId) -> Price {
        self.board().averages[usize::from(feed)]
    }

    pub fn covariance(&self) -> Covariance {
        Covariance::load(&self.deps.storage, &key(tag::COVARIANCE)).unwrap()
    }

    /// The price of BTC in an interval.
    pub fn interval_price(&self, interval: u64) -> Option<Price> {
        let slot: Slot = self.query(QueryMsg::Interval { interval }).unwrap();
        assert_eq!(slot.interval, interval);
        slot.quote(BTC).map(|quote| quote.price)
    }

    /// Everything that is stored.
    pub fn snapshot(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        use cosmwasm_std::{Order, Storage};
        self.deps.storage.range(None, None, Order::Ascending).collect()
    }
}

pub fn submission(feed: FeedId, price: &str, publish_time: u64) -> Submission {
    Submission { feed, price: self::price(price), confidence: Ratio::bps(10), publish_time }
}

/// What a message told.
#[derive(Debug)]
pub struct Told(pub Response);

impl Told {
    pub fn one<E: FromEvent>(&self) -> Option<E> {
        self.0.events.iter().find_map(E::from_event).map(|event| event.unwrap())
    }

    pub fn price(&self) -> PriceSet {
        self.one().unwrap_or_else(|| panic!("no price: {self:?}"))
    }

    /// Code of the rejection.
    pub fn code(&self) -> String {
        let rejected: PriceRejected = self.one().unwrap_or_else(|| panic!("not rejected: {self:?}"));
        assert!(rejected.reason.starts_with(&rejected.code), "{rejected:?}");
        rejected.code
    }

    pub fn resumed(&self) -> Option<u64> {
        self.one::<Resumed>().map(|resumed| resumed.after)
    }
}

/// The refusal by its code and name, for messages where only those matter.
pub fn code<T: core::fmt::Debug>(result: Result<T>) -> &'static str {
    result.unwrap_err().code()
}

pub fn out_of_range<T: core::fmt::Debug>(result: Result<T>) -> String {
    match result {
        Err(Error::OutOfRange { what, .. }) => what,
        other => panic!("{other:?}"),
    }
}

pub fn broken_rule<T: core::fmt::Debug>(result: Result<T>) -> String {
    match result {
        Err(Error::BadConfig { rule, .. }) => rule,
        other => panic!("{other:?}"),
    }
}
