//! A depositor leaves the backstop: asks, waits, and is paid unless a loss is known that would then be left to the others.

use cosmwasm_std::{Addr, DepsMut, Order, Response, StdResult};
use sdp_types::contract::in_range;
use sdp_types::error::LiquidatorError;
use sdp_types::events::{BackstopWithdrawn, FlagCleared, WithdrawalRequested};
use sdp_types::liquidator::{Params, WithdrawalResponse};
use sdp_types::product_sum::Stake;
use sdp_types::units::MAX_USD;
use sdp_types::{ensure, Error, Result, Usd};

use crate::backstop::Request;
use crate::flag::Lens;
use crate::state::{self, FLAGS, PARAMS, SDUSD};
use crate::{deposit, transfer};

/// [`sdp_types::liquidator::ExecuteMsg::RequestWithdrawal`]. The deposit stays as it was written down.
pub fn request(deps: DepsMut<'_>, now: u64, sender: &Addr, amount: Usd) -> Result<Response> {
    in_range("amount", amount, Usd::new(1), MAX_USD)?;
    let mut depositor = deposit::stored(deps.storage, deps.api, sender)?;

    let request = Request { amount, requested_at: now };
    depositor.request = Some(request);
    state::save_depositor(deps.storage, deps.api, sender, &depositor)?;

    let WithdrawalResponse { ready_at, lapses_at, .. } = response(&request, &PARAMS.load(deps.storage)?);
    let owner = sender.to_string();
    Ok(Response::new().add_event(WithdrawalRequested { owner, amount, ready_at, lapses_at }))
}

/// [`sdp_types::liquidator::ExecuteMsg::Withdraw`].
pub fn withdraw(deps: DepsMut<'_>, now: u64, sender: &Addr) -> Result<Response> {
    let mut backstop = state::backstop(deps.storage)?;
    let mut depositor = deposit::load(deps.storage, deps.api, &backstop, sender)?;
    let none = || Error::NotFound { what: "withdrawal".into(), key: sender.to_string() };
    let request = depositor.request.take().ok_or_else(none)?;
    let WithdrawalResponse { amount: asked, ready_at, lapses_at } =
        response(&request, &PARAMS.load(deps.storage)?);
    ensure(now >= ready_at, || LiquidatorError::WithdrawalNotReady { ready_at, now }.into())?;
    ensure(now <= lapses_at, || LiquidatorError::WithdrawalLapsed { lapses_at, now }.into())?;
    let cleared = unthreatened(&deps, now)?;

    let worth = depositor.stake.amount;
    let amount = asked.min(worth);
    ensure(!amount.is_zero(), || Error::Zero { what: "deposit".into() })?;
    backstop.deposits.remove(amount)?;
    depositor.stake = Stake::new(worth.minus(amount)?, &backstop.deposits, backstop.sums());

    for flag in &cleared {
        FLAGS.remove(deps.storage, flag.vault);
    }
    state::save_depositor(deps.storage, deps.api, sender, &depositor)?;
    state::save_backstop(deps.storage, &backstop)?;

    let paid = transfer::sdusd(&SDUSD.load(deps.storage)?, sender, amount)?;
    let owner = sender.to_string();
    Ok(Response::new().add_messages(paid).add_events(cleared).add_event(BackstopWithdrawn {
        owner,
        asked,
        amount,
    }))
}

/// Nothing is known that the backstop would have to absorb: every price of the pool's collateral is fresh and not just back from
/// a gap, and no flagged position can be liquidated. The flags that are no longer needed.
fn unthreatened(deps: &DepsMut<'_>, now: u64) -> Result<Vec<FlagCleared>> {
    let mut lens = Lens::load(deps.as_ref(), now)?;
    lens.calm()?;
    let flags: Vec<_> = FLAGS.range(deps.storage, None, None, Order::Ascending).collect::<StdResult<_>>()?;
    let flags = flags.into_iter().map(|(vault, owner)| FlagCleared { vault, owner: owner.into() });
    let flags: Vec<_> = flags.collect();
    for FlagCleared { vault, owner } in &flags {
        let owes = lens.liquidatable(*vault, owner)?;
        ensure(owes.is_err(), || {
            LiquidatorError::KnownLoss { vault: (*vault).into(), owner: owner.clone() }.into()
        })?;
    }
    Ok(flags)
}

/// When a request can be made good.
pub fn response(request: &Request, params: &Params) -> WithdrawalResponse {
    let ready_at = request.requested_at.saturating_add(params.withdrawal_delay);
    let lapses_at = ready_at.saturating_add(params.withdrawal_window);
    WithdrawalResponse { amount: request.amount, ready_at, lapses_at }
}
