//! A price that runs away from its moving average restricts its feed, and owner and guardian may.
//!
//! Averages go w = Δt ÷ (Δt + 300 s) of the way: a quarter of it in 100 s. From 73 to 81 the average is 75, and 81 is 8 %
//! above it; from 95 to 115 it is 100, and 115 is 15 % above it.

use cosmwasm_std::Response;
use sdp_types::board::{FeedId, Restricted};
use sdp_types::events::RegimeChanged;
use sdp_types::oracle::{
    BoardResponse, Change, ConfigResponse, ExecuteMsg, FeedBreaker, InstantiateMsg, QueryMsg, RestrictedFeed,
};
use sdp_types::record::Record;
use sdp_types::regime::{Breaker, Reason, Regime};
use sdp_types::{Error, Ratio, Result};

use crate::common::{
    self, broken_rule, code, out_of_range, price, submission, Oracle, Told, BTC, DAY, ETH, START,
};
use Regime::{Caution, CloseOnly, Emergency, Normal};

const COOL_DOWN: u64 = 1_800;

fn terms() -> FeedBreaker {
    FeedBreaker {
        breaker: Breaker {
            caution: Some(Ratio::percent(8)),
            close_only: Some(Ratio::percent(15)),
            emergency: None,
            release: Ratio::percent(50),
        },
        cool_down: 1_800,
        hold: 86_400,
    }
}

/// One publisher makes a price, and no jump waits for a confirmation.
fn config(breaker: Option<FeedBreaker>) -> InstantiateMsg {
    let mut config = InstantiateMsg { quorum: 1, breaker, ..common::config() };
    for feed in &mut config.feeds {
        feed.deviation_band = Ratio::percent(1_000);
    }
    config
}

/// BTC has had one price.
fn at(first: &str) -> Oracle {
    let mut oracle = common::try_new(config(Some(terms()))).unwrap();
    oracle.says("p1", first);
    oracle
}

impl Oracle {
    /// After so many seconds BTC has a price; what that did to its regime.
    fn moves(&mut self, seconds: u64, price: &str) -> Option<RegimeChanged> {
        self.waits(seconds);
        let told = self.says("p1", price);
        told.price();
        told.one()
    }

    fn regime(&self, feed: FeedId) -> Regime {
        self.board().regime(feed)
    }

    fn regimes(&self) -> Vec<RestrictedFeed> {
        self.query(QueryMsg::Regimes {}).unwrap()
    }

    fn trips(&mut self, sender: &str, regime: Regime) -> Result<Response> {
        self.try_execute(sender, ExecuteMsg::Trip { feed: BTC, regime })
    }

    fn resets(&mut self, sender: &str) -> Result<Response> {
        self.try_execute(sender, ExecuteMsg::Reset { feed: BTC })
    }
}

fn moved(from: Regime, to: Regime, reason: Reason, measure: &str) -> RegimeChanged {
    RegimeChanged { scope: "feed 0".into(), from, to, reason, measure: measure.parse().unwrap() }
}

fn by_price(from: Regime, to: Regime, measure: &str) -> Option<RegimeChanged> {
    Some(moved(from, to, Reason::PriceDeviation, measure))
}

#[test]
fn a_price_at_the_threshold_from_its_average_trips_and_one_below_it_does_not() {
    for (first, below, at_it, regime, measure) in
        [("73", "80.99", "81", Caution, "0.08"), ("95", "114.9", "115", CloseOnly, "0.15")]
    {
        let mut oracle = at(first);
        let told = oracle.moves(100, below);
        let milder = if regime == Caution { Normal } else { Caution };
        assert_eq!(told.map_or(Normal, |moved| moved.to), milder, "{below}");
        let mut oracle = at(first);
        assert_eq!(oracle.moves(100, at_it), by_price(Normal, regime, measure));
        assert_eq!((oracle.regime(BTC), oracle.regime(ETH)), (regime, Normal));
        assert_eq!(oracle.board().restricted, [Restricted { feed: BTC, regime }]);
    }
    // downwards it is the same: 105 → 85 in 100 s, average 100
    let mut oracle = at("105");
    assert_eq!(oracle.moves(100, "85"), by_price(Normal, CloseOnly, "0.15"));
}

