//! Rows that can be sorted by any column, and columns that come with the width.

/// How much a cell wants to be seen. What it says is in its text, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// As everything else.
    #[default]
    Plain,
    /// Somebody should look.
    Look,
    /// Somebody should act.
    Act,
}

/// What a cell is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A number in its own unit.
    Number(i128),
    /// Its text.
    Text(String),
}

/// One cell.
#[derive(Clone, Debug)]
pub struct Cell {
    /// What is shown.
    pub text: String,
    /// What it is sorted by.
    pub key: Key,
    /// How it is shown.
    pub mark: Mark,
}

impl Cell {
    /// A number, by which it is sorted, as a text.
    pub fn number(key: i128, text: impl Into<String>) -> Self {
        Self { text: text.into(), key: Key::Number(key), mark: Mark::Plain }
    }

    /// A number that is never negative.
    pub fn amount(key: u128, text: impl Into<String>) -> Self {
        Self::number(i128::try_from(key).unwrap_or(i128::MAX), text)
    }

    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { key: Key::Text(text.clone()), text, mark: Mark::Plain }
    }

    /// The same with a mark.
    pub fn marked(mut self, mark: Mark) -> Self {
        self.mark = mark;
        self
    }
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its heading.
    pub title: &'static str,
    /// Cells that it takes.
    pub width: u16,
    /// Whether it is aligned to the left: texts are.
    pub left: bool,
}

/// A column of numbers.
pub const fn number(title: &'static str, width: u16) -> Column {
    Column { title, width, left: false }
}

/// A column of texts.
pub const fn words(title: &'static str, width: u16) -> Column {
    Column { title, width, left: true }
}

/// How many of the columns, the most important first, fit into a width with a space between them; at least one.
pub fn fitting(columns: &[Column], width: u16) -> usize {
    let mut taken = 0u16;
    let fit = columns.iter().take_while(|column| {
        taken = taken.saturating_add(column.width).saturating_add(1);
        taken <= width.saturating_add(1)
    });
    fit.count().max(1)
}

/// Sorts rows by a column; equal ones stay in their order.
pub fn sort(rows: &mut [Vec<Cell>], column: usize, descending: bool) {
    let key = |row: &Vec<Cell>| row.get(column).map(|cell| cell.key.clone());
    rows.sort_by(|a, b| {
        let order = key(a).cmp(&key(b));
        if descending {
            order.reverse()
        } else {
            order
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_come_with_the_width() {
        let columns = [words("a", 5), number("b", 5), number("c", 5)];
        // 5, 5 + 1 + 5, 5 + 1 + 5 + 1 + 5
        let counts = [3, 5, 10, 11, 16, 17].map(|width| fitting(&columns, width));
        assert_eq!(counts, [1, 1, 1, 2, 2, 3]);
    }

    #[test]
    fn rows_are_sorted_by_numbers_and_not_by_how_they_are_written() {
        let mut rows = vec![
            vec![Cell::text("a"), Cell::number(10, "10")],
            vec![Cell::text("b"), Cell::number(-3, "-3")],
            vec![Cell::text("c"), Cell::number(9, "9")],
        ];
        sort(&mut rows, 1, true);
        assert_eq!(rows.iter().map(|row| row[0].text.as_str()).collect::<String>(), "acb");
        sort(&mut rows, 0, true);
        assert_eq!(rows.iter().map(|row| row[0].text.as_str()).collect::<String>(), "cba");
    }
}
