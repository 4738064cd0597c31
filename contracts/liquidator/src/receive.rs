//! sdUSD comes in, with a message that says what for.

use cosmwasm_std::{from_json, Addr, DepsMut, Response};
use cw20::Cw20ReceiveMsg;
use sdp_types::liquidator::Hook;
use sdp_types::{ensure, Error, Result, Usd};

use crate::state::SDUSD;
use crate::{deposit, flash_take, take};

/// sdUSD that has come in.
pub struct Payment {
    /// The token, which has called.
    pub token: Addr,
    /// Who sent it.
    pub payer: Addr,
    /// How much.
    pub amount: Usd,
}

/// The hook of sdUSD, which is the only token that is taken.
pub fn receive(deps: DepsMut<'_>, now: u64, sender: &Addr, hook: &Cw20ReceiveMsg) -> Result<Response> {
    let token = SDUSD.load(deps.storage)?;
    ensure(*sender == token, || Error::UnknownToken { token: sender.to_string() })?;
    let payer = deps.api.addr_validate(&hook.sender)?;
    let payment = Payment { token, payer, amount: Usd::new(hook.amount.u128()) };
    let named = |name: Option<String>| match name {
        Some(name) => Ok(deps.api.addr_validate(&name)?),
        None => Ok::<_, Error>(payment.payer.clone()),
    };
    match from_json(&hook.msg)? {
        Hook::Take { auction, amount, max_price, recipient } => {
            let recipient = named(recipient)?;
            take::take(deps, now, &payment, auction, amount, max_price, &recipient)
        }
        Hook::Backstop { beneficiary } => {
            let owner = named(beneficiary)?;
            deposit::deposit(deps, &payment, &owner)
        }
        Hook::Pay { auction } => flash_take::pay(deps, &payment, auction),
    }
}
