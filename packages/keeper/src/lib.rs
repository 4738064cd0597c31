//! A keeper: it watches a chain block by block, finds what is due, asks the chain what doing it would bring, and does what pays.
//!
//! - [`Keeper`] goes through a block: [`work`] finds jobs, the chain itself says by a preview what each would do and take, and those
//!   worth it are sent together.
//! - [`index`] keeps accounts and positions by their distance to liquidation, so that a block looks at those few which prices can have
//!   reached.
//! - [`share`] says who of several keepers acts first, without their knowing each other.
//! - [`journal`] remembers across a crash what has been spent of a budget.
//!
//! It holds nothing that a chain does not tell it again: killed at any moment and started anew, it finds the same work. What it has sent
//! before is in a block or never will be, which it waits to know first.

pub mod config;
pub mod index;
pub mod job;
pub mod journal;
pub mod keeper;
pub mod share;
pub mod tally;
pub mod work;
mod worth;

pub use config::Config;
pub use job::{Job, Kind};
pub use journal::Journal;
pub use keeper::{Keeper, Round};
pub use tally::Tally;
