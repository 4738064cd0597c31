//! What fills, at which price, and what becomes of what does not.

use sdp_types::events::{Bought, Sold, SpotRefused};
use sdp_types::spot::{BuyExact, OrderKind, SellExact};
use sdp_types::units::ONE;
use sdp_types::{Amount, SignedUsd, Usd};

use crate::stage::{address, all_told, told, usd, Stage, SECONDS};

#[test]
fn an_exact_buy_pays_index_premium_and_fee_and_gets_the_rest_back() {
    let mut stage = Stage::new();
    // 100 units at $100: Φ = 10,000²·0.0016/2M = $0.08, fee 0.1 % = $10
    let response = stage.bought_exactly("ann", 0, 100 * ONE, 11_000);
    let bought: Bought = told(&response);
    assert_eq!(bought.amount, Amount::new(100 * ONE));
    assert_eq!(bought.quantity.to_string(), "100");
    assert_eq!(bought.premium, SignedUsd::new(80_000));
    assert_eq!(bought.fee, usd(10));
    assert_eq!(bought.cost, Usd::new(10_010_080_000));
    assert_eq!(bought.refund, Usd::new(989_920_000));
    assert_eq!(bought.keeper_fee, Usd::new(500_000));
    assert_eq!(stage.holds("ann", 0), 100 * ONE);
    assert_eq!((stage.cash("ann"), stage.claim("ann")), (989_920_000, 0));
    assert_eq!(stage.claim("kim"), 500_000);
    let totals = stage.totals();
    assert_eq!((totals.held, totals.locked), (Usd::new(10_010_080_000), Usd::ZERO));
    // insurance has a tenth of the fee; what is owed is 10,000 and the keeper's less what was paid
    assert_eq!(totals.exposure.fees, usd(1));
    assert_eq!(totals.reported, SignedUsd::new(10_000_000_000 + 500_000 - 10_010_080_000));
}

#[test]
fn a_buy_of_an_exact_amount_of_money_gets_the_most_that_it_pays_for() {
    let mut stage = Stage::new();
    let bought: Bought = told(&stage.bought("ann", 1, 10_000));
    // one base unit of 6 decimals is $0.0001: the next one would cost more than what is left
    let left = bought.refund.raw();
    assert!(left <= 101, "{left}");
    assert_eq!(bought.cost.raw() + left, usd(10_000).raw());
    // 10,000 = v·1.001 + v²·0.0016/2M, v in dollars: v ≈ 9,989.93
    assert!((99_899_000..99_900_000).contains(&bought.amount.raw()), "{}", bought.amount);
    assert_eq!(stage.holds("ann", 1), bought.amount.raw());
}

#[test]
fn a_preview_is_what_the_fill_does() {
    for (synthetic, dollars) in [(0, 5_000), (1, 77_777)] {
        let mut stage = Stage::new();
        stage.confidence(20);
        stage.bought("bob", 0, 3_000);
        let shown = stage.previews_buy(synthetic, dollars);
        assert_eq!(shown.refused, None);
        let bought: Bought = told(&stage.bought("ann", synthetic, dollars));
        assert_eq!((shown.amount, shown.usd, shown.fee), (bought.amount, bought.cost, bought.fee));
        assert_eq!((shown.price, shown.premium), (bought.price, bought.premium));
        let amount = bought.amount;
        let exact = SellExact::In { least: None };
        let shown: sdp_types::spot::TradePreview =
            stage.query(sdp_types::spot::QueryMsg::PreviewSell { synthetic, amount, exact });
        let sold: Sold = told(&stage.sold("ann", synthetic, amount.raw()));
        assert_eq!((shown.usd, shown.premium, shown.price), (sold.proceeds, sold.premium, sold.price));
    }
}

#[test]
fn a_sale_for_an_exact_amount_sells_as_few_tokens_as_that_takes() {
    let mut stage = Stage::new();
    stage.bought_exactly("ann", 1, 100_000_000, 11_000);
    let before = stage.cash("ann");
    stage.sells("ann", 1, 100_000_000, SellExact::Out { usd: usd(1_000) }).unwrap();
    let sold: Sold = told(&stage.settles(1));
    assert_eq!(sold.proceeds, usd(1_000));
    assert_eq!(stage.cash("ann") - before, usd(1_000).raw());
    assert_eq!(sold.amount.raw() + sold.returned.raw(), 100_000_000);
    assert_eq!(stage.holds("ann", 1), sold.returned.raw());
    // one base unit less, $0.0001, would not bring it
    let worth = sold.amount.raw() * 100 - sold.fee.raw();
    let rebate = u128::try_from(sold.premium.negate().unwrap().raw()).unwrap();
    assert!((1_000_000_000..1_000_000_101).contains(&(worth + rebate)), "{}", worth + rebate);
}

