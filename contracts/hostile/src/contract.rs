//! Entry points: it does what it is told.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{from_json, to_json_vec, Binary, Deps, DepsMut, Env, MessageInfo, Response, WasmMsg};

use sdp_types::record::{key, tag};
use sdp_types::Result;

use crate::msg::{ExecuteMsg, InstantiateMsg, QueryMsg, Relayed};

const REENTRY: &[u8] = b"reentry";

/// A new one.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(_: DepsMut<'_>, _: Env, _: MessageInfo, _: InstantiateMsg) -> Result<Response> {
    Ok(Response::new())
}

/// Whatever anybody says.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(deps: DepsMut<'_>, _: Env, _: MessageInfo, msg: ExecuteMsg) -> Result<Response> {
    match msg {
        ExecuteMsg::Act { show, send } => {
            match show {
                Some(bytes) if bytes.is_empty() => deps.storage.remove(&key(tag::EXPOSURE)),
                Some(bytes) => deps.storage.set(&key(tag::EXPOSURE), &bytes),
                None => {}
            }
            Ok(relayed(send))
        }
        ExecuteMsg::Reenter { send } => {
            deps.storage.set(REENTRY, &to_json_vec(&send)?);
            Ok(Response::new())
        }
        ExecuteMsg::Receive(_) => match deps.storage.get(REENTRY) {
            Some(send) => Ok(relayed(from_json(send)?)),
            None => Ok(Response::new()),
        },
        ExecuteMsg::Panic {} => trap(),
        ExecuteMsg::Burn {} => loop {
            deps.storage.set(b"burnt", b"gas");
        },
    }
}

/// A trap.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(_: Deps<'_>, _: Env, _: QueryMsg) -> Result<Binary> {
    trap()
}

#[allow(clippy::panic, reason = "it is what it is for")]
fn trap<T>() -> T {
    panic!("told to")
}

fn relayed(send: Vec<Relayed>) -> Response {
    let message =
        |Relayed { contract, msg }| WasmMsg::Execute { contract_addr: contract, msg, funds: vec![] };
    Response::new().add_messages(send.into_iter().map(message))
}
