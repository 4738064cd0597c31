//! Against a real chain:
//!
//! ```sh
//! scripts/build-wasm && scripts/localnet up && source .sdp/localnet/network.env
//! cargo test -p sdp-cosmos -- --ignored
//! ```

#![allow(clippy::unwrap_used, clippy::panic)]

use std::time::Duration;

use cosmwasm_std::Coin;
use sdp_cosmos::{bank, wasm, Client, Error, Gas, Keys, Options, Stage};
use serde_json::{json, Value};

mod common;

use common::{binary, client, denom, keys, node, wasm as oracle_wasm};

fn oracle(owner: &str) -> Value {
    json!({
        "owner": owner, "guardian": null, "publishers": [owner], "quorum": 1,
        "intervals": { "seconds": 10, "slots": 16, "grace": 10 },
        "staleness": { "trade": 60, "liquidate": 120, "view": 600 },
        "gap": 60, "average_seconds": 600, "change_delay": 0,
        "feeds": [{ "symbol": "BTC", "deviation_band": "0.5", "maximum_confidence": "0.1" }],
        "covariance": { "sigmas": ["0.05"], "correlations": [["1"]] }
    })
}

/// The oracle's code, stored once a chain.
fn code(client: &Client) -> u64 {
    let wasm = oracle_wasm();
    let checksum = wasm::checksum(&wasm).unwrap();
    let known = client.codes().unwrap().into_iter().find(|code| code.checksum == checksum);
    known.map_or_else(|| client.store_code("0", &wasm, &Options::default()).unwrap(), |code| code.id)
}

/// A new oracle of account 0, whose salt nobody has used.
fn new_oracle(client: &Client) -> String {
    let wasm = oracle_wasm();
    let checksum = wasm::checksum(&wasm).unwrap();
    let owner = client.address("0").unwrap();
    let salt = common::unique().to_be_bytes();
    let new = wasm::New { code: code(client), salt: &salt, label: "oracle", admin: Some(&owner), funds: &[] };
    let expected = client.instantiate2_address(&checksum, &owner, &salt).unwrap();
    assert_eq!(client.contract_info(&expected).unwrap(), None);
    let address = client.instantiate2("0", &new, &oracle(&owner), &Options::default()).unwrap();
    assert_eq!(address, expected);
    let info = client.contract_info(&address).unwrap().unwrap();
    assert_eq!(client.code(info.code).unwrap().unwrap().checksum, checksum);
    assert_eq!(client.code(u64::MAX).unwrap(), None);
    assert_eq!((info.code, info.admin, info.creator), (new.code, Some(owner.clone()), owner));
    address
}

fn publish(price: &str, time: u64) -> Value {
    json!({ "publish": { "prices": [
        { "feed": 0, "price": price, "confidence": "0.001", "publish_time": time }
    ] } })
}

#[test]
#[ignore = "needs a localnet"]
fn coins_arrive_and_an_outcome_says_when_and_for_how_much_gas() {
    let client = client();
    let (from, to, denom) = (client.address("0").unwrap(), client.address("dora").unwrap(), denom(&client));
    let before = client.balance(&to, &denom).unwrap();
    let coins = [Coin::new(1_234_u128, &denom)];
    let message = bank::send(&from, &to, &coins);
    let outcome = client.broadcast("0", vec![message.clone(), message], &Options::default()).unwrap();
    assert_eq!(client.balance(&to, &denom).unwrap(), before + cosmwasm_std::Uint128::new(2_468));
    assert_eq!((outcome.code, outcome.data.len()), (0, 2));
    assert!(outcome.gas_used > 50_000 && outcome.gas_used <= outcome.gas_wanted);
    assert!(outcome.events.iter().any(|event| event.ty == "transfer"));
    assert_eq!(client.block_time(outcome.height).unwrap(), outcome.time);
    assert_eq!(client.find(&outcome.hash).unwrap(), Some(outcome.clone()));
    let latest = client.latest_block().unwrap();
    assert!(latest.height >= outcome.height && latest.time >= outcome.time);
}

