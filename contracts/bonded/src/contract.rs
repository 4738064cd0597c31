//! Entry points: dispatch only.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response};

use sdp_types::bonded::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, CONTRACT};
use sdp_types::contract::nonpayable;
use sdp_types::ownership;
use sdp_types::Result;

use crate::{close, configure, draw, graduate, mark, push, quarantine, query, receive, sweep};

/// Version in cw2.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A new desk.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response> {
    nonpayable(&info)?;
    cw2::set_contract_version(deps.storage, CONTRACT, VERSION)?;
    configure::instantiate(deps, &env, msg)
}

/// What anybody may send.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response> {
    nonpayable(&info)?;
    match msg {
        ExecuteMsg::Receive(hook) => receive::receive(deps, &env, &info, &hook),
        ExecuteMsg::Push { record } => push::push(deps, &env, &info, &record),
        ExecuteMsg::Mark { market } => mark::mark(deps, &env, &market),
        ExecuteMsg::RequestDraw { amount } => draw::announce(deps, &env, &info, amount),
        ExecuteMsg::Draw { amount, recipient, accepted_haircut } => {
            draw::draw(deps, &env, &info, amount, &recipient, accepted_haircut)
        }
        ExecuteMsg::Quarantine { market } => quarantine::order(deps, &env, &info, &market),
        ExecuteMsg::Resolve { market, claim } => quarantine::resolve(deps, &env, &info, &market, claim),
        ExecuteMsg::Close { market } => close::close(deps, &env, &info, &market),
        ExecuteMsg::Graduate { market } => graduate::graduate(deps, &env, &market),
        ExecuteMsg::Sweep {} => sweep::sweep(deps, &env),
        ExecuteMsg::Configure { change } => configure::configure(deps, &env, &info, change),
        ExecuteMsg::Enact { id } => configure::enact(deps, &env, id),
        ExecuteMsg::CancelChange { id } => configure::cancel(deps, &info, id),
        ExecuteMsg::UpdateOwnership(action) => {
            ownership::update(deps, env.block.time.seconds(), &info.sender, action)
        }
    }
}

/// Answers.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> Result<Binary> {
    query::answer(deps, &env, msg)
}

/// From an older version of this contract only.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut<'_>, _env: Env, _msg: MigrateMsg) -> Result<Response> {
    sdp_types::contract::migrate(deps.storage, CONTRACT, VERSION)
}
