//! Volatilities and correlations measured from prices, and the pace at which prices and margins follow them.
//!
//! A sample takes the board's prices. A feed counts if its price was published later than the one of its last sample;
//! between the two, Δt seconds apart, it returned
//!
//! ```text
//! r = 2·(P − P₀)/(P + P₀)                            the log return up to r³/12
//! v ← v + w·(r²·86,400/Δt − v),  w = Δt/(Δt + τ)     variance of a day
//! ```
//!
//! which is the exponentially weighted variance of RiskMetrics (J.P. Morgan 1996), for intervals of any length; τ is the
//! half-life ÷ ln 2. Correlations are Engle's (2002, dynamic conditional correlation): with σ = max(√v, floor) as it was
//! before the sample and z = r/(σ·√Δt), Δt in days,
//!
//! ```text
//! Q_ii ← Q_ii + w·(z_i² − Q_ii),  Q_ij ← Q_ij + w·(z_i·z_j − Q_ij),  ρ_ij = Q_ij/√(Q_ii·Q_jj)
//! ```
//!
//! Two feeds that were not sampled at the same times have only the time in common that both returns cover. Their product
//! says nothing about the rest (Hayashi and Yoshida 2005), so for a pair Δt is that time in w and under the product:
//! `z_i·z_j = r_i·r_j·86,400/(σ_i·σ_j·Δt)`. So a feed that misses samples neither moves others nor looks uncorrelated.
//!
//! What is measured goes to the board at once, within each feed's range. What is priced with follows by a small step an
//! hour, so that nobody can trade before a known change and take his profit after it; what maintenance margin follows
//! by another, so that nobody is liquidated by a jump of a statistic: [`Estimate::step`].
//!
//! Integers only. The state is what is stored: 4 bytes a number ([`Short`]) and 2 a correlation.

use sdp_types::board::{Covariance, FeedId, Quote, RHO_ONE, SIGMA_ONE, VOLATILITY_ONE};
use sdp_types::math::{mul_div_ceil, mul_div_floor};
use sdp_types::oracle::{Measurement, VolatilityRange};
use sdp_types::record::Record;
use sdp_types::units::{DAY, ONE};
use sdp_types::{Error, Price, Ratio, Result, Rounding, SignedRatio};
use serde::{Deserialize, Serialize};

use crate::psd::positive_semidefinite;

/// Seconds between two steps.
pub const HOUR: u64 = 3_600;
/// 1.0 of a correlation of an [`Estimate`].
pub const MEASURED_RHO_ONE: i16 = i16::MAX;

/// ln 2 in millionths.
const LN_2: u64 = 693_147;
/// Seconds of a day, signed.
const DAY_SIGNED: i128 = DAY as i128;
/// 1.0 of a Q_ii.
const SQUARE_ONE: u128 = 1_000_000_000_000;
/// From a Q_ii to the square of a number with 9 decimals.
const SQUARE_TO_ROOT: u128 = 1_000_000;
/// From a volatility with 9 decimals to one of the board.
const PER_VOLATILITY: u64 = SIGMA_ONE / VOLATILITY_ONE as u64;

/// A number of 128 bits in 4 bytes: 25 bits, and 7 for how many zero bits follow them. Rounded to the nearest, so it is
/// off by at most 2⁻²⁵ of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Short([u8; 4]);

impl Short {
    const BITS: u32 = 25;

    /// The nearest number, of two the larger.
    pub fn nearest(value: u128) -> Self {
        let shift = (u128::BITS - value.leading_zeros()).saturating_sub(Self::BITS);
        let half = if shift == 0 { 0 } else { 1 << (shift - 1) };
        let rounded = value.saturating_add(half) >> shift;
        // rounding up may have carried into a bit more
        let (mantissa, shift) =
            if rounded >> Self::BITS == 0 { (rounded, shift) } else { (rounded >> 1, shift + 1) };
        let mantissa = u32::try_from(mantissa).unwrap_or_default();
        Self((shift << Self::BITS | mantissa).to_le_bytes())
    }

    /// The number.
    pub fn value(self) -> u128 {
        let bits = u32::from_le_bytes(self.0);
        u128::from(bits & ((1 << Self::BITS) - 1)) << (bits >> Self::BITS)
    }
}

