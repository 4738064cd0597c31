//! Margin rates, the price at which an account is liquidated, and how much a liquidation closes.

use sdp_types::math::Wide;
use sdp_types::units::{MAX_PRICE, ONE};
use sdp_types::{Price, Ratio, Result, Rounding, SignedUsd, Size, Usd};

use crate::rounding::unsigned;

/// Initial margin is so many σ of a day: 1.25.
pub const SIGMAS: Ratio = Ratio::percent(125);
/// Maintenance margin is this part of the initial: a half.
pub const MAINTENANCE_PART: Ratio = Ratio::percent(50);

/// Initial margin as a fraction of the notional: `max(floor, 1.25·σ)`, at most 100 %; rounded up.
///
/// ```
/// use sdp_risk::margin::{initial_rate, maintenance_rate};
/// use sdp_types::Ratio;
/// let initial = initial_rate(Ratio::percent(5), Ratio::percent(8))?;
/// assert_eq!(initial, Ratio::percent(10));
/// assert_eq!(maintenance_rate(Ratio::bps(250), initial)?, Ratio::percent(5));
/// # Ok::<(), sdp_types::Error>(())
/// ```
pub fn initial_rate(floor: Ratio, sigma: Ratio) -> Result<Ratio> {
    Ok(sigma.times(SIGMAS, Rounding::Up)?.max(floor).min(Ratio::ONE))
}

/// Maintenance margin as a fraction of the notional: `max(floor, initial/2)`, rounded up.
pub fn maintenance_rate(floor: Ratio, initial: Ratio) -> Result<Ratio> {
    Ok(initial.times(MAINTENANCE_PART, Rounding::Up)?.max(floor))
}

/// Index price of one feed at which the account's equity equals its maintenance margin, all else held.
///
/// `rest` is the account's equity without this position's value at its adverse price, less the maintenance margin of
/// all other positions. A long of |q| at band c and maintenance rate m is worth |q|·P·(1−c) and needs m·|q|·P, so `P =
/// −rest / (|q|·(1−c−m))`, rounded up; a short is worth −|q|·P·(1+c), so `P = rest / (|q|·(1+c+m))`, rounded down: both
/// to the side that is reached first. None where no price in (0, 10¹²] does that, or size is 0.
///
/// ```
/// use sdp_risk::margin::liquidation_price;
/// use sdp_types::{Ratio, SignedUsd};
/// // 1 BTC bought at $60,000 with a margin of $6,000: P·(1 − 0.04) = 54,000
/// let rest = SignedUsd::new(-54_000_000_000);
/// let price = liquidation_price("1".parse()?, Ratio::ZERO, Ratio::percent(4), rest)?;
/// assert_eq!(price, Some("56250".parse()?));
/// # Ok::<(), sdp_types::Error>(())
/// ```
pub fn liquidation_price(
    size: Size,
    confidence: Ratio,
    maintenance_rate: Ratio,
    rest: SignedUsd,
) -> Result<Option<Price>> {
    let (one, band) = (Wide::from(ONE), confidence.plus(maintenance_rate)?.wide());
    let (numerator, per_unit, rounding) = if size.is_negative() {
        (rest.wide(), one.plus(band)?, Rounding::Down)
    } else {
        (rest.wide().negate()?, one.minus(band)?, Rounding::Up)
    };
    let divisor = size.abs().wide().times(per_unit)?;
    if numerator <= Wide::ZERO || divisor <= Wide::ZERO {
        return Ok(None);
    }
    // micro-USD to 18 decimals, then the decimals of size and ratio
    let scale = Wide::from(1_000_000_000_000u128).times(one)?.times(one)?;
    let price = rounding.divide(numerator.times(scale)?, divisor)?;
    if price.is_zero() || price > MAX_PRICE.wide() {
        return Ok(None);
    }
    unsigned(price, "liquidation price").map(Price::new).map(Some)
}

