//! An owner takes orders back. The market is asked for nothing but what became of commits: whatever its state, what an order has reserved comes
//! back.

use cosmwasm_std::{Deps, DepsMut, Env, Event, MessageInfo, Response};
use sdp_book::remote::Remote;
use sdp_types::error::OrdersError;
use sdp_types::{ensure, Result};

use crate::arm::batch;
use crate::desk::{Desk, Outcome};
use crate::state;
use crate::tend::Tending;

/// [`sdp_types::orders::ExecuteMsg::Cancel`].
pub fn cancel(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, ids: &[u64]) -> Result<Response> {
    batch(ids)?;
    let (storage, api) = (&*deps.storage, deps.api);
    let by = api.addr_canonicalize(info.sender.as_str())?.to_vec();
    let (mut desk, mut told) = landed(deps.as_ref(), env, info, (ids, &by))?;
    for id in ids.iter().copied() {
        // one that has gone meanwhile, or with another one of them, is gone
        let order = match desk.may_order(storage, id)? {
            Some(order) => order,
            None if state::order(storage, id)?.is_some() => continue,
            None => return Err(OrdersError::UnknownConditional { id }.into()),
        };
        let sender = info.sender.to_string();
        ensure(order.account.owner == by, || OrdersError::NotYourConditional { id, sender }.into())?;
        if let Some(flight) = desk.flight_of(storage, id, &order)? {
            return Err(OrdersError::CommitWaits { id, order: flight.number }.into());
        }
        told.extend(desk.end_with_exits(storage, api, (id, &order), &Outcome::Cancelled.into())?);
    }
    desk.save(deps.storage)?;
    Ok(Response::new().add_events(told))
}

/// Of the sender's that were committed it is seen what has become of them.
fn landed(
    deps: Deps<'_>,
    env: &Env,
    info: &MessageInfo,
    (ids, by): (&[u64], &[u8]),
) -> Result<(Desk, Vec<Event>)> {
    let mut desk = Desk::load(deps.storage)?;
    let mut committed = Vec::new();
    for id in ids {
        let Some(order) = desk.may_order(deps.storage, *id)? else { continue };
        if order.account.owner == by && desk.flight_of(deps.storage, *id, &order)?.is_some() {
            committed.push(order);
        }
    }
    if committed.is_empty() {
        return Ok((desk, Vec::new()));
    }
    let config = state::config(deps.storage)?;
    let there = Remote::new(&deps, &config.market);
    let mut tending = Tending::load(deps, env, (&config, &there), &info.sender)?;
    let mut told = Vec::new();
    for order in committed {
        told.extend(tending.land(&order.account, order.perp)?);
    }
    Ok((tending.desk, told))
}
