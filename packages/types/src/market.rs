//! Messages of the market: cross-margin accounts, perpetuals, orders, funding. Margin and PnL are in sdUSD.

mod answers;
mod fees;
mod params;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::CanonicalAddr;
use cw20::Cw20ReceiveMsg;
use serde::{Deserialize, Serialize};

pub use answers::*;
pub use fees::*;
pub use params::*;

use crate::ownership::Action;
use crate::record::Record;
use crate::units::{Price, Ratio, Size, Usd};

/// Name in cw2.
pub const CONTRACT: &str = "sdp-market";
/// At most so many perpetuals in one contract.
pub const MAX_PERPS: usize = 32;
/// At most so many positions in one account.
pub const MAX_POSITIONS: usize = 16;
/// At most so many orders of one account wait.
pub const MAX_ORDERS: u64 = 32;
/// At most so many items in one batch.
pub const MAX_BATCH: u32 = 100;

/// Everything about a new market contract.
#[cw_serde]
pub struct InstantiateMsg {
    /// Loosens after the delay; two-step transfer.
    pub owner: String,
    /// Tightens at once.
    pub guardian: Option<String>,
    /// The pool; its oracle and its token are used.
    pub pool: String,
    /// Who may liquidate.
    pub liquidator: String,
    /// Parameters.
    pub params: Params,
    /// At most 32.
    pub perps: Vec<PerpConfig>,
}

/// One account: 16-bit numbers below an owner.
#[cw_serde]
pub struct AccountId {
    /// Its owner.
    pub owner: String,
    /// Its number, 0 by default.
    #[serde(default)]
    pub account: u16,
}

/// What an owner lets another address do with an account.
#[cw_serde]
pub struct Delegation {
    /// Block time from which it may not any more, seconds.
    pub expires_at: u64,
    /// The perpetuals that it may trade; none: all.
    pub perps: Option<Vec<u16>>,
    /// Most Σ|notional| of the account after an increase; then it adds only while no order of the account waits. None: no bound of its own.
    pub most_notional: Option<Usd>,
    /// Whether it may take the account over: [`ExecuteMsg::TakeAccount`].
    #[serde(default)]
    pub may_take: bool,
}

impl Record for Delegation {
    const NAME: &'static str = "delegation";
    const VERSION: u8 = 1;
}

/// What anybody may send to the market.
// there is one at a time
#[allow(clippy::large_enum_variant)]
#[cw_serde]
pub enum ExecuteMsg {
    /// Hook of sdUSD only: [`Hook`].
    Receive(Cw20ReceiveMsg),
    /// Pays margin out: at most margin less losses, initial margin and locks, so never profit that is not realised. What
    /// the market does not hold is drawn from the pool, in proportion while that has bad debt: `E0341` where that is more than accepted.
    Withdraw {
        /// Number of the sender's account.
        account: u16,
        /// How much, > 0.
        amount: Usd,
        /// Who gets it; the sender by default.
        recipient: Option<String>,
        /// Another account of the sender that gets it, in place of a recipient: then nothing leaves the market.
        #[serde(default)]
        into: Option<u16>,
        /// The largest part of what is drawn that may be kept for the pool's bad debt; none: 0.
        accepted_haircut: Option<Ratio>,
    },
    /// Commits an order. It is bound to the first interval that begins at least the order delay from now and fills at
    /// that interval's price on the worse side of its confidence, premium on top.
    ///
    /// The part that increases the position locks initial margin and fee at max(limit, index), and needs room under the
    /// caps, the premium cap and the market's credit line, which it reserves. The part that reduces needs nothing.
    Commit {
        /// Whose account; the sender's by default. Of another owner for his delegates only: `E0426`, `E0427`.
        #[serde(default)]
        owner: Option<String>,
        /// Its number.
        account: u16,
        /// The perpetual.
        perp: u16,
        /// What to buy (positive) or sell.
        size: Size,
        /// Worst price of the fill, premium included, fee not. By default none for a pure reduction, else the furthest.
        limit_price: Option<Price>,
        /// Seconds until the end of the last interval that it may fill at; the longest by default.
        expires_in: Option<u64>,
        /// Whether only what reduces the position is committed. `E0417` where there is nothing to reduce.
        #[serde(default)]
        reduce_only: bool,
    },
    /// Lets another address commit orders of an account and take them back, or take the account over; none: no longer.
    SetDelegate {
        /// Number of the sender's account.
        account: u16,
        /// The other address.
        delegate: String,
        /// What it may do.
        delegation: Option<Delegation>,
    },
    /// Takes over an account whose owner lets the sender: with its positions and its margin, without orders, and not one that can be
    /// liquidated or that tokens back. `E0426`, `E0428`, `E0429`, `E0430`, `E1101`.
    TakeAccount {
        /// Its owner.
        owner: String,
        /// Its number.
        account: u16,
        /// Number that it gets: of an account that the sender does not use yet.
        into: u16,
    },
    /// Says who brought the owner of an account; none: nobody any more. `E0009` where that is himself.
    SetReferrer {
        /// Number of the sender's account.
        account: u16,
        /// Whose account 0 gets the share of its fees that the schedule gives.
        referrer: Option<String>,
    },
    /// Takes an order back before its interval begins: its owner, or a delegate of his.
    Cancel {
        /// The perpetual.
        perp: u16,
        /// Its number.
        order: u64,
    },
    /// Fills, refuses or voids the oldest orders of a perpetual, as far as their intervals have prices or are over.
    /// The keeper's part of their fees goes to the sender's account 0. `E0420` where none is due.
    Settle {
        /// The perpetual.
        perp: u16,
        /// At most so many, 1 to 100.
        limit: u32,
    },
    /// Samples funding, and scales winning sides down if they have won too much.
    #[serde(deserialize_with = "crate::fields::none")]
    Poke {},
    /// From the liquidator: cuts each account that is below its maintenance margin back to its target.
    Liquidate {
        /// Which, 1 to 100.
        accounts: Vec<AccountId>,
        /// Whose account 0 is rewarded.
        keeper: String,
    },
    /// From the custody: tokens back an account from now on, or none any more. Insurance gets the charge out of its margin. An account
    /// without tokens and positions that is below zero is the pool's loss. `E0104`.
    SetBacked {
        /// Its owner.
        owner: String,
        /// Its number.
        account: u16,
        /// Whether tokens back it.
        backed: bool,
        /// What insurance gets.
        charge: Usd,
    },
    /// Anyone, once the pool or this market has been in emergency for seven days in a row, in the same block as a sync of the pool: prices
    /// are frozen at their moving averages, all positions are closed at them, and all perpetuals are delisted. Accounts follow when they are
    /// touched; margin can be taken out for ever. `E0332`, `E0425`, `E0322`.
    #[serde(deserialize_with = "crate::fields::none")]
    ShutDown {},
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
    /// The owner changes in two steps, or there is none any more.
    UpdateOwnership(Action),
}

