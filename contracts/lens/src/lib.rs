//! The lens: what a pool's books say of its risk, for people and other contracts to ask. It reads the pool's records raw and runs the pool's
//! own sync on them, so its answers are what the next message would find. It has no messages, and the pool does not know it.

pub mod contract;
