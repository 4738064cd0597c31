//! An LP leaves: asks, waits, and is paid at the first price after the wait, by anyone's message.
//!
//! What is released: [`sdp_book::exit`].

use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, QuerierWrapper, Response};
use sdp_types::board::{FeedId, Intervals, Slot};
use sdp_types::contract::{in_range, nonpayable};
use sdp_types::events::{ExitCancelled, ExitLapsed, ExitRequested, Exited};
use sdp_types::units::MAX_AMOUNT;
use sdp_types::{ensure, Amount, Error, Price, Ratio, Result};

use crate::token;
use sdp_book::exit::{ready_at, response, Release};
use sdp_book::position::load;
use sdp_book::state::{self, ExitRequest, Position};
use sdp_book::sync::Synced;

/// [`sdp_types::pool::ExecuteMsg::RequestExit`].
pub fn request(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    vault: u8,
    amount: Amount,
    accepted_haircut: Option<Ratio>,
) -> Result<Response> {
    nonpayable(info)?;
    ensure(!amount.is_zero(), || Error::Zero { what: "amount".into() })?;
    ensure(amount <= MAX_AMOUNT, || Error::out_of_range("amount", amount, 1, MAX_AMOUNT))?;
    let accepted_haircut = accepted_haircut.unwrap_or_default();
    in_range("accepted_haircut", accepted_haircut, Ratio::ZERO, Ratio::ONE)?;

    let synced = Synced::load(deps.as_ref(), env)?;
    let mut position = load(deps.as_ref(), &synced.book, vault, &info.sender)?;
    let (now, params) = (synced.now, &synced.terms.params);
    let until = position.joined_at.saturating_add(params.minimum_stay);
    ensure(now >= until, || Error::MinimumStay { until, now })?;
    if let Some(waiting) = &position.exit {
        return Err(Error::ExitAlreadyRequested { ready_at: ready_at(waiting, params) });
    }

    let request = ExitRequest { amount, requested_at: now, accepted_haircut };
    let (owner, ready_at) = (info.sender.to_string(), ready_at(&request, params));
    let lapses_at = ready_at.saturating_add(params.exit_window);
    position.exit = Some(request);

    state::save_position(deps.storage, deps.api, vault, &info.sender, &position)?;
    let told = ExitRequested { vault, owner, amount, ready_at, lapses_at };
    Ok(synced.save(deps.storage)?.add_event(told))
}

/// [`sdp_types::pool::ExecuteMsg::CancelExit`].
pub fn cancel(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, vault: u8) -> Result<Response> {
    nonpayable(info)?;
    let synced = Synced::load(deps.as_ref(), env)?;
    let mut position = load(deps.as_ref(), &synced.book, vault, &info.sender)?;
    requested(&position, vault, &info.sender)?;
    position.exit = None;

    state::save_position(deps.storage, deps.api, vault, &info.sender, &position)?;
    let told = ExitCancelled { vault, owner: info.sender.to_string() };
    Ok(synced.save(deps.storage)?.add_event(told))
}

/// [`sdp_types::pool::ExecuteMsg::ExecuteExit`].
pub fn execute(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, vault: u8, owner: &str) -> Result<Response> {
    nonpayable(info)?;
    let owner = deps.api.addr_validate(owner)?;

    let mut synced = Synced::load(deps.as_ref(), env)?;
    let mut position = load(deps.as_ref(), &synced.book, vault, &owner)?;
    let asked = requested(&position, vault, &owner)?;
    if let Some(told) = synced.tripped_now() {
        return Ok(synced.save(deps.storage)?.add_event(told));
    }
    position.exit = None;
    let Some(price) = due(&deps.querier, &synced, vault, &asked)? else {
        state::save_position(deps.storage, deps.api, vault, &owner, &position)?;
        let told = ExitLapsed { vault, owner: owner.into() };
        return Ok(synced.save(deps.storage)?.add_event(told));
    };

    synced.unrestricted(vault)?;
    let (rate, accepted) = (synced.exit_haircut()?, asked.accepted_haircut);
    ensure(rate <= accepted, || Error::Haircut { rate, accepted })?;
    let config = state::vault(deps.storage, vault)?;
    let release = Release::plan(&synced, vault, &config, &position, asked.amount, price)?;
    let Release { minted, charged, .. } = release;
    let released = release.apply(&mut synced, vault, &mut position)?;
    synced.left_behind(deps.storage, charged)?;

    if release.whole {
        state::remove_position(deps.storage, deps.api, vault, &owner)?;
    } else {
        state::save_position(deps.storage, deps.api, vault, &owner, &position)?;
    }
    // the pool's own token first: a collateral's code must not run while the book is ahead of the token
    let mut messages = Vec::new();
    if !minted.is_zero() {
        messages.push(token::mint(&synced.terms.sdusd, &owner, minted)?);
    }
    messages.push(config.token.send(&owner, released)?);
    let told = Exited { vault, owner: owner.into(), asked: asked.amount, released, minted, charged };
    Ok(synced.save(deps.storage)?.add_event(told).add_messages(messages))
}

/// The price of a request that can be executed now: the lower of the board's and the low side of the first interval that
/// begins after the delay and has a price. None where the request has lapsed. `E0311` before that interval, `E0323` while
/// it may still get a price.
fn due(
    querier: &QuerierWrapper<'_>,
    synced: &Synced,
    vault: u8,
    asked: &ExitRequest,
) -> Result<Option<Price>> {
    let (now, intervals) = (synced.now, &synced.board.intervals);
    let exit = response(synced, asked);
    let ready_at = exit.ready_at.max(intervals.start(exit.interval));
    if now > exit.lapses_at || !intervals.keeps(exit.interval, now) {
        return Ok(None);
    }
    ensure(now >= ready_at, || Error::ExitNotReady { ready_at, now })?;
    let feed = synced.vault(vault)?.feed;
    let low = interval_price(querier, synced, intervals, feed, exit.interval)?;
    Ok(Some(synced.quote(vault)?.price.min(low)))
}

/// Passes over intervals that stayed empty; at most as many as the ring keeps.
fn interval_price(
    querier: &QuerierWrapper<'_>,
    synced: &Synced,
    intervals: &Intervals,
    feed: FeedId,
    mut interval: u64,
) -> Result<Price> {
    let waits = |interval| Error::NoIntervalPrice { feed: feed.into(), interval };
    loop {
        ensure(intervals.start(interval) <= synced.now, || waits(interval))?;
        let slot = Slot::of(querier, &synced.terms.oracle, intervals, interval)?;
        if let Some(quote) = slot.final_quote(feed, &synced.board, synced.now) {
            return quote.price.low(quote.confidence);
        }
        ensure(synced.now >= intervals.closed_from(interval), || waits(interval))?;
        interval += 1;
    }
}

fn requested(position: &Position, vault: u8, owner: &Addr) -> Result<ExitRequest> {
    let none = || Error::NoExitRequested { vault: vault.into(), owner: owner.to_string() };
    position.exit.ok_or_else(none)
}
