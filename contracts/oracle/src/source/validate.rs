//! What a source has to keep to.

use cosmwasm_std::Api;
use sdp_types::board::FeedId;
use sdp_types::contract::in_range;
use sdp_types::oracle::{FeedConfig, Source};
use sdp_types::{ensure, Error, Rate, Ratio, Result};

/// Bytes of Pyth's number of a price.
const PYTH_ID: usize = 32;
const MAX_AGE: u32 = 86_400;
const MAX_QUERY: usize = 1_024;
const MAX_PATH: usize = 8;
const MAX_NAME: usize = 64;
/// A rate that may double in a day is hardly held back.
const MAX_GROWTH: Rate = Rate::new(1_000_000_000_000_000_000);

/// The source of the feed with this number, if it has one.
pub fn source(api: &dyn Api, number: usize, feed: &FeedConfig) -> Result<()> {
    let Some(source) = &feed.source else { return Ok(()) };
    in_range("depth of source", source.depth(), 0, Source::MAX_DEPTH)?;
    in_range("leaves of source", source.leaves(), 1, Source::MAX_LEAVES)?;
    let number = FeedId::try_from(number).unwrap_or(FeedId::MAX);
    each(api, number, source)
}

#[inline(never)]
fn each(api: &dyn Api, number: FeedId, source: &Source) -> Result<()> {
    match source {
        // so no feed waits for itself
        Source::Feed { feed } => ensure(*feed < number, || {
            Error::bad_config("source.feed < the number of its own feed", feed, number)
        })?,
        Source::Pyth { contract, id, maximum_age, maximum_confidence } => {
            api.addr_validate(contract)?;
            in_range("length of source.id", id.len(), PYTH_ID, PYTH_ID)?;
            in_range("source.maximum_age", *maximum_age, 1, MAX_AGE)?;
            let widest = maximum_confidence.unwrap_or(Ratio::percent(1));
            part_of_one("source.maximum_confidence", widest)?;
        }
        Source::Rate { contract, query, path, maximum_growth } => {
            api.addr_validate(contract)?;
            in_range("length of source.query", query.len(), 1, MAX_QUERY)?;
            in_range("length of source.path", path.len(), 1, MAX_PATH)?;
            for name in path {
                in_range("length of a name in source.path", name.len(), 1, MAX_NAME)?;
            }
            in_range("source.maximum_growth", *maximum_growth, Rate::ZERO, MAX_GROWTH)?;
        }
        Source::Product { of } | Source::Lowest { of } | Source::First { of } => {
            in_range("parts of a combination", of.len(), 2, Source::MAX_LEAVES)?;
        }
        Source::Quotient { .. } => {}
        Source::Checked { within, .. } => part_of_one("source.within", *within)?,
    }
    source.parts().into_iter().try_for_each(|part| each(api, number, part))
}

fn part_of_one(what: &str, value: Ratio) -> Result<()> {
    ensure(!value.is_zero() && value < Ratio::ONE, || {
        Error::out_of_range(what, value, "more than 0", "less than 1")
    })
}
