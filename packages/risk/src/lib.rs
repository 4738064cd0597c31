//! Risk formulas of Shared Debt Pools: pure functions of integers, without storage, floats or panics.
//!
//! | module | idea |
//! |---|---|
//! | [`potential`] | Φ(x), what skew costs at a fill (premium) and at the margin |
//! | [`funding`] | the controller that turns the premium into funding |
//! | [`published`] | what a market publishes, with the samples of its funding |
//! | [`margin`] | margin rates, liquidation price, how much a liquidation closes |
//! | [`portfolio`] | margin of positions that offset each other, and how far one is cut |
//! | [`deleveraging`] | winning sides scaled pro rata when they have won too much |
//! | [`listing`] | what a perpetual on a new feed may begin with |
//! | [`measure`] | volatilities and correlations measured from prices |
//! | [`budget`] | how much of the pool may be at risk |
//! | [`shortfall`] | expected shortfall of the pool and who contributes to it |
//! | [`solvency`] | distance to default, its probability and the spread that the debt should pay |
//! | [`auction`] | price curves of collateral auctions, and what a take of one buys |
//! | [`haircut`] | what a holding of a token counts for as margin |
//! | [`reward`] | what keepers are paid out of penalties |
//! | [`psd`] | whether correlations are correlations |
//!
//! The same functions serve contracts, their queries, keepers, the CLI and the dashboard.

pub mod auction;
pub mod budget;
mod checked;
pub mod deleveraging;
pub mod funding;
pub mod haircut;
pub mod listing;
pub mod margin;
pub mod measure;
pub mod portfolio;
pub mod potential;
pub mod psd;
pub mod published;
pub mod reward;
mod rounding;
pub mod shortfall;
pub mod solvency;

#[cfg(test)]
mod sample;
