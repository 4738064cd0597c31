//! The oracle's records as others read them: the board of current prices and averages, volatilities and correlations, and the ring of interval prices.

use cosmwasm_std::{Addr, QuerierWrapper};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{ensure, Error, Result};
use crate::record::{key, key_u16, tag, Record};
use crate::regime::Regime;
use crate::units::{Price, Ratio, SignedRatio, ONE};

/// Position of a feed on the board.
pub type FeedId = u16;

/// At most so many feeds.
pub const MAX_FEEDS: usize = 32;

/// Ages up to which a price serves, seconds since its publish time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Staleness {
    /// To commit an order that increases a position.
    pub trade: u32,
    /// To mark accounts and vaults: sync, mint, exit, liquidation, withdrawal.
    pub liquidate: u32,
    /// To show.
    pub view: u32,
}

/// What a price is wanted for: decides how old it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// See [`Staleness::trade`].
    Trade,
    /// See [`Staleness::liquidate`].
    Liquidate,
    /// See [`Staleness::view`].
    View,
}

/// Time is cut into intervals of `seconds`: interval n is `[n·seconds, (n+1)·seconds)` of Unix time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Intervals {
    /// Length of one, seconds.
    pub seconds: u32,
    /// Slots of the ring: interval n is kept in slot n mod `slots`.
    pub slots: u16,
    /// Seconds after its end in which an interval still takes prices that were published in it.
    pub grace: u32,
}

impl Intervals {
    /// The interval that a time lies in.
    pub fn of(&self, time: u64) -> u64 {
        time / u64::from(self.seconds.max(1))
    }

    /// When an interval begins.
    pub fn start(&self, interval: u64) -> u64 {
        interval.saturating_mul(u64::from(self.seconds))
    }

    /// The first second in which an interval takes no more prices.
    pub fn closed_from(&self, interval: u64) -> u64 {
        self.start(interval.saturating_add(1)).saturating_add(u64::from(self.grace))
    }

    /// The first interval that begins at or after a time.
    pub fn first_from(&self, time: u64) -> u64 {
        time.div_ceil(u64::from(self.seconds.max(1)))
    }

    /// Whether the slot of an interval still belongs to it at `now`, and was not given to a later one.
    pub fn keeps(&self, interval: u64, now: u64) -> bool {
        self.of(now) < interval.saturating_add(u64::from(self.slots))
    }

    fn slot(&self, interval: u64) -> u16 {
        // the remainder is less than a u16
        u16::try_from(interval % u64::from(self.slots.max(1))).unwrap_or_default()
    }
}

/// One feed's current price. A price of 0 means that there has been none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quote {
    /// USD per whole unit.
    pub price: Price,
    /// Half-width of the band around it, as a fraction of the price.
    pub confidence: Ratio,
    /// When it was observed, Unix seconds.
    pub publish_time: u64,
}

/// How several quotes are stored: their newest publish time once, and of each how much older it is.
pub mod quotes {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Quote, SlotQuote};

    /// Something with a publish time. It is 0 where there is no price.
    pub trait Timed: Clone + Serialize + for<'de> Deserialize<'de> {
        /// The quote in it.
        fn quote(&mut self) -> &mut Quote;
    }

    impl Timed for Quote {
        fn quote(&mut self) -> &mut Quote {
            self
        }
    }

    impl Timed for SlotQuote {
        fn quote(&mut self) -> &mut Quote {
            &mut self.quote
        }
    }

    /// Stores them; people read them as they are.
    pub fn serialize<T: Timed, S: Serializer>(
        all: &[T],
        serializer: S,
    ) -> core::result::Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return all.serialize(serializer);
        }
        let mut aged = all.to_vec();
        let newest = aged.iter_mut().map(|entry| entry.quote().publish_time).max().unwrap_or_default();
        for entry in &mut aged {
            let quote = entry.quote();
            let priced = !quote.price.is_zero();
            quote.publish_time = if priced { newest.saturating_sub(quote.publish_time) } else { 0 };
        }
        (newest, aged).serialize(serializer)
    }

    /// Reads what [`serialize`] stored.
    pub fn deserialize<'de, T: Timed, D: Deserializer<'de>>(
        deserializer: D,
    ) -> core::result::Result<Vec<T>, D::Error> {
        if deserializer.is_human_readable() {
            return Vec::deserialize(deserializer);
        }
        let (newest, mut all): (u64, Vec<T>) = Deserialize::deserialize(deserializer)?;
        for entry in &mut all {
            let quote = entry.quote();
            let priced = !quote.price.is_zero();
            quote.publish_time = if priced { newest.saturating_sub(quote.publish_time) } else { 0 };
        }
        Ok(all)
    }
}

