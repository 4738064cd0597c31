//! Entry points and dispatch, nothing else.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response};
use sdp_book::remote::Remote;
use sdp_book::sync::Synced;
use sdp_types::balancer::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, CONTRACT};
use sdp_types::contract::nonpayable;
use sdp_types::Result;

use crate::{balance, query, receive, set, state};

/// Version in cw2.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A new balancer. `E0006` where there is no pool.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response> {
    nonpayable(&info)?;
    let pool = deps.api.addr_validate(&msg.pool)?;
    let there = Remote::new(&deps.as_ref(), &pool);
    Synced::load(there.deps(&deps.as_ref()), &env)?;
    cw2::set_contract_version(deps.storage, CONTRACT, VERSION)?;
    state::POOL.save(deps.storage, &pool)?;
    Ok(Response::new())
}

/// What anybody may send.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response> {
    nonpayable(&info)?;
    match msg {
        ExecuteMsg::Set { vault, rule } => set::set(deps, &info, vault, rule),
        ExecuteMsg::Balance { vault, owner } => balance::balance(deps.as_ref(), &env, &info, vault, &owner),
        ExecuteMsg::Receive(hook) => receive::receive(deps.as_ref(), &env, &info, hook),
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
