//! The backstop's records: all deposits, what they have absorbed of each vault, and one depositor.

use sdp_types::math::Wide;
use sdp_types::product_sum::{Deposits, Stake, SCALES};
use sdp_types::record::{entry, Record};
use sdp_types::units::DAY;
use sdp_types::{Amount, Result, Usd};
use serde::{Deserialize, Serialize};

/// All deposits and what they have absorbed: one record, because every seizure that is absorbed writes all of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Backstop {
    /// sdUSD of all depositors.
    pub deposits: Deposits,
    /// By vault number, as far as anything was absorbed.
    pub vaults: Vec<Inherited>,
}

/// What the backstop has of one vault.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inherited {
    /// Its sum in the present epoch and scale.
    pub sum: Wide,
    /// Collateral that was not claimed yet.
    pub held: Amount,
    /// UTC day in which it last absorbed, counted from 1970.
    pub day: u64,
    /// What it paid in that day.
    pub absorbed: Usd,
}

impl Record for Backstop {
    const NAME: &'static str = "backstop";
    const VERSION: u8 = 1;
}

/// Sums of a period that is over, by vault.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sums(pub Vec<Wide>);

impl Record for Sums {
    const NAME: &'static str = "backstop sums";
    const VERSION: u8 = 1;
}

/// A period whose sums grow no more: its epoch and scale, and these sums.
pub type Closed = (u32, u32, Vec<Wide>);

impl Backstop {
    /// Sums of the present epoch and scale, by vault.
    pub fn sums(&self) -> Vec<Wide> {
        self.vaults.iter().map(|inherited| inherited.sum).collect()
    }

    /// What was paid for a vault's collateral today.
    pub fn absorbed(&self, vault: u8, now: u64) -> Usd {
        let inherited = self.vaults.get(usize::from(vault)).filter(|inherited| inherited.day == now / DAY);
        inherited.map(|inherited| inherited.absorbed).unwrap_or_default()
    }

    /// All depositors pay `cost` together and get `gain` of a vault's collateral. The period that this has closed, if any.
    pub fn absorb(&mut self, vault: u8, now: u64, gain: Amount, cost: Usd) -> Result<Option<Closed>> {
        let (absorbed, growth) = (self.absorbed(vault, now), self.deposits.growth(gain)?);
        let inherited = entry(&mut self.vaults, vault.into());
        inherited.sum = inherited.sum.plus(growth)?;
        inherited.held = inherited.held.plus(gain)?;
        inherited.day = now / DAY;
        inherited.absorbed = absorbed.plus(cost)?;
        let Deposits { epoch, scale, .. } = self.deposits;
        if !self.deposits.pay(cost)? {
            return Ok(None);
        }
        let sums = self.sums();
        self.vaults.iter_mut().for_each(|inherited| inherited.sum = Wide::ZERO);
        Ok(Some((epoch, scale, sums)))
    }
}

/// One depositor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Depositor {
    /// The deposit when it was last written down.
    pub stake: Stake,
    /// Collateral that was earned until then and not claimed, by vault.
    pub gains: Vec<Amount>,
    /// What was asked for last.
    pub request: Option<Request>,
}

/// A withdrawal that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Most to take out.
    pub amount: Usd,
    /// When it was asked for, seconds.
    pub requested_at: u64,
}

impl Record for Depositor {
    const NAME: &'static str = "depositor";
    const VERSION: u8 = 1;
}

impl Depositor {
    /// Writes the deposit down as it is now, and what it has earned. `past` gives the sums of a period that is over.
    pub fn settle(
        &mut self,
        backstop: &Backstop,
        past: impl Fn(u32, u32) -> Result<Vec<Wide>>,
    ) -> Result<()> {
        let Backstop { deposits, vaults } = backstop;
        let Stake { epoch, scale, .. } = self.stake;
        let sums = backstop.sums();
        let mut periods = Vec::new();
        let scales = if self.stake.amount.is_zero() { 0 } else { SCALES + 1 };
        for scale in (scale..).take(scales as usize) {
            if (epoch, scale) == (deposits.epoch, deposits.scale) {
                periods.push(sums.clone());
                break;
            }
            periods.push(past(epoch, scale)?);
        }
        for place in 0..vaults.len() {
            let earned = self.stake.earned(place, &periods)?;
            let gains = entry(&mut self.gains, place);
            *gains = gains.plus(earned)?;
        }
        self.stake = Stake::new(self.stake.worth(deposits)?, deposits, sums);
        Ok(())
    }

    /// Whether there is neither a deposit nor anything to claim.
    pub fn is_empty(&self) -> bool {
        self.stake.amount.is_zero() && self.gains.iter().all(|gains| gains.is_zero())
    }
}
