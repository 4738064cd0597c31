//! One bad item in a batch of fifty blocks none of the others, and says why by its code.

use std::collections::BTreeMap;

use sdp_embedded::{Actions, World};
use sdp_types::events::{AccountLiquidated, OrderFilled, OrderRefused, Rejected};
use sdp_types::market::{AccountId, MAX_BATCH};

fn name(n: usize) -> String {
    format!("trader-{n}")
}

/// Fifty traders with 200 of margin each, all but the 20th, who has never been here; the 8th has ten times as much.
fn stage() -> World {
    let mut world = World::with(|manifest| manifest.pool.breakers = None);
    world.lp("whale").deposits(1_000_000, "ATOM").mints(1_000_000);
    for n in (0..50).filter(|n| *n != 20) {
        let margin = if n == 8 { 2_000 } else { 200 };
        world.sells_sdusd("whale", &name(n), margin);
        world.trader(&name(n)).funds_margin(margin);
    }
    world
}

#[test]
fn fifty_accounts_with_five_bad_ones_are_liquidated_but_for_those() {
    let mut world = stage();
    for n in (0..50).filter(|n| *n != 20) {
        // the 42nd has SOL besides, whose price is about to grow old
        let size = if n == 42 { "0.04" } else { "0.05" };
        world.trader(&name(n)).buys(size, "BTC");
        if n == 42 {
            world.trader(&name(n)).buys("2", "SOL");
        }
    }
    world.fills();
    for _ in 0..3 {
        world.waits(30).price("BTC", 56_900);
    }
    let mut traders: Vec<String> = (0..50).map(name).collect();
    traders[30] = name(29);
    let mut accounts: Vec<AccountId> = Vec::new();
    for trader in &traders {
        accounts.push(AccountId { owner: world.address(trader).into_string(), account: 0 });
    }
    accounts[47].owner = "nobody's address".into();
    let market = world.address("market").into_string();
    let msg = sdp_types::liquidator::ExecuteMsg::LiquidateAccounts { market, accounts };
    let answer = world.execute("kim", "liquidator", &msg, &[]).unwrap();

    let done = sdp_embedded::events::<AccountLiquidated>(&answer).unwrap();
    assert_eq!(done.len(), 45);
    let rejected = sdp_embedded::events::<Rejected>(&answer).unwrap();
    let codes: BTreeMap<_, _> = rejected.iter().map(|of| (of.item.as_str(), of.code.as_str())).collect();
    let item = |world: &World, n: usize| format!("{}/0", world.address(&name(n)));
    // healthy, unknown, twice in the batch, a stale price, no address
    for (n, code) in [(8, "E0418"), (20, "E0402"), (29, "E0418"), (42, "E0206")] {
        assert_eq!(codes.get(item(&world, n).as_str()), Some(&code), "{n}: {codes:?}");
    }
    assert_eq!(codes.get("nobody's address/0"), Some(&"E0008"), "{codes:?}");
    assert_eq!(rejected.len(), 5);
    assert_eq!(world.trader(&name(8)).state().positions.len(), 1);
}

#[test]
fn fifty_orders_with_two_bad_ones_are_settled_but_for_those() {
    let mut world = stage();
    for n in (0..50).filter(|n| *n != 20) {
        let trader = world.trader(&name(n));
        match n {
            // nothing that the index reaches
            3 | 33 => trader.at_most("59000").buys("0.02", "BTC"),
            _ => trader.buys("0.02", "BTC"),
        };
    }
    world.passes(15);
    let answer = world.settle("kim", "market", 0, MAX_BATCH).unwrap();
    let filled = sdp_embedded::events::<OrderFilled>(&answer).unwrap();
    let refused = sdp_embedded::events::<OrderRefused>(&answer).unwrap();
    assert_eq!((filled.len(), refused.len()), (47, 2));
    assert!(refused.iter().all(|order| order.code == "E0414"), "{refused:?}");
}
