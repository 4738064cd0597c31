//! The contracts against the reference model: sequences of all messages of all contracts by providers, traders, keepers,
//! strangers and those who govern, under prices that move, stop, jump and come back. After each message the audit balances,
//! the contract's verdict is the model's (or both sides of the bound are within its rounding), and every amount is where the
//! model says.
//!
//! `SDP_SEQUENCES` (500), `SDP_LENGTH` (60 messages, prices not counted) and `SDP_SEED` (0) set how much is tried, and what.
//! What has failed is printed as a test for `regressions.rs`, with the fewest steps that still fail.

// all of it is a test, helpers too
#![allow(clippy::unwrap_used, clippy::panic)]

mod choose;
mod convert;
mod coverage;
mod govern;
mod regressions;
mod sequence;
mod step;
mod strange;
mod twin;
mod view;

use std::sync::Mutex;
use std::time::Instant;

use coverage::Coverage;
use sequence::Runner;

fn from_env(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.replace('_', "").parse().ok()).unwrap_or(default)
}

#[test]
fn every_sequence_of_messages_agrees_with_the_reference() {
    let (sequences, length) = (from_env("SDP_SEQUENCES", 500), from_env("SDP_LENGTH", 60));
    let seed = from_env("SDP_SEED", 0);
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let (started, total) = (Instant::now(), Mutex::new(Coverage::default()));
    let failure = Mutex::new(None);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (total, failure) = (&total, &failure);
            scope.spawn(move || {
                let mut runner = Runner::new();
                for n in (thread..sequences).step_by(usize::try_from(threads).unwrap()) {
                    if failure.lock().unwrap().is_some() {
                        break;
                    }
                    if let Err(found) = runner.sequence(seed, n, length) {
                        *failure.lock().unwrap() = Some(found);
                    }
                }
                total.lock().unwrap().add(runner.coverage());
            });
        }
    });
    let total = total.into_inner().unwrap();
    println!("{total}{sequences} sequences of {length} messages in {:?}", started.elapsed());
    if let Some(failure) = failure.into_inner().unwrap() {
        panic!("{failure}");
    }
    if sequences >= 500 && length >= 60 {
        // one that graduates by itself has been listed long before
        for kind in total.kinds.keys().filter(|kind| !["strange", "bonded graduate"].contains(kind)) {
            assert!(total.accepted(kind) >= 15, "{kind} was accepted {} times only", total.accepted(kind));
        }
        assert!(total.codes().len() >= 50, "only {} codes were reached", total.codes().len());
        total.assert_reached();
    }
}
