//! What keepers' messages cost: the rows of `ci/gas-budget.json`, measured on a real chain by `scripts/gas`.

use std::collections::BTreeMap;
use std::path::Path;

use sdp_types::{Ratio, Rounding, Usd};
use serde::Deserialize;

use crate::failure::Failure;

const BUDGET: &str = include_str!("../../../../ci/gas-budget.json");

/// Something that keepers do: what the first item of a message takes, and each further one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it is called.
    pub name: &'static str,
    row: &'static str,
    further: Option<&'static str>,
}

/// An account of traders is liquidated.
pub const LIQUIDATE: Action = Action {
    name: "liquidate an account",
    row: "8 perpetuals, 0 positions: liquidate 1 account",
    further: Some("8 perpetuals, 0 positions: liquidate, each further account"),
};
/// An order is settled.
pub const SETTLE: Action = Action {
    name: "settle an order",
    row: "8 perpetuals, 0 positions: settle 1 order",
    further: Some("8 perpetuals, 0 positions: settle, each further order"),
};
/// A provider's position is seized, and an auction begins.
pub const SEIZE: Action = Action {
    name: "seize a provider's position",
    row: "8 perpetuals, 0 positions: seize and start an auction",
    further: None,
};
/// An auction begins again.
pub const REDO: Action =
    Action { name: "reset an auction", row: "8 perpetuals, 0 positions: redo", further: None };

#[derive(Deserialize)]
struct Line {
    row: String,
    gas: i64,
}

/// Gas by row.
pub struct Gas(BTreeMap<String, i64>);

impl Gas {
    /// From a file of that format; without one, what was committed with this program.
    pub fn read(path: Option<&Path>) -> Result<Self, Failure> {
        let text = match path {
            None => BUDGET.to_string(),
            Some(path) => std::fs::read_to_string(path)
                .map_err(|error| Failure::setup(format!("{}: {error}", path.display())))?,
        };
        let shown = path.map_or_else(|| "the gas budget".to_string(), |path| path.display().to_string());
        let lines: Vec<Line> =
            serde_json::from_str(&text).map_err(|error| Failure::setup(format!("{shown}: {error}")))?;
        Ok(Self(lines.into_iter().map(|line| (line.row, line.gas)).collect()))
    }

    /// Gas of one item of a message with `batch` of them, rounded up; an action without further items takes one a message.
    pub fn each(&self, action: Action, batch: u32) -> Result<u64, Failure> {
        let (first, batch) = (self.row(action.row)?, u64::from(batch.max(1)));
        let Some(further) = action.further else { return Ok(first) };
        let further = self.row(further)?;
        let all = further.checked_mul(batch - 1).and_then(|more| more.checked_add(first));
        let all = all.ok_or_else(|| Failure::setup(format!("{}: too much gas", action.name)))?;
        Ok(all.div_ceil(batch))
    }

    fn row(&self, row: &str) -> Result<u64, Failure> {
        let gas =
            self.0.get(row).ok_or_else(|| Failure::setup(format!("no row `{row}` in the gas budget")))?;
        u64::try_from(*gas).map_err(|_| Failure::setup(format!("row `{row}` is below zero")))
    }
}

/// What so much gas costs at USD for a million gas, rounded up: a millionth of a USD a unit of gas is a micro-USD.
pub fn cost(gas: u64, price: Ratio) -> sdp_types::Result<Usd> {
    Usd::new(gas.into()).scale(price, Rounding::Up)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_shares_what_its_message_costs_and_that_is_what_was_measured() {
        let gas = Gas::read(None).unwrap_or_else(|_| panic!("the committed budget"));
        let each = |action, batch| gas.each(action, batch).unwrap_or_else(|_| panic!("{action:?}"));
        assert_eq!(each(LIQUIDATE, 1), gas.0[LIQUIDATE.row].unsigned_abs());
        for (batch, row, action) in [
            (10, "8 perpetuals, 0 positions: liquidate 10 accounts", LIQUIDATE),
            (50, "8 perpetuals, 0 positions: liquidate 50 accounts", LIQUIDATE),
            (11, "8 perpetuals, 0 positions: settle 11 orders", SETTLE),
            (49, "8 perpetuals, 0 positions: settle 49 orders", SETTLE),
        ] {
            let (all, measured) = (each(action, batch) * u64::from(batch), gas.0[row].unsigned_abs());
            // within the 2 % that the budget allows
            assert!(all.abs_diff(measured) * 50 <= measured, "{row}: {all} and {measured}");
        }
        assert_eq!(each(SEIZE, 50), each(SEIZE, 1));
    }

    #[test]
    fn a_million_gas_costs_its_price_and_a_part_of_it_is_rounded_up() {
        let price: Ratio = "0.025".parse().unwrap();
        assert_eq!(cost(1_000_000, price).unwrap(), Usd::new(25_000));
        assert_eq!(cost(1, price).unwrap(), Usd::new(1));
    }

    #[test]
    fn a_budget_that_can_not_be_read_says_why() {
        let fails = |path: Option<&Path>| matches!(Gas::read(path), Err(Failure::Setup(_)));
        assert!(fails(Some(Path::new("no such file"))));
        assert!(fails(Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml").as_path())));
        let empty = Gas(BTreeMap::new());
        assert!(matches!(empty.each(REDO, 1), Err(Failure::Setup(text)) if text.contains("redo")));
    }
}