#[test]
#[ignore = "needs a localnet"]
fn a_refusal_is_in_the_contracts_words_wherever_it_happens() {
    let client = client();
    let contract = new_oracle(&client);
    let (owner, anna) = (client.address("0").unwrap(), client.address("anna").unwrap());
    let coins = [Coin::new(1_000_000_u128, denom(&client))];
    client.broadcast("0", vec![bank::send(&owner, &anna, &coins)], &Options::default()).unwrap();
    let message = wasm::execute(&anna, &contract, &publish("60000", 1), &[]).unwrap();
    let expected = format!("E0201 NotPublisher {{ sender: {anna} }}");

    let simulated = client.broadcast("anna", vec![message.clone()], &Options::default());
    let executed = client.broadcast("anna", vec![message], &Options::limit(400_000));
    for (result, stage) in [(simulated, Stage::Simulate), (executed, Stage::Deliver)] {
        let Err(Error::Refused(refusal)) = result else { panic!("{result:?}") };
        assert_eq!((refusal.text.as_str(), refusal.code.as_deref()), (expected.as_str(), Some("E0201")));
        assert_eq!((refusal.stage, refusal.message, refusal.crashed), (stage, Some(0), false));
        assert_eq!(refusal.outcome.is_some(), stage == Stage::Deliver);
    }

    let error = client.smart(&contract, &json!({ "price": { "feed": 9 } })).unwrap_err();
    assert_eq!(error.code(), Some("E0202"), "{error}");
    assert_eq!(error.to_string(), "E0202 UnknownFeed { feed: 9 }");
}

#[test]
#[ignore = "needs a localnet"]
fn too_little_gas_is_an_error_of_its_own() {
    let client = client();
    let contract = new_oracle(&client);
    let owner = client.address("0").unwrap();
    let time = client.latest_block().unwrap().time.seconds();
    let message = wasm::execute(&owner, &contract, &publish("60000", time), &[]).unwrap();
    let error = client.broadcast("0", vec![message.clone()], &Options::limit(45_000)).unwrap_err();
    assert!(matches!(error, Error::OutOfGas { wanted: 45_000, outcome: Some(_), .. }), "{error:?}");
    let error = client.broadcast("0", vec![message], &Options::limit(1_000)).unwrap_err();
    assert!(matches!(error, Error::OutOfGas { wanted: 1_000, outcome: None, .. }), "{error:?}");
}

#[test]
#[ignore = "needs a localnet"]
fn questions_can_be_asked_of_a_height() {
    let client = client();
    let contract = new_oracle(&client);
    let owner = client.address("0").unwrap();
    let mut heights = vec![];
    for price in ["60000", "60001"] {
        let time = client.latest_block().unwrap().time.seconds();
        let message = wasm::execute(&owner, &contract, &publish(price, time), &[]).unwrap();
        heights.push(client.broadcast("0", vec![message], &Options::default()).unwrap().height);
        client.wait_for_height(heights[0] + 3, Duration::from_secs(20)).unwrap();
    }
    let question = json!({ "price": { "feed": 0 } });
    for (height, price) in heights.iter().zip(["60000", "60001"]) {
        let answer = client.smart_at(&contract, &question, Some(*height)).unwrap();
        assert_eq!((answer.height, answer.value["quote"]["price"].as_str()), (*height, Some(price)));
        // and what the contract takes for the present is that block's time
        let published = answer.value["quote"]["publish_time"].as_u64().unwrap();
        let age = client.block_time(*height).unwrap().seconds() - published;
        assert_eq!(answer.value["age"].as_u64(), Some(age));
    }
    let latest = client.smart_at(&contract, &question, None).unwrap();
    assert!(latest.height >= heights[1] && latest.value["quote"]["price"] == "60001");

    let version = client.raw(&contract, b"contract_info").unwrap().unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&version).unwrap()["contract"], "sdp-oracle");
    let before = client.raw_at(&contract, b"contract_info", Some(heights[0])).unwrap();
    assert_eq!((before.value, before.height), (Some(version), heights[0]));
    assert_eq!(client.raw(&contract, b"no such record").unwrap(), None);
}

#[test]
#[ignore = "needs a localnet"]
fn many_transactions_of_one_signer_are_on_their_way_at_once_and_none_is_done_twice() {
    let client = client();
    let (from, to, denom) = (client.address("0").unwrap(), client.address("bob").unwrap(), denom(&client));
    let before = client.balance(&to, &denom).unwrap();
    let sends = (0..300_u128).map(|n| vec![bank::send(&from, &to, &[Coin::new(1_000_000 + n, &denom)])]);
    let start = std::time::Instant::now();
    let results = client.broadcast_many("0", sends.collect(), &Options::limit(120_000));
    eprintln!("300 transactions in {:?}", start.elapsed());
    let mut hashes: Vec<_> = results.into_iter().map(|result| result.unwrap().hash).collect();
    hashes.sort();
    hashes.dedup();
    assert_eq!(hashes.len(), 300);
    let sent = 300 * 1_000_000 + 299 * 300 / 2;
    assert_eq!(client.balance(&to, &denom).unwrap(), before + cosmwasm_std::Uint128::new(sent));
}

