//! Accounts whose positions offset each other: what they need, and what becomes of them when they have too little.

use sdp_types::events::{AccountLiquidated, PositionCut};
use sdp_types::{Price, Ratio, Rounding, SignedUsd, Usd};

use crate::stage::{all_told, params, told, Stage};

/// Ann is long 10 of the first and short `short` of the second perpetual with exactly the initial margin.
fn hedged(rho: i16, short: &str) -> Stage {
    let mut stage = Stage::new(params());
    stage.covariance.correlations = vec![rho, 0, 0];
    stage.show();
    stage.deposits("ann", 2_000);
    stage.trades("ann", 0, "10");
    stage.trades("ann", 1, short);
    let free = stage.account("ann").withdrawable.raw();
    stage.withdraws("ann", free).unwrap();
    let account = stage.account("ann");
    assert_eq!(account.equity, account.initial_margin.signed().unwrap());
    stage
}

#[test]
fn whoever_opened_at_the_initial_margin_can_close_either_leg_at_any_correlation() {
    for rho in [-10_000, -5_000, 0, 3_000, 8_000, 9_999, 10_000] {
        for (short, legs) in [("-10", ["-10", "10"]), ("-3", ["-10", "3"]), ("-30", ["-10", "30"])] {
            for (perp, close) in (0..).zip(legs) {
                let mut stage = hedged(rho, short);
                stage.trades("ann", perp, close);
                let account = stage.account("ann");
                assert_eq!(account.positions.len(), 1);
                assert!(
                    !account.liquidatable,
                    "{rho} {short} {perp}: {} of {}",
                    account.equity, account.maintenance_margin
                );
            }
        }
    }
}

#[test]
fn a_hedge_that_correlation_leaves_does_not_liquidate_whoever_opened_at_the_initial_margin() {
    let mut stage = hedged(9_000, "-10");
    let before = stage.account("ann").maintenance_margin;
    for rho in [5_000, 0, -5_000, -10_000] {
        stage.covariance.correlations = vec![rho, 0, 0];
        stage.show();
        let account = stage.account("ann");
        assert!(account.maintenance_margin >= before && !account.liquidatable, "{rho}");
    }
}

#[test]
fn a_liquidation_brings_a_hedged_account_to_its_target_and_leaves_it_its_hedge() {
    let mut stage = hedged(5_000, "-10");
    stage.price(0, "93.5");
    let before = stage.account("ann");
    assert!(before.liquidatable, "{} {}", before.equity, before.maintenance_margin);
    let response = stage.liquidates("ann");
    let cuts: Vec<PositionCut> = all_told(&response);
    // the short has the larger margin now: 50 against 46.75
    assert_eq!(cuts[0].perp, 1);
    let after = stage.account("ann");
    assert_eq!(after.positions.len(), 2);
    assert!(cuts.len() <= 4, "{cuts:?}");
    let target = after.maintenance_margin.scale(Ratio::percent(125), Rounding::Up).unwrap().signed().unwrap();
    // but for the premium of the last cut, below a cent
    assert!(after.equity.plus(SignedUsd::new(10_000)).unwrap() >= target, "{} {target}", after.equity);
    // and no more than needed: a part in a thousand, and what the last cut rounds to
    let most = target.plus(SignedUsd::new(100_000)).unwrap();
    assert!(after.equity <= most, "{} {target}", after.equity);
    let closed = told::<AccountLiquidated>(&response).closed;
    let alone = before.positions[1].notional;
    assert!(closed < alone, "less than if the whole short had to go: {closed}");
}

#[test]
fn an_account_that_has_nothing_left_is_closed_at_once() {
    let mut stage = hedged(5_000, "-10");
    stage.price(0, "80");
    let response = stage.liquidates("ann");
    let liquidated: AccountLiquidated = told(&response);
    assert_eq!((liquidated.positions_left, all_told::<PositionCut>(&response).len()), (0, 2));
    assert!(liquidated.shortfall > Usd::ZERO);
    assert_eq!(stage.account("ann").margin, SignedUsd::ZERO);
}

#[test]
fn what_no_cut_of_one_leg_restores_still_ends_at_the_target_or_with_nothing() {
    for rho in [-10_000, 0, 5_000, 9_000, 10_000] {
        for short in ["-3", "-10", "-30"] {
            for price in ["99", "97", "95", "93.5", "92", "90", "88"] {
                let mut stage = hedged(rho, short);
                stage.price(0, price);
                if !stage.account("ann").liquidatable {
                    continue;
                }
                let liquidated: AccountLiquidated = told(&stage.liquidates("ann"));
                let after = stage.account("ann");
                let target = after.maintenance_margin.scale(Ratio::percent(125), Rounding::Up).unwrap();
                let enough = after.equity.plus(SignedUsd::new(20_000)).unwrap() >= target.signed().unwrap();
                assert!(
                    liquidated.positions_left == 0 || enough,
                    "{rho} {short} {price}: {} {target}",
                    after.equity
                );
                assert!(!after.liquidatable, "{rho} {short} {price}");
            }
        }
    }
}

#[test]
fn the_liquidation_price_of_a_leg_is_where_the_account_falls_below_maintenance() {
    let stage = hedged(5_000, "-10");
    let account = stage.account("ann");
    for (perp, out) in [(0, -1_i128), (1, 1)] {
        let price = account.positions[perp].liquidation_price.unwrap();
        let mut stage = hedged(5_000, "-10");
        let at = |stage: &mut Stage, price: Price| {
            stage.board.quotes[perp].price = price;
            stage.show();
            stage.account("ann").liquidatable
        };
        // a micro-USD of ten units to either side
        let beyond =
            |n: i128| Price::new(price.raw().checked_add_signed(out * n * 1_000_000_000_000).unwrap());
        assert!(!at(&mut stage, beyond(-1)), "{perp}");
        assert!(at(&mut stage, beyond(1)), "{perp}");
    }
}
