//! Pro-rata deleveraging: when what winners have won on paper passes a part of the credit line, every winning side of
//! every perpetual is scaled by one factor at the index price, and what that realises goes into margins.
//!
//! Each side has a product index A, the product of its factors so far. Positions and sums are stored divided by it, so
//! scaling a side changes one number, whoever is on it. With the level `X = P + F` (price and funding index) of each
//! scaling, `G = Σ (A_{j−1} − A_j)·X_j`, a position of stored size s and cost k that was last touched at (A₀, G₀) has
//! realised
//!
//! ```text
//! s·(G − G₀) − k·(A₀ − A)
//! ```
//!
//! and so has a side with the sums of s and k: products and sums of integers, so the parts add up to the whole exactly.
//! The scheme is Liquity's product-sum, with a price in it.
//!
//! A market that is shut down closes a side for good: its index becomes 0, and all that its positions had is realised.
//!
//! Roundings: what a position has by its stored numbers is its size rounded down (with its sign), its cost rounded up and
//! what it realised rounded down, all against its holder. A side does the same once with its sums, except that what its
//! positions have not claimed yet is rounded up. So the positions of a side never come to more than its record: less by at
//! most 10⁻¹⁸ units and two micro-USD each. What is stored of a new position is rounded the other way, and since A ≤ 1 it
//! comes back as exactly what was opened.

use sdp_types::exposure::NUMERATOR_ONE;
use sdp_types::market::Deleveraging;
use sdp_types::math::Wide;
use sdp_types::{Ratio, Result, Rounding, SignedUsd, Size, Usd};
use serde::{Deserialize, Serialize};

/// 1 of a product index, which has 12 decimals.
pub const INDEX_ONE: u64 = 1_000_000_000_000;
/// A product index does not fall below 10⁻⁶, so that it keeps six digits. A side that is there is not scaled any more until
/// everybody on it has closed, which makes the index 1 again.
pub const LEAST_INDEX: u64 = 1_000_000;
/// One scaling leaves at least a tenth.
pub const LEAST_FACTOR: Ratio = Ratio::percent(10);

/// What winning sides are scaled by: none while their PnL is at most `begin` of the line, or there is no line; else `end` of the line
/// ÷ their PnL, rounded down, at least [`LEAST_FACTOR`].
pub fn factor(pnl: Usd, line: SignedUsd, terms: &Deleveraging) -> Result<Option<Ratio>> {
    let line = line.positive_part();
    if line.is_zero() || pnl <= line.scale(terms.begin, Rounding::Down)? {
        return Ok(None);
    }
    let factor = line.scale(terms.end, Rounding::Down)?.per(pnl, Rounding::Down)?;
    Ok(Some(factor.max(LEAST_FACTOR)))
}

/// Where a side stands after one of its scalings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// A, with 12 decimals, in (0, 1]; 0 where the side was closed for good.
    pub index: u64,
    /// G, USD a unit with 36 decimals.
    pub gains: Wide,
}

impl Default for Entry {
    fn default() -> Self {
        Self { index: INDEX_ONE, gains: Wide::ZERO }
    }
}

impl Entry {
    /// A as a plain number.
    pub fn ratio(&self) -> Ratio {
        Ratio::new(u128::from(self.index) * (Ratio::ONE.raw() / u128::from(INDEX_ONE)))
    }

    /// The size of what is stored as `size`: rounded down, a short's away from 0.
    pub fn size(&self, size: Size) -> Result<Size> {
        Ok(Size::new(part(size.raw(), self.index, INDEX_ONE, Rounding::Down)?))
    }

    /// The cost of what is stored as `cost`: rounded up.
    pub fn cost(&self, cost: SignedUsd) -> Result<SignedUsd> {
        Ok(SignedUsd::new(part(cost.raw(), self.index, INDEX_ONE, Rounding::Up)?))
    }

