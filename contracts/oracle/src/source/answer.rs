//! A text inside of a contract's answer.

use core::fmt;

use cosmwasm_std::from_json;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// As much of any JSON as leads to a text.
enum Json {
    Text(String),
    Object(Vec<(String, Json)>),
    Other,
}

/// The text to which these names of fields lead, one in the other. None where there is no such text, and where it is no JSON.
#[inline(never)]
pub fn text_at(answer: &[u8], path: &[String]) -> Option<String> {
    let mut at: Json = from_json(answer).ok()?;
    for name in path {
        let Json::Object(fields) = at else { return None };
        at = fields.into_iter().find(|(field, _)| field == name)?.1;
    }
    match at {
        Json::Text(text) => Some(text),
        Json::Object(_) | Json::Other => None,
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.into()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        while entries.next_element::<Json>()?.is_some() {}
        Ok(Json::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = entries.next_entry()? {
            fields.push(field);
        }
        Ok(Json::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(answer: &str, path: &[&str]) -> Option<String> {
        let path: Vec<_> = path.iter().map(|name| (*name).to_string()).collect();
        text_at(answer.as_bytes(), &path)
    }

    #[test]
    fn names_lead_through_objects_to_a_text() {
        let answer = r#"{"a":[1,{"b":null}],"state":{"on":true,"n":-7,"rate":"1.25"},"rate":"2"}"#;
        assert_eq!(at(answer, &["state", "rate"]).as_deref(), Some("1.25"));
        assert_eq!(at(answer, &["rate"]).as_deref(), Some("2"));
        assert_eq!(at(r#""3""#, &[]).as_deref(), Some("3"));
    }

    #[test]
    fn whatever_else_is_there_is_none() {
        let answer = r#"{"state":{"n":7,"list":["1"]}}"#;
        for path in
            [&["state"][..], &["state", "n"], &["state", "list"], &["state", "list", "0"], &["rate"], &[]]
        {
            assert_eq!(at(answer, path), None, "{path:?}");
        }
        for garbage in ["", "{", "nonsense", "{\"rate\":\"1\"", "{\"rate\":\"1\"} x", "\u{0}"] {
            assert_eq!(at(garbage, &["rate"]), None, "{garbage:?}");
        }
        // deeper than anybody would need, and than a stack could take
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(at(&deep, &["rate"]), None);
    }
}