/// Bounds of a measured volatility with [`SIGMA_ONE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The least.
    pub floor: u32,
    /// The most.
    pub ceiling: u32,
}

impl Range {
    /// The least floor: 0.01 % a day. The bounds of all arithmetic here rest on it.
    pub const LEAST: u32 = 100_000;

    /// As it is stored: 9 decimals, rounded up.
    pub fn of(range: &VolatilityRange) -> Self {
        let nanos = |ratio: Ratio| u32::try_from(ratio.raw().div_ceil(ONE / u128::from(SIGMA_ONE)));
        let (floor, ceiling) = (nanos(range.floor), nanos(range.ceiling));
        Self { floor: floor.unwrap_or(u32::MAX), ceiling: ceiling.unwrap_or(u32::MAX) }
    }

    /// As it is configured.
    pub fn config(&self) -> VolatilityRange {
        let ratio = |nanos: u32| sdp_types::board::sigma_ratio(nanos.into());
        VolatilityRange { floor: ratio(self.floor), ceiling: ratio(self.ceiling) }
    }

    /// The volatility of this range that is nearest to one.
    pub fn nearest(&self, sigma: u32) -> u32 {
        sigma.min(self.ceiling).max(self.floor)
    }

    /// The same in the unit of the board, rounded up.
    pub fn on_board(&self, sigma: u32) -> u32 {
        let units = u64::from(self.nearest(sigma)).div_ceil(PER_VOLATILITY);
        u32::try_from(units).unwrap_or(u32::MAX)
    }
}

/// τ = half-life ÷ ln 2, seconds, rounded up.
pub fn time_constant(half_life: u32) -> u64 {
    (u64::from(half_life) * 1_000_000).div_ceil(LN_2)
}

/// What one feed was last seen at, and what it has returned so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Observed {
    /// Price of its last sample, 18 decimals; 0: none yet.
    price: Short,
    /// How much older than [`Estimate::as_of`] that price is, seconds.
    age: u32,
    /// v: variance of a day's return, 18 decimals.
    variance: Short,
    /// Q_ii, 12 decimals: 1 where v was right.
    square: Short,
}

/// What is measured so far. Nobody but the oracle reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    /// Newest publish time of all samples.
    as_of: u64,
    /// By feed number.
    feeds: Vec<Observed>,
    /// Correlations below the diagonal, row by row, with [`MEASURED_RHO_ONE`].
    #[serde(with = "sdp_types::packed::halves")]
    correlations: Vec<i16>,
}

impl Record for Estimate {
    const NAME: &'static str = "estimate";
    const VERSION: u8 = 1;
}

/// One feed's return in a sample.
struct Return {
    feed: usize,
    from: u64,
    to: u64,
    /// r/σ per √day: z·√Δt, 9 decimals, rounded towards 0.
    scaled: i128,
    /// √Q_ii before and after, 9 decimals, rounded down.
    root: (i128, i128),
}

impl Estimate {
    /// Nothing sampled yet: volatilities and correlations are believed.
    pub fn begin(believed: &Covariance) -> Self {
        let mut estimate = Self::default();
        estimate.restart(believed);
        estimate
    }

    /// Believes these volatilities and correlations, and keeps the prices of the last sample.
    pub fn restart(&mut self, believed: &Covariance) {
        self.feeds.resize(believed.len(), Observed::default());
        for (feed, sigma) in self.feeds.iter_mut().zip(&believed.sigmas) {
            feed.believe(*sigma);
        }
        self.correlations = believed.correlations.iter().map(|rho| from_rho(*rho)).collect();
    }

    /// A further feed, the last one of `believed`; the others keep what is measured.
    pub fn widen(&mut self, believed: &Covariance) {
        let (feeds, pairs) = (self.feeds.len(), self.correlations.len());
        for sigma in believed.sigmas.iter().skip(feeds) {
            let mut feed = Observed::default();
            feed.believe(*sigma);
            self.feeds.push(feed);
        }
        self.correlations.extend(believed.correlations.iter().skip(pairs).map(|rho| from_rho(*rho)));
    }

