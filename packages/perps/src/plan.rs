//! What must hold for an order, and the order that follows.

use cosmwasm_std::{Deps, Storage};

use sdp_trading::limits;
use sdp_trading::orders::Times;
use sdp_types::board::{FeedId, Use};
use sdp_types::exposure::FeedQuantity;
use sdp_types::market::{InsurancePremium, PerpConfig, PerpStatus, MAX_ORDERS, MAX_POSITIONS};
use sdp_types::regime::Regime;
use sdp_types::units::{MAX_PRICE, MAX_SIZE};
use sdp_types::{ensure, AbsSize, Error, Price, Ratio, Result, Rounding, SignedUsd, Size, Usd};

use crate::books::{add_to, Books};
use crate::core::fill::split;
use crate::prices::{marking_quote, rates, Outside};
use crate::state::{AccountKey, Order, Queue, Terms};

/// What somebody asks for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whose account.
    pub account: AccountKey,
    /// The perpetual.
    pub perp: u16,
    /// What to buy (positive) or sell.
    pub size: Size,
    /// Worst price.
    pub limit: Option<Price>,
    /// Seconds to the end of the last interval.
    pub expires_in: Option<u64>,
    /// Whether what would increase the position is left out.
    pub reduce_only: bool,
}

impl Request {
    /// An order of this size, at any price within the band, as long as it may wait.
    pub fn plain(account: AccountKey, perp: u16, size: Size) -> Self {
        Self { account, perp, size, limit: None, expires_in: None, reduce_only: false }
    }
}

/// Everything that must hold for a commit, and the order that follows. Nothing is changed.
pub fn plan(
    deps: Deps<'_>,
    books: &mut Books,
    terms: &Terms,
    outside: &Outside,
    request: &Request,
) -> Result<Order> {
    let storage = deps.storage;
    let Request { account: key, perp, size, .. } = request;
    let (perp, mut size, config) = (*perp, *size, books.perp(storage, *perp)?);
    ensure(!size.is_zero(), || Error::Zero { what: "size".into() })?;
    ensure(size.abs() <= MAX_SIZE.abs(), || Error::SizeTooLarge { size, max: MAX_SIZE })?;
    if let Some(limit) = request.limit {
        let valid = !limit.is_zero() && limit <= MAX_PRICE;
        ensure(valid, || Error::out_of_range("limit_price", limit, Price::new(1), MAX_PRICE))?;
    }
    let times = Times { delay: terms.params.order_delay, expiry: terms.params.order_expiry };
    let (interval, span) = times.intervals(&outside.board.intervals, outside.now, request.expires_in)?;
    let account = books.account(storage, key)?.clone();
    let position = books.position(storage, key, perp)?.size;
    let (reduce, mut increase) = split(position, size)?;
    if request.reduce_only {
        ensure(!reduce.is_zero(), || Error::NothingToReduce { perp: perp.into() })?;
        (size, increase) = (size.with_magnitude(reduce)?, AbsSize::ZERO);
    }
    let mut order = Order {
        account: key.clone(),
        size,
        reduce,
        limit: request.limit,
        interval,
        span,
        fee: 0,
        locked: Usd::ZERO,
        keeper_fee: Usd::ZERO,
        generation: account.generation,
    };
    let (waiting, max) = (u64::from(account.orders), MAX_ORDERS);
    ensure(waiting < max, || Error::TooMany { what: "orders".into(), count: waiting + 1, max })?;
    if increase.is_zero() {
        // it locks nothing and needs no price; what a keeper gets where it is refused goes by the last one
        let notional = size.abs().value(outside.last(config.feed), Rounding::Down)?;
        order.keeper_fee = keeper_fee(terms, notional.scale(terms.params.fee, Rounding::Down)?)?;
        return Ok(order);
    }

    status(&config, perp)?;
    ensure(outside.regime(config.feed) < Regime::Emergency, || outside.restricted(config.feed))?;
    let entries = u64::from(account.orders) + account.positions.len() as u64;
    let new = position.is_zero();
    let max = MAX_POSITIONS as u64;
    ensure(!new || entries < max, || Error::TooManyPositions { count: entries + 1, max })?;
    let quote = outside.board.certain(config.feed, Use::Trade, outside.now, config.trade_confidence)?;
    let limit = limit_within(request, quote.price, terms.params.maximum_slippage)?;
    order.limit = Some(limit);
    let worst = limit.max(quote.price);
    let notional = increase.value(quote.price, Rounding::Down)?;
    let minimum = config.minimum_notional;
    ensure(notional >= minimum, || Error::BelowMinimumNotional { notional, minimum })?;

    let valuation = books.value(deps, key, terms, outside, &|config| marking_quote(outside, config))?;
    let available = valuation.available(account.locked)?;
    let affords = |required: Usd| {
        ensure(available >= required.signed()?, || Error::InsufficientMargin { available, required })
    };
    let notional = increase.value(worst, Rounding::Up)?;
    let margin = notional.scale(rates(outside, &config)?.initial, Rounding::Up)?;
    affords(margin)?;
    within_caps(storage, books, &config, perp, size, increase, quote.price)?;
    within_premium_caps(books, terms, outside, perp, size)?;
    let used = within_credit(books, terms, outside, config.feed)?;
    let change = Change { perp, feed: config.feed, size, reduce };
    let added = within_budgets(deps, books, terms, outside, &change, used)?;

    order.fee = fee_rate(terms, outside, config.feed, used)?;
    let fee = fee_of(terms, order.fee, reduce, increase, worst)?;
    order.keeper_fee = keeper_fee(terms, fee)?;
    let InsurancePremium { shortfall, leverage } = terms.params.insurance;
    // what was there before is leveraged more, too: together at most about twice what comes
    let leverage = notional.plus(notional)?.scale(leverage, Rounding::Up)?;
    order.locked = margin.plus(fee)?.plus(added.scale(shortfall, Rounding::Up)?)?.plus(leverage)?;
    affords(order.locked)?;
    Ok(order)
}

