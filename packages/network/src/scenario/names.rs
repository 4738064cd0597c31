//! Names and binaries inside messages, and the match of an answer with what was expected.

use cosmwasm_std::Binary;
use serde_json::{Map, Value};

use crate::error::Result;

/// `value` with `"@anna"` as her address, `"@@x"` as `"@x"`, `{"@binary": …}` as base64, and `{"@time": 5}` as the Unix
/// time of that second of a run that began at `start`.
pub(super) fn replaced(
    value: &Value,
    start: u64,
    address: &mut dyn FnMut(&str) -> Result<String>,
) -> Result<Value> {
    Ok(match value {
        Value::String(text) => match text.strip_prefix('@') {
            Some(name) if name.starts_with('@') => Value::String(name.to_string()),
            Some(name) => Value::String(address(name)?),
            None => value.clone(),
        },
        Value::Array(items) => {
            let items: Result<_> = items.iter().map(|item| replaced(item, start, address)).collect();
            Value::Array(items?)
        }
        Value::Object(fields) => match only(fields) {
            Some(("@binary", inner)) => {
                let json = replaced(inner, start, address)?.to_string();
                Value::String(Binary::new(json.into_bytes()).to_base64())
            }
            Some(("@time", second)) if second.is_u64() => {
                Value::from(start.saturating_add(second.as_u64().unwrap_or_default()))
            }
            _ => {
                let field =
                    |(key, field): (&String, &Value)| Ok((key.clone(), replaced(field, start, address)?));
                let fields: Result<_> = fields.iter().map(field).collect();
                Value::Object(fields?)
            }
        },
        _ => value.clone(),
    })
}

fn only(fields: &Map<String, Value>) -> Option<(&str, &Value)> {
    let mut all = fields.iter();
    let (key, value) = all.next()?;
    all.next().is_none().then_some((key.as_str(), value))
}

/// Where `found` lacks something that `expected` names: the first difference, as `.path: expected … found …`.
pub(super) fn mismatch(expected: &Value, found: &Value) -> Option<String> {
    let here = || Some(format!(": expected {expected}, found {found}"));
    match (expected, found) {
        (Value::Object(expected), Value::Object(fields)) => expected.iter().find_map(|(key, value)| {
            let field = fields.get(key).unwrap_or(&Value::Null);
            mismatch(value, field).map(|inner| format!(".{key}{inner}"))
        }),
        (Value::Array(wanted), Value::Array(items)) if wanted.len() == items.len() => {
            let pairs = wanted.iter().zip(items).enumerate();
            pairs
                .map(|(n, (value, item))| (n, mismatch(value, item)))
                .find_map(|(n, inner)| inner.map(|inner| format!("[{n}]{inner}")))
        }
        _ if expected == found => None,
        _ => here(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_become_addresses_inside_binaries_too() {
        let mut address = |name: &str| Ok(format!("sdp1{name}"));
        let msg =
            json!({"send": {"contract": "@pool", "n": 1, "msg": {"@binary": {"to": ["@anna", "@@x"]}}}});
        let msg = replaced(&msg, 0, &mut address).unwrap();
        assert_eq!(msg["send"]["contract"], "sdp1pool");
        let binary = Binary::from_base64(msg["send"]["msg"].as_str().unwrap()).unwrap();
        assert_eq!(binary.as_slice(), br#"{"to":["sdp1anna","@x"]}"#);
    }

    #[test]
    fn seconds_of_a_run_become_unix_time() {
        let mut address = |name: &str| Ok(name.to_string());
        let msg = json!({"a": [{"@time": 5}], "b": {"@time": "5"}, "c": {"@time": 5, "d": 6}});
        let msg = replaced(&msg, 1_000, &mut address).unwrap();
        assert_eq!(msg, json!({"a": [1_005], "b": {"@time": "5"}, "c": {"@time": 5, "d": 6}}));
    }

    #[test]
    fn an_expectation_is_a_part_of_the_answer() {
        let found = json!({"a": {"b": [{"c": 1, "d": 2}]}, "e": null});
        assert_eq!(mismatch(&json!({"a": {"b": [{"c": 1}]}}), &found), None);
        let differs = mismatch(&json!({"a": {"b": [{"c": 2}]}}), &found).unwrap();
        assert_eq!(differs, ".a.b[0].c: expected 2, found 1");
        assert!(mismatch(&json!({"a": {"b": []}}), &found).is_some());
        assert!(mismatch(&json!({"f": 1}), &found).is_some());
        assert_eq!(mismatch(&json!({"e": null}), &found), None);
    }
}
