//! Synthetic assets: tokens that owe a quantity of an asset, bought and sold for sdUSD against the pool.
//!
//! To the pool it is a market like the others: it publishes the exposure record ([`sdp_types::exposure::Exposure`]), keeps what it was paid,
//! and draws where it holds too little. Its quantities and those of the perpetuals add up in one exposure, so the two price each other's
//! skew.
//!
//! Reading order: [`state`] (what is stored), [`core`] (quantities and prices), [`books`] (what a message loads once and saves once), then
//! one file per message.

pub mod books;
pub mod cancel;
pub mod collect;
pub mod commit;
pub mod configure;
pub mod contract;
pub mod core;
pub mod funding;
pub mod query;
pub mod receive;
pub mod redeem;
pub mod settle;
pub mod shut_down;
pub mod state;
pub mod sweep;
mod validate;
