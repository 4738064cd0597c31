//! Entry points and dispatch, nothing else.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use sdp_types::contract::nonpayable;
use sdp_types::ownership;
use sdp_types::pool::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, CONTRACT};
use sdp_types::Result;

use crate::{
    add_yield, audit, burn, ceiling, claim, configure, deposit, draw, exit, hand_over, mint, query,
    redeem_notes, seize, setup, shut_down, sweep, trip,
};
use sdp_book::sync::Synced;

/// Begins a pool.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response> {
    setup::instantiate(deps, &env, &info, msg)
}

/// One message.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response> {
    let (env, info) = (&env, &info);
    match msg {
        ExecuteMsg::Deposit { beneficiary } => deposit::deposit(deps, env, info, beneficiary),
        ExecuteMsg::AddYield {} => add_yield::add_yield(deps, env, info),
        ExecuteMsg::OfferPosition { vault, to, amount } => hand_over::offer(deps, info, vault, to, amount),
        ExecuteMsg::AcceptPosition { vault, owner } => hand_over::accept(deps, env, info, vault, &owner),
        ExecuteMsg::Receive(hook) => burn::receive(deps, env, info, hook),
        ExecuteMsg::Mint { vault, amount, recipient, owner } => {
            mint::mint(deps, env, info, vault, amount, recipient, owner)
        }
        ExecuteMsg::SetMinter { minter } => mint::set_minter(deps, info, minter),
        ExecuteMsg::RequestExit { vault, amount, accepted_haircut } => {
            exit::request(deps, env, info, vault, amount, accepted_haircut)
        }
        ExecuteMsg::CancelExit { vault } => exit::cancel(deps, env, info, vault),
        ExecuteMsg::ExecuteExit { vault, owner } => exit::execute(deps, env, info, vault, &owner),
        ExecuteMsg::Sync {} => {
            nonpayable(info)?;
            Synced::load(deps.as_ref(), env)?.save(deps.storage)
        }
        ExecuteMsg::Sweep {} => sweep::sweep(deps, env, info),
        ExecuteMsg::Draw { amount, recipient, accepted_haircut } => {
            draw::draw(deps, env, info, amount, &recipient, accepted_haircut)
        }
        ExecuteMsg::Seize { vault, owner, room, dust } => {
            seize::seize(deps, env, info, vault, &owner, room, dust)
        }
        ExecuteMsg::RedeemNotes { notes, least, recipient } => {
            redeem_notes::redeem_notes(deps, env, info, notes, least, &recipient)
        }
        ExecuteMsg::ShutDown {} => shut_down::by_anyone(deps, env, info),
        ExecuteMsg::WriteOff { vault, owner } => shut_down::write_off(deps, env, info, vault, &owner),
        ExecuteMsg::FixClaims {} => shut_down::fix_claims(deps, env, info),
        ExecuteMsg::ClaimCollateral { vault, owner } => {
            claim::claim_collateral(deps, env, info, vault, &owner)
        }
        ExecuteMsg::Collect { vault } => claim::collect(deps, env, info, vault),
        ExecuteMsg::AdjustCeiling { of } => ceiling::adjust(deps, env, info, &of),
        ExecuteMsg::AdjustDepth {} => ceiling::adjust_depth(deps, env, info),
        ExecuteMsg::Trip { market, regime } => trip::trip(deps, env, info, market, regime),
        ExecuteMsg::Reset { market } => trip::reset(deps, env, info, market),
        ExecuteMsg::Open {} => configure::open(deps, info),
        ExecuteMsg::Configure { change } => configure::configure(deps, env, info, change),
        ExecuteMsg::Enact { id } => configure::enact(deps, env, info, id),
        ExecuteMsg::CancelChange { id } => configure::cancel(deps, env, info, id),
        ExecuteMsg::UpdateOwnership(action) => {
            nonpayable(info)?;
            ownership::update(deps, env.block.time.seconds(), &info.sender, action)
        }
    }
}

/// One question.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> Result<Binary> {
    let env = &env;
    let answer = match msg {
        QueryMsg::Config {} => to_json_binary(&query::config(deps)?),
        QueryMsg::Vaults {} => to_json_binary(&query::vaults(deps, env)?),
        QueryMsg::Position { vault, owner } => to_json_binary(&query::position(deps, env, vault, &owner)?),
        QueryMsg::Positions { vault, start_after, limit } => {
            to_json_binary(&query::positions(deps, env, vault, start_after.as_deref(), limit)?)
        }
        QueryMsg::Audit {} => to_json_binary(&audit::audit(deps, env)?),
        QueryMsg::Changes {} => to_json_binary(&sdp_book::state::CHANGES.pending(deps.storage)?),
        QueryMsg::Ownership {} => to_json_binary(&ownership::shown(deps.storage)?),
    };
    Ok(answer?)
}

/// From an older version of this contract only: `E0108`.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut<'_>, _env: Env, _msg: MigrateMsg) -> Result<Response> {
    sdp_types::contract::migrate(deps.storage, CONTRACT, setup::VERSION)
}
