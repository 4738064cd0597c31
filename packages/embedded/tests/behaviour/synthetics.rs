//! Synthetics beside perpetuals, one pool behind both.

use cosmwasm_std::Event;
use sdp_embedded::manifest::Spot;
use sdp_embedded::{events, Actions, Synthetics, World, SPOT};
use sdp_types::events::{Bought, FromEvent, OrderFilled, Sold, SpotCollected, SyntheticSwept};
use sdp_types::lens::{HealthResponse, QueryMsg, SolvencyResponse};
use sdp_types::market;
use sdp_types::spot::{BuyExact, Change, ExecuteMsg, SellExact};
use sdp_types::units::{Amount, Price, Rounding, SignedUsd, Usd};

const DAY: u64 = 86_400;
/// Five bitcoins in the token's 8 decimals.
const FIVE: u128 = 500_000_000;

/// BTC, whose token carries the perpetual's funding, and ATOM, whose token carries none; `whale` backs both with 10 million and has sold
/// sdUSD to everybody.
fn stage() -> World {
    let spot: Spot =
        serde_json::from_str(include_str!("../../../network/tests/fixtures/synthetics.json")).unwrap();
    let mut world = World::with(|manifest| {
        manifest.spot = Some(Spot { change_delay: 0, ..spot });
        manifest.pool.breakers = None;
        for feed in &mut manifest.feeds {
            feed.confidence = "0".parse().unwrap();
        }
    });
    world.lp("whale").deposits(1_000_000, "ATOM").mints(2_000_000);
    for name in ["anna", "bob", "carl"] {
        world.sells_sdusd("whale", name, 400_000);
    }
    world
}

fn out(amount: u128) -> BuyExact {
    BuyExact::Out { amount: Amount::new(amount) }
}

/// Orders fill; what one kind of event said of it.
fn filled<E: FromEvent>(world: &mut World) -> E {
    world.passes(15);
    let mut told: Vec<Event> = Vec::new();
    for synthetic in 0..2 {
        if let Ok(answer) = world.settle_synthetic("kim", synthetic, 100) {
            told.extend(answer.events);
        }
    }
    if let Ok(answer) = world.settle("kim", "market", 0, 100) {
        told.extend(answer.events);
    }
    told.iter().find_map(E::from_event).unwrap().unwrap()
}

fn health(world: &World) -> HealthResponse {
    world.query("lens", &QueryMsg::Health {}).unwrap()
}

/// What five bitcoins' tokens are worth at the index, funding until now included.
fn holding(world: &World) -> SignedUsd {
    let price: Price = "60000".parse().unwrap();
    world.synthetics().unwrap()[0].quantity.abs().value(price, Rounding::Down).unwrap().signed().unwrap()
}

/// Hours pass; the market is poked in each of them, the synthetics in every second one, and `carl` trades in every eighth.
fn a_day(world: &mut World) {
    for hour in 1..=24u64 {
        world.waits(3_500).refreshes();
        world.poke("kim", "market").unwrap();
        if hour % 2 == 0 {
            world.poke_synthetics("kim").unwrap();
        }
        if hour % 8 == 0 {
            let size = if hour % 16 == 0 { "-0.1" } else { "0.1" };
            world.trader("carl").commits(size.parse().unwrap(), "BTC");
            world.fills();
        } else {
            world.waits(100).refreshes();
        }
    }
    world.poke("kim", "market").unwrap();
    world.poke_synthetics("kim").unwrap();
}

fn within_a_hundredth(of_the_pair: i128, of_a_leg: i128) {
    assert!(of_a_leg != 0 && of_the_pair.abs() * 100 <= of_a_leg.abs(), "{of_the_pair} of {of_a_leg}");
}

