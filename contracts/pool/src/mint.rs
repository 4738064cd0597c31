//! An LP mints sdUSD against a position.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use sdp_types::contract::{movable, nonpayable};
use sdp_types::events::Minted;
use sdp_types::{Result, Usd};

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
) -> Result<Response> {
    nonpayable(info)?;
    let owner = &info.sender;
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
