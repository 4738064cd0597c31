//! sdUSD comes in, with a message that says what for.

use cosmwasm_std::{from_json, Addr, DepsMut, Response};
use cw20::Cw20ReceiveMsg;
use sdp_types::liquidator::Hook;
use sdp_types::{ensure, Error, Result, Usd};

use crate::state::{NOTE, SDUSD};
use crate::{deposit, flash_take, note_auctions, redeem, take};

/// sdUSD or recovery notes that have come in.
pub struct Payment {
    /// The token, which has called.
    pub token: Addr,
    /// Who sent it.
    pub payer: Addr,
    /// How much.
    pub amount: Usd,
}

/// The hook of sdUSD and of recovery notes, which are the only tokens that are taken, each for its own business: `E0110`.
pub fn receive(deps: DepsMut<'_>, now: u64, sender: &Addr, hook: &Cw20ReceiveMsg) -> Result<Response> {
    let is_sdusd = *sender == SDUSD.load(deps.storage)?;
    let unknown = || Error::UnknownToken { token: sender.to_string() };
    ensure(is_sdusd || *sender == NOTE.load(deps.storage)?, unknown)?;
    let token = sender.clone();
    let payer = deps.api.addr_validate(&hook.sender)?;
    let payment = Payment { token, payer, amount: Usd::new(hook.amount.u128()) };
    let named = |name: Option<String>| match name {
        Some(name) => Ok(deps.api.addr_validate(&name)?),
        None => Ok::<_, Error>(payment.payer.clone()),
    };
    let msg: Hook = from_json(&hook.msg)?;
    ensure(is_sdusd != matches!(msg, Hook::Redeem { .. }), unknown)?;
    match msg {
        Hook::Take { auction, amount, max_price, recipient } => {
            let recipient = named(recipient)?;
            take::take(deps, now, &payment, auction, amount, max_price, &recipient)
        }
        Hook::Backstop { beneficiary } => {
            let owner = named(beneficiary)?;
            deposit::deposit(deps, &payment, &owner)
        }
        Hook::Bid { auction, claim } => note_auctions::bid(deps, now, &payment, auction, claim),
        Hook::Redeem { least, recipient } => {
            let recipient = named(recipient)?;
            redeem::redeem(deps, &payment, least, &recipient)
        }
        Hook::Pay { auction } => flash_take::pay(deps, &payment, auction),
    }
}
