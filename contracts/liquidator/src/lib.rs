//! The liquidator: it executes liquidations that pool and market compute, and sells seized collateral.
//!
//! An LP position below its liquidation ratio is seized from the pool and sold in a Dutch auction, after the clipper of
//! MakerDAO's Liquidations 2.0: the price starts above the market and falls until somebody takes. Takers pay in sdUSD,
//! first the tab (the debt that was seized), then the penalty; what is left of the lot goes back to the owner of the
//! position. What the tab lacks when the lot is sold out is a shortfall, which the pool's waterfall meets.
//!
//! Before there is an auction the backstop buys: sdUSD that was put up ahead of time takes collateral at a fixed discount, in
//! the same message as the seizure, and its depositors share what it got.
//!
//! What nobody covers is sold, too: an auction of recovery notes takes sdUSD now for a claim on insurance's future income, from whoever
//! claims least.
//!
//! The contract burns what it is paid in the same message, except for what keepers get out of the penalty. So it holds
//! no sdUSD between messages but the backstop's and the bids for notes, and its [`Recoveries`](sdp_types::exposure::Recoveries) record, which the pool reads
//! raw, says at every moment what it has burnt: `recovered + penalties − tips + notes_paid`. A take never loads the pool.
//!
//! One file for each thing that somebody can do; [`contract`] only dispatches, and storage keys are known to `state`
//! alone.

mod absorb;
mod auction;
pub mod backstop;
mod claim;
mod configure;
pub mod contract;
mod deposit;
mod flag;
mod flash_take;
mod instantiate;
mod liquidate_accounts;
mod liquidate_position;
mod note_auctions;
mod notes;
mod params;
mod query;
mod receive;
mod redeem;
mod redo;
mod sale;
mod state;
mod take;
mod transfer;
mod withdraw;
