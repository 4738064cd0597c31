//! Recovery notes come back: they are burnt, and the pool pays what was set aside for them.

use cosmwasm_std::{Addr, DepsMut, Response};
use sdp_types::contract::execute;
use sdp_types::pool::LiquidatorMsg;
use sdp_types::token::{supply, TokenMsg};
use sdp_types::{ensure, Error, Result, Usd};

use crate::receive::Payment;
use crate::state::{Totals, POOL};

/// [`sdp_types::liquidator::Hook::Redeem`]. `E0005`, and what the pool refuses.
pub fn redeem(
    deps: DepsMut<'_>,
    payment: &Payment,
    least: Option<Usd>,
    recipient: &Addr,
) -> Result<Response> {
    let notes = payment.amount;
    ensure(!notes.is_zero(), || Error::Zero { what: "notes".into() })?;

    let mut totals = Totals::load(deps.storage)?;
    let left = Usd::new(supply(&deps.querier, payment.token.as_str())?).minus(notes)?;
    // what a holder has burnt himself claims nothing any more either
    totals.recoveries.notes_redeemed = totals.recoveries.notes_issued.minus(left)?;
    totals.save(deps.storage)?;

    let burnt = TokenMsg::Burn { amount: notes.raw().into() }.to(payment.token.as_str())?;
    let msg = LiquidatorMsg::RedeemNotes { notes, least, recipient: recipient.to_string() };
    let paid = execute(POOL.load(deps.storage)?, &msg)?;
    Ok(Response::new().add_message(burnt).add_message(paid))
}
