//! The owner approves a bonded market: the pool lists it, and its opener has his bond back.

use sdp_embedded::{Actions, Bonding, World, DESK};
use sdp_types::event::{ExecuteMsg, Side};
use sdp_types::events::{BondedGraduated, ChangeQueued};
use sdp_types::lens::QueryMsg as LensQuery;
use sdp_types::pool::{self, Change, MarketResponse};
use sdp_types::units::Usd;

use crate::event::{ends, market};
use crate::{bonded_double, code, cost, draws, ledger, owes, says, stage, usd};

/// The owner lists it, and the delay is over.
fn lists(world: &mut World, name: &str, line: Usd) {
    let market = world.address(name).into_string();
    let change = Change::AddMarket { market, line, bonded: false };
    let answer = world.execute("owner", "pool", &pool::ExecuteMsg::Configure { change }, &[]).unwrap();
    let queued = sdp_embedded::events::<ChangeQueued>(&answer).unwrap();
    let wait = queued[0].ready_at - world.now();
    world.waits(wait).refreshes();
    world.execute("kim", "pool", &pool::ExecuteMsg::Enact { id: queued[0].id }, &[]).unwrap();
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
    assert_eq!((told[0].bond, told[0].drawn), (Usd::whole(25_000), Usd::ZERO));
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
fn what_it_drew_on_its_bond_the_providers_pay_because_the_owner_has_vouched_for_it() {
    let mut world = stage();
    bonded_double(&mut world, "m", 25_000);
    let record = owes(&world, 0);
    says(&mut world, "m", &record).unwrap();
    draws(&mut world, "m", 20_000, "eve").unwrap();
    world.pay_in_for("eve", "m", Usd::whole(2_000)).unwrap();
    assert_eq!(cost(&mut world), 0);
    lists(&mut world, "m", Usd::whole(1_000));
    let answer = world.graduate_market("kim", "m", None).unwrap();
    assert_eq!(sdp_embedded::events::<BondedGraduated>(&answer).unwrap()[0].drawn, Usd::whole(18_000));
    assert_eq!(world.has("sam", "sdusd"), "100000");
    assert_eq!(cost(&mut world), usd(18_000));
    // it counts against what the desk's line can still bear
    let totals = world.bonded_totals().unwrap();
    assert_eq!((totals.results.raw(), totals.held), (usd(18_000), Usd::ZERO));
    assert_eq!(world.balance(DESK, "sdusd").unwrap().raw(), 0);
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
