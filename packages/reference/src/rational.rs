//! Exact rationals that are reduced seldom.
//!
//! `num-rational` divides by the greatest common divisor after each operation, which was three quarters of the time of all
//! tests against the model. The denominators here are nearly always powers of ten that divide each other, so a sum needs no
//! such divisor, and a product only now and then, when its denominator has become long.

use core::cmp::Ordering;
use core::fmt;
use core::iter::Sum;
use core::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Rem, Sub, SubAssign};

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{Num, One, Signed, Zero};

/// Bits of a denominator from which on it is reduced.
const LONG: u64 = 512;

/// An exact number.
#[derive(Clone)]
pub struct Q {
    numer: BigInt,
    /// > 0; it may have a divisor in common with the other.
    denom: BigInt,
}

impl Q {
    /// `numer / denom`, not by 0.
    pub fn new(numer: BigInt, denom: BigInt) -> Self {
        assert!(!denom.is_zero(), "a quotient by 0");
        let (numer, denom) = if denom.is_negative() { (-numer, -denom) } else { (numer, denom) };
        Self { numer, denom }.shortened()
    }

    /// A whole number.
    pub fn from_integer(numer: BigInt) -> Self {
        Self { numer, denom: BigInt::one() }
    }

    /// `1 / self`, not of 0.
    pub fn recip(&self) -> Self {
        Self::new(self.denom.clone(), self.numer.clone())
    }

    /// Whether it is a whole number.
    pub fn is_integer(&self) -> bool {
        self.denom.is_one() || (&self.numer % &self.denom).is_zero()
    }

    /// Its whole part, cut towards 0.
    pub fn to_integer(&self) -> BigInt {
        if self.denom.is_one() {
            return self.numer.clone();
        }
        &self.numer / &self.denom
    }

    /// The greatest whole number that is not above it.
    pub fn floor(&self) -> Self {
        Self::from_integer(self.numer.div_floor(&self.denom))
    }

    /// The least whole number that is not below it.
    pub fn ceil(&self) -> Self {
        Self::from_integer(-(-&self.numer).div_floor(&self.denom))
    }

    /// Cut towards 0.
    pub fn trunc(&self) -> Self {
        Self::from_integer(self.to_integer())
    }

    fn shortened(self) -> Self {
        if self.denom.bits() <= LONG {
            return self;
        }
        let common = self.numer.gcd(&self.denom);
        Self { numer: self.numer / &common, denom: self.denom / common }
    }

    /// Both numerators over one denominator: the longer one where the other divides it.
    fn common(&self, other: &Self) -> (BigInt, BigInt, BigInt) {
        if self.denom == other.denom {
            return (self.numer.clone(), other.numer.clone(), self.denom.clone());
        }
        if self.denom.bits() >= other.denom.bits() {
            let (times, rest) = self.denom.div_rem(&other.denom);
            if rest.is_zero() {
                return (self.numer.clone(), &other.numer * times, self.denom.clone());
            }
        } else {
            let (times, rest) = other.denom.div_rem(&self.denom);
            if rest.is_zero() {
                return (&self.numer * times, other.numer.clone(), other.denom.clone());
            }
        }
        (&self.numer * &other.denom, &other.numer * &self.denom, &self.denom * &other.denom)
    }

    fn sum(&self, other: &Self) -> Self {
        let (a, b, denom) = self.common(other);
        Self { numer: a + b, denom }.shortened()
    }

    fn difference(&self, other: &Self) -> Self {
        let (a, b, denom) = self.common(other);
        Self { numer: a - b, denom }.shortened()
    }

    fn product(&self, other: &Self) -> Self {
        Self { numer: &self.numer * &other.numer, denom: &self.denom * &other.denom }.shortened()
    }

    fn quotient(&self, other: &Self) -> Self {
        Self::new(&self.numer * &other.denom, &self.denom * &other.numer)
    }

    fn remainder(&self, other: &Self) -> Self {
        let (a, b, denom) = self.common(other);
        Self { numer: a % b, denom }.shortened()
    }
}

macro_rules! operator {
    ($($trait:ident $method:ident by $function:ident),*) => { $(
        impl $trait<&Q> for &Q {
            type Output = Q;
            fn $method(self, other: &Q) -> Q {
                self.$function(other)
            }
        }
        impl $trait<Q> for &Q {
            type Output = Q;
            fn $method(self, other: Q) -> Q {
                self.$function(&other)
            }
        }
        impl $trait<&Q> for Q {
            type Output = Q;
            fn $method(self, other: &Q) -> Q {
                self.$function(other)
            }
        }
        impl $trait<Q> for Q {
            type Output = Q;
            fn $method(self, other: Q) -> Q {
                self.$function(&other)
            }
        }
    )* };
}

operator!(Add add by sum, Sub sub by difference, Mul mul by product, Div div by quotient, Rem rem by remainder);

macro_rules! assignment {
    ($($trait:ident $method:ident by $function:ident),*) => { $(
        impl $trait<&Q> for Q {
            fn $method(&mut self, other: &Q) {
                *self = self.$function(other);
            }
        }
        impl $trait<Q> for Q {
            fn $method(&mut self, other: Q) {
                *self = self.$function(&other);
            }
        }
    )* };
}

