//! A provider below the liquidation ratio, and a backstop that stands by.

use sdp_embedded::{Actions, Backing, World};
use sdp_types::events::{Absorbed, AuctionStarted, BackstopWithdrawn};
use sdp_types::units::{Amount, Usd};

/// Anna owes 10,000 on 3,000 ATOM, which are soon worth 6.50 each; kim has put so many sdUSD up.
fn backed(usd: u64) -> World {
    let mut world = World::with(|manifest| manifest.liquidator.withdrawal_delay = 60);
    world.lp("whale").deposits(1_000_000, "ATOM").mints(200_000);
    world.sells_sdusd("whale", "kim", 100_000);
    world.lp("anna").deposits(3_000, "ATOM").mints(10_000);
    world.back("kim", Usd::whole(usd), None).unwrap();
    world.price("ATOM", "6.5");
    world
}

#[test]
fn a_position_is_absorbed_in_the_message_that_seizes_it_and_the_pool_books_it_at_its_next_sync() {
    let mut world = backed(20_000);
    world.keeper("kurt").seizes("anna", "ATOM");
    let absorbed = world.told::<Absorbed>()[0].clone();
    // 11,000 ÷ (6.5·0.93) = 1,819.6856906…
    assert_eq!((absorbed.price, absorbed.amount), ("6.045".parse().unwrap(), Amount::new(1_819_685_691)));
    assert_eq!((absorbed.recovered, absorbed.penalty), (Usd::whole(10_000), Usd::whole(1_000)));
    assert!(world.told::<AuctionStarted>().is_empty() && world.auctions().unwrap().is_empty());
    // tip 5 and a thousandth of the debt, at once
    assert_eq!(world.balance("kurt", "sdusd").unwrap(), Amount::new(15_000_000));
    assert_eq!(world.balance("anna", "ATOM").unwrap().raw(), 3_000_000_000 - 1_819_685_691);
    world.keeper("kurt").syncs();
    let ledger = world.audit().unwrap().ledger;
    assert_eq!((ledger.tab, ledger.insurance), (Usd::ZERO, Usd::whole(985)));
    world.claim("kim").unwrap();
    assert_eq!(world.balance("kim", "ATOM").unwrap(), Amount::new(1_819_685_691));
    assert_eq!(world.backstop().unwrap().total, Usd::whole(9_000));
}

#[test]
fn exits_ahead_of_known_losses_a_depositor_waits_until_what_is_known_is_absorbed() {
    let mut world = backed(20_000);
    world.request_withdrawal("kim", Usd::whole(20_000)).unwrap();
    world.flag("zoe", "ATOM", "anna").unwrap();
    world.passes_without_gap(60);
    let refused = world.withdraw_backing("kim").unwrap_err();
    assert!(refused.says("E0522"), "{refused}");
    world.keeper("kurt").seizes("anna", "ATOM");
    let done = world.withdraw_backing("kim").unwrap();
    let paid: Vec<BackstopWithdrawn> = sdp_embedded::events(&done).unwrap();
    assert_eq!((paid[0].asked, paid[0].amount), (Usd::whole(20_000), Usd::whole(9_000)));
}
