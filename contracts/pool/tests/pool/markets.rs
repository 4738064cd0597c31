//! What the markets owe, and whom that concerns.

use crate::common::*;
use sdp_types::board::FeedId;
use sdp_types::events::{Drawn, LossMet, MarketNotAccepted, Synced};
use sdp_types::exposure::FeedQuantity;
use sdp_types::lens::FeedExposure;
use sdp_types::pool::*;
use sdp_types::record::tag;
use sdp_types::{SignedUsd, Size, Usd};

const BTC: FeedId = 2;
/// σ = 4 %, depth $1bn: Φ of $50,000 is 50,000²·0.0016 / 2·10⁹ = $0.002.
const PHI_50: i128 = 2_000;
/// Of $51,000: 2,080.8 micro-USD, rounded up.
const PHI_51: i128 = 2_081;

fn debt(pool: &Pool, owner: &str) -> i128 {
    pool.position(owner).debt.raw()
}

fn draw(pool: &mut Pool, market: &str, amount: u64) -> Result<cosmwasm_std::Response, sdp_types::Error> {
    let recipient = addr("tom").into();
    pool.run(market, ExecuteMsg::Draw { amount: usd(amount), recipient, accepted_haircut: None })
}

#[test]
fn traders_profit_is_the_providers_debt() {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.deposit("anna", 20_000).unwrap();
    pool.market("perps", "1", -50_000_000_000, |_| {});
    pool.sync();
    assert_eq!(debt(&pool, "anna"), PHI_50);
    pool.price(2, "51000");
    let response = pool.sync();
    assert_eq!(told::<Synced>(&response).debt_change.raw(), 1_000_000_000 + PHI_51 - PHI_50);
    assert_eq!(debt(&pool, "anna"), 1_000_000_000 + PHI_51);
    let health = pool.health();
    assert_eq!(health.debt_from_markets.raw(), 1_000_000_000 + PHI_51);
    assert_eq!(health.exposures, [FeedExposure { feed: BTC, exposure: signed(-51_000) }]);
    assert_eq!(health.gross_exposure, usd(51_000));
    // 2.82 · 4 % · 51,000
    assert_eq!(health.expected_shortfall.raw(), 5_752_800_000);
}

#[test]
fn a_second_sync_in_the_same_block_changes_nothing() {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.deposit("anna", 20_000).unwrap();
    pool.deposit_sol("bert", 7).unwrap();
    pool.market("perps", "1.234567", -50_123_456_789, |e| e.fees = Usd::new(77));
    pool.sync();
    let book = pool.book();
    let response = pool.sync();
    assert_eq!(pool.book(), book);
    assert!(response.events.is_empty());
    assert_eq!(pool.audit().pending, SignedUsd::ZERO);
}

#[test]
fn vaults_share_by_the_weights_of_the_last_sync() {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.deposit("anna", 10_000).unwrap(); // $100,000
    pool.deposit_sol("bert", 3_000).unwrap(); // $300,000
    pool.market("perps", "0", 4_000_000_000, |_| {});
    // the collateral's new price counts from the next sync on
    pool.price(0, "1");
    pool.sync();
    assert_eq!(debt(&pool, "anna"), 1_000_000_000);
    pool.market("perps", "0", 4_000_000_000 + 31_000_000, |_| {});
    pool.sync();
    assert_eq!(debt(&pool, "anna"), 1_001_000_000);
    assert_eq!(pool.book().vaults[1].debt, signed(3_030));
}

#[test]
fn who_deposits_later_owes_nothing_of_before() {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.deposit("anna", 20_000).unwrap();
    pool.market("perps", "0", 4_000_000_000, |_| {});
    pool.deposit("bert", 20_000).unwrap();
    assert_eq!((debt(&pool, "anna"), debt(&pool, "bert")), (4_000_000_000, 0));
}

#[test]
fn fees_go_to_insurance_and_move_no_debt() {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.deposit("anna", 20_000).unwrap();
    // a fee of 5 leaves a margin and enters the counter
    pool.market("perps", "0", -5, |e| e.fees = Usd::new(5));
    pool.sync();
    assert_eq!((debt(&pool, "anna"), pool.health().insurance.raw()), (0, 5));
}

