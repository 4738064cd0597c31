//! Which column is what: by its name, or by the klines layout when there is no header.

use csv::StringRecord;

use crate::{stamp, Error, Price};

/// Names of the column with a bar's opening time; the first found wins.
const TIME: [&str; 16] = [
    "open_time",
    "opentime",
    "open_timestamp",
    "start_time",
    "starttime",
    "period_start",
    "unix",
    "unix_timestamp",
    "unix_time",
    "timestamp",
    "ts",
    "time",
    "datetime",
    "date_time",
    "date",
    "snapped_at",
];
const CLOSE: [&str; 8] =
    ["close", "close_price", "closing_price", "closeprice", "price", "last", "mark_price", "index_price"];
const OPEN: [&str; 3] = ["open", "open_price", "openprice"];
const HIGH: [&str; 3] = ["high", "high_price", "highprice"];
const LOW: [&str; 3] = ["low", "low_price", "lowprice"];

/// The columns of a file by index.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Columns {
    pub(crate) time: usize,
    /// A second column with the time of day, where `time` has the date alone.
    pub(crate) time_of_day: Option<usize>,
    pub(crate) prices: Prices,
}

/// Where the prices are.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Prices {
    /// One asset's candles.
    Candles { open: Option<usize>, high: Option<usize>, low: Option<usize>, close: usize },
    /// A close per asset: its name and column.
    PerAsset(Vec<(String, usize)>),
}

impl Columns {
    /// What the first row says, and whether it is a header (or already the first bar).
    ///
    /// # Errors
    /// `NoTimeColumn`, `NoPriceColumn`, `ColumnTwice`.
    pub(crate) fn find(
        file: &str,
        first: &StringRecord,
        second: Option<&StringRecord>,
    ) -> Result<(Self, bool), Error> {
        let has_price = first.iter().skip(1).any(|field| field.parse::<Price>().is_ok());
        let starts_with_time = first.get(0).and_then(stamp::read).is_some();
        if starts_with_time && has_price {
            return Ok((Self::without_header(file, first)?, false));
        }
        Ok((Self::by_name(file, first, second)?, true))
    }

    /// Klines: open time, open, high, low, close, and whatever follows; or just time and close.
    fn without_header(file: &str, first: &StringRecord) -> Result<Self, Error> {
        let prices = match first.len() {
            2 => Prices::Candles { open: None, high: None, low: None, close: 1 },
            3 | 4 => return Err(Error::NoPriceColumn { file: file.to_owned(), columns: listed(first) }),
            _ => Prices::Candles { open: Some(1), high: Some(2), low: Some(3), close: 4 },
        };
        Ok(Self { time: 0, time_of_day: None, prices })
    }

    fn by_name(file: &str, header: &StringRecord, second: Option<&StringRecord>) -> Result<Self, Error> {
        let names: Vec<String> = header.iter().map(plain).collect();
        for (index, name) in names.iter().enumerate() {
            if !name.is_empty() && names[..index].contains(name) {
                return Err(Error::ColumnTwice { file: file.to_owned(), column: name.clone() });
            }
        }
        let find = |known: &[&str]| known.iter().find_map(|k| names.iter().position(|name| name == k));
        let (short, short_time) = short_names(&names);

        // A data frame's index comes without a name.
        let unnamed = names.first().filter(|name| name.is_empty() || *name == "unnamed:_0").map(|_| 0);
        let Some(mut time) = find(&TIME).or(short_time).or(unnamed) else {
            return Err(Error::NoTimeColumn { file: file.to_owned(), columns: listed(header) });
        };
        let mut time_of_day = None;
        let second_row_has_clock =
            |i: usize| second.and_then(|row| row.get(i)).is_some_and(stamp::is_time_of_day);
        if let (true, Some(date)) = (second_row_has_clock(time), find(&["date"])) {
            (time, time_of_day) = (date, Some(time));
        }

        let (open, high, low) = (find(&OPEN), find(&HIGH), find(&LOW));
        let prices = if let Some(close) = find(&CLOSE) {
            Prices::Candles { open, high, low, close }
        } else if let Some(candles) = short {
            candles
        } else {
            let is_time = |name: &str| TIME.contains(&name);
            let assets: Vec<(String, usize)> = names
                .iter()
                .enumerate()
                .filter(|(i, name)| {
                    *i != time && !name.is_empty() && !name.starts_with("unnamed:") && !is_time(name)
                })
                .filter_map(|(i, _)| header.get(i).map(|name| (name.trim().to_uppercase(), i)))
                .collect();
            if assets.is_empty() || open.or(high).or(low).is_some() {
                return Err(Error::NoPriceColumn { file: file.to_owned(), columns: listed(header) });
            }
            Prices::PerAsset(assets)
        };
        Ok(Self { time, time_of_day, prices })
    }
}

