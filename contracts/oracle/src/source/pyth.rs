//! The messages of a Pyth contract, as `pyth-sdk-cw` 1.2 has them, and what of an answer is a price.
//!
//! That crate stands on cosmwasm-std 1; these are the few types that are needed of it.

use cosmwasm_std::{from_json, to_json_binary, Binary, HexBinary, Int64, Uint64};
use sdp_types::board::{FeedId, Quote};
use sdp_types::error::SourceError;
use sdp_types::{ensure, Error, Price, Ratio, Result, Rounding};
use serde::{Deserialize, Serialize};

/// Exponents of prices: 18 decimals hold what they leave.
const EXPONENTS: (i32, i32) = (-18, 6);

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum QueryMsg<'a> {
    PriceFeed { id: &'a HexBinary },
}

#[derive(Deserialize)]
struct PriceFeedResponse {
    price_feed: PriceFeed,
}

#[derive(Deserialize)]
struct PriceFeed {
    id: HexBinary,
    price: PythPrice,
}

/// `price·10^expo`, and as far `conf·10^expo` to either side.
#[derive(Deserialize)]
struct PythPrice {
    price: Int64,
    conf: Uint64,
    expo: i32,
    publish_time: i64,
}

/// The question for a price.
pub fn question(id: &HexBinary) -> Result<Binary> {
    Ok(to_json_binary(&QueryMsg::PriceFeed { id })?)
}

/// What was asked.
pub struct Asked<'a> {
    pub feed: FeedId,
    pub contract: &'a str,
    pub id: &'a HexBinary,
    pub now: u64,
}

impl Asked<'_> {
    /// The price in an answer, its confidence rounded up. `E0214` for what is no answer, `E0215` for another price, `E0216` for its
    /// exponent, `E0217` for 0 and below, `E0204` for one from the future, `E0206` for an old one, `E0207` for a wide one.
    #[inline(never)]
    pub fn quote(&self, answer: &[u8], maximum_age: u32, widest: Option<Ratio>) -> Result<Quote> {
        let (feed, now) = (u64::from(self.feed), self.now);
        let unreadable = |_| SourceError::UnreadableAnswer { feed, contract: self.contract.into() };
        let found: PriceFeedResponse = from_json(answer).map_err(unreadable)?;
        let PriceFeed { id, price: PythPrice { price, conf, expo, publish_time } } = found.price_feed;

        ensure(id == *self.id, || SourceError::WrongPriceId { feed, contract: self.contract.into() }.into())?;
        let (least, most) = EXPONENTS;
        ensure((least..=most).contains(&expo), || {
            SourceError::ExponentOutOfRange { feed, exponent: expo.into() }.into()
        })?;
        let mantissa = u128::try_from(price.i64()).unwrap_or_default();
        ensure(mantissa > 0, || SourceError::PriceNotPositive { feed, price: price.i64() }.into())?;
        // before 1970 is old
        let publish_time = u64::try_from(publish_time).unwrap_or_default();
        ensure(publish_time <= now, || Error::PublishTimeInFuture { feed, publish_time, now })?;
        let (age, allowed) = (now.saturating_sub(publish_time), u64::from(maximum_age));
        ensure(age <= allowed, || Error::StalePrice { feed, age, allowed })?;
        let confidence = Ratio::of(conf.u64().into(), mantissa, Rounding::Up)?;
        let allowed = widest.unwrap_or(Ratio::MAX);
        ensure(confidence <= allowed, || Error::ConfidenceTooWide { feed, confidence, allowed })?;

        let unit = 10u128.pow(expo.abs_diff(least));
        let price =
            mantissa.checked_mul(unit).ok_or(Error::Overflow { operation: "Price of Pyth".into() })?;
        Ok(Quote { price: Price::new(price), confidence, publish_time })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `pyth-sdk-cw` 1.2.0 itself writes.
    const QUESTION: &str =
        r#"{"price_feed":{"id":"f9c0172ba10dfa4d19088d94f5bf61d3b54d5bd7483a322a982e1373ee8ea31b"}}"#;
    const ANSWER: &str = r#"{"price_feed":{"id":"f9c0172ba10dfa4d19088d94f5bf61d3b54d5bd7483a322a982e1373ee8ea31b","price":{"price":"123456789","conf":"12345","expo":-8,"publish_time":1700000000},"ema_price":{"price":"-5","conf":"1","expo":-8,"publish_time":1699999999}}}"#;

    #[test]
    fn the_messages_are_those_of_pyth() {
        let id =
            HexBinary::from_hex("f9c0172ba10dfa4d19088d94f5bf61d3b54d5bd7483a322a982e1373ee8ea31b").unwrap();
        assert_eq!(question(&id).unwrap(), Binary::from(QUESTION.as_bytes()));
        let asked = Asked { feed: 0, contract: "pyth", id: &id, now: 1_700_000_001 };
        let quote = asked.quote(ANSWER.as_bytes(), 60, None).unwrap();
        // 1.23456789, and 12,345 of 123,456,789
        assert_eq!(quote.price.to_string(), "1.23456789");
        assert_eq!(quote.confidence.raw(), (12_345 * 10u128.pow(18)).div_ceil(123_456_789));
        assert_eq!(quote.publish_time, 1_700_000_000);
    }
}
