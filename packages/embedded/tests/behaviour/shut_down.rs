//! The end of a market and of the pool, to the last claim.

use sdp_embedded::{Actions, World};
use sdp_types::events::{AccountLiquidated, MarginWithdrawn, MarketShutDown};
use sdp_types::market::{self, ExecuteMsg};
use sdp_types::regime::Regime;
use sdp_types::units::{SignedUsd, Usd};

const DAY: u64 = 86_400;

/// bob is long 1 BTC, ann short 0.4, both with 10,000 of margin; eve is long 1 with 4,000.
fn stage() -> World {
    let mut world = World::with(|manifest| manifest.pool.breakers = None);
    world.lp("whale").deposits(1_000_000, "ATOM").mints(1_000_000);
    for (trader, margin, size) in [("bob", 10_000, "1"), ("ann", 10_000, "-0.4"), ("eve", 4_000, "1")] {
        world.sells_sdusd("whale", trader, margin);
        world.trader(trader).funds_margin(margin).commits(size.parse().unwrap(), "BTC");
        world.fills();
    }
    world
}

/// Seven days of emergency, with prices as they are.
fn emergency(world: &mut World, market: Option<&str>) {
    world.trip("guardian", market, Regime::Emergency).unwrap();
    for _ in 0..8 {
        // before what a person has tripped ends
        world.waits(DAY - 60).refreshes();
        world.trip("guardian", market, Regime::Emergency).unwrap();
    }
}

fn shut(world: &mut World, who: &str) -> Result<sdp_embedded::Answer, sdp_embedded::ChainError> {
    world.execute(who, "market", &ExecuteMsg::ShutDown {}, &[])
}

fn equity(world: &mut World, trader: &str) -> SignedUsd {
    world.trader(trader).state().equity
}

#[test]
fn anybody_shuts_a_market_down_after_seven_days_of_emergency_and_not_before() {
    let mut world = stage();
    world.keeper("kim").syncs();
    assert!(shut(&mut world, "kim").unwrap_err().says("E0332"));
    world.trip("guardian", Some("market"), Regime::Emergency).unwrap();
    for _ in 0..7 {
        world.waits(DAY - 60).refreshes();
        world.trip("guardian", Some("market"), Regime::Emergency).unwrap();
    }
    world.waits(7 * 60 - 1).refreshes();
    world.keeper("kim").syncs();
    assert!(shut(&mut world, "kim").unwrap_err().says("E0332"));
    world.waits(1).refreshes();
    assert!(shut(&mut world, "kim").unwrap_err().says("E0425"), "the pool has to be synced in this block");
    world.keeper("kim").syncs();
    shut(&mut world, "kim").unwrap();
    assert!(shut(&mut world, "kim").unwrap_err().says("E0322"));
}

#[test]
fn positions_are_closed_at_the_moving_average_and_everybody_has_what_he_had_there() {
    let mut world = stage();
    emergency(&mut world, Some("market"));
    // the average has long been at the price; then that moves by 10 % in one second, and the average by 1/300 of it
    let before: Vec<_> = ["bob", "ann"].map(|trader| equity(&mut world, trader)).into();
    world.price("BTC", 66_000);
    world.keeper("kim").syncs();
    let answer = shut(&mut world, "kim").unwrap();
    let told = sdp_embedded::events::<MarketShutDown>(&answer).unwrap().remove(0);
    let average = told.prices.0[0];
    assert!(average.to_string().parse::<f64>().unwrap() < 60_100.0, "{average}");
    let totals: market::TotalsResponse = world.query("market", &market::QueryMsg::Totals {}).unwrap();
    assert!(totals.exposure.quantities.iter().all(|entry| entry.quantity.is_zero()), "{totals:?}");

    let moved = average.to_string().parse::<f64>().unwrap() - 60_000.0;
    for ((trader, size), before) in [("bob", 1.0), ("ann", -0.4)].into_iter().zip(before) {
        let now = equity(&mut world, trader).raw() as f64 / 1e6;
        // each at the index: half a confidence better than the side that equity is marked at
        let expected = before.raw() as f64 / 1e6 + size * moved;
        assert!((now - expected).abs() < 60_000.0 * 0.002, "{trader} {now} {expected}");
    }
    // prices may go where they want now
    let all = ["bob", "ann", "eve"].map(|trader| equity(&mut world, trader));
    world.price("BTC", 90_000);
    world.waits(365 * DAY).refreshes();
    assert_eq!(["bob", "ann", "eve"].map(|trader| equity(&mut world, trader)), all);
    assert!(world.trader("bob").fails_with("E0410").buys("0.1", "BTC").state().positions.is_empty());
}

#[test]
fn margin_is_taken_out_for_ever_without_any_price() {
    let mut world = stage();
    emergency(&mut world, Some("market"));
    world.keeper("kim").syncs();
    shut(&mut world, "kim").unwrap();
    // the oracle dies
    world.waits(3 * 365 * DAY);
    // the market's own trip has ended by then; while it stood no profit was drawn
    world.keeper("kim").syncs();
    for trader in ["ann", "bob", "eve"] {
        let all = equity(&mut world, trader).positive_part();
        let told = world.withdraw_margin(trader, "market", 0, all).unwrap();
        let told = sdp_embedded::events::<MarginWithdrawn>(&told).unwrap().remove(0);
        assert_eq!(told.amount, all);
        assert!(equity(&mut world, trader) == SignedUsd::ZERO);
    }
    let totals: market::TotalsResponse = world.query("market", &market::QueryMsg::Totals {}).unwrap();
    assert_eq!(totals.exposure.open_positions, 0);
    assert_eq!(world.audit().unwrap().difference, SignedUsd::ZERO);
}

#[test]
fn an_account_that_was_below_zero_at_the_frozen_price_is_closed_by_anyone() {
    let mut world = stage();
    emergency(&mut world, Some("market"));
    // nobody liquidates while the average follows
    world.price("BTC", 52_000);
    for _ in 0..40 {
        world.waits(60).refreshes();
    }
    world.keeper("kim").syncs();
    shut(&mut world, "kim").unwrap();
    assert!(equity(&mut world, "eve").is_negative());
    world.keeper("kim").liquidates(&["eve"]);
    let told = world.told::<AccountLiquidated>().remove(0);
    assert!(told.shortfall > Usd::whole(3_900) && told.positions_left == 0, "{told:?}");
    assert_eq!(equity(&mut world, "eve"), SignedUsd::ZERO);
    world.keeper("kim").syncs();
    assert_eq!(world.audit().unwrap().difference, SignedUsd::ZERO);
}

#[test]
fn the_owner_shuts_a_market_down_after_the_delay() {
    let mut world = stage();
    let change = ExecuteMsg::Configure { change: market::Change::ShutDown {} };
    let owner = world.manifest().roles.owner.clone();
    assert!(world.execute("guardian", "market", &change, &[]).unwrap_err().says("E0102"));
    world.execute(&owner, "market", &change, &[]).unwrap();
    let enact = ExecuteMsg::Enact { id: 0 };
    assert!(world.execute("kim", "market", &enact, &[]).is_err());
    world.waits(2 * DAY).refreshes();
    world.execute("kim", "market", &enact, &[]).unwrap();
    assert!(world.trader("bob").state().positions.is_empty());
}
