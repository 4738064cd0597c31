//! The custody: traders' tokens as margin of accounts of one market. It publishes what the market needs to value them, lets them out as
//! far as the account keeps what it must, and sells them where an account without positions owes more than they count for. What an account
//! is worth it works out by the market's own code on the market's records, read raw; what it takes in for an account it pays in there as
//! anybody could. Each message touches one token: one whose code misbehaves is in nobody's way but of those who hold it.
//!
//! | module | idea |
//! |---|---|
//! | [`deposit`], [`withdraw`], [`sell`], [`take`], [`configure`] | a message each, or those of one thing |
//! | [`receive`] | the door of CW20s |
//! | [`account`] | the account as the market sees it now |
//! | [`sale`] | a sale that runs: pure |
//! | [`messages`], [`query`] | what it tells other contracts, answers |
//! | [`state`], [`params`] | keys, and what parameters have to be |

pub mod account;
pub mod configure;
pub mod contract;
pub mod deposit;
pub mod messages;
pub mod params;
pub mod query;
pub mod receive;
pub mod sale;
pub mod sell;
pub mod state;
pub mod take;
pub mod withdraw;
