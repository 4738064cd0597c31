//! How it ended.

use cosmwasm_std::{Deps, DepsMut, Env, Response};

use sdp_types::board::{Board, Slot, Use};
use sdp_types::error::EventError;
use sdp_types::event::Outcome;
use sdp_types::events::EventResolved;
use sdp_types::{ensure, Price, Result};

use crate::contract::{behind, told};
use crate::state::{self, Terms};

/// `Resolve`.
pub fn resolve(deps: DepsMut<'_>, env: &Env) -> Result<Response> {
    let (terms, mut event) = state::load(deps.storage)?;
    ensure(event.book.outcome.is_none(), || EventError::OutcomeKnown {}.into())?;
    let price = deciding_price(deps.as_ref(), &terms, env.block.time.seconds())?;
    let (outcome, shown) = match price {
        Some(price) if price > terms.strike => (Outcome::Yes, "yes"),
        Some(_) => (Outcome::No, "no"),
        None => (Outcome::Refunded, "refunded"),
    };
    event.book.outcome = Some(outcome);
    let behind = behind(deps.as_ref(), env, &terms)?;
    let resolved = EventResolved { outcome: shown.into(), price: price.unwrap_or_default() };
    Ok(told(deps, env, &mut event, &behind)?.add_event(resolved))
}

/// The price of the first interval at or after the end, if the oracle's ring still has one; else the board's, while the window is open; then
/// none. `E1052` while that can't be said.
fn deciding_price(deps: Deps<'_>, terms: &Terms, now: u64) -> Result<Option<Price>> {
    let board = Board::of(&deps.querier, &terms.oracle)?;
    let intervals = board.intervals;
    let interval = intervals.first_from(terms.ends_at);
    let closes = intervals.closed_from(interval);
    if intervals.keeps(interval, now) {
        let slot = Slot::of(&deps.querier, &terms.oracle, &intervals, interval)?;
        if let Some(quote) = slot.final_quote(terms.feed, &board, now) {
            return Ok(Some(quote.price));
        }
        ensure(now >= closes, || EventError::OutcomeUnknown { from: closes, now }.into())?;
    }
    let last = terms.ends_at.saturating_add(terms.window);
    match board.fresh(terms.feed, Use::Trade, now) {
        Ok(quote) if now <= last => Ok(Some(quote.price)),
        _ if now > last => Ok(None),
        _ => Err(EventError::OutcomeUnknown { from: last.saturating_add(1), now }.into()),
    }
}
