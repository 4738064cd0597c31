//! Cross margin, several perpetuals and several market contracts: what one account, one market and the pool see.

use sdp_embedded::{Actions, World};
use sdp_types::events::{AccountLiquidated, OrderFilled, PositionCut};
use sdp_types::market::{AccountId, QueryMsg};
use sdp_types::units::{SignedUsd, Usd};
use sdp_types::{lens, pool};

fn funded(traders: &[(&str, u64)]) -> World {
    let mut world = World::backed();
    world.lp("whale").with("ATOM").mints(1_500_000);
    for (trader, margin) in traders {
        world.sells_sdusd("whale", trader, *margin);
        world.trader(trader).funds_margin(*margin);
    }
    world
}

#[test]
fn a_preview_is_what_the_fill_then_costs() {
    let mut world = funded(&[("bob", 50_000), ("eve", 50_000)]);
    world.trader("eve").sells("5", "ETH");
    world.fills();
    let preview = world.trader("bob").previews("2", "BTC");
    assert_eq!(preview.refused, None);
    world.trader("bob").buys("2", "BTC");
    assert_eq!(world.trader("bob").state().locked, preview.locked);
    world.fills();
    let filled = &world.told::<OrderFilled>()[0];
    assert_eq!((filled.price, filled.premium, filled.fee), (preview.price, preview.premium, preview.fee));
    assert_eq!(filled.keeper_fee, preview.keeper_fee);
    assert_eq!(filled.insurance, preview.shortfall_premium.plus(preview.leverage_premium).unwrap());
    let state = world.trader("bob").state();
    assert_eq!(state.maintenance_margin, preview.maintenance_margin.required);
    // half a minute of funding may lie between them
    let equity = preview.equity.minus(state.equity).unwrap().raw();
    assert!((0..100_000).contains(&equity), "{equity}");
}

#[test]
fn the_liquidation_price_is_where_the_account_becomes_liquidatable() {
    let mut world = funded(&[("bob", 10_000)]);
    world.trader("bob").buys("1", "BTC");
    world.trader("bob").sells("10", "ETH");
    world.fills();
    let price = world.trader("bob").position("BTC").unwrap().liquidation_price.unwrap();
    let whole = price.raw() / sdp_types::units::ONE;
    world.price("BTC", u64::try_from(whole + 2).unwrap());
    assert!(!world.trader("bob").state().liquidatable, "{price}");
    world.price("BTC", u64::try_from(whole - 1).unwrap());
    assert!(world.trader("bob").state().liquidatable, "{price}");
}

#[test]
fn a_profit_in_one_position_keeps_another_from_liquidation_but_opens_only_half() {
    let mut world = funded(&[("bob", 10_000)]);
    world.trader("bob").buys("1", "BTC");
    world.trader("bob").sells("20", "ETH");
    world.fills();
    // −6,000 on the long, +6,000 on the short
    world.prices(&[("BTC", "54000"), ("ETH", "2700")]);
    let state = world.trader("bob").state();
    assert!(!state.liquidatable);
    let lost = state.equity.minus(state.equity_for_opening).unwrap();
    let gain = state.positions.iter().map(|p| p.pnl.positive_part().raw()).sum::<u128>();
    assert_eq!(lost.positive_part().raw(), gain.div_ceil(2));
    // v = (2,700, −3,780) at ρ = 0.8: low = 2,700² + 3,780² − 0.96·2,700·3,780 = 3,432², less than three quarters of 6,480
    assert_eq!(state.initial_margin, Usd::whole(4_860));
    // of the profit nothing can be taken out: less than 10,000 − 6,000 are there, and 4,860 are needed
    assert_eq!(state.withdrawable, Usd::ZERO);
}

#[test]
fn the_position_with_the_largest_maintenance_margin_is_cut_first() {
    let mut world = funded(&[("bob", 9_000)]);
    world.trader("bob").buys("1", "BTC");
    world.trader("bob").buys("10", "ETH");
    world.fills();
    world.price("BTC", 53_400);
    world.keeper("kim").liquidates(&["bob"]);
    let cuts = world.told::<PositionCut>();
    assert_eq!(cuts[0].perp, 0, "{cuts:?}");
    assert_eq!(world.told::<AccountLiquidated>()[0].shortfall, Usd::ZERO);
}

#[test]
fn the_sub_accounts_of_one_owner_do_not_touch_each_other() {
    let mut world = funded(&[("bob", 10_000)]);
    world.sells_sdusd("whale", "bob", 5_000);
    world.trader("bob").account(7).funds_margin(5_000);
    world.trader("bob").account(7).buys("0.5", "BTC");
    world.fills();
    assert!(world.trader("bob").state().positions.is_empty());
    assert_eq!(world.trader("bob").account(7).state().positions.len(), 1);
    assert_eq!(world.trader("bob").state().margin, SignedUsd::new(10_000_000_000));
}

