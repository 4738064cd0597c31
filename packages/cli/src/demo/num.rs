//! Between the contracts' exact units and the floats that agents think in.
//!
//! Agents, statistics and charts use floats; every amount that moves on the chain is an exact unit again before it is sent, and
//! the contracts never see a float.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` from a float saturates, and what an agent asks for may be off by a rounding"
)]

use sdp_embedded::decimal::Dollars;
use sdp_types::math::Wide;
use sdp_types::{Amount, Price, Rate, Ratio, SignedRatio, SignedUsd, Size, Usd};

const ONE: f64 = 1e18;
/// Largest size that an agent asks for, whole units.
const LARGEST: f64 = 1e15;
/// Largest number of anything else.
const MOST: f64 = 1e18;

/// USD of micro-USD.
pub fn of_usd(amount: Usd) -> f64 {
    amount.raw() as f64 / 1e6
}

/// USD of micro-USD.
pub fn of_signed(amount: SignedUsd) -> f64 {
    amount.raw() as f64 / 1e6
}

/// USD for one whole unit.
pub fn of_price(price: Price) -> f64 {
    price.raw() as f64 / ONE
}

/// Whole units.
pub fn of_size(size: Size) -> f64 {
    size.raw() as f64 / ONE
}

/// A plain number.
pub fn of_ratio(ratio: Ratio) -> f64 {
    ratio.raw() as f64 / ONE
}

/// A plain number.
pub fn of_signed_ratio(ratio: SignedRatio) -> f64 {
    ratio.raw() as f64 / ONE
}

/// A fraction per day.
pub fn of_rate(rate: Rate) -> f64 {
    rate.raw() as f64 / ONE
}

/// Whole tokens.
pub fn of_amount(amount: Amount, decimals: u8) -> f64 {
    amount.raw() as f64 / 10f64.powi(i32::from(decimals))
}

/// A 256-bit number divided by 10^`decimals`; 0 where it is beyond 128 bits.
pub fn of_wide(number: Wide, decimals: i32) -> f64 {
    number.narrow().unwrap_or_default() as f64 / 10f64.powi(decimals)
}

/// Micro-USD of USD, rounded down; 0 for what is not positive.
pub fn usd(dollars: f64) -> Usd {
    Usd::new((dollars.clamp(0.0, MOST) * 1e6) as u128)
}

/// Whole USD for a manifest.
pub fn dollars(amount: f64) -> Dollars {
    Dollars(Usd::new((amount.clamp(0.0, MOST).round() as u128).saturating_mul(1_000_000)))
}

/// A size with 9 decimals, towards 0.
pub fn size(units: f64) -> Size {
    Size::new((units.clamp(-LARGEST, LARGEST) * 1e9) as i128 * 1_000_000_000)
}

/// A plain number with 9 decimals, rounded.
pub fn ratio(number: f64) -> Ratio {
    Ratio::new((number.clamp(0.0, MOST) * 1e9).round() as u128 * 1_000_000_000)
}

/// A correlation with 4 decimals, towards 0, as the oracle keeps it.
pub fn correlation(number: f64) -> SignedRatio {
    SignedRatio::new((number.clamp(-1.0, 1.0) * 1e4) as i128 * 100_000_000_000_000)
}

/// A fraction per day with 9 decimals.
pub fn rate(number: f64) -> Rate {
    Rate::new((number.clamp(-MOST, MOST) * 1e9).round() as i128 * 1_000_000_000)
}

/// Base units of whole tokens, rounded down.
pub fn amount(tokens: f64, decimals: u8) -> Amount {
    Amount::new((tokens.clamp(0.0, MOST) * 10f64.powi(i32::from(decimals))) as u128)
}

/// The whole part of a number that is not negative.
pub fn whole(number: f64) -> u64 {
    number as u64
}

/// A place in a list, from a number that is not negative.
pub fn place(number: f64) -> usize {
    number as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_within_their_decimals() {
        assert_eq!(usd(1.2345678), Usd::new(1_234_567));
        assert_eq!(of_usd(usd(1_000_000.0)), 1_000_000.0);
        assert_eq!(size(-0.5).to_string(), "-0.5");
        assert_eq!(ratio(0.035).to_string(), "0.035");
        assert_eq!(rate(-0.25).to_string(), "-0.25");
        assert_eq!(amount(1.5, 12).raw(), 1_500_000_000_000);
        assert_eq!(correlation(0.860_49).to_string(), "0.8604");
        assert_eq!(dollars(612_500.4).0, Usd::whole(612_500));
    }

    #[test]
    fn what_is_no_number_moves_nothing() {
        assert_eq!(usd(f64::NAN), Usd::ZERO);
        assert_eq!(usd(-1.0), Usd::ZERO);
        assert_eq!(size(f64::NAN), Size::ZERO);
        assert_eq!(amount(f64::NEG_INFINITY, 6), Amount::ZERO);
    }
}
