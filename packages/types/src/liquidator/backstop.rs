//! What the liquidator answers about its backstop.

use cosmwasm_schema::cw_serde;

use crate::math::Wide;
use crate::units::{Amount, Ratio, Usd};

/// Answer to [`super::QueryMsg::Backstop`].
#[cw_serde]
pub struct BackstopResponse {
    /// All deposits.
    pub total: Usd,
    /// What is left of a deposit of 1 from the beginning of this scale, with 36 decimals.
    pub product: Wide,
    /// How often the deposits were all spent.
    pub epoch: u32,
    /// How often the product was raised by 10⁹ in this epoch.
    pub scale: u32,
    /// By number, of vaults that have auctions.
    pub vaults: Vec<BackstopVault>,
}

/// One vault as the backstop sees it.
#[cw_serde]
pub struct BackstopVault {
    /// Its number.
    pub vault: u8,
    /// Part of the price that the backstop does not pay.
    pub discount: Ratio,
    /// Most that it pays for this collateral today (UTC), as the pool's collateral was last valued.
    pub cap: Usd,
    /// What it has paid for it today.
    pub absorbed: Usd,
    /// Collateral that it holds for depositors.
    pub held: Amount,
    /// Owner of the position that keeps depositors in.
    pub flagged: Option<String>,
}

/// Answer to [`super::QueryMsg::BackstopAccount`].
#[cw_serde]
pub struct BackstopAccountResponse {
    /// What the deposit is worth now.
    pub amount: Usd,
    /// Collateral to claim, by vault number as far as there was any.
    pub gains: Vec<Amount>,
    /// What was asked for last, lapsed or not.
    pub request: Option<WithdrawalResponse>,
}

/// A withdrawal that was asked for.
#[cw_serde]
pub struct WithdrawalResponse {
    /// Most to take out.
    pub amount: Usd,
    /// When it can be made, seconds.
    pub ready_at: u64,
    /// The last second in which it can be made.
    pub lapses_at: u64,
}
