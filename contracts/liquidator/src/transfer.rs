//! Messages that move what the contract holds. Nothing is sent for an amount of 0.

use cosmwasm_std::{Addr, CosmosMsg};
use sdp_types::pool::Token;
use sdp_types::token::TokenMsg;
use sdp_types::{Amount, Result, Usd};

/// Collateral to somebody.
pub fn collateral(token: &Token, recipient: &Addr, amount: Amount) -> Result<Option<CosmosMsg>> {
    if amount.is_zero() {
        return Ok(None);
    }
    token.send(recipient, amount).map(Some)
}

/// sdUSD to somebody.
pub fn sdusd(token: &Addr, recipient: &Addr, amount: Usd) -> Result<Option<CosmosMsg>> {
    if amount.is_zero() {
        return Ok(None);
    }
    let msg = TokenMsg::Transfer { recipient: recipient.to_string(), amount: amount.raw().into() };
    msg.to(token.as_str()).map(Some)
}

/// sdUSD of the contract's own balance out of the world.
pub fn burn(token: &Addr, amount: Usd) -> Result<Option<CosmosMsg>> {
    if amount.is_zero() {
        return Ok(None);
    }
    TokenMsg::Burn { amount: amount.raw().into() }.to(token.as_str()).map(Some)
}
