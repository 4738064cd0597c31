//! A price series.

use std::fs;
use std::path::{Path, PathBuf};

use crate::file::File;
use crate::merge::merge;
use crate::{Error, Price};

const BUILT_IN: &str = include_str!("../data/us-equities-2020-03.csv");

/// Prices of several assets at the same times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Seconds between bars: the most frequent difference. Nights, weekends and holes make some longer.
    pub step: u64,
    /// Unix seconds at which the first bar opened. Nothing of this series is known yet.
    pub start: u64,
    /// Names in capitals; the order of the prices in every row.
    pub assets: Vec<String>,
    /// Strictly increasing in time, at least one.
    pub rows: Vec<Row>,
}

/// What is known at one time. Each list has one entry per asset; none is a hole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Unix seconds at which the bar's close, low and high are known: its opening time plus one step.
    pub time: u64,
    /// Last price of the bar.
    pub close: Vec<Option<Price>>,
    /// Lowest price of the bar, where the source has it.
    pub low: Vec<Option<Price>>,
    /// Highest price of the bar, where the source has it.
    pub high: Vec<Option<Price>>,
}

impl Series {
    /// Reads a folder (a file per asset, named by the file's stem in capitals) or one file (one asset's candles, or a column per asset).
    ///
    /// Exchanges' candle exports are read as they are: header in any case, or none (klines layout: open time, open, high, low, close);
    /// comma, semicolon or tab; Unix seconds, milliseconds, microseconds or nanoseconds, ISO 8601, `YYYY-MM-DD [HH:MM[:SS]]`;
    /// ascending or descending; equal rows twice. Unknown columns of a candle file, such as volume, are passed over. A stamp is taken
    /// for the bar's opening time, UTC.
    ///
    /// # Errors
    /// Any [`Error`] but `UnknownAsset` and `EmptyWindow`; no file is read half.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let unreadable = |source| Error::Read { file: path.to_owned(), source };
        if !fs::metadata(path).map_err(unreadable)?.is_dir() {
            return merge(&[read(path)?]);
        }
        let mut paths: Vec<PathBuf> = fs::read_dir(path)
            .and_then(|entries| entries.map(|entry| entry.map(|e| e.path())).collect())
            .map_err(unreadable)?;
        paths.retain(|path| is_table(path));
        paths.sort();
        if paths.is_empty() {
            return Err(Error::EmptyFolder { folder: path.to_owned() });
        }
        merge(&paths.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?)
    }

    /// Reads one file's text, as [`Series::load`] would; `name` is what errors call it, and its stem names a single asset.
    ///
    /// # Errors
    /// As [`Series::load`], but for those of reading.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        merge(&[File::parse(name, text)?])
    }

    /// The crash of March 2020: 20 US stocks and the S&P 500, daily, 1 November 2019 to 30 June 2020. From the Python package
    /// `skfolio` 1.12.2 (BSD-3-Clause; see `data/NOTICE.md`). Stocks are adjusted for splits and dividends.
    ///
    /// # Errors
    /// None that a test would not have found: the text is compiled in.
    pub fn built_in() -> Result<Self, Error> {
        Self::parse("us-equities-2020-03.csv", BUILT_IN)
    }

    /// Where an asset stands in every row.
    ///
    /// # Errors
    /// `UnknownAsset`, which lists what there is.
    pub fn index_of(&self, asset: &str) -> Result<usize, Error> {
        self.assets
            .iter()
            .position(|a| a == asset)
            .ok_or_else(|| Error::UnknownAsset { asset: asset.to_owned(), available: self.assets.join(", ") })
    }

    /// The named assets alone, in this order. Rows without a price of any of them are dropped.
    ///
    /// # Errors
    /// `UnknownAsset`, `AssetTwice`, and `TooShort` when no row is left.
    pub fn select(&self, assets: &[&str]) -> Result<Self, Error> {
        let mut indices = Vec::new();
        for asset in assets {
            let index = self.index_of(asset)?;
            if indices.contains(&index) {
                return Err(Error::AssetTwice { asset: (*asset).to_owned() });
            }
            indices.push(index);
        }
        let pick =
            |prices: &[Option<Price>]| indices.iter().map(|&i| prices.get(i).copied().flatten()).collect();
        let rows = self
            .rows
            .iter()
            .map(|row| Row {
                time: row.time,
                close: pick(&row.close),
                low: pick(&row.low),
                high: pick(&row.high),
            })
            .filter(|row| row.close.iter().any(Option::is_some))
            .collect();
        self.with_rows(assets.iter().map(|a| (*a).to_owned()).collect(), rows)
            .ok_or_else(|| Error::TooShort { file: assets.join(", ") })
    }

    /// One more asset that costs the same in every row, such as a stablecoin at 1.
    ///
    /// # Errors
    /// `AssetTwice` if it is there already.
    pub fn with_constant(mut self, asset: &str, price: Price) -> Result<Self, Error> {
        if self.assets.iter().any(|a| a == asset) {
            return Err(Error::AssetTwice { asset: asset.to_owned() });
        }
        self.assets.push(asset.to_owned());
        for row in &mut self.rows {
            row.close.push(Some(price));
            row.low.push(None);
            row.high.push(None);
        }
        Ok(self)
    }

    /// The rows that become known at or after `from` and before `to`, both in Unix seconds.
    ///
    /// # Errors
    /// `EmptyWindow` when there are none.
    pub fn window(&self, from: u64, to: u64) -> Result<Self, Error> {
        let rows = self.rows.iter().filter(|row| (from..to).contains(&row.time)).cloned().collect();
        let edge = |row: Option<&Row>| row.map_or(0, |row| row.time);
        let (first, last) = (edge(self.rows.first()), edge(self.rows.last()));
        self.with_rows(self.assets.clone(), rows).ok_or(Error::EmptyWindow { from, to, first, last })
    }

    /// The same steps with other rows; none without a row.
    fn with_rows(&self, assets: Vec<String>, rows: Vec<Row>) -> Option<Self> {
        let start = rows.first()?.time.saturating_sub(self.step);
        Some(Self { step: self.step, start, assets, rows })
    }
}

