//! A manifest with some of its entries changed: what a scenario is played on without a file of its own.

use anyhow::{anyhow, Result};
use serde_json::Value;

use super::Manifest;

/// What elements of lists are called by.
const NAMES: [&str; 2] = ["name", "symbol"];

impl Manifest {
    /// This manifest with `changes`, a JSON object of entries: an object changes the entries that it names, of a list those of the
    /// elements that it names by their `name` or `symbol`; `null` takes an entry out; anything else takes the entry's
    /// place. An entry or element that there is not is refused.
    ///
    /// ```
    /// let manifest = sdp_network::Manifest::built_in().unwrap();
    /// let changes = serde_json::json!({ "pool": { "losses": null }, "collaterals": { "ATOM": { "issuance_ratio": "4" } } });
    /// let changed = manifest.with(&changes).unwrap();
    /// assert!(changed.pool.losses.is_none());
    /// assert_eq!(changed.collaterals[0].issuance_ratio, "4".parse().unwrap());
    /// assert!(manifest.with(&serde_json::json!({ "collaterals": { "GOLD": {} } })).is_err());
    /// ```
    pub fn with(&self, changes: &Value) -> Result<Self> {
        let mut entries = serde_json::to_value(self)?;
        change(&mut entries, changes)?;
        let changed: Self = serde_json::from_value(entries)?;
        changed.check()?;
        Ok(changed)
    }
}

fn change(entry: &mut Value, changes: &Value) -> Result<()> {
    match (entry, changes) {
        (Value::Object(entry), Value::Object(changes)) => {
            for (key, changes) in changes {
                if changes.is_null() {
                    entry.remove(key);
                } else {
                    change(entry.entry(key).or_insert(Value::Null), changes)?;
                }
            }
        }
        (Value::Array(elements), Value::Object(changes)) => {
            // found before any is changed: a change may rename an element
            let mut places = Vec::new();
            for name in changes.keys() {
                let place = elements.iter().position(|element| is_called(element, name));
                places.push(place.ok_or_else(|| anyhow!("nothing in this list is called `{name}`"))?);
            }
            for (place, changes) in places.into_iter().zip(changes.values()) {
                if let Some(element) = elements.get_mut(place) {
                    change(element, changes)?;
                }
            }
        }
        (entry, changes) => *entry = changes.clone(),
    }
    Ok(())
}

fn is_called(element: &Value, name: &str) -> bool {
    NAMES.iter().any(|key| element.get(key).and_then(Value::as_str) == Some(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn with(changes: &Value) -> Result<Manifest> {
        Manifest::built_in().unwrap().with(changes)
    }

    #[test]
    fn nothing_changed_is_the_same_manifest() {
        assert_eq!(with(&json!({})).unwrap(), Manifest::built_in().unwrap());
    }

    #[test]
    fn elements_are_changed_by_their_names_even_where_they_get_another_one() {
        let changed = with(&json!({
            "feeds": { "SOL": { "symbol": "AVAX", "price": "18" } },
            "markets": { "market": { "perps": { "SOL-PERP": { "name": "AVAX-PERP", "feed": "AVAX", "skew_cap": "5" } } } },
            "correlations": { "pairs": [] },
            "roles": { "quorum": 1 }
        }));
        let changed = changed.unwrap();
        assert_eq!((changed.feeds[2].symbol.as_str(), changed.roles.quorum), ("AVAX", 1));
        let perp = changed.perp("AVAX-PERP").unwrap().2;
        assert_eq!(perp.skew_cap.0.raw(), 5_000_000);
        assert_eq!(
            changed.perp("ETH-PERP").unwrap().2,
            Manifest::built_in().unwrap().perp("ETH-PERP").unwrap().2
        );
    }

    #[test]
    fn one_kind_of_curve_takes_the_place_of_another() {
        let curve = json!({ "stair": null, "linear": { "seconds": 60 } });
        let changed = with(&json!({ "collaterals": { "ETH": { "auction": { "curve": curve } } } })).unwrap();
        assert_eq!(
            changed.collaterals[1].auction.curve,
            sdp_types::liquidator::Curve::Linear { seconds: 60 }
        );
    }

    #[test]
    fn what_there_is_not_what_does_not_fit_and_what_is_needed_elsewhere_is_refused() {
        for changes in [
            json!({ "pool": { "speed": "1" } }),
            json!({ "feeds": { "XYZ": { "price": "1" } } }),
            json!({ "roles": { "quorum": "two" } }),
            json!({ "pool": { "exit_delay": null } }),
            json!({ "feeds": { "SOL": { "symbol": "AVAX" } } }),
            json!([]),
        ] {
            assert!(with(&changes).is_err(), "{changes}");
        }
    }
}
