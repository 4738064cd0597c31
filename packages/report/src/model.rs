//! What a report is made of.

use serde::{Deserialize, Serialize};

/// A page. Every part but the title may be empty.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// The page's heading.
    pub title: String,
    /// One sentence under it.
    pub subtitle: String,
    /// What the report was made from, as name and value: series, seed, version.
    pub generated_from: Vec<(String, String)>,
    /// In this order, before the tables.
    pub charts: Vec<Chart>,
    /// In this order.
    pub tables: Vec<Table>,
    /// Remarks at the end, a paragraph each.
    pub notes: Vec<String>,
}

/// A chart of one or more lines over one x and one y axis.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Chart {
    /// Its anchor in the page; unique in a report.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What to see in it; a sentence or two.
    pub caption: String,
    /// Horizontal axis.
    pub x: XAxis,
    /// Vertical axis.
    pub y: YAxis,
    /// What is drawn, the first at the bottom.
    pub series: Vec<Line>,
    /// Events: a numbered vertical line each, explained below the chart.
    pub marks: Vec<Mark>,
    /// Bounds: a dashed horizontal line each, in units of y.
    pub thresholds: Vec<(String, f64)>,
}

/// The horizontal axis.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct XAxis {
    /// What it counts, with the unit: `Time (UTC)`, `Auction age (s)`.
    pub label: String,
    /// How its numbers are shown.
    pub kind: AxisKind,
}

/// How x is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AxisKind {
    /// Unix seconds, shown as dates and times UTC.
    Time,
    /// Plain numbers.
    #[default]
    Number,
}

/// The vertical axis.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct YAxis {
    /// What it shows.
    pub label: String,
    /// Its unit: `USD`, `%`, `% a day`; empty for a bare number.
    pub unit: String,
}

/// One series of points.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Its name in the legend.
    pub name: String,
    /// How it is drawn.
    pub style: Style,
    /// (x, y) with x increasing. A y that is not finite is a gap (`null` in JSON); a point whose x is not finite is passed over.
    #[serde(with = "gaps")]
    pub points: Vec<(f64, f64)>,
}

/// How points are drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// Straight from point to point.
    #[default]
    Line,
    /// A line, filled down to zero.
    Area,
    /// Each value holds until the next point.
    Steps,
    /// A bar from zero at each point.
    Bars,
}

/// An event on the x axis.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// Where.
    pub x: f64,
    /// What happened.
    pub label: String,
}

/// A table of text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Table {
    /// Its heading.
    pub title: String,
    /// What to see in it, with the units.
    pub caption: String,
    /// Its columns; the first names the row.
    pub columns: Vec<Column>,
    /// Cells as they are shown. A short row ends in empty cells; cells without a column are left out.
    pub rows: Vec<Vec<String>>,
}

/// A table's column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its heading.
    pub name: String,
    /// Side of the cell that its text keeps to.
    pub align: Align,
}

/// Side of a cell that text keeps to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// Words.
    #[default]
    Left,
    /// Numbers.
    Right,
}

impl XAxis {
    /// An axis of Unix seconds.
    pub fn time(label: impl Into<String>) -> Self {
        Self { label: label.into(), kind: AxisKind::Time }
    }

    /// An axis of plain numbers.
    pub fn number(label: impl Into<String>) -> Self {
        Self { label: label.into(), kind: AxisKind::Number }
    }
}

impl YAxis {
    /// An axis that shows `label` in `unit`.
    pub fn new(label: impl Into<String>, unit: impl Into<String>) -> Self {
        Self { label: label.into(), unit: unit.into() }
    }
}

impl Line {
    /// A series of points.
    pub fn new(name: impl Into<String>, style: Style, points: Vec<(f64, f64)>) -> Self {
        Self { name: name.into(), style, points }
    }
}

impl Column {
    /// A column of words.
    pub fn left(name: impl Into<String>) -> Self {
        Self { name: name.into(), align: Align::Left }
    }

    /// A column of numbers.
    pub fn right(name: impl Into<String>) -> Self {
        Self { name: name.into(), align: Align::Right }
    }
}

/// JSON has no NaN, so a gap is `null` there.
mod gaps {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(points: &[(f64, f64)], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(points.iter().map(|&(x, y)| (x, y.is_finite().then_some(y))))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<(f64, f64)>, D::Error> {
        let points = Vec::<(f64, Option<f64>)>::deserialize(from)?;
        Ok(points.into_iter().map(|(x, y)| (x, y.unwrap_or(f64::NAN))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_survives_json() {
        let line = Line::new("a", Style::Steps, vec![(0.0, 1.5), (1.0, f64::NAN), (2.0, -3.0)]);
        let json = serde_json::to_string(&line).unwrap();
        assert_eq!(json, r#"{"name":"a","style":"steps","points":[[0.0,1.5],[1.0,null],[2.0,-3.0]]}"#);
        let back: Line = serde_json::from_str(&json).unwrap();
        assert!(back.points[1].1.is_nan());
        assert_eq!((back.points[0], back.points[2]), ((0.0, 1.5), (2.0, -3.0)));
    }

    #[test]
    fn a_report_needs_only_what_it_has() {
        let report: Report = serde_json::from_str(r#"{"title":"May 2021"}"#).unwrap();
        assert_eq!(report, Report { title: "May 2021".into(), ..Report::default() });
    }
}
