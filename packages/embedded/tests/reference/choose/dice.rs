//! Chance, and amounts that are often right at a limit.

/// Chance, from one number of the sequence: SplitMix64.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    pub fn percent(&mut self, n: u64) -> bool {
        self.below(100) < n
    }

    pub fn index(&mut self, n: usize) -> usize {
        usize::try_from(self.below(n as u64)).unwrap()
    }

    pub fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.index(all.len())]
    }

    /// A part of an amount: all, nearly all, some, next to nothing, or too much.
    pub fn part(&mut self, all: u128) -> u128 {
        match self.below(20) {
            0 => all,
            1 => all + 1,
            2 => all.saturating_sub(1),
            3 => self.below(3).into(),
            4 => all.saturating_mul(1_000_000),
            5 => u128::MAX >> self.below(128),
            _ => all / 1_000_000 * u128::from(self.below(1_000_000)) + u128::from(self.below(1_000)),
        }
    }

    /// Mostly a part that can be had.
    pub fn modest(&mut self, all: u128) -> u128 {
        match self.below(20) {
            0 => self.part(all),
            1 => all,
            _ => all / 1_000 * u128::from(self.below(1_000)) + u128::from(self.below(1_000)),
        }
    }

    pub fn maybe<T>(&mut self, percent: u64, value: T) -> Option<T> {
        self.percent(percent).then_some(value)
    }
}
