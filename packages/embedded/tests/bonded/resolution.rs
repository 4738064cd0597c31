//! How a bonded market ends: closed by its opener, or in quarantine.

use sdp_embedded::{Actions, Bonding, World};
use sdp_types::bonded::ExecuteMsg;
use sdp_types::events::BondedClosed;
use sdp_types::exposure::{Exposure, FundingPolynomial, NUMERATOR_ONE};
use sdp_types::math::Wide;
use sdp_types::units::Usd;

use crate::{acts, announces, bonded_double, code, cost, draws, ledger, owes, says, stage, usd, DAY};

fn owing(whole: i128) -> World {
    let mut world = stage();
    bonded_double(&mut world, "m", 25_000);
    let record = owes(&world, whole);
    says(&mut world, "m", &record).unwrap();
    world
}

#[test]
fn a_draw_within_the_bond_is_at_once_and_out_of_it() {
    let mut world = owing(10_000);
    let supply = ledger(&mut world).supply;
    // the market lowers its claim and draws what it owed
    let record = owes(&world, 0);
    says(&mut world, "m", &record).unwrap();
    draws(&mut world, "m", 10_000, "eve").unwrap();
    assert_eq!(world.has("eve", "sdusd"), "10000");
    assert_eq!(ledger(&mut world).supply, supply);
    assert_eq!(cost(&mut world), 0);
    assert_eq!(world.bonded_market("m").unwrap().refund, Usd::whole(15_000));
}

#[test]
fn a_draw_beyond_the_bond_is_announced_and_waits_three_days() {
    let mut world = owing(40_000);
    let record = owes(&world, 0);
    says(&mut world, "m", &record).unwrap();
    draws(&mut world, "m", 25_000, "eve").unwrap();
    assert_eq!(code(draws(&mut world, "m", 15_000, "eve")), "E1009");
    assert_eq!(code(announces(&mut world, "m", 25_001)), "E1008");
    announces(&mut world, "m", 20_000).unwrap();
    world.waits(3 * DAY - 1).refreshes();
    says(&mut world, "m", &record).unwrap();
    assert_eq!(code(draws(&mut world, "m", 15_000, "eve")), "E1009");
    // less keeps its time, and more begins anew
    announces(&mut world, "m", 15_000).unwrap();
    world.waits(1).refreshes();
    assert_eq!(code(draws(&mut world, "m", 15_001, "eve")), "E1009");
    draws(&mut world, "m", 14_000, "eve").unwrap();
    assert_eq!(cost(&mut world), usd(14_000));
    announces(&mut world, "m", 2_000).unwrap();
    assert_eq!(code(draws(&mut world, "m", 1_000, "eve")), "E1009");
    // 14,000 of 25,000 sdUSD that the providers have minted for it
    assert_eq!(world.has("eve", "sdusd"), "39000");
    // and paid back: the announced is used up, the bond is free again
    world.pay_in_for("eve", "m", Usd::whole(39_000)).unwrap();
    assert_eq!(cost(&mut world), 0);
    assert_eq!(world.bonded_market("m").unwrap().refund, Usd::whole(25_000));
}

#[test]
fn nobody_draws_twice_what_is_owed_once() {
    // still claimed: 40,000 and 15,000 would be more than the credit
    let mut world = owing(40_000);
    draws(&mut world, "m", 10_000, "eve").unwrap();
    assert_eq!(code(draws(&mut world, "m", 1, "eve")), "E1008");
}

#[test]
fn the_opener_closes_a_market_that_owes_nothing_and_has_his_bond_back_a_day_later() {
    let mut world = owing(1);
    assert_eq!(code(world.close_market("sam", "m")), "E1012");
    assert_eq!(code(world.close_market("eve", "m")), "E0104");
    let record = owes(&world, 0);
    says(&mut world, "m", &record).unwrap();
    world.close_market("sam", "m").unwrap();
    assert_eq!(code(draws(&mut world, "m", 1, "eve")), "E1011");
    assert_eq!(code(world.top_up_bond("sam", "m", Usd::whole(1))), "E1011");
    world.waits(DAY - 1).refreshes();
    assert_eq!(code(world.close_market("sam", "m")), "E1013");
    world.waits(5).refreshes();
    // one that closes may be silent
    world.mark_market("kim", "m").unwrap();
    let had = world.has("sam", "sdusd");
    let answer = world.close_market("eve", "m").unwrap();
    let told = sdp_embedded::events::<BondedClosed>(&answer).unwrap();
    assert_eq!((told[0].refund, told[0].forfeited, told[0].result.raw()), (Usd::whole(25_000), Usd::ZERO, 0));
    assert_eq!((had.as_str(), world.has("sam", "sdusd").as_str()), ("75000", "100000"));
    assert_eq!(code(world.bonded_market("m")), "E1001");
    // its slot is free
    world.bond_market("sam", "m", Usd::whole(25_000)).unwrap();
}

#[test]
fn a_market_that_owes_something_meanwhile_is_not_closed() {
    let mut world = owing(0);
    world.close_market("sam", "m").unwrap();
    let record = owes(&world, 5);
    says(&mut world, "m", &record).unwrap();
    world.waits(2 * DAY).refreshes();
    assert_eq!(code(world.close_market("sam", "m")), "E1010");
    let record = owes(&world, 5);
    says(&mut world, "m", &record).unwrap();
    assert_eq!(code(world.close_market("sam", "m")), "E1012");
    // and one that shows something else is not closed either
    let record = owes(&world, 0);
    says(&mut world, "m", &record).unwrap();
    acts(&mut world, "m", Some(vec![1, 2, 3]), vec![]).unwrap();
    assert_eq!(code(world.close_market("sam", "m")), "E1028");
}

