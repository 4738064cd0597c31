//! A crash made deeper and faster than it was.

use std::num::NonZeroU32;

use num_bigint::BigUint;

use crate::{Error, Price, Row, Series};

/// How relative prices are compared when the deepest fall is looked for: 1e-9.
const RELATIVE: u32 = 1_000_000_000;

/// What is made of a fall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stress {
    /// d in halves: 2 leaves the fall as deep as it was, 3 makes it 1.5 times as deep, 4 twice.
    pub halves: NonZeroU32,
    /// s: the fall takes an s-th of its bars.
    pub speed: NonZeroU32,
}

/// Where a fall begins and ends, as places in [`Series::rows`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fall {
    /// The last row before it.
    pub peak: usize,
    /// Its lowest row.
    pub trough: usize,
}

impl Series {
    /// The same series with its deepest fall from row `from` on made `stress.halves ÷ 2` = d times as deep and `stress.speed` = s times
    /// as fast, and where that fall is now.
    ///
    /// The fall is one of all assets together: the largest drop, as a part of where it began, of the sum of all prices, each divided by the
    /// asset's price at row `from` (9 decimals, rounded down; a hole has the price before it; an asset without a price up to `from` does not
    /// count). So correlations stay what they were. With P₀ the price of an asset at the peak and P₁ at the trough,
    ///
    /// ```text
    /// between peak and trough   P' = P₀·(P ÷ P₀)^d      every log return times d, those of rallies in between too
    /// after the trough          P' = P·P₁' ÷ P₁          every log return as it was
    /// ```
    ///
    /// rounded down to 18 decimals from the exact value and at least 10⁻¹⁸, so no price is ever 0. Of the bars between peak and trough every s-th
    /// is kept, counted back from the trough, and has the lowest low and highest high of those that it stands for; all that follows comes so
    /// many bars earlier, at the times that the series' first rows have, so nights and weekends are where they were and the series ends earlier.
    /// A fall of fewer than s bars is one bar.
    ///
    /// # Errors
    /// `NoFall` where no sum is below an earlier one; `Beyond` where a price is beyond 128 bits, as an asset that rises while
    /// the others fall might.
    pub fn stressed(&self, from: usize, stress: Stress) -> Result<(Self, Fall), Error> {
        let fall = self.deepest_fall(from).ok_or(Error::NoFall)?;
        let columns = (0..self.assets.len()).map(|asset| Column::of(self, asset, fall, stress));
        let columns: Vec<Column> = columns.collect();
        let mut rows: Vec<Row> = Vec::new();
        let mut passed: Option<Row> = None;
        for (place, row) in self.rows.iter().enumerate() {
            let mut row = self.deepened(&columns, fall, place, row)?;
            if let Some(before) = passed.take() {
                row = joined(&before, row);
            }
            let inside = place > fall.peak && place < fall.trough;
            if inside && (fall.trough - place) % stress.speed.get() as usize != 0 {
                passed = Some(row);
            } else {
                rows.push(row);
            }
        }
        for (row, original) in rows.iter_mut().zip(&self.rows) {
            row.time = original.time;
        }
        let fewer = self.rows.len() - rows.len();
        let fall = Fall { trough: fall.trough - fewer, ..fall };
        Ok((Self { rows, ..self.clone() }, fall))
    }

    /// The deepest fall of all assets together; of equal ones the first.
    fn deepest_fall(&self, from: usize) -> Option<Fall> {
        let mut last: Vec<Option<Price>> = vec![None; self.assets.len()];
        let mut first: Option<Vec<Option<Price>>> = None;
        let mut peak: Option<(usize, BigUint)> = None;
        let mut deepest: Option<(Fall, BigUint, BigUint)> = None;
        for (place, row) in self.rows.iter().enumerate() {
            for (last, close) in last.iter_mut().zip(&row.close) {
                *last = close.or(*last);
            }
            if place < from {
                continue;
            }
            let first = first.get_or_insert_with(|| last.clone());
            let sum: BigUint =
                first.iter().zip(&last).filter_map(|(first, now)| Some(relative((*first)?, (*now)?))).sum();
            let Some((at, top)) = peak.as_ref().filter(|(_, top)| sum < *top) else {
                peak = Some((place, sum));
                continue;
            };
            // (top − sum) ÷ top, against the deepest so far
            let lost = top - &sum;
            let deeper = deepest.as_ref().is_none_or(|(_, most, of)| &lost * of > most * top);
            if deeper {
                deepest = Some((Fall { peak: *at, trough: place }, lost, top.clone()));
            }
        }
        deepest.map(|(fall, ..)| fall)
    }

    fn deepened(&self, columns: &[Column], fall: Fall, place: usize, row: &Row) -> Result<Row, Error> {
        let all = |prices: &[Option<Price>]| -> Result<Vec<Option<Price>>, Error> {
            let one = |((column, price), asset): ((&Column, &Option<Price>), &String)| match price {
                None => Ok(None),
                Some(price) => {
                    let changed = column.deepened(fall, place, *price);
                    changed.map(Some).ok_or_else(|| Error::Beyond { asset: asset.clone() })
                }
            };
            columns.iter().zip(prices).zip(&self.assets).map(one).collect()
        };
        Ok(Row { time: row.time, close: all(&row.close)?, low: all(&row.low)?, high: all(&row.high)? })
    }
}

