//! Who of several keepers acts first.
//!
//! Keepers don't know each other, and two that see the same block send the same work. So each takes a rank among as many as he believes there
//! are, and leaves a thing to others for (its hash + his rank) modulo that many blocks. So keepers of different
//! ranks never act at once on the same, and each is the first for an equal part. In the beginning everybody believes that he is alone, and acts on everything at once. Who comes too
//! late has met somebody of his rank: at random he believes in one more, or takes another rank. Who finds again and again that what he
//! left to others was left to him believes in one less. Who is always late has met somebody who does not learn, or is nearer to the chain: he
//! stands by, a block behind, for a while. So if one of two dies, the other does all of the work a block later, and
//! soon at once.

use sha2::{Digest, Sha256};

/// Most that anybody believes in. More keepers than that meet now and then.
const MOST: u64 = 3;
/// So many things must have been left over before somebody believes in one less.
const LEFT_OVER: u32 = 8;
/// So often in a row somebody was late before he stands by …
const IN_VAIN: u32 = 4;
/// … for so many blocks.
const STANDS_BY: u64 = 100;

/// A keeper's place among others.
#[derive(Clone, Debug)]
pub struct Share {
    keepers: u64,
    rank: u64,
    left_over: u32,
    in_vain: u32,
    stands_by: u64,
    /// Of the keeper's address and of how often it has met others: what it picks is its own.
    seed: [u8; 32],
}

impl Share {
    /// Of a keeper at this address: alone.
    pub fn new(address: &str) -> Self {
        let seed = Sha256::digest(address.as_bytes()).into();
        Self { keepers: 1, rank: 0, left_over: 0, in_vain: 0, stands_by: 0, seed }
    }

    /// Blocks that it leaves a thing to others.
    pub fn delay(&self, key: &str) -> u64 {
        if self.stands_by > 0 {
            return 1;
        }
        (number(&Sha256::digest(key.as_bytes())) % self.keepers + self.rank) % self.keepers
    }

    /// A block has passed.
    pub fn passed(&mut self) {
        self.stands_by = self.stands_by.saturating_sub(1);
    }

    /// Somebody else had done a thing when it acted.
    pub fn met(&mut self) {
        self.left_over = 0;
        self.in_vain += 1;
        if self.in_vain >= IN_VAIN {
            (self.in_vain, self.stands_by) = (0, STANDS_BY);
        }
        self.seed = Sha256::digest(self.seed).into();
        let random = number(&self.seed);
        if self.keepers == 1 || (random % 8 == 0 && self.keepers < MOST) {
            self.keepers += 1;
        }
        self.rank = random / 8 % self.keepers;
    }

    /// It has done a thing.
    pub fn did(&mut self, key: &str) {
        self.in_vain = 0;
        self.left_over += u32::from(self.delay(key) > 0);
        if self.left_over >= LEFT_OVER {
            (self.left_over, self.stands_by) = (0, 0);
            self.keepers = (self.keepers - 1).max(1);
            self.rank %= self.keepers;
        }
    }

    /// How many it believes in, and its rank among them.
    pub fn place(&self) -> (u64, u64) {
        (self.keepers, self.rank)
    }
}

fn number(hash: &[u8]) -> u64 {
    hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Things come; each is done by one of those who act first; the others of these have met him. How often that was, and what each has done.
    fn meetings(
        keepers: &mut [Share],
        things: impl Iterator<Item = usize>,
        first: impl Fn(usize, usize) -> usize,
    ) -> (usize, Vec<usize>) {
        let (mut met, mut did) = (0, vec![0; keepers.len()]);
        for thing in things {
            let key = format!("account {thing}");
            keepers.iter_mut().for_each(Share::passed);
            let soonest = keepers.iter().map(|keeper| keeper.delay(&key)).min().unwrap();
            let acting: Vec<_> = (0..keepers.len()).filter(|n| keepers[*n].delay(&key) == soonest).collect();
            let winner = acting[first(thing, acting.len())];
            keepers[winner].did(&key);
            did[winner] += 1;
            for late in acting.into_iter().filter(|late| *late != winner) {
                keepers[late].met();
                met += 1;
            }
        }
        (met, did)
    }

    fn keepers(count: usize) -> Vec<Share> {
        (0..count).map(|n| Share::new(&format!("keeper {n}"))).collect()
    }

    #[test]
    fn keepers_that_are_late_now_and_then_part_and_each_has_its_part() {
        for count in 2..=4 {
            let mut keepers = keepers(count);
            // as good as random
            let first =
                |thing: usize, acting: usize| usize::from(Sha256::digest(thing.to_string())[0]) % acting;
            let (early, _) = meetings(&mut keepers, 0..1_000, first);
            let (late, did) = meetings(&mut keepers, 1_000..2_000, first);
            assert!(early <= 200 && late <= 150, "{count} keepers: {early}, then {late}");
            assert!(did.iter().all(|did| *did > 50), "{count} keepers: {did:?}");
        }
    }

    #[test]
    fn one_that_is_always_late_stands_by() {
        for count in 2..=4 {
            let mut keepers = keepers(count);
            let (met, _) = meetings(&mut keepers, 0..1_000, |_, _| 0);
            // each that is late tries so often, and then rests
            let most =
                (count - 1) * 1_000 * usize::try_from(IN_VAIN).unwrap() / usize::try_from(STANDS_BY).unwrap();
            assert!(met <= most, "{count} keepers: {met}");
        }
    }

    #[test]
    fn one_that_is_left_alone_does_everything_at_once_again() {
        let mut keepers = keepers(2);
        meetings(&mut keepers, 0..200, |_, _| 0);
        keepers.remove(0);
        let (met, _) = meetings(&mut keepers, 200..400, |_, _| 0);
        assert_eq!((met, keepers[0].place()), (0, (1, 0)));
        assert_eq!((0..100).map(|n| keepers[0].delay(&format!("thing {n}"))).sum::<u64>(), 0);
    }
}
