//! The falling price of a collateral auction (MakerDAO's abaci), when it has to be started again, and what a take of it buys.

use sdp_types::error::LiquidatorError;
use sdp_types::liquidator::{AuctionParams, Curve};
use sdp_types::math::{mul_div_floor, Wide};
use sdp_types::{ensure, Amount, Error, Price, Ratio, Result, Rounding, Usd};

use serde::{Deserialize, Serialize};

use crate::rounding::unsigned;

/// 1.0 of a power of a curve's factor: 36 decimals.
const POWER_ONE: u128 = 1_000_000_000_000_000_000_000_000_000_000_000_000;
/// A power below this (10⁻¹⁸) counts as 0: it is where rounding could be larger than a step.
const POWER_LEAST: u128 = 1_000_000_000_000_000_000;
/// 1.0 of a power ÷ 1.0 of a [`Ratio`].
const POWER_PER_RATIO: u128 = 1_000_000_000_000_000_000;
/// The largest factor that is told from 1 (1 − 10⁻¹⁵); a larger one falls like this one.
const FACTOR_MOST: Ratio = Ratio::new(999_999_999_999_999_000);

/// Price `elapsed` seconds after the start, rounded down. Never above the start, and never rising with time.
///
/// `E0002` for a curve of 0 seconds.
///
/// ```
/// use sdp_risk::auction::price;
/// use sdp_types::{liquidator::Curve, Ratio};
/// let curve = Curve::Stair { seconds: 20, factor: Ratio::percent(99) };
/// assert_eq!(price("100".parse()?, curve, 19)?, "100".parse()?);
/// assert_eq!(price("100".parse()?, curve, 40)?, "98.01".parse()?);
/// # Ok::<(), sdp_types::Error>(())
/// ```
pub fn price(start: Price, curve: Curve, elapsed: u64) -> Result<Price> {
    match curve {
        Curve::Linear { seconds } => {
            let left = seconds.saturating_sub(elapsed);
            mul_div_floor(start.raw(), left.into(), seconds.into()).map(Price::new)
        }
        Curve::Stair { seconds, factor } => {
            let (steps, _) = steps(elapsed, seconds)?;
            scale(start, power(factor, steps)?)
        }
        Curve::Exponential { seconds, factor } => {
            let (steps, since) = steps(elapsed, seconds)?;
            let (here, next) = (power(factor, steps)?, power(factor, steps.saturating_add(1))?);
            let left = Wide::from(seconds.saturating_sub(since));
            let between = here.times(left)?.plus(next.times(since.into())?)?;
            scale(start, between.div_floor(seconds.into())?)
        }
    }
}

/// Whether an auction has to be reset before anybody can take from it: it is older than its tail, or its price is below
/// cusp × start.
pub fn needs_redo(start: Price, params: &AuctionParams, elapsed: u64) -> Result<bool> {
    let now = price(start, params.curve, elapsed)?;
    let least = start.wide().times(params.cusp.wide())?;
    Ok(elapsed > params.tail || now.wide().times(Ratio::ONE.wide())? < least)
}

/// The price that an auction asks, which falls until somebody starts it again.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asking {
    /// At the last start, USD per whole unit.
    pub start_price: Price,
    /// When that was, seconds.
    pub started_at: u64,
    /// How it falls: as when it last started, so that a change of the parameters moves no running price.
    pub params: AuctionParams,
}

/// What an auction asks at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Seconds since its last start.
    pub age: u64,
    /// USD per whole unit.
    pub price: Price,
    /// Whether it is too old or has fallen too far.
    pub needs_redo: bool,
}

impl Asking {
    /// Begins at `buffer` times a fresh price, rounded up. `E0005` for a price of 0: as the cusp is above 0 too, nothing is ever sold at 0.
    pub fn start(params: AuctionParams, price: Price, now: u64) -> Result<Self> {
        ensure(!price.is_zero(), || Error::Zero { what: "price".into() })?;
        Ok(Self { start_price: price.scale(params.buffer, Rounding::Up)?, started_at: now, params })
    }

    /// How it stands now.
    pub fn standing(&self, now: u64) -> Result<Standing> {
        let age = now.saturating_sub(self.started_at);
        let price = price(self.start_price, self.params.curve, age)?;
        Ok(Standing { age, price, needs_redo: needs_redo(self.start_price, &self.params, age)? })
    }

    /// Its price now, or `E0503 NeedsRedo`.
    pub fn price(&self, now: u64) -> Result<Price> {
        let Standing { age, price, needs_redo } = self.standing(now)?;
        ensure(!needs_redo, || LiquidatorError::NeedsRedo { age, price }.into())?;
        Ok(price)
    }

