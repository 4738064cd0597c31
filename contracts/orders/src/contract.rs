//! Entry points and dispatch, nothing else.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response};
use sdp_book::remote::Remote;
use sdp_types::contract::nonpayable;
use sdp_types::orders::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, CONTRACT};
use sdp_types::{Error, Result};

use crate::bracket::Bracket;
use crate::state::Config;
use crate::tend::How;
use crate::{arm, bracket, cancel, place, query, receive, state, withdraw};

/// Version in cw2.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A new contract of conditional orders. `E0006` where there is no market.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(deps: DepsMut<'_>, _env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response> {
    nonpayable(&info)?;
    msg.params.validate()?;
    let market = deps.api.addr_validate(&msg.market)?;
    let terms = sdp_perps::state::terms(&Remote::new(&deps.as_ref(), &market))?;
    let sdusd = deps.api.addr_humanize(&terms.sdusd)?;
    cw2::set_contract_version(deps.storage, CONTRACT, VERSION)?;
    state::save_config(deps.storage, &Config { market, sdusd, params: msg.params })?;
    Ok(Response::new())
}

/// What anybody may send.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response> {
    nonpayable(&info)?;
    match msg {
        ExecuteMsg::Place { account, orders, linked } => {
            place::place(deps, &env, &info, account, &orders, linked)
        }
        ExecuteMsg::Bracket {
            account,
            perp,
            size,
            entry,
            stop,
            target,
            entry_good_till,
            good_till,
            keeper_fee,
        } => {
            let good_till = (entry_good_till, good_till);
            let asked = Bracket { perp, size, entry, stop, target, good_till, keeper_fee };
            bracket::bracket(deps, &env, &info, account, &asked)
        }
        ExecuteMsg::Cancel { ids } => cancel::cancel(deps, &env, &info, &ids),
        ExecuteMsg::Arm { ids } => arm::tend(deps, &env, &info, &ids, How::Arm),
        ExecuteMsg::Sweep { ids } => arm::tend(deps, &env, &info, &ids, How::Sweep),
        ExecuteMsg::Withdraw { amount, recipient } => withdraw::withdraw(deps, &info, amount, recipient),
        ExecuteMsg::Receive(hook) => receive::receive(deps, &info, hook),
    }
}

/// A commit that has failed.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut<'_>, _env: Env, reply: Reply) -> Result<Response> {
    match reply.id {
        arm::COMMITTED => arm::failed(deps, &reply),
        other => Err(Error::NotFound { what: "reply".into(), key: other.to_string() }),
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
