//! A publisher reports prices.

use cosmwasm_std::{Addr, DepsMut, Response};
use sdp_types::board::Board;
use sdp_types::error::OracleError;
use sdp_types::error::SourceError;
use sdp_types::oracle::Submission;
use sdp_types::record::canonical;
use sdp_types::units::MAX_PRICE;
use sdp_types::{ensure, Error, Price, Ratio, Result};

use crate::ballot::Ballot;
use crate::round::Round;
use crate::state;

pub fn publish(deps: DepsMut<'_>, now: u64, sender: &Addr, prices: &[Submission]) -> Result<Response> {
    let rules = state::rules(deps.storage)?;
    let publisher = canonical(deps.api, sender)?;
    ensure(rules.publishers.contains(&publisher), || {
        OracleError::NotPublisher { sender: sender.to_string() }.into()
    })?;

    let board = state::board(deps.storage)?;
    acceptable(prices, &board, now)?;

    let mut ballot = Ballot::load(deps.storage, &rules, publisher)?;
    let mut round = Round::begin(deps.storage, rules, board, now);
    let mut events = Vec::with_capacity(prices.len() + 2);
    for submission in prices {
        let median = ballot.median_with(&round, submission);
        events.push(round.take(submission.feed, median)?.told);
    }
    ballot.save(round.storage_mut())?;
    events.extend(round.finish()?);
    Ok(Response::new().add_events(events))
}

/// What a message may not carry at all: nothing of it is taken.
fn acceptable(prices: &[Submission], board: &Board, now: u64) -> Result<()> {
    ensure(!prices.is_empty(), || Error::Zero { what: "prices".into() })?;
    let mut seen = vec![false; board.quotes.len()];
    for Submission { feed, price, confidence, publish_time } in prices.iter().copied() {
        let seen = seen.get_mut(usize::from(feed)).ok_or(Error::UnknownFeed { feed: feed.into() })?;
        let twice = core::mem::replace(seen, true);
        ensure(!twice, || Error::Duplicate { what: "feed".into(), key: feed.to_string() })?;
        ensure(!board.is_pulled(feed), || SourceError::NotPushed { feed: feed.into() }.into())?;
        ensure(!price.is_zero() && price <= MAX_PRICE, || {
            Error::out_of_range("price", price, Price::new(1), MAX_PRICE)
        })?;
        ensure(confidence < Ratio::ONE, || Error::out_of_range("confidence", confidence, 0, "less than 1"))?;
        let feed = feed.into();
        ensure(publish_time <= now, || Error::PublishTimeInFuture { feed, publish_time, now })?;
    }
    Ok(())
}
