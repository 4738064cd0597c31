//! Funding: a controller on the premium, exact between samples.
//!
//! `dF/dt = −rate·P` and `rate = clamp(p·π + I, ±rate_cap)`, with π and P of the last sample; the integral moves by
//! `dI/dt = m·v·π` between samples, decays by `1 + Δt/τ` and is clamped at each, and m is 4 where I and π had opposite
//! signs when the sample began, else 1. Rates are per day: longs pay while they are positive, shorts while they are
//! negative. v alone is Synthetix's velocity funding; p alone pays the providers `2p·Φ` a day.
//!
//! Between samples F is defined as a polynomial with integer coefficients, so that `Σ skew·F` over perpetuals is one
//! exact polynomial. [`exact_for`] says how long a polynomial follows the formula above; after that F stands still
//! until the next sample. All quotients here are cut towards 0, alike for both signs: they define the rate, they are
//! not money.
//!
//! What is stored of a sample is F, I, π and P ([`Sample`]); slopes follow from them and the parameters. Because every
//! fill writes them for all perpetuals, they are cut towards 0 when they are sampled: π to 7 decimals, I to 11, P to 5
//! digits, F to 12 digits of the price. A sample a second then costs F at most a ten-millionth of the price a day. Slopes
//! are cut, too, by at most as much in a day: then `Σ skew·F` ends in zeros, which its record leaves out.

use sdp_types::exposure::FUNDING_PER_PRICE;
use sdp_types::market::FundingParams;
use sdp_types::math::{mul_div_floor, Wide};
use sdp_types::units::{DAY, ONE};
use sdp_types::{Error, Price, Rate, Ratio, Result, SignedRatio};
use serde::{Deserialize, Serialize};

use crate::rounding::towards_zero;

/// The integral moves so many times faster while it still has the sign of a premium that is over.
pub const OPPOSITE_SIGN_MULTIPLIER: u64 = 4;

/// Unit of π in a sample: 7 decimals.
const PREMIUM_STEP: i128 = 100_000_000_000;
/// Unit of I in a sample: 11 decimals.
const INTEGRAL_STEP: i128 = 10_000_000;
/// Digits of P in a sample.
const PRICE_DIGITS: u32 = 5;
/// Digits of the price down to which F is kept in a sample.
const INDEX_DIGITS: u32 = 12;
/// How many times finer than F its slope is, per second; and so many times finer again its acceleration. At most F's own step in
/// a day of 86,400 seconds, and as much again for its square.
const SLOPE_PRECISION: i128 = 100_000;

/// What is kept of one perpetual's last sample. Stored in units of what it is cut to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Sample {
    /// F at the sample: USD per unit with 24 decimals. A long gains what it rises by, a short what it falls by.
    pub index: i128,
    /// I at the sample.
    pub integral: Rate,
    /// π at the sample.
    pub premium: SignedRatio,
    /// P at the sample.
    pub price: Price,
}

impl Sample {
    /// A sample of these, each cut to what is kept of it.
    pub fn new(index: i128, integral: Rate, premium: SignedRatio, price: Price) -> Self {
        let below = digits(price).saturating_sub(PRICE_DIGITS);
        Self {
            index: cut(index, index_step(price)),
            integral: Rate::new(cut(integral.raw(), INTEGRAL_STEP)),
            premium: SignedRatio::new(cut(premium.raw(), PREMIUM_STEP)),
            price: Price::new(price.raw() - price.raw() % 10u128.pow(below)),
        }
    }

    /// The polynomial that follows from a sample.
    pub fn state(&self, params: &FundingParams) -> Result<FundingState> {
        let Self { index, integral, premium, price } = *self;
        let opposite = integral.raw().signum() * premium.raw().signum() < 0;
        let multiplier = if opposite { OPPOSITE_SIGN_MULTIPLIER } else { 1 };
        let pushed = of_premium(params.velocity, multiplier, premium)?;
        let drift = if outward(integral, pushed, params.integral_cap) { Rate::ZERO } else { pushed };
        let raw = of_premium(params.proportional, 1, premium)?.plus(integral)?;
        let rate = within(raw, params.rate_cap);
        let held = raw != rate || outward(raw, drift, params.rate_cap);
        let step = index_step(price);
        let slope = cut(accrued(price, rate, Wide::from(DAY))?, finer(step, 1));
        let squared = Wide::from(DAY).times(DAY.into())?.times(2u64.into())?;
        let acceleration = if held { 0 } else { cut(accrued(price, drift, squared)?, finer(step, 2)) };
        Ok(FundingState { index, slope, acceleration, integral, drift, raw, rate, held })
    }
}

