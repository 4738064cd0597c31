//! The chain's storage: a sorted map in memory that can be copied, compared and written to a file.

use std::collections::BTreeMap;
use std::ops::Bound;

use cosmwasm_std::{Order, Record, Storage};

/// All keys and values of a chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemStore(BTreeMap<Vec<u8>, Vec<u8>>);

impl MemStore {
    /// Every key with its value, in order.
    pub fn entries(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.0.iter().map(|(key, value)| (key.as_slice(), value.as_slice()))
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(Vec<u8>, Vec<u8>)> for MemStore {
    fn from_iter<I: IntoIterator<Item = (Vec<u8>, Vec<u8>)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

impl Storage for MemStore {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.0.get(key).cloned()
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.0.insert(key.to_vec(), value.to_vec());
    }

    fn remove(&mut self, key: &[u8]) {
        self.0.remove(key);
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        if matches!((start, end), (Some(start), Some(end)) if start >= end) {
            return Box::new(std::iter::empty());
        }
        let from = start.map_or(Bound::Unbounded, Bound::Included);
        let to = end.map_or(Bound::Unbounded, Bound::Excluded);
        let found = self.0.range::<[u8], _>((from, to)).map(|(key, value)| (key.clone(), value.clone()));
        match order {
            Order::Ascending => Box::new(found),
            Order::Descending => Box::new(found.rev()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(store: &MemStore, start: Option<&[u8]>, end: Option<&[u8]>, order: Order) -> Vec<u8> {
        store.range(start, end, order).map(|(key, _)| key[0]).collect()
    }

    #[test]
    fn a_range_takes_its_start_and_leaves_its_end() {
        let store: MemStore = (1..6u8).map(|n| (vec![n], vec![n])).collect();
        assert_eq!(keys(&store, None, None, Order::Ascending), [1, 2, 3, 4, 5]);
        assert_eq!(keys(&store, Some(&[2]), Some(&[4]), Order::Ascending), [2, 3]);
        assert_eq!(keys(&store, Some(&[2]), None, Order::Descending), [5, 4, 3, 2]);
        assert!(keys(&store, Some(&[4]), Some(&[2]), Order::Ascending).is_empty());
    }
}