#[test]
fn a_shortfall_is_met_by_insurance_and_then_by_the_providers() {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.deposit("anna", 20_000).unwrap();
    pool.market("perps", "0", -5, |e| e.fees = Usd::new(5));
    pool.sync();
    // an account at −12 is closed at 0: the sum of margins rises by 12
    pool.market("perps", "0", -5 + 12, |e| e.shortfalls = Usd::new(12));
    let loss: LossMet = told(&pool.sync());
    assert_eq!((loss.insurance.raw(), loss.providers.raw(), loss.unmet.raw()), (5, 7, 0));
    assert_eq!((debt(&pool, "anna"), pool.health().insurance.raw()), (7, 0));
    let markets = pool.markets();
    // reported 7 + fees 5 − shortfalls 12
    assert_eq!((markets[0].used.raw(), markets[0].reported.raw()), (0, 7));
}

#[test]
fn with_no_provider_losses_are_bad_debt_and_profits_heal_them_first() {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.market("perps", "0", 10, |_| {});
    pool.sync();
    assert_eq!(pool.health().bad_debt.raw(), 10);
    pool.market("perps", "0", -5, |_| {});
    pool.sync();
    assert_eq!((pool.health().bad_debt.raw(), pool.health().insurance.raw()), (0, 5));
}

#[test]
fn a_draw_mints_what_the_record_shows() {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.deposit("anna", 20_000).unwrap();
    // traders won 1,000, one of them takes 400 out
    pool.market("perps", "0", 600_000_000, |e| e.drawn = usd(400));
    let response = draw(&mut pool, "perps", 400).unwrap();
    assert_eq!(told::<Drawn>(&response).amount, usd(400));
    assert_eq!(*pool.cw20("sdusd", "tom"), 400_000_000);
    assert_eq!((debt(&pool, "anna"), pool.health().supply), (1_000_000_000, usd(400)));
}

#[test]
fn draws_that_are_refused() {
    let mut pool = Pool::with_markets(&["perps", "other"]);
    pool.deposit("anna", 20_000).unwrap();
    refused(draw(&mut pool, "anna", 1), "E0314");
    refused(draw(&mut pool, "perps", 0), "E0005");
    refused(draw(&mut pool, "perps", 1), "E0315");
    pool.market("perps", "0", 0, |e| e.drawn = usd(2));
    refused(draw(&mut pool, "perps", 1), "E0315");
    refused(draw(&mut pool, "other", 2), "E0315");
    // lost 100,001 of a line of 100,000
    pool.market("perps", "0", 99_999_000_000, |_| {});
    refused(draw(&mut pool, "perps", 2), "E0316");
    pool.market("perps", "1", -50_000_000_000, |_| {});
    pool.silence(61);
    for feed in [0, 1] {
        pool.price_of_one(feed, "10");
    }
    refused(draw(&mut pool, "perps", 2), "E0324");
    pool.publish();
    draw(&mut pool, "perps", 2).unwrap();
    // no collateral is free any more
    pool.price(0, "0.001");
    pool.market("perps", "0", 0, |e| e.drawn = usd(100));
    refused(draw(&mut pool, "perps", 98), "E0308");
}

#[test]
fn the_credit_line_is_tested_at_the_worst_index() {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.deposit("anna", 20_000).unwrap();
    pool.market("perps", "2", -50_000_000_000, |_| {});
    pool.prices[2].1 = pct(1);
    pool.publish();
    let markets = pool.markets();
    assert_eq!(markets[0].reported, signed(50_000));
    assert_eq!(markets[0].used, signed(51_000));
    assert_eq!(pool.health().locked_credit, usd(49_000));
}

