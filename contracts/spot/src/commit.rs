//! Committing an order: what was sent is locked, and the order is bound to the first interval that begins after the delay.

use cosmwasm_std::{CanonicalAddr, Deps, DepsMut, Env, Response};

use sdp_trading::limits::{self, Increase};
use sdp_trading::orders::Times;
use sdp_trading::Outside;
use sdp_types::board::{Board, Use};
use sdp_types::error::SpotError;
use sdp_types::events::SpotCommitted;
use sdp_types::regime::Regime;
use sdp_types::spot::{BuyExact, OrderKind, SellExact, SyntheticConfig, SyntheticStatus};
use sdp_types::units::{MAX_AMOUNT, MAX_USD};
use sdp_types::{ensure, Amount, Error, Price, Ratio, Result, Rounding, Usd};

use crate::books::Books;
use crate::core::desk::{size_for, Issued};
use crate::core::quantity::{quantity, tokens};
use crate::state::{self, Order, Terms};

/// What somebody asks for, and has sent.
#[derive(Clone, Debug)]
pub struct Request {
    /// The synthetic.
    pub synthetic: u16,
    /// Who.
    pub owner: CanonicalAddr,
    /// Who gets what it brings.
    pub recipient: CanonicalAddr,
    /// What.
    pub wanted: Wanted,
    /// Seconds to the end of the last interval.
    pub expires_in: Option<u64>,
}

/// A buy or a sale.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// For sdUSD.
    Buy {
        /// What was sent.
        paid: Usd,
        /// What is exact.
        exact: BuyExact,
    },
    /// Of tokens.
    Sell {
        /// What was sent.
        amount: Amount,
        /// What is exact.
        exact: SellExact,
    },
}

/// Commits what a hook asks for.
pub fn commit(deps: DepsMut<'_>, env: &Env, request: Request) -> Result<Response> {
    let terms = state::terms(deps.storage)?;
    let mut books = Books::load(deps.storage)?;
    let order = plan(deps.as_ref(), env, &books, &terms, &request)?;

    books.own.held = books.own.held.plus(order.paid())?;
    let number = books.add_order(request.synthetic, &order)?;
    state::save_order(deps.storage, request.synthetic, number, &order)?;
    let messages = books.save(deps.storage, deps.api, &terms)?;

    let side = if order.paid().is_zero() { "sale" } else { "buy" };
    Ok(Response::new().add_messages(messages).add_event(SpotCommitted {
        synthetic: request.synthetic,
        order: number,
        owner: deps.api.addr_humanize(&order.owner)?.into(),
        side: side.into(),
        paid: order.paid(),
        tokens: order.tokens(),
        interval: order.interval,
    }))
}

/// Everything that must hold for a commit, and the order that follows. Nothing is changed.
pub fn plan(deps: Deps<'_>, env: &Env, books: &Books, terms: &Terms, request: &Request) -> Result<Order> {
    ensure(!books.is_shut_down(), || SpotError::WrongPhase { shut_down: true }.into())?;
    let issued = books.issued(terms, request.synthetic)?;
    let config = state::synthetic(deps.storage, request.synthetic)?.config;
    match &request.wanted {
        Wanted::Buy { paid, exact } => {
            let outside = Outside::read(deps, env, terms.home())?;
            let mut order = draft(terms, &outside.board, outside.now, request)?;
            let fee = terms.params.fee;
            let caution = outside.regime(config.feed) >= Regime::Caution;
            order.fee = if caution { fee.plus(fee)? } else { fee };
            order.keeper_fee = keeper_fee(terms, paid.scale(order.fee, Rounding::Down)?)?;
            let asked = Asked { synthetic: request.synthetic, paid: *paid, exact };
            (order.kind, order.reserved) = buy(deps, books, terms, &outside, &config, issued, &asked)?;
            Ok(order)
        }
        // neither a price nor a regime is needed: it lowers what is owed
        Wanted::Sell { amount, exact } => {
            let board = Board::of(&deps.querier, &deps.api.addr_humanize(&terms.oracle)?)?;
            let mut order = draft(terms, &board, env.block.time.seconds(), request)?;
            let last = board.last(config.feed).map_or(Price::ZERO, |quote| quote.price);
            let units = quantity(*amount, issued.redemption, issued.decimals)?.abs();
            let value = units.value(last, Rounding::Down)?;
            order.keeper_fee = keeper_fee(terms, value.scale(terms.params.fee, Rounding::Down)?)?;
            order.kind = sale(terms, *amount, exact, value)?;
            Ok(order)
        }
    }
}