    /// Takes a sample of the board's prices. The feeds that have returned something since their last one, in order.
    ///
    /// `ranges` are those of the feeds; one that has none counts with a floor of [`Range::LEAST`].
    pub fn sample(&mut self, quotes: &[Quote], terms: &Measurement, ranges: &[Range]) -> Result<Vec<FeedId>> {
        let (fast, slow) =
            (time_constant(terms.volatility_half_life), time_constant(terms.correlation_half_life));
        let (before, mut returns) = (self.as_of, Vec::with_capacity(quotes.len()));
        let newest = quotes.iter().map(|quote| quote.publish_time).max();
        self.as_of = before.max(newest.unwrap_or_default());
        for (n, (feed, quote)) in self.feeds.iter_mut().zip(quotes).enumerate() {
            let from = before.saturating_sub(feed.age.into());
            let counts =
                !quote.price.is_zero() && (feed.price == Short::default() || quote.publish_time > from);
            let to = if counts { quote.publish_time } else { from };
            feed.age = u32::try_from(self.as_of.saturating_sub(to)).unwrap_or(u32::MAX);
            if !counts {
                continue;
            }
            let floor = ranges.get(n).map_or(Range::LEAST, |range| range.floor.max(Range::LEAST));
            if let Some((scaled, root)) =
                feed.observe(quote.price, to.saturating_sub(from), floor, (fast, slow))?
            {
                returns.push(Return { feed: n, from, to, scaled, root });
            }
        }
        for (n, row) in returns.iter().enumerate() {
            for column in returns.iter().take(n) {
                self.correlate(row, column, slow)?;
            }
        }
        Ok(returns.iter().map(|seen| FeedId::try_from(seen.feed).unwrap_or(FeedId::MAX)).collect())
    }

    /// `ρ' = Q_ij'/(√Q_ii'·√Q_jj')` with `Q_ij' = (τ·ρ·√Q_ii·√Q_jj + Δt·z_i·z_j)/(Δt + τ)`; ρ to the nearest, within ±1.
    ///
    /// With volatilities of at least 10⁻⁴ and returns below 2, |r/σ| ≤ 2·10⁴ and √Q ≤ 2·10⁴·√86,400 < 5.9·10⁶: with
    /// their decimals products are below 3.5·10³¹, and τ < 3.8·10⁶ times that is below 2¹²⁷.
    fn correlate(&mut self, row: &Return, column: &Return, constant: u64) -> Result<()> {
        let common = row.to.min(column.to).saturating_sub(row.from.max(column.from));
        let at = row.feed * row.feed.saturating_sub(1) / 2 + column.feed;
        let Some(rho) = self.correlations.get_mut(at).filter(|_| common > 0) else { return Ok(()) };
        let (one, constant) = (i128::from(MEASURED_RHO_ONE), i128::from(constant));
        let product = product(row.root.0, column.root.0)? / one;
        let kept = product_of(&[product, i128::from(*rho), constant])?;
        let added = product_of(&[row.scaled, column.scaled, DAY_SIGNED])?;
        let total = kept.checked_add(added).ok_or_else(overflow)? / (i128::from(common) + constant);
        let scale = self::product(row.root.1, column.root.1)?;
        if scale > 0 {
            let moved = nearest(self::product(total, one)?, scale).clamp(-one, one);
            *rho = i16::try_from(moved).unwrap_or_default();
        }
        Ok(())
    }

    /// Number of feeds.
    pub fn len(&self) -> usize {
        self.feeds.len()
    }

    /// Whether it has no feeds.
    pub fn is_empty(&self) -> bool {
        self.feeds.is_empty()
    }

    /// Daily volatility of a feed as measured, with [`SIGMA_ONE`], rounded up; 0 for an unknown feed.
    pub fn sigma(&self, feed: usize) -> u32 {
        self.feeds.get(feed).map_or(0, Observed::sigma)
    }

    /// Correlation of two feeds as measured, 18 decimals, rounded towards 0; 1 on the diagonal, 0 for an unknown feed.
    pub fn correlation(&self, a: FeedId, b: FeedId) -> SignedRatio {
        let (row, column) = (usize::from(a.max(b)), usize::from(a.min(b)));
        let rho = if row == column { Some(MEASURED_RHO_ONE) } else { self.pair(row, column) };
        let one = i128::try_from(ONE).unwrap_or_default();
        SignedRatio::new(i128::from(rho.unwrap_or_default()) * one / i128::from(MEASURED_RHO_ONE))
    }