#[test]
fn a_market_that_is_not_accepted_keeps_its_debt_and_stops_nobody() {
    let mut pool = Pool::with_markets(&["good", "bad"]);
    pool.deposit("anna", 40_000).unwrap();
    pool.market("good", "0", 1_000, |_| {});
    pool.market("bad", "0", 500, |e| {
        e.fees = Usd::new(50);
        e.shortfalls = Usd::new(50);
    });
    pool.sync();
    let (reported, good) = (pool.book().markets[1].reported, pool.book().markets[0].clone());
    type Break = fn(&mut sdp_types::exposure::Exposure);
    let breaks: [(Break, &str); 8] = [
        (|e| e.fees = Usd::new(49), "E0004"),
        (|e| e.shortfalls = Usd::new(0), "E0004"),
        (|e| e.drawn = Usd::new(1), "E0315"),
        (|e| e.fees = Usd::MAX, "E0006"),
        (|e| e.base = SignedUsd::MAX, "E0004"),
        (|e| e.quantities[0].quantity = Size::MAX, "E0006"),
        (|e| e.quantities[0] = FeedQuantity { feed: 31, quantity: Size::new(1) }, "E0202"),
        (|e| e.funding.linear = sdp_types::math::Wide::MAX, "E0001"),
    ];
    for (round, (broken, code)) in breaks.into_iter().enumerate() {
        pool.later(1);
        pool.market("bad", "0", 500, |e| {
            (e.fees, e.shortfalls, e.drawn) = (Usd::new(50), Usd::new(50), Usd::ZERO);
            e.funding = Default::default();
            e.funding.lasts = u64::MAX;
        });
        let key = (addr("bad").to_string(), vec![tag::EXPOSURE]);
        let as_of = pool.now() - 1;
        pool.market("bad", "0", 500, |e| {
            e.as_of = as_of;
            broken(e);
        });
        assert!(pool.deps.querier.records.contains_key(&key));
        let base = good.reported.raw() + 10 * (round as i128 + 1);
        pool.market("good", "0", base, |_| {});
        let response = pool.sync();
        let event: MarketNotAccepted = told(&response);
        assert_eq!((event.market, event.code.as_str()), (addr("bad").to_string(), code));
        assert_eq!(pool.book().markets[1].reported, reported);
        assert_eq!(pool.book().markets[0].reported.raw(), base);
        assert_eq!(pool.health().close_only, [addr("bad").to_string()]);
    }
    let key = (addr("bad").to_string(), vec![tag::EXPOSURE]);
    for bytes in [vec![], vec![9, 9, 9]] {
        pool.deps.querier.records.insert(key.clone(), bytes);
        assert_eq!(told::<MarketNotAccepted>(&pool.sync()).code, "E0006");
        // nobody knows what it owes: as much as it may
        let markets = pool.markets();
        assert_eq!(markets[1].used, signed(100_000));
    }
}

#[test]
fn what_a_stale_market_missed_is_booked_when_it_is_back() {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.deposit("anna", 40_000).unwrap();
    pool.market("perps", "1", -50_000_000_000, |_| {});
    pool.sync();
    pool.silence(61);
    pool.price_of_one(0, "10");
    pool.market("perps", "1", -50_000_000_009, |e| e.fees = Usd::new(9));
    pool.sync();
    assert_eq!((debt(&pool, "anna"), pool.health().insurance.raw()), (PHI_50, 0));
    pool.price(2, "51000");
    pool.sync();
    assert_eq!((debt(&pool, "anna"), pool.health().insurance.raw()), (1_000_000_000 + PHI_51, 9));
}

#[test]
fn a_stale_market_counts_at_three_sigma_in_credit_and_in_issuance() {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.deposit("anna", 15_000).unwrap(); // $150,000
    pool.deposit("bert", 5_000).unwrap(); // $50,000
    pool.market("perps", "1", -50_000_000_000, |_| {});
    pool.sync();
    pool.silence(86_400);
    pool.price_of_one(0, "10");
    // 3 · 4 % · √1 day · 50,000 = 6,000 and a rounding up
    let markets = pool.markets();
    assert_eq!(markets[0].used.raw(), 6_000_000_001);
    let position = pool.position("anna");
    // three quarters of it, rounded up at each step
    let extra = position.debt_for_issuance.raw() - position.debt.raw();
    assert_eq!(extra, 4_500_000_001);
    assert_eq!(pool.health().locked_credit.raw(), 100_000_000_000 - 6_000_000_001);
    // after a month it could be anything: at most its credit
    pool.silence(86_400 * 1_000);
    pool.price_of_one(0, "10");
    let markets = pool.markets();
    assert_eq!(markets[0].used, signed(100_000));
}

#[test]
fn mints_are_tested_at_the_largest_debt_of_the_last_hours() {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.deposit("anna", 40_000).unwrap(); // $400,000
    pool.later(3_600);
    pool.market("perps", "0", 9_000_000_000, |_| {});
    pool.sync();
    pool.later(10);
    // an account below zero hides the loss for a moment
    pool.market("perps", "0", 0, |_| {});
    pool.sync();
    let position = pool.position("anna");
    assert_eq!((position.debt, position.debt_for_issuance), (SignedUsd::ZERO, signed(9_000)));
    pool.later(2 * 3_600);
    pool.sync();
    assert_eq!(pool.position("anna").debt_for_issuance, SignedUsd::ZERO);
}

#[test]
fn a_vault_without_a_price_keeps_its_weight() {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.deposit("anna", 10_000).unwrap();
    pool.deposit_sol("bert", 1_000).unwrap();
    pool.silence(61);
    pool.price_of_one(1, "50");
    pool.sync();
    let weights: Vec<_> = pool.book().vaults.iter().map(|vault| vault.weight).collect();
    assert_eq!(weights, [usd(100_000), usd(50_000)]);
    let vaults: Vec<VaultResponse> = pool.query(QueryMsg::Vaults {}).unwrap();
    assert_eq!([vaults[0].fresh, vaults[1].fresh], [false, true]);
}
