//! Which interval an order fills at: bound at its commit to the first one that begins after the delay, whoever settles it and whenever.

use cosmwasm_std::QuerierWrapper;

use sdp_types::board::{FeedId, Intervals, Quote, Slot};
use sdp_types::contract::in_range;
use sdp_types::{ensure, Error, Ratio, Result};

use crate::outside::Outside;
use crate::table::Table;

/// When orders may fill, seconds.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// From the commit to the first interval.
    pub delay: u64,
    /// Longest from the commit to the end of the last one.
    pub expiry: u64,
}

impl Times {
    /// Ranges of the times: an order must have at least one whole interval, and its prices must still be in the ring for the keepers. `E0004`.
    pub fn validate(&self, maximum_empty_intervals: u32, intervals: &Intervals) -> Result<()> {
        let empty = u64::from(maximum_empty_intervals);
        in_range("maximum_empty_intervals", empty, 0, u64::from(intervals.slots / 4))?;
        let interval = u64::from(intervals.seconds);
        let ring = interval.saturating_mul(u64::from(intervals.slots / 2));
        in_range("order_delay", self.delay, 0, ring)?;
        let least = self.delay.saturating_add(2 * interval);
        in_range("order_expiry", self.expiry, least, ring.max(least))
    }

    /// The first interval that an order of now may fill at, and how many it may pass over until the last. `E0422`, `E0004`.
    pub fn intervals(&self, geometry: &Intervals, now: u64, expires_in: Option<u64>) -> Result<(u64, u32)> {
        let max = self.expiry;
        let expires_in = expires_in.unwrap_or(max);
        ensure(expires_in <= max, || Error::ExpiryTooLong { asked: expires_in, max })?;
        let first = geometry.first_from(now.saturating_add(self.delay));
        let last = geometry.of(now.saturating_add(expires_in)).saturating_sub(1);
        let least = geometry.start(first.saturating_add(1)).saturating_sub(now);
        ensure(last >= first, || Error::out_of_range("expires_in", expires_in, least, max))?;
        let span = u32::try_from(last.saturating_sub(first));
        Ok((first, span.map_err(|_| Error::ExpiryTooLong { asked: expires_in, max: u32::MAX.into() })?))
    }
}

/// What an order meets when its turn comes.
pub enum Turn {
    /// Its interval's prices.
    Fill(Slot, Quote),
    /// Its interval may still get a price.
    Wait,
    /// No interval that it may fill at has one any more.
    Void,
}

/// The slots that a batch has read.
#[derive(Default)]
pub struct Slots {
    slots: Table<u64, Slot>,
}

impl Slots {
    /// The first of the intervals that has a price of the feed no less certain than `widest`, if there is one or can still be one.
    #[inline(never)]
    pub fn turn(
        &mut self,
        querier: &QuerierWrapper<'_>,
        outside: &Outside,
        (feed, widest): (FeedId, Ratio),
        (first, last): (u64, u64),
    ) -> Result<Turn> {
        let geometry = outside.board.intervals;
        for interval in first..=last {
            // whether it had a price can't be known any more, and a later one would be the settler's choice
            if !geometry.keeps(interval, outside.now) {
                return Ok(Turn::Void);
            }
            if geometry.start(interval) > outside.now {
                return Ok(Turn::Wait);
            }
            let slot = self.slot(querier, outside, interval)?;
            let quote = slot.final_quote(feed, &outside.board, outside.now);
            // whoever pulls can make the band as wide as the interval's prices were: that must not spare him their worse edge
            let widest = if outside.board.is_pulled(feed) { Ratio::MAX } else { widest };
            if let Some(quote) = quote.filter(|quote| quote.confidence <= widest) {
                return Ok(Turn::Fill(slot, quote));
            }
            let taken = quote.is_some();
            if !taken && outside.now < geometry.closed_from(interval) {
                return Ok(Turn::Wait);
            }
        }
        Ok(Turn::Void)
    }

    fn slot(&mut self, querier: &QuerierWrapper<'_>, outside: &Outside, interval: u64) -> Result<Slot> {
        if let Some(slot) = self.slots.get(&interval) {
            return Ok(slot.clone());
        }
        let slot = Slot::of(querier, &outside.oracle, &outside.board.intervals, interval)?;
        self.slots.put(interval, slot.clone());
        Ok(slot)
    }
}
