//! Incidents replayed from their files: with the guard that stops them here they cost the attacker, without it the pool.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::path::Path;

use sdp_embedded::scenario::{Alteration, Run, Scenario, StepReport, INCIDENTS};
use sdp_embedded::{Audits, Chain, Replayed};
use sdp_types::SignedUsd;

const CHAPTER: &str = include_str!("../../../docs/17-incidents.md");

fn replayed(name: &str) -> Replayed {
    let (_, text) = INCIDENTS.iter().find(|(known, _)| *known == name).unwrap();
    Replayed::of(&Scenario::parse(text).unwrap()).unwrap_or_else(|error| panic!("{name}: {error:#}"))
}

/// `-1,234` of micro-USD, cut off towards 0.
fn whole(amount: SignedUsd) -> String {
    let mut digits = (amount.raw() / 1_000_000).to_string();
    let first = usize::from(digits.starts_with('-'));
    let mut at = digits.len();
    while at > first + 3 {
        at -= 3;
        digits.insert(at, ',');
    }
    digits
}

#[test]
fn every_incident_costs_the_pool_without_its_guard_and_at_most_what_its_file_says_with_it() {
    for (name, _) in INCIDENTS {
        let played = replayed(name);
        assert_eq!(played.broken_claims(), [""; 0], "{name}");
        assert!(played.with.loss < played.without.loss, "{name}");
        assert_eq!(played.with.unbalanced, [""; 0], "{name}");
        // only who is paid for what is not his leaves books that don't balance
        assert_eq!(played.without.unbalanced.is_empty(), *name != "gmx_v1_2025", "{name}");
        let numbers = format!("| {} | {} |", whole(played.without.loss), whole(played.with.loss));
        let row = CHAPTER.lines().find(|line| line.starts_with(&format!("| [{}]", played.incident.name)));
        let row = row.unwrap_or_else(|| panic!("{name} is not in the table of chapter 17"));
        assert!(row.ends_with(&numbers), "{name}: the chapter says {row}, not {numbers}");
    }
}

#[test]
fn an_incident_comes_out_the_same_each_time() {
    assert_eq!(replayed("gmx_v1_2025"), replayed("gmx_v1_2025"));
}

#[test]
fn a_step_that_goes_otherwise_with_the_guard_and_a_claim_that_does_not_hold_are_told() {
    let (_, text) = INCIDENTS[1];
    let mut scenario = Scenario::parse(text).unwrap();
    let failing = scenario.steps.iter().position(|step| step.fails_with.is_some()).unwrap();
    scenario.steps[failing].fails_with = None;
    let error = Replayed::of(&scenario).unwrap_err().to_string();
    assert!(error.contains(&format!("step {failing}")) && error.contains("E0505"), "{error}");

    let mut scenario = Scenario::parse(text).unwrap();
    let claim = &mut scenario.incident.as_mut().unwrap().loss;
    claim.at_most.0 = SignedUsd::new(-1);
    claim.at_least.0 = SignedUsd::new(100_000_000_000);
    assert_eq!(Replayed::of(&scenario).unwrap().broken_claims().len(), 2);
    scenario.incident.as_mut().unwrap().loss.since = 1_000_000;
    assert!(Replayed::of(&scenario).is_err());
    scenario.incident = None;
    assert!(Replayed::of(&scenario).is_err());
}

/// A scenario of the others as it goes on a chain with these alterations.
fn story(name: &str, alterations: &[Alteration]) -> Vec<StepReport> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../network/scenarios/{name}.json"));
    let scenario = Scenario::read(&path).unwrap();
    let mut chain = Chain::deploy_altered(scenario.manifest().unwrap(), alterations).unwrap();
    chain.audits = Audits::Deep;
    Run::new(scenario, &mut chain).unwrap().collect()
}

#[test]
fn what_does_not_need_a_guard_goes_the_same_without_it() {
    for name in ["providers", "profit_taken", "round_trip", "auction", "backstop"] {
        let plain = story(name, &[]);
        for alteration in [
            // nobody here sends messages from inside of others, and somebody provides at every time
            Alteration::MessagesFirst,
            Alteration::ProfitParked,
            Alteration::TransferHooks,
        ] {
            let altered = story(name, &[alteration]);
            for (plain, altered) in plain.iter().zip(&altered) {
                assert_eq!(plain, altered, "{name}, {alteration:?}");
            }
            assert_eq!(plain.len(), altered.len());
        }
    }
}

#[test]
fn a_profit_on_paper_is_all_that_can_be_withdrawn_besides() {
    for name in ["providers", "round_trip", "hedged_book"] {
        assert_eq!(story(name, &[]), story(name, &[Alteration::UnrealisedProfitPaid]), "{name}");
    }
    // bob, who has won 0.5 · 6,000 on paper, asks for more than there is both ways
    let free = |alterations: &[Alteration]| -> i128 {
        let reports = story("profit_taken", alterations);
        let error = reports[9].error.as_deref().unwrap();
        error.split("free: ").nth(1).unwrap().trim_end_matches(" }").parse().unwrap()
    };
    let more = free(&[Alteration::UnrealisedProfitPaid]) - free(&[]);
    // less some seconds of funding, which the paper profit has in it
    assert!((2_999_999_000..=3_000_000_000).contains(&more), "{more}");
}

#[test]
fn where_nobody_trades_the_market_may_lack_its_guards() {
    let plain = story("providers", &[]);
    for alteration in [Alteration::OrdersAtLastPrice, Alteration::SkewInIndex] {
        assert_eq!(plain, story("providers", &[alteration]), "{alteration:?}");
    }
}

#[test]
fn where_no_price_of_collateral_moves_one_vault_is_as_good_as_all() {
    for name in ["providers", "round_trip", "profit_taken"] {
        assert_eq!(story(name, &[]), story(name, &[Alteration::OneVaultRefreshed]), "{name}");
    }
}

/// What an order fills at, and the interval that it is bound to.
fn fills(reports: &[StepReport]) -> Vec<(String, String)> {
    let told = |kind: &str, entry: &str| -> Vec<String> {
        let events = reports.iter().flat_map(|report| &report.events).filter(|event| event.kind == kind);
        events.map(|event| event.attributes[entry].clone()).collect()
    };
    told("order_filled", "size").into_iter().zip(told("order_filled", "price")).collect()
}

#[test]
fn orders_at_the_last_price_fill_the_same_sizes_and_the_books_balance() {
    // BTC is at 60,000 when the first is sent, and at 66,000 when the second is: the same prices, only known before
    let altered = story("profit_taken", &[Alteration::OrdersAtLastPrice]);
    assert_eq!(fills(&story("profit_taken", &[])), fills(&altered));
    assert!(altered.iter().all(|report| !report.error.as_deref().unwrap_or_default().contains("Unbalanced")));
}

#[test]
fn skew_in_the_index_changes_no_price_of_a_market_without_skew() {
    // the first fill meets no skew; the second one closes 0.5 BTC, which have made a premium of π = λ·σ²·x
    let (plain, altered) = (story("profit_taken", &[]), story("profit_taken", &[Alteration::SkewInIndex]));
    let (plain, altered) = (fills(&plain), fills(&altered));
    assert_eq!(plain[0], altered[0]);
    // 33,000 · 0.001225 / 612,500 = 0.000066 of 66,000
    assert_eq!((plain[1].1.as_str(), altered[1].1.as_str()), ("66000", "66004.356"));
}
