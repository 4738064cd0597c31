//! Conditional orders of one market: who has placed what, what lies in jars, and how an order ends. Its amounts are exact: micro-USD of fees,
//! of which the only rounded one, that of a refusal, is rounded down.

use std::collections::BTreeMap;

use num_traits::{Signed, Zero};

use crate::bank::SDUSD;
use crate::config::OrdersConfig;
use crate::market::AccountKey;
use crate::message::{OrderKind, OrdersMessage};
use crate::model::Model;
use crate::number::Q;
use crate::span::Span;
use crate::verdict::Trial;

mod place;
mod tend;
#[cfg(test)]
mod tests;

/// Name of the contract of conditional orders among holders of tokens and delegates.
pub const ORDERS: &str = "orders";
/// Most orders of one batch.
const BATCH: usize = 100;

/// An order that was committed.
#[derive(Clone, Debug)]
pub(crate) struct Flight {
    /// Number of the market's order.
    pub(crate) number: u64,
    /// When.
    at: u64,
}

/// One order.
#[derive(Clone, Debug)]
pub(crate) struct Conditional {
    pub(crate) account: AccountKey,
    pub(crate) perp: usize,
    pub(crate) size: Q,
    /// None: an entry at market.
    kind: Option<OrderKind>,
    reduce_only: bool,
    pub(crate) good_till: u64,
    since: u64,
    pub(crate) keeper_fee: Q,
    link: Option<u64>,
    pub(crate) flight: Option<Flight>,
    /// How often it was committed.
    commits: u8,
}

impl Conditional {
    /// Of its fee, what has not been paid yet.
    pub(crate) fn reserved(&self) -> Q {
        if self.flight.is_some() {
            Q::zero()
        } else {
            self.keeper_fee.clone()
        }
    }
}

/// Orders that cancel each other.
#[derive(Clone, Debug, Default)]
struct Link {
    /// Until it has filled the others sleep.
    entry: Option<u64>,
    /// Since when they don't.
    woken: Option<u64>,
    members: Vec<u64>,
}

/// The contract of conditional orders.
#[derive(Clone, Debug)]
pub struct Orders {
    pub(crate) config: OrdersConfig,
    pub(crate) jars: BTreeMap<String, Q>,
    /// Σ jars + Σ reserved fees.
    pub(crate) held: Q,
    pub(crate) next: u64,
    pub(crate) orders: BTreeMap<u64, Conditional>,
    links: BTreeMap<u64, Link>,
    /// What the present batch has committed: perpetual and size.
    sent: Vec<(usize, Q)>,
}

/// What a chain tells about the orders of a batch.
#[derive(Clone, Debug, Default)]
pub struct Fates {
    /// Items that changed nothing, in their order, with the code.
    pub rejected: Vec<(u64, String)>,
    /// Orders that are gone: how, and the code, `none` where there is none.
    pub ended: BTreeMap<u64, (String, String)>,
    /// Orders that were committed.
    pub armed: Vec<u64>,
}

impl Orders {
    pub(crate) fn new(config: OrdersConfig) -> Self {
        Self {
            config,
            jars: BTreeMap::new(),
            held: Q::zero(),
            next: 0,
            orders: BTreeMap::new(),
            links: BTreeMap::new(),
            sent: Vec::new(),
        }
    }

    fn jar(&mut self, who: &str) -> &mut Q {
        self.jars.entry(who.to_string()).or_insert_with(Q::zero)
    }

    /// Takes out of a jar what there is in it. `E0901`.
    fn draw(&mut self, trial: &mut Trial, who: &str, amount: &Q) -> Option<()> {
        let jar = self.jar(who);
        trial.must("E0901", *jar >= *amount)?;
        *jar -= amount;
        Some(())
    }

    fn link_of(&self, order: &Conditional) -> Link {
        order.link.and_then(|number| self.links.get(&number)).cloned().unwrap_or_default()
    }

    /// What of an account is committed in a perpetual.
    fn flight(&self, key: &AccountKey, perp: usize) -> Option<(u64, Flight)> {
        let mut of = self.orders.iter().filter(|(_, order)| order.account == *key && order.perp == perp);
        of.find_map(|(id, order)| Some((*id, order.flight.clone()?)))
    }

    /// One of them is gone. Of what its fee had reserved a keeper gets his part, its owner the rest.
    fn end(&mut self, id: u64, paid: Option<(&str, &Q)>) -> Option<Conditional> {
        let order = self.orders.remove(&id)?;
        let mut refund = order.reserved();
        if let Some((keeper, fee)) = paid {
            *self.jar(keeper) += fee;
            refund -= fee;
        }
        *self.jar(&order.account.0) += refund;
        if let Some(link) = order.link.and_then(|number| self.links.get_mut(&number)) {
            link.members.retain(|member| *member != id);
            link.entry = link.entry.filter(|entry| *entry != id);
        }
        self.links.retain(|_, link| link.entry.is_some() || !link.members.is_empty());
        Some(order)
    }

