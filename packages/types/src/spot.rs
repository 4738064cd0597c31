//! Messages of the synthetics: tokens that owe a quantity of an asset, bought and sold for sdUSD against the pool.

mod answers;

use cosmwasm_schema::cw_serde;
use cw20::Cw20ReceiveMsg;

pub use answers::*;

use crate::board::FeedId;
use crate::ownership::Action;
use crate::units::{Amount, Ratio, Usd};

/// Name in cw2.
pub const CONTRACT: &str = "sdp-spot";
/// At most so many synthetics in one contract.
pub const MAX_SYNTHETICS: usize = 16;
/// At most so many items in one batch.
pub const MAX_BATCH: u32 = 100;
/// 1.0 of a redemption index: 27 decimals.
pub const REDEMPTION_ONE: u128 = 1_000_000_000_000_000_000_000_000_000;

/// Whether a synthetic can be bought. It can always be sold.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum SyntheticStatus {
    /// It can.
    Open,
    /// Not now.
    CloseOnly,
    /// Never again.
    Delisted,
}

impl crate::packed::Byte for SyntheticStatus {
    const ALL: &'static [Self] = &[Self::Open, Self::CloseOnly, Self::Delisted];
}

/// The perpetual whose funding a synthetic carries. It has the same feed.
#[cw_serde]
pub struct Carried {
    /// The market contract.
    pub market: String,
    /// Number of the perpetual.
    pub perp: u16,
}

/// One synthetic. Config is refused unless `premium_cap + 2·fee + settle_confidence < 1` (E0107).
#[cw_serde]
pub struct SyntheticConfig {
    /// Name of its token: 3 to 50 bytes.
    pub name: String,
    /// Symbol of its token, unique: 3 to 12 letters and hyphens.
    pub symbol: String,
    /// Decimals of its token, 6 to 18.
    pub decimals: u8,
    /// Feed of its index; no two synthetics of a contract share one.
    pub feed: FeedId,
    /// Whether it can be bought.
    #[serde(with = "crate::packed::byte")]
    #[schemars(with = "SyntheticStatus")]
    pub status: SyntheticStatus,
    /// Most value of all tokens at the index after a buy, buys ahead of it counted.
    pub skew_cap: Usd,
    /// Widest confidence at which a buy is committed.
    pub trade_confidence: Ratio,
    /// Widest confidence at which an order fills. ≥ trade_confidence.
    pub settle_confidence: Ratio,
    /// π_max: no buy may raise the marginal premium beyond it.
    pub premium_cap: Ratio,
    /// Least value of a buy at the index.
    pub minimum_notional: Usd,
    /// Whose funding holders carry. None: none, a token is one unit of the asset for ever.
    pub funding: Option<Carried>,
}

/// Parameters of all synthetics of the contract.
#[cw_serde]
pub struct Params {
    /// Part of the notional that every fill pays, < 10 %; a buy that is committed in caution or worse pays twice that.
    pub fee: Ratio,
    /// Part of the fee that goes to insurance.
    pub insurance_share: Ratio,
    /// Part of the fee that goes to whoever settles. insurance + keeper ≤ 1; the rest is the providers'.
    pub keeper_share: Ratio,
    /// An order is bound to the first interval that begins at least so long after its commit, seconds. At most half of
    /// what the oracle's ring keeps.
    pub order_delay: u64,
    /// Longest and default time from commit to the end of the last interval that an order may fill at, seconds. At least
    /// the delay and two intervals, at most half of what the ring keeps.
    pub order_expiry: u64,
    /// An order passes over at most so many empty intervals. At most a quarter of the ring's slots.
    pub maximum_empty_intervals: u32,
    /// An order that does not say how much it wants at least gets no less than what it would at a price so much worse than
    /// the index at its commit, premium and fee included. In (0, 1).
    pub maximum_slippage: Ratio,
    /// Delay of loosening changes, seconds, ≤ 30 days.
    pub change_delay: u64,
}

/// Everything about a new contract of synthetics.
#[cw_serde]
pub struct InstantiateMsg {
    /// Loosens after the delay; two-step transfer.
    pub owner: String,
    /// Tightens at once.
    pub guardian: Option<String>,
    /// The pool; its oracle and its token are used.
    pub pool: String,
    /// Code of cw20-base, of which the tokens are made.
    pub token_code_id: u64,
    /// Parameters.
    pub params: Params,
    /// At most 16.
    pub synthetics: Vec<SyntheticConfig>,
}

