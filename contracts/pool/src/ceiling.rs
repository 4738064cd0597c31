//! What follows use within governed ranges, moved by whoever comes: ceilings, and the depth of the impact.
//!
//! A ceiling lies a gap above what is used, so that no more can be lost in a day than the gap, however high its maximum is. It falls
//! at once and rises seldom. A breaker lets it fall to what is used.

use cosmwasm_std::{Deps, DepsMut, Env, MessageInfo, Response, Storage};
use sdp_book::ceiling::{target, Ceilings};
use sdp_book::state::{self, Following, Of, DEPTH_ADJUSTED_AT};
use sdp_book::sync::Synced;
use sdp_book::watch::part;
use sdp_types::book::Listing;
use sdp_types::contract::{in_range, nonpayable};
use sdp_types::events::{CeilingAdjusted, DepthAdjusted};
use sdp_types::pool::{Ceiling, Ceilinged};
use sdp_types::regime::{because_of, Reason, Regime};
use sdp_types::units::MAX_USD;
use sdp_types::{ensure, Error, Ratio, Result, Rounding, SignedUsd, Usd};

/// Most that the depth moves at a time: 2 %, so that nobody gains by buying before a move and selling after it.
const DEPTH_STEP: Ratio = Ratio::percent(2);
/// Seconds between two moves of the depth.
const DEPTH_PAUSE: u64 = 3_600;

/// What a message names. `E0007`, `E0301`.
pub fn named(deps: Deps<'_>, listing: &Listing, of: &Ceilinged) -> Result<Of> {
    Ok(match of {
        Ceilinged::Market(market) => {
            let place = listing.market(deps.api, &deps.api.addr_validate(market)?)?;
            let unknown = || Error::NotFound { what: "market".into(), key: market.clone() };
            Of::market(place.ok_or_else(unknown)?)
        }
        Ceilinged::Vault(number) => {
            state::vault(deps.storage, *number)?;
            Of::Vault(*number)
        }
        Ceilinged::Supply {} => Of::Supply,
    })
}

fn name(of: Of, synced: &Synced) -> String {
    match of {
        Of::Supply => "supply".into(),
        Of::Vault(number) => format!("vault {number}"),
        Of::Market(place) => synced.market_name(place.into()),
    }
}

fn regime(of: Of, synced: &Synced) -> Regime {
    match of {
        Of::Market(place) => {
            synced.listing.markets.get(usize::from(place)).map_or(Regime::Normal, |listed| listed.regime)
        }
        Of::Supply | Of::Vault(_) => Regime::Normal,
    }
}

/// Ranges of a ceiling.
pub fn validate(ceiling: &Ceiling) -> Result<()> {
    in_range("ceiling.max", ceiling.max, Usd::ZERO, MAX_USD)?;
    in_range("ceiling.gap", ceiling.gap, Usd::ZERO, MAX_USD)?;
    in_range("ceiling.ttl", ceiling.ttl.into(), 0, crate::rules::MAX_WAIT)
}

/// Whether it is nowhere looser than what there is.
pub fn tightens(storage: &dyn Storage, of: Of, new: Option<Ceiling>) -> Result<bool> {
    let old = state::following(storage, of)?.map(|following| following.ceiling);
    Ok(matches!((old, new), (Some(old), Some(new))
        if new.max <= old.max && new.gap <= old.gap && new.ttl >= old.ttl))
}

/// A ceiling follows from now on, or stays where it is.
pub fn set(storage: &mut dyn Storage, of: Of, ceiling: Option<Ceiling>) -> Result<()> {
    let mut all = state::ceilings(storage)?;
    let before = all.iter().find(|following| following.of == of).copied();
    all.retain(|following| following.of != of);
    if let Some(ceiling) = ceiling {
        let following = before.unwrap_or(Following { of, ceiling, rose_at: 0, moved_at: 0 });
        all.push(Following { ceiling, ..following });
        all.sort_by_key(|following| following.of);
    }
    state::save_ceilings(storage, all)
}

/// What a market may have cost for a draw: what traders have won is owed, so a line that follows and has fallen does not bound it, but the
/// line's maximum.
pub fn hard_line(storage: &dyn Storage, place: usize, line: SignedUsd) -> Result<SignedUsd> {
    let found = state::following(storage, Of::market(place))?;
    found.map_or(Ok(line), |following| Ok(line.max(following.ceiling.max.signed()?)))
}

