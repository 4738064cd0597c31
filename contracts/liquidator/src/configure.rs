//! Owner and guardian change the parameters.

use cosmwasm_std::{Addr, Api, DepsMut, Response, Storage};
use sdp_types::contract::address;
use sdp_types::governance::{self, authority, Submitted};
use sdp_types::liquidator::{Change, NoteParams, Params};
use sdp_types::{ensure, Error, Result};

use crate::params::{validate_hole, validate_limits, validate_notes, validate_params, vault_number};
use crate::state::{self, CHANGES, GUARDIAN, NOTE_PARAMS, PARAMS};

pub fn configure(deps: DepsMut<'_>, now: u64, sender: &Addr, change: Change) -> Result<Response> {
    let guardian = GUARDIAN.load(deps.storage)?;
    let authority = authority(deps.storage, sender, guardian.as_ref())?;
    let params = PARAMS.load(deps.storage)?;
    validate(deps.storage, deps.api, &params, &change)?;

    let ready_at = now.saturating_add(params.change_delay);
    let tightens = tightens(deps.storage, &params, &change)?;
    match CHANGES.submit(deps.storage, authority, change.clone(), tightens, ready_at)? {
        Submitted::Now(change) => apply(deps, &change),
        Submitted::Later(queued) => Ok(Response::new().add_event(governance::queued(&queued)?)),
    }
}

pub fn enact(deps: DepsMut<'_>, now: u64, id: u64) -> Result<Response> {
    let change = CHANGES.enact(deps.storage, id, now)?;
    // other changes may have come before it
    validate(deps.storage, deps.api, &PARAMS.load(deps.storage)?, &change)?;
    apply(deps, &change)
}

pub fn cancel(deps: DepsMut<'_>, sender: &Addr, id: u64) -> Result<Response> {
    Ok(Response::new().add_event(CHANGES.take_back(deps.storage, sender, id)?))
}

fn apply(deps: DepsMut<'_>, change: &Change) -> Result<Response> {
    match change {
        Change::Params { params } => PARAMS.save(deps.storage, params)?,
        Change::Auction { vault, params } => state::save_auction_params(deps.storage, *vault, params)?,
        Change::Notes { notes } => NOTE_PARAMS.save(deps.storage, notes)?,
        Change::Limits { vault, limits } => state::save_limits(deps.storage, *vault, limits)?,
        Change::SetGuardian { guardian } => {
            GUARDIAN.save(deps.storage, &address(deps.api, guardian.as_deref())?)?;
        }
    }
    Ok(Response::new().add_event(governance::applied(change)?))
}

fn tightens(storage: &dyn Storage, now: &Params, change: &Change) -> Result<bool> {
    Ok(match change {
        Change::Params { params } => {
            params.stop_level >= now.stop_level
                && params.hole <= now.hole
                && params.withdrawal_delay >= now.withdrawal_delay
                && params.withdrawal_window <= now.withdrawal_window
                && params.change_delay >= now.change_delay
        }
        Change::Notes { notes } => {
            let now = NOTE_PARAMS.load(storage)?;
            notes.ceiling <= now.ceiling && NoteParams { ceiling: now.ceiling, ..*notes } == now
        }
        Change::Limits { vault, limits } => {
            let now = state::limits(storage, *vault)?;
            limits.hole <= now.hole && limits.discount <= now.discount && limits.daily <= now.daily
        }
        Change::Auction { .. } | Change::SetGuardian { .. } => false,
    })
}

fn validate(storage: &dyn Storage, api: &dyn Api, now: &Params, change: &Change) -> Result<()> {
    match change {
        Change::Params { params } => {
            validate_params(params)?;
            validate_hole(params, &state::all_auction_params(storage)?)
        }
        Change::Auction { vault, params } => {
            let next = state::all_auction_params(storage)?.len();
            let place = usize::from(*vault);
            ensure(place <= next, || Error::out_of_range("vault", place, 0, next))?;
            vault_number(place)?;
            params.validate()?;
            validate_hole(now, &[*params])?;
            validate_limits(&state::limits(storage, *vault)?, params)
        }
        Change::Notes { notes } => validate_notes(notes),
        Change::Limits { vault, limits } => validate_limits(limits, &state::auction_params(storage, *vault)?),
        Change::SetGuardian { guardian } => {
            address(api, guardian.as_deref())?;
            Ok(())
        }
    }
}
