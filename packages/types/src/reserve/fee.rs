//! The fee of what leaves the reserve.
//!
//! With v the par value of what is left of a token and C its ceiling, the next token pays
//!
//! ```text
//! φ(v) = least + (most − least)·max(0, 1 − v ÷ C)
//! ```
//!
//! and a swap that takes the reserve from v to v − y pays ∫ φ over that, rounded up once: how a swap is split does not matter, but that
//! each piece is rounded. It is a part of what leaves, on top of it: y costs y + ∫ φ.

use super::OutFee;
use crate::error::{ensure, ReserveError, Result};
use crate::math::Wide;
use crate::units::{Ratio, Rounding, Usd, ONE};

impl OutFee {
    /// φ(v) where `there` is left under a `ceiling` > 0, rounded up.
    pub fn marginal(&self, there: Usd, ceiling: Usd) -> Result<Ratio> {
        let used_up = ceiling.saturating_minus(there).per(ceiling, Rounding::Up)?;
        self.least.plus(self.spread().times(used_up, Rounding::Up)?)
    }

    /// ∫ φ while `leaving` ≤ `there` leaves, rounded up. With w the part of v that is within the ceiling, before (w₀) and after (w₁):
    ///
    /// ```text
    /// least·y + (most − least)·(w₀ − w₁)·(2C − w₀ − w₁) ÷ 2C
    /// ```
    pub fn of(&self, there: Usd, ceiling: Usd, leaving: Usd) -> Result<Usd> {
        let (before, after) = (there.min(ceiling).wide(), there.minus(leaving)?.min(ceiling).wide());
        let twice = ceiling.wide().times(2u64.into())?;
        let rising = before.minus(after)?.times(twice.minus(before)?.minus(after)?)?;
        let flat = twice.times(leaving.wide())?.times(self.least.wide())?;
        let fee = flat.plus(rising.times(self.spread().wide())?)?;
        Ok(Usd::new(fee.div_ceil(twice.times(Wide::from(ONE))?)?.unsigned()?))
    }

    /// The most that may leave for `paid`, fee included: `E0705` where that is more than what all of it costs.
    pub fn leaving(&self, there: Usd, ceiling: Usd, paid: Usd) -> Result<Usd> {
        let all = there.plus(self.of(there, ceiling, there)?)?;
        ensure(paid <= all, || ReserveError::ReserveShort { asked: paid, most: all }.into())?;
        // y + fee(y) grows with y
        let (mut fits, mut beyond) = (0, there.min(paid).raw() + 1);
        while beyond - fits > 1 {
            let middle = fits + (beyond - fits) / 2;
            let leaving = Usd::new(middle);
            if leaving.plus(self.of(there, ceiling, leaving)?)? <= paid {
                fits = middle;
            } else {
                beyond = middle;
            }
        }
        Ok(Usd::new(fits))
    }

    fn spread(&self) -> Ratio {
        self.most.saturating_minus(self.least)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FEE: OutFee = OutFee { least: Ratio::bps(10), most: Ratio::percent(1) };
    const CEILING: Usd = Usd::whole(1_000);

    #[test]
    fn it_rises_from_the_least_at_the_ceiling_to_the_most_for_the_last() {
        let marginal = |there| FEE.marginal(Usd::whole(there), CEILING).unwrap();
        assert_eq!(marginal(1_000), Ratio::bps(10));
        // 0.1 % + 0.9 %·½
        assert_eq!(marginal(500), Ratio::bps(55));
        assert_eq!(marginal(0), Ratio::percent(1));
        // above a ceiling that was lowered
        assert_eq!(marginal(2_000), Ratio::bps(10));
    }

    #[test]
    fn a_swap_pays_the_integral() {
        let fee = |there, leaving| FEE.of(Usd::whole(there), CEILING, Usd::whole(leaving)).unwrap();
        // all of it: the mean of 0.1 % and 1 %
        assert_eq!(fee(1_000, 1_000), Usd::new(5_500_000));
        // its first half: the mean of 0.1 % and 0.55 %; its second: of 0.55 % and 1 %
        assert_eq!(fee(1_000, 500), Usd::new(1_625_000));
        assert_eq!(fee(500, 500), Usd::new(3_875_000));
        // 1,000 above the ceiling at the least
        assert_eq!(fee(2_000, 2_000), Usd::new(6_500_000));
        assert_eq!(fee(1_000, 0), Usd::ZERO);
    }

    #[test]
    fn what_is_paid_buys_the_most_that_it_can_and_never_more_than_there_is() {
        let leaving = |paid| FEE.leaving(CEILING, CEILING, Usd::new(paid));
        assert_eq!(leaving(501_625_000), Ok(Usd::whole(500)));
        assert_eq!(leaving(1_005_500_000), Ok(CEILING));
        // a fee is never rounded down to nothing
        assert_eq!((leaving(0), leaving(1), leaving(2)), (Ok(Usd::ZERO), Ok(Usd::ZERO), Ok(Usd::new(1))));
        let (asked, most) = (Usd::new(1_005_500_001), Usd::new(1_005_500_000));
        assert_eq!(leaving(1_005_500_001), Err(ReserveError::ReserveShort { asked, most }.into()));
    }

    fn fees() -> impl Strategy<Value = OutFee> {
        (0..=1_000u64, 0..=1_000u64)
            .prop_map(|(a, b)| OutFee { least: Ratio::bps(a.min(b)), most: Ratio::bps(a.max(b)) })
    }

    proptest! {
        #[test]
        fn splitting_a_swap_never_buys_more(
            fee in fees(),
            there in 1..=4_000_000_000u128,
            ceiling in 1..=2_000_000_000u128,
            paid in 1..=4_000_000_000u128,
            cut in 0..=1_000u128,
        ) {
            let (there, ceiling) = (Usd::new(there), Usd::new(ceiling));
            let paid = Usd::new(paid.min(there.raw()));
            let first = paid.fraction(cut, 1_000, Rounding::Down).unwrap();
            let whole = fee.leaving(there, ceiling, paid).unwrap();
            let one = fee.leaving(there, ceiling, first).unwrap();
            let left = there.minus(one).unwrap();
            let second = fee.leaving(left, ceiling, paid.minus(first).unwrap()).unwrap();
            prop_assert!(one.plus(second).unwrap() <= whole);
            // and by no more than what each rounding is
            prop_assert!(whole.raw() - one.raw() - second.raw() <= 3);
            prop_assert!(whole <= paid);
        }

        #[test]
        fn going_in_first_never_makes_it_cheaper(
            fee in fees(),
            there in 0..=2_000_000_000u128,
            more in 1..=2_000_000_000u128,
            ceiling in 1..=2_000_000_000u128,
            leaving in 0..=2_000_000_000u128,
        ) {
            let (there, ceiling) = (Usd::new(there), Usd::new(ceiling));
            let leaving = Usd::new(leaving.min(there.raw()));
            let fuller = there.plus(Usd::new(more)).unwrap();
            let back = fee.of(fuller, ceiling, Usd::new(more).plus(leaving).unwrap()).unwrap();
            // more goes out again, at a fee of its own, before what was there goes out as it would have
            prop_assert!(back >= fee.of(there, ceiling, leaving).unwrap());
        }
    }
}
