//! Division of signed numbers that treats both signs alike.

use sdp_types::math::Wide;
use sdp_types::{Error, Result, Rounding};

/// The quotient without its fraction. For a positive divisor.
pub(crate) fn towards_zero(numerator: Wide, divisor: Wide) -> Result<Wide> {
    let rounding = if numerator.is_negative() { Rounding::Up } else { Rounding::Down };
    rounding.divide(numerator, divisor)
}

/// The quotient with its fraction made whole. For a positive divisor.
pub(crate) fn away_from_zero(numerator: Wide, divisor: Wide) -> Result<Wide> {
    let rounding = if numerator.is_negative() { Rounding::Down } else { Rounding::Up };
    rounding.divide(numerator, divisor)
}

/// 128 bits without a sign, or `E0001 Overflow`.
pub(crate) fn unsigned(value: Wide, what: &str) -> Result<u128> {
    value.unsigned().map_err(|_| Error::Overflow { operation: what.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_signs_round_alike() {
        for (n, zero, away) in [(7i128, 3i128, 4i128), (-7, -3, -4), (6, 3, 3), (-6, -3, -3), (0, 0, 0)] {
            assert_eq!(towards_zero(n.into(), 2i128.into()).unwrap(), zero.into());
            assert_eq!(away_from_zero(n.into(), 2i128.into()).unwrap(), away.into());
        }
    }

    #[test]
    fn what_has_a_sign_or_too_many_bits_is_refused() {
        let most = Wide::from(u128::MAX);
        assert_eq!(unsigned(most, "x").unwrap(), u128::MAX);
        assert!(unsigned(most.plus(1i128.into()).unwrap(), "x").is_err());
        assert!(unsigned(Wide::from(-1i128), "x").is_err());
    }
}