fn is_table(path: &Path) -> bool {
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    path.is_file() && matches!(extension.as_deref(), Some("csv" | "tsv"))
}

fn read(path: &Path) -> Result<File, Error> {
    let bytes = fs::read(path).map_err(|source| Error::Read { file: path.to_owned(), source })?;
    let name = path.display().to_string();
    match String::from_utf8(bytes) {
        Ok(text) => File::parse(&name, &text),
        Err(_) => Err(Error::NotText { file: name }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(text: &str) -> Price {
        text.parse().unwrap()
    }

    fn sample() -> Series {
        Series::parse("all.csv", "time,BTC,ETH,SOL\n0,1,10,\n60,2,20,\n120,3,,300\n180,4,40,400\n").unwrap()
    }

    fn times(series: &Series) -> Vec<u64> {
        series.rows.iter().map(|row| row.time).collect()
    }

    #[test]
    fn a_folder_is_one_asset_per_file_named_by_its_stem() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("eth.csv"), "time,close\n0,10\n60,20\n").unwrap();
        fs::write(dir.path().join("BTC.CSV"), "0,1,2,1,2,9\n60,2,3,2,3,9\n").unwrap();
        fs::write(dir.path().join("README.md"), "no prices here").unwrap();
        let series = Series::load(dir.path()).unwrap();
        assert_eq!(series.assets, ["BTC", "ETH"]);
        assert_eq!(times(&series), [60, 120]);
        assert_eq!(series.rows[1].close, [Some(price("3")), Some(price("20"))]);
        let one = Series::load(dir.path().join("eth.csv")).unwrap();
        assert_eq!(one.assets, ["ETH"]);
    }

    #[test]
    fn what_can_not_be_read_says_where() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(Series::load(dir.path()), Err(Error::EmptyFolder { .. })));
        let missing = dir.path().join("missing.csv");
        assert!(matches!(Series::load(&missing), Err(Error::Read { file, .. }) if file == missing));
        let binary = dir.path().join("x.csv");
        fs::write(&binary, [0xff, 0xfe, 0x41, 0x00]).unwrap();
        assert!(matches!(Series::load(&binary), Err(Error::NotText { .. })));
    }

    #[test]
    fn a_row_is_known_one_step_after_its_bar_opened() {
        let series = sample();
        assert_eq!((series.start, series.step), (0, 60));
        assert_eq!(times(&series), [60, 120, 180, 240]);
    }

    #[test]
    fn selecting_keeps_the_order_asked_for_and_drops_rows_without_a_price() {
        let series = sample().select(&["SOL", "ETH"]).unwrap();
        assert_eq!(series.assets, ["SOL", "ETH"]);
        assert_eq!(series.rows[0].close, [None, Some(price("10"))]);
        let sol = sample().select(&["SOL"]).unwrap();
        assert_eq!((sol.start, times(&sol)), (120, vec![180, 240]));
        assert!(
            matches!(sample().select(&["DOGE"]), Err(Error::UnknownAsset { asset, .. }) if asset == "DOGE")
        );
        assert!(matches!(sample().select(&["BTC", "BTC"]), Err(Error::AssetTwice { .. })));
    }

    #[test]
    fn a_window_takes_its_first_second_and_leaves_its_last() {
        let series = sample().window(120, 240).unwrap();
        assert_eq!((series.start, times(&series)), (60, vec![120, 180]));
        let empty = sample().window(241, 1_000);
        assert!(matches!(empty, Err(Error::EmptyWindow { first: 60, last: 240, .. })));
        assert!(matches!(sample().window(240, 120), Err(Error::EmptyWindow { .. })));
    }

    #[test]
    fn a_constant_has_its_price_in_every_row() {
        let series = sample().with_constant("USDC", price("1")).unwrap();
        assert_eq!(series.index_of("USDC").unwrap(), 3);
        assert!(series.rows.iter().all(|row| row.close[3] == Some(price("1")) && row.low.len() == 4));
        assert!(matches!(series.with_constant("BTC", price("1")), Err(Error::AssetTwice { .. })));
    }

    #[test]
    fn the_built_in_series_is_the_crash_of_march_2020() {
        let series = Series::built_in().unwrap();
        assert_eq!((series.assets.len(), series.rows.len(), series.step), (21, 166, 86_400));
        assert_eq!(series.start, 1_572_566_400, "1 November 2019");
        assert!(series.rows.iter().all(|row| row.close.iter().all(Option::is_some)));
        // The index closed at its low of 2,237.40 on 23 March 2020, and a day later that was known.
        let sp500 = series.index_of("SP500").unwrap();
        let low = series.rows.iter().min_by_key(|row| row.close[sp500]).unwrap();
        assert_eq!((low.time, low.close[sp500]), (1_584_921_600 + 86_400, Some(price("2237.4"))));
    }
}
