//! One running auction: what it holds, what it still has to bring, and its price.

use cosmwasm_std::Addr;
use sdp_risk::auction::Asking;
use sdp_types::board::FeedId;
use sdp_types::pool::Token;
use sdp_types::record::Record;
use sdp_types::{Amount, Result, Usd};
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
    /// What it asks.
    pub asking: Asking,
}

impl Record for Auction {
    const NAME: &'static str = "auction";
    const VERSION: u8 = 1;
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
}
