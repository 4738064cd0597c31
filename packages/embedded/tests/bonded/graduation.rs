//! The owner approves a bonded market: the pool lists it, and its opener has what is left of his bond.

use sdp_embedded::{Actions, Bonding, World, DESK};
use sdp_types::event::{ExecuteMsg, Side};
use sdp_types::events::{BondedGraduated, ChangeQueued};
use sdp_types::lens::QueryMsg as LensQuery;
use sdp_types::pool::{self, Change, MarketResponse};
use sdp_types::units::Usd;

use crate::event::{ends, market};
use crate::{announces, bonded_double, code, cost, draws, ledger, owes, says, stage, usd, DAY};

/// The owner asks for it to be listed, and the delay is over. The number of the change.
fn queues(world: &mut World, name: &str, line: Usd) -> u64 {
    let market = world.address(name).into_string();
    let change = Change::AddMarket { market, line, bonded: false };
    let answer = world.execute("owner", "pool", &pool::ExecuteMsg::Configure { change }, &[]).unwrap();
    let queued = sdp_embedded::events::<ChangeQueued>(&answer).unwrap();
    let wait = queued[0].ready_at - world.now();
    world.waits(wait).refreshes();
    queued[0].id
}

/// That change is in force.
fn lists(world: &mut World, name: &str, line: Usd) {
    let id = queues(world, name, line);
    world.execute("kim", "pool", &pool::ExecuteMsg::Enact { id }, &[]).unwrap();
}

fn listed(world: &mut World, name: &str) -> MarketResponse {
    world.keeper("kim").syncs();
    let markets: Vec<MarketResponse> = world.query("lens", &LensQuery::Markets {}).unwrap();
    let address = world.address(name).into_string();
    markets.into_iter().find(|listed| listed.market == address).unwrap()
}

#[test]
fn an_approved_market_draws_from_the_pool_and_its_bond_goes_back() {
    let mut world = market();
    world.bond_market("sam", "rain", Usd::whole(25_000)).unwrap();
    world.buy_event("bob", "rain", Side::Yes, Usd::whole(5_200)).unwrap();
    assert_eq!(code(world.graduate_market("kim", "rain", None)), "E0508");
    ends(&mut world).price("BTC", 61_000);
    world.tell_event("kim", "rain", &ExecuteMsg::Resolve {}).unwrap();
    let before = ledger(&mut world);

    lists(&mut world, "rain", Usd::whole(10_000));
    // until the desk knows, it counts twice: 4,800 as the bond's, 4,800 as the providers'
    assert_eq!(ledger(&mut world).vault_debt.raw() - before.vault_debt.raw(), usd(4_800));
    let answer = world.graduate_market("kim", "rain", None).unwrap();
    let told = sdp_embedded::events::<BondedGraduated>(&answer).unwrap();
    assert_eq!((told[0].refund, told[0].result.raw()), (Usd::whole(25_000), 0));
    assert_eq!(world.has("sam", "sdusd"), "100000");
    assert_eq!(code(world.bonded_market("rain")), "E1001");
    // what it owes is the providers' now: nobody else stands behind it
    assert_eq!((cost(&mut world), listed(&mut world, "rain").used.raw()), (0, usd(4_800)));

    world.redeem_event("bob", "rain", None).unwrap();
    assert_eq!(world.has("bob", "sdusd"), "104800");
    let found = listed(&mut world, "rain");
    assert_eq!((found.drawn, found.used.raw(), found.accepted), (Usd::whole(4_800), usd(4_800), true));
    assert_eq!(code(world.bond_market("sam", "rain", Usd::whole(25_000))), "E0009");
}

