//! A market takes out what it owes to somebody: within its bond at once, beyond it what was announced.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use sdp_types::bonded::{Announced, Params, Slot};
use sdp_types::contract::movable;
use sdp_types::error::BondedError;
use sdp_types::events::{BondedDrawAnnounced, BondedDrawn};
use sdp_types::{ensure, Error, Ratio, Result, Usd};

use crate::desk::Desk;

/// [`sdp_types::bonded::ExecuteMsg::RequestDraw`].
pub fn announce(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, amount: Usd) -> Result<Response> {
    let mut desk = Desk::load(deps.as_ref(), env)?;
    let market = &info.sender;
    let place = desk.believed(deps.api, market)?;
    let (now, delay) = (desk.now, desk.params().draw_delay);
    let slot = desk.slot(place)?;
    let most = slot.at_risk();
    ensure(amount <= most, || above(amount, most))?;
    slot.announced = Announced::renewed(slot.announced, amount, delay, now);
    let ready_at = slot.announced.map_or(now, |announced| announced.since).saturating_add(delay);
    desk.save(deps.storage)?;
    Ok(Response::new().add_event(BondedDrawAnnounced { market: market.to_string(), amount, ready_at }))
}

fn above(amount: Usd, credit: Usd) -> Error {
    let cost = amount.signed().unwrap_or_default();
    BondedError::AboveCredit { cost, credit }.into()
}

/// [`sdp_types::bonded::ExecuteMsg::Draw`].
pub fn draw(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    amount: Usd,
    recipient: &str,
    accepted_haircut: Option<Ratio>,
) -> Result<Response> {
    let amount = movable(amount)?;
    let recipient = deps.api.addr_validate(recipient)?;
    let mut desk = Desk::load(deps.as_ref(), env)?;
    let market = &info.sender;
    let place = desk.place(deps.api, market)?;
    let resolved = desk.slot(place)?.quarantine.is_some_and(|quarantine| quarantine.resolved.is_some());
    if !resolved {
        desk.believed(deps.api, market)?;
    }
    let (now, params, fixed) = (desk.now, *desk.params(), resolved || desk.is_shut());
    if !fixed {
        let slot = desk.slot(place)?.clone();
        ensure(slot.closing.is_none(), || BondedError::MarketCloses { market: market.to_string() }.into())?;
        desk.is_fresh(&slot)?;
    }

    let slot = desk.slot(place)?;
    if fixed {
        // nothing can be pushed any more: what is drawn is no longer claimed
        let free = slot.claim;
        ensure(amount <= free, || Error::MarginLocked { asked: amount, free })?;
        slot.claim = free.minus(amount)?;
    }
    if !resolved {
        within_bond_or_announced(slot, amount, &params, now)?;
    }
    slot.paid_out = slot.paid_out.plus(amount)?;
    let (cost, credit) = (slot.cost()?, slot.credit);
    ensure(cost.positive_part() <= credit, || BondedError::AboveCredit { cost, credit }.into())?;

    let (messages, drawn) = desk.pay(deps.api, amount, &recipient, accepted_haircut)?;
    desk.save(deps.storage)?;
    let told = BondedDrawn { market: market.to_string(), amount, drawn, recipient: recipient.into() };
    Ok(Response::new().add_event(told).add_messages(messages))
}

/// Nobody takes more than his own money without that it was seen coming: what this draw takes beyond the bond was announced. `E1009`.
fn within_bond_or_announced(slot: &mut Slot, amount: Usd, params: &Params, now: u64) -> Result<()> {
    let after = slot.net_out()?.plus(amount.signed()?)?.positive_part();
    let beyond = after.saturating_minus(slot.bond).min(amount);
    if beyond.is_zero() {
        return Ok(());
    }
    let delay = params.draw_delay;
    let announced = slot.announced.unwrap_or(Announced { amount: Usd::ZERO, since: now });
    ensure(announced.allows(beyond, delay, now), || {
        let ready_at = announced.since.saturating_add(delay);
        BondedError::DrawNotAnnounced { beyond, announced: announced.amount, ready_at }.into()
    })?;
    let left = announced.amount.minus(beyond)?;
    slot.announced = (!left.is_zero()).then_some(Announced { amount: left, ..announced });
    Ok(())
}
