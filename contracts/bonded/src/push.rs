//! A market tells what it owes.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use sdp_types::events::BondedMarked;
use sdp_types::exposure::Exposure;
use sdp_types::{Result, Usd};

use crate::desk::Desk;
use crate::record::{self, Judged};
use crate::state;

/// [`sdp_types::bonded::ExecuteMsg::Push`]. What can't be true is kept as a quarantine, and so a success.
pub fn push(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, bytes: &[u8]) -> Result<Response> {
    let mut desk = Desk::load(deps.as_ref(), env)?;
    desk.runs()?;
    let market = &info.sender;
    let place = desk.believed(deps.api, market)?;

    let judged = judge(&deps, &mut desk, place, bytes)?;
    let told = match judged {
        Ok((exposure, claim)) => {
            let now = desk.now;
            let slot = desk.slot(place)?;
            slot.claim = claim;
            slot.as_of = exposure.as_of;
            slot.fees = exposure.fees;
            slot.pushed_at = now;
            if !owes_nothing(&exposure, claim) {
                slot.closing = None;
            }
            let cost = slot.cost()?;
            state::save_pushed(deps.storage, &slot.market, Some(exposure))?;
            BondedMarked { market: market.to_string(), claim, cost }.into()
        }
        Err(why) => desk.quarantine(place, market, why)?,
    };
    desk.save(deps.storage)?;
    Ok(Response::new().add_event(told))
}

/// The record and its claim, or why it can't be true.
fn judge(deps: &DepsMut<'_>, desk: &mut Desk, place: usize, bytes: &[u8]) -> Result<Judged<(Exposure, Usd)>> {
    let slot = desk.slot(place)?.clone();
    let read = record::read(bytes)
        .and_then(|exposure| record::follows(&exposure, &slot, desk.now).map(|()| exposure));
    let exposure = match read {
        Ok(exposure) => exposure,
        Err(why) => return Ok(Err(why)),
    };
    match record::value(&exposure, desk.now, || desk.board(deps.as_ref()))? {
        Ok(value) => Ok(record::claim(&value, &slot)?.map(|claim| (exposure, claim))),
        Err(why) => Ok(Err(why)),
    }
}

/// Whether a market with this record can be closed.
pub fn owes_nothing(exposure: &Exposure, claim: Usd) -> bool {
    claim.is_zero() && exposure.is_flat() && exposure.open_positions == 0
}
