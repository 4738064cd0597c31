//! Messages that move tokens.

use cosmwasm_std::{coins, Addr, BankMsg, CosmosMsg};
use sdp_types::pool::Token;
use sdp_types::token::TokenMsg;
use sdp_types::units::MAX_USD;
use sdp_types::{ensure, Amount, Error, Result, Usd};

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

/// An amount of money that a message may carry and that moves something: `E0005`, `E0004`.
pub fn movable(amount: Usd) -> Result<Usd> {
    ensure(!amount.is_zero(), || Error::Zero { what: "amount".into() })?;
    ensure(amount <= MAX_USD, || Error::out_of_range("amount", amount, 1, MAX_USD))?;
    Ok(amount)
}
