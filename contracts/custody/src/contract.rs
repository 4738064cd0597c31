//! Entry points and dispatch, nothing else.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response};
use sdp_types::contract::nonpayable;
use sdp_types::custody::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, CONTRACT};
use sdp_types::{ownership, Result};

use crate::{configure, deposit, query, receive, sell, withdraw};

/// Version in cw2.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A new custody. `E0006` where there is no market.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(deps: DepsMut<'_>, _env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response> {
    nonpayable(&info)?;
    cw2::set_contract_version(deps.storage, CONTRACT, VERSION)?;
    configure::instantiate(deps, msg)
}

/// What anybody may send.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response> {
    if !matches!(msg, ExecuteMsg::Deposit { .. }) {
        nonpayable(&info)?;
    }
    match msg {
        ExecuteMsg::Deposit { beneficiary, account } => {
            deposit::of_coins(deps, &env, &info, beneficiary, account)
        }
        ExecuteMsg::Receive(hook) => receive::receive(deps, &env, &info, &hook),
        ExecuteMsg::Withdraw { account, token, amount, recipient } => {
            withdraw::withdraw(deps, &env, &info, account, (token, amount), recipient)
        }
        ExecuteMsg::Sell(id) => sell::sell(deps, &env, &info, id),
        ExecuteMsg::Redo(id) => sell::redo(deps, &env, &info, id),
        ExecuteMsg::Stop(id) => sell::stop(deps, &env, id),
        ExecuteMsg::Configure { change } => configure::configure(deps, &env, &info, change),
        ExecuteMsg::Enact { id } => configure::enact(deps, &env, id),
        ExecuteMsg::CancelChange { id } => configure::cancel(deps, &info, id),
        ExecuteMsg::UpdateOwnership(action) => {
            ownership::update(deps, env.block.time.seconds(), &info.sender, action)
        }
    }
}

/// One question.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> Result<Binary> {
    query::answer(deps, &env, msg)
}

/// From an older version of this contract only: `E0108`.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut<'_>, _env: Env, _msg: MigrateMsg) -> Result<Response> {
    sdp_types::contract::migrate(deps.storage, CONTRACT, VERSION)
}
