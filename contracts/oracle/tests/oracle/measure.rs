//! Measured volatility and correlation: when a sample and an hour's step happen, and what they leave behind.

use crate::common::{
    self, address, broken_rule, code, feed, measured_config, new, price, rho, submission, try_new, Oracle,
    Told, BTC, DAY, ETH, START,
};
use cosmwasm_std::testing::message_info;
use sdp_oracle::contract;
use sdp_types::board::{Covariance, FeedId};
use sdp_types::error::OracleError;
use sdp_types::events::{ChangeQueued, CovarianceStepped, FromEvent, List, VolatilitySampled};
use sdp_types::oracle::{
    Change, CovarianceConfig, ExecuteMsg, FeedConfig, Measurement, MeasurementResponse, QueryMsg,
    VolatilityRange,
};
use sdp_types::record::{key, tag};
use sdp_types::{Ratio, Result, SignedRatio};

const SLOT: u64 = 300;
const HOUR: u64 = 3_600;
/// The first second of a slot and of an hour.
const HOUR_START: u64 = START / HOUR * HOUR + HOUR;

/// What one message did besides its prices.
#[derive(Debug, PartialEq)]
enum Did {
    Nothing,
    Sample(Vec<FeedId>),
    Step,
}

fn did(told: &Told) -> Did {
    match (told.one::<VolatilitySampled>(), told.one::<CovarianceStepped>()) {
        (None, None) => Did::Nothing,
        (Some(sampled), None) => Did::Sample(sampled.feeds.0),
        (None, Some(_)) => Did::Step,
        both => panic!("two at once: {both:?}"),
    }
}

/// A measured oracle at the beginning of an hour, one publisher, so that each message sets its prices.
fn alone() -> Oracle {
    let mut msg = measured_config();
    msg.quorum = 1;
    let mut oracle = Oracle { now: HOUR_START, ..new() };
    let (env, info) = (oracle.env(), message_info(&address("anyone"), &[]));
    oracle.deps = cosmwasm_std::testing::mock_dependencies();
    contract::instantiate(oracle.deps.as_mut(), env, info, msg).unwrap();
    oracle
}

/// The same after a first sample at 100 each and the step of its hour.
fn begun() -> Oracle {
    let mut oracle = alone();
    oracle.sets(&[(BTC, "100"), (ETH, "100")]);
    oracle.waits(5);
    assert_eq!(oracle.sets(&[(BTC, "100"), (ETH, "100")]), Did::Step);
    oracle.now = HOUR_START + SLOT;
    oracle
}

impl Oracle {
    /// These prices, observed now.
    fn sets(&mut self, prices: &[(FeedId, &str)]) -> Did {
        let now = self.now;
        let prices: Vec<_> = prices.iter().map(|(feed, price)| submission(*feed, price, now)).collect();
        did(&Told(self.try_publish("p1", &prices).unwrap()))
    }

    fn samples(&mut self) -> Result<Did> {
        self.try_execute("stranger", ExecuteMsg::Sample {}).map(|response| did(&Told(response)))
    }

    fn measured(&self) -> MeasurementResponse {
        self.query(QueryMsg::Measurement {}).unwrap()
    }

    /// The owner's change, after its delay, and back to the time before.
    fn becomes(&mut self, change: Change) {
        let queued = self.configure("owner", change).unwrap();
        let queued: ChangeQueued = queued.events.iter().find_map(ChangeQueued::from_event).unwrap().unwrap();
        let now = self.now;
        self.waits(DAY).try_execute("anyone", ExecuteMsg::Enact { id: queued.id }).unwrap();
        self.now = now;
    }
}

#[test]
fn without_a_measurement_nothing_is_measured() {
    let mut oracle = new();
    assert_eq!(did(&Told(oracle.try_publish("p1", &[submission(BTC, "100", START)]).unwrap())), Did::Nothing);
    assert_eq!(did(&oracle.says("p2", "100")), Did::Nothing);
    assert_eq!(oracle.samples(), Err(OracleError::NotMeasured {}.into()));
    let board = oracle.board();
    assert_eq!((board.volatilities.len(), board.sampled, board.stepped), (0, 0, 0));
    assert_eq!(board.volatility(BTC, &oracle.covariance()), Ratio::bps(350), "as the owner set it");
    assert_eq!(oracle.covariance().margin_volatility(ETH), Ratio::bps(450));
    let empty =
        MeasurementResponse { parameters: None, slot: 0, hour: 0, feeds: vec![], correlations: vec![] };
    assert_eq!(oracle.measured(), empty);
    let stored = oracle.snapshot();
    assert!(stored.iter().all(|(found, _)| *found != key(tag::ESTIMATE)), "no record");
}