    /// That it has run too long or fallen too far, so that it may be started again: else `E0504 NoRedoNeeded`.
    pub fn is_to_be_redone(&self, now: u64) -> Result<()> {
        let Standing { age, price, needs_redo } = self.standing(now)?;
        ensure(needs_redo, || LiquidatorError::NoRedoNeeded { age, price }.into())
    }
}

/// What is for sale, and how much it has to bring.
#[derive(Clone, Copy, Debug)]
pub struct Lot {
    /// Base units of the token.
    pub amount: Amount,
    /// Decimals of the token.
    pub decimals: u8,
    /// All that takers still have to pay.
    pub owed: Usd,
    /// A partial take leaves nothing or at least this to pay.
    pub dust: Usd,
}

impl Lot {
    /// What a take of at most `amount` for at most `payment` buys at `price` > 0, and what it costs: the least of the amount, the lot, what is
    /// owed ÷ price (rounded up, so that it is paid to the last micro-USD) and the payment ÷ price (rounded down), for their value, rounded
    /// up and never more than what is owed. Where that leaves something, but less than the dust, to pay and to sell, it buys the most that
    /// leaves the dust.
    ///
    /// `E0005` for no amount, `E0507` where the payment buys nothing, `E0506` where no smaller take leaves the dust.
    pub fn take(&self, price: Price, amount: Amount, payment: Usd) -> Result<(Amount, Usd)> {
        ensure(!amount.is_zero(), || Error::Zero { what: "amount".into() })?;
        let Self { amount: lot, decimals, owed, dust } = *self;
        let value = |amount| price.value_of(amount, decimals, Rounding::Up);

        let wanted = amount.min(lot);
        let (sellable, worth) = match value(wanted)? {
            cost if cost <= owed => (wanted, cost),
            _ => (price.amount_for(owed, decimals, Rounding::Up)?, owed),
        };
        let (affordable, cost) = if worth <= payment {
            (sellable, worth)
        } else {
            let affordable = price.amount_for(payment, decimals, Rounding::Down)?;
            (affordable, value(affordable)?)
        };
        ensure(!affordable.is_zero(), || LiquidatorError::PaidTooLittle { paid: payment, price }.into())?;

        let left = owed.minus(cost)?;
        if affordable >= lot || left.is_zero() || left >= dust {
            return Ok((affordable, cost));
        }
        let smaller = price.amount_for(owed.saturating_minus(dust), decimals, Rounding::Down)?;
        ensure(!smaller.is_zero(), || LiquidatorError::LeavesDust { left, dust }.into())?;
        Ok((smaller, value(smaller)?))
    }
}

/// Whole steps and the seconds since the last of them.
fn steps(elapsed: u64, seconds: u64) -> Result<(u64, u64)> {
    ensure(seconds > 0, || Error::DivisionByZero {})?;
    Ok((elapsed / seconds, elapsed % seconds))
}

/// `factor^exponent` with [`POWER_ONE`], by repeated squaring, each product rounded down.
///
/// It falls strictly with the exponent until it is cut to 0. With s = 1 − factor, the relative error is below about
/// exponent·10⁻³⁶ plus 128·10⁻³⁶ ÷ power; a power of at least 10⁻¹⁸ has exponent ≤ 42/s; so for s ≥ 10⁻¹⁵ the error
/// stays below 10⁻¹⁶ or s/1000, and a step is s.
fn power(factor: Ratio, exponent: u64) -> Result<Wide> {
    let one = Wide::from(POWER_ONE);
    let mut square = factor.min(FACTOR_MOST).wide().times(POWER_PER_RATIO.into())?;
    let (mut result, mut left) = (one, exponent);
    while left > 0 {
        if left & 1 == 1 {
            result = result.times(square)?.div_floor(one)?;
        }
        square = square.times(square)?.div_floor(one)?;
        left >>= 1;
    }
    Ok(if result < Wide::from(POWER_LEAST) { Wide::ZERO } else { result })
}

