//! How much people may do while something is wrong (section 9 of the design): regimes, the breakers that ask for them, and
//! how long they last.
//!
//! A breaker watches one measure, which is worse the higher it is. It trips at once, is left only when the measure has
//! fallen well below its threshold (hysteresis), and not before a while after it was last above that (cool-down). What tripped,
//! when and why is stored. Nothing that reduces a position is ever refused by a regime.

use cosmwasm_schema::cw_serde;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{ensure, Error, Result};
use crate::units::{Ratio, Rounding};

/// What is still allowed, from everything to the least.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord, Default)]
pub enum Regime {
    /// Everything.
    #[default]
    Normal,
    /// Everything; what raises risk costs twice the fee, and no ceiling rises.
    Caution,
    /// Positions only shrink, but for those that lower both the risk potential and the expected shortfall. Nobody mints,
    /// no provider leaves.
    CloseOnly,
    /// Positions only shrink, and no profit is drawn.
    Emergency,
    /// Of the pool, for good: prices are frozen, and everything is paid out. Neither a breaker nor a person's trip asks for it.
    ShutDown,
}

/// After so many seconds of emergency in a row anybody may shut down what is in it.
pub const SHUTDOWN_AFTER: u64 = 7 * crate::units::DAY;

/// Why a regime is what it is.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Reason {
    /// The guardian or the owner tripped it.
    Governance,
    /// Of a feed: how far its price is from its moving average.
    PriceDeviation,
    /// Of the pool: debt ÷ collateral.
    Utilisation,
    /// Of the pool: expected shortfall of the markets ÷ free collateral.
    ExpectedShortfall,
    /// Of the pool: what the insurance fund lacks, as a part of what it should have.
    Insurance,
    /// Of the pool: what the markets have cost more than an hour or two ago ÷ collateral.
    DebtGrowth,
    /// Of a market: profit drawn within an hour or two ÷ collateral.
    Withdrawals,
}

macro_rules! names {
    ($type:ident { $($name:ident = $text:literal),* $(,)? }) => {
        impl crate::packed::Byte for $type {
            const ALL: &'static [Self] = &[$(Self::$name),*];
        }

        impl core::fmt::Display for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(match self { $(Self::$name => $text),* })
            }
        }

        impl core::str::FromStr for $type {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self> {
                match text {
                    $($text => Ok(Self::$name),)*
                    _ => Err(Error::NotFound { what: stringify!($type).into(), key: text.into() }),
                }
            }
        }
    };
}

names!(Regime { Normal = "normal", Caution = "caution", CloseOnly = "close_only", Emergency = "emergency", ShutDown = "shut_down" });
names!(Reason {
    Governance = "governance",
    PriceDeviation = "price_deviation",
    Utilisation = "utilisation",
    ExpectedShortfall = "expected_shortfall",
    Insurance = "insurance",
    DebtGrowth = "debt_growth",
    Withdrawals = "withdrawals",
});

/// From which measure on a regime is asked for.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Breaker {
    /// None: this breaker never asks for it. Those that there are grow from one to the next, all ≥ 0.1 %.
    pub caution: Option<Ratio>,
    /// See `caution`.
    pub close_only: Option<Ratio>,
    /// See `caution`.
    pub emergency: Option<Ratio>,
    /// What this breaker has tripped is no longer asked for once the measure is below its threshold × this. In [0.1, 1].
    pub release: Ratio,
}

impl Breaker {
    fn thresholds(&self) -> [(Regime, Option<Ratio>); 3] {
        [
            (Regime::Caution, self.caution),
            (Regime::CloseOnly, self.close_only),
            (Regime::Emergency, self.emergency),
        ]
    }

    /// What `measure` asks for where `current` stands: the highest regime whose threshold it has reached, or the highest up to
    /// `current` that it has not released.
    ///
    /// ```
    /// use sdp_types::regime::{Breaker, Regime::*};
    /// use sdp_types::Ratio;
    /// let percent = |n| Some(Ratio::percent(n));
    /// let breaker = Breaker { caution: percent(8), close_only: percent(15), emergency: None, release: Ratio::percent(50) };
    /// assert_eq!(breaker.asks(Ratio::percent(9), Normal)?, Caution);
    /// assert_eq!(breaker.asks(Ratio::percent(20), Normal)?, CloseOnly);
    /// assert_eq!(breaker.asks(Ratio::percent(5), Normal)?, Normal);
    /// assert_eq!(breaker.asks(Ratio::percent(5), CloseOnly)?, Caution, "4 % would release caution, 7.5 % close-only");
    /// # Ok::<(), sdp_types::Error>(())
    /// ```
    pub fn asks(&self, measure: Ratio, current: Regime) -> Result<Regime> {
        let mut asked = Regime::Normal;
        for (regime, threshold) in self.thresholds() {
            let Some(threshold) = threshold else { continue };
            let released = threshold.times(self.release, Rounding::Up)?;
            if measure >= threshold || (current >= regime && measure >= released) {
                asked = regime;
            }
        }
        Ok(asked)
    }

