//! What is told of a pool without any change: by the pool itself of its positions, by the lens of all else. Answers are as of a sync now.

use cosmwasm_std::{Addr, Deps, Env};
use sdp_types::book::{Listed, MarketState};
use sdp_types::pool::{
    CeilingResponse, Ceilinged, ExitPreview, LimitResponse, MarketResponse, OfferResponse, PositionResponse,
};
use sdp_types::{Amount, Result, Rounding, Usd};

use crate::accept::Seen;
use crate::ceiling::{target, Ceilings};
use crate::exit::{response, Release};
use crate::mint::Plan;
use crate::position::{debt, last_value, load, ratio};
use crate::state::{self, Following, Of, Position};
use crate::sync::Synced;

/// All listed markets.
pub fn markets(synced: &Synced) -> Vec<MarketResponse> {
    let all = synced.listing.markets.iter().zip(&synced.book.markets).zip(&synced.markets);
    let answer = |((listed, market), seen): ((&Listed, &MarketState), &Seen)| MarketResponse {
        market: seen.address.to_string(),
        line: listed.line,
        regime: listed.regime,
        reported: market.reported,
        used: seen.used,
        accepted: seen.refused.is_none(),
        accepted_at: market.accepted_at,
        drawn: market.drawn,
        fees: market.fees,
        shortfalls: market.shortfalls,
    };
    all.map(answer).collect()
}

/// The position after a mint, or the error that the mint would have.
pub fn preview_mint(
    deps: Deps<'_>,
    env: &Env,
    vault: u8,
    owner: &str,
    amount: Usd,
) -> Result<PositionResponse> {
    let owner = deps.api.addr_validate(owner)?;
    let mut plan = Plan::load(deps, env, vault, &owner)?;
    plan.allows(amount)?;
    plan.apply(amount)?;
    shown(&plan.synced, vault, &owner, &plan.position)
}

/// The most that can be minted now; nothing where the plan can't even be made, bound by that error.
pub fn maximum_mint(deps: Deps<'_>, env: &Env, vault: u8, owner: &str) -> Result<LimitResponse> {
    let owner = deps.api.addr_validate(owner)?;
    match Plan::load(deps, env, vault, &owner) {
        Ok(plan) => plan.maximum(),
        Err(error) => {
            let bound_by = format!("{} {}", error.code(), error.name());
            Ok(LimitResponse { amount: Usd::ZERO, bound_by })
        }
    }
}

/// [`sdp_types::lens::QueryMsg::PreviewExit`]: at the board's price, whatever its delays.
pub fn preview_exit(
    deps: Deps<'_>,
    env: &Env,
    vault: u8,
    owner: &str,
    amount: Amount,
) -> Result<ExitPreview> {
    let owner = deps.api.addr_validate(owner)?;
    let mut synced = Synced::load(deps, env)?;
    let mut position = load(deps, &synced.book, vault, &owner)?;
    let price = synced.quote(vault)?.price;
    synced.unrestricted(vault)?;
    let config = state::vault(deps.storage, vault)?;
    let haircut = synced.exit_haircut()?;
    let release = Release::plan(&synced, vault, &config, &position, amount, price)?;
    let Release { minted, charged, .. } = release;
    let released = release.apply(&mut synced, vault, &mut position)?;
    Ok(ExitPreview { released, minted, haircut, charged })
}

/// [`sdp_types::lens::QueryMsg::Offer`].
pub fn offer(deps: Deps<'_>, vault: u8, owner: &str) -> Result<Option<OfferResponse>> {
    let offer = state::offer(deps.storage, deps.api, vault, &deps.api.addr_validate(owner)?)?;
    Ok(offer.map(|offer| OfferResponse { to: offer.to.into(), amount: offer.amount }))
}

/// [`sdp_types::lens::QueryMsg::Minter`].
pub fn minter(deps: Deps<'_>, owner: &str) -> Result<Option<Addr>> {
    let minter = state::minter(deps.storage, deps.api, &deps.api.addr_validate(owner)?)?;
    Ok(minter.map(|minter| deps.api.addr_humanize(&minter)).transpose()?)
}

/// [`sdp_types::lens::QueryMsg::Ceilings`].
pub fn ceilings(deps: Deps<'_>, mut synced: Synced) -> Result<Vec<CeilingResponse>> {
    let mut answer = Vec::new();
    for Following { of, ceiling, rose_at, moved_at } in state::ceilings(deps.storage)? {
        let named = match of {
            Of::Supply => Ceilinged::Supply {},
            Of::Vault(number) => Ceilinged::Vault(number),
            Of::Market(place) => Ceilinged::Market(synced.market_name(place.into())),
        };
        let present = Ceilings::of(&mut synced.terms, &mut synced.listing, &synced.book);
        let (line, used) = present.present(deps.storage, of)?;
        let rises_from = rose_at.saturating_add(ceiling.ttl.into()).max(moved_at.saturating_add(1));
        let target = target(&ceiling, used)?;
        answer.push(CeilingResponse { of: named, ceiling, line, used, target, rises_from });
    }
    Ok(answer)
}

/// An accrued position as it is shown.
pub fn shown(synced: &Synced, number: u8, owner: &Addr, position: &Position) -> Result<PositionResponse> {
    let vault = synced.vault(number)?;
    let collateral = vault.book.amount_of(position.shares, position.epoch)?;
    let value = match synced.quote(number) {
        Ok(quote) => quote.price.value_of(collateral, vault.decimals, Rounding::Down)?,
        Err(_) => last_value(vault, collateral)?,
    };
    let debt = debt(position)?;
    Ok(PositionResponse {
        vault: number,
        owner: owner.to_string(),
        collateral,
        shares: position.shares,
        value,
        debt,
        debt_exact: position.principal,
        minted: position.minted,
        debt_for_issuance: synced.debt_for_issuance(vault, position)?,
        ratio: ratio(value, debt),
        joined_at: position.joined_at,
        exit: position.exit.as_ref().map(|request| response(synced, request)),
    })
}
