//! The end of the pool, case by case.

use crate::common::*;
use cosmwasm_std::Response;
use sdp_book::{estate, state};
use sdp_types::events::{ClaimsFixed, CollateralClaimed, PositionWrittenOff};
use sdp_types::exposure::Recoveries;
use sdp_types::lens::RedeemedResponse;
use sdp_types::pool::*;
use sdp_types::regime::{Regime, SHUTDOWN_AFTER};
use sdp_types::units::DAY;
use sdp_types::{Amount, Error, Ratio, SignedUsd, Usd};

/// What [`provided`] has, and then an emergency of seven days.
fn pool() -> Pool {
    let mut pool = provided();
    emergency(&mut pool, 8);
    pool
}

/// anna has 20,000 ATOM at $10 and $50,000 of debt, bert 1,000 SOL at $100 and none.
fn provided() -> Pool {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.deposit("anna", 20_000).unwrap();
    pool.deposit_sol("bert", 1_000).unwrap();
    let change = Change::SetLine { market: addr("perps").into(), line: usd(50_000) };
    pool.configure("owner", change).unwrap();
    pool.mint("anna", 50_000).unwrap();
    pool
}

fn emergency(pool: &mut Pool, days: u64) {
    for _ in 0..days {
        pool.run("guardian", ExecuteMsg::Trip { market: None, regime: Regime::Emergency }).unwrap();
        pool.later(DAY - 60);
    }
}

fn shut(pool: &mut Pool) -> Result<Response, Error> {
    pool.run("anyone", ExecuteMsg::ShutDown {})
}

fn fix(pool: &mut Pool) -> Result<ClaimsFixed, Error> {
    Ok(told(&pool.run("anyone", ExecuteMsg::FixClaims {})?))
}

fn fixed(pool: &mut Pool) -> ClaimsFixed {
    shut(pool).unwrap();
    pool.later(7 * DAY);
    fix(pool).unwrap()
}

fn claim(pool: &mut Pool, vault: u8, owner: &str) -> Result<CollateralClaimed, Error> {
    let msg = ExecuteMsg::ClaimCollateral { vault, owner: addr(owner).into() };
    Ok(told(&pool.run("anyone", msg)?))
}

fn write_off(pool: &mut Pool, vault: u8, owner: &str) -> Result<PositionWrittenOff, Error> {
    let msg = ExecuteMsg::WriteOff { vault, owner: addr(owner).into() };
    Ok(told(&pool.run("anyone", msg)?))
}

fn redeem(pool: &mut Pool, holder: &str, dollars: u64) -> Result<Response, Error> {
    pool.send("sdusd", holder, u128::from(dollars) * 1_000_000, &Hook::Redeem {})
}

fn due(pool: &Pool, holder: &str) -> RedeemedResponse {
    let found = state::estate(&pool.deps.storage).unwrap().unwrap();
    let redeemer = state::redeemer(&pool.deps.storage, &pool.deps.api, &addr(holder)).unwrap();
    estate::redeemed(found, redeemer).unwrap()
}

#[test]
fn an_emergency_that_was_interrupted_does_not_count() {
    let mut pool = Pool::with_markets(&["perps"]);
    emergency(&mut pool, 7);
    // the last trip ends
    pool.later(120);
    pool.sync();
    emergency(&mut pool, 7);
    refused(shut(&mut pool), "E0332");
    pool.run("guardian", ExecuteMsg::Trip { market: None, regime: Regime::Emergency }).unwrap();
    pool.later(SHUTDOWN_AFTER - 7 * (DAY - 60));
    shut(&mut pool).unwrap();
}

#[test]
fn the_owner_shuts_it_down_after_the_delay_and_markets_come_first() {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.deposit("anna", 20_000).unwrap();
    refused(pool.configure("guardian", Change::ShutDown {}), "E0102");
    let queued = pool.configure("owner", Change::ShutDown {}).unwrap();
    let sdp_types::events::ChangeQueued { id, .. } = told(&queued);
    pool.later(3_600);
    pool.market("perps", "0.5", 0, |_| {});
    refused(pool.run("anyone", ExecuteMsg::Enact { id }), "E0337");
    pool.market("perps", "0", 0, |_| {});
    pool.run("anyone", ExecuteMsg::Enact { id }).unwrap();
    assert_eq!(pool.listing().regime, Regime::ShutDown);
    refused(shut(&mut pool), "E0333");
    let closed = Pool::instantiated().configure("owner", Change::ShutDown {});
    refused(closed, "E0319");
}

