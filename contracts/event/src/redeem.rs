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

/// `Redeem`: out of what is held first, then what can be drawn. The record shows what is owed after it before anything is drawn.
pub fn redeem(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    owner: Option<String>,
    accepted_haircut: Option<Ratio>,
) -> Result<Response> {
    let owner = owner.map_or(Ok(info.sender.clone()), |owner| deps.api.addr_validate(&owner))?;
    // he pays for it
    let may_accept = accepted_haircut.is_none() || info.sender == owner;
    let (sender, expected) = (info.sender.to_string(), owner.to_string());
    ensure(may_accept, || Error::WrongCaller { sender, expected })?;
    let (terms, mut event) = state::load(deps.storage)?;
    let outcome = outcome(&event, &terms, env)?;
    let holder = state::holder(deps.storage, deps.api, &owner)?;
    let owed = holder.worth(outcome);
    ensure(!owed.is_zero(), || Error::NothingToDo { what: "redeem".into() })?;

    let behind = behind(deps.as_ref(), env, &terms)?;
    let held = owed.min(event.book.held);
    let beyond = owed.minus(held)?;
    let drawn = match behind.drawable(beyond) {
        // nothing can be paid: asked for all of it, who stands behind says why
        nothing if nothing.is_zero() && held.is_zero() => beyond,
        some => some,
    };
    let amount = held.plus(drawn)?;
    let left = Holder::of(outcome, owed.minus(amount)?);
    event.book.replaces(&holder, &left)?;
    event.book.held = event.book.held.minus(held)?;

    let mut messages = Vec::new();
    if !held.is_zero() {
        let transfer = TokenMsg::Transfer { recipient: owner.to_string(), amount: held.raw().into() };
        messages.push(transfer.to(&terms.sdusd)?);
    }
    if !drawn.is_zero() {
        if behind.counts_draws() {
            event.exposure.drawn = event.exposure.drawn.plus(drawn)?;
        }
        let uncovered = EventError::NotCovered { owed: drawn.signed()?, room: SignedUsd::ZERO };
        messages.push(behind.draw(drawn, &owner, accepted_haircut)?.ok_or(uncovered)?);
    }
    state::save_holder(deps.storage, deps.api, &owner, left)?;
    let redeemed = EventRedeemed { owner: owner.into(), amount, drawn, left: left.worth(outcome) };
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
