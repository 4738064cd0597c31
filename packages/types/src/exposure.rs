//! What a market owes, published as a function of prices and time instead of a number; and what the liquidator has
//! recovered. The pool and other markets read both raw (section 1 of the design).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::board::{FeedId, MAX_FEEDS};
use crate::error::{ensure, Error, Result};
use crate::market::MAX_PERPS;
use crate::math::Wide;
use crate::record::Record;
use crate::units::{Price, Ratio, Rounding, SignedUsd, Size, Usd, MAX_SIZE, MAX_USD};

/// Decimals of a funding index beyond those of a price: an index has 24 decimals of USD.
pub const FUNDING_PER_PRICE: u128 = 1_000_000;
/// A numerator has 42 decimals of USD, so 36 of a micro-USD.
pub const NUMERATOR_ONE: u128 = 1_000_000_000_000_000_000_000_000_000_000_000_000;

/// `Σ_k skew_k·F_k` as one polynomial of the seconds since `as_of`: `constant + linear·t + quadratic·t²`, each with 42
/// decimals of USD. Exact for `lasts` seconds; after that it stands still.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FundingPolynomial {
    /// At `as_of`.
    #[serde(with = "crate::packed::wide")]
    #[schemars(with = "Wide")]
    pub constant: Wide,
    /// Per second.
    #[serde(with = "crate::packed::wide")]
    #[schemars(with = "Wide")]
    pub linear: Wide,
    /// Per second squared.
    #[serde(with = "crate::packed::wide")]
    #[schemars(with = "Wide")]
    pub quadratic: Wide,
    /// Seconds after `as_of` from which the value stands still.
    pub lasts: u64,
}

impl FundingPolynomial {
    /// Seconds of accrual from `as_of` to `now`.
    pub fn elapsed(&self, as_of: u64, now: u64) -> u64 {
        now.saturating_sub(as_of).min(self.lasts)
    }

    /// The value at block time `now` of a polynomial that starts at `as_of`.
    pub fn at(&self, as_of: u64, now: u64) -> Result<Wide> {
        let seconds = Wide::from(self.elapsed(as_of, now));
        let rising = self.linear.plus(self.quadratic.times(seconds)?)?;
        self.constant.plus(rising.times(seconds)?)
    }
}

/// What traders are net long in one feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FeedQuantity {
    /// Number of the feed on the oracle's board.
    pub feed: FeedId,
    /// Owed to traders in whole units of the asset: the skew, positive where they are net long.
    pub quantity: Size,
}

/// The exposure record of a market contract, under [`crate::record::tag::EXPOSURE`].
///
/// `reported = base + Σ quantity·P + funding(t)`: one sum of 256 bits, rounded down once. Every counter only grows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exposure {
    /// Block time at which it was written, seconds.
    pub as_of: u64,
    /// `Σ margin − held − Σ C_k`.
    pub base: SignedUsd,
    /// All sdUSD that was ever drawn from the pool.
    pub drawn: Usd,
    /// All that was ever owed to insurance.
    pub fees: Usd,
    /// All by which accounts ever closed below zero.
    pub shortfalls: Usd,
    /// Positions that are open, all perpetuals and both sides.
    pub open_positions: u64,
    /// Accrued funding of all perpetuals.
    pub funding: FundingPolynomial,
    /// One entry a perpetual, in the order of listing; two perpetuals never share a feed.
    pub quantities: Vec<FeedQuantity>,
}

impl Record for Exposure {
    const NAME: &'static str = "exposure";
    const VERSION: u8 = 1;

    /// A market may keep what is its own behind its exposure: whoever reads the exposure leaves that alone.
    fn decode(bytes: &[u8]) -> Result<Self> {
        Self::decode_first(bytes).map(|(exposure, _)| exposure)
    }
}

impl Exposure {
    /// Its quantities that are not 0: what moves with a price.
    pub fn open(&self) -> impl Iterator<Item = &FeedQuantity> {
        self.quantities.iter().filter(|entry| !entry.quantity.is_zero())
    }

    /// Whether what it says depends on no price.
    pub fn is_flat(&self) -> bool {
        self.open().next().is_none()
    }

    /// The unrounded sum with 36 decimals of a micro-USD, at the prices that `price` gives and block time `now`.
    pub fn numerator(&self, now: u64, mut price: impl FnMut(FeedId, Size) -> Result<Price>) -> Result<Wide> {
        let mut sum = self.base.wide().times(NUMERATOR_ONE.into())?;
        for entry in self.open() {
            let price = price(entry.feed, entry.quantity)?;
            let value = price.wide().times(entry.quantity.wide())?.times(FUNDING_PER_PRICE.into())?;
            sum = sum.plus(value)?;
        }
        sum.plus(self.funding.at(self.as_of, now)?)
    }

    /// What the market owes the pool's other side now: [`Self::numerator`], rounded down once.
    pub fn reported(&self, now: u64, price: impl FnMut(FeedId, Size) -> Result<Price>) -> Result<SignedUsd> {
        round_down(self.numerator(now, price)?)
    }

    /// What the market has cost the providers where it owes `reported`: see [`used`].
    pub fn used(&self, reported: SignedUsd) -> Result<SignedUsd> {
        used(reported, self.drawn, self.fees, self.shortfalls)
    }