/// What one asset's prices are changed by.
struct Column {
    halves: u32,
    /// The price before the fall; none where there was none.
    peak: Option<BigUint>,
    /// The lowest one, as it was and as it becomes.
    trough: Option<(BigUint, BigUint)>,
}

impl Column {
    fn of(series: &Series, asset: usize, fall: Fall, stress: Stress) -> Self {
        let known = |at: usize| {
            let before = series.rows.iter().take(at + 1).rev();
            before.filter_map(|row| row.close.get(asset).copied().flatten()).map(number).next()
        };
        let halves = stress.halves.get();
        let peak = known(fall.peak);
        let trough = known(fall.trough).zip(peak.as_ref()).map(|(was, peak)| {
            let becomes = power(peak, &was, halves);
            (was, becomes)
        });
        Self { halves, peak, trough }
    }

    /// None where it is beyond 128 bits. An asset that had no price at the peak stays as it is.
    fn deepened(&self, fall: Fall, place: usize, price: Price) -> Option<Price> {
        let changed = match (&self.peak, &self.trough) {
            (Some(peak), _) if place > fall.peak && place <= fall.trough => {
                power(peak, &number(price), self.halves)
            }
            (_, Some((was, becomes))) if place > fall.trough => number(price) * becomes / was,
            _ => return Some(price),
        };
        Price::from_atomics(u128::try_from(changed).ok()?.max(1))
    }
}

/// peak·(price ÷ peak)^(halves ÷ 2), rounded down: the root of its square. At least 1, so that something can be divided by it.
fn power(peak: &BigUint, price: &BigUint, halves: u32) -> BigUint {
    let square = price.pow(halves) * peak.pow(2) / peak.pow(halves);
    square.sqrt().max(1u32.into())
}

fn number(price: Price) -> BigUint {
    price.atomics().into()
}

fn relative(first: Price, now: Price) -> BigUint {
    number(now) * RELATIVE / number(first)
}