/// Current prices of all feeds, under [`tag::BOARD`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Board {
    /// Ages up to which prices serve.
    pub staleness: Staleness,
    /// The ring's geometry.
    pub intervals: Intervals,
    /// A pause between two writes of the board that is longer than this is a gap, seconds.
    pub gap: u32,
    /// Block time of the last write that changed a price.
    pub written_at: u64,
    /// Block time of the first write after the last gap; 0 if there was none.
    pub resumed_at: u64,
    /// By [`FeedId`].
    #[serde(serialize_with = "quotes::serialize", deserialize_with = "quotes::deserialize")]
    #[schemars(with = "Vec<Quote>")]
    pub quotes: Vec<Quote>,
    /// Exponential moving averages of the prices by [`FeedId`], 0 where there is none. They are written with the prices and
    /// cost those who read them less than a record of their own would cost those who publish.
    pub averages: Vec<Price>,
    /// Measured standard deviation of a day's return by [`FeedId`], within the feed's range, in units of
    /// [`VOLATILITY_ONE`], rounded up. Empty where nothing is measured: see [`Self::volatility`].
    pub volatilities: Vec<u32>,
    /// Number of the last slot (Unix seconds ÷ `sample_seconds`) whose prices were sampled, 0 if none was.
    pub sampled: u64,
    /// The last hour (Unix seconds ÷ 3,600) in which pricing volatilities, correlations and margins took a step.
    pub stepped: u64,
    /// Feeds whose price has moved too far too fast, and what that leaves: see [`Self::regime`].
    pub restricted: Vec<Restricted>,
    /// Bit n is set where anyone pulls the price of feed n from its source: see [`Self::is_pulled`].
    pub pulled: u32,
}

/// A feed that is not in [`Regime::Normal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Restricted {
    /// Which feed.
    pub feed: FeedId,
    /// What is allowed with it.
    #[serde(with = "crate::packed::byte")]
    #[schemars(with = "Regime")]
    pub regime: Regime,
}

impl Record for Board {
    const NAME: &'static str = "board";
    const VERSION: u8 = 4;
}

impl Board {
    /// The board of an oracle. `E0006` where there is none.
    #[inline]
    pub fn of(querier: &QuerierWrapper<'_>, oracle: &Addr) -> Result<Self> {
        Self::of_contract(querier, oracle, &key(tag::BOARD))?
            .ok_or_else(|| Error::BadRecord { record: Self::NAME.into() })
    }

    /// The last price, however old. `E0202` for an unknown feed, `E0208` for one that never had a price.
    pub fn last(&self, feed: FeedId) -> Result<Quote> {
        let quote = self.quotes.get(usize::from(feed)).ok_or(Error::UnknownFeed { feed: feed.into() })?;
        ensure(!quote.price.is_zero(), || Error::NoPrice { feed: feed.into() })?;
        Ok(*quote)
    }

    /// What a price is frozen at when what depends on it is shut down: the moving average, however old; where there is none the last price,
    /// else 0.
    pub fn frozen(&self, feed: FeedId) -> Price {
        let average = self.averages.get(usize::from(feed)).copied().filter(|average| !average.is_zero());
        average.or_else(|| self.last(feed).ok().map(|quote| quote.price)).unwrap_or_default()
    }

    /// How old a quote may be for a use.
    pub fn allowed_age(&self, purpose: Use) -> u64 {
        u64::from(match purpose {
            Use::Trade => self.staleness.trade,
            Use::Liquidate => self.staleness.liquidate,
            Use::View => self.staleness.view,
        })
    }

    /// A price young enough for its use. Besides the errors of [`Self::last`]: `E0206 StalePrice`.
    pub fn fresh(&self, feed: FeedId, purpose: Use, now: u64) -> Result<Quote> {
        let quote = self.last(feed)?;
        let (age, allowed) = (now.saturating_sub(quote.publish_time), self.allowed_age(purpose));
        ensure(age <= allowed, || Error::StalePrice { feed: feed.into(), age, allowed })?;
        Ok(quote)
    }