assignment!(AddAssign add_assign by sum, SubAssign sub_assign by difference, MulAssign mul_assign by product);

impl Neg for &Q {
    type Output = Q;
    fn neg(self) -> Q {
        Q { numer: -&self.numer, denom: self.denom.clone() }
    }
}

impl Neg for Q {
    type Output = Self;
    fn neg(self) -> Self {
        Self { numer: -self.numer, denom: self.denom }
    }
}

impl Sum for Q {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::zero(), |sum, one| sum + one)
    }
}

impl<'a> Sum<&'a Q> for Q {
    fn sum<I: Iterator<Item = &'a Q>>(all: I) -> Self {
        all.fold(Self::zero(), |sum, one| sum + one)
    }
}

impl Ord for Q {
    fn cmp(&self, other: &Self) -> Ordering {
        let signs = self.numer.sign().cmp(&other.numer.sign());
        if signs != Ordering::Equal || self.numer.sign() == Sign::NoSign {
            return signs;
        }
        let (a, b, _) = self.common(other);
        a.cmp(&b)
    }
}

impl PartialOrd for Q {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Q {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Q {}

impl Default for Q {
    fn default() -> Self {
        Self::zero()
    }
}

impl Zero for Q {
    fn zero() -> Self {
        Self::from_integer(BigInt::zero())
    }

    fn is_zero(&self) -> bool {
        self.numer.is_zero()
    }
}

impl One for Q {
    fn one() -> Self {
        Self::from_integer(BigInt::one())
    }
}

impl Num for Q {
    type FromStrRadixErr = num_bigint::ParseBigIntError;

    fn from_str_radix(text: &str, radix: u32) -> Result<Self, Self::FromStrRadixErr> {
        BigInt::from_str_radix(text, radix).map(Self::from_integer)
    }
}

impl Signed for Q {
    fn abs(&self) -> Self {
        Self { numer: self.numer.abs(), denom: self.denom.clone() }
    }

    fn abs_sub(&self, other: &Self) -> Self {
        (self - other).max(Self::zero())
    }

    fn signum(&self) -> Self {
        Self::from_integer(self.numer.signum())
    }

    fn is_positive(&self) -> bool {
        self.numer.is_positive()
    }

    fn is_negative(&self) -> bool {
        self.numer.is_negative()
    }
}

/// As a fraction in its lowest terms.
impl fmt::Display for Q {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let common = self.numer.gcd(&self.denom);
        let (numer, denom) = (&self.numer / &common, &self.denom / common);
        if denom.is_one() {
            write!(f, "{numer}")
        } else {
            write!(f, "{numer}/{denom}")
        }
    }
}

impl fmt::Debug for Q {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_rational::BigRational;

    /// Pairs of a number and `num-rational`'s, with denominators that divide each other and others, and long ones.
    fn numbers() -> Vec<(Q, BigRational)> {
        let ten = |n: u32| BigInt::from(10).pow(n);
        let parts = [
            (BigInt::zero(), BigInt::one()),
            (7.into(), 1.into()),
            (BigInt::from(-7), 2.into()),
            (10.into(), 4.into()),
            (BigInt::from(-125), ten(3)),
            (ten(20) + 1, ten(18)),
            (ten(90) + 7, -ten(200)),
            (ten(300), ten(199) * 3),
            (22.into(), 7.into()),
        ];
        parts.into_iter().map(|(n, d)| (Q::new(n.clone(), d.clone()), BigRational::new(n, d))).collect()
    }

    fn same(own: &Q, other: &BigRational) -> bool {
        *own == Q::new(other.numer().clone(), other.denom().clone())
    }

    #[test]
    fn every_operation_is_that_of_num_rational() {
        for (a, x) in numbers() {
            assert!(same(&-&a, &-&x) && same(&a.abs(), &x.abs()) && same(&a.signum(), &x.signum()));
            assert!(
                same(&a.floor(), &x.floor()) && same(&a.ceil(), &x.ceil()) && same(&a.trunc(), &x.trunc())
            );
            assert_eq!((a.to_integer(), a.is_integer()), (x.to_integer(), x.is_integer()));
            assert_eq!(a.to_string(), x.to_string());
            for (b, y) in numbers() {
                assert!(same(&(&a + &b), &(&x + &y)), "{a} + {b}");
                assert!(same(&(&a - &b), &(&x - &y)), "{a} - {b}");
                assert!(same(&(&a * &b), &(&x * &y)), "{a} * {b}");
                assert_eq!((a.cmp(&b), a == b), (x.cmp(&y), x == y), "{a} and {b}");
                if !b.is_zero() {
                    assert!(same(&(&a / &b), &(&x / &y)), "{a} / {b}");
                    assert!(same(&(&a % &b), &(&x % &y)), "{a} % {b}");
                }
            }
        }
    }

    #[test]
    #[should_panic(expected = "a quotient by 0")]
    fn nothing_is_divided_by_nothing() {
        let _ = Q::one() / Q::zero();
    }
}
