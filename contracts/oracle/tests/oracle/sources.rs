//! A feed X beside BTC and ETH that is pulled, the contracts that its source asks, and what a source may be.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{from_json, Binary, ContractResult, HexBinary, SystemError, SystemResult, WasmQuery};
use sdp_types::board::{FeedId, Slot};
use sdp_types::oracle::{ExecuteMsg, FeedConfig, InstantiateMsg, QueryMsg, Source};
use sdp_types::Ratio;

use crate::common::{
    self, broken_rule, code, feed, out_of_range, rho, text, try_new, Oracle, Told, BTC, ETH,
};

/// The feed that is pulled.
pub const X: FeedId = 2;

/// [`common::START`] as Pyth writes it.
pub const NOW: i64 = 1_700_000_000;

/// What contracts answer: those that are not here fail.
type Answers = Rc<RefCell<BTreeMap<String, String>>>;

/// An oracle whose feed X has a source.
pub struct Pulled {
    oracle: Oracle,
    answers: Answers,
}

impl Deref for Pulled {
    type Target = Oracle;

    fn deref(&self) -> &Oracle {
        &self.oracle
    }
}

impl DerefMut for Pulled {
    fn deref_mut(&mut self) -> &mut Oracle {
        &mut self.oracle
    }
}

/// What of Pyth's questions is asked here.
#[cw_serde]
enum PythQuery {
    PriceFeed { id: HexBinary },
}

pub fn with_x(source: Source) -> InstantiateMsg {
    with_feed(FeedConfig { source: Some(source), ..feed("X") })
}

pub fn with_feed(config: FeedConfig) -> InstantiateMsg {
    let mut msg = common::config();
    msg.feeds.push(config);
    msg.covariance.sigmas.push(Ratio::bps(500));
    msg.covariance.correlations = (0..3)
        .map(|row| (0..3).map(|column| rho(if row == column { "1" } else { "0.8" })).collect())
        .collect();
    msg
}

/// With a deviation band of 10 %, as the other feeds.
pub fn pulled(source: Source) -> Pulled {
    pulled_with(with_x(source))
}

pub fn pulled_with(msg: InstantiateMsg) -> Pulled {
    let mut oracle = try_new(msg).unwrap();
    let answers = Answers::default();
    let known = answers.clone();
    oracle.deps.querier.update_wasm(move |query| {
        let WasmQuery::Smart { contract_addr, msg } = query else { panic!("{query:?}") };
        let known = known.borrow();
        // a Pyth contract has a price for each number
        let key = match from_json(msg) {
            Ok(PythQuery::PriceFeed { id }) => format!("{contract_addr} {id}"),
            Err(_) => contract_addr.clone(),
        };
        match known.get(&key) {
            Some(answer) => SystemResult::Ok(ContractResult::Ok(Binary::from(answer.as_bytes()))),
            None if contract_addr == &text("gone") => {
                SystemResult::Err(SystemError::NoSuchContract { addr: contract_addr.clone() })
            }
            None => SystemResult::Ok(ContractResult::Err("E0102 whatever it says".into())),
        }
    });
    Pulled { oracle, answers }
}

impl Pulled {
    /// A contract answers this, until it says something else.
    pub fn tells(&mut self, contract: &str, answer: &str) -> &mut Self {
        self.answers.borrow_mut().insert(text(contract), answer.into());
        self
    }

    /// A contract answers nothing any more.
    pub fn breaks(&mut self, contract: &str) -> &mut Self {
        self.answers.borrow_mut().retain(|key, _| !key.starts_with(&text(contract)));
        self
    }