    /// A fresh price whose band is no wider than `widest`: `E0207 ConfidenceTooWide`.
    pub fn certain(&self, feed: FeedId, purpose: Use, now: u64, widest: Ratio) -> Result<Quote> {
        let quote = self.fresh(feed, purpose, now)?;
        ensure(quote.confidence <= widest, || Error::ConfidenceTooWide {
            feed: feed.into(),
            confidence: quote.confidence,
            allowed: widest,
        })?;
        Ok(quote)
    }

    /// What is allowed with a feed.
    pub fn regime(&self, feed: FeedId) -> Regime {
        let found = self.restricted.iter().find(|restricted| restricted.feed == feed);
        found.map_or(Regime::Normal, |restricted| restricted.regime)
    }

    /// Whether anyone may post the feed's price, at a moment that he chooses.
    pub fn is_pulled(&self, feed: FeedId) -> bool {
        self.pulled.checked_shr(feed.into()).unwrap_or_default() & 1 == 1
    }

    /// Notes whether a feed, one below [`MAX_FEEDS`], is pulled.
    pub fn set_pulled(&mut self, feed: FeedId, pulled: bool) {
        let bit = 1u32.checked_shl(feed.into()).unwrap_or_default();
        self.pulled = if pulled { self.pulled | bit } else { self.pulled & !bit };
    }

    /// Measured daily volatility of a feed as a plain number, the one that initial margin and expected shortfall follow at
    /// once. Where nothing is measured: the pricing volatility, which the owner has set.
    pub fn volatility(&self, feed: FeedId, pricing: &Covariance) -> Ratio {
        match self.volatilities.get(usize::from(feed)) {
            Some(measured) => volatility_ratio(*measured),
            None => pricing.volatility(feed),
        }
    }

    /// The covariances that risk is measured with: correlations as they are, volatilities as [`Self::volatility`].
    pub fn risk(&self, pricing: &Covariance) -> Covariance {
        let per_unit = u32::try_from(SIGMA_ONE / u64::from(VOLATILITY_ONE)).unwrap_or_default();
        let mut risk = pricing.clone();
        for (sigma, measured) in risk.sigmas.iter_mut().zip(&self.volatilities) {
            *sigma = measured.saturating_mul(per_unit);
        }
        risk
    }

    /// Block time before which nobody is liquidated: two intervals after prices came back from a gap. A board that has
    /// not been written for longer than a gap liquidates nobody either: its prices are stale.
    pub fn quiet_until(&self) -> u64 {
        if self.resumed_at == 0 {
            0
        } else {
            self.resumed_at.saturating_add(2 * u64::from(self.intervals.seconds))
        }
    }
}

/// 1.0 of a measured volatility on the board.
pub const VOLATILITY_ONE: u32 = 100_000;
/// 1.0 of a stored volatility (per square root of a day).
pub const SIGMA_ONE: u64 = 1_000_000_000;
/// 1.0 of a stored correlation.
pub const RHO_ONE: i64 = 10_000;

/// Volatilities and correlations of all feeds, under [`tag::COVARIANCE`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Covariance {
    /// Standard deviation of a day's return by [`FeedId`], 9 decimals: what premium and funding are priced with.
    pub sigmas: Vec<u32>,
    /// Correlations below the diagonal, row by row ((1,0), (2,0), (2,1), …), 4 decimals; two bytes each.
    #[serde(with = "crate::packed::halves")]
    #[schemars(with = "Vec<i16>")]
    pub correlations: Vec<i16>,
    /// Volatilities that maintenance margin follows, as `sigmas`; empty where nothing is measured: those are `sigmas`.
    pub margins: Vec<u32>,
}

impl Record for Covariance {
    const NAME: &'static str = "covariance";
    const VERSION: u8 = 2;
}

impl Covariance {
    /// The covariances of an oracle. `E0006` where there are none.
    #[inline]
    pub fn of(querier: &QuerierWrapper<'_>, oracle: &Addr) -> Result<Self> {
        Self::of_contract(querier, oracle, &key(tag::COVARIANCE))?
            .ok_or_else(|| Error::BadRecord { record: Self::NAME.into() })
    }

    /// Number of feeds.
    pub fn len(&self) -> usize {
        self.sigmas.len()
    }