    /// Everything about it, by name.
    pub(crate) fn visit(&mut self, f: &mut dyn FnMut(String, &mut Span)) {
        f("orders.held".into(), &mut Span::exact(self.held.clone()));
        f("orders.next".into(), &mut Span::whole(self.next));
        for (who, jar) in &self.jars {
            f(format!("orders.jar.{who}"), &mut Span::exact(jar.clone()));
        }
        for (id, order) in &self.orders {
            let name = |what: &str| format!("orders.order.{id}.{what}");
            let link = self.link_of(order);
            let sleeps = link.entry.is_some_and(|entry| entry != *id);
            let is_exit = link.members.contains(id);
            let others = link.members.iter().filter(|other| is_exit && *other != id);
            let committed = order.flight.as_ref().map_or(0, |flight| flight.number + 1);
            for (what, value) in [
                ("owner", Span::whole(1)),
                ("size", Span::exact(order.size.clone())),
                ("keeper_fee", Span::exact(order.keeper_fee.clone())),
                ("reserved", Span::exact(order.reserved())),
                ("good_till", Span::whole(order.good_till)),
                ("since", Span::whole(order.since.max(link.woken.unwrap_or_default()))),
                ("commits", Span::whole(order.commits)),
                ("sleeps", Span::whole(u8::from(sleeps))),
                ("linked", Span::whole(others.count())),
                // one more than the number of the market's order
                ("committed", Span::whole(committed)),
            ] {
                let what = if what == "owner" { format!("owner.{}", order.account.0) } else { what.into() };
                f(name(&what), &mut value.clone());
            }
        }
    }
}

impl Model {
    pub(crate) fn orders_message(
        &mut self,
        trial: &mut Trial,
        now: u64,
        sender: &str,
        message: &OrdersMessage,
    ) -> Option<()> {
        self.orders.as_ref()?;
        match message {
            OrdersMessage::Fill { owner, amount } => {
                trial.must("E0005", amount.is_positive())?;
                self.bank.send(trial, SDUSD, sender, ORDERS, &Span::exact(amount.clone()));
                let orders = self.orders.as_mut()?;
                *orders.jar(owner.as_deref().unwrap_or(sender)) += amount;
                orders.held += amount;
            }
            OrdersMessage::Withdraw { amount, recipient } => {
                trial.must("E0005", amount.is_positive())?;
                let orders = self.orders.as_mut()?;
                orders.draw(trial, sender, amount)?;
                orders.held -= amount;
                let recipient = recipient.as_deref().unwrap_or(sender);
                self.bank.pay(SDUSD, ORDERS, recipient, &Span::exact(amount.clone()));
            }
            OrdersMessage::Place { account, orders, linked } => {
                self.place(trial, now, &(sender.to_string(), *account), orders, *linked)?;
            }
            OrdersMessage::Bracket { account, bracket } => {
                self.bracket(trial, now, &(sender.to_string(), *account), bracket)?;
            }
            OrdersMessage::Cancel { ids } => self.cancel_conditionals(trial, now, sender, ids)?,
            OrdersMessage::Arm { ids } => self.tend_all(trial, now, sender, (ids, true))?,
            OrdersMessage::Sweep { ids } => self.tend_all(trial, now, sender, (ids, false))?,
        }
        Some(())
    }

    /// All of them or none; the exits of an entry go with it.
    fn cancel_conditionals(&mut self, trial: &mut Trial, now: u64, sender: &str, ids: &[u64]) -> Option<()> {
        trial.must("E0004", (1..=BATCH).contains(&ids.len()))?;
        let before: Vec<u64> = self.orders.as_ref()?.orders.keys().copied().collect();
        for id in ids {
            let order = self
                .orders
                .as_ref()?
                .orders
                .get(id)
                .filter(|order| order.flight.is_some() && order.account.0 == sender)
                .cloned();
            if let Some(order) = order {
                let _ = self.land(now, &order.account, order.perp);
            }
        }
        let orders = self.orders.as_mut()?;
        for id in ids {
            let Some(order) = orders.orders.get(id) else {
                trial.must("E0902", before.contains(id))?;
                continue;
            };
            trial.must("E0903", order.account.0 == sender)?;
            trial.must("E0908", order.flight.is_none())?;
            let link = orders.link_of(order);
            let exits = if link.entry == Some(*id) { link.members } else { Vec::new() };
            for gone in std::iter::once(*id).chain(exits) {
                let _ = orders.end(gone, None);
            }
        }
        Some(())
    }
}
