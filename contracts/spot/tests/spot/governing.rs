//! Who may change what, and which configurations are none.

use sdp_types::spot::{Carried, Change, ExecuteMsg, Params, QueryMsg, SyntheticConfig, SyntheticStatus};
use sdp_types::{Ratio, Result, Usd};

use crate::stage::{address, params, synthetic, usd, Stage};

fn configure(stage: &mut Stage, who: &str, change: Change) -> Result<()> {
    stage.execute(&address(who), ExecuteMsg::Configure { change }).map(drop)
}

fn code(stage: &mut Stage, change: Change) -> &'static str {
    configure(stage, "olga", change).unwrap_err().code()
}

#[test]
fn the_owner_loosens_after_the_delay_and_the_guardian_only_tightens() {
    let mut stage = Stage::with(Params { change_delay: 100, ..params() });
    let config = stage.synthetics()[0].config.clone();
    let tighter = SyntheticConfig { skew_cap: usd(5), status: SyntheticStatus::CloseOnly, ..config.clone() };
    let update = |config: &SyntheticConfig| Change::UpdateSynthetic { synthetic: 0, config: config.clone() };
    assert_eq!(configure(&mut stage, "eve", update(&tighter)).unwrap_err().code(), "E0103");
    configure(&mut stage, "gus", update(&tighter)).unwrap();
    assert_eq!(stage.synthetics()[0].config, tighter);
    for looser in [
        config.clone(),
        SyntheticConfig { skew_cap: usd(6), ..tighter.clone() },
        SyntheticConfig { status: SyntheticStatus::Delisted, ..tighter.clone() },
        SyntheticConfig { premium_cap: Ratio::bps(1), ..tighter.clone() },
    ] {
        assert_eq!(configure(&mut stage, "gus", update(&looser)).unwrap_err().code(), "E0102");
    }
    configure(&mut stage, "olga", update(&config)).unwrap();
    assert_eq!(stage.execute(&address("eve"), ExecuteMsg::Enact { id: 0 }).unwrap_err().code(), "E0105");
    stage.passes(100);
    stage.execute(&address("eve"), ExecuteMsg::Enact { id: 0 }).unwrap();
    assert_eq!(stage.synthetics()[0].config, config);
    configure(&mut stage, "olga", Change::SetGuardian { guardian: None }).unwrap();
    assert_eq!(
        stage.execute(&address("gus"), ExecuteMsg::CancelChange { id: 1 }).unwrap_err().code(),
        "E0101"
    );
    stage.execute(&address("olga"), ExecuteMsg::CancelChange { id: 1 }).unwrap();
    let waiting: Vec<sdp_types::governance::Queued<Change>> = stage.query(QueryMsg::Changes {});
    assert!(waiting.is_empty());
}

#[test]
fn a_delisted_synthetic_stays_delisted_and_can_still_be_sold() {
    let mut stage = Stage::new();
    stage.bought("ann", 1, 1_000);
    let config = stage.synthetics()[1].config.clone();
    let delisted = SyntheticConfig { status: SyntheticStatus::Delisted, ..config.clone() };
    configure(&mut stage, "olga", Change::UpdateSynthetic { synthetic: 1, config: delisted }).unwrap();
    stage.execute(&address("eve"), ExecuteMsg::Enact { id: 0 }).unwrap();
    let exact = sdp_types::spot::BuyExact::In { least: None };
    assert_eq!(stage.buys("ann", 1, usd(100), exact).unwrap_err().code(), "E0602");
    assert_eq!(code(&mut stage, Change::UpdateSynthetic { synthetic: 1, config }), "E0107");
    let held = stage.holds("ann", 1);
    stage.sold("ann", 1, held);
}

#[test]
fn a_buy_that_waits_does_not_fill_once_it_is_close_only() {
    let mut stage = Stage::new();
    stage.buys("ann", 0, usd(100), sdp_types::spot::BuyExact::In { least: None }).unwrap();
    let config =
        SyntheticConfig { status: SyntheticStatus::CloseOnly, ..stage.synthetics()[0].config.clone() };
    configure(&mut stage, "gus", Change::UpdateSynthetic { synthetic: 0, config }).unwrap();
    let refused: sdp_types::events::SpotRefused = crate::stage::told(&stage.settles(0));
    assert_eq!(refused.code, "E0602");
    assert_eq!(stage.cash("ann"), 100_000_000 - 5_000);
}

