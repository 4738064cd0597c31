//! Messages of the pool: LP collateral, debt shares, the right to mint sdUSD, credit lines, insurance.

mod answers;
mod change;
mod contracts;
mod offer;
mod risk;

use cosmwasm_schema::cw_serde;
use cw20::Cw20ReceiveMsg;

pub use answers::*;
pub use change::Change;
pub use contracts::{LiquidatorMsg, MarketMsg, Seizure};
pub use offer::OfferResponse;
pub use risk::*;

use crate::board::FeedId;
use crate::ownership::Action;
use crate::regime::{Breaker, Regime};
use crate::units::{Amount, Ratio, Usd};

/// Name in cw2.
pub const CONTRACT: &str = "sdp-pool";

/// A collateral token.
#[cw_serde]
pub enum Token {
    /// A coin of the bank module, by denom.
    Native(String),
    /// A CW20, by contract address.
    Cw20(String),
}

impl core::fmt::Display for Token {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Native(denom) => f.write_str(denom),
            Self::Cw20(address) => f.write_str(address),
        }
    }
}

/// One kind of collateral.
#[cw_serde]
pub struct VaultConfig {
    /// The token; no rebasing or fee-on-transfer tokens. No two vaults share one.
    pub token: Token,
    /// Decimals of its base unit, ≤ 24.
    pub decimals: u8,
    /// Feed of its price.
    pub feed: FeedId,
    /// Collateral value a position must keep per debt when it mints or exits. > liquidation ratio.
    pub issuance_ratio: Ratio,
    /// Below it a position is seized. > 100 % + penalty.
    pub liquidation_ratio: Ratio,
    /// Added to the debt that an auction has to bring, < 100 %.
    pub liquidation_penalty: Ratio,
    /// Simple interest a year of 365 days on minted debt, to insurance, ≤ 100 %.
    pub stability_fee: Ratio,
    /// Widest confidence at which the collateral is priced; a wider one is like a stale price.
    pub maximum_confidence: Ratio,
    /// Least value of a position's collateral after a deposit or a partial exit.
    pub minimum_deposit: Usd,
    /// Least debt after a mint.
    pub minimum_debt: Usd,
    /// Most collateral in the vault.
    pub deposit_cap: Amount,
    /// Most debt of the vault after a mint. A change leaves one that follows where it is: [`Change::SetCeiling`].
    pub debt_ceiling: Usd,
}

/// How much of the pool may be at risk: bounds of its expected shortfall in a day (97.5 %, Student-t with 4 degrees of freedom), the worst
/// of three matrices of correlation.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct RiskBudgets {
    /// b₁: shortfall of the markets, as a part of free collateral. In (0, 1].
    pub markets: Ratio,
    /// b₂: shortfall of markets and collateral together, as a part of the collateral. In (0, 1].
    pub total: Ratio,
    /// a: how far the high matrix goes from the measured one to all correlations 1. In [0, 1].
    pub high: Ratio,
    /// c: how far the low matrix goes from the measured one to all correlations 0. In [0, 1].
    pub low: Ratio,
}

impl Default for RiskBudgets {
    fn default() -> Self {
        Self {
            markets: Ratio::percent(4),
            total: Ratio::percent(35),
            high: Ratio::percent(50),
            low: Ratio::percent(40),
        }
    }
}

/// When the pool and its markets stop what raises risk. Every sync looks; a ratio of something to nothing is beyond every threshold.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Breakers {
    /// Of the pool: what providers owe and what nobody pays ÷ collateral.
    pub utilisation: Breaker,
    /// Of the pool: expected shortfall of the markets ÷ free collateral. Orders keep it below the budget; prices and volatility don't.
    pub shortfall: Breaker,
    /// Of the pool: by how much the markets have cost more, Φ included, than at the best moment of this hour and the last ÷ collateral.
    pub debt_growth: Breaker,
    /// Of a market: profit drawn in this hour and the last ÷ collateral: draws begin where a market has paid out all that its traders have
    /// paid in. `emergency` trips nothing: a draw that goes beyond it is refused.
    pub withdrawals: Breaker,
    /// Caution while insurance is less than this part of Σ |exposure| by feed; 0: never. At most 1.
    pub insurance_floor: Ratio,
    /// A regime is left no earlier than so many seconds after it was last asked for. ≤ 7 days.
    pub cool_down: u32,
    /// So long lasts at least what a person has tripped, seconds. ≤ 7 days.
    pub hold: u32,
}