/// What anybody may send.
// there is one at a time
#[allow(clippy::large_enum_variant)]
#[cw_serde]
pub enum ExecuteMsg {
    /// Hook of sdUSD and of the synthetics' tokens: [`Hook`].
    Receive(Cw20ReceiveMsg),
    /// Fills, refuses or voids the oldest orders of a synthetic, as far as their intervals have prices or are over.
    /// The keeper's part of their fees goes to the sender's claim. `E0322` where none is due.
    Settle {
        /// The synthetic.
        synthetic: u16,
        /// At most so many, 1 to 100.
        limit: u32,
    },
    /// Takes an order back before its interval begins, or at any time once the contract was shut down: what it locks goes back to who
    /// committed it.
    Cancel {
        /// The synthetic.
        synthetic: u16,
        /// Its number.
        order: u64,
    },
    /// Pays out what the sender has in sdUSD. What the contract does not hold is drawn from the pool, in proportion while that has bad debt:
    /// `E0341` where that is more than accepted.
    Collect {
        /// How much, > 0; all by default.
        amount: Option<Usd>,
        /// Who gets it; the sender by default.
        recipient: Option<String>,
        /// The largest part of what is drawn that may be kept for the pool's bad debt; none: 0.
        accepted_haircut: Option<Ratio>,
    },
    /// Burns tokens of a synthetic that lie in the contract and are nobody's, and no longer owes those that their holders have burnt.
    /// `E0322` where there are none.
    Sweep {
        /// The synthetic.
        synthetic: u16,
    },
    /// Turns the funding since the last message into quantities.
    #[serde(deserialize_with = "crate::fields::none")]
    Poke {},
    /// Anyone, once the pool or this contract has been in emergency for seven days in a row, in the same block as a sync of the pool: every
    /// token is owed its value at the moving average, for ever. `E0332`, `E0425`, `E0322`.
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

/// What of a buy is exact.
#[cw_serde]
pub enum BuyExact {
    /// What is paid: it buys as much as it can.
    In {
        /// At least so many base units; by default what the furthest slippage leaves.
        least: Option<Amount>,
    },
    /// What is bought: what is paid beyond its cost goes back.
    Out {
        /// Base units, > 0.
        amount: Amount,
    },
}

/// What of a sale is exact.
#[cw_serde]
pub enum SellExact {
    /// What is sold.
    In {
        /// At least so much; by default what the furthest slippage leaves.
        least: Option<Usd>,
    },
    /// What it brings: as few tokens as that takes are sold, the others go back.
    Out {
        /// How much, > 0.
        usd: Usd,
    },
}

/// Message inside a CW20 `send` to the contract.
#[cw_serde]
pub enum Hook {
    /// With sdUSD: commits an order to buy. It is bound to the first interval that begins at least the order delay from now and fills at
    /// that interval's price on the worse side of its confidence, premium and fee on top.
    Buy {
        /// The synthetic.
        synthetic: u16,
        /// What is exact.
        exact: BuyExact,
        /// Seconds until the end of the last interval that it may fill at; the longest by default.
        expires_in: Option<u64>,
        /// Who gets the tokens; the payer by default. What is not spent is the payer's.
        recipient: Option<String>,
    },
    /// With the synthetic's token: commits an order to sell. It needs neither a price nor a regime.
    Sell {
        /// The synthetic.
        synthetic: u16,
        /// What is exact.
        exact: SellExact,
        /// Seconds until the end of the last interval that it may fill at; the longest by default.
        expires_in: Option<u64>,
        /// Who gets what it brings; the seller by default. Tokens that are not sold are the seller's.
        recipient: Option<String>,
    },
    /// With the synthetic's token, once the contract was shut down: pays what the tokens are owed.
    Redeem {
        /// The synthetic.
        synthetic: u16,
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
    /// A further synthetic, whose token is made. Loosens.
    AddSynthetic {
        /// The synthetic.
        config: SyntheticConfig,
    },
    /// Name, symbol, decimals, feed and funding stay; a delisted one stays delisted. Tightens where the status stays or goes from open to
    /// close-only, cap and trade confidence are not higher, and all else is the same.
    UpdateSynthetic {
        /// Which.
        synthetic: u16,
        /// Its new configuration.
        config: SyntheticConfig,
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
