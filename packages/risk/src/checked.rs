//! Numbers of a longer formula: once one leaves its 256 bits all that follow have, and [`Num::get`] says so in the end. One test instead of
//! one for each step, because a test costs more bytes of a contract than the step.

use sdp_types::math::Wide;
use sdp_types::{Error, Result};

/// A number, unless one that it was made of was too large.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Num(Option<Wide>);

impl<T: Into<Wide>> From<T> for Num {
    fn from(value: T) -> Self {
        Self(Some(value.into()))
    }
}

impl Num {
    /// 0.
    pub(crate) const ZERO: Self = Self(Some(Wide::ZERO));

    /// The sum.
    #[inline(never)]
    pub(crate) fn plus(self, other: Self) -> Self {
        Self(self.0.zip(other.0).and_then(|(a, b)| a.plus(b).ok()))
    }

    /// The product.
    #[inline(never)]
    pub(crate) fn times(self, other: Self) -> Self {
        Self(self.0.zip(other.0).and_then(|(a, b)| a.times(b).ok()))
    }

    /// The quotient, rounded up.
    #[inline(never)]
    pub(crate) fn over_up(self, divisor: Self) -> Self {
        Self(self.0.zip(divisor.0).and_then(|(a, b)| a.div_ceil(b).ok()))
    }

    /// The number. `E0001 Overflow`.
    pub(crate) fn get(self) -> Result<Wide> {
        self.0.ok_or_else(|| Error::Overflow { operation: "risk".into() })
    }
}
