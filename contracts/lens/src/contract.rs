//! Entry points and dispatch, nothing else.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{to_json_binary, Addr, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use cw_storage_plus::Item;
use sdp_book::remote::Remote;
use sdp_book::sync::Synced;
use sdp_book::{estate, lens, query, state};
use sdp_perps::plan::Request;
use sdp_perps::state::AccountKey;
use sdp_perps::view::View;
use sdp_types::contract::{nonpayable, page};
use sdp_types::lens::{ConfigResponse, InstantiateMsg, MigrateMsg, QueryMsg, CONTRACT};
use sdp_types::market::MAX_BATCH;
use sdp_types::{ensure, Error, Result};

/// Version in cw2.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The pool that it looks at.
const POOL: Item<Addr> = Item::new("pool");

/// A new lens. `E0006` where there is no pool.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response> {
    nonpayable(&info)?;
    let pool = deps.api.addr_validate(&msg.pool)?;
    let there = Remote::new(&deps.as_ref(), &pool);
    Synced::load(there.deps(&deps.as_ref()), &env)?;
    cw2::set_contract_version(deps.storage, CONTRACT, VERSION)?;
    POOL.save(deps.storage, &pool)?;
    Ok(Response::new())
}

/// One question.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> Result<Binary> {
    let (env, pool) = (&env, POOL.load(deps.storage)?);
    let there = Remote::new(&deps, &pool);
    let deps = there.deps(&deps);
    let synced = || Synced::load(deps, env);
    let answer = match msg {
        QueryMsg::Config {} => to_json_binary(&ConfigResponse { pool: pool.to_string() }),
        QueryMsg::Health {} => to_json_binary(&lens::health(&synced()?, &|| state::waterfall(deps.storage))?),
        QueryMsg::Solvency {} => to_json_binary(&lens::solvency(&synced()?)?),
        QueryMsg::Markets {} => to_json_binary(&query::markets(&synced()?)),
        QueryMsg::Ceilings {} => to_json_binary(&query::ceilings(deps, synced()?)?),
        QueryMsg::Regimes {} => to_json_binary(&lens::regimes(&synced()?)?),
        QueryMsg::Estate {} => to_json_binary(&state::estate(deps.storage)?.map(estate::shown)),
        QueryMsg::Redeemed { holder } => {
            let holder = deps.api.addr_validate(&holder)?;
            let redeemer = state::redeemer(deps.storage, deps.api, &holder)?;
            let estate = state::estate(deps.storage)?.unwrap_or_default();
            to_json_binary(&estate::redeemed(estate, redeemer)?)
        }
        QueryMsg::PreviewMint { vault, owner, amount } => {
            to_json_binary(&query::preview_mint(deps, env, vault, &owner, amount)?)
        }
        QueryMsg::MaximumMint { vault, owner } => {
            to_json_binary(&query::maximum_mint(deps, env, vault, &owner)?)
        }
        QueryMsg::PreviewExit { vault, owner, amount } => {
            to_json_binary(&query::preview_exit(deps, env, vault, &owner, amount)?)
        }
        QueryMsg::Perps { market } => {
            let all = |view: &mut View<'_>| (0..).take(view.perps()).map(|perp| view.perp(perp)).collect();
            to_json_binary::<Vec<_>>(&viewed(&deps, env, &market, all)?)
        }
        QueryMsg::Account { market, owner, account } => {
            let key = AccountKey::of(deps.api, &owner, account)?;
            to_json_binary(&viewed(&deps, env, &market, |view| view.account(&key))?)
        }
        QueryMsg::Accounts { market, accounts } => {
            let (count, max) = (accounts.len() as u64, u64::from(MAX_BATCH));
            ensure(count <= max, || Error::TooMany { what: "accounts".into(), count, max })?;
            let keys = accounts.iter().map(|id| AccountKey::of(deps.api, &id.owner, id.account));
            let keys = keys.collect::<Result<Vec<_>>>()?;
            let all = |view: &mut View<'_>| keys.iter().map(|key| view.account(key)).collect();
            to_json_binary::<Vec<_>>(&viewed(&deps, env, &market, all)?)
        }
        QueryMsg::Orders { market, perp, start_after, limit } => {
            let from = start_after.map_or(0, |after| after.saturating_add(1));
            let some = |view: &mut View<'_>| view.orders(perp, from, page(limit));
            to_json_binary(&viewed(&deps, env, &market, some)?)
        }
        QueryMsg::Totals { market } => to_json_binary(&viewed(&deps, env, &market, |view| view.totals())?),
        QueryMsg::PreviewTrade { market, owner, account, perp, size } => {
            let account = AccountKey::of(deps.api, &owner, account)?;
            let request = Request::plain(account, perp, size);
            to_json_binary(&viewed(&deps, env, &market, |view| view.preview(&request))?)
        }
        QueryMsg::Delegation { market, owner, account, delegate } => {
            let (market, delegate) = (deps.api.addr_validate(&market)?, deps.api.addr_validate(&delegate)?);
            let there = Remote::new(&deps, &market);
            let account = AccountKey::of(deps.api, &owner, account)?;
            let by = deps.api.addr_canonicalize(delegate.as_str())?;
            to_json_binary(&sdp_perps::state::delegation(&there, &account, &by)?)
        }
        QueryMsg::Offer { vault, owner } => to_json_binary(&query::offer(deps, vault, &owner)?),
        QueryMsg::Minter { owner } => to_json_binary(&query::minter(deps, &owner)?),
        QueryMsg::Contributions {} => to_json_binary(&lens::contributed(&synced()?)?),
    };
    Ok(answer?)
}

/// What a market's records come to now.
fn viewed<T>(
    deps: &Deps<'_>,
    env: &Env,
    market: &str,
    ask: impl FnOnce(&mut View<'_>) -> Result<T>,
) -> Result<T> {
    let mut env = env.clone();
    // a market knows its place in the pool's list by its own address
    env.contract.address = deps.api.addr_validate(market)?;
    let there = Remote::new(deps, &env.contract.address);
    ask(&mut View::load(there.deps(deps), &env)?)
}

/// From an older version of this contract only: `E0108`.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut<'_>, _env: Env, _msg: MigrateMsg) -> Result<Response> {
    sdp_types::contract::migrate(deps.storage, CONTRACT, VERSION)
}
