//! What a scenario that replays an incident says of it: what happened, which guard stops it here, how that guard is switched off, and
//! how the loss is measured.

use std::fmt;

use serde::{de, Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use sdp_types::SignedUsd;

use super::ScenarioError;
use crate::decimal;

/// An incident as its file tells it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// What it is called.
    pub name: String,
    /// When it happened, or that it is one of our own attacks on ourselves.
    pub date: String,
    /// What happened, in a sentence.
    pub what: String,
    /// Public accounts: addresses or titles. None of an attack of our own.
    pub sources: Vec<String>,
    /// What was lost then.
    pub lost: String,
    /// How its numbers became those of the file, and which of them are assumptions.
    pub scale: String,
    /// What stops it here, in a sentence.
    pub guard: String,
    /// What code runs otherwise in both plays: the stage that the attack needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stage: Vec<Alteration>,
    /// How the guard is switched off.
    pub without: Without,
    /// How the loss is measured.
    pub loss: Loss,
    /// How `at_least` and `at_most` follow from the numbers of the file.
    pub derived: String,
}

/// How a guard is switched off.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Without {
    /// Entries of the manifest that are otherwise then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest: Option<Value>,
    /// What code is otherwise then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub code: Vec<Alteration>,
}

/// What the embedded chain can do to a contract from outside, so that it lacks a guard that it has. The contract's own code stays
/// as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alteration {
    /// The market pays out profits that nobody has realised.
    UnrealisedProfitPaid,
    /// The market fills orders at the last price that there is.
    OrdersAtLastPrice,
    /// The market takes index · (1 + premium) for the index.
    SkewInIndex,
    /// The pool values only the vault that a message is about, others as they were when they were touched last.
    OneVaultRefreshed,
    /// The pool sends its messages before it writes what they rest on.
    MessagesFirst,
    /// The pool keeps what traders lose while nobody provides for the next one who does.
    ProfitParked,
    /// CW20s tell whoever gets a transfer, if it is a contract, and it may act in between.
    TransferHooks,
    /// Anybody may tell an event market what it says that it owes, `{"lie": {owes}}`, and to draw for him, `{"take": {amount}}`.
    MarketLies,
    /// The desk believes whatever a bonded market says, and pays it at once.
    ClaimsBelieved,
}

/// How a loss is measured: what some gain, or what others lose, from a second of the run to its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loss {
    /// The attackers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gained_by: Vec<String>,
    /// The victims; `pool` is the insurance fund less bad debt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost_by: Vec<String>,
    /// From this second of the run on.
    pub since: u64,
    /// With the guard it must be at most this; negative where the attack has to cost the attacker.
    pub at_most: Dollars,
    /// Without it, at least this: more than 0 and than `at_most`.
    pub at_least: Dollars,
}

impl Incident {
    /// What makes no sense in it.
    pub(super) fn check(&self) -> Result<(), ScenarioError> {
        let Loss { gained_by, lost_by, at_least, at_most, .. } = &self.loss;
        let reason = if gained_by.is_empty() == lost_by.is_empty() {
            "`loss` is either `gained_by` or `lost_by` somebody"
        } else if at_least.0 <= SignedUsd::ZERO || at_least <= at_most {
            "`at_least` must be more than 0 and than `at_most`"
        } else if self.without == Without::default() {
            "`without` switches nothing off"
        } else {
            return Ok(());
        };
        Err(ScenarioError::Incident { reason: reason.into() })
    }
}

/// USD that may be negative, written in USD: `"-2_000.50"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dollars(pub SignedUsd);

impl fmt::Display for Dollars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0.is_negative() { "-" } else { "" };
        write!(f, "{sign}{}", decimal::show(self.0.abs().raw(), 6))
    }
}

impl Serialize for Dollars {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Dollars {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (negative, digits) =
            text.strip_prefix('-').map_or((false, text.as_str()), |digits| (true, digits));
        let amount = decimal::parse(digits, 6).map_err(de::Error::custom)?;
        let amount = i128::try_from(amount).map_err(de::Error::custom)?;
        Ok(Self(SignedUsd::new(if negative { -amount } else { amount })))
    }
}