/// A [`Sample`] as it is stored: the price, and F, I and π in units of what they are cut to.
#[derive(Serialize, Deserialize)]
struct Stored(Price, i128, i128, i128);

impl From<Sample> for Stored {
    fn from(Sample { index, integral, premium, price }: Sample) -> Self {
        Self(price, index / index_step(price), integral.raw() / INTEGRAL_STEP, premium.raw() / PREMIUM_STEP)
    }
}

impl TryFrom<Stored> for Sample {
    type Error = Error;

    fn try_from(Stored(price, index, integral, premium): Stored) -> Result<Self> {
        let whole = |units: i128, step| {
            units.checked_mul(step).ok_or_else(|| Error::BadRecord { record: "funding sample".into() })
        };
        Ok(Self {
            index: whole(index, index_step(price))?,
            integral: Rate::new(whole(integral, INTEGRAL_STEP)?),
            premium: SignedRatio::new(whole(premium, PREMIUM_STEP)?),
            price,
        })
    }
}

/// Digits of a price as an integer with 18 decimals; none of 0.
fn digits(price: Price) -> u32 {
    price.raw().checked_ilog10().map_or(0, |last| last + 1)
}

/// Step of a funding index at this price.
fn index_step(price: Price) -> i128 {
    if price.is_zero() {
        return 1;
    }
    // a price has at most 39 digits, so the power at most 33
    10i128.pow((digits(price) + FUNDING_PER_PRICE.ilog10()).saturating_sub(INDEX_DIGITS))
}

/// A step so many times [`SLOPE_PRECISION`] finer, at least 1.
fn finer(step: i128, times: u32) -> i128 {
    (step / SLOPE_PRECISION.pow(times)).max(1)
}

/// `value` without what is below `step`, towards 0.
fn cut(value: i128, step: i128) -> i128 {
    value - value % step
}

/// Funding of one perpetual since its last sample: `F(t) = index + slope·t + acceleration·t²`, t seconds later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FundingState {
    /// F at the sample: USD per unit with 24 decimals. A long gains what it rises by, a short what it falls by.
    pub index: i128,
    /// `−P·rate`, index units per second, cut.
    pub slope: i128,
    /// `−P·drift/2`, index units per second², cut; 0 while the rate is held.
    pub acceleration: i128,
    /// I at the sample.
    pub integral: Rate,
    /// `m·v·π`, by which I grows per day; 0 while it would push I beyond its cap.
    pub drift: Rate,
    /// `p·π + I` at the sample, before its cap.
    pub raw: Rate,
    /// The same within ±rate_cap: what longs pay at the sample.
    pub rate: Rate,
    /// Whether the rate stands at its cap (raw is beyond it, or at it and moving out).
    pub held: bool,
}

impl FundingState {
    /// F, `elapsed` seconds after the sample. Whoever calls it limits them to [`exact_for`] and `maximum_accrual`.
    pub fn index_after(&self, elapsed: u64) -> Result<i128> {
        let t = Wide::from(elapsed);
        let rising = Wide::from(self.acceleration).times(t)?.plus(self.slope.into())?;
        rising.times(t)?.plus(self.index.into())?.narrow()
    }

    /// The rate that longs pay `elapsed` seconds after the sample, as [`Self::index_after`] accrues it.
    pub fn rate_after(&self, elapsed: u64) -> Result<Rate> {
        if self.held {
            return Ok(self.rate);
        }
        self.rate.plus(grown(self.drift, elapsed)?)
    }

    /// I if a sample were taken `elapsed` seconds after the last:
    /// `clamp((I + drift·Δt) / (1 + Δt/τ), ±integral_cap)`.
    pub fn integral_after(&self, elapsed: u64, params: &FundingParams) -> Result<Rate> {
        let (day, tau) = (Wide::from(DAY), Wide::from(params.decay_seconds));
        let moved = self.integral.wide().times(day)?;
        let moved = moved.plus(self.drift.wide().times(elapsed.into())?)?;
        let decay = tau.plus(elapsed.into())?.times(day)?;
        let integral = towards_zero(moved.times(tau)?, decay)?.narrow()?;
        Ok(within(Rate::new(integral), params.integral_cap))
    }
}

