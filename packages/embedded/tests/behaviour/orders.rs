//! Orders that wait for a price: limit, stop-loss, take-profit, linked ones and brackets, committed by anybody for a fee.

use proptest::prelude::*;
use sdp_embedded::actions::Order;
use sdp_embedded::error::Result;
use sdp_embedded::{events, Actions, Answer, Bracket, Conditionals, World};
use sdp_types::events::{
    ConditionalArmed, ConditionalEnded, ConditionalPlaced, ConditionalWaits, FromEvent, OrderCommitted,
    Rejected,
};
use sdp_types::market::Delegation;
use sdp_types::orders::{Entry, Exit, Kind, NewOrder, Stage};
use sdp_types::units::{Amount, Price, Size, Usd};
use serde_json::json;

use crate::refused;

const M: &str = "market";

fn at(price: &str) -> Price {
    price.parse().unwrap()
}

fn limit(price: &str) -> Kind {
    Kind::Limit { price: at(price) }
}

fn stop(trigger: &str) -> Kind {
    Kind::Stop { trigger: at(trigger), limit_price: None }
}

fn target(trigger: &str) -> Kind {
    Kind::TakeProfit { trigger: at(trigger), limit_price: None }
}

/// In BTC, for a fee of a dollar, as long as it may.
fn order(size: &str, kind: Kind) -> NewOrder {
    let size = size.parse().unwrap();
    NewOrder { perp: 0, size, kind, reduce_only: false, good_till: None, keeper_fee: Usd::whole(1) }
}

fn reducing(size: &str, kind: Kind) -> NewOrder {
    NewOrder { reduce_only: true, ..order(size, kind) }
}

/// bob and eve have 20,000 of margin and 20 in their jars; prices may jump.
fn stage() -> World {
    let mut world = World::with(|manifest| manifest.oracle.breaker = None);
    world.lp("whale").deposits(1_000_000, "ATOM").mints(1_500_000);
    for name in ["bob", "eve"] {
        world.sells_sdusd("whale", name, 20_020);
        world.trader(name).funds_margin(20_000);
        world.fill_jar(name, M, Usd::whole(20), None).unwrap();
    }
    world
}

/// The same, and bob is 0.1 BTC long at 60,000.
fn long() -> World {
    let mut world = stage();
    world.trader("bob").buys("0.1", "BTC");
    world.fills();
    world
}

/// The same, and a stop of his is committed, because the index has fallen to 56,900.
fn stopping() -> (World, u64) {
    let mut world = long();
    let id = place(&mut world, vec![reducing("-0.1", stop("57000"))], false).remove(0);
    world.waits(1);
    world.price("BTC", 56_900);
    told::<ConditionalArmed>(world.arm_orders("kim", M, &[id]));
    (world, id)
}

/// Nobody publishes until everything that waits in the market for BTC is void.
fn finds_no_price(world: &mut World) {
    let expiry = world.manifest().markets[0].order_expiry;
    world.waits(expiry + 10);
    world.settle("kim", M, 0, 100).unwrap();
}

fn place(world: &mut World, orders: Vec<NewOrder>, linked: bool) -> Vec<u64> {
    let placed = world.place_orders("bob", M, 0, orders, linked).unwrap();
    events::<ConditionalPlaced>(&placed).unwrap().into_iter().map(|told| told.id).collect()
}

fn told<E: FromEvent>(done: Result<Answer>) -> Vec<E> {
    events::<E>(&done.unwrap()).unwrap()
}

/// kim arms an order that is refused in the batch with this code: nothing changes.
#[track_caller]
fn waits(world: &mut World, id: u64, code: &str) {
    let before = world.store().clone();
    let rejected: Vec<Rejected> = told(world.arm_orders("kim", M, &[id]));
    assert_eq!(rejected.iter().map(|told| told.code.as_str()).collect::<Vec<_>>(), [code], "{rejected:?}");
    assert!(*world.store() == before, "something changed");
}

/// kim arms an order that is committed; it fills.
#[track_caller]
fn fills(world: &mut World, id: u64) {
    let armed: Vec<ConditionalArmed> = told(world.arm_orders("kim", M, &[id]));
    assert_eq!(armed.iter().map(|told| told.id).collect::<Vec<_>>(), [id]);
    world.fills();
}

/// How orders have ended in an answer: number, how, with which code.
fn ended(done: Result<Answer>) -> Vec<(u64, String, String)> {
    let all: Vec<ConditionalEnded> = told(done);
    all.into_iter().map(|told| (told.id, told.outcome, told.code)).collect()
}

/// Orders that wait again in an answer, and why: nothing else has come of it.
fn again(done: Result<Answer>) -> Vec<(u64, String)> {
    let done = done.unwrap();
    assert!(events::<ConditionalEnded>(&done).unwrap().is_empty());
    let all = events::<ConditionalWaits>(&done).unwrap();
    all.into_iter().map(|told| (told.id, told.code)).collect()
}

fn end(id: u64, outcome: &str, code: &str) -> (u64, String, String) {
    (id, outcome.into(), code.into())
}

/// Of BTC.
fn size(world: &mut World, trader: &str) -> String {
    world.trader(trader).position("BTC").map_or("0".into(), |position| position.size.to_string())
}

/// Micro-USD as people write them.
fn in_jar(world: &World, owner: &str) -> String {
    sdp_embedded::decimal::show(world.jar(owner, M).unwrap().raw(), 6)
}