impl Default for Breakers {
    fn default() -> Self {
        let breaker = |caution, close_only, emergency: Option<u64>, release| Breaker {
            caution: Some(Ratio::percent(caution)),
            close_only: Some(Ratio::percent(close_only)),
            emergency: emergency.map(Ratio::percent),
            release: Ratio::percent(release),
        };
        Self {
            utilisation: breaker(45, 60, Some(85), 90),
            shortfall: breaker(6, 10, None, 80),
            debt_growth: breaker(3, 6, None, 50),
            withdrawals: breaker(2, 4, Some(6), 50),
            insurance_floor: Ratio::bps(150),
            cool_down: 1_800,
            hold: 86_400,
        }
    }
}

/// A ceiling that follows what is used: `min(used + gap, max)`, whenever somebody adjusts it.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Ceiling {
    /// Never higher.
    pub max: Usd,
    /// Room above what is used.
    pub gap: Usd,
    /// Seconds between two rises. ≤ 30 days.
    pub ttl: u32,
}

/// What has a ceiling.
#[cw_serde]
pub enum Ceilinged {
    /// The credit line of a market, by its contract.
    Market(String),
    /// The debt ceiling of a vault, by its number.
    Vault(u8),
    /// The supply ceiling of sdUSD.
    #[serde(deserialize_with = "crate::fields::none")]
    Supply {},
}

/// Parameters of the whole pool.
#[cw_serde]
pub struct Params {
    /// 1/λ: Φ = xᵀΣx / (2·depth); > 0. Larger is cheaper to trade.
    pub impact_depth: Usd,
    /// Most sdUSD after a mint of an LP. A change leaves one that follows where it is: [`Change::SetCeiling`].
    pub supply_ceiling: Usd,
    /// From request to execution of an exit, seconds.
    pub exit_delay: u64,
    /// Execution is possible for so long, seconds; at most what the oracle's ring keeps.
    pub exit_window: u64,
    /// From the beginning of a position to its first request, seconds.
    pub minimum_stay: u64,
    /// Delay of loosening changes once the pool is open, seconds, ≤ 30 days.
    pub change_delay: u64,
    /// What orders, mints and exits must leave within bounds; none: expected shortfall bounds nothing.
    pub risk: Option<RiskBudgets>,
    /// What trips the pool and its markets; none: only people do.
    #[serde(default)]
    pub breakers: Option<Breakers>,
    /// The depth falls towards this while the markets' expected shortfall fills its budget (without budgets: while debt fills the
    /// collateral), 2 % an hour at most: [`ExecuteMsg::AdjustDepth`]. In (0, `impact_depth`]; none: it stays.
    #[serde(default)]
    pub least_depth: Option<Usd>,
    /// What insurance and providers take of one market's losses in a day; none: insurance all that it has, providers the rest.
    #[serde(default)]
    pub losses: Option<LossLimits>,
    /// While recovery notes are outstanding: the part of what comes into the insurance fund by itself (markets' fees, penalties less keepers'
    /// rewards, what notes bring beyond bad debt) that is set aside for them, rounded down, up to what is outstanding. In [0, 1].
    #[serde(default)]
    pub note_share: Ratio,
}

/// Everything about a new pool. It is closed at first: changes apply at once and nobody can deposit. `open` ends that.
#[cw_serde]
pub struct InstantiateMsg {
    /// Loosens after the delay; two-step transfer.
    pub owner: String,
    /// Tightens at once.
    pub guardian: Option<String>,
    /// The oracle.
    pub oracle: String,
    /// Code of cw20-base, of which the pool makes its sdUSD, itself the only minter.
    pub sdusd_code_id: u64,
    /// Name of the token.
    pub sdusd_name: String,
    /// Symbol of the token.
    pub sdusd_symbol: String,
    /// Parameters.
    pub params: Params,
    /// At most 8.
    pub vaults: Vec<VaultConfig>,
}

