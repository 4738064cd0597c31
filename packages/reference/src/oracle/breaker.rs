//! What restricts a feed: its price far from its average, or a person.

use num_traits::Signed;

use super::Oracle;
use crate::number::{ratio_step, whole, Q};
use crate::regime::{Reason, Regime, Trip};
use crate::verdict::Trial;

/// Of a feed that is not normal.
#[derive(Clone, Debug)]
pub(super) struct Restriction {
    pub(super) trip: Trip,
    /// What tripped it; 0 where a person did.
    pub(super) measure: Q,
    pub(super) since: u64,
}

impl Oracle {
    /// |price − average| ÷ average, with 18 decimals rounded up, against the breaker.
    pub(super) fn restrict(&mut self, now: u64, feed: usize) {
        let (Some(breaker), Some(quote)) = (&self.config.breaker, &self.quotes[feed]) else { return };
        let average = &self.averages[feed];
        let measure = (&quote.price - average).abs() / average;
        let measure = (measure / ratio_step()).ceil() * ratio_step();
        let before = self.trip_of(feed);
        // what a person has tripped is not the breaker's to hold
        let asked = breaker.breaker.asks(&measure, before.because_of(Reason::PRICE_DEVIATION));
        let mut after = before.after(asked, now, breaker.cool_down);
        if after.regime != before.regime {
            after.reason = Reason::PRICE_DEVIATION;
        }
        self.put(now, feed, after, measure);
    }

    /// What is allowed with a feed.
    pub fn regime(&self, feed: usize) -> Regime {
        self.trip_of(feed).regime
    }

    pub(crate) fn trip(
        &mut self,
        trial: &mut Trial,
        now: u64,
        sender: &str,
        feed: usize,
        asked: Regime,
    ) -> Option<()> {
        let may = self.config.owner == sender || self.config.guardian.as_deref() == Some(sender);
        trial.must("E0103", may)?;
        trial.must("E0004", asked == Regime::Caution || asked == Regime::CloseOnly)?;
        trial.must("E0202", feed < self.config.feeds.len())?;
        let seconds = self.config.breaker.as_ref().map_or(0, |breaker| breaker.hold);
        let before = self.trip_of(feed);
        let after = before.held(asked, now, seconds);
        self.put(now, feed, after, whole(0));
        trial.must("E0322", after != before)
    }

    pub(crate) fn reset(&mut self, trial: &mut Trial, sender: &str, feed: usize) -> Option<()> {
        trial.must("E0101", self.config.owner == sender)?;
        trial.must("E0202", feed < self.config.feeds.len())?;
        trial.must("E0322", self.restricted.remove(&feed).is_some())
    }

    fn trip_of(&self, feed: usize) -> Trip {
        self.restricted.get(&feed).map_or_else(Trip::default, |restriction| restriction.trip)
    }

    /// The measure and the time are those of the last change of the regime.
    fn put(&mut self, now: u64, feed: usize, trip: Trip, measure: Q) {
        let before = self.restricted.remove(&feed).filter(|before| before.trip.regime == trip.regime);
        let (measure, since) = before.map_or((measure, now), |before| (before.measure, before.since));
        if trip.regime > Regime::Normal {
            let _ = self.restricted.insert(feed, Restriction { trip, measure, since });
        }
    }
}
