//! What a take reads and writes does not depend on how many auctions run.

use std::cell::Cell;

use cosmwasm_std::testing::MockStorage;
use cosmwasm_std::{Order, Record, Storage};
use sdp_types::pool::Seizure;
use sdp_types::{Amount, Usd};

use crate::desk::*;

/// Accesses of one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accesses {
    reads: Cell<u32>,
    writes: u32,
    ranges: Cell<u32>,
}

/// A storage that counts them.
#[derive(Default)]
pub struct Counting {
    /// What is stored.
    pub inner: MockStorage,
    /// So far.
    pub accesses: Accesses,
}

impl Storage for Counting {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.accesses.reads.set(self.accesses.reads.get() + 1);
        self.inner.get(key)
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        let ranges = &self.accesses.ranges;
        Box::new(self.inner.range(start, end, order).inspect(move |_| ranges.set(ranges.get() + 1)))
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.accesses.writes += 1;
        self.inner.set(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        self.accesses.writes += 1;
        self.inner.remove(key);
    }
}

/// A take out of the middle of so many running auctions, in part and to the end.
fn takes(auctions: u64) -> [Accesses; 2] {
    let mut desk = Desk::new();
    let small = Seizure { lot: tokens(2), tab: Usd::new(800_000), penalty: Usd::new(100_000), ..seizure() };
    for _ in 0..auctions {
        desk.seize(0, small.clone()).unwrap();
    }
    assert_eq!(desk.totals().running, auctions);
    let middle = auctions.div_ceil(2);
    let part = hook("tina", Usd::whole(1), &take(middle, Amount::new(1_000)));
    // dust is more than what is owed: all or nothing
    let all = hook("tina", Usd::whole(1), &take(middle, tokens(2)));
    let (refused, done) = (desk.counts("sdusd", part), desk.counts("sdusd", all));
    assert_eq!(refused.0.unwrap_err().code(), "E0506");
    done.0.unwrap();
    [refused.1, done.1]
}

#[test]
fn a_take_among_2_000_auctions_accesses_what_a_take_from_the_only_one_does() {
    let (one, many) = (takes(1), takes(2_000));
    assert_eq!(one, many);
    assert!(many[1].writes > 0 && many[1].ranges == Cell::new(0), "{many:?}");
}

#[test]
fn a_flash_take_among_2_000_auctions_likewise() {
    let accesses = |auctions: u64| {
        let mut desk = Desk::new();
        let small =
            Seizure { lot: tokens(2), tab: Usd::new(800_000), penalty: Usd::new(100_000), ..seizure() };
        for _ in 0..auctions {
            desk.seize(0, small.clone()).unwrap();
        }
        let flash = crate::flashing::flash(auctions.div_ceil(2), tokens(2));
        let (result, accesses) = desk.counts("finn", flash);
        result.unwrap();
        accesses
    };
    assert_eq!(accesses(1), accesses(2_000));
}
