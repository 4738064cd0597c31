//! A deployment on a real chain, set up as `real_chain.rs` says.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::time::Duration;

use cosmwasm_std::Coin;
use sdp_cosmos::{Client, Cosmos, Options};
use sdp_network::deploy::{verify, Progress};
use sdp_network::scenario::{Run, Scenario};
use sdp_network::{deploy, Actions, Deployment, Kind, Manifest, Message, Network};
use sdp_types::units::{Amount, Usd};

fn chain(manifest: Manifest) -> Cosmos {
    let client = common::client();
    let coin = Coin::new(1_u128, common::denom(&client));
    let options = Options { timeout: Duration::from_secs(60), ..Options::default() };
    let chain = Cosmos::new(client, manifest).with_builds(common::builds());
    chain.with_faucet("0", Some(coin)).with_options(options)
}

/// A record of a deployment whose name nobody has used.
fn record(client: &Client, manifest: &Manifest) -> Deployment {
    let mut record = Deployment::new(client.chain_id(), manifest.clone()).unwrap();
    record.name = format!("test-{}", common::unique());
    record
}

/// Deploys and counts the steps that sent something.
fn done(chain: &mut Cosmos, record: &mut Deployment) -> usize {
    let mut done = 0;
    deploy(chain, record, &mut |_, _, progress| {
        done += usize::from(matches!(progress, Progress::Done(answer) if answer.hash.is_some()));
        Ok(())
    })
    .unwrap();
    done
}

#[test]
#[ignore = "needs a localnet"]
fn a_manifest_is_deployed_once_and_people_use_it_by_name() {
    let manifest = Manifest::built_in().unwrap();
    let mut chain = chain(manifest.clone());
    let mut first = record(chain.client(), &manifest);
    let nothing = Deployment { ..first.clone() };
    let start = std::time::Instant::now();
    assert!(done(&mut chain, &mut first) >= 6);
    eprintln!("deployed in {:?}", start.elapsed());
    assert!(first.is_complete());

    // again with the record, and without it by the contracts' labels
    assert_eq!(done(&mut chain, &mut first.clone()), 0);
    let mut found = nothing;
    assert_eq!(done(&mut chain, &mut found), 0);
    assert_eq!(found.addresses(), first.addresses());
    assert_eq!(verify(&chain, &first).unwrap(), []);

    chain.publish_first_prices().unwrap();
    let amount = Amount::new(1_000_000_000);
    // of this test alone: others may be given coins meanwhile
    chain.give("amber", "ATOM", amount).unwrap();
    let before = chain.balance("amber", "ATOM").unwrap();
    let answer = chain.deposit("amber", "ATOM", amount, None).unwrap();
    assert!(answer.gas_used.unwrap() > 100_000 && answer.height > 0 && answer.hash.is_some());
    assert!(answer.told().all(|event| event.attributes.iter().all(|told| told.key != "msg_index")));
    assert_eq!(chain.balance("amber", "ATOM").unwrap().raw(), before.raw() - amount.raw());
    assert_eq!(chain.position("amber", "ATOM").unwrap().collateral, amount);
    assert_eq!(chain.name_of(chain.contract("market").unwrap().as_str()), Some("market"));
    chain.check().unwrap();

    let refused = chain.mint("amber", "ATOM", Usd::new(u64::MAX.into())).unwrap_err();
    assert_eq!((refused.kind.clone(), refused.at), (Kind::Refused, None), "{refused}");
    assert!(refused.code.unwrap().starts_with("E03"));
    assert_eq!(chain.health().unwrap(), chain.health().unwrap());
}

#[test]
#[ignore = "needs a localnet"]
fn a_transaction_is_done_whole_or_not_at_all() {
    let mut chain = chain(Manifest::built_in().unwrap());
    let denom = common::denom(chain.client());
    let to = chain.introduce("a new one").unwrap();
    let before = chain.coins(&to, &denom).unwrap();
    let coins = |amount: u128| Message::Send { to: to.clone(), coins: vec![Coin::new(amount, &denom)] };
    chain.send("faucet", &[coins(1), coins(2)]).unwrap();
    assert_eq!(chain.coins(&to, &denom).unwrap().raw(), before.raw() + 3);
    let refused = chain.send("faucet", &[coins(1), coins(u128::MAX)]).unwrap_err();
    assert_eq!(refused.kind, Kind::Refused);
    assert_eq!(chain.coins(&to, &denom).unwrap().raw(), before.raw() + 3);

    // with a gas limit a refusal has a block, and running out of gas is one
    for options in [Options::limit(200_000), Options::limit(52_000)] {
        let mut chain = self::chain(Manifest::built_in().unwrap()).with_options(options);
        let refused = chain.send("faucet", &[coins(1), coins(u128::MAX)]).unwrap_err();
        assert_eq!(refused.kind, Kind::Refused, "{refused}");
        let block = refused.at.unwrap();
        assert_eq!(chain.client().block_time(block.height).unwrap().seconds(), block.time);
    }
    assert_eq!(chain.coins(&to, &denom).unwrap().raw(), before.raw() + 3);
}

#[test]
#[ignore = "needs a localnet"]
fn a_scenario_plays_as_on_the_embedded_chain() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../network/scenarios/first_trade.json");
    let scenario = Scenario::read(file.as_ref()).unwrap();
    let manifest = Manifest::built_in().unwrap();
    // a limit, so that refusals have blocks
    let mut chain = chain(manifest.clone()).with_options(Options::limit(5_000_000));
    let mut record = record(chain.client(), &manifest);
    done(&mut chain, &mut record);
    for report in Run::new(scenario, &mut chain).unwrap() {
        assert!(report.ok && report.block.height > 0, "{report:?}");
    }
}
