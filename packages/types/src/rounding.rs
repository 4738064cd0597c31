//! Which way a division goes.

use crate::error::Result;
use crate::math::{mul_div_ceil, mul_div_floor, Wide};

/// Which way a quotient goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// To the next integer below.
    Down,
    /// To the next integer above.
    Up,
}

impl Rounding {
    /// The quotient, rounded this way.
    pub fn divide(self, numerator: Wide, divisor: Wide) -> Result<Wide> {
        match self {
            Self::Down => numerator.div_floor(divisor),
            Self::Up => numerator.div_ceil(divisor),
        }
    }

    /// `a × b ÷ divisor`, rounded this way; the product has 256 bits.
    pub fn mul_div(self, a: u128, b: u128, divisor: u128) -> Result<u128> {
        match self {
            Self::Down => mul_div_floor(a, b, divisor),
            Self::Up => mul_div_ceil(a, b, divisor),
        }
    }
}