/// What anybody may send to the pool. Every message about money syncs first.
#[cw_serde]
#[allow(clippy::large_enum_variant, reason = "there is one at a time, and it is read once")]
pub enum ExecuteMsg {
    /// Coins of exactly one listed denom become collateral of the sender's (or the beneficiary's) position. Works
    /// without a fresh price only where the position already holds the minimum.
    #[serde(deserialize_with = "crate::fields::beneficiary")]
    Deposit {
        /// Whose position; the sender's by default. Its stay is never lengthened.
        beneficiary: Option<String>,
    },
    /// Coins of exactly one listed denom are yield of its vault: they belong to all of its providers, in proportion to their shares. `E0110`,
    /// `E0005` where the vault has none, `E0004` where the product of its shares would be more than a thousand.
    #[serde(deserialize_with = "crate::fields::none")]
    AddYield {},
    /// Offers the sender's position, or a part of it, to another owner. `E0302`. One offer a position: a new one takes its place.
    OfferPosition {
        /// Vault of the position.
        vault: u8,
        /// Who may accept it; none: nobody any more.
        to: Option<String>,
        /// How much of the collateral; all by default, and where it is more than there is then.
        amount: Option<Amount>,
    },
    /// Takes over what was offered to the sender: collateral, and debt in proportion. Added to the sender's own position where he has one; the
    /// older of both counts for the minimum stay. `E0345`; `E0325` where either waits to leave; `E0344` for a position that can be
    /// seized; `E0303`, `E0305` where a part would be too small; and the errors of a price that is not good.
    #[serde(deserialize_with = "crate::fields::position")]
    AcceptPosition {
        /// Vault of the position.
        vault: u8,
        /// Whose it is now.
        owner: String,
    },
    /// Hook of listed CW20s and of sdUSD: [`Hook`].
    Receive(Cw20ReceiveMsg),
    /// Mints sdUSD against the sender's position; issuance ratio at the largest debt of the last hour or two, minimum
    /// debt, the vault's debt ceiling, the supply ceiling and locked credit must hold afterwards.
    Mint {
        /// Vault of the position.
        vault: u8,
        /// How much, > 0.
        amount: Usd,
        /// Who gets it; the owner by default.
        recipient: Option<String>,
        /// Whose position; the sender's by default. Another's only as his minter, and then without a recipient: `E0346`.
        owner: Option<String>,
    },
    /// Who may mint for the sender's positions, in all vaults: within every rule of a mint, and to the sender alone. One at a time.
    SetMinter {
        /// None: nobody any more.
        minter: Option<String>,
    },
    /// Asks for collateral back; replaces nothing: one request a position at a time.
    RequestExit {
        /// Vault of the position.
        vault: u8,
        /// How much of the collateral; what is more than the position holds then is cut.
        amount: Amount,
        /// The largest part of what leaves that may be charged for bad debt when it is executed; none: 0. In [0, 1].
        accepted_haircut: Option<Ratio>,
    },
    /// Takes the request back.
    CancelExit {
        /// Vault of the position.
        vault: u8,
    },
    /// Executes a position's request after its delay, by anyone. Priced at the lower of the board and the low edge
    /// of the first interval that begins after the delay and has a price; pays min(asked, what keeps issuance ratio and locked credit). Where nothing
    /// of the position is left and its debt is negative, that profit is minted to the owner. After the window, or when
    /// the ring has dropped the interval, the request lapses: an event, nothing paid.
    #[serde(deserialize_with = "crate::fields::position")]
    ExecuteExit {
        /// Vault of the position.
        vault: u8,
        /// Its owner.
        owner: String,
    },
    /// Books what has happened since the last sync, nothing else.
    #[serde(deserialize_with = "crate::fields::none")]
    Sync {},
    /// Burns sdUSD that lies in the pool, and books what holders burnt of their own: both into insurance.
    #[serde(deserialize_with = "crate::fields::none")]
    Sweep {},
    /// From a listed market: mints what its record already shows as drawn, less the haircut while there is bad debt: `E0341` where that is
    /// more than accepted.
    Draw {
        /// Growth of its counter.
        amount: Usd,
        /// Who gets it.
        recipient: String,
        /// The largest part of it that may be kept for bad debt; none: 0.
        accepted_haircut: Option<Ratio>,
    },
    /// From the liquidator: takes a position below its liquidation ratio, whole, or so much of it that debt and penalty
    /// fit into `room`. Sends the collateral to the liquidator and answers with [`Seizure`] as data.
    Seize {
        /// Vault of the position.
        vault: u8,
        /// Its owner.
        owner: String,
        /// Most that may be added to running auctions, penalty included.
        room: Usd,
        /// Do not seize a part smaller than this, penalty included.
        dust: Usd,
    },
    /// From the liquidator, which has taken the notes in and counted them as redeemed: pays them out of what is set aside, each
    /// min(1, set aside ÷ outstanding before), rounded down.
    RedeemNotes {
        /// How many, a micro-USD each.
        notes: Usd,
        /// Refuse to pay less: `E0343`.
        least: Option<Usd>,
        /// Who gets the sdUSD.
        recipient: String,
    },
    /// Anyone, once the pool has been in emergency for seven days in a row and every listed market that can be read is shut down: prices are
    /// frozen at their moving averages, and nothing is left to do but to claim what there is. `E0332`, `E0337`, `E0333`.
    #[serde(deserialize_with = "crate::fields::none")]
    ShutDown {},
    /// Anyone, until claims are fixed: a position whose collateral is worth less than it owes at the frozen price leaves its collateral to the
    /// holders of sdUSD, and the rest is bad debt. `E0334`, `E0336`, `E0338`.
    #[serde(deserialize_with = "crate::fields::position")]
    WriteOff {
        /// Vault of the position.
        vault: u8,
        /// Its owner.
        owner: String,
    },
    /// Anyone, seven days after the pool was shut down; while auctions run, thirty: divides what is left ([`crate::estate`]). `E0334`, `E0335`,
    /// `E0336`.
    #[serde(deserialize_with = "crate::fields::none")]
    FixClaims {},
    /// Anyone: pays a provider what is left of a position, for ever. `E0335`, `E0301`, `E0302`.
    #[serde(deserialize_with = "crate::fields::position")]
    ClaimCollateral {
        /// Vault of the position.
        vault: u8,
        /// Its owner, who is paid.
        owner: String,
    },
    /// Pays the sender collateral for sdUSD that he has redeemed, for ever. `E0335`, `E0322` where nothing is due.
    Collect {
        /// Of one vault only; of all by default. Where one token fails, the others can be had so.
        vault: Option<u8>,
    },
    /// Anyone: moves a ceiling that follows what is used to where it belongs. Down at once; up when its time has come, and in no regime but the
    /// normal one. Once in a second. `E0322` where it is there, `E0330`, `E0328`.
    AdjustCeiling {
        /// Which.
        of: Ceilinged,
    },
    /// Anyone, an hour after the last time: moves the depth of the impact towards where it belongs, by 2 % at most, and up in the normal
    /// regime only. `E0322`, `E0330`, `E0328`.
    #[serde(deserialize_with = "crate::fields::none")]
    AdjustDepth {},
    /// Owner or guardian: at least this regime, for at least [`Breakers::hold`] (a day where there are no breakers).
    Trip {
        /// Of this market only; of the pool where it is left out.
        market: Option<String>,
        /// Not `normal`.
        regime: Regime,
    },
    /// Owner: back to the normal regime before its time. What a breaker asks for comes back with the next sync.
    Reset {
        /// Of this market only; of the pool where it is left out.
        market: Option<String>,
    },
    /// Owner: from now on changes wait and providers may come. Needs a liquidator.
    #[serde(deserialize_with = "crate::fields::none")]
    Open {},
    /// Owner, or guardian where it tightens (then at once). Before `open` everything applies at once.
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

/// Message inside a CW20 `send` to the pool.
#[cw_serde]
pub enum Hook {
    /// A listed CW20 becomes collateral.
    #[serde(deserialize_with = "crate::fields::beneficiary")]
    Deposit {
        /// Whose position; the payer's by default.
        beneficiary: Option<String>,
    },
    /// A listed CW20 is yield of its vault: [`ExecuteMsg::AddYield`].
    #[serde(deserialize_with = "crate::fields::none")]
    AddYield {},
    /// sdUSD is burnt against a position's debt; beyond the debt it is profit that the position may mint back.
    Burn {
        /// Vault of the position.
        vault: u8,
        /// Whose position; the payer's by default.
        owner: Option<String>,
    },
    /// Once claims are fixed: sdUSD is burnt for a part of the collateral, which [`ExecuteMsg::Collect`] pays.
    #[serde(deserialize_with = "crate::fields::none")]
    Redeem {},
    /// sdUSD is burnt into the insurance fund, by anyone.
    #[serde(deserialize_with = "crate::fields::none")]
    Insure {},
}

/// Migration: only from an older version of the same contract.
#[cw_serde]
pub struct MigrateMsg {}
