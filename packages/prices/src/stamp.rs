//! Time stamps as files write them, to Unix seconds UTC.

use time::format_description::well_known::Rfc3339;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

use crate::price::Decimal;

/// A bar's stamp in Unix seconds UTC, or none for a text that is no stamp. Fractions of a second are cut off.
///
/// Numbers are seconds, milliseconds, microseconds or nanoseconds by their size: below 1e11 seconds (the year 5138), each unit a
/// thousand times the one before. Eight digits that are a day of 1900–2099 are that day. A date without a time is its midnight, a time
/// without a zone is UTC. Day-first and month-first dates are not read, for nobody can tell them apart.
pub(crate) fn read(text: &str) -> Option<u64> {
    let text = text.trim();
    let all_digits = text.bytes().all(|c| c.is_ascii_digit());
    if let (true, 8, "19" | "20") = (all_digits, text.len(), text.get(..2).unwrap_or_default()) {
        let day = date(&[text.get(..4)?, text.get(4..6)?, text.get(6..)?]);
        if day.is_some() {
            return seconds(day?.midnight().assume_utc());
        }
    }
    number(text).or_else(|| calendar(text))
}

/// Whether `text` is a time of day (`09:30`, `09:30:00`), as exports with a column for the date and one for the time have it.
pub(crate) fn is_time_of_day(text: &str) -> bool {
    time_of_day(text.trim()).is_some()
}

fn number(text: &str) -> Option<u64> {
    let decimal = Decimal::read(text).ok().filter(|d| !d.negative)?;
    // As nanoseconds of whatever unit it is in: more digits than that mean nothing.
    let billionths = decimal.at_scale(9).ok()?;
    let (mut unit, mut limit) = (1_000_000_000u128, 100_000_000_000u128 * 1_000_000_000);
    for _ in 0..4 {
        if billionths < limit {
            return u64::try_from(billionths / unit).ok();
        }
        unit = unit.checked_mul(1_000)?;
        limit = limit.checked_mul(1_000)?;
    }
    None
}

fn calendar(text: &str) -> Option<u64> {
    let text = text.strip_suffix("UTC").map_or(text, str::trim_end);
    // `2021-05-19 13:00:00+00:00` and `2021/05/19T…` are RFC 3339 but for their separators.
    let (day, rest) = text.split_at_checked(10)?;
    let day = date(&day.split(['-', '/', '.']).collect::<Vec<_>>())?;
    let clock = rest.trim_start_matches(['T', 't', ' ']);
    if clock.is_empty() {
        return seconds(day.midnight().assume_utc());
    }
    if rest.len() == clock.len() {
        return None;
    }
    if let Some(time) = time_of_day(clock) {
        return seconds(PrimitiveDateTime::new(day, time).assume_utc());
    }
    let zone = if clock.ends_with(['Z', 'z']) || clock.contains(['+', '-']) { "" } else { "Z" };
    let iso = format!("{day}T{clock}{zone}");
    OffsetDateTime::parse(&iso, &Rfc3339).ok().and_then(seconds)
}

fn date(parts: &[&str]) -> Option<Date> {
    let [year, month, day] = parts else { return None };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
}

fn time_of_day(text: &str) -> Option<Time> {
    let mut parts = text.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next().unwrap_or("00"));
    if parts.next().is_some() || [hour, minute, second].iter().any(|p| p.is_empty() || p.len() > 2) {
        return None;
    }
    Time::from_hms(hour.parse().ok()?, minute.parse().ok()?, second.parse().ok()?).ok()
}

fn seconds(at: OffsetDateTime) -> Option<u64> {
    u64::try_from(at.unix_timestamp()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 19 May 2021, 13:00 UTC.
    const CRASH: u64 = 1_621_429_200;

    #[test]
    fn numbers_are_seconds_milli_micro_or_nanoseconds_by_their_size() {
        for text in [
            "1621429200",
            "1621429200.0",
            "1.6214292e9",
            "1621429200000",
            "1621429200123",
            "1621429200000000",
            "1621429200000000000",
        ] {
            assert_eq!(read(text), Some(CRASH), "{text}");
        }
        assert_eq!(read("631152000"), Some(631_152_000), "1990 in seconds");
        assert_eq!(read("631152000000"), Some(631_152_000), "1990 in milliseconds");
    }

    #[test]
    fn calendar_dates_are_read_with_and_without_time_and_zone() {
        for text in [
            "2021-05-19T13:00:00Z",
            "2021-05-19T13:00:00.000Z",
            "2021-05-19T15:00:00+02:00",
            "2021-05-19 13:00:00+00:00",
            "2021-05-19 13:00:00",
            "2021-05-19 13:00:00.250",
            "2021-05-19 13:00:00 UTC",
            "2021-05-19 13:00",
            "2021/05/19 13:00",
            "2021.05.19 13:00:00",
            " 2021-05-19T13:00 ",
        ] {
            assert_eq!(read(text), Some(CRASH), "{text}");
        }
        for text in ["2021-05-19", "20210519", "2021.05.19", "2021/05/19"] {
            assert_eq!(read(text), Some(CRASH - 13 * 3_600), "{text}");
        }
    }

    #[test]
    fn what_could_mean_two_days_or_none_is_not_guessed() {
        for text in [
            "",
            "19/05/2021",
            "05/19/2021",
            "2021-13-01",
            "2021-02-30",
            "19 May 2021",
            "-5",
            "2021-05-1913:00",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read("1950-01-01"), None, "before 1970");
    }

    #[test]
    fn eight_digits_that_are_no_day_are_seconds() {
        assert_eq!(read("20211399"), Some(20_211_399));
    }
}
