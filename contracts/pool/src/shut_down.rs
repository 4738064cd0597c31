//! The end of the pool: prices are frozen, what positions can't cover is written off, and what is left is divided.
//!
//! Seven days lie between the freeze and the division, in which traders' accounts below zero are closed, positions below their debts are written
//! off and auctions come to their end, all by whoever comes. What was not written off by then is taken from those providers who claim last.

use cosmwasm_std::{Deps, DepsMut, Env, MessageInfo, Response};
use sdp_book::estate::DIVIDED_AFTER;
use sdp_book::position::{charge, debt, end, load, parts};
use sdp_book::state::{self, Estate, Position};
use sdp_book::sync::{weights, Synced};
use sdp_types::book::VaultState;
use sdp_types::contract::nonpayable;
use sdp_types::estate::{haircut, Stock};
use sdp_types::events::{ClaimsFixed, List, PoolShutDown, PositionWrittenOff};
use sdp_types::exposure::Exposure;
use sdp_types::regime::{Regime, Trip};
use sdp_types::units::DAY;
use sdp_types::{ensure, Error, Price, Result, Rounding, Usd};

/// The same while auctions run.
const DIVIDED_AT_LAST: u64 = 30 * DAY;

/// [`sdp_types::pool::ExecuteMsg::ShutDown`].
pub fn by_anyone(deps: DepsMut<'_>, env: &Env, info: &MessageInfo) -> Result<Response> {
    nonpayable(info)?;
    let synced = Synced::load(deps.as_ref(), env)?;
    synced.runs()?;
    Trip::long_enough(&synced.book.watch.trip, synced.now)?;
    shut_down(deps, synced)
}

/// Freezes the prices of a pool that was synced.
pub fn shut_down(deps: DepsMut<'_>, mut synced: Synced) -> Result<Response> {
    synced.runs()?;
    for seen in &synced.markets {
        let runs = || Error::MarketRuns { market: seen.address.to_string() };
        ensure(seen.exposure.iter().all(Exposure::is_flat), runs)?;
    }
    let vaults = &synced.book.vaults;
    let prices: Vec<Price> = vaults.iter().map(|vault| synced.board.frozen(vault.feed)).collect();
    let written_off = vec![Default::default(); prices.len()];
    let estate = Estate { shut_at: synced.now, prices: prices.clone(), written_off, ..Estate::default() };
    synced.listing.regime = Regime::ShutDown;
    synced.relisted = true;

    state::save_estate(deps.storage, &estate)?;
    Ok(synced.save(deps.storage)?.add_event(PoolShutDown { prices: List(prices) }))
}

/// What is left of the pool: `E0334` while it runs.
pub fn estate(deps: Deps<'_>) -> Result<Estate> {
    state::estate(deps.storage)?.ok_or(Error::PoolRuns {})
}

/// What is left of the pool, not divided yet: `E0336`.
fn undivided(deps: Deps<'_>) -> Result<Estate> {
    let estate = estate(deps)?;
    ensure(estate.pots.is_empty(), || Error::ClaimsFixed {})?;
    Ok(estate)
}

/// What a position has in its vault at the frozen price, rounded down.
pub fn frozen_value(estate: &Estate, number: u8, vault: &VaultState, position: &Position) -> Result<Usd> {
    let price = estate.prices.get(usize::from(number)).copied().unwrap_or_default();
    let held = vault.book.amount_of(position.shares, position.epoch)?;
    price.value_of(held, vault.decimals, Rounding::Down)
}

