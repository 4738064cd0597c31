//! What two contracts of Shared Debt Pools must agree on: [`units`], the debt-share math ([`shares`], [`ledger`], [`product_sum`]), the
//! records that are read across contracts ([`board`], [`book`], [`exposure`]), and messages, events and errors.

pub mod balancer;
pub mod board;
pub mod bonded;
pub mod book;
pub mod contract;
pub mod custody;
mod decimal;
pub mod error;
pub mod estate;
pub mod event;
pub mod events;
pub mod exposure;
pub mod fields;
pub mod governance;
pub mod ledger;
pub mod lens;
pub mod liquidator;
pub mod market;
pub mod math;
pub mod oracle;
pub mod orders;
pub mod ownership;
pub mod packed;
pub mod pool;
pub mod product_sum;
pub mod record;
pub mod regime;
pub mod reserve;
mod rounding;
pub mod shares;
pub mod spot;
pub mod stability;
pub mod token;
pub mod units;
mod unsigned;

pub use error::{ensure, Error, Result};
pub use units::{AbsSize, Amount, Price, Rate, Ratio, Rounding, Shares, SignedRatio, SignedUsd, Size, Usd};
