//! Instantiation, and changes of the configuration.

use cosmwasm_std::{CosmosMsg, Deps, DepsMut, Env, Event, MessageInfo, Response};

use sdp_trading::Outside;
use sdp_types::board::Board;
use sdp_types::contract::address;
use sdp_types::error::SpotError;
use sdp_types::events::SyntheticAdded;
use sdp_types::exposure::{Exposure, FeedQuantity};
use sdp_types::governance::{self, authority, Submitted};
use sdp_types::ownership;
use sdp_types::pool::Contracts;
use sdp_types::record::canonical;
use sdp_types::spot::{Change, InstantiateMsg, SyntheticConfig, REDEMPTION_ONE};
use sdp_types::{token, Error, Result, Size};

use crate::books::Books;
use crate::state::{self, Issue, Own, Synthetic, Terms, CHANGES, GUARDIAN, TOKEN_CODE};
use crate::{shut_down, validate};

/// A new contract.
pub fn instantiate(mut deps: DepsMut<'_>, env: &Env, message: InstantiateMsg) -> Result<Response> {
    let pool = deps.api.addr_validate(&message.pool)?;
    let of_pool = Contracts::of(&deps.querier, &pool)?;
    let guardian = address(deps.api, message.guardian.as_deref())?;
    ownership::begin(deps.storage, deps.api, &message.owner)?;
    GUARDIAN.save(deps.storage, &guardian)?;
    TOKEN_CODE.save(deps.storage, &message.token_code_id)?;
    let oracle = deps.api.addr_validate(&of_pool.oracle)?;
    let terms = Terms {
        oracle: canonical(deps.api, &oracle)?,
        sdusd: canonical(deps.api, &deps.api.addr_validate(&of_pool.sdusd)?)?,
        pool: canonical(deps.api, &pool)?,
        params: message.params,
        premium_caps: Vec::new(),
        decimals: Vec::new(),
        links: Vec::new(),
    };
    validate::params(&terms.params, &Board::of(&deps.querier, &oracle)?.intervals)?;
    state::save_terms(deps.storage, &terms)?;
    state::save_published(deps.storage, &Exposure::default(), &Own::default())?;
    let mut response = Response::new();
    for config in message.synthetics {
        let (made, told) = add(deps.branch(), env, config)?;
        response = response.add_message(made).add_event(told);
    }
    Ok(response)
}

/// `Configure`.
pub fn configure(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, change: Change) -> Result<Response> {
    let authority = authority(deps.storage, &info.sender, GUARDIAN.load(deps.storage)?.as_ref())?;
    check(deps.as_ref(), env, &change)?;
    let tightens = match &change {
        Change::UpdateSynthetic { synthetic, config } => {
            validate::tightens(deps.storage, *synthetic, config)?
        }
        _ => false,
    };
    let delay = state::terms(deps.storage)?.params.change_delay;
    let ready_at = env.block.time.seconds().saturating_add(delay);
    match CHANGES.submit(deps.storage, authority, change, tightens, ready_at)? {
        Submitted::Now(change) => apply(deps, env, change),
        Submitted::Later(queued) => Ok(Response::new().add_event(governance::queued(&queued)?)),
    }
}

/// `Enact`.
pub fn enact(deps: DepsMut<'_>, env: &Env, id: u64) -> Result<Response> {
    let change = CHANGES.enact(deps.storage, id, env.block.time.seconds())?;
    // other changes may have come before it
    check(deps.as_ref(), env, &change)?;
    apply(deps, env, change)
}

/// `CancelChange`.
pub fn cancel(deps: DepsMut<'_>, info: &MessageInfo, id: u64) -> Result<Response> {
    Ok(Response::new().add_event(CHANGES.take_back(deps.storage, &info.sender, id)?))
}

