//! What is above the book becomes insurance.

use cosmwasm_std::{DepsMut, Env, Response};

use sdp_types::events::SurplusSwept;
use sdp_types::{ensure, token, Amount, Error, Result, Usd};

use crate::desk::Desk;

/// `Sweep`, by anyone.
pub fn sweep(deps: DepsMut<'_>, env: &Env) -> Result<Response> {
    let mut desk = Desk::load(deps.as_ref(), env)?;
    let balance = token::balance(&deps.querier, desk.sdusd.as_str(), desk.own.to_string())?;
    let value = Usd::new(balance).saturating_minus(desk.bonds.held);
    ensure(!value.is_zero(), || Error::NothingToDo { what: "sweep".into() })?;
    desk.bonds.held = desk.bonds.held.plus(value)?;
    desk.bonds.fees = desk.bonds.fees.plus(value)?;
    desk.save(deps.storage)?;
    let (token, amount) = (desk.sdusd.to_string(), Amount::new(value.raw()));
    Ok(Response::new().add_event(SurplusSwept { token, amount, value }))
}
