//! The judge of the tests: the whole protocol in exact rationals, from the formulas of the design and from what the
//! messages promise. It shares no code with the contracts.
//!
//! [`Model::apply`] takes one message and says whether a contract has to accept it, has to refuse it, or may do either
//! because both sides of a bound are within its rounding; and gives the state after it, in which every amount is a
//! [`Span`]: from it rounded as far as the design allows to the one side to it rounded as far to the other.
//! [`Model::check`] compares the spans with what a chain shows, and [`Model::rebase`] goes on from what it showed, so
//! that each message is judged by its own roundings and they never add up.

mod backstop;
mod bank;
mod bonded;
pub mod config;
mod custody;
#[cfg(test)]
mod fixture;
mod impact;
mod ledger;
mod liquidator;
mod listed;
mod market;
mod measure;
pub mod message;
mod model;
mod notes;
pub mod number;
pub mod observe;
mod oracle;
mod orders;
mod pool;
mod rational;
mod regime;
mod reserve;
mod shortfall;
mod span;
mod spot;
mod verdict;

pub use bank::{Bank, SDNOTE, SDUSD};
pub use bonded::{Desk, Funding, Record, Shown, DESK};
pub use custody::{Custody, CUSTODY};
pub use ledger::Ledger;
pub use liquidator::{Liquidator, LIQUIDATOR};
pub use market::{AccountKey, Market};
pub use model::{Hints, Model, Outcome};
pub use number::Q;
pub use observe::{Mismatch, Observed};
pub use oracle::{Oracle, Quote, Source};
pub use orders::{Fates, Orders, ORDERS};
pub use pool::{Following, Of, Pool, Recoveries, POOL};
pub use regime::{Regime, Trip};
pub use reserve::{Reserve, RESERVE};
pub use span::{Holds, Span};
pub use spot::{Spot, SPOT};
pub use verdict::{Test, Trial, NO_FUNDS};