fn scale(start: Price, power: Wide) -> Result<Price> {
    let price = start.wide().times(power)?.div_floor(POWER_ONE.into())?;
    unsigned(price, "auction price").map(Price::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HUNDRED: Price = Price::new(100 * sdp_types::units::ONE);

    fn curves() -> impl Strategy<Value = Curve> {
        let factor = prop_oneof![
            (1u128..sdp_types::units::ONE).prop_map(Ratio::new),
            (1u128..1_000).prop_map(|below| Ratio::new(sdp_types::units::ONE - below)),
            (9_000u64..10_000).prop_map(Ratio::bps),
        ];
        (0..3, prop_oneof![1u64..100, 1u64..=u64::MAX], factor).prop_map(|(kind, seconds, factor)| match kind
        {
            0 => Curve::Linear { seconds },
            1 => Curve::Stair { seconds, factor },
            _ => Curve::Exponential { seconds, factor },
        })
    }

    fn params(curve: Curve) -> AuctionParams {
        AuctionParams {
            buffer: Ratio::percent(110),
            curve,
            cusp: Ratio::percent(55),
            tail: 1_500,
            tip: Usd::ZERO,
            chip: Ratio::ZERO,
            dust: Usd::ZERO,
        }
    }

    #[test]
    fn a_linear_price_reaches_nothing_at_its_end_and_stays_there() {
        let at = |elapsed| price(HUNDRED, Curve::Linear { seconds: 200 }, elapsed).unwrap();
        assert_eq!(at(0), HUNDRED);
        assert_eq!(at(50), "75".parse().unwrap());
        assert_eq!([at(200), at(201), at(u64::MAX)], [Price::ZERO; 3]);
    }

    #[test]
    fn an_exponential_price_meets_the_stair_at_each_step_and_is_linear_in_between() {
        let (seconds, factor) = (20, Ratio::percent(90));
        let (stair, smooth) = (Curve::Stair { seconds, factor }, Curve::Exponential { seconds, factor });
        let at = |curve, elapsed| price(HUNDRED, curve, elapsed).unwrap();
        for step in 0..50 {
            assert_eq!(at(smooth, step * 20), at(stair, step * 20));
        }
        // a quarter of the way from 81 to 72.9
        assert_eq!(at(smooth, 45), "78.975".parse().unwrap());
        assert_eq!(at(stair, 45), "81".parse().unwrap());
    }

    #[test]
    fn an_auction_is_reset_when_it_is_older_than_its_tail_or_below_its_cusp_and_not_at_them() {
        let linear = params(Curve::Linear { seconds: 100 });
        assert_eq!([45, 46].map(|at| needs_redo(HUNDRED, &linear, at).unwrap()), [false, true], "cusp 0.55");
        let slow = params(Curve::Linear { seconds: 1_000_000 });
        assert_eq!([1_500, 1_501].map(|at| needs_redo(HUNDRED, &slow, at).unwrap()), [false, true], "tail");
    }

    #[test]
    fn a_curve_without_time_is_an_error() {
        let factor = Ratio::percent(99);
        for curve in [
            Curve::Linear { seconds: 0 },
            Curve::Stair { seconds: 0, factor },
            Curve::Exponential { seconds: 0, factor },
        ] {
            assert_eq!(price(HUNDRED, curve, 1), Err(Error::DivisionByZero {}));
        }
    }

    #[test]
    fn the_default_auction_reaches_the_market_price_after_190_seconds() {
        // 1.10·0.99ⁿ ≤ 1 for n = 10: ln 1.1 / −ln 0.99 = 9.48
        let smooth = Curve::Exponential { seconds: 20, factor: Ratio::percent(99) };
        let market = HUNDRED
            .scale(Ratio::of(10, 11, sdp_types::Rounding::Up).unwrap(), sdp_types::Rounding::Up)
            .unwrap();
        assert!(price(HUNDRED, smooth, 189).unwrap() > market);
        assert!(price(HUNDRED, smooth, 190).unwrap() <= market);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn the_price_never_rises_and_never_passes_its_start(
            start in prop_oneof![1u128..1_000, 1u128..=u128::MAX],
            curve in curves(),
            times in prop_oneof![(0u64..2_000, 0u64..3), (0..=u64::MAX, 0u64..=u64::MAX)],
        ) {
            let (early, later) = (times.0, times.0.saturating_add(times.1));
            let at = |elapsed| price(Price::new(start), curve, elapsed).unwrap();
            prop_assert!(at(0) <= Price::new(start));
            prop_assert!(at(later) <= at(early));
        }

        /// fⁿ of a fraction a/100 is aⁿ/100ⁿ: exact in 18 decimals for n ≤ 9.
        #[test]
        fn a_stair_is_the_power_of_its_factor(percent in 1u64..100, steps in 0u32..=9) {
            let curve = Curve::Stair { seconds: 7, factor: Ratio::percent(percent) };
            let expected = u128::from(percent).pow(steps) * 100u128.pow(9 - steps);
            let one = Price::new(sdp_types::units::ONE);
            prop_assert_eq!(price(one, curve, u64::from(steps) * 7 + 6).unwrap(), Price::new(expected));
        }
    }
}
