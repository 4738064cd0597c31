//! Directed division and 256-bit intermediates. There is no division here that does not say which way it rounds.

use cosmwasm_std::{Int128, Int256, Uint128, Uint256};
use schemars::gen::SchemaGenerator;
use schemars::schema::Schema;
use schemars::JsonSchema;
use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use crate::error::{Error, Result};

/// A signed 256-bit integer that is stored in as few bytes as it needs (two's complement, big endian) and shown as a
/// decimal string. Arithmetic is checked; the unit is stated where it is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wide(pub Int256);

impl Wide {
    /// Nothing.
    pub const ZERO: Self = Self(Int256::zero());

    /// `self + other`.
    pub fn plus(self, other: Self) -> Result<Self> {
        self.0.checked_add(other.0).map(Self).map_err(|_| overflow("wide add"))
    }

    /// `self − other`.
    pub fn minus(self, other: Self) -> Result<Self> {
        self.0.checked_sub(other.0).map(Self).map_err(|_| overflow("wide sub"))
    }

    /// `self × other`.
    pub fn times(self, other: Self) -> Result<Self> {
        self.0.checked_mul(other.0).map(Self).map_err(|_| overflow("wide mul"))
    }

    /// The largest integer that is at most `self / divisor`.
    pub fn div_floor(self, divisor: Self) -> Result<Self> {
        self.div_rem(divisor).map(|(quotient, _)| quotient)
    }

    /// The smallest integer that is at least `self / divisor`.
    pub fn div_ceil(self, divisor: Self) -> Result<Self> {
        let (quotient, remainder) = self.div_rem(divisor)?;
        if remainder.is_zero() {
            Ok(quotient)
        } else {
            quotient.plus(Self::from(1i128))
        }
    }

    /// Quotient rounded down and the remainder that belongs to it: for a positive divisor `0 ≤ remainder < divisor`.
    pub fn div_rem(self, divisor: Self) -> Result<(Self, Self)> {
        if divisor.is_zero() {
            return Err(Error::DivisionByZero {});
        }
        let quotient = self.0.checked_div(divisor.0).map_err(|_| overflow("wide div"))?;
        let remainder = self.0.checked_rem(divisor.0).map_err(|_| overflow("wide rem"))?;
        let differs = !remainder.is_zero() && (remainder.is_negative() != divisor.0.is_negative());
        if differs {
            Ok((Self(quotient).minus(Self::from(1i128))?, Self(remainder).plus(divisor)?))
        } else {
            Ok((Self(quotient), Self(remainder)))
        }
    }

    /// `−self`.
    pub fn negate(self) -> Result<Self> {
        Self::ZERO.minus(self)
    }

    /// Whether this is 0.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Whether this is below 0.
    pub fn is_negative(self) -> bool {
        self.0.is_negative()
    }

    /// The same number in 128 bits.
    pub fn narrow(self) -> Result<i128> {
        Int128::try_from(self.0).map(|n| n.i128()).map_err(|_| overflow("narrow"))
    }

    fn to_bytes(self) -> Vec<u8> {
        let bytes = self.0.to_be_bytes();
        let fill = if self.0.is_negative() { 0xff } else { 0 };
        let mut from = 0;
        while from < 31 && bytes[from] == fill && (bytes[from + 1] & 0x80 == 0) == (fill == 0) {
            from += 1;
        }
        if self.0.is_zero() {
            Vec::new()
        } else {
            bytes[from..].to_vec()
        }
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > 32 {
            return None;
        }
        let negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
        let mut full = if negative { [0xff; 32] } else { [0; 32] };
        full[32 - bytes.len()..].copy_from_slice(bytes);
        Some(Self(Int256::from_be_bytes(full)))
    }
}

impl From<i128> for Wide {
    fn from(value: i128) -> Self {
        Self(Int256::from(value))
    }
}

impl From<u128> for Wide {
    fn from(value: u128) -> Self {
        let mut bytes = [0; 32];
        bytes[16..].copy_from_slice(&value.to_be_bytes());
        Self(Int256::from_be_bytes(bytes))
    }
}

impl From<u64> for Wide {
    fn from(value: u64) -> Self {
        Self::from(u128::from(value))
    }
}

impl core::fmt::Display for Wide {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)
    }
}

impl core::str::FromStr for Wide {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        text.parse().map(Self).map_err(|_| Error::BadNumber { text: text.to_string() })
    }
}