#[test]
fn a_further_synthetic_gets_a_token_and_has_a_feed_and_a_symbol_of_its_own() {
    let mut stage = Stage::new();
    configure(&mut stage, "olga", Change::AddSynthetic { config: synthetic(2, "sATOM", 6) }).unwrap();
    let response = stage.execute(&address("eve"), ExecuteMsg::Enact { id: 0 }).unwrap();
    let added: sdp_types::events::SyntheticAdded = crate::stage::told(&response);
    assert_eq!((added.synthetic, added.token), (2, stage.token(2)));
    stage.bought("ann", 2, 1_000);
    assert!(stage.holds("ann", 2) > 0);

    let good = synthetic(2, "sSOL", 6);
    let market = |market: &str, perp| Some(Carried { market: market.into(), perp });
    let own = address("market").into_string();
    for (config, expected) in [
        (synthetic(2, "sSOL", 6), "E0009"),
        (synthetic(3, "sSOL", 6), "E0202"),
        (SyntheticConfig { symbol: "sBTC".into(), feed: 2, ..good.clone() }, "E0009"),
        (SyntheticConfig { symbol: "s BTC".into(), ..good.clone() }, "E0107"),
        (SyntheticConfig { symbol: "so".into(), ..good.clone() }, "E0004"),
        (SyntheticConfig { name: String::new(), ..good.clone() }, "E0004"),
        (SyntheticConfig { decimals: 5, ..good.clone() }, "E0004"),
        (SyntheticConfig { decimals: 19, ..good.clone() }, "E0004"),
        (SyntheticConfig { trade_confidence: Ratio::percent(2), ..good.clone() }, "E0004"),
        (SyntheticConfig { settle_confidence: Ratio::ONE, ..good.clone() }, "E0004"),
        (SyntheticConfig { premium_cap: Ratio::percent(99), ..good.clone() }, "E0107"),
        (SyntheticConfig { minimum_notional: Usd::ZERO, ..good.clone() }, "E0004"),
        (SyntheticConfig { skew_cap: Usd::MAX, ..good.clone() }, "E0004"),
    ] {
        assert_eq!(code(&mut stage, Change::AddSynthetic { config: config.clone() }), expected, "{config:?}");
    }
    let mut stage = Stage::new();
    for (funding, expected) in [
        (market("x", 0), "E0008"),
        (market(address("pool").as_str(), 0), "E0006"),
        (market(&own, 1), "E0401"),
        (market(&own, 0), "E0107"),
    ] {
        let config = SyntheticConfig { funding, ..good.clone() };
        assert_eq!(code(&mut stage, Change::AddSynthetic { config }), expected);
    }
}

#[test]
fn what_makes_a_synthetic_stays() {
    let mut stage = Stage::new();
    let config = stage.synthetics()[0].config.clone();
    for changed in [
        SyntheticConfig { name: "Other name".into(), ..config.clone() },
        SyntheticConfig { symbol: "other".into(), ..config.clone() },
        SyntheticConfig { decimals: 17, ..config.clone() },
        SyntheticConfig { feed: 2, ..config.clone() },
        SyntheticConfig { funding: None, ..config.clone() },
    ] {
        assert_eq!(code(&mut stage, Change::UpdateSynthetic { synthetic: 0, config: changed }), "E0107");
    }
    assert_eq!(code(&mut stage, Change::UpdateSynthetic { synthetic: 2, config }), "E0601");
}

#[test]
fn parameters_that_are_none_are_refused() {
    let mut stage = Stage::new();
    for (bad, expected) in [
        (Params { fee: Ratio::percent(10), ..params() }, "E0004"),
        (Params { insurance_share: Ratio::percent(96), ..params() }, "E0107"),
        (Params { maximum_slippage: Ratio::ZERO, ..params() }, "E0004"),
        (Params { maximum_slippage: Ratio::ONE, ..params() }, "E0004"),
        (Params { order_delay: 161, ..params() }, "E0004"),
        (Params { order_expiry: 14, ..params() }, "E0004"),
        (Params { order_expiry: 161, ..params() }, "E0004"),
        (Params { maximum_empty_intervals: 17, ..params() }, "E0004"),
        (Params { change_delay: 31 * 86_400, ..params() }, "E0004"),
    ] {
        assert_eq!(code(&mut stage, Change::Params { params: bad.clone() }), expected, "{bad:?}");
    }
    let other = Params { fee: Ratio::bps(7), ..params() };
    configure(&mut stage, "olga", Change::Params { params: other.clone() }).unwrap();
    stage.execute(&address("eve"), ExecuteMsg::Enact { id: 0 }).unwrap();
    let config: sdp_types::spot::ConfigResponse = stage.query(QueryMsg::Config {});
    assert_eq!(config.params, other);
    assert_eq!((config.token_code_id, config.sdusd), (6, address("sdusd").into_string()));
}
