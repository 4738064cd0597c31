//! Entry points: they only dispatch.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response};
use sdp_types::contract::nonpayable;
use sdp_types::liquidator::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, CONTRACT};
use sdp_types::ownership;
use sdp_types::{Error, Result};

use crate::{
    claim, configure, flag, flash_take, liquidate_accounts, liquidate_position, note_auctions, query,
    receive, redo, withdraw,
};

/// Version in cw2.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A new liquidator.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response> {
    nonpayable(&info)?;
    crate::instantiate::instantiate(deps, &env, msg)
}

/// Whatever anybody sends.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response> {
    nonpayable(&info)?;
    let (now, sender) = (env.block.time.seconds(), info.sender);
    match msg {
        ExecuteMsg::Receive(hook) => receive::receive(deps, now, &sender, &hook),
        ExecuteMsg::LiquidatePosition { vault, owner } => {
            liquidate_position::seize(deps.as_ref(), now, sender, vault, owner)
        }
        ExecuteMsg::LiquidateAccounts { market, accounts } => {
            liquidate_accounts::liquidate(deps.as_ref(), sender, market, accounts)
        }
        ExecuteMsg::Redo { auction } => redo::redo(deps, now, sender, auction),
        ExecuteMsg::FlashTake { auction, amount, max_price, callee, msg } => {
            let order = flash_take::Order { auction, amount, max_price, callee, msg };
            flash_take::start(deps, now, sender, order)
        }
        ExecuteMsg::Claim { vault, recipient } => claim::claim(deps, &sender, vault, recipient),
        ExecuteMsg::RequestWithdrawal { amount } => withdraw::request(deps, now, &sender, amount),
        ExecuteMsg::Withdraw {} => withdraw::withdraw(deps, now, &sender),
        ExecuteMsg::Flag { vault, owner } => flag::flag(deps, now, vault, owner),
        ExecuteMsg::StartNoteAuction {} => note_auctions::start(deps, now),
        ExecuteMsg::RestartNoteAuction { auction } => note_auctions::restart(deps, now, auction),
        ExecuteMsg::SettleNoteAuction { auction } => note_auctions::settle(deps, now, auction),
        ExecuteMsg::Configure { change } => configure::configure(deps, now, &sender, change),
        ExecuteMsg::Enact { id } => configure::enact(deps, now, id),
        ExecuteMsg::CancelChange { id } => configure::cancel(deps, &sender, id),
        ExecuteMsg::UpdateOwnership(action) => ownership::update(deps, now, &sender, action),
    }
}

/// What the pool answered, or that a callee has returned.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut<'_>, env: Env, reply: Reply) -> Result<Response> {
    match reply.id {
        liquidate_position::SEIZED => liquidate_position::start(deps, env.block.time.seconds(), reply),
        flash_take::CALLED => flash_take::finish(deps),
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