#[test]
fn the_queries_say_what_stands_since_when_and_why() {
    let mut oracle = at("73");
    assert_eq!(oracle.regimes(), []);
    oracle.moves(100, "81");
    let trip = RestrictedFeed {
        feed: BTC,
        symbol: "BTC".into(),
        regime: Caution,
        reason: Reason::PriceDeviation,
        measure: Ratio::percent(8),
        since: START + 100,
        asked_at: START + 100,
        held_until: 0,
    };
    assert_eq!(oracle.regimes(), core::slice::from_ref(&trip));
    let board: BoardResponse = oracle.query(QueryMsg::Board {}).unwrap();
    assert_eq!(board.prices.iter().map(|entry| entry.regime).collect::<Vec<_>>(), [Caution, Normal]);
    // average 76.5: 5.9 % still asks for it
    assert_eq!(oracle.moves(100, "81"), None);
    assert_eq!(oracle.regimes(), [RestrictedFeed { asked_at: START + 200, ..trip }]);
}

#[test]
fn caution_ends_half_an_hour_after_the_price_was_last_half_of_the_threshold_away() {
    let mut oracle = at("73");
    oracle.moves(100, "81");
    // averages 76.5, 77.625 and 78.46875: 81 is 5.9 %, 4.3 % and 3.2 % above them; half of 8 % releases
    for _ in 0..3 {
        assert_eq!(oracle.moves(100, "81"), None);
    }
    let last_asked = START + 300;
    assert_eq!(oracle.regimes()[0].asked_at, last_asked);
    let left = last_asked + COOL_DOWN - oracle.now;
    assert_eq!(oracle.moves(left - 1, "81"), None);
    let released = oracle.moves(1, "81").unwrap();
    assert_eq!((released.from, released.to), (Caution, Normal));
    assert_eq!((oracle.board().restricted, oracle.regimes()), (vec![], vec![]));
}

#[test]
fn close_only_becomes_caution_before_it_ends_where_the_price_is_still_too_far_for_that() {
    let mut oracle = at("95");
    oracle.moves(100, "115");
    // average 102.25, 6.6 % away: less than half of 15 %, so that caution is asked for from now on
    assert_eq!(oracle.moves(100, "109"), None);
    assert_eq!(oracle.regimes()[0].asked_at, START + 100);
    // 1,700 s later: w = 0.85, from 102.25 to 142.25 the average is 136.25, and 6 ÷ 136.25 is above half of 8 %
    assert_eq!(oracle.moves(1_700, "142.25"), by_price(CloseOnly, Caution, "0.044036697247706423"));
    // 600 s: w = ⅔, from 136.25 to 139.25 the average is 138.25, 0.7 % away
    assert_eq!(oracle.moves(600, "139.25"), None, "the cool-down begins anew");
    let end = oracle.moves(1_200, "139.25").unwrap();
    assert_eq!((end.from, end.to, end.reason), (Caution, Normal, Reason::PriceDeviation));
}

#[test]
fn what_gets_worse_trips_further_at_once() {
    let mut oracle = at("73");
    oracle.moves(100, "81");
    // w = ¼ from 75 to 95: average 80, 15 ÷ 80 = 18.75 %
    assert_eq!(oracle.moves(100, "95"), by_price(Caution, CloseOnly, "0.1875"));
    assert_eq!(oracle.regimes()[0].since, START + 200);
}

#[test]
fn a_feed_without_a_price_stays_restricted_whatever_others_do() {
    let mut oracle = at("73");
    oracle.moves(100, "81");
    oracle.waits(DAY);
    let now = oracle.now;
    oracle.try_publish("p1", &[submission(ETH, "100", now)]).unwrap();
    assert_eq!((oracle.regime(BTC), oracle.regime(ETH)), (Caution, Normal));
}

#[test]
fn feeds_of_one_message_trip_each_for_itself_and_stand_in_their_order() {
    let mut oracle = common::try_new(config(Some(terms()))).unwrap();
    let both = |btc, eth, at| [submission(ETH, eth, at), submission(BTC, btc, at)];
    oracle.try_publish("p1", &both("73", "95", START)).unwrap();
    oracle.waits(100);
    let told = Told(oracle.try_publish("p1", &both("81", "115", START + 100)).unwrap());
    let first: RegimeChanged = told.one().unwrap();
    assert_eq!((first.scope.as_str(), first.to), ("feed 1", CloseOnly));
    let restricted = [(BTC, Caution), (ETH, CloseOnly)].map(|(feed, regime)| Restricted { feed, regime });
    assert_eq!(oracle.board().restricted, restricted);
    oracle.resets("owner").unwrap();
    assert_eq!(oracle.board().restricted, restricted[1..]);
}

