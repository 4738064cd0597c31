//! Levana 2023: an order fills at a price that was known before it was sent.

use anyhow::Result;
use cosmwasm_std::{from_json, DepsMut, Env, MessageInfo, Response};
use sdp_perps::books::Books;
use sdp_perps::prices::Outside;
use sdp_perps::state;
use sdp_types::board::Slot;
use sdp_types::market::ExecuteMsg;

use super::{Alters, Inner};

/// Takes away that an order is bound to an interval that begins later. After each commit the order is bound to the last interval that
/// has a price by then, which is what Levana had: a trade at the price that the contract knew, when its sender knew a newer one.
/// Everything else of the order stays, the last interval that it may fill at too.
pub struct OrdersAtLastPrice;

impl Alters for OrdersAtLastPrice {
    fn execute(
        &self,
        inner: &Inner,
        mut deps: DepsMut<'_>,
        env: Env,
        info: MessageInfo,
        msg: Vec<u8>,
    ) -> Result<Response> {
        let committed = from_json::<ExecuteMsg>(&msg);
        let response = inner.execute(deps.branch(), env.clone(), info, msg)?;
        if let Ok(ExecuteMsg::Commit { perp, .. }) = committed {
            rebind(deps, &env, perp)?;
        }
        Ok(response)
    }
}

fn rebind(deps: DepsMut<'_>, env: &Env, perp: u16) -> Result<()> {
    let terms = state::terms(deps.storage)?;
    let outside = Outside::read(deps.as_ref(), env, terms.home())?;
    let before = Books::load(deps.storage, &terms)?;
    let mut books = before.clone();
    let number = books.queue(perp)?.next().saturating_sub(1);
    let (feed, geometry) = (books.feed(perp)?, outside.board.intervals);
    let mut interval = geometry.of(outside.now);
    while geometry.keeps(interval, outside.now) {
        if Slot::of(&deps.querier, &outside.oracle, &geometry, interval)?.quote(feed).is_some() {
            break;
        }
        interval = interval.saturating_sub(1);
    }
    let Some(mut order) = books.order(deps.storage, perp, number)? else { return Ok(()) };
    if !geometry.keeps(interval, outside.now) {
        return Ok(());
    }
    let last = order.last_interval();
    order.interval = interval;
    order.span = u32::try_from(last.saturating_sub(interval))?;
    books.remove_order(perp, number);
    let apart = books.queues.keep(perp, number, order);
    books.save(deps.storage, deps.api, &before)?;
    if let Some(order) = apart {
        state::save_order(deps.storage, perp, number, &order)?;
    }
    Ok(())
}
