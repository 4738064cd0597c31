//! The owner loosens after a delay, the guardian only tightens.

use crate::common::{
    self, broken_rule, code, feed, new, out_of_range, price, rho, submission, text, Oracle, BTC, DAY, START,
};
use cosmwasm_std::{from_json, Response};
use sdp_types::board::Staleness;
use sdp_types::events::{ChangeApplied, ChangeCancelled, ChangeQueued, FromEvent};
use sdp_types::governance::Queued;
use sdp_types::oracle::{Change, ConfigResponse, CovarianceConfig, ExecuteMsg, FeedConfig, QueryMsg};
use sdp_types::ownership::Action;
use sdp_types::{Error, Price, Ratio, Result};

fn told<E: FromEvent>(response: &Response) -> Option<E> {
    response.events.iter().find_map(E::from_event).map(|event| event.unwrap())
}

impl Oracle {
    fn config(&self) -> ConfigResponse {
        self.query(QueryMsg::Config {}).unwrap()
    }

    fn pending(&self) -> Vec<Queued<Change>> {
        self.query(QueryMsg::Changes {}).unwrap()
    }

    fn enact(&mut self, id: u64) -> Result<Response> {
        self.try_execute("anyone", ExecuteMsg::Enact { id })
    }

    /// The owner's change, after its delay.
    fn changes(&mut self, change: Change) {
        let queued = self.configure("owner", change.clone()).unwrap();
        let queued: ChangeQueued = told(&queued).unwrap();
        assert_eq!(from_json::<Change>(queued.change.as_bytes()).unwrap(), change);
        self.waits(DAY);
        let applied = self.enact(queued.id).unwrap();
        assert!(told::<ChangeApplied>(&applied).is_some());
    }
}

fn staleness(trade: u32, liquidate: u32, view: u32) -> Change {
    Change::Staleness { staleness: Staleness { trade, liquidate, view } }
}

fn publishers(names: &[&str], quorum: u32) -> Change {
    Change::Publishers { publishers: names.iter().map(|name| text(name)).collect(), quorum }
}

fn update(change: impl FnOnce(&mut FeedConfig)) -> Change {
    let mut config = feed("BTC");
    change(&mut config);
    Change::UpdateFeed { feed: BTC, config }
}

fn sol() -> Change {
    Change::AddFeed {
        feed: feed("SOL"),
        sigma: Ratio::percent(6),
        correlations: vec![rho("0.7"), rho("0.75")],
    }
}

#[test]
fn what_tightens_is_applied_at_once_for_guardian_and_owner() {
    for sender in ["guardian", "owner"] {
        for change in [
            staleness(14, 60, 300),
            publishers(&["p1", "p2"], 2),
            publishers(&["p3", "p2", "p1"], 3),
            update(|it| it.deviation_band = Ratio::percent(9)),
            update(|it| it.maximum_confidence = Ratio::percent(1)),
            update(|_| ()),
        ] {
            let mut oracle = new();
            let response = oracle.configure(sender, change.clone()).unwrap();
            let applied: ChangeApplied = told(&response).unwrap();
            assert_eq!(from_json::<Change>(applied.change.as_bytes()).unwrap(), change);
        }
    }
}

#[test]
fn the_guardian_may_not_loosen_anything() {
    let loosening = [
        staleness(14, 61, 300),
        publishers(&["p1", "p2", "p4"], 2),
        publishers(&["p1", "p2", "p3"], 1),
        update(|it| it.deviation_band = Ratio::percent(11)),
        update(|it| it.maximum_confidence = Ratio::percent(3)),
        update(|it| it.symbol = "XBT".into()),
        sol(),
        Change::Covariance { covariance: common::config().covariance },
        Change::Guardian { guardian: Some(text("guardian")) },
    ];
    for change in loosening {
        let mut oracle = new();
        let before = oracle.snapshot();
        assert_eq!(code(oracle.configure("guardian", change.clone())), "E0102");
        assert_eq!(code(oracle.configure("p1", change.clone())), "E0103");
        assert_eq!(oracle.snapshot(), before);
        let queued = oracle.configure("owner", change.clone()).unwrap();
        assert!(told::<ChangeQueued>(&queued).is_some());
        assert_eq!(oracle.pending(), [Queued { id: 0, ready_at: START + DAY, change }]);
    }
}

