//! Messages that move what the reserve holds.

use cosmwasm_std::{coins, to_json_binary, Addr, BankMsg, CosmosMsg, WasmMsg};
use cw20::Cw20ExecuteMsg;
use serde::Serialize;

use sdp_types::pool::{ExecuteMsg, MarketMsg, Token};
use sdp_types::token::TokenMsg;
use sdp_types::{Amount, Ratio, Result, Usd};

/// A token to somebody.
pub fn token(token: &Token, recipient: &Addr, amount: Amount) -> Result<CosmosMsg> {
    match token {
        Token::Native(denom) => {
            let amount = coins(amount.raw(), denom);
            Ok(BankMsg::Send { to_address: recipient.to_string(), amount }.into())
        }
        Token::Cw20(contract) => transfer(contract, recipient, amount.raw()),
    }
}

/// sdUSD to somebody.
pub fn sdusd(sdusd: &Addr, recipient: &Addr, amount: Usd) -> Result<CosmosMsg> {
    transfer(sdusd.as_str(), recipient, amount.raw())
}

/// sdUSD to a contract, with a message for it.
pub fn send(sdusd: &Addr, contract: &Addr, amount: Usd, hook: &impl Serialize) -> Result<CosmosMsg> {
    let (contract, msg) = (contract.to_string(), to_json_binary(hook)?);
    execute(sdusd, &Cw20ExecuteMsg::Send { contract, amount: amount.raw().into(), msg })
}

/// sdUSD from the pool, once the record shows it as drawn.
pub fn draw(
    pool: &Addr,
    amount: Usd,
    recipient: &Addr,
    accepted_haircut: Option<Ratio>,
) -> Result<CosmosMsg> {
    execute(pool, &MarketMsg::Draw { amount, recipient: recipient.to_string(), accepted_haircut })
}

/// The pool books what the record shows.
pub fn sync(pool: &Addr) -> Result<CosmosMsg> {
    execute(pool, &ExecuteMsg::Sync {})
}

fn execute(contract: &Addr, msg: &impl Serialize) -> Result<CosmosMsg> {
    let contract_addr = contract.to_string();
    Ok(WasmMsg::Execute { contract_addr, msg: to_json_binary(msg)?, funds: Vec::new() }.into())
}

fn transfer(contract: &str, recipient: &Addr, amount: u128) -> Result<CosmosMsg> {
    TokenMsg::Transfer { recipient: recipient.to_string(), amount: amount.into() }.to(contract)
}
