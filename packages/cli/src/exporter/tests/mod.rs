//! That nothing is forgotten, and that what is exported is what the contracts say.

mod fields;
mod monitoring;
mod values;

use std::collections::BTreeMap;

/// Samples of a text as Prometheus reads it, by name and labels: `sdp_pool_debt_usd{source="markets"}`.
fn samples(text: &str) -> BTreeMap<String, f64> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap();
            let value = if value == "inf" { f64::INFINITY } else { value.parse().unwrap() };
            (name.to_string(), value)
        })
        .collect()
}
