//! The end of a bonded market: its opener gets back what is left of the bond, or insurance does.

use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response};

use sdp_types::bonded::Slot;
use sdp_types::error::BondedError;
use sdp_types::events::{BondedClosed, BondedCloses};
use sdp_types::exposure::Exposure;
use sdp_types::record::Record;
use sdp_types::{ensure, Error, Result, Usd};

use crate::desk::Desk;
use crate::push::owes_nothing;
use crate::{record, state};

/// [`sdp_types::bonded::ExecuteMsg::Close`].
pub fn close(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, market: &str) -> Result<Response> {
    let market = deps.api.addr_validate(market)?;
    let mut desk = Desk::load(deps.as_ref(), env)?;
    let place = desk.place(deps.api, &market)?;
    let slot = desk.slot(place)?.clone();
    let (now, wait) = (desk.now, desk.params().resolution_time);
    let after = |time: u64, seconds: u64| {
        let ready_at = time.saturating_add(seconds);
        ensure(now >= ready_at, || BondedError::CloseNotReady { ready_at, now }.into())
    };
    match (slot.quarantine.map(|quarantine| (quarantine.since, quarantine.resolved)), slot.closing) {
        (Some((since, None)), _) => {
            after(since, wait)?;
            end(deps, desk, place, &market, true)
        }
        (Some((_, Some(resolved))), _) => {
            if !slot.claim.is_zero() {
                after(resolved, wait)?;
            }
            end(deps, desk, place, &market, false)
        }
        (None, Some(closing)) => {
            after(closing, desk.params().close_delay)?;
            end(deps, desk, place, &market, false)
        }
        (None, None) => {
            let opener = deps.api.addr_humanize(&slot.opener)?;
            let (sender, expected) = (info.sender.to_string(), opener.to_string());
            ensure(info.sender == opener, || Error::WrongCaller { sender, expected })?;
            can_close(&deps, &desk, &slot, &market)?;
            desk.slot(place)?.closing = Some(now);
            desk.slot(place)?.announced = None;
            desk.save(deps.storage)?;
            let ready_at = now.saturating_add(desk.params().close_delay);
            Ok(Response::new().add_event(BondedCloses { market: market.into(), ready_at }))
        }
    }
}

/// Nothing is owed to anybody. `E1012`, and while the pool runs `E1010`, `E1028`.
fn can_close(deps: &DepsMut<'_>, desk: &Desk, slot: &Slot, market: &Addr) -> Result<()> {
    let (exposure, claim) = if desk.is_shut() {
        after_shutdown(deps, desk, slot, market)?
    } else {
        while_it_is_pushed(deps, desk, slot, market)?
    };
    let open_positions = exposure.open_positions;
    ensure(owes_nothing(&exposure, claim), || BondedError::MarketOwes { claim, open_positions }.into())
}

/// The record and the claim that count while the pool runs: what was pushed in these days and is still shown. `E1010`, `E1028`. Of a market that
/// has never pushed what it shows counts, if that is anything.
fn while_it_is_pushed(
    deps: &DepsMut<'_>,
    desk: &Desk,
    slot: &Slot,
    market: &Addr,
) -> Result<(Exposure, Usd)> {
    desk.is_fresh(slot)?;
    let shown = record::shown(&deps.querier, market)?;
    let exposure = match state::pushed(deps.storage, &slot.market)? {
        Some(pushed) => {
            let same = record::is_shown(&shown, &pushed);
            ensure(same, || BondedError::RecordNotAsPushed { market: market.to_string() }.into())?;
            pushed
        }
        None => exposure_in(&shown).unwrap_or_default(),
    };
    let claim = slot.claim.max(owed(&exposure, slot, desk.now)?);
    Ok((exposure, claim))
}

/// The record and the claim that count once the pool was shut down and nothing can be pushed any more: no record where nothing is left of the
/// claim, else what the market shows.
fn after_shutdown(deps: &DepsMut<'_>, desk: &Desk, slot: &Slot, market: &Addr) -> Result<(Exposure, Usd)> {
    if slot.claim.is_zero() {
        return Ok((Exposure::default(), Usd::ZERO));
    }
    match exposure_in(&record::shown(&deps.querier, market)?) {
        Some(exposure) => {
            let claim = owed(&exposure, slot, desk.now)?;
            Ok((exposure, claim))
        }
        None => Ok((Exposure::default(), slot.claim)),
    }
}

fn exposure_in(shown: &[u8]) -> Option<Exposure> {
    Exposure::decode_first(shown).ok().map(|(exposure, _)| exposure)
}

/// What a record owes, where that needs no price; else what the market has claimed.
fn owed(exposure: &Exposure, slot: &Slot, now: u64) -> Result<Usd> {
    match exposure.is_flat() {
        true => Ok(exposure.used(exposure.reported(now, |_, _| Ok(Default::default()))?)?.positive_part()),
        false => Ok(slot.claim),
    }
}

/// Its claim is void, its slot is free.
fn end(deps: DepsMut<'_>, mut desk: Desk, place: usize, market: &Addr, forfeits: bool) -> Result<Response> {
    let mut slot = desk.bonds.slots.remove(place);
    slot.claim = Usd::ZERO;
    let (left, result, opener) = (slot.refund()?, slot.result()?, deps.api.addr_humanize(&slot.opener)?);
    let (refund, forfeited) = if forfeits { (Usd::ZERO, left) } else { (left, Usd::ZERO) };
    let payment = desk.pays_back(&opener, refund)?;
    desk.bonds.fees = desk.bonds.fees.plus(forfeited)?;
    state::save_pushed(deps.storage, &slot.market, None)?;
    desk.save(deps.storage)?;
    let (market, opener) = (market.to_string(), opener.into());
    let told = BondedClosed { market, opener, refund, forfeited, result };
    Ok(Response::new().add_event(told).add_messages(payment))
}
