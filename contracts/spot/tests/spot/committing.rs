//! What a commit refuses, and what it locks.

use sdp_types::events::SpotCommitted;
use sdp_types::pool::RiskBudgets;
use sdp_types::regime::Regime;
use sdp_types::spot::{BuyExact, ExecuteMsg, Hook, SellExact};
use sdp_types::units::ONE;
use sdp_types::{Amount, Ratio, SignedUsd, Usd};

use crate::stage::{address, told, usd, Stage, SECONDS};

fn for_all() -> BuyExact {
    BuyExact::In { least: None }
}

fn refused(stage: &mut Stage, dollars: u64) -> &'static str {
    stage.buys("ann", 0, usd(dollars), for_all()).unwrap_err().code()
}

#[test]
fn what_was_sent_is_locked_and_comes_back_before_the_interval_begins() {
    let mut stage = Stage::new();
    let response = stage.buys("ann", 0, usd(1_000), for_all()).unwrap();
    let committed: SpotCommitted = told(&response);
    assert_eq!((committed.side.as_str(), committed.paid, committed.order), ("buy", usd(1_000), 0));
    assert_eq!(stage.totals().locked, usd(1_000));
    // what waits is owed back: the record says so
    assert_eq!(stage.totals().exposure.base, SignedUsd::ZERO);
    let cancel = |order| ExecuteMsg::Cancel { synthetic: 0, order };
    assert_eq!(stage.execute(&address("bob"), cancel(0)).unwrap_err().code(), "E0413");
    assert_eq!(stage.execute(&address("ann"), cancel(1)).unwrap_err().code(), "E0007");
    stage.execute(&address("ann"), cancel(0)).unwrap();
    assert_eq!((stage.cash("ann"), stage.totals().held), (usd(1_000).raw(), Usd::ZERO));

    stage.buys("ann", 0, usd(1_000), for_all()).unwrap();
    stage.passes(2 * SECONDS);
    assert_eq!(stage.execute(&address("ann"), cancel(1)).unwrap_err().code(), "E0412");
    // the hole of the first one is passed over
    stage.settles_now(0).unwrap();
    assert!(stage.holds("ann", 0) > 0);
    let held = stage.holds("ann", 0);
    stage.sells("ann", 0, held, SellExact::In { least: None }).unwrap();
    assert_eq!(stage.holds("ann", 0), 0);
    stage.execute(&address("ann"), cancel(2)).unwrap();
    assert_eq!(stage.holds("ann", 0), held);
}

#[test]
fn a_hook_takes_its_own_token_only() {
    let mut stage = Stage::new();
    let buy = Hook::Buy { synthetic: 0, exact: for_all(), expires_in: None, recipient: None };
    let sell =
        Hook::Sell { synthetic: 0, exact: SellExact::In { least: None }, expires_in: None, recipient: None };
    stage.bought("ann", 0, 1_000);
    stage.bought("ann", 1, 1_000);
    stage.gives("ann", 1_000);
    let (btc, eth, sdusd) = (stage.token(0), stage.token(1), address("sdusd").into_string());
    assert_eq!(stage.sends("ann", &btc, 1_000_000, &buy).unwrap_err().code(), "E0110");
    assert_eq!(stage.sends("ann", &eth, 1_000_000, &sell).unwrap_err().code(), "E0110");
    assert_eq!(stage.sends("ann", &sdusd, 1_000_000, &sell).unwrap_err().code(), "E0110");
    let redeem = Hook::Redeem { synthetic: 0 };
    assert_eq!(stage.sends("ann", &sdusd, 1_000_000, &redeem).unwrap_err().code(), "E0110");
    assert_eq!(stage.sends("ann", &btc, 1_000_000, &redeem).unwrap_err().code(), "E0603");
    let other =
        Hook::Sell { synthetic: 2, exact: SellExact::In { least: None }, expires_in: None, recipient: None };
    assert_eq!(stage.sends("ann", &btc, 1, &other).unwrap_err().code(), "E0601");
    assert_eq!(stage.sends("ann", &sdusd, 0, &buy).unwrap_err().code(), "E0005");
    let bad = Hook::Buy { synthetic: 0, exact: for_all(), expires_in: None, recipient: Some("x".into()) };
    assert_eq!(stage.sends("ann", &sdusd, 100_000_000, &bad).unwrap_err().code(), "E0008");
}

#[test]
fn numbers_that_are_none_are_refused() {
    let mut stage = Stage::new();
    stage.bought("ann", 0, 1_000);
    let code = |stage: &mut Stage, exact| stage.buys("ann", 0, usd(100), exact).unwrap_err().code();
    assert_eq!(code(&mut stage, BuyExact::Out { amount: Amount::ZERO }), "E0005");
    assert_eq!(code(&mut stage, BuyExact::Out { amount: Amount::MAX }), "E0004");
    assert_eq!(code(&mut stage, BuyExact::In { least: Some(Amount::MAX) }), "E0004");
    let code = |stage: &mut Stage, exact| stage.sells("ann", 0, 1_000, exact).unwrap_err().code();
    assert_eq!(code(&mut stage, SellExact::Out { usd: Usd::ZERO }), "E0005");
    assert_eq!(code(&mut stage, SellExact::Out { usd: Usd::MAX }), "E0004");
    assert_eq!(code(&mut stage, SellExact::In { least: Some(Usd::MAX) }), "E0004");
    let sdusd = address("sdusd").into_string();
    for (expires_in, code) in [(61, "E0422"), (5, "E0004")] {
        let hook =
            Hook::Buy { synthetic: 0, exact: for_all(), expires_in: Some(expires_in), recipient: None };
        stage.gives("ann", 100);
        assert_eq!(stage.sends("ann", &sdusd, 100_000_000, &hook).unwrap_err().code(), code);
    }
    for (synthetic, limit, code) in [(0, 0, "E0004"), (0, 101, "E0004"), (7, 1, "E0601"), (0, 1, "E0322")] {
        let settle = ExecuteMsg::Settle { synthetic, limit };
        assert_eq!(stage.execute(&address("kim"), settle).unwrap_err().code(), code);
    }
}

