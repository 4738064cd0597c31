//! The door through which all CW20s come.

use cosmwasm_std::{from_json, DepsMut, Env, MessageInfo, Response};
use cw20::Cw20ReceiveMsg;

use sdp_types::contract::address;
use sdp_types::pool::Token;
use sdp_types::reserve::Hook;
use sdp_types::{Amount, Error, Result, Usd};

use crate::desk::Desk;
use crate::swap_in::{self, Came};
use crate::swap_out::{self, Wish};

/// `Receive`: the token is the sender of the message, the payer stands in the hook. `E0110` for a token that is neither sdUSD nor listed,
/// and for a listed one where it has no business.
pub fn receive(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, hook: &Cw20ReceiveMsg) -> Result<Response> {
    let desk = Desk::load(deps.as_ref(), env)?;
    let is_sdusd = info.sender == desk.sdusd;
    let token = Token::Cw20(info.sender.to_string());
    let listed = if is_sdusd { None } else { Some(desk.number(&token)?) };
    let payer = deps.api.addr_validate(&hook.sender)?;
    let amount = hook.amount.u128();
    match (from_json(&hook.msg)?, listed) {
        (Hook::SwapIn { least, then }, Some(number)) => {
            let came = Came { token: number, amount: Amount::new(amount), payer };
            swap_in::swap_in(deps, env, desk, came, least, then)
        }
        (Hook::SwapOut { token, least, recipient, accepted_haircut }, None) => {
            let recipient = address(deps.api, recipient.as_deref())?;
            let wish = Wish { token, paid: Usd::new(amount), accepted_haircut };
            swap_out::swap_out(deps, desk, &wish, &payer, recipient, least)
        }
        _ => Err(Error::UnknownToken { token: token.to_string() }),
    }
}
