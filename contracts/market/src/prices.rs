//! What positions go by of what a message reads outside.

use sdp_risk::portfolio::Offsets;
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
