//! A few entries by key. A message has a handful of each kind, and a sorted map would be 7 KB of the contract for every kind.

/// Entries in the order in which they came, searched from the last one.
#[derive(Clone, Debug)]
pub struct Table<K, V>(pub Vec<(K, V)>);

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: PartialEq, V> Table<K, V> {
    fn place(&self, key: &K) -> Option<usize> {
        self.0.iter().rposition(|(other, _)| other == key)
    }

    /// The entry of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.place(key).and_then(|place| self.0.get(place)).map(|(_, value)| value)
    }

    /// The entry of a key, to change it.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.place(key).and_then(|place| self.0.get_mut(place)).map(|(_, value)| value)
    }

    /// Whether there is one.
    pub fn has(&self, key: &K) -> bool {
        self.place(key).is_some()
    }

    /// Puts an entry in its place.
    pub fn put(&mut self, key: K, value: V) {
        match self.get_mut(&key) {
            Some(old) => *old = value,
            None => self.0.push((key, value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_found_by_its_key_and_put_in_its_place() {
        let mut table = Table::default();
        table.put(2, "two");
        table.put(1, "one");
        table.put(2, "deux");
        assert_eq!(table.0, [(2, "deux"), (1, "one")]);
        assert_eq!((table.get(&1), table.get(&3)), (Some(&"one"), None));
        *table.get_mut(&1).unwrap() = "un";
        assert!(table.has(&1) && !table.has(&3));
        assert_eq!(table.get(&1), Some(&"un"));
    }
}
