//! The par reserve, through all contracts.
#![allow(clippy::unwrap_used, clippy::panic)]

mod flows;
mod losses;
mod peg;
mod run;
mod shut_down;
mod swaps;

use sdp_embedded::{Manifest, World};
use sdp_types::ledger::Ledger;
use sdp_types::units::Usd;

/// The default reserve, behind it `whale` with $10M of collateral and 1,000,000 sdUSD.
fn stage() -> World {
    stage_with(|_| {})
}

fn stage_with(change: impl FnOnce(&mut Manifest)) -> World {
    let mut world = empty(change);
    world.lp("whale").deposits(1_000_000, "ATOM").mints(1_000_000);
    world
}

/// Nobody has provided anything.
fn empty(change: impl FnOnce(&mut Manifest)) -> World {
    World::with(|manifest| {
        manifest.reserve = Manifest::with_default_reserve().unwrap().reserve;
        change(manifest);
    })
}

/// The ledger, after a sync.
fn ledger(world: &mut World) -> Ledger {
    use sdp_embedded::Actions;
    world.keeper("kim").syncs();
    world.audit().unwrap().ledger
}

/// Of USD as people write them.
fn usd(text: &str) -> Usd {
    sdp_embedded::decimal::usd(text).unwrap()
}
