//! What every parameter has to be, and what tightens.

use sdp_types::contract::in_range;
use sdp_types::custody::{Haircut, Params, TokenConfig, TokenTerms};
use sdp_types::governance::MAX_CHANGE_DELAY;
use sdp_types::units::MAX_USD;
use sdp_types::{ensure, Error, Ratio, Result, Usd};

/// Most decimals of a token.
const MOST_DECIMALS: u8 = 18;
/// Highest penalty.
const MOST_PENALTY: Ratio = Ratio::percent(20);

/// Every rule of the docstrings of [`Params`]: `E0004`.
pub fn check_params(params: &Params) -> Result<()> {
    params.auction.validate()?;
    in_range("penalty", params.penalty, Ratio::ZERO, MOST_PENALTY)?;
    in_range("minimum_deposit", params.minimum_deposit, Usd::new(1), MAX_USD)?;
    in_range("change_delay", params.change_delay, 0, MAX_CHANGE_DELAY)
}

/// Every rule of the docstrings of [`TokenConfig`] that is about its numbers: `E0004`, `E0202`.
pub fn check_token(config: &TokenConfig, feeds: usize) -> Result<()> {
    let TokenTerms { feed, decimals, haircut, confidence, .. } = config.terms;
    let Haircut { base, slope, maximum } = haircut;
    let almost_one = Ratio::new(Ratio::ONE.raw() - 1);
    ensure(usize::from(feed) < feeds, || Error::UnknownFeed { feed: feed.into() })?;
    in_range("decimals", decimals, 0, MOST_DECIMALS)?;
    in_range("haircut.maximum", maximum, Ratio::ZERO, almost_one)?;
    in_range("haircut.base", base, Ratio::ZERO, maximum)?;
    in_range("haircut.slope", slope, Ratio::ZERO, Ratio::ONE)?;
    in_range("confidence", confidence, Ratio::ZERO, almost_one)?;
    in_range("cap", config.cap, Usd::ZERO, MAX_USD)
}

/// What of a token stays for good: `E0107`.
pub fn check_update(old: &TokenConfig, new: &TokenConfig) -> Result<()> {
    ensure(old.token == new.token, || Error::bad_config("token stays", &new.token, &old.token))?;
    let (old, new) = (old.terms.decimals, new.terms.decimals);
    ensure(old == new, || Error::bad_config("decimals stay", new, old))
}

/// Whether only the delay of changes grows.
pub fn params_tighten(old: &Params, new: &Params) -> bool {
    let rest = Params { change_delay: old.change_delay, ..new.clone() };
    new.change_delay >= old.change_delay && rest == *old
}

/// Whether less of it may come, and nothing else changes.
pub fn token_tightens(old: &TokenConfig, new: &TokenConfig) -> bool {
    let terms = TokenTerms { closing: old.terms.closing, ..new.terms };
    new.cap <= old.cap && (new.terms.closing || !old.terms.closing) && terms == old.terms
}
