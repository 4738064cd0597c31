use crate::config::OrdersConfig;
use crate::fixture::{config, usd, Story};
use crate::message::{
    Bracket, Delegation, Entry, MarketMessage, Message, NewOrder, OrderKind, OrdersMessage, Trigger,
};
use crate::model::Model;
use crate::number::{fraction, whole, Q};

/// Anna has 10,000 USD of margin, lets the contract trade them, and has 10 USD in her jar.
fn story() -> Story {
    let mut story = Story::provided();
    let orders = OrdersConfig {
        market: 0,
        least_fee: usd(1),
        most_fee: usd(5),
        refusal_share: fraction(1, 3),
        most_waiting: 3,
        longest_life: 1_000,
        most_commits: 2,
    };
    story.model.orders = Model::new(crate::config::Config { orders: Some(orders), ..config() }).orders;
    let deposit = MarketMessage::Deposit { beneficiary: None, account: 0, amount: usd(10_000) };
    story.accepted("anna", Message::Market(0, deposit));
    let delegation = Delegation { expires_at: story.now + 5_000, perps: None, most: None, may_take: false };
    let delegation = Some(delegation);
    let lets = MarketMessage::SetDelegate { account: 0, delegate: "orders".into(), delegation };
    story.accepted("anna", Message::Market(0, lets));
    send(&mut story, "anna", OrdersMessage::Fill { owner: None, amount: usd(10) });
    story
}

fn send(story: &mut Story, who: &str, message: OrdersMessage) {
    story.accepted(who, Message::Orders(message));
}

fn order(size: i64, kind: OrderKind) -> NewOrder {
    NewOrder { perp: 0, size: whole(size), kind, reduce_only: false, good_till: None, keeper_fee: usd(2) }
}

fn place(story: &mut Story, orders: Vec<NewOrder>, linked: bool) {
    send(story, "anna", OrdersMessage::Place { account: 0, orders, linked });
}

fn jar(story: &Story, who: &str) -> Q {
    let jars = story.model.orders.as_ref().map(|orders| orders.jars.get(who).cloned());
    jars.flatten().unwrap_or_else(|| whole(0))
}

fn waiting(story: &Story) -> usize {
    story.model.orders.as_ref().map_or(0, |orders| orders.orders.len())
}

fn arm(story: &mut Story, ids: &[u64]) {
    send(story, "kim", OrdersMessage::Arm { ids: ids.to_vec() });
}

/// Settles what is committed, at this price of the perpetual.
fn settle(story: &mut Story, price: i64) {
    story.wait(10);
    story.prices(&[100, price, 100]);
    story.accepted("kim", Message::Market(0, MarketMessage::Settle { perp: 0, limit: 10 }));
}

#[test]
fn a_limit_is_committed_at_its_price_and_no_earlier_and_its_fee_is_the_keepers() {
    let mut story = story();
    place(&mut story, vec![order(1, OrderKind::Limit(usd(99)))], false);
    assert_eq!(jar(&story, "anna"), usd(8));
    arm(&mut story, &[0]);
    assert_eq!((jar(&story, "kim"), waiting(&story)), (whole(0), 1));
    // at its price, but not with the premium on top
    story.prices_of(1, 99);
    arm(&mut story, &[0]);
    assert_eq!(jar(&story, "kim"), whole(0));
    story.prices_of(1, 98);
    arm(&mut story, &[0]);
    assert_eq!(jar(&story, "kim"), usd(2));
    settle(&mut story, 98);
    send(&mut story, "kim", OrdersMessage::Sweep { ids: vec![0] });
    assert_eq!((jar(&story, "anna"), waiting(&story)), (usd(8), 0));
}

#[test]
fn what_finds_only_worse_prices_waits_again_for_another_fee_and_ends_at_its_last_commit() {
    let mut story = story();
    place(&mut story, vec![order(1, OrderKind::Limit(usd(99)))], false);
    for (left, waits) in [(usd(6), 1), (usd(6), 0)] {
        story.wait(1);
        story.prices_of(1, 98);
        arm(&mut story, &[0]);
        settle(&mut story, 100);
        send(&mut story, "kim", OrdersMessage::Sweep { ids: vec![0] });
        assert_eq!((jar(&story, "anna"), waiting(&story)), (left, waits));
    }
    assert_eq!(jar(&story, "kim"), usd(4));
}

#[test]
fn what_the_market_refuses_costs_a_third_of_its_fee_rounded_down() {
    let mut story = story();
    place(&mut story, vec![order(100_000, OrderKind::Limit(usd(101)))], false);
    story.prices_of(1, 100);
    arm(&mut story, &[0]);
    assert_eq!((jar(&story, "kim"), jar(&story, "anna")), (whole(666_666), usd(10) - whole(666_666)));
    assert_eq!(waiting(&story), 0);
}

#[test]
fn a_bracket_sleeps_until_its_entry_has_filled_and_one_exit_cancels_the_other() {
    let mut story = story();
    story.prices_of(1, 100);
    let exit = |at| Trigger { at: usd(at), worst: None };
    let bracket = Box::new(Bracket {
        perp: 0,
        size: whole(2),
        entry: Entry::Market { limit: None },
        stop: exit(95),
        target: exit(105),
        entry_good_till: None,
        good_till: None,
        keeper_fee: usd(1),
    });
    send(&mut story, "anna", OrdersMessage::Bracket { account: 0, bracket });
    assert_eq!((jar(&story, "anna"), waiting(&story)), (usd(8), 3));
    settle(&mut story, 100);
    arm(&mut story, &[1]);
    assert_eq!(waiting(&story), 2, "the entry has filled, and the price of its exits is not there");
    story.prices_of(1, 94);
    arm(&mut story, &[1]);
    assert_eq!((jar(&story, "kim"), waiting(&story)), (usd(1), 2));
    settle(&mut story, 94);
    send(&mut story, "kim", OrdersMessage::Sweep { ids: vec![2] });
    assert_eq!((jar(&story, "anna"), waiting(&story)), (usd(9), 0));
}

#[test]
fn only_what_its_owner_lets_it_trade_for_as_long_as_it_waits_is_placed() {
    let story = story();
    let asked = |perp, good_till| {
        let order = NewOrder { perp, good_till, ..order(1, OrderKind::Limit(usd(99))) };
        Message::Orders(OrdersMessage::Place { account: 1, orders: vec![order], linked: false })
    };
    assert_eq!(story.refused("anna", asked(0, None)), ["E0904"]);
    assert_eq!(story.refused("anna", asked(7, None)), ["E0401"]);
    assert_eq!(story.refused("anna", asked(0, Some(story.now))), ["E0004"]);
    let sweep = OrdersMessage::Cancel { ids: vec![7] };
    assert_eq!(story.refused("anna", Message::Orders(sweep)), ["E0902"]);
}
