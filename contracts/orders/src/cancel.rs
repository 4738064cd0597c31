//! An owner takes orders back. The market is not asked: whatever becomes of it, what an order has reserved comes back.

use cosmwasm_std::{DepsMut, MessageInfo, Response};
use sdp_types::error::OrdersError;
use sdp_types::{ensure, Result};

use crate::arm::batch;
use crate::desk::{Desk, Outcome};
use crate::state;

/// [`sdp_types::orders::ExecuteMsg::Cancel`].
pub fn cancel(deps: DepsMut<'_>, info: &MessageInfo, ids: &[u64]) -> Result<Response> {
    batch(ids)?;
    let (storage, api) = (&*deps.storage, deps.api);
    let by = api.addr_canonicalize(info.sender.as_str())?;
    let mut desk = Desk::load(storage)?;
    let mut told = Vec::new();
    for id in ids.iter().copied() {
        // one that has gone with another one of them is gone
        let Some(order) = desk.may_order(storage, id)? else {
            let found = state::order(storage, id)?;
            ensure(found.is_some(), || OrdersError::UnknownConditional { id }.into())?;
            continue;
        };
        let sender = info.sender.to_string();
        ensure(order.account.owner == by.as_slice(), || {
            OrdersError::NotYourConditional { id, sender }.into()
        })?;
        // one that is committed has paid its fee, and is the market's
        let flight = desk.flight(storage, &order.account, order.perp)?;
        if let Some(flight) = flight.filter(|flight| flight.id == id) {
            return Err(OrdersError::CommitWaits { id, order: flight.number }.into());
        }
        told.extend(desk.end_with_exits(storage, api, (id, &order), &Outcome::Cancelled.into())?);
    }
    desk.save(deps.storage)?;
    Ok(Response::new().add_events(told))
}
