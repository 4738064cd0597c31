//! Regimes: how strict, since when, and when they end (chapter 16).

use crate::config::BreakerConfig;
use crate::number::{ratio_step, whole, Q};

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
    /// Of 0 to 3.
    pub fn of(number: u8) -> Self {
        [Self::Normal, Self::Caution, Self::CloseOnly]
            .get(usize::from(number))
            .copied()
            .unwrap_or(Self::Emergency)
    }

    /// 0 to 3.
    pub fn number(self) -> u8 {
        match self {
            Self::Normal => 0,
            Self::Caution => 1,
            Self::CloseOnly => 2,
            Self::Emergency => 3,
        }
    }
}

/// A regime that is not normal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trip {
    pub regime: Regime,
    /// What tripped it; 0 where a person did.
    pub measure: Q,
    pub since: u64,
    pub asked_at: u64,
    pub held_until: u64,
}

/// Of what may be there.
pub(crate) fn regime(trip: Option<&Trip>) -> Regime {
    trip.map_or(Regime::Normal, |trip| trip.regime)
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

/// What a measure asks for: stricter at once, milder once it has cooled down and nobody holds it.
pub(crate) fn step(trip: &mut Option<Trip>, asked: Regime, measure: Q, now: u64, cool_down: u64) {
    let standing = regime(trip.as_ref());
    if let Some(trip) = trip.as_mut().filter(|_| asked == standing) {
        trip.asked_at = now;
        return;
    }
    let over = trip.as_ref().is_none_or(|trip| now >= trip.asked_at + cool_down && now >= trip.held_until);
    if asked > standing || (asked < standing && over) {
        let held_until = trip.as_ref().map_or(0, |trip| trip.held_until);
        let next = Trip { regime: asked, measure, since: now, asked_at: now, held_until };
        *trip = (asked > Regime::Normal).then_some(next);
    }
}

/// A person asks for at least this; whether anything changes.
pub(crate) fn hold(trip: &mut Option<Trip>, asked: Regime, now: u64, seconds: u64) -> bool {
    let before = trip.clone();
    if asked >= regime(trip.as_ref()) {
        step(trip, asked, whole(0), now, 0);
    }
    if let Some(trip) = trip {
        trip.held_until = trip.held_until.max(now + seconds);
    }
    *trip != before
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
        let mut trip = None;
        let mut at = |now, n| {
            let asked = breaker.asks(&percent(n), regime(trip.as_ref()));
            step(&mut trip, asked, percent(n), now, 60);
            regime(trip.as_ref())
        };
        assert_eq!(at(0, 7), Regime::Normal);
        assert_eq!(at(1, 15), Regime::CloseOnly);
        assert_eq!(at(2, 8), Regime::CloseOnly);
        assert_eq!(at(61, 4), Regime::CloseOnly);
        assert_eq!(at(62, 4), Regime::Caution);
        assert_eq!(at(121, 3), Regime::Caution);
        assert_eq!(at(122, 3), Regime::Normal);
        assert!(hold(&mut trip, Regime::Caution, 200, 100));
        assert!(!hold(&mut trip, Regime::Caution, 200, 100));
        step(&mut trip, Regime::Normal, whole(0), 299, 60);
        assert_eq!(regime(trip.as_ref()), Regime::Caution);
        step(&mut trip, Regime::Normal, whole(0), 300, 60);
        assert_eq!(trip, None);
    }
}
