//! A new oracle, and every nonsense that is none.

use crate::common::{self, broken_rule, code, config, out_of_range, rho, text, try_new, DAY};
use cosmwasm_std::coins;
use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env};
use sdp_oracle::contract;
use sdp_types::oracle::{
    ConfigResponse, CovarianceConfig, InstantiateMsg, Measurement, MigrateMsg, QueryMsg, VolatilityRange,
};
use sdp_types::{Error, Ratio, Result, SignedRatio};

fn with(change: impl FnOnce(&mut InstantiateMsg)) -> Result<()> {
    let mut msg = config();
    change(&mut msg);
    try_new(msg).map(drop)
}

#[test]
fn what_was_configured_can_be_asked_back() {
    let oracle = try_new(config()).unwrap();
    let InstantiateMsg { owner, guardian, publishers, quorum, intervals, staleness, gap, .. } = config();
    let answer: ConfigResponse = oracle.query(QueryMsg::Config {}).unwrap();
    assert_eq!((answer.guardian, answer.publishers, answer.quorum), (guardian, publishers, quorum));
    assert_eq!((answer.intervals, answer.staleness, answer.gap), (intervals, staleness, gap));
    assert_eq!((answer.average_seconds, answer.change_delay, answer.feeds), (300, DAY, config().feeds));
    let covariance: CovarianceConfig = oracle.query(QueryMsg::Covariance {}).unwrap();
    assert_eq!(covariance, config().covariance);
    let ownership: sdp_types::ownership::Ownership = oracle.query(QueryMsg::Ownership {}).unwrap();
    assert_eq!(ownership.owner, Some(owner));
}

#[test]
fn a_number_outside_its_range_is_named() {
    type Break = fn(&mut InstantiateMsg);
    let cases: [(&str, Break); 18] = [
        ("intervals.seconds", |it| it.intervals.seconds = 0),
        ("intervals.seconds", |it| it.intervals.seconds = 864_001),
        ("intervals.slots", |it| it.intervals.slots = 7),
        ("intervals.slots", |it| it.intervals.slots = 1_025),
        ("intervals.grace", |it| it.intervals.grace = 11),
        ("staleness.trade", |it| it.staleness.trade = 0),
        ("gap", |it| it.gap = 4),
        ("average_seconds", |it| it.average_seconds = 0),
        ("change_delay", |it| it.change_delay = 30 * DAY + 1),
        ("quorum", |it| it.quorum = 0),
        ("quorum", |it| it.quorum = 4),
        ("length of symbol", |it| it.feeds[1].symbol = String::new()),
        ("length of symbol", |it| it.feeds[1].symbol = "SEVENTEEN_LETTERS".into()),
        ("deviation_band", |it| it.feeds[0].deviation_band = Ratio::ZERO),
        ("deviation_band", |it| it.feeds[0].deviation_band = Ratio::percent(1_001)),
        ("maximum_confidence", |it| it.feeds[0].maximum_confidence = Ratio::ZERO),
        ("maximum_confidence", |it| it.feeds[0].maximum_confidence = Ratio::ONE),
        ("sigmas[1]", |it| it.covariance.sigmas[1] = Ratio::ZERO),
    ];
    for (name, breaks) in cases {
        assert_eq!(out_of_range(with(breaks)), name);
    }
    let too_volatile = with(|it| it.covariance.sigmas[0] = Ratio::percent(401));
    assert_eq!(
        too_volatile.unwrap_err().to_string(),
        "E0004 OutOfRange { what: sigmas[0], value: 4.01, min: more than 0, max: 4 }"
    );
}

fn measured_with(change: impl FnOnce(&mut InstantiateMsg, &mut Measurement)) -> Result<()> {
    let mut msg = common::measured_config();
    let mut terms = msg.measurement.unwrap();
    change(&mut msg, &mut terms);
    msg.measurement = Some(terms);
    try_new(msg).map(drop)
}

fn range(floor: Ratio, ceiling: Ratio) -> Option<VolatilityRange> {
    Some(VolatilityRange { floor, ceiling })
}

