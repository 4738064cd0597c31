//! Every contract of a deployment goes to its next version with all that it has stored, and nowhere else.
//!
//! `scripts/build-wasm --version V --out target/wasm-next` makes the next version; `SDP_WASM_NEXT` says where else it is.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Binary};
use sdp_cosmos::{wasm, Cosmos};
use sdp_network::{ChainError, Code, Kind, Network};
use serde_json::Value;

use crate::common;
use crate::look::{assert_same, records};
use crate::stage;

const CODES: [Code; 6] =
    [Code::Oracle, Code::Pool, Code::Market, Code::Liquidator, Code::Spot, Code::Reserve];
const VERSION: &[u8] = b"contract_info";

#[test]
#[ignore = "needs a localnet"]
fn contracts_go_to_the_next_version_with_all_that_they_have_stored_and_nowhere_else() {
    let (mut chain, record) = stage::deployed(common::client(), "migrate", stage::manifest("migrate"));
    stage::busy(&mut chain);
    let owner = chain.manifest().roles.owner.clone();
    let old: Vec<_> = CODES.map(|code| record.codes[&code].id).to_vec();
    let new: Vec<_> = CODES.map(|code| stored(&chain, &next(code))).to_vec();
    let contracts: Vec<_> = CODES.map(|code| chain.contract(code.name()).unwrap()).to_vec();
    let before: Vec<_> = contracts.iter().map(|contract| version(&chain, contract)).collect();

    // nobody but the admin; not another contract; not the same version again
    let height = chain.block().unwrap().height;
    let then = records(&chain, height);
    for (n, contract) in contracts.iter().enumerate() {
        let stranger = migrate(&mut chain, "eve", contract, new[n]).unwrap_err();
        assert!(stranger.kind == Kind::Refused && stranger.text.contains("unauthorized"), "{stranger}");
        refused(&mut chain, &owner, contract, new[(n + 1) % new.len()]);
        refused(&mut chain, &owner, contract, old[(n + 3) % old.len()]);
        refused(&mut chain, &owner, contract, old[n]);
    }
    let latest = chain.block().unwrap().height;
    assert_same(&then, &records(&chain, latest));

    // all of them, one after the other: in between, versions work with each other
    for (n, contract) in contracts.iter().enumerate() {
        let done = migrate(&mut chain, &owner, contract, new[n]).unwrap();
        let stored = |height| without_version(&chain, CODES[n].name(), height);
        assert_same(&stored(done.height - 1), &stored(done.height));
        let info = chain.info(contract).unwrap().unwrap();
        assert_eq!((info.code.id, info.code.checksum), (new[n], checksum(&next(CODES[n]))));
        assert_eq!(
            chain.client().contract_info(contract.as_str()).unwrap().unwrap().admin,
            info.admin.map(Addr::into_string)
        );
        sdp_network::Actions::sync(&mut chain, "kim").unwrap();
    }
    let after: Vec<_> = contracts.iter().map(|contract| version(&chain, contract)).collect();
    for ((name, old), (same, new)) in before.iter().zip(&after) {
        assert!(name == same && old < new, "{name} {old:?}, {same} {new:?}");
    }

    // neither back nor again
    let height = chain.block().unwrap().height;
    let then = records(&chain, height);
    for (n, contract) in contracts.iter().enumerate() {
        refused(&mut chain, &owner, contract, old[n]);
        refused(&mut chain, &owner, contract, new[n]);
    }
    let latest = chain.block().unwrap().height;
    assert_same(&then, &records(&chain, latest));
    stage::use_everything(&mut chain);
}

/// All records but the version that a contract has in cw2.
fn without_version(
    chain: &Cosmos,
    contract: &str,
    height: u64,
) -> BTreeMap<String, BTreeMap<Vec<u8>, Vec<u8>>> {
    let mut all = records(chain, height);
    all.get_mut(contract).unwrap().remove(VERSION).unwrap();
    all
}

/// The wasm of a contract's next version.
fn next(code: Code) -> Vec<u8> {
    let path = common::next_builds().join(code.file());
    let shown = path.display();
    std::fs::read(&path).unwrap_or_else(|error| {
        panic!("{shown}: {error}; scripts/build-wasm --version 0.1.1 --out target/wasm-next makes it")
    })
}

fn checksum(wasm: &[u8]) -> String {
    wasm::checksum(wasm).unwrap().to_hex()
}

/// Number of a code, which is stored if the chain does not have it.
fn stored(chain: &Cosmos, wasm: &[u8]) -> u64 {
    let checksum = wasm::checksum(wasm).unwrap();
    let known = chain.client().codes().unwrap().into_iter().find(|code| code.checksum == checksum);
    known.map_or_else(|| chain.client().store_code("0", wasm, &stage::options()).unwrap(), |code| code.id)
}

fn migrate(
    chain: &mut Cosmos,
    sender: &str,
    contract: &Addr,
    code: u64,
) -> Result<sdp_network::Answer, ChainError> {
    chain.migrate(sender, contract, code, &Binary::from(b"{}"))
}

#[track_caller]
fn refused(chain: &mut Cosmos, sender: &str, contract: &Addr, code: u64) {
    let error = migrate(chain, sender, contract, code).unwrap_err();
    assert_eq!((error.code.as_deref(), &error.kind), (Some("E0108"), &Kind::Refused), "{error}");
}

/// Name and numbers of a version, as cw2 keeps them.
fn version(chain: &Cosmos, contract: &Addr) -> (String, Vec<u64>) {
    let bytes = chain.raw(contract, VERSION).unwrap().unwrap();
    let info: Value = serde_json::from_slice(&bytes).unwrap();
    let numbers = info["version"].as_str().unwrap().split('.').map(|part| part.parse().unwrap());
    (info["contract"].as_str().unwrap().to_string(), numbers.collect())
}
