//! How numbers with 18 or more decimals are stored: without their trailing zeros.
//!
//! A chain charges for every byte that is written, and the numbers that people use are short: a price of 60,000.12 has
//! 7 digits, but 76 bits as an integer with 18 decimals. In binary such a number is one varint, `mantissa·20 + zeros`,
//! with up to 18 trailing zeros taken off; where that does not fit, the code 19 and then the number as it is.

use core::fmt;
use core::marker::PhantomData;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::ser::SerializeTuple;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Most zeros that are taken off.
const MOST_ZEROS: u8 = 18;
/// Codes of a mantissa: 0 to 18 zeros, and [`AS_IT_IS`].
const CODES: u8 = 20;
/// The number follows as it is.
const AS_IT_IS: u8 = 19;

/// One of a few names. Stored as a byte: what a derived enum brings along to name a wrong number is 10 KB of a contract.
pub trait Byte: Copy + PartialEq + Serialize + for<'de> Deserialize<'de> + 'static {
    /// All of them; a stored one is its place.
    const ALL: &'static [Self];
}

/// For `#[serde(with)]` on a field that is a [`Byte`]: its name for people, its place in binary.
pub mod byte {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Byte;

    /// Stores it.
    pub fn serialize<T: Byte, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return value.serialize(serializer);
        }
        let place = T::ALL.iter().position(|one| one == value).and_then(|place| u8::try_from(place).ok());
        serializer.serialize_u8(place.unwrap_or(u8::MAX))
    }

    /// Reads it; a place beyond the last is an error.
    pub fn deserialize<'de, T: Byte, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        if deserializer.is_human_readable() {
            return T::deserialize(deserializer);
        }
        let place = u8::deserialize(deserializer)?;
        T::ALL.get(usize::from(place)).copied().ok_or_else(|| D::Error::custom("no such name"))
    }
}

/// An integer that can be stored so.
pub trait Packed: Copy + Serialize + for<'de> Deserialize<'de> {
    /// `mantissa·20 + zeros`, where that fits.
    fn pack(self) -> Option<Self>;
    /// The code of what was packed: zeros, or [`AS_IT_IS`].
    fn code(self) -> u8;
    /// The number that was packed, where it fits.
    fn unpack(self) -> Option<Self>;
    /// What stands before a number as it is.
    fn marker() -> Self;
}

macro_rules! packed {
    ($integer:ty) => {
        impl Packed for $integer {
            fn pack(self) -> Option<Self> {
                let (mut mantissa, mut zeros) = (self, 0);
                // large steps first, because a division of 128 bits is slow on a chain
                for (power, step) in [(100_000_000, 8), (10_000, 4), (100, 2), (10, 1)] {
                    while mantissa != 0 && zeros + step <= MOST_ZEROS && mantissa % power == 0 {
                        mantissa /= power;
                        zeros += step;
                    }
                }
                mantissa.checked_mul(CODES.into())?.checked_add(zeros.into())
            }

            fn code(self) -> u8 {
                // the remainder is less than 20
                u8::try_from(self.rem_euclid(CODES.into())).unwrap_or(AS_IT_IS)
            }

            fn unpack(self) -> Option<Self> {
                let power = <$integer>::from(10u8).checked_pow(self.code().into())?;
                self.div_euclid(CODES.into()).checked_mul(power)
            }

            fn marker() -> Self {
                AS_IT_IS.into()
            }
        }
    };
}

packed!(u128);
packed!(i128);

/// Stores a number; one without decimals as it is.
pub fn serialize<T: Packed, S: Serializer>(
    number: T,
    decimals: u32,
    serializer: S,
) -> core::result::Result<S::Ok, S::Error> {
    if decimals == 0 {
        return number.serialize(serializer);
    }
    match number.pack() {
        Some(packed) => packed.serialize(serializer),
        None => {
            let mut parts = serializer.serialize_tuple(2)?;
            parts.serialize_element(&T::marker())?;
            parts.serialize_element(&number)?;
            parts.end()
        }
    }
}

/// Reads what [`serialize`] stored.
pub fn deserialize<'de, T: Packed, D: Deserializer<'de>>(
    decimals: u32,
    deserializer: D,
) -> core::result::Result<T, D::Error> {
    if decimals == 0 {
        return T::deserialize(deserializer);
    }
    deserializer.deserialize_tuple(2, PackedVisitor(PhantomData))
}

struct PackedVisitor<T>(PhantomData<T>);

impl<'de, T: Packed> Visitor<'de> for PackedVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number without its trailing zeros")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> core::result::Result<T, A::Error> {
        let missing = || A::Error::custom("a number is missing");
        let packed: T = parts.next_element()?.ok_or_else(missing)?;
        if packed.code() == AS_IT_IS {
            return parts.next_element()?.ok_or_else(missing);
        }
        packed.unpack().ok_or_else(|| A::Error::custom("a number beyond its type"))
    }
}

