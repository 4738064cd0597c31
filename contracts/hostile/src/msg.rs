//! What it can be told.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::Binary;
use cw20::Cw20ReceiveMsg;

/// A new one. It obeys everybody.
#[cw_serde]
pub struct InstantiateMsg {}

/// A message that it sends.
#[cw_serde]
pub struct Relayed {
    /// To which contract.
    pub contract: String,
    /// Its JSON.
    pub msg: Binary,
}

/// What it can be told to do.
#[cw_serde]
pub enum ExecuteMsg {
    /// Shows these bytes under the exposure key from now on, none where they are empty, then sends messages.
    Act {
        /// None: shows what it showed.
        show: Option<Binary>,
        /// What it sends, in order.
        send: Vec<Relayed>,
    },
    /// Sends these whenever a CW20 tells it that it came.
    Reenter {
        /// What it sends, in order.
        send: Vec<Relayed>,
    },
    /// Hook of any CW20.
    Receive(Cw20ReceiveMsg),
    /// Ends in a trap.
    Panic {},
    /// Never ends: uses up all gas that there is.
    Burn {},
}

/// It answers nothing.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Ends in a trap.
    #[returns(InstantiateMsg)]
    Panic {},
}
