//! sdUSD goes out of a jar.

use cosmwasm_std::{DepsMut, MessageInfo, Response};
use sdp_types::contract::movable;
use sdp_types::events::JarDrawn;
use sdp_types::token::TokenMsg;
use sdp_types::{Result, Usd};

use crate::desk::Desk;
use crate::state;

/// [`sdp_types::orders::ExecuteMsg::Withdraw`].
pub fn withdraw(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    amount: Usd,
    recipient: Option<String>,
) -> Result<Response> {
    let config = state::config(deps.storage)?;
    let amount = movable(amount)?;
    let owner = info.sender.to_string();
    let recipient = deps.api.addr_validate(recipient.as_ref().unwrap_or(&owner))?.to_string();
    let canonical = deps.api.addr_canonicalize(&owner)?;
    let mut desk = Desk::load(deps.storage)?;
    desk.withdraw(deps.storage, &canonical, amount)?;
    desk.save(deps.storage)?;
    let pay = TokenMsg::Transfer { recipient: recipient.clone(), amount: amount.raw().into() };
    let told = JarDrawn { owner, amount, recipient };
    Ok(Response::new().add_event(told).add_message(pay.to(config.sdusd)?))
}