#[test]
fn a_market_that_cannot_be_read_keeps_its_last_debt_and_stops_nobody() {
    let mut pool = pool();
    pool.market("perps", "0", 1_000_000_000, |_| {});
    pool.sync();
    let key = (addr("perps").into(), vec![sdp_types::record::tag::EXPOSURE]);
    pool.deps.querier.records.insert(key, vec![99]);
    let fixed = fixed(&mut pool);
    // 50,000 of sdUSD and 1,000 that traders may yet draw
    assert_eq!((fixed.claims, fixed.haircut), (usd(51_000), Ratio::ZERO));
}

#[test]
fn holders_have_their_part_of_every_collateral_whenever_they_come() {
    let mut pool = pool();
    refused(redeem(&mut pool, "anna", 1), "E0334");
    shut(&mut pool).unwrap();
    refused(redeem(&mut pool, "anna", 1), "E0335");
    refused(claim(&mut pool, 0, "anna"), "E0335");
    refused(fix(&mut pool), "E0335");
    pool.later(7 * DAY);
    fix(&mut pool).unwrap();
    refused(fix(&mut pool), "E0336");
    refused(write_off(&mut pool, 0, "anna"), "E0336");

    redeem(&mut pool, "anna", 10_000).unwrap();
    // all of anna's debt is covered by her own 5,000 ATOM
    assert_eq!(due(&pool, "anna").due, [Amount::new(1_000_000_000), Amount::ZERO]);
    pool.run("anna", ExecuteMsg::Collect { vault: Some(0) }).unwrap();
    assert_eq!(*pool.bank("anna", ATOM), 1_000_000_000);
    refused(pool.run("anna", ExecuteMsg::Collect { vault: None }), "E0322");
    redeem(&mut pool, "anna", 40_000).unwrap();
    pool.run("anna", ExecuteMsg::Collect { vault: None }).unwrap();
    assert_eq!(*pool.bank("anna", ATOM), 5_000_000_000);
    let anna = claim(&mut pool, 0, "anna").unwrap();
    assert_eq!(
        (anna.released, anna.minted, anna.charged),
        (Amount::new(15_000_000_000), Usd::ZERO, Usd::ZERO)
    );
    refused(claim(&mut pool, 0, "anna"), "E0302");
    assert_eq!(claim(&mut pool, 1, "bert").unwrap().released, Amount::new(1_000_000_000_000));
    let ledger = pool.book().ledger;
    assert_eq!((ledger.supply, ledger.vault_debt, ledger.estate), Default::default());
}

#[test]
fn a_position_below_its_debt_is_written_off_and_all_providers_cover_the_rest() {
    let mut pool = pool();
    // $40,000 of collateral for $50,000
    pool.price(0, "2");
    shut(&mut pool).unwrap();
    refused(write_off(&mut pool, 1, "bert"), "E0338");
    let gone = write_off(&mut pool, 0, "anna").unwrap();
    assert_eq!(
        (gone.value, gone.debt, gone.collateral),
        (usd(40_000), usd(50_000), Amount::new(20_000_000_000))
    );
    refused(write_off(&mut pool, 0, "anna"), "E0302");
    pool.later(7 * DAY);
    let fixed = fix(&mut pool).unwrap();
    // 10,000 of bert's 100,000
    assert_eq!((fixed.claims, fixed.haircut, fixed.bad_debt), (usd(50_000), Ratio::percent(10), usd(10_000)));
    let bert = claim(&mut pool, 1, "bert").unwrap();
    assert_eq!((bert.released, bert.charged), (Amount::new(900_000_000_000), usd(10_000)));
    redeem(&mut pool, "anna", 50_000).unwrap();
    pool.run("anna", ExecuteMsg::Collect { vault: None }).unwrap();
    // 40,000 in ATOM, 10,000 in SOL
    assert_eq!((*pool.bank("anna", ATOM), *pool.cw20("sol", "anna")), (20_000_000_000, 100_000_000_000));
    let ledger = pool.book().ledger;
    assert_eq!((ledger.supply, ledger.bad_debt, ledger.estate), Default::default());
    assert_eq!(pool.audit().difference, SignedUsd::ZERO);
}