    /// `E0107` for thresholds that are not in order, `E0004` for one below 0.1 % or a release outside [0.1, 1].
    pub fn validate(&self, what: &str) -> Result<()> {
        let mut last = Ratio::ZERO;
        let least = Ratio::bps(10);
        for threshold in self.thresholds().into_iter().filter_map(|(_, threshold)| threshold) {
            ensure(threshold > last, || {
                Error::bad_config(&format!("{what}: 0 < caution < close_only < emergency"), threshold, last)
            })?;
            ensure(threshold >= least, || Error::out_of_range(what, threshold, least, Ratio::MAX))?;
            last = threshold;
        }
        let (release, least) = (self.release, Ratio::percent(10));
        let inside = release >= least && release <= Ratio::ONE;
        ensure(inside, || Error::out_of_range(&format!("{what}.release"), release, least, Ratio::ONE))
    }

    /// Whether it trips wherever `old` did, and is left no earlier.
    pub fn tightens(&self, old: &Self) -> bool {
        let not_later = |new: Option<Ratio>, old: Option<Ratio>| match (new, old) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(new), Some(old)) => new <= old,
        };
        not_later(self.caution, old.caution)
            && not_later(self.close_only, old.close_only)
            && not_later(self.emergency, old.emergency)
            && self.release <= old.release
    }
}

/// A regime that is not [`Regime::Normal`], and what brought it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Trip {
    /// What is allowed.
    #[serde(with = "crate::packed::byte")]
    #[schemars(with = "Regime")]
    pub regime: Regime,
    /// Why.
    #[serde(with = "crate::packed::byte")]
    #[schemars(with = "Reason")]
    pub reason: Reason,
    /// The measure that tripped it; 0 where a person did.
    pub measure: Ratio,
    /// Since when, block time in seconds.
    pub since: u64,
    /// When it was last asked for: the cool-down begins then.
    pub asked_at: u64,
    /// A person has asked for it until then.
    pub held_until: u64,
}

impl Trip {
    /// Whether it has been an emergency for [`SHUTDOWN_AFTER`]: `E0332`.
    pub fn long_enough(trip: &Option<Self>, now: u64) -> Result<()> {
        let since = trip.as_ref().filter(|trip| trip.regime >= Regime::Emergency).map(|trip| trip.since);
        let from = since.map_or(u64::MAX, |since| since.saturating_add(SHUTDOWN_AFTER));
        ensure(now >= from, || Error::NotLongEnough { from, now })
    }
}

/// What breakers ask for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The regime.
    pub regime: Regime,
    /// Of the breaker that asks for the most.
    pub reason: Reason,
    /// What it measures.
    pub measure: Ratio,
}

impl Asked {
    /// Nothing.
    pub const NOTHING: Self =
        Self { regime: Regime::Normal, reason: Reason::Governance, measure: Ratio::ZERO };

    /// The stricter of two; the first where they are equal.
    pub fn or(self, other: Self) -> Self {
        if other.regime > self.regime {
            other
        } else {
            self
        }
    }
}

/// A regime has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// What was allowed.
    pub from: Regime,
    /// What is allowed.
    pub to: Regime,
    /// Why; back to normal: why not before.
    pub reason: Reason,
    /// What was measured.
    pub measure: Ratio,
}

/// The regime of a trip, if there is one.
pub fn regime(trip: &Option<Trip>) -> Regime {
    trip.as_ref().map_or(Regime::Normal, |trip| trip.regime)
}

/// The regime of a trip as far as `reason` brought it: only that breaker's hysteresis holds it.
pub fn because_of(trip: &Option<Trip>, reason: Reason) -> Regime {
    trip.as_ref().filter(|trip| trip.reason == reason).map_or(Regime::Normal, |trip| trip.regime)
}

/// What was asked for happens: at once where it is stricter than what stands, after the cool-down where it is milder.
pub fn step(trip: &mut Option<Trip>, asked: Asked, now: u64, cool_down: u64) -> Option<Moved> {
    let from = regime(trip);
    if let Some(standing) = trip.as_mut().filter(|standing| standing.regime >= asked.regime) {
        if standing.regime == asked.regime {
            standing.asked_at = now;
            return None;
        }
        if now < standing.asked_at.saturating_add(cool_down).max(standing.held_until) {
            return None;
        }
    }
    let held_until = trip.as_ref().map_or(0, |trip| trip.held_until);
    let Asked { regime, mut reason, measure } = asked;
    if let (Regime::Normal, Some(ended)) = (regime, &trip) {
        reason = ended.reason;
    }
    *trip = (regime > Regime::Normal).then_some(Trip {
        regime,
        reason,
        measure,
        since: now,
        asked_at: now,
        held_until,
    });
    (regime != from).then_some(Moved { from, to: regime, reason, measure })
}

/// A person trips: at least `regime`, for at least `hold` seconds.
pub fn hold(trip: &mut Option<Trip>, regime: Regime, now: u64, hold: u64) -> Option<Moved> {
    let until = now.saturating_add(hold);
    let asked = Asked { regime, ..Asked::NOTHING };
    let moved = step(trip, asked, now, u64::MAX);
    if let Some(standing) = trip {
        standing.held_until = standing.held_until.max(until);
    }
    moved
}

