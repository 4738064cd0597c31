//! Behaviour of the pool, one file a topic. `common` builds a pool for each test.

// helpers of tests panic where a test would
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod breakers;
mod ceilings;
mod common;
mod exits;
mod governance;
mod handing_over;
mod lens;
mod liquidation;
mod losses;
mod lp;
mod markets;
mod notes;
mod properties;
mod shut_down;
mod stability;
mod yields;
