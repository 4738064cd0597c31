//! What tokens are owed: `q = T·R`, rounded down once for all of them.

use sdp_types::math::Wide;
use sdp_types::spot::REDEMPTION_ONE;
use sdp_types::units::{MAX_SIZE, ONE};
use sdp_types::{ensure, Amount, Error, Price, Result, Rounding, Size};

/// USD per unit with the 24 decimals of a funding index, of a price's 18.
const FUNDING_PER_PRICE: u128 = sdp_types::exposure::FUNDING_PER_PRICE;

/// `10^decimals·10²⁷`: base units × redemption index ÷ this are units of the asset.
fn scale(decimals: u8) -> Result<Wide> {
    let power = 10u128.checked_pow(decimals.into());
    let power = power.ok_or_else(|| Error::Overflow { operation: "token decimals".into() })?;
    Wide::from(power).times(REDEMPTION_ONE.into())
}

/// Units of the asset that so many base units are owed, rounded down: `E0423 SizeTooLarge` beyond what a record may hold.
pub fn quantity(supply: Amount, redemption: u128, decimals: u8) -> Result<Size> {
    let units = supply.wide().times(redemption.into())?.times(ONE.into())?.div_floor(scale(decimals)?)?;
    // what not even a size can hold is too large as well
    let size = Size::new(units.narrow().unwrap_or(i128::MAX));
    ensure(size <= MAX_SIZE, || Error::SizeTooLarge { size, max: MAX_SIZE })?;
    Ok(size)
}

/// Base units that are owed so much of the asset, rounded as named. `E0002` where a token is owed nothing.
pub fn tokens(size: Size, redemption: u128, decimals: u8, rounding: Rounding) -> Result<Amount> {
    let numerator = size.abs().wide().times(scale(decimals)?)?;
    let divisor = Wide::from(redemption).times(ONE.into())?;
    rounding.divide(numerator, divisor)?.unsigned().map(Amount::new)
}

/// R after funding has moved by ΔF (USD per unit with 24 decimals) at price P: `R·(1 + ΔF/P)`, rounded down, at least 0. So the value
/// `q·P + q·ΔF` stays, but for what the pool gains by the rounding. Without a price R stays.
///
/// ```
/// use sdp_spot::core::quantity::carried;
/// use sdp_types::spot::REDEMPTION_ONE;
/// // holders pay $1 a unit at $100: 1 %
/// let after = carried(REDEMPTION_ONE, -1_000_000_000_000_000_000_000_000, "100".parse()?)?;
/// assert_eq!(after, REDEMPTION_ONE / 100 * 99);
/// # Ok::<(), sdp_types::Error>(())
/// ```
pub fn carried(redemption: u128, moved: i128, price: Price) -> Result<u128> {
    if price.is_zero() || moved == 0 {
        return Ok(redemption);
    }
    let level = price.wide().times(FUNDING_PER_PRICE.into())?;
    let after = level.plus(moved.into())?.max(Wide::ZERO);
    let redemption = Wide::from(redemption).times(after)?.div_floor(level)?;
    // more than 10¹¹ units a token: holders get no more
    Ok(redemption.unsigned().unwrap_or(u128::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sdp_types::units::MAX_AMOUNT;

    #[test]
    fn a_token_is_owed_its_units_rounded_down() {
        let of = |supply: u128, redemption, decimals| {
            quantity(Amount::new(supply), redemption, decimals).unwrap().to_string()
        };
        assert_eq!(of(1_500_000, REDEMPTION_ONE, 6), "1.5");
        assert_eq!(of(1, REDEMPTION_ONE - 1, 18), "0");
        assert_eq!(of(3, REDEMPTION_ONE / 2, 18), "0.000000000000000001");
        for decimals in [6, 8] {
            let most = quantity(MAX_AMOUNT, REDEMPTION_ONE, decimals);
            assert_eq!(most.unwrap_err().code(), "E0423");
        }
    }

    #[test]
    fn funding_beyond_the_price_leaves_nothing_and_not_less() {
        assert_eq!(carried(REDEMPTION_ONE, i128::MIN / 2, Price::new(ONE)).unwrap(), 0);
        assert_eq!(carried(REDEMPTION_ONE, 5, Price::ZERO).unwrap(), REDEMPTION_ONE);
        assert_eq!(carried(u128::MAX, i128::MAX / 4, Price::new(1)).unwrap(), u128::MAX);
    }

    proptest! {
        /// `R'·P ≤ R·(P + ΔF) < R'·P + P` in the index's own units.
        #[test]
        fn value_is_kept_but_for_a_rounding_for_the_pool(
            redemption in 1u128..1_000_000 * REDEMPTION_ONE,
            price in 1u128..1_000_000_000_000_000_000_000_000,
            part in -999_999i128..1_000_000,
        ) {
            let level = Wide::from(price).times(FUNDING_PER_PRICE.into()).unwrap();
            let moved = level.times(part.into()).unwrap().div_floor(1_000_000u64.into()).unwrap();
            let after = carried(redemption, moved.narrow().unwrap(), Price::new(price)).unwrap();
            let owed = Wide::from(redemption).times(level.plus(moved).unwrap()).unwrap();
            let kept = Wide::from(after).times(level).unwrap();
            prop_assert!(kept <= owed && owed < kept.plus(level).unwrap());
        }

        #[test]
        fn tokens_and_quantity_undo_each_other(
            size in 1i128..1_000_000_000_000_000_000_000_000,
            redemption in REDEMPTION_ONE / 1_000..1_000 * REDEMPTION_ONE,
            decimals in 6u8..=18,
        ) {
            let size = Size::new(size);
            let up = tokens(size, redemption, decimals, Rounding::Up).unwrap();
            prop_assert!(quantity(up, redemption, decimals).unwrap() >= size);
            let down = tokens(size, redemption, decimals, Rounding::Down).unwrap();
            prop_assert!(quantity(down, redemption, decimals).unwrap() <= size);
        }
    }
}
