//! What was recorded on one chain happens again on its twin, to the byte; what does not is found.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeMap;
use std::path::Path;

use cosmwasm_std::{instantiate2_address, Addr, Api, Checksum};
use cw_multi_test::MockApiBech32;
use sdp_embedded::scenario::{Run, Scenario};
use sdp_embedded::{Actions, Chain, Deviation, Kind, Network, Replay};
use sdp_network::deploy::{deploy, Deployment};
use sdp_network::recording::{Act, Log, Outcome, Recorder, RECORDING_VERSION};
use sdp_network::{Code, Message, Recording};

fn first_trade() -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../network/scenarios/first_trade.json");
    Scenario::read(&path).unwrap()
}

/// Deploys, waits in between as a chain would, and runs the scenario.
fn recorded() -> (Chain, Recording) {
    let scenario = first_trade();
    let mut chain = Chain::begin(scenario.manifest().unwrap()).unwrap();
    let mut deployment = Deployment::new(&chain.chain_id(), chain.manifest().clone()).unwrap();
    deploy(&mut chain, &mut deployment, &mut |_, _, _| Ok(())).unwrap();
    chain.advance(3);
    let log = Log::default();
    let mut recorder = Recorder::new(&mut chain, &log);
    let mut run = Run::new(scenario, &mut recorder).unwrap();
    log.belongs_to(None);
    for report in run.by_ref() {
        assert!(report.ok, "{report:?}");
        log.belongs_to(Some(report.step));
    }
    let start = run.start();
    let accounts = chain.accounts().clone();
    let recording =
        Recording { version: RECORDING_VERSION, deployment, accounts, start, entries: log.take() };
    (chain, recording)
}

fn deviations(recording: Recording) -> Vec<Deviation> {
    Replay::new(recording).unwrap().flat_map(Result::unwrap).collect()
}

#[test]
fn a_recording_happens_again_to_the_byte() {
    let (chain, recording) = recorded();
    assert!(recording.entries.len() > 20 && recording.start == chain.manifest().chain.start + 5);
    let mut replay = Replay::new(recording).unwrap();
    for deviations in replay.by_ref() {
        assert_eq!(deviations.unwrap(), []);
    }
    assert!(*replay.twin().store() == *chain.store());
    let (now, then) = (replay.twin().block().unwrap(), chain.block().unwrap());
    assert_eq!((now.time, replay.twin().deep_audit().unwrap()), (then.time, vec![]));
}

#[test]
fn each_way_in_which_something_comes_out_otherwise_is_found_with_its_step() {
    let (_, recording) = recorded();
    let changed = |change: &dyn Fn(&mut Recording) -> usize| {
        let mut recording = recording.clone();
        let entry = change(&mut recording);
        let found = deviations(recording);
        assert!(!found.is_empty());
        assert_eq!(found[0].entry, entry, "{found:?}");
        found[0].clone()
    };
    let find = |recording: &Recording, is: &dyn Fn(&Outcome) -> bool| {
        recording.entries.iter().position(|entry| is(&entry.outcome)).unwrap()
    };

    let found = changed(&|recording| {
        let told = |outcome: &Outcome| matches!(outcome, Outcome::Told { events } if events.len() > 1);
        let n = find(recording, &told);
        if let Outcome::Told { events } = &mut recording.entries[n].outcome {
            events[1].attributes[1].value.push('0');
        }
        n
    });
    assert!(found.what.starts_with("events[1]["), "{found}");

    let found = changed(&|recording| {
        let n = find(recording, &|outcome| matches!(outcome, Outcome::Answered { .. }));
        if let Outcome::Answered { answer } = &mut recording.entries[n].outcome {
            *answer = br#"{"difference": "1"}"#.into();
        }
        n
    });
    assert_eq!((found.what.as_str(), found.recorded), ("answer.difference", "1".into()));

    let found = changed(&|recording| {
        let n = find(recording, &|outcome| matches!(outcome, Outcome::Refused { .. }));
        if let Outcome::Refused { code, .. } = &mut recording.entries[n].outcome {
            *code = Some("E9999".into());
        }
        n
    });
    assert_eq!((found.what.as_str(), found.recorded), ("outcome", "refused: E9999".into()));

    // a message that came a minute later than it says is not the same message
    let mut later = recording.clone();
    let after = later.entries.iter_mut().filter(|entry| entry.step.is_some());
    after.for_each(|entry| entry.block.time += 600);
    let found = deviations(later).remove(0);
    assert_eq!(found.step, Some(0), "{found}");
}

#[test]
fn a_recording_comes_back_from_its_file_and_blocks_only_go_forward() {
    let (_, mut recording) = recorded();
    let path = std::env::temp_dir().join(format!("sdp-recording-{}.json", std::process::id()));
    recording.write(&path).unwrap();
    let read = Recording::read(&path);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(read.unwrap(), recording);
    recording.entries[0].block.time -= 600;
    let error = Replay::new(recording).unwrap().next().unwrap().unwrap_err();
    assert!(error.kind == Kind::Setup && error.text.contains("comes before"), "{error}");
}

/// A twin has the addresses of the other chain, also inside of what contracts store and tell.
#[test]
fn a_twin_of_a_chain_with_other_addresses_has_those() {
    let (_, mut recording) = recorded();
    let there = MockApiBech32::new("wasm");
    let mut moved: BTreeMap<Addr, Addr> = BTreeMap::new();
    for (name, contract) in &mut recording.deployment.contracts {
        let address = there.addr_make(&format!("contract {name}"));
        moved.insert(std::mem::replace(&mut contract.address, address.clone()), address);
    }
    // that of the pool's token follows from its code and the pool's
    let code = Checksum::from_hex(&recording.deployment.codes[&Code::Cw20].checksum).unwrap();
    let pool = there.addr_canonicalize(recording.deployment.contracts["pool"].address.as_str()).unwrap();
    let token = instantiate2_address(code.as_slice(), &pool, b"sdUSD").unwrap();
    let token = there.addr_humanize(&token).unwrap();
    let sdusd = recording.deployment.contracts.get_mut("sdusd").unwrap();
    for new in moved.values_mut().filter(|new| **new == sdusd.address) {
        *new = token.clone();
    }
    sdusd.address = token.clone();
    for (name, account) in &mut recording.accounts {
        *account = there.addr_make(name);
    }
    recording.deployment.chain_id = "wasmland-1".into();
    for entry in &mut recording.entries {
        match &mut entry.act {
            Act::Ask { contract, .. } => *contract = moved[contract].clone(),
            Act::Send { messages, .. } => {
                for message in messages {
                    if let Message::Execute { contract, .. } = message {
                        *contract = moved[contract].clone();
                    }
                }
            }
            Act::Give { .. } => {}
        }
    }
    let pool = recording.deployment.contracts["pool"].address.clone();
    let mut replay = Replay::new(recording).unwrap();
    assert_eq!(replay.twin().contract("pool").unwrap(), pool);
    assert_eq!(replay.twin().contract("sdusd").unwrap(), token);
    assert_eq!(replay.twin().chain_id(), "wasmland-1");
    let deposited = replay.by_ref().flat_map(Result::unwrap).find(|found| found.what.starts_with("events"));
    let deposited = deposited.unwrap();
    let (recorded, replayed) = (deposited.recorded.to_string(), deposited.replayed.to_string());
    assert!(recorded.contains("= sdp1") && replayed.contains("= wasm1"), "{deposited}");
    let audit = replay.twin().audit().unwrap();
    assert!(audit.difference.is_zero());
}
