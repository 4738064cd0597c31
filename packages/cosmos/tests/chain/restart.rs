//! A node that is started again from its folder, and a network that begins from an exported genesis, serve what was there before.

use cosmwasm_std::Timestamp;
use sdp_cosmos::{Client, Cosmos};
use sdp_network::{Manifest, Names, Network};

use crate::localnet::Localnet;
use crate::look::{answers, assert_same, questions, raw_records_decode, records};
use crate::stage;

#[test]
#[ignore = "starts networks of its own"]
fn what_was_there_is_served_by_a_node_that_was_restarted_and_by_a_network_from_an_export() {
    let mut net = Localnet::up(1);
    let (mut chain, _) = stage::deployed(net.client(&[0]), "restart", stage::manifest("restart"));
    stage::busy(&mut chain);
    let (manifest, names) = (chain.manifest().clone(), chain.names().clone());
    let height = chain.block().unwrap().height;
    let questions = questions(&chain);
    let before = (answers(&chain, &questions, height), records(&chain, height));

    net.down();
    let mut genesis = net.export();
    let end = genesis["initial_height"].as_u64().unwrap() - 1;
    net.up_again();
    let chain = chain_of(net.client(&[0]), &manifest, &names);
    let after = (answers(&chain, &questions, height), records(&chain, height));
    assert_same(&before.0, &after.0);
    assert_same(&before.1, &after.1);
    let latest = chain.block().unwrap();
    assert!(latest.height > end, "it goes on: {latest:?}, {end}");
    // a few blocks later, and nobody has sent anything
    assert_same(&before.1, &records(&chain, latest.height));
    assert_eq!(balances(&chain), balances(&chain_of(net.client(&[0]), &manifest, &names)));

    // The first block of a new network has the time of its genesis: with the last one's time there, even ages are the same.
    let last = (answers(&chain, &questions, end), records(&chain, end));
    let held = balances(&chain);
    let time = chain.client().block_time(end).unwrap();
    genesis["genesis_time"] = rfc3339(time).into();
    let file = net.path().join("genesis.json");
    std::fs::write(&file, serde_json::to_vec(&genesis).unwrap()).unwrap();
    let new = Localnet::up_from(&file, &net);
    drop(net);
    let mut chain = chain_of(new.client(&[0]), &manifest, &names).with_audits(true);
    assert_eq!(chain.client().block_time(end + 1).unwrap(), time);
    assert_same(&last.0, &answers(&chain, &questions, end + 1));
    assert_same(&last.1, &records(&chain, end + 1));
    assert_eq!(held, balances(&chain));
    raw_records_decode(&chain);
    stage::use_everything(&mut chain);
}

fn chain_of(client: Client, manifest: &Manifest, names: &Names) -> Cosmos {
    let chain = Cosmos::new(client, manifest.clone()).with_names(names.clone());
    chain.with_faucet("0", None).with_options(stage::options())
}

/// Coins of everybody who is known, contracts too.
fn balances(chain: &Cosmos) -> Vec<String> {
    let known = chain.names().contracts().iter().chain(chain.names().accounts());
    let known = known.filter(|(name, _)| *name != sdp_network::FAUCET);
    let coins = |address| chain.client().all_balances(address).unwrap();
    known.map(|(name, address)| format!("{name}: {:?}", coins(address.as_str()))).collect()
}

/// As in a genesis: `2026-11-26T01:02:03.456789012Z`.
fn rfc3339(time: Timestamp) -> String {
    let seconds = i64::try_from(time.seconds()).unwrap();
    let time = time::OffsetDateTime::from_unix_timestamp(seconds).unwrap()
        + std::time::Duration::from_nanos(time.subsec_nanos());
    time.format(&time::format_description::well_known::Rfc3339).unwrap()
}