/// How much notional a liquidation has to close so that equity becomes `target` × maintenance margin.
///
/// Closing y of a position with maintenance rate m costs the penalty f·y and frees m·y, so
/// `equity − f·y ≥ T·(MM − m·y)` gives `y ≥ (T·MM − equity) / (T·m − f)`: rounded up, at most `notional`, and all of it
/// where closing frees no more than it costs. 0 where equity is at its target already.
pub fn cut(
    equity: SignedUsd,
    maintenance: Usd,
    target: Ratio,
    maintenance_rate: Ratio,
    penalty: Ratio,
    notional: Usd,
) -> Result<Usd> {
    let one = Wide::from(ONE);
    let lacking = target.wide().times(maintenance.wide())?.minus(equity.wide().times(one)?)?;
    let freed = target.wide().times(maintenance_rate.wide())?.minus(penalty.wide().times(one)?)?;
    if lacking <= Wide::ZERO {
        return Ok(Usd::ZERO);
    }
    if freed <= Wide::ZERO {
        return Ok(notional);
    }
    let needed = Rounding::Up.divide(lacking.times(one)?, freed)?;
    if needed >= notional.wide() {
        return Ok(notional);
    }
    unsigned(needed, "cut").map(Usd::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn margins_follow_volatility_above_their_floors_and_stop_at_everything() {
        assert_eq!(initial_rate(Ratio::percent(5), Ratio::percent(4)).unwrap(), Ratio::percent(5));
        assert_eq!(initial_rate(Ratio::percent(5), Ratio::percent(400)).unwrap(), Ratio::ONE);
        assert_eq!(maintenance_rate(Ratio::percent(3), Ratio::percent(5)).unwrap(), Ratio::percent(3));
    }

    #[test]
    fn margins_are_rounded_up() {
        assert_eq!(initial_rate(Ratio::ZERO, Ratio::new(1)).unwrap(), Ratio::new(2));
        assert_eq!(maintenance_rate(Ratio::ZERO, Ratio::new(3)).unwrap(), Ratio::new(2));
    }

    #[test]
    fn an_account_that_no_price_liquidates_has_no_liquidation_price() {
        let of = |size: &str, band: u64, rest: i128| {
            let size = size.parse().unwrap();
            liquidation_price(size, Ratio::ZERO, Ratio::percent(band), SignedUsd::new(rest)).unwrap()
        };
        assert_eq!(of("1", 5, 0), None, "a long that is paid for");
        assert_eq!(of("1", 5, 1), None);
        assert_eq!(of("1", 100, -1), None, "a long that margin takes in full at any price");
        assert_eq!(of("-1", 5, 0), None, "a short below its maintenance at any price");
        assert_eq!(of("0", 5, -1), None, "no position");
        let out_of_reach = of("-0.000000000000000001", 5, 1_000_000_000_000_000_000_000);
        assert_eq!(out_of_reach, None, "a short of next to nothing");
    }

    #[test]
    fn a_cut_to_the_target_is_the_formula_by_hand() {
        // equity 30, maintenance 40 on 1,000 at 4 %, target 1.2, penalty 0.8 %: (48 − 30) / (0.048 − 0.008) = 450
        let cut = |equity: i128, penalty: Ratio| {
            let (target, rate) = (Ratio::percent(120), Ratio::percent(4));
            let equity = SignedUsd::new(equity * 1_000_000);
            super::cut(equity, Usd::whole(40), target, rate, penalty, Usd::whole(1_000)).unwrap()
        };
        assert_eq!(cut(30, Ratio::bps(80)), Usd::whole(450));
        assert_eq!(cut(48, Ratio::bps(80)), Usd::ZERO, "at its target");
        assert_eq!(cut(-1, Ratio::bps(80)), Usd::whole(1_000), "beyond rescue");
        assert_eq!(cut(30, Ratio::bps(480)), Usd::whole(1_000), "a cut that frees no more than it costs");
    }

    fn scaled(value: Wide, by: Ratio) -> Wide {
        value.times(by.wide()).unwrap()
    }

    proptest! {
        /// Equity less maintenance, with 48 decimals, changes sign between the price and its neighbour.
        #[test]
        fn the_liquidation_price_is_the_last_of_the_safe_side(
            size in 1i128..1_000_000_000_000_000_000_000_000,
            short: bool,
            band in (0u64..500, 1u64..5_000),
            rest in 1i128..1_000_000_000_000_000,
        ) {
            let (confidence, rate) = (Ratio::bps(band.0), Ratio::bps(band.1));
            let (size, rest) = if short { (-size, rest) } else { (size, -rest) };
            let found = liquidation_price(Size::new(size), confidence, rate, SignedUsd::new(rest)).unwrap();
            prop_assume!(found.is_some());
            let price = found.unwrap().raw();
            let weight = if short {
                Ratio::ONE.plus(confidence).unwrap().plus(rate).unwrap()
            } else {
                Ratio::ONE.minus(confidence).unwrap().minus(rate).unwrap()
            };
            let rest = Wide::from(rest).times(Wide::from(1_000_000_000_000u128 * ONE)).unwrap();
            let surplus = |price: u128| {
                let value = Wide::from(price).times(size.into()).unwrap();
                scaled(value, weight).plus(scaled(rest, Ratio::ONE)).unwrap()
            };
            prop_assert!(!surplus(price).is_negative());
            let beyond = if short { price + 1 } else { price - 1 };
            prop_assert!(surplus(beyond).is_negative());
        }

        /// `equity − f·y ≥ T·(MM − m·y)` holds at the cut and not a micro-USD before it.
        #[test]
        fn a_cut_is_the_least_that_restores_the_target(
            equity in -1_000_000_000i128..1_000_000_000_000,
            notional in 1u128..10_000_000_000_000,
            rate in 10u64..5_000,
            target in 101u64..300,
            penalty in 0u64..200,
        ) {
            let (rate, target, penalty) = (Ratio::bps(rate), Ratio::percent(target), Ratio::bps(penalty));
            let notional = Usd::new(notional);
            let maintenance = notional.scale(rate, Rounding::Up).unwrap();
            let equity = SignedUsd::new(equity);
            let cut = cut(equity, maintenance, target, rate, penalty, notional).unwrap();
            prop_assert!(cut <= notional);
            let restored = |cut: u128| {
                let cut = Wide::from(cut);
                let held = scaled(equity.wide(), Ratio::ONE).minus(scaled(cut, penalty)).unwrap();
                let left = scaled(maintenance.wide(), Ratio::ONE).minus(scaled(cut, rate)).unwrap();
                scaled(held, Ratio::ONE) >= scaled(left, target)
            };
            prop_assert!(cut == notional || restored(cut.raw()));
            prop_assert!(cut.is_zero() || target.times(rate, Rounding::Up).unwrap() <= penalty || !restored(cut.raw() - 1));
        }
    }
}
