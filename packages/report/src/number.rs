//! Numbers and times as people read them.

use time::OffsetDateTime;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A factor of thousands that a whole axis shares: its divisor and its sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Magnitude {
    divisor: f64,
    sign: &'static str,
}

impl Magnitude {
    /// The one that makes `largest` short: from ten thousand k, from a million M, from a billion B.
    pub(crate) fn of(largest: f64) -> Self {
        let (divisor, sign) = match largest.abs() {
            v if v >= 1e12 => (1e12, "T"),
            v if v >= 1e9 => (1e9, "B"),
            v if v >= 1e6 => (1e6, "M"),
            v if v >= 1e4 => (1e3, "k"),
            _ => (1.0, ""),
        };
        Self { divisor, sign }
    }

    /// `value` with as many decimals as tell `step` apart.
    pub(crate) fn show(self, value: f64, step: f64) -> String {
        let step = step / self.divisor;
        let decimals = (0..9).find(|&d| is_whole(step * 10f64.powi(d))).unwrap_or(9);
        let decimals = usize::try_from(decimals).unwrap_or_default();
        let value = value / self.divisor;
        if value.abs() < step / 1e3 {
            return "0".to_owned();
        }
        format!("{value:.decimals$}{}", self.sign).replacen('-', "−", 1)
    }
}

fn is_whole(value: f64) -> bool {
    (value - value.round()).abs() < 1e-6 * value.abs().max(1.0) && value.round() != 0.0
}

/// `value` with about four significant digits.
pub(crate) fn short(value: f64) -> String {
    let magnitude = Magnitude::of(value);
    let scaled = (value / magnitude.divisor).abs();
    let decimals = match scaled {
        v if v >= 1_000.0 => 0,
        v if v >= 100.0 => 1,
        v if v >= 1.0 || v == 0.0 => 2,
        v if v >= 0.001 => 4,
        _ => 8,
    };
    let text = format!("{:.decimals$}", value / magnitude.divisor);
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text}{}", magnitude.sign).replacen('-', "−", 1)
}

/// How exactly a time is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grain {
    /// `13:00`, and at midnight the day.
    Clock,
    /// `19 May`
    Day,
    /// `May 2021`
    Month,
    /// `2021`
    Year,
    /// `19 May 2021`
    Date,
    /// `19 May 2021, 13:00`
    Full,
}

/// Unix seconds as text, UTC.
#[allow(clippy::cast_possible_truncation, reason = "out of range is no date anyway")]
pub(crate) fn at(seconds: f64, grain: Grain) -> String {
    let Ok(t) = OffsetDateTime::from_unix_timestamp(seconds as i64) else { return short(seconds) };
    let month = MONTHS[usize::from(u8::from(t.month())) - 1];
    let (year, day) = (t.year(), t.day());
    let midnight = t.hour() == 0 && t.minute() == 0;
    match grain {
        Grain::Clock if !midnight => format!("{:02}:{:02}", t.hour(), t.minute()),
        Grain::Clock | Grain::Day => format!("{day} {month}"),
        Grain::Month => format!("{month} {year}"),
        Grain::Year => year.to_string(),
        Grain::Full if !midnight => format!("{day} {month} {year}, {:02}:{:02}", t.hour(), t.minute()),
        Grain::Full | Grain::Date => format!("{day} {month} {year}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_shows_the_decimals_that_its_step_needs() {
        assert_eq!(Magnitude::of(58_858.0).show(40_000.0, 10_000.0), "40k");
        assert_eq!(Magnitude::of(2.5e6).show(2.5e6, 5e5), "2.5M");
        assert_eq!(Magnitude::of(0.3).show(0.1 + 0.2, 0.1), "0.3");
        assert_eq!(Magnitude::of(0.0015).show(-0.0005, 0.0005), "−0.0005");
        assert_eq!(Magnitude::of(3e4).show(0.0, 1e4), "0");
    }

    #[test]
    fn a_number_in_a_sentence_has_about_four_digits() {
        assert_eq!(short(58_858.6), "58.86k");
        assert_eq!(short(-1_234_567.0), "−1.23M");
        assert_eq!(short(250.0), "250");
        assert_eq!(short(0.0123), "0.0123");
        assert_eq!(short(0.0), "0");
    }

    #[test]
    fn times_are_told_as_exactly_as_asked() {
        let crash = 1_621_429_200.0;
        assert_eq!(at(crash, Grain::Clock), "13:00");
        assert_eq!(at(crash - 13.0 * 3_600.0, Grain::Clock), "19 May");
        assert_eq!(at(crash, Grain::Month), "May 2021");
        assert_eq!(at(crash, Grain::Full), "19 May 2021, 13:00");
    }
}
