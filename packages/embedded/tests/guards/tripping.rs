//! Somebody who wants a breaker to trip, and has no price in his hand: the cheapest way that was found for each breaker, what it
//! costs, and that nothing is gained. What prices bring he hedges elsewhere, at no cost. `--nocapture` prints the table.

use sdp_embedded::{Actions, Manifest, World};
use sdp_types::pool::Measures;
use sdp_types::regime::{regime, Regime};
use sdp_types::units::Amount;
use sdp_types::Ratio;

const USD: i128 = 1_000_000;

/// `whale` has $10M of collateral and this much debt; $60,000 of it are insurance; mallory has so much sdUSD.
fn world(debt: u64, mallory: u64) -> World {
    let mut world = World::of(Manifest::built_in().unwrap());
    world.lp("whale").deposits(1_000_000, "ATOM").mints(debt);
    world.keeper("whale").insures(60_000);
    if mallory > 0 {
        world.sells_sdusd("whale", "mallory", mallory);
    }
    assert_eq!(pool(&world), Regime::Normal);
    world
}

fn pool(world: &World) -> Regime {
    regime(&world.regimes().unwrap().pool)
}

fn market(world: &World) -> Regime {
    regime(&world.regimes().unwrap().markets[0].trip)
}

fn measures(world: &World) -> Measures {
    world.regimes().unwrap().measures.unwrap()
}

/// sdUSD, equity of account 0, dollars as tokens and as a position of mallory, micro-USD.
fn wealth(world: &World) -> i128 {
    let held = |token: &str| i128::try_from(world.balance("mallory", token).unwrap().raw()).unwrap();
    let position = world
        .position("mallory", "USDC")
        .map_or(0, |position| i128::try_from(position.value.raw()).unwrap() - position.debt.raw());
    held("sdusd") + held("USDC") + world.account("mallory", "market", 0).unwrap().equity.raw() + position
}

/// Takes all margin out. No position is open.
fn takes_all(world: &mut World) {
    let equity = world.trader("mallory").state().withdrawable;
    world.withdraw_margin("mallory", "market", 0, equity).unwrap();
}

/// What it came to: capital that was needed and what was lost, micro-USD.
struct Row {
    breaker: &'static str,
    how: &'static str,
    capital: i128,
    cost: i128,
}

/// Fees of both fills are lost at least; what is gained elsewhere or lost there by a hedge of `size` counts.
fn row(breaker: &'static str, how: &'static str, start: i128, end: i128, hedge: i128) -> Row {
    Row { breaker, how, capital: start, cost: start - (end + hedge) }
}

fn insurance() -> Row {
    let mut world = world(1_500_000, 400_000);
    let start = wealth(&world);
    world.trader("mallory").funds_margin(400_000);
    // 1.5 % of $4M is what there is, and what the orders pay for the risk that they add: two feeds that hedge each other, so that
    // no budget stops it
    world.trader("mallory").buys("40", "BTC");
    world.trader("mallory").sells("660", "ETH");
    world.fills();
    world.keeper("kim").syncs();
    assert_eq!(pool(&world), Regime::Caution);
    world.trader("mallory").closes("BTC");
    world.trader("mallory").closes("ETH");
    world.fills();
    takes_all(&mut world);
    let row = row("insurance", "40 BTC against 660 ETH, opened and closed", start, wealth(&world), 0);
    // 6 bp of $4.38M, twice
    assert!(row.cost >= 2 * 2_628 * USD, "{}", row.cost);
    row
}

/// A trader who draws his own margin with a small profit trips nothing, although all of it is minted.
fn own_margin_is_no_profit() {
    let mut world = world(1_500_000, 410_000);
    world.trader("mallory").funds_margin(410_000).buys("0.1", "BTC");
    world.fills();
    world.price("BTC", 60_900);
    world.trader("mallory").closes("BTC");
    world.fills();
    takes_all(&mut world);
    assert_eq!((market(&world), pool(&world)), (Regime::Normal, Regime::Normal));
}

