//! What people see.

use comfy_table::{presets, Cell, CellAlignment, Table};

use crate::budget::{Budget, Finding};
use crate::rows::Rows;

/// A number with commas between thousands.
pub fn number(gas: i64) -> String {
    let digits = gas.unsigned_abs().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if gas < 0 {
        text.insert(0, '-');
    }
    text
}

/// A cell on the right side.
pub fn right(text: impl ToString) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

/// An empty table.
pub fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(header.iter().copied());
    table
}

fn maybe(gas: Option<i64>) -> Cell {
    right(gas.map(number).unwrap_or_default())
}

/// All rows, with what the budget says of them.
pub fn all(rows: &Rows, pinned: &Rows, budget: &Budget) -> Table {
    let mut table = table(&["message", "not pinned", "pinned", "limit", "over", "floor", "budget"]);
    for row in rows.iter() {
        let line = budget.line(&row.name).cloned().unwrap_or_default();
        let over = line.limit.map(|limit| row.gas - limit).filter(|over| *over > 0);
        table.add_row([
            Cell::new(&row.name),
            right(number(row.gas)),
            maybe(pinned.find(&row.name)),
            maybe(line.limit),
            maybe(over),
            maybe(line.floor),
            maybe(budget.line(&row.name).map(|line| line.gas)),
        ]);
    }
    table
}

/// What is not as the budget has it.
pub fn findings(found: &[Finding]) -> Table {
    let mut table = table(&["message", "", "measured", "budget", "percent"]);
    for finding in found {
        let name =
            |row: &String, pinned: bool| Cell::new(format!("{row}{}", if pinned { " (pinned)" } else { "" }));
        let percent = |gas: i64, budget: i64| {
            let tenths = if budget == 0 { 0 } else { (gas - budget) * 1_000 / budget };
            let sign = if tenths < 0 { "-" } else { "+" };
            right(format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10))
        };
        let none = || Cell::new("");
        table.add_row(match finding {
            Finding::Above { row, pinned, gas, budget } => [
                name(row, *pinned),
                Cell::new("ABOVE"),
                right(number(*gas)),
                right(number(*budget)),
                percent(*gas, *budget),
            ],
            Finding::Below { row, pinned, gas, budget } => [
                name(row, *pinned),
                Cell::new("below"),
                right(number(*gas)),
                right(number(*budget)),
                percent(*gas, *budget),
            ],
            Finding::New { row, gas } => {
                [name(row, false), Cell::new("NEW"), right(number(*gas)), none(), none()]
            }
            Finding::Missing { row } => [name(row, false), Cell::new("MISSING"), none(), none(), none()],
        });
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!([0, 999, 1_000, -1_234_567].map(number), ["0", "999", "1,000", "-1,234,567"]);
    }
}
