//! Every field of the lens's answers, as its schema lists them, has a metric that moves with it.

use std::path::Path;

use sdp_types::lens::{HealthResponse, SolvencyResponse};
use serde::de::DeserializeOwned;
use serde_json::{json, Map, Value};

use crate::exporter::figures::Figures;
use crate::exporter::pool;
use crate::survey::Labels;

/// Schema of one answer of the lens.
fn schema(answer: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema/lens.json");
    let all: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    all["responses"][answer].clone()
}

/// An answer made up from a schema, each number another one, and the places of all its leaves with another value for each.
struct Sample<'a> {
    definitions: &'a Value,
    leaves: Vec<(String, Value)>,
}

impl Sample<'_> {
    fn of(&mut self, schema: &Value, place: &str) -> Value {
        if let Some(name) = schema["$ref"].as_str() {
            return self.named(name.trim_start_matches("#/definitions/"), place);
        }
        for choice in ["allOf", "anyOf"] {
            // the first of several is what it is where it is not null
            if let Some(first) = schema[choice].get(0) {
                return self.of(first, place);
            }
        }
        let number = self.leaves.len() + 2;
        match schema["type"].as_str() {
            Some("object") => {
                let fields = schema["properties"].as_object().unwrap();
                let field = |(name, field): (&String, &Value)| {
                    (name.clone(), self.of(field, &format!("{place}/{name}")))
                };
                Value::Object(fields.iter().map(field).collect::<Map<_, _>>())
            }
            Some("array") => json!([self.of(&schema["items"], &format!("{place}/0"))]),
            Some("integer") => self.leaf(place, json!(number), json!(number + 1_000)),
            Some("string") => self.leaf(place, json!("sdp1market"), json!("sdp1other")),
            other => panic!("{place}: a field of type {other:?}"),
        }
    }

    fn named(&mut self, name: &str, place: &str) -> Value {
        let number = self.leaves.len() + 2;
        match name {
            "Usd" | "SignedUsd" | "Ratio" | "SignedRatio" | "Size" | "Rate" | "Price" => {
                self.leaf(place, json!(number.to_string()), json!((number + 1_000).to_string()))
            }
            "Regime" => self.leaf(place, json!("caution"), json!("emergency")),
            _ => {
                let definition = self.definitions[name].clone();
                self.of(&definition, place)
            }
        }
    }

    fn leaf(&mut self, place: &str, value: Value, other: Value) -> Value {
        self.leaves.push((place.to_string(), other));
        value
    }
}

/// Leaves of an answer that no metric moves with.
fn unmoved<T: DeserializeOwned>(answer: &str, export: fn(&T, &Labels, &mut Figures)) -> Vec<String> {
    let schema = schema(answer);
    let mut sample = Sample { definitions: &schema["definitions"], leaves: Vec::new() };
    let value = sample.of(&schema, "");
    assert!(sample.leaves.len() > 10, "{answer} has {} leaves", sample.leaves.len());
    let text = |value: &Value| {
        let mut figures = Figures::default();
        let found: T = serde_json::from_value(value.clone()).unwrap();
        export(&found, &Labels::default(), &mut figures);
        figures.text().unwrap()
    };
    let before = text(&value);
    let stays = |(place, other): (String, Value)| {
        let mut changed = value.clone();
        *changed.pointer_mut(&place).unwrap() = other;
        (text(&changed) == before).then_some(place)
    };
    sample.leaves.into_iter().filter_map(stays).collect()
}

#[test]
fn every_field_of_health_has_a_metric_that_moves_with_it() {
    assert_eq!(unmoved::<HealthResponse>("health", pool::health), Vec::<String>::new());
}

#[test]
fn every_field_of_solvency_has_a_metric_or_is_one_of_health_too() {
    let of_health = ["/distance_to_default", "/insurance", "/notes_paid", "/set_aside"];
    assert_eq!(unmoved::<SolvencyResponse>("solvency", pool::solvency), of_health);
    let health = schema("health");
    let has = |field: &str| {
        health["properties"].get(field).is_some()
            || health["definitions"]["Recoveries"]["properties"].get(field).is_some()
    };
    assert!(of_health.iter().all(|field| has(&field[1..])));
}
