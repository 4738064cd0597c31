//! A position is brought to its target: by its owner, or by anybody for a fee.

use cosmwasm_std::{Deps, Env, MessageInfo, Response};
use sdp_types::events::Balanced;
use sdp_types::Result;

use crate::messages::Place;
use crate::plan::{Balance, Of};
use crate::state;

/// [`sdp_types::balancer::ExecuteMsg::Balance`]. It writes nothing of its own: all is in the messages, which succeed or fail together.
pub fn balance(deps: Deps<'_>, env: &Env, info: &MessageInfo, vault: u8, owner: &str) -> Result<Response> {
    let (owner, keeper) = (&deps.api.addr_validate(owner)?, &info.sender);
    let pool = &state::POOL.load(deps.storage)?;
    let Balance { plan, burnt, minted, fee, tripped } =
        Balance::of(deps, env, pool, Of { vault, owner }, keeper)?;

    let place = Place { pool, sdusd: &plan.synced.terms.sdusd, vault, owner };
    if let Some(told) = tripped {
        return Ok(Response::new().add_event(told).add_message(place.sync()?));
    }
    let mut messages =
        vec![if minted.is_zero() { place.burn_allowed(burnt)? } else { place.mint(minted)? }];
    if !fee.is_zero() {
        // after the mint: it may be all that the owner has
        messages.push(place.pay(keeper, fee)?);
    }

    let (owner, keeper) = (owner.to_string(), keeper.to_string());
    let told = Balanced { vault, owner, burnt, minted, fee, keeper };
    Ok(Response::new().add_event(told).add_messages(messages))
}
