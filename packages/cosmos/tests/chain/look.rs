//! Everything that can be asked, with arguments that mean something in [`crate::stage::busy`], and what is answered.

use std::collections::BTreeMap;

use cosmwasm_std::to_json_binary;
use sdp_cosmos::Cosmos;
use sdp_network::{Actions, Kind, Network, Swapping, Synthetics};
use sdp_types::board::{Board, Covariance};
use sdp_types::book::{Book, Listing};
use sdp_types::exposure::{Exposure, Recoveries};
use sdp_types::record::{key, tag, Record};
use sdp_types::{lens, liquidator, oracle, pool};
use serde_json::{json, Value};

/// Contracts with messages of their own.
pub const CONTRACTS: [&str; 6] = ["oracle", "pool", "market", "liquidator", "spot", "reserve"];

/// A question to a contract.
#[derive(Clone, Debug)]
pub struct Question {
    pub contract: &'static str,
    /// `{"position": {…}}`
    pub msg: Value,
}

impl Question {
    /// `position`
    pub fn variant(&self) -> &str {
        self.msg.as_object().unwrap().keys().next().unwrap()
    }
}

impl core::fmt::Display for Question {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} {}", self.contract, self.msg)
    }
}

/// At least one question of each kind. Answers to some are refusals.
pub fn questions(chain: &Cosmos) -> Vec<Question> {
    let of = |name: &str| chain.address(name).unwrap().into_string();
    let mut all = vec![];
    let mut add = |contract, msg| all.push(Question { contract, msg });
    for contract in CONTRACTS {
        for variant in ["config", "changes", "ownership"] {
            add(contract, json!({variant: {}}));
        }
    }
    let interval = chain.now().unwrap() / u64::from(chain.manifest().oracle.interval_seconds);
    add("oracle", json!({"board": {}}));
    add("oracle", json!({"price": {"feed": 3}}));
    add("oracle", json!({"price": {"feed": 77}}));
    (interval - 10..=interval)
        .for_each(|interval| add("oracle", json!({"interval": {"interval": interval}})));
    add("oracle", json!({"covariance": {}}));
    add("oracle", json!({"measurement": {}}));
    add("oracle", json!({"regimes": {}}));

    add("pool", json!({"vaults": {}}));
    add("lens", json!({"markets": {}}));
    for name in ["whale", "anna", "olga", "nobody"] {
        add("pool", json!({"position": {"vault": 0, "owner": of(name)}}));
        add("lens", json!({"maximum_mint": {"vault": 0, "owner": of(name)}}));
        add("lens", json!({"preview_mint": {"vault": 0, "owner": of(name), "amount": "200000000"}}));
        add("lens", json!({"preview_exit": {"vault": 0, "owner": of(name), "amount": "5000000"}}));
    }
    add("pool", json!({"position": {"vault": 9, "owner": of("whale")}}));
    for vault in 0..3 {
        add("pool", json!({"positions": {"vault": vault}}));
    }
    add("pool", json!({"positions": {"vault": 0, "start_after": of("anna"), "limit": 1}}));
    add("pool", json!({"audit": {}}));
    add("lens", json!({"ceilings": {}}));
    for question in ["config", "health", "solvency", "contributions", "regimes", "estate"] {
        add("lens", json!({ question: {} }));
    }

    add("lens", json!({"perps": {"market": of("market")}}));
    for name in ["bob", "carl", "eve", "nobody"] {
        add("lens", json!({"account": {"market": of("market"), "owner": of(name), "account": 0}}));
        for size in ["0.01", "-0.5", "100000"] {
            let market = of("market");
            let trade = json!({"market": market, "owner": of(name), "account": 0, "perp": 0, "size": size});
            add("lens", json!({"preview_trade": trade}));
        }
    }
    add("market", json!({"accounts": {}}));
    add("market", json!({"accounts": {"start_after": {"owner": of("bob"), "account": 0}, "limit": 2}}));
    (0..4).for_each(|perp| add("lens", json!({"orders": {"market": of("market"), "perp": perp}})));
    add("lens", json!({"orders": {"market": of("market"), "perp": 0, "start_after": 1, "limit": 3}}));
    add("lens", json!({"totals": {"market": of("market")}}));
    let ids = json!([{"owner": of("bob"), "account": 0}, {"owner": of("nobody"), "account": 7}]);
    add("lens", json!({"accounts": {"market": of("market"), "accounts": ids}}));

    add("liquidator", json!({"auctions": {}}));
    add("liquidator", json!({"auctions": {"start_after": 1, "limit": 1}}));
    for auction in [1, 99] {
        add("liquidator", json!({"auction": {"auction": auction}}));
        add("liquidator", json!({"quote": {"auction": auction, "amount": "1000000"}}));
    }
    add("liquidator", json!({"totals": {}}));
    add("liquidator", json!({"backstop": {}}));
    add("liquidator", json!({"backstop_account": {"owner": of("whale")}}));
    add("liquidator", json!({"notes": {}}));
    add("liquidator", json!({"note_auctions": {"start_after": 1, "limit": 3}}));
    add("spot", json!({"synthetics": {}}));
    (0..3).for_each(|number| add("spot", json!({"orders": {"synthetic": number}})));
    add("spot", json!({"orders": {"synthetic": 0, "start_after": 0, "limit": 3}}));
    ["kim", "eve", "nobody"].iter().for_each(|name| add("spot", json!({"claim": {"owner": of(name)}})));
    add("spot", json!({"claims": {}}));
    add("spot", json!({"claims": {"start_after": of("eve"), "limit": 1}}));
    for exact in [json!({"in": {}}), json!({"in": {"least": "1"}}), json!({"out": {"amount": "100000"}})] {
        (0..3).for_each(|number| {
            add("spot", json!({"preview_buy": {"synthetic": number, "usd": "1000000000", "exact": exact}}));
        });
    }
    for exact in [json!({"in": {}}), json!({"in": {"least": "1"}}), json!({"out": {"usd": "1000000"}})] {
        (0..3).for_each(|number| {
            add("spot", json!({"preview_sell": {"synthetic": number, "amount": "100000", "exact": exact}}));
        });
    }
    add("spot", json!({"totals": {}}));

    add("reserve", json!({"tokens": {}}));
    add("reserve", json!({"totals": {}}));
    for amount in ["1", "1000000000", "1000000000000000"] {
        (0..2).for_each(|token| {
            add("reserve", json!({"preview_in": {"token": token, "amount": amount}}));
            add("reserve", json!({"preview_out": {"token": token, "amount": amount}}));
        });
    }

    add("lens", json!({"redeemed": {"holder": of("whale")}}));
    add("lens", json!({"offer": {"vault": 0, "owner": of("whale")}}));
    add("lens", json!({"minter": {"owner": of("whale")}}));
    let delegate = json!({"market": of("market"), "owner": of("bob"), "account": 0, "delegate": of("carl")});
    add("lens", json!({"delegation": delegate}));
    all
}

