//! Debt shares: an index that spreads amounts over shares without losing a remainder, and a book of shares whose
//! amounts can shrink, grow and be wiped as a whole. Nothing here visits a holder.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{ensure, Error, Result};
use crate::math::{mul_div_ceil, mul_div_floor, Wide};
use crate::units::{Amount, Shares, SignedUsd, Usd};

/// Decimals of a micro-USD in every [`Wide`] amount of debt: 27.
pub const DEBT_ONE: u128 = 1_000_000_000_000_000_000_000_000_000;

/// An amount of debt with 27 decimals of a micro-USD.
pub fn debt_of(amount: SignedUsd) -> Result<Wide> {
    amount.wide().times(DEBT_ONE.into())
}

/// Debt in whole micro-USD, rounded up: as it is shown, tested and paid.
pub fn debt_up(debt: Wide) -> Result<SignedUsd> {
    debt.div_ceil(DEBT_ONE.into())?.narrow().map(SignedUsd::new)
}

/// Spreads signed amounts over shares: `value_per_share` is debt per share with 27 decimals of a micro-USD, and what a
/// division leaves is carried into the next one, so what was handed out and what was put in never differ by a whole
/// micro-USD. (Synthetix V3's distribution, with the remainder that it drops.)
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Distribution {
    /// Sum of all that was ever distributed to one share.
    pub value_per_share: Wide,
    /// Put in and not handed out yet, in 10⁻²⁷ micro-USD. At least 0 and less than the shares after a distribution.
    pub remainder: Wide,
}

impl Distribution {
    /// Spreads `amount` over `shares`. `E0002` for no shares.
    pub fn distribute(&mut self, amount: SignedUsd, shares: Shares) -> Result<()> {
        let carried = debt_of(amount)?.plus(self.remainder)?;
        let (each, remainder) = carried.div_rem(shares.wide())?;
        self.value_per_share = self.value_per_share.plus(each)?;
        self.remainder = remainder;
        Ok(())
    }

    /// What `shares` have accrued since the index stood at `since`; exact.
    pub fn accrued(&self, shares: Shares, since: Wide) -> Result<Wide> {
        self.value_per_share.minus(since)?.times(shares.wide())
    }

    /// Takes in the fraction of a micro-USD that a closed position leaves behind.
    pub fn absorb(&mut self, residue: Wide) -> Result<()> {
        self.remainder = self.remainder.plus(residue)?;
        Ok(())
    }

    /// Splits `amount` by `weights` into integers that add up to it: part i is the difference of two rounded-down
    /// running sums, so each is within a micro-USD of its share. `E0002` if all weights are 0.
    pub fn split(amount: SignedUsd, weights: &[Usd]) -> Result<Vec<SignedUsd>> {
        let mut total = Wide::ZERO;
        for weight in weights {
            total = total.plus(weight.wide())?;
        }
        let (mut sum, mut given) = (Wide::ZERO, SignedUsd::ZERO);
        let mut parts = Vec::with_capacity(weights.len());
        for weight in weights {
            sum = sum.plus(weight.wide())?;
            let until = SignedUsd::new(amount.wide().times(sum)?.div_floor(total)?.narrow()?);
            parts.push(until.minus(given)?);
            given = until;
        }
        Ok(parts)
    }
}

/// 1.0 of [`ScaledBook::product`].
pub const PRODUCT_ONE: u128 = 1_000_000_000_000_000_000_000_000_000;
/// Highest product: a thousandfold, so that what a deposit loses by rounding to shares stays below a thousand base units.
const PRODUCT_CEILING: u128 = 1_000 * PRODUCT_ONE;
/// A book that has lost all but this part of its product (10⁻⁹) is wiped.
const PRODUCT_FLOOR: u128 = 1_000_000_000_000_000_000;

