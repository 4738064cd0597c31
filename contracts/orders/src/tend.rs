//! What becomes of orders: read-only, on copies of the records. Messages save what comes of it, queries show it.

use cosmwasm_std::{Addr, Deps, Env, Event};
use sdp_book::remote::Remote;
use sdp_perps::state::AccountKey;
use sdp_types::error::OrdersError;
use sdp_types::events::{ConditionalArmed, Rejected};
use sdp_types::{ensure, Error, Price, Result, Rounding, Size, Usd};

use crate::arm;
use crate::desk::{Desk, End, Outcome};
use crate::market::Market;
use crate::state::{Conditional, Config, Flight};

/// What is to be done about an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// What has happened to it is noted.
    Sweep,
    /// And it is committed if it is due.
    Arm,
}

/// A message about orders, or a look at them.
pub struct Tending<'a> {
    deps: Deps<'a>,
    now: u64,
    /// Which market, and what holds.
    pub config: &'a Config,
    /// Own records.
    pub desk: Desk,
    /// The market's.
    pub market: Market<'a>,
    /// Who does it, and who is paid for it.
    by: Addr,
    /// Canonical address of who is paid.
    pub keeper: Vec<u8>,
    /// What is committed, in this order.
    pub sent: Vec<arm::Sent>,
}

