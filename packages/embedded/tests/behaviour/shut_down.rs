//! The end of a market and of the pool, to the last claim.

use sdp_embedded::decimal::Dollars;
use sdp_embedded::{Actions, World};
use sdp_types::events::{AccountLiquidated, MarginWithdrawn, MarketShutDown};
use sdp_types::market::{self, ExecuteMsg};
use sdp_types::regime::Regime;
use sdp_types::units::{Amount, SignedUsd, Usd};
use sdp_types::{lens, pool};

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
    let totals = world.market_totals("market").unwrap();
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
    let totals = world.market_totals("market").unwrap();
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

/// Two providers: anna with 40,000 ATOM ($400,000) and 100,000 of debt, bert with 40,000 ATOM and none. bob is long 1 BTC and ann short 0.4.
/// Then seven days of emergency, and the market is shut down.
fn pool() -> World {
    let mut world = World::with(|manifest| {
        manifest.pool.breakers = None;
        manifest.markets[0].line = Dollars(Usd::whole(100_000));
        manifest.markets[0].ceiling = None;
        manifest.pool.risk = None;
    });
    world.lp("bert").deposits(40_000, "ATOM");
    world.lp("anna").deposits(40_000, "ATOM").mints(100_000);
    for (trader, size) in [("bob", "1"), ("ann", "-0.4")] {
        world.sells_sdusd("anna", trader, 10_000);
        world.trader(trader).funds_margin(10_000).commits(size.parse().unwrap(), "BTC");
        world.fills();
    }
    emergency(&mut world, None);
    world
}

fn run(world: &mut World, who: &str, msg: &pool::ExecuteMsg) -> sdp_embedded::error::Result<()> {
    world.execute(who, "pool", msg, &[]).map(|_| ())
}

/// The market and then the pool, by kim.
fn shut_all(world: &mut World) {
    world.keeper("kim").syncs();
    shut(world, "kim").unwrap();
    run(world, "kim", &pool::ExecuteMsg::ShutDown {}).unwrap();
}

fn fix(world: &mut World) {
    world.waits(7 * DAY).refreshes();
    run(world, "kim", &pool::ExecuteMsg::FixClaims {}).unwrap();
}

fn claim(world: &mut World, provider: &str) {
    let owner = world.address(provider).into_string();
    run(world, "kim", &pool::ExecuteMsg::ClaimCollateral { vault: 0, owner }).unwrap();
}

/// All the sdUSD that somebody has, for ATOM.
fn redeem(world: &mut World, holder: &str) -> f64 {
    let before: f64 = world.has(holder, "ATOM").parse().unwrap();
    let all = world.balance(holder, "sdusd").unwrap();
    world.send_tokens(holder, "sdusd", "pool", all, &pool::Hook::Redeem {}).unwrap();
    run(world, holder, &pool::ExecuteMsg::Collect { vault: None }).unwrap();
    world.has(holder, "ATOM").parse::<f64>().unwrap() - before
}

fn estate(world: &World) -> lens::EstateResponse {
    let found: Option<lens::EstateResponse> = world.query("lens", &lens::QueryMsg::Estate {}).unwrap();
    found.unwrap()
}

#[test]
fn a_pool_is_shut_down_after_its_markets_and_nothing_but_claims_goes_on() {
    let mut world = pool();
    world.keeper("kim").syncs();
    assert!(run(&mut world, "kim", &pool::ExecuteMsg::ShutDown {}).unwrap_err().says("E0337"));
    assert!(run(&mut world, "kim", &pool::ExecuteMsg::FixClaims {}).unwrap_err().says("E0334"));
    shut_all(&mut world);
    assert!(run(&mut world, "kim", &pool::ExecuteMsg::ShutDown {}).unwrap_err().says("E0333"));
    assert_eq!(world.health().unwrap().regime, Regime::ShutDown);
    world.lp("anna").fails_with("E0333").deposits(1, "ATOM");
    world.lp("anna").fails_with("E0328").mints(1);
    world.lp("anna").fails_with("E0333").burns(1);
    assert!(world.trip("guardian", None, Regime::Emergency).unwrap_err().says("E0333"));
    let owner = world.manifest().roles.owner.clone();
    assert!(world.reset(&owner, None).unwrap_err().says("E0333"));
    let change = pool::ExecuteMsg::Configure { change: pool::Change::SetGuardian { guardian: None } };
    assert!(run(&mut world, &owner, &change).unwrap_err().says("E0333"));
    // neither time nor a sync brings it back
    world.waits(30 * DAY).refreshes();
    world.keeper("kim").syncs();
    assert_eq!(world.health().unwrap().regime, Regime::ShutDown);
}

