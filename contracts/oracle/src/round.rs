//! One message's work on the board: loaded once, changed in memory, saved once.

use cosmwasm_std::{Event, Storage};
use sdp_types::board::{Board, FeedId, Quote, Slot, SlotQuote};
use sdp_types::error::OracleError;
use sdp_types::events::{PriceRejected, PriceSet, Resumed};
use sdp_types::{ensure, Error, Price, Ratio, Result};

use crate::average::moved;
use crate::breaker;
use crate::compose;
use crate::measure;
use crate::state::{self, Candidate, Limits, Rules};

/// Everything that prices can change, whoever they come from.
pub struct Round<'a> {
    storage: &'a mut dyn Storage,
    now: u64,
    rules: Rules,
    board: Board,
    /// Slots that got a price.
    slots: Vec<Slot>,
    priced: bool,
    /// What prices did to the regimes of their feeds.
    events: Vec<Event>,
}

/// What became of a price.
pub struct Taken {
    /// Whether it is on the board now.
    pub is_price: bool,
    /// `price_set` or `price_rejected`.
    pub told: Event,
}

impl<'a> Round<'a> {
    /// Nothing has changed yet.
    pub fn begin(storage: &'a mut dyn Storage, rules: Rules, board: Board, now: u64) -> Self {
        Self { storage, now, rules, board, slots: Vec::new(), priced: false, events: Vec::new() }
    }

    /// Block time.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// The board as it is by now.
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// Who publishes, and what becomes a price.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Where everything is; the board and its slots are older there until the end.
    pub fn storage(&self) -> &dyn Storage {
        self.storage
    }

    /// The same, for what a message keeps besides.
    pub fn storage_mut(&mut self) -> &mut dyn Storage {
        self.storage
    }

    /// The last price of a feed, however old. `E0202`.
    pub fn quote(&self, feed: FeedId) -> Result<Quote> {
        let quote = self.board.quotes.get(usize::from(feed)).copied();
        quote.ok_or(Error::UnknownFeed { feed: feed.into() })
    }

    /// A median or what a source has answered, or why there is none. Whatever keeps it from becoming a price is told, not
    /// returned: that, `E0207` for one that is too wide, `E0205` for one that has to be confirmed.
    pub fn take(&mut self, feed: FeedId, found: Result<Quote>) -> Result<Taken> {
        match found.and_then(|quote| self.certain(feed, quote)) {
            Err(refusal) => Ok(rejected(feed, &refusal)),
            Ok(quote) if !self.is_credible(feed, &quote)? => Ok(rejected(feed, &self.suspect(feed, &quote)?)),
            Ok(quote) => {
                let (interval, interval_set) = self.set(feed, quote)?;
                let Quote { price, confidence, publish_time } = quote;
                let told = PriceSet { feed, price, confidence, publish_time, interval, interval_set }.into();
                Ok(Taken { is_price: true, told })
            }
        }
    }

    fn certain(&self, feed: FeedId, quote: Quote) -> Result<Quote> {
        let (confidence, allowed) = (quote.confidence, self.limits(feed).maximum_confidence);
        ensure(confidence <= allowed, || Error::ConfidenceTooWide {
            feed: feed.into(),
            confidence,
            allowed,
        })?;
        Ok(quote)
    }

    /// Whether a price is close to the last good one, or to the one before it that was not and was published earlier.
    fn is_credible(&self, feed: FeedId, quote: &Quote) -> Result<bool> {
        let (last, band) = (self.quote(feed)?, self.limits(feed).deviation_band);
        if last.price.is_zero() || within(quote.price, last.price, band)? {
            return Ok(true);
        }
        match self.candidate(feed)? {
            Some(before) => {
                Ok(quote.publish_time > before.publish_time && within(quote.price, before.price, band)?)
            }
            None => Ok(false),
        }
    }

    /// Keeps a price that is not credible until the next one confirms it or replaces it; the refusal that goes with it.
    fn suspect(&mut self, feed: FeedId, quote: &Quote) -> Result<Error> {
        let (last, band) = (self.quote(feed)?, self.limits(feed).deviation_band);
        let Quote { price, publish_time, .. } = *quote;
        // a late set may be older than the last one
        let outdated = self.candidate(feed)?.is_some_and(|before| before.publish_time > publish_time);
        if !outdated {
            let candidate = Candidate { price, publish_time, against: last.publish_time };
            state::save_candidate(self.storage, feed, &candidate)?;
        }
        Ok(OracleError::DeviationTooLarge { feed: feed.into(), price, last: last.price, band }.into())
    }