impl Serialize for Wide {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_bytes(&self.to_bytes())
        }
    }
}

struct WideVisitor;

impl de::Visitor<'_> for WideVisitor {
    type Value = Wide;

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("a signed 256-bit integer")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> core::result::Result<Wide, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> core::result::Result<Wide, E> {
        Wide::from_bytes(bytes).ok_or_else(|| E::invalid_length(bytes.len(), &self))
    }
}

impl<'de> Deserialize<'de> for Wide {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_str(WideVisitor)
        } else {
            deserializer.deserialize_bytes(WideVisitor)
        }
    }
}

impl JsonSchema for Wide {
    fn schema_name() -> String {
        "Int256".into()
    }

    fn json_schema(gen: &mut SchemaGenerator) -> Schema {
        String::json_schema(gen)
    }
}

/// `a × b ÷ divisor`, rounded down; the product has 256 bits.
pub fn mul_div_floor(a: u128, b: u128, divisor: u128) -> Result<u128> {
    let (quotient, _) = full_mul_div(a, b, divisor)?;
    fit(quotient)
}

/// `a × b ÷ divisor`, rounded up; the product has 256 bits.
pub fn mul_div_ceil(a: u128, b: u128, divisor: u128) -> Result<u128> {
    let (quotient, exact) = full_mul_div(a, b, divisor)?;
    let quotient = fit(quotient)?;
    if exact {
        Ok(quotient)
    } else {
        quotient.checked_add(1).ok_or_else(|| overflow("mul_div_ceil"))
    }
}

fn full_mul_div(a: u128, b: u128, divisor: u128) -> Result<(Uint256, bool)> {
    if divisor == 0 {
        return Err(Error::DivisionByZero {});
    }
    let product = Uint128::new(a).full_mul(b);
    let divisor = Uint256::from(divisor);
    let quotient = product.checked_div(divisor).map_err(|_| overflow("mul_div"))?;
    let back = quotient.checked_mul(divisor).map_err(|_| overflow("mul_div"))?;
    Ok((quotient, back == product))
}

fn fit(value: Uint256) -> Result<u128> {
    Uint128::try_from(value).map(|n| n.u128()).map_err(|_| overflow("mul_div"))
}

/// `⌊√value⌋`.
pub fn sqrt_floor(value: Wide) -> Result<u128> {
    use cosmwasm_std::Isqrt;
    if value.is_negative() {
        return Err(overflow("sqrt of a negative number"));
    }
    let root = Uint256::from_be_bytes(value.0.to_be_bytes()).isqrt();
    fit(root)
}

pub(crate) fn overflow(operation: &str) -> Error {
    Error::Overflow { operation: operation.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_rounds_to_the_named_side_for_all_signs() {
        for (n, d, floor, ceil) in
            [(7i128, 2i128, 3i128, 4i128), (-7, 2, -4, -3), (7, -2, -4, -3), (-7, -2, 3, 4), (6, 2, 3, 3)]
        {
            assert_eq!(Wide::from(n).div_floor(d.into()).unwrap(), floor.into());
            assert_eq!(Wide::from(n).div_ceil(d.into()).unwrap(), ceil.into());
        }
    }

    #[test]
    fn a_wide_number_takes_only_the_bytes_that_it_needs_and_comes_back() {
        for n in [0i128, 1, -1, 127, 128, -128, -129, 255, 256, i128::MAX, i128::MIN] {
            let bytes = Wide::from(n).to_bytes();
            assert_eq!(Wide::from_bytes(&bytes), Some(n.into()), "{n}");
        }
        assert_eq!(Wide::from(0i128).to_bytes().len(), 0);
        assert_eq!(Wide::from(-128i128).to_bytes().len(), 1);
        assert_eq!(Wide::from(128i128).to_bytes().len(), 2);
        assert_eq!(Wide(Int256::MIN).to_bytes().len(), 32);
        assert_eq!(Wide::from_bytes(&[0; 33]), None);
    }

    #[test]
    fn products_beyond_128_bits_divide_back() {
        assert_eq!(mul_div_floor(u128::MAX, u128::MAX, u128::MAX).unwrap(), u128::MAX);
        assert_eq!(mul_div_floor(10, 10, 3).unwrap(), 33);
        assert_eq!(mul_div_ceil(10, 10, 3).unwrap(), 34);
        assert!(mul_div_floor(u128::MAX, 2, 1).is_err());
        assert!(mul_div_ceil(1, 1, 0).is_err());
    }
}
