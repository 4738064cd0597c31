//! Deployments whose delays are seconds, and people in them.

use std::time::Duration;

use cosmwasm_std::{Coin, Uint128};
use cw20::Cw20ExecuteMsg;
use sdp_cosmos::{Client, Cosmos, Options};
use sdp_network::actions::{Order, Take};
use sdp_network::decimal::Dollars;
use sdp_network::manifest::Spot;
use sdp_network::{
    deploy, events, Actions, Deployment, Manifest, Message, Network, Swapping, Synthetics, FAUCET,
};
use sdp_types::events::{AccountLiquidated, OrderCommitted, OrderFilled, Rejected};
use sdp_types::oracle::VolatilityRange;
use sdp_types::spot::{BuyExact, SellExact};
use sdp_types::units::{Amount, Ratio, Size, Usd};
use serde_json::{json, Value};

use crate::common;

/// Gas for whatever a test sends.
pub const PLENTY: u64 = 400_000_000;

/// The built-in manifest with synthetics, the default par reserve and delays of seconds, governed by accounts that no other test has.
pub fn manifest(of: &str) -> Manifest {
    let mut manifest = Manifest::with_default_reserve().unwrap();
    manifest.spot = Some(spot());
    let roles = &mut manifest.roles;
    roles.owner = format!("owner of {of}");
    roles.guardian = Some(format!("guardian of {of}"));
    (roles.publishers, roles.quorum) = (vec![format!("publisher of {of}")], 1);
    let oracle = &mut manifest.oracle;
    (oracle.interval_seconds, oracle.grace_seconds, oracle.ring_slots) = (2, 4, 1_024);
    (oracle.stale_for_trade, oracle.stale_for_liquidation, oracle.stale_for_view) = (3_600, 3_600, 3_600);
    oracle.gap_seconds = 3_600;
    // these prices jump, to see what else happens then; scenarios show what a breaker does
    oracle.breaker = None;
    // ... nor does what is measured of them depend on whether a slot of the measurement ends in between
    for feed in &mut manifest.feeds {
        feed.volatility = feed.volatility.map(|range| VolatilityRange { ceiling: range.floor, ..range });
    }
    (manifest.pool.exit_delay, manifest.pool.minimum_stay) = (2, 0);
    // nobody has insured anything: with the floor every first trade would leave the pool in caution
    manifest.pool.breakers.as_mut().unwrap().insurance_floor = Ratio::ZERO;
    let market = &mut manifest.markets[0];
    (market.order_delay, market.order_expiry, market.maximum_empty_intervals) = (1, 900, 255);
    manifest
}

/// Synthetic BTC, which carries the perpetual's funding, and ATOM, which carries none; orders that wait as long as a slow chain needs.
fn spot() -> Spot {
    let spot: Spot =
        serde_json::from_str(include_str!("../../../network/tests/fixtures/synthetics.json")).unwrap();
    Spot {
        line: Dollars(Usd::whole(500_000)),
        order_delay: 1,
        order_expiry: 900,
        maximum_empty_intervals: 255,
        ..spot
    }
}

/// Enough gas for whatever a test sends, given as a limit, so that refusals get into blocks.
pub fn options() -> Options {
    Options { timeout: Duration::from_secs(60), ..Options::limit(PLENTY) }
}

/// A network on which a manifest has just been deployed; nobody has published a price. Every transaction is followed by an audit.
pub fn deployed(client: Client, of: &str, manifest: Manifest) -> (Cosmos, Deployment) {
    let coin = Coin::new(1_u128, "uatom");
    let mut chain = Cosmos::new(client, manifest.clone()).with_builds(common::builds());
    chain = chain.with_faucet("0", Some(coin)).with_options(options());
    let mut record = Deployment::new(&chain.chain_id(), manifest).unwrap();
    record.name = format!("{of}-{}", common::unique());
    deploy(&mut chain, &mut record, &mut |_, _, _| Ok(())).unwrap();
    (chain.with_audits(true), record)
}

