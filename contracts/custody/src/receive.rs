//! The door through which all CW20s come.

use cosmwasm_std::{from_json, DepsMut, Env, MessageInfo, Response};
use cw20::Cw20ReceiveMsg;
use sdp_types::contract::address;
use sdp_types::custody::Hook;
use sdp_types::market::AccountId;
use sdp_types::pool::Token;
use sdp_types::{Amount, Error, Result, Usd};

use crate::deposit::{self, Came};
use crate::state::HOME;
use crate::take::{self, Bid};

/// `Receive`: the token is the sender of the message, the payer stands in the hook. `E0110` for a token that is neither sdUSD nor listed, and
/// for one of them that comes with the other's hook.
pub fn receive(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, hook: &Cw20ReceiveMsg) -> Result<Response> {
    let home = HOME.load(deps.storage)?;
    let is_sdusd = info.sender == home.sdusd;
    let token = Token::Cw20(info.sender.to_string());
    let listed = if is_sdusd { None } else { Some(deposit::number(&deps, &token)?) };
    let payer = deps.api.addr_validate(&hook.sender)?;
    match (from_json(&hook.msg)?, listed) {
        (Hook::Deposit { beneficiary, account }, Some(token)) => {
            let came = Came { token, amount: Amount::new(hook.amount.u128()), payer };
            deposit::deposit(deps, env, came, beneficiary, account)
        }
        (Hook::Take { owner, account, amount, max_price, recipient }, None) => {
            let recipient = address(deps.api, recipient.as_deref())?;
            let recipient = recipient.unwrap_or_else(|| payer.clone());
            let paid = Usd::new(hook.amount.u128());
            let bid = Bid { id: AccountId { owner, account }, amount, max_price, paid, payer, recipient };
            take::take(deps, env, &home, &bid)
        }
        _ => Err(Error::UnknownToken { token: token.to_string() }),
    }
}
