//! Runs a scenario step by step.

use std::collections::BTreeMap;

use cw_multi_test::AppResponse;
use sdp_types::units::{Amount, Price};
use serde::Serialize;
use serde_json::Value;

use super::names::{mismatch, replaced};
use super::{Confidence, Scenario, ScenarioError, Step};
use crate::audit::Audits;
use crate::chain::Chain;
use crate::error::{ChainError, Kind};

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepReport {
    /// Its number, from 0.
    pub step: usize,
    /// Seconds since the first block.
    pub at: u64,
    /// Name of a query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it went as the file says: a message was accepted, or refused as expected; an answer was as expected.
    pub ok: bool,
    /// The refusal, expected or not, or what was not as expected.
    pub error: Option<String>,
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
pub struct Run {
    chain: Chain,
    steps: std::iter::Enumerate<std::vec::IntoIter<Step>>,
    ended: bool,
    bug: Option<String>,
}

impl Run {
    /// Checks all steps, then deploys the manifest and gives the accounts what they hold.
    pub fn new(scenario: Scenario) -> Result<Self, ScenarioError> {
        let manifest = scenario.manifest()?;
        scenario.check(&manifest)?;
        let mut chain = Chain::deploy(manifest).map_err(ScenarioError::Deploy)?;
        for (name, coins) in &scenario.accounts {
            let refused =
                |error: ChainError| ScenarioError::Account { name: name.clone(), reason: error.to_string() };
            chain.introduce(name);
            for coin in coins {
                let amount = Amount::new(coin.amount.u128());
                let token = chain.manifest.collateral(&coin.denom).map(|(_, token)| token.denom.is_none());
                let given = match token {
                    Ok(true) => chain.give(name, &coin.denom, amount),
                    _ => chain.give_coins(name, &coin.denom, amount),
                };
                given.map_err(refused)?;
            }
        }
        Ok(Self { chain, steps: scenario.steps.into_iter().enumerate(), ended: false, bug: None })
    }

    /// Adds up every position and account after each step, not only the books.
    #[must_use]
    pub fn deep(mut self) -> Self {
        self.chain.audits = Audits::Deep;
        self
    }

    /// The last thing that no step can expect: a contract that panicked, books that don't balance.
    pub fn bug(&self) -> Option<&str> {
        self.bug.as_deref()
    }

    /// The chain as it is now.
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    fn step(&mut self, number: usize, step: &Step) -> StepReport {
        let outcome = self.chain.at(step.at).and_then(|()| self.act(step));
        let mut report = StepReport {
            step: number,
            at: step.at,
            name: step.name.clone(),
            ok: true,
            error: None,
            events: vec![],
            result: Value::Null,
        };
        match outcome {
            Ok(Outcome::Told(response)) => {
                report.events = self.told(&response);
                if let Some(text) = &step.fails_with {
                    report.ok = false;
                    report.error = Some(format!("was to fail with `{text}`"));
                }
            }
            Ok(Outcome::Answer(answer)) => {
                let expected = step.expect.as_ref().map(|expected| self.named(expected));
                let differs = expected.and_then(|expected| mismatch(&expected, &answer));
                report.ok = differs.is_none();
                report.error = differs;
                report.result = answer;
            }
            Err(error) => {
                let expected = step.fails_with.as_deref().is_some_and(|text| error.says(text));
                report.ok = expected && !error.is_bug();
                report.error = Some(error.to_string());
                self.ended = matches!(error.kind, Kind::Unbalanced(_));
                if error.is_bug() {
                    self.bug = Some(format!("step {number}: {error}"));
                }
            }
        }
        report
    }

    fn act(&mut self, step: &Step) -> Result<Outcome, ChainError> {
        if let Some(prices) = &step.price {
            let prices = self.prices(prices, step.conf.as_ref())?;
            return self.chain.publish(&prices).map(Outcome::Told);
        }
        if let (Some(msg), Some(sender), Some(to)) = (&step.execute, &step.sender, &step.to) {
            let msg = self.named(msg);
            return self.chain.execute(sender, to, &msg, &step.funds).map(Outcome::Told);
        }
        let query = step.query.as_ref().ok_or_else(|| ChainError::setup("a step without an action"))?;
        let msg = self.named(&query.msg);
        let answer = self.chain.query(&query.to, &msg)?;
        self.chain.audit_as_set()?;
        Ok(Outcome::Answer(answer))
    }

    fn prices(
        &self,
        prices: &BTreeMap<String, Price>,
        confidence: Option<&Confidence>,
    ) -> Result<Vec<crate::chain::FeedPrice>, ChainError> {
        let entry = |(symbol, price): (&String, &Price)| {
            let feed = self.chain.manifest.feed_id(symbol).map_err(ChainError::setup)?;
            let confidence = match confidence {
                None => None,
                Some(Confidence::All(confidence)) => Some(*confidence),
                Some(Confidence::Each(each)) => each.get(symbol).copied(),
            };
            Ok((feed, *price, confidence))
        };
        prices.iter().map(entry).collect()
    }

    fn named(&mut self, value: &Value) -> Value {
        replaced(value, &mut |name| self.chain.introduce(name).into_string())
    }

    fn told(&self, response: &AppResponse) -> Vec<Event> {
        let ours = response.events.iter().filter(|event| event.ty.starts_with("wasm"));
        let event = |event: &cosmwasm_std::Event| {
            let mut attributes: BTreeMap<_, _> =
                event.attributes.iter().map(|told| (told.key.clone(), told.value.clone())).collect();
            let address = attributes.remove("_contract_address").unwrap_or_default();
            let contract = self.chain.name_of(&address).unwrap_or(&address).to_string();
            let kind = event.ty.strip_prefix("wasm-").unwrap_or(&event.ty).to_string();
            Event { kind, contract, attributes }
        };
        ours.map(event).collect()
    }
}

enum Outcome {
    Told(AppResponse),
    Answer(Value),
}

impl Iterator for Run {
    type Item = StepReport;

    fn next(&mut self) -> Option<StepReport> {
        if self.ended {
            return None;
        }
        let (number, step) = self.steps.next()?;
        Some(self.step(number, &step))
    }
}