/// What it owes rises by itself, and it says nothing more: it would have been closed, and what it owes been void.
#[test]
fn a_market_that_comes_to_owe_something_while_it_closes_is_not_closed() {
    let mut world = owing(0);
    let second = Wide::from(NUMERATOR_ONE);
    let funding = FundingPolynomial { linear: second, lasts: 10 * DAY, ..FundingPolynomial::default() };
    let record = Exposure { funding, ..owes(&world, 0) };
    says(&mut world, "m", &record).unwrap();
    world.close_market("sam", "m").unwrap();
    world.waits(DAY).refreshes();
    world.mark_market("kim", "m").unwrap();
    let market = world.bonded_market("m").unwrap();
    // a micro-USD a second, and whatever a refresh takes
    assert!(market.claim.raw() >= 86_400, "{}", market.claim);
    assert_eq!(market.closing, None);
    assert_eq!(code(world.close_market("eve", "m")), "E0104");
}

#[test]
fn the_guardian_quarantines_and_the_owner_says_what_is_owed() {
    let mut world = owing(40_000);
    assert_eq!(code(world.quarantine_market("eve", "m")), "E0103");
    assert_eq!(code(world.resolve_market("owner", "m", Usd::ZERO)), "E1007");
    world.quarantine_market("guardian", "m").unwrap();
    assert_eq!(world.bonded_market("m").unwrap().quarantine.unwrap().code, "E1020");
    assert_eq!(cost(&mut world), usd(15_000));
    assert_eq!(code(world.resolve_market("guardian", "m", Usd::ZERO)), "E0101");
    assert_eq!(code(world.resolve_market("owner", "m", Usd::whole(50_001))), "E1008");
    world.resolve_market("owner", "m", Usd::whole(30_000)).unwrap();
    assert_eq!(code(world.resolve_market("owner", "m", Usd::whole(1))), "E1007");
    assert_eq!(cost(&mut world), usd(5_000));
    assert_eq!(code(draws(&mut world, "m", 30_001, "eve")), "E0421");
    // beyond the bond too, at once: the owner has looked
    draws(&mut world, "m", 30_000, "eve").unwrap();
    assert_eq!(cost(&mut world), usd(5_000));
    let answer = world.close_market("eve", "m").unwrap();
    let told = sdp_embedded::events::<BondedClosed>(&answer).unwrap();
    assert_eq!((told[0].refund, told[0].result.raw()), (Usd::ZERO, usd(5_000)));
    assert_eq!(cost(&mut world), usd(5_000));
}

#[test]
fn what_the_owner_says_can_be_drawn_for_so_long_and_then_the_opener_has_the_rest() {
    let mut world = owing(40_000);
    world.quarantine_market("owner", "m").unwrap();
    world.resolve_market("owner", "m", Usd::whole(10_000)).unwrap();
    draws(&mut world, "m", 4_000, "eve").unwrap();
    assert_eq!(code(world.close_market("sam", "m")), "E1013");
    world.waits(30 * DAY).refreshes();
    let answer = world.close_market("eve", "m").unwrap();
    assert_eq!(sdp_embedded::events::<BondedClosed>(&answer).unwrap()[0].refund, Usd::whole(21_000));
    assert_eq!(world.has("sam", "sdusd"), "96000");
    assert_eq!(cost(&mut world), 0);
}

#[test]
fn where_the_owner_says_nothing_the_claim_is_void_and_the_bond_goes_to_insurance() {
    let mut world = owing(40_000);
    let before = ledger(&mut world);
    world.quarantine_market("guardian", "m").unwrap();
    world.waits(30 * DAY - 1).refreshes();
    assert_eq!(code(world.close_market("eve", "m")), "E1013");
    world.waits(1).refreshes();
    let answer = world.close_market("eve", "m").unwrap();
    let told = sdp_embedded::events::<BondedClosed>(&answer).unwrap();
    assert_eq!((told[0].refund, told[0].forfeited), (Usd::ZERO, Usd::whole(25_000)));
    let after = ledger(&mut world);
    assert_eq!(after.insurance.raw() - before.insurance.raw(), 25_000_000_000);
    // what it had claimed beyond its bond is the providers' again
    assert_eq!(before.vault_debt.raw() - after.vault_debt.raw(), usd(15_000));
    assert_eq!(cost(&mut world), 0);
}

#[test]
fn bonds_of_the_others_are_there_whatever_one_market_draws() {
    let mut world = owing(50_000);
    bonded_double(&mut world, "n", 25_000);
    let record = owes(&world, 0);
    says(&mut world, "m", &record).unwrap();
    announces(&mut world, "m", 25_000).unwrap();
    world.waits(3 * DAY).refreshes();
    for market in ["m", "n"] {
        let record = owes(&world, 0);
        says(&mut world, market, &record).unwrap();
    }
    draws(&mut world, "m", 50_000, "eve").unwrap();
    let totals = world.bonded_totals().unwrap();
    // half of it was the bond, half was minted
    assert_eq!((totals.held, totals.exposure.drawn), (Usd::whole(25_000), Usd::whole(25_000)));
    world.close_market("sam", "n").unwrap();
    world.waits(DAY).refreshes();
    world.close_market("sam", "n").unwrap();
    assert_eq!(world.has("sam", "sdusd"), "75000");
    assert_eq!(cost(&mut world), usd(25_000));
    let kept: Result<_, _> = world.execute("eve", sdp_embedded::DESK, &ExecuteMsg::Sweep {}, &[]);
    assert_eq!(code(kept), "E0322");
}
