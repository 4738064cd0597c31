//! What the entry points of every contract have in common.

use cosmwasm_std::{to_json_binary, Addr, Api, Coin, CosmosMsg, MessageInfo, Response, Storage, WasmMsg};
use serde::Serialize;

use crate::error::{ensure, Error, Result};
use crate::units::{Ratio, Usd, MAX_USD};

/// `E0109 UnexpectedFunds` where coins came with a message that takes none.
pub fn nonpayable(info: &MessageInfo) -> Result<()> {
    ensure(info.funds.is_empty(), || Error::UnexpectedFunds { funds: coins(&info.funds) })
}

/// Coins as they are written on a command line.
pub fn coins(funds: &[Coin]) -> String {
    funds.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// A message to a contract, without coins.
pub fn execute(contract: impl Into<String>, msg: &impl Serialize) -> Result<CosmosMsg> {
    Ok(WasmMsg::Execute { contract_addr: contract.into(), msg: to_json_binary(msg)?, funds: vec![] }.into())
}

/// An address that a message may name. `E0008` for what is none.
pub fn address(api: &dyn Api, named: Option<&str>) -> Result<Option<Addr>> {
    Ok(named.map(|named| api.addr_validate(named)).transpose()?)
}

/// How many entries of a list are answered: 30 by default, at most 100.
pub fn page(limit: Option<u32>) -> usize {
    limit.map_or(30, |limit| usize::try_from(limit).unwrap_or(100).min(100))
}

/// `E0004 OutOfRange` unless `min ≤ value ≤ max`.
pub fn in_range<T: PartialOrd + core::fmt::Display>(what: &str, value: T, min: T, max: T) -> Result<()> {
    ensure(min <= value && value <= max, || Error::out_of_range(what, &value, &min, &max))
}

/// `E0004 OutOfRange` unless 0 < value < 1.
pub fn between_zero_and_one(what: &str, value: Ratio) -> Result<()> {
    let step = Ratio::new(1);
    in_range(what, value, step, Ratio::ONE.saturating_minus(step))
}

/// An amount of money that a message may carry and that moves something: `E0005`, `E0004`.
pub fn movable(amount: Usd) -> Result<Usd> {
    ensure(!amount.is_zero(), || Error::Zero { what: "amount".into() })?;
    ensure(amount <= MAX_USD, || Error::out_of_range("amount", amount, 1, MAX_USD))?;
    Ok(amount)
}

/// Migrates a contract to `version`: cw2 must hold an older plain `major.minor.patch` of the same contract, else
/// `E0108 BadMigration`. Records keep a version of their own.
pub fn migrate(storage: &mut dyn Storage, contract: &str, version: &str) -> Result<Response> {
    let found = cw2::get_contract_version(storage)?;
    let older = matches!((numbers(&found.version), numbers(version)), (Some(old), Some(new)) if old < new);
    ensure(found.contract == contract && older, || Error::BadMigration {
        contract: found.contract.clone(),
        version: found.version.clone(),
        expected: format!("{contract} before {version}"),
    })?;
    cw2::set_contract_version(storage, contract, version)?;
    Ok(Response::new())
}

/// Major, minor and patch; none for text that is no plain version.
fn numbers(version: &str) -> Option<[u64; 3]> {
    let parts: Option<Vec<u64>> = version.split('.').map(|part| part.parse().ok()).collect();
    parts?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockStorage;

    use super::*;

    fn migrates(contract: &str, from: &str, to: &str) -> bool {
        let mut storage = MockStorage::new();
        cw2::set_contract_version(&mut storage, contract, from).unwrap();
        migrate(&mut storage, "sdp-pool", to).is_ok()
    }

    #[test]
    fn an_older_version_of_the_same_contract_migrates_and_numbers_are_compared_as_numbers() {
        assert!(migrates("sdp-pool", "1.9.9", "1.10.0"));
        assert!(migrates("sdp-pool", "0.1.0", "1.0.0"));
    }

    #[test]
    fn the_same_or_a_newer_version_another_contract_and_no_version_are_refused() {
        assert!(!migrates("sdp-pool", "1.10.0", "1.10.0"));
        assert!(!migrates("sdp-pool", "1.10.0", "1.9.0"));
        assert!(!migrates("sdp-market", "1.0.0", "1.1.0"));
        for version in ["", "1", "0.0", "0.1.0-rc.1", "v0.0.9", "0.0.9.1", "0.-1.0"] {
            assert!(!migrates("sdp-pool", version, "9.0.0"), "{version}");
        }
    }
}
