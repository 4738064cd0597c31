//! What of the fee is remitted to those who trade much, and to those who brought others.

use cosmwasm_schema::cw_serde;

use crate::contract::in_range;
use crate::error::{ensure, Error, Result};
use crate::units::{Ratio, Rounding, Usd, DAY, MAX_USD};

/// At most so many tiers.
pub const MAX_TIERS: usize = 8;

/// Which part of the fee of a fill is remitted. All discounts are of the whole fee and add up; whatever is left of it is shared out as
/// ever, so no discount is paid by insurance or a keeper alone.
// pairs and plain fields: a market has little room for what reads JSON
#[cw_serde]
#[derive(Default)]
pub struct FeeSchedule {
    /// Length of the window that volume is counted over, seconds: an hour to 366 days.
    pub window: u64,
    /// At most 8 tiers: from which volume on, Σ|size|·price of one account's fills within the window, which part of the fee is remitted. Both
    /// rise, volumes from above 0, discounts within (0, 90 %].
    pub tiers: Vec<(Usd, Ratio)>,
    /// Part of the fee that is remitted to an account whose owner somebody brought, beside its tier: together at most 90 %.
    pub referral_discount: Ratio,
    /// Part of the fee that goes to account 0 of whoever brought him, rounded down. With the shares of insurance and keeper ≤ 1.
    pub referral_share: Ratio,
}

impl FeeSchedule {
    /// Every rule of the docstrings, beside `taken`, the shares of insurance and keeper. `E0004`, `E0010`.
    pub fn validate(&self, taken: Ratio) -> Result<()> {
        in_range("fees.window", self.window, 3_600, 366 * DAY)?;
        let (count, max) = (self.tiers.len() as u64, MAX_TIERS as u64);
        ensure(count <= max, || Error::TooMany { what: "fees.tiers".into(), count, max })?;
        let (most, discount) = (Ratio::percent(90), self.referral_discount);
        in_range("fees.referral_discount", discount, Ratio::ZERO, most)?;
        in_range(
            "fees.referral_share",
            self.referral_share,
            Ratio::ZERO,
            Ratio::ONE.saturating_minus(taken),
        )?;
        let mut before = (Usd::ZERO, Ratio::ZERO);
        for tier in &self.tiers {
            in_range("fees.tiers.volume", tier.0, before.0.plus(Usd::new(1))?, MAX_USD)?;
            let least = before.1.plus(Ratio::new(1))?;
            in_range("fees.tiers.discount", tier.1, least, most.saturating_minus(discount))?;
            before = *tier;
        }
        Ok(())
    }

    /// The part of the fee that is remitted to somebody with this volume.
    pub fn discount(&self, volume: Usd, referred: bool) -> Result<Ratio> {
        let reached = self.tiers.iter().rev().find(|(from, _)| *from <= volume);
        let tier = reached.map_or(Ratio::ZERO, |(_, discount)| *discount);
        if referred {
            tier.plus(self.referral_discount)
        } else {
            Ok(tier)
        }
    }
}

/// What an account has traded: a sliding window in three numbers, so that it costs the same after one fill and after a million.
///
/// Time is cut into windows of equal length, counted from 1970. What counts is the volume of the running one, plus the part of the one before
/// that still lies within a window's length, as if that had been traded evenly.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct Volume {
    /// Number of the window in which `current` was traded.
    pub window: u64,
    /// In the window before it.
    pub previous: Usd,
    /// In that window.
    pub current: Usd,
}

impl Volume {
    /// The volume at block time `now`, rounded down. Where the length of the window has changed, it begins anew.
    pub fn at(&self, now: u64, length: u64) -> Result<Usd> {
        let Self { previous, current, .. } = self.rolled(now, length);
        let left = length.saturating_sub(now.checked_rem(length).unwrap_or_default());
        current.plus(previous.fraction(left.into(), length.max(1).into(), Rounding::Down)?)
    }

