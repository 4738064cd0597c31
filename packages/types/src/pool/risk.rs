//! What the pool says of its risk.

use cosmwasm_schema::cw_serde;

use super::{Ceiling, Ceilinged};
use crate::regime::Trip;
use crate::units::{Ratio, SignedUsd};

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

/// Answer to [`crate::lens::QueryMsg::Regimes`].
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
