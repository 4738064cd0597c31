//! The threads that ask the chain, one for the sums and one that counts people, and what they leave for whoever scrapes.

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

/// What the last count that came to its end has brought. A long one takes longer than figures stay fresh, so it has an age of its own.
struct Count {
    /// When it ended.
    at: Instant,
    took: Duration,
    people: Arc<People>,
}

impl Count {
    /// Whether the next one should still be on its way.
    fn is_current(&self, pace: &Pace) -> bool {
        let pause = pace.count_every.unwrap_or_default();
        // the next takes about as long
        self.at.elapsed() <= pause.saturating_add(self.took).saturating_add(pace.stale_after)
    }
}

#[derive(Default)]
struct State {
    snapshot: Option<Snapshot>,
    count: Option<Count>,
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
    /// Begins to poll. The threads end with the process: they may be waiting for a node that does not answer.
    pub fn start(session: Session, pace: Pace) -> Result<Self, Failure> {
        let poller = Self::new(pace);
        let session = Arc::new(session);
        let (own, same) = (poller.clone(), session.clone());
        let thread = std::thread::Builder::new().name("poller".into());
        thread.spawn(move || own.poll_for_ever(&same)).map_err(Failure::setup)?;
        if let Some(pause) = pace.count_every {
            let own = poller.clone();
            let thread = std::thread::Builder::new().name("counter".into());
            thread.spawn(move || own.count_for_ever(&session, pause)).map_err(Failure::setup)?;
        }
        Ok(poller)
    }

    fn new(pace: Pace) -> Self {
        Self { pace, state: Arc::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn poll_for_ever(&self, session: &Session) {
        let mut connection = None;
        loop {
            self.poll(session, &mut connection);
            std::thread::sleep(self.pace.every);
        }
    }

    fn count_for_ever(&self, session: &Session, pause: Duration) {
        let mut connection = None;
        loop {
            let begun = Instant::now();
            let found = session.again(&mut connection).and_then(|network| Ok(People::of(network)?));
            match found {
                Ok(people) => {
                    let (at, took, people) = (Instant::now(), begun.elapsed(), Arc::new(people));
                    self.state().count = Some(Count { at, took, people });
                }
                Err(failure) => {
                    eprintln!("people were not counted: {}", failure.text());
                    connection = None;
                }
            }
            std::thread::sleep(pause);
        }
    }

    /// One poll.
    fn poll(&self, session: &Session, connection: &mut Option<Open>) {
        let begun = Instant::now();
        let found = self.ask(session, connection);
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

    fn ask(&self, session: &Session, connection: &mut Option<Open>) -> Result<(Survey, Figures), Failure> {
        let survey = Survey::of(session.again(connection)?)?;
        let mut figures = figures::of(&survey);
        let counted = self
            .state()
            .count
            .as_ref()
            .filter(|count| count.is_current(&self.pace))
            .map(|count| count.people.clone());
        if let Some(people) = counted {
            figures.extend(figures::of_people(&people, &survey));
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
        if let Some(count) = &state.count {
            found.put(&own::COUNT_DURATION, &[], count.took.as_secs_f64());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::story::story;

    #[test]
    fn a_count_stands_as_long_as_the_next_one_may_take() {
        let minute = Duration::from_secs(60);
        let pace = Pace { every: Duration::from_secs(5), stale_after: minute, count_every: Some(minute) };
        let people = Arc::new(People::of(&*story()).unwrap());
        let ended = |ago: u64| Count {
            at: Instant::now().checked_sub(Duration::from_secs(ago)).unwrap(),
            took: Duration::from_secs(300),
            people: people.clone(),
        };
        // a pause of a minute, five that it takes, and one that figures may be late
        assert!(ended(0).is_current(&pace) && ended(419).is_current(&pace));
        assert!(!ended(421).is_current(&pace));
    }
}