#[test]
fn a_measurement_begins_from_what_the_owner_believes() {
    let oracle = alone();
    assert_eq!(oracle.board().volatilities, [3_500, 4_500]);
    assert_eq!(oracle.covariance().margins, oracle.covariance().sigmas);
    let MeasurementResponse { parameters, feeds, correlations, .. } = oracle.measured();
    assert_eq!(parameters, Some(Measurement::default()));
    // 25 bits of a variance keep 24 of its root
    let close = |a: Ratio, b: Ratio| a.raw().abs_diff(b.raw()) < b.raw() >> 24;
    assert!(close(feeds[0].measured, Ratio::bps(350)) && close(feeds[1].measured, Ratio::bps(450)));
    assert_eq!(
        (feeds[1].volatility, feeds[1].pricing, feeds[1].margin),
        (Ratio::bps(450), Ratio::bps(450), Ratio::bps(450))
    );
    assert_eq!((feeds[1].symbol.as_str(), feeds[1].price, feeds[1].age), ("ETH", price("0"), 0));
    let (one, half_a_unit) = (rho("1"), 1_000_000_000_000_000_000 / 65_534 + 1);
    assert_eq!((correlations[0][0], correlations[1][1]), (one, one));
    assert!((correlations[0][1].raw() - rho("0.8").raw()).abs() <= half_a_unit);
}

#[test]
fn the_first_message_of_a_slot_that_sets_a_price_samples_and_the_others_do_not() {
    let mut oracle = begun();
    assert_eq!(oracle.sets(&[(BTC, "101"), (ETH, "101")]), Did::Sample(vec![BTC, ETH]));
    for _ in 1..60 {
        oracle.waits(5);
        assert_eq!(oracle.sets(&[(BTC, "101"), (ETH, "101")]), Did::Nothing);
    }
    oracle.waits(5);
    assert_eq!(oracle.now, HOUR_START + 2 * SLOT);
    assert_eq!(
        oracle.sets(&[(BTC, "102")]),
        Did::Sample(vec![BTC, ETH]),
        "ETH was published since its last sample"
    );
    assert_eq!(oracle.measured().slot, oracle.now / SLOT);
}

#[test]
fn a_message_that_sets_no_price_samples_nothing() {
    let mut oracle = try_new(measured_config()).unwrap();
    assert_eq!(did(&oracle.says("p1", "100")), Did::Nothing, "no quorum");
    assert_eq!(oracle.measured().slot, 0);
    assert_eq!(did(&oracle.says("p2", "100")), Did::Sample(vec![]), "a first price has no return");
}

#[test]
fn a_feed_counts_only_if_its_publish_time_has_moved() {
    let mut oracle = begun();
    let before = oracle.measured();
    // ETH was last published five seconds after its first sample
    assert_eq!(oracle.sets(&[(BTC, "101")]), Did::Sample(vec![BTC, ETH]));
    oracle.waits(SLOT);
    let between = oracle.measured();
    assert_eq!(oracle.sets(&[(BTC, "103")]), Did::Sample(vec![BTC]));
    let after = oracle.measured();
    assert_eq!(after.feeds[1], common_age(&between, 0), "nothing of ETH has changed");
    assert!(after.feeds[0].measured > between.feeds[0].measured);
    assert!(between.feeds[1].measured < before.feeds[1].measured, "five seconds at rest");
    assert_eq!(after.correlations, between.correlations, "a pair needs both");
    assert_eq!(oracle.waits(7).measured().feeds[1].age, SLOT + SLOT + 2, "published at 5 s of the hour");
}

/// ETH of an answer, so many seconds later.
fn common_age(answer: &MeasurementResponse, seconds: u64) -> sdp_types::oracle::MeasuredFeed {
    let eth = answer.feeds[1].clone();
    sdp_types::oracle::MeasuredFeed { age: eth.age + seconds, ..eth }
}

