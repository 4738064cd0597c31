//! Where the chain is that tests run against: what `scripts/localnet` writes into `network.env`.
#![allow(dead_code, reason = "each test binary uses its part")]

use std::path::{Path, PathBuf};

use sdp_cosmos::{Client, Keys};

/// A variable of the environment that has to be there: a test that tests nothing must not pass.
pub fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: `source DIR/network.env` first"))
}

/// A path that may be relative to the repository.
fn path(given: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(given)
}

/// The node's address.
pub fn node() -> String {
    std::env::var("SDP_NODE").unwrap_or_else(|_| variable("SDP_GRPC"))
}

/// Keys of which account 0 has plenty of coins.
pub fn keys() -> Keys {
    Keys::from_mnemonic_file(&path(&variable("SDP_MNEMONIC"))).unwrap()
}

/// A client of the node with those keys.
pub fn client() -> Client {
    Client::connect(&node()).unwrap().with_keys(keys())
}

/// A denom of which account 0 has plenty.
pub fn denom(client: &Client) -> String {
    let all = client.all_balances(&client.address("0").unwrap()).unwrap();
    all.iter().max_by_key(|coin| coin.amount).unwrap().denom.clone()
}

/// What `scripts/build-wasm` leaves.
pub fn builds() -> PathBuf {
    path(&std::env::var("SDP_WASM").unwrap_or_else(|_| "target/wasm".into()))
}

/// What `scripts/build-wasm --version … --out target/wasm-next` leaves.
pub fn next_builds() -> PathBuf {
    path(&std::env::var("SDP_WASM_NEXT").unwrap_or_else(|_| "target/wasm-next".into()))
}

/// The oracle's wasm.
pub fn wasm() -> Vec<u8> {
    let path = builds().join("oracle.wasm");
    let shown = path.display();
    std::fs::read(&path).unwrap_or_else(|error| panic!("{shown}: {error}; scripts/build-wasm makes it"))
}

/// The chain's binary and its home, whose keyring `test` has account 0 as `main`.
pub fn binary() -> sdp_cosmos::Binary {
    let (binary, home) = (path(&variable("WASMD")), path(&variable("SDP_WASMD_HOME")));
    sdp_cosmos::Binary { binary, home: Some(home), backend: "test".into() }
}

/// A number that no other test has.
pub fn unique() -> u128 {
    std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos()
}
