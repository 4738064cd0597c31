//! Recovery notes as the pool sees them: what they met, what is set aside for them, what they are redeemed for.

use crate::common::*;
use sdp_book::lens;
use sdp_types::events::{NotesRedeemed, NotesSold, SetAside};
use sdp_types::exposure::Recoveries;
use sdp_types::pool::*;
use sdp_types::{Ratio, SignedUsd, Usd};

/// 20,000 ATOM at $10 with $50,000 minted, of which the liquidator has some to burn; half of insurance's income is set aside. The market has
/// lost $3,000 of which nobody takes anything.
fn pool() -> Pool {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.deposit("anna", 20_000).unwrap();
    let change = Change::SetLine { market: addr("perps").into(), line: usd(50_000) };
    pool.configure("owner", change).unwrap();
    pool.mint("anna", 50_000).unwrap();
    let losses = Some(LossLimits { draw_cap: Ratio::ZERO, loss_budget: Ratio::ZERO });
    pool.adopts(Params { losses, note_share: Ratio::percent(50), ..params() });
    pool.market("perps", "0", 0, |e| e.shortfalls = usd(3_000));
    pool.sync();
    assert_eq!(pool.health().bad_debt, usd(3_000));
    pool
}

/// The liquidator has burnt `paid` for claims of `issued`, and so many of them came back.
fn sold(pool: &mut Pool, paid: u64, issued: u64, redeemed: u64) {
    let last = pool.recorded();
    let burnt = usd(paid).minus(last.notes_paid).unwrap();
    *pool.cw20("sdusd", "anna") -= burnt.raw();
    let (notes_paid, notes_issued, notes_redeemed) = (usd(paid), usd(issued), usd(redeemed));
    pool.recoveries(Recoveries { notes_paid, notes_issued, notes_redeemed, ..last });
}

/// Fees of the market come in, all of them for insurance.
fn fees(pool: &mut Pool, total: u64) {
    pool.market("perps", "0", 0, |e| e.fees = usd(total));
}

fn redeem(pool: &mut Pool, notes: u64, least: Option<Usd>) -> Result<NotesRedeemed, sdp_types::Error> {
    let recipient = addr("bea").into();
    let msg = ExecuteMsg::RedeemNotes { notes: usd(notes), least, recipient };
    Ok(told(&pool.run("liquidator", msg)?))
}

#[test]
fn what_notes_were_sold_for_meets_bad_debt_and_the_rest_is_insurance() {
    let mut pool = pool();
    sold(&mut pool, 2_000, 3_000, 0);
    let booked: NotesSold = told(&pool.sync());
    assert_eq!((booked.paid, booked.bad_debt), (usd(2_000), usd(2_000)));
    let health = pool.health();
    assert_eq!((health.bad_debt, health.losses.notes), (usd(1_000), usd(2_000)));
    sold(&mut pool, 3_500, 5_000, 0);
    let booked: NotesSold = told(&pool.sync());
    assert_eq!((booked.paid, booked.bad_debt), (usd(1_500), usd(1_000)));
    let health = pool.health();
    assert_eq!((health.bad_debt, health.losses.notes), (Usd::ZERO, usd(3_000)));
    // of the 500 that came into the fund half is set aside
    assert_eq!((health.insurance, health.set_aside), (usd(250), usd(250)));
}

#[test]
fn its_share_of_insurances_income_is_set_aside_until_the_notes_are_covered() {
    let mut pool = pool();
    fees(&mut pool, 100);
    pool.sync();
    assert_eq!((pool.health().insurance, pool.health().set_aside), (usd(100), Usd::ZERO));
    sold(&mut pool, 1_000, 1_500, 0);
    fees(&mut pool, 1_101);
    let aside: SetAside = told(&pool.sync());
    assert_eq!(aside.amount, Usd::new(500_500_000));
    fees(&mut pool, 5_000);
    let aside: SetAside = told(&pool.sync());
    assert_eq!(aside.amount, Usd::new(999_500_000), "no more than what is outstanding");
    fees(&mut pool, 6_000);
    assert!(all_told::<SetAside>(&pool.sync().events).is_empty());
    let health = pool.health();
    assert_eq!((health.set_aside, health.insurance), (usd(1_500), usd(4_500)));
    assert_eq!(pool.audit().difference, SignedUsd::ZERO);
}