#[test]
fn traders_and_holders_are_paid_in_full_and_providers_last_to_the_last_claim() {
    let mut world = pool();
    shut_all(&mut world);
    let bad = pool::ExecuteMsg::Collect { vault: None };
    assert!(run(&mut world, "anna", &bad).unwrap_err().says("E0335"));
    world.waits(7 * DAY - 1).refreshes();
    assert!(run(&mut world, "kim", &pool::ExecuteMsg::FixClaims {}).unwrap_err().says("E0335"));
    world.waits(1).refreshes();
    run(&mut world, "kim", &pool::ExecuteMsg::FixClaims {}).unwrap();
    assert!(run(&mut world, "kim", &pool::ExecuteMsg::FixClaims {}).unwrap_err().says("E0336"));
    let fixed = estate(&world).claims.unwrap();
    assert!(fixed.haircut.is_zero(), "{fixed:?}");

    // prices are what they were at the freeze, whatever they are now, and there may be none
    world.price("ATOM", 3).waits(365 * DAY);
    // one provider claims before anybody else
    let before: f64 = world.has("bert", "ATOM").parse().unwrap();
    claim(&mut world, "bert");
    let bert = world.has("bert", "ATOM").parse::<f64>().unwrap() - before;
    // bob and ann take what is in their accounts out as sdUSD, and so does whoever settled their orders
    for trader in ["bob", "ann", "settler"] {
        let all = equity(&mut world, trader).positive_part();
        world.withdraw_margin(trader, "market", 0, all).unwrap();
    }
    let mut paid = 0.0;
    for holder in ["bob", "ann", "settler", "anna"] {
        let had = world.balance(holder, "sdusd").unwrap().raw() as f64 / 1e6;
        let got = redeem(&mut world, holder);
        // a dollar for a dollar, at $10
        assert!((got * 10.0 - had).abs() < 1e-4 * had, "{holder} {got} {had}");
        paid += got;
    }
    let before: f64 = world.has("anna", "ATOM").parse().unwrap();
    claim(&mut world, "anna");
    let anna = world.has("anna", "ATOM").parse::<f64>().unwrap() - before;
    // both have shared what the market cost in halves; anna's collateral has paid her debt of 100,000
    assert!((bert - anna - 10_000.0).abs() < 0.001, "{bert} {anna}");
    // everything has gone to somebody, but for dust
    assert!((bert + anna + paid - 80_000.0).abs() < 0.001, "{bert} {anna} {paid}");
    let ledger = world.audit().unwrap().ledger;
    // what is left of sdUSD the market holds beyond what it owes: the providers had earned it
    let stuck = ledger.supply.signed().unwrap().plus(ledger.reported).unwrap();
    assert!(stuck.abs() < Usd::new(10) && ledger.vault_debt.abs() < Usd::new(10), "{ledger:?}");
    assert!(ledger.estate.abs() < Usd::new(1_000) && ledger.bad_debt.is_zero(), "{ledger:?}");
    let left = estate(&world).claims.unwrap();
    assert!(left.left[0] < Amount::new(1_000) && left.providers_left[0] < Amount::new(1_000), "{left:?}");
}

#[test]
fn what_positions_cannot_cover_is_taken_from_all_providers_and_then_from_holders() {
    // the price of the freeze, what providers lose of what they have, what a dollar of sdUSD gets
    for (price, haircut, dollar) in [("4", 0.0, 1.0), ("2", 0.0, 1.0), ("1", 1.0, 0.8)] {
        let mut world = pool();
        // the average follows
        world.price("ATOM", price);
        for _ in 0..60 {
            world.waits(60).refreshes();
        }
        shut_all(&mut world);
        let anna = world.address("anna").into_string();
        let write_off = pool::ExecuteMsg::WriteOff { vault: 0, owner: anna };
        let written_off = run(&mut world, "kim", &write_off);
        if price == "4" {
            assert!(written_off.unwrap_err().says("E0338"));
        } else {
            written_off.unwrap();
            assert_eq!(estate(&world).written_off[0], Amount::new(40_000_000_000));
        }
        fix(&mut world);
        let fixed = estate(&world).claims.unwrap();
        let loses: f64 = fixed.haircut.to_string().parse().unwrap();
        let frozen: f64 = estate(&world).prices[0].to_string().parse().unwrap();
        if price == "2" {
            // anna's 80,000 of collateral cover most of some 100,000; bert's 80,000 the rest
            assert!(loses > 0.2 && loses < 0.3, "{loses}");
        } else {
            assert!((loses - haircut).abs() < 1e-9, "{price}: {loses}");
        }
        let before: f64 = world.has("bert", "ATOM").parse().unwrap();
        claim(&mut world, "bert");
        let bert = world.has("bert", "ATOM").parse::<f64>().unwrap() - before;
        let all: f64 = 40_000.0 * (1.0 - loses);
        // and his part of what the market has cost or earned
        assert!((bert - all).abs() <= all * 0.01, "{price}: {bert} {all}");
        let had = world.balance("anna", "sdusd").unwrap().raw() as f64 / 1e6;
        let got = redeem(&mut world, "anna") * frozen / had;
        assert!((got - dollar).abs() < 0.03, "{price}: {got}");
        assert_eq!(world.audit().unwrap().difference, SignedUsd::ZERO);
    }
}
