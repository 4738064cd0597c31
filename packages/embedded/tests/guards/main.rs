//! What strangers, attackers and nonsense can do: nothing.
// Helpers of tests, which clippy does not take for tests.
#![allow(clippy::unwrap_used, clippy::panic)]

mod delegates;
mod extremes;
mod false_token;
mod incidents;
mod loops;
mod pumping;
mod random;
mod reentry;
mod schema;
mod stage;
mod strangers;
mod table;
mod tripping;
