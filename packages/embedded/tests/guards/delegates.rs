//! What a delegate can do is what anybody can, and what the owner of the account lets him: every message of every contract is sent by one
//! and by somebody, and what comes of both is compared. The messages come from the schemas.

use std::collections::BTreeSet;

use sdp_embedded::{Actions, World};
use sdp_types::market::{AccountResponse, Delegation};
use sdp_types::pool::PositionResponse;
use sdp_types::Amount;
use serde_json::{json, Value};

use crate::stage;
use crate::table::{rows, schemas, Row};

/// Contract and message.
type Named = (&'static str, String);

/// A message as it is in the table, and where it can name an owner, with bob as that.
fn samples(world: &World, row: &Row) -> Vec<Value> {
    let mut samples = vec![row.msg.clone()];
    let all = schemas();
    let (_, messages, _) = all.iter().find(|(contract, ..)| *contract == row.contract).unwrap();
    let mut branches = messages["oneOf"].as_array().unwrap().iter();
    let of = |branch: &&Value| branch["properties"][row.variant].is_object();
    let Some(branch) = branches.find(of) else { return samples };
    if branch["properties"][row.variant]["properties"]["owner"].is_object() {
        let mut named = row.msg.clone();
        named[row.variant]["owner"] = json!(world.address("bob"));
        samples.push(named);
    }
    samples
}

/// Everything of bob's: margin account, position, tokens.
fn of_bob(world: &World) -> (AccountResponse, Option<PositionResponse>, [Amount; 3]) {
    let tokens = ["sdusd", "ETH", "sBTC"].map(|token| world.balance("bob", token).unwrap());
    (world.account("bob", "market", 0).unwrap(), world.position("bob", "ATOM").ok(), tokens)
}

/// The messages that do something else where dan sends them, with this delegation of bob's from now on, than where somebody does.
fn beyond_what_anybody_can(delegation: impl FnOnce(u64) -> Option<Delegation>) -> BTreeSet<Named> {
    let mut world = stage::busy();
    let now = world.now();
    world.set_delegate("bob", "market", 0, "dan", delegation(now)).unwrap();
    world.waits(1);
    let before = world.snapshot();
    let mut differ = BTreeSet::new();
    for row in rows(&world) {
        for msg in samples(&world, &row) {
            let mut outcome = |sender: &str| {
                let code = world.execute(sender, row.contract, &msg, &[]).err().map(|error| {
                    assert!(!error.is_bug(), "{} {} by {sender}: {error}", row.contract, row.variant);
                    error.code
                });
                let left = of_bob(&world);
                world.restore(&before);
                (code, left)
            };
            if outcome("dan") != outcome("nobody") {
                differ.insert((row.contract, row.variant.to_string()));
            }
        }
    }
    differ
}

fn in_the_market(names: &[&str]) -> BTreeSet<Named> {
    names.iter().map(|name| ("market", (*name).to_string())).collect()
}

fn until(expires_at: u64) -> Delegation {
    Delegation { expires_at, perps: None, most_notional: None, may_take: false }
}

#[test]
fn who_may_trade_commits_and_cancels_and_nothing_else() {
    let trades = |now| Some(until(now + 3_600));
    assert_eq!(beyond_what_anybody_can(trades), in_the_market(&["cancel", "commit"]));
}

#[test]
fn who_may_take_it_over_takes_it_over_and_nothing_else() {
    let takes = |now| Some(Delegation { perps: Some(vec![]), may_take: true, ..until(now + 3_600) });
    assert_eq!(beyond_what_anybody_can(takes), in_the_market(&["take_account"]));
}

#[test]
fn who_may_trade_something_else_or_no_longer_can_do_what_anybody_can() {
    let other = |now| Some(Delegation { perps: Some(vec![3]), ..until(now + 3_600) });
    assert_eq!(beyond_what_anybody_can(other), BTreeSet::new());
    // over with the block in which it is set
    assert_eq!(beyond_what_anybody_can(|now| Some(until(now + 1))), BTreeSet::new());
    assert_eq!(beyond_what_anybody_can(|_| None), BTreeSet::new());
}
