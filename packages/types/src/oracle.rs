//! Messages of the oracle: one price board, and the ring of interval prices. It holds no funds.

use cosmwasm_schema::{cw_serde, QueryResponses};

use crate::board::{FeedId, Intervals, Quote, Slot, Staleness};
use crate::governance::Queued;
use crate::units::{Price, Ratio, SignedRatio};

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
}

/// Volatilities and correlations of all feeds, set by the owner.
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
#[cw_ownable::cw_ownable_execute]
#[cw_serde]
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
    Publish {
        /// At least one.
        prices: Vec<Submission>,
    },
    /// Owner, or guardian where it tightens (then at once).
    Configure {
        /// What to change.
        change: Change,
    },
    /// Anyone, once the delay of a queued change is over.
    Enact {
        /// Of the change.
        id: u64,
    },
    /// Owner: takes a queued change back.
    CancelChange {
        /// Of the change.
        id: u64,
    },
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
    /// Tightens where band and confidence are not wider and the symbol is the same.
    UpdateFeed {
        /// Which.
        feed: FeedId,
        /// Its new configuration.
        config: FeedConfig,
    },
    /// Volatilities and correlations. Loosens: margins and premia follow at once.
    Covariance {
        /// Of all feeds.
        covariance: CovarianceConfig,
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
#[cw_ownable::cw_ownable_query]
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Publishers, feeds and limits.
    #[returns(ConfigResponse)]
    Config {},
    /// All current prices.
    #[returns(BoardResponse)]
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
    /// Volatilities and correlations.
    #[returns(CovarianceConfig)]
    Covariance {},
    /// Changes that wait.
    #[returns(Vec<Queued<Change>>)]
    Changes {},
}

/// Answer to [`QueryMsg::Config`].
#[cw_serde]
pub struct ConfigResponse {
    /// Who may only tighten.
    pub guardian: Option<String>,
    /// Who may publish.
    pub publishers: Vec<String>,
    /// How many make a price.
    pub quorum: u32,
    /// Geometry of the ring.
    pub intervals: Intervals,
    /// Ages by use.
    pub staleness: Staleness,
    /// What counts as a gap, seconds.
    pub gap: u32,
    /// Time constant of the average, seconds.
    pub average_seconds: u32,
    /// Delay of loosening changes, seconds.
    pub change_delay: u64,
    /// By feed number.
    pub feeds: Vec<FeedConfig>,
}

/// Answer to [`QueryMsg::Price`].
#[cw_serde]
pub struct PriceResponse {
    /// Number of the feed.
    pub feed: FeedId,
    /// Its symbol.
    pub symbol: String,
    /// Price, confidence and time; a price of 0: none yet.
    pub quote: Quote,
    /// Moving average; 0: none yet.
    pub average: Price,
    /// Seconds since the publish time.
    pub age: u64,
}

/// Answer to [`QueryMsg::Board`].
#[cw_serde]
pub struct BoardResponse {
    /// By feed number.
    pub prices: Vec<PriceResponse>,
    /// Block time of the last write.
    pub written_at: u64,
    /// Block time of the first write after the last gap, 0 if none.
    pub resumed_at: u64,
}

/// Migration: only from an older version of the same contract.
#[cw_serde]
pub struct MigrateMsg {}