#[test]
fn a_return_moves_the_volatility_by_the_formula() {
    let mut oracle = begun();
    oracle.sets(&[(BTC, "104"), (ETH, "100")]);
    let volatilities: List<Ratio> = {
        oracle.waits(SLOT);
        let now = oracle.now;
        let told = Told(oracle.try_publish("p1", &[submission(BTC, "104", now)]).unwrap());
        told.one::<VolatilitySampled>().unwrap().volatilities
    };
    // r = 2·4/204; τ = 124,649; 300 s each: v = (τ·(τ·0.035² + r²·86,400)/(τ + 300))/(τ + 300)
    //   r² = 0.00153787, τ·v₀ = 152.695, r²·86,400 = 132.872; 285.567/124,949 = 0.002285469; then ·τ/(τ + 300) = 0.002279982
    assert_eq!(volatilities.0[0].to_string(), "0.04775", "√0.002279982 = 0.0477492, rounded up");
    assert_eq!(oracle.board().volatilities[0], 4_775);
    assert_eq!(oracle.board().volatility(BTC, &oracle.covariance()), volatilities.0[0]);
    // ETH rested for 300 s: 0.045²·τ/(τ + 300) = 0.002020138, √ = 0.0449460
    assert_eq!(volatilities.0[1].to_string(), "0.04495");
}

#[test]
fn the_board_keeps_within_the_range_and_the_measurement_does_not() {
    let mut oracle = begun();
    oracle.sets(&[(BTC, "1000"), (ETH, "100")]);
    assert_eq!(oracle.board().volatilities[0], 20_000, "the ceiling");
    assert!(oracle.measured().feeds[0].measured > Ratio::percent(100));
    assert_eq!(oracle.measured().feeds[0].volatility, Ratio::percent(20));
    // a month at rest: √(1/(1 + 30·86,400/124,649)) = 0.214 of it, below the floor for ETH
    oracle.waits(30 * DAY);
    oracle.sets(&[(BTC, "1000"), (ETH, "100")]);
    assert_eq!(oracle.board().volatilities[1], 2_000, "the floor");
    assert!(oracle.measured().feeds[1].measured < Ratio::percent(1));
}

#[test]
fn an_hour_takes_one_step_by_the_next_message_that_does_not_sample() {
    let mut oracle = begun();
    let mut done = Vec::new();
    for _ in 0..2 * HOUR / 5 {
        match oracle.sets(&[(BTC, "101"), (ETH, "101")]) {
            Did::Nothing => (),
            did => done.push((oracle.now - HOUR_START, did)),
        }
        oracle.waits(5);
    }
    let steps: Vec<_> = done.iter().filter(|(_, did)| *did == Did::Step).map(|(at, _)| *at).collect();
    let samples = done.iter().filter(|(_, did)| *did != Did::Step).map(|(at, _)| *at);
    assert_eq!(steps, [HOUR + 5, 2 * HOUR + 5], "after the sample of the hour");
    assert_eq!(samples.collect::<Vec<_>>(), (1..=24).map(|n| n * SLOT).collect::<Vec<_>>());
}

#[test]
fn however_rare_prices_are_samples_and_steps_take_turns() {
    for pause in [400, HOUR, 5 * HOUR, 3 * DAY] {
        let mut oracle = begun();
        let mut done = (0, 0);
        for _ in 0..200 {
            oracle.waits(pause);
            match oracle.sets(&[(BTC, "100"), (ETH, "100")]) {
                Did::Nothing => panic!("a new slot each time"),
                Did::Sample(_) => done.0 += 1,
                Did::Step => done.1 += 1,
            }
        }
        let steps = if pause == 400 { 200 * 400 / HOUR } else { 100 };
        assert!(done.1 == steps || done.1 == steps - 1, "{pause}: {done:?}");
        assert_eq!(done.0 + done.1, 200);
    }
}

#[test]
fn after_any_gap_there_is_one_step_only() {
    let mut oracle = begun();
    oracle.waits(10 * DAY);
    assert_eq!(oracle.sets(&[(BTC, "100")]), Did::Sample(vec![BTC, ETH]));
    oracle.waits(1);
    assert_eq!(oracle.sets(&[(BTC, "100")]), Did::Step);
    for _ in 0..10 {
        oracle.waits(1);
        assert_eq!(oracle.sets(&[(BTC, "100")]), Did::Nothing);
    }
}

