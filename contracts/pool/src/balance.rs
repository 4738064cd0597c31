//! A provider says at which collateral ratio he wants to be kept, and it is done in one message: by him, or by anybody for a fee.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use sdp_types::contract::nonpayable;
use sdp_types::events::{Balanced, BalancingSet};
use sdp_types::pool::Balancing;
use sdp_types::Result;

use crate::token;
use sdp_book::balance::{validate, Balance};
use sdp_book::state;

/// [`sdp_types::pool::ExecuteMsg::SetBalancing`].
pub fn set(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    vault: u8,
    balancing: Option<Balancing>,
) -> Result<Response> {
    nonpayable(info)?;
    let config = state::vault(deps.storage, vault)?;
    if let Some(balancing) = &balancing {
        validate(balancing, config.issuance_ratio)?;
    }
    state::save_balancing(deps.storage, vault, &info.sender, balancing.as_ref())?;
    let told = BalancingSet { vault, owner: info.sender.to_string(), on: balancing.is_some() };
    Ok(Response::new().add_event(told))
}

/// [`sdp_types::pool::ExecuteMsg::Balance`].
pub fn balance(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, vault: u8, owner: &str) -> Result<Response> {
    nonpayable(info)?;
    let (owner, keeper) = (deps.api.addr_validate(owner)?, &info.sender);
    let by_owner = *keeper == owner;
    let plan = Balance::of(deps.as_ref(), env, (vault, &owner), &env.contract.address, by_owner)?;
    let Balance { mut plan, burnt, minted, fee } = plan;

    let sdusd = plan.synced.terms.sdusd.clone();
    let mut messages = Vec::new();
    if !burnt.is_zero() {
        plan.repay(burnt)?;
        messages.push(token::burn_from(&sdusd, &owner, burnt)?);
        if !fee.is_zero() {
            messages.push(token::transfer_from(&sdusd, &owner, keeper, fee)?);
        }
    } else {
        if let Some(told) = plan.synced.tripped_now() {
            return Ok(plan.synced.save(deps.storage)?.add_event(told));
        }
        plan.allows(minted)?;
        plan.apply(minted)?;
        messages.push(token::mint(&sdusd, &owner, minted.minus(fee)?)?);
        if !fee.is_zero() {
            messages.push(token::mint(&sdusd, keeper, fee)?);
        }
    }

    state::save_position(deps.storage, deps.api, vault, &owner, &plan.position)?;
    let (owner, keeper) = (owner.to_string(), keeper.to_string());
    let told = Balanced { vault, owner, burnt, minted, fee, keeper };
    Ok(plan.synced.save(deps.storage)?.add_event(told).add_messages(messages))
}
