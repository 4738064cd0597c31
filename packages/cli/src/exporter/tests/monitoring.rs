//! The dashboard and the alerting rules name what is exported, and each alert has its runbook.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{CommandFactory, Parser};
use promql_parser::label::Matchers;
use promql_parser::parser::{self, Expr};
use serde_json::Value;

use crate::exporter::figures::all;
use crate::Cli;

/// Labels that Prometheus adds to every sample.
const OF_PROMETHEUS: [&str; 2] = ["job", "instance"];
/// Metrics that Prometheus makes itself.
const MADE_BY_PROMETHEUS: [&str; 1] = ["up"];

fn package() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn read(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(package().join(path)).unwrap()
}

/// What an expression selects: names with the labels that it matches.
fn selected(expression: &Expr, found: &mut Vec<(String, BTreeSet<String>)>) {
    let mut select = |name: &Option<String>, matchers: &Matchers| {
        let all = matchers.matchers.iter().chain(matchers.or_matchers.iter().flatten());
        let labels = all.map(|matcher| matcher.name.clone()).collect();
        found.push((name.clone().expect("a selector has a name"), labels));
    };
    match expression {
        Expr::VectorSelector(vector) => select(&vector.name, &vector.matchers),
        Expr::MatrixSelector(matrix) => select(&matrix.vs.name, &matrix.vs.matchers),
        Expr::Aggregate(aggregate) => selected(&aggregate.expr, found),
        Expr::Unary(unary) => selected(&unary.expr, found),
        Expr::Binary(binary) => [&binary.lhs, &binary.rhs].into_iter().for_each(|side| selected(side, found)),
        Expr::Paren(inner) => selected(&inner.expr, found),
        Expr::Subquery(inner) => selected(&inner.expr, found),
        Expr::Call(call) => call.args.args.iter().for_each(|argument| selected(argument, found)),
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Extension(_) => {}
    }
}

/// That an expression is PromQL, and names nothing that there is not.
#[track_caller]
fn check(expression: &str) -> Vec<String> {
    let parsed = parser::parse(expression).unwrap_or_else(|why| panic!("{expression}: {why}"));
    let mut found = Vec::new();
    selected(&parsed, &mut found);
    for (name, labels) in &found {
        if MADE_BY_PROMETHEUS.contains(&name.as_str()) {
            continue;
        }
        let metric = all().find(|metric| metric.exposed() == *name);
        let metric = metric.unwrap_or_else(|| panic!("{expression}: no metric {name}"));
        for label in labels.iter().map(String::as_str) {
            let known = metric.labels.contains(&label) || OF_PROMETHEUS.contains(&label);
            assert!(known, "{expression}: {name} has no label {label}");
        }
    }
    found.into_iter().map(|(name, _)| name).collect()
}

/// Names in the braces of a legend or an annotation: `{{market}}`, `{{ $labels.market }}`.
fn labels_in(text: &str) -> Vec<&str> {
    let inner = text.split("{{").skip(1).filter_map(|rest| rest.split("}}").next());
    inner
        .filter_map(|inner| {
            let inner = inner.trim();
            let label = inner.strip_prefix("$labels.").unwrap_or(inner);
            (!label.starts_with('$')).then_some(label)
        })
        .collect()
}

/// That what is between braces is a label of one of these metrics.
#[track_caller]
fn check_labels(text: &str, names: &[String]) {
    for label in labels_in(text) {
        let mut metrics = all().filter(|metric| names.contains(&metric.exposed()));
        let known = OF_PROMETHEUS.contains(&label) || metrics.any(|metric| metric.labels.contains(&label));
        assert!(known, "{text}: none of {names:?} has a label {label}");
    }
}

fn dashboard() -> Value {
    serde_json::from_str(&read("monitoring/grafana.json")).unwrap()
}

fn panels(dashboard: &Value) -> impl Iterator<Item = &Value> {
    dashboard["panels"].as_array().unwrap().iter()
}

#[test]
fn every_expression_of_the_dashboard_names_metrics_and_labels_that_are_exported() {
    let dashboard = dashboard();
    let mut used = BTreeSet::new();
    for panel in panels(&dashboard) {
        for target in panel["targets"].as_array().into_iter().flatten() {
            // variables of Grafana as what they stand for
            let expression = target["expr"].as_str().unwrap().replace("$__rate_interval", "1m");
            let names = check(&expression);
            let legend = target["legendFormat"].as_str().unwrap();
            check_labels(legend, &names);
            used.extend(names);
        }
    }
    assert!(used.len() > 70, "{} metrics are on the dashboard", used.len());
    for annotation in dashboard["annotations"]["list"].as_array().unwrap() {
        check(annotation["expr"].as_str().unwrap());
    }
}

