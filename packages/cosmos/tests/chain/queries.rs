//! Every question of every contract by gRPC and by REST, and lists that are long.

use std::collections::BTreeSet;

use cosmrs::AccountId;
use cosmwasm_std::{to_json_vec, Binary, Coin};
use sdp_cosmos::{wasm, Cosmos, Options, Refusal, Stage};
use sdp_network::{Actions, Network};
use sdp_types::record::{key, tag};
use sdp_types::units::Usd;
use serde_json::{json, Value};
use sha2::{Digest, Sha256};

use crate::common;
use crate::localnet::{get, Node};
use crate::look::{questions, raw_records_decode, Question, CONTRACTS};
use crate::stage::{self, PLENTY};

/// Providers in one vault, and traders with accounts.
const POSITIONS: usize = 10_000;
const ACCOUNTS: usize = 2_000;
/// Messages of one transaction.
const TOGETHER: usize = 250;

#[test]
#[ignore = "needs a localnet"]
fn every_question_that_the_schemas_know_has_the_same_answer_by_grpc_and_by_rest() {
    let (mut chain, _) = stage::deployed(common::client(), "queries", stage::manifest("queries"));
    stage::busy(&mut chain);
    let questions = questions(&chain);
    let contracts = CONTRACTS.iter().chain(&["lens"]);
    contracts.for_each(|contract| covers_its_schema(contract, &questions));

    let node = Node::shared();
    let height = chain.block().unwrap().height;
    let (mut answered, mut refused) = (0, 0);
    for question in &questions {
        let contract = chain.contract(question.contract).unwrap();
        let asked = to_json_vec(&question.msg).unwrap();
        let by_grpc = chain.client().smart_json(contract.as_str(), asked.clone(), Some(height));
        let by_rest = rest(&node, contract.as_str(), "smart", &asked, height);
        match (by_grpc, by_rest) {
            (Ok(answer), Ok(text)) => {
                assert_eq!(answer.height, height);
                let answer = String::from_utf8(answer.value).unwrap();
                assert_eq!(text.trim_end(), format!("{{\"data\":{answer}}}"), "{question}");
                answered += 1;
            }
            (Err(refusal), Err(text)) => {
                let text: Value = serde_json::from_str(&text).unwrap();
                let rest = Refusal::read(Stage::Query, text["message"].as_str().unwrap());
                assert_eq!((refusal.code(), refusal.to_string()), (rest.code.as_deref(), rest.text));
                assert!(rest.code.is_some(), "{question}: {refusal}");
                refused += 1;
            }
            (grpc, rest) => panic!("{question}: {grpc:?} by gRPC, {rest:?} by REST"),
        }
    }
    assert!(answered > 60 && refused > 5, "{answered} answered, {refused} refused");

    raw_records_decode(&chain);
    let raw = [
        ("oracle", tag::BOARD),
        ("oracle", tag::COVARIANCE),
        ("pool", tag::BOOK),
        ("pool", tag::LISTING),
        ("market", tag::EXPOSURE),
        ("spot", tag::EXPOSURE),
        ("reserve", tag::EXPOSURE),
        ("liquidator", tag::RECOVERIES),
    ];
    for (name, tag) in raw {
        let contract = chain.contract(name).unwrap();
        let by_grpc = chain.client().raw_at(contract.as_str(), &key(tag), Some(height)).unwrap().value;
        let by_rest = rest(&node, contract.as_str(), "raw", &key(tag), height).unwrap();
        let by_rest: Value = serde_json::from_str(&by_rest).unwrap();
        assert_eq!(json!(Binary::from(by_grpc.unwrap())), by_rest["data"], "{name} {tag:x}");
    }
}

/// Asks a contract by REST. Of base64's two alphabets only that of addresses stands in one.
fn rest(node: &Node, contract: &str, how: &str, asked: &[u8], height: u64) -> Result<String, String> {
    let asked = Binary::from(asked).to_base64().replace('+', "-").replace('/', "_");
    let url = format!("{}/cosmwasm/wasm/v1/contract/{contract}/{how}/{asked}", node.rest);
    get(&url, Some(height)).unwrap()
}

/// Every variant of the schema is asked, with every field that it has, and with no other.
#[track_caller]
fn covers_its_schema(contract: &str, questions: &[Question]) {
    let path = format!("{}/../../schema/{contract}.json", env!("CARGO_MANIFEST_DIR"));
    let schema: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mut known = BTreeSet::new();
    for branch in schema["query"]["oneOf"].as_array().unwrap() {
        let (variant, fields) = branch["properties"].as_object().unwrap().iter().next().unwrap();
        known.insert(variant.as_str());
        let asked: Vec<_> = questions.iter().filter(|question| question.contract == contract).collect();
        let asked = asked.iter().filter(|question| question.variant() == variant);
        let given: BTreeSet<_> =
            asked.flat_map(|question| question.msg[variant].as_object().unwrap().keys()).collect();
        let fields: BTreeSet<_> =
            fields["properties"].as_object().into_iter().flat_map(|all| all.keys()).collect();
        assert!(
            questions.iter().any(|q| q.contract == contract && q.variant() == variant),
            "{contract}: {variant}"
        );
        assert_eq!(fields, given, "{contract}: {variant}");
    }
    let unknown = questions.iter().find(|q| q.contract == contract && !known.contains(q.variant()));
    assert!(unknown.is_none(), "{unknown:?}");
}

