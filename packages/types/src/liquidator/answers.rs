//! What the liquidator answers about itself and its auctions.

use cosmwasm_schema::cw_serde;

#[cfg(doc)]
use super::QueryMsg;
use super::{AuctionParams, Limits, Params};
use crate::board::FeedId;
use crate::exposure::Recoveries;
use crate::pool::Token;
use crate::units::{Amount, Price, Usd};

/// Answer to [`QueryMsg::Config`].
#[cw_serde]
pub struct ConfigResponse {
    /// Who may only tighten.
    pub guardian: Option<String>,
    /// The pool.
    pub pool: String,
    /// The oracle.
    pub oracle: String,
    /// The token of payment.
    pub sdusd: String,
    /// Parameters.
    pub params: Params,
    /// By vault number.
    pub auctions: Vec<AuctionParams>,
    /// By vault number, of vaults that have auctions.
    pub limits: Vec<Limits>,
}

/// One running auction.
#[cw_serde]
pub struct AuctionResponse {
    /// Its number.
    pub auction: u64,
    /// Vault that the collateral came from.
    pub vault: u8,
    /// Owner of the seized position, who gets what is left of the lot.
    pub owner: String,
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
    /// Penalty still to bring.
    pub penalty: Usd,
    /// Reward that waits for its keepers.
    pub reward: Usd,
    /// Who started it.
    pub keeper: String,
    /// Who reset it last.
    pub redoer: Option<String>,
    /// Price at its start, USD per whole unit.
    pub start_price: Price,
    /// When it (re)started, seconds.
    pub started_at: u64,
    /// Its price now.
    pub price: Price,
    /// Whether it has to be reset first.
    pub needs_redo: bool,
}

/// Answer to [`QueryMsg::Quote`].
#[cw_serde]
pub struct QuoteResponse {
    /// Price now, USD per whole unit.
    pub price: Price,
    /// What would be bought.
    pub amount: Amount,
    /// What that costs, rounded up.
    pub cost: Usd,
}

/// Answer to [`QueryMsg::Totals`].
#[cw_serde]
pub struct TotalsResponse {
    /// The record that the pool reads.
    pub recoveries: Recoveries,
    /// What running auctions still have to bring, penalties included.
    pub outstanding: Usd,
    /// Likewise, by vault number as far as there were any.
    pub outstanding_by_vault: Vec<Usd>,
    /// Running auctions.
    pub running: u64,
    /// All collateral that auctions hold, by token.
    pub lots: Vec<(Token, Amount)>,
}
