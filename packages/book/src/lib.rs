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
//! | [`lens`] | what it says of the risk |

pub mod accept;
pub mod ceiling;
pub mod credit;
pub mod estate;
pub mod lens;
pub mod losses;
pub mod position;
pub mod state;
pub mod sync;
pub mod watch;
