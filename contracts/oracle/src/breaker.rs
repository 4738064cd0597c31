//! What a feed's price does to its regime, and where that is kept.
//!
//! Others read the list of restricted feeds on the board. Why and since when is a record of its own, which is read and
//! written only where a feed is restricted or becomes so: a price that moves as prices do costs nothing more.

use cosmwasm_std::{Event, Storage};
use sdp_types::board::{Board, FeedId, Restricted};
use sdp_types::events::RegimeChanged;
use sdp_types::math::mul_div_ceil;
use sdp_types::oracle::FeedBreaker;
use sdp_types::regime::{self, Asked, Moved, Reason, Regime, Trip};
use sdp_types::{Price, Ratio, Result};

use crate::state;

/// `|price − average| ÷ average`, rounded up: against who would trade. What fits no [`Ratio`] is the largest one, and
/// without an average there is nothing to be far from.
fn deviation(price: Price, average: Price) -> Ratio {
    if average.is_zero() {
        return Ratio::ZERO;
    }
    let distance = price.raw().abs_diff(average.raw());
    mul_div_ceil(distance, Ratio::ONE.raw(), average.raw()).map_or(Ratio::MAX, Ratio::new)
}

/// After a price and its average are on the board: what they ask for happens. The board is the caller's to save.
pub fn after_price(
    storage: &mut dyn Storage,
    terms: &FeedBreaker,
    board: &mut Board,
    feed: FeedId,
    now: u64,
) -> Result<Option<Event>> {
    let at = usize::from(feed);
    let (price, average) = (board.quotes.get(at).copied().unwrap_or_default().price, board.averages.get(at));
    let measure = deviation(price, average.copied().unwrap_or_default());
    let before = standing(storage, board, feed)?;
    let regime = terms.breaker.asks(measure, regime::because_of(&before, Reason::PriceDeviation))?;
    if before.is_none() && regime == Regime::Normal {
        return Ok(None);
    }
    let mut trip = before;
    let asked = Asked { regime, reason: Reason::PriceDeviation, measure };
    let moved = regime::step(&mut trip, asked, now, terms.cool_down.into());
    put(storage, board, feed, before, trip)?;
    Ok(moved.map(|moved| told(feed, moved)))
}

/// What restricts a feed, if anything does.
pub fn standing(storage: &dyn Storage, board: &Board, feed: FeedId) -> Result<Option<Trip>> {
    match board.regime(feed) {
        Regime::Normal => Ok(None),
        _ => state::trip(storage, feed),
    }
}

/// Keeps what restricts a feed now, where that is not what it was. The board is the caller's to save; whether it changed.
pub fn put(
    storage: &mut dyn Storage,
    board: &mut Board,
    feed: FeedId,
    before: Option<Trip>,
    after: Option<Trip>,
) -> Result<bool> {
    if before == after {
        return Ok(false);
    }
    state::save_trip(storage, feed, after.as_ref())?;
    board.restricted.retain(|restricted| restricted.feed != feed);
    if let Some(trip) = after {
        let at = board.restricted.partition_point(|restricted| restricted.feed < feed);
        board.restricted.insert(at, Restricted { feed, regime: trip.regime });
    }
    Ok(true)
}

/// The event of a change.
pub fn told(feed: FeedId, moved: Moved) -> Event {
    let Moved { from, to, reason, measure } = moved;
    RegimeChanged { scope: format!("feed {feed}"), from, to, reason, measure }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deviation_is_rounded_up_both_ways_and_never_too_large_to_be_one() {
        let of = |price, average| deviation(Price::new(price), Price::new(average)).raw();
        let one = Ratio::ONE.raw();
        assert_eq!((of(108, 100), of(92, 100), of(100, 100)), (one * 8 / 100, one * 8 / 100, 0));
        assert_eq!((of(4, 3), of(2, 3)), (one / 3 + 1, one / 3 + 1));
        assert_eq!(of(u128::MAX, 1), u128::MAX);
        assert_eq!(of(7, 0), 0);
    }
}
