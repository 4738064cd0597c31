//! Messages that move what the contract holds. Nothing is sent for an amount of 0.

use cosmwasm_std::{coins, Addr, BankMsg, CosmosMsg};
use sdp_types::pool::Token;
use sdp_types::token::TokenMsg;
use sdp_types::{Amount, Result, Usd};

/// Collateral to somebody.
pub fn collateral(token: &Token, recipient: &Addr, amount: Amount) -> Result<Option<CosmosMsg>> {
    if amount.is_zero() {
        return Ok(None);
    }
    match token {
        Token::Native(denom) => {
            let amount = coins(amount.raw(), denom);
            Ok(Some(BankMsg::Send { to_address: recipient.to_string(), amount }.into()))
        }
        Token::Cw20(contract) => cw20_transfer(contract, recipient, amount.raw()).map(Some),
    }
}

/// sdUSD to somebody.
pub fn sdusd(token: &Addr, recipient: &Addr, amount: Usd) -> Result<Option<CosmosMsg>> {
    if amount.is_zero() {
        return Ok(None);
    }
    cw20_transfer(token.as_str(), recipient, amount.raw()).map(Some)
}

/// sdUSD of the contract's own balance out of the world.
pub fn burn(token: &Addr, amount: Usd) -> Result<Option<CosmosMsg>> {
    if amount.is_zero() {
        return Ok(None);
    }
    TokenMsg::Burn { amount: amount.raw().into() }.to(token.as_str()).map(Some)
}

fn cw20_transfer(contract: &str, recipient: &Addr, amount: u128) -> Result<CosmosMsg> {
    TokenMsg::Transfer { recipient: recipient.to_string(), amount: amount.into() }.to(contract)
}
