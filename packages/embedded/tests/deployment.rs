//! A deployment goes on where it stopped, does nothing twice, and notices what is not as the manifest says.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use sdp_embedded::manifest::{Bonded, EventMarket, Spot};
use sdp_embedded::{Actions, Chain, ChainError, Kind, Manifest, Network};
use sdp_network::decimal::Dollars;
use sdp_network::deploy::{deploy, migratable, migrate, verify, Progress, Step};
use sdp_network::{Deployment, Stored};
use sdp_types::pool::{Ceiling, Ceilinged, Change, ExecuteMsg};
use sdp_types::{SignedUsd, Usd};

/// Two markets, CW20s and coins, accounts that hold both, and a desk with an example of a bonded market.
fn manifest() -> Manifest {
    let text = format!("{}\n[accounts.anna]\nATOM = \"1.5\"\nETH = \"0.25\"\n", Manifest::BUILT_IN);
    let mut manifest = Manifest::parse(&text).unwrap();
    let mut second = manifest.markets[0].clone();
    second.name = "second".into();
    second.perps.truncate(1);
    manifest.markets.push(second);
    manifest.spot = Some(spot());
    let event = EventMarket {
        name: "event".into(),
        author: "anna".into(),
        feed: "BTC".into(),
        strike: "60000".parse().unwrap(),
        lasts: 3_600,
        window: 600,
        yes_price: "0.5".parse().unwrap(),
        spread: "0.02".parse().unwrap(),
    };
    let bonded = Manifest::with_default_desk().unwrap().bonded.unwrap();
    manifest.bonded = Some(Bonded { events: vec![event], ..bonded });
    manifest
}

/// Two synthetics, one that carries funding and one that carries none, whose line follows what they cost.
fn spot() -> Spot {
    let spot: Spot =
        serde_json::from_str(include_str!("../../network/tests/fixtures/synthetics.json")).unwrap();
    let ceiling = serde_json::json!({"max": "2_000_000", "gap": "1_000_000", "ttl": 28_800});
    let ceiling = Some(serde_json::from_value(ceiling).unwrap());
    Spot { line: Dollars(Usd::whole(2_000_000)), ceiling, ..spot }
}

fn begun() -> (Chain, Deployment) {
    let chain = Chain::begin(manifest()).unwrap();
    let record = Deployment::new(&chain.chain_id(), manifest()).unwrap();
    (chain, record)
}

fn deployed() -> (Chain, Deployment) {
    let (mut chain, mut record) = begun();
    deploy(&mut chain, &mut record, &mut |_, _, _| Ok(())).unwrap();
    (chain, record)
}

/// Deploys, and is cut off right after that many steps; what was recorded by then, and by the step before.
fn cut_off(after: usize) -> (Chain, Deployment, Deployment) {
    let (mut chain, mut record) = begun();
    let (mut last, mut before, mut steps) = (record.clone(), record.clone(), 0);
    let error = deploy(&mut chain, &mut record, &mut |record, _, _| {
        before = std::mem::replace(&mut last, record.clone());
        steps += 1;
        if steps == after {
            Err(ChainError::setup("cut off"))
        } else {
            Ok(())
        }
    });
    assert_eq!(error.unwrap_err().text, "cut off");
    (chain, last, before)
}

#[test]
fn a_deployment_that_is_complete_is_only_looked_at() {
    let (mut chain, mut record) = deployed();
    assert!(record.is_complete());
    let (store, messages, before) = (chain.store().clone(), chain.messages(), record.clone());
    let mut all = Vec::new();
    deploy(&mut chain, &mut record, &mut |_, step, progress| {
        all.push((step.name(), progress.clone()));
        Ok(())
    })
    .unwrap();
    assert!(all.iter().all(|(_, progress)| *progress == Progress::There), "{all:?}");
    assert_eq!(all.len(), Step::all(chain.manifest()).len());
    assert!(*chain.store() == store && record == before);
    assert_eq!(chain.messages(), messages);
    assert_eq!(verify(&chain, &record).unwrap(), []);
}

#[test]
fn cut_off_after_any_step_it_goes_on_whether_or_not_that_step_was_recorded() {
    let steps = Step::all(&manifest());
    let (whole, _) = deployed();
    for after in 1..=steps.len() {
        let (chain, last, before) = cut_off(after);
        let lost = Deployment::new(&chain.chain_id(), manifest()).unwrap();
        for (name, mut record) in [("kept", last), ("one behind", before), ("lost", lost)] {
            let (mut chain, ..) = cut_off(after);
            deploy(&mut chain, &mut record, &mut |_, _, _| Ok(())).unwrap();
            assert!(*chain.store() == *whole.store(), "{name} after {after} steps: {:?}", steps[after - 1]);
            assert_eq!(verify(&chain, &record).unwrap(), [], "{name} after {after} steps");
            assert_eq!(chain.contracts(), whole.contracts(), "{name} after {after} steps");
            assert!(record.is_complete());
        }
    }
}

