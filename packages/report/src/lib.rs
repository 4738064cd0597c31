//! A report: charts and tables as one HTML page that needs nothing else.
//!
//! The page has no script, fetches nothing (its content policy forbids it), follows the reader's light or dark setting and fits a
//! phone. Every chart is drawn twice, for wide and for narrow screens, so that its text can be read on both. Input is plain data; all
//! text is escaped.
//!
//! ```
//! use sdp_report::{Chart, Line, Report, Style, XAxis, YAxis};
//!
//! let chart = Chart {
//!     id: "ratio".into(),
//!     title: "Collateral ratio".into(),
//!     x: XAxis::time("Time (UTC)"),
//!     y: YAxis::new("Ratio", "%"),
//!     series: vec![Line::new("Pool", Style::Line, vec![(1_621_382_400.0, 250.0), (1_621_468_800.0, 214.5)])],
//!     thresholds: vec![("Liquidation".into(), 150.0)],
//!     ..Chart::default()
//! };
//! let page = Report { title: "May 2021".into(), charts: vec![chart], ..Report::default() }.to_html();
//! assert!(page.starts_with("<!DOCTYPE html>") && page.contains("Collateral ratio"));
//! ```
#![allow(
    clippy::float_arithmetic,
    reason = "pixels and axis labels; no amount of anybody's money is computed here"
)]

mod axis;
mod chart;
mod html;
mod model;
mod number;
mod palette;
mod points;
mod summary;

pub use model::{Align, AxisKind, Chart, Column, Line, Mark, Report, Style, Table, XAxis, YAxis};
