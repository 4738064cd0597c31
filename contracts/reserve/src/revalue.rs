//! A token is valued again.

use cosmwasm_std::{DepsMut, Env, Response};
use sdp_types::{ensure, Error, Result};

use crate::desk::Desk;
use crate::messages;

/// `Revalue`, by anyone. The pool books it at once: nobody should leave another way before it has.
pub fn revalue(deps: DepsMut<'_>, env: &Env, token: u8) -> Result<Response> {
    let mut desk = Desk::load(deps.as_ref(), env)?;
    // what the estate counts on stays
    ensure(!desk.is_shut(), || Error::PoolShutDown {})?;
    let (config, _) = desk.token(token)?;
    let quote = desk.quote(&desk.board(deps.as_ref())?, &config)?;
    let revalued = desk.revalue(token, &config, quote.price)?;
    let told = revalued.ok_or_else(|| Error::NothingToDo { what: "revalue".into() })?;
    let sync = messages::sync(&desk.pool)?;

    desk.save(deps.storage)?;
    Ok(Response::new().add_event(told).add_message(sync))
}
