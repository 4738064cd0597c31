//! Positions that are kept at a ratio, and that change hands.

use cosmwasm_schema::cw_serde;

use super::PositionResponse;
use crate::units::{Amount, Ratio, Usd};

/// How a provider wants a position kept.
#[cw_serde]
#[derive(Copy)]
pub struct Balancing {
    /// Below this ratio of collateral to debt others may balance it. More than 1.
    pub lower: Ratio,
    /// Where it is brought to. At least `lower` and at least the vault's issuance ratio.
    pub target: Ratio,
    /// Above this others may mint for the owner; none: never. At least `target`.
    pub upper: Option<Ratio>,
    /// What others get for it; none: only the owner balances it.
    pub fee: Option<BalancingFee>,
}

/// What whoever balances a position gets of its owner.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct BalancingFee {
    /// Part of what is minted or burnt, at most 1 %.
    pub rate: Ratio,
    /// And at most this.
    pub most: Usd,
}

/// Answer to [`crate::lens::QueryMsg::Balancing`].
#[cw_serde]
pub struct BalancingResponse {
    /// What the owner wants; none: nothing.
    pub balancing: Option<Balancing>,
    /// To whom the position is offered, and how much of it: all where that is left out.
    pub offered: Option<OfferResponse>,
}

/// An offer that stands.
#[cw_serde]
pub struct OfferResponse {
    /// Who may accept it.
    pub to: String,
    /// How much of the collateral; none: all.
    pub amount: Option<Amount>,
}

/// Answer to [`crate::lens::QueryMsg::PreviewBalance`].
#[cw_serde]
pub struct BalancePreview {
    /// sdUSD that is burnt.
    pub burnt: Usd,
    /// sdUSD that is minted, the fee included.
    pub minted: Usd,
    /// What whoever sends it gets.
    pub fee: Usd,
    /// The position after it.
    pub position: PositionResponse,
}