/// Fee of what increases a position in a perpetual on this feed, in parts per million, rounded up: the plain one ×
/// min(responses.fee, volatility stress × (1 + used ÷ line)), twice that from caution on.
pub fn fee_rate(terms: &Terms, outside: &Outside, feed: FeedId, used: SignedUsd) -> Result<u32> {
    let (busy, line) = (used.positive_part(), outside.line.unwrap_or_default().positive_part());
    // a market that has cost more than its line takes no increase
    let part = if busy < line { busy.per(line, Rounding::Up)? } else { Ratio::ONE };
    let part = if busy.is_zero() { Ratio::ZERO } else { part };
    let stress = outside.stress_of(feed)?.times(Ratio::ONE.plus(part)?, Rounding::Up)?;
    let fee = terms.params.fee.times(stress.min(terms.params.responses.fee), Rounding::Up)?;
    let twice = if outside.regime(feed) >= Regime::Caution { fee } else { Ratio::ZERO };
    let millionths = fee.plus(twice)?.raw().div_ceil(Ratio::ONE.raw() / FEE_ONE);
    u32::try_from(millionths).map_err(|_| Error::Overflow { operation: "fee".into() })
}

/// 1 of an order's fee.
const FEE_ONE: u128 = 1_000_000;

/// Fee of a fill at this price: the plain one of what reduces, the order's of what increases, each rounded up.
pub fn fee_of(terms: &Terms, rate: u32, reduce: AbsSize, increase: AbsSize, price: Price) -> Result<Usd> {
    let plain = reduce.value(price, Rounding::Up)?.scale(terms.params.fee, Rounding::Up)?;
    plain.plus(increase.value(price, Rounding::Up)?.fraction(rate.into(), FEE_ONE, Rounding::Up)?)
}

fn keeper_fee(terms: &Terms, fee: Usd) -> Result<Usd> {
    fee.scale(terms.params.keeper_share, Rounding::Down)
}

/// Refuses what increases a position in a perpetual that is not open.
pub fn status(config: &PerpConfig, perp: u16) -> Result<()> {
    match config.status {
        PerpStatus::Open => Ok(()),
        PerpStatus::CloseOnly => Err(Error::CloseOnly { perp: perp.into() }),
        PerpStatus::Delisted => Err(Error::Delisted { perp: perp.into() }),
    }
}

