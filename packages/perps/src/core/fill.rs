//! A change of one position at one price.
//!
//! `PnL = size·(P + F) − cost`, with F the funding index and cost the sum of `size·(P + F)` at the fills, each rounded
//! once to micro-USD, up. A reduction takes its part of the cost out, rounded up, and is paid `size·(P + F)`, rounded
//! down: every rounding is against the trader, and the integers that are added here are the ones that the sums keep.

use sdp_types::exposure::{FUNDING_PER_PRICE, NUMERATOR_ONE};
use sdp_types::math::Wide;
use sdp_types::{AbsSize, Price, Result, Rounding, SignedUsd, Size};

use crate::state::Position;

/// `price + funding`, USD a unit with 24 decimals; funding has as many.
pub fn level(price: Price, funding: i128) -> Result<Wide> {
    price.wide().times(FUNDING_PER_PRICE.into())?.plus(Wide::from(funding))
}

/// `size·(price + funding)` in micro-USD.
pub fn value(size: Size, price: Price, funding: i128, rounding: Rounding) -> Result<SignedUsd> {
    let numerator = level(price, funding)?.times(size.wide())?;
    rounding.divide(numerator, NUMERATOR_ONE.into())?.narrow().map(SignedUsd::new)
}

/// What a change did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The position after it.
    pub position: Position,
    /// What the reduced part paid (negative: cost) in margin.
    pub realised: SignedUsd,
}

/// The parts of `delta` that reduce a position of `size` and that increase it beyond (or open it on the other side).
pub fn split(size: Size, delta: Size) -> Result<(AbsSize, AbsSize)> {
    if size.same_side(delta) || size.is_zero() {
        return Ok((AbsSize::ZERO, delta.abs()));
    }
    let reduce = delta.abs().min(size.abs());
    Ok((reduce, delta.abs().minus(reduce)?))
}

/// Changes a position by `delta` at `price` and funding index `funding`: first the part that reduces, then the rest. One that
/// deleveraging has left without a size gives up its cost.
pub fn change(position: Position, delta: Size, price: Price, funding: i128) -> Result<Change> {
    let (reduce, increase) = split(position.size, delta)?;
    let reduced = delta.with_magnitude(reduce)?;
    let increased = delta.with_magnitude(increase)?;
    let mut done = Change { position, realised: SignedUsd::ZERO };
    if position.size.is_zero() {
        done.realised = position.cost.negate()?;
        done.position.cost = SignedUsd::ZERO;
    }
    if !reduce.is_zero() {
        let returned = value(reduced.negate()?, price, funding, Rounding::Down)?;
        let part = position.cost.wide().times(reduce.wide())?;
        let part = part.div_ceil(position.size.abs().wide())?;
        let cost = SignedUsd::new(part.narrow()?);
        done.realised = returned.minus(cost)?;
        done.position.cost = position.cost.minus(cost)?;
        done.position.size = position.size.plus(reduced)?;
    }
    if !increase.is_zero() {
        let cost = value(increased, price, funding, Rounding::Up)?;
        done.position.cost = done.position.cost.plus(cost)?;
        done.position.size = done.position.size.plus(increased)?;
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(text: &str) -> Size {
        text.parse().unwrap()
    }

    fn flat() -> Position {
        Position { perp: 0, size: Size::ZERO, cost: SignedUsd::ZERO, scalings: 0 }
    }

    #[test]
    fn a_round_trip_at_one_price_costs_at_most_its_two_roundings() {
        let price: Price = "33.333333333333333333".parse().unwrap();
        for text in ["0.1", "-0.1", "7.77", "-0.000000000000000001"] {
            let opened = change(flat(), size(text), price, 5).unwrap();
            let closed = change(opened.position, size(text).negate().unwrap(), price, 5).unwrap();
            assert_eq!(closed.position, flat(), "{text}");
            assert!((-2..=0).contains(&closed.realised.raw()), "{text}: {}", closed.realised);
        }
    }

    #[test]
    fn a_flip_realises_the_old_side_and_opens_the_new_one() {
        let long = change(flat(), size("2"), "100".parse().unwrap(), 0).unwrap();
        let short = change(long.position, size("-5"), "110".parse().unwrap(), 0).unwrap();
        // sold 2 of 100 at 110
        assert_eq!(short.realised, SignedUsd::new(20_000_000));
        assert_eq!(short.position.size, size("-3"));
        assert_eq!(short.position.cost, SignedUsd::new(-330_000_000));
    }

    #[test]
    fn what_deleveraging_left_without_a_size_costs_what_it_cost() {
        let dust = Position { cost: SignedUsd::new(1), ..flat() };
        let gone = change(dust, Size::ZERO, Price::ZERO, 0).unwrap();
        assert_eq!((gone.position, gone.realised), (flat(), SignedUsd::new(-1)));
    }

    #[test]
    fn funding_that_fell_by_a_dollar_costs_a_long_a_dollar_a_unit() {
        let price = "100".parse().unwrap();
        let dollar = 1_000_000_000_000_000_000_000_000;
        let long = change(flat(), size("3"), price, 0).unwrap();
        let closed = change(long.position, size("-3"), price, -dollar).unwrap();
        assert_eq!(closed.realised, SignedUsd::new(-3_000_000));
    }
}
