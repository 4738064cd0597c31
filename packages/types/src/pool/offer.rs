//! Positions that change hands.

use cosmwasm_schema::cw_serde;

use crate::units::Amount;

/// Answer to [`crate::lens::QueryMsg::Offer`].
#[cw_serde]
pub struct OfferResponse {
    /// Who may accept it.
    pub to: String,
    /// How much of the collateral; none: all.
    pub amount: Option<Amount>,
}
