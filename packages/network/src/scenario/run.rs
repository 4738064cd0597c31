//! Runs a scenario step by step.

use std::collections::BTreeMap;

use cosmwasm_std::{from_json, to_json_binary};
use sdp_types::units::{Amount, Price};
use serde::Serialize;
use serde_json::Value;

use super::names::{mismatch, replaced};
use super::{Confidence, Scenario, ScenarioError, Step};
use crate::actions::{Actions, FeedPrice};
use crate::error::{ChainError, Kind, Result};
use crate::message::{Answer, Block};
use crate::network::Network;

/// Seconds after its time at which a message gets into a block on a real chain that is not behind.
const LATENESS: u64 = 1;

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepReport {
    /// Its number, from 0.
    pub step: usize,
    /// Seconds since the run's start, as the file says.
    pub at: u64,
    /// The block that its (last) message is in, or that its question was asked at.
    #[serde(flatten)]
    pub block: Block,
    /// Name of a query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it went as the file says: a message was accepted, or refused as expected; an answer was as expected.
    pub ok: bool,
    /// The refusal, expected or not, or what was not as expected.
    pub error: Option<String>,
    /// Gas that its message used, where there is such a thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gas_used: Option<u64>,
    /// What the contracts told.
    pub events: Vec<Event>,
    /// Answer to a query, else null.
    pub result: Value,
}

/// One event of a contract.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Event {
    /// Its name, without the chain's `wasm-`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Name of the contract that told it.
    pub contract: String,
    /// What it told.
    pub attributes: BTreeMap<String, String>,
}

/// A scenario that runs: an iterator over its reports. It ends early where the books don't balance.
pub struct Run<'n> {
    network: &'n mut dyn Network,
    start: u64,
    /// Seconds that steps come later than the file says, since earlier ones came late.
    late: u64,
    steps: std::iter::Enumerate<std::vec::IntoIter<Step>>,
    ended: bool,
    bug: Option<String>,
}

impl<'n> Run<'n> {
    /// Checks all steps and gives the accounts what they hold, on a network where the scenario's manifest has just been
    /// deployed. The run's start is the next beginning of a price interval.
    pub fn new(
        scenario: Scenario,
        network: &'n mut dyn Network,
    ) -> core::result::Result<Self, ScenarioError> {
        scenario.check(network.manifest())?;
        for (name, coins) in &scenario.accounts {
            let refused =
                |error: ChainError| ScenarioError::Account { name: name.clone(), reason: error.to_string() };
            network.introduce(name).map_err(refused)?;
            for coin in coins {
                let amount = Amount::new(coin.amount.u128());
                let token = network.manifest().collateral(&coin.denom);
                let given = match token.map(|(_, token)| token.denom.is_none()) {
                    Ok(true) => network.give(name, &coin.denom, amount),
                    _ => network.give_coins(name, &coin.denom, amount),
                };
                given.map_err(refused)?;
            }
        }
        let interval = u64::from(network.manifest().oracle.interval_seconds.max(1));
        let start = network.now().map_err(ScenarioError::Deploy)?.next_multiple_of(interval);
        let steps = scenario.steps.into_iter().enumerate();
        Ok(Self { network, start, late: 0, steps, ended: false, bug: None })
    }

    /// Block time of second 0, Unix seconds.
    pub fn start(&self) -> u64 {
        self.start
    }

    /// The last thing that no step can expect: a contract that panicked, books that don't balance.
    pub fn bug(&self) -> Option<&str> {
        self.bug.as_deref()
    }

    /// The chain that it runs on.
    pub fn network(&self) -> &dyn Network {
        self.network
    }