#[test]
fn the_record_comes_back_from_its_file() {
    let (_, record) = deployed();
    let path = std::env::temp_dir().join(format!("sdp-deployment-{}.json", std::process::id()));
    record.write(&path).unwrap();
    let read = Deployment::read(&path);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(read.unwrap(), record);
    let missing = Deployment::read(&path).unwrap_err();
    assert!(format!("{missing:#}").starts_with(&format!("deployment {}", path.display())), "{missing:#}");
}

#[test]
fn a_record_of_another_chain_or_manifest_is_refused() {
    let (mut chain, record) = deployed();
    let mut refused = |change: fn(&mut Deployment), text: &str| {
        let mut other = record.clone();
        change(&mut other);
        let error = deploy(&mut chain, &mut other, &mut |_, _, _| Ok(())).unwrap_err();
        assert!(error.kind == Kind::Setup && error.text.contains(text), "{error}");
    };
    refused(|record| record.chain_id = "moon-1".into(), "the deployment is of `moon-1`");
    refused(|record| record.manifest.roles.quorum = 3, "not the one that this deployment was begun with");
    refused(
        |record| record.contracts.get_mut("pool").unwrap().address = cosmwasm_std::Addr::unchecked("sdp1x"),
        "pool: no contract at sdp1x",
    );
    refused(|record| record.contracts.get_mut("second").unwrap().code.id = 9, "second runs code 3");
    let other = |record: &mut Deployment| {
        record.codes.values_mut().for_each(|stored| *stored = Stored { id: 1, checksum: "00".into() });
    };
    refused(other, "oracle.wasm is another build");
}

#[test]
fn each_entry_that_governance_changed_is_found_beside_what_the_manifest_says() {
    let (mut chain, record) = deployed();
    let guardian = chain.manifest().roles.guardian.clone().unwrap();
    let mut params = chain.manifest().pool_params();
    params.exit_delay = 86_401;
    let ceiling = Ceiling { gap: Usd::whole(1), ..chain.manifest().pool.ceiling.unwrap().ceiling() };
    let set = Change::SetCeiling { of: Ceilinged::Supply {}, ceiling: Some(ceiling) };
    chain.publish_first_prices().unwrap();
    for change in [Change::Params { params }, set] {
        chain.execute(&guardian, "pool", &ExecuteMsg::Configure { change }, &[]).unwrap();
    }
    let found: Vec<_> = verify(&chain, &record).unwrap().iter().map(ToString::to_string).collect();
    let expected = [
        "pool: config.params.exit_delay is 86401, should be 86400",
        "pool: ceiling of supply.gap is \"1000000\", should be \"1000000000000\"",
    ];
    assert_eq!(found, expected);
}

#[test]
fn where_a_ceiling_was_adjusted_to_is_no_deviation() {
    let (mut chain, record) = deployed();
    chain.publish_first_prices().unwrap();
    // supply and three vaults fall from 10 million to a gap of a million, the synthetics' line from two; both markets' lines are there
    assert_eq!(chain.adjust_all("kim").unwrap().len(), 5);
    let ceilings = chain.ceilings().unwrap();
    assert!(ceilings.iter().all(|entry| entry.line == SignedUsd::new(1_000_000_000_000)), "{ceilings:?}");
    assert_eq!(verify(&chain, &record).unwrap(), []);
    assert!(chain.adjust_all("kim").unwrap().is_empty());
}

#[test]
fn what_runs_the_build_at_hand_is_not_migrated_and_tokens_never_are() {
    let (mut chain, mut record) = deployed();
    let all = [
        "oracle",
        "pool",
        "liquidator",
        "lens",
        "market",
        "second",
        "spot",
        "balancer",
        "orders",
        "second-orders",
        "custody",
        "bonded",
        "event",
    ];
    assert_eq!(migratable(&record), all);
    for name in migratable(&record) {
        assert_eq!(migrate(&mut chain, &mut record, &name).unwrap(), Progress::There);
    }
    for name in ["ETH", "sdusd", "nobody"] {
        assert_eq!(migrate(&mut chain, &mut record, name).unwrap_err().kind, Kind::Setup, "{name}");
    }
    // the same version once more is no migration, and a stranger's would be none either
    let pool = chain.contract("pool").unwrap();
    let error = chain.migrate("owner", &pool, 2, &b"{}".into()).unwrap_err();
    assert_eq!(error.code.as_deref(), Some("E0108"), "{error}");
    assert!(chain.migrate("anna", &pool, 2, &b"{}".into()).is_err());
}

#[test]
fn a_label_longer_than_a_salt_is_refused_before_anything_is_sent() {
    let (mut chain, mut record) = begun();
    record.name = "x".repeat(61);
    let error = deploy(&mut chain, &mut record, &mut |_, _, _| Ok(())).unwrap_err();
    assert!(error.text.contains("has 65 bytes, at most 64"), "{error}");
    assert_eq!(chain.messages(), 0);
}
