//! Integers of 256 bits without a sign, as far as [`crate::math`] needs them.
//!
//! A contract pays for every instruction, and a chain's machine multiplies and divides 64 bits at once: so products are
//! made of four, and long division (Knuth, The Art of Computer Programming 4.3.1, algorithm D) goes by digits of 32 bits.

/// `high·2¹²⁸ + low`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unsigned {
    pub(crate) high: u128,
    pub(crate) low: u128,
}

const DIGIT: u32 = 32;
const BASE: u64 = 1 << DIGIT;
const MASK: u64 = BASE - 1;
/// Digits of 256 bits.
const DIGITS: usize = 8;
const LOW_HALF: u128 = u64::MAX as u128;

impl Unsigned {
    pub(crate) const fn from_low(low: u128) -> Self {
        Self { high: 0, low }
    }

    pub(crate) const fn is_zero(self) -> bool {
        self.high == 0 && self.low == 0
    }

    /// `a·b`, which always fits.
    pub(crate) fn product(a: u128, b: u128) -> Self {
        let (a_high, a_low) = (a >> 64, a & LOW_HALF);
        let (b_high, b_low) = (b >> 64, b & LOW_HALF);
        // four products of 64 bits each fit into 128
        let low = a_low.wrapping_mul(b_low);
        if a_high == 0 && b_high == 0 {
            return Self::from_low(low);
        }
        let (middle, carried) = a_high.wrapping_mul(b_low).overflowing_add(a_low.wrapping_mul(b_high));
        let (low, carry) = low.overflowing_add(middle << 64);
        let above = (middle >> 64) + (u128::from(carried) << 64) + u128::from(carry);
        Self { high: a_high.wrapping_mul(b_high).wrapping_add(above), low }
    }

    /// `self·other`, if that fits.
    pub(crate) fn times(self, other: Self) -> Option<Self> {
        let (long, short) = if self.high == 0 { (other, self) } else { (self, other) };
        if short.high != 0 {
            return None;
        }
        let Self { high, low } = Self::product(long.low, short.low);
        if long.high == 0 {
            return Some(Self { high, low });
        }
        let above = Self::product(long.high, short.low);
        let high = high.checked_add(above.low).filter(|_| above.high == 0)?;
        Some(Self { high, low })
    }

    /// `self + other`, if that fits.
    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        let (low, carry) = self.low.overflowing_add(other.low);
        let high = self.high.checked_add(other.high)?.checked_add(carry.into())?;
        Some(Self { high, low })
    }

    /// Quotient, rounded down, and remainder; none for a divisor of 0.
    pub(crate) fn div_rem(self, divisor: Self) -> Option<(Self, Self)> {
        if divisor.is_zero() {
            return None;
        }
        if self < divisor {
            return Some((Self::default(), self));
        }
        if self.high == 0 {
            let (n, d) = (self.low, divisor.low);
            let (quotient, remainder) = match (u64::try_from(n), u64::try_from(d)) {
                (Ok(n), Ok(d)) => (u128::from(n / d), u128::from(n % d)),
                _ => (n / d, n % d),
            };
            return Some((Self::from_low(quotient), Self::from_low(remainder)));
        }
        let (dividend, divisor) = (self.digits(), divisor.digits());
        let length = significant(&divisor);
        if length == 1 {
            let (quotient, remainder) = divided_by_digit(&dividend, divisor[0]);
            return Some((Self::from_digits(&quotient), Self::from_low(remainder.into())));
        }
        let (quotient, remainder) = divided(&dividend, &divisor, length);
        Some((Self::from_digits(&quotient), Self::from_digits(&remainder)))
    }

    /// `⌊√self⌋`, by Newton's method from above.
    pub(crate) fn sqrt_floor(self) -> u128 {
        let bits =
            if self.high == 0 { 128 - self.low.leading_zeros() } else { 256 - self.high.leading_zeros() };
        if bits == 0 {
            return 0;
        }
        // at least the root, and at most twice as much
        let mut root = if bits > 254 { u128::MAX } else { 1u128 << bits.div_ceil(2) };
        loop {
            let Some((quotient, _)) = self.div_rem(Self::from_low(root)) else { return root };
            // above the root, the quotient is below it
            if quotient.high != 0 || quotient.low >= root {
                return root;
            }
            root = quotient.low + (root - quotient.low) / 2;
        }
    }

    /// Digits of 32 bits, the lowest first.
    fn digits(self) -> [u64; DIGITS] {
        let mut digits = [0; DIGITS];
        let (low, high) = (self.low.to_le_bytes(), self.high.to_le_bytes());
        let bytes = low.chunks_exact(4).chain(high.chunks_exact(4));
        for (digit, bytes) in digits.iter_mut().zip(bytes) {
            *digit = bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        }
        digits
    }

    fn from_digits(digits: &[u64; DIGITS]) -> Self {
        let half =
            |digits: &[u64]| digits.iter().rev().fold(0, |sum, digit| sum << DIGIT | u128::from(*digit));
        Self { high: half(&digits[4..]), low: half(&digits[..4]) }
    }
}

