//! Entry points: they only dispatch.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response};
use sdp_types::contract::nonpayable;
use sdp_types::oracle::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, CONTRACT};
use sdp_types::ownership;
use sdp_types::Result;

use crate::{configure, measure, publish, pull, query, trip};

/// Version in cw2.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A new oracle.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(deps: DepsMut<'_>, _env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response> {
    nonpayable(&info)?;
    crate::instantiate::instantiate(deps, &msg)
}

/// Whatever anybody sends.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response> {
    nonpayable(&info)?;
    let (now, sender) = (env.block.time.seconds(), info.sender);
    match msg {
        ExecuteMsg::Publish { prices } => publish::publish(deps, now, &sender, &prices),
        ExecuteMsg::Pull { feeds } => pull::pull(deps, now, &feeds),
        ExecuteMsg::Sample {} => measure::sample_now(deps.storage, now),
        ExecuteMsg::Trip { feed, regime } => trip::trip(deps, now, &sender, feed, regime),
        ExecuteMsg::Reset { feed } => trip::reset(deps, &sender, feed),
        ExecuteMsg::Configure { change } => configure::configure(deps, now, &sender, change),
        ExecuteMsg::Enact { id } => configure::enact(deps, now, id),
        ExecuteMsg::CancelChange { id } => configure::cancel(deps, &sender, id),
        ExecuteMsg::UpdateOwnership(action) => ownership::update(deps, now, &sender, action),
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
