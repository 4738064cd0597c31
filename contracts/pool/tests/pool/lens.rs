//! What the pool says of its risk.

use crate::common::*;
use sdp_book::lens;
use sdp_types::board::Board;
use sdp_types::exposure::FeedQuantity;
use sdp_types::lens::{ContributionsResponse, Hedge, MarketExposure, SolvencyResponse};
use sdp_types::pool::*;
use sdp_types::record::{tag, Record};
use sdp_types::{SignedUsd, Usd};

/// 20,000 ATOM at $10, $50,000 minted.
fn pool() -> Pool {
    let mut pool = Pool::with_markets(&["perps", "other"]);
    pool.deposit("anna", 20_000).unwrap();
    for market in ["perps", "other"] {
        let change = Change::SetLine { market: addr(market).into(), line: usd(50_000) };
        pool.configure("owner", change).unwrap();
    }
    pool.mint("anna", 50_000).unwrap();
    pool
}

fn solvency(pool: &Pool) -> SolvencyResponse {
    lens::solvency(&pool.synced()).unwrap()
}

fn contributions(pool: &Pool) -> ContributionsResponse {
    lens::contributed(&pool.synced()).unwrap()
}

fn total(found: &ContributionsResponse) -> SignedUsd {
    let markets = found.markets.iter().map(|market| market.contribution);
    markets.chain(found.vaults.clone()).fold(SignedUsd::ZERO, |sum, part| sum.plus(part).unwrap())
}

/// Traders of a market are net long so many whole ATOM.
fn long_atom(pool: &mut Pool, market: &str, atoms: &str) {
    let quantity = atoms.parse().unwrap();
    pool.market(market, "0", 0, |e| e.quantities = vec![FeedQuantity { feed: 0, quantity }]);
}

#[test]
fn the_collateral_of_a_debt_is_as_far_from_default_as_merton_says() {
    let pool = pool();
    let found = solvency(&pool);
    assert_eq!((found.assets, found.debt, found.shortfall), (usd(200_000), signed(50_000), usd(0)));
    // 6 % a day are 0.06·√365 a year
    assert!(found.volatility.to_string().starts_with("1.14629839047256"));
    // (ln 4 − σ²/2)/σ, Φ(−d₂), −ln(Φ(d₂) + 4·Φ(−d₁))
    let distance = found.distance_to_default.unwrap();
    assert!(distance.to_string().starts_with("0.636216858700"), "{distance}");
    assert!(
        found.default_probability.to_string().starts_with("0.262317543182"),
        "{}",
        found.default_probability
    );
    let spread = found.credit_spread.unwrap();
    assert!(spread.to_string().starts_with("0.119895696674"), "{spread}");
    assert_eq!(pool.health().distance_to_default, found.distance_to_default);
}

#[test]
fn insurance_is_equity_and_not_an_asset() {
    let mut pool = pool();
    let before = solvency(&pool);
    pool.market("perps", "0", 0, |e| e.fees = usd(1_000));
    pool.sync();
    // the providers owe the fund $1,000, and nobody has a claim on that
    let after = solvency(&pool);
    assert_eq!(after.insurance, usd(1_000));
    assert_eq!((after.assets, after.debt), (before.assets, before.debt));
    assert_eq!(after.distance_to_default, before.distance_to_default);
}

#[test]
fn what_the_collateral_does_not_cover_is_missing() {
    let mut pool = pool();
    pool.price(0, "2");
    let found = solvency(&pool);
    assert_eq!((found.assets, found.shortfall), (usd(40_000), usd(10_000)));
    assert!(found.distance_to_default.unwrap().is_negative());
    assert!(found.credit_spread.unwrap() > pct(22));
}

#[test]
fn a_pool_that_owes_nothing_can_not_default() {
    let pool = Pool::with_markets(&["perps"]);
    let found = solvency(&pool);
    assert_eq!(found.distance_to_default, None);
    assert_eq!((found.default_probability, found.credit_spread), (pct(0), Some(pct(0))));
    assert_eq!(found.hedges, []);
}

