//! What positions go by of what a message reads outside.

use sdp_risk::portfolio::Offsets;
use sdp_types::board::{Quote, Use};
use sdp_types::market::PerpConfig;
use sdp_types::Result;

pub use sdp_trading::Outside;

use crate::core::mark::Rates;
use crate::state::Terms;

/// Margins of a perpetual. Initial margin follows the measured volatility at once, but never one below the ramped one that
/// maintenance margin follows, so that nobody opens what could be liquidated.
pub fn rates(outside: &Outside, config: &PerpConfig) -> Result<Rates> {
    let (sigma, ramped) = outside.volatilities(config.feed);
    Rates::of(config, sigma, ramped)
}

/// How an account's positions offset each other's margins.
pub fn offsets<'a>(outside: &'a Outside, terms: &Terms) -> Offsets<'a> {
    Offsets { cov: &outside.covariance, stress: outside.stress, maximum: terms.params.maximum_offset }
}

/// The quote at which positions are marked when something depends on it: fresh and certain enough to liquidate.
pub fn marking_quote(outside: &Outside, config: &PerpConfig) -> Result<Quote> {
    outside.board.certain(config.feed, Use::Liquidate, outside.now, config.liquidate_confidence)
}
