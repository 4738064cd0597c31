//! Answers, as of a sync of the pool now.

use cosmwasm_std::{to_json_binary, Addr, Binary, Deps, Env};
use sdp_book::query::shown;
use sdp_book::remote::Remote;
use sdp_book::state as pool_state;
use sdp_types::balancer::{
    BalancePreview, ConfigResponse, MeansResponse, QueryMsg, RuleResponse, StandingResponse,
};
use sdp_types::contract::page;
use sdp_types::{Error, Result};

use crate::plan::{Balance, Means, Of};
use crate::state;

/// One question.
pub fn answer(deps: Deps<'_>, env: &Env, msg: QueryMsg) -> Result<Binary> {
    let pool = &state::POOL.load(deps.storage)?;
    let named = |name: &str| deps.api.addr_validate(name);
    let answer = match msg {
        QueryMsg::Config {} => to_json_binary(&ConfigResponse { pool: pool.to_string() }),
        QueryMsg::Rule { vault, owner } => {
            to_json_binary(&state::rule(deps.storage, deps.api, vault, &named(&owner)?)?)
        }
        QueryMsg::Rules { vault, start_after, limit } => {
            let start_after = start_after.map(|owner| named(&owner)).transpose()?;
            to_json_binary(&rules(deps, vault, start_after.as_ref(), limit)?)
        }
        QueryMsg::Means { owner } => to_json_binary(&means(deps, env, pool, &named(&owner)?)?),
        QueryMsg::Position { vault, owner } => {
            let owner = &named(&owner)?;
            to_json_binary(&standing(deps, env, pool, Of { vault, owner })?)
        }
        QueryMsg::Preview { vault, owner, by } => {
            let owner = &named(&owner)?;
            to_json_binary(&preview(deps, env, pool, Of { vault, owner }, &named(&by)?)?)
        }
    };
    Ok(answer?)
}

fn rules(
    deps: Deps<'_>,
    vault: u8,
    start_after: Option<&Addr>,
    limit: Option<u32>,
) -> Result<Vec<RuleResponse>> {
    let found = state::rules(deps.storage, deps.api, vault, start_after, page(limit))?;
    Ok(found.into_iter().map(|(owner, rule)| RuleResponse { owner: owner.into(), rule }).collect())
}

fn means(deps: Deps<'_>, env: &Env, pool: &Addr, owner: &Addr) -> Result<MeansResponse> {
    let sdusd = pool_state::terms(&Remote::new(&deps, pool))?.sdusd;
    Ok(Means::of(deps, env, pool, &sdusd, owner)?.0)
}

fn standing(deps: Deps<'_>, env: &Env, pool: &Addr, of: Of<'_>) -> Result<StandingResponse> {
    let rule = of.rule(deps)?;
    let ratio = of.load(deps, env, pool)?.ratio();
    Ok(StandingResponse { ratio, standing: rule.standing(ratio) })
}

/// `E0328` where a breaker trips in the sync before a mint: the message would keep that and mint nothing.
fn preview(deps: Deps<'_>, env: &Env, pool: &Addr, of: Of<'_>, by: &Addr) -> Result<BalancePreview> {
    let Balance { mut plan, burnt, minted, fee, tripped } = Balance::of(deps, env, pool, of, by)?;
    if tripped.is_some() {
        plan.synced.unrestricted(of.vault)?;
        return Err(Error::NothingToDo { what: "balance".into() });
    }
    if minted.is_zero() {
        plan.repay(burnt)?;
    } else {
        plan.apply(minted)?;
    }
    let position = shown(&plan.synced, of.vault, of.owner, &plan.position)?;
    Ok(BalancePreview { burnt, minted, fee, position })
}
