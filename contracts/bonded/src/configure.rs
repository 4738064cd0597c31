//! Instantiation, and changes of the configuration.

use cosmwasm_std::{Deps, DepsMut, Env, MessageInfo, Response};

use sdp_types::bonded::{Bonds, Change, InstantiateMsg, Terms};
use sdp_types::contract::address;
use sdp_types::governance::{self, authority, Submitted};
use sdp_types::ownership;
use sdp_types::pool::Contracts;
use sdp_types::record::canonical;
use sdp_types::Result;

use crate::state::{self, CHANGES, GUARDIAN};

/// A new desk.
#[inline(never)]
pub fn instantiate(deps: DepsMut<'_>, env: &Env, message: InstantiateMsg) -> Result<Response> {
    let pool = deps.api.addr_validate(&message.pool)?;
    let of_pool = Contracts::of(&deps.querier, &pool)?;
    let guardian = address(deps.api, message.guardian.as_deref())?;
    ownership::begin(deps.storage, deps.api, &message.owner)?;
    GUARDIAN.save(deps.storage, &guardian)?;
    message.params.validate()?;
    let terms = Terms {
        pool: canonical(deps.api, &pool)?,
        oracle: canonical(deps.api, &deps.api.addr_validate(&of_pool.oracle)?)?,
        sdusd: canonical(deps.api, &deps.api.addr_validate(&of_pool.sdusd)?)?,
        params: message.params,
    };
    state::save_terms(deps.storage, &terms)?;
    state::save_bonds(deps.storage, &Bonds::default(), env.block.time.seconds())?;
    Ok(Response::new())
}

/// `Configure`.
pub fn configure(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, change: Change) -> Result<Response> {
    let authority = authority(deps.storage, &info.sender, GUARDIAN.load(deps.storage)?.as_ref())?;
    let terms = state::terms(deps.storage)?;
    check(deps.as_ref(), &change)?;
    let tightens = match &change {
        Change::Params { params } => params.tightens(&terms.params),
        Change::SetGuardian { .. } => false,
    };
    let ready_at = env.block.time.seconds().saturating_add(terms.params.change_delay);
    match CHANGES.submit(deps.storage, authority, change, tightens, ready_at)? {
        Submitted::Now(change) => apply(deps, terms, change),
        Submitted::Later(queued) => Ok(Response::new().add_event(governance::queued(&queued)?)),
    }
}

/// `Enact`.
pub fn enact(deps: DepsMut<'_>, env: &Env, id: u64) -> Result<Response> {
    let change = CHANGES.enact(deps.storage, id, env.block.time.seconds())?;
    check(deps.as_ref(), &change)?;
    let terms = state::terms(deps.storage)?;
    apply(deps, terms, change)
}

/// `CancelChange`.
pub fn cancel(deps: DepsMut<'_>, info: &MessageInfo, id: u64) -> Result<Response> {
    Ok(Response::new().add_event(CHANGES.take_back(deps.storage, &info.sender, id)?))
}

/// What a change must satisfy: when it is asked for, and again when it comes into force.
fn check(deps: Deps<'_>, change: &Change) -> Result<()> {
    match change {
        Change::Params { params } => params.validate(),
        Change::SetGuardian { guardian } => address(deps.api, guardian.as_deref()).map(drop),
    }
}

fn apply(deps: DepsMut<'_>, terms: Terms, change: Change) -> Result<Response> {
    let told = governance::applied(&change)?;
    match change {
        Change::Params { params } => state::save_terms(deps.storage, &Terms { params, ..terms })?,
        Change::SetGuardian { guardian } => {
            GUARDIAN.save(deps.storage, &address(deps.api, guardian.as_deref())?)?;
        }
    }
    Ok(Response::new().add_event(told))
}
