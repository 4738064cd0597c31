//! What the balancer stores, and under which keys. Nothing else knows them.

use cosmwasm_std::{Addr, Api, CanonicalAddr, Order, Storage};
use cw_storage_plus::Item;
use sdp_types::balancer::Balancing;
use sdp_types::record::{canonical, end_of, key_of, tag, Record};
use sdp_types::Result;
use serde::{Deserialize, Serialize};

/// The pool that it serves.
pub const POOL: Item<Addr> = Item::new("pool");

/// At which ratio an owner wants a position kept.
#[derive(Serialize, Deserialize)]
struct Rule(Balancing);

impl Record for Rule {
    const NAME: &'static str = "rule";
    const VERSION: u8 = 1;
}

fn rule_key(api: &dyn Api, vault: u8, owner: &Addr) -> Result<Vec<u8>> {
    Ok(key_of(tag::RULE, &[&[vault], &canonical(api, owner)?]))
}

/// An owner's rule for a vault.
pub fn rule(storage: &dyn Storage, api: &dyn Api, vault: u8, owner: &Addr) -> Result<Option<Balancing>> {
    Ok(Rule::may_load(storage, &rule_key(api, vault, owner)?)?.map(|Rule(rule)| rule))
}

/// Stores it, or that there is none.
pub fn save_rule(
    storage: &mut dyn Storage,
    api: &dyn Api,
    vault: u8,
    owner: &Addr,
    rule: Option<Balancing>,
) -> Result<()> {
    let key = rule_key(api, vault, owner)?;
    match rule {
        Some(rule) => Rule(rule).save(storage, &key)?,
        None => storage.remove(&key),
    }
    Ok(())
}

/// At most `limit` rules of a vault, in the order of their owners' canonical addresses.
pub fn rules(
    storage: &dyn Storage,
    api: &dyn Api,
    vault: u8,
    start_after: Option<&Addr>,
    limit: usize,
) -> Result<Vec<(Addr, Balancing)>> {
    let prefix = key_of(tag::RULE, &[&[vault]]);
    let start = match start_after {
        // the first key after that of the owner
        Some(owner) => key_of(tag::RULE, &[&[vault], &canonical(api, owner)?, &[0]]),
        None => prefix.clone(),
    };
    let range = storage.range(Some(&start), Some(&end_of(&prefix)), Order::Ascending);
    range
        .take(limit)
        .map(|(key, bytes)| {
            let owner = CanonicalAddr::from(key.get(prefix.len()..).unwrap_or_default());
            let Rule(rule) = Rule::decode(&bytes)?;
            Ok((api.addr_humanize(&owner)?, rule))
        })
        .collect()
}
