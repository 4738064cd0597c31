//! Anyone asks the sources of feeds.
//!
//! He chooses the moment, and which feeds: a query that runs out of gas ends the whole message, so a source that does is left
//! out. What the moment is worth to him is taken back by the ring, which keeps the band around all that was pulled.

use cosmwasm_std::{DepsMut, Event, QuerierWrapper, Response};
use sdp_types::board::{Board, FeedId};
use sdp_types::error::SourceError;
use sdp_types::{ensure, Error, Result};

use crate::round::Round;
use crate::source::Evaluation;
use crate::state;

pub fn pull(deps: DepsMut<'_>, now: u64, feeds: &[FeedId]) -> Result<Response> {
    let board = state::board(deps.storage)?;
    acceptable(feeds, &board)?;

    let rules = state::rules(deps.storage)?;
    let mut round = Round::begin(deps.storage, rules, board, now);
    let mut events = Vec::with_capacity(feeds.len() + 2);
    for feed in feeds {
        events.push(take(&mut round, &deps.querier, *feed)?);
    }
    events.extend(round.finish()?);
    Ok(Response::new().add_events(events))
}

/// What a message may not ask for: nothing of it is done.
fn acceptable(feeds: &[FeedId], board: &Board) -> Result<()> {
    ensure(!feeds.is_empty(), || Error::Zero { what: "feeds".into() })?;
    for (at, feed) in feeds.iter().enumerate() {
        ensure(usize::from(*feed) < board.quotes.len(), || Error::UnknownFeed { feed: (*feed).into() })?;
        let twice = feeds.iter().take(at).any(|before| before == feed);
        ensure(!twice, || Error::Duplicate { what: "feed".into(), key: feed.to_string() })?;
        ensure(board.is_pulled(*feed), || SourceError::NotPulled { feed: (*feed).into() }.into())?;
    }
    Ok(())
}

/// One feed. Whatever keeps its source's answer from becoming a price is told, not returned.
fn take(round: &mut Round<'_>, querier: &QuerierWrapper<'_>, feed: FeedId) -> Result<Event> {
    let source = state::source(round.storage(), feed)?.ok_or(SourceError::NotPulled { feed: feed.into() })?;
    let last = round.quote(feed)?.publish_time;
    let mut evaluation = Evaluation::begin(round.storage(), round.board(), querier, feed, round.now());
    let found = evaluation.price(&source, last);
    let rates = evaluation.rates;
    let taken = round.take(feed, found)?;
    if taken.is_price {
        for (leaf, rate) in rates {
            state::save_rate(round.storage_mut(), feed, leaf, &rate)?;
        }
    }
    Ok(taken.told)
}
