//! What can be asked of the custody, and its answers.

use cosmwasm_schema::{cw_serde, QueryResponses};

use super::{Change, Params, TokenConfig};
use crate::governance::Queued;
use crate::market::AccountId;
use crate::ownership::Ownership;
use crate::units::{Amount, Price, Ratio, SignedUsd, Usd};

/// What can be asked of the custody, at the board's prices.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Addresses and parameters.
    #[returns(ConfigResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Config {},
    /// All tokens by number, with what is held of them by the book and in fact.
    #[returns(Vec<TokenResponse>)]
    #[serde(deserialize_with = "crate::fields::none")]
    Tokens {},
    /// What backs an account; nothing where it has no tokens.
    #[returns(BackedAccountResponse)]
    Account(AccountId),
    /// Accounts with tokens, by owner and number: what each holds.
    #[returns(Vec<HoldingResponse>)]
    Accounts {
        /// The one after which to begin.
        start_after: Option<AccountId>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// A sale that runs: `E1109`.
    #[returns(SaleResponse)]
    Sale(AccountId),
    /// All of them, by owner and number of the account.
    #[returns(Vec<SaleResponse>)]
    Sales {
        /// The one after which to begin.
        start_after: Option<AccountId>,
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

/// Answer to [`QueryMsg::Config`].
#[cw_serde]
pub struct ConfigResponse {
    /// Who may only tighten.
    pub guardian: Option<String>,
    /// The market whose accounts are backed.
    pub market: String,
    /// The oracle.
    pub oracle: String,
    /// The token in which sales are paid.
    pub sdusd: String,
    /// Parameters.
    pub params: Params,
}

/// One token.
#[cw_serde]
pub struct TokenResponse {
    /// Its number.
    pub token: u8,
    /// Its configuration.
    pub config: TokenConfig,
    /// Price as of the board; 0 where there is none yet.
    pub price: Price,
    /// Whether that is fresh and certain enough to count for what increases risk.
    pub fresh: bool,
    /// Σ of what accounts hold.
    pub held: Amount,
    /// Of it, value at the price, rounded up: what the cap bounds.
    pub value: Usd,
    /// What the contract has; more than `held` where somebody sent some without a message.
    pub balance: Amount,
}

/// An account's holding of one token.
#[cw_serde]
pub struct TokenHolding {
    /// Its number.
    pub token: u8,
    /// How much.
    pub amount: Amount,
    /// Value at the low edge of the price, rounded down.
    pub value: Usd,
    /// What it counts for, rounded down.
    pub counted: Usd,
    /// 1 − counted ÷ value, rounded up; 0 without a value.
    pub haircut: Ratio,
}

/// Answer to [`QueryMsg::Account`].
#[cw_serde]
pub struct BackedAccountResponse {
    /// Its owner.
    pub owner: String,
    /// Its number.
    pub account: u16,
    /// Its tokens by number, none of which it has nothing.
    pub tokens: Vec<TokenHolding>,
    /// What they count for together: towards maintenance, where the last price counts, however old.
    pub counted: Usd,
    /// What they count for where risk increases or something is taken out: without those that close or have no fresh price.
    pub counted_for_opening: Usd,
    /// Margin in sdUSD. Below zero the account owes that.
    pub margin: SignedUsd,
    /// Margin, PnL of all positions, and tokens.
    pub equity: SignedUsd,
    /// What tokens may be taken out for, by what they count for.
    pub free: Usd,
    /// Whether [`super::ExecuteMsg::Sell`] would be refused, code first; none if not.
    pub not_sold: Option<String>,
}

/// One account's tokens, of [`QueryMsg::Accounts`].
#[cw_serde]
pub struct HoldingResponse {
    /// Its owner.
    pub owner: String,
    /// Its number.
    pub account: u16,
    /// By number of the token.
    pub amounts: Vec<Amount>,
}

/// A sale that runs.
#[cw_serde]
pub struct SaleResponse {
    /// Owner of the account.
    pub owner: String,
    /// Its number.
    pub account: u16,
    /// Number of the token that is sold.
    pub token: u8,
    /// How much of it the account has.
    pub lot: Amount,
    /// What the account owes now.
    pub owed: Usd,
    /// Penalty still to bring.
    pub penalty: Usd,
    /// Keepers' reward that is still to come out of it.
    pub reward: Usd,
    /// Price now, USD per whole token.
    pub price: Price,
    /// Seconds since its last start.
    pub age: u64,
    /// Whether it is too old or has fallen too far.
    pub needs_redo: bool,
    /// Who started it.
    pub keeper: String,
}
