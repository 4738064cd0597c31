//! What a keeper does, how much it spends, and from which profit on.

use std::collections::BTreeSet;

use sdp_types::{Ratio, Rounding, Usd};

use crate::job::Kind;

/// Settings of a keeper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Account that sends.
    pub sender: String,
    /// What it does.
    pub kinds: BTreeSet<Kind>,
    /// USD for a million units of gas; 0 where gas costs nothing.
    pub gas_price: Ratio,
    /// A job must bring at least this on top of its gas. Not those that bring nobody anything: they have `unpaid`.
    pub least_profit: Usd,
    /// Gas for jobs that bring their keeper nothing, USD a UTC day.
    pub unpaid: Usd,
    /// sdUSD for collateral out of auctions, USD a UTC day.
    pub budget: Usd,
    /// Collateral is bought at most at the board's price less this part of it.
    pub discount: Ratio,
    /// Accounts or orders in one message, 1 to 100.
    pub batch: u32,
    /// Pages of 100 accounts, and as many of positions, that are looked at anew in each block, however far they are from liquidation.
    pub pages: u32,
    /// Blocks between two looks at what is done now and then: samples, ceilings, sweeps, exits.
    pub upkeep: u64,
    /// Seconds between two samples of funding that this keeper pays for.
    pub poke: u64,
    /// Age at which a pulled feed's price is pulled anew, seconds; none: half of the age up to which accounts are marked at it. At once where an
    /// order waits for it.
    pub pull: Option<u64>,
    /// Whether it lets another keeper go first where both have met at the same work.
    pub sharing: bool,
    /// Looks and says what it would do, and sends nothing.
    pub dry_run: bool,
}

impl Config {
    /// A keeper that does everything but buy, whose gas is free.
    pub fn new(sender: &str) -> Self {
        Self {
            sender: sender.into(),
            kinds: Kind::ALL.into_iter().collect(),
            gas_price: Ratio::ZERO,
            least_profit: Usd::ZERO,
            unpaid: Usd::whole(100),
            budget: Usd::ZERO,
            discount: Ratio::percent(2),
            batch: 20,
            pages: 5,
            upkeep: 10,
            poke: 3_600,
            pull: None,
            sharing: true,
            dry_run: false,
        }
    }

    /// What a gas limit costs, rounded up.
    pub fn cost(&self, gas: u64) -> sdp_types::Result<Usd> {
        // USD for a million units are micro-USD for one
        Usd::new(gas.into()).scale(self.gas_price, Rounding::Up)
    }
}