#[test]
fn margin_may_be_paid_in_for_somebody_else_and_only_the_owner_takes_it_out() {
    let mut world = funded(&[]);
    world.sells_sdusd("whale", "anna", 500);
    world.trader("anna").funds_margin_of("bob", 500);
    world.trader("anna").fails_with("E0402").withdraws(1);
    assert_eq!(world.trader("bob").state().margin, SignedUsd::new(500_000_000));
    world.trader("bob").withdraws(500);
    assert_eq!(world.has("bob", "sdusd"), "500");
}

#[test]
fn what_an_order_locks_cannot_be_withdrawn() {
    let mut world = funded(&[("bob", 5_000)]);
    world.trader("bob").buys("1", "BTC");
    let state = world.trader("bob").state();
    // 5 % and 6 bp of the furthest limit, 61,800; for insurance a thousandth of 2.82·3.5 %·60,000, and 2 bp of it
    assert_eq!(state.locked, Usd::new(3_090_000_000 + 37_080_000 + 5_922_000 + 12_360_000));
    world.trader("bob").fails_with("E0421").withdraws(2_000);
    world.trader("bob").withdraws(1_854);
}

#[test]
fn orders_reserve_the_places_of_an_account() {
    let mut world = funded(&[("bob", 50_000)]);
    for perp in ["BTC", "ETH", "SOL", "ATOM"] {
        world.trader("bob").buys(1, perp);
    }
    world.fills();
    let state = world.trader("bob").state();
    assert_eq!((state.positions.len(), state.orders, state.locked), (4, 0, Usd::ZERO));
}

#[test]
fn a_short_in_a_correlated_asset_is_rebated_while_traders_are_long() {
    let mut world = funded(&[("bob", 100_000), ("eve", 100_000)]);
    world.trader("bob").buys("10", "BTC");
    world.fills();
    world.trader("eve").sells("50", "ETH");
    world.fills();
    let filled = &world.told::<OrderFilled>()[0];
    // Σ_kk/2·x² − ρσσ'·x·y over depth: 150,000² · 0.045²/2 − 0.8·0.035·0.045·600,000·150,000, all ÷ 612,500
    let own = 150_000.0_f64 * 150_000.0 * 0.045 * 0.045 / 2.0;
    let cross = 0.8_f64 * 0.035 * 0.045 * 600_000.0 * 150_000.0;
    #[allow(clippy::cast_possible_truncation)]
    let expected = ((own - cross) / 612_500.0 * 1e6).ceil() as i128;
    assert!((filled.premium.raw() - expected).abs() <= 1, "{} {expected}", filled.premium);
    assert!(filled.premium.is_negative());
}

#[test]
fn a_market_whose_price_is_stale_takes_no_increase_and_lets_others_live() {
    let mut world = funded(&[("bob", 50_000)]);
    world.trader("bob").buys("1", "BTC");
    world.fills();
    world.waits(16);
    for feed in ["ETH", "ATOM"] {
        let quote = world.board().unwrap().last(world.manifest().feed_id(feed).unwrap()).unwrap();
        world.price(feed, quote.price.to_string().as_str());
    }
    world.trader("bob").fails_with("E0206").buys("0.1", "BTC");
    world.trader("bob").buys("1", "ETH");
    world.waits(50);
    world.price("ATOM", 10);
    // nobody blocks the pool: the market keeps its last debt and counts with a margin on top
    world.keeper("kim").syncs();
    let markets: Vec<pool::MarketResponse> = world.query("lens", &lens::QueryMsg::Markets {}).unwrap();
    assert!(!markets[0].accepted);
    assert!(markets[0].used > markets[0].reported);
    world.trader("bob").closes("BTC");
}

#[test]
fn accounts_are_listed_page_by_page() {
    let mut world = funded(&[("bob", 100), ("eve", 100), ("finn", 100)]);
    world.sells_sdusd("whale", "bob", 100);
    world.trader("bob").account(1).funds_margin(100);
    let (mut all, mut start_after): (Vec<AccountId>, Option<AccountId>) = (Vec::new(), None);
    loop {
        let msg = QueryMsg::Accounts { start_after: start_after.take(), limit: Some(3) };
        let page: Vec<AccountId> = world.query("market", &msg).unwrap();
        let Some(last) = page.last() else { break };
        start_after = Some(last.clone());
        all.extend(page);
    }
    let mut ids: Vec<_> = all.iter().map(|account| (account.owner.clone(), account.account)).collect();
    ids.dedup();
    assert_eq!(ids.len(), 4);
    assert!(ids.contains(&(world.address("bob").to_string(), 1)));
}
