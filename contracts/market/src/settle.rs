//! Settling orders: each fills at the price of its interval, whoever settles it and whenever.

use cosmwasm_std::{DepsMut, Env, Event, MessageInfo, Response};

use sdp_risk::potential;
use sdp_trading::orders::{Slots, Turn};
use sdp_types::board::{Quote, Slot};
use sdp_types::events::{OrderFilled, OrderRefused, ReferralPaid};
use sdp_types::market::{PerpConfig, PerpStatus, MAX_BATCH};
use sdp_types::regime::Regime;
use sdp_types::{ensure, AbsSize, Error, Result, Rounding, SignedUsd, Size, Usd};

use sdp_perps::books::Books;
use sdp_perps::charges::{discount, insurance_premia, less, within_limit};
use sdp_perps::core::fill::split;
use sdp_perps::core::mark::Valuation;
use sdp_perps::plan::{fee_of, status};
use sdp_perps::prices::Outside;
use sdp_perps::state::{self, AccountKey, Order, Terms};

use crate::commit::release;

/// What fills of an order.
struct Fill {
    delta: Size,
    reduce: AbsSize,
    increase: AbsSize,
    /// Exposures of the pool before it, at the interval's prices.
    before: Vec<SignedUsd>,
    /// And after it.
    after: Vec<SignedUsd>,
}

struct Batch<'a> {
    deps: DepsMut<'a>,
    terms: Terms,
    outside: Outside,
    keeper: AccountKey,
    perp: u16,
    config: PerpConfig,
    slots: Slots,
}

/// `Settle`.
pub fn settle(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, perp: u16, limit: u32) -> Result<Response> {
    ensure((1..=MAX_BATCH).contains(&limit), || Error::out_of_range("limit", limit, 1, MAX_BATCH))?;
    let terms = state::terms(deps.storage)?;
    let outside = Outside::read(deps.as_ref(), env, terms.home())?;
    let keeper = AccountKey::of(deps.api, info.sender.as_str(), 0)?;
    let before = Books::load(deps.storage, &terms)?;
    let mut books = before.clone();
    let config = books.perp(deps.storage, perp)?;
    let mut batch = Batch { deps, terms, outside, keeper, perp, config, slots: Slots::default() };

    let (mut events, mut done, mut filled) = (Vec::new(), false, false);
    for _ in 0..limit {
        let queue = *books.queue(perp)?;
        if queue.head >= queue.next() {
            break;
        }
        // a cancelled order leaves a hole
        if let Some(order) = books.order(batch.deps.storage, perp, queue.head)? {
            match batch.turn(&order)? {
                Turn::Wait => break,
                Turn::Void => {
                    let error = Error::OrderExpired { order: queue.head, interval: order.last_interval() };
                    events.push(batch.refuse(&mut books, queue.head, &order, &error)?);
                }
                Turn::Fill(slot, quote) => {
                    let mut copy = books.clone();
                    match batch.fill(&mut copy, queue.head, &order, &slot, quote) {
                        Ok(told) => {
                            books = copy;
                            filled = true;
                            events.extend(told);
                        }
                        Err(error) => events.push(batch.refuse(&mut books, queue.head, &order, &error)?),
                    }
                }
            }
        }
        books.queue(perp)?.pop();
        books.remove_order(perp, queue.head);
        done = true;
    }
    ensure(done, || Error::NothingToSettle { perp: perp.into() })?;
    if filled {
        events.extend(books.deleverage(batch.deps.storage, &batch.terms, &batch.outside, false)?);
        events.push(books.sample(&batch.terms, &batch.outside)?);
    }
    events.extend(books.save(batch.deps.storage, batch.deps.api, &before)?);
    Ok(Response::new().add_events(events))
}

