//! Answers: at the board's last prices and with funding accrued to now. What an order would do is the lens's to say.

use cosmwasm_std::{to_json_binary, Binary, Deps, Env};

use sdp_perps::state::{self, AccountKey, CHANGES, GUARDIAN};
use sdp_perps::view::View;
use sdp_types::contract::page;
use sdp_types::market::{AccountId, AccountResponse, ConfigResponse, OrderResponse, QueryMsg};
use sdp_types::ownership;
use sdp_types::{Result, Usd};

/// Dispatch.
pub fn query(deps: Deps<'_>, env: &Env, message: QueryMsg) -> Result<Binary> {
    let answer = match message {
        QueryMsg::Config {} => to_json_binary(&config(deps)?),
        QueryMsg::Perps {} => {
            let mut view = View::load(deps, env)?;
            let count = view.perps();
            let perps: Result<Vec<_>> = (0..).take(count).map(|perp| view.perp(perp)).collect();
            to_json_binary(&perps?)
        }
        QueryMsg::Perp { perp } => to_json_binary(&View::load(deps, env)?.perp(perp)?),
        QueryMsg::Account { owner, account } => {
            let key = AccountKey::of(deps.api, &owner, account)?;
            to_json_binary(&View::load(deps, env)?.account(&key)?)
        }
        QueryMsg::Accounts { start_after, limit } => {
            to_json_binary(&accounts(deps, env, start_after, limit)?)
        }
        QueryMsg::Orders { perp, start_after, limit } => {
            to_json_binary(&orders(deps, perp, start_after, limit)?)
        }
        QueryMsg::Totals {} => to_json_binary(&View::load(deps, env)?.totals()?),
        QueryMsg::Changes {} => to_json_binary(&CHANGES.pending(deps.storage)?),
        QueryMsg::Ownership {} => to_json_binary(&ownership::shown(deps.storage)?),
    };
    Ok(answer?)
}

fn config(deps: Deps<'_>) -> Result<ConfigResponse> {
    let terms = state::terms(deps.storage)?;
    Ok(ConfigResponse {
        guardian: GUARDIAN.load(deps.storage)?.map(String::from),
        pool: deps.api.addr_humanize(&terms.pool)?.into(),
        oracle: deps.api.addr_humanize(&terms.oracle)?.into(),
        sdusd: deps.api.addr_humanize(&terms.sdusd)?.into(),
        liquidator: deps.api.addr_humanize(&terms.liquidator)?.into(),
        params: terms.params,
    })
}

fn accounts(
    deps: Deps<'_>,
    env: &Env,
    start_after: Option<AccountId>,
    limit: Option<u32>,
) -> Result<Vec<AccountResponse>> {
    let after = start_after.map(|id| AccountKey::of(deps.api, &id.owner, id.account)).transpose()?;
    let mut view = View::load(deps, env)?;
    let found = state::accounts(deps.storage, after.as_ref(), page(limit))?;
    found.iter().map(|(key, _)| view.account(key)).collect()
}

fn orders(
    deps: Deps<'_>,
    perp: u16,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<Vec<OrderResponse>> {
    let from = start_after.map_or(0, |after| after.saturating_add(1));
    let found = state::orders(deps.storage, perp, from, page(limit))?;
    found
        .into_iter()
        .map(|(number, order)| {
            // a liquidation has released the locks of the orders before it
            let generation = state::account(deps.storage, &order.account)?.map(|account| account.generation);
            let locked = if generation == Some(order.generation) { order.locked } else { Usd::ZERO };
            Ok(OrderResponse {
                perp,
                order: number,
                owner: order.account.owner(deps.api)?,
                account: order.account.number,
                size: order.size,
                increase: order.increase(),
                limit_price: order.limit,
                interval: order.interval,
                last_interval: order.last_interval(),
                locked,
                keeper_fee: order.keeper_fee,
            })
        })
        .collect()
}
