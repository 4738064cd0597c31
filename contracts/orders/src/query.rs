//! Answers.

use cosmwasm_std::{to_json_binary, Addr, Binary, Deps, Env};
use sdp_book::remote::Remote;
use sdp_perps::state::AccountKey;
use sdp_types::contract::page;
use sdp_types::orders::{
    ConfigResponse, DueResponse, JarResponse, NewOrder, OrderResponse, PreviewResponse, QueryMsg, Stage,
    TotalsResponse,
};
use sdp_types::{Error, Result, Usd};

use crate::desk::Desk;
use crate::place::Terms;
use crate::state::{self, Config};
use crate::tend::{How, Tending};

/// One question.
pub fn answer(deps: Deps<'_>, env: &Env, msg: QueryMsg) -> Result<Binary> {
    let config = state::config(deps.storage)?;
    let named = |name: &str| deps.api.addr_validate(name);
    let answer = match msg {
        QueryMsg::Config {} => {
            let Config { market, sdusd, params } = config;
            to_json_binary(&ConfigResponse { market: market.into(), sdusd: sdusd.into(), params })
        }
        QueryMsg::Order { id } => to_json_binary(&order(deps, &mut Desk::load(deps.storage)?, id)?),
        QueryMsg::Orders { owner, account, start_after, limit } => {
            let account = AccountKey::of(deps.api, &owner, account)?;
            to_json_binary(&orders(deps, &account, start_after, limit)?)
        }
        QueryMsg::Jar { owner } => {
            let owner = deps.api.addr_canonicalize(named(&owner)?.as_str())?;
            to_json_binary(&state::jar(deps.storage, &owner)?)
        }
        QueryMsg::Jars { start_after, limit } => {
            let start_after = start_after.map(|owner| named(&owner)).transpose()?;
            to_json_binary(&jars(deps, start_after.as_ref(), limit)?)
        }
        QueryMsg::Totals {} => {
            let book = state::book(deps.storage)?;
            to_json_binary(&TotalsResponse { held: book.held, next: book.next })
        }
        QueryMsg::Preview { owner, account, order } => {
            let account = AccountKey::of(deps.api, &owner, account)?;
            to_json_binary(&preview(deps, env, &config, &account, &order)?)
        }
        QueryMsg::Due { start_after, limit } => to_json_binary(&due(deps, env, &config, start_after, limit)?),
    };
    Ok(answer?)
}

fn order(deps: Deps<'_>, desk: &mut Desk, id: u64) -> Result<OrderResponse> {
    let order = desk.order(deps.storage, id)?;
    let link = desk.link(deps.storage, &order)?.unwrap_or_default();
    let flights = &desk.account(deps.storage, &order.account)?.flights;
    let flight = flights.iter().find(|flight| flight.id == id);
    let entry = link.entry.filter(|entry| *entry != id);
    let stage = match flight {
        Some(flight) => Stage::Committed(flight.number),
        None if entry.is_some() => Stage::Sleeping,
        None => Stage::Waiting,
    };
    let is_exit = link.members.contains(&id);
    Ok(OrderResponse {
        id,
        owner: order.account.owner(deps.api)?,
        account: order.account.number,
        perp: order.perp,
        size: order.size,
        kind: order.kind,
        reduce_only: order.reduce_only,
        good_till: order.good_till,
        since: order.since.max(link.woken.unwrap_or_default()),
        keeper_fee: order.keeper_fee,
        reserved: if flight.is_some() { Usd::ZERO } else { order.keeper_fee },
        commits: order.commits,
        linked: link.members.into_iter().filter(|other| is_exit && *other != id).collect(),
        entry,
        stage,
    })
}

fn orders(
    deps: Deps<'_>,
    account: &AccountKey,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<Vec<OrderResponse>> {
    let mut desk = Desk::load(deps.storage)?;
    let ids = state::orders_of(deps.storage, account, start_after, page(limit))?;
    ids.into_iter().map(|id| order(deps, &mut desk, id)).collect()
}

fn jars(deps: Deps<'_>, start_after: Option<&Addr>, limit: Option<u32>) -> Result<Vec<JarResponse>> {
    let found = state::jars(deps.storage, deps.api, start_after, page(limit))?;
    Ok(found.into_iter().map(|(owner, amount)| JarResponse { owner: owner.into(), amount }).collect())
}

fn preview(
    deps: Deps<'_>,
    env: &Env,
    config: &Config,
    account: &AccountKey,
    order: &NewOrder,
) -> Result<PreviewResponse> {
    let terms = Terms { deps, env, config, account };
    let good_till = terms.sensible(order)?;
    let there = Remote::new(&deps, &config.market);
    let mut tending = Tending::load(deps, env, (config, &there), &env.contract.address)?;
    let conditional = terms.unchecked(order, good_till, None);
    let shown = |error: Error| error.to_string();

    let placed = terms.delegated(order.perp, good_till);
    let placed = placed.and_then(|()| {
        let most = (config.params.most_waiting, None);
        tending.desk.clone().place(deps.storage, deps.api, conditional.clone(), most).map(drop)
    });
    let id = tending.desk.next();
    let mut due = tending.market.triggered(id, &conditional, 0).map(drop);
    let limit = order.kind.limit_price();
    // where the owner lets it do nothing yet, that is why it is not placed
    let most = tending.market.allowed(&conditional).ok().and_then(|allowed| allowed.most_notional);
    let planned = tending.market.plan_within(id, &conditional, limit, most);
    if let (Ok(()), Ok(planned)) = (&due, &planned) {
        due = tending.market.would_fill(planned);
    }
    Ok(PreviewResponse {
        not_placed: placed.err().map(shown),
        index: tending.market.index(order.perp).map(|quote| quote.price).unwrap_or_default(),
        not_due: due.err().map(shown),
        locked: planned.as_ref().map(|planned| planned.order.locked).unwrap_or_default(),
        refused: planned.err().map(shown),
        keeper_fee: order.keeper_fee,
        refusal_fee: tending.refusal_fee(order.keeper_fee)?,
        most_commits: config.params.most_commits,
        least_fee: config.params.least_fee,
        most_fee: config.params.most_fee,
    })
}

fn due(
    deps: Deps<'_>,
    env: &Env,
    config: &Config,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<DueResponse> {
    let there = Remote::new(&deps, &config.market);
    let mut tending = Tending::load(deps, env, (config, &there), &env.contract.address)?;
    let limit = page(limit);
    let ids = state::orders(deps.storage, start_after, limit)?;
    let last = ids.last().copied().filter(|_| ids.len() == limit);
    let due = ids.into_iter().filter(|id| tending.one(*id, How::Arm).is_ok()).collect();
    Ok(DueResponse { due, last })
}