#[test]
fn a_synthetic_beside_the_opposite_perpetual_nets_to_nothing() {
    // one leg alone
    let mut alone = stage();
    alone.trader("carl").funds_margin(50_000);
    alone.buy_synthetic("anna", 0, Usd::whole(310_000), out(FIVE)).unwrap();
    let leg: Bought = filled(&mut alone);
    alone.keeper("kim").syncs();
    let leg_health = health(&alone);
    let before = holding(&alone);
    a_day(&mut alone);
    let leg_funding = holding(&alone).minus(before).unwrap();
    // she pays: the pool is short
    assert!(leg_funding.is_negative(), "{leg_funding}");

    // the pair: bob is short as much
    let mut pair = stage();
    pair.trader("carl").funds_margin(50_000);
    pair.trader("bob").funds_margin(100_000);
    pair.buy_synthetic("anna", 0, Usd::whole(310_000), out(FIVE)).unwrap();
    let first: Bought = filled(&mut pair);
    assert_eq!(first.premium, leg.premium);
    pair.trader("bob").sells(5, "BTC");
    let second: OrderFilled = filled(&mut pair);
    pair.keeper("kim").syncs();
    let pair_health = health(&pair);
    let solvency: SolvencyResponse = pair.query("lens", &QueryMsg::Solvency {}).unwrap();

    let raw = |amount: Usd| amount.signed().unwrap().raw();
    within_a_hundredth(raw(pair_health.expected_shortfall), raw(leg_health.expected_shortfall));
    within_a_hundredth(first.premium.plus(second.premium).unwrap().raw(), leg.premium.raw());
    assert!(raw(pair_health.potential) * 100 <= raw(leg_health.potential));
    // what would hedge the pool: nothing to speak of
    let hedge = solvency.hedges.iter().find(|hedge| hedge.feed == 0).map(|hedge| hedge.markets.raw());
    within_a_hundredth(hedge.unwrap_or_default(), 5_000_000_000_000_000_000);

    let (held, margin) = (holding(&pair), pair.trader("bob").state().equity);
    a_day(&mut pair);
    let of_anna = holding(&pair).minus(held).unwrap();
    let of_bob = pair.trader("bob").state().equity.minus(margin).unwrap();
    within_a_hundredth(of_anna.plus(of_bob).unwrap().raw(), leg_funding.raw());
}

#[test]
fn the_pair_pays_with_one_hand_what_it_gets_with_the_other_while_others_make_funding_move() {
    let mut world = stage();
    world.trader("carl").funds_margin(100_000).buys(10, "BTC");
    world.trader("bob").funds_margin(100_000);
    world.buy_synthetic("anna", 0, Usd::whole(310_000), out(FIVE)).unwrap();
    world.trader("bob").sells(5, "BTC");
    world.fills();
    world.poke_synthetics("kim").unwrap();
    let (held, margin) = (holding(&world), world.trader("bob").state().equity);
    a_day(&mut world);
    let of_anna = holding(&world).minus(held).unwrap();
    let of_bob = world.trader("bob").state().equity.minus(margin).unwrap();
    // carl's skew makes longs pay more than a thousandth
    assert!(of_anna.raw() < -300_000_000, "{of_anna}");
    within_a_hundredth(of_anna.plus(of_bob).unwrap().raw(), of_anna.raw());
}

#[test]
fn a_winner_takes_more_than_is_held_and_the_pool_mints_it() {
    let mut world = stage();
    world.buy_synthetic("anna", 0, Usd::whole(61_000), out(FIVE / 5)).unwrap();
    let bought: Bought = filled(&mut world);
    // a bitcoin, its premium and 6 bp
    let premium = bought.premium.raw();
    assert_eq!(i128::try_from(bought.cost.raw()).unwrap(), 60_036_000_000 + premium);
    world.price("BTC", 66_000);
    let amount = Amount::new(FIVE / 5);
    world.sell_synthetic("anna", 0, amount, SellExact::In { least: None }).unwrap();
    let before = world.balance("anna", "sdusd").unwrap();
    let sold: Sold = filled(&mut world);
    assert_eq!(world.balance("anna", "sdusd").unwrap(), before, "it does not hold so much");
    let answer = world.collect_synthetic("anna", None, None).unwrap();
    let collected: SpotCollected = events(&answer).unwrap().remove(0);
    assert_eq!(collected.amount, sold.proceeds);
    let has = world.balance("anna", "sdusd").unwrap();
    assert_eq!(has.raw() - before.raw(), sold.proceeds.raw());
    // what she won is what the pool minted, but for the keeper's claim that is still held
    let won = sold.proceeds.raw() - bought.cost.raw();
    assert_eq!(collected.drawn.raw(), won);
    world.keeper("kim").syncs();
    assert!(world.audit().unwrap().difference.is_zero());
}

