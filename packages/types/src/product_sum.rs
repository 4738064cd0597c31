//! Deposits that pay out in one token and earn in others, all in proportion and without visiting anybody: the product and the
//! sums of Liquity's stability pool (Lauko and Pardoe, "Scalable reward distribution with compounding stakes", 2021), for
//! several kinds of gains.
//!
//! When the deposits T together pay L and get g of a collateral for it, a deposit d pays d·L/T and gets d·g/T. So each deposit
//! shrinks by the same factor, and the product of all factors is all that a depositor has to know of the past:
//!
//! ```text
//! P ← P·(T − L)/T                          rounded down
//! S ← S + g·P/T                            with P of before, for each collateral, rounded down
//! worth  = d·P/P₀                          rounded down; P₀ and S₀ are of when d was written down
//! earned = d·(S − S₀)/P₀                   rounded down
//! ```
//!
//! P has 36 decimals. Below 10⁻⁹ it is multiplied by 10⁹, which begins a new **scale**; a deposit of an earlier scale is worth
//! 10⁹ times less for each scale in between, and counts what later scales earn likewise, up to [`SCALES`] of them: after that it is
//! worth less than a micro-USD, and so is what it would earn. When the deposits are all gone, a new
//! **epoch** begins with P = 1, in which older deposits are worth nothing. Scales and epochs have sums of their own.
//!
//! All roundings are against who is touched and for the whole: T is never less than what the deposits are worth, and what was
//! got is never less than what was earned. A deposit, and what it has earned, loses less than a unit each time that it is
//! written down, and for each payment before that 10⁻²⁷ of itself (P keeps 27 digits) and 10⁻⁶ of a unit. That dust stays in T and
//! in what is held, so it pays and earns with the others.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::math::Wide;
use crate::units::{Amount, Usd};

/// 1.0 of a product.
pub const PRODUCT_ONE: u128 = 1_000_000_000_000_000_000_000_000_000_000_000_000;
/// Between two scales.
const STEP: u128 = 1_000_000_000;
/// A product below this begins a new scale.
const LEAST: u128 = PRODUCT_ONE / STEP;
/// After more scales than these the largest deposit, 10¹⁵ USD, is worth less than a micro-USD.
pub const SCALES: u32 = 3;

/// All deposits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deposits {
    /// What they are worth together, dust included.
    pub total: Usd,
    /// P, with [`PRODUCT_ONE`]; more than 10²⁶ and at most [`PRODUCT_ONE`].
    pub product: u128,
    /// How often they were all gone.
    pub epoch: u32,
    /// How often P was multiplied in this epoch.
    pub scale: u32,
}

impl Default for Deposits {
    fn default() -> Self {
        Self { total: Usd::ZERO, product: PRODUCT_ONE, epoch: 0, scale: 0 }
    }
}

impl Deposits {
    /// More is deposited.
    pub fn add(&mut self, amount: Usd) -> Result<()> {
        self.total = self.total.plus(amount)?;
        Ok(())
    }

    /// Less is deposited. `E0001` where that is more than there is.
    pub fn remove(&mut self, amount: Usd) -> Result<()> {
        self.total = self.total.minus(amount)?;
        Ok(())
    }

    /// What the sum of a collateral grows by when the deposits get `gain` of it, rounded down: before [`Self::pay`]. `E0002`
    /// without deposits.
    pub fn growth(&self, gain: Amount) -> Result<Wide> {
        gain.wide().times(self.product.into())?.div_floor(self.total.wide())
    }

    /// All deposits pay `loss` together. Whether that began a new scale or epoch, whose sums begin at 0. `E0001` where they
    /// have less, `E0002` where they have nothing.
    pub fn pay(&mut self, loss: Usd) -> Result<bool> {
        let left = self.total.minus(loss)?;
        if left.is_zero() {
            *self = Self { epoch: self.epoch.saturating_add(1), ..Self::default() };
            return Ok(true);
        }
        let mut product = left.wide().times(self.product.into())?;
        let scale = self.scale;
        // less than 10²⁷·T where it is multiplied, so it fits
        while product < self.total.wide().times(LEAST.into())? {
            product = product.times(STEP.into())?;
            self.scale = self.scale.saturating_add(1);
        }
        self.product = product.div_floor(self.total.wide())?.unsigned()?;
        self.total = left;
        Ok(self.scale != scale)
    }
}

