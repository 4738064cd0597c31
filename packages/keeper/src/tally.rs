//! What a keeper has done so far.

use std::collections::BTreeMap;

use sdp_types::Usd;
use serde::Serialize;

use crate::job::Kind;

/// Of one kind of work.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Transactions that were sent.
    pub sent: u64,
    /// Of them, those that did nothing: somebody else was first, or things had changed.
    pub wasted: u64,
    /// Transactions in which somebody else had been first with something.
    pub met: u64,
    /// Things that were done.
    pub done: u64,
    /// Things in them that had been done already.
    pub lost: u64,
    /// Gas that they used.
    pub gas: u64,
    /// What they brought.
    pub reward: Usd,
    /// Jobs that were left because they would not have paid for their gas.
    pub unprofitable: u64,
}

/// By kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Blocks that were looked at.
    pub blocks: u64,
    /// Blocks that came while it was busy.
    pub missed: u64,
    /// Rounds that failed, for which the chain did not answer.
    pub failed: u64,
    /// By kind of work.
    pub kinds: BTreeMap<Kind, Count>,
}

impl Tally {
    /// Of one kind.
    pub fn of(&mut self, kind: Kind) -> &mut Count {
        self.kinds.entry(kind).or_default()
    }

    /// All kinds together.
    pub fn total(&self) -> Count {
        let mut total = Count::default();
        for count in self.kinds.values() {
            total.sent += count.sent;
            total.wasted += count.wasted;
            total.met += count.met;
            total.done += count.done;
            total.lost += count.lost;
            total.gas += count.gas;
            total.reward = Usd::new(total.reward.raw().saturating_add(count.reward.raw()));
            total.unprofitable += count.unprofitable;
        }
        total
    }
}