/// The owner ends it, whatever the time; what the breakers ask for stands again at the next step.
pub fn reset(trip: &mut Option<Trip>) -> Option<Moved> {
    let from = regime(trip);
    *trip = None;
    let moved = Moved { from, to: Regime::Normal, reason: Reason::Governance, measure: Ratio::ZERO };
    (from > Regime::Normal).then_some(moved)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use Regime::{Caution, CloseOnly, Emergency, Normal};

    const BREAKER: Breaker = Breaker {
        caution: Some(Ratio::percent(8)),
        close_only: Some(Ratio::percent(15)),
        emergency: None,
        release: Ratio::percent(50),
    };

    fn ask(trip: &mut Option<Trip>, percent: u64, now: u64) -> Regime {
        let measure = Ratio::percent(percent);
        let regime = BREAKER.asks(measure, regime(trip)).unwrap();
        step(trip, Asked { regime, reason: Reason::PriceDeviation, measure }, now, 1_800);
        super::regime(trip)
    }

    #[test]
    fn it_trips_at_once_and_is_left_after_the_cool_down_below_half_of_its_threshold() {
        let mut trip = None;
        assert_eq!(ask(&mut trip, 7, 0), Normal);
        assert_eq!(ask(&mut trip, 8, 10), Caution);
        assert_eq!(ask(&mut trip, 15, 20), CloseOnly);
        assert_eq!(ask(&mut trip, 8, 30), CloseOnly, "above half of 15 %");
        assert_eq!(ask(&mut trip, 7, 40), CloseOnly, "below it, and cooling down");
        assert_eq!(ask(&mut trip, 7, 1_829), CloseOnly);
        assert_eq!(
            ask(&mut trip, 7, 1_830),
            Caution,
            "half an hour after second 30, when it was last asked for"
        );
        assert_eq!(ask(&mut trip, 3, 3_629), Caution);
        assert_eq!(ask(&mut trip, 3, 3_630), Normal);
        assert_eq!(trip, None);
    }

    #[test]
    fn what_a_person_trips_lasts_as_long_as_it_is_held_and_is_reset_by_the_owner() {
        let mut trip = None;
        let moved = hold(&mut trip, CloseOnly, 100, 10_000).unwrap();
        assert_eq!((moved.from, moved.to, moved.reason), (Normal, CloseOnly, Reason::Governance));
        assert_eq!(ask(&mut trip, 0, 10_099), CloseOnly);
        assert_eq!(
            hold(&mut trip, Caution, 10_099, 5),
            None,
            "milder than what stands: only holds it longer"
        );
        assert_eq!(ask(&mut trip, 0, 10_103), CloseOnly);
        assert_eq!(ask(&mut trip, 0, 10_104), Normal);
        hold(&mut trip, Emergency, 20_000, 10_000);
        assert_eq!(reset(&mut trip).unwrap().from, Emergency);
        assert_eq!((trip, reset(&mut trip)), (None, None));
    }

    #[test]
    fn a_breaker_of_the_wrong_order_is_refused() {
        let of = |caution, close_only, release| {
            let breaker = Breaker {
                caution: Some(Ratio::percent(caution)),
                close_only: Some(Ratio::percent(close_only)),
                emergency: None,
                release: Ratio::percent(release),
            };
            breaker.validate("growth").map_err(|error| error.code())
        };
        assert_eq!(of(3, 6, 50), Ok(()));
        assert_eq!(of(0, 6, 50), Err("E0107"));
        assert_eq!(of(6, 6, 50), Err("E0107"));
        assert_eq!(of(3, 6, 0), Err("E0004"));
        assert_eq!(of(3, 6, 101), Err("E0004"));
    }

    #[test]
    fn every_name_reads_back() {
        for regime in [Normal, Caution, CloseOnly, Emergency] {
            assert_eq!(regime.to_string().parse(), Ok(regime));
        }
        assert_eq!("debt_growth".parse(), Ok(Reason::DebtGrowth));
        assert!("mild".parse::<Regime>().is_err());
    }

    proptest! {
        /// Whatever is measured: a step never makes milder what the measure still asks for, nor anything before its time.
        #[test]
        fn a_step_is_never_too_mild(steps in prop::collection::vec((0u64..20, 0u64..2_000), 1..50)) {
            let (mut trip, mut now, mut last_asked) = (None, 0, [None; 4]);
            for (percent, pause) in steps {
                now += pause;
                let asked = BREAKER.asks(Ratio::percent(percent), regime(&trip)).unwrap();
                last_asked[asked as usize] = Some(now);
                let before = regime(&trip);
                let after = ask(&mut trip, percent, now);
                prop_assert!(after >= asked);
                if after < before {
                    prop_assert!(last_asked[before as usize].is_none_or(|at| now >= at + 1_800));
                }
            }
        }
    }
}
