//! The thread that asks the chain, and what it leaves for whoever scrapes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::figures::{self, Figures};
use super::metric::{flag, whole};
use super::own;
use crate::failure::Failure;
use crate::session::{Open, Session};
use crate::survey::{People, Survey};

/// How often what is asked, and how old it may be.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Pause between two polls.
    pub every: Duration,
    /// Older figures are left out.
    pub stale_after: Duration,
    /// Pause between two counts of accounts and positions; none: they are not counted.
    pub count_every: Option<Duration>,
}

/// What the last poll that reached the chain has brought.
struct Snapshot {
    at: Instant,
    /// The exporter's clock then, since 1970.
    clock: Duration,
    /// Time of the block, Unix seconds.
    block_time: u64,
    figures: Figures,
}

#[derive(Default)]
struct State {
    snapshot: Option<Snapshot>,
    /// Whether the last poll reached the chain.
    reached: bool,
    took: Option<Duration>,
    succeeded: u64,
    failed: u64,
    scrapes: u64,
    errors: BTreeMap<&'static str, u64>,
}

/// What is polled, to be read at any time.
#[derive(Clone)]
pub struct Poller {
    pace: Pace,
    state: Arc<Mutex<State>>,
}

impl Poller {
    /// Begins to poll. The thread ends with the process: it may be waiting for a node that does not answer.
    pub fn start(session: Session, pace: Pace) -> Result<Self, Failure> {
        let poller = Self::new(pace);
        let own = poller.clone();
        let thread = std::thread::Builder::new().name("poller".into());
        thread.spawn(move || own.poll_for_ever(&session)).map_err(Failure::setup)?;
        Ok(poller)
    }

    pub(super) fn new(pace: Pace) -> Self {
        Self { pace, state: Arc::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn poll_for_ever(&self, session: &Session) {
        let (mut connection, mut count) = (None, None);
        loop {
            self.poll(session, &mut connection, &mut count);
            std::thread::sleep(self.pace.every);
        }
    }

    /// One poll.
    pub(super) fn poll(
        &self,
        session: &Session,
        connection: &mut Option<Open>,
        count: &mut Option<(Instant, People)>,
    ) {
        let begun = Instant::now();
        let found = self.ask(session, connection, count);
        let mut state = self.state();
        state.took = Some(begun.elapsed());
        state.reached = found.is_ok();
        match found {
            Ok((survey, figures)) => {
                state.succeeded += 1;
                for (question, refused) in survey.questions() {
                    *state.errors.entry(question).or_default() += u64::from(refused.is_some());
                }
                let clock = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                let block_time = survey.block.time;
                state.snapshot = Some(Snapshot { at: begun, clock, block_time, figures });
            }
            Err(failure) => {
                state.failed += 1;
                drop(state);
                eprintln!("the chain was not reached: {}", failure.text());
                *connection = None;
            }
        }
    }

    fn ask(
        &self,
        session: &Session,
        connection: &mut Option<Open>,
        count: &mut Option<(Instant, People)>,
    ) -> Result<(Survey, Figures), Failure> {
        let network = session.again(connection)?;
        let survey = Survey::of(network)?;
        let mut figures = figures::of(&survey);
        if let Some(pause) = self.pace.count_every {
            if count.as_ref().is_none_or(|(at, _)| at.elapsed() >= pause) {
                *count = Some((Instant::now(), People::of(network)?));
            }
            if let Some((_, people)) = count {
                figures.extend(figures::of_people(people, &survey));
            }
        }
        Ok((survey, figures))
    }

    /// Everything as Prometheus reads it.
    pub fn scrape(&self) -> Result<String, std::fmt::Error> {
        let mut state = self.state();
        state.scrapes += 1;
        let mut found = Figures::default();
        found.put(&own::BUILD, &[env!("CARGO_PKG_VERSION")], 1.0);
        found.put(&own::SCRAPES, &[], whole(state.scrapes));
        found.put(&own::POLLS, &["ok"], whole(state.succeeded));
        found.put(&own::POLLS, &["failed"], whole(state.failed));
        found.put(&own::POLL_INTERVAL, &[], self.pace.every.as_secs_f64());
        found.maybe(&own::POLL_DURATION, &[], state.took.map(|took| took.as_secs_f64()));
        for (question, errors) in &state.errors {
            found.put(&own::QUESTION_ERRORS, &[question], whole(*errors));
        }
        let mut fresh = false;
        if let Some(snapshot) = &state.snapshot {
            let age = snapshot.at.elapsed();
            fresh = age <= self.pace.stale_after;
            found.put(&own::SNAPSHOT_AGE, &[], age.as_secs_f64());
            found.put(&own::LAST_SUCCESS, &[], snapshot.clock.as_secs_f64());
            found.put(&own::BLOCK_AGE, &[], since(snapshot.block_time));
            if fresh {
                found.extend(snapshot.figures.clone());
            }
        }
        found.put(&own::UP, &[], flag(state.reached && fresh));
        drop(state);
        found.text()
    }
}

/// Seconds from a Unix time to now; negative where that is still to come.
#[allow(clippy::float_arithmetic, reason = "an age for a metric")]
fn since(time: u64) -> f64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    now.as_secs_f64() - whole(time)
}