#[test]
fn a_loosening_change_waits_for_its_delay_and_then_anyone_may_enact_it_once() {
    let mut oracle = new();
    oracle.configure("owner", staleness(20, 80, 400)).unwrap();
    oracle.waits(DAY - 1);
    let early = Error::ChangeNotReady { id: 0, ready_at: START + DAY, now: START + DAY - 1 };
    // a chain would roll back the entry that the error took out
    let before = oracle.snapshot();
    assert_eq!(oracle.enact(0), Err(early));
    for (key, value) in before {
        cosmwasm_std::Storage::set(&mut oracle.deps.storage, &key, &value);
    }
    oracle.waits(1).enact(0).unwrap();
    assert_eq!(oracle.config().staleness, Staleness { trade: 20, liquidate: 80, view: 400 });
    assert_eq!(oracle.board().staleness.trade, 20, "as others read it");
    assert_eq!(code(oracle.enact(0)), "E0007");
}

#[test]
fn the_owner_takes_a_queued_change_back_and_nobody_else_does() {
    let mut oracle = new();
    oracle.configure("owner", sol()).unwrap();
    for sender in ["guardian", "p1"] {
        assert_eq!(code(oracle.try_execute(sender, ExecuteMsg::CancelChange { id: 0 })), "E0101");
    }
    let cancelled = oracle.try_execute("owner", ExecuteMsg::CancelChange { id: 0 }).unwrap();
    assert_eq!(told(&cancelled), Some(ChangeCancelled { id: 0 }));
    assert_eq!(oracle.pending(), []);
    oracle.waits(DAY);
    assert_eq!(code(oracle.enact(0)), "E0007");
}

#[test]
fn a_further_feed_gets_prices_like_the_others() {
    let mut oracle = new();
    oracle.agrees_on("100");
    oracle.changes(sol());
    let covariance = oracle.covariance();
    assert_eq!(
        (covariance.sigmas[2], covariance.correlations.clone()),
        (60_000_000, vec![8_000, 7_000, 7_500])
    );
    assert_eq!(oracle.quote(2).price, Price::ZERO);
    let now = oracle.now;
    oracle.try_publish("p1", &[submission(2, "20", now)]).unwrap();
    oracle.try_publish("p2", &[submission(2, "20", now)]).unwrap();
    assert_eq!((oracle.quote(2).price, oracle.average(2)), (price("20"), price("20")));
    assert_eq!(oracle.quote(BTC).price, price("100"), "the others keep theirs");
}

#[test]
fn a_feed_that_would_break_a_rule_is_refused_when_asked_for_and_when_enacted() {
    let mut oracle = new();
    let with = |symbol: &str, rho_btc: &str, rho_eth: &str| Change::AddFeed {
        feed: feed(symbol),
        sigma: Ratio::percent(6),
        correlations: vec![rho(rho_btc), rho(rho_eth)],
    };
    assert_eq!(code(oracle.configure("owner", with("ETH", "0.7", "0.7"))), "E0009");
    assert_eq!(code(oracle.configure("owner", with("SOL", "0.9", "-0.9"))), "E0209");
    let short = Change::AddFeed { feed: feed("SOL"), sigma: Ratio::ONE, correlations: vec![rho("0")] };
    assert_eq!(broken_rule(oracle.configure("owner", short)), "one correlation with each feed");
    // two that exclude each other: the second no longer fits when its time has come
    oracle.configure("owner", sol()).unwrap();
    oracle.configure("owner", sol()).unwrap();
    oracle.waits(DAY).enact(0).unwrap();
    assert_eq!(code(oracle.enact(1)), "E0009");
}

