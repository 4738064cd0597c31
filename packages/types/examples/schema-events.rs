//! Writes all events as JSON: by name, the fields in order with the types of their values.

use std::collections::BTreeMap;

use sdp_types::events::ALL;

fn main() {
    let fields = |fields: &[(&str, &str)]| {
        let field = |(name, of): &(&str, &str)| serde_json::json!({ "name": name, "type": of });
        fields.iter().map(field).collect::<Vec<_>>()
    };
    let events: BTreeMap<_, _> = ALL.iter().map(|(name, of)| (*name, fields(of))).collect();
    println!("{}", serde_json::to_string_pretty(&events).unwrap_or_default());
}