/// [`sdp_types::pool::ExecuteMsg::WriteOff`].
pub fn write_off(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    number: u8,
    owner: &str,
) -> Result<Response> {
    nonpayable(info)?;
    let owner = deps.api.addr_validate(owner)?;
    let mut estate = undivided(deps.as_ref())?;
    let mut synced = Synced::load(deps.as_ref(), env)?;
    let mut position = load(deps.as_ref(), &synced.book, number, &owner)?;

    let (ledger, vault) = parts(&mut synced.book, number)?;
    let (value, owes) = (frozen_value(&estate, number, vault, &position)?, debt(&position)?);
    ensure(value.signed()? < owes, || Error::NotUnderwater { value, debt: owes })?;

    let owed = owes.positive_part();
    ledger.position_written_off(owed, value)?;
    let collateral = end(ledger, vault, &mut position, owes)?;
    if let Some(sum) = estate.written_off.get_mut(usize::from(number)) {
        *sum = sum.plus(collateral)?;
    }

    state::remove_position(deps.storage, deps.api, number, &owner)?;
    state::save_estate(deps.storage, &estate)?;
    let told = PositionWrittenOff { vault: number, owner: owner.into(), collateral, value, debt: owed };
    Ok(synced.save(deps.storage)?.add_event(told))
}

/// [`sdp_types::pool::ExecuteMsg::FixClaims`].
pub fn fix_claims(deps: DepsMut<'_>, env: &Env, info: &MessageInfo) -> Result<Response> {
    nonpayable(info)?;
    let mut estate = undivided(deps.as_ref())?;
    let mut synced = Synced::load(deps.as_ref(), env)?;
    let wait = if synced.book.ledger.tab.is_zero() { DIVIDED_AFTER } else { DIVIDED_AT_LAST };
    let (from, now) = (estate.shut_at.saturating_add(wait), synced.now);
    ensure(now >= from, || Error::ClaimsNotFixed { from, now })?;

    release_insurance(deps.as_ref(), &mut synced)?;
    let stocks = stocks(&synced, &estate)?;
    let ledger = &synced.book.ledger;
    // what an auction has not brought by now may still come, but nobody counts on it
    let holes = ledger.bad_debt.plus(ledger.tab)?;
    estate.haircut = haircut(holes, &stocks)?;
    // what a market holds beyond what it owes is sdUSD that nobody can take out of it
    let issued = ledger.supply.plus(ledger.set_aside)?.signed()?.plus(ledger.reported)?;
    let mut claims = issued.positive_part();
    for stock in &stocks {
        let pot = stock.divide(estate.haircut)?;
        claims = claims.plus(pot.minted)?;
        estate.pots.push(pot);
    }
    estate.claims = claims;

    state::save_estate(deps.storage, &estate)?;
    let told = ClaimsFixed { claims, haircut: estate.haircut, bad_debt: ledger.bad_debt };
    Ok(synced.save(deps.storage)?.add_event(told))
}

/// Insurance meets what bad debt there is without limit, covers notes, and what is left is the providers'.
fn release_insurance(deps: Deps<'_>, synced: &mut Synced) -> Result<()> {
    let notes = synced.book.recoveries.notes_outstanding();
    let weights = weights(&synced.book);
    let ledger = &mut synced.book.ledger;
    let met = ledger.bad_debt.min(ledger.insurance);
    ledger.insurance_meets(met)?;
    let uncovered = notes.saturating_minus(ledger.set_aside);
    ledger.set_aside_for_notes(uncovered.min(ledger.insurance))?;
    let rest = ledger.insurance;
    if weights.iter().any(|weight| !weight.is_zero()) && !rest.is_zero() {
        ledger.insurance_released(rest)?;
        charge(&mut synced.book.vaults, rest.signed()?.negate()?, &weights)?;
    }
    synced.count_loss(&|| state::waterfall(deps.storage), met, |totals| &mut totals.insurance)
}

fn stocks(synced: &Synced, estate: &Estate) -> Result<Vec<Stock>> {
    let all = synced.book.vaults.iter().zip(&estate.prices).zip(&estate.written_off);
    all.map(|((vault, price), written_off)| {
        let held = vault.book.amount;
        let collateral = held.plus(*written_off)?;
        Ok(Stock { collateral, held, price: *price, decimals: vault.decimals, debt: vault.debt })
    })
    .collect()
}
