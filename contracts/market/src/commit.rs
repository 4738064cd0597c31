//! Committing an order, and taking it back.

use cosmwasm_std::{DepsMut, Env, Event, MessageInfo, Response, Storage};

use sdp_perps::books::Books;
use sdp_perps::delegation::{authorised, trades, within};
use sdp_perps::plan::{plan, Request};
use sdp_perps::prices::Outside;
use sdp_perps::state::{self, AccountKey, Order};
use sdp_types::board::Board;
use sdp_types::events::{OrderCancelled, OrderCommitted};
use sdp_types::market::Delegation;
use sdp_types::{ensure, Error, Result};

/// `Commit`.
pub fn commit(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, request: &Request) -> Result<Response> {
    let delegation = delegated(&deps, env, info, &request.account, request.perp)?;
    let terms = state::terms(deps.storage)?;
    let outside = Outside::read(deps.as_ref(), env, terms.home())?;
    let before = Books::load(deps.storage, &terms)?;
    let mut books = before.clone();
    let order = plan(deps.as_ref(), &mut books, &terms, &outside, request)?;
    if let Some(Delegation { most_notional: Some(most), .. }) = delegation {
        within(deps.as_ref(), &mut books, (&terms, &outside), (request.perp, &order), most)?;
    }

    let account = books.account(deps.storage, &request.account)?;
    account.locked = account.locked.plus(order.locked)?;
    account.orders += 1;
    let number = books.add_order(request.perp, order.clone())?;
    let told = books.save(deps.storage, deps.api, &before)?;

    Ok(Response::new().add_events(told).add_event(OrderCommitted {
        perp: request.perp,
        order: number,
        owner: request.account.owner(deps.api)?,
        account: request.account.number,
        size: order.size,
        interval: order.interval,
        locked: order.locked,
    }))
}

/// What lets the sender trade an account of somebody else; none where it is his. `E0426`.
fn delegated(
    deps: &DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    account: &AccountKey,
    perp: u16,
) -> Result<Option<Delegation>> {
    let sender = deps.api.addr_canonicalize(info.sender.as_str())?;
    if account.owner == sender.as_slice() {
        return Ok(None);
    }
    let who = (info.sender.as_str(), env.block.time.seconds());
    authorised(deps.storage, account, &sender, who, |allowed| trades(allowed, perp)).map(Some)
}

/// `Cancel`.
pub fn cancel(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, perp: u16, number: u64) -> Result<Response> {
    let terms = state::terms(deps.storage)?;
    let before = Books::load(deps.storage, &terms)?;
    let order = before.order(deps.storage, perp, number)?;
    let order = order.ok_or(Error::UnknownOrder { perp: perp.into(), order: number })?;
    let not_yours = |_| Error::NotYourOrder { order: number, sender: info.sender.to_string() };
    delegated(&deps, env, info, &order.account, perp).map_err(not_yours)?;
    let board = Board::of(&deps.querier, &deps.api.addr_humanize(&terms.oracle)?)?;
    let since = board.intervals.start(order.interval);
    ensure(env.block.time.seconds() < since, || Error::OrderBound { order: number, since })?;

    let mut books = before.clone();
    release(deps.storage, &mut books, perp, &order)?;
    books.remove_order(perp, number);
    books.ends_unfilled(&order.account, perp, number, None);
    let told = books.save(deps.storage, deps.api, &before)?;
    Ok(Response::new().add_events(told).add_event(Event::from(OrderCancelled { perp, order: number })))
}

/// Gives back what an order locked and reserved. A liquidation has released the locks of older orders before.
pub fn release(storage: &dyn Storage, books: &mut Books, perp: u16, order: &Order) -> Result<()> {
    let account = books.account(storage, &order.account)?;
    account.orders = account.orders.saturating_sub(1);
    if account.generation == order.generation {
        account.locked = account.locked.minus(order.locked)?;
    }
    let queue = books.queue(perp)?;
    let reserved = if order.size.is_negative() { &mut queue.short } else { &mut queue.long };
    *reserved = reserved.minus(order.increase())?;
    Ok(())
}