#[test]
fn every_panel_has_a_place_of_its_own_a_unit_and_says_what_it_shows() {
    let dashboard = dashboard();
    let (mut numbers, mut taken, mut rows) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for panel in panels(&dashboard) {
        let title = panel["title"].as_str().unwrap();
        assert!(numbers.insert(panel["id"].as_u64().unwrap()), "{title}: its number is taken");
        let at = |key: &str| panel["gridPos"][key].as_u64().unwrap();
        assert!(at("x") + at("w") <= 24, "{title} is too wide");
        for x in at("x")..at("x") + at("w") {
            for y in at("y")..at("y") + at("h") {
                assert!(taken.insert((x, y)), "{title}: its place is taken");
            }
        }
        if panel["type"] == "row" {
            rows.push(title);
            continue;
        }
        let defaults = &panel["fieldConfig"]["defaults"];
        assert!(defaults["unit"].is_string() && defaults["thresholds"]["steps"].is_array(), "{title}");
        assert!(panel["description"].as_str().unwrap().len() > 3, "{title}");
    }
    let wanted = ["Overview", "Solvency", "Risk", "Markets", "Auctions", "Oracle", "Keepers and exporter"];
    assert_eq!(rows, wanted);
}

/// An alert: name, expression, severity, summary, address of its runbook.
struct Alert {
    name: String,
    expression: String,
    severity: String,
    summary: String,
    runbook: String,
}

fn alerts() -> Vec<Alert> {
    let rules: serde_norway::Value = serde_norway::from_str(&read("monitoring/alerts.yml")).unwrap();
    let groups = rules["groups"].as_sequence().unwrap();
    let all = groups.iter().flat_map(|group| group["rules"].as_sequence().unwrap());
    let text = |value: &serde_norway::Value| value.as_str().unwrap().to_string();
    all.map(|rule| Alert {
        name: text(&rule["alert"]),
        expression: text(&rule["expr"]),
        severity: text(&rule["labels"]["severity"]),
        summary: text(&rule["annotations"]["summary"]),
        runbook: text(&rule["annotations"]["runbook_url"]),
    })
    .collect()
}

#[test]
fn every_alert_names_metrics_that_are_exported_and_says_who_is_woken() {
    for alert in alerts() {
        let names = check(&alert.expression);
        check_labels(&alert.summary, &names);
        assert!(["critical", "warning"].contains(&alert.severity.as_str()), "{}", alert.name);
        assert!(alert.summary.ends_with(['.', '?']), "{}", alert.summary);
    }
}

#[test]
fn every_alert_has_a_runbook_and_every_runbook_belongs_to_an_alert() {
    let page = read("../../docs/25-runbooks.md");
    let sections: BTreeSet<_> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let sections: BTreeSet<_> = sections.into_iter().filter(|title| title.starts_with("Sdp")).collect();
    let alerts = alerts();
    let names: BTreeSet<_> = alerts.iter().map(|alert| alert.name.as_str()).collect();
    assert_eq!(sections, names);
    for alert in &alerts {
        assert_eq!(alert.runbook, format!("docs/25-runbooks.md#{}", alert.name.to_lowercase()));
        let start = page.find(&format!("\n## {}\n", alert.name)).unwrap() + 1;
        let section = &page[start..];
        let section = section.find("\n## ").map_or(section, |end| &section[..end]);
        for part in ["**Means**", "**Probably**", "**Look**", "**Do**", "**Don't**", "**Who**"] {
            assert!(section.contains(part), "{} has no {part}", alert.name);
        }
        assert!(section.contains("```sh\n"), "{} has no command", alert.name);
    }
}

/// Words as a shell takes them: what is between single quotes is one.
fn words(line: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (n, part) in line.split('\'').enumerate() {
        if n % 2 == 1 {
            all.push(part.to_string());
        } else {
            all.extend(part.split_whitespace().map(str::to_string));
        }
    }
    all
}

#[test]
fn every_command_within_a_line_of_the_runbooks_is_one_of_the_tool() {
    let page = read("../../docs/25-runbooks.md");
    let mut count = 0;
    let prose = page.split("```").step_by(2).flat_map(|prose| prose.split('`').skip(1).step_by(2));
    for line in prose.filter(|code| code.starts_with("sdp ")) {
        let words = words(line);
        let alone = words.len() == 2 && Cli::command().find_subcommand(&words[1]).is_some();
        let parsed = Cli::try_parse_from(&words);
        assert!(alone || parsed.is_ok(), "{line}: {}", parsed.err().unwrap());
        count += 1;
    }
    assert!(count > 25, "{count} commands");
}