/// Whole ATOM for many at once; at least a millionth, so that the chain knows them.
pub fn give(chain: &mut dyn Network, atoms: &[(&str, u128)]) {
    let send = |(name, atoms): &(&str, u128)| {
        let coins = vec![Coin::new((atoms * 1_000_000).max(1), "uatom")];
        Message::Send { to: chain.address(name).unwrap(), coins }
    };
    let messages: Vec<_> = atoms.iter().map(send).collect();
    chain.send(FAUCET, &messages).unwrap();
    atoms.iter().for_each(|(name, _)| drop(chain.introduce(name).unwrap()));
}

/// A provider's deposit of whole ATOM and mint of whole USD, in one transaction.
pub fn provide(chain: &mut dyn Network, lp: &str, atoms: u128, mints: u64) {
    let pool = chain.contract("pool").unwrap();
    let coins = [Coin::new(atoms * 1_000_000, "uatom")];
    let deposit = json!({"deposit": {"beneficiary": null}});
    let mint = json!({"mint": {"vault": 0, "amount": Usd::whole(mints), "recipient": null}});
    let mut messages = vec![Message::execute(pool.clone(), &deposit, &coins).unwrap()];
    if mints > 0 {
        messages.push(Message::execute(pool, &mint, &[]).unwrap());
    }
    chain.send(lp, &messages).unwrap();
}

/// A message by which a token is sent with a hook.
pub fn token(chain: &dyn Network, token: &str, to: &str, amount: u128, hook: &Value) -> Message {
    let contract = chain.contract(to).unwrap().into_string();
    let msg = cosmwasm_std::to_json_binary(hook).unwrap();
    let send = Cw20ExecuteMsg::Send { contract, amount: Uint128::new(amount), msg };
    Message::execute(chain.contract(token).unwrap(), &send, &[]).unwrap()
}

/// A message that pays whole USD of margin into somebody's account.
pub fn margin(chain: &dyn Network, owner: &str, account: u16, amount: u64) -> Message {
    let beneficiary = chain.address(owner).unwrap();
    let hook = json!({"deposit": {"beneficiary": beneficiary, "account": account}});
    token(chain, "sdusd", "market", Usd::whole(amount).raw(), &hook)
}

/// A message that commits an order without a limit price of its own.
pub fn order(chain: &dyn Network, account: u16, perp: u16, size: &str) -> Message {
    let commit = json!({"commit": {"account": account, "perp": perp, "size": size,
        "limit_price": null, "expires_in": null}});
    Message::execute(chain.contract("market").unwrap(), &commit, &[]).unwrap()
}

/// A message to a contract.
pub fn message(chain: &dyn Network, contract: &str, msg: Value) -> Message {
    Message::execute(chain.contract(contract).unwrap(), &msg, &[]).unwrap()
}

/// What something comes to once there is a price for it: a chain that shares its machine with others may be late with that of an
/// interval.
pub fn once_priced<C: Network + ?Sized, T: core::fmt::Debug>(
    chain: &mut C,
    mut ask: impl FnMut(&mut C) -> sdp_network::error::Result<T>,
) -> T {
    for _ in 0..10 {
        match ask(chain) {
            Err(error) if error.code.as_deref() == Some("E0420") => drop(chain.pass(2).unwrap()),
            answer => return answer.unwrap(),
        }
    }
    ask(chain).unwrap()
}

/// Prices come until all orders that wait have theirs, and all of them are settled.
pub fn fill(chain: &mut dyn Network, keeper: &str, perps: &[u16]) {
    chain.pass(5).unwrap();
    for perp in perps {
        once_priced(chain, |chain| {
            while !chain.orders("market", *perp)?.is_empty() {
                chain.settle(keeper, "market", *perp, 100)?;
            }
            Ok(())
        });
    }
}

/// Prices come until all orders for synthetic BTC that wait have theirs, and all of them are settled. What was told.
pub fn fill_synthetic(chain: &mut dyn Network, keeper: &str) -> Vec<cosmwasm_std::Event> {
    let mut told = Vec::new();
    for _ in 0..10 {
        chain.pass(5).unwrap();
        match chain.settle_synthetic(keeper, 0, 100) {
            Ok(answer) => told.extend(answer.events),
            // none is due yet
            Err(error) => assert_eq!(error.code.as_deref(), Some("E0322"), "{error}"),
        }
        if chain.synthetic_orders(0).unwrap().is_empty() {
            return told;
        }
    }
    panic!("orders for synthetics wait for ever");
}

