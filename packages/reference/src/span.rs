//! Spans of exact numbers: what an amount may be after the roundings that the design states.

use core::fmt;
use core::ops::{Add, Mul, Neg, Sub};

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use crate::number::{show, ten, whole, Q};

/// A number between two bounds, both included. Where both are equal it is exact.
#[derive(Clone, PartialEq, Eq)]
pub struct Span {
    low: Q,
    high: Q,
}

impl Span {
    /// One number.
    pub fn exact(value: Q) -> Self {
        Self { low: value.clone(), high: value }
    }

    /// Two bounds in any order.
    pub fn between(a: Q, b: Q) -> Self {
        if a <= b {
            Self { low: a, high: b }
        } else {
            Self { low: b, high: a }
        }
    }

    /// A whole number.
    pub fn whole(n: impl Into<BigInt>) -> Self {
        Self::exact(whole(n))
    }

    /// Nothing.
    pub fn zero() -> Self {
        Self::exact(Q::zero())
    }

    /// The least that it can be.
    pub fn low(&self) -> &Q {
        &self.low
    }

    /// The most that it can be.
    pub fn high(&self) -> &Q {
        &self.high
    }

    /// Whether it is one number.
    pub fn is_exact(&self) -> bool {
        self.low == self.high
    }

    /// Halfway between its bounds.
    pub fn middle(&self) -> Q {
        if self.is_exact() {
            self.low.clone()
        } else {
            (&self.low + &self.high) / whole(2)
        }
    }

    /// Whether a number lies in it.
    pub fn holds(&self, value: &Q) -> bool {
        &self.low <= value && value <= &self.high
    }

    /// Rounded down to a multiple of `step`: by less than a step, and not at all where it is one.
    pub fn down(&self, step: &Q) -> Self {
        if (&self.low / step).is_integer() {
            return self.clone();
        }
        Self { low: &self.low - step, high: self.high.clone() }
    }

    /// Rounded up to a multiple of `step`: by less than a step, and not at all where it is one.
    pub fn up(&self, step: &Q) -> Self {
        if (&self.high / step).is_integer() {
            return self.clone();
        }
        Self { low: self.low.clone(), high: &self.high + step }
    }

    /// The least multiple of `step` that is not below it: one number where both bounds lie between the same two.
    pub fn ceil(&self, step: &Q) -> Self {
        Self { low: (&self.low / step).ceil() * step, high: (&self.high / step).ceil() * step }
    }

    /// Rounded to a multiple of `step`, either way, and not at all where it is one.
    pub fn either(&self, step: &Q) -> Self {
        self.down(step).or(&self.up(step))
    }

    /// Off by up to `step`, either way.
    pub fn near(&self, step: &Q) -> Self {
        Self { low: &self.low - step, high: &self.high + step }
    }

    /// Cut towards 0 to a multiple of `step`.
    pub fn cut(&self, step: &Q) -> Self {
        Self { low: (&self.low / step).trunc() * step, high: (&self.high / step).trunc() * step }
    }

    /// Quotient by a span that is all positive.
    pub fn over(&self, divisor: &Self) -> Self {
        if self.is_exact() && divisor.is_exact() {
            return Self::exact(&self.low / &divisor.low);
        }
        self * &Self::between(divisor.low.recip(), divisor.high.recip())
    }

    /// Quotient by a positive number.
    pub fn over_exact(&self, divisor: &Q) -> Self {
        self.over(&Self::exact(divisor.clone()))
    }

    /// Product with one number.
    pub fn scale(&self, by: &Q) -> Self {
        if self.is_exact() {
            Self::exact(&self.low * by)
        } else {
            Self::between(&self.low * by, &self.high * by)
        }
    }

    /// The square, never negative.
    pub fn square(&self) -> Self {
        let product = self * self;
        if self.low.is_negative() && self.high.is_positive() {
            Self { low: Q::zero(), high: product.high }
        } else {
            product
        }
    }

    /// The smaller one.
    pub fn min(&self, other: &Self) -> Self {
        Self { low: (&self.low).min(&other.low).clone(), high: (&self.high).min(&other.high).clone() }
    }

    /// The larger one.
    pub fn max(&self, other: &Self) -> Self {
        Self { low: (&self.low).max(&other.low).clone(), high: (&self.high).max(&other.high).clone() }
    }

    /// Either of both.
    pub fn or(&self, other: &Self) -> Self {
        Self { low: (&self.low).min(&other.low).clone(), high: (&self.high).max(&other.high).clone() }
    }

    /// Within `[−cap, cap]`.
    pub fn clamp(&self, cap: &Q) -> Self {
        self.min(&Self::exact(cap.clone())).max(&Self::exact(-cap))
    }

    /// Itself where positive, else 0.
    pub fn positive_part(&self) -> Self {
        self.max(&Self::zero())
    }

    /// Minus itself where negative, else 0.
    pub fn negative_part(&self) -> Self {
        (-self).max(&Self::zero())
    }

    /// Distance from 0.
    pub fn abs(&self) -> Self {
        self.max(&-self).max(&Self::zero())
    }

    /// Its square root, within 10⁻¹². Negative numbers count as 0.
    pub fn sqrt(&self) -> Self {
        let root = |value: &Q| {
            let scaled = if value.is_negative() { Q::zero() } else { value * ten(24) };
            Q::from_integer(scaled.floor().to_integer().sqrt()) / ten(12)
        };
        Self { low: root(&self.low), high: root(&self.high) + ten(12).recip() }
    }

