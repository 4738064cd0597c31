//! A market that the pool has come to list by itself needs no bond any more.

use cosmwasm_std::{DepsMut, Env, Response};

use sdp_types::events::BondedGraduated;
use sdp_types::{ensure, Error, Result, Usd};

use crate::desk::Desk;
use crate::state;

/// [`sdp_types::bonded::ExecuteMsg::Graduate`]. Not out of quarantine: there is a reason why nothing of it is believed. What it claims is in the
/// record that the pool reads by itself. What was drawn on the bond stays drawn on it: what comes first is the opener's loss, whoever approves
/// the market later, or whoever draws while that waits.
pub fn graduate(deps: DepsMut<'_>, env: &Env, market: &str) -> Result<Response> {
    let market = deps.api.addr_validate(market)?;
    let mut desk = Desk::load(deps.as_ref(), env)?;
    let place = desk.believed(deps.api, &market)?;
    let listed = desk.listing.market(deps.api, &market)?.is_some();
    ensure(listed, || Error::UnknownMarket { market: market.to_string() })?;

    let mut slot = desk.bonds.slots.remove(place);
    slot.claim = Usd::ZERO;
    let (refund, result, opener) = (slot.refund()?, slot.result()?, deps.api.addr_humanize(&slot.opener)?);
    let payment = desk.pays_back(&opener, refund)?;
    state::save_pushed(deps.storage, &slot.market, None)?;
    desk.save(deps.storage)?;
    let told = BondedGraduated { market: market.into(), opener: opener.into(), refund, result };
    Ok(Response::new().add_event(told).add_messages(payment))
}
