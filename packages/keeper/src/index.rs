//! Who is near liquidation: everybody by how far prices have to move until he can be there.
//!
//! An odometer adds up how far prices have moved, whichever way, the largest of all feeds at each look. What was `slack` away when it was
//! last looked at can have got there only once the odometer is that much further: until then nobody has to look again. So a look at
//! prices costs O(due · log n), not O(n). What prices do not tell (withdrawals, funding, margins that rise) a slow round over all finds.

use std::collections::{BTreeMap, BTreeSet};

use sdp_types::board::Quote;
use sdp_types::{Price, Ratio, Rounding};

/// Everybody by distance. `K` names one.
#[derive(Clone, Debug)]
pub struct Index<K> {
    /// Reading of the odometer at which one is due, and back.
    alarms: BTreeSet<(u128, K)>,
    due_at: BTreeMap<K, u128>,
}

/// How far prices have moved, in parts of 10⁻¹⁸.
#[derive(Clone, Debug, Default)]
pub struct Odometer {
    reading: u128,
    last: Vec<Price>,
}

impl Odometer {
    /// Looks at prices: the reading grows by the largest |Δprice| ÷ old price, rounded up. A first price counts as a move by 1.
    pub fn see(&mut self, quotes: &[Quote]) -> u128 {
        let moved = |(n, quote): (usize, &Quote)| match self.last.get(n) {
            Some(old) if !old.is_zero() => {
                let (high, low) = (quote.price.max(*old), quote.price.min(*old));
                let change = Ratio::of(high.raw().saturating_sub(low.raw()), old.raw(), Rounding::Up);
                change.unwrap_or(Ratio::ONE)
            }
            _ => Ratio::ONE,
        };
        let most = quotes.iter().enumerate().map(moved).max().unwrap_or_default();
        self.last = quotes.iter().map(|quote| quote.price).collect();
        self.reading = self.reading.saturating_add(most.raw());
        self.reading
    }

    /// The reading.
    pub fn reading(&self) -> u128 {
        self.reading
    }
}

impl<K> Default for Index<K> {
    fn default() -> Self {
        Self { alarms: BTreeSet::new(), due_at: BTreeMap::new() }
    }
}

impl<K: Clone + Ord> Index<K> {
    /// Notes that one is `slack` away at this reading.
    pub fn set(&mut self, key: K, reading: u128, slack: Ratio) {
        self.remove(&key);
        let alarm = reading.saturating_add(slack.raw());
        self.alarms.insert((alarm, key.clone()));
        self.due_at.insert(key, alarm);
    }

    /// Forgets one.
    pub fn remove(&mut self, key: &K) {
        if let Some(alarm) = self.due_at.remove(key) {
            self.alarms.remove(&(alarm, key.clone()));
        }
    }

    /// All that can be there at this reading, the nearest first.
    pub fn due(&self, reading: u128) -> Vec<K> {
        self.alarms.iter().take_while(|(alarm, _)| *alarm <= reading).map(|(_, key)| key.clone()).collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.due_at.len()
    }

    /// Whether nobody is there.
    pub fn is_empty(&self) -> bool {
        self.due_at.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quotes(prices: &[u128]) -> Vec<Quote> {
        let quote = |price: &u128| Quote { price: Price::new(*price), ..Quote::default() };
        prices.iter().map(quote).collect()
    }

    #[test]
    fn the_nearest_come_first_and_those_out_of_reach_not_at_all() {
        let mut index = Index::default();
        index.set("far", 0, Ratio::percent(50));
        index.set("near", 0, Ratio::percent(1));
        index.set("nearest", 0, Ratio::ZERO);
        assert_eq!(index.due(0), ["nearest"]);
        assert_eq!(index.due(Ratio::percent(1).raw()), ["nearest", "near"]);
        index.set("nearest", Ratio::percent(1).raw(), Ratio::percent(10));
        index.remove(&"near");
        assert_eq!((index.due(Ratio::percent(10).raw()).len(), index.len()), (0, 2));
        assert_eq!(index.due(Ratio::percent(11).raw()), ["nearest"]);
    }

    proptest! {
        /// A position whose equity falls by its notional's part of each move is always due before it is at its end, whatever way
        /// prices take.
        #[test]
        fn nobody_gets_there_unseen(
            path in prop::collection::vec((1_u128..2_000_000, 1_u128..2_000_000), 1..40),
            slack in 1_u128..1_000_000_000_000_000_000,
        ) {
            let start = (1_000_000, 1_000_000);
            let mut odometer = Odometer::default();
            odometer.see(&quotes(&[start.0, start.1]));
            let begun = odometer.reading();
            let mut index = Index::default();
            index.set(0, begun, Ratio::new(slack));
            for now in path {
                odometer.see(&quotes(&[now.0, now.1]));
                let lost = |now: u128| start.0.saturating_sub(now) * 1_000_000_000_000;
                let worst = lost(now.0).max(lost(now.1));
                if worst >= slack {
                    prop_assert_eq!(index.due(odometer.reading()), vec![0]);
                }
            }
        }
    }
}