#[test]
fn anybody_may_do_what_is_due_and_is_told_when_nothing_is() {
    let mut oracle = alone();
    oracle.sets(&[(BTC, "100"), (ETH, "100")]);
    assert_eq!(oracle.samples(), Ok(Did::Step), "of this hour");
    let before = oracle.snapshot();
    let done = OracleError::AlreadySampled { slot: HOUR_START / SLOT, next_at: HOUR_START + SLOT }.into();
    assert_eq!(oracle.waits(SLOT - 1).samples(), Err(done));
    assert_eq!(oracle.snapshot(), before);
    assert_eq!(oracle.waits(1).samples(), Ok(Did::Sample(vec![])), "no price has moved");
    let quotes = oracle.board();
    assert_eq!((quotes.written_at, quotes.resumed_at), (HOUR_START, 0), "no price was written");
    assert_eq!(oracle.sets(&[(BTC, "101")]), Did::Nothing, "the slot is done");
    assert_eq!(code(oracle.try_paid("stranger", ExecuteMsg::Sample {})), "E0109");
}

#[test]
fn a_step_goes_no_further_than_its_part_and_margins_slower_than_prices() {
    let mut oracle = begun();
    let before = oracle.covariance();
    oracle.sets(&[(BTC, "300"), (ETH, "50")]);
    let now = oracle.now;
    oracle.now = HOUR_START + HOUR;
    oracle.sets(&[(BTC, "300"), (ETH, "50")]);
    oracle.waits(1);
    assert_eq!(oracle.sets(&[(BTC, "300")]), Did::Step, "{now}");
    let after = oracle.covariance();
    let board = oracle.board();
    assert_eq!(board.volatilities, [20_000, 20_000], "at once");
    // BTC comes down to 1.58·2 % = 3.16 %, ETH too; both by 1 % of themselves
    let down: Vec<_> = before.sigmas.iter().map(|sigma| sigma - sigma / 100).collect();
    assert_eq!(after.sigmas, down.iter().map(|sigma| (*sigma).max(31_600_000)).collect::<Vec<_>>());
    // a 24th of a quarter
    let up: Vec<_> = before.margins.iter().map(|sigma| sigma + sigma / 96).collect();
    assert_eq!(after.margins, up);
    assert_eq!(after.margin_volatility(BTC), oracle.measured().feeds[0].margin);
    assert_eq!(before.correlations[0] - after.correlations[0], 100, "they went apart");
    let priced: CovarianceConfig = oracle.query(QueryMsg::Covariance {}).unwrap();
    assert_eq!(
        (priced.sigmas[0], oracle.measured().feeds[0].pricing),
        (after.volatility(0), after.volatility(0))
    );
}

#[test]
fn a_day_of_steps_is_at_most_what_margins_may_move_in_a_day() {
    let mut oracle = begun();
    let before = oracle.covariance().margins;
    oracle.sets(&[(BTC, "1000"), (ETH, "1000")]);
    for hour in 1..=24 {
        oracle.now = HOUR_START + hour * HOUR;
        oracle.sets(&[(BTC, "1000"), (ETH, "1000")]);
        assert_eq!(oracle.samples(), Ok(Did::Step));
    }
    for (before, after) in before.iter().zip(oracle.covariance().margins) {
        // (1 + 1/96)²⁴ = 1.2824
        let growth = f64::from(after) / f64::from(*before);
        assert!((growth - 1.2824).abs() < 0.0001, "{growth}");
    }
}

#[test]
fn new_covariances_of_the_owner_begin_the_measurement_anew_and_keep_its_last_prices() {
    let mut oracle = begun();
    oracle.sets(&[(BTC, "300"), (ETH, "50")]);
    let mut covariance = common::config().covariance;
    covariance.sigmas = vec![Ratio::percent(3), Ratio::percent(5)];
    covariance.correlations[0][1] = rho("0.5");
    covariance.correlations[1][0] = rho("0.5");
    oracle.becomes(Change::Covariance { covariance });
    assert_eq!(oracle.board().volatilities, [3_000, 5_000]);
    let stored = Covariance {
        sigmas: vec![30_000_000, 50_000_000],
        correlations: vec![5_000],
        margins: vec![30_000_000, 50_000_000],
    };
    assert_eq!(oracle.covariance(), stored);
    let measured = oracle.measured();
    assert_eq!(measured.feeds[0].measured.raw().abs_diff(Ratio::percent(3).raw()) >> 30, 0);
    let (kept, halfway) = (measured.feeds[0].price, rho("0.5"));
    assert!((measured.correlations[0][1].raw() - halfway.raw()).abs() < 20_000_000_000_000);
    assert!(kept.raw().abs_diff(price("300").raw()) <= price("300").raw() >> 25, "25 bits of 300: {kept}");
    oracle.waits(SLOT);
    assert_eq!(oracle.sets(&[(BTC, "300"), (ETH, "50")]), Did::Sample(vec![BTC, ETH]));
    assert!(oracle.board().volatilities[0] < 3_000, "no return since then");
}

