//! Messages of the oracle: one price board, and the ring of interval prices. It holds no funds.

mod answers;
mod source;

use cosmwasm_schema::{cw_serde, QueryResponses};

use crate::board::{FeedId, Intervals, Slot, Staleness};
use crate::governance::Queued;
use crate::ownership::{Action, Ownership};
use crate::regime::{Breaker, Regime};
use crate::units::{Price, Ratio, SignedRatio};

pub use answers::*;
pub use source::Source;

/// Name in cw2.
pub const CONTRACT: &str = "sdp-oracle";
/// At most so many publishers.
pub const MAX_PUBLISHERS: usize = 16;

/// One feed.
#[cw_serde]
pub struct FeedConfig {
    /// Symbol of the asset, `BTC`: 1 to 16 characters, unique.
    pub symbol: String,
    /// A median further from the last good price than this fraction is not taken until the next median, published
    /// later, confirms it by lying within the same band of it. In (0, 10].
    pub deviation_band: Ratio,
    /// A median whose confidence is wider than this fraction is not taken. In (0, 1).
    pub maximum_confidence: Ratio,
    /// What its measured volatility is kept to. Needed by an oracle that measures.
    #[serde(default)]
    pub volatility: Option<VolatilityRange>,
    /// Where anyone may pull its price from; none: publishers push it.
    #[serde(default)]
    pub source: Option<Source>,
}

/// Bounds of a feed's measured daily volatility.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct VolatilityRange {
    /// In [0.0001, `ceiling`]; kept with 9 decimals, rounded up.
    pub floor: Ratio,
    /// In [`floor`, 4]; kept with 9 decimals, rounded up.
    pub ceiling: Ratio,
}

/// How volatilities and correlations are measured, and how fast what is priced and margined follows them.
///
/// Nobody is trusted with it and nobody has to call it: [`ExecuteMsg::Publish`] does the work. Formulas are in
/// `sdp_risk::measure`.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Measurement {
    /// Time is cut into slots of so many seconds; prices are sampled once in each. In [10, 86,400].
    pub sample_seconds: u32,
    /// Seconds after which a squared return counts half in a volatility. In [3,600, 30 days].
    pub volatility_half_life: u32,
    /// Seconds after which a product of returns counts half in a correlation. In [3,600, 30 days].
    pub correlation_half_life: u32,
    /// Correlation that measured ones are drawn towards, in [0, 1].
    pub prior: Ratio,
    /// How far they are drawn: 0 not at all, 1 all the way. In [0, 1].
    pub shrink: Ratio,
    /// Volatilities that are priced with lie in [floor, band · floor]. In [1, 100].
    pub pricing_band: Ratio,
    /// So far they go in an hour, as a part of themselves; correlations go so far as a plain number. In (0, 1].
    pub pricing_step: Ratio,
    /// So far the volatilities that maintenance margin follows go in a day, as a part of themselves; a 24th of it in
    /// an hour. In (0, 1].
    pub margin_step: Ratio,
}

impl Default for Measurement {
    fn default() -> Self {
        Self {
            sample_seconds: 300,
            volatility_half_life: 86_400,
            correlation_half_life: 259_200,
            prior: Ratio::percent(80),
            shrink: Ratio::percent(30),
            pricing_band: Ratio::percent(158),
            pricing_step: Ratio::percent(1),
            margin_step: Ratio::percent(25),
        }
    }
}

/// When a price that runs away from its average restricts what may be done with its feed, and for how long.
///
/// The measure is |price − average| ÷ average, rounded up, of prices as [`BoardResponse`] shows them: the average has
/// taken in the price. It is taken with each price of the feed, and nobody has to call anything.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct FeedBreaker {
    /// From which measure on. `emergency` is none: there is nothing of a feed that it would stop besides.
    pub breaker: Breaker,
    /// Seconds after it was last asked for before a regime becomes milder, ≤ 7 days.
    pub cool_down: u32,
    /// What a person trips lasts at least so many seconds, ≤ 7 days.
    pub hold: u32,
}

impl FeedBreaker {
    /// Whether it trips wherever `old` did, and nothing ends earlier.
    pub fn tightens(&self, old: &Self) -> bool {
        self.breaker.tightens(&old.breaker) && self.cool_down >= old.cool_down && self.hold >= old.hold
    }
}

