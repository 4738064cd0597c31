//! What a trade of tokens costs or brings: the worse side of the index, the premium Φ(after) − Φ(before), and the fee.
//!
//! ```text
//! buy of a tokens:   Δq = q(T + a) − q(T)   cost     = ⌈Δq·P·(1 + confidence)⌉ + ΔΦ + ⌈fee⌉
//! sale of a tokens:  Δq = q(T) − q(T − a)   proceeds = ⌊Δq·P·(1 − confidence)⌋ − ΔΦ − ⌈fee⌉
//! ```
//!
//! Quantities are differences of one function of the supply, and premia of one function of the exposures: in whatever pieces tokens are
//! bought and sold, both add up to nothing over a round trip, and every rounding of a value is against who trades.

use sdp_risk::potential;
use sdp_trading::Outside;
use sdp_types::board::{Covariance, FeedId};
use sdp_types::error::SpotError;
use sdp_types::exposure::FeedQuantity;
use sdp_types::{ensure, Amount, Price, Ratio, Result, Rounding, SignedUsd, Size, Usd};

use super::quantity::{quantity, tokens};

/// The prices that a trade meets.
#[derive(Clone, Copy, Debug)]
pub struct Index {
    /// Of the synthetic's feed.
    pub price: Price,
    /// Half of its band.
    pub confidence: Ratio,
}

/// Where one synthetic is bought and sold, at one interval's prices.
#[derive(Clone, Debug)]
pub struct Desk<'a> {
    covariance: &'a Covariance,
    depth: Usd,
    /// Exposures of the whole pool before the trade, its Φ, and what traders are net long in the feed.
    exposures: Vec<SignedUsd>,
    potential: SignedUsd,
    long: Size,
    feed: FeedId,
    index: Index,
    fee: Ratio,
    /// The synthetic's tokens, its redemption index and the token's decimals.
    issued: Issued,
}

/// All tokens of a synthetic.
#[derive(Clone, Copy, Debug)]
pub struct Issued {
    /// Base units that are owed.
    pub supply: Amount,
    /// R, 27 decimals.
    pub redemption: u128,
    /// Of the token.
    pub decimals: u8,
}

/// One trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trade {
    /// Base units.
    pub amount: Amount,
    /// Units of the asset that are owed more (a buy), or no longer.
    pub quantity: Size,
    /// Worse side of the index.
    pub price: Price,
    /// The quantity at that price, rounded against who trades.
    pub value: Usd,
    /// Negative is a rebate.
    pub premium: SignedUsd,
    /// Rounded up.
    pub fee: Usd,
    /// Cost of a buy, at least 0; what a sale brings, negative where the premium is more than the value.
    pub usd: SignedUsd,
}

impl<'a> Desk<'a> {
    /// With this contract's quantities, and prices of all feeds as `price` gives them.
    pub fn open(
        outside: &'a Outside,
        quantities: &[FeedQuantity],
        price: &dyn Fn(FeedId) -> Price,
        (feed, index): (FeedId, Index),
        fee: Ratio,
        issued: Issued,
    ) -> Result<Self> {
        let exposures = outside.exposures(quantities, price)?;
        let mut long = Size::ZERO;
        for entry in outside.others.iter().chain(quantities).filter(|entry| entry.feed == feed) {
            long = long.plus(entry.quantity)?;
        }
        let (covariance, depth) = (&outside.covariance, outside.depth);
        let potential = potential::potential(&exposures, covariance, depth)?.signed()?;
        Ok(Self { covariance, depth, exposures, potential, long, feed, index, fee, issued })
    }

    /// Exposures of the pool before a trade.
    pub fn before(&self) -> &[SignedUsd] {
        &self.exposures
    }

    /// Exposures of the pool after what traders are long in the feed has changed.
    pub fn after(&self, delta: Size) -> Result<Vec<SignedUsd>> {
        let mut after = self.exposures.clone();
        if let Some(own) = after.get_mut(usize::from(self.feed)) {
            *own = potential::exposure(self.long.plus(delta)?, self.index.price)?;
        }
        Ok(after)
    }

    fn premium(&self, delta: Size) -> Result<SignedUsd> {
        let after = potential::potential(&self.after(delta)?, self.covariance, self.depth)?;
        after.signed()?.minus(self.potential)
    }

