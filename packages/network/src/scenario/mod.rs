//! Scenario files: accounts and steps in JSON, run on any network, one report a step. The format is stable.
//!
//! ```json
//! {
//!   "manifest": "small.toml",
//!   "accounts": { "anna": [{ "denom": "uatom", "amount": "1000000000" }] },
//!   "steps": [
//!     { "at": 0, "price": { "ATOM": "10", "BTC": "60000.5" }, "conf": "0.001" },
//!     { "at": 1, "as": "anna", "to": "pool", "execute": { "deposit": {} }, "funds": [{ "denom": "uatom", "amount": "1000000000" }] },
//!     { "at": 2, "as": "anna", "to": "pool", "execute": { "mint": { "vault": 0, "amount": "1" } }, "fails_with": "E0305" },
//!     { "at": 3, "query": { "to": "pool", "msg": { "position": { "vault": 0, "owner": "@anna" } } },
//!       "name": "anna's position", "expect": { "collateral": "1000000000" } }
//!   ]
//! }
//! ```
//!
//! | entry | meaning |
//! |---|---|
//! | `manifest` | path of a manifest, from the directory of the scenario; omitted: the built-in one |
//! | `overrides` | entries of the manifest that are otherwise: [`Manifest::with`] |
//! | `incident` | what the scenario replays: [`Incident`] |
//! | `accounts` | what accounts hold at the start, base units; `denom` is a coin's, or the name of a collateral that is a CW20 |
//! | `at` | seconds since the run's start, never less than in the step before; on a real chain a step may come a little later |
//! | `price` | USD per whole unit by symbol, published together by a quorum of the manifest's publishers |
//! | `conf` | half-width of the band as a fraction of the price: for all, `"0.001"`, or by symbol; else the manifest's |
//! | `as`, `to`, `execute`, `funds` | a message of an account to a contract, and coins with it |
//! | `fails_with` | the message has to be refused with this code or text; nothing has changed then |
//! | `query` | a question to a contract: `to` and `msg` |
//! | `name` | of a query, repeated in its report |
//! | `expect` | what the answer has to contain: of an object the named fields, of an array every element in order |
//!
//! `to` is `oracle`, `pool`, `liquidator`, `lens`, `market` (the first), a market's name, `sdusd`, or the name of a collateral that
//! is a CW20. Inside `msg`, `execute` and `expect` a text `"@anna"` becomes the address of that account or contract (`"@@x"`
//! is the text `@x`), an object `{"@binary": …}` the base64 of the JSON in it, and an object `{"@time": 5}` the Unix time of
//! that second of the run. Amounts are in the contracts' units.
//!
//! A message that is refused without a `fails_with` fails its step, and the run goes on. The audit runs after every step; a
//! difference ends the run.

pub mod incident;
mod names;
mod run;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use cosmwasm_std::Coin;
use sdp_types::units::{Price, Ratio};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use incident::{Alteration, Incident, INCIDENTS};
pub use run::{Event, Run, StepReport};

use crate::error::ChainError;
use crate::manifest::{Manifest, RESERVED};

/// A scenario as it stands in its file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Path of a manifest; none: the built-in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest: Option<PathBuf>,
    /// Entries of the manifest that are otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overrides: Option<Value>,
    /// What it replays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<Incident>,
    /// What accounts hold at the start.
    #[serde(default)]
    pub accounts: BTreeMap<String, Vec<Coin>>,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// One step as it stands in the file: exactly one of `price`, `execute` and `query`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Seconds since the run's start.
    pub at: u64,
    /// Prices by symbol.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<BTreeMap<String, Price>>,
    /// Their confidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conf: Option<Confidence>,
    /// Who sends the message.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// Which contract gets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub execute: Option<Value>,
    /// Coins that go with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub funds: Vec<Coin>,
    /// Code or text that it has to be refused with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fails_with: Option<String>,
    /// A question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<Query>,
    /// Of the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the answer has to contain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<Value>,
}

/// Half-width of the bands of prices, as a fraction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Confidence {
    /// Of all prices of the step.
    All(Ratio),
    /// By symbol; the others have the manifest's.
    Each(BTreeMap<String, Ratio>),
}

/// A question to a contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// The contract.
    pub to: String,
    /// The question.
    pub msg: Value,
}

/// Why a scenario can't be run.
#[derive(Clone, Debug, PartialEq)]
pub enum ScenarioError {
    /// The file can't be read.
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The text is not a scenario; the reason says at which line.
    Format {
        /// Why.
        reason: String,
    },
    /// A manifest that can't be used.
    Manifest {
        /// Why.
        reason: String,
    },
    /// An account that can't have that name or those balances.
    Account {
        /// Which.
        name: String,
        /// Why.
        reason: String,
    },
    /// An incident that makes no sense.
    Incident {
        /// Why.
        reason: String,
    },
    /// A step that makes no sense.
    Step {
        /// Its number, from 0.
        step: usize,
        /// What is wrong with it.
        fault: Fault,
    },
    /// The contracts could not be deployed.
    Deploy(ChainError),
}