/// One bar that stands for two: the later close, the lowest low, the highest high.
fn joined(before: &Row, row: Row) -> Row {
    let pick = |now: &[Option<Price>], then: &[Option<Price>], of: fn(Price, Price) -> Price| {
        let both = now.iter().zip(then);
        both.map(|pair| match pair {
            (Some(now), Some(then)) => Some(of(*now, *then)),
            (now, then) => now.or(*then),
        })
        .collect()
    };
    Row {
        time: row.time,
        close: pick(&row.close, &before.close, |now, _| now),
        low: pick(&row.low, &before.low, Price::min),
        high: pick(&row.high, &before.high, Price::max),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(rows: &[&str]) -> Series {
        let lines = rows.iter().enumerate().map(|(n, row)| format!("{},{row}\n", 60 * n));
        Series::parse("all.csv", &("time,A,B\n".to_string() + &lines.collect::<String>())).unwrap()
    }

    fn stress(halves: u32, speed: u32) -> Stress {
        Stress { halves: NonZeroU32::new(halves).unwrap(), speed: NonZeroU32::new(speed).unwrap() }
    }

    fn closes(series: &Series, asset: usize) -> Vec<String> {
        let close = |row: &Row| row.close[asset].map_or("-".into(), |price| price.to_string());
        series.rows.iter().map(close).collect()
    }

    /// A falls from 100 to 64, rallies, falls to 25, and doubles; B stands at 10.
    fn crash() -> Series {
        series(&["80,10", "100,10", "64,10", "81,10", "36,10", "25,10", "50,10"])
    }

    #[test]
    fn a_fall_once_as_deep_and_fast_is_the_series_itself() {
        let (same, fall) = crash().stressed(0, stress(2, 1)).unwrap();
        assert_eq!((same, fall), (crash(), Fall { peak: 1, trough: 5 }));
    }

    #[test]
    fn every_return_of_the_fall_is_raised_to_the_depth_and_no_other() {
        // 100·0.64^1.5 = 51.2, 0.9³ = 0.729, 0.6³ = 0.216, 0.5³ = 0.125; then it doubles, as it did
        let (deeper, _) = crash().stressed(0, stress(3, 1)).unwrap();
        assert_eq!(closes(&deeper, 0), ["80", "100", "51.2", "72.9", "21.6", "12.5", "25"]);
        // the squares of 0.64, 0.81, 0.36 and 0.25
        let (twice, _) = crash().stressed(0, stress(4, 1)).unwrap();
        assert_eq!(closes(&twice, 0), ["80", "100", "40.96", "65.61", "12.96", "6.25", "12.5"]);
        assert_eq!(closes(&twice, 1), ["10"; 7]);
        let times = |series: &Series| series.rows.iter().map(|row| row.time).collect::<Vec<_>>();
        assert_eq!(times(&twice), times(&crash()));
    }

    #[test]
    fn a_faster_fall_keeps_every_other_bar_and_its_end_and_what_follows_comes_earlier() {
        let (fast, fall) = crash().stressed(0, stress(2, 2)).unwrap();
        assert_eq!(closes(&fast, 0), ["80", "100", "81", "25", "50"]);
        assert_eq!(fall, Fall { peak: 1, trough: 3 });
        let times: Vec<_> = fast.rows.iter().map(|row| row.time).collect();
        assert_eq!(times, [60, 120, 180, 240, 300]);
        // more than all of its bars: one is left
        let (at_once, fall) = crash().stressed(0, stress(2, 9)).unwrap();
        assert_eq!((closes(&at_once, 0).join(" "), fall.trough), ("80 100 25 50".to_string(), 2));
    }

    #[test]
    fn a_bar_that_stands_for_two_has_the_low_and_high_of_both() {
        let candles =
            "time,open,high,low,close\n0,9,10,9,10\n60,9,9,7,8\n120,8,11,6,7\n180,6,6,4,5\n240,5,5,5,5\n";
        let one = Series::parse("a.csv", candles).unwrap();
        let (fast, _) = one.stressed(0, stress(2, 3)).unwrap();
        let text = |price: Option<Price>| price.unwrap().to_string();
        let bars: Vec<_> =
            fast.rows.iter().map(|row| [row.low[0], row.high[0], row.close[0]].map(text)).collect();
        assert_eq!(bars, [["9", "10", "10"], ["4", "11", "5"], ["5", "5", "5"]]);
    }

    #[test]
    fn the_fall_is_that_of_all_assets_from_a_row_on() {
        // A and B alone fall by a half at different times; both together most from the third row to the fifth
        let both = series(&["100,10", "50,10", "80,10", "80,5", "40,4", "60,6"]);
        assert_eq!(both.stressed(0, stress(2, 1)).unwrap().1, Fall { peak: 0, trough: 4 });
        assert_eq!(both.stressed(1, stress(2, 1)).unwrap().1, Fall { peak: 2, trough: 4 });
        assert!(matches!(both.stressed(4, stress(2, 1)), Err(Error::NoFall)));
        assert!(matches!(both.stressed(99, stress(2, 1)), Err(Error::NoFall)));
    }

    #[test]
    fn holes_stay_holes_and_late_comers_stay_as_they_are() {
        let holes = series(&["100,", "50,", ",9", "25,8", "50,8"]);
        let (twice, fall) = holes.stressed(0, stress(4, 1)).unwrap();
        assert_eq!(fall, Fall { peak: 0, trough: 3 });
        assert_eq!(closes(&twice, 0), ["100", "25", "-", "6.25", "12.5"]);
        assert_eq!(closes(&twice, 1), ["-", "-", "9", "8", "8"]);
        // of a bar that is left out, its price counts where the next one has none
        let gap = series(&["100,1", "50,1", "20,1.1", "10,"]);
        assert_eq!(closes(&gap.stressed(0, stress(2, 2)).unwrap().0, 1), ["1", "1", "1.1"]);
    }

    #[test]
    fn no_price_reaches_zero_or_leaves_its_range() {
        let tiny = series(&["1,1", "0.000000000001,1", "0.000000000002,1"]);
        let (deep, _) = tiny.stressed(0, stress(8, 1)).unwrap();
        assert_eq!(closes(&deep, 0), ["1", "0.000000000000000001", "0.000000000000000002"]);
        // B rises on the way, and 1.5 to the 200th power is too much
        let huge = series(&["1,1", "0.1,1", "0.01,1.5", "0.01,1"]);
        let (_, fall) = huge.stressed(0, stress(2, 1)).unwrap();
        assert_eq!(fall, Fall { peak: 0, trough: 3 });
        assert!(matches!(huge.stressed(0, stress(400, 1)), Err(Error::Beyond { asset }) if asset == "B"));
    }

    #[test]
    fn the_crash_of_march_2020_twice_as_deep_and_twice_as_fast() {
        let built_in = Series::built_in().unwrap();
        let (once, fall) = built_in.stressed(33, stress(2, 1)).unwrap();
        let (fast, faster) = built_in.stressed(33, stress(4, 2)).unwrap();
        assert_eq!(once, built_in);
        assert_eq!(faster.trough - faster.peak, (fall.trough - fall.peak).div_ceil(2));
        let sp500 = built_in.index_of("SP500").unwrap();
        let at = |series: &Series, row: usize| number(series.rows[row].close[sp500].unwrap());
        let (top, bottom) = (at(&once, fall.peak), at(&once, fall.trough));
        assert_eq!(at(&fast, faster.peak), top);
        assert_eq!(at(&fast, faster.trough), bottom.pow(2) / &top);
        assert!(bottom < top * 7u32 / 10u32, "a fall of a third");
    }
}