/// How many digits a number has that is not 0.
fn significant(digits: &[u64; DIGITS]) -> usize {
    digits.iter().rposition(|digit| *digit != 0).map_or(0, |last| last + 1)
}

fn divided_by_digit(dividend: &[u64; DIGITS], divisor: u64) -> ([u64; DIGITS], u64) {
    let (mut quotient, mut rest) = ([0; DIGITS], 0);
    for place in (0..DIGITS).rev() {
        let part = rest << DIGIT | dividend[place];
        quotient[place] = part / divisor;
        rest = part % divisor;
    }
    (quotient, rest)
}

/// Algorithm D, for a divisor of at least two digits that is not larger than the dividend.
fn divided(
    dividend: &[u64; DIGITS],
    divisor: &[u64; DIGITS],
    length: usize,
) -> ([u64; DIGITS], [u64; DIGITS]) {
    // shifted so far that the divisor's first bit is 1
    let shift = divisor[length - 1].leading_zeros() - DIGIT;
    let mut v = [0; DIGITS];
    let mut u = [0; DIGITS + 1];
    for place in (0..length).rev() {
        let below = if place == 0 { 0 } else { divisor[place - 1] << shift >> DIGIT };
        v[place] = divisor[place] << shift & MASK | below;
    }
    for (place, digit) in u.iter_mut().enumerate() {
        let here = dividend.get(place).map_or(0, |digit| digit << shift & MASK);
        let below = if place == 0 { 0 } else { dividend[place - 1] << shift >> DIGIT };
        *digit = here | below;
    }

    let mut quotient = [0; DIGITS];
    let (first, second) = (v[length - 1], v[length - 2]);
    for place in (0..=significant(dividend) - length).rev() {
        let leading = u[place + length] << DIGIT | u[place + length - 1];
        let (mut guess, mut rest) = (leading / first, leading % first);
        while guess >= BASE || guess * second > (rest << DIGIT | u[place + length - 2]) {
            guess -= 1;
            rest += first;
            if rest >= BASE {
                break;
            }
        }
        // the guess is right, or one too large
        let (mut carry, mut borrow) = (0, 0);
        for n in 0..length {
            let product = guess * v[n] + carry;
            carry = product >> DIGIT;
            let left = BASE + u[place + n] - (product & MASK) - borrow;
            u[place + n] = left & MASK;
            borrow = 1 - (left >> DIGIT);
        }
        let left = BASE + u[place + length] - carry - borrow;
        u[place + length] = left & MASK;
        if left >> DIGIT == 0 {
            guess -= 1;
            let mut carry = 0;
            for n in 0..length {
                let sum = u[place + n] + v[n] + carry;
                u[place + n] = sum & MASK;
                carry = sum >> DIGIT;
            }
            u[place + length] = (u[place + length] + carry) & MASK;
        }
        quotient[place] = guess;
    }

    let mut remainder = [0; DIGITS];
    for place in 0..length {
        let above = u[place + 1] << DIGIT >> shift & MASK;
        remainder[place] = u[place] >> shift | if shift == 0 { 0 } else { above };
    }
    (quotient, remainder)
}
