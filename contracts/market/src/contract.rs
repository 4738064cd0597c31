//! Entry points: dispatch only.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response};

use sdp_types::contract::nonpayable;
use sdp_types::market::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, CONTRACT};
use sdp_types::ownership;
use sdp_types::Result;

use crate::{back, commit, configure, delegate, liquidate, margin, query, settle, shut_down};
use sdp_perps::books::Books;
use sdp_perps::plan::Request;
use sdp_perps::prices::Outside;
use sdp_perps::state::{self, AccountKey};

/// Version in cw2.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A new market contract.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(deps: DepsMut<'_>, _env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response> {
    nonpayable(&info)?;
    cw2::set_contract_version(deps.storage, CONTRACT, VERSION)?;
    configure::instantiate(deps, msg)
}

/// What anybody may send.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response> {
    nonpayable(&info)?;
    match msg {
        ExecuteMsg::Receive(message) => margin::receive(deps, &info, message),
        ExecuteMsg::Withdraw { account, amount, recipient, into, accepted_haircut } => match into {
            Some(into) => margin::transfer(deps, &env, &info, (account, into), amount),
            None => margin::withdraw(deps, &env, &info, account, amount, (recipient, accepted_haircut)),
        },
        ExecuteMsg::Commit { owner, account, perp, size, limit_price, expires_in, reduce_only } => {
            let owner = owner.as_deref().unwrap_or(info.sender.as_str());
            let account = AccountKey::of(deps.api, owner, account)?;
            let request = Request { account, perp, size, limit: limit_price, expires_in, reduce_only };
            commit::commit(deps, &env, &info, &request)
        }
        ExecuteMsg::SetDelegate { account, delegate, delegation } => {
            delegate::set(deps, &env, &info, (account, &delegate), delegation)
        }
        ExecuteMsg::TakeAccount { owner, account, into } => {
            delegate::take(deps, &env, &info, (&owner, account), into)
        }
        ExecuteMsg::SetReferrer { account, referrer } => delegate::refer(deps, &info, account, referrer),
        ExecuteMsg::Cancel { perp, order } => commit::cancel(deps, &env, &info, perp, order),
        ExecuteMsg::Settle { perp, limit } => settle::settle(deps, &env, &info, perp, limit),
        ExecuteMsg::Poke {} => poke(deps, &env),
        ExecuteMsg::Liquidate { accounts, keeper } => {
            liquidate::liquidate(deps, &env, &info, &accounts, &keeper)
        }
        ExecuteMsg::SetBacked { owner, account, backed, charge } => {
            back::set_backed(deps, &info, (owner, account), backed, charge)
        }
        ExecuteMsg::ShutDown {} => shut_down::by_anyone(deps, &env),
        ExecuteMsg::Configure { change } => configure::configure(deps, &env, &info, change),
        ExecuteMsg::Enact { id } => configure::enact(deps, &env, id),
        ExecuteMsg::CancelChange { id } => configure::cancel(deps, &info, id),
        ExecuteMsg::UpdateOwnership(action) => {
            ownership::update(deps, env.block.time.seconds(), &info.sender, action)
        }
    }
}

/// `Poke`: samples funding, and looks at what all winners have won.
fn poke(deps: DepsMut<'_>, env: &Env) -> Result<Response> {
    let terms = state::terms(deps.storage)?;
    let outside = Outside::read(deps.as_ref(), env, terms.home())?;
    let before = Books::load(deps.storage, &terms)?;
    let mut books = before.clone();
    let mut events = books.deleverage(deps.storage, &terms, &outside, true)?;
    events.push(books.sample(&terms, &outside)?);
    events.extend(books.save(deps.storage, deps.api, &before)?);
    Ok(Response::new().add_events(events))
}

/// Answers.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, _env: Env, msg: QueryMsg) -> Result<Binary> {
    query::query(deps, msg)
}

/// From an older version of this contract only.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut<'_>, _env: Env, _msg: MigrateMsg) -> Result<Response> {
    sdp_types::contract::migrate(deps.storage, CONTRACT, VERSION)
}
