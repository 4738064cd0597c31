//! What people do with the protocol, message by message, on the embedded chain. A deep audit follows every message.
// Helpers of tests: what fails there is the test's failure. Floats only derive expected orders of magnitude.
#![allow(clippy::unwrap_used, clippy::float_arithmetic)]

mod accounts;
mod auctions;
mod backstop;
mod balancing;
mod budgets;
mod cost;
mod deleveraging;
mod keepers;
mod losses;
mod notes;
mod orders;
mod poisoned;
mod providing;
mod pulling;
mod risk;
mod shut_down;
mod staked;
mod synthetics;
mod token_margin;
mod trading;
