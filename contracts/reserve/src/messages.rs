//! What the reserve tells other contracts to do.

use cosmwasm_std::{to_json_binary, Addr, CosmosMsg};
use cw20::Cw20ExecuteMsg;
use serde::Serialize;

use sdp_types::contract::execute;
use sdp_types::pool::ExecuteMsg;
use sdp_types::{Result, Usd};

/// sdUSD to a contract, with a message for it.
pub fn send(sdusd: &Addr, contract: &Addr, amount: Usd, hook: &impl Serialize) -> Result<CosmosMsg> {
    let (contract, msg) = (contract.to_string(), to_json_binary(hook)?);
    execute(sdusd, &Cw20ExecuteMsg::Send { contract, amount: amount.raw().into(), msg })
}

/// The pool books what the record shows.
pub fn sync(pool: &Addr) -> Result<CosmosMsg> {
    execute(pool, &ExecuteMsg::Sync {})
}
