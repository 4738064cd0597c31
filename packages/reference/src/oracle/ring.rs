//! Intervals: which price of a feed each has, and what an order finds in its own.

use super::{Oracle, Quote};
use crate::number::Q;
use crate::verdict::Trial;

/// What an interval has for a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Interval {
    /// Its price.
    Priced(Quote),
    /// It may still get one.
    Open,
    /// It has none and never will, or the ring has dropped it.
    Empty,
}

/// What an order finds when its turn comes.
pub(crate) enum Binding {
    /// Its interval may still get a price.
    Waits,
    /// None of its intervals has a price.
    Void,
    /// This price of this interval.
    At(Quote, u64),
}

impl Oracle {
    /// The interval that a time lies in.
    pub(crate) fn interval_of(&self, time: u64) -> u64 {
        time / self.config.seconds
    }

    /// When an interval begins.
    pub(crate) fn start(&self, interval: u64) -> u64 {
        interval * self.config.seconds
    }

    /// The first interval that begins at a time or later.
    pub(crate) fn first_from(&self, time: u64) -> u64 {
        time.div_ceil(self.config.seconds)
    }

    pub(super) fn closed_from(&self, interval: u64) -> u64 {
        self.start(interval + 1) + self.config.grace
    }

    /// Whether its slot has not been due to a later interval yet.
    pub(crate) fn keeps(&self, interval: u64, now: u64) -> bool {
        self.interval_of(now) < interval + self.config.slots
    }

    /// A feed's price in an interval, as long as the slot holds that interval.
    pub(crate) fn priced(&self, interval: u64, feed: usize) -> Option<Quote> {
        let (held, quotes) = self.ring.get(&(interval % self.config.slots))?;
        (*held == interval).then(|| quotes.get(&feed).cloned()).flatten()
    }

    pub(crate) fn interval(&self, interval: u64, feed: usize, now: u64) -> Interval {
        if !self.keeps(interval, now) {
            return Interval::Empty;
        }
        let open = now < self.closed_from(interval);
        match self.priced(interval, feed) {
            // it may still get wider
            Some(_) if open && self.pulled(feed) => Interval::Open,
            Some(quote) => Interval::Priced(quote),
            None if open => Interval::Open,
            None => Interval::Empty,
        }
    }

    /// First and last interval of an order with this delay and longest expiry: the last one ends no later than the expiry.
    pub(crate) fn intervals(
        &self,
        trial: &mut Trial,
        now: u64,
        (delay, longest): (u64, u64),
        expires_in: Option<u64>,
    ) -> Option<(u64, u64)> {
        let expires_in = expires_in.unwrap_or(longest);
        trial.must("E0422", expires_in <= longest)?;
        let interval = self.first_from(now + delay);
        let ends = self.interval_of(now + expires_in);
        trial.must("E0004", ends > interval)?;
        Some((interval, ends - 1))
    }

    /// What an order for one of these intervals finds: the first price that is certain enough, or any final one of a pulled feed.
    pub(crate) fn binding(
        &self,
        feed: usize,
        widest: &Q,
        intervals: core::ops::RangeInclusive<u64>,
        now: u64,
    ) -> Binding {
        for interval in intervals {
            if !self.keeps(interval, now) {
                // nobody knows any more whether it had a price
                return Binding::Void;
            }
            match self.interval(interval, feed, now) {
                Interval::Priced(quote) if quote.confidence <= *widest || self.pulled(feed) => {
                    return Binding::At(quote, interval);
                }
                Interval::Open => return Binding::Waits,
                Interval::Priced(_) | Interval::Empty => {}
            }
        }
        Binding::Void
    }
}
