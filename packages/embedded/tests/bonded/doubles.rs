//! A hostile market, bonded, one way of being hostile each: the providers lose no more than its credit is beyond its bond, and everybody else
//! goes on while it does it.

use cosmwasm_std::to_json_binary;
use sdp_embedded::manifest::EventMarket;
use sdp_embedded::{Actions, Bonding, World, DESK};
use sdp_hostile::msg::{ExecuteMsg as Double, Relayed};
use sdp_types::bonded::{DeskMsg, ExecuteMsg};
use sdp_types::event::Side;
use sdp_types::events::{AccountLiquidated, BondedQuarantined, Exited, OrderFilled};
use sdp_types::exposure::{Exposure, FeedQuantity};
use sdp_types::pool::{self, MarketMsg};
use sdp_types::record::Record;
use sdp_types::units::{Amount, Size, Usd};

use crate::{
    acts, add_double, announces, code, cost, draws, event, owes, push_of, says, stage_with, usd, DAY,
};

/// Bond 25,000, credit twice that.
const BOND: u64 = 25_000;
/// What the providers lose of it at most: credit less bond.
const MOST: i128 = 25_000;

/// Beside the hostile market `m` there is an honest one, `rain`. anna may leave, and bob's margin is 4,000 of a position of 60,000.
fn beset() -> World {
    let rain = EventMarket { lasts: 90 * DAY, ..event("rain") };
    let mut world = stage_with(|bonded| bonded.events = vec![rain]);
    world.lp("anna").deposits(10_000, "ATOM").mints(1_000);
    // how long a new provider stays at least
    world.waits(2 * DAY).refreshes();
    for (name, amount) in [("bob", 4_000), ("carl", 2_000)] {
        world.sells_sdusd("whale", name, amount);
    }
    world.trader("bob").funds_margin(4_000);
    world.trader("bob").buys("1", "BTC");
    world.fills();
    add_double(&mut world, "m");
    world.bond_market("sam", "m", Usd::whole(BOND)).unwrap();
    world.bond_market("sam", "rain", Usd::whole(BOND)).unwrap();
    world
}

/// One message of each kind by people who have nothing to do with it, and then as if nothing had happened. An audit follows each.
#[track_caller]
fn everybody_else_goes_on(world: &mut World) {
    let lost = cost(world);
    assert!(lost <= usd(MOST), "{lost}");
    let snapshot = world.snapshot();
    world.lp("anna").deposits(10, "ATOM").mints(100).burns(50);
    world.trader("carl").funds_margin(1_000);
    world.trader("carl").buys("0.1", "BTC");
    world.fills();
    assert_eq!(world.told::<OrderFilled>().len(), 1);
    let had = world.event_holder("rain", "carl").unwrap().yes;
    world.buy_event("carl", "rain", Side::Yes, Usd::whole(52)).unwrap();
    // 0.52 each
    assert_eq!(world.event_holder("rain", "carl").unwrap().yes.raw() - had.raw(), 100_000_000);
    // 4,000 and little less are below 2.5 % of 57,400 once 2,600 are lost
    world.price("BTC", 57_400);
    assert_eq!(world.keeper("kim").liquidates(&["bob"]).told::<AccountLiquidated>().len(), 1);
    world.lp("anna").requests_exit(5);
    world.passes(DAY - 5);
    world.passes(20);
    let left = world.keeper("kim").executes_exit("anna", "ATOM").told::<Exited>();
    assert_eq!(left[0].released, Amount::new(5_000_000));
    world.restore(&snapshot);
}

fn quarantined(world: &World, market: &str) -> Option<String> {
    world.bonded_market(market).unwrap().quarantine.map(|quarantine| quarantine.code)
}

