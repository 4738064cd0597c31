//! Numbers as they fit into a terminal: cut off, never rounded up, and short.

use sdp_types::units::{SignedUsd, Usd};
use sdp_types::Ratio;

use crate::output::grouped;

/// 1.0 of what has 18 decimals.
const ONE: u128 = Ratio::ONE.raw();

/// Micro-USD as USD with cents, cut off towards 0; from ten million on as millions, billions, trillions.
pub fn money(amount: SignedUsd) -> String {
    let micro = amount.abs().raw();
    let sign = if amount.is_negative() { "-" } else { "" };
    let (unit, suffix) = match micro {
        0..10_000_000_000_000 => (1_000_000, ""),
        10_000_000_000_000..10_000_000_000_000_000 => (1_000_000_000_000, "M"),
        10_000_000_000_000_000..10_000_000_000_000_000_000 => (1_000_000_000_000_000, "B"),
        _ => (1_000_000_000_000_000_000, "T"),
    };
    let cents = micro / (unit / 100);
    format!("{sign}{}.{:02}{suffix}", grouped(&(cents / 100).to_string()), cents % 100)
}

/// [`money`] of what is never owed.
pub fn dollars(amount: Usd) -> String {
    amount.signed().map_or_else(|_| "–".into(), money)
}

/// A number with 18 decimals as %, with so many digits after the point, cut off towards 0.
pub fn percent(raw: i128, digits: u32) -> String {
    let scale = 10u128.pow(digits);
    let cut = raw.unsigned_abs() / (ONE / (100 * scale));
    let sign = if raw < 0 && cut > 0 { "-" } else { "" };
    let whole = grouped(&(cut / scale).to_string());
    format!("{sign}{whole}.{:0width$} %", cut % scale, width = digits as usize)
}

/// [`percent`] with two digits of what is never negative.
pub fn part(ratio: Ratio) -> String {
    if ratio == Ratio::MAX {
        return "beyond all".into();
    }
    percent(i128::try_from(ratio.raw()).unwrap_or(i128::MAX), 2)
}

/// [`percent`] with one digit of what is never negative.
pub fn tenths(ratio: Ratio) -> String {
    percent(i128::try_from(ratio.raw()).unwrap_or(i128::MAX), 1)
}

/// So many seconds as a person says it.
pub fn span(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// `part` of `whole` as a bar of so many cells, full where it is more.
pub fn bar(part: u128, whole: u128, cells: usize) -> String {
    let filled = filled(part, whole, cells);
    format!("{}{}", "█".repeat(filled), "░".repeat(cells - filled))
}

fn filled(part: u128, whole: u128, cells: usize) -> usize {
    let scaled = part.saturating_mul(cells as u128).checked_div(whole).unwrap_or_default();
    usize::try_from(scaled).unwrap_or(cells).min(cells)
}

/// A collateral ratio on a scale from 100 % to 400 %, with a mark at each threshold.
pub fn gauge(ratio: Option<Ratio>, marks: &[Ratio], cells: usize) -> String {
    let at = |ratio: Ratio| filled(ratio.raw().saturating_sub(ONE), 3 * ONE, cells);
    let full = ratio.map_or(cells, at);
    let marks: Vec<_> = marks.iter().map(|mark| at(*mark).min(cells.saturating_sub(1))).collect();
    let cell = |n: usize| match (marks.contains(&n), n < full) {
        (true, true) => '┃',
        (true, false) => '│',
        (false, true) => '█',
        (false, false) => '░',
    };
    (0..cells).map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_cents_until_it_is_too_long_for_them() {
        let usd = |micro: i128| money(SignedUsd::new(micro));
        assert_eq!(usd(1_234_567_899_999), "1,234,567.89");
        assert_eq!(usd(-10_000), "-0.01");
        assert_eq!(usd(9_999_999_999_999), "9,999,999.99");
        assert_eq!(usd(10_000_000_000_000), "10.00M");
        assert_eq!(usd(123_456_789_000_000_000), "123.45B");
        assert_eq!(usd(1_000_000_000_000_000_000_000), "1,000.00T");
        assert_eq!(dollars(Usd::new(592_200_000)), "592.20");
    }

    #[test]
    fn parts_are_cut_off_towards_nothing() {
        assert_eq!(percent(-1_239_999_999_999_999, 2), "-0.12 %");
        assert_eq!(percent(-1, 4), "0.0000 %");
        assert_eq!(part(Ratio::bps(31_245)), "312.45 %");
        assert_eq!(part(Ratio::MAX), "beyond all");
    }

    #[test]
    fn a_gauge_is_full_at_four_hundred_percent_and_shows_its_marks() {
        // a cell is 30 %: 250 % fills five, 160 % is marked in the third
        assert_eq!(gauge(Some(Ratio::percent(250)), &[Ratio::percent(160)], 10), "██┃██░░░░░");
        assert_eq!(gauge(Some(Ratio::percent(90)), &[Ratio::percent(160)], 10), "░░│░░░░░░░");
        assert_eq!(gauge(None, &[], 4), "████");
        assert_eq!(bar(1, 4, 8), "██░░░░░░");
        assert_eq!(bar(5, 0, 3), "░░░");
    }

    #[test]
    fn spans_have_the_unit_that_a_person_takes() {
        assert_eq!([span(119), span(120), span(7_200), span(172_800)], ["119 s", "2 min", "2 h", "2 d"]);
    }
}
