//! What a keeper adjusts: ceilings that follow what is used, and the depth of the impact.

use crate::error::{ChainError, Result};
use crate::message::Answer;
use crate::{Actions, Network};

/// Where nothing is to be done (`E0322`), it is too early (`E0330`), or a regime forbids a rise (`E0328`).
const NOT_NOW: [&str; 3] = ["E0322", "E0330", "E0328"];

/// Sends what would move something. The contract judges: between a question and a message others may have moved it.
pub fn all<N: Network + ?Sized>(network: &mut N, keeper: &str) -> Result<Vec<Answer>> {
    let mut moved = Vec::new();
    for ceiling in network.ceilings()?.into_iter().filter(|ceiling| ceiling.line != ceiling.target) {
        moved.extend(unless_not_now(network.adjust_ceiling(keeper, &ceiling.of))?);
    }
    moved.extend(unless_not_now(network.adjust_depth(keeper))?);
    Ok(moved)
}

fn unless_not_now(sent: Result<Answer>) -> Result<Option<Answer>> {
    let not_now = |error: &ChainError| error.code.as_deref().is_some_and(|code| NOT_NOW.contains(&code));
    match sent {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if not_now(&error) => Ok(None),
        Err(error) => Err(error),
    }
}
