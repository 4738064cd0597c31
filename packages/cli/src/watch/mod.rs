//! `sdp watch`: the pool in the terminal, live.

mod app;
mod news;
mod overview;
mod panes;
mod screen;
mod table;
#[cfg(test)]
mod tests;
mod text;

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use clap::Args as Arguments;
use ratatui::crossterm::event::{self, Event};
use ratatui::DefaultTerminal;

use crate::failure::Failure;
use crate::session::Session;
use crate::setup::seconds;
use crate::signal;
use app::App;
use news::News;

/// How long a key may wait for the screen at most.
const FRAME: Duration = Duration::from_millis(100);
/// The ages on the screen move so often without news.
const TICK: Duration = Duration::from_secs(1);

/// Watch the pool in the terminal.
#[derive(Arguments)]
pub struct Args {
    /// Pause between two looks at the chain: 2s, 1m.
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = seconds)]
    every: u64,
    /// Pause between two looks at all accounts and positions, a page of 100 at a time.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = seconds)]
    count_every: u64,
}

/// Shows the pool until somebody quits.
pub fn run(session: Session, args: &Args) -> Result<(), Failure> {
    if !(std::io::stdout().is_terminal() && std::io::stdin().is_terminal()) {
        return Err(Failure::setup("`watch` needs a terminal: `sdp health` prints the same once"));
    }
    let every = Duration::from_secs(args.every.max(1));
    let colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let mut app = App::new(every, colour);
    let stopped = told_to_stop()?;
    let news = news::start(session, every, Duration::from_secs(args.count_every))?;
    // from here on a panic restores the terminal first
    let mut terminal = ratatui::try_init().map_err(Failure::setup)?;
    let shown = show(&mut terminal, &mut app, &news, &stopped);
    ratatui::restore();
    shown
}

/// Set once the process is told to stop from outside; Ctrl-C is a key here.
fn told_to_stop() -> Result<Arc<AtomicBool>, Failure> {
    let stopped = Arc::new(AtomicBool::new(false));
    let told = stopped.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::setup)?;
    let thread = std::thread::Builder::new().name("signals".into());
    let waiting = thread.spawn(move || {
        runtime.block_on(signal::until_told());
        told.store(true, Ordering::Relaxed);
    });
    waiting.map_err(Failure::setup)?;
    Ok(stopped)
}

fn show(
    terminal: &mut DefaultTerminal,
    app: &mut App,
    news: &Receiver<News>,
    stopped: &AtomicBool,
) -> Result<(), Failure> {
    let mut drawn: Option<Instant> = None;
    let mut changed = true;
    while !app.over && !stopped.load(Ordering::Relaxed) {
        loop {
            match news.try_recv() {
                Ok(news) => {
                    app.hear(news, Instant::now());
                    changed = true;
                }
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => {
                    return Err(Failure::Bug("the thread that asks the chain is gone".into()));
                }
            }
        }
        if changed || drawn.is_none_or(|at| at.elapsed() >= TICK) {
            let clock = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
            terminal.draw(|frame| screen::draw(frame, app, clock)).map_err(Failure::setup)?;
            (drawn, changed) = (Some(Instant::now()), false);
        }
        if event::poll(FRAME).map_err(Failure::setup)? {
            if let Event::Key(key) = event::read().map_err(Failure::setup)? {
                app.press(key);
            }
            changed = true;
        }
    }
    Ok(())
}
