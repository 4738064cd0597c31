//! What is left of a pool that was shut down is claimed, for ever: by providers, and by who holds sdUSD.

use cosmwasm_std::{Addr, Deps, DepsMut, Env, MessageInfo, Response};
use sdp_book::estate::{due, DIVIDED_AFTER};
use sdp_book::position::{debt, end, load, parts};
use sdp_book::state::{self, Estate};
use sdp_book::sync::Synced;
use sdp_types::contract::{movable, nonpayable};
use sdp_types::events::{CollateralClaimed, Collected, Redeemed};
use sdp_types::{ensure, Error, Result, Rounding, Usd};

use crate::shut_down::{estate, frozen_value};
use crate::token;

/// What is left of the pool, divided: `E0335` before that.
fn divided(deps: Deps<'_>, env: &Env) -> Result<Estate> {
    let estate = estate(deps)?;
    let (from, now) = (estate.shut_at.saturating_add(DIVIDED_AFTER), env.block.time.seconds());
    ensure(!estate.pots.is_empty(), || Error::ClaimsNotFixed { from, now })?;
    Ok(estate)
}

/// [`sdp_types::pool::ExecuteMsg::ClaimCollateral`].
pub fn claim_collateral(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    number: u8,
    owner: &str,
) -> Result<Response> {
    nonpayable(info)?;
    let owner = deps.api.addr_validate(owner)?;
    let mut estate = divided(deps.as_ref(), env)?;
    let mut synced = Synced::load(deps.as_ref(), env)?;
    let mut position = load(deps.as_ref(), &synced.book, number, &owner)?;
    let config = state::vault(deps.storage, number)?;

    let (ledger, vault) = parts(&mut synced.book, number)?;
    let (value, owes) = (frozen_value(&estate, number, vault, &position)?, debt(&position)?);
    let equity = value.signed()?.minus(owes)?.positive_part();
    let unknown = Error::UnknownVault { vault: number.into() };
    let (released, minted) = estate.pots.get_mut(usize::from(number)).ok_or(unknown)?.pay_provider(equity)?;
    let charged = equity.scale(estate.haircut, Rounding::Up)?.min(ledger.bad_debt);
    ledger.provider_settles(owes, charged, minted)?;
    end(ledger, vault, &mut position, owes)?;
    synced.left_behind(deps.storage, charged)?;

    state::remove_position(deps.storage, deps.api, number, &owner)?;
    state::save_estate(deps.storage, &estate)?;
    let mut messages = Vec::new();
    if !minted.is_zero() {
        messages.push(token::mint(&synced.terms.sdusd, &owner, minted)?);
    }
    if !released.is_zero() {
        messages.push(config.token.send(&owner, released)?);
    }
    let told = CollateralClaimed { vault: number, owner: owner.into(), released, minted, charged };
    Ok(synced.save(deps.storage)?.add_event(told).add_messages(messages))
}

/// [`sdp_types::pool::Hook::Redeem`].
pub fn redeem(deps: DepsMut<'_>, env: &Env, holder: &Addr, amount: Usd) -> Result<Response> {
    let amount = movable(amount)?;
    divided(deps.as_ref(), env)?;
    let mut synced = Synced::load(deps.as_ref(), env)?;
    synced.book.ledger.holder_redeems(amount)?;
    let mut redeemer = state::redeemer(deps.storage, deps.api, holder)?;
    redeemer.amount = redeemer.amount.plus(amount)?;

    state::save_redeemer(deps.storage, deps.api, holder, &redeemer)?;
    let message = token::burn(&synced.terms.sdusd, amount)?;
    let told = Redeemed { holder: holder.to_string(), amount };
    Ok(synced.save(deps.storage)?.add_event(told).add_message(message))
}

/// [`sdp_types::pool::ExecuteMsg::Collect`]. Nothing but what is left changes.
pub fn collect(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, only: Option<u8>) -> Result<Response> {
    nonpayable(info)?;
    let holder = &info.sender;
    let mut estate = divided(deps.as_ref(), env)?;
    let mut redeemer = state::redeemer(deps.storage, deps.api, holder)?;
    let mut response = Response::new();
    for (vault, due) in (0u8..).zip(due(&mut estate, &mut redeemer, only)?) {
        if !due.is_zero() {
            let config = state::vault(deps.storage, vault)?;
            let told = Collected { vault, holder: holder.to_string(), amount: due };
            response = response.add_message(config.token.send(holder, due)?).add_event(told);
        }
    }
    ensure(!response.messages.is_empty(), || Error::NothingToDo { what: "collect".into() })?;

    state::save_estate(deps.storage, &estate)?;
    state::save_redeemer(deps.storage, deps.api, holder, &redeemer)?;
    Ok(response)
}
