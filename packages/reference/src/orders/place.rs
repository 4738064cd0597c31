//! An owner places orders of an account.

use num_traits::{Signed, Zero};

use super::{Conditional, Link, ORDERS};
use crate::market::AccountKey;
use crate::message::{Bracket, Entry, NewOrder, OrderKind};
use crate::model::Model;
use crate::number::{ten, Q};
use crate::verdict::Trial;

/// Most orders that are placed by one message.
const PLACED: usize = 8;

impl Model {
    pub(super) fn place(
        &mut self,
        trial: &mut Trial,
        now: u64,
        key: &AccountKey,
        orders: &[NewOrder],
        linked: bool,
    ) -> Option<()> {
        trial.must("E0004", (1..=PLACED).contains(&orders.len()))?;
        let perp = orders.first()?.perp;
        trial.must("E0909", !linked || orders.iter().all(|order| order.perp == perp))?;
        let first = self.orders.as_ref()?.next;
        // one that is linked with nothing is not linked
        let link = (linked && orders.len() > 1).then_some(first);
        for order in orders {
            self.place_one(trial, now, key, order, link)?;
        }
        let all = self.orders.as_mut()?;
        if let Some(number) = link {
            let members = (first..all.next).collect();
            all.links.insert(number, Link { members, ..Link::default() });
        }
        Some(())
    }

    fn place_one(
        &mut self,
        trial: &mut Trial,
        now: u64,
        key: &AccountKey,
        order: &NewOrder,
        link: Option<u64>,
    ) -> Option<()> {
        let sane = |price: &Q| price.is_positive() && *price <= ten(18);
        trial.must("E0004", sane(order.kind.trigger()) && order.kind.worst().is_none_or(sane))?;
        let config = self.orders.as_ref()?.config.clone();
        let fees = config.least_fee..=config.most_fee;
        trial.must("E0004", fees.contains(&order.keeper_fee))?;
        let fee = order.keeper_fee.clone();
        let (perp, size, reduce_only) = (order.perp, &order.size, order.reduce_only);
        let good_till = self.waits_until(trial, now, order.good_till)?;
        self.keeps(trial, now, key, (perp, size), good_till)?;
        self.add(
            trial,
            Conditional {
                account: key.clone(),
                perp,
                size: size.clone(),
                kind: Some(order.kind.clone()),
                reduce_only,
                good_till,
                since: now,
                keeper_fee: fee,
                link,
                flight: None,
                commits: 0,
            },
        )
    }

    /// Until when an order waits: as long as it may unless its owner says when, later than now.
    fn waits_until(&self, trial: &mut Trial, now: u64, asked: Option<u64>) -> Option<u64> {
        let last = now + self.orders.as_ref()?.config.longest_life;
        let good_till = asked.unwrap_or(last);
        trial.must("E0004", good_till > now && good_till <= last)?;
        Some(good_till)
    }

    /// A size that there can be of a perpetual that there is, which the contract may trade as long as the order waits.
    fn keeps(
        &self,
        trial: &mut Trial,
        _now: u64,
        key: &AccountKey,
        (perp, size): (usize, &Q),
        good_till: u64,
    ) -> Option<()> {
        trial.must("E0005", !size.is_zero())?;
        trial.must("E0423", size.abs() <= ten(15))?;
        let market = &self.markets[self.orders.as_ref()?.config.market];
        trial.must("E0401", perp < market.perps.len())?;
        let delegation = market.delegations.get(&(key.clone(), ORDERS.to_string()));
        let long_enough = delegation.is_some_and(|delegation| {
            delegation.expires_at >= good_till
                && delegation.perps.as_ref().is_none_or(|perps| perps.contains(&perp))
        });
        trial.must("E0904", long_enough)
    }

    fn add(&mut self, trial: &mut Trial, order: Conditional) -> Option<()> {
        let orders = self.orders.as_mut()?;
        let waiting = orders.orders.values().filter(|other| other.account == order.account).count();
        trial.must("E0010", waiting < orders.config.most_waiting)?;
        orders.draw(trial, &order.account.0.clone(), &order.keeper_fee)?;
        orders.orders.insert(orders.next, order);
        orders.next += 1;
        Some(())
    }

    pub(super) fn bracket(
        &mut self,
        trial: &mut Trial,
        now: u64,
        key: &AccountKey,
        asked: &Bracket,
    ) -> Option<()> {
        let Bracket { perp, size, entry, stop, target, keeper_fee, .. } = asked;
        if matches!(entry, Entry::Market { .. }) {
            self.nothing_in_flight(trial, now, key, *perp)?;
        }
        let last = self.waits_until(trial, now, asked.good_till)?;
        let entry_last = asked.entry_good_till.unwrap_or(last);
        // whatever it opens has its exits
        trial.must("E0107", entry_last <= last)?;
        let id = self.orders.as_ref()?.next;
        let order = |kind: OrderKind, size: Q, reduce_only, good_till| NewOrder {
            perp: *perp,
            size,
            kind,
            reduce_only,
            good_till: Some(good_till),
            keeper_fee: keeper_fee.clone(),
        };
        match entry {
            Entry::Waits(kind) => {
                let entry = order(kind.clone(), size.clone(), false, entry_last);
                self.place_one(trial, now, key, &entry, Some(id))?;
            }
            Entry::Market { .. } => {
                let good_till = self.waits_until(trial, now, Some(entry_last))?;
                self.keeps(trial, now, key, (*perp, size), good_till)?;
                let entry = Conditional {
                    account: key.clone(),
                    perp: *perp,
                    size: size.clone(),
                    kind: None,
                    reduce_only: false,
                    good_till,
                    since: now,
                    keeper_fee: Q::zero(),
                    link: Some(id),
                    flight: None,
                    commits: 0,
                };
                self.add(trial, entry)?;
            }
        }
        for kind in [OrderKind::Stop(stop.clone()), OrderKind::TakeProfit(target.clone())] {
            self.place_one(trial, now, key, &order(kind, -size, true, last), Some(id))?;
        }
        let orders = self.orders.as_mut()?;
        let members = (id + 1..orders.next).collect();
        orders.links.insert(id, Link { entry: Some(id), woken: None, members });
        match entry {
            Entry::Waits(_) => Some(()),
            Entry::Market { limit } => self.enter(trial, now, key, id, limit.as_ref()),
        }
    }
}
