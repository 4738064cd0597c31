//! One file: its text to bars by opening time.

use std::collections::btree_map::{BTreeMap, Entry};
use std::path::Path;

use csv::{ReaderBuilder, StringRecord};

use crate::columns::{Columns, Prices};
use crate::price::PriceError;
use crate::{stamp, Error, Price};

/// One asset in one bar. The open of a bar is checked and then forgotten: nothing replays it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bar {
    pub(crate) low: Option<Price>,
    pub(crate) high: Option<Price>,
    pub(crate) close: Price,
}

/// The bars of one file.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) assets: Vec<String>,
    /// By opening time, one entry per asset.
    pub(crate) bars: BTreeMap<u64, Vec<Option<Bar>>>,
}

impl File {
    /// Reads `text`; `name` is what errors call it, and its stem names a single asset.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, Error> {
        let text = text.trim_start_matches('\u{feff}');
        let rows = records(name, text)?;
        let mut rows = rows.into_iter().peekable();
        let Some(first) = rows.next() else { return Err(Error::TooShort { file: name.to_owned() }) };
        let width = first.len();
        let (columns, is_header) = Columns::find(name, &first, rows.peek())?;
        let assets = match &columns.prices {
            Prices::Candles { .. } => vec![stem(name)],
            Prices::PerAsset(assets) => assets.iter().map(|(asset, _)| asset.clone()).collect(),
        };
        let mut file = Self { name: name.to_owned(), assets, bars: BTreeMap::new() };
        for row in (!is_header).then_some(first).into_iter().chain(rows) {
            let row = Row { file: name, record: &row };
            if row.record.len() != width {
                let (line, found) = (row.line(), row.record.len());
                return Err(Error::Ragged { file: file.name, line, expected: width, found });
            }
            file.add(&row, &columns)?;
        }
        Ok(file)
    }

    fn add(&mut self, row: &Row<'_>, columns: &Columns) -> Result<(), Error> {
        let time = row.time(columns)?;
        let bars = match &columns.prices {
            Prices::Candles { open, high, low, close } => vec![row.candle([*open, *high, *low], *close)?],
            Prices::PerAsset(assets) => {
                assets.iter().map(|(name, i)| row.only_close(*i, name)).collect::<Result<_, _>>()?
            }
        };
        match self.bars.entry(time) {
            Entry::Vacant(free) => {
                free.insert(bars);
                Ok(())
            }
            Entry::Occupied(taken) if *taken.get() == bars => Ok(()),
            Entry::Occupied(_) => Err(Error::Conflict { file: self.name.clone(), line: row.line() }),
        }
    }
}

/// The rows of the table, without a preamble: some exports begin with a line that names their site.
fn records(name: &str, text: &str) -> Result<Vec<StringRecord>, Error> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|source| Error::Csv { file: name.to_owned(), source })?;
        let blank = record.iter().all(str::is_empty);
        let preamble = rows.is_empty() && record.len() < 2;
        if !blank && !preamble {
            rows.push(record);
        }
    }
    Ok(rows)
}

/// Comma, semicolon or tab: whichever the first line with any of them has most of.
fn delimiter(text: &str) -> u8 {
    let most = |line: &str| {
        let count = |d: u8| line.bytes().filter(|&c| c == d).count();
        // The last of equals wins, so a tie is a comma's.
        [b'\t', b';', b','].into_iter().max_by_key(|&d| count(d)).filter(|&d| count(d) > 0)
    };
    text.lines().find_map(most).unwrap_or(b',')
}

/// `data/btc.csv` is `BTC`.
fn stem(name: &str) -> String {
    let stem = Path::new(name).file_stem().map(|s| s.to_string_lossy().into_owned());
    stem.unwrap_or_else(|| name.to_owned()).to_uppercase()
}

struct Row<'a> {
    file: &'a str,
    record: &'a StringRecord,
}

