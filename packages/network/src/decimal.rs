//! Numbers as people write them, `"2_000_000.50"`, to integers of so many decimals and back, exactly.

use anyhow::{anyhow, ensure, Result};
use sdp_types::units::{Amount, Usd};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The integer that `text` is in units of `10^-decimals`. Underscores between digits are ignored. More decimals than the
/// unit has are refused unless they are zeros.
///
/// ```
/// assert_eq!(sdp_network::decimal::parse("1_000.5", 6).unwrap(), 1_000_500_000);
/// assert!(sdp_network::decimal::parse("0.0000001", 6).is_err());
/// ```
pub fn parse(text: &str, decimals: u32) -> Result<u128> {
    let bad = || anyhow!("`{text}` is not a number with up to {decimals} decimals");
    let plain = text.replace('_', "");
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    ensure!(!whole.is_empty() && digits(whole) && digits(fraction), bad());
    let missing = usize::try_from(decimals)?.checked_sub(fraction.len()).ok_or_else(bad)?;
    format!("{whole}{fraction}{}", "0".repeat(missing)).parse().map_err(|_| bad())
}

/// The number as a person writes it, without trailing zeros.
///
/// ```
/// assert_eq!(sdp_network::decimal::show(1_000_500_000, 6), "1000.5");
/// ```
pub fn show(raw: u128, decimals: u32) -> String {
    let digits = format!("{raw:0>width$}", width = decimals as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals as usize);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        whole.to_string()
    } else {
        format!("{whole}.{fraction}")
    }
}

/// A [`Usd`] that is written in USD, not in micro-USD: `"2_000_000.50"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dollars(pub Usd);

impl Serialize for Dollars {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&show(self.0.raw(), 6))
    }
}

impl<'de> Deserialize<'de> for Dollars {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse(&text, 6).map(|raw| Self(Usd::new(raw))).map_err(serde::de::Error::custom)
    }
}

/// A number in a test: `1_000`, `"0.1"`.
pub trait Human {
    /// Its text.
    fn text(self) -> String;
}

impl Human for &str {
    fn text(self) -> String {
        self.to_string()
    }
}

macro_rules! human {
    ($($name:ty),*) => { $(impl Human for $name {
        fn text(self) -> String {
            self.to_string()
        }
    })* };
}

human!(String, i32, u32, i64, u64, u128);

/// Whole tokens in base units.
pub fn amount(number: impl Human, decimals: u8) -> Result<Amount> {
    parse(&number.text(), decimals.into()).map(Amount::new)
}

/// USD in micro-USD.
pub fn usd(number: impl Human) -> Result<Usd> {
    parse(&number.text(), 6).map(Usd::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_comes_back_as_it_was_written() {
        for (text, decimals, raw) in
            [("0", 6, 0u128), ("1", 0, 1), ("0.000001", 6, 1), ("20000000.5", 6, 20_000_000_500_000)]
        {
            assert_eq!(parse(text, decimals).unwrap(), raw);
            assert_eq!(show(raw, decimals), text);
        }
        assert_eq!(parse("2_000_000.00", 0).unwrap(), 2_000_000);
        assert_eq!(amount("0.5", 24).unwrap().raw(), 500_000_000_000_000_000_000_000);
    }

    #[test]
    fn what_is_no_number_or_has_too_many_decimals_is_refused() {
        for text in ["", ".5", "-1", "1e3", "0.1234567", "1.2.3", "_"] {
            assert!(parse(text, 6).is_err(), "{text}");
        }
    }
}
