//! What a deployment has to stand on a real chain: nodes that die and come back, restarts and exports, every question by gRPC and
//! REST, refusals and too little gas, migrations. `ci/chain` runs all of it.
//!
//! ```sh
//! scripts/build-wasm && scripts/localnet up && source .sdp/localnet/network.env
//! cargo test -p sdp-cosmos --test chain -- --ignored
//! ```
//!
//! Tests that stop nodes start a network of their own by `scripts/localnet` and take it down, whatever happens.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;
mod localnet;
mod look;
mod stage;

mod errors;
mod four_validators;
mod hostile;
mod migrate;
mod out_of_gas;
mod queries;
mod restart;
