//! One price out of several.

use sdp_types::board::Quote;
use sdp_types::math::mul_div_ceil;
use sdp_types::{Price, Ratio};

/// Median price (of an even number the mean of the two in the middle, rounded down) and oldest publish time; none of none.
///
/// The confidence is the median of theirs too (of an even number the wider of the two in the middle), so that one source
/// can't close the feed by a wide one, and it reaches at least to the two prices in the middle: the mean of two that
/// disagree is nobody's price (sKRW 2019: one bad source averaged in), and how wide a band may be is what every reader
/// tests. Rounded up.
pub fn median(quotes: &[Quote]) -> Option<Quote> {
    let mut prices: Vec<Price> = quotes.iter().map(|quote| quote.price).collect();
    prices.sort_unstable();
    let (low, high) = (prices.get(prices.len().checked_sub(1)? / 2)?, prices.get(prices.len() / 2)?);
    let price = Price::new(low.raw() + (high.raw() - low.raw()) / 2);
    let mut confidences: Vec<Ratio> = quotes.iter().map(|quote| quote.confidence).collect();
    confidences.sort_unstable();
    let confidence = confidences.get(confidences.len() / 2)?;
    let apart = mul_div_ceil(high.raw() - price.raw(), Ratio::ONE.raw(), price.raw());
    Some(Quote {
        price,
        confidence: apart.map_or(Ratio::MAX, Ratio::new).max(*confidence),
        publish_time: quotes.iter().map(|quote| quote.publish_time).min()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(prices: &[u128]) -> u128 {
        let quotes: Vec<_> =
            prices.iter().map(|price| Quote { price: Price::new(*price), ..Quote::default() }).collect();
        median(&quotes).unwrap().price.raw()
    }

    #[test]
    fn an_odd_number_has_a_middle_and_an_even_number_the_mean_of_two_rounded_down() {
        assert_eq!(of(&[5]), 5);
        assert_eq!(of(&[9, 1, 5]), 5);
        assert_eq!(of(&[9, 1, 5, 8]), 6);
        assert_eq!(of(&[u128::MAX, u128::MAX - 1]), u128::MAX - 1);
    }

    #[test]
    fn two_that_disagree_have_a_band_that_reaches_to_both() {
        let quotes = [60_000, 78_000].map(|price| Quote { price: Price::new(price), ..Quote::default() });
        let found = median(&quotes).unwrap();
        // 9,000 of 69,000, rounded up
        assert_eq!(found.price.raw(), 69_000);
        assert_eq!(found.confidence.raw(), (9_000 * Ratio::ONE.raw()).div_ceil(69_000));
    }

    #[test]
    fn one_wild_source_of_three_moves_nothing() {
        assert_eq!(of(&[100, 101, u128::MAX]), 101);
        assert_eq!(of(&[100, 101, 1]), 100);
    }

    #[test]
    fn the_middle_confidence_and_the_oldest_time_count_and_nothing_has_no_median() {
        let quote =
            |bps, publish_time| Quote { price: Price::new(1), confidence: Ratio::bps(bps), publish_time };
        let found = median(&[quote(5, 12), quote(9, 10), quote(7, 11)]).unwrap();
        assert_eq!((found.confidence, found.publish_time), (Ratio::bps(7), 10));
        let found = median(&[quote(5, 12), quote(9, 10)]).unwrap();
        assert_eq!((found.confidence, found.publish_time), (Ratio::bps(9), 10));
        assert_eq!(median(&[]), None);
    }
}