/// `t,o,h,l,c`: only all of o, h, l and c together mean candles, for C, O and T are tickers too.
fn short_names(names: &[String]) -> (Option<Prices>, Option<usize>) {
    let at = |name: &str| names.iter().position(|n| n == name);
    match (at("o"), at("h"), at("l"), at("c")) {
        (open @ Some(_), high @ Some(_), low @ Some(_), Some(close)) => {
            (Some(Prices::Candles { open, high, low, close }), at("t"))
        }
        _ => (None, None),
    }
}

/// `<Open Time>` as `open_time`.
fn plain(name: &str) -> String {
    let name = name.trim().trim_start_matches('<').trim_end_matches('>');
    name.to_lowercase().replace([' ', '-'], "_")
}

fn listed(header: &StringRecord) -> String {
    header.iter().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(rows: &[&[&str]]) -> Result<(Columns, bool), Error> {
        let rows: Vec<StringRecord> = rows.iter().map(|row| StringRecord::from(row.to_vec())).collect();
        Columns::find("x.csv", &rows[0], rows.get(1))
    }

    fn candles(open: usize, high: usize, low: usize, close: usize) -> Prices {
        Prices::Candles { open: Some(open), high: Some(high), low: Some(low), close }
    }

    #[test]
    fn names_are_found_in_any_case_and_order() {
        let (columns, header) = find(&[&["Volume", "CLOSE", "Low", "high", "Open", "Open Time"]]).unwrap();
        assert!(header);
        assert_eq!(columns, Columns { time: 5, time_of_day: None, prices: candles(4, 3, 2, 1) });
        let (columns, _) = find(&[&["t", "o", "h", "l", "c", "v"]]).unwrap();
        assert_eq!(columns, Columns { time: 0, time_of_day: None, prices: candles(1, 2, 3, 4) });
    }

    #[test]
    fn the_opening_time_is_preferred_to_other_stamps() {
        let (columns, _) = find(&[&["date", "unix", "symbol", "open", "high", "low", "close"]]).unwrap();
        assert_eq!(columns.time, 1);
        let (columns, _) = find(&[&["close_time", "open_time", "close"]]).unwrap();
        assert_eq!(columns.time, 1);
    }

    #[test]
    fn a_closing_time_is_never_taken_for_the_opening_time() {
        assert!(matches!(find(&[&["close_time", "close"]]), Err(Error::NoTimeColumn { .. })));
    }

    #[test]
    fn a_date_column_and_a_clock_column_belong_together() {
        let rows: [&[&str]; 2] = [
            &["<DATE>", "<TIME>", "<OPEN>", "<HIGH>", "<LOW>", "<CLOSE>"],
            &["2021.05.19", "13:00:00", "1", "1", "1", "1"],
        ];
        let (columns, _) = find(&rows).unwrap();
        assert_eq!((columns.time, columns.time_of_day), (0, Some(1)));
    }

    #[test]
    fn columns_that_are_no_candle_are_assets() {
        let (columns, _) = find(&[&["time", "btc", "C", "T"]]).unwrap();
        let assets = ["BTC", "C", "T"].map(str::to_owned).into_iter().zip(1..).collect();
        assert_eq!(columns.prices, Prices::PerAsset(assets));
    }

    #[test]
    fn rows_without_a_header_have_the_klines_layout() {
        let (columns, header) = find(&[&["1621429200000", "1", "2", "0.5", "1.5", "100"]]).unwrap();
        assert!(!header);
        assert_eq!(columns, Columns { time: 0, time_of_day: None, prices: candles(1, 2, 3, 4) });
        assert!(matches!(find(&[&["1621429200", "1", "2"]]), Err(Error::NoPriceColumn { .. })));
    }

    #[test]
    fn a_header_without_a_price_or_with_a_name_twice_is_refused() {
        assert!(matches!(find(&[&["time", "open", "high"]]), Err(Error::NoPriceColumn { .. })));
        assert!(matches!(find(&[&["time"]]), Err(Error::NoPriceColumn { .. })));
        assert!(matches!(find(&[&["BTC", "ETH"]]), Err(Error::NoTimeColumn { .. })));
        assert!(
            matches!(find(&[&["time", "BTC", "btc"]]), Err(Error::ColumnTwice { column, .. }) if column == "btc")
        );
    }
}