fn withdrawals() -> Row {
    let mut world = world(1_500_000, 170_000);
    let start = wealth(&world);
    world.trader("mallory").funds_margin(170_000).buys("45", "BTC");
    world.fills();
    world.price("BTC", 64_750);
    world.trader("mallory").closes("BTC");
    world.fills();
    takes_all(&mut world);
    assert_eq!((market(&world), pool(&world)), (Regime::Caution, Regime::Normal));
    let hedge = -45 * 4_750 * USD;
    row("withdrawals", "45 BTC at +8 %", start, wealth(&world), hedge)
}

fn debt_growth() -> Row {
    let mut world = world(1_500_000, 170_000);
    let start = wealth(&world);
    world.trader("mallory").funds_margin(170_000).buys("45", "BTC");
    world.fills();
    world.price("BTC", 67_200);
    world.keeper("kim").syncs();
    assert_eq!(pool(&world), Regime::Caution);
    world.trader("mallory").closes("BTC");
    world.fills();
    takes_all(&mut world);
    row("debt_growth", "45 BTC at +12 %", start, wealth(&world), -45 * 7_200 * USD)
}

/// As much risk as the budget lets anybody take is two thirds of what trips.
fn shortfall() -> Row {
    let mut world = world(1_500_000, 400_000);
    let start = wealth(&world);
    world.trader("mallory").funds_margin(400_000);
    // 2.82 · 3.5 % of it is 4 % of $8.5M at $3.44M; the cap of the net skew is $3M, so the rest is in ETH
    world.trader("mallory").buys("45", "BTC");
    world.trader("mallory").buys("130", "ETH");
    world.fills();
    world.keeper("kim").syncs();
    let reached = measures(&world).shortfall;
    assert!(reached > Ratio::percent(3) && reached <= Ratio::percent(4), "{reached}");
    world.trader("mallory").fails_with("E0326").buys("100", "ETH");
    world.lp("whale").with("ATOM").fails_with("E0308").mints(1_800_000);
    assert_eq!(pool(&world), Regime::Normal);
    world.trader("mallory").closes("BTC");
    world.trader("mallory").closes("ETH");
    world.fills();
    takes_all(&mut world);
    row("shortfall", "none without prices: orders and mints end at 4 %", start, wealth(&world), 0)
}

fn utilisation() -> Row {
    let mut world = world(3_200_000, 0);
    let dollars = Amount::new(4_000_000_000_000);
    world.give("mallory", "USDC", dollars).unwrap();
    let start = wealth(&world);
    world.deposit("mallory", "USDC", dollars, None).unwrap();
    // where somebody has adjusted the ceilings before, a gap is all that there is in eight hours
    let before = world.snapshot();
    world.keeper("kim").adjusts();
    world.lp("mallory").with("USDC").fails_with("E0306").mints(3_150_000);
    world.restore(&before);
    // 80 % of these collaterals, 32 % of the others
    world.lp("mallory").with("USDC").mints(3_150_000);
    world.keeper("kim").syncs();
    assert_eq!(pool(&world), Regime::Caution);
    assert!(measures(&world).utilisation >= Ratio::percent(45));
    world.lp("mallory").with("USDC").burns(3_150_000);
    world.passes(172_800);
    world.lp("mallory").with("USDC").requests_exit(4_000_000);
    world.passes(86_400);
    world.keeper("kim").executes_exit("mallory", "USDC");
    assert_eq!(world.balance("mallory", "USDC").unwrap(), dollars);
    row("utilisation", "$4M of USDC for three days, all minted against", start, wealth(&world), 0)
}

#[test]
fn whoever_trips_a_breaker_without_a_price_in_his_hand_pays_for_it_and_gains_nothing() {
    own_margin_is_no_profit();
    let rows = [insurance(), withdrawals(), debt_growth(), shortfall(), utilisation()];
    println!("| breaker | the cheapest way that was found | capital, USD | cost, µUSD |\n|---|---|---|---|");
    for Row { breaker, how, capital, cost } in rows {
        println!("| {breaker} | {how} | {} | {cost} |", capital / USD);
        assert!(cost >= 0, "{breaker}: {how} was worth {} µUSD", -cost);
    }
}
