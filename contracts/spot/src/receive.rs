//! What a CW20 `send` to the contract asks for: sdUSD buys, a synthetic's token is sold or redeemed.

use cosmwasm_std::{from_json, CanonicalAddr, DepsMut, Env, MessageInfo, Response};
use cw20::Cw20ReceiveMsg;

use sdp_types::record::canonical;
use sdp_types::spot::Hook;
use sdp_types::units::{MAX_AMOUNT, MAX_USD};
use sdp_types::{ensure, Amount, Error, Result, Usd};

use crate::commit::{self, Request, Wanted};
use crate::redeem;
use crate::state;

/// `Receive`. `E0110` for a token that is not the one that the hook is about.
pub fn receive(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    message: Cw20ReceiveMsg,
) -> Result<Response> {
    let token = canonical(deps.api, &info.sender)?;
    let payer = deps.api.addr_validate(&message.sender)?;
    let owner = canonical(deps.api, &payer)?;
    let amount = message.amount.u128();
    ensure(amount > 0, || Error::Zero { what: "amount".into() })?;
    let is = |expected: &CanonicalAddr| {
        ensure(token == *expected, || Error::UnknownToken { token: info.sender.to_string() })
    };
    match from_json(message.msg)? {
        Hook::Buy { synthetic, exact, expires_in, recipient } => {
            is(&state::terms(deps.storage)?.sdusd)?;
            let paid = Usd::new(amount);
            ensure(paid <= MAX_USD, || Error::out_of_range("amount", paid, 1, MAX_USD))?;
            let recipient = of_recipient(&deps, recipient, &owner)?;
            let wanted = Wanted::Buy { paid, exact };
            commit::commit(deps, env, Request { synthetic, owner, recipient, wanted, expires_in })
        }
        Hook::Sell { synthetic, exact, expires_in, recipient } => {
            is(&state::synthetic(deps.storage, synthetic)?.token)?;
            let recipient = of_recipient(&deps, recipient, &owner)?;
            let wanted = Wanted::Sell { amount: bounded(amount)?, exact };
            commit::commit(deps, env, Request { synthetic, owner, recipient, wanted, expires_in })
        }
        Hook::Redeem { synthetic } => {
            is(&state::synthetic(deps.storage, synthetic)?.token)?;
            redeem::redeem(deps, synthetic, &payer, bounded(amount)?)
        }
    }
}

fn bounded(amount: u128) -> Result<Amount> {
    let amount = Amount::new(amount);
    ensure(amount <= MAX_AMOUNT, || Error::out_of_range("amount", amount, 1, MAX_AMOUNT))?;
    Ok(amount)
}

fn of_recipient(
    deps: &DepsMut<'_>,
    recipient: Option<String>,
    owner: &CanonicalAddr,
) -> Result<CanonicalAddr> {
    match recipient {
        Some(recipient) => canonical(deps.api, &deps.api.addr_validate(&recipient)?),
        None => Ok(owner.clone()),
    }
}
