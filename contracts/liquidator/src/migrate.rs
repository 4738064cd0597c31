//! From an older version of the same contract to this one.

use cosmwasm_std::{Response, Storage};
use sdp_types::liquidator::CONTRACT;
use sdp_types::{ensure, Error, Result};

/// Of this code, in cw2.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

pub fn migrate(storage: &mut dyn Storage) -> Result<Response> {
    let stored = cw2::get_contract_version(storage)?;
    let older = matches!((numbers(&stored.version), numbers(VERSION)), (Some(old), Some(new)) if old < new);
    ensure(stored.contract == CONTRACT && older, || Error::BadMigration {
        contract: stored.contract.clone(),
        version: stored.version.clone(),
        expected: format!("{CONTRACT} below {VERSION}"),
    })?;
    cw2::set_contract_version(storage, CONTRACT, VERSION)?;
    Ok(Response::new())
}

/// Major, minor and patch; none for text that is no plain version.
fn numbers(version: &str) -> Option<[u64; 3]> {
    let parts: Option<Vec<u64>> = version.split('.').map(|part| part.parse().ok()).collect();
    parts?.try_into().ok()
}