/// For fields of 256 bits that end in zeros: `#[serde(with = "sdp_types::packed::wide")]`. Stored as the number of zeros
/// and what is before them, each only as long as it must be; shown as it is.
pub mod wide {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::math::Wide;

    /// Steps in which zeros are taken off, large ones first.
    const STEPS: [u32; 6] = [32, 16, 8, 4, 2, 1];

    /// Stores a number.
    pub fn serialize<S: Serializer>(number: &Wide, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return number.serialize(serializer);
        }
        let (mut rest, mut zeros) = (*number, 0u8);
        for step in STEPS.into_iter().filter(|_| !number.is_zero()) {
            let (quotient, remainder) = rest.div_rem(power(step)).map_err(serde::ser::Error::custom)?;
            if remainder.is_zero() {
                rest = quotient;
                // all steps together are 63
                zeros += u8::try_from(step).map_err(serde::ser::Error::custom)?;
            }
        }
        (zeros, rest).serialize(serializer)
    }

    /// Reads it.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Wide, D::Error> {
        if deserializer.is_human_readable() {
            return Wide::deserialize(deserializer);
        }
        let (zeros, rest) = <(u8, Wide)>::deserialize(deserializer)?;
        let steps = STEPS.into_iter().filter(|step| u32::from(zeros) & step != 0);
        let number = steps.into_iter().try_fold(rest, |number, step| number.times(power(step)));
        number.map_err(D::Error::custom)
    }

    fn power(zeros: u32) -> Wide {
        Wide::from(10u128.pow(zeros))
    }
}

/// For fields of type `Vec<i16>`: `#[serde(with = "sdp_types::packed::halves")]`. In binary a string of bytes with exactly
/// two for each number, little endian; a varint would need three above 8,191.
pub mod halves {
    use core::fmt;

    use serde::de::{Error, Visitor};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Stores them; people read them as they are.
    pub fn serialize<S: Serializer>(all: &[i16], serializer: S) -> core::result::Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return all.serialize(serializer);
        }
        let bytes: Vec<u8> = all.iter().flat_map(|number| number.to_le_bytes()).collect();
        serializer.serialize_bytes(&bytes)
    }

    /// Reads what [`serialize`] stored.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> core::result::Result<Vec<i16>, D::Error> {
        if deserializer.is_human_readable() {
            return Vec::deserialize(deserializer);
        }
        deserializer.deserialize_bytes(Halves)
    }

    struct Halves;

    impl Visitor<'_> for Halves {
        type Value = Vec<i16>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("two bytes for each number")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> core::result::Result<Vec<i16>, E> {
            let pairs = bytes.chunks(2);
            let numbers = pairs.map(|pair| <[u8; 2]>::try_from(pair).map(i16::from_le_bytes));
            numbers.collect::<core::result::Result<_, _>>().map_err(|_| E::invalid_length(bytes.len(), &self))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::units::{Price, Ratio, Size, ONE};

    fn bytes<T: serde::Serialize>(value: &T) -> Vec<u8> {
        postcard::to_extend(value, Vec::new()).unwrap()
    }

    #[test]
    fn a_short_number_takes_few_bytes_however_large_its_unit_is() {
        assert_eq!(bytes(&Price::ZERO).len(), 1);
        assert_eq!(bytes(&Ratio::percent(5)).len(), 1, "5·20 + 16 = 116");
        assert_eq!(bytes(&"60000.12".parse::<Price>().unwrap()).len(), 4);
        assert_eq!(bytes(&"-0.5".parse::<Size>().unwrap()).len(), 2);
        assert_eq!(bytes(&Price::new(60_000 * ONE + 1)).len(), 12, "one more than as it is");
    }

    #[test]
    fn every_number_comes_back_at_the_ends_of_its_type_too() {
        let mut all = vec![0, 1, 7, 10, ONE, ONE - 1, 123_450_000, u128::MAX, u128::MAX - 5, u128::MAX / 20];
        all.extend((0..39).map(|n| 10u128.pow(n)));
        for raw in all {
            let price = Price::new(raw);
            assert_eq!(postcard::from_bytes::<Price>(&bytes(&price)), Ok(price), "{raw}");
            let half = i128::try_from(raw / 2).unwrap();
            for signed in [half, -half, i128::MIN, i128::MAX] {
                let size = Size::new(signed);
                assert_eq!(postcard::from_bytes::<Size>(&bytes(&size)), Ok(size), "{signed}");
            }
        }
    }

    #[test]
    fn a_mantissa_that_leaves_the_type_is_refused() {
        let packed = u128::MAX / 20 * 20 - 2;
        assert!(postcard::from_bytes::<Price>(&bytes(&packed)).is_err());
        assert!(postcard::from_bytes::<Price>(&[19]).is_err());
    }
}