/// Volatilities and correlations of all feeds, set by the owner: for good, or as what a measurement begins with.
#[cw_serde]
pub struct CovarianceConfig {
    /// Standard deviation of a day's return by feed, in (0, 4]; kept with 9 decimals, rounded up.
    pub sigmas: Vec<Ratio>,
    /// Full matrix by feed: symmetric, 1 on the diagonal, within [−1, 1], positive semidefinite; kept with 4 decimals,
    /// rounded towards 0.
    pub correlations: Vec<Vec<SignedRatio>>,
}

/// Everything about a new oracle.
#[cw_serde]
pub struct InstantiateMsg {
    /// Loosens after the delay; two-step transfer.
    pub owner: String,
    /// Tightens at once.
    pub guardian: Option<String>,
    /// Who may publish: 1 to 16, all different.
    pub publishers: Vec<String>,
    /// How many of them make a price, in [1, publishers].
    pub quorum: u32,
    /// Geometry of the ring; never changes. 1 s ≤ seconds ≤ 10 days, 8 ≤ slots ≤ 1024, grace ≤ 2·seconds.
    pub intervals: Intervals,
    /// trade ≤ liquidate ≤ view, all > 0.
    pub staleness: Staleness,
    /// A longer pause between writes of the board is a gap, seconds, ≥ seconds of an interval.
    pub gap: u32,
    /// Time constant of the moving average of prices, seconds, > 0.
    pub average_seconds: u32,
    /// Delay of loosening changes, seconds, ≤ 30 days.
    pub change_delay: u64,
    /// At most 32.
    pub feeds: Vec<FeedConfig>,
    /// Of exactly these feeds.
    pub covariance: CovarianceConfig,
    /// None: volatilities and correlations are only what the owner sets.
    #[serde(default)]
    pub measurement: Option<Measurement>,
    /// None: only owner and guardian restrict a feed, and only the owner ends it.
    #[serde(default)]
    pub breaker: Option<FeedBreaker>,
}

/// One price that a publisher reports.
#[cw_serde]
#[derive(Copy)]
pub struct Submission {
    /// Which feed.
    pub feed: FeedId,
    /// USD per whole unit, in (0, 10¹²].
    pub price: Price,
    /// Half-width of the confidence band as a fraction of the price, in [0, 1).
    pub confidence: Ratio,
    /// When it was observed: at most the block time, and newer than this publisher's last for the feed.
    pub publish_time: u64,
}

/// What anybody may send to the oracle.
#[cw_serde]
#[allow(clippy::large_enum_variant, reason = "there is one at a time, and it is read once")]
pub enum ExecuteMsg {
    /// A publisher's prices, each feed at most once.
    ///
    /// Per feed: the publishers' last submissions that are newer than the board's publish time and not older than one
    /// interval before this one form the set; with a quorum of them the price is their median (of an even number
    /// the mean of the two in the middle, rounded down), the confidence the median of theirs (of an
    /// even number the wider of the two in the middle) and at least so wide that it reaches to the two prices in the middle, the publish time the oldest of theirs.
    /// It goes to the board if its publish time is newer than the board's, and into the ring slot of the interval of
    /// its publish time if that interval still takes prices and has none for the feed yet.
    /// Below a quorum, too far from the last good price, too wide or not newer: `price_rejected {feed, code}`, a success.
    /// `E0220` for a feed that is pulled.
    ///
    /// An oracle that measures does at most one of two further things in a message that has set a price. In a new slot
    /// it samples the board's prices: `volatility_sampled`. In a new hour it moves what is priced and margined towards
    /// what is measured: `covariance_stepped`. Where both are due it samples, unless it has sampled since the hour of
    /// the last step ended.
    ///
    /// A price far from its average restricts its feed; a later one nearer to it, once the cool-down is over, makes that
    /// milder: `regime_changed` of `feed N`. See [`FeedBreaker`].
    Publish {
        /// At least one.
        prices: Vec<Submission>,
    },
    /// Anyone: asks the sources of pulled feeds, in this order, each feed at most once. `E0005` for none, `E0219` for a feed
    /// that is pushed.
    ///
    /// What a source answers goes the way of a median: newer than the board's price, not too wide, not too far from the last
    /// good price unless the next one confirms it. In its interval's ring slot the band reaches over the bands of all prices that were
    /// pulled in that interval. A source that fails, is not good or not newer: `price_rejected {feed, code}`, a success.
    Pull {
        /// At least one.
        feeds: Vec<FeedId>,
    },
    /// Anyone: the sample or the hourly step that is due, as the next `publish` would do it.
    #[serde(deserialize_with = "crate::fields::none")]
    Sample {},
    /// Owner or guardian: at least this regime for a feed, for at least the breaker's hold; without a breaker until the
    /// owner resets it. `E0004` for one that is neither caution nor close-only, `E0322` where nothing changes.
    Trip {
        /// Which.
        feed: FeedId,
        /// Caution or close-only.
        regime: Regime,
    },
    /// Owner: a feed is normal again. What its next price asks for stands again. `E0322` where it is normal already.
    Reset {
        /// Which.
        feed: FeedId,
    },
    /// Owner, or guardian where it tightens (then at once).
    Configure {
        /// What to change.
        change: Change,
    },
    /// Anyone, once the delay of a queued change is over.
    #[serde(deserialize_with = "crate::fields::id")]
    Enact {
        /// Of the change.
        id: u64,
    },
    /// Owner: takes a queued change back.
    #[serde(deserialize_with = "crate::fields::id")]
    CancelChange {
        /// Of the change.
        id: u64,
    },
    /// The owner changes in two steps, or there is none any more.
    UpdateOwnership(Action),
}

