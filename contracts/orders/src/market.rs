//! The market's records, and what it would say: by its own code, over its storage read raw. What this message commits is added to them in memory,
//! so that each commit is planned on what those before it leave.

use std::rc::Rc;

use cosmwasm_std::{Addr, CosmosMsg, Deps, Env};
use sdp_perps::books::{add_to, Books};
use sdp_perps::charges::within_limit;
use sdp_perps::delegation::{authorised, trades, within};
use sdp_perps::plan::{plan, Request};
use sdp_perps::prices::Outside;
use sdp_perps::state::{self, AccountKey, Ended, Order, Terms};
use sdp_trading::orders::Times;
use sdp_types::board::{Quote, Use};
use sdp_types::contract::execute;
use sdp_types::error::OrdersError;
use sdp_types::market::{Delegation, ExecuteMsg};
use sdp_types::{ensure, Error, Price, Result, Size, Usd};

use crate::state::{Conditional, Flight};

/// The market.
pub struct Market<'a> {
    /// Its storage, and whom to ask.
    deps: Deps<'a>,
    /// Its block and address.
    env: Env,
    /// Who commits: this contract.
    own: Addr,
    terms: Terms,
    /// With what this message has committed so far.
    pub books: Books,
    /// Number of the next order of each perpetual before this message.
    next: Vec<u64>,
    /// What this message has committed so far: perpetual and size.
    pub sent: Vec<(u16, Size)>,
    /// What lies outside of it, once it has been looked at.
    outside: Option<Rc<Outside>>,
}

/// An order that the market would take.
pub struct Planned {
    /// As the market would keep it.
    pub order: Order,
    /// What it is asked for.
    request: Request,
}

impl<'a> Market<'a> {
    /// Of the market whose storage `deps` have, at `env`'s block and for `env`'s contract.
    pub fn load(deps: Deps<'a>, env: &Env, market: &Addr) -> Result<Self> {
        let terms = state::terms(deps.storage)?;
        let books = Books::load(deps.storage, &terms)?;
        let next = books.queues.queues.iter().map(|queue| queue.next()).collect();
        let (mut env, own) = (env.clone(), env.contract.address.clone());
        // a market knows its place in the pool's list by its own address
        env.contract.address = market.clone();
        Ok(Self { deps, env, own, terms, books, next, sent: Vec::new(), outside: None })
    }

    fn now(&self) -> u64 {
        self.env.block.time.seconds()
    }

    fn outside(&mut self) -> Result<Rc<Outside>> {
        if let Some(outside) = &self.outside {
            return Ok(Rc::clone(outside));
        }
        let outside = Rc::new(Outside::read(self.deps, &self.env, self.terms.home())?);
        self.outside = Some(Rc::clone(&outside));
        Ok(outside)
    }

    /// Whether an order waits there, or will once this message is over.
    pub fn waits(&self, perp: u16, number: u64) -> Result<bool> {
        let place = usize::from(perp);
        let (queue, next) = (self.books.queues.queues.get(place), self.next.get(place));
        let (queue, next) = queue.zip(next).ok_or(Error::UnknownPerp { perp: perp.into() })?;
        if number >= *next || number < queue.head {
            return Ok(number >= *next);
        }
        Ok(self.books.order(self.deps.storage, perp, number)?.is_some())
    }

    /// Size of a position.
    pub fn position(&mut self, account: &AccountKey, perp: u16) -> Result<Size> {
        Ok(self.books.position(self.deps.storage, account, perp)?.size)
    }

    /// How an order that waits there no longer ended without a fill; none where it has filled. The market remembers the last ones of an account
    /// and a perpetual that did not: what it does not remember has filled.
    pub fn unfilled(&self, order: &Conditional, flight: &Flight) -> Result<Option<Ended>> {
        let all = state::unfilled(self.deps.storage, &order.account, order.perp)?;
        Ok(all.of(flight.number).cloned())
    }

    /// The board's quote of an order's index.
    pub fn index(&mut self, perp: u16) -> Result<Quote> {
        let config = self.books.perp(self.deps.storage, perp)?;
        self.outside()?.board.last(config.feed)
    }

    /// The index that triggers an order, if it does: fresh enough to trade, newer than `since`, and with all of its band there. `E0905`, `E0906`,
    /// `E0206`, `E0208`.
    pub fn triggered(&mut self, id: u64, order: &Conditional, since: u64) -> Result<Quote> {
        let config = self.books.perp(self.deps.storage, order.perp)?;
        let outside = self.outside()?;
        let quote = outside.board.fresh(config.feed, Use::Trade, outside.now)?;
        let Some(kind) = &order.kind else { return Ok(quote) };
        let Quote { price: index, confidence, publish_time: published } = quote;
        ensure(published > since, || OrdersError::PriceBeforeOrder { id, published, since }.into())?;
        let trigger = kind.trigger();
        let met = kind.is_met(order.size, index, confidence)?;
        ensure(met, || OrdersError::NotTriggered { id, index, confidence, trigger }.into())?;
        Ok(quote)
    }

