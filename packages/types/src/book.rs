//! The pool's book, the one record that a sync writes, and its listing, which markets and the liquidator read raw.

use cosmwasm_std::{Addr, Api, CanonicalAddr, QuerierWrapper};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::board::FeedId;
use crate::error::{Error, Result};
use crate::exposure::{used, Recoveries};
use crate::ledger::Ledger;
use crate::math::Wide;
use crate::pool::RiskBudgets;
use crate::record::{key, tag, Record};
use crate::regime::{Regime, Trip};
use crate::shares::{Distribution, ScaledBook};
use crate::stability::MintedDebt;
use crate::units::{Price, SignedUsd, Usd};

/// At most so many vaults.
pub const MAX_VAULTS: usize = 8;
/// At most so many listed market contracts.
pub const MAX_MARKETS: usize = 8;

/// Length of the window of a [`Peak`], seconds.
pub const PEAK_WINDOW: u64 = 3_600;

/// The largest of a value that syncs saw in the current and in the previous hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Peak {
    /// The current hour, counted from 1970.
    pub hour: u64,
    /// Largest in it.
    pub current: Wide,
    /// Largest in the hour before it; of an hour without any sync, the value that stood through it.
    pub previous: Wide,
}

impl Peak {
    /// Takes in the value that stood until `now` and the one that stands from now on.
    pub fn observe(&mut self, before: Wide, after: Wide, now: u64) {
        let hour = now / PEAK_WINDOW;
        match hour.saturating_sub(self.hour) {
            0 => {}
            1 => {
                self.previous = self.current.max(before);
                self.current = before;
            }
            _ => {
                self.previous = before;
                self.current = before;
            }
        }
        self.hour = self.hour.max(hour);
        self.current = self.current.max(after);
    }

    /// The largest of both hours.
    pub fn recent(&self) -> Wide {
        self.current.max(self.previous)
    }

    /// The value that a position is tested at: the largest of both hours, or of the current one only where the
    /// position began in it.
    pub fn for_position(&self, joined_at: u64) -> Wide {
        if joined_at / PEAK_WINDOW >= self.hour {
            self.current
        } else {
            self.recent()
        }
    }
}

/// The part of a vault that every sync needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VaultState {
    /// Feed of its collateral.
    pub feed: FeedId,
    /// Decimals of its collateral's base unit.
    pub decimals: u8,
    /// USD value of its collateral when it last had a fresh price: its debt shares in the pool.
    pub weight: Usd,
    /// What its positions owe together.
    pub debt: SignedUsd,
    /// Its positions' shares and its collateral.
    pub book: ScaledBook,
    /// Spreads debt over its shares.
    pub distribution: Distribution,
    /// For mints, exits and draws.
    pub peak: Peak,
    /// What its positions have minted, and the fee on it.
    pub minted: MintedDebt,
}

/// What the breakers of a pool or of a market go by, and what they have done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// Largest of what is watched, negated: how much it has grown is what it is now and the largest of this. Of the pool: what the markets
    /// have cost, Φ included. Of a market: what was drawn. Stands still where there are no breakers.
    pub lows: Peak,
    /// What tripped, if anything has.
    pub trip: Option<Trip>,
}

impl Watch {
    /// Takes in what stood until `now` and what stands from now on; how much more that is than the least of this hour and the last.
    pub fn growth(&mut self, before: SignedUsd, after: SignedUsd, now: u64) -> Result<Usd> {
        self.lows.observe(before.wide().negate()?, after.wide().negate()?, now);
        self.grown(after)
    }

    /// How much more `value` is than the least of both hours that were watched.
    pub fn grown(&self, value: SignedUsd) -> Result<Usd> {
        let growth = value.wide().plus(self.lows.recent())?;
        Ok(SignedUsd::new(growth.narrow()?).positive_part())
    }
}

/// The part of a listed market that a sync changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarketState {
    /// Debt that was last accepted, less what has been booked since.
    pub reported: SignedUsd,
    /// Its counter when last seen.
    pub drawn: Usd,
    /// Its counter when last seen.
    pub fees: Usd,
    /// Its counter when last seen.
    pub shortfalls: Usd,
    /// When its record was last accepted, block time in seconds.
    pub accepted_at: u64,
    /// Of its breaker.
    pub watch: Watch,
}

