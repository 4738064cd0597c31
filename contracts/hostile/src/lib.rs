//! A test double: a market that shows what it likes, sends what it likes, and in the middle of others' messages too. Nothing deploys it; tests
//! of bonded markets put it on a chain, the embedded one and a real one.

pub mod contract;
pub mod msg;
