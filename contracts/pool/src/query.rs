//! What can be asked of the pool itself. Answers are as of a sync now: it runs on a copy that is not stored. The rest is the lens's.

use cosmwasm_std::{Deps, Env};
use sdp_types::contract::page;
use sdp_types::pool::{ConfigResponse, PositionResponse, VaultResponse};
use sdp_types::Result;

use sdp_book::position;
use sdp_book::query::shown;
use sdp_book::state;
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
                minted: vault.minted,
                fresh: synced.quote(number).is_ok(),
            })
        })
        .collect()
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
    let synced = Synced::load(deps, env)?;
    let state = synced.vault(vault)?;
    let stored = state::positions(deps.storage, deps.api, vault, start_after.as_ref(), page(limit))?;
    let mut answer = Vec::with_capacity(stored.len());
    for (owner, position) in stored {
        if let Some(position) = position::accrue(state, position)? {
            answer.push(shown(&synced, vault, &owner, &position)?);
        }
    }
    Ok(answer)
}