#[test]
#[ignore = "needs a localnet"]
fn a_sequence_that_somebody_else_used_is_noticed() {
    let (one, other) = (client(), client());
    let (from, to, denom) = (one.address("0").unwrap(), one.address("kim").unwrap(), denom(&one));
    let before = one.balance(&to, &denom).unwrap();
    for gas in [Gas::Limit(120_000), Gas::Simulate { percent: 150 }] {
        for client in [&one, &other, &other, &one] {
            let options = Options { gas, ..Options::default() };
            client.send("0", &[bank::send(&from, &to, &[Coin::new(1_u128, &denom)])], &options).unwrap();
        }
    }
    let last = vec![bank::send(&from, &to, &[Coin::new(1_u128, &denom)])];
    one.broadcast("0", last, &Options::limit(120_000)).unwrap();
    assert_eq!(one.balance(&to, &denom).unwrap(), before + cosmwasm_std::Uint128::new(9));
}

#[test]
#[ignore = "needs a localnet"]
fn many_who_sign_with_one_key_at_once_get_all_in_and_each_once() {
    const EACH: u128 = 25;
    let client = client();
    let (from, to, denom) = (client.address("0").unwrap(), client.address("lars").unwrap(), denom(&client));
    let before = client.balance(&to, &denom).unwrap();
    // of different amounts: the same message with the same sequence would be the same transaction
    let send = |amount: u128| vec![bank::send(&from, &to, &[Coin::new(amount, &denom)])];
    let signers: Vec<_> = (1..=8).map(|amount| (amount, common::client())).collect();
    std::thread::scope(|scope| {
        for (amount, signer) in &signers {
            scope.spawn(move || {
                for _ in 0..EACH {
                    signer.broadcast("0", send(*amount), &Options::limit(120_000)).unwrap();
                }
            });
        }
    });
    let sent = EACH * signers.iter().map(|(amount, _)| amount).sum::<u128>();
    assert_eq!(client.balance(&to, &denom).unwrap(), before + cosmwasm_std::Uint128::new(sent));
}

#[test]
#[ignore = "needs a localnet"]
fn what_can_not_be_sent_says_why() {
    let client = client();
    let denom = denom(&client);
    let from = client.address("nobody has this account").unwrap();
    let send = || vec![bank::send(&from, &from, &[Coin::new(1_u128, &denom)])];
    let error = client.broadcast("nobody has this account", send(), &Options::default()).unwrap_err();
    assert!(matches!(&error, Error::NoAccount { address } if *address == from), "{error}");

    let owner = client.address("0").unwrap();
    let too_much = Coin::new(u128::MAX, &denom);
    let message = vec![bank::send(&owner, &from, &[too_much])];
    let Err(Error::Refused(refusal)) = client.broadcast("0", message, &Options::limit(120_000)) else {
        panic!()
    };
    assert!(refusal.text.contains("is smaller than") && refusal.code.is_none(), "{refusal}");

    let error = Client::connect("grpc://127.0.0.1:1").unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error}");
}

#[test]
#[ignore = "needs a localnet"]
fn the_chains_own_binary_signs() {
    let client = Client::connect(&node()).unwrap().with_keys(Keys::from_binary(binary()));
    let (from, denom) = (client.address("main").unwrap(), denom(&common::client()));
    assert_eq!(from, keys().address("0", client.prefix()).unwrap());
    let options = Options { gas_price: Some(format!("0.01{denom}").parse().unwrap()), ..Options::default() };
    let send = bank::send(&from, &from, &[Coin::new(1_u128, &denom)]);
    let outcome = client.broadcast("main", vec![send], &options).unwrap();
    assert_eq!(outcome.code, 0);

    // Larger than what fits into an argument.
    let code = wasm::store(&from, &oracle_wasm()).unwrap();
    assert!(code.value.len() > 100_000);
    let outcome = client.broadcast("main", vec![code], &options).unwrap();
    assert_eq!(outcome.data.len(), 1);
}

#[test]
#[ignore = "needs a localnet with a short voting period"]
fn governance_pins_a_code() {
    let client = client();
    let message = sdp_cosmos::gov::pin_codes(&client.governance().unwrap(), &[code(&client)]);
    let options = Options::default();
    client.govern(&["0"], vec![message], "Pin the oracle", &options, Duration::from_secs(60)).unwrap();
    let wrong = sdp_cosmos::gov::pin_codes(&client.address("0").unwrap(), &[1]);
    let error = client.propose("0", vec![wrong], "Not by whoever proposes", &options).unwrap_err();
    assert!(matches!(error, Error::Refused(_)), "{error}");
}
