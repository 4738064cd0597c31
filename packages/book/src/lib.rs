//! What the pool stores and what a sync makes of it. The pool books it, the lens shows it; nothing here sends or decides who may.
//!
//! | module | idea |
//! |---|---|
//! | [`state`] | storage keys, and nothing else knows them |
//! | [`sync`], [`accept`] | what the markets owe now, and whom that concerns |
//! | [`losses`] | who takes what nobody's margin covers, and in what proportion withdrawals are paid while nobody has |
//! | [`credit`] | what the markets may still cost, and what is left beside it |
//! | [`position`] | one LP's collateral and debt; the identity that debt shares keep |
//! | [`watch`], [`ceiling`] | breakers, and ceilings that follow use |
//! | [`estate`] | what is left since it was shut down |
//! | [`mint`], [`exit`] | what bounds a mint, and what an exit pays |
//! | [`query`], [`lens`] | what is told of it, and what it says of the risk |
//! | [`remote`] | the pool's storage as the lens sees it |

pub mod accept;
pub mod ceiling;
pub mod credit;
pub mod estate;
pub mod exit;
pub mod lens;
pub mod losses;
pub mod mint;
pub mod position;
pub mod query;
pub mod remote;
pub mod state;
pub mod sync;
pub mod watch;