    /// Price of a feed's last sample, to 25 bits, and when it was published; none if there was none.
    pub fn last(&self, feed: usize) -> Option<(Price, u64)> {
        let feed = self.feeds.get(feed).filter(|feed| feed.price != Short::default())?;
        Some((Price::new(feed.price.value()), self.as_of.saturating_sub(feed.age.into())))
    }

    /// What is stored of a feed: v with 18 decimals and Q_ii with 12; none for an unknown feed.
    pub fn squares(&self, feed: usize) -> Option<(u128, u128)> {
        self.feeds.get(feed).map(|feed| (feed.variance.value(), feed.square.value()))
    }

    /// What is stored of all pairs: below the diagonal, row by row, with [`MEASURED_RHO_ONE`].
    pub fn correlations(&self) -> &[i16] {
        &self.correlations
    }

    fn pair(&self, row: usize, column: usize) -> Option<i16> {
        self.correlations.get(row * row.saturating_sub(1) / 2 + column).copied()
    }

    /// The volatilities as they stand on the board: [`Range::on_board`] of each.
    pub fn on_board(&self, ranges: &[Range]) -> Vec<u32> {
        self.feeds.iter().zip(ranges).map(|(feed, range)| range.on_board(feed.sigma())).collect()
    }

    /// One hour's step of what is priced and margined, towards what is measured:
    ///
    /// | | towards | by at most |
    /// |---|---|---|
    /// | pricing σ | the measured one within [floor, `pricing_band`·floor] | `pricing_step` of itself |
    /// | ρ | (1 − `shrink`)·measured + `shrink`·`prior` | `pricing_step` |
    /// | margin σ | the measured one within [floor, ceiling] | `margin_step`/24 of itself |
    ///
    /// Steps are rounded down, and at least the last decimal; the band's end is rounded down, ρ to the nearest and
    /// then towards 0. If the correlations then are none (some pairs moved further than others), all of them are
    /// multiplied by 15/16, rounded towards 0, until they are; at the latest all are 0.
    pub fn step(&self, covariance: &mut Covariance, terms: &Measurement, ranges: &[Range]) -> Result<()> {
        let measured: Vec<u32> = self.feeds.iter().map(Observed::sigma).collect();
        covariance.margins.resize(covariance.sigmas.len(), 0);
        let followers = covariance.sigmas.iter_mut().zip(&mut covariance.margins);
        for (((pricing, margin), measured), range) in followers.zip(&measured).zip(ranges) {
            if *margin == 0 {
                *margin = *pricing;
            }
            let top = mul_div_floor(range.floor.into(), terms.pricing_band.raw(), ONE)?;
            let top = u32::try_from(top).unwrap_or(u32::MAX).min(range.ceiling);
            let priced = Range { floor: range.floor, ceiling: top }.nearest(*measured);
            *pricing = towards(*pricing, priced, terms.pricing_step.raw(), ONE)?;
            *margin = towards(*margin, range.nearest(*measured), terms.margin_step.raw(), 24 * ONE)?;
        }
        let most = i128::try_from(mul_div_floor(terms.pricing_step.raw(), rho_one(), ONE)?.max(1));
        let most = most.unwrap_or(i128::MAX);
        for (rho, measured) in covariance.correlations.iter_mut().zip(&self.correlations) {
            let away = drawn(*measured, terms)? - i128::from(*rho);
            let moved = i128::from(*rho) + away.clamp(-most, most);
            *rho = i16::try_from(moved).unwrap_or_default();
        }
        while positive_semidefinite(covariance).is_err() {
            for rho in &mut covariance.correlations {
                // less than before, whatever it was
                *rho = i16::try_from(i32::from(*rho) * 15 / 16).unwrap_or_default();
            }
        }
        Ok(())
    }
}

impl Observed {
    fn believe(&mut self, sigma: u32) {
        self.variance = Short::nearest(u128::from(sigma) * u128::from(sigma));
        self.square = Short::nearest(SQUARE_ONE);
    }

    /// √v with 9 decimals, rounded up.
    fn sigma(&self) -> u32 {
        let variance = self.variance.value();
        let root = variance.isqrt();
        u32::try_from(root + u128::from(root * root < variance)).unwrap_or(u32::MAX)
    }

