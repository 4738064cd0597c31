//! Every privileged message is sent by every kind of stranger. The list of messages comes from the schemas, so that a new
//! one can't be forgotten.

use std::collections::BTreeSet;

use sdp_embedded::{events, Actions, Synthetics, World};
use sdp_types::events::{ChangeApplied, ChangeQueued};
use sdp_types::market::AccountResponse;
use sdp_types::pool::PositionResponse;
use sdp_types::spot::ClaimResponse;
use serde_json::json;

use crate::stage;
use crate::table::{changes, known_to_the_schemas, rows, Rightly, Row, Who};

/// An LP, traders, keepers, a publisher, the guardian, the owners of yesterday and of tomorrow, every contract, somebody.
const STRANGERS: [&str; 27] = [
    "anna",
    "whale",
    "emma",
    "bob",
    "carl",
    "kim",
    "publisher-1",
    "guardian",
    "owner",
    "council",
    "heir",
    "oracle",
    "pool",
    "market",
    "liquidator",
    "sdusd",
    "sdnote",
    "ETH",
    "reserve",
    "balancer",
    "orders",
    "custody",
    "spot",
    "sBTC",
    "bonded",
    "event",
    "nobody",
];

#[test]
fn the_table_knows_every_message_of_every_contract_and_no_other() {
    let world = stage::pool();
    let known: BTreeSet<_> = known_to_the_schemas().into_iter().collect();
    let listed: BTreeSet<_> =
        rows(&world).into_iter().map(|row| (row.contract, row.variant.to_string())).collect();
    assert!(known.len() > 50, "{}", known.len());
    assert_eq!(known, listed);
}

#[test]
fn a_privileged_message_from_any_stranger_is_refused_and_changes_nothing() {
    let mut world = stage::busy();
    let mut sent = 0;
    for Row { contract, variant, who, msg, .. } in rows(&world) {
        let Who::Only(entitled, code) = who else { continue };
        for stranger in STRANGERS.iter().filter(|stranger| !entitled.contains(stranger)) {
            let before = world.store().clone();
            let error = world.execute(stranger, contract, &msg, &[]).unwrap_err();
            // who asks to cancel an order or to change a contract is told what he is not, whoever he is
            assert_eq!(error.code.as_deref(), Some(code), "{contract} {variant} by {stranger}: {error}");
            assert!(!error.is_bug(), "{contract} {variant} by {stranger}: {error}");
            assert!(*world.store() == before, "{contract} {variant} by {stranger} changed something");
            sent += 1;
        }
    }
    assert!(sent > 600, "{sent}");
}

#[test]
fn the_same_messages_do_what_they_say_when_those_send_them_who_may() {
    let mut world = stage::busy();
    let (before, stored) = (world.snapshot(), world.store().clone());
    for Row { contract, variant, who, msg, rightly } in rows(&world) {
        let Who::Only(entitled, _) = who else { continue };
        let done = world.execute(entitled[0], contract, &msg, &[]);
        match (rightly, done) {
            (Rightly::Untried, _) => {}
            (Rightly::Succeeds, Ok(_)) => assert!(*world.store() != stored, "{contract} {variant}"),
            (Rightly::Gets(code), Err(error)) => assert!(error.says(code), "{contract} {variant}: {error}"),
            (expected, done) => panic!("{contract} {variant}: {expected:?}, {done:?}"),
        }
        world.restore(&before);
    }
}

/// Positions in two vaults, margin account, sdUSD, what can be collected for synthetics.
type Things =
    (Option<PositionResponse>, Option<PositionResponse>, AccountResponse, String, Option<ClaimResponse>);

#[test]
fn what_acts_on_the_senders_own_things_leaves_everybody_elses_alone() {
    let mut world = stage::busy();
    let before = world.snapshot();
    let everybody = ["anna", "whale", "emma", "bob", "carl", "kim", "eve"];
    let all = |world: &World| -> Vec<Things> {
        let of = |name: &&str| {
            let sdusd = world.has(name, "sdusd");
            let account = world.account(name, "market", 0).unwrap();
            let claims = world.synthetic_claims().unwrap();
            let claim = claims.into_iter().find(|claim| claim.owner == world.address(name).as_str());
            (world.position(name, "ATOM").ok(), world.position(name, "ETH").ok(), account, sdusd, claim)
        };
        everybody.iter().map(of).collect()
    };
    let stood = all(&world);
    for Row { contract, variant, who, msg, .. } in rows(&world) {
        if who != Who::OwnOnly {
            continue;
        }
        for sender in STRANGERS {
            if let Err(error) = world.execute(sender, contract, &msg, &[]) {
                assert!(!error.is_bug(), "{contract} {variant} by {sender}: {error}");
            }
            for (name, (before, after)) in everybody.iter().zip(stood.iter().zip(all(&world))) {
                assert!(*name == sender || *before == after, "{contract} {variant} by {sender} moved {name}");
            }
            world.restore(&before);
        }
    }
}

