//! One running auction: what it holds, what it still has to bring, and its price.

use cosmwasm_std::Addr;
use sdp_risk::auction;
use sdp_types::board::FeedId;
use sdp_types::error::LiquidatorError;
use sdp_types::liquidator::AuctionParams;
use sdp_types::pool::Token;
use sdp_types::record::Record;
use sdp_types::{ensure, Amount, Error, Price, Result, Rounding, Usd};
use serde::{Deserialize, Serialize};

/// A lot for sale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Auction {
    /// Vault that the collateral came from.
    pub vault: u8,
    /// Owner of the seized position, who gets what is left of the lot.
    pub owner: Addr,
    /// The collateral.
    pub token: Token,
    /// Its feed.
    pub feed: FeedId,
    /// Its decimals.
    pub decimals: u8,
    /// How much of it is left.
    pub lot: Amount,
    /// Debt still to bring.
    pub tab: Usd,
    /// Penalty still to bring, once the tab is paid.
    pub penalty: Usd,
    /// Keepers' reward that is still to come out of the penalty.
    pub reward: Usd,
    /// What keepers have got so far.
    pub rewarded: Usd,
    /// Who started it.
    pub keeper: Addr,
    /// Who reset it last.
    pub redoer: Option<Addr>,
    /// Price at its last start, USD per whole unit.
    pub start_price: Price,
    /// When that was, seconds.
    pub started_at: u64,
    /// How it is sold: as when it last started, so that a change of its vault's parameters moves no running price.
    pub params: AuctionParams,
}

impl Record for Auction {
    const NAME: &'static str = "auction";
    const VERSION: u8 = 1;
}

/// What an auction asks at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Seconds since its last start.
    pub age: u64,
    /// USD per whole unit.
    pub price: Price,
    /// Whether it is too old or has fallen too far.
    pub needs_redo: bool,
}

impl Auction {
    /// All that takers still have to pay.
    pub fn owed(&self) -> Result<Usd> {
        self.tab.plus(self.penalty)
    }

    /// Whether there is nothing left to pay or nothing left to sell.
    pub fn is_over(&self) -> bool {
        self.lot.is_zero() || (self.tab.is_zero() && self.penalty.is_zero())
    }

    /// How it stands now.
    pub fn standing(&self, now: u64) -> Result<Standing> {
        let age = now.saturating_sub(self.started_at);
        let price = auction::price(self.start_price, self.params.curve, age)?;
        let needs_redo = auction::needs_redo(self.start_price, &self.params, age)?;
        Ok(Standing { age, price, needs_redo })
    }

    /// Its price now, or `E0503 NeedsRedo`.
    pub fn price(&self, now: u64) -> Result<Price> {
        let Standing { age, price, needs_redo } = self.standing(now)?;
        ensure(!needs_redo, || LiquidatorError::NeedsRedo { age, price }.into())?;
        Ok(price)
    }

    /// Begins at `buffer` times a fresh price, rounded up. `E0005` for a price of 0: as the cusp is above 0 too, nothing
    /// is ever sold at 0.
    pub fn start(&mut self, params: AuctionParams, price: Price, now: u64) -> Result<()> {
        ensure(!price.is_zero(), || Error::Zero { what: "price".into() })?;
        self.start_price = price.scale(params.buffer, Rounding::Up)?;
        self.started_at = now;
        self.params = params;
        Ok(())
    }
}