/// One deposit as it was when it was last written down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stake {
    /// What it was worth.
    pub amount: Usd,
    /// P of then.
    pub product: u128,
    /// Epoch of then.
    pub epoch: u32,
    /// Scale of then.
    pub scale: u32,
    /// S of then, by vault; 0 where there is none.
    pub sums: Vec<Wide>,
}

impl Stake {
    /// A deposit that is written down now.
    pub fn new(amount: Usd, deposits: &Deposits, sums: Vec<Wide>) -> Self {
        let Deposits { product, epoch, scale, .. } = *deposits;
        Self { amount, product, epoch, scale, sums }
    }

    /// What it is worth now, rounded down.
    pub fn worth(&self, deposits: &Deposits) -> Result<Usd> {
        let scales = deposits.scale.saturating_sub(self.scale);
        if self.amount.is_zero() || self.epoch != deposits.epoch || scales > SCALES {
            return Ok(Usd::ZERO);
        }
        let first = Wide::from(self.product).times(power(scales)?)?;
        let worth = self.amount.wide().times(deposits.product.into())?.div_floor(first)?;
        worth.unsigned().map(Usd::new)
    }

    /// What it has earned of a vault's collateral since then, rounded down. `periods` are the sums of its own scale and of the
    /// next ones of its epoch, as far as there are any.
    pub fn earned(&self, vault: usize, periods: &[Vec<Wide>]) -> Result<Amount> {
        if self.amount.is_zero() {
            return Ok(Amount::ZERO);
        }
        let of = |sums: &[Wide]| sums.get(vault).copied().unwrap_or_default();
        let mut grown = Wide::ZERO.minus(of(&self.sums))?;
        for (scales, sums) in (0..=SCALES).zip(periods) {
            grown = grown.plus(of(sums).div_floor(power(scales)?)?)?;
        }
        // a deposit's part of all gains, so it fits if those do
        self.amount.wide().times(grown)?.div_floor(self.product.into())?.unsigned().map(Amount::new)
    }
}

