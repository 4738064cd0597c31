//! Breakers of the pool and its markets: what trips them, what they leave, and how they end.

use crate::common::*;
use sdp_types::events::{Refused, RegimeChanged};
use sdp_types::pool::*;
use sdp_types::regime::{Breaker, Reason, Regime};
use sdp_types::{Ratio, SignedUsd, Usd};
use Regime::{Caution, CloseOnly, Emergency, Normal};

const OFF: Breaker = Breaker { caution: None, close_only: None, emergency: None, release: Ratio::ONE };

/// Nothing trips but what a test turns on; half an hour of cool-down, a day of hold.
fn quiet() -> Breakers {
    Breakers {
        utilisation: OFF,
        shortfall: OFF,
        debt_growth: OFF,
        withdrawals: OFF,
        insurance_floor: Ratio::ZERO,
        cool_down: 1_800,
        hold: 86_400,
    }
}

/// $1,000,000 of ATOM from anna, one market with a line of $100,000.
fn pool(breakers: Breakers) -> Pool {
    let mut pool = Pool::instantiated();
    let params = Params { breakers: Some(breakers), ..params() };
    pool.configure("owner", Change::Params { params }).unwrap();
    let line = usd(100_000);
    pool.configure("owner", Change::AddMarket { market: addr("perps").into(), line, bonded: false }).unwrap();
    pool.record("perps", &[sdp_types::record::tag::EXPOSURE], &sdp_types::exposure::Exposure::default());
    pool.configure("owner", Change::SetLiquidator { liquidator: addr("liquidator").into() }).unwrap();
    pool.run("owner", ExecuteMsg::Open {}).unwrap();
    pool.deposit("anna", 100_000).unwrap();
    pool
}

fn owes(pool: &mut Pool, dollars: i128) {
    pool.market("perps", "0", dollars * 1_000_000, |_| {});
}

fn regimes(pool: &Pool) -> RegimesResponse {
    sdp_book::lens::regimes(&pool.synced()).unwrap()
}

fn regime(pool: &Pool) -> Regime {
    assert_eq!(pool.listing().regime, sdp_types::regime::regime(&regimes(pool).pool));
    pool.listing().regime
}

fn changed(response: &cosmwasm_std::Response) -> (Regime, Regime, Reason, Ratio) {
    let told: RegimeChanged = told(response);
    assert_eq!(told.scope, "pool");
    (told.from, told.to, told.reason, told.measure)
}

#[test]
fn debt_that_grows_by_three_percent_of_the_collateral_in_an_hour_is_caution_and_by_six_close_only() {
    let mut pool = pool(Breakers { debt_growth: Breakers::default().debt_growth, ..quiet() });
    owes(&mut pool, 29_999);
    pool.sync();
    assert_eq!(regime(&pool), Normal);
    owes(&mut pool, 30_000);
    assert_eq!(changed(&pool.sync()), (Normal, Caution, Reason::DebtGrowth, pct(3)));
    owes(&mut pool, 60_000);
    assert_eq!(changed(&pool.sync()), (Caution, CloseOnly, Reason::DebtGrowth, pct(6)));
    let trip = regimes(&pool).pool.unwrap();
    assert_eq!((trip.reason, trip.since, trip.measure), (Reason::DebtGrowth, pool.now(), pct(6)));

    // two hours later the window has moved on and the cool-down is over: nothing asks for it any more
    pool.later(7_200);
    assert_eq!(changed(&pool.sync()), (CloseOnly, Normal, Reason::DebtGrowth, Ratio::ZERO));
    assert_eq!(regimes(&pool).pool, None);
}

#[test]
fn a_regime_ends_half_an_hour_after_its_cause_has_fallen_below_half_of_its_threshold() {
    let mut pool = pool(Breakers { debt_growth: Breakers::default().debt_growth, ..quiet() });
    owes(&mut pool, 40_000);
    pool.sync();
    assert_eq!(regime(&pool), Caution);
    pool.later(60);
    owes(&mut pool, 15_000);
    pool.sync();
    assert_eq!(regime(&pool), Caution, "1.5 % is half of 3 %: not below it");
    pool.later(60);
    owes(&mut pool, 14_999);
    pool.sync();
    pool.later(1_739);
    pool.sync();
    assert_eq!(regime(&pool), Caution, "1,799 s after it was last asked for");
    pool.later(1);
    pool.sync();
    assert_eq!(regime(&pool), Normal);
}

#[test]
fn debt_beyond_a_part_of_the_collateral_trips_up_to_emergency() {
    let mut pool = pool(Breakers { utilisation: Breakers::default().utilisation, ..quiet() });
    for (owed, expected) in
        [(449_999, Normal), (450_000, Caution), (600_000, CloseOnly), (850_000, Emergency)]
    {
        owes(&mut pool, owed);
        pool.sync();
        assert_eq!(regime(&pool), expected, "{owed}");
    }
    let measures = regimes(&pool).measures.unwrap();
    assert_eq!(measures.utilisation, pct(85));
    // no profit is drawn in an emergency
    pool.market("perps", "0", 849_000_000_000, |e| e.drawn = usd(1_000));
    refused(
        pool.run(
            "perps",
            ExecuteMsg::Draw { amount: usd(1_000), recipient: addr("tom").into(), accepted_haircut: None },
        ),
        "E0328",
    );
}

