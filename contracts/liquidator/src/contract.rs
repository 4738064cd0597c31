//! Entry points: they only dispatch.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response};
use sdp_types::contract::nonpayable;
use sdp_types::governance;
use sdp_types::liquidator::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, CONTRACT};
use sdp_types::{Error, Result};

use crate::{configure, liquidate_accounts, liquidate_position, query, redo, take};

/// Version in cw2.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A new liquidator.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(deps: DepsMut<'_>, _env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response> {
    nonpayable(&info)?;
    crate::instantiate::instantiate(deps, msg)
}

/// Whatever anybody sends.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response> {
    nonpayable(&info)?;
    let (now, sender) = (env.block.time.seconds(), info.sender);
    match msg {
        ExecuteMsg::Receive(hook) => take::receive(deps, now, &sender, &hook),
        ExecuteMsg::LiquidatePosition { vault, owner } => {
            liquidate_position::seize(deps.as_ref(), sender, vault, owner)
        }
        ExecuteMsg::LiquidateAccounts { market, accounts } => {
            liquidate_accounts::liquidate(deps.as_ref(), sender, market, accounts)
        }
        ExecuteMsg::Redo { auction } => redo::redo(deps, now, sender, auction),
        ExecuteMsg::Configure { change } => configure::configure(deps, now, &sender, change),
        ExecuteMsg::Enact { id } => configure::enact(deps, now, id),
        ExecuteMsg::CancelChange { id } => configure::cancel(deps, &sender, id),
        ExecuteMsg::UpdateOwnership(action) => governance::transfer(deps, &env.block, &sender, action),
    }
}

/// What the pool answered.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut<'_>, env: Env, reply: Reply) -> Result<Response> {
    match reply.id {
        liquidate_position::SEIZED => liquidate_position::start(deps, env.block.time.seconds(), reply),
        other => Err(Error::NotFound { what: "reply".into(), key: other.to_string() }),
    }
}

/// Whatever anybody asks.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> Result<Binary> {
    query::answer(deps, env.block.time.seconds(), msg)
}

/// From an older version of the same contract.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut<'_>, _env: Env, _msg: MigrateMsg) -> Result<Response> {
    sdp_types::contract::migrate(deps.storage, CONTRACT, VERSION)
}
