//! Anyone looks whether what a market pushed is what it shows, and values it again.

use cosmwasm_std::{Addr, DepsMut, Env, Response};

use sdp_types::bonded::Slot;
use sdp_types::error::BondedError;
use sdp_types::events::BondedMarked;
use sdp_types::{Result, Usd};

use crate::desk::Desk;
use crate::record::{self, Judged};
use crate::state;

/// [`sdp_types::bonded::ExecuteMsg::Mark`].
pub fn mark(deps: DepsMut<'_>, env: &Env, market: &str) -> Result<Response> {
    let market = &deps.api.addr_validate(market)?;
    let mut desk = Desk::load(deps.as_ref(), env)?;
    desk.runs()?;
    let place = desk.believed(deps.api, market)?;
    let slot = desk.slot(place)?.clone();

    let told = match judge(&deps, &desk, &slot, market)? {
        Ok(claim) => {
            let slot = desk.slot(place)?;
            slot.claim = claim;
            if !claim.is_zero() {
                // it must not owe anything while it closes: its claim would be void then
                slot.closing = None;
            }
            BondedMarked { market: market.to_string(), claim, cost: slot.cost()? }.into()
        }
        Err(why) => desk.quarantine(place, market, why)?,
    };
    desk.save(deps.storage)?;
    Ok(Response::new().add_event(told))
}

/// What it owes by its last record at prices of now, or why that can't be true. A market that has never pushed owes nothing.
fn judge(deps: &DepsMut<'_>, desk: &Desk, slot: &Slot, market: &Addr) -> Result<Judged<Usd>> {
    // one that closes has nothing more to say
    let (age, allowed) = (desk.now.saturating_sub(slot.pushed_at), desk.params().max_age);
    let silent = slot.closing.is_none() && age > allowed;
    let silence = silent.then_some(BondedError::RecordNotRenewed { age, allowed });
    let claim = match state::pushed(deps.storage, &slot.market)? {
        Some(pushed) => {
            if !record::is_shown(&record::shown(&deps.querier, market)?, &pushed) {
                return Ok(Err(BondedError::RecordNotAsPushed { market: market.to_string() }));
            }
            match record::value(&pushed, desk.now, || desk.board(deps.as_ref())) {
                Ok(Ok(value)) => record::claim(&value, slot)?,
                Ok(Err(why)) => Err(why),
                // a price that is missing is no excuse
                Err(error) => return silence.ok_or(error).map(Err),
            }
        }
        None => Ok(slot.claim),
    };
    Ok(match silence {
        Some(why) if claim.is_ok() => Err(why),
        _ => claim,
    })
}