    /// Puts a price on the board, into the average, and into the slot of its interval if that still takes it; and if it
    /// ran away from the average it restricts its feed. The interval, and whether it took it.
    fn set(&mut self, feed: FeedId, quote: Quote) -> Result<(u64, bool)> {
        let last = self.quote(feed)?;
        let elapsed = quote.publish_time.saturating_sub(last.publish_time);
        if let Some(average) = self.board.averages.get_mut(usize::from(feed)) {
            *average = moved(*average, quote.price, elapsed, self.rules.average_seconds.into())?;
        }
        if let Some(place) = self.board.quotes.get_mut(usize::from(feed)) {
            *place = quote;
        }
        self.priced = true;
        if let Some(terms) = &self.rules.breaker {
            self.events.extend(breaker::after_price(self.storage, terms, &mut self.board, feed, self.now)?);
        }
        let interval = self.board.intervals.of(quote.publish_time);
        Ok((interval, self.fill(interval, SlotQuote { feed, quote })?))
    }

    /// After all prices: does what a measurement has to do now, if anything, and saves what has changed. What that and the
    /// prices have brought about, and the end of a gap, if the board came back from one.
    pub fn finish(mut self) -> Result<Vec<Event>> {
        let mut events = core::mem::take(&mut self.events);
        if !self.priced {
            return Ok(events);
        }
        events.extend(measure::whatever_is_due(self.storage, &self.rules, &mut self.board, self.now)?);
        let pause = self.now.saturating_sub(self.board.written_at);
        if self.board.written_at != 0 && pause > u64::from(self.board.gap) {
            self.board.resumed_at = self.now;
            events.push(Resumed { after: pause }.into());
        }
        self.board.written_at = self.now;
        state::save_board(self.storage, &self.board)?;
        for slot in &self.slots {
            state::save_slot(self.storage, &self.board.intervals, slot)?;
        }
        Ok(events)
    }

    /// An interval takes the first price of a pushed feed and the band of every price of a pulled one, until its grace is over; a
    /// slot never goes back to an earlier interval. Whether that changed it.
    fn fill(&mut self, interval: u64, entry: SlotQuote) -> Result<bool> {
        let (intervals, pulled) = (self.board.intervals, self.board.is_pulled(entry.feed));
        if self.now >= intervals.closed_from(interval) {
            return Ok(false);
        }
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.interval == interval) {
            return add(slot, entry, pulled);
        }
        let mut slot = match state::slot(self.storage, &intervals, interval)? {
            Some(later) if later.interval > interval => return Ok(false),
            Some(same) if same.interval == interval => same,
            _ => Slot { interval, quotes: Vec::new() },
        };
        let added = add(&mut slot, entry, pulled)?;
        if added {
            self.slots.push(slot);
        }
        Ok(added)
    }

    fn limits(&self, feed: FeedId) -> Limits {
        self.rules.limits.get(usize::from(feed)).copied().unwrap_or_default()
    }

    /// The last price that was too far from the one that is still on the board.
    fn candidate(&self, feed: FeedId) -> Result<Option<Candidate>> {
        let on_board = self.quote(feed)?.publish_time;
        Ok(state::candidate(self.storage, feed)?.filter(|candidate| candidate.against == on_board))
    }
}

fn rejected(feed: FeedId, refusal: &Error) -> Taken {
    let (code, reason) = (refusal.code().to_string(), refusal.to_string());
    Taken { is_price: false, told: PriceRejected { feed, code, reason }.into() }
}

fn add(slot: &mut Slot, entry: SlotQuote, pulled: bool) -> Result<bool> {
    match slot.quotes.iter_mut().find(|held| held.feed == entry.feed) {
        None => slot.quotes.push(entry),
        Some(_) if !pulled => return Ok(false),
        Some(held) => {
            let wider = compose::around(held.quote, entry.quote)?;
            if (wider.price, wider.confidence) == (held.quote.price, held.quote.confidence) {
                return Ok(false);
            }
            held.quote = wider;
        }
    }
    Ok(true)
}

/// `|price − other| ≤ band·other`, exactly.
fn within(price: Price, other: Price, band: Ratio) -> Result<bool> {
    let distance = Price::new(price.raw().abs_diff(other.raw())).wide();
    Ok(distance.times(Ratio::ONE.wide())? <= band.wide().times(other.wide())?)
}
