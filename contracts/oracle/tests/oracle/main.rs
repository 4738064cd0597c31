//! Behaviour of the oracle, one file a topic. `common` builds an oracle for each test.

// helpers of tests panic where a test would
#![allow(clippy::unwrap_used, clippy::panic, clippy::float_arithmetic)]

mod breaker;
mod checked;
mod common;
mod composed;
mod deviation;
mod fallback;
mod freshness;
mod governance;
mod instantiate;
mod measure;
mod publish;
mod pull;
mod pyth;
mod rate;
mod ring;
mod sources;
