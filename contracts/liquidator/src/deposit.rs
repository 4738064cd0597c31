//! Somebody puts sdUSD into the backstop.

use cosmwasm_std::{Addr, Api, DepsMut, Response, Storage};
use sdp_types::contract::in_range;
use sdp_types::events::BackstopDeposited;
use sdp_types::product_sum::Stake;
use sdp_types::units::MAX_USD;
use sdp_types::{ensure, Error, Result, Usd};

use crate::backstop::{Backstop, Depositor};
use crate::receive::Payment;
use crate::state;

pub fn deposit(deps: DepsMut<'_>, payment: &Payment, owner: &Addr) -> Result<Response> {
    let amount = payment.amount;
    ensure(!amount.is_zero(), || Error::Zero { what: "amount".into() })?;

    let mut backstop = state::backstop(deps.storage)?;
    let found = state::depositor(deps.storage, deps.api, owner)?;
    let mut depositor = settled(deps.storage, &backstop, found.unwrap_or_default())?;
    let all = depositor.stake.amount.plus(amount)?;
    backstop.deposits.add(amount)?;
    in_range("backstop", backstop.deposits.total, Usd::ZERO, MAX_USD)?;
    depositor.stake = Stake::new(all, &backstop.deposits, backstop.sums());

    state::save_depositor(deps.storage, deps.api, owner, &depositor)?;
    state::save_backstop(deps.storage, &backstop)?;

    let payer = payment.payer.to_string();
    Ok(Response::new().add_event(BackstopDeposited { owner: owner.to_string(), amount, payer }))
}

/// A depositor, as last written down: `E0007` where there is none of that name.
pub fn stored(storage: &dyn Storage, api: &dyn Api, owner: &Addr) -> Result<Depositor> {
    let none = || Error::NotFound { what: "backstop deposit".into(), key: owner.to_string() };
    state::depositor(storage, api, owner)?.ok_or_else(none)
}

/// A depositor, as of now: `E0007` where there is none of that name.
pub fn load(storage: &dyn Storage, api: &dyn Api, backstop: &Backstop, owner: &Addr) -> Result<Depositor> {
    settled(storage, backstop, stored(storage, api, owner)?)
}

/// As of now.
pub fn settled(storage: &dyn Storage, backstop: &Backstop, mut depositor: Depositor) -> Result<Depositor> {
    depositor.settle(backstop, |epoch, scale| state::sums(storage, epoch, scale))?;
    Ok(depositor)
}