    /// What to store so that [`Self::size`] gives `size` again. `E0001 Overflow` beyond 1.7·10²⁰ units × A; `E0002` of anything but 0 on
    /// a side that was closed for good.
    pub fn stored_size(&self, size: Size) -> Result<Size> {
        if size.is_zero() {
            return Ok(size);
        }
        Ok(Size::new(part(size.raw(), INDEX_ONE, self.index, Rounding::Up)?))
    }

    /// What to store so that [`Self::cost`] gives `cost` again.
    pub fn stored_cost(&self, cost: SignedUsd) -> Result<SignedUsd> {
        if cost == SignedUsd::ZERO {
            return Ok(cost);
        }
        Ok(SignedUsd::new(part(cost.raw(), INDEX_ONE, self.index, Rounding::Down)?))
    }
}

/// `number × numerator ÷ divisor`.
#[inline(never)]
fn part(number: i128, numerator: u64, divisor: u64, rounding: Rounding) -> Result<i128> {
    rounding.divide(Wide::from(number).times(numerator.into())?, divisor.into())?.narrow()
}

/// A side that has been scaled since somebody was last the first on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scaling {
    /// How often.
    pub count: u32,
    /// Where it stands.
    pub now: Entry,
    /// What its positions have realised and not claimed yet, with 48 decimals of a micro-USD.
    unclaimed: Wide,
}

impl Scaling {
    /// Scales a side of these stored sums by `factor` at the level `price + funding index`, 24 decimals of USD. None where its index
    /// is too small for it. The index is rounded down.
    pub fn scaled(self, factor: Ratio, level: Wide, size: Size, cost: SignedUsd) -> Result<Option<Self>> {
        let index = Rounding::Down.mul_div(self.now.index.into(), factor.raw(), Ratio::ONE.raw())?;
        let index = u64::try_from(index).unwrap_or(INDEX_ONE).max(LEAST_INDEX);
        self.to(index, level, size, cost)
    }

    /// Closes a side of these stored sums for good at a level. None where it is closed.
    pub fn closed(self, level: Wide, size: Size, cost: SignedUsd) -> Result<Option<Self>> {
        self.to(0, level, size, cost)
    }

    fn to(self, index: u64, level: Wide, size: Size, cost: SignedUsd) -> Result<Option<Self>> {
        let Some(step) = self.now.index.checked_sub(index).filter(|step| *step > 0) else { return Ok(None) };
        let gains = self.now.gains.plus(level.times(step.into())?)?;
        let now = Entry { index, gains };
        let unclaimed = self.unclaimed.plus(realised(&self.now, &now, size, cost)?)?;
        Ok(Some(Self { count: self.count + 1, now, unclaimed }))
    }

    /// What a position of these stored numbers has realised since `from`; it is claimed now. Rounded down.
    pub fn claim(&mut self, from: &Entry, size: Size, cost: SignedUsd) -> Result<SignedUsd> {
        let claimed = realised(from, &self.now, size, cost)?;
        self.unclaimed = self.unclaimed.minus(claimed)?;
        in_usd(claimed, Rounding::Down)
    }

    /// What its positions have not claimed yet, rounded up.
    pub fn unclaimed(&self) -> Result<SignedUsd> {
        in_usd(self.unclaimed, Rounding::Up)
    }
}

/// What stored numbers realise between two entries, with 48 decimals of a micro-USD.
fn realised(from: &Entry, to: &Entry, size: Size, cost: SignedUsd) -> Result<Wide> {
    let gained = to.gains.minus(from.gains)?.times(size.wide())?;
    let step = Wide::from(from.index).minus(to.index.into())?;
    gained.minus(cost.wide().times(step)?.times(NUMERATOR_ONE.into())?)
}

fn in_usd(numerator: Wide, rounding: Rounding) -> Result<SignedUsd> {
    let one = Wide::from(NUMERATOR_ONE).times(INDEX_ONE.into())?;
    rounding.divide(numerator, one)?.narrow().map(SignedUsd::new)
}

#[cfg(test)]
mod tests;
