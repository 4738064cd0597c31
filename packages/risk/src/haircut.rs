//! What a holding of a token counts for as margin.
//!
//! A holding worth v has the haircut `h(v) = min(maximum, base + slope·v)`, and v·(1 − h(v)) of it would count. As h grows, that falls again
//! beyond v* = (1 − base)/(2·slope), where half of what the base leaves is gone, until h meets its maximum. Nobody may count for less because
//! he brings more, so what counts is the most that any part of the holding counts for:
//!
//! `c(v) = max_{u ≤ v} u·(1 − h(u)) = max(p(min(v, v*)), v·(1 − maximum))` with `p(u) = u·(1 − base − slope·u)`.
//!
//! That is the same, because h is the smaller one of the two: `u·(1 − h(u)) = max(p(u), u·(1 − maximum))`; p rises up to v* and never after it,
//! and the other one always rises. It is flat from v* to where the second one passes p(v*), and only if maximum > (1 + base)/2.

use sdp_types::custody::Haircut;
use sdp_types::math::mul_div_floor;
use sdp_types::units::{ONE, USD};
use sdp_types::{Ratio, Result, Rounding, Usd};

use crate::rounding::unsigned;

/// c(v), rounded down. At most v, never less for a larger v. `E0001` for a value that no message may carry.
///
/// ```
/// use sdp_risk::haircut::counted;
/// use sdp_types::{custody::Haircut, Ratio, Usd};
/// // 10 %, and 1 % more for every 1,000 USD, up to 40 %
/// let haircut =
///     Haircut { base: Ratio::percent(10), slope: "0.00001".parse()?, maximum: Ratio::percent(40) };
/// assert_eq!(counted(&haircut, Usd::whole(10_000))?, Usd::whole(8_000));
/// assert_eq!(counted(&haircut, Usd::whole(100_000))?, Usd::whole(60_000));
/// # Ok::<(), sdp_types::Error>(())
/// ```
pub fn counted(haircut: &Haircut, value: Usd) -> Result<Usd> {
    let Haircut { base, slope, maximum } = *haircut;
    let kept = Ratio::ONE.saturating_minus(base);
    let least = value.scale(Ratio::ONE.saturating_minus(maximum), Rounding::Down)?;
    let peak = if slope.is_zero() {
        value
    } else {
        // slope is per USD, values are in micro-USD
        value.min(Usd::new(mul_div_floor(kept.raw(), USD / 2, slope.raw())?))
    };
    // both at the scale of ratio × micro-USD: kept·u − slope·u²
    let whole = peak.wide().times(kept.wide())?.times(USD.into())?;
    let cut = peak.wide().times(peak.wide())?.times(slope.wide())?;
    let rising = whole.minus(cut)?.div_floor(sdp_types::math::Wide::from(ONE).times(USD.into())?)?;
    Ok(Usd::new(unsigned(rising, "haircut")?).max(least))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sdp_types::math::Wide;
    use sdp_types::units::MAX_USD;

    fn haircut(base: u64, slope: &str, maximum: u64) -> Haircut {
        Haircut {
            base: Ratio::percent(base),
            slope: slope.parse().unwrap(),
            maximum: Ratio::percent(maximum),
        }
    }

    fn haircuts() -> impl Strategy<Value = Haircut> {
        let slope = prop_oneof![Just(0), 0..1_000_000_000_000u128, 0..=ONE];
        (0..ONE, 0..ONE, slope).prop_map(|(a, b, slope)| Haircut {
            base: Ratio::new(a.min(b)),
            slope: Ratio::new(slope),
            maximum: Ratio::new(a.max(b)),
        })
    }

    fn values() -> impl Strategy<Value = u128> {
        prop_oneof![0..1_000u128, 0..10_000_000_000_000u128, 0..=MAX_USD.raw()]
    }

    /// v·(1 − h(v)) in micro-USD × 10²⁴, exact.
    fn plain(haircut: &Haircut, value: Usd) -> Wide {
        let wide = |n: u128| Wide::from(n);
        let one = wide(ONE).times(wide(USD)).unwrap();
        let sloped = haircut.slope.wide().times(value.wide()).unwrap();
        let base = haircut.base.wide().times(wide(USD)).unwrap();
        let rate = base.plus(sloped).unwrap().min(haircut.maximum.wide().times(wide(USD)).unwrap());
        value.wide().times(one.minus(rate).unwrap()).unwrap()
    }

    #[test]
    fn it_grows_with_the_holding_up_to_its_maximum() {
        let grows = haircut(10, "0.00001", 40);
        let of = |usd| counted(&grows, Usd::whole(usd)).unwrap();
        // 1,000·(1 − 0.11); 30,000·(1 − 0.4), from where on it is 40 %
        assert_eq!([of(0), of(1_000), of(30_000)], [Usd::ZERO, Usd::whole(890), Usd::whole(18_000)]);
        assert_eq!(of(60_000), Usd::whole(36_000));
        assert_eq!(counted(&haircut(25, "0", 40), Usd::whole(60_000)).unwrap(), Usd::whole(45_000));
    }

    #[test]
    fn at_its_peak_it_stays_flat_until_the_maximum_alone_gives_more() {
        // v* = 0.9/0.00002 = 45,000 counts for 45,000·(0.9 − 0.45) = 20,250; at 90 % that is what 202,500 count for
        let steep = haircut(10, "0.00001", 90);
        let of = |usd| counted(&steep, Usd::whole(usd)).unwrap();
        assert_eq!([of(45_000), of(60_000), of(202_500)], [Usd::whole(20_250); 3]);
        assert_eq!(of(202_510), Usd::whole(20_251));
    }

    #[test]
    fn what_is_rounded_counts_for_less() {
        assert_eq!(counted(&haircut(10, "0", 10), Usd::new(9)).unwrap(), Usd::new(8));
        assert_eq!(counted(&haircut(10, "0", 10), Usd::new(1)).unwrap(), Usd::ZERO);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn nobody_counts_for_less_because_he_brings_more(
            haircut in haircuts(), value in values(), more in values(),
        ) {
            let more = value.saturating_add(more).min(MAX_USD.raw());
            let (of_less, of_more) = (counted(&haircut, Usd::new(value)).unwrap(), counted(&haircut, Usd::new(more)).unwrap());
            prop_assert!(of_less <= of_more, "{value} counts {of_less}, {more} counts {of_more}");
            prop_assert!(of_less.raw() <= value);
        }

        /// At least the plain formula, but for the rounding, and not more than it is for some part of the holding.
        #[test]
        fn it_is_the_most_that_any_part_of_the_holding_counts_for(
            haircut in haircuts(), value in 0..2_000u128,
        ) {
            // values of whole thousands of USD, so that slopes matter
            let one = Wide::from(ONE).times(Wide::from(USD)).unwrap();
            let step = 1_000_000_000u128;
            let found = counted(&haircut, Usd::new(value * step)).unwrap().wide().times(one).unwrap();
            let best = (0..=value).map(|part| plain(&haircut, Usd::new(part * step))).max().unwrap();
            // the floor of the result and of the peak cost less than 2 micro-USD
            prop_assert!(found.plus(one.times(Wide::from(2u128)).unwrap()).unwrap() > best);
            let peak = if haircut.slope.is_zero() { value * step } else {
                ((ONE - haircut.base.raw()) * (USD / 2) / haircut.slope.raw()).min(value * step)
            };
            let most = plain(&haircut, Usd::new(peak)).max(plain(&haircut, Usd::new(value * step)));
            prop_assert!(found <= most);
        }
    }
}
