//! Entry points: dispatch only.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response};

use sdp_types::contract::nonpayable;
use sdp_types::ownership;
use sdp_types::spot::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, CONTRACT};
use sdp_types::Result;

use crate::{cancel, collect, configure, funding, query, receive, settle, shut_down, sweep};

/// Version in cw2.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A new contract of synthetics.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response> {
    nonpayable(&info)?;
    cw2::set_contract_version(deps.storage, CONTRACT, VERSION)?;
    configure::instantiate(deps, &env, msg)
}

/// What anybody may send.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response> {
    nonpayable(&info)?;
    match msg {
        ExecuteMsg::Receive(message) => receive::receive(deps, &env, &info, message),
        ExecuteMsg::Settle { synthetic, limit } => settle::settle(deps, &env, &info, synthetic, limit),
        ExecuteMsg::Cancel { synthetic, order } => cancel::cancel(deps, &env, &info, synthetic, order),
        ExecuteMsg::Collect { amount, recipient, accepted_haircut } => {
            collect::collect(deps, &env, &info, amount, (recipient, accepted_haircut))
        }
        ExecuteMsg::Sweep { synthetic } => sweep::sweep(deps, &env, synthetic),
        ExecuteMsg::Poke {} => funding::poke(deps, &env),
        ExecuteMsg::ShutDown {} => shut_down::by_anyone(deps, &env),
        ExecuteMsg::Configure { change } => configure::configure(deps, &env, &info, change),
        ExecuteMsg::Enact { id } => configure::enact(deps, &env, id),
        ExecuteMsg::CancelChange { id } => configure::cancel(deps, &info, id),
        ExecuteMsg::UpdateOwnership(action) => {
            ownership::update(deps, env.block.time.seconds(), &info.sender, action)
        }
    }
}

/// Answers.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> Result<Binary> {
    query::query(deps, &env, msg)
}

/// From an older version of this contract only.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut<'_>, _env: Env, _msg: MigrateMsg) -> Result<Response> {
    sdp_types::contract::migrate(deps.storage, CONTRACT, VERSION)
}