/// Message inside a CW20 `send` of sdUSD to the market.
#[cw_serde]
pub enum Hook {
    /// Margin for an account.
    Deposit {
        /// Its owner; the payer by default.
        beneficiary: Option<String>,
        /// Its number.
        account: u16,
    },
}

/// What can change.
// there is one at a time
#[allow(clippy::large_enum_variant)]
#[cw_serde]
pub enum Change {
    /// As [`ExecuteMsg::ShutDown`], whatever the regime. Loosens.
    #[serde(deserialize_with = "crate::fields::none")]
    ShutDown {},
    /// Loosens.
    Params {
        /// All of them.
        params: Params,
    },
    /// A further perpetual. Loosens.
    AddPerp {
        /// The perpetual.
        config: PerpConfig,
    },
    /// Name and feed stay; a delisted one stays delisted. Tightens where the status stays or goes from open to close-only,
    /// the initial margin stays or rises to at most twice the maintenance margin, caps and trade confidence are not higher,
    /// and all else is the same: nobody who has a position is liquidated by it.
    UpdatePerp {
        /// Which.
        perp: u16,
        /// Its new configuration.
        config: PerpConfig,
    },
    /// Loosens.
    SetLiquidator {
        /// The contract.
        liquidator: String,
    },
    /// Who holds traders' tokens: a custody of this market, once for all (`E0009`). Loosens; the owner of a market that the pool does not list
    /// does it at once.
    SetCustody {
        /// The contract.
        custody: String,
    },
    /// Loosens.
    SetGuardian {
        /// None: there is no guardian any more.
        guardian: Option<String>,
    },
}

/// Migration: only from an older version of the same contract.
#[cw_serde]
pub struct MigrateMsg {}

/// What every trade needs to know of the contract as a whole, under [`crate::record::tag::TERMS`]. Whoever carries a perpetual's funding
/// reads it, too.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Terms {
    /// The pool.
    pub pool: CanonicalAddr,
    /// The pool's oracle.
    pub oracle: CanonicalAddr,
    /// The pool's token.
    pub sdusd: CanonicalAddr,
    /// Who may liquidate.
    pub liquidator: CanonicalAddr,
    /// Parameters.
    pub params: Params,
    /// π_max by perpetual: an order in one must not push another beyond its own.
    pub premium_caps: Vec<Ratio>,
    /// Who holds traders' tokens.
    pub custody: Option<CanonicalAddr>,
}

impl Record for Terms {
    const NAME: &'static str = "terms";
    const VERSION: u8 = 5;
}

impl Terms {
    /// Pool and oracle that the contract belongs to.
    pub fn home(&self) -> (&CanonicalAddr, &CanonicalAddr) {
        (&self.pool, &self.oracle)
    }
}
