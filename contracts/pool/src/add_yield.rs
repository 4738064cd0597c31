//! Yield of a vault's collateral comes in for all of its providers, in proportion to their shares.

use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response};
use sdp_types::events::YieldAdded;
use sdp_types::pool::Token;
use sdp_types::units::MAX_AMOUNT;
use sdp_types::{ensure, Amount, Error, Result};

use crate::deposit::one_coin;
use sdp_book::position::parts;
use sdp_book::state;
use sdp_book::sync::Synced;

/// [`sdp_types::pool::ExecuteMsg::AddYield`].
pub fn add_yield(deps: DepsMut<'_>, env: &Env, info: &MessageInfo) -> Result<Response> {
    let coin = one_coin(&info.funds)?;
    receive(deps, env, &info.sender, &Token::Native(coin.denom), Amount::new(coin.amount.u128()))
}

/// Collateral that has arrived makes each share of its vault worth more. No price is needed: nobody's debt changes.
pub fn receive(
    deps: DepsMut<'_>,
    env: &Env,
    payer: &Addr,
    token: &Token,
    amount: Amount,
) -> Result<Response> {
    let number = state::vault_of(deps.storage, token)?;
    ensure(!amount.is_zero(), || Error::Zero { what: "yield".into() })?;
    ensure(amount <= MAX_AMOUNT, || Error::out_of_range("yield", amount, 1, MAX_AMOUNT))?;

    let mut synced = Synced::load(deps.as_ref(), env)?;
    synced.runs()?;
    let (_, vault) = parts(&mut synced.book, number)?;
    vault.book.gain(amount)?;
    synced.refresh_weight(number);

    let told = YieldAdded { vault: number, amount, payer: payer.to_string() };
    Ok(synced.save(deps.storage)?.add_event(told))
}