/// Shares of one amount of collateral that can lose or gain as a whole. An amount is `shares × product`; a whole-book
/// loss or gain moves the product only. A book wiped to nothing (or to less than a billionth of what its shares once
/// were, where Liquity changes its scale) begins a new epoch: older shares are worth nothing, and it can be used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScaledBook {
    /// Counts the wipes.
    pub epoch: u32,
    /// Amount per share, 27 decimals.
    pub product: Wide,
    /// All shares of this epoch.
    pub shares: Shares,
    /// All of the amount: at least the sum of what the shares are worth.
    pub amount: Amount,
}

impl Default for ScaledBook {
    fn default() -> Self {
        Self { epoch: 0, product: PRODUCT_ONE.into(), shares: Shares::ZERO, amount: Amount::ZERO }
    }
}

impl ScaledBook {
    fn product(&self) -> Result<u128> {
        u128::try_from(self.product.narrow()?).map_err(|_| crate::math::overflow("product"))
    }

    /// Shares that `amount` buys, rounded down.
    pub fn shares_for(&self, amount: Amount) -> Result<Shares> {
        mul_div_floor(amount.raw(), PRODUCT_ONE, self.product()?).map(Shares::new)
    }

    /// Shares that have to go for `amount`, rounded up.
    pub fn shares_to_remove(&self, amount: Amount) -> Result<Shares> {
        mul_div_ceil(amount.raw(), PRODUCT_ONE, self.product()?).map(Shares::new)
    }

    /// What shares of an epoch are worth, rounded down; nothing for an epoch that is over.
    pub fn amount_of(&self, shares: Shares, epoch: u32) -> Result<Amount> {
        if epoch != self.epoch {
            return Ok(Amount::ZERO);
        }
        mul_div_floor(shares.raw(), self.product()?, PRODUCT_ONE).map(Amount::new)
    }

    /// Puts `amount` in and returns its shares. `E0005` where it buys none.
    pub fn add(&mut self, amount: Amount) -> Result<Shares> {
        let shares = self.shares_for(amount)?;
        ensure(!shares.is_zero(), || Error::Zero { what: "shares".into() })?;
        self.shares = self.shares.plus(shares)?;
        self.amount = self.amount.plus(amount)?;
        Ok(shares)
    }

    /// Takes shares of the present epoch out and returns what they are worth; the last shares take all that is left.
    pub fn remove(&mut self, shares: Shares) -> Result<Amount> {
        let worth = self.amount_of(shares, self.epoch)?;
        self.shares = self.shares.minus(shares)?;
        let amount = if self.shares.is_zero() { self.amount } else { worth };
        self.amount = self.amount.minus(amount)?;
        Ok(amount)
    }

    /// All shares gain `gain` in proportion, the product rounded down. `E0005` with no shares, `E0004` where a share would be worth more
    /// than a thousand times what it was when the first one was bought.
    pub fn gain(&mut self, gain: Amount) -> Result<()> {
        ensure(!self.shares.is_zero(), || Error::Zero { what: "shares".into() })?;
        let mut grown = *self;
        grown.rescale(self.amount.plus(gain)?)?;
        let (most, product) = (Wide::from(PRODUCT_CEILING), grown.product);
        ensure(product <= most, || Error::out_of_range("product", product, PRODUCT_FLOOR, most))?;
        *self = grown;
        Ok(())
    }

    /// All shares lose `loss` in proportion. Returns whether that wiped the book: then a new epoch has begun, empty.
    pub fn lose(&mut self, loss: Amount) -> Result<bool> {
        let left = self.amount.minus(loss)?;
        if !left.is_zero() {
            self.rescale(left)?;
            if self.product >= PRODUCT_FLOOR.into() {
                return Ok(false);
            }
        }
        *self = Self { epoch: self.epoch + 1, ..Self::default() };
        Ok(true)
    }

    /// What roundings of deposits and exits have left so far is shared with it.
    fn rescale(&mut self, amount: Amount) -> Result<()> {
        self.product = amount.wide().times(PRODUCT_ONE.into())?.div_floor(self.shares.wide())?;
        self.amount = amount;
        Ok(())
    }
}