fn ranged(symbol: &str) -> FeedConfig {
    FeedConfig {
        volatility: Some(VolatilityRange { floor: Ratio::percent(4), ceiling: Ratio::percent(40) }),
        ..feed(symbol)
    }
}

fn sol(feed: FeedConfig) -> Change {
    Change::AddFeed { feed, sigma: Ratio::percent(6), correlations: vec![rho("0.7"), rho("0.75")] }
}

#[test]
fn a_further_feed_begins_from_what_is_believed_and_the_others_go_on() {
    let mut oracle = begun();
    let bare = oracle.configure("owner", sol(feed("SOL")));
    assert_eq!(broken_rule(bare), "a range of volatility for each measured feed");
    oracle.sets(&[(BTC, "103"), (ETH, "103")]);
    let before = oracle.measured();
    oracle.becomes(sol(ranged("SOL")));
    let after = oracle.measured();
    assert_eq!(after.feeds[..2], before.feeds[..]);
    assert_eq!(after.correlations[1][0], before.correlations[1][0]);
    assert_eq!((oracle.board().volatilities.len(), oracle.board().volatilities[2]), (3, 6_000));
    assert_eq!((oracle.covariance().margins[2], after.feeds[2].margin), (60_000_000, Ratio::percent(6)));
    oracle.waits(SLOT);
    assert_eq!(oracle.sets(&[(BTC, "103"), (2, "20")]), Did::Sample(vec![BTC]));
    oracle.waits(SLOT);
    assert_eq!(oracle.sets(&[(BTC, "103"), (2, "21")]), Did::Sample(vec![BTC, 2]));
}

#[test]
fn a_range_changes_by_the_owner_only_and_stays_while_there_is_a_measurement() {
    let mut oracle = begun();
    let update = |volatility| Change::UpdateFeed {
        feed: BTC,
        config: FeedConfig { volatility, deviation_band: Ratio::percent(1_000), ..feed("BTC") },
    };
    let same = measured_config().feeds[0].volatility;
    oracle.configure("guardian", update(same)).unwrap();
    let higher = same.map(|range| VolatilityRange { floor: Ratio::percent(5), ..range });
    assert_eq!(code(oracle.configure("guardian", update(higher))), "E0102");
    assert_eq!(
        broken_rule(oracle.configure("owner", update(None))),
        "a range of volatility for each measured feed"
    );
    oracle.becomes(update(higher));
    oracle.sets(&[(BTC, "100")]);
    assert_eq!(oracle.board().volatilities[0], 5_000, "at the next sample");
}

#[test]
fn a_measurement_can_begin_later_change_and_end() {
    let mut oracle = new();
    oracle.agrees_on("100");
    let on = |terms| Change::Measurement { measurement: terms };
    let terms = Measurement::default();
    assert_eq!(
        broken_rule(oracle.configure("owner", on(Some(terms)))),
        "a range of volatility for each measured feed"
    );
    assert_eq!(code(oracle.configure("guardian", on(None))), "E0102");
    assert_eq!(code(oracle.configure("p1", on(None))), "E0103");
    for (feed, symbol) in [(BTC, "BTC"), (ETH, "ETH")] {
        oracle.becomes(Change::UpdateFeed { feed, config: ranged(symbol) });
    }
    let invalid = Measurement { sample_seconds: 9, ..terms };
    assert_eq!(common::out_of_range(oracle.configure("owner", on(Some(invalid)))), "sample_seconds");
    let set = oracle.covariance();
    oracle.becomes(on(Some(terms)));
    assert_eq!(oracle.covariance(), Covariance { margins: set.sigmas.clone(), ..set.clone() });
    assert_eq!(oracle.board().volatilities, [4_000, 4_500], "3.5 % is below the floor of 4 %");

    oracle.waits(SLOT);
    oracle.agrees_on("105");
    let (slot, measured) = (oracle.measured().slot, oracle.measured().feeds);
    assert_eq!(slot, oracle.now / SLOT);
    oracle.becomes(on(Some(Measurement { sample_seconds: 600, ..terms })));
    assert_eq!((oracle.measured().slot, oracle.measured().feeds), (slot / 2, measured), "goes on");

    let priced = oracle.covariance();
    oracle.becomes(on(None));
    assert_eq!(oracle.covariance(), Covariance { margins: vec![], ..priced });
    assert!(oracle.board().volatilities.is_empty());
    assert_eq!(oracle.samples(), Err(OracleError::NotMeasured {}.into()));
    assert!(oracle.measured().feeds.is_empty());
}