    /// The hub's rate is this.
    pub fn rate(&mut self, rate: &str) -> &mut Self {
        self.tells("hub", &format!(r#"{{"state":{{"exchange_rate":"{rate}"}},"paused":false}}"#))
    }

    /// Pyth has a price.
    pub fn pyth(&mut self, price: i64, conf: u64, expo: i32, publish_time: i64) -> &mut Self {
        self.pyth_answers(&id(), &pyth_answer(&id(), price, conf, expo, publish_time))
    }

    /// Pyth answers this to a question for a number.
    pub fn pyth_answers(&mut self, id: &HexBinary, answer: &str) -> &mut Self {
        self.answers.borrow_mut().insert(format!("{} {id}", text("pyth")), answer.into());
        self
    }

    /// BTC has this price, published now.
    pub fn btc(&mut self, price: &str) -> &mut Self {
        self.agrees_on(price);
        self
    }

    /// Anyone pulls X.
    pub fn pulls(&mut self) -> Told {
        Told(self.try_pull(&[X]).unwrap())
    }

    pub fn try_pull(&mut self, feeds: &[FeedId]) -> sdp_types::Result<cosmwasm_std::Response> {
        self.try_execute("anyone", ExecuteMsg::Pull { feeds: feeds.to_vec() })
    }

    /// What an interval has for X.
    pub fn slot(&self, interval: u64) -> Option<sdp_types::board::Quote> {
        let slot: Slot = self.query(QueryMsg::Interval { interval }).unwrap();
        slot.quote(X)
    }
}

/// Pyth's number of the price of X.
pub fn id() -> HexBinary {
    HexBinary::from([7; 32])
}

/// As `pyth-sdk-cw` 1.2.0 writes it.
pub fn pyth_answer(id: &HexBinary, price: i64, conf: u64, expo: i32, publish_time: i64) -> String {
    let price =
        format!(r#"{{"price":"{price}","conf":"{conf}","expo":{expo},"publish_time":{publish_time}}}"#);
    format!(r#"{{"price_feed":{{"id":"{id}","price":{price},"ema_price":{price}}}}}"#)
}

// sources

pub fn of(feed: FeedId) -> Source {
    Source::Feed { feed }
}

/// At most 60 s old, as wide as the feed takes.
pub fn of_pyth() -> Source {
    Source::Pyth { contract: text("pyth"), id: id(), maximum_age: 60, maximum_confidence: None }
}

/// Grows by at most 1 % a day.
pub fn of_hub() -> Source {
    of_rate("hub")
}

pub fn of_rate(contract: &str) -> Source {
    Source::Rate {
        contract: text(contract),
        query: Binary::from(br#"{"state":{}}"#),
        path: vec!["state".into(), "exchange_rate".into()],
        maximum_growth: "0.01".parse().unwrap(),
    }
}

pub fn product(of: &[Source]) -> Source {
    Source::Product { of: of.to_vec() }
}

pub fn lowest(of: &[Source]) -> Source {
    Source::Lowest { of: of.to_vec() }
}

pub fn first(of: &[Source]) -> Source {
    Source::First { of: of.to_vec() }
}

pub fn quotient(of: Source, by: Source) -> Source {
    Source::Quotient { of: Box::new(of), by: Box::new(by) }
}

pub fn checked(source: Source, by: Source, within: &str) -> Source {
    Source::Checked { source: Box::new(source), by: Box::new(by), within: within.parse().unwrap() }
}

#[test]
fn a_feed_names_only_feeds_before_it() {
    for later in [X, X + 1] {
        let rule = broken_rule(try_new(with_x(product(&[of(BTC), of(later)]))).map(drop));
        assert_eq!(rule, "source.feed < the number of its own feed");
    }
    assert!(try_new(with_x(product(&[of(BTC), of(ETH)]))).is_ok());
}

#[test]
fn a_source_is_a_bounded_tree() {
    let refused = |source| out_of_range(try_new(with_x(source)).map(drop));
    let pair = |source: Source| product(&[source, of(BTC)]);
    let deep = pair(pair(pair(of(ETH))));
    assert!(try_new(with_x(deep.clone())).is_ok(), "three combinations above one another");
    assert_eq!(refused(pair(deep)), "depth of source");
    assert!(try_new(with_x(first(&vec![of(BTC); 8]))).is_ok());
    assert_eq!(refused(quotient(first(&vec![of(BTC); 8]), of(ETH))), "leaves of source");
    for of in [vec![], vec![of(BTC)]] {
        assert_eq!(refused(product(&of)), "parts of a combination");
        assert_eq!(refused(lowest(&of)), "parts of a combination");
        assert_eq!(refused(first(&of)), "parts of a combination");
    }
}

#[test]
fn what_a_leaf_asks_is_bounded_too() {
    let refused = |source| out_of_range(try_new(with_x(source)).map(drop));
    let pyth = |bytes: usize, maximum_age, widest: Option<&str>| Source::Pyth {
        contract: text("pyth"),
        id: vec![7; bytes].into(),
        maximum_age,
        maximum_confidence: widest.map(|widest| widest.parse().unwrap()),
    };
    assert!(try_new(with_x(pyth(32, 86_400, Some("0.5")))).is_ok());
    assert_eq!(refused(pyth(31, 60, None)), "length of source.id");
    assert_eq!(refused(pyth(33, 60, None)), "length of source.id");
    assert_eq!(refused(pyth(32, 0, None)), "source.maximum_age");
    assert_eq!(refused(pyth(32, 86_401, None)), "source.maximum_age");
    assert_eq!(refused(pyth(32, 60, Some("0"))), "source.maximum_confidence");
    assert_eq!(refused(pyth(32, 60, Some("1"))), "source.maximum_confidence");

    let rate = |query: usize, path: &[&str], growth: &str| Source::Rate {
        contract: text("hub"),
        query: vec![b'1'; query].into(),
        path: path.iter().map(|name| (*name).to_string()).collect(),
        maximum_growth: growth.parse().unwrap(),
    };
    assert!(try_new(with_x(rate(1_024, &["a"; 8], "1"))).is_ok());
    assert_eq!(refused(rate(0, &["a"], "0")), "length of source.query");
    assert_eq!(refused(rate(1_025, &["a"], "0")), "length of source.query");
    assert_eq!(refused(rate(1, &[], "0")), "length of source.path");
    assert_eq!(refused(rate(1, &["a"; 9], "0")), "length of source.path");
    assert_eq!(refused(rate(1, &[""], "0")), "length of a name in source.path");
    assert_eq!(refused(rate(1, &["a"], "-0.1")), "source.maximum_growth");
    assert_eq!(refused(rate(1, &["a"], "1.1")), "source.maximum_growth");
    for within in ["0", "1"] {
        assert_eq!(refused(checked(of(BTC), of(ETH), within)), "source.within");
    }
    let nobody =
        Source::Pyth { contract: "nobody".into(), id: id(), maximum_age: 60, maximum_confidence: None };
    assert_eq!(code(try_new(with_x(product(&[of(BTC), nobody]))).map(drop)), "E0008");
}