macro_rules! incidents {
    ($($name:literal),* $(,)?) => {
        /// The incidents that come with this crate, by name: their files' texts, in the order in which they happened, our own attacks
        /// last.
        pub const INCIDENTS: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../scenarios/incidents/", $name, ".json")))),*];
    };
}

incidents![
    "skrw_2019",
    "black_thursday_2020",
    "gmx_avax_2022",
    "mango_2022",
    "levana_2023",
    "jelly_2025",
    "gmx_v1_2025",
    "mars_2025",
    "synthetix_v3_double_print",
    "pumping_volatility",
    "exits_ahead_of_known_losses",
    "dust_provider",
    "bonded_market_that_lies",
];

#[cfg(test)]
mod tests {
    use super::super::Scenario;
    use super::*;

    fn scenario(change: impl FnOnce(&mut Value)) -> Result<Scenario, ScenarioError> {
        let mut file: Value = serde_json::from_str(INCIDENTS[0].1).unwrap();
        change(&mut file["incident"]);
        let scenario = Scenario::parse(&file.to_string())?;
        scenario.check(&scenario.manifest()?)?;
        Ok(scenario)
    }

    #[test]
    fn every_file_is_a_scenario_with_an_incident_that_makes_sense_with_the_guard_and_without() {
        for (name, text) in INCIDENTS {
            let scenario = Scenario::parse(text).unwrap();
            let (with, without) = (scenario.manifest().unwrap(), scenario.unguarded().unwrap());
            scenario.check(&with).unwrap();
            let incident = scenario.incident.clone().unwrap();
            assert_eq!(incident.without.code.is_empty(), with != without, "{name}: one of the two");
            let own = incident.date == "our own attack";
            assert_eq!(incident.sources.is_empty(), own, "{name}: who tells of it");
            assert_eq!(Scenario::parse(&serde_json::to_string(&scenario).unwrap()).unwrap(), scenario);
        }
    }

    #[test]
    fn the_list_is_the_directory() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/incidents");
        let files = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name());
        let mut files: Vec<_> = files.map(|name| name.into_string().unwrap()).collect();
        let mut listed: Vec<_> = INCIDENTS.iter().map(|(name, _)| format!("{name}.json")).collect();
        files.sort();
        listed.sort();
        assert_eq!(files, listed);
    }

    #[test]
    fn an_entry_that_there_is_not_and_a_claim_that_says_nothing_are_refused() {
        assert!(scenario(|_| {}).is_ok());
        let faults: [fn(&mut Value); 7] = [
            |incident| incident["weather"] = "fine".into(),
            |incident| incident["without"] = serde_json::json!({}),
            |incident| incident["without"] = serde_json::json!({ "code": ["everything"] }),
            |incident| incident["loss"]["at_least"] = "0".into(),
            |incident| incident["loss"]["at_most"] = "5_000_000".into(),
            |incident| incident["loss"]["lost_by"] = serde_json::json!(["whale"]),
            |incident| incident["loss"]["gained_by"] = serde_json::json!([]),
        ];
        for (n, fault) in faults.into_iter().enumerate() {
            assert!(scenario(fault).is_err(), "{n}");
        }
        let unknown = scenario(|incident| {
            incident["without"]["manifest"] = serde_json::json!({ "feeds": { "GOLD": {} } });
        });
        assert!(unknown.unwrap().unguarded().is_err());
    }

    #[test]
    fn dollars_may_be_negative() {
        for (text, raw) in [("-13.80", -13_800_000), ("0", 0), ("1_060_000.5", 1_060_000_500_000)] {
            let parsed: Dollars = serde_json::from_value(text.into()).unwrap();
            assert_eq!(parsed.0, SignedUsd::new(raw));
            let shown = serde_json::to_value(parsed).unwrap();
            assert_eq!(serde_json::from_value::<Dollars>(shown).unwrap(), parsed);
        }
        for text in ["--1", "", "-", "1.2.3", "0.0000001"] {
            assert!(serde_json::from_value::<Dollars>(text.into()).is_err(), "{text}");
        }
    }
}
