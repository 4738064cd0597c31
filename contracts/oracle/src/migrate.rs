//! From an older version of the same contract to this one.

use cosmwasm_std::{Response, Storage};
use sdp_types::oracle::CONTRACT;
use sdp_types::{ensure, Error, Result};

/// Of this code, in cw2.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

pub fn migrate(storage: &mut dyn Storage) -> Result<Response> {
    let stored = cw2::get_contract_version(storage)?;
    ensure(stored.contract == CONTRACT && leads_to(&stored.version, VERSION), || Error::BadMigration {
        contract: stored.contract.clone(),
        version: stored.version.clone(),
        expected: format!("{CONTRACT}, older than {VERSION} and compatible"),
    })?;
    cw2::set_contract_version(storage, CONTRACT, VERSION)?;
    Ok(Response::new())
}

/// Whether `new` is later than `old` and compatible with it as cargo understands versions: the same major number, and
/// below 1.0 the same minor number.
fn leads_to(old: &str, new: &str) -> bool {
    let (Some(old), Some(new)) = (numbers(old), numbers(new)) else {
        return false;
    };
    let compatible = old[0] == new[0] && (old[0] > 0 || old[1] == new[1]);
    compatible && old < new
}

/// Major, minor and patch; none for text that is no plain version.
fn numbers(version: &str) -> Option<[u64; 3]> {
    let parts: Option<Vec<u64>> = version.split('.').map(|part| part.parse().ok()).collect();
    parts?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers_and_not_as_text() {
        assert!(leads_to("1.9.0", "1.10.0"));
        assert!(!leads_to("1.10.0", "1.9.0"));
        assert!(leads_to("0.1.2", "0.1.10"));
    }

    #[test]
    fn the_same_a_newer_and_an_incompatible_version_lead_nowhere() {
        for (old, new) in [("0.1.0", "0.1.0"), ("0.1.1", "0.1.0"), ("0.1.0", "0.2.0"), ("1.0.0", "2.0.0")] {
            assert!(!leads_to(old, new), "{old} {new}");
        }
        for old in ["", "1", "0.0", "0.1.0-rc.1", "v0.0.9", "0.0.9.1", "0.-1.0"] {
            assert!(!leads_to(old, "0.1.1"), "{old}");
        }
    }
}
