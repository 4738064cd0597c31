//! Messages of the liquidator: it executes liquidations that pool and market compute, and sells seized collateral.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::Binary;
use cw20::Cw20ReceiveMsg;

use crate::contract::{between_zero_and_one, in_range};
use crate::error::Result;
use crate::governance::Queued;
use crate::market::AccountId;
use crate::ownership::{Action, Ownership};
use crate::pool::Token;
use crate::units::{Amount, Price, Ratio, Usd, MAX_USD};

mod answers;
mod backstop;
mod notes;

pub use answers::{AuctionResponse, ConfigResponse, QuoteResponse, TotalsResponse};
pub use backstop::{BackstopAccountResponse, BackstopResponse, BackstopVault, WithdrawalResponse};
pub use notes::{NoteAuctionResponse, NoteParams, NotesResponse};

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

impl AuctionParams {
    /// Every one within its range: `E0004`.
    pub fn validate(&self) -> Result<()> {
        in_range("buffer", self.buffer, Ratio::ONE, Ratio::percent(200))?;
        match self.curve {
            Curve::Linear { seconds } => in_range("curve.seconds", seconds, 1, u64::MAX)?,
            Curve::Stair { seconds, factor } | Curve::Exponential { seconds, factor } => {
                in_range("curve.seconds", seconds, 1, u64::MAX)?;
                between_zero_and_one("curve.factor", factor)?;
            }
        }
        between_zero_and_one("cusp", self.cusp)?;
        in_range("tail", self.tail, 1, u64::MAX)?;
        in_range("tip", self.tip, Usd::ZERO, MAX_USD)?;
        in_range("chip", self.chip, Ratio::ZERO, Ratio::ONE)?;
        in_range("dust", self.dust, Usd::new(1), MAX_USD)
    }
}

/// How much of one vault's collateral may be on its way out of the pool, and at what the backstop takes it.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Limits {
    /// Most that running auctions of this vault may have to bring, penalties included.
    pub hole: Usd,
    /// The backstop buys at the pool's price less this part of it, in [0, ½].
    pub discount: Ratio,
    /// Most that it pays for this vault's collateral in a UTC day, as a part of the value of all the pool's collateral, in
    /// [0, 1]: so it can't inherit without limit.
    pub daily: Ratio,
}

/// Parameters of the whole contract.
#[cw_serde]
pub struct Params {
    /// Most that running auctions may have to bring, penalties included, all together.
    pub hole: Usd,
    /// 0: everything works; 1: no new seizures and liquidations of positions, so that the backstop
    /// absorbs nothing; 2: no resets either; 3: nothing can be
    /// taken either. Traders are liquidated at every level.
    pub stop_level: u8,
    /// From a request to leave the backstop to its payment, seconds, ≤ 30 days: what is asked for stays at risk until then.
    pub withdrawal_delay: u64,
    /// So long it can be made, seconds, 1 to 30 days.
    pub withdrawal_window: u64,
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
    /// By vault number. A vault without has no hole of its own, and the backstop takes nothing of it.
    pub limits: Vec<Limits>,
    /// How recovery notes are sold.
    pub notes: NoteParams,
    /// Code of cw20-base, of which the liquidator makes the token of its notes, itself the only minter.
    pub note_code_id: u64,
    /// Name of the token.
    pub note_name: String,
    /// Symbol of the token.
    pub note_symbol: String,
}