    /// The record if its numbers are within what any market can reach, so that nothing computed from it leaves its type;
    /// else `E0006 BadRecord`. Whoever reads another contract's record asks this first.
    pub fn within_bounds(self) -> Result<Self> {
        let counters = self.drawn.max(self.fees).max(self.shortfalls);
        let beyond = |entry: &FeedQuantity| {
            usize::from(entry.feed) >= MAX_FEEDS || entry.quantity.abs() > MAX_SIZE.abs()
        };
        let many = self.quantities.len() > MAX_PERPS;
        let bad = many || counters > MAX_USD || self.quantities.iter().any(beyond);
        ensure(!bad, || Error::BadRecord { record: Self::NAME.into() })?;
        Ok(self)
    }

    /// [`Self::reported`] at the edge of each confidence band that makes it largest.
    pub fn reported_at_worst(
        &self,
        now: u64,
        mut quote: impl FnMut(FeedId) -> Result<(Price, Ratio)>,
    ) -> Result<SignedUsd> {
        self.reported(now, |feed, quantity| {
            let (price, confidence) = quote(feed)?;
            if quantity.is_negative() {
                price.low(confidence)
            } else {
                price.high(confidence)
            }
        })
    }
}

/// What a market has cost the providers: reported + drawn + fees − shortfalls.
pub fn used(reported: SignedUsd, drawn: Usd, fees: Usd, shortfalls: Usd) -> Result<SignedUsd> {
    reported.plus(drawn.signed()?)?.plus(fees.signed()?)?.minus(shortfalls.signed()?)
}

/// A numerator in whole micro-USD, rounded down.
pub fn round_down(numerator: Wide) -> Result<SignedUsd> {
    Rounding::Down.divide(numerator, NUMERATOR_ONE.into())?.narrow().map(SignedUsd::new)
}

/// The liquidator's record, under [`crate::record::tag::RECOVERIES`]. Everything but the tab and the bids only grows. What it has
/// burnt of the token itself is `recovered + penalties − tips + notes_paid`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Recoveries {
    /// Debt of seized positions that running auctions still have to bring in, without penalties.
    pub tab: Usd,
    /// All sdUSD that takers paid against tabs.
    pub recovered: Usd,
    /// All that they paid against penalties.
    pub penalties: Usd,
    /// All that auctions ended short.
    pub shortfalls: Usd,
    /// All that keepers got out of penalties.
    pub tips: Usd,
    /// All sdUSD that recovery notes were sold for.
    pub notes_paid: Usd,
    /// All claims that were sold for it.
    pub notes_issued: Usd,
    /// All claims that were redeemed, or that holders burnt.
    pub notes_redeemed: Usd,
    /// sdUSD that bidders for notes have paid and that is held until their auctions are over: a liquidator with any can't be replaced.
    pub bids: Usd,
}

impl Recoveries {
    /// Claims of recovery notes that are neither redeemed nor burnt.
    pub fn notes_outstanding(&self) -> Usd {
        self.notes_issued.saturating_minus(self.notes_redeemed)
    }
}

impl Record for Recoveries {
    const NAME: &'static str = "recoveries";
    const VERSION: u8 = 3;

    /// The liquidator keeps what is its own behind it: whoever reads the counters leaves that alone.
    fn decode(bytes: &[u8]) -> Result<Self> {
        Self::decode_first(bytes).map(|(recoveries, _)| recoveries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_rounded_down_once() {
        let entry = |feed, raw| FeedQuantity { feed, quantity: Size::new(raw) };
        let exposure = Exposure {
            quantities: vec![entry(0, 600_000_000_000), entry(1, 600_000_000_000)],
            ..Exposure::default()
        };
        let one = Price::new(crate::units::ONE);
        // 0.6 micro-USD twice is 1.2, not 0 + 0
        assert_eq!(exposure.reported(0, |_, _| Ok(one)).unwrap(), SignedUsd::new(1));
    }

    #[test]
    fn funding_moves_until_its_end_and_then_stands_still() {
        let unit = Wide::from(NUMERATOR_ONE);
        let funding = FundingPolynomial {
            constant: unit,
            linear: unit.times(2i128.into()).unwrap(),
            quadratic: unit.negate().unwrap(),
            lasts: 3,
        };
        let at = |now| round_down(funding.at(100, now).unwrap()).unwrap().raw();
        assert_eq!(
            [at(99), at(100), at(101), at(102), at(103), at(104), at(9_999)],
            [1, 1, 2, 1, -2, -2, -2]
        );
    }

    #[test]
    fn a_record_of_eight_feeds_is_small() {
        let quantities = (0..8)
            .map(|feed| FeedQuantity { feed, quantity: Size::new(-123_456_789_000_000_000_000) })
            .collect();
        let exposure = Exposure { as_of: 1_700_000_000, quantities, ..Exposure::default() };
        let bytes = exposure.encode().unwrap();
        assert!(bytes.len() <= 16 + 8 * 13, "{}", bytes.len());
        assert_eq!(Exposure::decode(&bytes).unwrap(), exposure);
    }
}
