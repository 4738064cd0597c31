//! What contracts that trade against the pool have in common: the market of perpetuals and the synthetics price each other's skew, fill
//! at the same prices of the ring, and increase what the pool owes within the same limits.
//!
//! | module | idea |
//! |---|---|
//! | [`outside`] | what a message reads of other contracts |
//! | [`orders`] | which interval an order fills at |
//! | [`limits`] | premium caps, credit line and budgets of expected shortfall |
//! | [`payout`] | paying out of what is held, the rest drawn from the pool |
//! | [`table`] | a few entries by key |

pub mod limits;
pub mod orders;
pub mod outside;
pub mod payout;
pub mod table;

pub use outside::{Backing, Outside};
