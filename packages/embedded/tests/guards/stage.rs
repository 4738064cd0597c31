//! A busy world: everything that a message could touch is there.

use sdp_embedded::manifest::{Bonded, EventMarket, ReserveToken, Spot};
use sdp_embedded::{Actions, Bonding, Conditionals, Manifest, Synthetics, TokenMargin, World};
use sdp_network::decimal::Dollars;
use sdp_types::orders::{Kind, NewOrder};
use sdp_types::spot::BuyExact;
use sdp_types::units::{Amount, Usd};
use serde_json::{json, Value};

/// Contracts with an owner, a guardian and changes that wait.
pub const GOVERNED: [&str; 8] =
    ["oracle", "pool", "market", "liquidator", "reserve", "spot", "custody", "bonded"];

/// A pool whose delays are short, with `whale` behind it and sdUSD to sell.
pub fn pool() -> World {
    pool_with(|_| {})
}

fn pool_with(change: impl FnOnce(&mut Manifest)) -> World {
    let mut world = World::with(|manifest| {
        manifest.pool.minimum_stay = 0;
        manifest.pool.exit_delay = 60;
        let mut reserve = Manifest::with_default_reserve().unwrap().reserve.unwrap();
        let cw20 = ReserveToken { collateral: "ETH".into(), ..reserve.tokens[0].clone() };
        reserve.tokens.push(cw20);
        manifest.reserve = Some(reserve);
        manifest.spot = Some(spot());
        manifest.bonded = Some(bonded());
        change(manifest);
    });
    world.lp("whale").deposits(1_000_000, "ATOM").mints(1_500_000);
    world
}

/// Synthetic BTC, which carries the perpetual's funding, and ATOM, which carries none.
pub fn spot() -> Spot {
    let spot: Spot =
        serde_json::from_str(include_str!("../../../network/tests/fixtures/synthetics.json")).unwrap();
    Spot { line: Dollars(Usd::whole(500_000)), ..spot }
}

/// A desk with a small line, and an event market whose author is kim.
pub fn bonded() -> Bonded {
    let event = EventMarket {
        name: "event".into(),
        author: "kim".into(),
        feed: "BTC".into(),
        strike: "60000".parse().unwrap(),
        lasts: 86_400,
        window: 600,
        yes_price: "0.5".parse().unwrap(),
        spread: "0.02".parse().unwrap(),
    };
    let bonded = Manifest::with_default_desk().unwrap().bonded.unwrap();
    Bonded { line: Dollars(Usd::whole(50_000)), events: vec![event], ..bonded }
}

/// Providers in two vaults, one of them below its liquidation ratio, a running auction, a request to leave; traders with
/// positions, with an order that waits, and below maintenance; a new owner, an heir who may accept, a change that waits
/// in each contract.
///
/// - whale: 1,000,000 ATOM, asked for 1,000 of them back
/// - anna: 30,000 ATOM and 99,000 of debt, can be seized; olga's like position is in auction 1
/// - emma: 100 ETH, a CW20
/// - bob: 1 BTC long, an order for more; carl: 1,000 ATOM long, below maintenance
/// - eve and whale: 0.08 BTC each as a synthetic; eve has an order for more, kim is owed for settling
/// - bob has 10 USD in a jar, and three conditional orders: one that is due, one that is not, one that would be refused
/// - eve also has 1,000 ATOM as margin
/// - sam has swapped 10,000 USDC for sdUSD
/// - whale has bonded the event market with 25,000
/// - owner is the old one, council the new one, heir the next one
pub fn busy() -> World {
    busy_with(|_| {})
}

/// [`busy`] with changes of the manifest.
pub fn busy_with(change: impl FnOnce(&mut Manifest)) -> World {
    let mut world = pool_with(change);
    world.lp("emma").deposits(100, "ETH");
    for lp in ["anna", "olga"] {
        world.lp(lp).deposits(30_000, "ATOM").mints(99_000);
    }
    world.swapper("sam").swaps_in(10_000, "USDC");
    for name in ["bob", "carl", "kim", "eve"] {
        world.sells_sdusd("whale", name, 50_000);
    }
    world.trader("bob").funds_margin(20_000).buys("1", "BTC");
    world.trader("carl").funds_margin(1_200).buys("1_000", "ATOM");
    world.trader("eve").funds_margin(20_000);
    let tokens = Amount::new(1_000_000_000);
    world.give("eve", "ATOM", tokens).unwrap();
    world.deposit_token_margin("eve", "ATOM", 0, tokens, None).unwrap();
    buys_synthetic(&mut world, "eve");
    world.fills();
    buys_synthetic(&mut world, "whale");
    world.passes(15);
    world.settle_synthetic("kim", 0, 100).unwrap();
    world.bond_market("whale", "event", Usd::whole(25_000)).unwrap();
    for contract in GOVERNED {
        hand_over(&mut world, contract);
        let change = configure(loosening(&world, contract));
        world.execute("council", contract, &change, &[]).unwrap();
    }
    world.lp("whale").with("ATOM").requests_exit(1_000);
    world.fill_jar("whale", "market", Usd::whole(10), Some("bob")).unwrap();
    let orders = [("-0.1", "61000"), ("-0.1", "50000"), ("-1000", "61000")];
    let orders = orders.map(|(size, trigger)| NewOrder {
        perp: 0,
        size: size.parse().unwrap(),
        kind: Kind::Stop { trigger: trigger.parse().unwrap(), limit_price: None },
        reduce_only: false,
        good_till: None,
        keeper_fee: Usd::whole(1),
    });
    world.place_orders("bob", "market", 0, orders.to_vec(), false).unwrap();
    world.price("ATOM", "6.5");
    world.waits(20);
    world.refreshes();
    world.keeper("kim").seizes("olga", "ATOM");
    world.trader("bob").buys("0.1", "BTC");
    buys_synthetic(&mut world, "eve");
    world.waits(1);
    world.keeper("kim").syncs();
    world
}

fn buys_synthetic(world: &mut World, name: &str) {
    let exact = BuyExact::In { least: None };
    world.buy_synthetic(name, 0, Usd::whole(5_000), exact).unwrap_or_else(|error| panic!("{name}: {error}"));
}

fn hand_over(world: &mut World, contract: &str) {
    for (from, to) in [("owner", "council"), ("council", "heir")] {
        let new_owner = world.address(to).into_string();
        let transfer =
            json!({"update_ownership": {"transfer_ownership": {"new_owner": new_owner, "expiry": null}}});
        world.execute(from, contract, &transfer, &[]).unwrap();
        if to == "council" {
            world.execute(to, contract, &json!({"update_ownership": "accept_ownership"}), &[]).unwrap();
        }
    }
}

/// `{"configure": {"change": …}}`
pub fn configure(change: Value) -> Value {
    json!({"configure": {"change": change}})
}

/// A change that loosens: another guardian.
fn loosening(world: &World, contract: &str) -> Value {
    let guardian = world.address("another").into_string();
    let name = if contract == "oracle" { "guardian" } else { "set_guardian" };
    json!({name: {"guardian": guardian}})
}