    /// Takes in a fill.
    pub fn add(&mut self, amount: Usd, now: u64, length: u64) -> Result<()> {
        *self = self.rolled(now, length);
        self.current = self.current.plus(amount)?;
        Ok(())
    }

    fn rolled(&self, now: u64, length: u64) -> Self {
        let window = now.checked_div(length).unwrap_or_default();
        let previous = match window.checked_sub(self.window) {
            Some(0) => return *self,
            Some(1) => self.current,
            _ => Usd::ZERO,
        };
        Self { window, previous, current: Usd::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: u64 = 30 * DAY;

    fn usd(dollars: u128) -> Usd {
        Usd::new(dollars * 1_000_000)
    }

    fn schedule() -> FeeSchedule {
        let tier = |volume, percent| (usd(volume), Ratio::percent(percent));
        FeeSchedule {
            window: WINDOW,
            tiers: vec![tier(1_000, 10), tier(10_000, 25)],
            referral_discount: Ratio::percent(4),
            referral_share: Ratio::percent(10),
        }
    }

    #[test]
    fn volume_fades_over_the_window_after_the_one_that_it_was_traded_in() {
        let mut volume = Volume::default();
        let begin = 100 * WINDOW;
        volume.add(usd(900), begin + 5, WINDOW).unwrap();
        volume.add(usd(100), begin + WINDOW - 1, WINDOW).unwrap();
        assert_eq!(volume.at(begin + WINDOW - 1, WINDOW), Ok(usd(1_000)));
        // a quarter of the next window is over: three quarters of what was traded in the one before are within a window's length
        assert_eq!(volume.at(begin + WINDOW + WINDOW / 4, WINDOW), Ok(usd(750)));
        volume.add(usd(40), begin + WINDOW + WINDOW / 2, WINDOW).unwrap();
        assert_eq!(volume.at(begin + WINDOW + WINDOW / 2, WINDOW), Ok(usd(540)));
        assert_eq!(volume.at(begin + 2 * WINDOW, WINDOW), Ok(usd(40)));
        assert_eq!(volume.at(begin + 3 * WINDOW, WINDOW), Ok(Usd::ZERO));
    }

    #[test]
    fn another_length_of_the_window_begins_anew() {
        let mut volume = Volume::default();
        volume.add(usd(900), 100 * WINDOW, WINDOW).unwrap();
        for length in [WINDOW / 2, WINDOW * 3, 3_600] {
            assert_eq!(volume.at(100 * WINDOW, length), Ok(Usd::ZERO), "{length}");
        }
    }

    #[test]
    fn a_discount_is_that_of_the_highest_tier_reached_and_that_of_the_referral() {
        let schedule = schedule();
        schedule.validate(Ratio::percent(90)).unwrap();
        for (volume, referred, percent) in
            [(999, false, 0), (1_000, false, 10), (9_999, true, 14), (10_000, true, 29), (1 << 60, false, 25)]
        {
            assert_eq!(schedule.discount(usd(volume), referred), Ok(Ratio::percent(percent)), "{volume}");
        }
    }

    #[test]
    fn a_schedule_that_breaks_a_rule_is_refused() {
        let refused = |change: fn(&mut FeeSchedule), code: &str| {
            let mut schedule = schedule();
            change(&mut schedule);
            assert_eq!(schedule.validate(Ratio::percent(90)).unwrap_err().code(), code);
        };
        refused(|fees| fees.window = 3_599, "E0004");
        refused(|fees| fees.window = 366 * DAY + 1, "E0004");
        refused(|fees| fees.tiers[0].0 = Usd::ZERO, "E0004");
        refused(|fees| fees.tiers[1].0 = usd(1_000), "E0004");
        refused(|fees| fees.tiers[1].1 = Ratio::percent(10), "E0004");
        refused(|fees| fees.tiers[1].1 = Ratio::percent(87), "E0004");
        refused(|fees| fees.tiers = vec![fees.tiers[0]; 9], "E0010");
        refused(|fees| fees.referral_share = Ratio::percent(11), "E0004");
        refused(|fees| fees.referral_discount = Ratio::percent(91), "E0004");
    }
}