    fn step(&mut self, number: usize, step: &Step) -> StepReport {
        let mut report = StepReport {
            step: number,
            at: step.at,
            block: Block::default(),
            name: step.name.clone(),
            ok: true,
            error: None,
            gas_used: None,
            events: vec![],
            result: Value::Null,
        };
        let due = self.start + step.at + self.late;
        let outcome = self.network.wait_until(due).and_then(|_| self.act(step));
        match outcome {
            Ok(Outcome::Told(answer)) => {
                report.block = answer.block();
                report.gas_used = answer.gas_used;
                report.events = self.told(&answer);
                if let Some(text) = &step.fails_with {
                    report.ok = false;
                    report.error = Some(format!("was to fail with `{text}`"));
                }
            }
            Ok(Outcome::Answer(block, answer)) => {
                let expected = step.expect.as_ref().map(|expected| self.named(expected)).transpose();
                let differs = match expected {
                    Ok(expected) => expected.and_then(|expected| mismatch(&expected, &answer)),
                    Err(error) => Some(error.to_string()),
                };
                report.block = block;
                report.ok = differs.is_none();
                report.error = differs;
                report.result = answer;
            }
            Err(error) => {
                let expected = step.fails_with.as_deref().is_some_and(|text| error.says(text));
                report.ok = expected && !error.is_bug();
                report.error = Some(error.to_string());
                report.block = error.at.or_else(|| self.network.block().ok()).unwrap_or_default();
                self.note_bug(number, &error);
            }
        }
        self.late += report.block.time.saturating_sub(due + LATENESS);
        if !self.ended {
            if let Err(error) = self.network.check() {
                report.ok = false;
                report.error = Some(error.to_string());
                self.note_bug(number, &error);
            }
        }
        report
    }

    fn note_bug(&mut self, step: usize, error: &ChainError) {
        self.ended = self.ended || matches!(error.kind, Kind::Unbalanced(_));
        if error.is_bug() {
            self.bug = Some(format!("step {step}: {error}"));
        }
    }

    fn act(&mut self, step: &Step) -> Result<Outcome> {
        if let Some(prices) = &step.price {
            let prices = self.prices(prices, step.conf.as_ref())?;
            return self.network.publish(&prices).map(Outcome::Told);
        }
        if let (Some(msg), Some(sender), Some(to)) = (&step.execute, &step.sender, &step.to) {
            let msg = self.named(msg)?;
            return self.network.execute(sender, to, &msg, &step.funds).map(Outcome::Told);
        }
        let query = step.query.as_ref().ok_or_else(|| ChainError::setup("a step without an action"))?;
        let msg = to_json_binary(&self.named(&query.msg)?)?;
        let contract = self.network.contract(&query.to)?;
        // asked at a block that is known, so that a replay can ask at the same one
        let block = self.network.block()?;
        let answer = self.network.ask(&contract, &msg, Some(block.height))?;
        Ok(Outcome::Answer(block, from_json(answer)?))
    }

    fn prices(
        &self,
        prices: &BTreeMap<String, Price>,
        confidence: Option<&Confidence>,
    ) -> Result<Vec<FeedPrice>> {
        let entry = |(symbol, price): (&String, &Price)| {
            let feed = self.network.manifest().feed_id(symbol).map_err(ChainError::setup)?;
            let confidence = match confidence {
                None => None,
                Some(Confidence::All(confidence)) => Some(*confidence),
                Some(Confidence::Each(each)) => each.get(symbol).copied(),
            };
            Ok((feed, *price, confidence))
        };
        prices.iter().map(entry).collect()
    }

    fn named(&mut self, value: &Value) -> Result<Value> {
        let start = self.start;
        replaced(value, start, &mut |name| self.network.introduce(name).map(String::from))
    }

    fn told(&self, answer: &Answer) -> Vec<Event> {
        let event = |event: &cosmwasm_std::Event| {
            let mut attributes: BTreeMap<_, _> =
                event.attributes.iter().map(|told| (told.key.clone(), told.value.clone())).collect();
            let address = attributes.remove("_contract_address").unwrap_or_default();
            let contract = self.network.name_of(&address).unwrap_or(&address).to_string();
            let kind = event.ty.strip_prefix("wasm-").unwrap_or(&event.ty).to_string();
            Event { kind, contract, attributes }
        };
        answer.told().map(event).collect()
    }
}

enum Outcome {
    Told(Answer),
    Answer(Block, Value),
}

impl Iterator for Run<'_> {
    type Item = StepReport;

    fn next(&mut self) -> Option<StepReport> {
        if self.ended {
            return None;
        }
        let (number, step) = self.steps.next()?;
        Some(self.step(number, &step))
    }
}
