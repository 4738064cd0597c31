//! Messages that move tokens.

use cosmwasm_std::{coins, Addr, BankMsg, CosmosMsg};
use sdp_types::pool::Token;
use sdp_types::token::TokenMsg;
use sdp_types::{Amount, Result, Usd};

/// New sdUSD for a recipient.
pub fn mint(sdusd: &Addr, recipient: &Addr, amount: Usd) -> Result<CosmosMsg> {
    TokenMsg::Mint { recipient: recipient.to_string(), amount: amount.raw().into() }.to(sdusd.as_str())
}

/// Destroys sdUSD that the pool holds.
pub fn burn(sdusd: &Addr, amount: Usd) -> Result<CosmosMsg> {
    TokenMsg::Burn { amount: amount.raw().into() }.to(sdusd.as_str())
}

/// Collateral that the pool holds goes to a recipient.
pub fn send(token: &Token, recipient: &Addr, amount: Amount) -> Result<CosmosMsg> {
    let (recipient, amount) = (recipient.to_string(), amount.raw());
    match token {
        Token::Native(denom) => {
            Ok(BankMsg::Send { to_address: recipient, amount: coins(amount, denom) }.into())
        }
        Token::Cw20(address) => TokenMsg::Transfer { recipient, amount: amount.into() }.to(address),
    }
}
