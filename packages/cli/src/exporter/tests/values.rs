//! What a survey of a pool with people in it becomes.

use std::collections::BTreeSet;

use sdp_network::Actions;
use sdp_types::lens::{self, SolvencyResponse};
use sdp_types::Rounding;

use super::samples;
use crate::exporter::figures::{self, all};
use crate::exporter::metric::{plain, ratio, signed_usd, usd, whole, Kind};
use crate::survey::story::story;
use crate::survey::{People, Survey};

#[test]
fn names_follow_the_conventions_and_each_is_used_once() {
    let mut seen = BTreeSet::new();
    for metric in all() {
        let name = metric.name;
        assert!(seen.insert(name), "{name} twice");
        assert!(name.starts_with("sdp_") && !name.ends_with("_total"), "{name}");
        assert!(name.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase()), "{name}");
        let help = metric.help.trim();
        assert!(help.ends_with('.') && help.len() > 15, "{name}: {help}");
        // whoever reads the name knows the unit, and the text says it again
        let units = [("_usd", "USD"), ("_seconds", "econds"), ("_units", "whole"), ("_per_day", "per day")];
        for (suffix, unit) in units {
            assert!(!name.ends_with(suffix) || help.contains(unit), "{name}: no {unit} in {help}");
        }
        let unit = name.ends_with("_timestamp_seconds");
        assert!(!unit || help.contains("Unix seconds"), "{name}: {help}");
    }
}

#[test]
fn what_is_exported_is_what_the_contracts_answer() {
    let world = story();
    let survey = Survey::of(&*world).unwrap();
    assert!(survey.refused().is_none(), "{:?}", survey.refused());
    let mut found = figures::of(&survey);
    found.extend(figures::of_people(&People::of(&*world).unwrap(), &survey));
    let text = found.text().unwrap();
    assert!(text.ends_with("# EOF\n"));
    for metric in all() {
        assert!(text.contains(&format!("# HELP {} ", metric.name)), "{}", metric.name);
    }
    let samples = samples(&text);
    let is = |name: &str, value: f64| assert_eq!(samples.get(name), Some(&value), "{name}");

    let health = world.health().unwrap();
    is("sdp_block_height", whole(world.height()));
    is("sdp_pool_collateral_usd", usd(health.collateral));
    is("sdp_pool_collateral_ratio", ratio(health.collateral_ratio.unwrap()));
    is("sdp_pool_expected_shortfall_usd{of=\"markets\"}", usd(health.expected_shortfall));
    is("sdp_pool_expected_shortfall_budget_usd{of=\"markets\"}", usd(health.markets_budget.unwrap()));
    let both =
        ["markets", "minting"].map(|source| samples[&format!("sdp_pool_debt_usd{{source=\"{source}\"}}")]);
    assert!((both[0] + both[1] - signed_usd(health.debt)).abs() < 1e-6);
    // ATOM fell by more than 15 % at once, which leaves its feed close-only
    is("sdp_oracle_feed_regime{feed=\"ATOM\"}", 2.0);
    is("sdp_oracle_price_usd{feed=\"ATOM\"}", 6.5);
    is("sdp_oracle_staleness_seconds{use=\"trade\"}", 15.0);
    let solvency: SolvencyResponse = world.query("lens", &lens::QueryMsg::Solvency {}).unwrap();
    is("sdp_solvency_default_probability_ratio", ratio(solvency.default_probability));

    for perp in world.perps("market").unwrap() {
        let of = format!("market=\"market\",perp=\"{}\"", perp.config.name);
        is(&format!("sdp_perp_skew_units{{{of}}}"), plain(perp.skew));
        is(&format!("sdp_perp_funding_ratio_per_day{{{of}}}"), plain(perp.funding_rate));
        is(&format!("sdp_perp_premium_ratio{{{of}}}"), plain(perp.premium));
        let long = usd(perp.long.value(perp.index, Rounding::Up).unwrap());
        is(&format!("sdp_perp_open_interest_usd{{{of},side=\"long\"}}"), long);
    }
    // bob bought half a bitcoin of 60,000, and has ordered more
    is("sdp_perp_open_interest_usd{market=\"market\",perp=\"BTC-PERP\",side=\"long\"}", 30_000.0);
    is("sdp_perp_orders_waiting{market=\"market\",perp=\"BTC-PERP\"}", 1.0);
    is("sdp_perp_orders_total{market=\"market\",perp=\"BTC-PERP\"}", 2.0);

    let auction = &world.auctions().unwrap()[0];
    is("sdp_auctions{collateral=\"ATOM\"}", 1.0);
    is("sdp_auctions_need_redo{collateral=\"ATOM\"}", 0.0);
    let outstanding = usd(auction.tab.plus(auction.penalty).unwrap());
    is("sdp_auctions_outstanding_usd{collateral=\"ATOM\"}", outstanding);
    // debt of about 10,000 and a penalty of a tenth
    assert!((outstanding - 11_000.0).abs() < 1.0);
    is("sdp_auctions_lot_units{collateral=\"ATOM\"}", 3_000.0);
    is("sdp_auctions_oldest_age_seconds{collateral=\"ATOM\"}", whole(world.now() - auction.started_at));
    is("sdp_liquidator_tab_usd", usd(health.recoveries.tab));
    assert_eq!(health.recoveries.tab, auction.tab);
    // carl
    is("sdp_positions_liquidatable{collateral=\"ATOM\"}", 1.0);
    let accounts = world.market_accounts("market").unwrap();
    is("sdp_accounts{market=\"market\"}", whole(accounts.len()));
    assert!(accounts.len() >= 2);
    is("sdp_accounts_liquidatable{market=\"market\"}", 0.0);
    is("sdp_books_difference_usd", 0.0);
    is("sdp_breaker_threshold_ratio{breaker=\"utilisation\",regime=\"caution\"}", 0.45);
    let side = |side: &str| {
        let terms = samples
            .iter()
            .filter(|(name, _)| name.starts_with(&format!("sdp_books_term_usd{{side=\"{side}\"")));
        terms.map(|(_, value)| value).sum::<f64>()
    };
    assert!((side("left") - side("right")).abs() < 1e-6 && side("left") > 0.0);
}

#[test]
fn counters_are_told_from_gauges() {
    let text = figures::Figures::default().text().unwrap();
    for metric in all() {
        let kind = if metric.kind == Kind::Counter { "counter" } else { "gauge" };
        assert!(text.contains(&format!("# TYPE {} {kind}\n", metric.name)), "{}", metric.name);
    }
}
