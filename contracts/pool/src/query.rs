//! What can be asked. Answers are as of a sync now: it runs on a copy that is not stored.

use cosmwasm_std::{Addr, Deps, Env};
use sdp_types::book::{Listed, MarketState};
use sdp_types::pool::{ConfigResponse, LimitResponse, MarketResponse, PositionResponse, VaultResponse};
use sdp_types::{Result, Rounding, Usd};

use crate::deposit::last_value;
use crate::exit;
use crate::mint::Plan;
use sdp_book::accept::Seen;
use sdp_book::position::{self, debt, ratio};
use sdp_book::state::{self, Position};
use sdp_book::sync::Synced;

/// Addresses and parameters.
pub fn config(deps: Deps<'_>) -> Result<ConfigResponse> {
    let terms = state::terms(deps.storage)?;
    Ok(ConfigResponse {
        guardian: terms.guardian.map(Into::into),
        oracle: terms.oracle.into(),
        sdusd: terms.sdusd.into(),
        liquidator: terms.liquidator.map(Into::into),
        open: terms.open,
        params: terms.params,
    })
}

/// All vaults.
pub fn vaults(deps: Deps<'_>, env: &Env) -> Result<Vec<VaultResponse>> {
    let synced = Synced::load(deps, env)?;
    (0..)
        .zip(&synced.book.vaults)
        .map(|(number, vault)| {
            Ok(VaultResponse {
                vault: number,
                config: state::vault(deps.storage, number)?,
                collateral: vault.book.amount,
                value: vault.weight,
                debt: vault.debt,
                shares: vault.book.shares,
                epoch: vault.book.epoch,
                value_per_share: vault.distribution.value_per_share,
                peak_value_per_share: vault.peak.recent(),
                remainder: vault.distribution.remainder,
                fresh: synced.quote(number).is_ok(),
            })
        })
        .collect()
}

/// All listed markets.
pub fn markets(deps: Deps<'_>, env: &Env) -> Result<Vec<MarketResponse>> {
    let synced = Synced::load(deps, env)?;
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
    Ok(all.map(answer).collect())
}

/// One position. `E0301`, `E0302`.
pub fn position(deps: Deps<'_>, env: &Env, vault: u8, owner: &str) -> Result<PositionResponse> {
    let owner = deps.api.addr_validate(owner)?;
    let synced = Synced::load(deps, env)?;
    let position = position::load(deps, &synced.book, vault, &owner)?;
    shown(&synced, vault, &owner, &position)
}

/// Positions of a vault, 30 by default, at most 100. Those of an epoch that is over are left out.
pub fn positions(
    deps: Deps<'_>,
    env: &Env,
    vault: u8,
    start_after: Option<&str>,
    limit: Option<u32>,
) -> Result<Vec<PositionResponse>> {
    let start_after = start_after.map(|owner| deps.api.addr_validate(owner)).transpose()?;
    let limit = usize::try_from(limit.unwrap_or(30).min(100)).unwrap_or(100);
    let synced = Synced::load(deps, env)?;
    let state = synced.vault(vault)?;
    let stored = state::positions(deps.storage, deps.api, vault, start_after.as_ref(), limit)?;
    let mut answer = Vec::with_capacity(stored.len());
    for (owner, position) in stored {
        if let Some(position) = position::accrue(state, position)? {
            answer.push(shown(&synced, vault, &owner, &position)?);
        }
    }
    Ok(answer)
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

/// An accrued position as it is shown.
fn shown(synced: &Synced, number: u8, owner: &Addr, position: &Position) -> Result<PositionResponse> {
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
        debt_for_issuance: synced.debt_for_issuance(vault, position)?,
        ratio: ratio(value, debt),
        joined_at: position.joined_at,
        exit: position.exit.as_ref().map(|request| exit::response(synced, request)),
    })
}
