//! A market that the pool has come to list by itself needs no bond any more.

use cosmwasm_std::{DepsMut, Env, Response};

use sdp_types::events::BondedGraduated;
use sdp_types::{ensure, Error, Result};

use crate::desk::Desk;
use crate::state;

/// [`sdp_types::bonded::ExecuteMsg::Graduate`]. Not out of quarantine: there is a reason why nothing of it is believed. What it has cost or
/// brought stays the providers'; what it drew on its bond they pay, because the owner has vouched for it.
pub fn graduate(deps: DepsMut<'_>, env: &Env, market: &str) -> Result<Response> {
    let market = deps.api.addr_validate(market)?;
    let mut desk = Desk::load(deps.as_ref(), env)?;
    let place = desk.believed(deps.api, &market)?;
    let listed = desk.listing.market(deps.api, &market)?.is_some();
    ensure(listed, || Error::UnknownMarket { market: market.to_string() })?;

    let slot = desk.bonds.slots.remove(place);
    let (bond, opener) = (slot.bond, deps.api.addr_humanize(&slot.opener)?);
    let (messages, drawn) = desk.pay(deps.api, bond, &opener, None)?;
    state::save_pushed(deps.storage, &slot.market, None)?;
    desk.save(deps.storage)?;
    let told = BondedGraduated { market: market.into(), opener: opener.into(), bond, drawn };
    Ok(Response::new().add_event(told).add_messages(messages))
}