#[test]
fn a_number_of_a_measurement_outside_its_range_is_named() {
    type Break = fn(&mut InstantiateMsg, &mut Measurement);
    let (zero, beyond) = (Ratio::ZERO, Ratio::new(Ratio::ONE.raw() + 1));
    assert_eq!(beyond.to_string(), "1.000000000000000001");
    let cases: [(&str, Break); 17] = [
        ("sample_seconds", |_, it| it.sample_seconds = 9),
        ("sample_seconds", |_, it| it.sample_seconds = 86_401),
        ("volatility_half_life", |_, it| it.volatility_half_life = 3_599),
        ("volatility_half_life", |_, it| it.volatility_half_life = 2_592_001),
        ("correlation_half_life", |_, it| it.correlation_half_life = 3_599),
        ("correlation_half_life", |_, it| it.correlation_half_life = 2_592_001),
        ("prior", |_, it| it.prior = Ratio::percent(101)),
        ("shrink", |_, it| it.shrink = Ratio::percent(101)),
        ("pricing_band", |_, it| it.pricing_band = Ratio::percent(99)),
        ("pricing_band", |_, it| it.pricing_band = Ratio::percent(10_001)),
        ("pricing_step", |_, it| it.pricing_step = Ratio::ZERO),
        ("pricing_step", |_, it| it.pricing_step = Ratio::percent(101)),
        ("margin_step", |_, it| it.margin_step = Ratio::ZERO),
        ("margin_step", |_, it| it.margin_step = Ratio::percent(101)),
        ("volatility.floor", |it, _| {
            it.feeds[1].volatility = range(Ratio::new(99_999_999_999_999), Ratio::ONE);
        }),
        ("volatility.ceiling", |it, _| it.feeds[1].volatility = range(Ratio::percent(3), Ratio::percent(2))),
        ("volatility.ceiling", |it, _| {
            it.feeds[1].volatility = range(Ratio::percent(3), Ratio::percent(401));
        }),
    ];
    for (name, breaks) in cases {
        assert_eq!(out_of_range(measured_with(breaks)), name);
    }
    assert_eq!(
        measured_with(|_, it| it.shrink = beyond).unwrap_err().to_string(),
        "E0004 OutOfRange { what: shrink, value: 1.000000000000000001, min: 0, max: 1 }"
    );
    let edges = measured_with(|it, terms| {
        (terms.sample_seconds, terms.volatility_half_life, terms.correlation_half_life) =
            (10, 3_600, 2_592_000);
        (terms.prior, terms.shrink, terms.pricing_band) = (zero, Ratio::ONE, Ratio::ONE);
        (terms.pricing_step, terms.margin_step) = (Ratio::new(1), Ratio::ONE);
        it.feeds[0].volatility = range(Ratio::bps(1), Ratio::bps(1));
        it.feeds[1].volatility = range(Ratio::percent(400), Ratio::percent(400));
    });
    assert_eq!(edges, Ok(()));
}

#[test]
fn what_is_measured_has_a_range() {
    let bare = measured_with(|it, _| it.feeds[1].volatility = None);
    assert_eq!(
        bare.unwrap_err().to_string(),
        "E0107 BadConfig { rule: a range of volatility for each measured feed, left: 1, right: 2 }"
    );
}

#[test]
fn the_edges_of_the_ranges_are_inside() {
    let edges = with(|it| {
        it.intervals.seconds = 864_000;
        it.intervals.slots = 1_024;
        it.intervals.grace = 2 * 864_000;
        it.gap = 864_000;
        it.change_delay = 30 * DAY;
        it.quorum = 3;
        it.feeds[0].symbol = "SIXTEEN__LETTERS".into();
        it.feeds[0].deviation_band = Ratio::percent(1_000);
        it.covariance.sigmas[0] = Ratio::percent(400);
    });
    assert_eq!(edges, Ok(()));
    let empty = CovarianceConfig { sigmas: vec![], correlations: vec![] };
    let bare = with(|it| {
        it.feeds.clear();
        it.covariance = empty;
        it.guardian = None;
    });
    assert_eq!(bare, Ok(()), "feeds can be added later");
}

#[test]
fn an_invariant_that_does_not_hold_is_named() {
    assert_eq!(broken_rule(with(|it| it.staleness.trade = 61)), "staleness.trade ≤ staleness.liquidate");
    assert_eq!(broken_rule(with(|it| it.staleness.view = 59)), "staleness.liquidate ≤ staleness.view");
    assert_eq!(broken_rule(with(|it| it.covariance.sigmas.truncate(1))), "one sigma a feed");
    let rows = with(|it| it.covariance.correlations.truncate(1));
    assert_eq!(broken_rule(rows), "one row of correlations a feed");
    let row = with(|it| it.covariance.correlations[1].truncate(1));
    assert_eq!(broken_rule(row), "one correlation a feed in each row");
    let diagonal = with(|it| it.covariance.correlations[1][1] = rho("0.9"));
    assert_eq!(broken_rule(diagonal), "correlations[1][1] = 1");
    let skewed = with(|it| it.covariance.correlations[0][1] = rho("0.7"));
    assert_eq!(broken_rule(skewed), "correlations[0][1] = correlations[1][0]");
    let beyond = with(|it| {
        it.covariance.correlations[0][1] = rho("1.0001");
        it.covariance.correlations[1][0] = rho("1.0001");
    });
    assert_eq!(out_of_range(beyond), "correlations[1][0]");
}

