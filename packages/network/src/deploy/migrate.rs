//! Brings newer builds of contracts to where older ones run.

use cosmwasm_std::Binary;

use super::record::{Contract, Deployment};
use super::Progress;
use crate::error::{ChainError, Result};
use crate::message::Code;
use crate::network::Network;

/// Migrates one contract of a deployment to the build at hand, which is stored first unless the chain has it. A contract
/// that runs that build already is left alone.
///
/// # Errors
/// [`crate::Kind::Setup`] for a contract that the deployment does not have or that nobody may migrate, and where no build
/// is at hand; `E0108` where the build is not a newer version of the same contract.
pub fn migrate(network: &mut dyn Network, record: &mut Deployment, name: &str) -> Result<Progress> {
    let contract = record.contract(name)?.clone();
    if contract.kind == Code::Cw20 {
        return Err(ChainError::setup(format!("{name} is a token: it has no migration")));
    }
    let info = network.info(&contract.address)?;
    let info =
        info.ok_or_else(|| ChainError::setup(format!("{name}: no contract at {}", contract.address)))?;
    let build = network.build(contract.kind)?;
    let build = build.ok_or_else(|| ChainError::setup(format!("no {} at hand", contract.kind.file())))?;
    let owner = network.manifest().roles.owner.clone();
    let progress = if info.code.checksum == build {
        record.contracts.insert(name.to_string(), Contract { code: info.code, ..contract });
        Progress::There
    } else {
        let (stored, _) = network.store(&owner, contract.kind)?;
        let answer = network.migrate(&owner, &contract.address, stored.id, &Binary::from(b"{}"))?;
        record.contracts.insert(name.to_string(), Contract { code: stored, ..contract });
        Progress::Done(answer)
    };
    // the code that further contracts of this kind would be made of
    let kind = record.contract(name)?.kind;
    let all_there = record.contracts.values().filter(|other| other.kind == kind);
    let code = record.contract(name)?.code.clone();
    if all_there.into_iter().all(|other| other.code == code) {
        record.codes.insert(kind, code);
    }
    Ok(progress)
}

/// Names of all contracts of a deployment that can be migrated, in the order in which they were made.
pub fn migratable(record: &Deployment) -> Vec<String> {
    let makes = super::Step::all(&record.manifest);
    let makes = makes.iter().filter_map(super::Step::makes).filter(|(_, kind)| *kind != Code::Cw20);
    makes.map(|(name, _)| name.to_string()).filter(|name| record.contracts.contains_key(name)).collect()
}
