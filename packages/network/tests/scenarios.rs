//! The scenario files leave out nothing: between them they send every message of every contract, every message inside a CW20
//! `send`, every change and every step of a transfer of ownership, and ask every question. What there is is read from
//! `schema/`; the messages inside a `send` have no schema there, so theirs is of their types.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cosmwasm_schema::schema_for;
use sdp_network::scenario::Scenario;
use sdp_types::{balancer, bonded, custody, event, liquidator, market, orders, pool, reserve, spot};
use serde_json::Value;

const CONTRACTS: [&str; 8] =
    ["oracle", "pool", "market", "liquidator", "spot", "reserve", "custody", "bonded"];

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

/// Those that are played on a real chain too.
fn scenarios() -> Vec<(PathBuf, Scenario)> {
    within(directory())
}

fn within(directory: PathBuf) -> Vec<(PathBuf, Scenario)> {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.map(|path| (path.clone(), Scenario::read(&path).unwrap())).collect()
}

/// The names of an enum's variants.
fn variants(schema: &Value) -> Vec<String> {
    let branches = schema["oneOf"].as_array().unwrap();
    let names = branches.iter().flat_map(|branch| {
        let with_fields =
            branch["properties"].as_object().into_iter().flat_map(|fields| fields.keys().cloned());
        let plain = branch["enum"].as_array().into_iter().flatten().map(|name| name.as_str().unwrap().into());
        with_fields.chain(plain).collect::<Vec<String>>()
    });
    names.collect()
}

/// The schema of a contract.
fn of(contract: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../schema/{contract}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// `pool execute mint`, `market change add_perp`, …: all that there is.
fn all() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut add = |contract: &str, kind: &str, schema: &Value| {
        let names = variants(schema);
        assert!(!names.is_empty(), "{contract} {kind}");
        all.extend(names.into_iter().map(|name| format!("{contract} {kind} {name}")));
    };
    for contract in CONTRACTS {
        let schema = of(contract);
        add(contract, "execute", &schema["execute"]);
        add(contract, "query", &schema["query"]);
        add(contract, "change", &schema["execute"]["definitions"]["Change"]);
        // the same code in all of them
        add("any", "ownership", &schema["execute"]["definitions"]["Action"]);
    }
    // it has nothing but questions
    add("lens", "query", &of("lens")["query"]);
    // they have no owner, so nothing of them changes
    add("balancer", "execute", &of("balancer")["execute"]);
    add("balancer", "query", &of("balancer")["query"]);
    add("orders", "execute", &of("orders")["execute"]);
    add("orders", "query", &of("orders")["query"]);
    add("event", "execute", &of("event")["execute"]);
    add("event", "query", &of("event")["query"]);
    let hook = |schema| serde_json::to_value(schema).unwrap();
    add("pool", "hook", &hook(schema_for!(pool::Hook)));
    add("market", "hook", &hook(schema_for!(market::Hook)));
    add("liquidator", "hook", &hook(schema_for!(liquidator::Hook)));
    add("spot", "hook", &hook(schema_for!(spot::Hook)));
    add("reserve", "hook", &hook(schema_for!(reserve::Hook)));
    add("balancer", "hook", &hook(schema_for!(balancer::Hook)));
    add("orders", "hook", &hook(schema_for!(orders::Hook)));
    add("custody", "hook", &hook(schema_for!(custody::Hook)));
    add("bonded", "hook", &hook(schema_for!(bonded::Hook)));
    add("event", "hook", &hook(schema_for!(event::Hook)));
    all
}

fn name(message: &Value) -> String {
    match message {
        Value::String(name) => name.clone(),
        message => message.as_object().unwrap().keys().next().unwrap().clone(),
    }
}

/// What the steps of a scenario send and ask. A message that is sent only to be refused does not count where it could be done:
/// `receive`, `draw`, `seize`, `redeem_notes`, `liquidate`, `set_backed`, `push` and `request_draw` are sent by contracts, a flash take needs one
/// and is paid by it, and all are only refused in a file.
fn sent(scenario: &Scenario, sent: &mut BTreeSet<String>) {
    for step in &scenario.steps {
        if let Some(query) = &step.query {
            sent.insert(format!("{} query {}", query.to, name(&query.msg)));
        }
        let (Some(to), Some(msg)) = (&step.to, &step.execute) else { continue };
        let variant = name(msg);
        let by_contracts = [
            "receive",
            "draw",
            "seize",
            "redeem_notes",
            "liquidate",
            "set_backed",
            "flash_take",
            "push",
            "request_draw",
        ]
        .contains(&variant.as_str());
        // only a pool that is not open can be opened, a market has one custody, and `deploy` has done both
        let deployed = variant == "open" || msg.pointer("/configure/change/set_custody").is_some();
        let done = step.fails_with.is_none() || by_contracts || deployed;
        let hook = msg.pointer("/send/msg/@binary").map(name);
        // inside of a flash take, whose callee is a contract of its own
        if hook.as_deref() == Some("pay") {
            sent.insert("liquidator hook pay".into());
        }
        if !done {
            continue;
        }
        sent.insert(format!("{to} execute {variant}"));
        let inside = match variant.as_str() {
            "configure" => Some(format!("{to} change {}", name(&msg["configure"]["change"]))),
            "update_ownership" => Some(format!("any ownership {}", name(&msg["update_ownership"]))),
            "send" => {
                let (contract, hook) = (&msg["send"]["contract"], &msg["send"]["msg"]["@binary"]);
                let contract = contract.as_str().unwrap().trim_start_matches('@');
                Some(format!("{contract} hook {}", name(hook)))
            }
            _ => None,
        };
        sent.extend(inside);
    }
}

#[test]
fn between_them_they_send_and_ask_everything_that_there_is() {
    let mut sent_by_any = BTreeSet::new();
    // what takes days is only played on the embedded chain
    for (_, scenario) in scenarios().into_iter().chain(within(directory().join("long"))) {
        sent(&scenario, &mut sent_by_any);
    }
    let all = all();
    let missing: Vec<_> = all.difference(&sent_by_any).collect();
    assert!(missing.is_empty(), "in no scenario: {missing:#?}");
    assert!(all.len() > 100, "{}", all.len());
}

#[test]
fn there_are_at_least_ten_and_each_takes_less_than_two_minutes() {
    let scenarios = scenarios();
    assert!(scenarios.len() >= 10);
    for (path, scenario) in scenarios {
        scenario.check(&scenario.manifest().unwrap()).unwrap();
        let (seconds, shown) = (scenario.steps.last().unwrap().at, path.display());
        assert!(seconds < 90, "{shown} takes {seconds} s, and a real chain comes a little later");
        let asserts = scenario.steps.iter().filter(|step| step.expect.is_some() || step.fails_with.is_some());
        assert!(asserts.count() >= 3, "{shown} expects next to nothing");
    }
}
