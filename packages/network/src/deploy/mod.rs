//! Deploys a manifest on any network, step by step, and remembers each step, so that a deployment that was interrupted
//! goes on where it stopped and one that is complete is only looked at.

mod migrate;
mod record;
mod step;
mod verify;

pub use migrate::{migratable, migrate};
pub use record::{Contract, Deployment, Done, RECORD_VERSION};
pub use step::{is_own_token, tokens_of, Step};
pub use verify::{verify, Finding};

use crate::error::Result;
use crate::message::Answer;
use crate::network::Network;
use crate::FAUCET;

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
    let steps = Step::all(network.manifest());
    // Coins that are given twice are not refused, so what a process that was killed has sent must be there to be seen.
    let left: Vec<_> = steps.iter().filter(|step| record.done(&step.name()).is_none()).collect();
    if !left.is_empty() {
        network.wait_for_sent(&network.manifest().roles.owner.clone())?;
    }
    if left.iter().any(|step| matches!(step, Step::Give { .. })) {
        network.wait_for_sent(FAUCET)?;
    }
    for step in steps {
        let progress = step.run(network, record)?;
        told(record, &step, &progress)?;
    }
    Ok(())
}