#[test]
#[ignore = "needs a localnet"]
fn lists_of_ten_thousand_positions_and_two_thousand_accounts_are_read_to_their_end() {
    let (mut chain, _) = stage::deployed(common::client(), "lists", stage::manifest("lists"));
    chain.publish_first_prices().unwrap();
    // a name of this test's own: many transactions of one account are on their way
    let whale = "the whale of long lists";
    stage::give(&mut chain, &[(whale, 3_000_000)]);
    stage::provide(&mut chain, whale, 1_000_000, 100_000);

    let start = std::time::Instant::now();
    let owners = owners(&chain, POSITIONS);
    let pool = chain.contract("pool").unwrap();
    let coins = [Coin::new(11_000_000_u128, "uatom")];
    let deposits = owners.iter().map(|owner| {
        let deposit = json!({"deposit": {"beneficiary": owner}});
        wasm::execute(&address(&chain, whale), pool.as_str(), &deposit, &coins).unwrap()
    });
    all(&chain, whale, deposits.collect());
    eprintln!("{POSITIONS} positions in {:?}", start.elapsed());

    let start = std::time::Instant::now();
    let sdusd = chain.contract("sdusd").unwrap();
    let market = chain.contract("market").unwrap();
    // two numbers each
    let accounts: Vec<_> =
        owners[..ACCOUNTS / 2].iter().flat_map(|owner| [(owner, 3_u16), (owner, 500)]).collect();
    let deposits = accounts.iter().map(|(owner, account)| {
        let hook = json!({"deposit": {"beneficiary": owner, "account": account}});
        let send = json!({"send": {"contract": market, "amount": Usd::whole(1), "msg": Binary::from(to_json_vec(&hook).unwrap())}});
        wasm::execute(&address(&chain, whale), sdusd.as_str(), &send, &[]).unwrap()
    });
    all(&chain, whale, deposits.collect());
    eprintln!("{ACCOUNTS} accounts in {:?}", start.elapsed());

    let start = std::time::Instant::now();
    let height = chain.block().unwrap().height;
    let node = Node::shared();
    let mut expected: Vec<_> = owners.iter().map(|owner| canonical(owner)).collect();
    expected.push(canonical(&address(&chain, whale)));
    expected.sort();
    for ask in [&by_grpc as &Ask<'_>, &by_rest] {
        let positions = pages(|last, limit| {
            let after = last.map(|last| last["owner"].clone());
            let question = json!({"positions": {"vault": 0, "start_after": after, "limit": limit}});
            ask(&chain, &node, "pool", &question, height)
        });
        let owners: Vec<_> =
            positions.iter().map(|position| canonical(position["owner"].as_str().unwrap())).collect();
        assert!(owners == expected, "{} positions instead of {}", owners.len(), expected.len());
        let others = positions.iter().filter(|position| position["collateral"] == "11000000");
        assert_eq!(others.count(), POSITIONS);
    }
    let mut expected: Vec<_> =
        accounts.iter().map(|(owner, number)| (canonical(owner), u64::from(*number))).collect();
    expected.sort();
    let found = pages(|last, limit| {
        let after = last.map(|last| json!({"owner": last["owner"], "account": last["account"]}));
        by_grpc(&chain, &node, "market", &json!({"accounts": {"start_after": after, "limit": limit}}), height)
    });
    let found: Vec<_> = found
        .iter()
        .map(|account| (canonical(account["owner"].as_str().unwrap()), account["account"].as_u64().unwrap()))
        .collect();
    assert!(found == expected, "{} accounts instead of {}", found.len(), expected.len());
    eprintln!("read in {:?}", start.elapsed());
    chain.check().unwrap();
}

type Ask<'a> = dyn Fn(&Cosmos, &Node, &str, &Value, u64) -> Value + 'a;

fn by_grpc(chain: &Cosmos, _: &Node, contract: &str, question: &Value, height: u64) -> Value {
    let contract = chain.contract(contract).unwrap();
    chain.client().smart_at(contract.as_str(), question, Some(height)).unwrap().value
}

fn by_rest(chain: &Cosmos, node: &Node, contract: &str, question: &Value, height: u64) -> Value {
    let contract = chain.contract(contract).unwrap();
    let text = rest(node, contract.as_str(), "smart", &to_json_vec(question).unwrap(), height).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["data"].take()
}

/// A list to its end, the largest pages first and then such as the contract gives when nobody says how many.
fn pages(ask: impl Fn(Option<&Value>, Option<u32>) -> Value) -> Vec<Value> {
    let mut all: Vec<Value> = vec![];
    loop {
        // the last five hundred in small pages
        let limit = (all.len() % 10_000 < 9_500).then_some(100);
        let Value::Array(page) = ask(all.last(), limit) else { panic!("no list") };
        assert!(page.len() <= limit.map_or(30, |_| 100));
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

/// Addresses in no order.
fn owners(chain: &Cosmos, count: usize) -> Vec<String> {
    let address = |n: usize| {
        let bytes = Sha256::digest(n.to_be_bytes());
        AccountId::new(chain.client().prefix(), &bytes[..20]).unwrap().to_string()
    };
    (0..count).map(address).collect()
}

fn canonical(address: &str) -> Vec<u8> {
    address.parse::<AccountId>().unwrap().to_bytes()
}

fn address(chain: &Cosmos, name: &str) -> String {
    chain.address(name).unwrap().into_string()
}

/// Many messages of one account, in few transactions.
fn all(chain: &Cosmos, signer: &str, messages: Vec<cosmrs::Any>) {
    let transactions = messages.chunks(TOGETHER).map(<[_]>::to_vec).collect();
    let options = Options { timeout: std::time::Duration::from_secs(120), ..Options::limit(PLENTY) };
    for result in chain.client().broadcast_many(signer, transactions, &options) {
        result.unwrap();
    }
    chain.check().unwrap();
}
