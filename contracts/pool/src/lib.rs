//! The pool: collateral of all liquidity providers (LPs), the ledger of debt, the only right to mint sdUSD, credit lines of
//! markets, and the insurance fund. It never knows a trader's position: a market publishes what it owes as a function of
//! prices, and the pool evaluates that.
//!
//! Every message begins with a sync ([`sdp_book::sync`]), which books what has happened since the last one, and then reads: who may · what
//! must hold · compute · save · tell. What a message may do is worked out read-only first, and the previews ask the same code.
//!
//! | module | idea |
//! |---|---|
//! | [`deposit`], [`mint`], [`burn`], [`exit`], [`hand_over`] | what an LP does |
//! | [`draw`], [`seize`], [`redeem_notes`], [`sweep`], [`add_yield`] | what a market, the liquidator and anybody do |
//! | [`trip`], [`ceiling`] | what is allowed now: people who trip and reset, ceilings and depth that follow use |
//! | [`shut_down`], [`claim`] | the end: frozen prices, what is left and who gets what of it |
//! | [`rules`], [`configure`], [`setup`] | what a configuration must satisfy, how it changes, how it begins |
//! | [`query`], [`audit`] | what can be asked: positions, the books; the risk is the lens's |

pub mod add_yield;
pub mod audit;
pub mod burn;
pub mod ceiling;
pub mod claim;
pub mod configure;
pub mod contract;
pub mod deposit;
pub mod draw;
pub mod exit;
pub mod hand_over;
pub mod mint;
pub mod query;
pub mod redeem_notes;
pub mod rules;
pub mod seize;
pub mod setup;
pub mod shut_down;
pub mod sweep;
pub mod token;
pub mod trip;