#[test]
fn a_market_that_over_reports_costs_no_more_than_its_credit_beyond_its_bond_and_stops_nobody() {
    let mut world = beset();
    let record = owes(&world, 0);
    says(&mut world, "m", &record).unwrap();
    let before = crate::ledger(&mut world);
    // all that it may say: the bond bears the first half
    let record = owes(&world, 50_000);
    says(&mut world, "m", &record).unwrap();
    assert_eq!(cost(&mut world), usd(MOST));
    let after = crate::ledger(&mut world);
    assert_eq!(after.vault_debt.raw() - before.vault_debt.raw(), usd(MOST));
    everybody_else_goes_on(&mut world);
    // more is not believed, however much more it is
    let claimed = world.snapshot();
    let quantities = vec![FeedQuantity { feed: 0, quantity: Size::new(i128::MAX) }];
    for record in
        [owes(&world, 50_001), owes(&world, 1_000_000_000), Exposure { quantities, ..owes(&world, 0) }]
    {
        world.restore(&claimed);
        let answer = says(&mut world, "m", &record).unwrap();
        assert_eq!(sdp_embedded::events::<BondedQuarantined>(&answer).unwrap()[0].claim, Usd::whole(50_000));
        assert_eq!((cost(&mut world), quarantined(&world, "rain")), (usd(MOST), None));
    }
    everybody_else_goes_on(&mut world);
    // nobody says that it is owed that: it costs nothing in the end, and its bond is insurance's
    world.waits(30 * DAY).refreshes();
    world.close_market("kim", "m").unwrap();
    assert_eq!(cost(&mut world), 0);
}

#[test]
fn a_market_that_under_reports_draws_its_credit_and_no_more_and_stops_nobody() {
    let mut world = beset();
    // it has sold a promise of a million, and says that it owes nothing
    let says_nothing = |world: &mut World| {
        let record = owes(world, 0);
        says(world, "m", &record).unwrap();
    };
    says_nothing(&mut world);
    draws(&mut world, "m", BOND, "eve").unwrap();
    assert_eq!((cost(&mut world), world.bonded_market("m").unwrap().refund), (0, Usd::ZERO));
    everybody_else_goes_on(&mut world);
    // the providers' money is announced three days before, and no more of it than the credit is beyond the bond
    assert_eq!(code(draws(&mut world, "m", 1, "eve")), "E1009");
    assert_eq!(code(announces(&mut world, "m", BOND + 1)), "E1008");
    announces(&mut world, "m", BOND).unwrap();
    everybody_else_goes_on(&mut world);
    world.waits(3 * DAY).refreshes();
    world.tell_event("kim", "rain", &sdp_types::event::ExecuteMsg::Publish {}).unwrap();
    says_nothing(&mut world);
    draws(&mut world, "m", BOND, "eve").unwrap();
    assert_eq!(cost(&mut world), usd(MOST));
    assert_eq!(world.has("eve", "sdusd"), "50000");
    // its credit is used up: it neither draws any more nor owes any more
    announces(&mut world, "m", 1).unwrap();
    world.waits(3 * DAY).refreshes();
    says_nothing(&mut world);
    assert_eq!(code(draws(&mut world, "m", 1, "eve")), "E1008");
    let record = owes(&world, 1);
    says(&mut world, "m", &record).unwrap();
    assert_eq!(quarantined(&world, "m").as_deref(), Some("E1026"));
    // what it has not said it can't draw: the promise is its author's
    assert_eq!(code(draws(&mut world, "m", 1, "eve")), "E1006");
    assert_eq!(cost(&mut world), usd(MOST));
}

#[test]
fn a_market_that_flips_moves_no_more_than_its_credit_beyond_its_bond_and_stops_nobody() {
    let mut world = beset();
    // owed, and what the providers lose of it: nothing of the bond's half, and no profit that was not paid in
    let flips = [(50_000, MOST), (0, 0), (-1_000_000_000, 0), (40_000, 15_000), (25_000, 0), (50_000, MOST)];
    for (whole, lost) in flips {
        let record = owes(&world, whole);
        says(&mut world, "m", &record).unwrap();
        assert_eq!((cost(&mut world), quarantined(&world, "m")), (usd(lost), None), "{whole}");
    }
    everybody_else_goes_on(&mut world);
    // down, a draw of the bond, and up again within one message
    let (low, high) = (owes(&world, 0).encode().unwrap(), owes(&world, 25_000).encode().unwrap());
    let draw = drawing(&mut world, BOND);
    let send = vec![push_of(&world, &low), draw.clone(), push_of(&world, &high)];
    acts(&mut world, "m", Some(high.clone()), send).unwrap();
    assert_eq!(cost(&mut world), usd(MOST));
    everybody_else_goes_on(&mut world);
    // and the same again takes nothing: what it has drawn does not come back by saying less
    let send = vec![push_of(&world, &low), draw, push_of(&world, &high)];
    assert_eq!(code(acts(&mut world, "m", Some(high), send)), "E1009");
    let record = owes(&world, 0);
    says(&mut world, "m", &record).unwrap();
    assert_eq!((cost(&mut world), world.has("eve", "sdusd").as_str()), (0, "25000"));
    everybody_else_goes_on(&mut world);
}

