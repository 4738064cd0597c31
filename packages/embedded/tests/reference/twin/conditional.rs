//! Steps of those who place conditional orders, and of those who commit them.

use sdp_embedded::{events, Actions, Answer};
use sdp_reference::message::{Bracket, Entry, Message, NewOrder, OrderKind, OrdersMessage, Trigger};
use sdp_reference::number::{price, ratio, whole, Q};
use sdp_reference::Fates;
use sdp_types::events::{ConditionalArmed, ConditionalEnded, Rejected};
use sdp_types::{orders, Amount, Price, Size, Usd};

use super::{short, Ask, Twin};
use crate::step::{Entrance, Step, Waiting, Wanted, Who};

const ORDERS: &str = "orders";

fn kind(kind: Waiting) -> (OrderKind, orders::Kind) {
    let told = |at, worst: Option<u128>| Trigger { at: price(at), worst: worst.map(price) };
    match kind {
        Waiting::Limit(at) => (OrderKind::Limit(price(at)), orders::Kind::Limit { price: Price::new(at) }),
        Waiting::Stop(at, worst) => (
            OrderKind::Stop(told(at, worst)),
            orders::Kind::Stop { trigger: Price::new(at), limit_price: worst.map(Price::new) },
        ),
        Waiting::Profit(at, worst) => (
            OrderKind::TakeProfit(told(at, worst)),
            orders::Kind::TakeProfit { trigger: Price::new(at), limit_price: worst.map(Price::new) },
        ),
    }
}

fn exit((at, worst): (u128, Option<u128>)) -> (Trigger, orders::Exit) {
    let trigger = Trigger { at: price(at), worst: worst.map(price) };
    (trigger, orders::Exit { trigger: Price::new(at), limit_price: worst.map(Price::new) })
}

fn order(now: u64, wanted: Wanted) -> (NewOrder, orders::NewOrder) {
    let Wanted { perp, size, reduce_only, keeper_fee, .. } = wanted;
    let (told, asked) = kind(wanted.kind);
    let good_till = wanted.good_for.map(|seconds| now + seconds);
    let keeper: Q = whole(keeper_fee);
    (
        NewOrder { perp, size: ratio(size), kind: told, reduce_only, good_till, keeper_fee: keeper },
        orders::NewOrder {
            perp: short(perp),
            size: Size::new(size),
            kind: asked,
            reduce_only,
            good_till,
            keeper_fee: Usd::new(keeper_fee),
        },
    )
}

/// What the chain told of each item of a batch.
pub fn fates(message: &Message, response: &Answer) -> Option<Fates> {
    if !matches!(message, Message::Orders(OrdersMessage::Arm { .. } | OrdersMessage::Sweep { .. })) {
        return None;
    }
    let rejected = events::<Rejected>(response).unwrap();
    let ended = events::<ConditionalEnded>(response).unwrap();
    let armed = events::<ConditionalArmed>(response).unwrap();
    Some(Fates {
        rejected: rejected.into_iter().map(|told| (told.item.parse().unwrap(), told.code)).collect(),
        ended: ended.into_iter().map(|told| (told.id, (told.outcome, told.code))).collect(),
        armed: armed.into_iter().map(|told| told.id).collect(),
    })
}

impl Twin {
    pub(super) fn order_conditionally(&mut self, step: &Step) -> Result<(), String> {
        let named = step.kind();
        let owned = |who: Option<Who>| who.map(str::to_string);
        let now = self.now();
        let (who, told, asked) = match *step {
            Step::FillJar { who, amount, owner } => {
                let told = OrdersMessage::Fill { owner: owned(owner), amount: whole(amount) };
                let beneficiary = owner.map(|owner| self.address(owner));
                let hook = orders::Hook::Deposit { beneficiary };
                let ask = Ask::of(Message::Orders(told));
                return self.send(named, who, ask, |chain| {
                    chain.send_tokens(who, "sdusd", ORDERS, Amount::new(amount), &hook)
                });
            }
            Step::DrawJar { who, amount, to } => {
                let recipient = to.map(|to| self.address(to));
                let told = OrdersMessage::Withdraw { amount: whole(amount), recipient: owned(to) };
                (who, told, orders::ExecuteMsg::Withdraw { amount: Usd::new(amount), recipient })
            }
            Step::Place { who, account, orders, linked } => {
                let placed = orders.into_iter().flatten().map(|wanted| order(now, wanted));
                let (told, asked) = placed.unzip();
                let told = OrdersMessage::Place { account, orders: told, linked };
                (who, told, orders::ExecuteMsg::Place { account, orders: asked, linked })
            }
            Step::Bracket { who, account, perp, size, entry, keeper_fee, .. } => {
                let Step::Bracket { stop, target, entry_good_for, good_for, .. } = *step else {
                    return Ok(());
                };
                let (entry, asked) = match entry {
                    Entrance::Market(limit) => (
                        Entry::Market { limit: limit.map(price) },
                        orders::Entry::Market { limit_price: limit.map(Price::new) },
                    ),
                    Entrance::Waits(waiting) => {
                        let (told, asked) = kind(waiting);
                        (Entry::Waits(told), orders::Entry::Waits(asked))
                    }
                };
                let ((stop, stop_at), (target, target_at)) = (exit(stop), exit(target));
                let at = |seconds: Option<u64>| seconds.map(|seconds| now + seconds);
                let bracket = Bracket {
                    perp,
                    size: ratio(size),
                    entry,
                    stop,
                    target,
                    entry_good_till: at(entry_good_for),
                    good_till: at(good_for),
                    keeper_fee: whole(keeper_fee),
                };
                let asked = orders::ExecuteMsg::Bracket {
                    account,
                    perp: short(perp),
                    size: Size::new(size),
                    entry: asked,
                    stop: stop_at,
                    target: target_at,
                    entry_good_till: at(entry_good_for),
                    good_till: at(good_for),
                    keeper_fee: Usd::new(keeper_fee),
                };
                (who, OrdersMessage::Bracket { account, bracket: Box::new(bracket) }, asked)
            }
            Step::CancelOrders { who, ids } => {
                let ids: Vec<u64> = ids.into_iter().flatten().collect();
                (who, OrdersMessage::Cancel { ids: ids.clone() }, orders::ExecuteMsg::Cancel { ids })
            }
            Step::Arm { who, ids } => {
                let ids: Vec<u64> = ids.into_iter().flatten().collect();
                (who, OrdersMessage::Arm { ids: ids.clone() }, orders::ExecuteMsg::Arm { ids })
            }
            Step::SweepOrders { who, ids } => {
                let ids: Vec<u64> = ids.into_iter().flatten().collect();
                (who, OrdersMessage::Sweep { ids: ids.clone() }, orders::ExecuteMsg::Sweep { ids })
            }
            ref other => return Err(format!("{other:?} is nothing for conditional orders")),
        };
        self.send(named, who, Ask::of(Message::Orders(told)), |chain| chain.execute(who, ORDERS, &asked, &[]))
    }
}