impl Batch<'_> {
    /// What an order meets now.
    fn turn(&mut self, order: &Order) -> Result<Turn> {
        let furthest = order.interval.saturating_add(self.terms.params.maximum_empty_intervals.into());
        let intervals = (order.interval, order.last_interval().min(furthest));
        let wanted = (self.config.feed, self.config.liquidate_confidence);
        self.slots.turn(&self.deps.querier, &self.outside, wanted, intervals)
    }

    /// Fills an order on a copy of the books; an error refuses it.
    #[inline(never)]
    fn fill(
        &self,
        books: &mut Books,
        number: u64,
        order: &Order,
        slot: &Slot,
        quote: Quote,
    ) -> Result<Vec<Event>> {
        let storage = &*self.deps.storage;
        let (perp, key) = (self.perp, &order.account);
        let account = books.account(storage, key)?;
        ensure(account.generation == order.generation, || Error::AccountLiquidated { order: number })?;
        let position = books.position(storage, key, perp)?.size;
        let fill = self.allowed(books, position, self.size_to_fill(position, order)?, slot)?;
        let delta = fill.delta;
        release(storage, books, perp, order)?;

        let price = quote.price.adverse_to_holder(delta.negate()?, quote.confidence)?;
        let (covariance, depth) = (&self.outside.covariance, self.outside.depth);
        let premium = potential::premium(&fill.before, &fill.after, covariance, depth)?;
        within_limit(delta, price, premium, order.limit)?;

        let before = self.valued(books, key, &fill, slot)?;
        let realised = books.trade(storage, key, perp, delta, price, self.outside.now)?;
        books.credit(storage, key, premium.negate()?)?;
        let due = fee_of(&self.terms, order.fee, fill.reduce, fill.increase, price)?;
        let (fee, keeper_fee) = self.charge_fee(books, key, due)?;
        let referral = self.count(books, key, delta.abs().value(price, Rounding::Down)?, fee)?;
        let after = self.valued(books, key, &fill, slot)?;
        let insurance = self.insure(books, key, &fill, before, after)?;
        let shortfall = books.close_if_empty(storage, key)?;
        let told = OrderFilled {
            perp,
            order: number,
            owner: key.owner(self.deps.api)?,
            account: key.number,
            size: delta,
            price,
            premium,
            fee,
            keeper_fee,
            insurance,
            realised,
            shortfall,
            position: books.position(storage, key, perp)?.size,
        };
        Ok([Some(told.into()), referral].into_iter().flatten().collect())
    }

    /// The part that was to reduce fills at most what there is to reduce; the part that increases fills while the
    /// perpetual is open.
    fn size_to_fill(&self, position: Size, order: &Order) -> Result<Size> {
        let (open_to_reduce, _) = split(position, order.size)?;
        let reduce = order.reduce.min(open_to_reduce);
        let increase =
            if self.config.status == PerpStatus::Open { order.increase() } else { Default::default() };
        let size = reduce.plus(increase)?;
        if size.is_zero() {
            status(&self.config, self.perp)?;
            return Err(Error::NothingToReduce { perp: self.perp.into() });
        }
        order.size.with_magnitude(size)
    }

    /// What of a change may fill in the present regime: what reduces always, what increases while nothing is restricted; under
    /// close-only where it lowers both the risk potential and the markets' expected shortfall.
    fn allowed(&self, books: &Books, position: Size, delta: Size, slot: &Slot) -> Result<Fill> {
        let (outside, perp, feed) = (&self.outside, self.perp, self.config.feed);
        let exposures = |delta| {
            let quantities = books.quantities_after(perp, delta)?;
            outside.exposures(&quantities, &|feed| outside.in_slot(slot, feed))
        };
        let (reduce, increase) = split(position, delta)?;
        let fill = Fill { delta, reduce, increase, before: exposures(Size::ZERO)?, after: exposures(delta)? };
        let regime = outside.regime(feed);
        if increase.is_zero() || regime < Regime::CloseOnly {
            return Ok(fill);
        }
        let reduced = delta.with_magnitude(reduce)?;
        let halfway = exposures(reduced)?;
        let less = potential::premium(&halfway, &fill.after, &outside.covariance, outside.depth)?
            .is_negative()
            && outside.shortfall(&fill.after)? < outside.shortfall(&halfway)?;
        if regime == Regime::CloseOnly && less {
            return Ok(fill);
        }
        ensure(!reduce.is_zero(), || outside.restricted(feed))?;
        Ok(Fill { delta: reduced, increase: AbsSize::ZERO, after: halfway, ..fill })
    }

    /// An account at the interval's prices; none where the change of it does not matter to insurance.
    fn valued(
        &self,
        books: &mut Books,
        key: &AccountKey,
        fill: &Fill,
        slot: &Slot,
    ) -> Result<Option<Valuation>> {
        let (outside, terms) = (&self.outside, &self.terms);
        if fill.increase.is_zero() || terms.params.insurance.leverage.is_zero() {
            return Ok(None);
        }
        let quote =
            |config: &PerpConfig| slot.quote(config.feed).map_or_else(|| outside.board.last(config.feed), Ok);
        books.value(self.deps.as_ref(), key, terms, outside, &quote).map(Some)
    }

    /// Takes what an increase pays insurance.
    fn insure(
        &self,
        books: &mut Books,
        key: &AccountKey,
        fill: &Fill,
        before: Option<Valuation>,
        after: Option<Valuation>,
    ) -> Result<Usd> {
        if fill.increase.is_zero() {
            return Ok(Usd::ZERO);
        }
        let exposures = (&fill.before[..], &fill.after[..]);
        let accounts = (before.unwrap_or_default(), after.unwrap_or_default());
        let terms = &self.terms.params.insurance;
        let (shortfall, leverage) = insurance_premia(terms, &self.outside, exposures, &accounts)?;
        let due = shortfall.plus(leverage)?;
        books.credit(&*self.deps.storage, key, due.signed()?.negate()?)?;
        books.published.exposure.fees = books.published.exposure.fees.plus(due)?;
        Ok(due)
    }

    /// Fee of a fill, less what is remitted to the account: insurance's part goes to the counter, the keeper's into its account, the providers' is simply no
    /// longer owed. An account that has closed everything pays no more than it has left, unless tokens back it.
    fn charge_fee(&self, books: &mut Books, key: &AccountKey, due: Usd) -> Result<(Usd, Usd)> {
        let (storage, params) = (&*self.deps.storage, &self.terms.params);
        let account = books.account(storage, key)?;
        let due = less(due, discount(params.fees.as_ref(), account, self.outside.now)?)?;
        let pays = account.backed || !account.positions.is_empty();
        let fee = if pays { due } else { due.min(account.margin.positive_part()) };
        let keeper = fee.scale(params.keeper_share, Rounding::Down)?;
        let insurance = fee.scale(params.insurance_share, Rounding::Down)?;
        books.credit(storage, key, fee.signed()?.negate()?)?;
        books.pay(storage, &self.keeper, keeper)?;
        books.published.exposure.fees = books.published.exposure.fees.plus(insurance)?;
        Ok((fee, keeper))
    }

    /// Where there is a schedule of fees: counts what was traded, and pays whoever brought the trader.
    #[inline(never)]
    fn count(&self, books: &mut Books, key: &AccountKey, notional: Usd, fee: Usd) -> Result<Option<Event>> {
        let Some(fees) = &self.terms.params.fees else { return Ok(None) };
        let (storage, api) = (&*self.deps.storage, self.deps.api);
        let paid = books.traded(storage, key, fees, (notional, fee), self.outside.now)?;
        let Some((referrer, amount)) = paid else { return Ok(None) };
        let (owner, account) = (key.owner(api)?, key.number);
        Ok(Some(ReferralPaid { owner, account, referrer: referrer.owner(api)?, amount }.into()))
    }

    /// Refunds an order less the keeper's fee, as far as the account still has that, or its tokens still count for what the order locked.
    fn refuse(&self, books: &mut Books, number: u64, order: &Order, error: &Error) -> Result<Event> {
        let storage = &*self.deps.storage;
        release(storage, books, self.perp, order)?;
        books.ends_unfilled(&order.account, self.perp, number, Some(error));
        let account = books.account(storage, &order.account)?;
        let covered = account.backed && account.generation == order.generation;
        let fee = order.keeper_fee;
        let fee = if covered { fee } else { fee.min(account.margin.positive_part()) };
        books.credit(storage, &order.account, fee.signed()?.negate()?)?;
        books.pay(storage, &self.keeper, fee)?;
        Ok(OrderRefused {
            perp: self.perp,
            order: number,
            owner: order.account.owner(self.deps.api)?,
            account: order.account.number,
            code: error.code().into(),
            reason: error.to_string(),
            keeper_fee: fee,
        }
        .into())
    }
}
