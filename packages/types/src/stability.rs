//! The stability fee: what positions owe on the debt that they have minted, per second, to the insurance fund.
//!
//! Simple interest on what was minted and not burnt, by an index that only adds up, so it makes no difference how often anybody syncs. What
//! a position owes of it is part of its debt like everything else; it does not bear interest itself. A burn repays minted debt first
//! (MakerDAO's stability fee, with an index that is added to where theirs is multiplied).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::math::Wide;
use crate::shares::DEBT_ONE;
use crate::units::{Ratio, SignedUsd, Usd, YEAR};

/// What a vault's positions have minted, and what each owes on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MintedDebt {
    /// MintedDebt and not burnt, of all its positions.
    pub total: Usd,
    /// Sum of all interest on one micro-USD, 27 decimals of a micro-USD.
    pub index: Wide,
    /// What positions owe and the ledger has not booked: less than a micro-USD, 27 decimals of one.
    pub carried: Wide,
}

impl MintedDebt {
    /// Lets `seconds` pass at `rate` a year of 365 days. The index is rounded down to 10⁻²⁷; returns what the ledger books, in whole micro-USD:
    /// what is less is carried, so in the end all of it is.
    pub fn accrue(&mut self, rate: Ratio, seconds: u64) -> Result<Usd> {
        if self.total.is_zero() || rate.is_zero() {
            return Ok(Usd::ZERO);
        }
        let a_year = rate.wide().times(INDEX_PER_RATE.into())?;
        let grown = a_year.times(seconds.into())?.div_floor(YEAR.into())?;
        self.index = self.index.plus(grown)?;
        let owed = self.carried.plus(self.total.wide().times(grown)?)?;
        let (booked, carried) = owed.div_rem(DEBT_ONE.into())?;
        self.carried = carried;
        Ok(SignedUsd::new(booked.narrow()?).positive_part())
    }

    /// What `minted` owes since the index stood at `since`, 27 decimals of a micro-USD; exact.
    pub fn accrued(&self, minted: Usd, since: Wide) -> Result<Wide> {
        minted.wide().times(self.index.minus(since)?)
    }
}

/// The index has 27 decimals, a rate 18.
const INDEX_PER_RATE: u128 = DEBT_ONE / Ratio::ONE.raw();

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_year_at_three_percent_costs_three_percent() {
        let mut minted = MintedDebt { total: Usd::whole(1_000), ..MintedDebt::default() };
        assert_eq!(minted.accrue(Ratio::percent(3), YEAR), Ok(Usd::whole(30)));
        let half = Wide::from(DEBT_ONE).times(15_000_000u64.into());
        assert_eq!(minted.accrued(Usd::whole(500), Wide::ZERO), half);
    }

    #[test]
    fn nothing_minted_or_no_fee_is_nothing() {
        let mut minted = MintedDebt::default();
        assert_eq!(minted.accrue(Ratio::percent(3), YEAR), Ok(Usd::ZERO));
        let mut minted = MintedDebt { total: Usd::whole(1), ..MintedDebt::default() };
        assert_eq!(minted.accrue(Ratio::ZERO, YEAR), Ok(Usd::ZERO));
        assert_eq!(minted.index, Wide::ZERO);
    }

    proptest! {
        /// What is booked and carried is what the positions owe, to the last 10⁻²⁷, and many syncs cost less than 10⁻²⁷ each for
        /// every micro-USD less than one.
        #[test]
        fn what_is_booked_is_what_is_owed(
            total in 1u128..1 << 60, rate in 0u128..1 << 60, waits in prop::collection::vec(0u64..1 << 20, 1..20)
        ) {
            let start = MintedDebt { total: Usd::new(total), ..MintedDebt::default() };
            let (mut often, mut once) = (start, start);
            let mut booked = Usd::ZERO;
            for wait in &waits {
                booked = booked.plus(often.accrue(Ratio::new(rate), *wait).unwrap()).unwrap();
            }
            let whole = booked.wide().times(DEBT_ONE.into()).unwrap();
            prop_assert_eq!(whole.plus(often.carried).unwrap(), often.accrued(often.total, Wide::ZERO).unwrap());
            once.accrue(Ratio::new(rate), waits.iter().sum()).unwrap();
            let less = once.index.minus(often.index).unwrap();
            prop_assert!(Wide::ZERO <= less && less < Wide::from(waits.len() as u64));
        }
    }
}
