//! Directed division and 256-bit intermediates. There is no division here that does not say which way it rounds.

use schemars::gen::SchemaGenerator;
use schemars::schema::Schema;
use schemars::JsonSchema;
use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use crate::error::{Error, Result};
use crate::unsigned::Unsigned;

/// A signed 256-bit integer that is stored in as few bytes as it needs (two's complement, big endian) and shown as a
/// decimal string. Arithmetic is checked; the unit is stated where it is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wide {
    /// With the sign: the number is `high·2¹²⁸ + low`.
    high: i128,
    low: u128,
}

impl Wide {
    /// Nothing.
    pub const ZERO: Self = Self { high: 0, low: 0 };
    /// The largest: 2²⁵⁵ − 1.
    pub const MAX: Self = Self { high: i128::MAX, low: u128::MAX };
    /// The least: −2²⁵⁵.
    pub const MIN: Self = Self { high: i128::MIN, low: 0 };

    /// `self + other`.
    pub fn plus(self, other: Self) -> Result<Self> {
        let (low, carry) = self.low.overflowing_add(other.low);
        let (high, over) = self.high.overflowing_add(other.high);
        let (high, back) = high.overflowing_add(carry.into());
        // one may bring back what the other carried out
        if over == back {
            Ok(Self { high, low })
        } else {
            Err(overflow("wide add"))
        }
    }

    /// `self − other`.
    pub fn minus(self, other: Self) -> Result<Self> {
        let (low, borrow) = self.low.overflowing_sub(other.low);
        let (high, over) = self.high.overflowing_sub(other.high);
        let (high, back) = high.overflowing_sub(borrow.into());
        if over == back {
            Ok(Self { high, low })
        } else {
            Err(overflow("wide sub"))
        }
    }

    /// `self × other`.
    pub fn times(self, other: Self) -> Result<Self> {
        let negative = self.is_negative() != other.is_negative();
        let product = self.magnitude().times(other.magnitude());
        product.and_then(|product| Self::signed(negative, product)).ok_or_else(|| overflow("wide mul"))
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
        let parts = self.magnitude().div_rem(divisor.magnitude());
        let (quotient, remainder) = parts.ok_or(Error::DivisionByZero {})?;
        let negative = self.is_negative() != divisor.is_negative();
        let quotient = Self::signed(negative, quotient).ok_or_else(|| overflow("wide div"))?;
        // less than the divisor, so it fits
        let remainder = Self::signed(self.is_negative(), remainder).ok_or_else(|| overflow("wide rem"))?;
        if negative && !remainder.is_zero() {
            Ok((quotient.minus(Self::from(1i128))?, remainder.plus(divisor)?))
        } else {
            Ok((quotient, remainder))
        }
    }

    /// `−self`.
    pub fn negate(self) -> Result<Self> {
        Self::ZERO.minus(self)
    }

    /// Whether this is 0.
    pub const fn is_zero(self) -> bool {
        self.high == 0 && self.low == 0
    }

    /// Whether this is below 0.
    pub const fn is_negative(self) -> bool {
        self.high < 0
    }

    /// The same number in 128 bits.
    pub fn narrow(self) -> Result<i128> {
        let low = i128::from_ne_bytes(self.low.to_ne_bytes());
        let same = (self.high == 0 && low >= 0) || (self.high == -1 && low < 0);
        same.then_some(low).ok_or_else(|| overflow("narrow"))
    }

    /// The same number in 128 bits without a sign.
    pub fn unsigned(self) -> Result<u128> {
        (self.high == 0).then_some(self.low).ok_or_else(|| overflow("unsigned"))
    }

    fn magnitude(self) -> Unsigned {
        let (high, low) = (u128::from_ne_bytes(self.high.to_ne_bytes()), self.low);
        if self.high >= 0 {
            return Unsigned { high, low };
        }
        let (low, carry) = (!low).overflowing_add(1);
        Unsigned { high: (!high).wrapping_add(carry.into()), low }
    }

    /// A magnitude with a sign, if it fits.
    fn signed(negative: bool, magnitude: Unsigned) -> Option<Self> {
        let Unsigned { high, low } = magnitude;
        if !negative {
            return Some(Self { high: i128::try_from(high).ok()?, low });
        }
        let (low, carry) = (!low).overflowing_add(1);
        let high = i128::from_ne_bytes((!high).wrapping_add(carry.into()).to_ne_bytes());
        (high < 0 || magnitude.is_zero()).then_some(Self { high, low })
    }

    fn to_bytes(self) -> Vec<u8> {
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(&self.high.to_be_bytes());
        bytes[16..].copy_from_slice(&self.low.to_be_bytes());
        let fill = if self.is_negative() { 0xff } else { 0 };
        let mut from = 0;
        while from < 31 && bytes[from] == fill && (bytes[from + 1] & 0x80 == 0) == (fill == 0) {
            from += 1;
        }
        if self.is_zero() {
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
        let (high, low) = full.split_at(16);
        Some(Self {
            high: i128::from_be_bytes(high.try_into().ok()?),
            low: u128::from_be_bytes(low.try_into().ok()?),
        })
    }
}

impl From<i128> for Wide {
    fn from(value: i128) -> Self {
        Self { high: if value < 0 { -1 } else { 0 }, low: u128::from_ne_bytes(value.to_ne_bytes()) }
    }
}

impl From<u128> for Wide {
    fn from(value: u128) -> Self {
        Self { high: 0, low: value }
    }
}

impl From<u64> for Wide {
    fn from(value: u64) -> Self {
        Self::from(u128::from(value))
    }
}

/// The largest power of ten in 64 bits, and its zeros.
const CHUNK: (u128, usize) = (10_000_000_000_000_000_000, 19);

impl core::fmt::Display for Wide {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (mut rest, mut chunks) = (self.magnitude(), Vec::new());
        while let Some((quotient, chunk)) = rest.div_rem(Unsigned::from_low(CHUNK.0)) {
            chunks.push(chunk.low);
            rest = quotient;
            if rest.is_zero() {
                break;
            }
        }
        let mut text = chunks.pop().unwrap_or_default().to_string();
        for chunk in chunks.iter().rev() {
            text.push_str(&format!("{chunk:0width$}", width = CHUNK.1));
        }
        f.pad_integral(!self.is_negative(), "", &text)
    }
}

