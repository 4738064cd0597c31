//! What the balancer stores, and under which keys. Nothing else knows them.

use cosmwasm_std::{Addr, Api, Storage};
use cw_storage_plus::Item;
use sdp_types::balancer::Balancing;
use sdp_types::record::{canonical, key_of, tag, Record};
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
    Rule::put(rule.map(Rule).as_ref(), storage, &rule_key(api, vault, owner)?)
}

/// At most `limit` rules of a vault, in the order of their owners' canonical addresses.
pub fn rules(
    storage: &dyn Storage,
    api: &dyn Api,
    vault: u8,
    start_after: Option<&Addr>,
    limit: usize,
) -> Result<Vec<(Addr, Balancing)>> {
    let found = Rule::by_owner(storage, api, &key_of(tag::RULE, &[&[vault]]), start_after, limit)?;
    Ok(found.into_iter().map(|(owner, Rule(rule))| (owner, rule)).collect())
}