impl<'a> Tending<'a> {
    /// `there` is the market's storage.
    pub fn load(
        deps: Deps<'a>,
        env: &Env,
        (config, there): (&'a Config, &'a Remote<'a>),
        by: &Addr,
    ) -> Result<Self> {
        Ok(Self {
            deps,
            now: env.block.time.seconds(),
            config,
            desk: Desk::load(deps.storage)?,
            market: Market::load(there.deps(&deps), env, &config.market)?,
            keeper: deps.api.addr_canonicalize(by.as_str())?.to_vec(),
            by: by.clone(),
            sent: Vec::new(),
        })
    }

    /// Each of a batch by itself: what can't be done changes nothing and is told.
    pub fn each(&mut self, ids: &[u64], how: How) -> Vec<Event> {
        let mut told = Vec::new();
        for id in ids {
            match self.one(*id, how) {
                Ok(events) => told.extend(events),
                Err(error) => {
                    let (item, code) = (id.to_string(), error.code().to_string());
                    told.push(Rejected { item, code, reason: error.to_string() }.into());
                }
            }
        }
        told
    }

    /// One of them: what came of it, or why nothing did.
    pub fn one(&mut self, id: u64, how: How) -> Result<Vec<Event>> {
        self.whole(|tending| tending.tend(id, how))
    }

    /// All of something or nothing of it.
    fn whole<T>(&mut self, act: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let (desk, books, sent) = (self.desk.clone(), self.market.books.clone(), self.market.sent.len());
        let done = act(self);
        if done.is_err() {
            self.desk = desk;
            self.market.books = books;
            self.market.sent.truncate(sent);
        }
        done
    }

    fn tend(&mut self, id: u64, how: How) -> Result<Vec<Event>> {
        let storage = self.deps.storage;
        let order = self.desk.order(storage, id)?;
        let mut told = self.land(&order.account, order.perp)?;
        let left = self.desk.may_order(storage, id)?;
        let flight = self.desk.flight(storage, &order.account, order.perp)?;
        let commit_waits = |order: u64| Error::from(OrdersError::CommitWaits { id, order });
        if let Some(order) = left {
            // one that is committed takes its course
            let own = flight.filter(|flight| flight.id == id);
            ensure(own.is_none(), || commit_waits(own.map(|flight| flight.number).unwrap_or_default()))?;
            if self.now >= order.good_till {
                told.extend(self.expire(id, &order)?);
            } else if self.has_nothing_to_close(&order)? {
                let error = Error::NothingToReduce { perp: order.perp.into() };
                told.push(self.end(id, &End { reason: Some(&error), ..Outcome::Refused.into() })?);
            } else if how == How::Arm {
                if let Some(flight) = flight {
                    return Err(commit_waits(flight.number));
                }
                if told.is_empty() {
                    told = self.arm(id, &order)?;
                } else if let Ok(armed) = self.whole(|tending| tending.arm(id, &order)) {
                    // where it can't be committed, what has become of its last commit stays noted
                    told.extend(armed);
                }
            }
        }
        ensure(!told.is_empty(), || Error::NothingToDo { what: "sweep".into() })?;
        Ok(told)
    }

    /// What was committed for an account in a perpetual has filled or not by now. Filled, it is gone, and so is or wakes what depends on it; taken
    /// back there, too; without a price that it could fill at, it waits again. Nothing while it waits in the market.
    pub fn land(&mut self, account: &AccountKey, perp: u16) -> Result<Vec<Event>> {
        let storage = self.deps.storage;
        let Some(flight) = self.desk.flight(storage, account, perp)? else { return Ok(Vec::new()) };
        if self.market.waits(perp, flight.number)? {
            return Ok(Vec::new());
        }
        let (id, order) = (flight.id, self.desk.order(storage, flight.id)?);
        let Some(ended) = self.market.unfilled(&order, &flight)? else {
            return self.filled(id, &order, &flight);
        };
        let Some(code) = ended.code.map(Error::code_of) else {
            return self.end_with_exits(id, &order, &Outcome::Cancelled.into());
        };
        if self.goes_on(&order, &code) {
            match self.desk.wait_again(storage, self.deps.api, (&order, &flight), &code) {
                // nobody pays for another commit
                Err(error) if error.code() == "E0901" => {}
                waits => return Ok(vec![waits?]),
            }
        }
        let unfilled = Some((flight.number, code.as_str()));
        self.end_with_exits(id, &order, &End { unfilled, ..Outcome::Unfilled.into() })
    }

    /// Others of its link end with it, or, where it is their entry, wait for their prices from now on.
    fn filled(&mut self, id: u64, order: &Conditional, flight: &Flight) -> Result<Vec<Event>> {
        let storage = self.deps.storage;
        let linked = self.desk.link(storage, order)?;
        let mut told = vec![self.end(id, &Outcome::Filled.into())?];
        if linked.is_none_or(|link| link.entry != Some(id)) {
            told.extend(self.end_linked(order, &Outcome::Linked.into())?);
        } else if let Some((number, mut link)) = order.link.zip(self.desk.link(storage, order)?) {
            link.woken = Some(flight.at);
            self.desk.put_link(number, link);
        }
        Ok(told)
    }

    /// Whether an order waits again that was committed and ended so: another price may come, and its owner has said what for. One at market
    /// waited for nothing.
    fn goes_on(&self, order: &Conditional, code: &str) -> bool {
        let may = order.kind.is_some() && order.commits < self.config.params.most_commits;
        may && self.now < order.good_till && matches!(code, "E0414" | "E0415")
    }

    /// Commits an order that is due and would fill now. One that the market would refuse is gone, unless that only lasts until a price comes or
    /// another order is settled.
    fn arm(&mut self, id: u64, order: &Conditional) -> Result<Vec<Event>> {
        let storage = self.deps.storage;
        let link = self.desk.link(storage, order)?.unwrap_or_default();
        if let Some(entry) = link.entry.filter(|entry| *entry != id) {
            return Err(OrdersError::EntryNotFilled { id, entry }.into());
        }
        let since = order.since.max(link.woken.unwrap_or_default());
        let index = self.market.triggered(id, order, since)?.price;
        let limit = order.kind.and_then(|kind| kind.limit_price());
        let planned = match self.market.plan(id, order, limit) {
            Ok(planned) => planned,
            Err(error) if error.code() == "E0910" => return self.expire(id, order),
            Err(error) if passes(&error) => return Err(error),
            Err(error) => return self.refuse(id, order, &error),
        };
        self.market.would_fill(&planned)?;
        let size = planned.order.size;
        let (message, flight) = self.market.commit(id, planned)?;
        let told = self.committed(id, order, (flight, size, index))?;
        self.sent.push(arm::Sent { id, perp: order.perp, message });
        Ok(vec![told])
    }

    /// What is known of a commit that is sent now: what it is called by, what it buys or sells, and the index.
    pub fn committed(
        &mut self,
        id: u64,
        order: &Conditional,
        (flight, size, index): (Flight, Size, Price),
    ) -> Result<Event> {
        self.desk.commit(self.deps.storage, order, flight, &self.keeper)?;
        Ok(ConditionalArmed {
            id,
            owner: order.account.owner(self.deps.api)?,
            account: order.account.number,
            perp: order.perp,
            order: flight.number,
            size,
            index,
            keeper_fee: order.keeper_fee,
            keeper: self.by.to_string(),
        }
        .into())
    }

    /// The keeper gets his part of the fee, rounded down. Exits whose entry it was end with it, and so do others of its link where there is nothing
    /// to reduce: they could not either.
    fn refuse(&mut self, id: u64, order: &Conditional, error: &Error) -> Result<Vec<Event>> {
        let fee = self.refusal_fee(order.keeper_fee)?;
        let keeper = self.keeper.clone();
        let end = End { reason: Some(error), paid: Some((&keeper, fee)), ..Outcome::Refused.into() };
        let mut told = self.end_with_exits(id, order, &end)?;
        if matches!(error, Error::NothingToReduce { .. }) {
            told.extend(self.end_linked(order, &End { paid: None, ..end })?);
        }
        Ok(told)
    }

    fn expire(&mut self, id: u64, order: &Conditional) -> Result<Vec<Event>> {
        let error = OrdersError::Lapsed { id, good_till: order.good_till }.into();
        self.end_with_exits(id, order, &End { reason: Some(&error), ..Outcome::Expired.into() })
    }

    fn end_with_exits(&mut self, id: u64, order: &Conditional, end: &End<'_>) -> Result<Vec<Event>> {
        self.desk.end_with_exits(self.deps.storage, self.deps.api, (id, order), end)
    }

    fn end_linked(&mut self, order: &Conditional, end: &End<'_>) -> Result<Vec<Event>> {
        self.desk.end_linked(self.deps.storage, self.deps.api, order, end)
    }

    fn end(&mut self, id: u64, end: &End<'_>) -> Result<Event> {
        self.desk.end(self.deps.storage, self.deps.api, id, end)
    }

    /// Of an exit whose entry has filled: whether its position is gone by now. Others may wait for a position that is still to come.
    fn has_nothing_to_close(&mut self, order: &Conditional) -> Result<bool> {
        let link = self.desk.link(self.deps.storage, order)?.unwrap_or_default();
        if link.woken.is_none() {
            return Ok(false);
        }
        let position = self.market.position(&order.account, order.perp)?;
        Ok(position.is_zero() || position.same_side(order.size))
    }

    /// What an order costs that is refused, rounded down.
    pub fn refusal_fee(&self, fee: Usd) -> Result<Usd> {
        fee.scale(self.config.params.refusal_share, Rounding::Down)
    }
}

/// Whether what is refused now may be taken a little later with nothing else changed: a price is missing, or another order waits.
pub fn passes(error: &Error) -> bool {
    matches!(error.code(), "E0010" | "E0206" | "E0207" | "E0208" | "E0428")
}
