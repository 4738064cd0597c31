//! What is stored, and under which keys: nobody else knows them.
//!
//! The records that other contracts read are in `sdp_types::board`. What a publish needs besides is binary too; what it
//! does not need is plain cw-storage-plus.

use cosmwasm_std::{Addr, CanonicalAddr, Storage};
use cw_storage_plus::{Item, Map};
use sdp_risk::measure::{Estimate, Range};
use sdp_types::board::{quotes, Board, Covariance, FeedId, Intervals, Quote, Slot};
use sdp_types::governance::Timelock;
use sdp_types::oracle::{Change, FeedBreaker, FeedConfig, Measurement, Source};
use sdp_types::record::{key, key_of, tag, Record};
use sdp_types::regime::Trip;
use sdp_types::{Price, Ratio, Result};
use serde::{Deserialize, Serialize};

/// Who may only tighten.
pub const GUARDIAN: Item<Option<Addr>> = Item::new("guardian");
/// Delay of loosening changes, seconds.
pub const CHANGE_DELAY: Item<u64> = Item::new("change_delay");
/// Symbols by feed number.
pub const SYMBOLS: Item<Vec<String>> = Item::new("symbols");
/// Changes that wait.
pub const CHANGES: Timelock<Change> = Timelock::new();

/// Of exactly the feeds that the board lists as pulled.
const SOURCES: Map<FeedId, Source> = Map::new("sources");
/// By feed and place of the leaf in its source.
const RATES: Map<(FeedId, u8), AcceptedRate> = Map::new("rates");
const CANDIDATES: Map<FeedId, Candidate> = Map::new("candidates");
/// Of exactly the feeds that the board lists as restricted.
const TRIPS: Map<FeedId, Trip> = Map::new("trips");

/// Who publishes, and what becomes a price.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// How many publishers make a price.
    pub quorum: u32,
    /// Time constant of the averages, seconds.
    pub average_seconds: u32,
    /// Who publishes.
    pub publishers: Vec<CanonicalAddr>,
    /// By feed number.
    pub limits: Vec<Limits>,
    /// How volatilities and correlations are measured, if they are.
    pub measurement: Option<Measurement>,
    /// When a feed is restricted, if ever.
    pub breaker: Option<FeedBreaker>,
}

impl Rules {
    /// What measured volatilities are kept to, by feed number; an oracle that measures has one for each.
    pub fn ranges(&self) -> Vec<Range> {
        let unbounded = Range { floor: Range::LEAST, ceiling: u32::MAX };
        self.limits.iter().map(|limits| limits.volatility.unwrap_or(unbounded)).collect()
    }
}

/// What a median has to keep to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// See [`FeedConfig::deviation_band`].
    pub deviation_band: Ratio,
    /// See [`FeedConfig::maximum_confidence`].
    pub maximum_confidence: Ratio,
    /// See [`FeedConfig::volatility`].
    pub volatility: Option<Range>,
}

impl From<&FeedConfig> for Limits {
    fn from(feed: &FeedConfig) -> Self {
        Self {
            deviation_band: feed.deviation_band,
            maximum_confidence: feed.maximum_confidence,
            volatility: feed.volatility.as_ref().map(Range::of),
        }
    }
}

impl Record for Rules {
    const NAME: &'static str = "rules";
    const VERSION: u8 = 3;
}

/// What a publisher reported last, by feed; a publish time of 0 means nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submissions {
    #[serde(serialize_with = "quotes::serialize", deserialize_with = "quotes::deserialize")]
    quotes: Vec<Quote>,
}

impl Record for Submissions {
    const NAME: &'static str = "submissions";
    const VERSION: u8 = 1;
}

impl Submissions {
    /// The last one for a feed.
    pub fn last(&self, feed: FeedId) -> Quote {
        self.quotes.get(usize::from(feed)).copied().unwrap_or_default()
    }

    /// A newer one.
    pub fn set(&mut self, feed: FeedId, quote: Quote) {
        let at = usize::from(feed);
        if self.quotes.len() <= at {
            self.quotes.resize(at + 1, Quote::default());
        }
        if let Some(last) = self.quotes.get_mut(at) {
            *last = quote;
        }
    }
}

/// A median too far from the last good price, which waits to be confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The median.
    pub price: Price,
    /// Of the median.
    pub publish_time: u64,
    /// Publish time of the good price that it was too far from: with a newer one on the board it is void.
    pub against: u64,
}

/// Current prices.
pub fn board(storage: &dyn Storage) -> Result<Board> {
    Board::load(storage, &key(tag::BOARD))
}

/// Stores current prices.
pub fn save_board(storage: &mut dyn Storage, board: &Board) -> Result<()> {
    board.save(storage, &key(tag::BOARD))
}

/// Volatilities and correlations.
pub fn covariance(storage: &dyn Storage) -> Result<Covariance> {
    Covariance::load(storage, &key(tag::COVARIANCE))
}

/// Stores volatilities and correlations.
pub fn save_covariance(storage: &mut dyn Storage, covariance: &Covariance) -> Result<()> {
    covariance.save(storage, &key(tag::COVARIANCE))
}

