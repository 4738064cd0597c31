//! Publishing and pulling prices, and letting time pass with and without them.

use sdp_types::board::FeedId;
use sdp_types::events::PriceRejected;
use sdp_types::oracle::{self, Submission};

use crate::actions::{Actions, FeedPrice};
use crate::error::Result;
use crate::message::{events, Answer};
use crate::network::Network;

pub(crate) fn publish<N: Network + ?Sized>(network: &mut N, prices: &[FeedPrice]) -> Result<Answer> {
    let publish_time = network.now()?;
    let manifest = network.manifest();
    let submission = |&(feed, price, confidence): &FeedPrice| {
        let entry = manifest.feeds.get(usize::from(feed));
        let confidence = confidence.or(entry.map(|entry| entry.confidence)).unwrap_or_default();
        Submission { feed, price, confidence, publish_time }
    };
    let msg = oracle::ExecuteMsg::Publish { prices: prices.iter().map(submission).collect() };
    let quorum = usize::try_from(manifest.roles.quorum).unwrap_or(usize::MAX);
    let publishers: Vec<_> = manifest.roles.publishers.iter().take(quorum).cloned().collect();
    let mut last = Answer::default();
    for publisher in publishers {
        last = network.execute(&publisher, "oracle", &msg, &[])?;
    }
    Ok(last)
}

pub(crate) fn publish_surely<N: Network + ?Sized>(network: &mut N, prices: &[FeedPrice]) -> Result<Answer> {
    let (board, now) = (network.board()?, network.now()?);
    let published_now = |&(feed, _, _): &FeedPrice| {
        board.quotes.get(usize::from(feed)).is_some_and(|quote| quote.publish_time >= now)
    };
    if prices.iter().any(published_now) {
        network.wait_until(now + 1)?;
    }
    let answer = publish(network, prices)?;
    if events::<PriceRejected>(&answer)?.iter().all(|rejected| rejected.code != "E0205") {
        return Ok(answer);
    }
    let now = network.now()?;
    network.wait_until(now + 1)?;
    publish(network, prices)
}

pub(crate) fn republish<N: Network + ?Sized>(network: &mut N) -> Result<Answer> {
    let (board, now) = (network.board()?, network.now()?);
    let old = (0..).zip(&board.quotes).filter(|(_, quote)| quote.publish_time < now);
    let (pulled, pushed): (Vec<_>, Vec<_>) = old.partition(|(feed, _)| board.is_pulled(*feed));
    let pushed = pushed.into_iter().filter(|(_, quote)| !quote.price.is_zero());
    let prices: Vec<_> = pushed.map(|(feed, quote)| (feed, quote.price, Some(quote.confidence))).collect();
    let mut last = Answer::default();
    if !prices.is_empty() {
        last = publish(network, &prices)?;
    }
    let pulled: Vec<FeedId> = pulled.into_iter().map(|(feed, _)| feed).collect();
    match network.manifest().roles.publishers.first().cloned() {
        Some(publisher) if !pulled.is_empty() => network.pull(&publisher, &pulled),
        _ => Ok(last),
    }
}

pub(crate) fn pass<N: Network + ?Sized>(network: &mut N, seconds: u64) -> Result<Answer> {
    let now = network.now()?;
    let end = now + seconds;
    let interval = u64::from(network.manifest().oracle.interval_seconds);
    let manifest = network.manifest();
    let delays = manifest.markets.iter().map(|market| market.order_delay);
    let delay = delays.chain(manifest.spot.iter().map(|spot| spot.order_delay)).max();
    let first = now / interval + 1;
    let last = (now + delay.unwrap_or_default()).div_ceil(interval) + 2;
    for start in (first..=last).map(|number| number * interval).filter(|start| *start < end) {
        network.wait_until(start)?;
        republish(network)?;
    }
    network.wait_until(end)?;
    republish(network)
}
