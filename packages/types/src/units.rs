//! The units of the protocol as types, so that a price can't be added to a size.
//!
//! | type | unit | stored as | in JSON |
//! |---|---|---|---|
//! | [`Usd`], [`SignedUsd`] | USD | micro-USD | integer string of micro-USD |
//! | [`Amount`] | a collateral token | its base units | integer string |
//! | [`Shares`] | a vault's stored shares | integer | integer string |
//! | [`Price`] | USD per whole unit of an asset | 18 decimals | decimal string |
//! | [`Size`] | whole units of an asset, signed | 18 decimals | decimal string |
//! | [`Ratio`], [`SignedRatio`] | a plain number | 18 decimals | decimal string |
//! | [`Rate`] | per day | 18 decimals | decimal string |
//!
//! None of them has `+`, `*` or `/`: sums are checked (`plus`, `minus`), products name their rounding.

use core::fmt;
use core::str::FromStr;

use schemars::gen::SchemaGenerator;
use schemars::schema::Schema;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::decimal::{bad, parse_decimal, write_decimal};
use crate::error::{Error, Result};
use crate::math::{overflow, Wide};
pub use crate::rounding::Rounding;

/// 1.0 of every 18-decimal unit.
pub const ONE: u128 = 1_000_000_000_000_000_000;
/// Micro-USD in a USD.
pub const USD: u128 = 1_000_000;
/// Seconds in a day, the period of every [`Rate`].
pub const DAY: u64 = 86_400;
/// Seconds in a year of 365 days, the period of a stability fee.
pub const YEAR: u64 = 365 * DAY;

/// Largest price that any message may carry: 10¹² USD.
pub const MAX_PRICE: Price = Price::new(1_000_000_000_000 * ONE);
/// Largest position or order size, either sign: 10¹⁵ whole units.
pub const MAX_SIZE: Size = Size::new(1_000_000_000_000_000_000_000_000_000_000_000);
/// Largest USD amount that any message may carry: 10¹⁵ USD.
pub const MAX_USD: Usd = Usd::new(1_000_000_000_000_000 * USD);
/// Largest amount of a collateral that any message may carry: 10³⁰ base units.
pub const MAX_AMOUNT: Amount = Amount::new(1_000_000_000_000_000_000_000_000_000_000);

