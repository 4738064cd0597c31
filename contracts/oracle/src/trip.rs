//! Owner and guardian restrict a feed; the owner alone ends it.

use cosmwasm_std::{Addr, DepsMut, Event, Response};
use sdp_types::board::{Board, FeedId};
use sdp_types::contract::in_range;
use sdp_types::governance::{authority, only_owner};
use sdp_types::regime::{self, Moved, Regime, Trip};
use sdp_types::{ensure, Error, Result};

use crate::breaker;
use crate::state::{self, GUARDIAN};

pub fn trip(deps: DepsMut<'_>, now: u64, sender: &Addr, feed: FeedId, asked: Regime) -> Result<Response> {
    authority(deps.storage, sender, GUARDIAN.load(deps.storage)?.as_ref())?;
    // less than caution restricts nothing, and a feed has nothing that an emergency would stop besides
    in_range("regime", asked, Regime::Caution, Regime::CloseOnly)?;
    let hold = state::rules(deps.storage)?.breaker.map_or(0, |terms| terms.hold.into());
    change(deps, feed, "trip", |standing| regime::hold(standing, asked, now, hold))
}

pub fn reset(deps: DepsMut<'_>, sender: &Addr, feed: FeedId) -> Result<Response> {
    only_owner(deps.storage, sender)?;
    change(deps, feed, "reset", regime::reset)
}

/// `E0202` for an unknown feed, `E0322` where nothing changes.
fn change(
    deps: DepsMut<'_>,
    feed: FeedId,
    what: &str,
    by: impl FnOnce(&mut Option<Trip>) -> Option<Moved>,
) -> Result<Response> {
    let mut board: Board = state::board(deps.storage)?;
    ensure(usize::from(feed) < board.quotes.len(), || Error::UnknownFeed { feed: feed.into() })?;
    let before = breaker::standing(deps.storage, &board, feed)?;
    let mut after = before;
    let moved = by(&mut after);
    ensure(after != before, || Error::NothingToDo { what: what.into() })?;
    breaker::put(deps.storage, &mut board, feed, before, after)?;
    state::save_board(deps.storage, &board)?;
    let told: Option<Event> = moved.map(|moved| breaker::told(feed, moved));
    Ok(Response::new().add_events(told))
}
