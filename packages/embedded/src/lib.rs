//! Shared Debt Pools on a chain inside the process: every contract deployed from a [`Manifest`] on cw-multi-test, an
//! account book, a clock, an audit after every message, and helpers that tests read by.
//!
//! - [`Chain`] has names, the clock, messages and queries by name, publishing of prices, audits, snapshots and files.
//! - [`actions`] are the messages that people send, by name and in exact units.
//! - [`World`] wraps a chain for tests: `world.lp("anna").deposits(1_000, "ATOM").mints(200)`.
//! - [`scenario`] runs scenario files.

pub mod actions;
pub mod audit;
pub mod book;
pub mod chain;
pub mod cost;
pub mod decimal;
mod deploy;
pub mod error;
pub mod manifest;
pub mod meter;
mod prices;
pub mod scenario;
pub mod state;
pub mod store;
pub mod world;

pub use audit::{Audits, Difference, Rule};
pub use book::{AccountBook, Payment};
pub use chain::{events, Chain, Snapshot};
pub use cw_multi_test::AppResponse;
pub use error::{ChainError, Kind};
pub use manifest::Manifest;
pub use world::World;
