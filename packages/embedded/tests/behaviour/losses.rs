//! A crash that leaves more than insurance and providers take in a day: bad debt, and everybody who takes out loses the same part.

use sdp_embedded::{Actions, World};
use sdp_types::events::{AccountLiquidated, LossMet, MarginWithdrawn};
use sdp_types::lens::HealthResponse;
use sdp_types::pool::LossLimits;
use sdp_types::units::{Ratio, Rounding, SignedUsd, Usd};

fn health(world: &World) -> HealthResponse {
    world.health().unwrap()
}

/// Bob is long 1 BTC with 4,000 of margin, ann and carl short half of it with 4,000 each; 60,000 becomes 52,000. Providers take
/// `budget` of a day's losses.
fn crash(budget: Ratio) -> World {
    let mut world = World::with(|manifest| {
        let limits = LossLimits { loss_budget: budget, ..LossLimits::default() };
        manifest.pool.losses = Some(limits);
        manifest.pool.breakers = None;
    });
    world.lp("whale").deposits(1_000_000, "ATOM").mints(1_000_000);
    for trader in ["bob", "ann", "carl"] {
        world.sells_sdusd("whale", trader, 4_000);
        world.trader(trader).funds_margin(4_000);
    }
    world.trader("bob").buys("1", "BTC");
    world.fills();
    world.trader("ann").sells("0.5", "BTC");
    world.trader("carl").sells("0.5", "BTC");
    world.fills();
    world.price("BTC", 52_000);
    world.keeper("kim").liquidates(&["bob"]);
    world
}

fn micro(usd: SignedUsd) -> u128 {
    usd.positive_part().raw()
}

#[test]
fn a_crash_is_met_by_a_quarter_of_the_fund_and_by_the_budget_and_the_rest_stands() {
    // 0.01 % of $10,000,000
    let mut world = crash(Ratio::bps(1));
    let shortfall = world.told::<AccountLiquidated>()[0].shortfall;
    assert!(shortfall > Usd::whole(3_900), "{shortfall}");
    world.keeper("kim").syncs();
    let met = world.told::<LossMet>()[0].clone();
    let fund = met.insurance.plus(health(&world).insurance).unwrap();
    assert!(!fund.is_zero());
    assert_eq!(met.insurance, fund.scale(Ratio::percent(25), Rounding::Down).unwrap());
    assert_eq!(met.providers, Usd::whole(1_000));
    assert_eq!(met.source, world.address("market").to_string());
    let left = shortfall.minus(met.insurance).unwrap().minus(met.providers).unwrap();
    assert_eq!((met.unmet, health(&world).bad_debt), (left, left));
    // the next day insurance goes on, by a quarter of what it has; the providers never
    let (before, debt) = (health(&world), world.audit().unwrap().ledger.vault_debt);
    world.waits(86_400).refreshes();
    world.keeper("kim").syncs();
    let standing: Vec<_> =
        world.told::<LossMet>().into_iter().filter(|met| met.source == "standing").collect();
    let most = before.insurance.scale(Ratio::percent(25), Rounding::Down).unwrap();
    assert!(standing[0].insurance >= most && standing[0].providers.is_zero(), "{standing:?}");
    let grown = world.audit().unwrap().ledger.vault_debt.minus(debt).unwrap();
    // funding and Φ move it, and nothing else
    assert!(grown.abs() < Usd::whole(500), "{grown}");
    assert!(health(&world).bad_debt < before.bad_debt);
}

#[test]
fn traders_who_leave_in_either_order_get_the_same_part() {
    let mut parts = Vec::new();
    for order in [["ann", "carl"], ["carl", "ann"]] {
        // providers take 1,000 of some 3,960, so that less stands than the two have won
        let mut world = crash(Ratio::bps(1));
        world.keeper("kim").syncs();
        for trader in order {
            world.trader(trader).closes("BTC");
        }
        world.fills();
        world.keeper("kim").syncs();
        let bad_debt = health(&world).bad_debt;
        assert!(bad_debt > Usd::whole(2_900), "{bad_debt}");
        world.trader("ann").fails_with("E0341").withdraws(1_000);
        for trader in order {
            let now = health(&world);
            let state = world.trader(trader).state();
            let all = Usd::new(micro(state.margin));
            let before: f64 = world.has(trader, "sdusd").parse().unwrap();
            world.withdraw_margin_with(trader, "market", 0, all, Some(now.draw_haircut)).unwrap();
            let paid: f64 = world.has(trader, "sdusd").parse::<f64>().unwrap() - before;
            parts.push(paid / (all.raw() as f64 / 1e6));
        }
        // what is owed to keepers is all that is left, and its part of the bad debt
        let left = health(&world);
        let keepers = micro(world.trader("settler").state().margin);
        assert!(left.bad_debt.raw() <= keepers, "{} {keepers}", left.bad_debt);
        assert_eq!(left.losses.withdrawals.raw() + left.bad_debt.raw(), bad_debt.raw());
        assert_eq!(world.audit().unwrap().difference, SignedUsd::ZERO);
    }
    // all four are the same part to a millionth: about 1 − 2,955 ÷ 15,700
    assert!(parts.iter().all(|part| (part - parts[0]).abs() < 1e-6), "{parts:?}");
    assert!((0.79..0.83).contains(&parts[0]), "{parts:?}");
}

#[test]
fn without_bad_debt_a_withdrawal_is_paid_in_full_out_of_what_is_held_first() {
    let mut world = crash(Ratio::percent(2));
    world.keeper("kim").syncs();
    assert_eq!(health(&world).bad_debt, Usd::ZERO);
    world.trader("ann").closes("BTC");
    world.fills();
    let told = world.trader("ann").withdraws(5_000).told::<MarginWithdrawn>()[0].clone();
    assert_eq!((told.amount, told.drawn), (Usd::whole(5_000), Usd::ZERO));
}
