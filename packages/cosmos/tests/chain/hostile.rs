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
    // prices fall below, and a market is opened while the regime is normal
    manifest.pool.breakers = None;
    manifest.bonded = Manifest::with_default_desk().unwrap().bonded;
    let (mut chain, _) = stage::deployed(common::client(), "hostile", manifest);
    stage::busy(&mut chain);
    // bob's order has its price, and whale's exit its
    chain.pass(6).unwrap();
    chain.sync("kim").unwrap();
    let bond = Usd::whole(25_000);
    make(&mut chain);
    let without = gas(&mut chain);
    chain.bond_market("eve", "hostile", bond).unwrap();
    says(&mut chain, 0);
    // what the pool has seen of it once
    chain.sync("kim").unwrap();
    gas_is_like(&without, &gas(&mut chain));

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

    // all of its credit, 100 kB under its key, and then a lie; a sync tells the pool of it, and everybody pays the same after and before
    says(&mut chain, 25_000);
    gas_is_like(&without, &gas(&mut chain));
    chain.sync("kim").unwrap();
    gas_is_like(&without, &gas(&mut chain));
    let large = json!({"act": {"show": Binary::from(vec![0xff; 100_000]), "send": []}});
    chain.execute("eve", "hostile", &large, &[]).unwrap();
    gas_is_like(&without, &gas(&mut chain));
    let told = events::<BondedQuarantined>(&chain.mark_market("kim", "hostile").unwrap()).unwrap();
    assert_eq!(told[0].code, "E1028");
    gas_is_like(&without, &gas(&mut chain));
    stage::refuses(chain.mark_market("kim", "hostile"), "E1006");

    // it drew its bond and claims as much: the providers' loss is its credit less its bond, and no more
    let totals = chain.bonded_totals().unwrap();
    assert_eq!(totals.used, SignedUsd::new(25_000_000_000));
    // and everything that can be done is done
    for (name, sender, messages) in others(&chain) {
        let done = chain.send(sender, &messages);
        assert!(done.is_ok(), "{name}: {done:?}");
    }
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

/// One message of each kind by people who have nothing to do with it, in an order in which all of them can be done after [`stage::busy`].
fn others(chain: &Cosmos) -> Vec<(&'static str, &'static str, Vec<Message>)> {
    let of = |name: &str| chain.address(name).unwrap().into_string();
    let (sdusd, whole) =
        (|to, usd, hook| stage::token(chain, "sdusd", to, Usd::whole(usd).raw(), &hook), Usd::whole);
    let say = |contract, msg| stage::message(chain, contract, msg);
    let coins = [cosmwasm_std::Coin::new(10_000_000_u128, "uatom")];
    let pool = chain.contract("pool").unwrap();
    let deposit = Message::execute(pool, &json!({"deposit": {"beneficiary": null}}), &coins).unwrap();
    let accounts = json!({"market": of("market"), "accounts": [{"owner": of("carl"), "account": 0}]});
    vec![
        ("sync", "kim", vec![say("pool", json!({"sync": {}}))]),
        ("deposit", "whale", vec![deposit]),
        (
            "mint",
            "whale",
            vec![say("pool", json!({"mint": {"vault": 0, "amount": whole(1_000), "recipient": null}}))],
        ),
        ("burn", "kim", vec![sdusd("pool", 10, json!({"burn": {"vault": 0, "owner": of("whale")}}))]),
        (
            "execute exit",
            "kim",
            vec![say("pool", json!({"execute_exit": {"vault": 0, "owner": of("whale")}}))],
        ),
        // the first one may wait still
        (
            "request exit",
            "emma",
            vec![say(
                "pool",
                json!({"request_exit": {"vault": 1, "amount": "1000", "accepted_haircut": null}}),
            )],
        ),
        ("margin in", "eve", vec![stage::margin(chain, "eve", 0, 100)]),
        (
            "margin out",
            "eve",
            vec![say(
                "market",
                json!({"withdraw": {"account": 0, "amount": whole(50), "recipient": null, "accepted_haircut": null}}),
            )],
        ),
        ("commit", "eve", vec![stage::order(chain, 0, 0, "0.01")]),
        ("settle", "kim", vec![say("market", json!({"settle": {"perp": 0, "limit": 1}}))]),
        ("liquidation of a trader", "kim", vec![say("liquidator", json!({"liquidate_accounts": accounts}))]),
        (
            "liquidation of a provider",
            "kim",
            vec![say("liquidator", json!({"liquidate_position": {"vault": 0, "owner": of("anna")}}))],
        ),
    ]
}

/// Gas of each of them as if it were the next one: tried out, so that all else is as it was.
fn gas(chain: &mut Cosmos) -> Vec<(&'static str, u64)> {
    let all = others(chain);
    let tried = |(name, sender, messages): (&'static str, &str, Vec<Message>)| {
        let gas = chain.preview(sender, &messages).unwrap_or_else(|error| panic!("{name}: {error}")).gas_used;
        (name, gas.unwrap())
    };
    all.into_iter().map(tried).collect()
}

/// Five numbers of the desk are in its record, four of them in the pool's book: a few dozen bytes read and written, at 30 gas a byte.
#[track_caller]
fn gas_is_like(before: &[(&str, u64)], after: &[(&str, u64)]) {
    let alike = before.iter().zip(after).all(|((_, before), (_, after))| before.abs_diff(*after) <= 4_000);
    assert!(alike && before.len() == after.len(), "{before:?} before, {after:?} after");
}
