//! The balancer: providers say at which ratio of collateral to debt they want to be kept, and anybody brings them there for a fee. It reads the
//! pool's records raw, plans by the pool's own code ([`plan`]), and acts by the pool's public messages only: what the pool would refuse it
//! refuses first. It holds nothing and has no owner; between two messages it has nothing but rules.
//!
//! | module | idea |
//! |---|---|
//! | [`set`], [`balance`], [`receive`] | a message each |
//! | [`plan`] | what a message does, read-only: previews ask the same |
//! | [`state`], [`messages`], [`query`] | keys, what it tells other contracts, answers |

pub mod balance;
pub mod contract;
pub mod messages;
pub mod plan;
pub mod query;
pub mod receive;
pub mod set;
pub mod state;
