//! Publishing prices, and letting time pass with and without them.

use cw_multi_test::AppResponse;
use sdp_types::events::PriceRejected;
use sdp_types::oracle::{self, Submission};

use crate::chain::{events, Chain, FeedPrice};
use crate::error::Result;

impl Chain {
    /// Publishes prices of feeds at the present time, by as many of the manifest's publishers as make a quorum, with
    /// the manifest's confidence where none is given. Whether the oracle took them is in the events of the last answer.
    pub fn publish(&mut self, prices: &[FeedPrice]) -> Result<AppResponse> {
        let publish_time = self.now();
        let submission = |&(feed, price, confidence): &FeedPrice| {
            let entry = self.manifest.feeds.get(usize::from(feed));
            let confidence = confidence.or(entry.map(|entry| entry.confidence)).unwrap_or_default();
            Submission { feed, price, confidence, publish_time }
        };
        let msg = oracle::ExecuteMsg::Publish { prices: prices.iter().map(submission).collect() };
        let quorum = usize::try_from(self.manifest.roles.quorum).unwrap_or(usize::MAX);
        let publishers: Vec<_> = self.manifest.roles.publishers.iter().take(quorum).cloned().collect();
        let mut last = AppResponse::default();
        for publisher in publishers {
            last = self.execute(&publisher, "oracle", &msg, &[])?;
        }
        Ok(last)
    }

    /// [`Self::publish`] as publishers of a real crash would: where a feed has a price of this second already, a second
    /// passes first; a jump beyond a feed's band is confirmed one second later.
    pub fn publish_surely(&mut self, prices: &[FeedPrice]) -> Result<AppResponse> {
        let (board, now) = (self.board()?, self.now());
        let published_now = |&(feed, _, _): &FeedPrice| {
            board.quotes.get(usize::from(feed)).is_some_and(|quote| quote.publish_time >= now)
        };
        if prices.iter().any(published_now) {
            self.advance(1);
        }
        let response = self.publish(prices)?;
        if events::<PriceRejected>(&response)?.iter().all(|rejected| rejected.code != "E0205") {
            return Ok(response);
        }
        self.advance(1);
        self.publish(prices)
    }

    /// Publishes the manifest's first prices.
    pub fn publish_first_prices(&mut self) -> Result<AppResponse> {
        let first = (0..).zip(&self.manifest.feeds);
        let first: Vec<_> = first.filter_map(|(id, feed)| Some((id, feed.price?, None))).collect();
        self.publish(&first)
    }

    /// Publishes the prices on the board again, unchanged, where they are older than now.
    pub fn republish(&mut self) -> Result<AppResponse> {
        let (board, now) = (self.board()?, self.now());
        let old = (0..).zip(&board.quotes).filter(|(_, quote)| quote.publish_time < now);
        let old = old.filter(|(_, quote)| !quote.price.is_zero());
        let prices: Vec<_> = old.map(|(feed, quote)| (feed, quote.price, Some(quote.confidence))).collect();
        if prices.is_empty() {
            return Ok(AppResponse::default());
        }
        self.publish(&prices)
    }

    /// Time passes, and the prices on the board are published again at the end; also at the beginning of each of the
    /// next intervals, up to two after the order delay, so that orders that were committed before find theirs.
    pub fn pass(&mut self, seconds: u64) -> Result<AppResponse> {
        let end = self.now() + seconds;
        let interval = u64::from(self.manifest.oracle.interval_seconds);
        let delay = self.manifest.markets.iter().map(|market| market.order_delay).max();
        let first = self.now() / interval + 1;
        let last = (self.now() + delay.unwrap_or_default()).div_ceil(interval) + 2;
        for start in (first..=last).map(|number| number * interval).filter(|start| *start < end) {
            self.advance(start - self.now());
            self.republish()?;
        }
        if self.now() < end {
            self.advance(end - self.now());
        }
        self.republish()
    }
}
