//! The committed budget: what each row may use.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result};
use sdp_network::file;
use serde::{Deserialize, Serialize};

use crate::rows::Rows;

/// A row may be so many percent above its budget, …
const PERCENT: i64 = 2;
/// … or so much, where that is more.
const SLACK: i64 = 60;
/// A slope is a small difference of two large rows, and each of them differs a little between two runs of the same contracts,
/// whose blocks have other times and so other digits to store: by up to a hundred gas. So a slope may also be so many parts in
/// ten thousand of the larger row, by unit, above its budget.
const SLOPE_PARTS: i64 = 20;

/// What one row may use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its name.
    pub row: String,
    /// Gas, no code pinned.
    pub gas: i64,
    /// Gas with all codes pinned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned: Option<i64>,
    /// What the design asks for, not pinned. For people to see: what fails a run is the budget.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    /// The least that calls of so many contracts can use, whatever they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<i64>,
}

/// All of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Budget(pub Vec<Line>);

/// What was measured, beside what was allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// More than allowed.
    Above { row: String, pinned: bool, gas: i64, budget: i64 },
    /// So much less that the budget no longer guards it.
    Below { row: String, pinned: bool, gas: i64, budget: i64 },
    /// Not in the budget.
    New { row: String, gas: i64 },
    /// In the budget, but not measured.
    Missing { row: String },
}

impl Finding {
    /// Whether a run fails for it.
    pub fn fails(&self) -> bool {
        !matches!(self, Self::Below { .. })
    }
}

impl Budget {
    /// From its file; an empty one where there is none.
    pub fn read(path: &Path) -> Result<Self> {
        let shown = path.display();
        let text = match std::fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error).with_context(|| format!("budget {shown}")),
        };
        Ok(Self(serde_json::from_slice(&text).with_context(|| format!("budget {shown}"))?))
    }

    /// Writes it, a row a line.
    pub fn write(&self, path: &Path) -> Result<()> {
        let mut text = String::from("[\n");
        for (number, line) in self.0.iter().enumerate() {
            let comma = if number + 1 == self.0.len() { "" } else { "," };
            writeln!(text, "{}{comma}", serde_json::to_string(line)?)?;
        }
        text.push_str("]\n");
        file::replace(path, text.as_bytes()).with_context(|| format!("budget {}", path.display()))
    }

    /// The line of a row.
    pub fn line(&self, row: &str) -> Option<&Line> {
        self.0.iter().find(|line| line.row == row)
    }

    /// Compares. In a quick run rows may be missing.
    pub fn compare(&self, rows: &Rows, pinned: &Rows, quick: bool) -> Vec<Finding> {
        let mut found = Vec::new();
        for row in rows.iter() {
            let Some(line) = self.line(&row.name) else {
                found.push(Finding::New { row: row.name.clone(), gas: row.gas });
                continue;
            };
            // of what is no slope less than the percents
            let slope = row.of * SLOPE_PARTS / 10_000;
            found.extend(judge(&row.name, false, row.gas, line.gas, slope));
            if let (Some(gas), Some(budget)) = (pinned.find(&row.name), line.pinned) {
                found.extend(judge(&row.name, true, gas, budget, slope));
            }
        }
        let missing = self.0.iter().filter(|line| !quick && rows.find(&line.row).is_none());
        found.extend(missing.map(|line| Finding::Missing { row: line.row.clone() }));
        found
    }

    /// What was measured becomes the budget; limits and floors stay. Of a quick run, what it left out stays too.
    pub fn update(&mut self, rows: &Rows, pinned: &Rows, quick: bool) {
        let mut seen = BTreeSet::new();
        let mut lines = Vec::new();
        for row in rows.iter().filter(|row| seen.insert(row.name.clone())) {
            let old = self.line(&row.name).cloned().unwrap_or_default();
            let pinned = pinned.find(&row.name).or(old.pinned.filter(|_| quick));
            lines.push(Line { row: row.name.clone(), gas: row.gas, pinned, ..old });
        }
        if quick {
            lines.extend(self.0.drain(..).filter(|line| !seen.contains(&line.row)));
        }
        self.0 = lines;
    }
}

fn judge(row: &str, pinned: bool, gas: i64, budget: i64, slope: i64) -> Option<Finding> {
    let allowed = (budget.abs() * PERCENT / 100).max(SLACK).max(slope);
    let row = row.to_string();
    if gas > budget + allowed {
        Some(Finding::Above { row, pinned, gas, budget })
    } else if gas < budget - allowed {
        Some(Finding::Below { row, pinned, gas, budget })
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget() -> Budget {
        let line = |row: &str, gas, limit| Line { row: row.into(), gas, limit, ..Line::default() };
        Budget(vec![line("deposit", 100_000, Some(160_000)), line("slope", 400, None)])
    }

    fn rows(deposit: i64, slope: i64) -> Rows {
        let mut rows = Rows::default();
        rows.add("deposit", deposit);
        rows.add("slope", slope);
        rows
    }

    #[test]
    fn two_percent_above_passes_and_one_more_does_not() {
        let compare = |deposit, slope| budget().compare(&rows(deposit, slope), &Rows::default(), false);
        assert_eq!(compare(102_000, 460), []);
        let above = |row: &str, gas, budget| Finding::Above { row: row.into(), pinned: false, gas, budget };
        assert_eq!(compare(102_001, 461), [above("deposit", 102_001, 100_000), above("slope", 461, 400)]);
        assert!(!compare(97_999, 400).iter().any(Finding::fails));
    }

    #[test]
    fn a_slope_may_differ_by_a_five_hundredth_of_the_rows_that_it_is_the_difference_of() {
        let findings = |more, units| {
            let mut rows = Rows::default();
            rows.slope("slope", 100_000, more, units);
            budget().compare(&rows, &Rows::default(), true)
        };
        // budget 400; 100,600 ÷ 500 = 201 more
        assert_eq!(findings(100_600, 1), []);
        assert!(findings(100_602, 1).iter().any(Finding::fails));
        // by unit it is less: (101_600 ÷ 500) ÷ 4 = 50, and 60 is allowed anyway
        assert_eq!(findings(101_840, 4), []);
        assert!(findings(101_844, 4).iter().any(Finding::fails));
    }

    #[test]
    fn a_row_that_is_new_or_missing_fails() {
        let mut rows = rows(100_000, 400);
        rows.add("mint", 1);
        assert_eq!(budget().compare(&rows, &Rows::default(), false).len(), 1);
        let none = budget().compare(&Rows::default(), &Rows::default(), false);
        assert!(none.len() == 2 && none.iter().all(Finding::fails));
        assert_eq!(budget().compare(&Rows::default(), &Rows::default(), true), []);
    }

    #[test]
    fn an_update_keeps_limits_and_comes_back_from_its_file() {
        let mut budget = budget();
        let mut pinned = Rows::default();
        pinned.add("deposit", 40_000);
        budget.update(&rows(90_000, 300), &pinned, false);
        let line = budget.line("deposit").unwrap();
        assert_eq!((line.gas, line.pinned, line.limit), (90_000, Some(40_000), Some(160_000)));
        let file = std::env::temp_dir().join(format!("sdp-gas-budget-{}.json", std::process::id()));
        budget.write(&file).unwrap();
        assert_eq!(Budget::read(&file).unwrap(), budget);
        std::fs::remove_file(&file).unwrap();
    }
}