#[test]
fn publishers_and_feeds_are_few_and_different() {
    assert_eq!(code(with(|it| it.publishers.clear())), "E0005");
    let many = with(|it| it.publishers = (0..17).map(|n| text(&format!("p{n}"))).collect());
    assert_eq!(many, Err(Error::TooMany { what: "publishers".into(), count: 17, max: 16 }));
    let twice = with(|it| it.publishers[2] = text("p1"));
    assert_eq!(twice, Err(Error::Duplicate { what: "publisher".into(), key: text("p1") }));
    let same = with(|it| it.feeds[1].symbol = "BTC".into());
    assert_eq!(same, Err(Error::Duplicate { what: "symbol".into(), key: "BTC".into() }));
    let many = with(|it| it.feeds = (0..33).map(|n| common::feed(&n.to_string())).collect());
    assert_eq!(many, Err(Error::TooMany { what: "feeds".into(), count: 33, max: 32 }));
}

#[test]
fn addresses_that_are_none_are_refused() {
    assert_eq!(code(with(|it| it.owner = "nobody".into())), "E0008");
    assert_eq!(code(with(|it| it.guardian = Some("nobody".into()))), "E0008");
    assert_eq!(code(with(|it| it.publishers[0] = "nobody".into())), "E0008");
}

/// BTC goes with ETH and with SOL, which go against each other.
fn impossible() -> CovarianceConfig {
    let row = |row: [&str; 3]| row.map(rho).to_vec();
    CovarianceConfig {
        sigmas: vec![Ratio::percent(4); 3],
        correlations: vec![row(["1", "0.9", "0.9"]), row(["0.9", "1", "-0.9"]), row(["0.9", "-0.9", "1"])],
    }
}

#[test]
fn correlations_that_no_world_has_are_refused() {
    let refused = with(|it| {
        it.feeds.push(common::feed("SOL"));
        it.covariance = impossible();
    });
    let Err(Error::NotPositiveSemidefinite { pivot, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(pivot, 2);
}

#[test]
fn volatilities_are_kept_rounded_up_and_correlations_rounded_towards_zero() {
    let mut msg = config();
    msg.covariance.sigmas[0] = Ratio::new(35_000_000_000_000_001);
    for (a, b) in [(0, 1), (1, 0)] {
        msg.covariance.correlations[a][b] = rho("-0.80009");
    }
    let oracle = try_new(msg).unwrap();
    let stored = oracle.covariance();
    assert_eq!((stored.sigmas[0], stored.correlations[0]), (35_000_001, -8_000));
    assert_eq!(stored.correlation(1, 0), rho("-0.8"));
    assert_eq!(stored.correlation(1, 1), SignedRatio::new(1_000_000_000_000_000_000));
}

#[test]
fn a_new_oracle_takes_no_coins() {
    let mut deps = mock_dependencies();
    let info = message_info(&common::address("anyone"), &coins(5, "uatom"));
    let refused = contract::instantiate(deps.as_mut(), mock_env(), info, config());
    assert_eq!(refused, Err(Error::UnexpectedFunds { funds: "5uatom".into() }));
}

#[test]
fn only_an_older_version_of_the_same_contract_migrates() {
    let mut oracle = try_new(config()).unwrap();
    let env = oracle.env();
    let mut from = |contract: &str, version: &str| {
        cw2::set_contract_version(&mut oracle.deps.storage, contract, version).unwrap();
        contract::migrate(oracle.deps.as_mut(), env.clone(), MigrateMsg {}).map(drop)
    };
    let ours = env!("CARGO_PKG_VERSION");
    for (contract, version) in
        [("sdp-oracle", ours), ("sdp-pool", "0.0.9"), ("sdp-oracle", "99.0.0"), ("sdp-oracle", "x")]
    {
        let Err(Error::BadMigration { contract: was, version: of, .. }) = from(contract, version) else {
            panic!("{contract} {version}");
        };
        assert_eq!((was.as_str(), of.as_str()), (contract, version));
    }
}