#[test]
fn a_hedge_is_what_the_traders_are_net_long() {
    let mut pool = pool();
    pool.market("perps", "0.75", 0, |_| {});
    pool.market("other", "-0.25", 0, |_| {});
    pool.sync();
    let hedge = |feed, markets: &str, with: &str| Hedge {
        feed,
        markets: markets.parse().unwrap(),
        with_collateral: with.parse().unwrap(),
    };
    assert_eq!(solvency(&pool).hedges, [hedge(0, "0", "-20000"), hedge(2, "0.5", "0.5")]);
}

#[test]
fn contributions_are_eulers_and_add_up() {
    let mut pool = pool();
    pool.market("perps", "1", 0, |_| {});
    pool.market("other", "-0.5", 0, |_| {});
    pool.sync();
    let found = contributions(&pool);
    // variances (0.06·200,000)² and (0.04·25,000)², uncorrelated: 2.82·√(145·10⁶)
    assert_eq!(found.expected_shortfall, Usd::new(33_957_296_713));
    assert_eq!(pool.health().expected_shortfall_with_collateral, found.expected_shortfall);
    assert_eq!(total(&found), found.expected_shortfall.signed().unwrap());
    // of 145: 0.0016·25·50 = 2, −1, 144
    let part = |n: i128| found.expected_shortfall.signed().unwrap().raw() * n / 145;
    let near = |found: SignedUsd, expected: i128| (found.raw() - expected).abs() <= 1;
    assert!(near(found.markets[0].contribution, part(2)), "{found:?}");
    assert!(near(found.markets[1].contribution, part(-1)), "{found:?}");
    assert!(near(found.vaults[0], part(144)), "{found:?}");
    assert_eq!(found.vaults[1], SignedUsd::ZERO);
}

#[test]
fn collateral_offsets_half_of_what_the_traders_are_long_of_it() {
    let mut pool = pool();
    long_atom(&mut pool, "perps", "15000");
    long_atom(&mut pool, "other", "-5000");
    pool.sync();
    // −100,000 counts −50,000 against 200,000: 2.82·0.06·150,000
    let found = contributions(&pool);
    assert_eq!(found.expected_shortfall, usd(25_380));
    assert_eq!(total(&found), signed(25_380));
    let parts = [found.markets[0].contribution, found.markets[1].contribution, found.vaults[0]];
    // −75, 25 and 200 of 150
    assert_eq!(parts, [signed(-12_690), signed(4_230), signed(33_840)]);
}

#[test]
fn the_shortfall_follows_measured_volatility_at_once() {
    let mut pool = pool();
    pool.market("perps", "1", 0, |_| {});
    pool.sync();
    assert_eq!(pool.health().expected_shortfall, usd(5_640));
    let bytes = &pool.deps.querier.records[&(addr("oracle").into(), vec![tag::BOARD])];
    let mut board = Board::decode(bytes).unwrap();
    board.volatilities = vec![6_000, 6_000, 8_000];
    pool.record("oracle", &[tag::BOARD], &board);
    // 2.82 · 8 % · 50,000
    assert_eq!(pool.health().expected_shortfall, usd(11_280));
}

#[test]
fn health_shows_who_is_exposed_and_how_much_stands_on_one_feed() {
    let mut pool = pool();
    pool.market("perps", "1", 0, |e| {
        e.quantities.push(FeedQuantity { feed: 1, quantity: "-100".parse().unwrap() });
        e.fees = usd(564);
    });
    pool.market("other", "0.2", 0, |_| {});
    pool.sync();
    let health = pool.health();
    let market = |name: &str, gross, net| MarketExposure {
        market: addr(name).into(),
        gross: usd(gross),
        net: signed(net),
    };
    assert_eq!(health.markets, [market("perps", 60_000, -40_000), market("other", 10_000, -10_000)]);
    assert_eq!(health.gross_exposure, usd(70_000));
    // 60 of 70
    assert_eq!(health.concentration.to_string(), "0.857142857142857143");
    let coverage = health.insurance_coverage.unwrap();
    assert_eq!(coverage, usd(564).per(health.expected_shortfall, sdp_types::Rounding::Down).unwrap());
    assert_eq!(Pool::with_markets(&[]).health().insurance_coverage, None);
}