#[test]
fn a_limit_order_waits_for_its_price_and_pays_whoever_commits_it() {
    let mut world = stage();
    let shown = world.preview_order("bob", M, 0, order("0.1", limit("59000"))).unwrap();
    assert!(shown.not_placed.unwrap().starts_with("E0904"));
    let [id] = place(&mut world, vec![order("0.1", limit("59000"))], false)[..] else { panic!() };
    assert_eq!((in_jar(&world, "bob").as_str(), in_jar(&world, "kim").as_str()), ("19", "0"));
    world.waits(1);
    world.price("BTC", 59_001);
    waits(&mut world, id, "E0905");
    assert!(world.due_orders(M).unwrap().is_empty());
    world.price("BTC", 58_900);
    assert_eq!(world.due_orders(M).unwrap(), [id]);
    let shown = world.preview_order("bob", M, 0, order("0.1", limit("59000"))).unwrap();
    assert_eq!((shown.not_placed, shown.not_due, shown.refused), (None, None, None));
    let done = world.arm_orders("kim", M, &[id]).unwrap();
    let committed = events::<OrderCommitted>(&done).unwrap().remove(0);
    let armed = events::<ConditionalArmed>(&done).unwrap().remove(0);
    assert_eq!((armed.order, armed.index, committed.locked), (committed.order, at("58900"), shown.locked));
    assert_eq!(world.conditional(M, id).unwrap().stage, Stage::Committed(committed.order));
    assert_eq!((in_jar(&world, "bob").as_str(), in_jar(&world, "kim").as_str()), ("19", "1"));
    world.fills();
    assert_eq!(size(&mut world, "bob"), "0.1");
    assert_eq!(ended(world.sweep_orders("kim", M, &[id])), [end(id, "filled", "none")]);
    refused(&mut world, "E0902", |world| world.conditional(M, id));
    world.draw_jar("kim", M, Usd::whole(1)).unwrap();
    assert_eq!(world.has("kim", "sdusd"), "1");
}

#[test]
fn a_price_from_before_the_order_triggers_nothing() {
    let mut world = stage();
    let [id] = place(&mut world, vec![order("0.1", limit("61000"))], false)[..] else { panic!() };
    waits(&mut world, id, "E0906");
    world.waits(1);
    waits(&mut world, id, "E0906");
    world.refreshes();
    fills(&mut world, id);
    assert_eq!(size(&mut world, "bob"), "0.1");
}

#[test]
fn a_stale_price_triggers_nothing_and_costs_nothing() {
    let mut world = long();
    let [id] = place(&mut world, vec![reducing("-0.1", stop("61000"))], false)[..] else { panic!() };
    world.waits(1);
    world.refreshes();
    let trade = world.manifest().oracle.stale_for_trade;
    world.waits(u64::from(trade) + 1);
    waits(&mut world, id, "E0206");
}

#[test]
fn all_of_the_band_has_to_be_beyond_the_trigger() {
    let mut world = long();
    let [id] = place(&mut world, vec![reducing("-0.1", stop("59000"))], false)[..] else { panic!() };
    world.waits(1);
    // 58,900 · 1.002 = 59,017.8
    world.uncertain_price("BTC", "58900", "0.002");
    waits(&mut world, id, "E0905");
    // 58,850 · 1.002 = 58,967.7
    world.uncertain_price("BTC", "58850", "0.002");
    fills(&mut world, id);
    assert_eq!(size(&mut world, "bob"), "0");
}

#[test]
fn an_index_that_has_jumped_beyond_a_limit_is_bought_at_with_the_furthest_limit_that_the_market_takes() {
    let mut world = stage();
    let [id] = place(&mut world, vec![order("0.1", limit("59000"))], false)[..] else { panic!() };
    world.waits(1);
    // 59,000 is 18 % above it; an increase may name 3 %
    world.price("BTC", 50_000);
    let armed: Vec<ConditionalArmed> = told(world.arm_orders("kim", M, &[id]));
    let order = &world.orders(M, 0).unwrap()[0];
    assert_eq!((order.order, order.limit_price), (armed[0].order, Some(at("51500"))));
    // within its own limit, and beyond the one that it got: it waits again, for another fee
    world.price("BTC", 58_000);
    world.fills();
    let [ref again] = told::<ConditionalWaits>(world.sweep_orders("kim", M, &[id]))[..] else { panic!() };
    assert_eq!((again.order, again.code.as_str(), again.commits), (armed[0].order, "E0414", 1));
    assert_eq!((size(&mut world, "bob").as_str(), in_jar(&world, "bob").as_str()), ("0", "18"));
    fills(&mut world, id);
    assert_eq!((size(&mut world, "bob").as_str(), in_jar(&world, "kim").as_str()), ("0.1", "2"));
}

#[test]
fn one_that_fills_cancels_those_that_it_is_linked_with_and_their_fees_come_back() {
    let mut world = long();
    let orders = vec![reducing("-0.1", stop("57000")), reducing("-0.1", target("63000"))];
    let [low, high] = place(&mut world, orders, true)[..] else { panic!() };
    assert_eq!(world.conditional(M, low).unwrap().linked, [high]);
    world.waits(1);
    world.price("BTC", 63_100);
    told::<ConditionalArmed>(world.arm_orders("kim", M, &[high]));
    // the price comes back at once: what is committed is not known to have filled
    world.price("BTC", 56_900);
    waits(&mut world, low, "E0908");
    waits(&mut world, high, "E0908");
    refused(&mut world, "E0908", |world| world.cancel_orders("bob", M, &[high]));
    world.fills();
    assert_eq!(size(&mut world, "bob"), "0");
    // whoever comes first notes both
    assert_eq!(
        ended(world.arm_orders("kim", M, &[low])),
        [end(high, "filled", "none"), end(low, "linked", "none")]
    );
    assert_eq!((in_jar(&world, "bob").as_str(), in_jar(&world, "kim").as_str()), ("19", "1"));
}

#[test]
fn one_that_finds_only_worse_prices_waits_again_beside_the_others() {
    let mut world = long();
    let high = Kind::TakeProfit { trigger: at("63000"), limit_price: Some(at("62900")) };
    let orders = vec![reducing("-0.1", stop("57000")), reducing("-0.1", high)];
    let [low, high] = place(&mut world, orders, true)[..] else { panic!() };
    world.waits(1);
    world.price("BTC", 63_100);
    told::<ConditionalArmed>(world.arm_orders("kim", M, &[high]));
    // below the worst price of the fill
    world.price("BTC", 62_000);
    world.fills();
    assert_eq!(size(&mut world, "bob"), "0.1");
    assert_eq!(again(world.sweep_orders("kim", M, &[low])), [(high, "E0414".into())]);
    assert_eq!(world.conditional(M, low).unwrap().linked, [high]);
    world.price("BTC", 56_900);
    fills(&mut world, low);
    assert_eq!(size(&mut world, "bob"), "0");
    let gone = ended(world.sweep_orders("kim", M, &[high]));
    assert_eq!(gone, [end(low, "filled", "none"), end(high, "linked", "none")]);
    // two fees for commits, and one is back
    assert_eq!((in_jar(&world, "bob").as_str(), in_jar(&world, "kim").as_str()), ("18", "2"));
}

