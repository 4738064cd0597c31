//! The pool: collateral of all liquidity providers (LPs), the ledger of debt, the only right to mint sdUSD, credit lines of
//! markets, and the insurance fund. It never knows a trader's position: a market publishes what it owes as a function of
//! prices, and the pool evaluates that.
//!
//! Every message begins with [`sync`], which books what has happened since the last one, and then reads: who may · what
//! must hold · compute · save · tell. What a message may do is worked out read-only first, and the previews ask the same code.
//!
//! | module | idea |
//! |---|---|
//! | [`state`] | storage keys, and nothing else knows them |
//! | [`sync`], [`accept`] | what the markets owe now, and whom that concerns |
//! | [`losses`] | who takes what nobody's margin covers, and in what proportion withdrawals are paid while nobody has |
//! | [`credit`] | what the markets may still cost, and what is left beside it |
//! | [`position`] | one LP's collateral and debt; the identity that debt shares keep |
//! | [`deposit`], [`mint`], [`burn`], [`exit`] | what an LP does |
//! | [`draw`], [`seize`], [`sweep`] | what a market, the liquidator and anybody do |
//! | [`watch`], [`trip`], [`ceiling`] | what is allowed now: breakers, people who trip and reset, ceilings and depth that follow use |
//! | [`rules`], [`configure`], [`setup`] | what a configuration must satisfy, how it changes, how it begins |
//! | [`query`], [`audit`], [`lens`] | what can be asked: positions, the books, the risk |

pub mod accept;
pub mod audit;
pub mod burn;
pub mod ceiling;
pub mod configure;
pub mod contract;
pub mod credit;
pub mod deposit;
pub mod draw;
pub mod exit;
pub mod lens;
pub mod losses;
pub mod mint;
pub mod position;
pub mod query;
pub mod rules;
pub mod seize;
pub mod setup;
pub mod state;
pub mod sweep;
pub mod sync;
pub mod token;
pub mod trip;
pub mod watch;
