//! Messages of the example of a market that anyone may open: contracts on whether a feed's price is above a level at a time. Each pays 1 sdUSD
//! where its side is right. The author quotes, the market holds what buyers pay, and who stands behind it bears the rest.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cw20::Cw20ReceiveMsg;

use crate::board::FeedId;
use crate::units::{Price, Ratio, Usd};

/// Name in cw2.
pub const CONTRACT: &str = "sdp-event";

/// A new market of one event.
#[cw_serde]
pub struct InstantiateMsg {
    /// Quotes its prices.
    pub author: String,
    /// The pool.
    pub pool: String,
    /// The desk at which it is to be bonded.
    pub desk: String,
    /// Whose price it is about.
    pub feed: FeedId,
    /// Yes is right where the price is above this.
    pub strike: Price,
    /// It is decided so many seconds after it was made: by the first interval that begins then or later.
    pub lasts: u64,
    /// For so many seconds after that the board's price decides where the interval had none; then everybody gets back what he paid.
    pub window: u64,
    /// What it quotes at first.
    pub quote: EventQuote,
}

/// What is asked for a contract that pays 1 sdUSD: yes_price + spread for yes, 1 − yes_price + spread for no.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct EventQuote {
    /// In (0, 1).
    pub yes_price: Ratio,
    /// At most yes_price and 1 − yes_price, so that no contract costs more than it can pay.
    pub spread: Ratio,
}

/// A side.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Side {
    /// The price is above the strike.
    Yes,
    /// It is not.
    No,
}

/// How it ended.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Outcome {
    /// Yes is right.
    Yes,
    /// No is right.
    No,
    /// Nobody knows: everybody gets back what he paid.
    Refunded,
}

/// What anybody may send to it. Coins come with none of it.
#[cw_serde]
pub enum ExecuteMsg {
    /// Hook of sdUSD: [`Hook`]. `E0110` for another token.
    Receive(Cw20ReceiveMsg),
    /// The author: other prices from now on. `E0104`, `E0004`.
    Quote {
        /// The prices.
        quote: EventQuote,
    },
    /// Anyone: tells who stands behind it anew what it owes, so that its record does not grow stale.
    Publish {},
    /// Anyone: announces to draw what is owed beyond what is held, where that takes an announcement. `E0322`.
    Announce {},
    /// Anyone: says how it ended. `E1052` before that can be said, `E1053`.
    Resolve {},
    /// Anyone: a holder is paid what his contracts are worth, for ever, out of what is held and then as far as it can be drawn now. The rest stays
    /// his. Where nothing can be paid, the refusal of the draw. `E1052` before it has ended, `E0322` where nothing is owed to him, `E0104` for
    /// who accepts a haircut for another.
    Redeem {
        /// Who is paid; none: the sender.
        owner: Option<String>,
        /// The largest part of what is drawn that may be kept for the pool's bad debt; none: 0. Only the holder himself accepts any.
        accepted_haircut: Option<Ratio>,
    },
    /// Anyone, once it has ended: what nobody is owed goes to who stands behind it. `E1052`, `E0322`.
    PayIn {},
}

/// Message inside a CW20 `send` of sdUSD to it.
#[cw_serde]
pub enum Hook {
    /// Buys contracts for all of it, rounded down. `E1051` once it is to be decided, `E1054`, `E1055` where nobody stands behind so much.
    Buy {
        /// Which.
        side: Side,
        /// Refuse to get fewer.
        least: Option<Usd>,
    },
}

/// What can be asked of it.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// What it is about, and how it stands.
    #[returns(StateResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    State {},
    /// What somebody has.
    #[returns(HolderResponse)]
    Holder {
        /// Who.
        owner: String,
    },
    /// All who have some.
    #[returns(Vec<HolderResponse>)]
    Holders {
        /// The owner after whom to begin.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
}

/// Answer to [`QueryMsg::State`].
#[cw_serde]
pub struct StateResponse {
    /// As it was made.
    pub terms: InstantiateMsg,
    /// Block time from which it is decided, seconds.
    pub ends_at: u64,
    /// What it quotes now.
    pub quote: EventQuote,
    /// sdUSD that it holds.
    pub held: Usd,
    /// Contracts that pay where the price is above the strike, 1 sdUSD each.
    pub yes: Usd,
    /// Those that pay where it is not.
    pub no: Usd,
    /// What was paid for all of them.
    pub cost: Usd,
    /// Most that all of them can be worth together; once it has ended, what they are worth.
    pub owed: Usd,
    /// How it ended.
    pub outcome: Option<Outcome>,
}

/// Answer to [`QueryMsg::Holder`], and entry of the one to [`QueryMsg::Holders`].
#[cw_serde]
pub struct HolderResponse {
    /// Who.
    pub owner: String,
    /// Contracts that pay where the price is above the strike.
    pub yes: Usd,
    /// Those that pay where it is not.
    pub no: Usd,
    /// What he paid for both.
    pub cost: Usd,
}

/// Migration: only from an older version of the same contract.
#[cw_serde]
pub struct MigrateMsg {}
