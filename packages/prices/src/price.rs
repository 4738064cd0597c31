//! Exact prices.

use std::fmt;
use std::str::FromStr;

/// Number of decimals of a [`Price`].
const DECIMALS: i32 = 18;
const ONE: u128 = 1_000_000_000_000_000_000;

/// A price above zero, exact: USD (or whatever the file quotes in) per one whole unit of the asset, 18 decimals.
///
/// ```
/// # use sdp_prices::{Price, PriceError};
/// assert_eq!("1e-5".parse::<Price>()?.atomics(), 10_000_000_000_000);
/// assert_eq!("0.10".parse::<Price>()?.to_string(), "0.1");
/// assert_eq!("58,858.6".parse::<Price>(), Err(PriceError::Separator));
/// # Ok::<(), PriceError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Price(u128);

/// Why a text is no [`Price`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PriceError {
    /// Not a decimal number; `NaN`, `inf`, currency signs and units are among these.
    #[error("is not a number")]
    NotANumber,
    /// Zero or below.
    #[error("is not above zero")]
    NotPositive,
    /// A comma, apostrophe, underscore or space inside the number: whether it groups thousands or marks decimals is a guess.
    #[error("has a separator inside; write it as a plain decimal such as 58858.6")]
    Separator,
    /// Digits beyond the 18th decimal. They are refused, since rounding would change the data unseen.
    #[error("has more than 18 decimals")]
    TooFine,
    /// Above the largest price that 128 bits hold, about 3.4e20.
    #[error("is too large")]
    TooLarge,
}

impl Price {
    /// From an integer of 1e-18; none for zero.
    pub fn from_atomics(atomics: u128) -> Option<Self> {
        (atomics > 0).then_some(Self(atomics))
    }

    /// The price as an integer of 1e-18.
    pub fn atomics(self) -> u128 {
        self.0
    }
}

impl FromStr for Price {
    type Err = PriceError;

    /// Reads plain decimals and exponents (`58858.6`, `.5`, `1e-5`); space around is ignored.
    fn from_str(text: &str) -> Result<Self, PriceError> {
        let number = Decimal::read(text)?;
        if number.negative || number.digits.iter().all(|&d| d == 0) {
            return Err(PriceError::NotPositive);
        }
        number.at_scale(DECIMALS).map(Self)
    }
}

impl fmt::Display for Price {
    /// The shortest decimal text that reads back as the same price.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / ONE, self.0 % ONE);
        if part == 0 {
            return write!(f, "{whole}");
        }
        let part = format!("{part:018}");
        write!(f, "{whole}.{}", part.trim_end_matches('0'))
    }
}

/// A decimal number as written: value = ±digits · 10^exponent.
pub(crate) struct Decimal {
    pub(crate) negative: bool,
    digits: Vec<u8>,
    exponent: i32,
}

impl Decimal {
    pub(crate) fn read(text: &str) -> Result<Self, PriceError> {
        let text = text.trim();
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse().map_err(|_| PriceError::NotANumber)?),
            None => (unsigned, 0i32),
        };
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if let Some(error) = not_digits(whole, part) {
            return Err(error);
        }
        let digits: Vec<u8> = whole.bytes().chain(part.bytes()).map(|c| c - b'0').collect();
        let decimals = i32::try_from(part.len()).map_err(|_| PriceError::TooFine)?;
        let exponent = exponent.checked_sub(decimals).ok_or(PriceError::TooFine)?;
        Ok(Self { negative, digits, exponent })
    }

    /// The absolute value as an integer of 10^-scale; an error when it isn't one.
    pub(crate) fn at_scale(&self, scale: i32) -> Result<u128, PriceError> {
        let mut digits = self.digits.as_slice();
        let mut exponent = self.exponent.checked_add(scale).ok_or(PriceError::TooLarge)?;
        while let (true, [rest @ .., 0]) = (exponent < 0, digits) {
            digits = rest;
            exponent += 1;
        }
        if digits.iter().all(|&d| d == 0) {
            return Ok(0);
        }
        let power = u32::try_from(exponent).map_err(|_| PriceError::TooFine)?;
        let mut value = 0u128;
        for &digit in digits {
            value = value
                .checked_mul(10)
                .and_then(|v| v.checked_add(u128::from(digit)))
                .ok_or(PriceError::TooLarge)?;
        }
        10u128.checked_pow(power).and_then(|p| value.checked_mul(p)).ok_or(PriceError::TooLarge)
    }
}

/// What is wrong with the two halves of a mantissa, if anything.
fn not_digits(whole: &str, part: &str) -> Option<PriceError> {
    let digits = |text: &str| text.bytes().all(|c| c.is_ascii_digit());
    if digits(whole) && digits(part) {
        return (whole.is_empty() && part.is_empty()).then_some(PriceError::NotANumber);
    }
    let separator = |c: char| matches!(c, ',' | '\'' | '’' | '_' | '.') || c.is_whitespace();
    let grouped = whole.chars().chain(part.chars()).all(|c| c.is_ascii_digit() || separator(c));
    Some(if grouped { PriceError::Separator } else { PriceError::NotANumber })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn atomics(text: &str) -> Result<u128, PriceError> {
        text.parse().map(Price::atomics)
    }

    #[test]
    fn decimals_and_exponents_are_read_to_the_last_digit() {
        assert_eq!(atomics("58858.6"), Ok(58_858_600_000_000_000_000_000));
        assert_eq!(atomics(" 1e-5 "), Ok(10_000_000_000_000));
        assert_eq!(atomics("1.25E+3"), Ok(1_250 * ONE));
        assert_eq!(atomics(".5"), Ok(ONE / 2));
        assert_eq!(atomics("+7."), Ok(7 * ONE));
        assert_eq!(atomics("0.000000000000000001"), Ok(1));
        assert_eq!(atomics("340282366920938463463.374607431768211455"), Ok(u128::MAX));
    }

    #[test]
    fn zeros_beyond_the_eighteenth_decimal_are_no_digits() {
        assert_eq!(atomics("1.10000000000000000000000"), Ok(ONE + ONE / 10));
        assert_eq!(atomics("10e-19"), Ok(1));
    }

    #[test]
    fn what_is_not_an_exact_positive_decimal_says_why() {
        for text in
            ["", "-", ".", "NaN", "inf", "$5", "12 USD", "1e", "1e5.0", "0x10", "--1", "1e99999999999"]
        {
            assert_eq!(atomics(text), Err(PriceError::NotANumber), "{text}");
        }
        for text in ["0", "0.000", "-3.5", "-0", "0e30"] {
            assert_eq!(atomics(text), Err(PriceError::NotPositive), "{text}");
        }
        for text in ["58,858.6", "1'000", "1_000", "1 000", "1.000.000", "1,5"] {
            assert_eq!(atomics(text), Err(PriceError::Separator), "{text}");
        }
        assert_eq!(atomics("0.0000000000000000015"), Err(PriceError::TooFine));
        assert_eq!(atomics("1e-2147483648"), Err(PriceError::TooFine));
        assert_eq!(atomics("340282366920938463463.374607431768211456"), Err(PriceError::TooLarge));
        assert_eq!(atomics("1e2147483647"), Err(PriceError::TooLarge));
    }

    #[test]
    fn the_text_of_a_price_reads_back_as_the_same_price() {
        for text in ["58858.6", "0.00001", "1", "340282366920938463463.374607431768211455"] {
            assert_eq!(text.parse::<Price>().unwrap().to_string(), text);
        }
    }
}