/// What is measured so far; nothing where nothing is measured.
pub fn estimate(storage: &dyn Storage) -> Result<Estimate> {
    Ok(Estimate::may_load(storage, &key(tag::ESTIMATE))?.unwrap_or_default())
}

/// Stores what is measured so far.
pub fn save_estimate(storage: &mut dyn Storage, estimate: &Estimate) -> Result<()> {
    estimate.save(storage, &key(tag::ESTIMATE))
}

/// Forgets what was measured.
pub fn remove_estimate(storage: &mut dyn Storage) {
    storage.remove(&key(tag::ESTIMATE));
}

/// Who publishes, and what becomes a price.
pub fn rules(storage: &dyn Storage) -> Result<Rules> {
    Rules::load(storage, &key(tag::RULES))
}

/// Stores who publishes, and what becomes a price.
pub fn save_rules(storage: &mut dyn Storage, rules: &Rules) -> Result<()> {
    rules.save(storage, &key(tag::RULES))
}

/// What a publisher reported last.
pub fn submissions(storage: &dyn Storage, publisher: &CanonicalAddr) -> Result<Submissions> {
    Ok(Submissions::may_load(storage, &submission_key(publisher))?.unwrap_or_default())
}

/// Stores what a publisher reported last.
pub fn save_submissions(
    storage: &mut dyn Storage,
    publisher: &CanonicalAddr,
    submissions: &Submissions,
) -> Result<()> {
    submissions.save(storage, &submission_key(publisher))
}

/// Forgets what a publisher reported.
pub fn remove_submissions(storage: &mut dyn Storage, publisher: &CanonicalAddr) {
    storage.remove(&submission_key(publisher));
}

/// What the slot of an interval holds: of that interval or of another one.
pub fn slot(storage: &dyn Storage, intervals: &Intervals, interval: u64) -> Result<Option<Slot>> {
    Slot::may_load(storage, &Slot::key(intervals, interval))
}

/// Gives the slot of an interval its prices.
pub fn save_slot(storage: &mut dyn Storage, intervals: &Intervals, slot: &Slot) -> Result<()> {
    slot.save(storage, &Slot::key(intervals, slot.interval))
}

/// A rate with which a price was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedRate {
    /// A plain number.
    pub rate: Ratio,
    /// Block time of that price.
    pub at: u64,
}

/// Where the price of a feed is pulled from; none where publishers push it.
pub fn source(storage: &dyn Storage, feed: FeedId) -> Result<Option<Source>> {
    Ok(SOURCES.may_load(storage, feed)?)
}

/// Stores where a feed's price is pulled from, or that it is pushed. A source that changes forgets its rates.
pub fn save_source(
    storage: &mut dyn Storage,
    board: &mut Board,
    feed: FeedId,
    source: Option<&Source>,
) -> Result<()> {
    if self::source(storage, feed)?.as_ref() == source {
        return Ok(());
    }
    for leaf in (0..).take(Source::MAX_LEAVES) {
        RATES.remove(storage, (feed, leaf));
    }
    board.set_pulled(feed, source.is_some());
    match source {
        Some(source) => Ok(SOURCES.save(storage, feed, source)?),
        None => {
            SOURCES.remove(storage, feed);
            Ok(())
        }
    }
}

/// The last rate of a source's leaf with which a price was set.
pub fn rate(storage: &dyn Storage, feed: FeedId, leaf: u8) -> Result<Option<AcceptedRate>> {
    Ok(RATES.may_load(storage, (feed, leaf))?)
}

/// Stores a rate with which a price was set.
pub fn save_rate(storage: &mut dyn Storage, feed: FeedId, leaf: u8, rate: &AcceptedRate) -> Result<()> {
    Ok(RATES.save(storage, (feed, leaf), rate)?)
}

/// The last median of a feed that was too far away.
pub fn candidate(storage: &dyn Storage, feed: FeedId) -> Result<Option<Candidate>> {
    Ok(CANDIDATES.may_load(storage, feed)?)
}

/// Keeps a median that was too far away.
pub fn save_candidate(storage: &mut dyn Storage, feed: FeedId, candidate: &Candidate) -> Result<()> {
    Ok(CANDIDATES.save(storage, feed, candidate)?)
}

/// What restricts a feed. Read only where the board says that something does.
pub fn trip(storage: &dyn Storage, feed: FeedId) -> Result<Option<Trip>> {
    Ok(TRIPS.may_load(storage, feed)?)
}

/// Stores what restricts a feed, or that nothing does any more.
pub fn save_trip(storage: &mut dyn Storage, feed: FeedId, trip: Option<&Trip>) -> Result<()> {
    match trip {
        Some(trip) => Ok(TRIPS.save(storage, feed, trip)?),
        None => {
            TRIPS.remove(storage, feed);
            Ok(())
        }
    }
}

fn submission_key(publisher: &CanonicalAddr) -> Vec<u8> {
    key_of(tag::SUBMISSION, &[publisher.as_slice()])
}