/// The limit of an increase: the one that it names if it lies within the band, the furthest one if it names none.
fn limit_within(request: &Request, index: Price, band: Ratio) -> Result<Price> {
    let buys = !request.size.is_negative();
    let furthest = if buys {
        index.scale(Ratio::ONE.plus(band)?, Rounding::Down)?
    } else {
        index.scale(Ratio::ONE.minus(band)?, Rounding::Up)?
    };
    let Some(limit) = request.limit else { return Ok(furthest) };
    let within = if buys { limit <= furthest } else { limit >= furthest };
    ensure(within, || Error::LimitTooFar { limit, index, band })?;
    Ok(limit)
}

/// Open interest of the order's side, and skew where the order makes it larger, with all orders ahead of it on its side.
fn within_caps(
    storage: &dyn Storage,
    books: &mut Books,
    config: &PerpConfig,
    perp: u16,
    size: Size,
    increase: AbsSize,
    index: Price,
) -> Result<()> {
    let (side, _) = books.sides(storage, perp)?.side(size.is_negative()).sums()?;
    let queue = *books.queue(perp)?;
    let ahead = if size.is_negative() { queue.short } else { queue.long };
    let open_interest = side.abs().plus(ahead)?.plus(increase)?.value(index, Rounding::Up)?;
    let cap = config.open_interest_cap;
    ensure(open_interest <= cap, || Error::AboveOpenInterestCap { open_interest, cap })?;

    let before = books.skew(perp)?;
    let after = before.plus(size.with_magnitude(ahead.plus(size.abs())?)?)?;
    let skew = after.abs().value(index, Rounding::Up)?;
    let cap = config.skew_cap;
    ensure(after.abs() <= before.abs() || skew <= cap, || Error::AboveSkewCap { skew, cap })
}

/// Present quantities, and orders that wait as if they had filled: of each perpetual so much of its longs and shorts.
fn with_waiting(
    books: &Books,
    counted: impl Fn(u16, &Queue) -> (AbsSize, AbsSize),
) -> Result<Vec<FeedQuantity>> {
    let mut quantities = books.published.exposure.quantities.clone();
    for ((perp, entry), queue) in (0..).zip(&mut quantities).zip(&books.queues.queues) {
        let (long, short) = counted(perp, queue);
        entry.quantity = entry.quantity.plus(long.signed()?)?.minus(short.signed()?)?;
    }
    Ok(quantities)
}

/// Beyond no perpetual's premium cap because of this order, what waits ahead of it included.
fn within_premium_caps(books: &Books, terms: &Terms, outside: &Outside, perp: u16, size: Size) -> Result<()> {
    let before = with_waiting(books, |_, queue| (queue.long, queue.short))?;
    let mut after = before.clone();
    add_to(&mut after, perp, size)?;
    limits::within_premium_caps(outside, &before, &after, &terms.premium_caps)
}

/// Within the credit line ÷ min(responses.credit, volatility stress). Returns what the market has cost.
fn within_credit(books: &Books, terms: &Terms, outside: &Outside, feed: FeedId) -> Result<SignedUsd> {
    let stress = outside.stress_of(feed)?.min(terms.params.responses.credit);
    limits::within_credit(&books.published.exposure, outside, stress)
}

/// What an order changes.
struct Change {
    perp: u16,
    feed: FeedId,
    size: Size,
    reduce: AbsSize,
}

/// The pool's budgets of expected shortfall. Orders ahead of it count as filled: in its perpetual those of its side, in others all.
/// Returns by how much it raises that of the markets.
#[inline(never)]
fn within_budgets(
    deps: Deps<'_>,
    books: &Books,
    terms: &Terms,
    outside: &Outside,
    change: &Change,
    used: SignedUsd,
) -> Result<Usd> {
    let Change { perp, feed, size, reduce } = *change;
    let before = with_waiting(books, |other, queue| match (other == perp, size.is_negative()) {
        (true, true) => (AbsSize::ZERO, queue.short),
        (true, false) => (queue.long, AbsSize::ZERO),
        (false, _) => (queue.long, queue.short),
    })?;
    // a flip's reduction always passes: what it leaves is what the increase is compared with
    let part = size.with_magnitude(reduce)?;
    let mut reduced = before.clone();
    add_to(&mut reduced, perp, part)?;
    let mut after = reduced.clone();
    add_to(&mut after, perp, size.minus(part)?)?;
    let increase = limits::Increase { feed, before: &before, reduced: &reduced, after: &after };
    let wanted = !terms.params.insurance.shortfall.is_zero();
    limits::within_budgets(deps, outside, &increase, used, wanted)
}
