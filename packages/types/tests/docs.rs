//! The book in `docs/` says what the code does: its tables are complete, every name in it exists, and its links lead
//! somewhere.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use schemars::schema::{RootSchema, Schema, SchemaObject, SingleOrVec};
use schemars::schema_for;
use sdp_types::{
    balancer, board, bonded, custody, event, events, lens, liquidator, market, oracle, orders, pool, reserve,
    spot, Error,
};

/// The repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn chapter(name: &str) -> String {
    fs::read_to_string(root().join("docs").join(name)).unwrap()
}

/// Every page: the book and the README.
fn pages() -> Vec<(PathBuf, String)> {
    let book = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let book = book.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let all = book.chain([root().join("README.md")]);
    all.map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// The part of a page under a heading, up to the next one of its level.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let start = page.find(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no heading {heading}")) + 1;
    let rest = &page[start..];
    rest.find("\n## ").map_or(rest, |end| &rest[..end])
}

/// The cells of each row of the tables in a text, without backticks; headings and rules are left out.
fn rows(text: &str) -> Vec<Vec<String>> {
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| {
        let cells = line.trim_matches('|').split(" | ");
        cells.map(|cell| cell.trim().replace('`', "")).collect()
    })
    .collect()
}

/// What stands between backticks in a text.
fn quoted(text: &str) -> BTreeSet<&str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2)).collect()
}

/// All `E` with four digits in a text, where they are words.
fn codes(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let code = |word: &&str| {
        word.len() == 5 && word.starts_with('E') && word[1..].bytes().all(|b| b.is_ascii_digit())
    };
    words.filter(code).collect()
}

#[test]
fn the_table_of_errors_has_every_error_in_order_and_no_other() {
    let page = chapter("10-messages.md");
    let written: Vec<_> =
        rows(section(&page, "Errors")).into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    let real: Vec<_> =
        Error::all().iter().map(|(code, name)| ((*code).to_string(), (*name).to_string())).collect();
    assert_eq!(written, real);
}

#[test]
fn the_table_of_events_has_every_event_with_its_fields_in_order_and_no_other() {
    let page = chapter("10-messages.md");
    let written: Vec<_> =
        rows(section(&page, "Events")).into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    let names = |fields: &[(&str, &str)]| fields.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let real: Vec<_> =
        events::ALL.iter().map(|(name, fields)| ((*name).to_string(), names(fields))).collect();
    assert_eq!(written, real);
}

#[test]
fn every_code_that_a_page_mentions_exists() {
    let real: BTreeSet<_> = Error::all().iter().map(|(code, _)| *code).collect();
    for (path, text) in pages() {
        let unknown: Vec<_> = codes(&text).difference(&real).copied().collect();
        assert!(unknown.is_empty(), "{} mentions {unknown:?}", path.display());
    }
}

/// Names of the variants of an enum, as they stand in JSON.
fn variants(schema: &RootSchema) -> BTreeSet<String> {
    let subschemas = schema.schema.subschemas.as_ref().unwrap();
    let of = |schema: &Schema| {
        let Schema::Object(SchemaObject { object, enum_values, .. }) = schema else { return vec![] };
        let named = object.iter().flat_map(|object| object.required.clone());
        let plain = enum_values.iter().flatten().filter_map(|value| Some(value.as_str()?.to_string()));
        named.chain(plain).collect::<Vec<_>>()
    };
    subschemas.one_of.iter().flatten().flat_map(of).collect()
}

/// Names of the fields of a struct, those of the structs in it too.
fn fields(schema: &RootSchema) -> BTreeSet<String> {
    let inner = schema.definitions.values().map(|schema| match schema {
        Schema::Object(object) => object,
        Schema::Bool(_) => panic!("a definition without a type"),
    });
    let objects = inner.chain([&schema.schema]).filter(|schema| is_object(schema));
    let properties = objects.filter_map(|schema| schema.object.as_ref());
    properties.flat_map(|object| object.properties.keys().cloned()).collect()
}

fn is_object(schema: &SchemaObject) -> bool {
    matches!(&schema.instance_type, Some(SingleOrVec::Single(kind)) if **kind == schemars::schema::InstanceType::Object)
}

