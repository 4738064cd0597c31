//! Exponential moving average of a price.

use sdp_types::math::mul_div_floor;
use sdp_types::{Price, Result};

/// Digits that an average keeps.
const DIGITS: u32 = 12;

/// `average + (price − average)·Δt / (Δt + constant)`, the step rounded down: towards the old average. The first price
/// is the average. Δt are the seconds between publish times; one as long as the time constant goes half the way. The
/// average keeps 12 digits, rounded down: it is written with every price.
pub fn moved(average: Price, price: Price, elapsed: u64, constant: u64) -> Result<Price> {
    if average.is_zero() {
        return Ok(price);
    }
    let weight = u128::from(elapsed) + u128::from(constant);
    let step = mul_div_floor(average.raw().abs_diff(price.raw()), elapsed.into(), weight)?;
    let average =
        if price > average { average.plus(Price::new(step))? } else { average.minus(Price::new(step))? };
    let digits = average.raw().checked_ilog10().map_or(0, |last| last + 1);
    Ok(Price::new(average.raw() - average.raw() % 10u128.pow(digits.saturating_sub(DIGITS))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(text: &str) -> Price {
        text.parse().unwrap()
    }

    #[test]
    fn the_first_price_is_the_average() {
        assert_eq!(moved(Price::ZERO, price("7"), 1, 300).unwrap(), price("7"));
    }

    #[test]
    fn a_step_goes_by_the_part_of_time_that_has_passed_both_ways() {
        assert_eq!(moved(price("100"), price("200"), 300, 300).unwrap(), price("150"));
        assert_eq!(moved(price("100"), price("40"), 100, 200).unwrap(), price("80"));
        assert_eq!(moved(price("100"), price("40"), 0, 300).unwrap(), price("100"));
    }

    #[test]
    fn an_average_keeps_twelve_digits() {
        assert_eq!(moved(price("100"), price("200"), 1, 2).unwrap(), price("133.333333333"));
    }

    #[test]
    fn a_step_is_rounded_towards_the_old_average() {
        let units = |a, p| moved(Price::new(a), Price::new(p), 1, 1).unwrap().raw();
        assert_eq!((units(10, 15), units(15, 10)), (12, 13));
    }
}