impl core::str::FromStr for Wide {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let bad = || Error::BadNumber { text: text.to_string() };
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
        let mut magnitude = Unsigned::default();
        for digit in digits.chars() {
            let digit = Unsigned::from_low(digit.to_digit(10).ok_or_else(bad)?.into());
            let shifted = magnitude.times(Unsigned::from_low(10));
            magnitude = shifted.and_then(|shifted| shifted.plus(digit)).ok_or_else(bad)?;
        }
        let number = Self::signed(negative, magnitude).filter(|_| !digits.is_empty());
        number.ok_or_else(bad)
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

fn full_mul_div(a: u128, b: u128, divisor: u128) -> Result<(Unsigned, bool)> {
    let divided = Unsigned::product(a, b).div_rem(Unsigned::from_low(divisor));
    let (quotient, remainder) = divided.ok_or(Error::DivisionByZero {})?;
    Ok((quotient, remainder.is_zero()))
}

fn fit(value: Unsigned) -> Result<u128> {
    (value.high == 0).then_some(value.low).ok_or_else(|| overflow("mul_div"))
}

/// `⌊√value⌋`.
pub fn sqrt_floor(value: Wide) -> Result<u128> {
    if value.is_negative() {
        return Err(overflow("sqrt of a negative number"));
    }
    Ok(value.magnitude().sqrt_floor())
}

pub(crate) fn overflow(operation: &str) -> Error {
    Error::Overflow { operation: operation.to_string() }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::{Int256, Isqrt, Uint256};
    use proptest::prelude::*;

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
        assert_eq!(Wide::MIN.to_bytes().len(), 32);
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

    /// Numbers of every length, with long runs of ones and zeros.
    fn number() -> impl Strategy<Value = Wide> {
        let half = prop_oneof![
            any::<u128>(),
            (0u32..128).prop_map(|n| 1u128 << n),
            (0u32..128).prop_map(|n| (1u128 << n) - 1),
            (0u32..128).prop_map(|n| u128::MAX << n),
            Just(0u128),
        ];
        (half.clone(), half, 0u32..256, any::<bool>()).prop_map(|(high, low, cut, negative)| {
            let cut_off = |n: u128, by: u32| if by >= 128 { 0 } else { n >> by };
            let high = cut_off(high, cut.max(1));
            let magnitude = Unsigned { high, low: if cut > 128 { cut_off(low, cut - 128) } else { low } };
            Wide::signed(negative, magnitude).unwrap()
        })
    }

    fn std(n: Wide) -> Int256 {
        n.to_string().parse().unwrap()
    }

    fn same(ours: Result<Wide>, theirs: Option<Int256>) -> core::result::Result<(), TestCaseError> {
        prop_assert_eq!(ours.ok().map(|n| n.to_string()), theirs.map(|n| n.to_string()));
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]

        #[test]
        fn arithmetic_is_that_of_the_standard_library(a in number(), b in number()) {
            let (x, y) = (std(a), std(b));
            prop_assert_eq!(a.cmp(&b), x.cmp(&y));
            same(a.plus(b), x.checked_add(y).ok())?;
            same(a.minus(b), x.checked_sub(y).ok())?;
            same(a.times(b), x.checked_mul(y).ok())?;
            let cut = x.checked_div(y).ok().zip(x.checked_rem(y).ok());
            let floor = cut.map(|(quotient, rest)| {
                let below = !rest.is_zero() && rest.is_negative() != y.is_negative();
                if below { (quotient - Int256::one(), rest + y) } else { (quotient, rest) }
            });
            same(a.div_rem(b).map(|(quotient, _)| quotient), floor.map(|(quotient, _)| quotient))?;
            same(a.div_rem(b).map(|(_, rest)| rest), floor.map(|(_, rest)| rest))?;
            same(a.to_string().parse(), Some(x))?;
            prop_assert_eq!(Wide::from_bytes(&a.to_bytes()), Some(a));
        }

        #[test]
        fn a_product_divides_back_and_a_root_is_the_largest(a in any::<u128>(), b in any::<u128>(), c in any::<u128>(), n in number()) {
            let exact = Uint256::from(a) * Uint256::from(b);
            let floor = exact.checked_div(c.into()).ok().map(|q| q.to_string());
            let ours = mul_div_floor(a, b, c).map(|q| q.to_string()).ok();
            prop_assert_eq!(ours, floor.filter(|q| q.parse::<u128>().is_ok()));
            if !n.is_negative() {
                let theirs = n.to_string().parse::<Uint256>().unwrap().isqrt().to_string();
                prop_assert_eq!(sqrt_floor(n).unwrap().to_string(), theirs);
            }
        }
    }
}
