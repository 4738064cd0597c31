//! An LP, or whom he has made his minter, mints sdUSD against a position.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use sdp_types::contract::{movable, nonpayable};
use sdp_types::error::MinterError;
use sdp_types::events::{Minted, MinterSet};
use sdp_types::{ensure, Result, Usd};

use crate::token;
use sdp_book::mint::Plan;
use sdp_book::state;

/// [`sdp_types::pool::ExecuteMsg::Mint`].
pub fn mint(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    vault: u8,
    amount: Usd,
    recipient: Option<String>,
    owner: Option<String>,
) -> Result<Response> {
    nonpayable(info)?;
    let sender = &info.sender;
    let owner = &owner.map_or(Ok(sender.clone()), |owner| deps.api.addr_validate(&owner))?;
    let may =
        sender == owner || recipient.is_none() && state::is_minter(deps.storage, deps.api, owner, sender)?;
    ensure(may, || MinterError::NotMinter { owner: owner.to_string(), sender: sender.to_string() }.into())?;
    let recipient = recipient.map_or(Ok(owner.clone()), |to| deps.api.addr_validate(&to))?;

    let amount = movable(amount)?;
    let mut plan = Plan::load(deps.as_ref(), env, vault, owner)?;
    if let Some(told) = plan.synced.tripped_now() {
        return Ok(plan.synced.save(deps.storage)?.add_event(told));
    }
    plan.allows(amount)?;
    plan.apply(amount)?;

    let Plan { synced, position, .. } = plan;
    state::save_position(deps.storage, deps.api, vault, owner, &position)?;
    let message = token::mint(&synced.terms.sdusd, &recipient, amount)?;
    let told = Minted { vault, owner: owner.to_string(), amount, recipient: recipient.into() };
    Ok(synced.save(deps.storage)?.add_event(told).add_message(message))
}

/// [`sdp_types::pool::ExecuteMsg::SetMinter`].
pub fn set_minter(deps: DepsMut<'_>, info: &MessageInfo, minter: Option<String>) -> Result<Response> {
    nonpayable(info)?;
    let minter = minter.map(|minter| deps.api.addr_validate(&minter)).transpose()?;
    state::save_minter(deps.storage, deps.api, &info.sender, minter.as_ref())?;
    let minter = minter.map(String::from).unwrap_or_default();
    Ok(Response::new().add_event(MinterSet { owner: info.sender.to_string(), minter }))
}