    /// A new price. None if it is the first; else the return over the volatility before it, and √Q_ii before and after.
    fn observe(
        &mut self,
        price: Price,
        elapsed: u64,
        floor: u32,
        (fast, slow): (u64, u64),
    ) -> Result<Option<(i128, (i128, i128))>> {
        let last = core::mem::replace(&mut self.price, Short::nearest(price.raw())).value();
        if last == 0 {
            return Ok(None);
        }
        let sum = price.raw().checked_add(last).ok_or_else(overflow)?;
        let size = mul_div_floor(price.raw().abs_diff(last), 2 * ONE, sum)?;
        let (scaled, root) = (size / u128::from(self.sigma().max(floor)), self.root());

        let weight = |constant: u64| u128::from(elapsed) + u128::from(constant);
        // v + w·(r²·86,400/Δt − v) = (τ·v + r²·86,400)/(Δt + τ), rounded up: r < 2 keeps it below 2⁷⁹
        let squared = mul_div_ceil(size, size, ONE)?;
        let kept = product_u(self.variance.value(), fast.into())?;
        let variance = kept.checked_add(product_u(squared, DAY.into())?).ok_or_else(overflow)?;
        self.variance = Short::nearest(variance.div_ceil(weight(fast)));
        // likewise with (r/σ)², whose 18 decimals become 12
        let added = product_u(product_u(scaled, scaled)?, DAY.into())? / SQUARE_TO_ROOT;
        let square = product_u(self.square.value(), slow.into())?.checked_add(added).ok_or_else(overflow)?;
        self.square = Short::nearest(square / weight(slow));

        let scaled = i128::try_from(scaled).map_err(|_| overflow())?;
        Ok(Some((if price.raw() < last { -scaled } else { scaled }, (root, self.root()))))
    }

    fn root(&self) -> i128 {
        // a root of 128 bits has 64
        i128::try_from(self.square.value().saturating_mul(SQUARE_TO_ROOT).isqrt()).unwrap_or(i128::MAX)
    }
}

/// From one volatility towards another by at most `part/whole` of itself.
fn towards(from: u32, to: u32, part: u128, whole: u128) -> Result<u32> {
    let most = u32::try_from(mul_div_floor(from.into(), part, whole)?).unwrap_or(u32::MAX).max(1);
    let moved = from.abs_diff(to).min(most);
    Ok(if to > from { from.saturating_add(moved) } else { from.saturating_sub(moved) })
}

/// (1 − shrink)·measured + shrink·prior with [`RHO_ONE`].
fn drawn(measured: i16, terms: &Measurement) -> Result<i128> {
    let (one, rho_one) = (i128::try_from(ONE).map_err(|_| overflow())?, i128::from(RHO_ONE));
    let shrink = terms.shrink.min(Ratio::ONE);
    let prior = shrink.times(terms.prior.min(Ratio::ONE), Rounding::Down)?.signed()?.raw();
    let rest = Ratio::ONE.minus(shrink)?.signed()?.raw();
    let measured = nearest(i128::from(measured) * rho_one, MEASURED_RHO_ONE.into());
    Ok((measured * rest + prior * rho_one) / one)
}

fn from_rho(rho: i16) -> i16 {
    let scaled = nearest(i128::from(rho) * i128::from(MEASURED_RHO_ONE), RHO_ONE.into());
    i16::try_from(scaled).unwrap_or(MEASURED_RHO_ONE)
}

fn rho_one() -> u128 {
    RHO_ONE.unsigned_abs().into()
}

/// The integer nearest to a quotient, for a positive divisor; a half goes up.
fn nearest(numerator: i128, divisor: i128) -> i128 {
    let (quotient, rest) = (numerator.div_euclid(divisor), numerator.rem_euclid(divisor));
    quotient + i128::from(rest >= divisor - rest)
}

fn product(a: i128, b: i128) -> Result<i128> {
    a.checked_mul(b).ok_or_else(overflow)
}

fn product_of(factors: &[i128]) -> Result<i128> {
    factors.iter().try_fold(1, |all, factor| product(all, *factor))
}

fn product_u(a: u128, b: u128) -> Result<u128> {
    a.checked_mul(b).ok_or_else(overflow)
}

fn overflow() -> Error {
    Error::Overflow { operation: "measured volatility".to_string() }
}
