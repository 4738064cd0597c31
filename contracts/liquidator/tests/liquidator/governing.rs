//! Who may change what, and when it is so.

use sdp_types::events::{ChangeApplied, ChangeCancelled, ChangeQueued};
use sdp_types::governance::Queued;
use sdp_types::liquidator::{AuctionParams, Change, ConfigResponse, ExecuteMsg, Params, QueryMsg};
use sdp_types::ownership::{Action, Ownership};
use sdp_types::{Error, Usd};

use crate::desk::*;

fn set(params: Params) -> Change {
    Change::Params { params }
}

fn tighter() -> [Params; 4] {
    [
        Params { stop_level: 1, ..params() },
        Params { hole: Usd::whole(1_999), ..params() },
        Params { change_delay: DELAY + 1, ..params() },
        Params { withdrawal_delay: 101, withdrawal_window: 49, ..params() },
    ]
}

fn looser() -> [Params; 5] {
    [
        // each tightens something else
        Params { stop_level: 3, hole: Usd::whole(2_001), ..params() },
        Params { stop_level: 3, change_delay: DELAY - 1, ..params() },
        Params { hole: Usd::whole(3_000), change_delay: DELAY + 1, ..params() },
        Params { stop_level: 3, withdrawal_delay: 99, ..params() },
        Params { stop_level: 3, withdrawal_window: 51, ..params() },
    ]
}

fn configure(change: Change) -> ExecuteMsg {
    ExecuteMsg::Configure { change }
}

fn config(desk: &Desk) -> ConfigResponse {
    desk.asks(QueryMsg::Config {})
}

#[test]
fn owner_and_guardian_tighten_at_once() {
    for who in ["olga", "gard"] {
        for params in tighter() {
            let mut desk = Desk::new();
            let told = desk.does(who, configure(set(params.clone())));
            let change = cosmwasm_std::to_json_string(&set(params.clone())).unwrap();
            assert_eq!(event::<ChangeApplied>(&told), ChangeApplied { change });
            assert_eq!(config(&desk).params, params);
        }
    }
}

#[test]
fn what_loosens_waits_for_the_owners_delay_and_then_anyone_enacts_it() {
    for params in looser() {
        let mut desk = Desk::new();
        let told = desk.does("olga", configure(set(params.clone())));
        let ready_at = desk.now() + DELAY;
        let change = cosmwasm_std::to_json_string(&set(params.clone())).unwrap();
        assert_eq!(event::<ChangeQueued>(&told), ChangeQueued { id: 0, ready_at, change });
        assert_eq!(config(&desk).params, crate::desk::params());
        let waiting: Vec<Queued<Change>> = desk.asks(QueryMsg::Changes {});
        assert_eq!(waiting, [Queued { id: 0, ready_at, change: set(params.clone()) }]);

        desk.later(DELAY - 1);
        let early = desk.tries("zoe", ExecuteMsg::Enact { id: 0 });
        assert_eq!(early, Err(Error::ChangeNotReady { id: 0, ready_at, now: ready_at - 1 }));
    }
    for params in looser() {
        let mut desk = Desk::new();
        desk.does("olga", configure(set(params.clone())));
        desk.later(DELAY).does("zoe", ExecuteMsg::Enact { id: 0 });
        assert_eq!(config(&desk).params, params);
        let again = desk.is_refused("zoe", ExecuteMsg::Enact { id: 0 });
        assert_eq!(again, Error::NotFound { what: "change".into(), key: "0".into() });
    }
}

#[test]
fn the_guardian_loosens_nothing() {
    let mut desk = Desk::new();
    let guardian = Some(addr("gard").into());
    let others =
        [Change::Auction { vault: 0, params: atoms() }, Change::SetGuardian { guardian }].into_iter();
    for change in looser().into_iter().map(set).chain(others) {
        assert_eq!(desk.is_refused("gard", configure(change)).code(), "E0102");
    }
    assert_eq!(desk.is_refused("gard", ExecuteMsg::CancelChange { id: 0 }).code(), "E0101");
}

#[test]
fn strangers_change_nothing() {
    let mut desk = Desk::new();
    let sender = || addr("zoe").into();
    for change in [set(tighter()[0].clone()), Change::Auction { vault: 0, params: atoms() }] {
        let refused = desk.is_refused("zoe", configure(change));
        assert_eq!(refused, Error::NotGovernance { sender: sender() });
    }
    let refused = desk.is_refused("zoe", ExecuteMsg::CancelChange { id: 0 });
    assert_eq!(refused, Error::NotOwner { sender: sender() });
    let take_over = Action::TransferOwnership { new_owner: addr("zoe").into(), expiry: None };
    assert_eq!(desk.is_refused("zoe", ExecuteMsg::UpdateOwnership(take_over)).code(), "E0106");
}

