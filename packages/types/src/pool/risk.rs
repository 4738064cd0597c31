//! What the pool says of its risk.

use cosmwasm_schema::cw_serde;

use super::{Ceiling, Ceilinged};
#[cfg(doc)]
use super::{HealthResponse, QueryMsg};
use crate::board::FeedId;
use crate::regime::Trip;
use crate::units::{Ratio, SignedRatio, SignedUsd, Size, Usd};

/// What insurance and providers take of the losses of one source, a listed market or the liquidator's auctions, in a day (UTC). What is beyond
/// both stands as bad debt: it is never put upon providers later.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct LossLimits {
    /// Of the insurance fund, with what it has paid for this source today: a part of (fund + paid), rounded down, so that it does not matter
    /// in how many pieces a loss comes. Bad debt of earlier days counts as a further source. In [0, 1].
    pub draw_cap: Ratio,
    /// Of the providers, as a part of the collateral by whose values the loss is split, rounded down. In [0, 1].
    pub loss_budget: Ratio,
}

/// A quarter of the fund, so that four such days of one market still leave insurance for the others; and 2 % of the collateral: what all
/// bonded credit may come to, less than the growth of debt in an hour that is caution, and ten times what the worst crash that was replayed
/// has left of a market of the largest open interest that its caps allow.
impl Default for LossLimits {
    fn default() -> Self {
        Self { draw_cap: Ratio::percent(25), loss_budget: Ratio::percent(2) }
    }
}

/// Answer to [`QueryMsg::Regimes`].
#[cw_serde]
pub struct RegimesResponse {
    /// What tripped the pool; none: the normal regime.
    pub pool: Option<Trip>,
    /// What is measured of it; none without breakers.
    pub measures: Option<Measures>,
    /// Of each listed market.
    pub markets: Vec<MarketRegime>,
}

/// What the pool's breakers measure.
#[cw_serde]
pub struct Measures {
    /// See [`super::Breakers::utilisation`].
    pub utilisation: Ratio,
    /// See [`super::Breakers::shortfall`].
    pub shortfall: Ratio,
    /// See [`super::Breakers::debt_growth`].
    pub debt_growth: Ratio,
    /// What insurance lacks, as a part of what [`super::Breakers::insurance_floor`] wants.
    pub insurance: Ratio,
}

/// One market's regime.
#[cw_serde]
pub struct MarketRegime {
    /// The contract.
    pub market: String,
    /// What tripped it; none: the normal regime.
    pub trip: Option<Trip>,
    /// See [`super::Breakers::withdrawals`]; 0 without breakers.
    pub withdrawals: Ratio,
}

/// One ceiling that follows what is used.
#[cw_serde]
pub struct CeilingResponse {
    /// Of what.
    pub of: Ceilinged,
    /// How it follows.
    pub ceiling: Ceiling,
    /// Where it is. A credit line may be below 0.
    pub line: SignedUsd,
    /// What is used of it.
    pub used: SignedUsd,
    /// Where adjusting would put it.
    pub target: SignedUsd,
    /// It may rise from then on, seconds.
    pub rises_from: u64,
}

/// Answer to [`QueryMsg::Solvency`]. What is owed is a claim on the collateral; horizon one year, neither drift nor
/// interest (Merton 1974).
#[cw_serde]
pub struct SolvencyResponse {
    /// Value of all collateral.
    pub assets: Usd,
    /// What it stands for: the providers' debt and bad debt less insurance, which is equity.
    pub debt: SignedUsd,
    /// What nobody pays: bad debt, and what the providers' debt less insurance is above the assets.
    pub shortfall: Usd,
    /// The insurance fund.
    pub insurance: Usd,
    /// Volatility of the assets less what markets and collateral move them by, per √year, rounded up.
    pub volatility: Ratio,
    /// Standard deviations from default; none where there is no finite number: nothing is owed, nothing is there, nothing
    /// moves.
    pub distance_to_default: Option<SignedRatio>,
    /// Probability of default within a year.
    pub default_probability: Ratio,
    /// What sdUSD should yield a year for the risk of the collateral; none where a claim on it is worth nothing.
    pub credit_spread: Option<Ratio>,
    /// By feed, where there is an exposure.
    pub hedges: Vec<Hedge>,
}

/// What somebody outside should hold to take the pool's first-order risk in one feed, whole units: −exposure ÷ price.
#[cw_serde]
pub struct Hedge {
    /// Which feed.
    pub feed: FeedId,
    /// Of the markets.
    pub markets: Size,
    /// Of the markets and the collateral.
    pub with_collateral: Size,
}

/// Answer to [`QueryMsg::Contributions`]: the parts add up to the total. A negative one hedges the others.
#[cw_serde]
pub struct ContributionsResponse {
    /// As [`HealthResponse::expected_shortfall_with_collateral`].
    pub expected_shortfall: Usd,
    /// Of each listed market.
    pub markets: Vec<MarketContribution>,
    /// Of each vault, by number.
    pub vaults: Vec<SignedUsd>,
}

/// One market's part of the expected shortfall.
#[cw_serde]
pub struct MarketContribution {
    /// The contract.
    pub market: String,
    /// Its part.
    pub contribution: SignedUsd,
}