fn bracket(entry: Entry) -> Bracket {
    Bracket {
        account: 0,
        perp: 0,
        size: "0.1".parse().unwrap(),
        entry,
        stop: Exit { trigger: at("57000"), limit_price: None },
        target: Exit { trigger: at("63000"), limit_price: None },
        entry_good_till: None,
        good_till: None,
        keeper_fee: Usd::whole(1),
    }
}

#[test]
fn a_bracket_at_market_opens_at_once_and_closes_at_its_target() {
    let mut world = stage();
    let placed = world.place_bracket("bob", M, bracket(Entry::Market { limit_price: None })).unwrap();
    assert_eq!(events::<OrderCommitted>(&placed).unwrap().len(), 1);
    let ids: Vec<_> = events::<ConditionalPlaced>(&placed).unwrap().iter().map(|told| told.id).collect();
    let [entry, low, high] = ids[..] else { panic!("{ids:?}") };
    assert_eq!(in_jar(&world, "bob"), "18", "the entry pays nobody");
    let stage = |world: &World, id| world.conditional(M, id).unwrap().stage;
    assert!(matches!(stage(&world, entry), Stage::Committed(_)));
    assert_eq!((stage(&world, low), stage(&world, high)), (Stage::Sleeping, Stage::Sleeping));
    world.waits(1);
    world.refreshes();
    waits(&mut world, low, "E0908");
    world.fills();
    assert_eq!(size(&mut world, "bob"), "0.1");
    world.price("BTC", 63_100);
    // nobody had to wake it
    let done = world.arm_orders("kim", M, &[high]).unwrap();
    assert_eq!(events::<ConditionalEnded>(&done).unwrap()[0].id, entry);
    assert_eq!(events::<ConditionalArmed>(&done).unwrap()[0].id, high);
    assert_eq!(stage(&world, low), Stage::Waiting);
    world.fills();
    assert_eq!(
        ended(world.sweep_orders("kim", M, &[low])),
        [end(high, "filled", "none"), end(low, "linked", "none")]
    );
    assert_eq!((size(&mut world, "bob").as_str(), in_jar(&world, "bob").as_str()), ("0", "19"));
}

#[test]
fn an_entry_at_market_that_is_refused_leaves_nothing_of_its_bracket() {
    let mut world = stage();
    let large = Bracket { size: "100".parse().unwrap(), ..bracket(Entry::Market { limit_price: None }) };
    refused(&mut world, "E0404", |world| world.place_bracket("bob", M, large));
}

#[test]
fn exits_sleep_until_their_entry_has_filled_and_end_with_it_where_it_does_not() {
    let mut world = stage();
    world.place_bracket("bob", M, bracket(Entry::Waits(limit("59000")))).unwrap();
    world.waits(1);
    world.price("BTC", 56_900);
    waits(&mut world, 1, "E0907");
    let limited = Kind::Stop { trigger: at("60000"), limit_price: Some(at("60100")) };
    world.place_bracket("bob", M, bracket(Entry::Waits(limited))).unwrap();
    assert_eq!(in_jar(&world, "bob"), "14");
    world.waits(1);
    world.price("BTC", 60_050);
    told::<ConditionalArmed>(world.arm_orders("kim", M, &[3]));
    world.price("BTC", 60_500);
    world.fills();
    // another price may come
    assert_eq!(again(world.sweep_orders("kim", M, &[5])), [(3, "E0414".into())]);
    assert_eq!(in_jar(&world, "bob"), "13");
    world.set_delegate("bob", M, 0, "orders", None).unwrap();
    world.price("BTC", 60_050);
    let gone = ended(world.arm_orders("kim", M, &[3]));
    assert_eq!(gone, [end(3, "refused", "E0426"), end(4, "entry", "none"), end(5, "entry", "none")]);
    assert_eq!(in_jar(&world, "bob"), "15.5");
    // and so they do where it is taken back
    let gone = ended(world.cancel_orders("bob", M, &[1, 0]));
    assert_eq!(gone, [end(1, "cancelled", "none"), end(0, "cancelled", "none"), end(2, "entry", "none")]);
    assert_eq!(in_jar(&world, "bob"), "18.5");
}

#[test]
fn what_else_the_account_trades_meanwhile_is_not_taken_for_a_fill_and_hides_none() {
    let mut world = stage();
    world.place_bracket("bob", M, bracket(Entry::Waits(limit("61000")))).unwrap();
    world.waits(1);
    world.refreshes();
    told::<ConditionalArmed>(world.arm_orders("kim", M, &[0]));
    // behind the entry, the same sold: nothing is left where it was
    world.trader("bob").sells("0.1", "BTC");
    world.fills();
    assert_eq!(size(&mut world, "bob"), "0");
    let done = world.sweep_orders("kim", M, &[0, 1]).unwrap();
    let gone = [end(0, "filled", "none"), end(1, "refused", "E0417")];
    assert_eq!(ended(Ok(done)), gone);
    // and bought, while what is committed finds only worse prices
    let only = Kind::Stop { trigger: at("60000"), limit_price: Some(at("60100")) };
    let [id] = place(&mut world, vec![order("0.1", only)], false)[..] else { panic!() };
    world.waits(1);
    world.price("BTC", 60_050);
    told::<ConditionalArmed>(world.arm_orders("kim", M, &[id]));
    world.price("BTC", 60_500);
    world.trader("bob").buys("0.1", "BTC");
    world.fills();
    assert_eq!(size(&mut world, "bob"), "0.1");
    assert_eq!(again(world.sweep_orders("kim", M, &[id])), [(id, "E0414".into())]);
}