impl MarketState {
    /// What it had cost the providers when last accepted.
    pub fn used(&self) -> Result<SignedUsd> {
        used(self.reported, self.drawn, self.fees, self.shortfalls)
    }
}

/// A listed market contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The contract.
    pub address: CanonicalAddr,
    /// Its credit line: most that it may cost the providers. Below 0 where it has earned them more than that.
    pub line: SignedUsd,
    /// What is allowed with it.
    #[serde(with = "crate::packed::byte")]
    pub regime: Regime,
    /// Whether it is a desk of bonded markets, which are believed as far as their credit goes: what the line has left counts as lost.
    pub bonded: bool,
}

impl Listed {
    /// What of its line counts as lost where it has cost `used`.
    pub fn taken_for_lost(&self, used: SignedUsd) -> Result<Usd> {
        Ok(if self.bonded { self.line.minus(used)?.positive_part() } else { Usd::ZERO })
    }
}

/// What markets and the liquidator read of the pool, under [`tag::LISTING`]. It changes rarely (governance, ceilings, regimes), so
/// that a sync does not write it and a trade reads no more than it needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// 1/λ: Φ = xᵀΣx / (2·depth).
    pub impact_depth: Usd,
    /// By number.
    pub markets: Vec<Listed>,
    /// What bounds the pool's expected shortfall, if anything does.
    pub risk: Option<RiskBudgets>,
    /// What is allowed with the pool as a whole.
    #[serde(with = "crate::packed::byte")]
    pub regime: Regime,
    /// Whether there was bad debt after the last sync: then markets pay in proportion out of what they hold and what they draw.
    pub bad_debt: bool,
}

impl Record for Listing {
    const NAME: &'static str = "listing";
    const VERSION: u8 = 4;
}

impl Listing {
    /// The listing of a pool. `E0006` where there is none.
    #[inline]
    pub fn of(querier: &QuerierWrapper<'_>, pool: &Addr) -> Result<Self> {
        Self::of_contract(querier, pool, &key(tag::LISTING))?
            .ok_or_else(|| Error::BadRecord { record: Self::NAME.into() })
    }

    /// The place of a market contract in the list.
    pub fn market(&self, api: &dyn Api, address: &Addr) -> Result<Option<usize>> {
        let canonical = api.addr_canonicalize(address.as_str())?;
        Ok(self.markets.iter().position(|market| market.address == canonical))
    }

    /// The credit line of a market by its place in the list.
    pub fn line(&self, place: usize) -> SignedUsd {
        self.markets.get(place).map(|market| market.line).unwrap_or_default()
    }
}

/// The pool's book, under [`tag::BOOK`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Both sides.
    pub ledger: Ledger,
    /// Block time of the last sync, seconds.
    pub synced_at: u64,
    /// By number.
    pub vaults: Vec<VaultState>,
    /// By number.
    pub markets: Vec<MarketState>,
    /// The price at which each feed was last accepted, by feed; 0 where never.
    pub marks: Vec<Price>,
    /// The liquidator's counters when last seen; its tab is [`Ledger::tab`].
    pub recoveries: Recoveries,
    /// Of the pool's breakers.
    pub watch: Watch,
}

impl Record for Book {
    const NAME: &'static str = "book";
    const VERSION: u8 = 4;
}

impl Book {
    /// The book of a pool. `E0006` where there is none.
    #[inline]
    pub fn of(querier: &QuerierWrapper<'_>, pool: &Addr) -> Result<Self> {
        Self::of_contract(querier, pool, &key(tag::BOOK))?
            .ok_or_else(|| Error::BadRecord { record: Self::NAME.into() })
    }

    /// Value of all collateral as it was last booked.
    pub fn weight(&self) -> Result<Usd> {
        self.vaults.iter().try_fold(Usd::ZERO, |sum, vault| sum.plus(vault.weight))
    }
}