/// What anybody may send to the liquidator.
#[cw_serde]
pub enum ExecuteMsg {
    /// Hook of sdUSD and of recovery notes only: [`Hook`].
    Receive(Cw20ReceiveMsg),
    /// Seizes an LP position below its liquidation ratio, as much as the backstop and the holes allow. The backstop takes what it
    /// can at its discount, and an auction starts for the rest. The sender is the keeper who is rewarded when the penalty has
    /// come in.
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
    /// As [`Hook::Take`], but the collateral comes first: it goes to `callee`, which is then called with [`CalleeMsg::OnTake`] and
    /// must have paid the cost by [`Hook::Pay`] when it returns. Else nothing has happened (`E0525`). One at a time (`E0523`).
    FlashTake {
        /// Number of the auction.
        auction: u64,
        /// Most collateral to buy.
        amount: Amount,
        /// Highest price to pay, USD per whole unit.
        max_price: Price,
        /// The contract that gets the collateral and is called.
        callee: String,
        /// For it, passed on as it is.
        msg: Binary,
    },
    /// Sends collateral that the sender's deposit in the backstop has earned.
    Claim {
        /// Of one vault only; of all by default. Where one token fails, the others can be had so.
        vault: Option<u8>,
        /// Who gets it; the sender by default.
        recipient: Option<String>,
    },
    /// Asks for sdUSD back from the backstop: it can be had by [`Self::Withdraw`] after the delay and within the window, and is
    /// at risk until then. A new request takes the place of an old one.
    RequestWithdrawal {
        /// Most to take out.
        amount: Usd,
    },
    /// Takes out what the sender has asked for, or what is left of it. Not while a price of the pool's collateral is stale, after a
    /// gap of the board, or while a flagged position can still be liquidated.
    #[serde(deserialize_with = "crate::fields::none")]
    Withdraw {},
    /// Anyone: this position can be liquidated now, so nobody may leave the backstop ahead of it. One a vault; another takes its
    /// place only where it owes more, or where the old one can't be liquidated any more.
    #[serde(deserialize_with = "crate::fields::position")]
    Flag {
        /// Vault of the position.
        vault: u8,
        /// Its owner.
        owner: String,
    },
    /// Anyone: where there is more bad debt than insurance could meet with all that it has and running auctions will, begins to sell a
    /// claim on insurance's future income for sdUSD, which is burnt against it. `E0322`, `E0526`.
    #[serde(deserialize_with = "crate::fields::none")]
    StartNoteAuction {},
    /// Anyone, where there was no bid for so long: begins again with a larger claim, or drops the auction where it is no longer needed.
    #[serde(deserialize_with = "crate::fields::auction")]
    RestartNoteAuction {
        /// Its number.
        auction: u64,
    },
    /// Anyone, once the last bid stands: burns what it paid, and makes its notes.
    #[serde(deserialize_with = "crate::fields::auction")]
    SettleNoteAuction {
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
    /// The owner changes in two steps, or there is none any more.
    UpdateOwnership(Action),
}

/// Message inside a CW20 `send` of sdUSD, or for [`Hook::Redeem`] of recovery notes, to the liquidator.
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
    /// Puts sdUSD into the backstop: it buys seized collateral at a discount before there is an auction.
    #[serde(deserialize_with = "crate::fields::beneficiary")]
    Backstop {
        /// Whose it becomes; the payer's by default.
        beneficiary: Option<String>,
    },
    /// Pays for an auction of recovery notes and claims less for it than anybody before. Who had bid gets his payment back in the same
    /// message, and so does the payer what is more than the lot.
    Bid {
        /// Number of the auction.
        auction: u64,
        /// Notes that the bidder is content with, > 0.
        claim: Usd,
    },
    /// Recovery notes are redeemed for new sdUSD: each for min(1, what is set aside ÷ what is outstanding), rounded down. The rest of
    /// the claim is given up.
    Redeem {
        /// Refuse to be paid less: `E0343`. None: anything above 0.
        least: Option<Usd>,
        /// Who gets the sdUSD; the payer by default.
        recipient: Option<String>,
    },
    /// Pays for a flash take, inside of it. What is more than its cost goes back to the payer in the same message.
    #[serde(deserialize_with = "crate::fields::auction")]
    Pay {
        /// Number of the auction.
        auction: u64,
    },
}

/// What the callee of [`ExecuteMsg::FlashTake`] is called with, by the liquidator, once it has the collateral. It must send
/// `cost` of sdUSD with [`Hook::Pay`] before it returns: from the proceeds, or from whatever it has.
#[cw_serde]
pub enum CalleeMsg {
    /// A flash take.
    OnTake {
        /// Number of the auction, for [`Hook::Pay`].
        auction: u64,
        /// Who asked for it. Anybody may name any callee: it should know the taker or its own `msg`.
        taker: String,
        /// The collateral that has come in.
        token: Token,
        /// How much of it.
        amount: Amount,
        /// What has to be paid, sdUSD.
        cost: Usd,
        /// What the taker has passed on.
        msg: Binary,
    },
}

/// What can change.
#[cw_serde]
pub enum Change {
    /// Tightens where the stop level is not lower, hole and window not larger, and no delay shorter.
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
    /// How recovery notes are sold; running auctions go on as they began. Tightens where the ceiling is not higher and the rest the same.
    Notes {
        /// All of it.
        notes: NoteParams,
    },
    /// Of a vault that has auctions. Tightens where nothing is larger.
    Limits {
        /// Vault.
        vault: u8,
        /// Its limits.
        limits: Limits,
    },
    /// Loosens.
    SetGuardian {
        /// None: there is no guardian any more.
        guardian: Option<String>,
    },
}

/// What can be asked of the liquidator.
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
    /// The backstop: its deposits, and by vault what it has absorbed and may absorb.
    #[returns(BackstopResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Backstop {},
    /// A depositor of the backstop; zeros for anybody else.
    #[returns(BackstopAccountResponse)]
    BackstopAccount {
        /// Whose.
        owner: String,
    },
    /// Recovery notes: their token, what was sold and what is outstanding.
    #[returns(NotesResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Notes {},
    /// Running auctions of recovery notes, oldest first.
    #[returns(Vec<NoteAuctionResponse>)]
    NoteAuctions {
        /// The number after which to begin.
        start_after: Option<u64>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
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
