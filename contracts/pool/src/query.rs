//! What can be asked. Answers are as of a sync now: it runs on a copy that is not stored.

use cosmwasm_std::{Addr, Deps, Env};
use sdp_types::book::{Listed, MarketState};
use sdp_types::pool::{
    ConfigResponse, HealthResponse, LimitResponse, MarketResponse, PositionResponse, RiskBudgets,
    VaultResponse,
};
use sdp_types::{Ratio, Result, Rounding, Usd};

use crate::accept::Seen;
use crate::deposit::last_value;
use crate::exit;
use crate::lens::{self, Lens};
use crate::mint::Plan;
use crate::position::{self, debt, ratio};
use crate::state::{self, Position};
use crate::sync::Synced;
use crate::watch::part;

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

/// The pool at a glance.
pub fn health(deps: Deps<'_>, env: &Env) -> Result<HealthResponse> {
    let synced = Synced::load(deps, env)?;
    let (ledger, credit) = (synced.book.ledger, synced.credit()?);
    let (collateral, debt) = (synced.weight()?, ledger.vault_debt);
    let mut debt_from_markets = ledger.potential.signed()?;
    for market in &synced.book.markets {
        debt_from_markets = debt_from_markets.plus(market.used()?)?;
    }
    let lens = Lens::of(&synced)?;
    let (gross_exposure, largest) = lens.gross()?;
    let expected_shortfall = lens.shortfall()?;
    let risk = synced.listing.risk;
    let budget = |whole: Usd, of: fn(&RiskBudgets) -> Ratio| {
        risk.as_ref().map(|budgets| whole.scale(of(budgets), Rounding::Down)).transpose()
    };
    let closed = synced.markets.iter().filter(|seen| seen.refused.is_some());
    Ok(HealthResponse {
        collateral,
        debt,
        debt_from_markets,
        collateral_ratio: ratio(collateral, debt),
        free_collateral: collateral.signed()?.minus(debt)?,
        locked_credit: credit.locked,
        utilisation: part(debt.positive_part(), collateral),
        supply: ledger.supply,
        potential: ledger.potential,
        insurance: ledger.insurance,
        bad_debt: ledger.bad_debt,
        losses: synced.waterfall(deps.storage)?.totals,
        draw_haircut: synced.draw_haircut(None)?,
        exit_haircut: synced.exit_haircut()?,
        tab: ledger.tab,
        recoveries: synced.book.recoveries,
        expected_shortfall,
        expected_shortfall_with_collateral: lens.shortfall_with_collateral()?,
        markets_budget: budget(synced.free()?.positive_part(), |budgets| budgets.markets)?,
        total_budget: budget(collateral, |budgets| budgets.total)?,
        regime: synced.listing.regime,
        impact_depth: synced.listing.impact_depth,
        insurance_coverage: ledger.insurance.per(expected_shortfall, Rounding::Down).ok(),
        distance_to_default: lens.claim(collateral, lens::debt(&synced)?)?.1.distance,
        exposures: lens.exposures(),
        gross_exposure,
        concentration: largest.per(gross_exposure, Rounding::Up).unwrap_or_default(),
        markets: lens.by_market(&synced)?,
        oldest_price: oldest_price(&synced),
        close_only: closed.map(|seen| seen.address.to_string()).collect(),
        as_of: synced.now,
    })
}

/// Age of the oldest price that values collateral or an open exposure.
fn oldest_price(synced: &Synced) -> u64 {
    let vaults = synced.book.vaults.iter().filter(|vault| !vault.book.shares.is_zero());
    let records = synced.markets.iter().filter_map(|seen| seen.exposure.as_ref());
    let entries = records.flat_map(|exposure| &exposure.quantities);
    let open = entries.filter(|entry| !entry.quantity.is_zero()).map(|entry| entry.feed);
    let quotes = vaults.map(|vault| vault.feed).chain(open).filter_map(|feed| synced.board.last(feed).ok());
    quotes.map(|quote| synced.now.saturating_sub(quote.publish_time)).max().unwrap_or_default()
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
