//! How fast a rate may grow.

use sdp_types::math::mul_div_floor;
use sdp_types::units::DAY;
use sdp_types::{Rate, Ratio, Result};

use crate::state::AcceptedRate;

/// The lower of what was asked and `last + last·growth·Δt` with Δt in days, rounded down. The first one is as it is.
pub fn capped(asked: Ratio, last: Option<AcceptedRate>, growth: Rate, now: u64) -> Result<Ratio> {
    let Some(AcceptedRate { rate, at }) = last else { return Ok(asked) };
    let (elapsed, second) = (u128::from(now.saturating_sub(at)), u128::from(DAY) * Ratio::ONE.raw());
    // at most 1 a day: the product of growth and seconds fits
    let grown = mul_div_floor(rate.raw(), growth.positive_part().raw().saturating_mul(elapsed), second)?;
    Ok(asked.min(rate.plus(Ratio::new(grown))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_by_its_part_of_a_day_and_falls_at_once() {
        let last = Some(AcceptedRate { rate: "1.2".parse().unwrap(), at: 1_000 });
        let after = |asked: &str, seconds| {
            capped(asked.parse().unwrap(), last, "0.01".parse().unwrap(), 1_000 + seconds)
                .unwrap()
                .to_string()
        };
        // 1 % of 1.2 a day
        assert_eq!(after("2.4", DAY), "1.212");
        assert_eq!(after("2.4", DAY / 2), "1.206");
        assert_eq!(after("2.4", 0), "1.2");
        assert_eq!(after("1.201", DAY), "1.201");
        assert_eq!(after("0.6", 0), "0.6");
        // 1.2 · 0.01 ÷ 86,400 = 0.000000138888…
        assert_eq!(after("2.4", 1), "1.200000138888888888");
    }

    #[test]
    fn the_first_one_is_as_it_is() {
        assert_eq!(capped(Ratio::MAX, None, Rate::ZERO, 5).unwrap(), Ratio::MAX);
    }
}
