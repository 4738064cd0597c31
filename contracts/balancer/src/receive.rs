//! Somebody pays sdUSD for a position, and so much of it is burnt as brings it to its target.

use cosmwasm_std::{from_json, Addr, Deps, Env, MessageInfo, Response};
use cw20::Cw20ReceiveMsg;
use sdp_book::remote::Remote;
use sdp_types::balancer::Hook;
use sdp_types::contract::movable;
use sdp_types::events::Relieved;
use sdp_types::{ensure, Error, Ratio, Result, Usd};

use crate::messages::Place;
use crate::plan::Of;
use crate::state;

/// [`sdp_types::balancer::ExecuteMsg::Receive`]: the token is the sender of the message, the payer stands in the hook. `E0110` for another
/// token than the pool's.
pub fn receive(
    deps: Deps<'_>,
    env: &Env,
    info: &MessageInfo,
    Cw20ReceiveMsg { sender, amount, msg }: Cw20ReceiveMsg,
) -> Result<Response> {
    let pool = state::POOL.load(deps.storage)?;
    let sdusd = sdp_book::state::terms(&Remote::new(&deps, &pool))?.sdusd;
    ensure(info.sender == sdusd, || Error::UnknownToken { token: info.sender.to_string() })?;
    let payer = deps.api.addr_validate(&sender)?;
    let Hook::Balance { vault, owner, target } = from_json(&msg)?;
    let owner = owner.map_or(Ok(payer.clone()), |owner| deps.api.addr_validate(&owner))?;
    let place = Place { pool: &pool, sdusd: &sdusd, vault, owner: &owner };
    relieve(deps, env, &place, &payer, Usd::new(amount.u128()), target)
}

/// [`Hook::Balance`].
fn relieve(
    deps: Deps<'_>,
    env: &Env,
    place: &Place<'_>,
    payer: &Addr,
    paid: Usd,
    target: Option<Ratio>,
) -> Result<Response> {
    let paid = movable(paid)?;
    let of = Of { vault: place.vault, owner: place.owner };
    let target = target.map_or_else(|| of.rule(deps).map(|rule| rule.target), Ok)?;
    ensure(target > Ratio::ONE, || Error::out_of_range("target", target, "more than 1", Ratio::MAX))?;

    let burnt = of.load(deps, env, place.pool)?.above(target)?.min(paid);
    ensure(!burnt.is_zero(), || Error::NothingToDo { what: "balance".into() })?;
    let returned = paid.minus(burnt)?;

    let mut messages = vec![place.burn_own(burnt)?];
    if !returned.is_zero() {
        messages.push(place.give_back(payer, returned)?);
    }
    let (vault, owner, payer) = (of.vault, of.owner.to_string(), payer.to_string());
    let told = Relieved { vault, owner, burnt, returned, payer };
    Ok(Response::new().add_event(told).add_messages(messages))
}