#[test]
fn what_it_drew_on_its_bond_stays_borne_by_the_bond_also_while_the_approval_waits() {
    let mut world = stage();
    bonded_double(&mut world, "m", 25_000);
    let record = owes(&world, 0);
    says(&mut world, "m", &record).unwrap();
    draws(&mut world, "m", 12_000, "eve").unwrap();
    world.pay_in_for("eve", "m", Usd::whole(2_000)).unwrap();
    // the owner has looked, and now it takes the rest of what can be had at once, and claims as much again
    let id = queues(&mut world, "m", Usd::whole(20_000));
    let record = owes(&world, 15_000);
    says(&mut world, "m", &record).unwrap();
    draws(&mut world, "m", 8_000, "eve").unwrap();
    assert_eq!((cost(&mut world), world.bonded_market("m").unwrap().refund), (usd(8_000), Usd::ZERO));
    let before = ledger(&mut world);
    let answer = world.graduate_market("kim", "m", Some(id)).unwrap();
    // 25,000 − (20,000 − 2,000): the claim of 15,000 is the pool's to read
    let told = sdp_embedded::events::<BondedGraduated>(&answer).unwrap();
    assert_eq!((told[0].refund, told[0].result.raw()), (Usd::whole(7_000), 0));
    assert_eq!(world.has("sam", "sdusd"), "82000");
    assert_eq!(listed(&mut world, "m").used.raw(), usd(15_000));
    // 8,000 of the claim were the providers' before: the bond bears no claim any more
    assert_eq!(ledger(&mut world).vault_debt.raw() - before.vault_debt.raw(), usd(15_000 - 8_000));
    let totals = world.bonded_totals().unwrap();
    assert_eq!((cost(&mut world), totals.results.raw(), totals.held), (0, 0, Usd::ZERO));
    assert_eq!(world.balance(DESK, "sdusd").unwrap().raw(), 0);
}

#[test]
fn what_it_drew_beyond_its_bond_or_paid_in_stays_the_providers() {
    let mut world = stage();
    for market in ["lost", "won"] {
        bonded_double(&mut world, market, 25_000);
        let record = owes(&world, 0);
        says(&mut world, market, &record).unwrap();
    }
    announces(&mut world, "lost", 5_000).unwrap();
    world.waits(3 * DAY).refreshes();
    for market in ["lost", "won"] {
        let record = owes(&world, 0);
        says(&mut world, market, &record).unwrap();
    }
    draws(&mut world, "lost", 30_000, "eve").unwrap();
    world.pay_in_for("sam", "won", Usd::whole(700)).unwrap();
    for (market, refund, result) in [("lost", 0, 5_000), ("won", 25_000, -700)] {
        lists(&mut world, market, Usd::whole(1_000));
        let answer = world.graduate_market("kim", market, None).unwrap();
        let told = sdp_embedded::events::<BondedGraduated>(&answer).unwrap();
        assert_eq!((told[0].refund, told[0].result.raw()), (Usd::whole(refund), usd(result)));
    }
    assert_eq!(cost(&mut world), usd(5_000 - 700));
    // what was paid in lies here
    assert_eq!(world.bonded_totals().unwrap().held, Usd::whole(700));
}

/// What is approved was another market than the one that lies now: its bond bears what it has taken first, as ever.
#[test]
fn a_market_in_quarantine_does_not_graduate_though_the_owner_has_listed_it() {
    let mut world = stage();
    bonded_double(&mut world, "m", 25_000);
    let record = owes(&world, 0);
    says(&mut world, "m", &record).unwrap();
    draws(&mut world, "m", 20_000, "eve").unwrap();
    lists(&mut world, "m", Usd::whole(1_000));
    world.quarantine_market("guardian", "m").unwrap();
    assert_eq!(code(world.graduate_market("kim", "m", None)), "E1006");
    world.resolve_market("owner", "m", Usd::ZERO).unwrap();
    assert_eq!(code(world.graduate_market("kim", "m", None)), "E1006");
    world.close_market("kim", "m").unwrap();
    assert_eq!((world.has("sam", "sdusd"), cost(&mut world)), ("80000".into(), 0));
}
