//! Taking an order back.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use sdp_types::board::Board;
use sdp_types::book::Listing;
use sdp_types::events::SpotCancelled;
use sdp_types::record::canonical;
use sdp_types::token::TokenMsg;
use sdp_types::{ensure, Error, Result};

use crate::books::Books;
use crate::state;

/// `Cancel`: before its interval begins, or at any time after a shutdown. `E0007`, `E0413`, `E0412`.
pub fn cancel(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    synthetic: u16,
    number: u64,
) -> Result<Response> {
    let terms = state::terms(deps.storage)?;
    let own = state::synthetic(deps.storage, synthetic)?;
    let order = state::order(deps.storage, synthetic, number)?;
    let order = order.ok_or_else(|| Error::NotFound { what: "order".into(), key: number.to_string() })?;
    let sender = || info.sender.to_string();
    ensure(order.owner == canonical(deps.api, &info.sender)?, || Error::NotYourOrder {
        order: number,
        sender: sender(),
    })?;
    let mut books = Books::load(deps.storage)?;
    let board = Board::of(&deps.querier, &deps.api.addr_humanize(&terms.oracle)?)?;
    let since = board.intervals.start(order.interval);
    let free = env.block.time.seconds() < since || books.is_shut_down();
    ensure(free, || Error::OrderBound { order: number, since })?;
    let bad_debt = Listing::of(&deps.querier, &deps.api.addr_humanize(&terms.pool)?)?.bad_debt;

    books.release(synthetic, &order)?;
    books.pay(deps.storage, &order.owner, order.paid(), !bad_debt)?;
    state::remove_order(deps.storage, synthetic, number);
    let mut messages = books.save(deps.storage, deps.api, &terms)?;
    if !order.tokens().is_zero() {
        let back = TokenMsg::Transfer { recipient: sender(), amount: order.tokens().raw().into() };
        messages.push(back.to(deps.api.addr_humanize(&own.token)?)?);
    }
    Ok(Response::new().add_messages(messages).add_event(SpotCancelled { synthetic, order: number }))
}
