//! Messages of the par reserve: dollar tokens swapped with sdUSD at par.
//!
//! The reserve is a market contract to the pool: it publishes an [`Exposure`](crate::exposure::Exposure) without quantities. With V the value
//! of its tokens in the book and H the sdUSD that it holds, it owes `base = −V − H`, so the left-hand term "par reserve" of the ledger is minus
//! what the pool books as reported debt of this market. What it does, and what the pool then books (Δ of the record; f is a fee, d what
//! is drawn, h what comes out of H):
//!
//! ```text
//!                                    V         H     drawn   fees      shortfalls  | the pool: supply  insurance  bad debt
//! x of a token comes in           +x        −h       +d      +f                    |         +d         +f            d + h = x − f
//! x sdUSD comes in, y goes out    −y        +x               +(x − y)              |                    +(x − y)
//! a token is written down by l    −l                                    +l         |                               +l
//! … and up again by l             +l                         +l                    |                    +l
//! s of a token or of sdUSD found  +s or     +s               +s                    |                    +s
//! ```
//!
//! In every row Δbase + Δdrawn + Δfees − Δshortfalls = 0: what the reserve has cost the providers ([`crate::exposure::used`]) is always 0, so
//! it needs no credit, and a transfer never moves the providers' debt.

mod answers;
mod fee;

use cosmwasm_schema::{cw_serde, QueryResponses};
use cw20::Cw20ReceiveMsg;

pub use answers::{ConfigResponse, InPreview, OutPreview, TokenResponse, TotalsResponse};

use crate::board::FeedId;
use crate::governance::Queued;
use crate::ownership::{Action, Ownership};
use crate::pool::Token;
use crate::units::{Amount, Price, Ratio, Usd, ONE};

/// Name in cw2.
pub const CONTRACT: &str = "sdp-reserve";
/// At most so many tokens.
pub const MAX_TOKENS: usize = 8;
/// One sdUSD for one whole token.
pub const PAR: Price = Price::new(ONE);
/// Least decimals of a token: those of sdUSD, so that no swap has to round what it pays.
pub const LEAST_DECIMALS: u8 = 6;

/// Which way a token can be swapped.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Status {
    /// Both ways.
    Open,
    /// Only out of the reserve.
    OutOnly,
    /// Not at all.
    Closed,
}

impl crate::packed::Byte for Status {
    const ALL: &'static [Self] = &[Self::Open, Self::OutOnly, Self::Closed];
}

/// The fee of what leaves, as a part of the tokens that leave: `least` where as much as the ceiling is there, and rising linearly to `most`
/// for the last one.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct OutFee {
    /// ≤ `most`.
    pub least: Ratio,
    /// ≤ 10 %.
    pub most: Ratio,
}

/// One token of the reserve.
#[cw_serde]
pub struct TokenConfig {
    /// The token; no rebasing or fee-on-transfer tokens. No two entries share one.
    pub token: Token,
    /// Decimals of its base unit, 6 to 24.
    pub decimals: u8,
    /// Feed of its price.
    pub feed: FeedId,
    /// How far its price may be from par. Nothing comes in while the low edge of the price is below 1 − band, nothing goes out while the
    /// high edge is above 1 + band, and the token is written down where its price is below 1 − band. In (0, 10 %].
    pub band: Ratio,
    /// Widest confidence of a price that is used. ≤ band.
    pub maximum_confidence: Ratio,
    /// Most value of it in the book after a swap in. > 0.
    pub ceiling: Usd,
    /// Part of what comes in that is not paid for, ≤ 10 %.
    pub fee_in: Ratio,
    /// Fee of what goes out.
    pub fee_out: OutFee,
    /// Which way it can be swapped.
    #[serde(with = "crate::packed::byte")]
    #[schemars(with = "Status")]
    pub status: Status,
}

/// Parameters of the whole reserve.
#[cw_serde]
#[derive(Copy)]
pub struct Params {
    /// Most value of all tokens after a swap in, as a part of the sdUSD that there is then by the pool's book. In [0, 1].
    pub supply_share: Ratio,
    /// So much may be there however little sdUSD there is: where nobody has minted yet, any part of what there is would be nothing.
    pub minimum_room: Usd,
    /// Delay of loosening changes, seconds, ≤ 30 days.
    pub change_delay: u64,
}

/// Everything about a new reserve. The pool's owner lists it as a market; a credit line of 0 is enough.
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
    /// At most 8.
    pub tokens: Vec<TokenConfig>,
}