/// An order of nothing yet. `E0422`, `E0004`.
fn draft(terms: &Terms, board: &Board, now: u64, request: &Request) -> Result<Order> {
    let times = Times { delay: terms.params.order_delay, expiry: terms.params.order_expiry };
    let (interval, span) = times.intervals(&board.intervals, now, request.expires_in)?;
    Ok(Order {
        owner: request.owner.clone(),
        recipient: request.recipient.clone(),
        kind: OrderKind::SellAll { amount: Amount::ZERO, least: Usd::ZERO },
        interval,
        span,
        fee: terms.params.fee,
        keeper_fee: Usd::ZERO,
        reserved: Amount::ZERO,
    })
}

fn keeper_fee(terms: &Terms, fee: Usd) -> Result<Usd> {
    fee.scale(terms.params.keeper_share, Rounding::Down)
}

fn sale(terms: &Terms, amount: Amount, exact: &SellExact, value: Usd) -> Result<OrderKind> {
    match exact {
        SellExact::In { least } => {
            let furthest = Ratio::ONE.saturating_minus(terms.params.maximum_slippage);
            let least = least.map_or_else(|| value.scale(furthest, Rounding::Down), Ok)?;
            ensure(least <= MAX_USD, || Error::out_of_range("least", least, 0, MAX_USD))?;
            Ok(OrderKind::SellAll { amount, least })
        }
        SellExact::Out { usd } => {
            ensure(!usd.is_zero(), || Error::Zero { what: "usd".into() })?;
            ensure(*usd <= MAX_USD, || Error::out_of_range("usd", usd, 1, MAX_USD))?;
            Ok(OrderKind::SellFor { amount, usd: *usd })
        }
    }
}

/// What a buyer asks for.
struct Asked<'a> {
    synthetic: u16,
    paid: Usd,
    exact: &'a BuyExact,
}

/// What a buy must keep, and the tokens that it reserves under the cap. Buys ahead of it count as filled.
#[inline(never)]
fn buy(
    deps: Deps<'_>,
    books: &Books,
    terms: &Terms,
    outside: &Outside,
    config: &SyntheticConfig,
    issued: Issued,
    asked: &Asked<'_>,
) -> Result<(OrderKind, Amount)> {
    let Asked { synthetic, paid, exact } = *asked;
    let Issued { redemption, decimals, .. } = issued;
    let open = config.status == SyntheticStatus::Open;
    ensure(open, || SpotError::NotBuyable { synthetic: synthetic.into() }.into())?;
    ensure(outside.regime(config.feed) < Regime::Emergency, || outside.restricted(config.feed))?;
    let quote = outside.board.certain(config.feed, Use::Trade, outside.now, config.trade_confidence)?;

    let (kind, amount) = match exact {
        BuyExact::In { least } => {
            // as much as it could be without premium and fee
            let amount = tokens(size_for(paid, quote.price)?, redemption, decimals, Rounding::Up)?;
            let worst = quote.price.scale(Ratio::ONE.plus(terms.params.maximum_slippage)?, Rounding::Up)?;
            let furthest = || tokens(size_for(paid, worst)?, redemption, decimals, Rounding::Down);
            let least = least.map_or_else(furthest, Ok)?;
            ensure(least <= MAX_AMOUNT, || Error::out_of_range("least", least, 0, MAX_AMOUNT))?;
            (OrderKind::BuyFor { paid, least }, amount)
        }
        BuyExact::Out { amount } => {
            ensure(!amount.is_zero(), || Error::Zero { what: "amount".into() })?;
            ensure(*amount <= MAX_AMOUNT, || Error::out_of_range("amount", amount, 1, MAX_AMOUNT))?;
            (OrderKind::BuyExactly { paid, amount: *amount }, *amount)
        }
    };
    let notional = quantity(amount, redemption, decimals)?.abs().value(quote.price, Rounding::Down)?;
    let minimum = config.minimum_notional;
    ensure(notional >= minimum, || Error::BelowMinimumNotional { notional, minimum })?;

    let waiting = |number: u16| {
        let issue = books.own.issues.get(usize::from(number));
        Ok(issue.map(|issue| issue.reserved).unwrap_or_default())
    };
    let before = books.quantities_with(terms, waiting)?;
    let more = |number| waiting(number)?.plus(if number == synthetic { amount } else { Amount::ZERO });
    let after = books.quantities_with(terms, more)?;
    let owed = after.get(usize::from(synthetic)).map(|entry| entry.quantity.abs()).unwrap_or_default();
    let (skew, cap) = (owed.value(quote.price, Rounding::Up)?, config.skew_cap);
    ensure(skew <= cap, || Error::AboveSkewCap { skew, cap })?;
    limits::within_premium_caps(outside, &before, &after, &terms.premium_caps)?;
    let used = limits::within_credit(&books.exposure, outside, Ratio::ONE)?;
    let increase = Increase { feed: config.feed, before: &before, reduced: &before, after: &after };
    limits::within_budgets(deps, outside, &increase, used, false)?;
    Ok((kind, amount))
}