#[test]
fn expected_shortfall_beyond_a_part_of_free_collateral_trips() {
    // 2.82 · 4 % of the skew's value is 6 % of the collateral at 532 thousand and 10 % at 887
    let mut pool = pool(Breakers { shortfall: Breakers::default().shortfall, ..quiet() });
    pool.market("perps", "10.6", -530_000_000_000, |_| {});
    pool.sync();
    assert_eq!(regime(&pool), Normal);
    pool.market("perps", "10.7", -535_000_000_000, |_| {});
    pool.sync();
    assert_eq!(regime(&pool), Caution);
    pool.market("perps", "-18", 900_000_000_000, |_| {});
    pool.sync();
    assert_eq!((regime(&pool), regimes(&pool).pool.unwrap().reason), (CloseOnly, Reason::ExpectedShortfall));
}

#[test]
fn insurance_below_its_floor_is_caution_and_no_more() {
    let mut pool = pool(Breakers { insurance_floor: Ratio::bps(150), ..quiet() });
    pool.market("perps", "1", -50_000_000_000, |_| {});
    let (from, to, reason, lacking) = changed(&pool.sync());
    assert_eq!((from, to, reason, lacking), (Normal, Caution, Reason::Insurance, Ratio::ONE));
    // 1.5 % of 50,000
    pool.market("perps", "1", -50_000_000_000 - 750_000_000, |e| e.fees = usd(750));
    pool.sync();
    assert_eq!(regimes(&pool).measures.unwrap().insurance, Ratio::ZERO);
    assert_eq!(regime(&pool), Caution, "cooling down");
    pool.later(1_800);
    pool.sync();
    assert_eq!(regime(&pool), Normal);
}

#[test]
fn profit_that_is_drawn_too_fast_trips_its_market_and_stops_at_the_limit() {
    let mut pool = pool(Breakers { withdrawals: Breakers::default().withdrawals, ..quiet() });
    owes(&mut pool, 100_000);
    pool.sync();
    let draws = |pool: &mut Pool, total: u64, amount: u64| {
        pool.market("perps", "0", 100_000_000_000 - i128::from(total) * 1_000_000, |e| e.drawn = usd(total));
        pool.run(
            "perps",
            ExecuteMsg::Draw { amount: usd(amount), recipient: addr("tom").into(), accepted_haircut: None },
        )
    };
    draws(&mut pool, 19_999, 19_999).unwrap();
    assert_eq!(pool.listing().markets[0].regime, Normal);
    let response = draws(&mut pool, 20_000, 1).unwrap();
    let told: RegimeChanged = told(&response);
    assert_eq!((told.scope, told.to, told.reason), (addr("perps").into(), Caution, Reason::Withdrawals));
    draws(&mut pool, 40_000, 20_000).unwrap();
    assert_eq!((pool.listing().markets[0].regime, regime(&pool)), (CloseOnly, Normal), "only this market");
    let error = draws(&mut pool, 60_001, 20_001).unwrap_err();
    assert_eq!(error, sdp_types::Error::AboveDrawLimit { asked: usd(20_001), room: usd(20_000) });
    draws(&mut pool, 60_000, 20_000).unwrap();
    // two hours later all of it may go on
    pool.later(7_200);
    draws(&mut pool, 60_001, 1).unwrap();
    assert_eq!(pool.listing().markets[0].regime, Normal);
}

#[test]
fn what_a_sync_trips_stays_although_the_message_is_refused_and_what_stood_refuses_with_an_error() {
    let mut pool = pool(Breakers { debt_growth: Breakers::default().debt_growth, ..quiet() });
    pool.mint("anna", 1_000).unwrap();
    owes(&mut pool, 60_000);
    let response = pool.mint("anna", 1_000).unwrap();
    let told: Refused = told(&response);
    assert_eq!((told.code.as_str(), response.messages.len()), ("E0328", 0));
    assert_eq!((regime(&pool), pool.health().supply), (CloseOnly, usd(1_000)));
    refused(pool.mint("anna", 1_000), "E0328");
    refused(pool.preview_mint("anna", usd(1)), "E0328");
    // what lowers risk is never refused
    pool.burn("anna", 1_000).unwrap();
    pool.deposit("bert", 1_000).unwrap();
}

#[test]
fn nobody_leaves_under_close_only_and_the_request_stays() {
    let mut pool = pool(Breakers { debt_growth: Breakers::default().debt_growth, ..quiet() });
    pool.later(STAY);
    pool.request("anna", 1_000).unwrap();
    pool.later(DELAY + 5);
    let interval = intervals().first_from(pool.now() - 5);
    pool.slot(interval, 0, "10", Ratio::ZERO);
    owes(&mut pool, 60_000);
    let response = pool.execute_exit("anna").unwrap();
    assert_eq!(told::<Refused>(&response).code, "E0328");
    assert!(pool.position("anna").exit.is_some());
    refused(pool.execute_exit("anna"), "E0328");
    pool.run("owner", ExecuteMsg::Reset { market: None }).unwrap();
    // the next sync looks again, and finds what it found
    assert_eq!(told::<Refused>(&pool.execute_exit("anna").unwrap()).code, "E0328");
}

