//! What can be asked of the pool, and its answers.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Addr, Binary, QuerierWrapper, WasmQuery};
use serde::Deserialize;

use super::{Change, Params, Token, VaultConfig};
use crate::error::Result;
use crate::governance::Queued;
use crate::ledger::Ledger;
use crate::math::Wide;
use crate::ownership::Ownership;
use crate::regime::Regime;
use crate::stability::MintedDebt;
use crate::units::{Amount, Ratio, Shares, SignedUsd, Usd};

/// What can be asked of the pool. Answers are as of a sync now, unless they say otherwise.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Addresses and parameters.
    #[returns(ConfigResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Config {},
    /// All vaults.
    #[returns(Vec<VaultResponse>)]
    #[serde(deserialize_with = "crate::fields::none")]
    Vaults {},
    /// One position.
    #[returns(PositionResponse)]
    #[serde(deserialize_with = "crate::fields::position")]
    Position {
        /// Its vault.
        vault: u8,
        /// Its owner.
        owner: String,
    },
    /// Positions of a vault, by owner.
    #[returns(Vec<PositionResponse>)]
    Positions {
        /// The vault.
        vault: u8,
        /// The owner after whom to begin.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// Every term of the ledger and the difference of its sides, as stored: not synced.
    #[returns(AuditResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Audit {},
    /// Changes that wait.
    #[returns(Vec<Queued<Change>>)]
    #[serde(deserialize_with = "crate::fields::none")]
    Changes {},
    /// Who owns it, and who may take over.
    #[returns(Ownership)]
    #[serde(deserialize_with = "crate::fields::none")]
    Ownership {},
}

/// Answer to [`QueryMsg::Config`].
#[cw_serde]
pub struct ConfigResponse {
    /// Who may only tighten.
    pub guardian: Option<String>,
    /// The oracle.
    pub oracle: String,
    /// The token that only the pool mints.
    pub sdusd: String,
    /// Who may seize.
    pub liquidator: Option<String>,
    /// Whether providers may come.
    pub open: bool,
    /// Parameters.
    pub params: Params,
}

/// What another contract asks of [`ConfigResponse`]: it leaves alone what it does not need, which would be much code to parse.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Contracts {
    /// See [`ConfigResponse::oracle`].
    pub oracle: String,
    /// See [`ConfigResponse::sdusd`].
    pub sdusd: String,
}

impl Contracts {
    /// Of a pool.
    pub fn of(querier: &QuerierWrapper<'_>, pool: &Addr) -> Result<Self> {
        let msg = Binary::from(br#"{"config":{}}"#);
        Ok(querier.query(&WasmQuery::Smart { contract_addr: pool.to_string(), msg }.into())?)
    }
}

/// One vault.
#[cw_serde]
pub struct VaultResponse {
    /// Its number.
    pub vault: u8,
    /// Its configuration.
    pub config: VaultConfig,
    /// All its collateral.
    pub collateral: Amount,
    /// Its value when it last had a fresh price: the vault's weight in the pool.
    pub value: Usd,
    /// What its positions owe.
    pub debt: SignedUsd,
    /// All shares.
    pub shares: Shares,
    /// Counts the wipes.
    pub epoch: u32,
    /// Debt per share, 27 decimals of a micro-USD.
    pub value_per_share: Wide,
    /// The largest of the last hour or two.
    pub peak_value_per_share: Wide,
    /// What the last distribution carried over, 10⁻²⁷ micro-USD.
    pub remainder: Wide,
    /// What its positions have minted and not burnt, and the stability fee on it.
    pub minted: MintedDebt,
    /// Whether it has a fresh price.
    pub fresh: bool,
}

/// One market.
#[cw_serde]
pub struct MarketResponse {
    /// The contract.
    pub market: String,
    /// Its credit line.
    pub line: SignedUsd,
    /// What is allowed with it.
    pub regime: Regime,
    /// Its debt as accepted.
    pub reported: SignedUsd,
    /// Reported + drawn + fees − shortfalls at the worst index: what it has cost the providers.
    pub used: SignedUsd,
    /// Whether its record and all its prices are good now.
    pub accepted: bool,
    /// When that was last so, seconds.
    pub accepted_at: u64,
    /// Its counters as last seen.
    pub drawn: Usd,
    /// See `drawn`.
    pub fees: Usd,
    /// See `drawn`.
    pub shortfalls: Usd,
}

/// A request to leave.
#[cw_serde]
pub struct ExitResponse {
    /// Asked.
    pub amount: Amount,
    /// From then on it can be executed, seconds.
    pub ready_at: u64,
    /// After that it has lapsed, seconds.
    pub lapses_at: u64,
    /// The interval whose price counts.
    pub interval: u64,
}

/// One position.
#[cw_serde]
pub struct PositionResponse {
    /// Its vault.
    pub vault: u8,
    /// Its owner.
    pub owner: String,
    /// Its collateral.
    pub collateral: Amount,
    /// Shares of the vault.
    pub shares: Shares,
    /// Value of the collateral at the vault's price.
    pub value: Usd,
    /// What it owes, rounded up; negative is profit that it may mint.
    pub debt: SignedUsd,
    /// The same unrounded, 27 decimals of a micro-USD.
    pub debt_exact: Wide,
    /// What it has minted and not burnt: what the stability fee is on.
    pub minted: Usd,
    /// What mints and exits are tested at: at least `debt`.
    pub debt_for_issuance: SignedUsd,
    /// Value ÷ debt, rounded down; none where nothing is owed.
    pub ratio: Option<Ratio>,
    /// When the position began, seconds.
    pub joined_at: u64,
    /// The request that waits.
    pub exit: Option<ExitResponse>,
}

/// Answer to [`crate::lens::QueryMsg::MaximumMint`].
#[cw_serde]
pub struct LimitResponse {
    /// The most.
    pub amount: Usd,
    /// Code and name of the rule that binds.
    pub bound_by: String,
}

/// Answer to [`crate::lens::QueryMsg::PreviewExit`].
#[cw_serde]
pub struct ExitPreview {
    /// What would be released.
    pub released: Amount,
    /// Profit that would be minted.
    pub minted: Usd,
    /// See [`crate::lens::HealthResponse::exit_haircut`]: what the request must have accepted.
    pub haircut: Ratio,
    /// What the position would be charged for bad debt.
    pub charged: Usd,
}

/// A balance beside what the book says of it.
#[cw_serde]
pub struct BalanceCheck {
    /// The token.
    pub token: Token,
    /// What the book says.
    pub booked: Amount,
    /// What is there.
    pub balance: Amount,
}

/// Answer to [`QueryMsg::Audit`]. The ledger's tab, supply, insurance and bad debt are shown with the liquidator's
/// counters that the pool has not booked yet.
#[cw_serde]
pub struct AuditResponse {
    /// All terms; the tab from the liquidator's record, the supply from the book, or from the CW20 where that is larger.
    pub ledger: Ledger,
    /// What the markets owe by their records now, potential included, less what is accepted; 0 right after a sync.
    pub pending: SignedUsd,
    /// Booked supply less the CW20's own: what holders burnt themselves. Negative is a bug.
    pub unbooked: SignedUsd,
    /// Vaults' collateral. A balance below the book is a bug.
    pub collateral: Vec<BalanceCheck>,
    /// Left side less right side, plus whatever is below the book: 0.
    pub difference: SignedUsd,
}
