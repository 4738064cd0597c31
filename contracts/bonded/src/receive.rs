//! The door through which sdUSD comes: as a bond, or as what a market has earned.

use cosmwasm_std::{from_json, Addr, Deps, DepsMut, Env, MessageInfo, Response};
use cw20::Cw20ReceiveMsg;

use sdp_types::bonded::{Hook, Slot};
use sdp_types::book::Book;
use sdp_types::contract::movable;
use sdp_types::error::BondedError;
use sdp_types::events::{Bonded, BondedPaidIn};
use sdp_types::record::canonical;
use sdp_types::regime::Regime;
use sdp_types::{ensure, Error, Result, Rounding, Usd};

use crate::desk::Desk;

/// `Receive`: `E0110` for any other token.
pub fn receive(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, hook: &Cw20ReceiveMsg) -> Result<Response> {
    let desk = Desk::load(deps.as_ref(), env)?;
    ensure(info.sender == desk.sdusd, || Error::UnknownToken { token: info.sender.to_string() })?;
    let payer = deps.api.addr_validate(&hook.sender)?;
    let amount = movable(Usd::new(hook.amount.u128()))?;
    match from_json(&hook.msg)? {
        Hook::Open { market } => open(deps, desk, &payer, amount, &market),
        Hook::TopUp { market } => top_up(deps, desk, amount, &market),
        Hook::PayIn { market } => pay_in(deps, desk, &payer, amount, &market),
    }
}

/// [`Hook::Open`].
fn open(deps: DepsMut<'_>, mut desk: Desk, opener: &Addr, bond: Usd, market: &str) -> Result<Response> {
    let market = deps.api.addr_validate(market)?;
    is_market(deps.as_ref(), &desk, &market)?;
    let params = *desk.params();
    let minimum = params.minimum_bond;
    ensure(bond >= minimum, || BondedError::BondBelowMinimum { bond, minimum }.into())?;
    let (count, max) = (desk.bonds.slots.len() as u64 + 1, u64::from(params.slots));
    ensure(count <= max, || Error::TooMany { what: "bonded markets".into(), count, max })?;

    let (own, opener_own) = (canonical(deps.api, &market)?, canonical(deps.api, opener)?);
    let slot = Slot::opened(own, opener_own, bond, params.credit(bond)?, desk.now);
    let told = Bonded { market: market.into(), opener: opener.to_string(), bond, credit: slot.credit };
    desk.bonds.slots.push(slot);
    desk.bonds.held = desk.bonds.held.plus(bond)?;
    has_room(deps.as_ref(), &desk)?;
    desk.save(deps.storage)?;
    Ok(Response::new().add_event(told))
}

/// [`Hook::TopUp`].
fn top_up(deps: DepsMut<'_>, mut desk: Desk, amount: Usd, market: &str) -> Result<Response> {
    let market = deps.api.addr_validate(market)?;
    let place = desk.believed(deps.api, &market)?;
    let credit = desk.params().credit(amount)?;
    let slot = desk.slot(place)?;
    ensure(slot.closing.is_none(), || BondedError::MarketCloses { market: market.to_string() }.into())?;
    slot.bond = slot.bond.plus(amount)?;
    slot.credit = slot.credit.plus(credit)?;
    let opener = deps.api.addr_humanize(&slot.opener)?.into();
    let told = Bonded { market: market.into(), opener, bond: slot.bond, credit: slot.credit };
    desk.bonds.held = desk.bonds.held.plus(amount)?;
    has_room(deps.as_ref(), &desk)?;
    desk.save(deps.storage)?;
    Ok(Response::new().add_event(told))
}

/// [`Hook::PayIn`].
fn pay_in(deps: DepsMut<'_>, mut desk: Desk, payer: &Addr, amount: Usd, market: &str) -> Result<Response> {
    let market = deps.api.addr_validate(market)?;
    let place = desk.place(deps.api, &market)?;
    let slot = desk.slot(place)?;
    slot.paid_in = slot.paid_in.plus(amount)?;
    desk.bonds.held = desk.bonds.held.plus(amount)?;
    desk.save(deps.storage)?;
    let told = BondedPaidIn { market: market.into(), payer: payer.to_string(), amount };
    Ok(Response::new().add_event(told))
}

/// A contract that is neither bonded nor listed, nor one of those that it would stand behind. `E1005`, `E0009`.
fn is_market(deps: Deps<'_>, desk: &Desk, market: &Addr) -> Result<()> {
    let oracle = deps.api.addr_humanize(&desk.terms.oracle)?;
    let ours = [&desk.own, &desk.pool, &desk.sdusd, &oracle].contains(&market);
    let is_contract = !ours && deps.querier.query_wasm_contract_info(market).is_ok();
    ensure(is_contract, || BondedError::NotAMarket { market: market.to_string() }.into())?;
    let listed = desk.listing.market(deps.api, market)?.is_some();
    let bonded = desk.bonds.place(deps.api, market)?.is_some();
    ensure(!listed && !bonded, || Error::Duplicate { what: "market".into(), key: market.to_string() })
}

/// All credit is within its cap, and what it is beyond the bonds within the desk's line, losses of markets that are over counted; nothing of it
/// grows unless the pool's regime is normal. `E0328`, `E1003`, `E0508`, `E1004`.
fn has_room(deps: Deps<'_>, desk: &Desk) -> Result<()> {
    let regime = desk.listing.regime;
    ensure(regime == Regime::Normal, || Error::Restricted { scope: "pool".into(), regime })?;
    let (credit, cap) = (desk.bonds.credit()?, cap(deps, desk)?);
    ensure(credit <= cap, || BondedError::AboveBondedCap { credit, cap }.into())?;
    let needed = desk.bonds.results()?.plus(desk.bonds.at_risk()?.signed()?)?;
    let line = desk.line(deps.api)?;
    ensure(needed <= line, || BondedError::AboveDeskLine { needed, line }.into())
}

/// Σ credit that there may be now.
pub fn cap(deps: Deps<'_>, desk: &Desk) -> Result<Usd> {
    Book::of(&deps.querier, &desk.pool)?.weight()?.scale(desk.params().cap, Rounding::Down)
}