#[test]
fn a_feed_that_nothing_restricts_costs_not_one_byte() {
    let mut with = at("73");
    let mut without = common::try_new(config(None)).unwrap();
    without.says("p1", "73");
    for oracle in [&mut with, &mut without] {
        for (seconds, price) in [(1, "75"), (100, "80"), (7, "74"), (300, "78")] {
            assert_eq!(oracle.moves(seconds, price), None);
        }
    }
    let (with_it, without_it) = (with.snapshot(), without.snapshot());
    assert_eq!(with.board().encode().unwrap(), without.board().encode().unwrap());
    let keys = |all: &[(Vec<u8>, Vec<u8>)]| all.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
    assert_eq!(keys(&with_it), keys(&without_it), "no record more");
    // and without a breaker no price restricts anything
    assert_eq!(without.moves(1, "780"), None);
}

#[test]
fn what_the_guardian_trips_is_held_and_then_ends_with_a_price() {
    let mut oracle = at("100");
    let told = Told(oracle.trips("guardian", CloseOnly).unwrap());
    assert_eq!(told.one(), Some(moved(Normal, CloseOnly, Reason::Governance, "0")));
    let [trip] = oracle.regimes().try_into().unwrap();
    assert_eq!((trip.reason, trip.measure), (Reason::Governance, Ratio::ZERO));
    assert_eq!((trip.since, trip.held_until), (START, START + DAY));
    assert_eq!(oracle.moves(DAY - 1, "100"), None);
    assert_eq!(oracle.moves(1, "100"), Some(moved(CloseOnly, Normal, Reason::Governance, "0")));
}

#[test]
fn a_person_makes_nothing_milder_and_only_holds_it_longer() {
    let mut oracle = at("95");
    oracle.moves(100, "115");
    let told = Told(oracle.trips("owner", Caution).unwrap());
    assert_eq!(told.one::<RegimeChanged>(), None);
    let [trip] = oracle.regimes().try_into().unwrap();
    assert_eq!((trip.regime, trip.reason), (CloseOnly, Reason::PriceDeviation));
    assert_eq!(trip.held_until, START + 100 + DAY);
    assert_eq!(oracle.trips("guardian", Caution), Err(Error::NothingToDo { what: "trip".into() }));
    assert_eq!(oracle.moves(COOL_DOWN, "115"), None, "held");
}

#[test]
fn the_owner_resets_and_the_next_price_may_trip_it_again() {
    let mut oracle = at("95");
    oracle.moves(100, "115");
    let told = Told(oracle.resets("owner").unwrap());
    assert_eq!(told.one(), Some(moved(CloseOnly, Normal, Reason::Governance, "0")));
    assert_eq!((oracle.regime(BTC), oracle.regimes()), (Normal, vec![]));
    assert_eq!(oracle.resets("owner"), Err(Error::NothingToDo { what: "reset".into() }));
    // w = ¼ from 100 to 120: average 105, 14.3 %
    assert_eq!(oracle.moves(100, "120"), by_price(Normal, Caution, "0.142857142857142858"));
}

#[test]
fn strangers_trip_and_reset_nothing_and_the_guardian_resets_nothing() {
    let mut oracle = at("73");
    oracle.moves(100, "81");
    let before = oracle.snapshot();
    for sender in ["p1", "anyone"] {
        assert_eq!(code(oracle.trips(sender, CloseOnly)), "E0103");
        assert_eq!(code(oracle.resets(sender)), "E0101");
    }
    assert_eq!(code(oracle.resets("guardian")), "E0101");
    for regime in [Normal, Emergency] {
        assert_eq!(out_of_range(oracle.trips("owner", regime)), "regime");
    }
    let unknown = ExecuteMsg::Trip { feed: 2, regime: Caution };
    assert_eq!(oracle.try_execute("owner", unknown), Err(Error::UnknownFeed { feed: 2 }));
    assert_eq!(code(oracle.try_execute("owner", ExecuteMsg::Reset { feed: 2 })), "E0202");
    assert_eq!(oracle.snapshot(), before);
}

