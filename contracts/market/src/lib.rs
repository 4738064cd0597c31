//! The market: traders' cross-margin accounts, perpetual futures against the pool, orders and funding.
//!
//! It never learns who provides the pool's collateral and never mints. What it owes it publishes as the exposure record
//! ([`sdp_types::exposure::Exposure`]), which the pool evaluates by itself.
//!
//! What is stored and how it is computed is in `packages/perps`; here is one file per message.

pub mod back;
pub mod commit;
pub mod configure;
pub mod contract;
pub mod delegate;
pub mod liquidate;
pub mod margin;
pub mod query;
pub mod settle;
pub mod shut_down;