#[test]
fn what_somebody_gives_to_insurance_is_not_income() {
    let mut pool = pool();
    sold(&mut pool, 1_000, 1_500, 0);
    pool.send("sdusd", "anna", 100_000_000, &Hook::Insure {}).unwrap();
    pool.sync();
    assert_eq!((pool.health().insurance, pool.health().set_aside), (usd(100), Usd::ZERO));
}

#[test]
fn notes_are_redeemed_in_proportion_to_what_is_set_aside_in_whatever_order() {
    let mut pool = pool();
    sold(&mut pool, 1_000, 1_500, 0);
    fees(&mut pool, 1_000);
    pool.sync();
    // 500 of 1,500
    sold(&mut pool, 1_000, 1_500, 300);
    let first = redeem(&mut pool, 300, None).unwrap();
    assert_eq!(first.paid, usd(100));
    sold(&mut pool, 1_000, 1_500, 1_200);
    let second = redeem(&mut pool, 900, Some(usd(300))).unwrap();
    assert_eq!(second.paid, usd(300));
    // and the last, once all is covered, in full
    fees(&mut pool, 9_000);
    sold(&mut pool, 1_000, 1_500, 1_500);
    let last = redeem(&mut pool, 300, None).unwrap();
    assert_eq!(last.paid, usd(100), "what came in with the message was promised to nobody any more");
    assert_eq!(pool.health().set_aside, Usd::ZERO);
    assert_eq!(*pool.cw20("sdusd", "bea"), 500_000_000);
}

#[test]
fn what_is_covered_is_paid_in_full_and_what_holders_burnt_goes_back_to_insurance() {
    let mut pool = pool();
    sold(&mut pool, 1_000, 1_500, 0);
    fees(&mut pool, 10_000);
    pool.sync();
    assert_eq!(pool.health().set_aside, usd(1_500));
    // 1,000 come back, and somebody has burnt 400
    sold(&mut pool, 1_000, 1_500, 1_400);
    let insured = pool.health().insurance;
    assert_eq!(redeem(&mut pool, 1_000, None).unwrap().paid, usd(1_000));
    let health = pool.health();
    assert_eq!(health.set_aside, usd(100));
    assert_eq!(health.insurance, insured.plus(usd(400)).unwrap());
}

#[test]
fn nothing_is_redeemed_for_nothing_below_what_is_wanted_or_for_a_stranger() {
    let mut pool = pool();
    sold(&mut pool, 1_000, 1_500, 300);
    refused(redeem(&mut pool, 300, None), "E0005");
    fees(&mut pool, 1_500);
    pool.sync();
    // 750 of 1,500
    refused(redeem(&mut pool, 300, Some(Usd::new(150_000_001))), "E0343");
    let msg = ExecuteMsg::RedeemNotes { notes: usd(1), least: None, recipient: addr("bea").into() };
    refused(pool.run("bea", msg), "E0104");
}

#[test]
fn the_yield_at_which_they_sold_is_shown() {
    let mut pool = pool();
    assert_eq!(lens::solvency(&pool.synced()).unwrap().note_yield, None);
    sold(&mut pool, 1_000, 1_500, 0);
    let found = lens::solvency(&pool.synced()).unwrap();
    assert_eq!(found.note_yield, Some("0.5".parse().unwrap()));
    assert_eq!((found.notes_paid, found.notes_outstanding), (usd(1_000), usd(1_500)));
    sold(&mut pool, 2_000, 1_900, 0);
    assert_eq!(lens::solvency(&pool.synced()).unwrap().note_yield, Some("-0.05".parse().unwrap()));
}

#[test]
fn a_liquidator_whose_notes_are_outstanding_is_not_replaced() {
    let mut pool = pool();
    sold(&mut pool, 1_000, 1_500, 0);
    let change = Change::SetLiquidator { liquidator: addr("other").into() };
    refused(pool.configure("owner", change.clone()), "E0107");
    // nor one that holds what somebody has paid for some
    sold(&mut pool, 1_000, 1_500, 1_500);
    pool.recoveries(Recoveries { bids: Usd::new(1), ..pool.recorded() });
    refused(pool.configure("owner", change.clone()), "E0107");
    pool.recoveries(Recoveries { bids: Usd::ZERO, ..pool.recorded() });
    pool.configure("owner", change).unwrap();
}
