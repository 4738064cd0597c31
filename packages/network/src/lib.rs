//! Shared Debt Pools on any chain: the manifest of a deployment, the messages that people send, and scenarios, none of
//! which care which chain it is.
//!
//! - [`Network`] is what a chain can do. It has two implementations: the embedded chain and a real one over gRPC.
//! - [`Actions`] are the messages that people send, by name and in exact units, on any network.
//! - [`Backing`] are those of the backstop's depositors, [`Recovering`] those of buyers of recovery notes, [`Synthetics`] those of
//!   holders of synthetics, [`Swapping`] those at the par reserve, [`Balancers`] those of providers who are kept at a ratio,
//!   [`Conditionals`] those of traders whose orders wait for a price, [`TokenMargin`] those of traders whose margin is in tokens, [`Bonding`]
//!   those around bonded markets.
//! - [`Manifest`] is a deployment with every parameter.
//! - [`scenario`] runs scenario files.

pub mod actions;
mod adjust;
mod backing;
mod balancing;
mod bonding;
pub mod book;
mod closing;
mod conditional;
pub mod contributions;
pub mod decimal;
pub mod deploy;
pub mod error;
pub mod file;
pub mod manifest;
pub mod message;
pub mod names;
pub mod network;
mod prices;
pub mod recording;
mod recovering;
pub mod scenario;
mod swapping;
mod synthetic;
mod terms;
mod token_margin;

pub use actions::{Actions, FeedPrice};
pub use backing::Backing;
pub use balancing::Balancers;
pub use bonding::Bonding;
pub use book::{AccountBook, Payment};
pub use closing::{Closed, Closing};
pub use conditional::{Bracket, Conditionals};
pub use deploy::{deploy, Deployment};
pub use error::{ChainError, Kind};
pub use manifest::{Manifest, CUSTODY, DESK, SPOT};
pub use message::{events, Answer, Block, Code, Dispatched, Info, Message, New, Outgoing, Stored};
pub use names::Names;
pub use network::Network;
pub use recording::{Recorder, Recording};
pub use recovering::Recovering;
pub use swapping::Swapping;
pub use synthetic::Synthetics;
pub use token_margin::{TakeTokens, TokenMargin};

/// The account that hands out collateral: its CW20s it mints, and on a real chain it has the coins.
pub const FAUCET: &str = "faucet";
/// Tokens that contracts make for themselves, nobody their admin: the pool's dollar and the liquidator's recovery notes.
pub const TOKENS: [&str; 2] = ["sdusd", "sdnote"];