#[test]
fn the_owner_takes_a_queued_change_back() {
    let mut desk = Desk::new();
    desk.does("olga", configure(set(looser()[0].clone())));
    let told = desk.does("olga", ExecuteMsg::CancelChange { id: 0 });
    assert_eq!(event::<ChangeCancelled>(&told), ChangeCancelled { id: 0 });
    assert_eq!(desk.later(DELAY).is_refused("zoe", ExecuteMsg::Enact { id: 0 }).code(), "E0007");
}

#[test]
fn a_guardian_comes_and_goes() {
    let mut desk = Desk::new();
    desk.changes(Change::SetGuardian { guardian: Some(addr("gina").into()) });
    assert_eq!(desk.is_refused("gard", configure(set(tighter()[0].clone()))).code(), "E0103");
    desk.does("gina", configure(set(tighter()[0].clone())));
    desk.changes(Change::SetGuardian { guardian: None });
    assert_eq!(config(&desk).guardian, None);
    assert_eq!(desk.is_refused("gina", configure(set(tighter()[0].clone()))).code(), "E0103");
    let nobody = Change::SetGuardian { guardian: Some("gina".into()) };
    assert_eq!(desk.is_refused("olga", configure(nobody)).code(), "E0008");
}

#[test]
fn a_further_vault_is_added_at_the_end_only() {
    let mut desk = Desk::new();
    let add = |vault| configure(Change::Auction { vault, params: atoms() });
    assert_eq!(desk.is_refused("olga", add(3)), Error::out_of_range("vault", 3, 0, 2));
    for vault in 2..8 {
        desk.changes(Change::Auction { vault, params: atoms() });
    }
    assert_eq!(config(&desk).auctions.len(), 8);
    let full = Error::TooMany { what: "auctions".into(), count: 9, max: 8 };
    assert_eq!(desk.is_refused("olga", add(8)), full);
}

#[test]
fn what_breaks_an_invariant_is_refused_when_asked_and_when_enacted() {
    let mut desk = Desk::new();
    let bad = AuctionParams { tail: 0, ..atoms() };
    let change = Change::Auction { vault: 0, params: bad };
    assert_eq!(desk.is_refused("olga", configure(change)).code(), "E0004");
    let zero = Params { hole: Usd::ZERO, ..params() };
    assert_eq!(desk.is_refused("gard", configure(set(zero))).code(), "E0004");
    let small = Params { hole: Usd::whole(99), ..params() };
    assert_eq!(desk.is_refused("gard", configure(set(small))).code(), "E0107");

    // the dust fits when it is asked for, and no more once the guardian has made the hole smaller
    let dusty = AuctionParams { dust: Usd::whole(1_500), ..atoms() };
    desk.does("olga", configure(Change::Auction { vault: 0, params: dusty }));
    desk.does("gard", configure(set(Params { hole: Usd::whole(1_000), ..params() })));
    let enacted = desk.later(DELAY).tries("zoe", ExecuteMsg::Enact { id: 0 });
    let (dust, hole) = (Usd::whole(1_500), Usd::whole(1_000));
    assert_eq!(enacted, Err(Error::bad_config("dust <= hole", dust, hole)));
}

#[test]
fn ownership_is_handed_over_in_two_steps() {
    let mut desk = Desk::new();
    let new_owner = addr("nora").into();
    let offer = Action::TransferOwnership { new_owner, expiry: None };
    desk.does("olga", ExecuteMsg::UpdateOwnership(offer));
    assert_eq!(desk.is_refused("nora", configure(set(looser()[0].clone()))).code(), "E0103");
    desk.does("nora", ExecuteMsg::UpdateOwnership(Action::AcceptOwnership));
    let ownership: Ownership = desk.asks(QueryMsg::Ownership {});
    assert_eq!(ownership.owner, Some(addr("nora").into()));
    desk.does("nora", configure(set(looser()[0].clone())));
    assert_eq!(desk.is_refused("olga", configure(set(looser()[0].clone()))).code(), "E0103");
}

#[test]
fn no_message_takes_coins() {
    let mut desk = Desk::new();
    let refused = desk.tries_with_coins("zoe", ExecuteMsg::Redo { auction: 1 });
    assert_eq!(refused, Err(Error::UnexpectedFunds { funds: "5uatom".into() }));
}