#[test]
fn without_a_breaker_a_trip_stands_until_the_owner_resets_it() {
    let mut oracle = common::try_new(config(None)).unwrap();
    oracle.trips("guardian", CloseOnly).unwrap();
    assert_eq!(oracle.moves(10 * DAY, "100"), None);
    assert_eq!(oracle.regime(BTC), CloseOnly);
    // a breaker that comes then judges it: nobody holds it
    oracle.configure("guardian", Change::Breaker { breaker: Some(terms()) }).unwrap();
    let ended = oracle.moves(10, "100").unwrap();
    assert_eq!((ended.from, ended.to), (CloseOnly, Normal));
    oracle.trips("guardian", Caution).unwrap();
    oracle.resets("owner").unwrap();
    assert_eq!(oracle.board().restricted, []);
}

#[test]
fn a_breaker_out_of_its_ranges_is_refused() {
    let with = |change: &dyn Fn(&mut FeedBreaker)| {
        let mut breaker = terms();
        change(&mut breaker);
        common::try_new(config(Some(breaker))).map(drop)
    };
    let week = 7 * 86_400;
    assert_eq!(with(&|it| (it.cool_down, it.hold) = (week, week)), Ok(()));
    assert_eq!(with(&|it| (it.cool_down, it.hold) = (0, 0)), Ok(()));
    assert_eq!(out_of_range(with(&|it| it.cool_down = week + 1)), "breaker.cool_down");
    assert_eq!(out_of_range(with(&|it| it.hold = week + 1)), "breaker.hold");
    assert_eq!(out_of_range(with(&|it| it.breaker.release = Ratio::ZERO)), "breaker.release");
    let emergency = with(&|it| it.breaker.emergency = Some(Ratio::percent(30)));
    assert_eq!(broken_rule(emergency), "breaker.emergency: none of a feed");
    assert_eq!(code(with(&|it| it.breaker.caution = Some(Ratio::percent(15)))), "E0107");
    let mut oracle = at("100");
    let breaker = Some(FeedBreaker { hold: week + 1, ..terms() });
    assert_eq!(code(oracle.configure("owner", Change::Breaker { breaker })), "E0004");
}

#[test]
fn a_breaker_tightens_where_nothing_trips_later_or_ends_earlier() {
    let tightens = |old: Option<FeedBreaker>, new: Option<FeedBreaker>| {
        let mut oracle = common::try_new(config(old)).unwrap();
        let done = oracle.configure("guardian", Change::Breaker { breaker: new });
        let now: ConfigResponse = oracle.query(QueryMsg::Config {}).unwrap();
        assert_eq!(now.breaker, if done.is_ok() { new } else { old });
        done.is_ok()
    };
    let with = |change: &dyn Fn(&mut FeedBreaker)| {
        let mut breaker = terms();
        change(&mut breaker);
        Some(breaker)
    };
    let old = Some(terms());
    assert!(tightens(None, old), "from none to some");
    assert!(!tightens(old, None));
    assert!(tightens(old, with(&|it| (it.cool_down, it.hold) = (1_801, 86_401))));
    assert!(!tightens(old, with(&|it| it.cool_down = 1_799)));
    assert!(!tightens(old, with(&|it| it.hold = 86_399)));
    assert!(tightens(old, with(&|it| it.breaker.caution = Some(Ratio::percent(7)))));
    assert!(!tightens(old, with(&|it| it.breaker.close_only = Some(Ratio::percent(16)))));
    assert!(!tightens(old, with(&|it| it.breaker.close_only = None)));
}

#[test]
fn the_least_average_and_the_largest_price_trip_and_break_nothing() {
    let mut oracle = at("0.000000000000000001");
    // so far away that it waits for a second one
    assert_eq!(oracle.waits(1).says("p1", "1000000000000").code(), "E0205");
    let told = oracle.moves(1, "1000000000000");
    assert_eq!(told.map(|moved| moved.to), Some(CloseOnly));
    assert_eq!(oracle.quote(BTC).price, price("1000000000000"));
}
