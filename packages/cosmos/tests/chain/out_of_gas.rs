//! A batch that runs out of gas half-way has done nothing, says so, and works with enough.

use sdp_cosmos::{Cosmos, Error, Options};
use sdp_network::{events, Actions, Answer, ChainError, Kind, Message, Network};
use sdp_types::events::{AccountLiquidated, OrderFilled};
use serde_json::json;

use crate::common;
use crate::look::{assert_same, records};
use crate::stage;

const ORDERS: u16 = 20;
const ACCOUNTS: u16 = 30;

#[test]
#[ignore = "needs a localnet"]
fn a_batch_that_runs_out_of_gas_changes_nothing_and_works_with_enough() {
    let (mut chain, _) = stage::deployed(common::client(), "gas", stage::manifest("gas"));
    chain.publish_first_prices().unwrap();
    stage::give(&mut chain, &[("whale", 1_000_000), ("gus", 0), ("kim", 0)]);
    stage::provide(&mut chain, "whale", 1_000_000, 100_000);
    // 6,000 USD of ETH each, at 7 % initial margin
    let margins: Vec<_> = (0..ACCOUNTS).map(|n| stage::margin(&chain, "gus", n, 470)).collect();
    chain.send("whale", &margins).unwrap();
    let orders = |chain: &Cosmos, count: u16, perp, size| -> Vec<_> {
        (0..count).map(|n| stage::order(chain, n, perp, size)).collect()
    };
    let bought = orders(&chain, ACCOUNTS, 1, "2");
    chain.send("gus", &bought).unwrap();
    stage::fill(&mut chain, "kim", &[1]);

    let more = orders(&chain, ORDERS, 0, "0.001");
    chain.send("gus", &more).unwrap();
    chain.pass(5).unwrap();
    let settle = stage::message(&chain, "market", json!({"settle": {"perp": 0, "limit": ORDERS}}));
    let settled = half_way(&mut chain, &settle);
    assert_eq!(events::<OrderFilled>(&settled).unwrap().len(), usize::from(ORDERS));

    // a loss of 300 USD: below 3.5 %
    stage::price(&mut chain, "ETH", "2850");
    let gus = chain.address("gus").unwrap();
    let accounts: Vec<_> = (0..ACCOUNTS).map(|n| json!({"owner": gus, "account": n})).collect();
    let market = chain.contract("market").unwrap();
    let liquidate = json!({"liquidate_accounts": {"market": market, "accounts": accounts}});
    let liquidate = stage::message(&chain, "liquidator", liquidate);
    let liquidated = half_way(&mut chain, &liquidate);
    assert_eq!(events::<AccountLiquidated>(&liquidated).unwrap().len(), usize::from(ACCOUNTS));
}

/// Sends a message with two thirds of the gas that it needs, looks at everything before and after, and sends it with enough.
fn half_way(chain: &mut Cosmos, message: &Message) -> Answer {
    let Message::Execute { contract, msg, .. } = message else { panic!("{message:?}") };
    let kim = chain.address("kim").unwrap();
    let call = sdp_cosmos::wasm::execute_json(kim.as_str(), contract.as_str(), msg.to_vec(), &[]);
    let simulated = |chain: &mut Cosmos| Ok(chain.client().simulate("kim", vec![call.clone()])?);
    let needed = stage::once_priced(chain, simulated);
    let given = needed * 2 / 3;

    let error = chain.client().broadcast("kim", vec![call], &Options::limit(given)).unwrap_err();
    let Error::OutOfGas { outcome: Some(outcome), wanted, used } = &error else { panic!("{error:?}") };
    assert!(*wanted == given && *used >= given, "{error}");
    assert!(error.to_string().starts_with("out of gas: ") && error.code().is_none(), "{error}");
    assert!(outcome.events.iter().all(|event| !event.ty.starts_with("wasm")), "{:?}", outcome.events);
    assert_same(&records(chain, outcome.height - 1), &records(chain, outcome.height));
    let refused = ChainError::from(error);
    assert_eq!((refused.kind, refused.code), (Kind::Refused, None));
    chain.check().unwrap();

    let answer = chain.send("kim", std::slice::from_ref(message)).unwrap();
    let used = answer.gas_used.unwrap();
    assert!(used > given && used < stage::PLENTY, "{used} used, {needed} expected");
    answer
}
