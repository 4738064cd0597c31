//! What a fill costs beside its premium.

use sdp_types::market::InsurancePremium;
use sdp_types::{Price, Result, Rounding, SignedUsd, Size, Usd};

use crate::core::mark::Valuation;
use crate::prices::Outside;

/// What an increase pays insurance: for the shortfall that it adds to the pool's exposures before and after it, and for what it adds to
/// the leverage of the account before and after it. Each rounded up.
pub fn insurance_premia(
    terms: &InsurancePremium,
    outside: &Outside,
    (x, y): (&[SignedUsd], &[SignedUsd]),
    (before, after): &(Valuation, Valuation),
) -> Result<(Usd, Usd)> {
    let added = if terms.shortfall.is_zero() {
        Usd::ZERO
    } else {
        outside.shortfall(y)?.saturating_minus(outside.shortfall(x)?)
    };
    let (was, is) = (before.leveraged(before.for_opening)?, after.leveraged(after.for_opening)?);
    let more = is.saturating_minus(was);
    Ok((added.scale(terms.shortfall, Rounding::Up)?, more.scale(terms.leverage, Rounding::Up)?))
}

/// Price of a fill with its premium, per unit, rounded against the trader.
pub fn fill_price(delta: Size, price: Price, premium: SignedUsd) -> Result<Price> {
    let buys = !delta.is_negative();
    let rounding = if buys { Rounding::Up } else { Rounding::Down };
    let cost = price.value(delta, Rounding::Up)?.plus(premium)?;
    // micro-USD per 10⁻¹⁸ units, to 18 decimals: × 10³⁰
    let scale = sdp_types::math::Wide::from(1_000_000_000_000_000_000_000_000_000_000u128);
    let per_unit = rounding.divide(cost.wide().times(scale)?, delta.wide())?.narrow()?;
    Ok(Price::new(u128::try_from(per_unit).unwrap_or_default()))
}
