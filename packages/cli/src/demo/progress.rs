//! A bar that shows how far a replay is, where somebody watches.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::replay::State;
use super::terminal::{date, money};

/// Drawn on standard error, and only on a terminal.
pub struct Progress(ProgressBar);

impl Progress {
    /// Of so many bars.
    pub fn new(bars: usize) -> Self {
        let bar = ProgressBar::new(bars as u64);
        let template = "{bar:32.cyan/blue} {pos}/{len} bars  {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸─"));
        }
        bar.enable_steady_tick(Duration::from_millis(250));
        Self(bar)
    }

    /// After a bar; an audit that finds something never comes so far.
    pub fn show(&self, state: &State<'_>) {
        let (symbol, price) = state.price;
        let ratio =
            state.ratio.map_or_else(|| "no debt".to_string(), |ratio| format!("{:.0} %", 100.0 * ratio));
        self.0.set_message(format!(
            "{}  {symbol} {}  collateral ratio {ratio}  {} messages, audit 0",
            date(state.time),
            money(price),
            state.messages
        ));
        self.0.set_position(state.bar as u64);
    }

    /// Takes it away.
    pub fn end(&self) {
        self.0.finish_and_clear();
    }
}