#[test]
fn every_message_query_hook_and_change_of_a_contract_stands_in_its_section() {
    let page = chapter("10-messages.md");
    let shared = section(&page, "Governance");
    let contracts = [
        (
            "Oracle",
            vec![schema_for!(oracle::ExecuteMsg), schema_for!(oracle::QueryMsg), schema_for!(oracle::Change)],
        ),
        (
            "Pool",
            vec![
                schema_for!(pool::ExecuteMsg),
                schema_for!(pool::QueryMsg),
                schema_for!(pool::Hook),
                schema_for!(pool::Change),
            ],
        ),
        (
            "Market",
            vec![
                schema_for!(market::ExecuteMsg),
                schema_for!(market::QueryMsg),
                schema_for!(market::Hook),
                schema_for!(market::Change),
            ],
        ),
        (
            "Liquidator",
            vec![
                schema_for!(liquidator::ExecuteMsg),
                schema_for!(liquidator::QueryMsg),
                schema_for!(liquidator::Hook),
                schema_for!(liquidator::Change),
            ],
        ),
        ("Lens", vec![schema_for!(lens::QueryMsg)]),
        (
            "Spot",
            vec![
                schema_for!(spot::ExecuteMsg),
                schema_for!(spot::QueryMsg),
                schema_for!(spot::Hook),
                schema_for!(spot::Change),
            ],
        ),
        (
            "Reserve",
            vec![
                schema_for!(reserve::ExecuteMsg),
                schema_for!(reserve::QueryMsg),
                schema_for!(reserve::Hook),
                schema_for!(reserve::Change),
            ],
        ),
        (
            "Balancer",
            vec![
                schema_for!(balancer::ExecuteMsg),
                schema_for!(balancer::QueryMsg),
                schema_for!(balancer::Hook),
            ],
        ),
        (
            "Orders",
            vec![schema_for!(orders::ExecuteMsg), schema_for!(orders::QueryMsg), schema_for!(orders::Hook)],
        ),
        (
            "Custody",
            vec![
                schema_for!(custody::ExecuteMsg),
                schema_for!(custody::QueryMsg),
                schema_for!(custody::Hook),
                schema_for!(custody::Change),
            ],
        ),
        (
            "Bonded",
            vec![
                schema_for!(bonded::ExecuteMsg),
                schema_for!(bonded::QueryMsg),
                schema_for!(bonded::Hook),
                schema_for!(bonded::Change),
            ],
        ),
        (
            "Event",
            vec![schema_for!(event::ExecuteMsg), schema_for!(event::QueryMsg), schema_for!(event::Hook)],
        ),
    ];
    for (contract, schemas) in &contracts {
        let own = section(&page, contract);
        let written: BTreeSet<_> =
            [shared, own].into_iter().flat_map(quoted).filter_map(|text| text.split(' ').next()).collect();
        let names: BTreeSet<_> = schemas.iter().flat_map(variants).collect();
        let missing: Vec<_> = names.iter().filter(|name| !written.contains(name.as_str())).collect();
        assert!(names.len() > 3 && missing.is_empty(), "{contract}: {missing:?}");

        // and back: the first cell of a row names something that there is
        let known: BTreeSet<_> = names.iter().map(String::as_str).collect();
        let listed = own.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
        let listed: BTreeSet<_> = listed
            .flat_map(quoted)
            .filter_map(|text| text.split(' ').next())
            .filter(|name| *name != "receive")
            .collect();
        let unknown: Vec<_> = listed.difference(&known).collect();
        assert!(unknown.is_empty(), "{contract} has no {unknown:?}");
    }
}

#[test]
fn every_parameter_of_every_contract_stands_in_the_tables() {
    let page = chapter("09-parameters.md");
    let written: BTreeSet<_> =
        quoted(&page).into_iter().map(|name| name.rsplit('.').next().unwrap_or(name)).collect();
    let schemas = [
        schema_for!(oracle::FeedConfig),
        schema_for!(oracle::CovarianceConfig),
        schema_for!(oracle::Measurement),
        schema_for!(oracle::FeedBreaker),
        schema_for!(board::Intervals),
        schema_for!(board::Staleness),
        schema_for!(pool::Params),
        schema_for!(pool::VaultConfig),
        schema_for!(market::Params),
        schema_for!(market::PerpConfig),
        schema_for!(liquidator::Params),
        schema_for!(liquidator::AuctionParams),
        schema_for!(liquidator::Limits),
        schema_for!(spot::Params),
        schema_for!(spot::SyntheticConfig),
        schema_for!(reserve::Params),
        schema_for!(reserve::TokenConfig),
        schema_for!(orders::Params),
        schema_for!(custody::Params),
        schema_for!(custody::TokenConfig),
        schema_for!(bonded::Params),
    ];
    for name in ["publishers", "quorum", "gap", "average_seconds", "sdusd_name", "sdusd_symbol"] {
        assert!(written.contains(name), "{name}");
    }
    // tokens and curves are enums whose variants have fields of their own
    let names: BTreeSet<_> = schemas.iter().flat_map(fields).filter(|name| name != "native").collect();
    let missing: Vec<_> = names.iter().filter(|name| !written.contains(name.as_str())).collect();
    assert!(names.len() > 50 && missing.is_empty(), "{missing:?}");
}

#[test]
fn every_key_of_the_built_in_manifest_stands_in_the_tables() {
    let page = chapter("09-parameters.md");
    let written = quoted(&page);
    let manifest = fs::read_to_string(root().join("packages/network/manifest.toml")).unwrap();
    let keys = manifest.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    let keys: BTreeSet<_> = keys.filter_map(|line| Some(line.split_once(" = ")?.0)).collect();
    let missing: Vec<_> = keys.difference(&written).collect();
    assert!(keys.len() > 50 && missing.is_empty(), "{missing:?}");
}

#[test]
fn every_link_leads_to_a_file_and_to_a_heading_in_it() {
    for (path, text) in pages() {
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.contains("://")) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            assert!(target.exists(), "{} links to {link}", path.display());
            let anchored = anchor.is_empty() || anchors(&target).contains(anchor);
            assert!(anchored, "{} links to {link}, which has no such heading", path.display());
        }
    }
}

/// Anchors of a page's headings as they are commonly derived: small letters, no punctuation, hyphens for spaces.
fn anchors(path: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(path).unwrap();
    let headings = text.lines().filter_map(|line| line.strip_prefix('#'));
    headings
        .map(|heading| {
            let plain = heading.trim_start_matches('#').trim().to_lowercase();
            let kept = plain.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.collect::<String>().replace(' ', "-")
        })
        .collect()
}
