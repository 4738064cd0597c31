//! Prices that are made of others. Prices are rounded down, what a band has to reach is rounded up.
//!
//! What was published is as old as the oldest part.

use sdp_types::board::Quote;
use sdp_types::math::mul_div_floor;
use sdp_types::{Price, Ratio, Result, Rounding};

/// `a·b`, with the band of the highest of both: `(1 + a)·(1 + b) − 1`.
#[inline(never)]
pub fn product(a: Quote, b: Quote) -> Result<Quote> {
    Ok(Quote {
        price: Price::new(mul_div_floor(a.price.raw(), b.price.raw(), Ratio::ONE.raw())?),
        confidence: a.confidence.plus(b.confidence)?.plus(a.confidence.times(b.confidence, Rounding::Up)?)?,
        publish_time: a.publish_time.min(b.publish_time),
    })
}

/// `a ÷ b`, with the band of the highest by the lowest: `(1 + a) ÷ (1 − b) − 1 = (a + b) ÷ (1 − b)`. `E0002` where the
/// divisor may be nothing.
#[inline(never)]
pub fn quotient(a: Quote, b: Quote) -> Result<Quote> {
    let (both, least) = (a.confidence.plus(b.confidence)?, Ratio::ONE.saturating_minus(b.confidence));
    Ok(Quote {
        price: Price::new(mul_div_floor(a.price.raw(), Ratio::ONE.raw(), b.price.raw())?),
        confidence: Ratio::of(both.raw(), least.raw(), Rounding::Up)?,
        publish_time: a.publish_time.min(b.publish_time),
    })
}

/// The lower price, with a band that reaches down to the lower edge of both bands: the lower one of what both may be is not
/// below it. Above, its own band is wide enough for that.
#[inline(never)]
pub fn lower(a: Quote, b: Quote) -> Result<Quote> {
    let edge = a.price.low(a.confidence)?.min(b.price.low(b.confidence)?);
    let lowest = if b.price < a.price { b } else { a };
    let reach = Ratio::of(lowest.price.minus(edge)?.raw(), lowest.price.raw(), Rounding::Up)?;
    Ok(Quote {
        price: lowest.price,
        confidence: lowest.confidence.max(reach),
        publish_time: a.publish_time.min(b.publish_time),
    })
}

/// How far two prices are apart, as a fraction of the first, rounded up.
pub fn apart(price: Price, other: Price) -> Result<Ratio> {
    Ratio::of(price.raw().abs_diff(other.raw()), price.raw(), Rounding::Up)
}

/// A price that another one has confirmed, with a band that reaches at least to it.
#[inline(never)]
pub fn confirmed(quote: Quote, by: Quote) -> Result<Quote> {
    Ok(Quote {
        price: quote.price,
        confidence: quote.confidence.max(apart(quote.price, by.price)?),
        publish_time: quote.publish_time.min(by.publish_time),
    })
}

/// The band around two bands: the price in its middle, rounded up so that it is never 0, and the confidence that reaches to
/// both ends. One that holds the other stays as it is. It was published with the later one.
#[inline(never)]
pub fn around(a: Quote, b: Quote) -> Result<Quote> {
    let publish_time = a.publish_time.max(b.publish_time);
    let (own, other) = (edges(a)?, edges(b)?);
    let (low, high) = (own.0.min(other.0), own.1.max(other.1));
    if (low, high) == own {
        return Ok(Quote { publish_time, ..a });
    }
    let half = high.minus(low)?.raw().div_ceil(2);
    let price = low.plus(Price::new(half))?;
    Ok(Quote { price, confidence: Ratio::of(half, price.raw(), Rounding::Up)?, publish_time })
}

fn edges(quote: Quote) -> Result<(Price, Price)> {
    Ok((quote.price.low(quote.confidence)?, quote.price.high(quote.confidence)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sdp_types::Error;

    fn quote(price: &str, confidence: &str, publish_time: u64) -> Quote {
        Quote { price: price.parse().unwrap(), confidence: confidence.parse().unwrap(), publish_time }
    }

    #[test]
    fn a_product_is_as_wide_as_both_and_as_old_as_the_older() {
        // 1.1 · 1.2 − 1
        assert_eq!(product(quote("10", "0.1", 7), quote("1.5", "0.2", 5)).unwrap(), quote("15", "0.32", 5));
    }

    #[test]
    fn a_product_is_rounded_down_and_its_band_up() {
        let unit = "0.000000000000000001";
        let found = product(quote(unit, unit, 1), quote("1.9", unit, 1)).unwrap();
        assert_eq!(found, quote(unit, "0.000000000000000003", 1));
    }

    #[test]
    fn a_quotient_is_as_wide_as_the_highest_by_the_lowest() {
        // 1.1 ÷ 0.8 − 1
        assert_eq!(quotient(quote("10", "0.1", 5), quote("4", "0.2", 7)).unwrap(), quote("2.5", "0.375", 5));
        let found = quotient(quote("1", "0", 5), quote("3", "0", 7)).unwrap();
        assert_eq!(found.price.to_string(), "0.333333333333333333");
        assert_eq!(quotient(quote("1", "0", 5), quote("3", "1", 7)), Err(Error::DivisionByZero {}));
    }

    #[test]
    fn the_lower_price_has_a_band_that_reaches_to_the_lowest_edge() {
        let (low, high) = (quote("10", "0.01", 5), quote("11", "0.01", 7));
        assert_eq!(lower(low, high).unwrap(), low, "11 · 0.99 is above 9.9");
        assert_eq!(lower(high, low).unwrap(), low);
        // 11 · 0.8 = 8.8
        assert_eq!(lower(low, quote("11", "0.2", 7)).unwrap(), quote("10", "0.12", 5));
    }

    #[test]
    fn a_confirmed_price_reaches_to_the_other() {
        assert_eq!(
            confirmed(quote("10", "0.01", 7), quote("10.05", "0", 5)).unwrap(),
            quote("10", "0.01", 5)
        );
        assert_eq!(confirmed(quote("10", "0.01", 7), quote("9.8", "0", 5)).unwrap(), quote("10", "0.02", 5));
    }

    #[test]
    fn the_band_around_two_holds_both_whatever_is_rounded() {
        // 99 to 101 and 124 to 126
        let found = around(quote("100", "0.01", 5), quote("125", "0.008", 7)).unwrap();
        assert_eq!(
            (found.price.to_string().as_str(), found.confidence.to_string().as_str()),
            ("112.5", "0.12")
        );
        assert_eq!(found.publish_time, 7);
        for (a, b) in [(1, 2), (1, 1), (7, 3), (1_000_000_007, 999_999_937)] {
            for (c, d) in [("0", "0"), ("0.3", "0.000000000000000001"), ("0.999999999999999999", "0.1")] {
                let of = |raw, confidence: &str| Quote {
                    price: Price::new(raw),
                    confidence: confidence.parse().unwrap(),
                    publish_time: 1,
                };
                let (a, b) = (of(a, c), of(b, d));
                let both = edges(around(a, b).unwrap()).unwrap();
                for (low, high) in [edges(a).unwrap(), edges(b).unwrap()] {
                    assert!(both.0 <= low && both.1 >= high, "{a:?} {b:?}");
                }
            }
        }
    }

    #[test]
    fn a_band_that_holds_the_other_stays() {
        let wide = quote("100", "0.02", 5);
        assert_eq!(around(wide, quote("101", "0.001", 9)).unwrap(), Quote { publish_time: 9, ..wide });
    }
}