impl Row<'_> {
    fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    fn field(&self, index: usize) -> &str {
        self.record.get(index).unwrap_or_default()
    }

    fn time(&self, columns: &Columns) -> Result<u64, Error> {
        let mut value = self.field(columns.time).to_owned();
        if let Some(clock) = columns.time_of_day {
            value = format!("{value} {}", self.field(clock));
        }
        stamp::read(&value).ok_or_else(|| Error::BadTime {
            file: self.file.to_owned(),
            line: self.line(),
            value,
        })
    }

    /// An empty field is a hole.
    fn price(&self, index: usize, column: &str) -> Result<Option<Price>, Error> {
        let value = self.field(index);
        if value.is_empty() {
            return Ok(None);
        }
        value.parse().map(Some).map_err(|reason: PriceError| Error::BadPrice {
            file: self.file.to_owned(),
            line: self.line(),
            column: column.to_owned(),
            value: value.to_owned(),
            reason,
        })
    }

    fn only_close(&self, index: usize, asset: &str) -> Result<Option<Bar>, Error> {
        Ok(self.price(index, asset)?.map(|close| Bar { low: None, high: None, close }))
    }

    fn candle(&self, [open, high, low]: [Option<usize>; 3], close: usize) -> Result<Option<Bar>, Error> {
        let optional = |index: Option<usize>, column| index.map_or(Ok(None), |i| self.price(i, column));
        let (open, high, low) = (optional(open, "open")?, optional(high, "high")?, optional(low, "low")?);
        let Some(close) = self.price(close, "close")? else { return Ok(None) };
        for inside in [Some(close), open, high, low].into_iter().flatten() {
            if low.is_some_and(|low| low > inside) || high.is_some_and(|high| high < inside) {
                return Err(Error::CrossedBar { file: self.file.to_owned(), line: self.line() });
            }
        }
        Ok(Some(Bar { low, high, close }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closes(text: &str) -> Vec<(u64, String)> {
        let file = File::parse("dir/btc.csv", text).unwrap();
        file.bars.iter().filter_map(|(time, bars)| Some((*time, bars[0]?.close.to_string()))).collect()
    }

    fn error(text: &str) -> String {
        File::parse("btc.csv", text).unwrap_err().to_string()
    }

    fn expected() -> Vec<(u64, String)> {
        vec![(1_621_425_600, "40000.5".to_owned()), (1_621_429_200, "30000".to_owned())]
    }

    #[test]
    fn the_usual_exports_all_give_the_same_bars() {
        let exports = [
            // Klines without a header, milliseconds.
            "1621425600000,41000,41000,39000,40000.50,12,1621429199999,1,2,3,4,0\n\
             1621429200000,40000,40100,30000,30000.00,12,1621432799999,1,2,3,4,0\n",
            // The same with Windows line ends and a byte-order mark.
            "\u{feff}open_time,open,high,low,close,volume\r\n1621425600000000,41000,41000,39000,40000.50,1\r\n\
             1621429200000000,40000,40100,30000,30000.00,1\r\n",
            // Newest first, a line about the site, seconds and a date, a text column.
            "https://www.example.com\nunix,date,symbol,open,high,low,close,Volume BTC\n\
             1621429200,2021-05-19 13:00:00,BTC/USD,40000,40100,30000,30000,1\n\
             1621425600,2021-05-19 12:00:00,BTC/USD,41000,41000,39000,40000.5,1\n",
            // Semicolons and quotes.
            "\"Date\";\"Open\";\"Close\"\n\"2021-05-19 12:00\";\"41000\";\"40000.5\"\n\"2021-05-19 13:00\";\"4e4\";\"3e4\"\n",
            // Tabs, date and clock apart.
            "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\n2021.05.19\t12:00:00\t41000\t41000\t39000\t40000.5\n\
             2021.05.19\t13:00:00\t40000\t40100\t30000\t30000\n",
            // Time and price alone, a blank line, no newline at the end.
            "timestamp,price\n2021-05-19T12:00:00Z,40000.5\n\n2021-05-19T13:00:00Z,30000",
            "1621425600,40000.5\n1621429200,30000\n",
        ];
        for export in exports {
            assert_eq!(closes(export), expected(), "{export}");
        }
        assert_eq!(File::parse("dir/btc.csv", exports[0]).unwrap().assets, ["BTC"]);
    }

    #[test]
    fn the_same_row_twice_is_one_row_and_another_price_at_its_time_is_an_error() {
        assert_eq!(
            closes("time,close\n1621425600,40000.5\n1621425600,40000.50\n1621429200,3e4\n"),
            expected()
        );
        let message = error("time,close\n1621425600,40000.5\n1621425600,40000.6\n");
        assert_eq!(message, "btc.csv:3: another row for the same time says something else");
    }

    #[test]
    fn an_empty_field_is_a_hole() {
        let file = File::parse("x.csv", "time,BTC,ETH\n1621425600,,2\n1621429200,3,\n").unwrap();
        let holes: Vec<Vec<bool>> =
            file.bars.values().map(|r| r.iter().map(Option::is_none).collect()).collect();
        assert_eq!(holes, [[true, false], [false, true]]);
        assert_eq!(closes("time,high,close\n1621425600,,40000.5\n1621429200,3e4,3e4\n"), expected());
    }

    #[test]
    fn a_bad_value_is_named_with_its_file_line_and_column() {
        let bad =
            |value: &str| error(&format!("time,open,close\n1621425600,1,1\n1621429200,1,\"{value}\"\n"));
        assert_eq!(bad("NaN"), "btc.csv:3: close \"NaN\" is not a number");
        assert_eq!(bad("0"), "btc.csv:3: close \"0\" is not above zero");
        assert_eq!(bad("-1"), "btc.csv:3: close \"-1\" is not above zero");
        assert!(bad("58,858.6").starts_with("btc.csv:3: close \"58,858.6\" has a separator inside"));
        assert!(
            error("time;BTC\n2021-05-19;1,5\n").starts_with("btc.csv:2: BTC \"1,5\" has a separator inside")
        );
        assert!(error("time,close\n19/05/2021,1\n").starts_with("btc.csv:2: \"19/05/2021\" is no time"));
    }

    #[test]
    fn a_row_of_another_width_is_refused() {
        let message = error("time,open,close\n1621425600,1,1\n1621429200,1\n");
        assert_eq!(message, "btc.csv:3: 2 fields where the first row has 3");
    }

    #[test]
    fn columns_in_another_order_than_klines_are_noticed() {
        // time, low, high, open, close
        let message = error("1621425600,39000,41000,40000,40500,7\n");
        assert!(message.starts_with("btc.csv:1: low ≤ open, close ≤ high does not hold"), "{message}");
    }

    #[test]
    fn an_empty_file_has_no_step() {
        assert!(matches!(File::parse("x.csv", "\n \n"), Err(Error::TooShort { .. })));
    }
}
