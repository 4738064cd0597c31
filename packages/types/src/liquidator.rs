//! Messages of the liquidator: it executes liquidations that pool and market compute, and sells seized collateral.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cw20::Cw20ReceiveMsg;

use crate::board::FeedId;
use crate::exposure::Recoveries;
use crate::governance::Queued;
use crate::market::AccountId;
use crate::pool::Token;
use crate::units::{Amount, Price, Ratio, Usd};

/// Name in cw2.
pub const CONTRACT: &str = "sdp-liquidator";

/// How an auction's price falls from its start.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Curve {
    /// To 0 in so many seconds.
    Linear {
        /// > 0.
        seconds: u64,
    },
    /// Times `factor` after every `seconds`, constant in between.
    Stair {
        /// > 0.
        seconds: u64,
        /// In (0, 1).
        factor: Ratio,
    },
    /// Times `factor` every `seconds`, linear in between (so that it is exact at the steps).
    Exponential {
        /// > 0.
        seconds: u64,
        /// In (0, 1).
        factor: Ratio,
    },
}

/// How one vault's collateral is sold.
#[cw_serde]
#[derive(Copy)]
pub struct AuctionParams {
    /// Start price ÷ the board's price, in [1, 2].
    pub buffer: Ratio,
    /// How it falls.
    pub curve: Curve,
    /// Price ÷ start price below which an auction has to be reset, in (0, 1).
    pub cusp: Ratio,
    /// Age above which an auction has to be reset, seconds, > 0.
    pub tail: u64,
    /// Keeper's reward: this …
    pub tip: Usd,
    /// … plus this part of the tab; never more than the penalty that comes in.
    pub chip: Ratio,
    /// A partial take leaves nothing or at least this to pay; seizures are not cut smaller.
    pub dust: Usd,
}

/// Parameters of the whole contract.
#[cw_serde]
pub struct Params {
    /// Most that running auctions may have to bring, penalties included, all together.
    pub hole: Usd,
    /// 0: everything works; 1: no new seizures and liquidations of positions; 2: no resets either; 3: nothing can be
    /// taken either. Traders are liquidated at every level.
    pub stop_level: u8,
    /// Delay of loosening changes, seconds, ≤ 30 days.
    pub change_delay: u64,
}

/// Everything about a new liquidator.
#[cw_serde]
pub struct InstantiateMsg {
    /// Loosens after the delay; two-step transfer.
    pub owner: String,
    /// Tightens at once.
    pub guardian: Option<String>,
    /// The pool; its oracle and its token are used.
    pub pool: String,
    /// Parameters.
    pub params: Params,
    /// By vault number.
    pub auctions: Vec<AuctionParams>,
}

/// What anybody may send to the liquidator.
#[cw_ownable::cw_ownable_execute]
#[cw_serde]
pub enum ExecuteMsg {
    /// Hook of sdUSD only: [`Hook`].
    Receive(Cw20ReceiveMsg),
    /// Seizes an LP position below its liquidation ratio, as much as the hole allows, and starts its auction. The sender
    /// is the keeper whom the auction rewards when its penalty has come in.
    LiquidatePosition {
        /// Vault of the position.
        vault: u8,
        /// Its owner.
        owner: String,
    },
    /// Liquidates traders' accounts in a market that the pool lists. Accounts that can't be liquidated are events,
    /// not errors.
    LiquidateAccounts {
        /// The market contract.
        market: String,
        /// Which, 1 to 100.
        accounts: Vec<AccountId>,
    },
    /// Starts an auction again at a fresh price, once it is older than its tail or below its cusp. The sender gets half
    /// of the keeper's reward.
    Redo {
        /// Its number.
        auction: u64,
    },
    /// Owner, or guardian where it tightens (then at once).
    Configure {
        /// What to change.
        change: Change,
    },
    /// Anyone, once the delay of a queued change is over.
    #[serde(deserialize_with = "crate::fields::id")]
    Enact {
        /// Of the change.
        id: u64,
    },
    /// Owner: takes a queued change back.
    #[serde(deserialize_with = "crate::fields::id")]
    CancelChange {
        /// Of the change.
        id: u64,
    },
}

/// Message inside a CW20 `send` of sdUSD to the liquidator.
#[cw_serde]
pub enum Hook {
    /// Buys collateral of an auction at its present price: as much as the payment, `amount`, the lot and what is still
    /// owed allow. What is not needed of the payment goes back to the payer in the same message.
    Take {
        /// Its number.
        auction: u64,
        /// Most collateral to buy.
        amount: Amount,
        /// Highest price to pay, USD per whole unit.
        max_price: Price,
        /// Who gets the collateral; the payer by default.
        recipient: Option<String>,
    },
}

/// What can change.
#[cw_serde]
pub enum Change {
    /// Tightens where the stop level is not lower, the hole not larger and the delay not shorter.
    Params {
        /// All of them.
        params: Params,
    },
    /// How a vault's collateral is sold from now on; a further vault's at the end of the list. Loosens.
    Auction {
        /// Vault.
        vault: u8,
        /// Its parameters.
        params: AuctionParams,
    },
    /// Loosens.
    SetGuardian {
        /// None: there is no guardian any more.
        guardian: Option<String>,
    },
}

/// What can be asked of the liquidator.
#[cw_ownable::cw_ownable_query]
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Addresses and parameters.
    #[returns(ConfigResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Config {},
    /// One running auction.
    #[returns(AuctionResponse)]
    Auction {
        /// Its number.
        auction: u64,
    },
    /// Running auctions, oldest first.
    #[returns(Vec<AuctionResponse>)]
    Auctions {
        /// The number after which to begin.
        start_after: Option<u64>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// What a take would buy and cost now.
    #[returns(QuoteResponse)]
    Quote {
        /// Its number.
        auction: u64,
        /// Most collateral to buy.
        amount: Amount,
    },
    /// The sums over all auctions.
    #[returns(TotalsResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Totals {},
    /// Changes that wait.
    #[returns(Vec<Queued<Change>>)]
    #[serde(deserialize_with = "crate::fields::none")]
    Changes {},
}

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
    /// Running auctions.
    pub running: u64,
    /// All collateral that auctions hold, by token.
    pub lots: Vec<(Token, Amount)>,
}

/// Migration: only from an older version of the same contract.
#[cw_serde]
pub struct MigrateMsg {}