#[test]
fn a_buy_keeps_every_limit_and_counts_the_buys_ahead_of_it() {
    let mut stage = Stage::new();
    assert_eq!(refused(&mut stage, 9), "E0405");
    // π = 0.0016·x/1M ≤ 1 %: 6.25 million
    assert_eq!(refused(&mut stage, 6_250_001), "E0408");
    stage.buys("ann", 0, usd(6_000_000), for_all()).unwrap();
    assert_eq!(refused(&mut stage, 250_001), "E0408");
    // the correlated one has 0.5 of that already: (6M + … )·0.5
    let over = stage.buys("ann", 1, usd(4_000_000), for_all()).unwrap_err();
    assert_eq!(over.code(), "E0408");
    // traders who are short make room for the premium, not for the cap of the skew itself
    stage.perpetuals("-100000");
    assert_eq!(refused(&mut stage, 4_000_001), "E0406");
    stage.buys("ann", 0, usd(4_000_000), for_all()).unwrap();
}

#[test]
fn a_buy_needs_credit_and_the_pools_budgets() {
    let mut stage = Stage::new();
    stage.listing.markets[1].line = SignedUsd::new(-1);
    stage.show();
    assert_eq!(refused(&mut stage, 1_000), "E0316");
    stage.listing.markets.pop();
    stage.show();
    assert_eq!(refused(&mut stage, 1_000), "E0508");

    let mut stage = Stage::new();
    let (high, low) = (Ratio::ZERO, Ratio::ZERO);
    stage.listing.risk =
        Some(RiskBudgets { markets: Ratio::new(ONE / 1_000_000), total: Ratio::ONE, high, low });
    stage.show();
    // 2.82·4 % of 1,000 is 112.8, and a millionth of 100 million is 100
    assert_eq!(refused(&mut stage, 1_000), "E0326");
    stage.buys("ann", 0, usd(886), for_all()).unwrap();
}

#[test]
fn regimes_and_prices_refuse_buys_and_never_sales() {
    let mut stage = Stage::new();
    stage.bought_exactly("ann", 0, 100 * ONE, 11_000);
    stage.confidence(101);
    assert_eq!(refused(&mut stage, 100), "E0207");
    stage.confidence(0);
    stage.now += 61;
    stage.show_as_it_is();
    assert_eq!(refused(&mut stage, 100), "E0206");
    stage.sells("ann", 0, ONE, SellExact::In { least: None }).unwrap();
    stage.show();
    for regime in [Regime::CloseOnly, Regime::Emergency] {
        stage.regime(regime);
        assert_eq!(refused(&mut stage, 100), "E0328");
        stage.sold("ann", 0, ONE);
    }
    // under close-only a buy that lowers both the potential and the shortfall is taken
    stage.regime(Regime::CloseOnly);
    stage.perpetuals("-200");
    stage.bought("ann", 0, 1_000);
    stage.regime(Regime::Emergency);
    assert_eq!(refused(&mut stage, 100), "E0328");
}

#[test]
fn in_caution_a_buy_pays_twice_the_fee_that_it_was_committed_with() {
    let mut stage = Stage::new();
    stage.regime(Regime::Caution);
    let bought: sdp_types::events::Bought = told(&stage.bought_exactly("ann", 0, 100 * ONE, 11_000));
    assert_eq!(bought.fee, usd(20));
    let sold: sdp_types::events::Sold = told(&stage.sold("ann", 0, 100 * ONE));
    assert_eq!(sold.fee, usd(10));
}

#[test]
fn tokens_and_money_go_to_whom_the_order_names() {
    let mut stage = Stage::new();
    let sdusd = address("sdusd").into_string();
    stage.gives("ann", 11_000);
    let hook = Hook::Buy {
        synthetic: 0,
        exact: BuyExact::Out { amount: Amount::new(100 * ONE) },
        expires_in: None,
        recipient: Some(address("bob").into_string()),
    };
    stage.sends("ann", &sdusd, usd(11_000).raw(), &hook).unwrap();
    stage.settles(0);
    assert_eq!((stage.holds("bob", 0), stage.cash("ann")), (100 * ONE, 989_920_000));
    let hook = Hook::Sell {
        synthetic: 0,
        exact: SellExact::Out { usd: usd(100) },
        expires_in: None,
        recipient: Some(address("cat").into_string()),
    };
    let token = stage.token(0);
    stage.sends("bob", &token, 100 * ONE, &hook).unwrap();
    stage.settles(0);
    assert_eq!((stage.cash("cat"), stage.cash("bob")), (usd(100).raw(), 0));
    assert!(stage.holds("bob", 0) > 98 * ONE && stage.holds("bob", 0) < 99 * ONE);
}
