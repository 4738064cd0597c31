//! One message's work on the board: loaded once, changed in memory, saved once.

use cosmwasm_std::{CanonicalAddr, Event, Storage};
use sdp_types::board::{Board, FeedId, Quote, Slot, SlotQuote};
use sdp_types::events::Resumed;
use sdp_types::oracle::Submission;
use sdp_types::{ensure, Error, Price, Ratio, Result};

use crate::average::moved;
use crate::breaker;
use crate::measure;
use crate::median::median;
use crate::state::{self, Candidate, Limits, Rules, Submissions};

/// Everything that one publisher's message can change.
pub struct Round<'a> {
    storage: &'a mut dyn Storage,
    now: u64,
    rules: Rules,
    board: Board,
    publisher: CanonicalAddr,
    own: Submissions,
    others: Vec<Submissions>,
    /// Slots that got a price.
    slots: Vec<Slot>,
    submitted: bool,
    priced: bool,
    /// What prices did to the regimes of their feeds.
    events: Vec<Event>,
}

impl<'a> Round<'a> {
    /// Loads what is missing: every publisher's last submissions.
    pub fn load(
        storage: &'a mut dyn Storage,
        rules: Rules,
        board: Board,
        publisher: CanonicalAddr,
        now: u64,
    ) -> Result<Self> {
        let own = state::submissions(storage, &publisher)?;
        let others = rules.publishers.iter().filter(|other| **other != publisher);
        let others: Result<_> = others.map(|other| state::submissions(storage, other)).collect();
        Ok(Self {
            storage,
            now,
            rules,
            board,
            publisher,
            own,
            others: others?,
            slots: Vec::new(),
            submitted: false,
            priced: false,
            events: Vec::new(),
        })
    }

    /// Takes in a submission; the median of its feed if that makes a quorum and is certain enough.
    ///
    /// Every error means that there is no price: `E0203`, `E0210`, `E0207`. After the first of them the submission is
    /// not kept, after the others it is.
    pub fn median_with(&mut self, submission: &Submission) -> Result<Quote> {
        let Submission { feed, price, confidence, publish_time } = *submission;
        let on_board = self.quote(feed)?.publish_time;
        let last = self.own.last(feed).publish_time.max(on_board);
        ensure(publish_time > last, || Error::PublishTimeNotNewer { feed: feed.into(), publish_time, last })?;
        let own = Quote { price, confidence, publish_time };
        self.own.set(feed, own);
        self.submitted = true;

        let oldest = publish_time.saturating_sub(self.board.intervals.seconds.into());
        let recent = |quote: &Quote| quote.publish_time > on_board && quote.publish_time >= oldest;
        let mut set: Vec<Quote> = self.others.iter().map(|other| other.last(feed)).filter(recent).collect();
        set.push(own);
        let (have, need) = (u64::try_from(set.len()).unwrap_or(u64::MAX), u64::from(self.rules.quorum));
        let too_few = || Error::NoQuorum { feed: feed.into(), have, need };
        ensure(have >= need, too_few)?;
        let median = median(&set).ok_or_else(too_few)?;

        let allowed = self.limits(feed).maximum_confidence;
        ensure(median.confidence <= allowed, || Error::ConfidenceTooWide {
            feed: feed.into(),
            confidence: median.confidence,
            allowed,
        })?;
        Ok(median)
    }

    /// Whether a median is close to the last good price, or to the median before it that was not and was published
    /// earlier.
    pub fn is_credible(&self, feed: FeedId, median: &Quote) -> Result<bool> {
        let (last, band) = (self.quote(feed)?, self.limits(feed).deviation_band);
        if last.price.is_zero() || within(median.price, last.price, band)? {
            return Ok(true);
        }
        match self.candidate(feed)? {
            Some(before) => {
                Ok(median.publish_time > before.publish_time && within(median.price, before.price, band)?)
            }
            None => Ok(false),
        }
    }

