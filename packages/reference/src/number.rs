//! Exact rationals and the units of the model.
//!
//! Money is in micro-USD, prices and funding indices in micro-USD for one whole unit, time in seconds, rates per day.

use num_bigint::BigInt;
use num_traits::Signed;

pub use crate::rational::Q;

/// `10^n`.
pub fn ten(n: usize) -> Q {
    Q::from_integer(num_traits::pow(BigInt::from(10), n))
}

/// A whole number.
pub fn whole(n: impl Into<BigInt>) -> Q {
    Q::from_integer(n.into())
}

/// `n / d`.
pub fn fraction(n: i64, d: i64) -> Q {
    Q::new(n.into(), d.into())
}

/// A stored integer with so many decimals.
pub fn decimal(raw: impl Into<BigInt>, decimals: usize) -> Q {
    whole(raw) / ten(decimals)
}

/// A stored 18-decimal ratio, rate or size.
pub fn ratio(raw: impl Into<BigInt>) -> Q {
    decimal(raw, 18)
}

/// A stored 18-decimal price in USD, as micro-USD for one whole unit.
pub fn price(raw: impl Into<BigInt>) -> Q {
    decimal(raw, 12)
}

/// A stored funding index, 24 decimals of USD, as micro-USD for one whole unit.
pub fn index(raw: impl Into<BigInt>) -> Q {
    decimal(raw, 18)
}

/// Debt with 27 decimals of a micro-USD.
pub fn debt(raw: impl Into<BigInt>) -> Q {
    decimal(raw, 27)
}

/// A redemption index, 27 decimals.
pub fn redemption(raw: impl Into<BigInt>) -> Q {
    decimal(raw, 27)
}

/// Seconds as days.
pub fn days(seconds: u64) -> Q {
    Q::new(seconds.into(), 86_400.into())
}

/// Least step of a stored ratio, rate or size.
pub(crate) fn ratio_step() -> Q {
    ten(18).recip()
}

/// Least step of a redemption index.
pub(crate) fn redemption_step() -> Q {
    ten(27).recip()
}

/// Least step of a stored price, in micro-USD.
pub(crate) fn price_step() -> Q {
    ten(12).recip()
}

/// Least step of a stored funding index, in micro-USD.
pub(crate) fn index_step() -> Q {
    ten(18).recip()
}

/// How many of its last stored steps go where only `kept` digits of a price are kept; 1 where it has no more.
fn coarse(price: &Q, kept: usize) -> Q {
    let digits = if price.is_positive() { (price / price_step()).to_integer().to_string().len() } else { 0 };
    ten(digits.saturating_sub(kept))
}

/// Step of a moving average: 12 digits.
pub(crate) fn average_step(average: &Q) -> Q {
    coarse(average, 12) * price_step()
}

/// Step of a price as a sample of funding keeps it: 5 digits.
pub(crate) fn sampled_price_step(price: &Q) -> Q {
    coarse(price, 5) * price_step()
}

/// Step of a funding index as a sample keeps it: to the 12th digit of the price, which has 6 decimals less.
pub(crate) fn sampled_index_step(price: &Q) -> Q {
    coarse(&(price * ten(6)), 12) * index_step()
}

/// Step of what F moves by in a second, 100,000 times finer than F's; of a second squared, as much finer again. Never less
/// than a unit of F.
pub(crate) fn slope_step(price: &Q, order: usize) -> Q {
    (sampled_index_step(price) / ten(5 * order)).max(index_step())
}

/// Step of a premium as a sample keeps it.
pub(crate) fn sampled_premium_step() -> Q {
    ten(7).recip()
}

/// Step of the integral of funding as a sample keeps it.
pub(crate) fn sampled_integral_step() -> Q {
    ten(11).recip()
}

/// Least step of debt, in micro-USD.
pub(crate) fn debt_step() -> Q {
    ten(27).recip()
}

/// One micro-USD, one base unit.
pub(crate) fn unit() -> Q {
    whole(1)
}

/// A number in decimals, cut after the 30th.
pub fn show(value: &Q) -> String {
    let scaled = (value.abs() * ten(30)).floor().to_integer().to_string();
    let padded = format!("{scaled:0>31}");
    let (integer, decimals) = padded.split_at(padded.len() - 30);
    let decimals = decimals.trim_end_matches('0');
    let sign = if value.is_negative() { "-" } else { "" };
    let dot = if decimals.is_empty() { "" } else { "." };
    format!("{sign}{integer}{dot}{decimals}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_as_decimals() {
        assert_eq!(show(&fraction(-1, 8)), "-0.125");
        assert_eq!(show(&whole(12)), "12");
        assert_eq!(price(1_000_000_000_000_000_000i64), whole(1_000_000));
    }
}
