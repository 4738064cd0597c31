//! The frame: header, overview, one table or all four, status line.

use std::time::Duration;

use ratatui::layout::{Alignment, Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Clear, Paragraph, Row, Table};
use ratatui::Frame;

use super::app::App;
use super::overview::{self, Piece};
use super::panes::Pane;
use super::table::{fitting, Mark};
use super::text::span;

/// From this size on all four tables are shown.
const LARGE: (u16, u16) = (162, 34);
/// From this width on debt is shown by its sources in detail.
const WIDE: u16 = 132;
/// Lines of the overview.
const OVERVIEW: u16 = 8;
/// A look that takes longer than this is told.
const PATIENCE: Duration = Duration::from_secs(3);
/// Cells before a row for the mark of the selected one.
const SELECTED: &str = "▸ ";

const HELP: &str = "\
Tab, Shift-Tab   next table, the one before
1 2 3 4          markets, nearest to liquidation, auctions, prices
← →              sort by the column to the left, to the right
r                turn the order around
↑ ↓ PgUp PgDn    move through the rows; Home and End
?                this
q, Ctrl-C        quit

▲ or ▼: the column that a table is sorted by. Wider terminals have more.
ES: expected shortfall in a day (97.5 %), beside its budget.
┃ and │ in the gauge: below them a breaker trips.
Left: equity above maintenance margin, collateral above what the liquidation
ratio asks for, as a part of that.";

/// Draws a frame; `clock` is the present time, Unix seconds.
pub fn draw(frame: &mut Frame<'_>, app: &mut App, clock: u64) {
    let area = frame.area();
    let [top, middle, rest, status] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(OVERVIEW),
        Constraint::Min(3),
        Constraint::Length(1),
    ])
    .areas(area);
    let header = match &app.survey {
        Some(survey) => overview::header(survey, clock),
        None => vec![("sdp watch: waiting for the chain".into(), Mark::Plain)],
    };
    let header = line(&header, app.colour).style(Style::new().add_modifier(Modifier::REVERSED));
    frame.render_widget(Paragraph::new(header).style(Style::new().add_modifier(Modifier::REVERSED)), top);
    overview(frame, app, middle);
    tables(frame, app, rest);
    frame.render_widget(Paragraph::new(self::status(app)), status);
    if app.help {
        help(frame, area);
    }
}

/// Marks are seen without colours, too: bold, and inverse where somebody should act.
fn style(mark: Mark, colour: bool) -> Style {
    let style = match mark {
        Mark::Plain => return Style::new(),
        Mark::Look => Style::new().add_modifier(Modifier::BOLD),
        Mark::Act => Style::new().add_modifier(Modifier::BOLD | Modifier::REVERSED),
    };
    match (colour, mark) {
        (true, Mark::Look) => style.fg(Color::Yellow),
        (true, Mark::Act) => style.fg(Color::Red),
        _ => style,
    }
}

fn line(pieces: &[Piece], colour: bool) -> Line<'static> {
    Line::from_iter(pieces.iter().map(|(text, mark)| Span::styled(text.clone(), style(*mark, colour))))
}

fn overview(frame: &mut Frame<'_>, app: &App, area: Rect) {
    let Some(survey) = &app.survey else { return };
    let wide = area.width >= WIDE;
    let [left, right] = if wide {
        Layout::horizontal([Constraint::Min(80), Constraint::Length(50)]).areas(area)
    } else {
        [area, Rect::default()]
    };
    let lines = overview::lines(survey, usize::from(left.width));
    let lines: Vec<_> = lines.iter().map(|pieces| line(pieces, app.colour)).collect();
    frame.render_widget(Paragraph::new(lines), left);
    if wide {
        let lines = overview::sources(survey);
        let lines: Vec<_> = lines.iter().map(|pieces| line(pieces, app.colour)).collect();
        frame.render_widget(Paragraph::new(lines), right);
    }
}

fn tables(frame: &mut Frame<'_>, app: &mut App, area: Rect) {
    let whole = frame.area();
    if whole.width >= LARGE.0 && whole.height >= LARGE.1 {
        let [upper, lower] = Layout::vertical([Constraint::Fill(1); 2]).areas(area);
        let [markets, accounts] = Layout::horizontal([Constraint::Fill(1); 2]).areas(upper);
        let [auctions, prices] = Layout::horizontal([Constraint::Fill(1); 2]).areas(lower);
        for (pane, area) in [markets, accounts, auctions, prices].into_iter().enumerate() {
            let [area] = Layout::horizontal([Constraint::Fill(1)]).horizontal_margin(1).areas(area);
            table(frame, app, pane, area);
        }
    } else {
        table(frame, app, app.focus, area);
    }
}

