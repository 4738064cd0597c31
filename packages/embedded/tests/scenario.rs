//! Scenario files run step by step and say what happened.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sdp_embedded::scenario::{Run, Scenario, StepReport};
use sdp_embedded::{Audits, Chain};

fn first_trade() -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../network/scenarios/first_trade.json");
    Scenario::read(&path).unwrap()
}

fn all() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../network/scenarios");
    let read = |directory: &Path| std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    // and what takes longer than a real chain has time for
    let entries = read(&directory).chain(read(&directory.join("long")));
    entries.filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect()
}

fn reports(scenario: Scenario) -> Vec<StepReport> {
    let mut chain = Chain::of_scenario(&scenario).unwrap();
    chain.audits = Audits::Deep;
    Run::new(scenario, &mut chain).unwrap().collect()
}

#[test]
fn a_scenario_runs_from_the_first_deposit_to_a_filled_order() {
    let reports = reports(first_trade());
    for report in &reports {
        assert!(report.ok, "{report:?}");
    }
    let refused: Vec<_> = reports.iter().filter(|report| report.error.is_some()).collect();
    assert_eq!(refused.len(), 2, "the two that were to fail");
    let filled = reports[9].events.iter().find(|event| event.kind == "order_filled").unwrap();
    assert_eq!((filled.contract.as_str(), filled.attributes["size"].as_str()), ("market", "0.1"));
}

#[test]
fn an_expectation_that_is_not_met_fails_its_step_and_the_run_goes_on() {
    let mut scenario = first_trade();
    scenario.steps[10].expect = Some(serde_json::json!({ "positions": [{ "size": "0.2" }] }));
    scenario.steps[3].fails_with = Some("E0312".into());
    scenario.steps[4].fails_with = Some("E0312".into());
    let reports = reports(scenario);
    let failed: Vec<_> = reports.iter().filter(|report| !report.ok).map(|report| report.step).collect();
    // step 4 is accepted all the same, so nothing else fails
    assert_eq!(failed, [3, 4, 10]);
    let error = reports[10].error.as_deref().unwrap();
    assert_eq!(error, ".positions[0].size: expected \"0.2\", found \"0.1\"");
}

#[test]
fn a_report_is_one_line_of_json_with_all_of_its_entries() {
    let line = serde_json::to_string(&reports(first_trade())[0]).unwrap();
    let value: serde_json::Value = serde_json::from_str(&line).unwrap();
    for entry in ["step", "at", "ok", "error", "events", "result"] {
        assert!(value.get(entry).is_some(), "{entry} in {line}");
    }
    assert!(!line.contains('\n'));
}

/// What contracts tell, by the table of events in the docs.
fn told_of() -> BTreeSet<String> {
    let docs = include_str!("../../../docs/10-messages.md");
    let table = docs.split("\n## Events").nth(1).unwrap().split("\n## Errors").next().unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| line.split('`').nth(1).unwrap().to_string()).collect()
}

#[test]
fn every_scenario_goes_as_its_file_says_and_every_position_and_account_adds_up_after_each_step() {
    let mut told = BTreeSet::new();
    for path in all() {
        let scenario = Scenario::read(&path).unwrap();
        let steps = scenario.steps.len();
        let reports = reports(scenario);
        assert_eq!(reports.len(), steps, "{}", path.display());
        for report in reports {
            assert!(report.ok, "{}: {report:?}", path.display());
            told.extend(report.events.into_iter().map(|event| event.kind));
        }
    }
    // `opened` is told when the pool is deployed; `resumed` takes a minute without prices
    told.extend(["opened", "resumed"].map(String::from));
    let silent: Vec<_> = told_of().into_iter().filter(|event| !told.contains(event)).collect();
    assert_eq!(silent, [""; 0], "told in no scenario");
}

/// The table of chapter 21: by file, what becomes of the orders of each account.
fn ends_in_the_book() -> Vec<(String, Vec<BTreeSet<String>>)> {
    let docs = include_str!("../../../docs/21-conditional-orders.md");
    let table = docs.split("\n## Every kind and every end").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| `orders_"));
    rows.map(|line| {
        let mut cells = line.trim_matches('|').split(" | ").map(|cell| {
            let words = cell.split('`').skip(1).step_by(2);
            words.map(String::from).collect::<BTreeSet<_>>()
        });
        let file = cells.next().unwrap().pop_first().unwrap();
        (file, cells.collect())
    })
    .collect()
}

#[test]
fn each_kind_of_order_ends_as_the_book_says() {
    let columns =
        ["filled", "expired", "jumped", "short_of_margin", "close_only", "reduced_to_zero", "delisted"];
    let rows = ends_in_the_book();
    assert_eq!(rows.len(), 7);
    for (file, cells) in rows {
        assert_eq!(cells.len(), columns.len(), "{file}");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../network/scenarios/{file}.json"));
        let reports = reports(Scenario::read(&path).unwrap());
        for (account, (column, cell)) in columns.iter().zip(&cells).enumerate() {
            let section = format!("{column}: ");
            let has =
                |report: &StepReport| report.name.as_ref().is_some_and(|name| name.starts_with(&section));
            assert!(reports.iter().any(has), "{file} has no section {column}");
            let events = reports.iter().flat_map(|report| &report.events);
            let own = events.filter(|event| {
                event.kind == "conditional_ended" && event.attributes["account"] == *account.to_string()
            });
            let mut ended = BTreeSet::new();
            for event in own.filter(|event| event.attributes["outcome"] != "cancelled") {
                ended.insert(event.attributes["outcome"].clone());
                ended.insert(event.attributes["code"].clone());
            }
            ended.remove("none");
            assert_eq!(ended, *cell, "{file}, {column}");
        }
    }
}

/// The second table of that section: by kind, why what was committed ended without a fill before it waited again, for each of its columns.
fn waits_in_the_book() -> Vec<Vec<String>> {
    let docs = include_str!("../../../docs/21-conditional-orders.md");
    let table = docs.split("\n### Waiting again").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| line.split('`').skip(1).step_by(2).map(String::from).collect()).collect()
}

#[test]
fn each_kind_of_order_waits_again_as_the_book_says_and_fills_in_the_end() {
    let rows = waits_in_the_book();
    assert_eq!(rows.len(), 7);
    for (column, file) in [(1, "orders_no_price"), (2, "orders_worse_price")] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../network/scenarios/{file}.json"));
        let reports = reports(Scenario::read(&path).unwrap());
        for (account, row) in rows.iter().enumerate() {
            let (kind, section) = (&row[0], format!("{}: ", row[0]));
            let has =
                |report: &StepReport| report.name.as_ref().is_some_and(|name| name.starts_with(&section));
            assert!(reports.iter().any(has), "{file} has no section {kind}");
            let told = |of: &str, what: &str| -> Vec<String> {
                let events = reports.iter().flat_map(|report| &report.events);
                let own = events
                    .filter(|event| event.kind == of && event.attributes["account"] == *account.to_string());
                own.map(|event| event.attributes[what].clone()).collect()
            };
            assert_eq!(told("conditional_waits", "code"), [row[column].clone()], "{file}, {kind}");
            assert!(told("conditional_ended", "outcome").contains(&"filled".into()), "{file}, {kind}");
        }
    }
}
