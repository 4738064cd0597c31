//! What people do with the protocol, message by message, on the embedded chain. A deep audit follows every message.
// Helpers of tests: what fails there is the test's failure. Floats only derive expected orders of magnitude.
#![allow(clippy::unwrap_used, clippy::float_arithmetic)]

mod accounts;
mod auctions;
mod backstop;
mod balancing;
mod budgets;
mod cost;
mod deleveraging;
mod keepers;
mod losses;
mod notes;
mod orders;
mod poisoned;
mod providing;
mod pulling;
mod risk;
mod shut_down;
mod staked;
mod synthetics;
mod token_margin;
mod trading;

use sdp_embedded::error::Result;
use sdp_embedded::World;

/// It is refused with this code and changes nothing.
#[track_caller]
fn refused<T: core::fmt::Debug>(world: &mut World, code: &str, act: impl FnOnce(&mut World) -> Result<T>) {
    let before = world.store().clone();
    let error = act(world).unwrap_err();
    assert_eq!(error.code.as_deref(), Some(code), "{error}");
    assert!(*world.store() == before, "a refusal changed something");
}
