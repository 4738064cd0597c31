//! The contract by its entry points, on the mocks of cosmwasm-std: [`desk`] plays the chain around it, and checks the
//! books after every message.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accounts;
mod backing;
mod counting;
mod desk;
mod flashing;
mod governing;
mod instantiating;
mod migrating;
mod noting;
mod querying;
mod resetting;
mod seizing;
mod taking;
mod withdrawing;
mod world;