#[test]
fn what_nobody_wrote_off_is_taken_from_who_claims_last_and_not_from_holders() {
    let mut pool = pool();
    pool.price(0, "2");
    let fixed = fixed(&mut pool);
    // the vault as a whole owes 10,000 more than it has
    assert_eq!(fixed.haircut, Ratio::percent(10));
    redeem(&mut pool, "anna", 50_000).unwrap();
    assert_eq!(due(&pool, "anna").due, [Amount::new(20_000_000_000), Amount::new(100_000_000_000)]);
    // there is nothing left for her
    assert_eq!(claim(&mut pool, 0, "anna").unwrap().released, Amount::ZERO);
}

#[test]
fn insurance_pays_for_bad_debt_then_for_notes_and_the_rest_goes_to_providers() {
    let mut pool = provided();
    let losses = Some(LossLimits { draw_cap: Ratio::ZERO, loss_budget: Ratio::ZERO });
    pool.adopts(Params { losses, ..params() });
    emergency(&mut pool, 8);
    pool.market("perps", "0", -5_000_000_000, |e| {
        e.fees = usd(5_000);
        e.shortfalls = usd(1_400);
    });
    pool.sync();
    // notes were sold for 1,000 of bad debt
    *pool.cw20("sdusd", "anna") -= 1_000_000_000;
    pool.recoveries(Recoveries { notes_paid: usd(1_000), notes_issued: usd(1_500), ..Recoveries::default() });
    pool.sync();
    let before = pool.book().ledger;
    assert_eq!((before.bad_debt, before.insurance, before.set_aside), (usd(400), usd(5_000), Usd::ZERO));
    fixed(&mut pool);
    let ledger = pool.book().ledger;
    assert_eq!((ledger.bad_debt, ledger.insurance, ledger.set_aside), (Usd::ZERO, Usd::ZERO, usd(1_500)));
    let paid = before.vault_debt.minus(ledger.vault_debt).unwrap();
    assert_eq!(paid, signed(3_100));
    assert_eq!(pool.health().losses.insurance, usd(400));
}

#[test]
fn claims_are_fixed_where_all_collateral_is_worth_less_than_a_micro_usd() {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.deposit_sol("bert", 1).unwrap();
    pool.price(1, "0.0000001");
    emergency(&mut pool, 8);
    pool.market("perps", "0", -5_000_000, |e| e.fees = usd(5));
    pool.sync();
    assert_eq!(pool.book().ledger.insurance, usd(5));
    fixed(&mut pool);
    // insurance has nobody to go to
    assert_eq!(pool.book().ledger.insurance, usd(5));
    // what is worth nothing in money stays: rounded against who claims
    assert_eq!(claim(&mut pool, 1, "bert").unwrap().released, Amount::ZERO);
    assert_eq!(pool.audit().difference, SignedUsd::ZERO);
}

#[test]
fn claims_wait_for_auctions_up_to_thirty_days_and_what_is_still_missing_then_is_a_hole() {
    let mut pool = pool();
    pool.price(0, "4.9");
    pool.seize("anna", usd(1_000_000), usd(1)).unwrap();
    pool.recoveries(Recoveries { tab: usd(50_000), ..pool.recorded() });
    shut(&mut pool).unwrap();
    pool.later(7 * DAY);
    refused(fix(&mut pool), "E0335");
    pool.later(23 * DAY);
    let fixed = fix(&mut pool).unwrap();
    // bert's 100,000 have to do for all of it
    assert_eq!((fixed.claims, fixed.haircut), (usd(50_000), Ratio::percent(50)));
    refused(pool.seize("anna", usd(1), usd(1)), "E0333");
}
