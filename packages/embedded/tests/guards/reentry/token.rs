//! A CW20 whose transfers run what it was told to run.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    from_json, to_json_vec, Binary, CosmosMsg, Deps, DepsMut, Env, MessageInfo, Reply, Response, StdError,
    StdResult, Storage, SubMsg, Uint128,
};
use cw20::Cw20ExecuteMsg;
use cw20_base::msg::{InstantiateMsg, QueryMsg};
use cw_multi_test::{Contract, ContractWrapper};
use sdp_types::pool::Token;
use sdp_types::{Amount, Usd};

/// What the token takes: the part of cw20-base that is needed, and two more.
#[cw_serde]
pub enum TokenMsg {
    Transfer {
        recipient: String,
        amount: Uint128,
    },
    Send {
        contract: String,
        amount: Uint128,
        msg: Binary,
    },
    Mint {
        recipient: String,
        amount: Uint128,
    },
    /// The next transfers each send one of these: before the hook of a `send`, or after it.
    Arm {
        msgs: Vec<CosmosMsg>,
        before_hook: bool,
    },
    /// Sends a message of its own now.
    Act {
        msg: CosmosMsg,
    },
    /// Called back by a flash take: sends what `msg` says.
    OnTake {
        auction: u64,
        taker: String,
        token: Token,
        amount: Amount,
        cost: Usd,
        msg: Binary,
    },
}

/// Where the messages are that wait.
pub const ARMED: &[u8] = b"armed";

fn arm(storage: &mut dyn Storage, msgs: &[CosmosMsg], before_hook: bool) -> StdResult<()> {
    storage.set(ARMED, &to_json_vec(&(msgs, before_hook))?);
    Ok(())
}

fn armed(storage: &dyn Storage) -> StdResult<(Vec<CosmosMsg>, bool)> {
    storage.get(ARMED).map_or(Ok(Default::default()), from_json)
}

pub fn code() -> Box<dyn Contract<cosmwasm_std::Empty>> {
    Box::new(ContractWrapper::new(execute, instantiate, query).with_reply(reply))
}

fn instantiate(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: InstantiateMsg) -> StdResult<Response> {
    let made = cw20_base::contract::instantiate(deps, env, info, msg);
    made.map_err(|error| StdError::generic_err(error.to_string()))
}

fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> StdResult<Binary> {
    cw20_base::contract::query(deps, env, msg)
}

fn execute(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: TokenMsg) -> StdResult<Response> {
    let moved = match msg {
        TokenMsg::Transfer { recipient, amount } => Cw20ExecuteMsg::Transfer { recipient, amount },
        TokenMsg::Send { contract, amount, msg } => Cw20ExecuteMsg::Send { contract, amount, msg },
        TokenMsg::Mint { recipient, amount } => Cw20ExecuteMsg::Mint { recipient, amount },
        TokenMsg::Arm { msgs, before_hook } => {
            arm(deps.storage, &msgs, before_hook)?;
            return Ok(Response::new());
        }
        TokenMsg::Act { msg } => return Ok(Response::new().add_message(msg)),
        TokenMsg::OnTake { msg, .. } => {
            let msgs: Vec<CosmosMsg> = from_json(msg)?;
            return Ok(Response::new().add_messages(msgs));
        }
    };
    let (mut msgs, before_hook) = armed(deps.storage)?;
    let next = (!msgs.is_empty()).then(|| msgs.remove(0));
    arm(deps.storage, &msgs, before_hook)?;

    let done = cw20_base::contract::execute(deps, env, info, moved);
    let mut response = done.map_err(|error| StdError::generic_err(error.to_string()))?;
    if let Some(msg) = next {
        // a refusal inside must not undo what is outside, else it would only protect its victims
        let attack = SubMsg::reply_on_error(msg, 1);
        let place = if before_hook { 0 } else { response.messages.len() };
        response.messages.insert(place, attack);
    }
    Ok(response)
}

fn reply(_: DepsMut<'_>, _: Env, _: Reply) -> StdResult<Response> {
    Ok(Response::new())
}
