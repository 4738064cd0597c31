//! What can be wrong with price files.

use std::path::PathBuf;

use crate::price::PriceError;

/// What can be wrong with price files. `file` is the path as given, `line` counts from 1.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder can't be read.
    #[error("{}: {source}", file.display())]
    Read {
        /// Where.
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Not UTF-8 text.
    #[error("{file}: not UTF-8 text")]
    NotText {
        /// Where.
        file: String,
    },
    /// Not a table, for example an open quote.
    #[error("{file}: {source}")]
    Csv {
        /// Where.
        file: String,
        /// What the reader says.
        source: csv::Error,
    },
    /// A folder without a `.csv` or `.tsv` file.
    #[error("{}: no .csv or .tsv file in this folder", folder.display())]
    EmptyFolder {
        /// Where.
        folder: PathBuf,
    },
    /// Fewer than two bars, so that the step is unknown.
    #[error("{file}: fewer than two bars, so the step between them is unknown")]
    TooShort {
        /// Where.
        file: String,
    },
    /// None of the columns is a bar's opening time.
    #[error("{file}: no time column (time, timestamp, date, open_time, unix …) among: {columns}")]
    NoTimeColumn {
        /// Where.
        file: String,
        /// The header as found.
        columns: String,
    },
    /// Neither a close nor a column per asset.
    #[error("{file}: no close and no column per asset among: {columns}")]
    NoPriceColumn {
        /// Where.
        file: String,
        /// The header as found.
        columns: String,
    },
    /// The same column twice.
    #[error("{file}: column {column} stands there twice")]
    ColumnTwice {
        /// Where.
        file: String,
        /// Its name.
        column: String,
    },
    /// A row with more or fewer fields than the first.
    #[error("{file}:{line}: {found} fields where the first row has {expected}")]
    Ragged {
        /// Where.
        file: String,
        /// Its line.
        line: u64,
        /// Fields of the first row.
        expected: usize,
        /// Fields of this one.
        found: usize,
    },
    /// A time that can't be read, or could mean two days.
    #[error("{file}:{line}: {value:?} is no time that can be read; use Unix time or YYYY-MM-DD HH:MM:SS")]
    BadTime {
        /// Where.
        file: String,
        /// Its line.
        line: u64,
        /// The text.
        value: String,
    },
    /// A price that is no exact positive decimal.
    #[error("{file}:{line}: {column} {value:?} {reason}")]
    BadPrice {
        /// Where.
        file: String,
        /// Its line.
        line: u64,
        /// Its column.
        column: String,
        /// The text.
        value: String,
        /// Why.
        reason: PriceError,
    },
    /// A bar with a low above its close or a high below it: the columns are not what their order or names say.
    #[error("{file}:{line}: low ≤ open, close ≤ high does not hold; are the columns in another order?")]
    CrossedBar {
        /// Where.
        file: String,
        /// Its line.
        line: u64,
    },
    /// Two rows for one time that say different things.
    #[error("{file}:{line}: another row for the same time says something else")]
    Conflict {
        /// Where.
        file: String,
        /// The line of the later one.
        line: u64,
    },
    /// Two files, columns or calls name the same asset.
    #[error("{asset} stands there twice")]
    AssetTwice {
        /// The asset.
        asset: String,
    },
    /// Files with different steps: a close would be known later than the common step says, so they can't be one series.
    #[error("{file}: bars of {found} s, in the other files {expected} s")]
    MixedSteps {
        /// Where.
        file: String,
        /// Seconds between the bars of the first file.
        expected: u64,
        /// Seconds between the bars of this one.
        found: u64,
    },
    /// No such asset in the series.
    #[error("no {asset} in this series; it has {available}")]
    UnknownAsset {
        /// The asset.
        asset: String,
        /// What there is.
        available: String,
    },
    /// No row in the window.
    #[error("no bar is known from {from} to {to} (Unix seconds); the series has {first} to {last}")]
    EmptyWindow {
        /// First second asked for.
        from: u64,
        /// First second not asked for.
        to: u64,
        /// Time of the first row.
        first: u64,
        /// Time of the last row.
        last: u64,
    },
    /// Prices that never fall have no crash to be made deeper.
    #[error("prices never fall there, so there is no crash to be made deeper")]
    NoFall,
    /// A price that no [`crate::Price`] holds after a fall was made deeper.
    #[error("{asset}: made so much deeper, its price is beyond 128 bits")]
    Beyond {
        /// The asset.
        asset: String,
    },
}
