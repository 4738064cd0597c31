//! What the oracle answers.

use cosmwasm_schema::cw_serde;

use super::{FeedBreaker, FeedConfig, Measurement};
use crate::board::{FeedId, Intervals, Quote, Staleness};
use crate::regime::{Reason, Regime};
use crate::units::{Price, Ratio, SignedRatio};

/// Answer to [`super::QueryMsg::Config`].
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
    /// When a feed is restricted, if ever.
    pub breaker: Option<FeedBreaker>,
}

/// Answer to [`super::QueryMsg::Measurement`].
#[cw_serde]
pub struct MeasurementResponse {
    /// None: nothing is measured, and everything below is empty.
    pub parameters: Option<Measurement>,
    /// Number of the last slot that was sampled: Unix seconds ÷ `sample_seconds`; 0: none yet.
    pub slot: u64,
    /// Hour of the last step: Unix seconds ÷ 3,600; 0: none yet.
    pub hour: u64,
    /// By feed number.
    pub feeds: Vec<MeasuredFeed>,
    /// Full matrix by feed, as measured: neither drawn towards the prior nor delayed.
    pub correlations: Vec<Vec<SignedRatio>>,
}

/// Daily volatilities of one feed.
#[cw_serde]
pub struct MeasuredFeed {
    /// Number of the feed.
    pub feed: FeedId,
    /// Its symbol.
    pub symbol: String,
    /// As measured.
    pub measured: Ratio,
    /// The same within the feed's range, as on the board: initial margin and expected shortfall follow it.
    pub volatility: Ratio,
    /// What is priced with.
    pub pricing: Ratio,
    /// What maintenance margin follows.
    pub margin: Ratio,
    /// Price of the last sample; 0: none yet.
    pub price: Price,
    /// Seconds since that price was published.
    pub age: u64,
}

/// Answer to [`super::QueryMsg::Price`].
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
    /// What is allowed with it.
    pub regime: Regime,
    /// Whether anyone pulls its price, from its source.
    #[serde(default)]
    pub pulled: bool,
}

/// One entry of the answer to [`super::QueryMsg::Regimes`]: see [`crate::regime::Trip`].
#[cw_serde]
pub struct RestrictedFeed {
    /// Number of the feed.
    pub feed: FeedId,
    /// Its symbol.
    pub symbol: String,
    /// What is allowed with it.
    pub regime: Regime,
    /// Why.
    pub reason: Reason,
    /// How far the price was from its average when it tripped; 0 where a person did.
    pub measure: Ratio,
    /// Since when, block time in seconds.
    pub since: u64,
    /// When it was last asked for: the cool-down begins then.
    pub asked_at: u64,
    /// A person has asked for it until then; 0 where nobody has.
    pub held_until: u64,
}

/// Answer to [`super::QueryMsg::Board`].
#[cw_serde]
pub struct BoardResponse {
    /// By feed number.
    pub prices: Vec<PriceResponse>,
    /// Block time of the last write.
    pub written_at: u64,
    /// Block time of the first write after the last gap, 0 if none.
    pub resumed_at: u64,
}