    /// What buying so many base units costs.
    pub fn buy(&self, amount: Amount) -> Result<Trade> {
        let Issued { supply, redemption, decimals } = self.issued;
        let before = quantity(supply, redemption, decimals)?;
        let delta = quantity(supply.plus(amount)?, redemption, decimals)?.minus(before)?;
        let price = self.index.price.high(self.index.confidence)?;
        let value = delta.abs().value(price, Rounding::Up)?;
        let (premium, fee) = (self.premium(delta)?, value.scale(self.fee, Rounding::Up)?);
        let cost = value.plus(fee)?.signed()?.plus(premium)?.max(SignedUsd::ZERO);
        Ok(Trade { amount, quantity: delta, price, value, premium, fee, usd: cost })
    }

    /// What selling so many base units brings. `E0001` for more than there are.
    pub fn sell(&self, amount: Amount) -> Result<Trade> {
        let Issued { supply, redemption, decimals } = self.issued;
        let after = quantity(supply.minus(amount)?, redemption, decimals)?;
        let delta = quantity(supply, redemption, decimals)?.minus(after)?;
        let price = self.index.price.low(self.index.confidence)?;
        let value = delta.abs().value(price, Rounding::Down)?;
        let (premium, fee) = (self.premium(delta.negate()?)?, value.scale(self.fee, Rounding::Up)?);
        let brings = value.signed()?.minus(premium)?.minus(fee.signed()?)?;
        Ok(Trade { amount, quantity: delta, price, value, premium, fee, usd: brings })
    }

    /// The largest buy that costs no more than what is paid, and gives at least so much: `E0604 BelowLeast`.
    pub fn buy_for(&self, paid: Usd, least: Amount) -> Result<Trade> {
        let Issued { redemption, decimals, .. } = self.issued;
        // twice what it buys at the lower edge: no rebate is so large
        let twice = paid.plus(paid)?;
        let most = size_for(twice, self.index.price.low(self.index.confidence)?)?;
        let most = tokens(most, redemption, decimals, Rounding::Up)?;
        let budget = paid.signed()?;
        // what is beyond any number costs too much
        let amount = largest(most.raw(), |amount| {
            self.buy(Amount::new(amount)).is_ok_and(|trade| trade.usd <= budget)
        });
        let trade = self.buy(Amount::new(amount))?;
        let enough = amount > 0 && trade.amount >= least;
        ensure(enough, || {
            SpotError::BelowLeast { gets: amount.into(), least: least.raw().max(1).into() }.into()
        })?;
        Ok(trade)
    }

    /// A buy of exactly so much for at most what is paid: `E0605 CostsMore`.
    pub fn buy_exactly(&self, amount: Amount, paid: Usd) -> Result<Trade> {
        let trade = self.buy(amount)?;
        let cost = trade.usd.positive_part();
        ensure(cost <= paid, || SpotError::CostsMore { cost, paid }.into())?;
        Ok(trade)
    }

    /// A sale of exactly so much that brings at least so much, and something: `E0604 BelowLeast`.
    pub fn sell_all(&self, amount: Amount, least: Usd) -> Result<Trade> {
        let trade = self.sell(amount)?;
        let least = least.signed()?.max(SignedUsd::new(1));
        ensure(trade.usd >= least, || {
            SpotError::BelowLeast { gets: trade.usd.wide(), least: least.wide() }.into()
        })?;
        Ok(trade)
    }

    /// The smallest sale that brings so much, and exactly that; at most so many tokens: `E0604 BelowLeast`. What it brings beyond that, less
    /// than a base unit is worth, is the pool's.
    pub fn sell_for(&self, usd: Usd, most: Amount) -> Result<Trade> {
        self.sell_all(most, usd)?;
        let wanted = usd.signed()?;
        let less = |amount| self.sell(Amount::new(amount)).is_ok_and(|trade| trade.usd < wanted);
        let amount = largest(most.raw().saturating_sub(1), less).saturating_add(1);
        let trade = self.sell(Amount::new(amount))?;
        Ok(Trade { usd: wanted, ..trade })
    }
}

/// Units of an asset for so much at a price, rounded up. `E0002` where that is 0.
pub fn size_for(usd: Usd, price: Price) -> Result<Size> {
    // micro-USD to 18 decimals of a price of 18 decimals: 10³⁰
    let scale = 1_000_000_000_000_000_000_000_000_000_000u128;
    let size = usd.wide().times(scale.into())?.div_ceil(price.wide())?;
    Ok(Size::new(size.narrow()?))
}

/// The largest number up to `most` for which it holds; 0 counts as one. It has to hold for all numbers below one for which it holds.
fn largest(most: u128, mut holds: impl FnMut(u128) -> bool) -> u128 {
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = high - (high - low) / 2;
        if holds(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}
