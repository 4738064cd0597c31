//! Deploys a manifest on any network, step by step, and remembers each step, so that a deployment that was interrupted
//! goes on where it stopped and one that is complete is only looked at.

mod migrate;
mod record;
mod step;
mod verify;

pub use migrate::{migratable, migrate};
pub use record::{Contract, Deployment, Done, RECORD_VERSION};
pub use step::Step;
pub use verify::{verify, Finding};

use crate::error::Result;
use crate::message::Answer;
use crate::network::Network;

/// What became of a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// Nothing had to be done: the network has it.
    There,
    /// Done now.
    Done(Answer),
}

/// Does what is left of a deployment. `told` hears of each step, with the record as it stands after it: where that is
/// kept, nothing is ever done twice.
///
/// # Errors
/// [`crate::Kind::Setup`] where the network does not have what is recorded, or has it otherwise; a refusal where a
/// contract does not take its part of the manifest, with the contract's name before its text.
pub fn deploy(
    network: &mut dyn Network,
    record: &mut Deployment,
    told: &mut dyn FnMut(&Deployment, &Step, &Progress) -> Result<()>,
) -> Result<()> {
    record.is_of(network)?;
    record.tell_names(network)?;
    for step in Step::all(network.manifest()) {
        let progress = step.run(network, record)?;
        told(record, &step, &progress)?;
    }
    Ok(())
}
