//! What a contract's JSON schema says of its messages: which there are, and which values their fields can take.

use cosmwasm_schema::schema_for;
use cosmwasm_schema::schemars::JsonSchema;
use serde_json::{json, Value};

/// A type's schema as JSON.
pub fn of<T: JsonSchema>() -> Value {
    serde_json::to_value(schema_for!(T)).unwrap()
}

/// The variants of an enum, in the order of the source.
pub fn variants(schema: &Value) -> Vec<String> {
    let listed = schema["oneOf"].as_array().cloned().unwrap_or_default();
    let names = listed.iter().flat_map(|branch| {
        let object = branch["properties"].as_object().into_iter().flat_map(|fields| fields.keys().cloned());
        let plain = branch["enum"].as_array().into_iter().flatten();
        object.chain(plain.map(|name| name.as_str().unwrap().to_string())).collect::<Vec<_>>()
    });
    names.collect()
}

/// A place in a message and the value to put there.
#[derive(Clone, Debug)]
pub struct Extreme {
    /// `/mint/amount`
    pub pointer: String,
    /// What is put there.
    pub value: Value,
}

impl Extreme {
    /// The message with this value in it.
    pub fn in_message(&self, msg: &Value) -> Value {
        let mut msg = msg.clone();
        *msg.pointer_mut(&self.pointer).unwrap() = self.value.clone();
        msg
    }
}

/// Every field of a sample message, by its type in the schema, at every extreme of that type.
pub fn extremes(schema: &Value, sample: &Value) -> Vec<Extreme> {
    let mut found = Vec::new();
    walk(schema, schema, sample, String::new(), &mut found);
    found
}

fn walk(root: &Value, schema: &Value, value: &Value, pointer: String, found: &mut Vec<Extreme>) {
    if let Some(name) = reference(schema) {
        if let Some(values) = of_unit(&name) {
            put(found, &pointer, values);
            return;
        }
        return walk(root, &root["definitions"][name], value, pointer, found);
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        if let Some(branches) = schema[key].as_array() {
            if branches.iter().any(|branch| branch["type"] == "null") && !value.is_null() {
                put(found, &pointer, vec![Value::Null]);
            }
            if value.is_null() {
                // an optional field that the sample leaves out
                for branch in branches {
                    put(found, &pointer, of_leaf(branch));
                }
            }
            for branch in branches.iter().filter(|branch| fits(root, branch, value)) {
                walk(root, branch, value, pointer.clone(), found);
            }
            return;
        }
    }
    if value.is_null() {
        put(found, &pointer, of_leaf(schema));
        return;
    }
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let inner = &schema["properties"][name];
                walk(root, inner, field, format!("{pointer}/{name}"), found);
            }
        }
        Value::Array(entries) => {
            put(found, &pointer, vec![json!([])]);
            for (n, entry) in entries.iter().enumerate() {
                walk(root, &schema["items"], entry, format!("{pointer}/{n}"), found);
            }
            if let Some(first) = entries.first() {
                put(found, &pointer, vec![json!(vec![first; 2]), json!(vec![first; 101])]);
            }
        }
        Value::Number(_) => put(found, &pointer, integers(schema["format"].as_str().unwrap_or("uint64"))),
        Value::String(_) => put(found, &pointer, texts()),
        _ => {}
    }
}

/// Of a number, a unit or a text, whose sample is not needed.
fn of_leaf(schema: &Value) -> Vec<Value> {
    if let Some(name) = reference(schema) {
        return of_unit(&name).unwrap_or_default();
    }
    let is = |name: &str| schema["type"] == name || schema["type"][0] == name;
    match schema["format"].as_str() {
        Some(format) if is("integer") => integers(format),
        _ if is("string") => texts(),
        _ => vec![],
    }
}

fn fits(root: &Value, branch: &Value, value: &Value) -> bool {
    if let Some(name) = reference(branch) {
        return of_unit(&name).is_some() || fits(root, &root["definitions"][name], value);
    }
    match value {
        Value::Null => false,
        Value::Object(fields) => {
            let Some(known) = branch["properties"].as_object() else { return branch["oneOf"].is_array() };
            fields.keys().all(|name| known.contains_key(name))
        }
        Value::String(text) => match branch["enum"].as_array() {
            Some(names) => names.iter().any(|name| name == text),
            None => branch["type"] != "null",
        },
        _ => branch["type"] != "null",
    }
}

fn reference(schema: &Value) -> Option<String> {
    schema["$ref"].as_str().map(|path| path.rsplit('/').next().unwrap().to_string())
}

fn put(found: &mut Vec<Extreme>, pointer: &str, values: Vec<Value>) {
    found.extend(values.into_iter().map(|value| Extreme { pointer: pointer.to_string(), value }));
}

/// 0, the least, the largest that a message may carry and one more, the largest of the type and one more; of numbers of 18
/// decimals also one.
fn of_unit(name: &str) -> Option<Vec<Value>> {
    let max_signed = i128::MAX.to_string();
    let decimals = |raw: u128| format!("{}.{:018}", raw / 10u128.pow(18), raw % 10u128.pow(18));
    let texts: Vec<String> = match name {
        "Usd" => vec![
            "0".into(),
            "1".into(),
            (10u128.pow(21)).to_string(),
            (10u128.pow(21) + 1).to_string(),
            max_signed,
            u128::MAX.to_string(),
            "340282366920938463463374607431768211456".into(),
            "-1".into(),
            "0.5".into(),
            "".into(),
        ],
        "Amount" | "Uint128" => vec![
            "0".into(),
            "1".into(),
            10u128.pow(30).to_string(),
            (10u128.pow(30) + 1).to_string(),
            max_signed,
            u128::MAX.to_string(),
            "340282366920938463463374607431768211456".into(),
            "-1".into(),
        ],
        "Price" => vec![
            "0".into(),
            "0.000000000000000001".into(),
            "1000000000000".into(),
            "1000000000000.000000000000000001".into(),
            decimals(u128::MAX),
            "-1".into(),
            "1e3".into(),
        ],
        "Ratio" => vec![
            "0".into(),
            "0.000000000000000001".into(),
            "0.999999999999999999".into(),
            "1".into(),
            "1.000000000000000001".into(),
            decimals(u128::MAX),
            "-0.1".into(),
        ],
        "Size" | "SignedRatio" | "Rate" => vec![
            "0".into(),
            "0.000000000000000001".into(),
            "-0.000000000000000001".into(),
            "1".into(),
            "-1".into(),
            "1000000000000000".into(),
            "1000000000000000.000000000000000001".into(),
            "-1000000000000000".into(),
            "170141183460469231731.687303715884105727".into(),
            "-170141183460469231731.687303715884105728".into(),
            "170141183460469231731.687303715884105728".into(),
        ],
        "Binary" => vec!["".into(), "e30=".into(), "////".into(), "not base64".into()],
        _ => return None,
    };
    Some(texts.into_iter().map(Value::String).collect())
}

fn integers(format: &str) -> Vec<Value> {
    let max = match format {
        "uint8" => u64::from(u8::MAX),
        "uint16" => u64::from(u16::MAX),
        "uint32" => u64::from(u32::MAX),
        _ => u64::MAX,
    };
    vec![json!(0), json!(1), json!(max - 1), json!(max), json!(-1)]
}

/// Texts that are no addresses, symbols or names.
fn texts() -> Vec<Value> {
    ["", " ", "nobody", "sdp1", "ATOM\u{0}", &"x".repeat(10_000)].map(|text| json!(text)).to_vec()
}