#[test]
fn new_covariances_have_to_be_covariances_of_exactly_these_feeds() {
    let mut oracle = new();
    let of = |sigmas: Vec<Ratio>, rho_12: &str| Change::Covariance {
        covariance: CovarianceConfig {
            sigmas,
            correlations: vec![vec![rho("1"), rho(rho_12)], vec![rho(rho_12), rho("1")]],
        },
    };
    let three = of(vec![Ratio::percent(3); 3], "0.5");
    assert_eq!(broken_rule(oracle.configure("owner", three)), "one sigma a feed");
    let beyond = of(vec![Ratio::percent(3); 2], "-1.1");
    assert_eq!(out_of_range(oracle.configure("owner", beyond)), "correlations[1][0]");
    oracle.changes(of(vec![Ratio::percent(3); 2], "-0.25"));
    assert_eq!(
        (oracle.covariance().sigmas, oracle.covariance().correlations),
        (vec![30_000_000; 2], vec![-2_500])
    );
}

#[test]
fn a_renamed_feed_keeps_its_prices_and_an_unknown_one_is_an_error() {
    let mut oracle = new();
    oracle.agrees_on("100");
    let before = oracle.board();
    oracle.changes(update(|it| it.symbol = "XBT".into()));
    assert_eq!(oracle.config().feeds[0].symbol, "XBT");
    assert_eq!(oracle.board(), before);
    let unknown = Change::UpdateFeed { feed: 2, config: feed("SOL") };
    assert_eq!(oracle.configure("owner", unknown), Err(Error::UnknownFeed { feed: 2 }));
    assert_eq!(code(oracle.configure("owner", update(|it| it.symbol = "ETH".into()))), "E0009");
}

#[test]
fn a_publisher_who_is_removed_is_not_heard_and_what_he_said_no_longer_counts() {
    let mut oracle = new();
    oracle.says("p1", "100");
    oracle.configure("guardian", publishers(&["p2", "p3"], 2)).unwrap();
    let now = oracle.now;
    assert_eq!(code(oracle.try_publish("p1", &[submission(BTC, "100", now)])), "E0201");
    assert_eq!(oracle.says("p2", "100").code(), "E0210");
    oracle.changes(publishers(&["p1", "p2", "p3"], 2));
    assert_eq!(oracle.says("p1", "100").code(), "E0210", "he begins anew");
}

#[test]
fn publishers_that_make_no_quorum_are_refused() {
    let mut oracle = new();
    assert_eq!(out_of_range(oracle.configure("guardian", publishers(&["p1"], 2))), "quorum");
    assert_eq!(code(oracle.configure("guardian", publishers(&["p1", "p1"], 2))), "E0009");
    assert_eq!(out_of_range(oracle.configure("guardian", staleness(0, 1, 1))), "staleness.trade");
}

#[test]
fn a_new_guardian_comes_after_the_delay_and_the_old_one_is_none_any_more() {
    let mut oracle = new();
    oracle.changes(Change::Guardian { guardian: Some(text("watcher")) });
    assert_eq!(code(oracle.configure("guardian", staleness(14, 60, 300))), "E0103");
    oracle.configure("watcher", staleness(14, 60, 300)).unwrap();
    oracle.changes(Change::Guardian { guardian: None });
    assert_eq!(oracle.config().guardian, None);
    assert_eq!(code(oracle.configure("watcher", staleness(13, 60, 300))), "E0103");
}

#[test]
fn ownership_moves_in_two_steps() {
    let mut oracle = new();
    let transfer =
        || ExecuteMsg::UpdateOwnership(Action::TransferOwnership { new_owner: text("dao"), expiry: None });
    let accept = || ExecuteMsg::UpdateOwnership(Action::AcceptOwnership);
    assert_eq!(code(oracle.try_execute("guardian", transfer())), "E0106");
    oracle.try_execute("owner", transfer()).unwrap();
    assert_eq!(code(oracle.configure("dao", sol())), "E0103", "not yet");
    assert_eq!(code(oracle.try_execute("p1", accept())), "E0106");
    oracle.try_execute("dao", accept()).unwrap();
    assert_eq!(code(oracle.configure("owner", sol())), "E0103");
    oracle.configure("dao", sol()).unwrap();
}
