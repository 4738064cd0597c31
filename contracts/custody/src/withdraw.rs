//! Tokens leave an account, which keeps what it must without them.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use sdp_perps::backing;
use sdp_types::contract::in_range;
use sdp_types::error::CustodyError;
use sdp_types::events::TokensWithdrawn;
use sdp_types::market::AccountId;
use sdp_types::units::MAX_AMOUNT;
use sdp_types::{ensure, Amount, Error, Result};

use crate::account::{key_of, Seen};
use crate::state::{self, HOME};

/// `Withdraw`.
pub fn withdraw(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    account: u16,
    (token, amount): (u8, Amount),
    recipient: Option<String>,
) -> Result<Response> {
    // load
    let id = AccountId { owner: info.sender.to_string(), account };
    let key = key_of(deps.api, &id)?;
    let recipient = deps.api.addr_validate(recipient.as_ref().unwrap_or(&id.owner))?;
    let home = HOME.load(deps.storage)?;
    let stock = state::stock(deps.storage, token)?;
    let haircuts = state::haircuts(deps.storage)?;
    let before = state::backing(deps.storage, &key)?;
    let held = before.of(token);

    // what must hold
    ensure(!amount.is_zero(), || Error::Zero { what: "amount".into() })?;
    in_range("amount", amount, Amount::new(1), MAX_AMOUNT)?;
    ensure(amount <= held, || CustodyError::NotEnoughTokens { asked: amount, held }.into())?;
    let runs = || CustodyError::SaleRuns { owner: id.owner.clone(), account: account.into() }.into();
    ensure(state::sale(deps.storage, &key)?.is_none(), runs)?;
    let seen = Seen::load(deps.as_ref(), env, &home, &key, false)?;
    let after = before.with(token, held.minus(amount)?);
    let without = backing::counted(&haircuts.tokens, &after.amounts, &seen.board, seen.now)?;
    let lost = seen.counted().for_opening.saturating_minus(without.for_opening);
    let valuation = &seen.valuation;
    // what a withdrawal of margin pays that leaves the account as leveraged
    let charge = valuation.charge(lost, seen.leverage)?;
    let left = valuation.safe.minus(lost.plus(charge)?.signed()?)?;
    let required = valuation.initial.plus(seen.account.locked)?;
    ensure(left >= required.signed()?, || CustodyError::TokensNeeded { left, required }.into())?;

    // save, tell
    state::move_tokens(deps.storage, &key, token, (held, &after))?;
    let mut told = Response::new();
    if after.is_empty() || !charge.is_zero() {
        told = told.add_message(home.set_backed(&id, !after.is_empty(), charge)?);
    }
    let told = told.add_message(stock.token.send(&recipient, amount)?);
    let (owner, recipient) = (id.owner, recipient.to_string());
    Ok(told.add_event(TokensWithdrawn { owner, account, token, amount, charge, recipient }))
}