    /// What its owner lets this contract do. `E0426`.
    pub fn allowed(&self, order: &Conditional) -> Result<Delegation> {
        let by = self.deps.api.addr_canonicalize(self.own.as_str())?;
        let who = (self.own.as_str(), self.now());
        authorised(self.deps.storage, &order.account, &by, who, |allowed| trades(allowed, order.perp))
    }

    /// What the market would say if it were committed now with this worst price: [`Self::plan_within`] what its owner lets this contract do.
    pub fn plan(&mut self, id: u64, order: &Conditional, limit: Option<Price>) -> Result<Planned> {
        let allowed = self.allowed(order)?;
        self.plan_within(id, order, limit, allowed.most_notional)
    }

    /// What the market would say if it were committed now with this worst price. `E0910` where too little time is left for it to fill, and all that
    /// a commit of a delegate is refused for who may hold at most so much. A worst price that lies further from the index than the market takes
    /// becomes the furthest that it takes: an index that has jumped beyond a limit is no reason not to have it.
    #[inline(never)]
    pub fn plan_within(
        &mut self,
        id: u64,
        order: &Conditional,
        limit: Option<Price>,
        most: Option<Usd>,
    ) -> Result<Planned> {
        let (now, outside) = (self.now(), self.outside()?);
        let params = &self.terms.params;
        let times = Times { delay: params.order_delay, expiry: params.order_expiry };
        let expires_in = Some(order.good_till.saturating_sub(now).min(times.expiry));
        let fits = times.intervals(&outside.board.intervals, now, expires_in);
        fits.map_err(|_| OrdersError::Lapsed { id, good_till: order.good_till })?;

        let Conditional { account, perp, size, reduce_only, .. } = order.clone();
        let mut request = Request { account, perp, size, limit, expires_in, reduce_only };
        let mut planned = plan(self.deps, &mut self.books, &self.terms, &outside, &request);
        if matches!(planned, Err(Error::LimitTooFar { .. })) {
            request.limit = None;
            planned = plan(self.deps, &mut self.books, &self.terms, &outside, &request);
        }
        let planned = planned?;
        if let Some(most) = most {
            within(self.deps, &mut self.books, (&self.terms, &outside), (perp, &planned), most)?;
        }
        Ok(Planned { order: planned, request })
    }

    /// Whether a plan would keep its worst price if it filled now behind what this message has committed, premium included: else whoever commits it
    /// would be paid for nothing. `E0414`.
    pub fn would_fill(&mut self, planned: &Planned) -> Result<()> {
        let (Order { size, limit, .. }, perp) = (&planned.order, planned.request.perp);
        if limit.is_none() {
            return Ok(());
        }
        let (quote, outside) = (self.index(perp)?, self.outside()?);
        let price = quote.price.adverse_to_holder(size.negate()?, quote.confidence)?;
        let mut before = self.books.published.exposure.quantities.clone();
        for (perp, size) in &self.sent {
            add_to(&mut before, *perp, *size)?;
        }
        let mut after = before.clone();
        add_to(&mut after, perp, *size)?;
        let premium = outside.premium(&before, &after, &|feed| outside.last(feed))?;
        within_limit(*size, price, premium, *limit)
    }

    /// The message that commits it, and what it will be known by. The books have it from now on.
    pub fn commit(&mut self, id: u64, planned: Planned) -> Result<(CosmosMsg, Flight)> {
        let (at, storage) = (self.now(), self.deps.storage);
        let Planned { order, request } = planned;
        let Request { account, perp, size, limit: limit_price, expires_in, reduce_only } = request;
        let owner = Some(account.owner(self.deps.api)?);
        let commit = ExecuteMsg::Commit {
            owner,
            account: account.number,
            perp,
            size,
            limit_price,
            expires_in,
            reduce_only,
        };
        let message = execute(&self.env.contract.address, &commit)?;

        let account = self.books.account(storage, &account)?;
        account.locked = account.locked.plus(order.locked)?;
        account.orders = account.orders.saturating_add(1);
        self.sent.push((perp, order.size));
        let number = self.books.add_order(perp, order)?;
        Ok((message, Flight { perp, id, number, at }))
    }
}
