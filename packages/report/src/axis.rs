//! Axes: their range, and ticks where people expect them.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use time::{Date, Month, OffsetDateTime};

use crate::number::{at, Grain, Magnitude};

const MINUTE: f64 = 60.0;
const HOUR: f64 = 3_600.0;
const DAY: f64 = 86_400.0;
/// Steps of the clock, and of days.
const CLOCK_STEPS: [f64; 13] = [
    MINUTE,
    5.0 * MINUTE,
    15.0 * MINUTE,
    30.0 * MINUTE,
    HOUR,
    3.0 * HOUR,
    6.0 * HOUR,
    12.0 * HOUR,
    DAY,
    2.0 * DAY,
    4.0 * DAY,
    7.0 * DAY,
    14.0 * DAY,
];
const MONTH_STEPS: [i32; 8] = [1, 2, 3, 6, 12, 24, 60, 120];

/// One axis of a chart.
#[derive(Debug, Clone)]
pub(crate) struct Scale {
    pub(crate) from: f64,
    pub(crate) to: f64,
    ticks: Vec<(f64, String)>,
}

impl Scale {
    /// Plain numbers from `from` to `to`, with about `count` ticks.
    pub(crate) fn numbers(from: f64, to: f64, count: u32) -> Self {
        let (from, to) = widened(from, to);
        let step = nice_step((to - from) / f64::from(count.max(1)));
        let magnitude = Magnitude::of(from.abs().max(to.abs()));
        let ticks = multiples(from, to, step).map(|v| (v, magnitude.show(v, step))).collect();
        Self { from, to, ticks }
    }

    /// Values: some room above and below, and zero for what is measured from it.
    pub(crate) fn values(low: f64, high: f64, with_zero: bool, count: u32) -> Self {
        let (low, high) = if with_zero { (low.min(0.0), high.max(0.0)) } else { (low, high) };
        let (low, high) = widened(low, high);
        let room = (high - low) * 0.06;
        let from = if with_zero && low == 0.0 { 0.0 } else { low - room };
        let to = if with_zero && high == 0.0 { 0.0 } else { high + room };
        Self::numbers(from, to, count)
    }

    /// Unix seconds, with at most about `count` ticks.
    pub(crate) fn times(from: f64, to: f64, count: u32) -> Self {
        let (from, to) = if from < to { (from, to) } else { (from - HOUR, from + HOUR) };
        let count = f64::from(count.max(1));
        let fits = |step: f64| (to - from) / step <= count;
        if let Some(step) = CLOCK_STEPS.into_iter().find(|&s| fits(s)) {
            let grain = if step < DAY { Grain::Clock } else { Grain::Day };
            let ticks = multiples(from, to, step).map(|t| (t, at(t, grain))).collect();
            return Self { from, to, ticks };
        }
        let months = MONTH_STEPS.into_iter().find(|&m| fits(f64::from(m) * 30.4 * DAY)).unwrap_or(240);
        let grain = if months < 12 { Grain::Month } else { Grain::Year };
        Self { from, to, ticks: month_starts(from, to, months).map(|t| (t, at(t, grain))).collect() }
    }
}

/// A range that isn't a point.
fn widened(from: f64, to: f64) -> (f64, f64) {
    let room = from.abs().max(to.abs()).max(1e-9) * 1e-6;
    if to - from > room {
        (from, to)
    } else {
        let room = (from.abs() * 0.05).max(0.5);
        (from - room, to + room)
    }
}

/// 1, 2, 2.5 or 5 times a power of ten, the first at or above `at_least`.
fn nice_step(at_least: f64) -> f64 {
    let power = 10f64.powf(at_least.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|m| m * power)
        .find(|&s| s >= at_least * 0.999)
        .unwrap_or(power * 10.0)
}

fn multiples(from: f64, to: f64, step: f64) -> impl Iterator<Item = f64> {
    let first = (from / step).ceil();
    (0..64).map(move |i| (first + f64::from(i)) * step).take_while(move |&v| v <= to)
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "seconds of any real date fit both"
)]
fn month_starts(from: f64, to: f64, months: i32) -> impl Iterator<Item = f64> {
    let start = OffsetDateTime::from_unix_timestamp(from as i64).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let first = (start.year() * 12).div_euclid(months) * months;
    (0..2_400 / months)
        .filter_map(move |i| {
            let index = first + i * months;
            let month = Month::try_from(u8::try_from(index.rem_euclid(12) + 1).ok()?).ok()?;
            let day = Date::from_calendar_date(index.div_euclid(12), month, 1).ok()?;
            Some(day.midnight().assume_utc().unix_timestamp() as f64)
        })
        .skip_while(move |&t| t < from)
        .take_while(move |&t| t <= to)
}

impl Ranged for Scale {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    #[allow(clippy::cast_possible_truncation, reason = "a pixel")]
    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let part = (value - self.from) / (self.to - self.from);
        let (start, end) = (f64::from(limit.0), f64::from(limit.1));
        (start + part * (end - start)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() {
            return Vec::new();
        }
        self.ticks.iter().map(|(value, _)| *value).collect()
    }

    fn range(&self) -> Range<f64> {
        self.from..self.to
    }
}

impl ValueFormatter<f64> for Scale {
    fn format(value: &f64) -> String {
        value.to_string()
    }

    fn format_ext(&self, value: &f64) -> String {
        self.ticks.iter().find(|(tick, _)| tick == value).map(|(_, label)| label.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: &Scale) -> Vec<&str> {
        scale.ticks.iter().map(|(_, label)| label.as_str()).collect()
    }

    #[test]
    fn numbers_have_ticks_at_round_values() {
        assert_eq!(labels(&Scale::numbers(0.0, 100.0, 5)), ["0", "20", "40", "60", "80", "100"]);
        assert_eq!(labels(&Scale::numbers(29_000.0, 61_000.0, 5)), ["30k", "40k", "50k", "60k"]);
        assert_eq!(labels(&Scale::numbers(-0.02, 0.02, 4)), ["−0.02", "−0.01", "0", "0.01", "0.02"]);
    }

    #[test]
    fn times_have_ticks_at_hours_days_and_months() {
        let day = 1_621_382_400.0; // 19 May 2021
        assert_eq!(labels(&Scale::times(day, day + DAY, 4)), ["19 May", "06:00", "12:00", "18:00", "20 May"]);
        assert_eq!(labels(&Scale::times(day + 1.0, day + 3.5 * DAY, 4)), ["20 May", "21 May", "22 May"]);
        let spring = (1_577_836_800.0, 1_590_969_600.0); // 1 January to 1 June 2020
        assert_eq!(labels(&Scale::times(spring.0, spring.1, 3)), ["Jan 2020", "Mar 2020", "May 2020"]);
        assert_eq!(
            labels(&Scale::times(0.0, 20.0 * 365.25 * DAY, 5)),
            ["1970", "1975", "1980", "1985", "1990"]
        );
    }

    #[test]
    fn a_constant_has_room_around_it() {
        let flat = Scale::values(250.0, 250.0, false, 5);
        assert!(flat.from < 250.0 && flat.to > 250.0);
        let nothing = Scale::values(0.0, 0.0, true, 5);
        assert!(nothing.from < 0.0 || nothing.to > 0.0);
    }

    #[test]
    fn what_is_measured_from_zero_shows_zero() {
        let scale = Scale::values(5.0, 9.0, true, 5);
        assert_eq!(scale.from, 0.0);
        assert!(Scale::values(5.0, 9.0, false, 5).from > 4.0);
    }
}
