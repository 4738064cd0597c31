//! sdUSD comes back: against a position's debt, or into the insurance fund. And the door through which all CW20s come.

use cosmwasm_std::{from_json, Addr, DepsMut, Env, MessageInfo, Response};
use cw20::Cw20ReceiveMsg;
use sdp_types::contract::{movable, nonpayable};
use sdp_types::events::{Burnt, Insured};
use sdp_types::pool::{Hook, Token};
use sdp_types::{Amount, Error, Result, Usd};

use crate::add_yield;
use crate::claim;
use crate::deposit;
use crate::token;
use sdp_book::position::{self, parts, repay};
use sdp_book::state;
use sdp_book::sync::Synced;

/// [`sdp_types::pool::ExecuteMsg::Receive`]: the token is the sender of the message, the payer stands in the hook.
/// `E0110` for a token that is neither sdUSD nor a vault's, and for a listed one where it has no business.
pub fn receive(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    Cw20ReceiveMsg { sender, amount, msg }: Cw20ReceiveMsg,
) -> Result<Response> {
    nonpayable(info)?;
    let is_sdusd = info.sender == state::terms(deps.storage)?.sdusd;
    let token = Token::Cw20(info.sender.to_string());
    let unknown = || Err(Error::UnknownToken { token: info.sender.to_string() });
    if !is_sdusd {
        state::vault_of(deps.storage, &token)?;
    }
    let payer = deps.api.addr_validate(&sender)?;
    match from_json(&msg)? {
        Hook::Deposit { beneficiary } if !is_sdusd => {
            deposit::receive(deps, env, &payer, beneficiary, &token, Amount::new(amount.u128()))
        }
        Hook::AddYield {} if !is_sdusd => {
            add_yield::receive(deps, env, &payer, &token, Amount::new(amount.u128()))
        }
        Hook::Burn { vault, owner } if is_sdusd => {
            burn(deps, env, &payer, vault, owner, Usd::new(amount.u128()))
        }
        Hook::Redeem {} if is_sdusd => claim::redeem(deps, env, &payer, Usd::new(amount.u128())),
        Hook::Insure {} if is_sdusd => insure(deps, env, &payer, Usd::new(amount.u128())),
        _ => unknown(),
    }
}

/// [`Hook::Burn`].
fn burn(
    deps: DepsMut<'_>,
    env: &Env,
    payer: &Addr,
    number: u8,
    owner: Option<String>,
    amount: Usd,
) -> Result<Response> {
    let owner = owner.map_or(Ok(payer.clone()), |owner| deps.api.addr_validate(&owner))?;
    let amount = movable(amount)?;

    let mut synced = Synced::load(deps.as_ref(), env)?;
    synced.runs()?;
    let mut position = position::load(deps.as_ref(), &synced.book, number, &owner)?;

    let (ledger, vault) = parts(&mut synced.book, number)?;
    ledger.lp_burns(amount)?;
    repay(vault, &mut position, amount)?;

    state::save_position(deps.storage, deps.api, number, &owner, &position)?;
    let message = token::burn(&synced.terms.sdusd, amount)?;
    let told = Burnt { vault: number, owner: owner.into(), amount, payer: payer.to_string() };
    Ok(synced.save(deps.storage)?.add_event(told).add_message(message))
}

/// [`Hook::Insure`].
fn insure(deps: DepsMut<'_>, env: &Env, payer: &Addr, amount: Usd) -> Result<Response> {
    let amount = movable(amount)?;
    let mut synced = Synced::load(deps.as_ref(), env)?;
    synced.book.ledger.burnt_to_insurance(amount)?;

    let message = token::burn(&synced.terms.sdusd, amount)?;
    let told = Insured { amount, payer: payer.to_string() };
    Ok(synced.save(deps.storage)?.add_event(told).add_message(message))
}
