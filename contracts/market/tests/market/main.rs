//! Behaviour of a market, one file a topic. `stage` sets one up for each test.

// helpers of tests panic where a test would
#![allow(clippy::unwrap_used, clippy::panic)]

mod fees;
mod hedges;
mod listing;
mod premium;
mod regimes;
mod sharing;
mod stage;