/// What is answered as of a block: JSON, or the refusal.
pub fn answers(chain: &Cosmos, questions: &[Question], height: u64) -> BTreeMap<String, String> {
    let answer = |question: &Question| {
        let contract = chain.contract(question.contract).unwrap();
        let answer = chain.ask(&contract, &to_json_binary(&question.msg).unwrap(), Some(height));
        let text = match answer {
            Ok(answer) => String::from_utf8(answer.to_vec()).unwrap(),
            Err(refused) if refused.kind == Kind::Refused && refused.code.is_some() => refused.text,
            Err(other) => panic!("{question}: {other}"),
        };
        (question.to_string(), text)
    };
    questions.iter().map(answer).collect()
}

/// Everything that the contracts and their tokens have stored, as of a block.
pub fn records(chain: &Cosmos, height: u64) -> BTreeMap<String, BTreeMap<Vec<u8>, Vec<u8>>> {
    let contracts = chain.names().contracts().iter();
    contracts
        .map(|(name, address)| {
            let records = chain.client().records(address.as_str(), height).unwrap();
            assert!(!records.is_empty(), "{name}");
            (name.clone(), records)
        })
        .collect()
}

/// Whether two looks are the same, and where not.
#[track_caller]
pub fn assert_same<K: Ord + core::fmt::Debug, V: PartialEq + core::fmt::Debug>(
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
) {
    for (key, then) in before {
        assert_eq!(Some(then), after.get(key), "{key:?}");
    }
    assert_eq!(before.len(), after.len());
}

/// Every record that contracts and tools read raw can be read, and says what the contracts answer.
pub fn raw_records_decode(chain: &Cosmos) {
    let board = record::<Board>(chain, "oracle", tag::BOARD);
    let shown: oracle::BoardResponse = chain.query("oracle", &oracle::QueryMsg::Board {}).unwrap();
    let quotes: Vec<_> = shown.prices.iter().map(|price| price.quote).collect();
    assert_eq!((board.quotes, board.written_at), (quotes, shown.written_at));
    let covariance = record::<Covariance>(chain, "oracle", tag::COVARIANCE);
    assert_eq!(covariance.sigmas.len(), chain.manifest().feeds.len());
    let book = record::<Book>(chain, "pool", tag::BOOK);
    assert_eq!(book.ledger, chain.audit().unwrap().ledger);
    let listing = record::<Listing>(chain, "pool", tag::LISTING);
    let markets: Vec<pool::MarketResponse> = chain.query("lens", &lens::QueryMsg::Markets {}).unwrap();
    let lines: Vec<_> = listing.markets.iter().map(|listed| listed.line).collect();
    assert_eq!(lines, markets.iter().map(|market| market.line).collect::<Vec<_>>());
    let exposure = record::<Exposure>(chain, "market", tag::EXPOSURE);
    let totals = chain.market_totals("market").unwrap();
    assert_eq!(exposure, totals.exposure);
    let exposure = record::<Exposure>(chain, "spot", tag::EXPOSURE);
    assert_eq!(exposure, chain.synthetic_totals().unwrap().exposure);
    let exposure = record::<Exposure>(chain, "reserve", tag::EXPOSURE);
    assert_eq!(exposure, chain.reserve_totals().unwrap().exposure);
    let recoveries = record::<Recoveries>(chain, "liquidator", tag::RECOVERIES);
    let totals: liquidator::TotalsResponse =
        chain.query("liquidator", &liquidator::QueryMsg::Totals {}).unwrap();
    assert_eq!(recoveries, totals.recoveries);
}

/// A record that others read raw, decoded.
fn record<R: Record>(chain: &Cosmos, contract: &str, tag: u8) -> R {
    let bytes = chain.raw(&chain.contract(contract).unwrap(), &key(tag)).unwrap().unwrap();
    // behind the market's exposure lies what only the market reads
    R::decode_first(&bytes).unwrap().0
}