/// What is wrong with a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// Not exactly one of `price`, `execute` and `query`.
    Kinds(Vec<&'static str>),
    /// An entry that this kind of step needs.
    Missing(&'static str),
    /// An entry that this kind of step doesn't have.
    Misplaced(&'static str),
    /// Earlier than the step before.
    Backwards {
        /// When the step before happens.
        previous: u64,
    },
    /// A contract that there is not.
    UnknownContract(String),
    /// A feed that there is not.
    UnknownFeed(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kinds(found) if found.is_empty() => {
                f.write_str("neither `price` nor `execute` nor `query`")
            }
            Self::Kinds(found) => write!(f, "more than one of `{}`", found.join("`, `")),
            Self::Missing(entry) => write!(f, "`{entry}` is missing"),
            Self::Misplaced(entry) => write!(f, "`{entry}` does not belong into this kind of step"),
            Self::Backwards { previous } => write!(f, "earlier than the step before, at {previous}"),
            Self::UnknownContract(name) => write!(f, "no contract is called `{name}`"),
            Self::UnknownFeed(symbol) => write!(f, "no feed `{symbol}`"),
        }
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, reason } => write!(f, "{}: {reason}", path.display()),
            Self::Format { reason } => write!(f, "not a scenario: {reason}"),
            Self::Manifest { reason } => write!(f, "manifest: {reason}"),
            Self::Account { name, reason } => write!(f, "account `{name}`: {reason}"),
            Self::Incident { reason } => write!(f, "incident: {reason}"),
            Self::Step { step, fault } => write!(f, "step {step}: {fault}"),
            Self::Deploy(error) => write!(f, "deployment: {error}"),
        }
    }
}

impl std::error::Error for ScenarioError {}

impl Scenario {
    /// A scenario from its text.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        serde_json::from_str(text).map_err(|error| ScenarioError::Format { reason: error.to_string() })
    }

    /// A scenario from a file; the path of its manifest is then one from here.
    pub fn read(path: &Path) -> Result<Self, ScenarioError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ScenarioError::File { path: path.into(), reason: error.to_string() })?;
        let mut scenario = Self::parse(&text)?;
        let directory = path.parent().unwrap_or(Path::new("."));
        scenario.manifest = scenario.manifest.map(|manifest| directory.join(manifest));
        Ok(scenario)
    }

    /// The manifest that it runs on.
    pub fn manifest(&self) -> Result<Manifest, ScenarioError> {
        let manifest = self.manifest.as_deref().map_or_else(Manifest::built_in, Manifest::read);
        let changed = manifest.and_then(|manifest| match &self.overrides {
            Some(changes) => manifest.with(changes),
            None => Ok(manifest),
        });
        changed.map_err(not_usable)
    }

    /// The manifest that it runs on without the guard of its incident.
    pub fn unguarded(&self) -> Result<Manifest, ScenarioError> {
        let manifest = self.manifest()?;
        let changes = self.incident.as_ref().and_then(|incident| incident.without.manifest.as_ref());
        changes.map_or(Ok(manifest.clone()), |changes| manifest.with(changes).map_err(not_usable))
    }

    /// Whether every step makes sense on a manifest.
    pub fn check(&self, manifest: &Manifest) -> Result<(), ScenarioError> {
        if let Some(name) = self.accounts.keys().find(|name| RESERVED.contains(&name.as_str())) {
            let reason = "is the name of a contract".into();
            return Err(ScenarioError::Account { name: name.clone(), reason });
        }
        self.incident.as_ref().map_or(Ok(()), Incident::check)?;
        let mut previous = 0;
        for (number, step) in self.steps.iter().enumerate() {
            let fault = |fault| ScenarioError::Step { step: number, fault };
            step.check(manifest).map_err(fault)?;
            if step.at < previous {
                return Err(fault(Fault::Backwards { previous }));
            }
            previous = step.at;
        }
        Ok(())
    }
}