    /// Whether it has no feeds.
    pub fn is_empty(&self) -> bool {
        self.sigmas.is_empty()
    }

    /// Daily volatility of a feed with [`SIGMA_ONE`]; 0 for an unknown feed.
    pub fn sigma(&self, feed: usize) -> u64 {
        self.sigmas.get(feed).copied().map_or(0, u64::from)
    }

    /// Correlation of two feeds with [`RHO_ONE`]: 1 on the diagonal, 0 for an unknown feed.
    pub fn rho(&self, a: usize, b: usize) -> i64 {
        let (row, column) = (a.max(b), a.min(b));
        if row == column {
            return RHO_ONE;
        }
        let at = row * (row - 1) / 2 + column;
        self.correlations.get(at).copied().map_or(0, i64::from)
    }

    /// Daily volatility of a feed as a plain number: what it is priced with.
    pub fn volatility(&self, feed: FeedId) -> Ratio {
        sigma_ratio(self.sigma(feed.into()))
    }

    /// Daily volatility of a feed that its maintenance margin follows, as a plain number.
    pub fn margin_volatility(&self, feed: FeedId) -> Ratio {
        let margin = self.margins.get(usize::from(feed)).copied();
        margin.map_or_else(|| self.volatility(feed), |margin| sigma_ratio(margin.into()))
    }

    /// Correlation of two feeds as a plain number.
    pub fn correlation(&self, a: FeedId, b: FeedId) -> SignedRatio {
        let unit = ONE / u128::from(RHO_ONE.unsigned_abs());
        SignedRatio::new(i128::from(self.rho(a.into(), b.into())) * i128::try_from(unit).unwrap_or_default())
    }
}

/// A volatility of the board as a plain number.
pub fn volatility_ratio(volatility: u32) -> Ratio {
    Ratio::new(u128::from(volatility) * (ONE / u128::from(VOLATILITY_ONE)))
}

/// A volatility with [`SIGMA_ONE`] as a plain number.
pub fn sigma_ratio(sigma: u64) -> Ratio {
    Ratio::new(u128::from(sigma) * (ONE / u128::from(SIGMA_ONE)))
}

/// One feed's price in an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SlotQuote {
    /// Which feed.
    pub feed: FeedId,
    /// Its price in this interval.
    pub quote: Quote,
}

/// The prices of one interval, under [`tag::SLOT`] and the slot's number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Slot {
    /// Number of the interval that it holds.
    pub interval: u64,
    /// The first quorum of each feed in that interval; of a pulled feed the band around the bands of all prices that were
    /// pulled in it.
    #[serde(serialize_with = "quotes::serialize", deserialize_with = "quotes::deserialize")]
    #[schemars(with = "Vec<SlotQuote>")]
    pub quotes: Vec<SlotQuote>,
}

impl Record for Slot {
    const NAME: &'static str = "slot";
    const VERSION: u8 = 1;
}

impl Slot {
    /// The key of an interval's slot.
    pub fn key(intervals: &Intervals, interval: u64) -> [u8; 3] {
        key_u16(tag::SLOT, intervals.slot(interval))
    }

    /// The prices of an interval, empty where none was published or the slot has been given to another one.
    #[inline]
    pub fn of(
        querier: &QuerierWrapper<'_>,
        oracle: &Addr,
        intervals: &Intervals,
        interval: u64,
    ) -> Result<Self> {
        let slot = Self::of_contract(querier, oracle, &Self::key(intervals, interval))?;
        let empty = || Self { interval, quotes: Vec::new() };
        Ok(slot.filter(|slot| slot.interval == interval).unwrap_or_else(empty))
    }

    /// The price of a feed in this interval that nobody can change any more: of a pulled feed none before the grace is over. Until
    /// then whoever pulls could choose what is filled.
    pub fn final_quote(&self, feed: FeedId, board: &Board, now: u64) -> Option<Quote> {
        let open = now < board.intervals.closed_from(self.interval);
        self.quote(feed).filter(|_| !(open && board.is_pulled(feed)))
    }

    /// The price of a feed in this interval, whether it is final or not.
    pub fn quote(&self, feed: FeedId) -> Option<Quote> {
        self.quotes.iter().find(|entry| entry.feed == feed).map(|entry| entry.quote)
    }
}

#[cfg(test)]
mod tests;