#[test]
fn either_side_trades_at_the_worse_edge_of_the_index() {
    let mut stage = Stage::new();
    stage.confidence(50);
    let bought: Bought = told(&stage.bought_exactly("ann", 0, 10 * ONE, 1_100));
    let sold: Sold = told(&stage.sold("ann", 0, 10 * ONE));
    assert_eq!((bought.price.to_string().as_str(), sold.price.to_string().as_str()), ("100.5", "99.5"));
    // Φ is of the index itself, and what was paid comes back
    assert_eq!(bought.premium, sold.premium.negate().unwrap());
}

#[test]
fn a_buy_beside_a_short_perpetual_is_rebated_what_the_short_paid() {
    let mut stage = Stage::new();
    stage.perpetuals("-100");
    let bought: Bought = told(&stage.bought_exactly("ann", 0, 100 * ONE, 11_000));
    assert_eq!(bought.premium, SignedUsd::new(-80_000));
    // and the other way round, in a correlated asset: ΔΦ = 0.0016·(y² − 2·0.5·x·y)/2M with x = y
    let mut stage = Stage::new();
    stage.perpetuals("-100");
    let bought: Bought = told(&stage.bought_exactly("ann", 1, 100_000_000, 11_000));
    assert_eq!(bought.premium, SignedUsd::ZERO);
}

#[test]
fn what_can_not_fill_is_refunded_less_the_keepers_fee_and_blocks_nobody() {
    let mut stage = Stage::new();
    stage.bought_exactly("sue", 0, 50 * ONE, 6_000);
    let kim = stage.claim("kim");
    let supply = stage.synthetics()[0].supply;
    let least = Some(Amount::new(100 * ONE));
    stage.buys("ann", 0, usd(1_000), BuyExact::In { least }).unwrap();
    stage.buys("bob", 0, usd(900), BuyExact::Out { amount: Amount::new(10 * ONE) }).unwrap();
    stage.sells("sue", 0, 10 * ONE, SellExact::In { least: Some(usd(2_000)) }).unwrap();
    stage.sells("sue", 0, 10 * ONE, SellExact::Out { usd: usd(2_000) }).unwrap();
    stage.buys("cat", 0, usd(1_000), BuyExact::In { least: None }).unwrap();
    let response = stage.settles(0);
    let refused: Vec<SpotRefused> = all_told(&response);
    let codes: Vec<_> = refused.iter().map(|refused| refused.code.as_str()).collect();
    assert_eq!(codes, ["E0604", "E0605", "E0604", "E0604"]);
    // the keeper's part, 5 % of a fee of 0.1 %
    assert_eq!(stage.cash("ann"), 1_000_000_000 - 50_000);
    assert_eq!(stage.cash("bob"), 900_000_000 - 45_000);
    // sales give tokens worth $0.05 at $100
    assert_eq!((refused[2].keeper_fee, refused[2].burnt), (Usd::new(50_000), Amount::new(ONE / 2_000)));
    assert_eq!(stage.holds("sue", 0), 50 * ONE - ONE / 1_000);
    let bought: Bought = told(&response);
    assert_eq!(bought.owner, address("cat").into_string());
    assert_eq!(stage.claim("kim") - kim, 50_000 + 45_000 + 100_000 + bought.keeper_fee.raw());
    let now = stage.synthetics()[0].supply.raw();
    assert_eq!(now, supply.raw() + bought.amount.raw() - ONE / 1_000);
}

#[test]
fn an_order_waits_for_its_interval_and_is_void_once_all_that_it_may_fill_at_are_over() {
    let mut stage = Stage::new();
    stage.buys("ann", 0, usd(1_000), BuyExact::In { least: None }).unwrap();
    assert_eq!(stage.settles_now(0).unwrap_err().code(), "E0322");
    // nobody settles for longer than the ring keeps
    stage.passes(64 * SECONDS + 20);
    let refused: SpotRefused = told(&stage.settles_now(0).unwrap());
    assert_eq!(refused.code, "E0415");
    assert_eq!(stage.totals().locked, Usd::ZERO);
}

#[test]
fn a_price_that_is_too_uncertain_is_passed_over() {
    let mut stage = Stage::new();
    stage.buys("ann", 0, usd(1_000), BuyExact::In { least: None }).unwrap();
    stage.confidence(101);
    stage.passes(5 * SECONDS);
    let refused: SpotRefused = told(&stage.settles_now(0).unwrap());
    assert_eq!(refused.code, "E0415");
}

#[test]
fn an_order_shows_what_it_does() {
    let mut stage = Stage::new();
    stage.buys("ann", 0, usd(1_100), BuyExact::In { least: None }).unwrap();
    let orders: Vec<sdp_types::spot::OrderResponse> =
        stage.query(sdp_types::spot::QueryMsg::Orders { synthetic: 0, start_after: None, limit: None });
    // 10 % from the index: 1,100/110
    assert_eq!(orders[0].kind, OrderKind::BuyFor { paid: usd(1_100), least: Amount::new(10 * ONE) });
    assert_eq!(orders[0].reserved, Amount::new(11 * ONE));
    assert_eq!((orders[0].interval, orders[0].last_interval), (200_001, 200_011));
}