#[test]
fn a_stop_whose_commit_finds_no_price_goes_on_protecting() {
    let (mut world, id) = stopping();
    finds_no_price(&mut world);
    assert_eq!(again(world.sweep_orders("kim", M, &[id])), [(id, "E0415".into())]);
    let shown = world.conditional(M, id).unwrap();
    assert_eq!((shown.stage, shown.commits, shown.reserved), (Stage::Waiting, 1, Usd::whole(1)));
    // nobody has published since
    waits(&mut world, id, "E0206");
    world.price("BTC", 56_000);
    fills(&mut world, id);
    assert_eq!(ended(world.sweep_orders("kim", M, &[id])), [end(id, "filled", "none")]);
    assert_eq!((size(&mut world, "bob").as_str(), in_jar(&world, "bob").as_str()), ("0", "18"));
}

#[test]
fn an_order_is_committed_at_most_so_often_and_only_while_its_fee_is_there() {
    let mut world = World::with(|manifest| {
        manifest.oracle.breaker = None;
        manifest.markets[0].orders.as_mut().unwrap().most_commits = 2;
    });
    world.lp("whale").deposits(1_000_000, "ATOM").mints(1_500_000);
    world.sells_sdusd("whale", "bob", 20_003);
    world.trader("bob").funds_margin(20_000);
    world.fill_jar("bob", M, Usd::whole(3), None).unwrap();
    let ids = place(&mut world, vec![order("0.1", limit("59000")), order("0.1", limit("59000"))], false);
    let miss = |world: &mut World, id: u64| {
        world.waits(1);
        world.price("BTC", 58_900);
        told::<ConditionalArmed>(world.arm_orders("kim", M, &[id]));
        world.price("BTC", 59_100);
        world.fills();
        world.sweep_orders("kim", M, &[id])
    };
    assert_eq!(again(miss(&mut world, ids[0])), [(ids[0], "E0414".into())]);
    assert_eq!(ended(miss(&mut world, ids[0])), [end(ids[0], "unfilled", "E0414")]);
    // the second one has nothing for another commit
    assert_eq!(in_jar(&world, "bob"), "0");
    assert_eq!(ended(miss(&mut world, ids[1])), [end(ids[1], "unfilled", "E0414")]);
    assert_eq!((in_jar(&world, "bob").as_str(), in_jar(&world, "kim").as_str()), ("0", "3"));
}

#[test]
fn an_order_that_would_not_fill_at_the_price_that_triggers_it_is_not_committed() {
    let mut world = stage();
    let [id] = place(&mut world, vec![order("3", limit("59000"))], false)[..] else { panic!() };
    world.waits(1);
    // with a band of 0.05 % it is 58,999.485 at most, but there is a premium on top
    world.price("BTC", 58_970);
    waits(&mut world, id, "E0414");
    assert!(world.due_orders(M).unwrap().is_empty());
    world.price("BTC", 58_900);
    fills(&mut world, id);
}

#[test]
fn what_became_of_a_commit_is_noted_though_its_order_is_not_due_again() {
    let (mut world, id) = stopping();
    finds_no_price(&mut world);
    // the price has recovered, and keepers are told to note what happened
    world.price("BTC", 60_000);
    assert_eq!(world.due_orders(M).unwrap(), [id]);
    assert_eq!(again(world.arm_orders("kim", M, &[id])), [(id, "E0415".into())]);
    assert!(world.due_orders(M).unwrap().is_empty());
    // so nothing that ends without a fill later makes the market forget it
    for _ in 0..40 {
        let order = Order { size: tenths(1), ..Order::default() };
        let committed: Vec<OrderCommitted> = told(world.commit("bob", M, 0, &order));
        world.trader("bob").cancels("BTC", committed[0].order);
    }
    world.price("BTC", 56_900);
    fills(&mut world, id);
    assert_eq!(size(&mut world, "bob"), "0");
}

#[test]
fn orders_of_an_account_that_all_find_no_price_are_all_remembered() {
    let (mut world, id) = stopping();
    // as many behind it as may wait
    for _ in 1..sdp_types::market::MAX_ORDERS {
        world
            .commit("bob", M, 0, &Order { size: tenths(-1), reduce_only: true, ..Order::default() })
            .unwrap();
    }
    finds_no_price(&mut world);
    assert_eq!(again(world.sweep_orders("kim", M, &[id])), [(id, "E0415".into())]);
}

#[test]
fn orders_of_one_batch_are_tried_behind_each_other() {
    let mut world = stage();
    for name in ["bob", "eve"] {
        world.place_orders(name, M, 0, vec![order("3", limit("59000"))], false).unwrap();
    }
    world.waits(1);
    // at 58,945 and its band of 0.05 % there is room for the premium of one of them, not for three times that
    world.price("BTC", 58_945);
    assert_eq!(world.due_orders(M).unwrap(), [0]);
    let done = world.arm_orders("kim", M, &[0, 1]).unwrap();
    assert_eq!(events::<ConditionalArmed>(&done).unwrap().len(), 1);
    assert_eq!(events::<Rejected>(&done).unwrap()[0].code, "E0414");
}

#[test]
fn a_bracket_at_market_takes_no_fee_that_an_order_needs_to_wait_again() {
    let mut world = long();
    world.draw_jar("bob", M, Usd::whole(18)).unwrap();
    let stops = Kind::Stop { trigger: at("57000"), limit_price: Some(at("56800")) };
    let [id] = place(&mut world, vec![reducing("-0.1", stops)], false)[..] else { panic!() };
    world.waits(1);
    world.price("BTC", 56_900);
    told::<ConditionalArmed>(world.arm_orders("kim", M, &[id]));
    world.price("BTC", 56_000);
    world.fills();
    // one fee is left, for two exits
    refused(&mut world, "E0901", |world| {
        world.place_bracket("bob", M, bracket(Entry::Market { limit_price: None }))
    });
    assert_eq!(again(world.sweep_orders("kim", M, &[id])), [(id, "E0414".into())]);
}