#[test]
fn both_ends_exact_and_in_pieces_the_books_stay_balanced_and_nobody_profits() {
    let mut world = stage();
    let before = world.balance("bob", "sdusd").unwrap();
    for dollars in [1_000, 25_000, 77] {
        world.buy_synthetic("bob", 1, Usd::whole(dollars), BuyExact::In { least: None }).unwrap();
        world.fills();
    }
    world.buy_synthetic("bob", 1, Usd::whole(12_000), out(1_000_000_000)).unwrap();
    world.fills();
    world
        .sell_synthetic("bob", 1, Amount::new(500_000_000), SellExact::Out { usd: Usd::whole(3_000) })
        .unwrap();
    world.fills();
    let left = world.balance("bob", "sATOM").unwrap();
    world.sell_synthetic("bob", 1, left, SellExact::In { least: Some(Usd::ZERO) }).unwrap();
    world.fills();
    assert!(world.balance("bob", "sATOM").unwrap().is_zero());
    let after = world.balance("bob", "sdusd").unwrap();
    // 26,077 buy 26,061.36 and 10,000 more: 6 bp of them both ways, and less than ten cents for premia that the fees are of
    let lost = before.raw() - after.raw();
    assert!((43_200_000..43_300_000).contains(&lost), "{lost}");
    assert_eq!(world.synthetics().unwrap()[1].supply, Amount::ZERO);
}

#[test]
fn tokens_that_their_holders_burn_are_swept_to_the_providers() {
    let mut world = stage();
    world.buy_synthetic("anna", 1, Usd::whole(11_000), out(1_000_000_000)).unwrap();
    world.fills();
    world.keeper("kim").syncs();
    let owed = health(&world).debt_from_markets;
    let burn = cw20::Cw20ExecuteMsg::Burn { amount: 300_000_000u128.into() };
    world.execute("anna", "sATOM", &burn, &[]).unwrap();
    world.transfer("anna", "sATOM", SPOT, Amount::new(200_000_000)).unwrap();
    let answer = world.sweep_synthetic("eve", 1).unwrap();
    let swept: SyntheticSwept = events(&answer).unwrap().remove(0);
    assert_eq!((swept.burnt, swept.supply), (Amount::new(200_000_000), Amount::new(500_000_000)));
    assert!(world.sweep_synthetic("eve", 1).unwrap_err().says("E0322"));
    world.keeper("kim").syncs();
    // 500 ATOM at $10
    let gained = owed.minus(health(&world).debt_from_markets).unwrap();
    assert!((gained.raw() - 5_000_000_000).abs() < 1_000_000, "{gained}");
}

#[test]
fn a_pool_is_shut_down_after_its_synthetics_and_their_holders_are_paid() {
    let mut world = stage();
    world.buy_synthetic("anna", 1, Usd::whole(11_000), out(1_000_000_000)).unwrap();
    world.fills();
    world.buy_synthetic("bob", 1, Usd::whole(100), BuyExact::In { least: None }).unwrap();
    let change = Change::ShutDown {};
    world.execute("owner", SPOT, &ExecuteMsg::Configure { change }, &[]).unwrap();
    world.execute("eve", SPOT, &ExecuteMsg::Enact { id: 0 }, &[]).unwrap();
    let shut = market::ExecuteMsg::Configure { change: market::Change::ShutDown {} };
    world.execute("owner", "market", &shut, &[]).unwrap();
    world.waits(2 * DAY).refreshes();
    world.execute("eve", "market", &market::ExecuteMsg::Enact { id: 0 }, &[]).unwrap();
    let bob = world.balance("bob", "sdusd").unwrap();
    world.settle_synthetic("kim", 1, 10).unwrap();
    assert!(world.balance("bob", "sdusd").unwrap() > bob, "his order is refunded");
    let before = world.balance("anna", "sdusd").unwrap().raw();
    world.redeem_synthetic("anna", 1, Amount::new(400_000_000)).unwrap();
    assert_eq!(world.balance("anna", "sdusd").unwrap().raw() - before, 4_000_000_000);
    world.waits(DAY);
    world.redeem_synthetic("anna", 1, Amount::new(600_000_000)).unwrap();
    assert_eq!(world.balance("anna", "sdusd").unwrap().raw() - before, 10_000_000_000);
    assert!(world.redeem_synthetic("anna", 1, Amount::new(1)).is_err(), "she has none left");
}
