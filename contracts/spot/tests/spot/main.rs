//! The synthetics through their messages and queries, one file a topic.
#![allow(clippy::unwrap_used, dead_code)]

mod committing;
mod funding;
mod governing;
mod paying;
mod round_trips;
mod settling;
mod shutting_down;
mod stage;