#[test]
fn what_has_filled_is_known_to_whoever_takes_it_back() {
    let mut world = stage();
    let [id] = place(&mut world, vec![order("0.1", limit("61000"))], false)[..] else { panic!() };
    world.waits(1);
    world.refreshes();
    fills(&mut world, id);
    assert_eq!(ended(world.cancel_orders("bob", M, &[id])), [end(id, "filled", "none")]);
    // and what waits again is taken back
    let [id] = place(&mut world, vec![order("0.1", limit("59000"))], false)[..] else { panic!() };
    world.waits(1);
    world.price("BTC", 58_900);
    told::<ConditionalArmed>(world.arm_orders("kim", M, &[id]));
    world.price("BTC", 59_100);
    world.fills();
    let done = world.cancel_orders("bob", M, &[id]).unwrap();
    assert_eq!(events::<ConditionalWaits>(&done).unwrap().len(), 1);
    assert_eq!(ended(Ok(done)), [end(id, "cancelled", "none")]);
    assert_eq!(in_jar(&world, "bob"), "18");
}

#[test]
fn exits_whose_position_is_gone_are_swept_and_others_may_wait_for_one_to_come() {
    let mut world = stage();
    world.place_bracket("bob", M, bracket(Entry::Market { limit_price: None })).unwrap();
    let [early] = place(&mut world, vec![reducing("-0.1", stop("57000"))], false)[..] else { panic!() };
    world.fills();
    world.sweep_orders("kim", M, &[0]).unwrap();
    world.trader("bob").closes("BTC");
    world.fills();
    let done = world.sweep_orders("kim", M, &[1, 2, early]).unwrap();
    let rejected = events::<Rejected>(&done).unwrap();
    assert_eq!((rejected.len(), rejected[0].code.as_str()), (1, "E0322"));
    assert_eq!(ended(Ok(done)), [end(1, "refused", "E0417"), end(2, "refused", "E0417")]);
    // for nothing
    assert_eq!((in_jar(&world, "bob").as_str(), in_jar(&world, "kim").as_str()), ("19", "0"));
}

#[test]
fn what_finds_nothing_to_reduce_ends_with_all_that_it_is_linked_with_and_costs_half_its_fee() {
    let mut world = stage();
    let orders = vec![reducing("-0.1", stop("57000")), reducing("-0.1", target("63000"))];
    let [low, high] = place(&mut world, orders, true)[..] else { panic!() };
    world.waits(1);
    world.price("BTC", 56_900);
    assert_eq!(
        ended(world.arm_orders("kim", M, &[low])),
        [end(low, "refused", "E0417"), end(high, "refused", "E0417")]
    );
    assert_eq!((in_jar(&world, "bob").as_str(), in_jar(&world, "kim").as_str()), ("19.5", "0.5"));
}

#[test]
fn an_owner_who_no_longer_lets_it_has_his_order_refused() {
    let mut world = stage();
    let [id] = place(&mut world, vec![order("0.1", limit("61000"))], false)[..] else { panic!() };
    world.set_delegate("bob", M, 0, "orders", None).unwrap();
    world.waits(1);
    world.refreshes();
    assert_eq!(ended(world.arm_orders("kim", M, &[id])), [end(id, "refused", "E0426")]);
    assert_eq!((in_jar(&world, "bob").as_str(), in_jar(&world, "kim").as_str()), ("19.5", "0.5"));
}

#[test]
fn what_the_owner_lets_a_delegate_hold_at_most_bounds_orders_too() {
    let mut world = stage();
    let most_notional = Some(Usd::whole(10_000));
    let allowed =
        Delegation { expires_at: 4_000_000_000, perps: Some(vec![0]), most_notional, may_take: false };
    world.set_delegate("bob", M, 0, "orders", Some(allowed)).unwrap();
    let orders = vec![order("0.2", limit("61000")), order("0.1", limit("61000"))];
    let [large, small] = place(&mut world, orders, false)[..] else { panic!() };
    world.waits(1);
    world.refreshes();
    assert_eq!(ended(world.arm_orders("kim", M, &[large])), [end(large, "refused", "E0427")]);
    // what waits may hold more than is known: that passes
    world.trader("bob").buys("0.1", "ETH");
    waits(&mut world, small, "E0428");
    world.fills();
    fills(&mut world, small);
    assert_eq!(size(&mut world, "bob"), "0.1");
}

#[test]
fn orders_of_an_account_that_is_liquidated_wait_for_nothing() {
    let mut world = stage();
    world.trader("bob").buys("5", "BTC");
    world.fills();
    let orders = vec![reducing("-5", stop("50000")), reducing("-5", target("70000"))];
    let [low, high] = place(&mut world, orders, true)[..] else { panic!() };
    world.waits(1);
    world.price("BTC", 56_000);
    world.waits(11);
    world.refreshes();
    world.keeper("kim").liquidates(&["bob"]);
    assert_eq!(size(&mut world, "bob"), "0");
    world.price("BTC", 49_000);
    assert_eq!(
        ended(world.arm_orders("kim", M, &[low])),
        [end(low, "refused", "E0417"), end(high, "refused", "E0417")]
    );
}

#[test]
fn a_liquidation_between_commit_and_fill_is_not_taken_for_the_fill() {
    let mut world = stage();
    world.trader("bob").buys("5", "BTC");
    world.fills();
    let orders = vec![reducing("-1", stop("57900")), reducing("-1", target("70000"))];
    let [low, high] = place(&mut world, orders, true)[..] else { panic!() };
    world.waits(1);
    world.price("BTC", 57_800);
    let armed: Vec<ConditionalArmed> = told(world.arm_orders("kim", M, &[low]));
    assert_eq!(armed.len(), 1);
    // 20,000 − 17,500: below 2.5 % of 282,500, and the order waits for its interval
    world.price("BTC", 56_500);
    world.keeper("kim").liquidates(&["bob"]);
    let left = size(&mut world, "bob");
    assert!(left != "5" && left != "0", "{left}");
    world.fills();
    assert_eq!(size(&mut world, "bob"), left);
    assert_eq!(ended(world.sweep_orders("kim", M, &[low])), [end(low, "unfilled", "E0416")]);
    assert_eq!(world.conditional(M, high).unwrap().stage, Stage::Waiting);
}

