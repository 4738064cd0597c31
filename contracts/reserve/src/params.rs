//! What every parameter has to be, and what tightens.

use sdp_types::contract::in_range;
use sdp_types::governance::MAX_CHANGE_DELAY;
use sdp_types::reserve::{Params, Status, TokenConfig, LEAST_DECIMALS};
use sdp_types::units::MAX_USD;
use sdp_types::{ensure, Error, Ratio, Result, Usd};

/// Most decimals of a token, as of a vault's collateral.
const MOST_DECIMALS: u8 = 24;
/// Widest band and highest fee.
const MOST: Ratio = Ratio::percent(10);

/// Every rule of the docstrings of [`Params`]: `E0004`.
pub fn check_params(params: &Params) -> Result<()> {
    in_range("supply_share", params.supply_share, Ratio::ZERO, Ratio::ONE)?;
    in_range("minimum_room", params.minimum_room, Usd::ZERO, MAX_USD)?;
    in_range("change_delay", params.change_delay, 0, MAX_CHANGE_DELAY)
}

/// Every rule of the docstrings of [`TokenConfig`] that is about its numbers: `E0004`, `E0202`.
pub fn check_token(config: &TokenConfig, feeds: usize) -> Result<()> {
    in_range("decimals", config.decimals, LEAST_DECIMALS, MOST_DECIMALS)?;
    ensure(usize::from(config.feed) < feeds, || Error::UnknownFeed { feed: config.feed.into() })?;
    in_range("band", config.band, Ratio::new(1), MOST)?;
    in_range("maximum_confidence", config.maximum_confidence, Ratio::ZERO, config.band)?;
    in_range("ceiling", config.ceiling, Usd::new(1), MAX_USD)?;
    in_range("fee_in", config.fee_in, Ratio::ZERO, MOST)?;
    in_range("fee_out.most", config.fee_out.most, Ratio::ZERO, MOST)?;
    in_range("fee_out.least", config.fee_out.least, Ratio::ZERO, config.fee_out.most)
}

/// What of a token stays for good: `E0107`.
pub fn check_update(old: &TokenConfig, new: &TokenConfig) -> Result<()> {
    ensure(old.token == new.token, || Error::bad_config("token stays", &new.token, &old.token))?;
    ensure(old.decimals == new.decimals, || Error::bad_config("decimals stay", new.decimals, old.decimals))?;
    ensure(old.feed == new.feed, || Error::bad_config("feed stays", new.feed, old.feed))
}

/// Whether it lets nothing in that did not come in before, and waits no shorter.
pub fn params_tighten(old: &Params, new: &Params) -> bool {
    new.supply_share <= old.supply_share
        && new.minimum_room <= old.minimum_room
        && new.change_delay >= old.change_delay
}

/// The same of a token.
pub fn token_tightens(old: &TokenConfig, new: &TokenConfig) -> bool {
    let TokenConfig { maximum_confidence, ceiling, status, .. } = *new;
    let rest = TokenConfig {
        maximum_confidence: old.maximum_confidence,
        ceiling: old.ceiling,
        status: old.status,
        ..new.clone()
    };
    openness(status) <= openness(old.status)
        && ceiling <= old.ceiling
        && maximum_confidence <= old.maximum_confidence
        && rest == *old
}

fn openness(status: Status) -> u8 {
    match status {
        Status::Closed => 0,
        Status::OutOnly => 1,
        Status::Open => 2,
    }
}