/// What so many scales divide by.
fn power(scales: u32) -> Result<Wide> {
    let step = Wide::from(STEP);
    (0..scales).try_fold(Wide::from(1u64), |power, _| power.times(step))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VAULT: usize = 1;

    fn stake(usd: u64, deposits: &mut Deposits, sums: &[Wide]) -> Stake {
        let amount = Usd::whole(usd);
        deposits.add(amount).unwrap();
        Stake::new(amount, deposits, sums.to_vec())
    }

    /// Everybody pays, and gets this for it.
    fn pays(deposits: &mut Deposits, sums: &mut [Wide], loss: Usd, gain: u128) -> bool {
        let growth = deposits.growth(Amount::new(gain)).unwrap();
        sums[VAULT] = sums[VAULT].plus(growth).unwrap();
        deposits.pay(loss).unwrap()
    }

    #[test]
    fn what_is_paid_and_got_is_shared_by_the_deposits_of_then() {
        let (mut all, mut sums) = (Deposits::default(), [Wide::ZERO; 2]);
        let anna = stake(300, &mut all, &sums);
        let bert = stake(100, &mut all, &sums);
        // half of it
        assert!(!pays(&mut all, &mut sums, Usd::whole(200), 4_000));
        let cleo = stake(200, &mut all, &sums);
        // another half: anna has 150 of 400, bert 50, cleo 200
        assert!(!pays(&mut all, &mut sums, Usd::whole(200), 800));
        let worth = |stake: &Stake| stake.worth(&all).unwrap();
        assert_eq!([worth(&anna), worth(&bert), worth(&cleo)], [75, 25, 100].map(Usd::whole));
        let earned = |stake: &Stake| stake.earned(VAULT, &[sums.to_vec()]).unwrap().raw();
        assert_eq!([earned(&anna), earned(&bert), earned(&cleo)], [3_300, 1_100, 400]);
        assert_eq!(anna.earned(0, &[sums.to_vec()]).unwrap(), Amount::ZERO);
    }

    #[test]
    fn a_deposit_that_survives_a_scale_keeps_its_part_and_earns_on() {
        let (mut all, mut sums) = (Deposits::default(), [Wide::ZERO; 2]);
        let anna = stake(3_000_000_000, &mut all, &sums);
        let bert = stake(1_000_000_000, &mut all, &sums);
        // all but 4·10⁻¹⁰
        let loss = all.total.minus(Usd::new(1_600_000)).unwrap();
        assert!(pays(&mut all, &mut sums, loss, 4_000_000));
        assert_eq!((all.epoch, all.scale, all.product), (0, 1, PRODUCT_ONE / 10 * 4));
        let worth = |stake: &Stake| stake.worth(&all).unwrap().raw();
        assert_eq!([worth(&anna), worth(&bert)], [1_200_000, 400_000]);
        let first = sums.to_vec();
        let mut sums = [Wide::ZERO; 2];
        let cleo = stake(1, &mut all, &sums);
        // half of 1.6 + 1
        assert!(!pays(&mut all, &mut sums, Usd::new(1_300_000), 2_600_000));
        let earned = |stake: &Stake, periods: &[Vec<Wide>]| stake.earned(VAULT, periods).unwrap().raw();
        let both = [first, sums.to_vec()];
        assert_eq!([earned(&anna, &both), earned(&bert, &both)], [4_200_000, 1_400_000]);
        assert_eq!(earned(&cleo, &both[1..]), 1_000_000);
        assert_eq!(cleo.worth(&all).unwrap(), Usd::new(500_000));
    }

    #[test]
    fn one_payment_may_pass_two_scales_and_none_is_worth_anything_after_four() {
        let mut all = Deposits::default();
        let anna = stake(1_000_000_000_000_000, &mut all, &[]);
        assert!(all.pay(all.total.minus(Usd::new(3)).unwrap()).unwrap());
        // 3·10⁻²¹
        assert_eq!((all.scale, all.product), (2, PRODUCT_ONE / 1_000 * 3));
        assert_eq!(anna.worth(&all).unwrap(), Usd::new(3));
        all.add(Usd::whole(1_000_000_000_000_000)).unwrap();
        all.pay(all.total.minus(Usd::new(3)).unwrap()).unwrap();
        assert_eq!((all.scale, anna.worth(&all).unwrap()), (4, Usd::ZERO));
    }

    #[test]
    fn deposits_that_paid_everything_are_gone_and_new_ones_are_not() {
        let mut all = Deposits::default();
        let anna = stake(5, &mut all, &[]);
        assert!(all.pay(Usd::whole(5)).unwrap());
        assert_eq!(all, Deposits { epoch: 1, ..Deposits::default() });
        let bert = stake(7, &mut all, &[]);
        assert_eq!([anna.worth(&all).unwrap(), bert.worth(&all).unwrap()], [Usd::ZERO, Usd::whole(7)]);
    }

    #[test]
    fn nothing_is_paid_or_got_without_deposits_and_no_more_than_there_is() {
        let mut all = Deposits::default();
        assert_eq!(all.growth(Amount::new(1)), Err(crate::Error::DivisionByZero {}));
        all.add(Usd::new(5)).unwrap();
        assert_eq!(all.pay(Usd::new(6)).unwrap_err().code(), "E0001");
        assert_eq!(all.remove(Usd::new(6)).unwrap_err().code(), "E0001");
    }

    #[test]
    fn the_largest_amounts_fit() {
        let (mut all, mut sums) = (Deposits::default(), [Wide::ZERO; 2]);
        let anna = stake(1_000_000_000_000_000, &mut all, &sums);
        let most = crate::units::MAX_AMOUNT.raw();
        pays(&mut all, &mut sums, Usd::new(1), most);
        assert_eq!(anna.earned(VAULT, &[sums.to_vec()]).unwrap(), Amount::new(most));
        all.pay(all.total.minus(Usd::new(1)).unwrap()).unwrap();
        let first = sums.to_vec();
        let mut sums = [Wide::ZERO; 2];
        pays(&mut all, &mut sums, Usd::new(1), most);
        let periods = [first, vec![], sums.to_vec()];
        assert!(anna.earned(VAULT, &periods).unwrap().raw() >= most);
    }
}
