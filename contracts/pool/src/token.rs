//! Messages that move tokens.

use cosmwasm_std::{coins, to_json_binary, Addr, BankMsg, Binary, CosmosMsg, Uint128, WasmMsg};
use cw20::Cw20ExecuteMsg;
use sdp_types::pool::Token;
use sdp_types::units::MAX_USD;
use sdp_types::{ensure, Amount, Error, Result, Usd};

/// New sdUSD for a recipient.
pub fn mint(sdusd: &Addr, recipient: &Addr, amount: Usd) -> Result<CosmosMsg> {
    let recipient = recipient.to_string();
    execute(
        sdusd.to_string(),
        to_json_binary(&Cw20ExecuteMsg::Mint { recipient, amount: amount.raw().into() })?,
    )
}

/// Destroys sdUSD that the pool holds.
pub fn burn(sdusd: &Addr, amount: Usd) -> Result<CosmosMsg> {
    execute(sdusd.to_string(), to_json_binary(&Cw20ExecuteMsg::Burn { amount: amount.raw().into() })?)
}

/// Collateral that the pool holds goes to a recipient.
pub fn send(token: &Token, recipient: &Addr, amount: Amount) -> Result<CosmosMsg> {
    let recipient = recipient.to_string();
    match token {
        Token::Native(denom) => {
            Ok(BankMsg::Send { to_address: recipient, amount: coins(amount.raw(), denom) }.into())
        }
        Token::Cw20(address) => {
            let amount = Uint128::new(amount.raw());
            execute(address.clone(), to_json_binary(&Cw20ExecuteMsg::Transfer { recipient, amount })?)
        }
    }
}

fn execute(contract_addr: String, msg: Binary) -> Result<CosmosMsg> {
    Ok(WasmMsg::Execute { contract_addr, msg, funds: vec![] }.into())
}

/// An amount of money that a message may carry and that moves something: `E0005`, `E0004`.
pub fn movable(amount: Usd) -> Result<Usd> {
    ensure(!amount.is_zero(), || Error::Zero { what: "amount".into() })?;
    ensure(amount <= MAX_USD, || Error::out_of_range("amount", amount, 1, MAX_USD))?;
    Ok(amount)
}
