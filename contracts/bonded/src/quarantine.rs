//! A market that is not believed any more, by order; and what the owner says that it is owed.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use sdp_types::error::BondedError;
use sdp_types::events::BondedResolved;
use sdp_types::governance::{authority, only_owner};
use sdp_types::{ensure, Result, Usd};

use crate::desk::Desk;
use crate::state::GUARDIAN;

/// [`sdp_types::bonded::ExecuteMsg::Quarantine`].
pub fn order(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, market: &str) -> Result<Response> {
    authority(deps.storage, &info.sender, GUARDIAN.load(deps.storage)?.as_ref())?;
    let market = deps.api.addr_validate(market)?;
    let mut desk = Desk::load(deps.as_ref(), env)?;
    let place = desk.believed(deps.api, &market)?;
    let why = BondedError::QuarantineOrdered { by: info.sender.to_string() };
    let told = desk.quarantine(place, &market, why)?;
    desk.save(deps.storage)?;
    Ok(Response::new().add_event(told))
}

/// [`sdp_types::bonded::ExecuteMsg::Resolve`].
pub fn resolve(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    market: &str,
    claim: Usd,
) -> Result<Response> {
    only_owner(deps.storage, &info.sender)?;
    let market = deps.api.addr_validate(market)?;
    let mut desk = Desk::load(deps.as_ref(), env)?;
    let (place, now) = (desk.place(deps.api, &market)?, desk.now);
    let slot = desk.slot(place)?;
    let open = slot.quarantine.as_mut().filter(|quarantine| quarantine.resolved.is_none());
    let quarantine = open.ok_or(BondedError::NotInQuarantine { market: market.to_string() })?;
    quarantine.resolved = Some(now);
    slot.claim = claim;
    let (cost, credit) = (slot.cost()?, slot.credit);
    let within = claim <= credit && cost.positive_part() <= credit;
    ensure(within, || BondedError::AboveCredit { cost, credit }.into())?;
    desk.save(deps.storage)?;
    Ok(Response::new().add_event(BondedResolved { market: market.into(), claim }))
}