/// What a change must satisfy: when it is asked for, and again when it comes into force.
fn check(deps: Deps<'_>, env: &Env, change: &Change) -> Result<()> {
    let terms = state::terms(deps.storage)?;
    match change {
        Change::Params { params } => {
            let board = Board::of(&deps.querier, &deps.api.addr_humanize(&terms.oracle)?)?;
            validate::params(params, &board.intervals)?;
            (0..).take(terms.links.len()).try_for_each(|number| {
                validate::synthetic(&state::synthetic(deps.storage, number)?.config, params)
            })
        }
        Change::AddSynthetic { config } => {
            let runs = !Books::load(deps.storage)?.is_shut_down();
            sdp_types::ensure(runs, || SpotError::WrongPhase { shut_down: true }.into())?;
            validate::new_synthetic(deps, env.block.time.seconds(), &terms, config).map(drop)
        }
        Change::UpdateSynthetic { synthetic, config } => {
            validate::synthetic(config, &terms.params)?;
            validate::update(&state::synthetic(deps.storage, *synthetic)?.config, config)
        }
        Change::SetGuardian { guardian } => address(deps.api, guardian.as_deref()).map(drop),
        Change::ShutDown {} => Ok(()),
    }
}

fn apply(deps: DepsMut<'_>, env: &Env, change: Change) -> Result<Response> {
    let response = Response::new().add_event(governance::applied(&change)?);
    match change {
        Change::Params { params } => {
            let terms = state::terms(deps.storage)?;
            state::save_terms(deps.storage, &Terms { params, ..terms })?;
        }
        Change::ShutDown {} => {
            let terms = state::terms(deps.storage)?;
            let outside = Outside::read(deps.as_ref(), env, terms.home())?;
            let done = shut_down::freeze(deps, &terms, &outside)?;
            return Ok(response.add_events(done.events));
        }
        Change::AddSynthetic { config } => {
            let (made, told) = add(deps, env, config)?;
            return Ok(response.add_message(made).add_event(told));
        }
        Change::UpdateSynthetic { synthetic, config } => {
            let mut terms = state::terms(deps.storage)?;
            if let Some(cap) = terms.premium_caps.get_mut(usize::from(synthetic)) {
                *cap = config.premium_cap;
            }
            let token = state::synthetic(deps.storage, synthetic)?.token;
            state::save_terms(deps.storage, &terms)?;
            state::save_synthetic(deps.storage, synthetic, &Synthetic { config, token })?;
        }
        Change::SetGuardian { guardian } => {
            GUARDIAN.save(deps.storage, &address(deps.api, guardian.as_deref())?)?;
        }
    }
    Ok(response)
}

/// A further synthetic: the message that makes its token, and what is told.
fn add(deps: DepsMut<'_>, env: &Env, config: SyntheticConfig) -> Result<(CosmosMsg, Event)> {
    let mut terms = state::terms(deps.storage)?;
    let link = validate::new_synthetic(deps.as_ref(), env.block.time.seconds(), &terms, &config)?;
    let (link, index) = link.map_or((None, 0), |(link, index)| (Some(link), index));
    let code = TOKEN_CODE.load(deps.storage)?;
    let (made, token) = token::create(
        (&deps.querier, deps.api),
        &env.contract.address,
        code,
        &config.symbol,
        (config.name.clone(), config.symbol.clone(), config.decimals),
    )?;

    let number = u16::try_from(terms.links.len());
    let number = number.map_err(|_| Error::Overflow { operation: "synthetics".into() })?;
    let (mut exposure, mut own) = state::published(deps.storage)?;
    exposure.quantities.push(FeedQuantity { feed: config.feed, quantity: Size::ZERO });
    own.issues.push(Issue { redemption: REDEMPTION_ONE, index, ..Issue::default() });
    terms.premium_caps.push(config.premium_cap);
    terms.decimals.push(config.decimals);
    terms.links.push(link);
    state::save_terms(deps.storage, &terms)?;
    state::save_published(deps.storage, &exposure, &own)?;
    let synthetic = Synthetic { config, token: canonical(deps.api, &token)? };
    state::save_synthetic(deps.storage, number, &synthetic)?;
    Ok((made, SyntheticAdded { synthetic: number, token: token.into() }.into()))
}