#[test]
fn an_account_that_is_handed_over_leaves_its_orders_behind() {
    let mut world = long();
    let [low] = place(&mut world, vec![reducing("-0.1", stop("57000"))], false)[..] else { panic!() };
    let allowed =
        Delegation { expires_at: 4_000_000_000, perps: Some(vec![]), most_notional: None, may_take: true };
    world.set_delegate("bob", M, 0, "carl", Some(allowed)).unwrap();
    world.take_account("carl", M, "bob", 0, 0).unwrap();
    world.waits(1);
    world.price("BTC", 56_900);
    assert_eq!(ended(world.arm_orders("kim", M, &[low])), [end(low, "refused", "E0417")]);
    assert_eq!((size(&mut world, "carl").as_str(), size(&mut world, "bob").as_str()), ("0.1", "0"));
}

#[test]
fn in_a_batch_each_order_goes_its_own_way() {
    let mut world = stage();
    // 20,000 SOL need more than 20,000 of margin
    let orders = vec![
        order("0.1", limit("61000")),
        NewOrder { perp: 2, ..order("20000", limit("153")) },
        NewOrder { perp: 3, ..order("1", limit("5")) },
        NewOrder { perp: 1, ..order("1", limit("3050")) },
        order("0.2", limit("61000")),
    ];
    place(&mut world, orders, false);
    world.place_orders("eve", M, 0, vec![order("0.3", limit("61000"))], false).unwrap();
    world.waits(1);
    world.refreshes();
    assert_eq!(world.due_orders(M).unwrap(), [0, 1, 3, 5]);
    let done = world.arm_orders("kim", M, &[0, 99, 1, 2, 3, 4, 5, 0]).unwrap();
    let rejected: Vec<_> =
        events::<Rejected>(&done).unwrap().into_iter().map(|told| (told.item, told.code)).collect();
    let expected = [("99", "E0902"), ("2", "E0905"), ("4", "E0908"), ("0", "E0908")];
    assert_eq!(rejected, expected.map(|(item, code)| (item.to_string(), code.to_string())));
    let armed: Vec<_> = events::<ConditionalArmed>(&done).unwrap();
    let committed: Vec<_> = events::<OrderCommitted>(&done).unwrap();
    let numbers = |perp: u16, order: u64| (perp, order);
    assert_eq!(
        armed.iter().map(|told| numbers(told.perp, told.order)).collect::<Vec<_>>(),
        committed.iter().map(|told| numbers(told.perp, told.order)).collect::<Vec<_>>(),
    );
    assert_eq!(armed.iter().map(|told| told.id).collect::<Vec<_>>(), [0, 3, 5]);
    assert_eq!(ended(Ok(done)), [end(1, "refused", "E0404")]);
    // three of a dollar, and half of one
    assert_eq!(in_jar(&world, "kim"), "3.5");
    world.fills();
    assert_eq!((size(&mut world, "bob").as_str(), size(&mut world, "eve").as_str()), ("0.1", "0.3"));
    let gone = ended(world.sweep_orders("kim", M, &[5, 3, 0]));
    assert_eq!(gone, [end(5, "filled", "none"), end(3, "filled", "none"), end(0, "filled", "none")]);
}

#[test]
fn each_commit_of_a_batch_is_planned_on_what_those_before_it_leave() {
    let mut world = stage();
    // 20,000 of margin are enough for one of 4 BTC at 5 %, not for a second one in ETH
    let orders = vec![order("4", limit("60100")), NewOrder { perp: 1, ..order("80", limit("3010")) }];
    place(&mut world, orders, false);
    world.waits(1);
    world.refreshes();
    let done = world.arm_orders("kim", M, &[0, 1]).unwrap();
    assert_eq!(events::<ConditionalArmed>(&done).unwrap().len(), 1);
    assert_eq!(ended(Ok(done)), [end(1, "refused", "E0404")]);
}

#[test]
fn an_order_waits_until_its_time_is_over_or_leaves_none_to_fill_and_costs_nothing() {
    let mut world = stage();
    let good_till = Some(world.now() + 30);
    place(&mut world, vec![NewOrder { good_till, ..order("0.1", limit("61000")) }; 2], false);
    world.waits(22);
    world.refreshes();
    // 8 s are less than the delay and a whole interval behind it, 5 each
    assert_eq!(ended(world.arm_orders("kim", M, &[0])), [end(0, "expired", "E0910")]);
    world.waits(10);
    assert_eq!(ended(world.sweep_orders("kim", M, &[1])), [end(1, "expired", "E0910")]);
    assert_eq!((in_jar(&world, "bob").as_str(), in_jar(&world, "kim").as_str()), ("20", "0"));
}

#[test]
fn an_order_that_makes_no_sense_is_not_placed() {
    let mut world = stage();
    let now = world.now();
    let good = order("0.1", limit("59000"));
    let placing = |world: &mut World, order: &NewOrder, code: &str| {
        refused(world, code, |world| world.place_orders("bob", M, 0, vec![order.clone()], false));
    };
    for (order, code) in [
        (NewOrder { size: Size::ZERO, ..good.clone() }, "E0005"),
        (NewOrder { size: sdp_types::units::MAX_SIZE.plus(Size::new(1)).unwrap(), ..good.clone() }, "E0423"),
        (NewOrder { perp: 9, ..good.clone() }, "E0401"),
        (NewOrder { kind: limit("0"), ..good.clone() }, "E0004"),
        (NewOrder { kind: limit("1000000000001"), ..good.clone() }, "E0004"),
        (NewOrder { keeper_fee: Usd::new(99_999), ..good.clone() }, "E0004"),
        (NewOrder { keeper_fee: Usd::new(5_000_001), ..good.clone() }, "E0004"),
        (NewOrder { good_till: Some(now), ..good.clone() }, "E0004"),
        (NewOrder { good_till: Some(now + 7_776_001), ..good.clone() }, "E0004"),
    ] {
        placing(&mut world, &order, code);
    }
    refused(&mut world, "E0004", |world| world.place_orders("bob", M, 0, vec![good.clone(); 9], false));
    refused(&mut world, "E0004", |world| world.place_orders("bob", M, 0, vec![], false));
    let apart = vec![good.clone(), NewOrder { perp: 1, ..good.clone() }];
    refused(&mut world, "E0909", |world| world.place_orders("bob", M, 0, apart, true));
    // twenty dollars are there for
    refused(&mut world, "E0901", |world| {
        let dear = NewOrder { keeper_fee: Usd::whole(5), ..good.clone() };
        world.place_orders("bob", M, 0, vec![dear; 5], false)
    });
    // nothing lets the contract trade his other account, nor so long
    let raw = |world: &mut World, account: u16, order: &NewOrder| {
        let place = json!({"place": {"account": account, "orders": [order]}});
        world.execute("bob", "orders", &place, &[])
    };
    refused(&mut world, "E0904", |world| raw(world, 3, &good));
    let short = NewOrder { good_till: Some(now + 100), ..good.clone() };
    world.place_orders("bob", M, 0, vec![short.clone()], false).unwrap();
    refused(&mut world, "E0904", |world| raw(world, 0, &good));
    refused(&mut world, "E0904", |world| raw(world, 0, &NewOrder { perp: 1, ..short }));
    let late = Bracket { good_till: Some(now + 50), ..bracket(Entry::Waits(limit("59000"))) };
    let late = Bracket { entry_good_till: Some(now + 51), ..late };
    refused(&mut world, "E0107", |world| world.place_bracket("bob", M, late));
}

