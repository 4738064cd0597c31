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
}

/// All of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows(Vec<Row>);

impl Rows {
    /// Adds one.
    pub fn add(&mut self, name: impl Into<String>, gas: i64) {
        self.0.push(Row { name: name.into(), gas });
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