#[test]
fn what_is_for_everybody_is_refused_to_nobody_for_who_he_is() {
    let mut world = stage::busy();
    let before = world.snapshot();
    for Row { contract, variant, who, msg, .. } in rows(&world) {
        if who != Who::Public {
            continue;
        }
        let mut outcomes = BTreeSet::new();
        for sender in STRANGERS {
            let code = world.execute(sender, contract, &msg, &[]).err().map(|error| {
                assert!(!error.is_bug(), "{contract} {variant} by {sender}: {error}");
                error.code
            });
            outcomes.insert(code);
            world.restore(&before);
        }
        assert_eq!(outcomes.len(), 1, "{contract} {variant}: {outcomes:?}");
    }
}

#[test]
fn the_guardian_tightens_at_once_and_never_loosens() {
    let mut world = stage::pool();
    let (before, stored) = (world.snapshot(), world.store().clone());
    for row in changes(&world) {
        let (contract, variant) = (row.contract, row.variant);
        let loosen = stage::configure(row.loosens);
        let error = world.execute("guardian", contract, &loosen, &[]).unwrap_err();
        assert!(error.says("E0102"), "{contract} {variant}: {error}");
        assert!(*world.store() == stored, "{contract} {variant}");
        for sender in ["guardian", "owner"] {
            let Some(tightens) = &row.tightens else { continue };
            let done = world.execute(sender, contract, &stage::configure(tightens.clone()), &[]);
            let done = done.unwrap_or_else(|error| panic!("{contract} {variant} by {sender}: {error}"));
            assert_eq!(events::<ChangeApplied>(&done).unwrap().len(), 1, "{contract} {variant} by {sender}");
            assert!(events::<ChangeQueued>(&done).unwrap().is_empty(), "{contract} {variant} by {sender}");
            world.restore(&before);
        }
    }
}

#[test]
fn what_the_owner_loosens_waits_for_its_delay_and_is_then_enacted_by_anyone_once() {
    let mut world = stage::pool();
    let before = world.snapshot();
    for row in changes(&world) {
        let place = format!("{} {}", row.contract, row.variant);
        let contract = row.contract;
        let done = world.execute("owner", contract, &stage::configure(row.loosens), &[]);
        let done = done.unwrap_or_else(|error| panic!("{place}: {error}"));
        let queued = events::<ChangeQueued>(&done).unwrap();
        assert!(events::<ChangeApplied>(&done).unwrap().is_empty(), "{place}");
        assert_eq!(queued.len(), 1, "{place}");
        assert_eq!(queued[0].ready_at, world.now() + 172_800, "{place}");
        let enact = json!({"enact": {"id": queued[0].id}});

        let refused = |world: &mut World, sender: &str, msg, code: &str| {
            let stored = world.store().clone();
            let error = world.execute(sender, contract, msg, &[]).unwrap_err();
            assert!(error.says(code), "{place} by {sender}: {error}");
            assert!(*world.store() == stored, "{place} by {sender} changed something");
        };
        refused(&mut world, "owner", &enact, "E0105");
        world.waits(172_799);
        refused(&mut world, "nobody", &enact, "E0105");
        let cancel = json!({"cancel_change": {"id": queued[0].id}});
        for stranger in ["guardian", "nobody", "pool"] {
            refused(&mut world, stranger, &cancel, "E0101");
        }
        let waiting = world.snapshot();

        world.execute("owner", contract, &cancel, &[]).unwrap();
        world.waits(1);
        refused(&mut world, "nobody", &enact, "E0007");

        world.restore(&waiting);
        world.waits(1);
        let done = world.execute("nobody", contract, &enact, &[]);
        let done = done.unwrap_or_else(|error| panic!("{place}: {error}"));
        assert_eq!(events::<ChangeApplied>(&done).unwrap().len(), 1, "{place}");
        // a pool that was shut down has no changes any more
        let over = if place == "pool configure.shut_down" { "E0333" } else { "E0007" };
        refused(&mut world, "nobody", &enact, over);
        world.restore(&before);
    }
}

#[test]
fn ownership_moves_only_when_the_new_owner_accepts() {
    let mut world = stage::pool();
    let new_owner = world.address("council").into_string();
    let transfer =
        json!({"update_ownership": {"transfer_ownership": {"new_owner": new_owner, "expiry": null}}});
    for contract in stage::GOVERNED {
        world.execute("owner", contract, &transfer, &[]).unwrap();
        // until then the old one stays
        let cancel = json!({"cancel_change": {"id": 99}});
        assert!(world.execute("owner", contract, &cancel, &[]).unwrap_err().says("E0007"));
        assert!(world.execute("council", contract, &cancel, &[]).unwrap_err().says("E0101"));
        let accept = json!({"update_ownership": "accept_ownership"});
        assert!(world.execute("nobody", contract, &accept, &[]).unwrap_err().says("E0106"));
        world.execute("council", contract, &accept, &[]).unwrap();
        assert!(world.execute("owner", contract, &cancel, &[]).unwrap_err().says("E0101"));
        assert!(world.execute("council", contract, &cancel, &[]).unwrap_err().says("E0007"));
    }
}