#[test]
fn a_restricted_feed_stops_mints_and_exits_of_its_vault_only() {
    let mut pool = pool(quiet());
    pool.deposit_sol("bert", 10_000).unwrap();
    let key = (addr("oracle").into(), vec![sdp_types::record::tag::BOARD]);
    let mut board: sdp_types::board::Board =
        sdp_types::record::Record::decode(&pool.deps.querier.records[&key]).unwrap();
    board.restricted = vec![sdp_types::board::Restricted { feed: 0, regime: CloseOnly }];
    pool.record("oracle", &[sdp_types::record::tag::BOARD], &board);
    refused(pool.mint("anna", 100), "E0328");
    pool.run("bert", ExecuteMsg::Mint { vault: 1, amount: usd(100), recipient: None, owner: None }).unwrap();
}

#[test]
fn guardian_and_owner_trip_and_only_the_owner_resets() {
    for breakers in [Some(quiet()), None] {
        let mut pool = pool(quiet());
        let params = Params { breakers, ..params() };
        pool.configure("owner", Change::Params { params }).unwrap();
        if breakers.is_none() {
            pool.later(3_600);
            pool.run("anyone", ExecuteMsg::Enact { id: 0 }).unwrap();
        }
        let trip = |market: Option<&str>, regime| ExecuteMsg::Trip {
            market: market.map(|m| addr(m).into()),
            regime,
        };
        refused(pool.run("anna", trip(None, Caution)), "E0103");
        refused(pool.run("guardian", trip(None, Normal)), "E0004");
        refused(pool.run("guardian", trip(Some("nobody"), Caution)), "E0007");
        let response = pool.run("guardian", trip(None, CloseOnly)).unwrap();
        assert_eq!(changed(&response), (Normal, CloseOnly, Reason::Governance, Ratio::ZERO));
        pool.run("guardian", trip(Some("perps"), Emergency)).unwrap();
        assert_eq!(pool.listing().markets[0].regime, Emergency);

        refused(pool.run("guardian", ExecuteMsg::Reset { market: None }), "E0101");
        pool.run("owner", ExecuteMsg::Reset { market: None }).unwrap();
        assert_eq!((regime(&pool), pool.listing().markets[0].regime), (Normal, Emergency));
        refused(pool.run("owner", ExecuteMsg::Reset { market: None }), "E0322");

        // time ends the other one: a day after it was tripped, and not before
        pool.later(86_399);
        pool.sync();
        assert_eq!(pool.listing().markets[0].regime, Emergency);
        pool.later(1);
        pool.sync();
        assert_eq!(pool.listing().markets[0].regime, Normal);
    }
}

#[test]
fn breakers_that_make_no_sense_are_refused_and_the_guardian_may_tighten_them() {
    let mut pool = pool(Breakers::default());
    let with = |breakers| Change::Params { params: Params { breakers: Some(breakers), ..params() } };
    let wrong =
        Breaker { caution: Some(pct(6)), close_only: Some(pct(3)), emergency: None, release: pct(50) };
    refused(pool.configure("owner", with(Breakers { debt_growth: wrong, ..Breakers::default() })), "E0107");
    refused(pool.configure("owner", with(Breakers { hold: 700_000, ..Breakers::default() })), "E0004");
    refused(
        pool.configure("owner", with(Breakers { insurance_floor: pct(101), ..Breakers::default() })),
        "E0004",
    );
    let tighter = Breaker { caution: Some(pct(2)), ..Breakers::default().debt_growth };
    let tighter = Breakers { debt_growth: tighter, cool_down: 3_600, ..Breakers::default() };
    pool.configure("guardian", with(tighter)).unwrap();
    refused(pool.configure("guardian", with(Breakers::default())), "E0102");
    refused(pool.configure("guardian", Change::Params { params: params() }), "E0102");
}

#[test]
fn a_pool_without_collateral_is_beyond_every_threshold_and_one_without_debt_below() {
    let mut pool = pool(Breakers::default());
    assert_eq!(regime(&pool), Normal);
    pool.market("perps", "0", 0, |_| {});
    pool.price(0, "0.000000000000000001");
    pool.market("perps", "0.0001", -5_000_000, |_| {});
    pool.sync();
    assert_eq!(regimes(&pool).measures.unwrap().shortfall, Ratio::MAX);
    let reason = regimes(&pool).pool.unwrap().reason;
    assert_eq!((regime(&pool), reason), (Emergency, Reason::Utilisation), "Φ is owed, and nothing is there");
    assert_eq!(pool.book().ledger.reported, SignedUsd::ZERO);
    assert_eq!(pool.health().insurance, Usd::ZERO);
}
