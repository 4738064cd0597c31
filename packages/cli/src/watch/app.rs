//! What the screen shows, and what keys and news do to it.

use std::time::{Duration, Instant};

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::widgets::TableState;

use super::news::News;
use super::panes::Pane;
use super::table::{self, Cell};
use crate::survey::{People, Survey};

/// Everything between two frames.
pub struct App {
    /// What was found last.
    pub survey: Option<Survey>,
    /// Accounts and positions, counted less often.
    pub people: Option<People>,
    /// When the survey came.
    pub at: Option<Instant>,
    /// Why the last attempt failed, and since when all have.
    pub lost: Option<(String, Instant)>,
    /// Pause between two attempts.
    pub every: Duration,
    /// Which pane has the keys.
    pub focus: usize,
    /// By pane.
    pub tables: [Shown; Pane::ALL.len()],
    /// Whether the keys are explained.
    pub help: bool,
    /// Whether it is over.
    pub over: bool,
    /// Whether there may be colours: NO_COLOR is not set.
    pub colour: bool,
    /// Columns that the pane with the keys had in the last frame.
    pub columns: usize,
}

/// How a pane is shown.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// The column that it is sorted by.
    pub column: usize,
    /// Whether the largest comes first.
    pub descending: bool,
    /// Selected row and offset.
    pub state: TableState,
    /// How many rows it had in the last frame.
    pub rows: usize,
}

impl App {
    /// Nothing is known yet.
    pub fn new(every: Duration, colour: bool) -> Self {
        let tables = Pane::ALL.map(|pane| {
            let (column, descending) = pane.order();
            Shown { column, descending, ..Shown::default() }
        });
        Self {
            survey: None,
            people: None,
            at: None,
            lost: None,
            every,
            focus: 0,
            tables,
            help: false,
            over: false,
            colour,
            columns: 1,
        }
    }

    /// What the thread that asks the chain has to say.
    pub fn hear(&mut self, news: News, now: Instant) {
        match news {
            News::Survey(survey) => {
                self.survey = Some(*survey);
                self.at = Some(now);
                self.lost = None;
            }
            News::People(people) => self.people = Some(people),
            News::Lost(why) => {
                let since = self.lost.as_ref().map_or(now, |(_, since)| *since);
                self.lost = Some((why, since));
            }
        }
    }

    /// The rows of a pane as they are sorted.
    pub fn rows(&self, pane: usize) -> Vec<Vec<Cell>> {
        let (Some(survey), Some(kind)) = (&self.survey, Pane::ALL.get(pane)) else { return Vec::new() };
        let mut rows = kind.rows(survey, self.people.as_ref());
        if let Some(shown) = self.tables.get(pane) {
            table::sort(&mut rows, shown.column, shown.descending);
        }
        rows
    }

    /// A key. While the help is there, any key but those that quit closes it.
    pub fn press(&mut self, key: KeyEvent) {
        if key.kind == KeyEventKind::Release {
            return;
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('q') => self.over = true,
            KeyCode::Char('c') if control => self.over = true,
            _ if self.help => self.help = false,
            KeyCode::Char('?' | 'h') => self.help = true,
            KeyCode::Tab => self.turn(1),
            KeyCode::BackTab => self.turn(Pane::ALL.len() - 1),
            KeyCode::Char(digit @ '1'..='4') => self.focus = digit as usize - '1' as usize,
            KeyCode::Right => self.sort_by(1),
            KeyCode::Left => self.sort_by(-1),
            KeyCode::Char('r') => self.with_focus(|shown| shown.descending = !shown.descending),
            KeyCode::Up | KeyCode::Char('k') => self.scroll(-1),
            KeyCode::Down | KeyCode::Char('j') => self.scroll(1),
            KeyCode::PageUp => self.scroll(-10),
            KeyCode::PageDown => self.scroll(10),
            KeyCode::Home => self.scroll(isize::MIN),
            KeyCode::End => self.scroll(isize::MAX),
            _ => {}
        }
    }

    fn turn(&mut self, by: usize) {
        self.focus = (self.focus + by) % Pane::ALL.len();
    }

    fn with_focus(&mut self, change: impl FnOnce(&mut Shown)) {
        if let Some(shown) = self.tables.get_mut(self.focus) {
            change(shown);
        }
    }

    /// The next column to the right or left that is on the screen, around the ends.
    fn sort_by(&mut self, by: isize) {
        let columns = self.columns.max(1);
        self.with_focus(|shown| {
            let at = shown.column.min(columns - 1);
            shown.column = if by > 0 { (at + 1) % columns } else { (at + columns - 1) % columns };
        });
    }

    fn scroll(&mut self, by: isize) {
        self.with_focus(|shown| {
            let last = shown.rows.saturating_sub(1);
            let at = shown.state.selected().unwrap_or_default();
            shown.state.select(Some(at.saturating_add_signed(by).min(last)));
        });
    }
}
