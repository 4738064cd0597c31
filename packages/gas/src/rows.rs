//! What was measured: rows of gas, by name, in the order in which they were measured.

use anyhow::{Context, Result};
use serde::Serialize;

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// What was sent, and in which state.
    pub name: String,
    /// Gas of the whole transaction, or a sum or a slope of such.
    pub gas: i64,
    /// Of a slope: the larger of the two rows that it is the difference of, by unit. Else what `gas` is.
    #[serde(skip)]
    pub of: i64,
}

/// All of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows(Vec<Row>);

impl Rows {
    /// Adds one.
    pub fn add(&mut self, name: impl Into<String>, gas: i64) {
        self.0.push(Row { name: name.into(), gas, of: gas });
    }

    /// Adds a slope: what one more of something adds, from a row with less of it and one with `units` more.
    pub fn slope(&mut self, name: impl Into<String>, less: i64, more: i64, units: i64) {
        self.0.push(Row { name: name.into(), gas: (more - less) / units, of: more.max(less) / units });
    }

    /// Adds all of another table.
    pub fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// In order.
    pub fn iter(&self) -> impl Iterator<Item = &Row> {
        self.0.iter()
    }

    /// Gas of a row that there must be.
    pub fn gas(&self, name: &str) -> Result<i64> {
        self.find(name).with_context(|| format!("no row `{name}`"))
    }

    /// Gas of a row.
    pub fn find(&self, name: &str) -> Option<i64> {
        self.0.iter().find(|row| row.name == name).map(|row| row.gas)
    }
}
