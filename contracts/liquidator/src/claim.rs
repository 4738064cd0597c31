//! A depositor of the backstop takes out collateral that it has absorbed.

use cosmwasm_std::{Addr, DepsMut, Response};
use sdp_types::contract::address;
use sdp_types::events::BackstopClaimed;
use sdp_types::{ensure, Amount, Error, Result};

use crate::state::{self, TOKENS};
use crate::{deposit, transfer};

pub fn claim(
    deps: DepsMut<'_>,
    sender: &Addr,
    only: Option<u8>,
    recipient: Option<String>,
) -> Result<Response> {
    let recipient = address(deps.api, recipient.as_deref())?;
    let recipient = recipient.as_ref().unwrap_or(sender);

    let mut backstop = state::backstop(deps.storage)?;
    let mut depositor = deposit::load(deps.storage, deps.api, &backstop, sender)?;
    let mut told = Response::new();
    for ((vault, gains), inherited) in (0u8..).zip(&mut depositor.gains).zip(&mut backstop.vaults) {
        if gains.is_zero() || only.is_some_and(|only| only != vault) {
            continue;
        }
        let amount = core::mem::replace(gains, Amount::ZERO);
        inherited.held = inherited.held.minus(amount)?;
        let (owner, to) = (sender.to_string(), recipient.to_string());
        told = told
            .add_messages(transfer::collateral(&TOKENS.load(deps.storage, vault)?, recipient, amount)?)
            .add_event(BackstopClaimed { owner, vault, amount, recipient: to });
    }
    ensure(!told.messages.is_empty(), || Error::NothingToDo { what: "claim".into() })?;

    state::save_depositor(deps.storage, deps.api, sender, &depositor)?;
    state::save_backstop(deps.storage, &backstop)?;
    Ok(told)
}
