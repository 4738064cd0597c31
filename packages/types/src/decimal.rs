//! Decimal text of the units: exact, without exponents.

use core::fmt;

use crate::error::{Error, Result};

/// Writes `raw / 10^decimals` without trailing zeros.
pub fn write_decimal(f: &mut fmt::Formatter<'_>, negative: bool, raw: u128, decimals: u32) -> fmt::Result {
    let scale = 10u128.pow(decimals);
    let (whole, fraction) = (raw / scale, raw % scale);
    if fraction == 0 {
        return f.pad_integral(!negative, "", &whole.to_string());
    }
    let fraction = format!("{fraction:0width$}", width = decimals as usize);
    f.pad_integral(!negative, "", &format!("{whole}.{}", fraction.trim_end_matches('0')))
}

/// Sign and digits of a plain decimal text: no exponent, no separators, no more decimals than the unit has.
pub fn parse_decimal(text: &str, decimals: u32) -> Result<(bool, u128)> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fits = fraction.len() <= decimals as usize && !(digits.contains('.') && fraction.is_empty());
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !fits || !plain(whole) || !plain(fraction) {
        return Err(bad(text));
    }
    let padded = format!("{whole}{fraction:0<width$}", width = decimals as usize);
    padded.parse().map(|raw| (negative, raw)).map_err(|_| bad(text))
}

/// `E0003`.
pub fn bad(text: &str) -> Error {
    Error::BadNumber { text: text.to_string() }
}