#[test]
fn what_is_priced_with_are_correlations_after_every_step() {
    // three feeds, of which the last goes with each of the others and those against each other: pair by pair towards
    // what is measured, by 0.5 an hour, they pass through matrices that are none
    let mut msg = measured_config();
    msg.quorum = 1;
    msg.feeds.push(FeedConfig { deviation_band: Ratio::percent(1_000), ..ranged("SOL") });
    let row = |row: [&str; 3]| row.map(rho).to_vec();
    msg.covariance = CovarianceConfig {
        sigmas: vec![Ratio::percent(4); 3],
        correlations: vec![row(["1", "0.9", "0"]), row(["0.9", "1", "0"]), row(["0", "0", "1"])],
    };
    msg.measurement = Some(Measurement {
        pricing_step: Ratio::percent(50),
        shrink: Ratio::ZERO,
        correlation_half_life: 3_600,
        ..Measurement::default()
    });
    let mut oracle = try_new(msg).unwrap();
    oracle.now = HOUR_START;
    let mut level = [100.0f64; 3];
    // BTC and ETH each with SOL in turn, for two days: ρ(SOL, ·) ≈ 0.7, ρ(BTC, ETH) ≈ 0
    let mut seed = 7u64;
    let mut coin = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        if seed >> 63 == 0 {
            1.0
        } else {
            -1.0
        }
    };
    for _ in 0..400 {
        let (a, b) = (coin(), coin());
        for (level, step) in level.iter_mut().zip([a, b, (a + b) / 2f64.sqrt()]) {
            *level *= (0.002 * step).exp();
        }
        let now = oracle.now;
        let prices: Vec<_> =
            (0..).zip(level).map(|(feed, level)| submission(feed, &format!("{level:.6}"), now)).collect();
        oracle.try_publish("p1", &prices).unwrap();
        if oracle.now % HOUR == 0 {
            let _ = oracle.samples();
            let covariance = oracle.covariance();
            sdp_risk::psd::positive_semidefinite(&covariance).unwrap();
        }
        oracle.waits(SLOT);
    }
    let rho = |a, b| oracle.covariance().rho(a, b);
    assert!(rho(2, 0) > 4_000 && rho(2, 1) > 4_000 && rho(1, 0).abs() < 4_000, "{:?}", oracle.covariance());
    let one = SignedRatio::new(1_000_000_000_000_000_000);
    assert_eq!(oracle.measured().correlations[2][2], one);
}

#[test]
fn a_record_of_32_feeds_is_small() {
    let mut msg = measured_config();
    msg.quorum = 1;
    msg.feeds = (0..32).map(|n| ranged(&n.to_string())).collect();
    let rows = (0..32).map(|a| (0..32).map(|b| if a == b { rho("1") } else { rho("0.9") }).collect());
    msg.covariance = CovarianceConfig { sigmas: vec![Ratio::percent(5); 32], correlations: rows.collect() };
    let mut oracle = try_new(msg).unwrap();
    let now = oracle.now;
    let prices: Vec<_> = (0..32).map(|feed| submission(feed, "60000.12", now)).collect();
    oracle.try_publish("p1", &prices).unwrap();
    let size = |tag: u8| oracle.snapshot().into_iter().find(|(found, _)| *found == key(tag)).unwrap().1.len();
    // version, time, count; a feed 3·4 bytes and its age; length, 496 pairs
    assert_eq!(size(tag::ESTIMATE), 1 + 5 + 1 + 32 * 13 + 2 + 992);
    // 34 gas for a byte that is read and written, 3,000 for the record: with its events a sample stays below 60,000
    assert!(33 * size(tag::ESTIMATE) + 3_000 < 52_000);
}