/// π as funding samples it: s·π, where s ≥ 1 is the stress of the pool's book. One s for all perpetuals: what the providers get is
/// `p·Σ s·π_k·skew_k·P_k = 2p·s·Φ ≥ 0` a day, which an s for each could make negative.
pub fn stressed(premium: SignedRatio, stress: Ratio) -> Result<SignedRatio> {
    towards_zero(premium.wide().times(stress.wide())?, ONE.into())?.narrow().map(SignedRatio::new)
}

/// A new sample, `elapsed` effective seconds after the last one (at most until F stood still), at marginal premium π
/// and index price P.
///
/// ```
/// use sdp_risk::funding::{restart, FundingState};
/// use sdp_types::market::FundingParams;
/// let params = FundingParams {
///     proportional: "0.25".parse()?,
///     velocity: "0".parse()?,
///     integral_cap: "0.03".parse()?,
///     rate_cap: "0.04".parse()?,
///     decay_seconds: 86_400,
///     maximum_accrual: 86_400,
/// };
/// // a premium of 1 % makes longs pay 0.25 % of the price a day
/// let sample = restart(&FundingState::default(), 0, "0.01".parse()?, "86400".parse()?, &params)?;
/// let state = sample.state(&params)?;
/// assert_eq!(state.rate, "0.0025".parse()?);
/// // $216 a day, 0.0025 $ a second, with 24 decimals
/// assert_eq!(state.slope, -2_500_000_000_000_000_000_000);
/// # Ok::<(), sdp_types::Error>(())
/// ```
pub fn restart(
    previous: &FundingState,
    elapsed: u64,
    premium: SignedRatio,
    price: Price,
    params: &FundingParams,
) -> Result<Sample> {
    let index = previous.index_after(elapsed)?;
    Ok(Sample::new(index, previous.integral_after(elapsed, params)?, premium, price))
}

/// Seconds after the sample until the first of: the rate reaches its cap or, held there, its raw value comes back to
/// it; I reaches its cap; I reaches 0 from the side opposite to its drift (m changes). Rounded down, at least 1; none
/// where none of them ever happens.
pub fn exact_for(state: &FundingState, params: &FundingParams) -> Option<u64> {
    let drift = state.drift;
    let side = |cap: Rate| if drift.is_negative() { -cap.raw() } else { cap.raw() };
    let rate_event = if state.held { state.rate.raw() } else { side(params.rate_cap) };
    [
        until(state.raw, rate_event, drift),
        until(state.integral, side(params.integral_cap), drift),
        until(state.integral, 0, drift),
    ]
    .into_iter()
    .flatten()
    .min()
    .map(|seconds| seconds.max(1))
}

/// Seconds until a value that grows by `drift` a day reaches `target`, rounded down; none where it stands still, moves
/// away or starts there.
fn until(value: Rate, target: i128, drift: Rate) -> Option<u64> {
    let distance = target.checked_sub(value.raw())?;
    if distance.signum() * drift.raw().signum() <= 0 {
        return None;
    }
    let seconds = mul_div_floor(distance.unsigned_abs(), DAY.into(), drift.raw().unsigned_abs()).ok()?;
    u64::try_from(seconds).ok()
}

/// `coefficient·multiplier·π`.
fn of_premium(coefficient: Rate, multiplier: u64, premium: SignedRatio) -> Result<Rate> {
    let product = coefficient.wide().times(multiplier.into())?.times(premium.wide())?;
    towards_zero(product, ONE.into())?.narrow().map(Rate::new)
}

/// `−P·rate / seconds` in index units.
fn accrued(price: Price, rate: Rate, seconds: Wide) -> Result<i128> {
    let numerator = price.wide().times(rate.wide())?.times(FUNDING_PER_PRICE.into())?.negate()?;
    towards_zero(numerator, seconds.times(ONE.into())?)?.narrow()
}

/// By how much something that grows by `drift` a day has grown after `elapsed` seconds.
fn grown(drift: Rate, elapsed: u64) -> Result<Rate> {
    towards_zero(drift.wide().times(elapsed.into())?, DAY.into())?.narrow().map(Rate::new)
}

fn within(rate: Rate, cap: Rate) -> Rate {
    let cap = cap.max(Rate::ZERO);
    Rate::new(rate.raw().clamp(-cap.raw(), cap.raw()))
}

/// Whether a value at or beyond its cap is being pushed further out.
fn outward(value: Rate, drift: Rate, cap: Rate) -> bool {
    let at_cap = value.abs() >= cap.abs();
    at_cap && value.raw().signum() * drift.raw().signum() > 0
}

#[cfg(test)]
mod tests;
