//! A hostile bonded market on a real chain: it traps, burns gas, re-enters and lies, and no other message costs more for it.

use cosmwasm_std::{to_json_binary, Binary};
use sdp_cosmos::{wasm, Cosmos, Error, Options};
use sdp_network::{events, Actions, Bonding, Manifest, Message, Network, New, Stored, DESK};
use sdp_types::bonded::DeskMsg;
use sdp_types::events::BondedQuarantined;
use sdp_types::exposure::Exposure;
use sdp_types::pool::MarketMsg;
use sdp_types::record::Record;
use sdp_types::units::{Amount, SignedUsd, Usd};
use serde_json::{json, Value};

use crate::common;
use crate::stage;

const BURNS: u64 = 5_000_000;

#[test]
#[ignore = "needs a localnet"]
fn a_market_that_traps_burns_gas_reenters_and_lies_stops_nobody_and_costs_nobody() {
    let mut manifest = stage::manifest("hostile");
    manifest.bonded = Manifest::with_default_desk().unwrap().bonded;
    let (mut chain, _) = stage::deployed(common::client(), "hostile", manifest);
    chain.publish_first_prices().unwrap();
    stage::give(&mut chain, &[("whale", 1_100_000), ("eve", 0), ("kim", 0)]);
    stage::provide(&mut chain, "whale", 1_000_000, 500_000);
    let bond = Usd::whole(25_000);
    chain.transfer("whale", "sdusd", "eve", Amount::new(bond.raw() + 10)).unwrap();
    make(&mut chain);
    chain.bond_market("eve", "hostile", bond).unwrap();
    says(&mut chain, 0);
    // what is stored for the first time is stored then
    gas(&mut chain);
    let before = gas(&mut chain);

    // a trap is the end of its own message only, and nobody calls it
    let error = chain.execute("eve", "hostile", &json!({"panic": {}}), &[]).unwrap_err();
    assert_eq!(error.code, None, "{error}");
    assert!(chain.query::<Value>("hostile", &json!({"panic": {}})).is_err());
    let market = chain.contract("hostile").unwrap();
    let call =
        wasm::execute(chain.address("eve").unwrap().as_str(), market.as_str(), &json!({"burn": {}}), &[]);
    let burnt = chain.client().broadcast("eve", vec![call.unwrap()], &Options::limit(BURNS)).unwrap_err();
    assert!(matches!(burnt, Error::OutOfGas { .. }), "{burnt:?}");
    chain.mark_market("kim", "hostile").unwrap();
    chain.sync("kim").unwrap();

    // while sdUSD comes to it: all of its bond twice
    let eve = chain.address("eve").unwrap().into_string();
    let draw = MarketMsg::Draw { amount: bond, recipient: eve, accepted_haircut: None };
    let draw = relayed(&chain, to_json_binary(&draw).unwrap());
    chain.execute("eve", "hostile", &json!({"reenter": {"send": [draw, draw]}}), &[]).unwrap();
    stage::refuses(chain.send_tokens("eve", "sdusd", "hostile", Amount::new(1), &json!({})), "E1009");
    chain.execute("eve", "hostile", &json!({"reenter": {"send": [draw]}}), &[]).unwrap();
    chain.send_tokens("eve", "sdusd", "hostile", Amount::new(1), &json!({})).unwrap();

    // all of its credit, 100 kB under its key, and then a lie
    says(&mut chain, 25_000);
    gas_is_like(&before, &gas(&mut chain));
    let large = json!({"act": {"show": Binary::from(vec![0xff; 100_000]), "send": []}});
    chain.execute("eve", "hostile", &large, &[]).unwrap();
    gas_is_like(&before, &gas(&mut chain));
    let told = events::<BondedQuarantined>(&chain.mark_market("kim", "hostile").unwrap()).unwrap();
    assert_eq!(told[0].code, "E1028");
    gas_is_like(&before, &gas(&mut chain));
    stage::refuses(chain.mark_market("kim", "hostile"), "E1006");

    // it drew its bond and claims as much: the providers' loss is its credit less its bond, and no more
    let totals = chain.bonded_totals().unwrap();
    assert_eq!(totals.used, SignedUsd::new(25_000_000_000));
    chain.check().unwrap();
}

/// Puts the double on the chain, under the name `hostile`.
fn make(chain: &mut Cosmos) {
    let path = common::builds().join("hostile.wasm");
    let bytes = std::fs::read(&path).unwrap();
    let checksum = wasm::checksum(&bytes).unwrap();
    let known = chain.client().codes().unwrap().into_iter().find(|code| code.checksum == checksum);
    let id = known
        .map_or_else(|| chain.client().store_code("0", &bytes, &stage::options()).unwrap(), |code| code.id);
    let code = Stored { id, checksum: checksum.to_hex() };
    let label = format!("hostile-{}", common::unique());
    let new = New { code, label, msg: Binary::from(b"{}"), admin: None };
    let (address, _) = chain.instantiate("eve", &new).unwrap();
    chain.names_mut().add_contract("hostile", address);
}

fn relayed(chain: &Cosmos, msg: Binary) -> Value {
    json!({"contract": chain.contract(DESK).unwrap(), "msg": msg})
}

/// It shows and pushes that it owes so many whole USD, as of the last block.
fn says(chain: &mut Cosmos, whole: i128) {
    let base = SignedUsd::new(whole * 1_000_000);
    let record = Exposure { as_of: chain.block().unwrap().time, base, ..Exposure::default() };
    let record = Binary::from(record.encode().unwrap());
    let push = relayed(chain, to_json_binary(&DeskMsg::Push { record: record.clone() }).unwrap());
    let act = json!({"act": {"show": record, "send": [push]}});
    chain.execute("eve", "hostile", &act, &[]).unwrap();
    assert!(chain.bonded_market("hostile").unwrap().quarantine.is_none());
}

/// Gas of a deposit and of a sync.
fn gas(chain: &mut Cosmos) -> [u64; 2] {
    let coins = [cosmwasm_std::Coin::new(10_000_000_u128, "uatom")];
    let pool = chain.contract("pool").unwrap();
    let deposit = Message::execute(pool, &json!({"deposit": {"beneficiary": null}}), &coins).unwrap();
    let deposit = chain.send("whale", &[deposit]).unwrap().gas_used.unwrap();
    [deposit, chain.sync("kim").unwrap().gas_used.unwrap()]
}

/// Five numbers of the desk are in its record, four of them in the pool's book: a few dozen bytes read and written, at 30 gas a byte.
#[track_caller]
fn gas_is_like(before: &[u64; 2], after: &[u64; 2]) {
    let alike = before.iter().zip(after).all(|(before, after)| before.abs_diff(*after) <= 4_000);
    assert!(alike, "{before:?} before, {after:?} after");
}