/// A feed's new price, confirmed where it is far from the last one.
pub fn price(chain: &mut dyn Network, feed: &str, price: &str) {
    let feed = chain.manifest().feed_id(feed).unwrap();
    chain.publish_surely(&[(feed, price.parse().unwrap(), None)]).unwrap();
    assert_eq!(chain.board().unwrap().quotes[usize::from(feed)].price, price.parse().unwrap());
}

/// Everything that a message could touch:
///
/// - whale: 1,000,000 ATOM and 1,500,000 of debt, asked for 1,000 ATOM back
/// - anna: 30,000 ATOM and 99,000 of debt, below her liquidation ratio; olga's like position is in auction 1
/// - emma: 100 ETH, a CW20
/// - bob: 1 BTC long, an order for more that waits; carl: 1,000 ATOM long, below maintenance; eve: margin
/// - kim and whale: sdUSD; eve: 2,000 USD of synthetic BTC and an order for more that waits; kim has swapped USDC in
/// - a change that waits in each contract
pub fn busy(chain: &mut dyn Network) {
    let owner = chain.manifest().roles.owner.clone();
    chain.publish_first_prices().unwrap();
    give(chain, &[("whale", 1_100_000), ("anna", 31_000), ("olga", 31_000), ("emma", 0)]);
    give(chain, &[("bob", 0), ("carl", 0), ("eve", 0), ("kim", 100)]);
    provide(chain, "whale", 1_000_000, 1_500_000);
    provide(chain, "anna", 30_000, 99_000);
    provide(chain, "olga", 30_000, 99_000);
    let ether = Amount::new(100 * 10_u128.pow(18));
    chain.give("emma", "ETH", ether).unwrap();
    chain.deposit("emma", "ETH", ether, None).unwrap();
    let margins = [("bob", 20_000), ("carl", 1_200), ("eve", 20_000)];
    let mut gifts: Vec<_> = margins.iter().map(|(name, usd)| margin(chain, name, 0, *usd)).collect();
    let transfer = |name: &str| {
        let recipient = chain.address(name).unwrap();
        json!({"transfer": {"recipient": recipient, "amount": Usd::whole(200_000)}})
    };
    gifts.extend(["kim", "eve"].map(|name| message(chain, "sdusd", transfer(name))));
    chain.send("whale", &gifts).unwrap();
    chain.send("bob", &[order(chain, 0, 0, "1")]).unwrap();
    chain.send("carl", &[order(chain, 0, 3, "1000")]).unwrap();
    fill(chain, "kim", &[0, 3]);
    let exact = || BuyExact::In { least: None };
    chain.buy_synthetic("eve", 0, Usd::whole(2_000), exact()).unwrap();
    fill_synthetic(chain, "kim");
    let usdc = Amount::new(10_000_000_000);
    chain.give("kim", "USDC", usdc).unwrap();
    chain.swap_in("kim", "USDC", Amount::new(5_000_000_000), None, None).unwrap();
    for contract in crate::look::CONTRACTS {
        let name = if contract == "oracle" { "guardian" } else { "set_guardian" };
        let change = json!({"configure": {"change": {name: {"guardian": null}}}});
        chain.send(&owner, &[message(chain, contract, change)]).unwrap();
    }
    chain.request_exit("whale", "ATOM", Amount::new(1_000_000_000)).unwrap();
    price(chain, "ATOM", "6.5");
    chain.liquidate_position("kim", "ATOM", "olga").unwrap();
    let size: Size = "0.1".parse().unwrap();
    chain.commit("bob", "market", 0, &Order { size, ..Order::default() }).unwrap();
    chain.buy_synthetic("eve", 0, Usd::whole(1_000), exact()).unwrap();
}