#[test]
fn a_market_that_writes_garbage_is_no_longer_believed_and_stops_nobody() {
    let mut world = beset();
    let record = owes(&world, 50_000);
    says(&mut world, "m", &record).unwrap();
    let good = record.encode().unwrap();
    let begun = world.snapshot();
    let cut = good[..good.len() - 1].to_vec();
    let garbage = [
        vec![],
        vec![0xff; 40],
        vec![0xff; 256],
        vec![0xff; 257],
        vec![1; 100_000],
        cut,
        [good, vec![0]].concat(),
    ];
    for bytes in garbage {
        world.restore(&begun);
        let push = push_of(&world, &bytes);
        acts(&mut world, "m", Some(bytes), vec![push]).unwrap();
        let code = quarantined(&world, "m").unwrap();
        assert!(["E1021", "E1022"].contains(&code.as_str()), "{code}");
        assert_eq!(cost(&mut world), usd(MOST));
    }
    everybody_else_goes_on(&mut world);
    // shown and not pushed: nobody sees it before somebody looks
    world.restore(&begun);
    acts(&mut world, "m", Some(vec![0xff; 100_000]), vec![]).unwrap();
    everybody_else_goes_on(&mut world);
    world.mark_market("kim", "m").unwrap();
    assert_eq!(quarantined(&world, "m").as_deref(), Some("E1028"));
    assert_eq!(cost(&mut world), usd(MOST));
}

#[test]
fn a_market_that_reenters_gains_nothing_by_it_and_stops_nobody() {
    let mut world = beset();
    let record = owes(&world, 0);
    says(&mut world, "m", &record).unwrap();
    let market = world.address("m").into_string();
    let to = |world: &World, contract: &str, msg| Relayed { contract: world.address(contract).into(), msg };
    let (low, high) = (owes(&world, 0).encode().unwrap(), owes(&world, 25_000).encode().unwrap());
    let draw = drawing(&mut world, BOND);
    let desk = |world: &World, msg: &ExecuteMsg| to(world, DESK, to_json_binary(msg).unwrap());
    // in the middle of a transfer to it: everything that anybody can send, and all of its bond twice
    let sync = to(&world, "pool", to_json_binary(&pool::ExecuteMsg::Sync {}).unwrap());
    let mark = desk(&world, &ExecuteMsg::Mark { market: market.clone() });
    let once = vec![sync.clone(), push_of(&world, &low), draw.clone(), mark, sync, push_of(&world, &high)];
    let twice = [once.clone(), vec![push_of(&world, &low), draw]].concat();
    world.execute("eve", "m", &Double::Reenter { send: twice }, &[]).unwrap();
    let hook = pool::Hook::Redeem {};
    assert_eq!(code(world.send_tokens("sam", "sdusd", "m", Amount::new(1), &hook)), "E1009");
    everybody_else_goes_on(&mut world);
    // it shows what it pushes first, or its own mark would put it into quarantine
    world.execute("eve", "m", &Double::Reenter { send: once }, &[]).unwrap();
    world.send_tokens("sam", "sdusd", "m", Amount::new(1), &hook).unwrap();
    // the bond is drawn, and as much again is claimed: all of its credit
    assert_eq!((world.has("eve", "sdusd").as_str(), cost(&mut world)), ("25000", usd(MOST)));
    everybody_else_goes_on(&mut world);
    // others pay in for it, and that runs nothing of it: the desk calls no market
    world.pay_in_for("sam", "m", Usd::whole(1)).unwrap();
    assert_eq!(cost(&mut world), usd(MOST - 1));
    // nor is it let in as another
    let close = desk(&world, &ExecuteMsg::Close { market: world.address("rain").into() });
    let draws_of_others = to_json_binary(&DeskMsg::RequestDraw { amount: Usd::whole(1) }).unwrap();
    add_double(&mut world, "n");
    let announce = to(&world, DESK, draws_of_others);
    assert_eq!(code(acts(&mut world, "n", None, vec![announce])), "E1001");
    assert_eq!(code(acts(&mut world, "m", None, vec![close])), "E0104");
}

/// The message by which it draws so much for eve.
fn drawing(world: &mut World, whole: u64) -> Relayed {
    let recipient = world.introduce("eve").into_string();
    let draw = MarketMsg::Draw { amount: Usd::whole(whole), recipient, accepted_haircut: None };
    Relayed { contract: world.address(DESK).into(), msg: to_json_binary(&draw).unwrap() }
}
