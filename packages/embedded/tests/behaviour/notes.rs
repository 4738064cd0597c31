//! A pool with more bad debt than everything else can meet sells recovery notes, earns for years, and redeems them.

use sdp_embedded::decimal::Dollars;
use sdp_embedded::{Actions, Recovering, World};
use sdp_types::events::{NoteAuctionStarted, NotesIssued, NotesRedeemed};
use sdp_types::lens::{self, HealthResponse, SolvencyResponse};
use sdp_types::pool::LossLimits;
use sdp_types::units::{Ratio, SignedUsd, Usd};

const YEAR: u64 = 365 * 86_400;
const HOUR: u64 = 3_600;

fn health(world: &World) -> HealthResponse {
    world.health().unwrap()
}

fn solvency(world: &World) -> SolvencyResponse {
    world.query("lens", &lens::QueryMsg::Solvency {}).unwrap()
}

/// Bob is long 1 BTC at 60,000 with 4,000 of margin when it falls to 52,000. Neither insurance nor providers take anything of it, so nearly
/// 4,000 is bad debt. Most of each fee is insurance's, half of that is set aside, and notes are sold in lots of 1,500.
fn crashed() -> World {
    let mut world = World::with(|manifest| {
        manifest.pool.losses = Some(LossLimits { draw_cap: Ratio::ZERO, loss_budget: Ratio::ZERO });
        manifest.pool.breakers = None;
        manifest.liquidator.notes.lot = Dollars(Usd::whole(1_500));
        let market = &mut manifest.markets[0];
        (market.fee, market.insurance_share) = (Ratio::bps(35), Ratio::percent(90));
        market.fees = None;
    });
    world.lp("whale").deposits(1_000_000, "ATOM").mints(1_000_000);
    for trader in ["bob", "ann", "bea", "ben"] {
        world.sells_sdusd("whale", trader, 20_000);
    }
    world.trader("bob").funds_margin(4_000).buys("1", "BTC");
    world.fills();
    world.price("BTC", 52_000);
    world.keeper("kim").liquidates(&["bob"]);
    world.keeper("kim").syncs();
    world
}

/// A round trip of 1 BTC by ann.
fn trades(world: &mut World) {
    world.trader("ann").buys("1", "BTC");
    world.fills();
    world.trader("ann").closes("BTC");
    world.fills();
}

/// A year in which ann trades, until so much is set aside or `most` have passed. How many those were.
fn earns(world: &mut World, enough: Usd, most: u32) -> u32 {
    let mut years = 0;
    while health(world).set_aside < enough && years < most {
        world.waits(YEAR).refreshes();
        years += 1;
        trades(world);
        world.keeper("kim").syncs();
        let now = health(world);
        assert!(now.set_aside <= enough, "{now:?}");
    }
    years
}

#[test]
fn a_pool_beyond_bad_debt_sells_notes_and_redeems_them_years_later() {
    let mut world = crashed();
    let lost = health(&world).bad_debt;
    assert!(lost > Usd::whole(3_500) && health(&world).insurance < Usd::whole(600), "{lost}");
    let missing = lost.minus(health(&world).insurance).unwrap();

    // three lots: 1,500, 1,500 and what is left
    let mut lots = Vec::new();
    while let Ok(answer) = world.start_note_auction("kim") {
        lots.extend(sdp_embedded::events::<NoteAuctionStarted>(&answer).unwrap());
    }
    assert_eq!(lots.iter().map(|started| started.lot.raw()).sum::<u128>(), missing.raw());
    assert_eq!(lots.len(), 3);
    // two bidders compete for each, and it ends at 1.5 times what is paid
    for started in &lots {
        let NoteAuctionStarted { auction, lot, claim } = started;
        assert_eq!(claim.raw(), 2 * lot.raw());
        world.bid("bea", *auction, *lot, *claim).unwrap();
        world.bid("ben", *auction, *lot, Usd::new(lot.raw() * 3 / 2)).unwrap();
    }
    world.waits(HOUR).refreshes();
    let mut issued = 0;
    for started in &lots {
        let answer = world.settle_note_auction("kim", started.auction).unwrap();
        let notes = sdp_embedded::events::<NotesIssued>(&answer).unwrap();
        issued += notes[0].claim.raw();
    }
    world.keeper("kim").syncs();
    // what is left of bad debt is what insurance could meet
    let now = health(&world);
    assert_eq!(now.losses.notes, missing);
    assert_eq!(now.bad_debt, lost.minus(missing).unwrap());
    let sold = solvency(&world);
    assert_eq!((sold.notes_paid, sold.notes_outstanding.raw()), (missing, issued));
    // each lot's half is rounded down
    assert!(sold.note_yield.unwrap().to_string().starts_with("0.4999"), "{:?}", sold.note_yield);

    // nothing is set aside yet
    let notes = Usd::new(issued);
    assert!(world.redeem("ben", notes, None).unwrap_err().says("E0005"));
    world.sells_sdusd("whale", "ann", 80_000);
    world.trader("ann").funds_margin(90_000);
    let half_way = earns(&mut world, notes, 3);
    assert_eq!(half_way, 3);
    // he takes a part out, for what is covered of it
    let (part, covered) = (Usd::whole(100), health(&world).set_aside);
    let answer = world.redeem("ben", part, None).unwrap();
    let redeemed = sdp_embedded::events::<NotesRedeemed>(&answer).unwrap().remove(0);
    assert_eq!(redeemed.paid.raw(), part.raw() * covered.raw() / notes.raw());
    let left = Usd::new(issued).minus(part).unwrap();
    let years = half_way + earns(&mut world, left, 100);
    assert!(years < 100);
    assert!(years > 10, "{years}");
    let before: f64 = world.has("ben", "sdusd").parse().unwrap();
    world.redeem("ben", left, Some(left)).unwrap();
    let paid = world.has("ben", "sdusd").parse::<f64>().unwrap() - before;
    assert!((paid - left.raw() as f64 / 1e6).abs() < 1e-3, "{paid} {left}");
    let end = solvency(&world);
    assert_eq!((end.notes_outstanding, end.set_aside), (Usd::ZERO, Usd::ZERO));
    assert_eq!(world.has("ben", "sdnote"), "0");
    assert_eq!(world.audit().unwrap().difference, SignedUsd::ZERO);
}

#[test]
fn a_bid_is_escrowed_until_somebody_claims_less_or_it_stands() {
    let mut world = crashed();
    world.start_note_auction("kim").unwrap();
    world.bid("bea", 1, Usd::whole(1_600), Usd::whole(2_000)).unwrap();
    assert_eq!(world.has("bea", "sdusd"), "18500");
    assert!(world.bid("ben", 1, Usd::whole(1_500), Usd::whole(1_999)).unwrap_err().says("E0529"));
    world.bid("ben", 1, Usd::whole(1_500), Usd::whole(1_900)).unwrap();
    assert_eq!((world.has("bea", "sdusd"), world.has("ben", "sdusd")), ("20000".into(), "18500".into()));
    world.waits(HOUR).refreshes();
    world.settle_note_auction("kim", 1).unwrap();
    assert_eq!(world.has("ben", "sdnote"), "1900");
}