macro_rules! unit {
    ($(#[$doc:meta])* $name:ident, $inner:ty, $decimals:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($inner);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);
            /// The largest that the type can hold; messages are bounded lower.
            pub const MAX: Self = Self(<$inner>::MAX);
            /// Decimals of the stored integer in its text form.
            pub const DECIMALS: u32 = $decimals;

            /// From the stored integer.
            pub const fn new(raw: $inner) -> Self {
                Self(raw)
            }

            /// The stored integer.
            pub const fn raw(self) -> $inner {
                self.0
            }

            /// Whether this is 0.
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// `self + other`, or `E0001 Overflow`.
            pub fn plus(self, other: Self) -> Result<Self> {
                self.0.checked_add(other.0).map(Self).ok_or_else(|| overflow(concat!(stringify!($name), " add")))
            }

            /// `self − other`, or `E0001 Overflow`.
            pub fn minus(self, other: Self) -> Result<Self> {
                self.0.checked_sub(other.0).map(Self).ok_or_else(|| overflow(concat!(stringify!($name), " sub")))
            }

            /// The stored integer with 256 bits.
            pub fn wide(self) -> Wide {
                Wide::from(self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    crate::packed::serialize(self.0, $decimals, serializer)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    let text = String::deserialize(deserializer)?;
                    text.parse().map_err(serde::de::Error::custom)
                } else {
                    crate::packed::deserialize($decimals, deserializer).map(Self)
                }
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> String {
                stringify!($name).into()
            }

            fn json_schema(gen: &mut SchemaGenerator) -> Schema {
                String::json_schema(gen)
            }
        }
    };
}

macro_rules! unsigned {
    ($name:ident, $decimals:literal) => {
        impl $name {
            /// `self − other`, 0 where that would be negative.
            pub const fn saturating_minus(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_decimal(f, false, self.0, $decimals)
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self> {
                match parse_decimal(text, $decimals)? {
                    (false, raw) | (true, raw @ 0) => Ok(Self(raw)),
                    (true, _) => Err(bad(text)),
                }
            }
        }
    };
}

macro_rules! signed {
    ($name:ident, $abs:ident, $decimals:literal) => {
        impl $name {
            /// Whether this is below 0.
            pub const fn is_negative(self) -> bool {
                self.0 < 0
            }

            /// `−self`, or `E0001 Overflow`.
            pub fn negate(self) -> Result<Self> {
                self.0.checked_neg().map(Self).ok_or_else(|| overflow(concat!(stringify!($name), " neg")))
            }

            /// Distance from 0.
            pub const fn abs(self) -> $abs {
                $abs::new(self.0.unsigned_abs())
            }

            /// Itself where positive, else 0.
            pub fn positive_part(self) -> $abs {
                if self.0 > 0 {
                    self.abs()
                } else {
                    $abs::ZERO
                }
            }

            /// Minus itself where negative, else 0.
            pub fn negative_part(self) -> $abs {
                if self.0 < 0 {
                    self.abs()
                } else {
                    $abs::ZERO
                }
            }
        }

        impl $abs {
            /// The same with a sign, or `E0001 Overflow`.
            pub fn signed(self) -> Result<$name> {
                i128::try_from(self.0).map($name).map_err(|_| overflow(concat!(stringify!($abs), " sign")))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_decimal(f, self.0 < 0, self.0.unsigned_abs(), $decimals)
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self> {
                let (negative, raw) = parse_decimal(text, $decimals)?;
                let raw = i128::try_from(raw).map_err(|_| bad(text))?;
                Ok(Self(if negative { -raw } else { raw }))
            }
        }
    };
}

unit!(
    /// An amount of money, never negative, in micro-USD. sdUSD counts in the same unit.
    Usd, u128, 0
);
unit!(
    /// An amount of money that may be owed instead, in micro-USD.
    SignedUsd, i128, 0
);
unit!(
    /// Base units of a collateral token; its number of decimals is in its config.
    Amount, u128, 0
);
unit!(
    /// Stored shares of a vault (see [`crate::shares::ScaledBook`]).
    Shares, u128, 0
);
unit!(
    /// USD for one whole unit of an asset, 18 decimals.
    Price, u128, 18
);
unit!(
    /// Whole units of an asset, 18 decimals: positive is long or bought.
    Size, i128, 18
);
unit!(
    /// Distance of a [`Size`] from 0, 18 decimals.
    AbsSize, u128, 18
);
unit!(
    /// A plain number that is never negative, 18 decimals: 1.0 is 100 %.
    Ratio, u128, 18
);
unit!(
    /// A plain number, 18 decimals: 1.0 is 100 %.
    SignedRatio, i128, 18
);
unit!(
    /// A fraction per day, 18 decimals: 0.04 is 4 % a day.
    Rate, i128, 18
);
unit!(
    /// Distance of a [`Rate`] from 0, 18 decimals.
    AbsRate, u128, 18
);

unsigned!(Usd, 0);
unsigned!(Amount, 0);
unsigned!(Shares, 0);
unsigned!(Price, 18);
unsigned!(Ratio, 18);
unsigned!(AbsSize, 18);
unsigned!(AbsRate, 18);
signed!(SignedUsd, Usd, 0);
signed!(Size, AbsSize, 18);
signed!(SignedRatio, Ratio, 18);
signed!(Rate, AbsRate, 18);

/// 18-decimal price × 18-decimal size has 36 decimals, micro-USD has 6.
const PRICE_SIZE_PER_MICRO_USD: u128 = ONE * 1_000_000_000_000;

impl Price {
    /// USD value of a signed size at this price, rounded as named (down is towards −∞).
    pub fn value(self, size: Size, rounding: Rounding) -> Result<SignedUsd> {
        let numerator = self.wide().times(size.wide())?;
        rounding.divide(numerator, PRICE_SIZE_PER_MICRO_USD.into())?.narrow().map(SignedUsd)
    }

    /// This price times a plain number, rounded as named.
    pub fn scale(self, by: Ratio, rounding: Rounding) -> Result<Self> {
        rounding.mul_div(self.0, by.0, ONE).map(Self)
    }

    /// The lower edge of a confidence band: `price × (1 − confidence)`, rounded down; 0 for a confidence above 1.
    pub fn low(self, confidence: Ratio) -> Result<Self> {
        self.scale(Ratio::ONE.saturating_minus(confidence), Rounding::Down)
    }

    /// The upper edge of a confidence band: `price × (1 + confidence)`, rounded up.
    pub fn high(self, confidence: Ratio) -> Result<Self> {
        self.scale(Ratio::ONE.plus(confidence)?, Rounding::Up)
    }

    /// The edge of the confidence band that is worse for somebody who holds `size` (or for somebody who trades `−size`).
    pub fn adverse_to_holder(self, size: Size, confidence: Ratio) -> Result<Self> {
        if size.is_negative() {
            self.high(confidence)
        } else {
            self.low(confidence)
        }
    }

    /// USD value of base units of a token with so many decimals, rounded as named.
    pub fn value_of(self, amount: Amount, decimals: u8, rounding: Rounding) -> Result<Usd> {
        rounding.mul_div(amount.0, self.0, token_scale(decimals)?).map(Usd)
    }

    /// Base units of a token with so many decimals that are worth `value` at this price, rounded as named.
    pub fn amount_for(self, value: Usd, decimals: u8, rounding: Rounding) -> Result<Amount> {
        rounding.mul_div(value.0, token_scale(decimals)?, self.0).map(Amount)
    }
}

/// price (18 decimals) × base units ÷ this = micro-USD: 10^(18 + decimals − 6).
fn token_scale(decimals: u8) -> Result<u128> {
    10u128.checked_pow(u32::from(decimals) + 12).ok_or_else(|| overflow("token decimals"))
}

impl Size {
    /// `magnitude` with the sign of `self` (positive for 0).
    pub fn with_magnitude(self, magnitude: AbsSize) -> Result<Self> {
        let size = magnitude.signed()?;
        if self.is_negative() {
            size.negate()
        } else {
            Ok(size)
        }
    }

    /// Whether both are on the same side (0 is on neither).
    pub const fn same_side(self, other: Self) -> bool {
        (self.0 > 0 && other.0 > 0) || (self.0 < 0 && other.0 < 0)
    }
}

impl AbsSize {
    /// USD value at a price, rounded as named.
    pub fn value(self, price: Price, rounding: Rounding) -> Result<Usd> {
        rounding.mul_div(self.0, price.0, PRICE_SIZE_PER_MICRO_USD).map(Usd)
    }
}

impl Ratio {
    /// 100 %.
    pub const ONE: Self = Self(ONE);

    /// `n` basis points.
    pub const fn bps(n: u64) -> Self {
        Self(n as u128 * (ONE / 10_000))
    }

    /// `n` %.
    pub const fn percent(n: u64) -> Self {
        Self(n as u128 * (ONE / 100))
    }

    /// `numerator / denominator` of two integers of one unit, rounded as named.
    pub fn of(numerator: u128, denominator: u128, rounding: Rounding) -> Result<Self> {
        rounding.mul_div(numerator, ONE, denominator).map(Self)
    }

    /// `self × other`, rounded as named.
    pub fn times(self, other: Self, rounding: Rounding) -> Result<Self> {
        rounding.mul_div(self.0, other.0, ONE).map(Self)
    }
}

impl Usd {
    /// Whole USD.
    pub const fn whole(n: u64) -> Self {
        Self(n as u128 * USD)
    }

    /// This amount times a plain number, rounded as named.
    pub fn scale(self, by: Ratio, rounding: Rounding) -> Result<Self> {
        rounding.mul_div(self.0, by.0, ONE).map(Self)
    }

    /// `self × part / whole`, rounded as named.
    pub fn fraction(self, part: u128, whole: u128, rounding: Rounding) -> Result<Self> {
        rounding.mul_div(self.0, part, whole).map(Self)
    }

    /// This amount divided by a plain number, rounded as named.
    pub fn unscale(self, by: Ratio, rounding: Rounding) -> Result<Self> {
        rounding.mul_div(self.0, ONE, by.0).map(Self)
    }

    /// `self ÷ other` as a plain number, rounded as named.
    pub fn per(self, other: Self, rounding: Rounding) -> Result<Ratio> {
        Ratio::of(self.0, other.0, rounding)
    }
}

impl Amount {
    /// `self × part / whole`, rounded as named.
    pub fn fraction(self, part: u128, whole: u128, rounding: Rounding) -> Result<Self> {
        rounding.mul_div(self.0, part, whole).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_integer_are_the_same_number() {
        assert_eq!("60000.5".parse::<Price>().unwrap().raw(), 60_000_500_000_000_000_000_000);
        assert_eq!("-0.25".parse::<Size>().unwrap().raw(), -250_000_000_000_000_000);
        assert_eq!("-0.25".parse::<Size>().unwrap().to_string(), "-0.25");
        assert_eq!(Price::new(1).to_string(), "0.000000000000000001");
        assert_eq!(Usd::whole(3).to_string(), "3000000");
    }

    #[test]
    fn text_that_is_no_number_of_the_unit_is_refused() {
        for text in ["", ".", "1.", ".5", "-", "1e3", "+1", "1_000", " 1", "0.0000000000000000001", "--1"] {
            assert!(text.parse::<Price>().is_err(), "{text}");
        }
        assert!("-1".parse::<Usd>().is_err());
        assert!("1.5".parse::<Usd>().is_err());
        assert!("340282366920938463463374607431768211456".parse::<Usd>().is_err());
    }

    #[test]
    fn a_value_rounds_to_the_named_side_and_the_sides_of_a_size_mirror() {
        let price: Price = "0.000001".parse().unwrap();
        let size: Size = "1.5".parse().unwrap();
        assert_eq!(price.value(size, Rounding::Down).unwrap().raw(), 1);
        assert_eq!(price.value(size, Rounding::Up).unwrap().raw(), 2);
        assert_eq!(price.value(size.negate().unwrap(), Rounding::Down).unwrap().raw(), -2);
        assert_eq!(price.value(size.negate().unwrap(), Rounding::Up).unwrap().raw(), -1);
    }

    #[test]
    fn the_extremes_of_a_message_stay_within_256_bits() {
        assert!(MAX_PRICE.value(MAX_SIZE, Rounding::Up).is_ok());
        assert!(Price::MAX.value(Size::MAX, Rounding::Up).is_err());
    }
}