    /// Keeps a median that is not credible until the next one confirms it or replaces it; the refusal that goes with
    /// it.
    pub fn suspect(&mut self, feed: FeedId, median: &Quote) -> Result<Error> {
        let (last, band) = (self.quote(feed)?, self.limits(feed).deviation_band);
        let Quote { price, publish_time, .. } = *median;
        // a late set may be older than the last one
        let outdated = self.candidate(feed)?.is_some_and(|before| before.publish_time > publish_time);
        if !outdated {
            let candidate = Candidate { price, publish_time, against: last.publish_time };
            state::save_candidate(self.storage, feed, &candidate)?;
        }
        Ok(Error::DeviationTooLarge { feed: feed.into(), price, last: last.price, band })
    }

    /// Puts a price on the board, into the average, and into the slot of its interval if that still takes it; and if it
    /// ran away from the average it restricts its feed. The interval, and whether it took it.
    pub fn set(&mut self, feed: FeedId, quote: Quote) -> Result<(u64, bool)> {
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

    /// After all prices: what a measurement has to do now, if anything. What that and the prices have brought about.
    pub fn measure(&mut self) -> Result<Vec<Event>> {
        let mut events = core::mem::take(&mut self.events);
        if self.priced {
            events.extend(measure::whatever_is_due(self.storage, &self.rules, &mut self.board, self.now)?);
        }
        Ok(events)
    }

    /// Saves what has changed; the end of a gap, if the board came back from one.
    pub fn save(mut self) -> Result<Option<Resumed>> {
        if self.submitted {
            state::save_submissions(self.storage, &self.publisher, &self.own)?;
        }
        if !self.priced {
            return Ok(None);
        }
        let pause = self.now.saturating_sub(self.board.written_at);
        let resumed = self.board.written_at != 0 && pause > u64::from(self.board.gap);
        if resumed {
            self.board.resumed_at = self.now;
        }
        self.board.written_at = self.now;
        state::save_board(self.storage, &self.board)?;
        for slot in &self.slots {
            state::save_slot(self.storage, &self.board.intervals, slot)?;
        }
        Ok(resumed.then_some(Resumed { after: pause }))
    }

    /// An interval takes the first price of a feed, until its grace is over; a slot never goes back to an earlier
    /// interval.
    fn fill(&mut self, interval: u64, entry: SlotQuote) -> Result<bool> {
        let intervals = self.board.intervals;
        if self.now >= intervals.closed_from(interval) {
            return Ok(false);
        }
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.interval == interval) {
            return Ok(add(slot, entry));
        }
        let mut slot = match state::slot(self.storage, &intervals, interval)? {
            Some(later) if later.interval > interval => return Ok(false),
            Some(same) if same.interval == interval => same,
            _ => Slot { interval, quotes: Vec::new() },
        };
        let added = add(&mut slot, entry);
        if added {
            self.slots.push(slot);
        }
        Ok(added)
    }

    fn quote(&self, feed: FeedId) -> Result<Quote> {
        let quote = self.board.quotes.get(usize::from(feed)).copied();
        quote.ok_or(Error::UnknownFeed { feed: feed.into() })
    }

    fn limits(&self, feed: FeedId) -> Limits {
        self.rules.limits.get(usize::from(feed)).copied().unwrap_or_default()
    }

    /// The last median that was too far from the price that is still on the board.
    fn candidate(&self, feed: FeedId) -> Result<Option<Candidate>> {
        let on_board = self.quote(feed)?.publish_time;
        Ok(state::candidate(self.storage, feed)?.filter(|candidate| candidate.against == on_board))
    }
}

fn add(slot: &mut Slot, entry: SlotQuote) -> bool {
    let first = slot.quote(entry.feed).is_none();
    if first {
        slot.quotes.push(entry);
    }
    first
}

/// `|price − other| ≤ band·other`, exactly.
fn within(price: Price, other: Price, band: Ratio) -> Result<bool> {
    let distance = Price::new(price.raw().abs_diff(other.raw())).wide();
    Ok(distance.times(Ratio::ONE.wide())? <= band.wide().times(other.wide())?)
}
