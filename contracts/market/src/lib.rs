//! The market: traders' cross-margin accounts, perpetual futures against the pool, orders and funding.
//!
//! It never learns who provides the pool's collateral and never mints. What it owes it publishes as the exposure record
//! ([`sdp_types::exposure::Exposure`]), which the pool evaluates by itself.
//!
//! Reading order: [`state`] (what is stored), [`books`] (what a message loads once and saves once), [`core`] (fills and
//! marks), then one file per message.

pub mod books;
pub mod commit;
pub mod configure;
pub mod contract;
pub mod core;
pub mod liquidate;
pub mod margin;
pub mod prices;
pub mod query;
pub mod settle;
pub mod shut_down;
pub mod state;