/// Somebody has lowered a ceiling that follows: nobody adjusts it back above that.
pub fn lower(storage: &mut dyn Storage, of: Of, to: Usd) -> Result<()> {
    let mut all = state::ceilings(storage)?;
    let Some(following) = all.iter_mut().find(|following| following.of == of) else { return Ok(()) };
    following.ceiling.max = following.ceiling.max.min(to);
    state::save_ceilings(storage, all)
}

/// [`sdp_types::pool::ExecuteMsg::AdjustCeiling`].
pub fn adjust(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, what: &Ceilinged) -> Result<Response> {
    nonpayable(info)?;
    let mut synced = Synced::load(deps.as_ref(), env)?;
    let of = named(deps.as_ref(), &synced.listing, what)?;
    let mut all = state::ceilings(deps.storage)?;
    let found = all.iter_mut().find(|following| following.of == of);
    let following =
        found.ok_or_else(|| Error::NotFound { what: "ceiling".into(), key: name(of, &synced) })?;
    let (now, name) = (synced.now, name(of, &synced));
    // what only lacks insurance needs fees, and so room for trades
    let uninsured = because_of(&synced.book.watch.trip, Reason::Insurance) == Regime::Caution;
    let of_pool = if uninsured { Regime::Normal } else { synced.listing.regime };
    let regime = of_pool.max(regime(of, &synced));

    let mut ceilings = Ceilings::of(&mut synced.terms, &mut synced.listing, &synced.book);
    let (from, used) = ceilings.present(deps.storage, of)?;
    let to = target(&following.ceiling, used)?;
    ensure(to != from, || Error::NothingToDo { what: name.clone() })?;
    let mut ready_at = following.moved_at.saturating_add(1);
    if to > from {
        ensure(regime == Regime::Normal, || Error::Restricted { scope: name.clone(), regime })?;
        ready_at = ready_at.max(following.rose_at.saturating_add(following.ceiling.ttl.into()));
        following.rose_at = now;
    }
    ensure(now >= ready_at, || Error::CeilingNotDue { ready_at, now })?;
    following.moved_at = now;
    ceilings.put(deps.storage, of, to)?;

    state::save_ceilings(deps.storage, all)?;
    state::save_terms(deps.storage, &synced.terms)?;
    synced.relisted = true;
    Ok(synced.save(deps.storage)?.add_event(CeilingAdjusted { of: name, from, to }))
}

/// [`sdp_types::pool::ExecuteMsg::AdjustDepth`].
pub fn adjust_depth(deps: DepsMut<'_>, env: &Env, info: &MessageInfo) -> Result<Response> {
    nonpayable(info)?;
    let mut synced = Synced::load(deps.as_ref(), env)?;
    let (from, to) = (synced.listing.impact_depth, depth_target(&synced)?);
    let furthest = from.scale(DEPTH_STEP, Rounding::Down)?;
    let to = to.max(from.saturating_minus(furthest)).min(from.plus(furthest)?);
    ensure(to != from, || Error::NothingToDo { what: "depth".into() })?;
    let (regime, now) = (synced.listing.regime, synced.now);
    ensure(to < from || regime == Regime::Normal, || Error::Restricted { scope: "depth".into(), regime })?;
    let ready_at = DEPTH_ADJUSTED_AT.may_load(deps.storage)?.map_or(0, |at| at.saturating_add(DEPTH_PAUSE));
    ensure(now >= ready_at, || Error::CeilingNotDue { ready_at, now })?;

    DEPTH_ADJUSTED_AT.save(deps.storage, &now)?;
    synced.listing.impact_depth = to;
    synced.relisted = true;
    Ok(synced.save(deps.storage)?.add_event(DepthAdjusted { from, to }))
}

/// Where the depth belongs: from `impact_depth` with an empty budget to `least_depth` with a full one, rounded down.
fn depth_target(synced: &Synced) -> Result<Usd> {
    let params = &synced.terms.params;
    let Some(least) = params.least_depth else { return Ok(synced.listing.impact_depth) };
    let full = match &synced.listing.risk {
        Some(budgets) => {
            let budget = synced.free()?.positive_part().scale(budgets.markets, Rounding::Down)?;
            part(synced.shortfall()?, budget)
        }
        None => part(synced.book.ledger.vault_debt.positive_part(), synced.weight()?),
    };
    let span = params.impact_depth.saturating_minus(least);
    params.impact_depth.minus(span.scale(full.min(Ratio::ONE), Rounding::Up)?)
}
