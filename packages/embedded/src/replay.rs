//! Does again on an embedded chain what was recorded on another one, and compares.

use core::fmt;

use cosmwasm_std::{from_json, Binary, Event};
use sdp_network::error::Result;
use sdp_network::recording::{Act, Entry, Outcome, Recording};
use sdp_network::Network;
use serde::Serialize;
use serde_json::Value;

use crate::audit::Audits;
use crate::chain::Chain;

/// Something that came out otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deviation {
    /// Number of the recording's entry, from 0.
    pub entry: usize,
    /// Number of the scenario's step; none: before the first.
    pub step: Option<usize>,
    /// What of it.
    pub what: String,
    /// As it was recorded.
    pub recorded: Value,
    /// As it came out now.
    pub replayed: Value,
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = self.step.map_or("before the first step".to_string(), |step| format!("step {step}"));
        let Self { entry, what, recorded, replayed, .. } = self;
        write!(f, "{step}, entry {entry}: {what} was {recorded}, is {replayed}")
    }
}

/// A recording that is being done again: an iterator that yields, for each entry, how it deviates.
pub struct Replay {
    chain: Chain,
    entries: std::iter::Enumerate<std::vec::IntoIter<Entry>>,
}

impl Replay {
    /// A twin of the recorded chain as it was after its deployment.
    pub fn new(recording: Recording) -> Result<Self> {
        let mut chain = Chain::replay_of(&recording.deployment, recording.accounts)?;
        // the recording has the audits that were asked for; books that don't balance would show there
        chain.audits = Audits::Off;
        Ok(Self { chain, entries: recording.entries.into_iter().enumerate() })
    }

    /// The twin as it is now.
    pub fn twin(&self) -> &Chain {
        &self.chain
    }

    fn again(&mut self, number: usize, entry: &Entry) -> Result<Vec<Deviation>> {
        self.chain.set_block(entry.block)?;
        let outcome = match &entry.act {
            Act::Send { sender, messages } => Outcome::of_answer(&self.chain.send(sender, messages)),
            Act::Give { account, denom, amount } => {
                Outcome::of_answer(&self.chain.give_coins(account, denom, *amount))
            }
            Act::Ask { contract, question } => {
                Outcome::of_question(&self.chain.ask(contract, question, None))
            }
        };
        let mut found = Found { entry: number, step: entry.step, all: Vec::new() };
        match (&entry.outcome, &outcome) {
            (Outcome::Told { events: recorded }, Some(Outcome::Told { events })) => {
                found.compare_events(recorded, events);
            }
            (Outcome::Answered { answer: recorded }, Some(Outcome::Answered { answer })) => {
                found.compare("answer", shown_answer(recorded), shown_answer(answer));
            }
            (Outcome::Refused { code: recorded, .. }, Some(Outcome::Refused { code, .. }))
                if recorded == code => {}
            (Outcome::Panicked { .. }, Some(Outcome::Panicked { .. })) => {}
            (recorded, _) => {
                let replayed = outcome.as_ref().map_or(Value::Null, shown);
                found.compare("outcome", shown(recorded), replayed);
            }
        }
        Ok(found.all)
    }
}

impl Iterator for Replay {
    type Item = Result<Vec<Deviation>>;

    fn next(&mut self) -> Option<Self::Item> {
        let (number, entry) = self.entries.next()?;
        Some(self.again(number, &entry))
    }
}

struct Found {
    entry: usize,
    step: Option<usize>,
    all: Vec<Deviation>,
}

impl Found {
    fn compare(&mut self, what: impl Into<String>, recorded: Value, replayed: Value) {
        match (recorded, replayed) {
            (recorded, replayed) if recorded == replayed => {}
            (Value::Object(recorded), Value::Object(mut replayed)) => {
                let what = what.into();
                for (key, recorded) in recorded {
                    self.compare(
                        format!("{what}.{key}"),
                        recorded,
                        replayed.remove(&key).unwrap_or_default(),
                    );
                }
                for (key, replayed) in replayed {
                    self.compare(format!("{what}.{key}"), Value::Null, replayed);
                }
            }
            (Value::Array(recorded), Value::Array(replayed)) if recorded.len() == replayed.len() => {
                let what = what.into();
                for (n, (recorded, replayed)) in recorded.into_iter().zip(replayed).enumerate() {
                    self.compare(format!("{what}[{n}]"), recorded, replayed);
                }
            }
            (recorded, replayed) => {
                let (entry, step) = (self.entry, self.step);
                self.all.push(Deviation { entry, step, what: what.into(), recorded, replayed });
            }
        }
    }

    fn compare_events(&mut self, recorded: &[Event], replayed: &[Event]) {
        let shown = |events: &[Event]| events.iter().map(shown_event).collect();
        self.compare("events", shown(recorded), shown(replayed));
    }
}

/// An event with its attributes in the order of their names: wasmd sorts those of contracts that other contracts called.
fn shown_event(event: &Event) -> Value {
    let mut attributes: Vec<_> =
        event.attributes.iter().map(|told| format!("{} = {}", told.key, told.value)).collect();
    attributes.sort_unstable();
    attributes.insert(0, event.ty.clone());
    attributes.into()
}

fn shown_answer(answer: &Binary) -> Value {
    from_json(answer).unwrap_or_else(|_| Value::from(answer.to_base64()))
}

fn shown(outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Told { .. } => "done".into(),
        Outcome::Answered { answer } => shown_answer(answer),
        Outcome::Refused { code, text } => format!("refused: {}", code.as_ref().unwrap_or(text)).into(),
        Outcome::Panicked { text } => format!("a panic: {text}").into(),
    }
}