/// What becomes of the sdUSD that a swap in pays. Whoever gets it on sees the reserve as its payer, so everything is done for somebody who
/// is named.
#[cw_serde]
pub enum Then {
    /// It is paid out.
    Pay {
        /// To whom; the swapper by default.
        recipient: Option<String>,
        /// The largest part of what is drawn from the pool that may be kept for its bad debt; none: 0.
        accepted_haircut: Option<Ratio>,
    },
    /// It becomes margin.
    Margin {
        /// A market contract that the pool lists: `E0508`.
        market: String,
        /// Owner of the account; the swapper by default.
        beneficiary: Option<String>,
        /// Its number.
        account: u16,
    },
    /// It is burnt against a provider's debt, and beyond the debt it is profit of the position.
    Burn {
        /// Vault of the position.
        vault: u8,
        /// Its owner; the swapper by default.
        owner: Option<String>,
    },
}

/// What anybody may send to the reserve.
#[cw_serde]
pub enum ExecuteMsg {
    /// Coins of exactly one listed denom become sdUSD, one for one less the fee. What the reserve does not hold of it is drawn from the
    /// pool, by the pool's rules. `E0701` outside of the band, `E0702` above a ceiling, `E0703`, `E0704`.
    SwapIn {
        /// Refuse to be paid less, in micro-USD, before the pool's haircut: `E0704`. None: anything above 0.
        least: Option<Amount>,
        /// What becomes of the sdUSD; it is paid to the sender by default.
        then: Option<Then>,
    },
    /// Hook of sdUSD and of listed CW20s only: [`Hook`].
    Receive(Cw20ReceiveMsg),
    /// Anyone: values a token again at its price. Below the band it is written down to its price, and it comes back with it, to par at
    /// most; a move of no more than the band leaves it where it is. The pool books it in the same message. `E0322` where nothing changes,
    /// `E0333` once the pool was shut down.
    Revalue {
        /// Its number.
        token: u8,
    },
    /// Anyone: what the reserve has more of a token or of sdUSD than its book says is booked into the insurance fund. `E0322`, `E0110`.
    Sweep {
        /// Which.
        token: Token,
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
    /// The owner changes in two steps, or there is none any more.
    UpdateOwnership(Action),
}

/// Message inside a CW20 `send` to the reserve.
#[cw_serde]
pub enum Hook {
    /// Of a listed CW20: as [`ExecuteMsg::SwapIn`].
    SwapIn {
        /// See there.
        least: Option<Amount>,
        /// See there.
        then: Option<Then>,
    },
    /// Of sdUSD: it becomes a token, one for one less the fee, and never more. While the pool has bad debt, so much is kept on top as
    /// leaves nobody who stays worse off. `E0701` outside of the band, `E0703`, `E0704`, `E0705`, `E0341`. Once the pool was shut down:
    /// for what it stands in the book at, without fee, haircut, band and status, for ever.
    SwapOut {
        /// Number of the token.
        token: u8,
        /// Refuse to be paid less, in base units of the token: `E0704`. None: anything above 0.
        least: Option<Amount>,
        /// Who gets the token; the payer by default.
        recipient: Option<String>,
        /// The largest part of the payment that may be kept for the pool's bad debt; none: 0.
        accepted_haircut: Option<Ratio>,
    },
}

/// What can change.
#[cw_serde]
pub enum Change {
    /// Tightens where nothing is larger and the delay not shorter.
    Params {
        /// All of them.
        params: Params,
    },
    /// A further token. Loosens.
    AddToken {
        /// The token.
        config: TokenConfig,
    },
    /// Token, decimals and feed stay. Tightens where the status is not more open, ceiling and confidence not larger, and the rest the same.
    UpdateToken {
        /// Its number.
        token: u8,
        /// Its new configuration.
        config: TokenConfig,
    },
    /// Loosens.
    SetGuardian {
        /// None: there is no guardian any more.
        guardian: Option<String>,
    },
}

/// What can be asked of the reserve.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Addresses and parameters.
    #[returns(ConfigResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Config {},
    /// All tokens with what is there of each, by number.
    #[returns(Vec<TokenResponse>)]
    #[serde(deserialize_with = "crate::fields::none")]
    Tokens {},
    /// The sums over all tokens.
    #[returns(TotalsResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Totals {},
    /// What a swap in would pay now, by the same code. Refused as the swap would be.
    #[returns(InPreview)]
    PreviewIn {
        /// Number of the token.
        token: u8,
        /// Of it, base units.
        amount: Amount,
    },
    /// What a swap out would pay now, by the same code. Refused as the swap would be.
    #[returns(OutPreview)]
    PreviewOut {
        /// Number of the token.
        token: u8,
        /// Of sdUSD.
        amount: Usd,
    },
    /// Changes that wait.
    #[returns(Vec<Queued<Change>>)]
    #[serde(deserialize_with = "crate::fields::none")]
    Changes {},
    /// Who owns it, and who may take over.
    #[returns(Ownership)]
    #[serde(deserialize_with = "crate::fields::none")]
    Ownership {},
}

/// Migration: only from an older version of the same contract.
#[cw_serde]
pub struct MigrateMsg {}