    /// −1, 0 or 1, by its middle.
    pub fn sign(&self) -> i8 {
        let middle = self.middle();
        if middle.is_zero() {
            0
        } else if middle.is_negative() {
            -1
        } else {
            1
        }
    }

    /// Whether it is 0 for certain.
    pub fn is_zero(&self) -> bool {
        self.low.is_zero() && self.high.is_zero()
    }

    /// Whether it is at least `other`.
    pub fn at_least(&self, other: &Self) -> Holds {
        if self.low >= other.high {
            Holds::Yes
        } else if self.high < other.low {
            Holds::No
        } else {
            Holds::Unsure
        }
    }

    /// Whether it is less than `other`.
    pub fn below(&self, other: &Self) -> Holds {
        match self.at_least(other) {
            Holds::Yes => Holds::No,
            Holds::No => Holds::Yes,
            Holds::Unsure => Holds::Unsure,
        }
    }
}

/// Whether a condition holds, when its sides are known up to their roundings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Whatever the roundings do.
    Yes,
    /// Whatever the roundings do, it does not.
    No,
    /// Both sides are within the rounding of the bound.
    Unsure,
}

impl Holds {
    /// Both.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, Self::Yes) => Self::Yes,
            (Self::No, _) | (_, Self::No) => Self::No,
            _ => Self::Unsure,
        }
    }
}

impl core::ops::Not for Holds {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unsure => Self::Unsure,
        }
    }
}

impl From<bool> for Holds {
    fn from(holds: bool) -> Self {
        if holds {
            Self::Yes
        } else {
            Self::No
        }
    }
}

impl Neg for &Span {
    type Output = Span;

    fn neg(self) -> Span {
        Span { low: -&self.high, high: -&self.low }
    }
}

impl Add for &Span {
    type Output = Span;

    fn add(self, other: &Span) -> Span {
        if self.is_exact() && other.is_exact() {
            return Span::exact(&self.low + &other.low);
        }
        Span { low: &self.low + &other.low, high: &self.high + &other.high }
    }
}

impl Sub for &Span {
    type Output = Span;

    fn sub(self, other: &Span) -> Span {
        if self.is_exact() && other.is_exact() {
            return Span::exact(&self.low - &other.low);
        }
        Span { low: &self.low - &other.high, high: &self.high - &other.low }
    }
}

impl Mul for &Span {
    type Output = Span;

    fn mul(self, other: &Span) -> Span {
        if other.is_exact() {
            return self.scale(&other.low);
        }
        if self.is_exact() {
            return other.scale(&self.low);
        }
        let ends = [
            &self.low * &other.low,
            &self.low * &other.high,
            &self.high * &other.low,
            &self.high * &other.high,
        ];
        let [first, rest @ ..] = &ends;
        let (mut low, mut high) = (first, first);
        for end in rest {
            low = low.min(end);
            high = high.max(end);
        }
        Span { low: low.clone(), high: high.clone() }
    }
}

macro_rules! by_value {
    ($trait:ident, $method:ident) => {
        impl $trait<Span> for Span {
            type Output = Span;
            fn $method(self, other: Span) -> Span {
                (&self).$method(&other)
            }
        }
        impl $trait<&Span> for Span {
            type Output = Span;
            fn $method(self, other: &Span) -> Span {
                (&self).$method(other)
            }
        }
        impl $trait<Span> for &Span {
            type Output = Span;
            fn $method(self, other: Span) -> Span {
                self.$method(&other)
            }
        }
    };
}

by_value!(Add, add);
by_value!(Sub, sub);
by_value!(Mul, mul);

impl core::iter::Sum for Span {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::zero(), |sum, item| sum + item)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_exact() {
            f.write_str(&show(&self.low))
        } else {
            write!(f, "{} … {}", show(&self.low), show(&self.high))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::fraction;

    fn span(a: i64, b: i64) -> Span {
        Span::between(whole(a), whole(b))
    }

    #[test]
    fn a_product_of_spans_covers_every_product_of_their_numbers() {
        assert_eq!(&span(-2, 3) * &span(-5, 7), span(-15, 21));
        assert_eq!(span(-2, 3).square(), span(0, 9));
        assert_eq!(span(-3, -2).square(), span(4, 9));
    }

    #[test]
    fn an_order_of_spans_that_overlap_is_unsure() {
        assert_eq!(span(2, 3).at_least(&span(1, 2)), Holds::Yes);
        assert_eq!(span(2, 3).at_least(&span(3, 4)), Holds::Unsure);
        assert_eq!(span(2, 3).at_least(&span(4, 5)), Holds::No);
        assert_eq!(span(2, 3).below(&span(4, 5)), Holds::Yes);
    }

    #[test]
    fn roundings_open_a_span_to_their_own_side_only() {
        let half = Span::exact(fraction(11, 2));
        assert_eq!(half.down(&whole(1)), Span::between(fraction(9, 2), fraction(11, 2)));
        assert_eq!(half.up(&whole(1)), Span::between(fraction(11, 2), fraction(13, 2)));
        assert_eq!(span(5, 5).down(&whole(1)), span(5, 5));
    }

    #[test]
    fn a_root_lies_between_its_bounds_when_squared() {
        let root = Span::whole(2).sqrt();
        assert!(root.low() * root.low() <= whole(2) && whole(2) <= root.high() * root.high());
        assert_eq!(Span::whole(9).sqrt().low(), &whole(3));
    }
}
