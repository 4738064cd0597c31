//! What becomes of orders: each of a batch by itself.

use num_traits::{Signed, Zero};

use super::{Conditional, Fates, Flight, BATCH, ORDERS};
use crate::market::{AccountKey, Ask};
use crate::message::OrderKind;
use crate::model::Model;
use crate::number::{whole, Q};
use crate::span::Holds;
use crate::verdict::Trial;

/// Codes of refusals that last only until a price comes or another order is settled.
const PASSES: [&str; 5] = ["E0010", "E0206", "E0207", "E0208", "E0428"];
/// Codes of fills that another price may make good.
const AGAIN: [&str; 2] = ["E0414", "E0415"];
/// Which price it is that is missing, and why, is a contract's choice.
const PRICE: [&str; 3] = ["E0206", "E0207", "E0208"];

/// Codes one of which a contract gives.
type Codes = Vec<&'static str>;
/// An order that is gone: which, how, and why.
type Ended = (u64, &'static str, Codes);

fn fits(codes: &[&'static str], told: &str) -> bool {
    codes.contains(&told) || (PRICE.contains(&told) && codes.iter().any(|code| PRICE.contains(code)))
}

/// What has become of a commit.
pub(super) enum Landed {
    /// It waits, or there is none.
    Nothing,
    /// Its order waits again.
    Waits,
    /// Its order is gone, and what goes with it.
    Gone(Vec<Ended>),
}

/// What the market would make of a commit.
enum Plan {
    Fits(Box<Model>),
    Refused(&'static str, Codes),
}

impl Model {
    /// Every item of a batch; what can't be done changes nothing. Where the chain has told what became of each, its codes are the model's.
    pub(super) fn tend_all(
        &mut self,
        trial: &mut Trial,
        now: u64,
        keeper: &str,
        (ids, arm): (&[u64], bool),
    ) -> Option<()> {
        trial.must("E0004", (1..=BATCH).contains(&ids.len()))?;
        if let Some(all) = self.orders.as_mut() {
            all.sent.clear();
        }
        let told = self.hints.fates.clone();
        let mut rejected = told.iter().flat_map(|told| &told.rejected);
        let mut gone = 0;
        for id in ids {
            let mut next = self.clone();
            match next.tend(now, keeper, *id, arm) {
                Ok(ended) => {
                    *self = next;
                    gone += ended.len();
                    for (id, how, codes) in ended {
                        let seen = told.as_ref().map(|told| told.ended.get(&id));
                        let same = |(outcome, code): &(String, String)| outcome == how && fits(&codes, code);
                        trial.note("ended", seen.is_none_or(|seen| seen.is_some_and(same)).into());
                    }
                }
                Err(codes) if told.is_some() => {
                    let same = |(of, code): &(u64, String)| of == id && fits(&codes, code);
                    trial.note("rejected", rejected.next().is_some_and(same).into());
                }
                Err(_) => {}
            }
        }
        trial.note("rejected", rejected.next().is_none().into());
        trial.note("ended", told.is_none_or(|told| told.ended.len() == gone).into());
        Some(())
    }

    /// One of them: what is gone by it, or why nothing happens.
    fn tend(&mut self, now: u64, keeper: &str, id: u64, arm: bool) -> Result<Vec<Ended>, Codes> {
        let order = self.conditional(id).ok_or_else(|| vec!["E0902"])?;
        let (mut ended, mut done) = match self.land(now, &order.account, order.perp) {
            Landed::Nothing => (Vec::new(), false),
            Landed::Waits => (Vec::new(), true),
            Landed::Gone(ended) => (ended, true),
        };
        if let Some(order) = self.conditional(id) {
            if order.flight.is_some() {
                return Err(vec!["E0908"]);
            }
            if now >= order.good_till {
                ended.extend(self.end_with_exits(id, "expired", "E0910", None));
                done = true;
            } else if self.has_nothing_to_close(&order) {
                ended.extend(self.end_one(id, "refused", "E0417", None));
                done = true;
            } else if arm {
                if self.in_flight(&order.account, order.perp).is_some() {
                    return Err(vec!["E0908"]);
                }
                let mut next = self.clone();
                match next.arm(now, keeper, id, &order) {
                    Ok(more) => {
                        *self = next;
                        ended.extend(more);
                        done = true;
                    }
                    // what has become of its last commit stays noted
                    Err(codes) if !done => return Err(codes),
                    Err(_) => {}
                }
            }
        }
        if done {
            Ok(ended)
        } else {
            Err(vec!["E0322"])
        }
    }

    fn conditional(&self, id: u64) -> Option<Conditional> {
        self.orders.as_ref()?.orders.get(&id).cloned()
    }

    /// Whether others wait until it has filled.
    fn is_entry(&self, id: u64, order: &Conditional) -> bool {
        self.orders.as_ref().is_some_and(|all| all.link_of(order).entry == Some(id))
    }

    fn in_flight(&self, key: &AccountKey, perp: usize) -> Option<(u64, Flight)> {
        self.orders.as_ref()?.flight(key, perp)
    }

    fn market_of_orders(&self) -> usize {
        self.orders.as_ref().map_or(0, |orders| orders.config.market)
    }

    /// A position of the market that is served, signed.
    fn position_of(&self, key: &AccountKey, perp: usize) -> Q {
        let account = self.markets[self.market_of_orders()].accounts.get(key);
        let held = account.and_then(|account| account.positions.get(&perp));
        held.map_or_else(Q::zero, |held| held.size.middle())
    }

    /// What was committed of an account in a perpetual is looked up once it does not wait any more: who is gone by it.
    pub(super) fn land(&mut self, now: u64, key: &AccountKey, perp: usize) -> Landed {
        let Some((id, flight)) = self.in_flight(key, perp) else { return Landed::Nothing };
        let at = &self.markets[self.market_of_orders()].perps[perp];
        if at.orders.iter().any(|order| order.number == flight.number) {
            return Landed::Nothing;
        }
        let remembered = at.unfilled.get(key).into_iter().flatten();
        let unfilled = remembered.into_iter().find(|(number, _)| *number == flight.number).cloned();
        let Some(order) = self.conditional(id) else { return Landed::Nothing };
        let Some((_, codes)) = unfilled else { return Landed::Gone(self.filled(id, &order, &flight)) };
        if codes.is_empty() {
            return Landed::Gone(self.end_with_exits(id, "cancelled", "none", None));
        }
        let again = order.kind.is_some() && now < order.good_till;
        let again = again && codes.iter().all(|code| AGAIN.contains(code));
        if again && self.waits_again(id, &order, &flight) {
            return Landed::Waits;
        }
        let mut ended = self.end_with_exits(id, "unfilled", "none", None);
        for (_, _, why) in ended.iter_mut().filter(|(gone, _, _)| *gone == id) {
            why.clone_from(&codes);
        }
        Landed::Gone(ended)
    }

    /// Its exits may go, or, of others, those that it is linked with.
    fn filled(&mut self, id: u64, order: &Conditional, flight: &Flight) -> Vec<Ended> {
        let is_entry = self.is_entry(id, order);
        let mut ended = self.end_one(id, "filled", "none", None);
        if is_entry {
            let links = self.orders.as_mut().map(|all| &mut all.links);
            if let Some((links, number)) = links.zip(order.link) {
                links.entry(number).and_modify(|link| link.woken = Some(flight.at));
            }
        } else {
            ended.extend(self.end_linked(order, "linked", "none", false));
        }
        ended
    }

    /// Another fee is put aside for it, if there is one and it may be committed again.
    fn waits_again(&mut self, id: u64, order: &Conditional, flight: &Flight) -> bool {
        let Some(all) = self.orders.as_mut() else { return false };
        let (owner, fee) = (&order.account.0, &order.keeper_fee);
        if order.commits >= all.config.most_commits || *all.jar(owner) < *fee {
            return false;
        }
        *all.jar(owner) -= fee;
        all.orders.entry(id).and_modify(|order| (order.flight, order.since) = (None, flight.at));
        true
    }

    /// An exit of a bracket whose position was there and is not any more.
    fn has_nothing_to_close(&self, order: &Conditional) -> bool {
        let woken = self.orders.as_ref().is_some_and(|all| all.link_of(order).woken.is_some());
        let position = self.position_of(&order.account, order.perp);
        woken && !(position * &order.size).is_negative()
    }

    /// Commits an order that is due, or does away with one that can't be.
    fn arm(&mut self, now: u64, keeper: &str, id: u64, order: &Conditional) -> Result<Vec<Ended>, Codes> {
        let link = self.orders.as_ref().map(|all| all.link_of(order)).unwrap_or_default();
        if link.entry.is_some_and(|entry| entry != id) {
            return Err(vec!["E0907"]);
        }
        self.triggered(now, order, order.since.max(link.woken.unwrap_or_default()))?;
        let limit = order.kind.as_ref().and_then(OrderKind::worst);
        match self.plan_of(now, id, order, limit) {
            Plan::Fits(next) => {
                let told = self.hints.fates.as_ref();
                let armed = told.is_some_and(|told| told.armed.contains(&id));
                let m = self.market_of_orders();
                let sent = self.orders.as_ref().map(|all| all.sent.clone()).unwrap_or_default();
                match next.newest_would_fill(m, order.perp, &sent) {
                    Holds::No => return Err(vec!["E0414"]),
                    Holds::Unsure if !armed => return Err(vec!["E0414"]),
                    _ => {}
                }
                *self = *next;
                self.committed(now, id, keeper);
                Ok(Vec::new())
            }
            Plan::Refused(code, codes) if PASSES.contains(&code) => Err(codes),
            Plan::Refused("E0910", _) => Ok(self.end_with_exits(id, "expired", "E0910", None)),
            Plan::Refused(code, codes) => {
                let share = self.orders.as_ref().map_or_else(Q::zero, |all| all.config.refusal_share.clone());
                let fee = (&order.keeper_fee * share).floor();
                let mut ended = self.end_with_exits(id, "refused", code, Some((keeper, &fee)));
                if code == "E0417" {
                    ended.extend(self.end_linked(order, "refused", code, true));
                }
                for (_, _, why) in ended.iter_mut().filter(|(gone, _, _)| *gone == id) {
                    why.clone_from(&codes);
                }
                Ok(ended)
            }
        }
    }

    /// The index is fresh, published after the order was placed, and with all of its band where the order waits for it.
    fn triggered(&self, now: u64, order: &Conditional, since: u64) -> Result<(), Codes> {
        let feed = self.markets[self.market_of_orders()].perps[order.perp].config.feed;
        let quote = self.oracle.fresh(feed, self.oracle.config.trade, now).ok_or_else(|| vec!["E0206"])?;
        let Some(kind) = &order.kind else { return Ok(()) };
        if quote.publish_time <= since {
            return Err(vec!["E0906"]);
        }
        let is_stop = matches!(kind, OrderKind::Stop(_));
        // a stop that buys waits for a rise, and so does what sells at a better price
        let met = if is_stop == order.size.is_positive() {
            &quote.price * (whole(1) - &quote.confidence) >= *kind.trigger()
        } else {
            &quote.price * (whole(1) + &quote.confidence) <= *kind.trigger()
        };
        if met {
            Ok(())
        } else {
            Err(vec!["E0905"])
        }
    }

    /// A commit by the contract with this worst price, or where that is further from the index than the market takes with the furthest.
    fn try_commit(&self, now: u64, order: &Conditional, limit: Option<&Q>) -> (Trial, Self) {
        let m = self.market_of_orders();
        let longest = self.markets[m].params.order_expiry;
        let expires_in = Some(order.good_till.saturating_sub(now).min(longest));
        let Conditional { perp, size, reduce_only, .. } = order;
        let (mut trial, mut next) = (Trial::default(), self.clone());
        let ask = Ask { perp: *perp, size, limit, expires_in, reduce_only: *reduce_only };
        let by = (ORDERS, &order.account);
        if next.commit(&mut trial, now, m, by, &ask).is_none() && !trial.must_refuse() {
            trial.note("model", false.into());
        }
        if limit.is_some() && trial.codes().contains(&"E0424") {
            return self.try_commit(now, order, None);
        }
        (trial, next)
    }

    fn plan_of(&self, now: u64, id: u64, order: &Conditional, limit: Option<&Q>) -> Plan {
        let (trial, next) = self.try_commit(now, order, limit);
        let told = self.hints.fates.as_ref();
        let armed = told.is_some_and(|told| told.armed.contains(&id));
        if !trial.may_refuse() || (!trial.must_refuse() && armed) {
            return Plan::Fits(Box::new(next));
        }
        // too little time is what its expiry is made of
        let name = |code| if code == "E0004" { "E0910" } else { code };
        let codes: Codes = trial.codes().into_iter().map(name).collect();
        let told = told.and_then(|told: &Fates| {
            let ended = told.ended.get(&id).map(|(_, code)| code);
            ended.or_else(|| told.rejected.iter().find(|(of, _)| *of == id).map(|(_, code)| code))
        });
        let chosen = told.and_then(|told| codes.iter().find(|code| *code == told));
        let first = codes.first().copied().unwrap_or("model");
        Plan::Refused(chosen.copied().unwrap_or(first), codes)
    }

    /// The market's newest order of the perpetual is this one's. Its fee is the keeper's.
    fn committed(&mut self, now: u64, id: u64, keeper: &str) {
        let m = self.market_of_orders();
        let Some(order) = self.orders.as_ref().and_then(|all| all.orders.get(&id)) else { return };
        let (perp, fee) = (order.perp, order.keeper_fee.clone());
        let number = self.markets[m].perps[perp].next_order - 1;
        let size =
            self.markets[m].perps[perp].orders.back().map_or_else(Q::zero, |newest| newest.size.clone());
        if let Some(all) = self.orders.as_mut() {
            *all.jar(keeper) += fee;
            all.sent.push((perp, size));
            let flight = Some(Flight { number, at: now });
            all.orders.entry(id).and_modify(|order| {
                order.flight = flight;
                order.commits += 1;
            });
        }
    }

    /// Nothing of an account is committed in a perpetual, once it is known what has become of what was.
    pub(super) fn nothing_in_flight(
        &mut self,
        trial: &mut Trial,
        now: u64,
        key: &AccountKey,
        perp: usize,
    ) -> Option<()> {
        let _ = self.land(now, key, perp);
        trial.must("E0908", self.in_flight(key, perp).is_none())
    }

    /// An entry at market is committed in the message that places it; where that fails, all of it does.
    pub(super) fn enter(
        &mut self,
        trial: &mut Trial,
        now: u64,
        key: &AccountKey,
        id: u64,
        limit: Option<&Q>,
    ) -> Option<()> {
        let order = self.conditional(id)?;
        let (tried, next) = self.try_commit(now, &order, limit);
        let refused = tried.must_refuse();
        trial.tests.extend(tried.tests.into_iter().filter(|test| test.code != "E0424"));
        if refused {
            return None;
        }
        *self = next;
        self.committed(now, id, &key.0.clone());
        Some(())
    }

    fn end_one(
        &mut self,
        id: u64,
        how: &'static str,
        code: &'static str,
        paid: Option<(&str, &Q)>,
    ) -> Vec<Ended> {
        let gone = self.orders.as_mut().and_then(|all| all.end(id, paid));
        gone.map(|_| (id, how, vec![code])).into_iter().collect()
    }

    /// Exits go with their entry.
    fn end_with_exits(
        &mut self,
        id: u64,
        how: &'static str,
        code: &'static str,
        paid: Option<(&str, &Q)>,
    ) -> Vec<Ended> {
        let Some(order) = self.conditional(id) else { return Vec::new() };
        let is_entry = self.is_entry(id, &order);
        let mut ended = self.end_one(id, how, code, paid);
        if is_entry {
            ended.extend(self.end_linked(&order, "entry", "none", false));
        }
        ended
    }

    /// All that an order was linked with, or of that only what reduces.
    fn end_linked(
        &mut self,
        order: &Conditional,
        how: &'static str,
        code: &'static str,
        reduce_only: bool,
    ) -> Vec<Ended> {
        let Some(all) = self.orders.as_ref() else { return Vec::new() };
        let members = all.link_of(order).members;
        let reduces = |id: &u64| all.orders.get(id).is_some_and(|other| other.reduce_only);
        let members: Vec<u64> = members.into_iter().filter(|id| !reduce_only || reduces(id)).collect();
        members.into_iter().flat_map(|id| self.end_one(id, how, code, None)).collect()
    }
}
