//! Regimes: how strict, since when, and when they end (chapter 16).

use crate::config::BreakerConfig;
use crate::number::{ratio_step, Q};

/// What is still allowed, from everything to the least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Regime {
    #[default]
    Normal,
    Caution,
    CloseOnly,
    Emergency,
}

impl Regime {
    /// From everything to the least.
    pub const ALL: [Self; 4] = [Self::Normal, Self::Caution, Self::CloseOnly, Self::Emergency];

    /// Of 0 to 3.
    pub fn of(number: u8) -> Self {
        Self::ALL.get(usize::from(number)).copied().unwrap_or(Self::Emergency)
    }
}

/// A regime and its times; by default nothing has tripped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trip {
    /// Which.
    pub regime: Regime,
    /// When it was last asked for.
    pub asked_at: u64,
    /// A person has asked for it until then.
    pub held_until: u64,
    /// Which breaker brought it, as [`Reason`] counts.
    pub reason: u8,
}

/// Numbers of the reasons.
pub(crate) struct Reason;

impl Reason {
    pub(crate) const GOVERNANCE: u8 = 0;
    pub(crate) const PRICE_DEVIATION: u8 = 1;
    pub(crate) const UTILISATION: u8 = 2;
    pub(crate) const SHORTFALL: u8 = 3;
    pub(crate) const INSURANCE: u8 = 4;
    pub(crate) const DEBT_GROWTH: u8 = 5;
    pub(crate) const WITHDRAWALS: u8 = 6;
}

impl Trip {
    /// What one breaker has brought: only that one's hysteresis holds it.
    pub(crate) fn because_of(self, reason: u8) -> Regime {
        if self.reason == reason {
            self.regime
        } else {
            Regime::Normal
        }
    }

    /// Stricter happens at once, milder once it has cooled down and nobody holds it. The reason is the caller's to know.
    pub(crate) fn after(self, asked: Regime, now: u64, cool_down: u64) -> Self {
        let over = now >= self.asked_at + cool_down && now >= self.held_until;
        if asked < self.regime && !over {
            return self;
        }
        match asked {
            Regime::Normal => Self::default(),
            _ => Self { regime: asked, asked_at: now, ..self },
        }
    }

    /// A person asks for at least this, for so many seconds.
    pub(crate) fn held(self, asked: Regime, now: u64, seconds: u64) -> Self {
        let mut trip = if asked >= self.regime { self.after(asked, now, 0) } else { self };
        if trip.regime > self.regime {
            trip.reason = Reason::GOVERNANCE;
        }
        Self { held_until: trip.held_until.max(now + seconds), ..trip }
    }
}

impl BreakerConfig {
    /// The strictest regime that a measure has reached, or that stands and is not released: released is what is below the
    /// threshold times `release`, rounded up.
    pub(crate) fn asks(&self, measure: &Q, standing: Regime) -> Regime {
        let asks = |regime: Regime, threshold: &Option<Q>| {
            threshold.as_ref().is_some_and(|threshold| {
                let released = (threshold * &self.release / ratio_step()).ceil() * ratio_step();
                measure >= threshold || (standing >= regime && *measure >= released)
            })
        };
        let all = [Regime::Caution, Regime::CloseOnly, Regime::Emergency].into_iter().zip(&self.thresholds);
        all.filter(|(regime, threshold)| asks(*regime, threshold))
            .map(|(regime, _)| regime)
            .max()
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::fraction;

    fn percent(n: i64) -> Q {
        fraction(n, 100)
    }

    #[test]
    fn it_trips_at_once_and_ends_after_the_cool_down() {
        let breaker =
            BreakerConfig { thresholds: [Some(percent(8)), Some(percent(15)), None], release: percent(50) };
        let mut trip = Trip::default();
        let mut at = |now, n| {
            let asked = breaker.asks(&percent(n), trip.regime);
            trip = trip.after(asked, now, 60);
            trip.regime
        };
        assert_eq!(at(0, 7), Regime::Normal);
        assert_eq!(at(1, 15), Regime::CloseOnly);
        assert_eq!(at(2, 8), Regime::CloseOnly);
        assert_eq!(at(61, 4), Regime::CloseOnly);
        assert_eq!(at(62, 4), Regime::Caution);
        assert_eq!(at(121, 3), Regime::Caution);
        assert_eq!(at(122, 3), Regime::Normal);
        let held = trip.held(Regime::Caution, 200, 100);
        assert_ne!(held, trip);
        assert_eq!(held.held(Regime::Caution, 200, 100), held);
        assert_eq!(held.after(Regime::Normal, 299, 60).regime, Regime::Caution);
        assert_eq!(held.after(Regime::Normal, 300, 60), Trip::default());
    }
}
