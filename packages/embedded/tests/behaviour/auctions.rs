//! A provider below the liquidation ratio: seized, sold in a Dutch auction, the rest given back.

use sdp_embedded::{Actions, World};
use sdp_types::events::{AuctionEnded, AuctionStarted, Taken};
use sdp_types::liquidator::{AuctionResponse, QueryMsg};
use sdp_types::units::{Amount, SignedUsd, Usd};

/// Anna owes 10,000 on 3,000 ATOM, which now are worth 6.50 each; kim has sdUSD.
fn below() -> World {
    let mut world = World::backed();
    world.lp("whale").with("ATOM").mints(200_000);
    world.sells_sdusd("whale", "kim", 100_000);
    world.lp("anna").deposits(3_000, "ATOM").mints(10_000);
    world.price("ATOM", "6.5");
    world
}

fn auction(world: &World, auction: u64) -> AuctionResponse {
    world.query("liquidator", &QueryMsg::Auction { auction }).unwrap()
}

#[test]
fn a_position_above_the_liquidation_ratio_is_left_alone() {
    let mut world = below();
    world.price("ATOM", "6.667");
    world.keeper("kim").fails_with("E0313").seizes("anna", "ATOM");
}

#[test]
fn a_seizure_starts_an_auction_above_the_price_that_falls_by_steps() {
    let mut world = below();
    world.keeper("kim").seizes("anna", "ATOM");
    let started = &world.told::<AuctionStarted>()[0];
    assert_eq!((started.tab, started.penalty), (Usd::whole(10_000), Usd::whole(1_000)));
    assert_eq!(started.price, "7.15".parse().unwrap());
    let number = started.auction;
    world.passes(20);
    // × 0.99 after each 20 seconds
    assert_eq!(auction(&world, number).price, "7.0785".parse().unwrap());
    assert_eq!(world.audit().unwrap().ledger.tab, Usd::whole(10_000));
}

#[test]
fn a_taker_pays_debt_and_penalty_and_the_owner_gets_the_rest() {
    let mut world = below();
    world.keeper("kim").seizes("anna", "ATOM");
    let number = world.told::<AuctionStarted>()[0].auction;
    world.passes(40);
    let price = auction(&world, number).price;
    world.keeper("kim").takes(number, 3_000);
    let taken = world.told::<Taken>()[0].clone();
    assert_eq!(taken.price, price);
    assert_eq!((taken.recovered, taken.penalty), (Usd::whole(10_000), Usd::whole(1_000)));
    let ended = &world.told::<AuctionEnded>()[0];
    // tip 5 and a thousandth of the debt
    assert_eq!((ended.shortfall, ended.reward), (Usd::ZERO, Usd::whole(15)));
    assert_eq!(ended.surplus.raw() + taken.amount.raw(), 3_000_000_000);
    assert_eq!(world.balance("anna", "ATOM").unwrap(), ended.surplus);
    world.keeper("kim").syncs();
    let ledger = world.audit().unwrap().ledger;
    // the penalty less the keeper's reward is insurance's
    assert_eq!((ledger.tab, ledger.insurance), (Usd::ZERO, Usd::whole(985)));
}

#[test]
fn a_lot_that_does_not_bring_the_debt_leaves_a_loss_to_insurance_and_then_to_providers() {
    let mut world = below();
    world.keeper("whale").insures(500);
    world.price("ATOM", "3.4");
    world.keeper("kim").seizes("anna", "ATOM");
    let number = world.told::<AuctionStarted>()[0].auction;
    world.passes_without_gap(600);
    world.keeper("kim").takes(number, 3_000);
    let ended = world.told::<AuctionEnded>()[0].clone();
    assert!(ended.shortfall > Usd::whole(500), "{}", ended.shortfall);
    let before = world.lp("whale").with("ATOM").position().debt;
    world.keeper("kim").syncs();
    let audit = world.audit().unwrap().ledger;
    // a quarter of the fund in a day, and the providers, whose budget is 2 % of some 3,400,000, the rest
    assert_eq!((audit.bad_debt, audit.insurance, audit.tab), (Usd::ZERO, Usd::whole(375), Usd::ZERO));
    let rest = ended.shortfall.minus(Usd::whole(125)).unwrap();
    let after = world.lp("whale").with("ATOM").position().debt;
    // queries are as of a sync now, so the provider saw it coming
    assert_eq!(before, after);
    assert_eq!(after.minus(SignedUsd::new(200_000_000_000)).unwrap().positive_part(), rest);
}

#[test]
fn nobody_pays_more_than_the_highest_price_that_he_named_or_buys_from_an_old_auction() {
    let mut world = below();
    world.keeper("kim").seizes("anna", "ATOM");
    let number = world.told::<AuctionStarted>()[0].auction;
    world.keeper("kim").at_most("7.1").fails_with("E0505").takes(number, 100);
    world.keeper("kim").fails_with("E0504").redoes(number);
    world.passes_without_gap(1_501);
    world.keeper("kim").fails_with("E0503").takes(number, 100);
    world.keeper("kim").redoes(number);
    world.keeper("kim").takes(number, 100);
    world.keeper("kim").fails_with("E0501").takes(number + 1, 100);
}

#[test]
fn seizures_stop_where_the_hole_is_full_and_go_on_when_it_has_room() {
    let mut world = World::with(|manifest| {
        manifest.liquidator.hole = sdp_embedded::decimal::Dollars(Usd::whole(5_500));
    });
    world.lp("whale").deposits(1_000_000, "ATOM").mints(200_000);
    world.sells_sdusd("whale", "kim", 100_000);
    world.lp("anna").deposits(3_000, "ATOM").mints(10_000);
    world.price("ATOM", "6.5");
    world.keeper("kim").seizes("anna", "ATOM");
    let first = world.told::<AuctionStarted>()[0].clone();
    assert_eq!((first.tab, first.penalty), (Usd::whole(5_000), Usd::whole(500)));
    assert_eq!(first.lot, Amount::new(1_500_000_000));
    world.keeper("kim").fails_with("E0321").seizes("anna", "ATOM");
    world.keeper("kim").takes(first.auction, 3_000);
    world.keeper("kim").seizes("anna", "ATOM");
    assert_eq!(world.told::<AuctionStarted>()[0].tab, Usd::whole(5_000));
}
