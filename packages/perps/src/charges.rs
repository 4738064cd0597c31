//! What a fill costs beside its premium.

use cosmwasm_std::Storage;

use sdp_types::market::{FeeSchedule, InsurancePremium};
use sdp_types::{ensure, Error, Price, Ratio, Result, Rounding, SignedUsd, Size, Usd};

use crate::books::Books;
use crate::core::mark::Valuation;
use crate::prices::Outside;
use crate::state::{Account, AccountKey};

/// The part of a fee that is remitted to an account: by what it has traded, and by whether somebody brought its owner.
pub fn discount(fees: Option<&FeeSchedule>, account: &Account, now: u64) -> Result<Ratio> {
    let Some(fees) = fees else { return Ok(Ratio::ZERO) };
    let trader = account.trader.clone().unwrap_or_default();
    fees.discount(trader.volume.at(now, fees.window)?, !trader.referrer.is_empty())
}

/// What is left of a fee, rounded up.
pub fn less(fee: Usd, discount: Ratio) -> Result<Usd> {
    fee.scale(Ratio::ONE.saturating_minus(discount), Rounding::Up)
}

impl Books {
    /// Adds to what an account has traded, and pays whoever brought its owner his share of the fee: who that is, and how much.
    pub fn traded(
        &mut self,
        storage: &dyn Storage,
        key: &AccountKey,
        fees: &FeeSchedule,
        (notional, fee): (Usd, Usd),
        now: u64,
    ) -> Result<Option<(AccountKey, Usd)>> {
        let trader = self.account(storage, key)?.trader.get_or_insert_default();
        trader.volume.add(notional, now, fees.window)?;
        let referrer = AccountKey { owner: trader.referrer.clone(), number: 0 };
        let share = fee.scale(fees.referral_share, Rounding::Down)?;
        if referrer.owner.is_empty() || share.is_zero() {
            return Ok(None);
        }
        self.reward(storage, &referrer, share)?;
        Ok(Some((referrer, share)))
    }
}

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

/// A fill within its worst price, premium included: `E0414`.
pub fn within_limit(delta: Size, price: Price, premium: SignedUsd, limit: Option<Price>) -> Result<()> {
    let Some(limit) = limit else { return Ok(()) };
    let price = fill_price(delta, price, premium)?;
    let within = if delta.is_negative() { price >= limit } else { price <= limit };
    ensure(within, || Error::LimitPrice { price, limit })
}