/// What can change.
#[cw_serde]
pub enum Change {
    /// Tightens where no publisher is new and the quorum is not lower.
    Publishers {
        /// All of them.
        publishers: Vec<String>,
        /// How many make a price.
        quorum: u32,
    },
    /// A further feed. Loosens.
    AddFeed {
        /// The feed.
        feed: FeedConfig,
        /// Its volatility.
        sigma: Ratio,
        /// Its correlation with each feed there is.
        correlations: Vec<SignedRatio>,
    },
    /// Tightens where band and confidence are not wider, and the symbol, the range of the volatility and the source are the
    /// same.
    UpdateFeed {
        /// Which.
        feed: FeedId,
        /// Its new configuration.
        config: FeedConfig,
    },
    /// Volatilities and correlations. Loosens: margins and premia follow at once, and a measurement begins anew from
    /// them.
    Covariance {
        /// Of all feeds.
        covariance: CovarianceConfig,
    },
    /// How volatilities and correlations are measured. Loosens. A measurement that there was none of begins from the
    /// volatilities and correlations that are priced with; other parameters leave what is measured as it is.
    Measurement {
        /// None: nothing is measured any more, and what is priced with stays.
        measurement: Option<Measurement>,
    },
    /// When a feed is restricted. Tightens where there was none, and where it trips wherever the old one did and nothing
    /// ends earlier. What stands is judged by it with the next price; without a breaker it stands until the owner resets it.
    Breaker {
        /// None: only owner and guardian restrict a feed.
        breaker: Option<FeedBreaker>,
    },
    /// Tightens where no age is longer.
    Staleness {
        /// The ages.
        staleness: Staleness,
    },
    /// Loosens.
    Guardian {
        /// None: there is no guardian any more.
        guardian: Option<String>,
    },
}

/// What can be asked of the oracle.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Publishers, feeds and limits.
    #[returns(ConfigResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Config {},
    /// All current prices.
    #[returns(BoardResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Board {},
    /// One current price.
    #[returns(PriceResponse)]
    Price {
        /// Which.
        feed: FeedId,
    },
    /// The prices of an interval, as far as the ring still has them.
    #[returns(Slot)]
    Interval {
        /// Its number: Unix seconds ÷ length.
        interval: u64,
    },
    /// Volatilities and correlations that are priced with.
    #[returns(CovarianceConfig)]
    #[serde(deserialize_with = "crate::fields::none")]
    Covariance {},
    /// What is measured, and how.
    #[returns(MeasurementResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Measurement {},
    /// Feeds with which not everything is allowed, and why.
    #[returns(Vec<RestrictedFeed>)]
    #[serde(deserialize_with = "crate::fields::none")]
    Regimes {},
    /// Changes that wait.
    #[returns(Vec<Queued<Change>>)]
    #[serde(deserialize_with = "crate::fields::none")]
    Changes {},
    /// Who owns it, and who may take over.
    #[returns(Ownership)]
    #[serde(deserialize_with = "crate::fields::none")]
    Ownership {},
}

/// Migration: only from an older version of the same contract.
#[cw_serde]
pub struct MigrateMsg {}
