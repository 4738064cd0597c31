//! Who may change what: the owner loosens after a delay, owner and guardian tighten at once.
//!
//! A contract's configuration changes only by its `Change` messages. A change that tightens is applied in the message
//! that asks for it; any other is queued and can be enacted by anyone once its delay is over, unless the owner has
//! cancelled it.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{to_json_string, Addr, Order, StdResult, Storage};
use cw_storage_plus::{Item, Map};
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::error::{ensure, Error, Result};
use crate::events::{ChangeApplied, ChangeCancelled, ChangeQueued};
use crate::ownership::is_owner;

/// Longest delay of a contract's changes: 30 days.
pub const MAX_CHANGE_DELAY: u64 = 30 * 86_400;

/// A change that waits for its time.
#[cw_serde]
pub struct Queued<C> {
    /// Its number, in order of queueing.
    pub id: u64,
    /// Block time from which it can be enacted, seconds.
    pub ready_at: u64,
    /// What will change.
    pub change: C,
}

/// Who sent a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// May loosen, after the delay.
    Owner,
    /// May only tighten.
    Guardian,
}

/// Owner or guardian, or `E0103 NotGovernance`.
pub fn authority(storage: &dyn Storage, sender: &Addr, guardian: Option<&Addr>) -> Result<Authority> {
    if is_owner(storage, sender)? {
        Ok(Authority::Owner)
    } else if guardian == Some(sender) {
        Ok(Authority::Guardian)
    } else {
        Err(Error::NotGovernance { sender: sender.to_string() })
    }
}

/// `E0101 NotOwner` for anybody else.
pub fn only_owner(storage: &dyn Storage, sender: &Addr) -> Result<()> {
    ensure(is_owner(storage, sender)?, || Error::NotOwner { sender: sender.to_string() })
}

/// The queue of a contract's loosening changes.
pub struct Timelock<C> {
    next: Item<u64>,
    queue: Map<u64, Queued<C>>,
}

impl<C: Serialize + DeserializeOwned + Clone> Default for Timelock<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: Serialize + DeserializeOwned + Clone> Timelock<C> {
    /// At the storage keys that every contract uses.
    pub const fn new() -> Self {
        Self { next: Item::new("next_change"), queue: Map::new("changes") }
    }

    /// Applies a tightening change now (returns it) or queues it for `now + delay` (returns the entry).
    /// `E0102` where the guardian asks for more than tightening.
    pub fn submit(
        &self,
        storage: &mut dyn Storage,
        authority: Authority,
        change: C,
        tightens: bool,
        ready_at: u64,
    ) -> Result<Submitted<C>> {
        if tightens {
            return Ok(Submitted::Now(change));
        }
        ensure(authority == Authority::Owner, || Error::GuardianMayOnlyTighten {
            change: serde_json_name(&change),
        })?;
        let id = self.next.may_load(storage)?.unwrap_or_default();
        self.next.save(storage, &(id + 1))?;
        let queued = Queued { id, ready_at, change };
        self.queue.save(storage, id, &queued)?;
        Ok(Submitted::Later(queued))
    }

    /// Takes a change out of the queue once its time has come: `E0007`, `E0105 ChangeNotReady`.
    pub fn enact(&self, storage: &mut dyn Storage, id: u64, now: u64) -> Result<C> {
        let ready_at = self.find(storage, id)?.ready_at;
        ensure(now >= ready_at, || Error::ChangeNotReady { id, ready_at, now })?;
        Ok(self.cancel(storage, id)?.change)
    }

    /// Takes a change out of the queue for good: `E0007`.
    pub fn cancel(&self, storage: &mut dyn Storage, id: u64) -> Result<Queued<C>> {
        let queued = self.find(storage, id)?;
        self.queue.remove(storage, id);
        Ok(queued)
    }

    fn find(&self, storage: &dyn Storage, id: u64) -> Result<Queued<C>> {
        let found = self.queue.may_load(storage, id)?;
        found.ok_or_else(|| Error::NotFound { what: "change".into(), key: id.to_string() })
    }

    /// `CancelChange`: the owner takes a change back. `E0101`, `E0007`.
    pub fn take_back(&self, storage: &mut dyn Storage, sender: &Addr, id: u64) -> Result<ChangeCancelled> {
        only_owner(storage, sender)?;
        self.cancel(storage, id)?;
        Ok(ChangeCancelled { id })
    }

    /// All that wait, oldest first.
    pub fn pending(&self, storage: &dyn Storage) -> Result<Vec<Queued<C>>> {
        let all = self.queue.range(storage, None, None, Order::Ascending);
        let all: StdResult<Vec<_>> = all.map(|entry| entry.map(|(_, queued)| queued)).collect();
        Ok(all?)
    }
}

/// What a contract tells of a change that waits.
pub fn queued<C: Serialize>(queued: &Queued<C>) -> Result<ChangeQueued> {
    let Queued { id, ready_at, change } = queued;
    Ok(ChangeQueued { id: *id, ready_at: *ready_at, change: to_json_string(change)? })
}

/// What a contract tells of a change that it has applied.
pub fn applied<C: Serialize>(change: &C) -> Result<ChangeApplied> {
    Ok(ChangeApplied { change: to_json_string(change)? })
}

/// What became of a change.
pub enum Submitted<C> {
    /// It tightens: apply it.
    Now(C),
    /// It waits.
    Later(Queued<C>),
}

fn serde_json_name<C: Serialize>(change: &C) -> String {
    cosmwasm_std::to_json_string(change).unwrap_or_default()
}