/// After [`busy`]: one message of each kind, as often as it needs to be one that does something.
pub fn use_everything(chain: &mut dyn Network) {
    let (atoms, usd) = (|whole: u128| Amount::new(whole * 1_000_000), Usd::whole);
    chain.republish().unwrap();
    chain.deposit("whale", "ATOM", atoms(10), None).unwrap();
    chain.mint("whale", "ATOM", usd(1_000)).unwrap();
    chain.burn("kim", "ATOM", usd(10), Some("whale")).unwrap();
    chain.insure("kim", usd(10)).unwrap();
    chain.cancel_exit("whale", "ATOM").unwrap();
    chain.request_exit("whale", "ATOM", atoms(1_000)).unwrap();
    chain.sync("kim").unwrap();
    refuses(chain.execute("kim", "pool", &json!({"sweep": {}}), &[]), "E0322");

    chain.deposit_margin("eve", "market", 0, usd(100), None).unwrap();
    chain.withdraw_margin("eve", "market", 0, usd(50)).unwrap();
    let committed = chain.send("eve", &[order(chain, 0, 0, "0.01")]).unwrap();
    let first = events::<OrderCommitted>(&committed).unwrap()[0].order;
    // its interval may begin before another transaction is in a block
    let cancel = json!({"cancel": {"perp": 0, "order": first + 1}});
    let both = [order(chain, 0, 0, "0.02"), message(chain, "market", cancel)];
    chain.send("eve", &both).unwrap();
    chain.pass(6).unwrap();
    let settled = chain.settle("kim", "market", 0, 100).unwrap();
    let filled = events::<OrderFilled>(&settled).unwrap();
    assert_eq!(filled.iter().filter(|fill| fill.order == first).count(), 1);
    assert!(filled.len() == 2 && chain.orders("market", 0).unwrap().is_empty(), "bob's too: {filled:?}");
    chain.poke("kim", "market").unwrap();
    chain.execute_exit("kim", "ATOM", "whale").unwrap();

    let held = chain.balance("eve", "sBTC").unwrap();
    let all = SellExact::In { least: None };
    chain.sell_synthetic("eve", 0, held, all).unwrap();
    let told = fill_synthetic(chain, "kim");
    let count = |name: &str| told.iter().filter(|event| event.ty == name).count();
    assert_eq!((count("wasm-bought"), count("wasm-sold")), (1, 1), "{told:?}");
    chain.poke_synthetics("kim").unwrap();
    chain.collect_synthetic("kim", None, None).unwrap();
    refuses(chain.sweep_synthetic("kim", 0), "E0322");
    chain.swap_in("kim", "USDC", Amount::new(1_000_000_000), None, None).unwrap();
    chain.swap_out("kim", "USDC", usd(500), None, None).unwrap();
    refuses(chain.revalue("kim", "USDC"), "E0322");

    let liquidated = chain.liquidate_accounts("kim", "market", &[("carl", 0), ("eve", 0)]).unwrap();
    assert_eq!(events::<AccountLiquidated>(&liquidated).unwrap().len(), 1);
    assert_eq!(events::<Rejected>(&liquidated).unwrap().len(), 1);
    chain.liquidate_position("kim", "ATOM", "anna").unwrap();
    let take = |auction, amount| Take {
        auction,
        payment: usd(2_000),
        amount,
        max_price: "100".parse().unwrap(),
        recipient: None,
    };
    for auction in chain.auctions().unwrap() {
        chain.take("eve", &take(auction.auction, atoms(100))).unwrap();
    }
    refuses(chain.redo("kim", 1), "E0504");
    let owner = chain.manifest().roles.owner.clone();
    for contract in crate::look::CONTRACTS {
        chain.send(&owner, &[message(chain, contract, json!({"cancel_change": {"id": 0}}))]).unwrap();
    }
    chain.check().unwrap();
}

/// Whether something was refused with this code.
#[track_caller]
pub fn refuses<T: core::fmt::Debug>(result: sdp_network::error::Result<T>, code: &str) {
    assert_eq!(result.unwrap_err().code.as_deref(), Some(code));
}
