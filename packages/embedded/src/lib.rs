//! Shared Debt Pools on a chain inside the process: every contract deployed from a [`Manifest`] on cw-multi-test, an
//! account book, a clock, an audit after every message, and helpers that tests read by.
//!
//! - [`Chain`] is a [`Network`] with a clock that is set by hand, audits after each message, snapshots and files.
//! - [`actions`] are the messages that people send, by name and in exact units.
//! - [`World`] wraps a chain for tests: `world.lp("anna").deposits(1_000, "ATOM").mints(200)`.
//! - [`Chain::replay_of`] makes the twin of a deployment on another chain, [`Replay`] does again what was recorded there.

pub mod audit;
pub mod chain;
pub mod cost;
mod deploy;
mod double;
pub mod host;
pub mod incident;
pub mod meter;
mod network;
pub mod replay;
pub mod state;
pub mod store;
mod without;
pub mod world;

pub use audit::{Audits, Difference, Rule};
pub use chain::{Chain, Snapshot};
pub use incident::{Play, Replayed};
pub use replay::{Deviation, Replay};
pub use sdp_network::{actions, book, contributions, decimal, error, manifest, scenario};
pub use sdp_network::{
    events, AccountBook, Actions, Answer, Backing, Balancers, Bonding, Bracket, ChainError, Conditionals,
    Kind, Manifest, Network, Payment, Recovering, Swapping, Synthetics, TakeTokens, TokenMargin, CUSTODY,
    DESK, FAUCET, SPOT,
};
pub use world::World;