#[test]
fn an_account_has_at_most_so_many_orders_at_a_time() {
    let mut world = World::with(|manifest| {
        manifest.markets[0].orders.as_mut().unwrap().most_waiting = 3;
    });
    world.lp("whale").deposits(1_000_000, "ATOM").mints(1_000);
    world.fill_jar("whale", M, Usd::whole(20), Some("bob")).unwrap();
    place(&mut world, vec![order("0.1", limit("59000")); 2], false);
    let two = vec![order("0.1", limit("59000")); 2];
    refused(&mut world, "E0010", |world| world.place_orders("bob", M, 0, two, false));
    world.cancel_orders("bob", M, &[0]).unwrap();
    place(&mut world, vec![order("0.1", limit("59000")); 2], false);
    let numbers: Vec<_> =
        world.conditionals_of("bob", M, 0).unwrap().into_iter().map(|order| order.id).collect();
    assert_eq!(numbers, [1, 2, 3]);
}

#[test]
fn only_its_owner_takes_an_order_back_and_all_or_none() {
    let mut world = stage();
    place(&mut world, vec![order("0.1", limit("59000")); 2], false);
    world.place_orders("eve", M, 0, vec![order("0.1", limit("59000"))], false).unwrap();
    refused(&mut world, "E0903", |world| world.cancel_orders("eve", M, &[0]));
    refused(&mut world, "E0903", |world| world.cancel_orders("bob", M, &[0, 1, 2]));
    refused(&mut world, "E0902", |world| world.cancel_orders("bob", M, &[0, 7]));
    refused(&mut world, "E0004", |world| world.cancel_orders("bob", M, &[]));
    let gone = ended(world.cancel_orders("bob", M, &[1, 0, 1]));
    assert_eq!(gone, [end(1, "cancelled", "none"), end(0, "cancelled", "none")]);
    refused(&mut world, "E0902", |world| world.cancel_orders("bob", M, &[0]));
    assert_eq!(in_jar(&world, "bob"), "20");
}

#[test]
fn a_jar_is_filled_by_the_token_alone_and_drawn_by_its_owner_alone() {
    let mut world = stage();
    let deposit = json!({"deposit": {"beneficiary": null}});
    let forged = |world: &mut World, sender: &str| {
        let msg = cosmwasm_std::to_json_binary(&deposit).unwrap();
        let receive = json!({"receive": {"sender": world.address("bob"), "amount": "1000000", "msg": msg}});
        world.execute(sender, "orders", &receive, &[])
    };
    refused(&mut world, "E0110", |world| forged(world, "bob"));
    refused(&mut world, "E0110", |world| forged(world, "market"));
    world.give("eve", "ETH", Amount::new(1_000)).unwrap();
    refused(&mut world, "E0110", |world| {
        world.send_tokens("eve", "ETH", "orders", Amount::new(1_000), &deposit)
    });
    refused(&mut world, "E0901", |world| world.draw_jar("kim", M, Usd::new(1)));
    refused(&mut world, "E0901", |world| world.draw_jar("bob", M, Usd::new(20_000_001)));
    refused(&mut world, "E0005", |world| world.draw_jar("bob", M, Usd::ZERO));
    place(&mut world, vec![order("0.1", limit("59000"))], false);
    // what an order has reserved is not in it
    refused(&mut world, "E0901", |world| world.draw_jar("bob", M, Usd::new(19_000_001)));
    world.draw_jar("bob", M, Usd::whole(19)).unwrap();
    assert_eq!(world.orders_totals(M).unwrap().held, Usd::whole(21));
    // sdUSD that is only sent is nobody's
    world.transfer("bob", "sdusd", "orders", Amount::new(5)).unwrap();
    assert_eq!(world.orders_totals(M).unwrap().held, Usd::whole(21));
}

#[test]
fn an_order_whose_commit_its_owner_takes_back_in_the_market_is_taken_back() {
    let mut world = stage();
    let [id] = place(&mut world, vec![order("0.1", limit("61000"))], false)[..] else { panic!() };
    world.waits(1);
    world.refreshes();
    let armed: Vec<ConditionalArmed> = told(world.arm_orders("kim", M, &[id]));
    world.trader("bob").cancels("BTC", armed[0].order);
    assert_eq!(ended(world.sweep_orders("kim", M, &[id])), [end(id, "cancelled", "none")]);
}

/// What somebody does in a random sequence.
#[derive(Clone, Debug)]
enum Act {
    Place(Vec<(i8, u8, u8, bool)>, bool),
    Bracket(bool, i8, u8),
    Arm,
    Sweep,
    Cancel(u8),
    Trade(i8),
    Price(u8),
    Settle,
    Waits(u8),
    Revoke,
    Draw(u8),
}

fn act() -> impl Strategy<Value = Act> {
    let placed = (-5i8..=5, 0u8..3, 0u8..20, any::<bool>());
    prop_oneof![
        3 => (prop::collection::vec(placed, 1..4), any::<bool>()).prop_map(|(orders, linked)| Act::Place(orders, linked)),
        2 => (any::<bool>(), -3i8..=3, 0u8..20).prop_map(|(now, size, price)| Act::Bracket(now, size, price)),
        4 => Just(Act::Arm),
        1 => Just(Act::Sweep),
        1 => any::<u8>().prop_map(Act::Cancel),
        1 => (-3i8..=3).prop_map(Act::Trade),
        4 => (0u8..20).prop_map(Act::Price),
        3 => Just(Act::Settle),
        1 => (1u8..60).prop_map(Act::Waits),
        1 => Just(Act::Revoke),
        1 => any::<u8>().prop_map(Act::Draw),
    ]
}