impl Step {
    fn check(&self, manifest: &Manifest) -> Result<(), Fault> {
        let has = [
            ("price", self.price.is_some()),
            ("conf", self.conf.is_some()),
            ("as", self.sender.is_some()),
            ("to", self.to.is_some()),
            ("execute", self.execute.is_some()),
            ("funds", !self.funds.is_empty()),
            ("fails_with", self.fails_with.is_some()),
            ("query", self.query.is_some()),
            ("name", self.name.is_some()),
            ("expect", self.expect.is_some()),
        ];
        let there = |entries: &[&'static str]| -> Vec<&'static str> {
            let found = has.iter().filter(|(entry, there)| *there && entries.contains(entry));
            found.map(|(entry, _)| *entry).collect()
        };
        let kinds = there(&["price", "execute", "query"]);
        let [kind] = kinds[..] else { return Err(Fault::Kinds(kinds)) };
        let (needed, allowed): (&[_], &[_]) = match kind {
            "price" => (&[], &["price", "conf"]),
            "execute" => (&["as", "to"], &["as", "to", "execute", "funds", "fails_with"]),
            _ => (&[], &["query", "name", "expect"]),
        };
        if let Some(missing) = needed.iter().find(|entry| !there(needed).contains(entry)) {
            return Err(Fault::Missing(missing));
        }
        if let Some((misplaced, _)) = has.iter().find(|(entry, there)| *there && !allowed.contains(entry)) {
            return Err(Fault::Misplaced(misplaced));
        }
        let each = match &self.conf {
            Some(Confidence::Each(each)) => each.keys().collect(),
            _ => vec![],
        };
        for symbol in self.price.iter().flat_map(BTreeMap::keys).chain(each) {
            manifest.feed_id(symbol).map_err(|_| Fault::UnknownFeed(symbol.clone()))?;
        }
        let to = self.to.as_ref().or(self.query.as_ref().map(|query| &query.to));
        match to.filter(|name| !is_contract(manifest, name)) {
            Some(name) => Err(Fault::UnknownContract(name.clone())),
            None => Ok(()),
        }
    }
}

#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn not_usable(error: anyhow::Error) -> ScenarioError {
    ScenarioError::Manifest { reason: format!("{error:#}") }
}

fn is_contract(manifest: &Manifest, name: &str) -> bool {
    let cw20 = || manifest.collateral(name).is_ok_and(|(_, collateral)| collateral.denom.is_none());
    RESERVED.contains(&name)
        || manifest.market(name).is_ok()
        || manifest.synthetics().any(|synthetic| synthetic.symbol == name)
        || manifest.event_markets().any(|event| event.name == name)
        || cw20()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(step: &str) -> Fault {
        let text = format!("{{\"steps\": [{{\"at\": 5, \"price\": {{\"BTC\": \"1\"}}}}, {step}]}}");
        let scenario = Scenario::parse(&text).unwrap();
        match scenario.check(&scenario.manifest().unwrap()).unwrap_err() {
            ScenarioError::Step { step: 1, fault } => fault,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn a_step_that_makes_no_sense_is_refused_with_its_number_and_its_fault() {
        assert_eq!(fault(r#"{"at": 5}"#), Fault::Kinds(vec![]));
        let both = r#"{"at": 5, "price": {}, "query": {"to": "pool", "msg": {}}}"#;
        assert_eq!(fault(both), Fault::Kinds(vec!["price", "query"]));
        assert_eq!(fault(r#"{"at": 5, "to": "pool", "execute": {}}"#), Fault::Missing("as"));
        assert_eq!(fault(r#"{"at": 5, "price": {}, "expect": 1}"#), Fault::Misplaced("expect"));
        assert_eq!(fault(r#"{"at": 4, "price": {}}"#), Fault::Backwards { previous: 5 });
        assert_eq!(fault(r#"{"at": 5, "price": {"XYZ": "1"}}"#), Fault::UnknownFeed("XYZ".into()));
        let bank = r#"{"at": 5, "query": {"to": "bank", "msg": {}}}"#;
        assert_eq!(fault(bank), Fault::UnknownContract("bank".into()));
    }

    #[test]
    fn an_entry_that_the_format_does_not_have_is_refused() {
        for text in [
            r#"{"steps": [], "speed": 1}"#,
            r#"{"steps": [{"at": 0, "prices": {}}]}"#,
            r#"{"steps": [{"at": 0, "price": {"BTC": 60000}}]}"#,
            r#"{"steps": [{"price": {}}]}"#,
        ] {
            assert!(matches!(Scenario::parse(text), Err(ScenarioError::Format { .. })), "{text}");
        }
    }

    #[test]
    fn a_scenario_comes_back_from_its_own_text() {
        let text = r#"{"manifest": "a.toml", "accounts": {"anna": [{"denom": "uatom", "amount": "1"}]},
            "steps": [{"at": 0, "price": {"BTC": "60000.5"}, "conf": {"BTC": "0.001"}}]}"#;
        let scenario = Scenario::parse(text).unwrap();
        assert_eq!(Scenario::parse(&serde_json::to_string(&scenario).unwrap()).unwrap(), scenario);
    }
}
