//! Entry points, dispatch, and how the market tells what it owes.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response};

use sdp_types::bonded::Counterparty;
use sdp_types::contract::{nonpayable, page};
use sdp_types::event::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, StateResponse, CONTRACT};
use sdp_types::pool::Contracts;
use sdp_types::Result;

use crate::state::{self, Event, Terms};
use crate::{outcome, redeem, sell};

/// Version in cw2.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A new market. It owes nothing, and nothing can be bought until somebody stands behind it.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response> {
    nonpayable(&info)?;
    cw2::set_contract_version(deps.storage, CONTRACT, VERSION)?;
    sell::check(&msg.quote)?;
    let address = |name: &str| deps.api.addr_validate(name);
    let (pool, quote) = (address(&msg.pool)?, msg.quote);
    let of_pool = Contracts::of(&deps.querier, &pool)?;
    let terms = Terms {
        author: address(&msg.author)?,
        desk: address(&msg.desk)?,
        oracle: address(&of_pool.oracle)?,
        sdusd: address(&of_pool.sdusd)?,
        pool,
        feed: msg.feed,
        strike: msg.strike,
        lasts: msg.lasts,
        ends_at: env.block.time.seconds().saturating_add(msg.lasts),
        window: msg.window,
    };
    state::save_terms(deps.storage, &terms)?;
    state::save(deps.storage, &mut Event::new(quote), env.block.time.seconds())?;
    Ok(Response::new())
}

/// What anybody may send.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response> {
    nonpayable(&info)?;
    match msg {
        ExecuteMsg::Receive(hook) => sell::receive(deps, &env, &info, &hook),
        ExecuteMsg::Quote { quote } => sell::quote(deps, &env, &info, quote),
        ExecuteMsg::Publish {} => {
            let (terms, mut event) = state::load(deps.storage)?;
            let behind = behind(deps.as_ref(), &env, &terms)?;
            told(deps, &env, &mut event, &behind)
        }
        ExecuteMsg::Announce {} => redeem::announce(deps.as_ref(), &env),
        ExecuteMsg::Resolve {} => outcome::resolve(deps, &env),
        ExecuteMsg::Redeem { owner, accepted_haircut } => {
            redeem::redeem(deps, &env, &info, owner, accepted_haircut)
        }
        ExecuteMsg::PayIn {} => redeem::pay_in(deps, &env),
    }
}

/// Who stands behind this market now. Asked before anything is written.
pub fn behind(deps: Deps<'_>, env: &Env, terms: &Terms) -> Result<Counterparty> {
    Counterparty::of(deps, env, &terms.pool, &terms.desk)
}

/// Stores how the market stands, and begins the answer with telling that to who stands behind it.
pub fn told(deps: DepsMut<'_>, env: &Env, event: &mut Event, behind: &Counterparty) -> Result<Response> {
    state::save(deps.storage, event, env.block.time.seconds())?;
    Ok(Response::new().add_messages(behind.publish(&event.exposure)?))
}

/// Answers.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, _env: Env, msg: QueryMsg) -> Result<Binary> {
    let answer = match msg {
        QueryMsg::State {} => {
            let (terms, event) = state::load(deps.storage)?;
            let ends_at = terms.ends_at;
            let terms = InstantiateMsg {
                author: terms.author.into(),
                pool: terms.pool.into(),
                desk: terms.desk.into(),
                feed: terms.feed,
                strike: terms.strike,
                lasts: terms.lasts,
                window: terms.window,
                quote: event.book.quote,
            };
            let (owed, book) = (event.book.owed(), event.book);
            to_json_binary(&StateResponse {
                terms,
                ends_at,
                quote: book.quote,
                held: book.held,
                yes: book.yes,
                no: book.no,
                cost: book.cost,
                owed,
                outcome: book.outcome,
            })
        }
        QueryMsg::Holder { owner } => {
            let owner = deps.api.addr_validate(&owner)?;
            to_json_binary(&state::holder(deps.storage, deps.api, &owner)?.shown(owner))
        }
        QueryMsg::Holders { start_after, limit } => {
            let after = start_after.map(|owner| deps.api.addr_validate(&owner)).transpose()?;
            let found = state::holders(deps.storage, deps.api, after.as_ref(), page(limit))?;
            let shown = found.into_iter().map(|(owner, holder)| holder.shown(owner));
            to_json_binary(&shown.collect::<Vec<_>>())
        }
    };
    Ok(answer?)
}

/// From an older version of this contract only.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut<'_>, _env: Env, _msg: MigrateMsg) -> Result<Response> {
    sdp_types::contract::migrate(deps.storage, CONTRACT, VERSION)
}