/// 50,000 to 69,000.
fn price(step: u8) -> String {
    (50_000 + 1_000 * u32::from(step)).to_string()
}

fn kind(of: u8, step: u8) -> Kind {
    match of {
        0 => limit(&price(step)),
        1 => stop(&price(step)),
        _ => target(&price(step)),
    }
}

fn tenths(size: i8) -> Size {
    Size::new(i128::from(size) * 100_000_000_000_000_000)
}

fn perform(world: &mut World, who: &str, act: &Act) {
    let all = |world: &World| -> Vec<u64> {
        (0..world.orders_totals(M).unwrap().next).filter(|id| world.conditional(M, *id).is_ok()).collect()
    };
    let done = match act {
        Act::Place(orders, linked) => {
            let of = |(size, of, step, reduce_only): &(i8, u8, u8, bool)| NewOrder {
                size: tenths(*size),
                reduce_only: *reduce_only,
                good_till: Some(world.now() + 600),
                ..order("1", kind(*of, *step))
            };
            let orders = orders.iter().map(of).collect();
            world.place_orders(who, M, 0, orders, *linked)
        }
        Act::Bracket(now, size, step) => {
            let entry = if *now { Entry::Market { limit_price: None } } else { Entry::Waits(kind(0, *step)) };
            let good_till = Some(world.now() + 600);
            world.place_bracket(who, M, Bracket { size: tenths(*size), good_till, ..bracket(entry) })
        }
        Act::Arm => match &all(world)[..] {
            [] => return,
            ids => world.arm_orders("kim", M, &ids[..ids.len().min(100)]),
        },
        Act::Sweep => match &all(world)[..] {
            [] => return,
            ids => world.sweep_orders("kim", M, &ids[..ids.len().min(100)]),
        },
        Act::Cancel(which) => match &all(world)[..] {
            [] => return,
            ids => {
                let id = ids[usize::from(*which) % ids.len()];
                world.cancel_orders(who, M, &[id])
            }
        },
        Act::Trade(size) => world.commit(who, M, 0, &Order { size: tenths(*size), ..Order::default() }),
        Act::Price(step) => {
            world.waits(1);
            world.price("BTC", price(*step).as_str());
            return;
        }
        Act::Settle => {
            world.fills();
            return;
        }
        Act::Waits(seconds) => {
            world.waits(u64::from(*seconds));
            world.refreshes();
            return;
        }
        Act::Revoke => world.set_delegate(who, M, 0, "orders", None),
        Act::Draw(amount) => world.draw_jar(who, M, Usd::new(u128::from(*amount) * 10_000)),
    };
    if let Err(error) = done {
        assert!(!error.is_bug(), "{act:?}: {error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    // the audit behind each message adds up jars and what orders have reserved
    #[test]
    fn fees_are_neither_lost_nor_made_and_in_the_end_everything_comes_back(
        acts in prop::collection::vec((prop_oneof![Just("bob"), Just("eve")], act()), 1..30),
    ) {
        let mut world = stage();
        for (who, act) in &acts {
            perform(&mut world, who, act);
        }
        world.fills();
        world.waits(700);
        world.refreshes();
        world.fills();
        for id in 0..world.orders_totals(M).unwrap().next {
            world.sweep_orders("kim", M, &[id]).unwrap();
        }
        let orders = (0..world.orders_totals(M).unwrap().next).filter(|id| world.conditional(M, *id).is_ok());
        prop_assert_eq!(orders.count(), 0);
        for owner in ["bob", "eve", "kim"] {
            let left = world.jar(owner, M).unwrap();
            if !left.is_zero() {
                world.draw_jar(owner, M, left).unwrap();
            }
        }
        prop_assert_eq!(world.orders_totals(M).unwrap().held, Usd::ZERO);
        prop_assert_eq!(world.balance("orders", "sdusd").unwrap(), Amount::ZERO);
    }
}

#[test]
fn a_fee_is_shown_before_and_capped() {
    let world = stage();
    let dear = NewOrder { keeper_fee: Usd::whole(5), ..order("0.1", limit("59000")) };
    let shown = world.preview_order("bob", M, 0, dear.clone()).unwrap();
    assert_eq!((shown.keeper_fee, shown.refusal_fee), (Usd::whole(5), Usd::new(2_500_000)));
    assert_eq!((shown.least_fee, shown.most_fee), (Usd::new(100_000), Usd::whole(5)));
    assert!(shown.not_due.unwrap().starts_with("E0905"));
    // what the market says is said by the market's own plan
    let large = NewOrder { size: "100".parse().unwrap(), ..dear };
    let shown = world.preview_order("bob", M, 0, large).unwrap();
    let market = world.preview_trade("bob", M, 0, 0, "100".parse().unwrap()).unwrap();
    assert_eq!(shown.refused.as_ref().map(|text| &text[..5]), market.refused.as_ref().map(|text| &text[..5]));
    assert_eq!(shown.refused.unwrap()[..5], *"E0404");
}

#[test]
fn close_only_and_a_lack_of_margin_are_no_reason_not_to_stop_a_loss() {
    let mut world = stage();
    world.trader("bob").buys("3", "BTC");
    world.fills();
    let [id] = place(&mut world, vec![reducing("-3", stop("58500"))], false)[..] else { panic!() };
    let free = world.trader("bob").state().withdrawable;
    world.withdraw_margin("bob", M, 0, free).unwrap();
    let trip = json!({"trip": {"market": world.address("market"), "regime": "close_only"}});
    world.execute("guardian", "pool", &trip, &[]).unwrap();
    world.waits(1);
    world.price("BTC", 58_700);
    waits(&mut world, id, "E0905");
    world.price("BTC", 58_400);
    fills(&mut world, id);
    assert_eq!(size(&mut world, "bob"), "0");
}
