//! Real price series for a replay.
//!
//! Candle files come in, exact prices come out: no number passes through floating point. A file stamps a bar with its **open**, but a
//! bar's close is known only one step later, so a [`Row`] carries the time at which its prices are known and a replay that publishes
//! them at [`Row::time`] can't look ahead. Holes stay holes.
//!
//! ```
//! use sdp_prices::Series;
//!
//! let candles = "Open Time,Open,High,Low,Close,Volume\n\
//!                1620604800000,58240.83,58887.82,58009.96,58858.6,2311\n\
//!                1620608400000,58858.6,58985,58610.16,58700.21,1804\n";
//! let series = Series::parse("btc.csv", candles)?;
//! assert_eq!(series.assets, ["BTC"]);
//! assert_eq!((series.start, series.step), (1_620_604_800, 3_600));
//! assert_eq!(series.rows[0].time, 1_620_608_400); // known when the bar has ended
//! assert_eq!(series.rows[0].close[0].unwrap().to_string(), "58858.6");
//! # Ok::<(), sdp_prices::Error>(())
//! ```

mod columns;
mod error;
mod file;
mod merge;
mod price;
mod series;
mod stamp;
mod stress;

pub use error::Error;
pub use price::{Price, PriceError};
pub use series::{Row, Series};
pub use stress::{Fall, Stress};