/// The headings of all panes where one of them is shown, that of the one otherwise. `[` and `]` are around the one that has the keys.
fn title(app: &App, pane: usize, alone: bool) -> Line<'static> {
    let named = |(n, kind): (usize, &Pane)| {
        let count = app.rows(n).len();
        let text = format!("{} {} ({count})", n + 1, kind.title());
        let has_keys = n == app.focus;
        let text = if has_keys { format!("[{text}]") } else { format!(" {text} ") };
        let style = if has_keys { Style::new().add_modifier(Modifier::BOLD) } else { Style::new() };
        Span::styled(text, style)
    };
    let all = Pane::ALL.iter().enumerate().filter(|(n, _)| alone || *n == pane);
    Line::from_iter(all.map(named))
}

fn table(frame: &mut Frame<'_>, app: &mut App, pane: usize, area: Rect) {
    let Some(kind) = Pane::ALL.get(pane) else { return };
    let alone = area.width == frame.area().width;
    let block = Block::new().borders(Borders::TOP).title(title(app, pane, alone));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let rows = app.rows(pane);
    let colour = app.colour;
    let marked = u16::try_from(SELECTED.chars().count()).unwrap_or_default();
    let fit = fitting(kind.columns(), inner.width.saturating_sub(marked));
    let columns = kind.columns().get(..fit).unwrap_or(kind.columns());
    if pane == app.focus {
        app.columns = fit;
    }
    let Some(shown) = app.tables.get_mut(pane) else { return };
    shown.rows = rows.len();
    if rows.is_empty() {
        shown.state.select(None);
        let waits = *kind == Pane::Accounts && app.people.is_none();
        let text = if waits { "they are being counted" } else { kind.empty() };
        frame.render_widget(Paragraph::new(text), inner);
        return;
    }
    let selected = shown.state.selected().unwrap_or_default().min(rows.len() - 1);
    shown.state.select(Some(selected));
    let header = Row::new(columns.iter().enumerate().map(|(n, column)| {
        let sorted = match (n == shown.column, shown.descending) {
            (false, _) => "",
            (true, true) => "▼",
            (true, false) => "▲",
        };
        let alignment = if column.left { Alignment::Left } else { Alignment::Right };
        Line::from(format!("{}{sorted}", column.title)).alignment(alignment)
    }));
    let body = rows.iter().map(|cells| {
        Row::new(columns.iter().zip(cells).map(|(column, cell)| {
            let alignment = if column.left { Alignment::Left } else { Alignment::Right };
            Line::from(Span::styled(cell.text.clone(), style(cell.mark, colour))).alignment(alignment)
        }))
    });
    let widths = columns.iter().map(|column| Constraint::Length(column.width));
    let table = Table::new(body, widths)
        .header(header.style(Style::new().add_modifier(Modifier::UNDERLINED)))
        .highlight_symbol(SELECTED)
        .column_spacing(1);
    frame.render_stateful_widget(table, inner, &mut shown.state);
}

/// What went wrong, or how fresh it is.
fn status(app: &App) -> Line<'static> {
    let every = span(app.every.as_secs());
    let ago = |at: &std::time::Instant| span(at.elapsed().as_secs());
    let act = |text: String| Line::from(Span::styled(text, style(Mark::Act, app.colour)));
    if let Some((why, since)) = &app.lost {
        let since = app.at.as_ref().unwrap_or(since);
        return act(format!("no answer for {}, tried again every {every}: {why}", ago(since)));
    }
    // whoever asks a node waits for it a while before he gives up
    if let Some(at) = app.at.filter(|at| at.elapsed() > app.every * 2 + PATIENCE) {
        return act(format!("no answer for {}, still waiting", ago(&at)));
    }
    if let Some((question, refused)) = app.survey.as_ref().and_then(|survey| survey.refused()) {
        return act(format!("{question} was refused: {}", refused.text));
    }
    let looked = app.at.as_ref().map_or_else(|| "asking".into(), |at| format!("looked {} ago", ago(at)));
    Line::from(format!("{looked}, every {every} · Tab tables · ←→ sort · ? help · q quit"))
}

fn help(frame: &mut Frame<'_>, area: Rect) {
    let size = |text: &str| {
        let width = text.lines().map(|line| line.chars().count()).max().unwrap_or_default();
        (u16::try_from(width).unwrap_or(u16::MAX), u16::try_from(text.lines().count()).unwrap_or(u16::MAX))
    };
    let (width, height) = size(HELP);
    let (width, height) = ((width + 4).min(area.width), (height + 2).min(area.height));
    let over = Rect::new((area.width - width) / 2, (area.height - height) / 2, width, height);
    frame.render_widget(Clear, over);
    let block = Block::bordered().title("Keys");
    frame.render_widget(Paragraph::new(HELP).block(block), over);
}
