//! A publisher reports prices.

use cosmwasm_std::{Addr, DepsMut, Event, Response};
use sdp_types::board::{Board, FeedId, Quote};
use sdp_types::events::{PriceRejected, PriceSet};
use sdp_types::oracle::Submission;
use sdp_types::record::canonical;
use sdp_types::units::MAX_PRICE;
use sdp_types::{ensure, Error, Price, Ratio, Result};

use crate::round::Round;
use crate::state;

pub fn publish(deps: DepsMut<'_>, now: u64, sender: &Addr, prices: &[Submission]) -> Result<Response> {
    let rules = state::rules(deps.storage)?;
    let publisher = canonical(deps.api, sender)?;
    ensure(rules.publishers.contains(&publisher), || Error::NotPublisher { sender: sender.to_string() })?;

    let board = state::board(deps.storage)?;
    acceptable(prices, &board, now)?;

    let mut round = Round::load(deps.storage, rules, board, publisher, now)?;
    let mut events = Vec::with_capacity(prices.len() + 2);
    for submission in prices {
        events.push(take(&mut round, submission)?);
    }
    events.extend(round.measure()?);
    if let Some(resumed) = round.save()? {
        events.push(resumed.into());
    }
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
        ensure(!price.is_zero() && price <= MAX_PRICE, || {
            Error::out_of_range("price", price, Price::new(1), MAX_PRICE)
        })?;
        ensure(confidence < Ratio::ONE, || Error::out_of_range("confidence", confidence, 0, "less than 1"))?;
        let feed = feed.into();
        ensure(publish_time <= now, || Error::PublishTimeInFuture { feed, publish_time, now })?;
    }
    Ok(())
}

/// One submission. Whatever keeps it from becoming a price is told, not returned.
fn take(round: &mut Round<'_>, submission: &Submission) -> Result<Event> {
    let feed = submission.feed;
    match round.median_with(submission) {
        Err(refusal) => Ok(rejected(feed, &refusal)),
        Ok(median) if !round.is_credible(feed, &median)? => {
            Ok(rejected(feed, &round.suspect(feed, &median)?))
        }
        Ok(median) => set(round, feed, median),
    }
}

fn set(round: &mut Round<'_>, feed: FeedId, quote: Quote) -> Result<Event> {
    let (interval, interval_set) = round.set(feed, quote)?;
    let Quote { price, confidence, publish_time } = quote;
    Ok(PriceSet { feed, price, confidence, publish_time, interval, interval_set }.into())
}

fn rejected(feed: FeedId, refusal: &Error) -> Event {
    PriceRejected { feed, code: refusal.code().to_string(), reason: refusal.to_string() }.into()
}
