//! A client of a CosmWasm chain over gRPC, for callers that are synchronous.
//!
//! [`Client`] asks the chain and sends it transactions; [`Keys`] signs them. A transaction is never sent twice: what can't
//! be known is an error that carries its hash. What contracts refuse comes back in their own words ([`Refusal`]).
//!
//! ```no_run
//! use sdp_cosmos::{bank, Client, Keys, Options};
//!
//! # fn main() -> sdp_cosmos::Result<()> {
//! let client = Client::connect("grpc://localhost:9090")?.with_keys(Keys::from_mnemonic_file("mnemonic.txt".as_ref())?);
//! let to = client.address("anna")?;
//! let coins = [cosmwasm_std::Coin::new(1_000_u128, "uatom")];
//! let outcome = client.broadcast("0", vec![bank::send(&client.address("0")?, &to, &coins)], &Options::default())?;
//! println!("{} in block {}, {} gas", outcome.hash, outcome.height, outcome.gas_used);
//! # Ok(())
//! # }
//! ```

pub mod bank;
mod binary;
mod broadcast;
mod client;
mod error;
mod flight;
mod gas;
pub mod gov;
mod keys;
mod network;
mod nodes;
mod outcome;
mod refusal;
mod submit;
mod tx;
pub mod wasm;

pub use binary::Binary;
pub use broadcast::Simulated;
pub use client::{Answer, Block, Client};
pub use cosmrs::Any;
pub use error::{Error, Result};
pub use gas::{Gas, GasPrice, Options};
pub use keys::Keys;
pub use network::Cosmos;
pub use outcome::Outcome;
pub use refusal::{Refusal, Stage};
