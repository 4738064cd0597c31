//! Messages that move tokens.

use cosmwasm_std::{Addr, CosmosMsg};
use sdp_types::token::TokenMsg;
use sdp_types::{Result, Usd};

/// New sdUSD for a recipient.
pub fn mint(sdusd: &Addr, recipient: &Addr, amount: Usd) -> Result<CosmosMsg> {
    TokenMsg::Mint { recipient: recipient.to_string(), amount: amount.raw().into() }.to(sdusd.as_str())
}

/// Destroys sdUSD that the pool holds.
pub fn burn(sdusd: &Addr, amount: Usd) -> Result<CosmosMsg> {
    TokenMsg::Burn { amount: amount.raw().into() }.to(sdusd.as_str())
}
