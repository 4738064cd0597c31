//! sdUSD comes into a jar.

use cosmwasm_std::{from_json, DepsMut, MessageInfo, Response};
use cw20::Cw20ReceiveMsg;
use sdp_types::contract::movable;
use sdp_types::events::JarFilled;
use sdp_types::orders::Hook;
use sdp_types::{ensure, Error, Result, Usd};

use crate::desk::Desk;
use crate::state;

/// [`sdp_types::orders::ExecuteMsg::Receive`]: the token is the sender of the message, the payer stands in the hook. `E0110` for another token.
pub fn receive(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    Cw20ReceiveMsg { sender: payer, amount, msg }: Cw20ReceiveMsg,
) -> Result<Response> {
    let config = state::config(deps.storage)?;
    ensure(info.sender == config.sdusd, || Error::UnknownToken { token: info.sender.to_string() })?;
    let amount = movable(Usd::new(amount.u128()))?;
    let Hook::Deposit { beneficiary } = from_json(&msg)?;
    let owner = deps.api.addr_validate(beneficiary.as_ref().unwrap_or(&payer))?;
    let canonical = deps.api.addr_canonicalize(owner.as_str())?;
    let mut desk = Desk::load(deps.storage)?;
    desk.deposit(deps.storage, &canonical, amount)?;
    desk.save(deps.storage)?;
    let owner = owner.to_string();
    Ok(Response::new().add_event(JarFilled { owner, amount, payer }))
}
