//! What people do with regimes: the guardian and the owner trip, the owner resets.

use cosmwasm_std::{Deps, DepsMut, Env, MessageInfo, Response};
use sdp_types::contract::nonpayable;
use sdp_types::governance::{authority, only_owner};
use sdp_types::regime::{hold, reset as reset_trip, Regime};
use sdp_types::units::DAY;
use sdp_types::{ensure, Error, Result};

use sdp_book::sync::Synced;
use sdp_book::watch::Scope;

/// [`sdp_types::pool::ExecuteMsg::Trip`].
pub fn trip(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    market: Option<String>,
    regime: Regime,
) -> Result<Response> {
    nonpayable(info)?;
    let mut synced = Synced::load(deps.as_ref(), env)?;
    authority(deps.storage, &info.sender, synced.terms.guardian.as_ref())?;
    synced.runs()?;
    let stricter = regime > Regime::Normal && regime <= Regime::Emergency;
    ensure(stricter, || Error::out_of_range("regime", regime, Regime::Caution, Regime::Emergency))?;
    let scope = scope(deps.as_ref(), &synced, market)?;
    let seconds = synced.terms.params.breakers.map_or(DAY, |breakers| breakers.hold.into());
    let now = synced.now;
    synced.change(scope, |trip| hold(trip, regime, now, seconds));
    synced.save(deps.storage)
}

/// [`sdp_types::pool::ExecuteMsg::Reset`]. `E0322` where the regime is the normal one.
pub fn reset(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, market: Option<String>) -> Result<Response> {
    nonpayable(info)?;
    only_owner(deps.storage, &info.sender)?;
    let mut synced = Synced::load(deps.as_ref(), env)?;
    synced.runs()?;
    let scope = scope(deps.as_ref(), &synced, market)?;
    let changed = synced.change(scope, reset_trip);
    ensure(changed, || Error::NothingToDo { what: "reset".into() })?;
    synced.save(deps.storage)
}

fn scope(deps: Deps<'_>, synced: &Synced, market: Option<String>) -> Result<Scope> {
    let Some(market) = market else { return Ok(Scope::Pool) };
    let place = synced.listing.market(deps.api, &deps.api.addr_validate(&market)?)?;
    place.map(Scope::Market).ok_or_else(|| Error::NotFound { what: "market".into(), key: market })
}
