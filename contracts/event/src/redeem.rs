//! Holders are paid, and what is left over goes to who stood behind the market.

use cosmwasm_std::{Deps, DepsMut, Env, MessageInfo, Response};

use sdp_types::error::EventError;
use sdp_types::event::Outcome;
use sdp_types::events::{EventPaidIn, EventRedeemed};
use sdp_types::token::TokenMsg;
use sdp_types::{ensure, Error, Ratio, Result, SignedUsd, Usd};

use crate::contract::{behind, told};
use crate::state::{self, Event, Holder, Terms};

fn outcome(event: &Event, terms: &Terms, env: &Env) -> Result<Outcome> {
    let (from, now) = (terms.ends_at, env.block.time.seconds());
    event.book.outcome.ok_or(EventError::OutcomeUnknown { from, now }.into())
}

/// `Redeem`: out of what is held first, the rest drawn. The record shows what is owed after it before anything is drawn.
pub fn redeem(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    accepted_haircut: Option<Ratio>,
) -> Result<Response> {
    let (terms, mut event) = state::load(deps.storage)?;
    let outcome = outcome(&event, &terms, env)?;
    let owner = &info.sender;
    let holder = state::holder(deps.storage, deps.api, owner)?;
    let amount = match outcome {
        Outcome::Yes => holder.yes,
        Outcome::No => holder.no,
        Outcome::Refunded => holder.cost,
    };
    ensure(!amount.is_zero(), || Error::NothingToDo { what: "redeem".into() })?;

    let book = &mut event.book;
    book.yes = book.yes.minus(holder.yes)?;
    book.no = book.no.minus(holder.no)?;
    book.cost = book.cost.minus(holder.cost)?;
    let paid = amount.min(book.held);
    let drawn = amount.minus(paid)?;
    book.held = book.held.minus(paid)?;

    let behind = behind(deps.as_ref(), env, &terms)?;
    let mut messages = Vec::new();
    if !paid.is_zero() {
        let transfer = TokenMsg::Transfer { recipient: owner.to_string(), amount: paid.raw().into() };
        messages.push(transfer.to(&terms.sdusd)?);
    }
    if !drawn.is_zero() {
        if behind.counts_draws() {
            event.exposure.drawn = event.exposure.drawn.plus(drawn)?;
        }
        let uncovered = EventError::NotCovered { owed: drawn.signed()?, room: SignedUsd::ZERO };
        messages.push(behind.draw(drawn, owner, accepted_haircut)?.ok_or(uncovered)?);
    }
    state::save_holder(deps.storage, deps.api, owner, Holder::default())?;
    let redeemed = EventRedeemed { owner: owner.to_string(), amount, drawn };
    Ok(told(deps, env, &mut event, &behind)?.add_messages(messages).add_event(redeemed))
}

/// `PayIn`.
pub fn pay_in(deps: DepsMut<'_>, env: &Env) -> Result<Response> {
    let (terms, mut event) = state::load(deps.storage)?;
    outcome(&event, &terms, env)?;
    let amount = event.book.held.saturating_minus(event.book.owed());
    let behind = behind(deps.as_ref(), env, &terms)?;
    let nothing = || Error::NothingToDo { what: "pay in".into() };
    ensure(!amount.is_zero(), nothing)?;
    let payment = behind.pay_in(&env.contract.address, &terms.sdusd, amount)?.ok_or_else(nothing)?;
    event.book.held = event.book.held.minus(amount)?;
    let paid = EventPaidIn { amount };
    Ok(told(deps, env, &mut event, &behind)?.add_message(payment).add_event(paid))
}

/// `Announce`.
pub fn announce(deps: Deps<'_>, env: &Env) -> Result<Response> {
    let (terms, event) = state::load(deps.storage)?;
    let amount: Usd = event.exposure.base.positive_part();
    let nothing = || Error::NothingToDo { what: "announce".into() };
    ensure(!amount.is_zero(), nothing)?;
    let message = behind(deps, env, &terms)?.request_draw(amount)?.ok_or_else(nothing)?;
    Ok(Response::new().add_message(message))
}
