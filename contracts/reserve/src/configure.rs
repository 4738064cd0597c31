//! Instantiation, and changes of the configuration.

use cosmwasm_std::{Deps, DepsMut, Env, MessageInfo, Response};

use sdp_types::board::Board;
use sdp_types::contract::address;
use sdp_types::governance::{self, authority, Submitted};
use sdp_types::ownership;
use sdp_types::pool::{Contracts, Token};
use sdp_types::record::canonical;
use sdp_types::reserve::{Change, InstantiateMsg, TokenConfig, MAX_TOKENS};
use sdp_types::{ensure, Error, Result};

use crate::books::{Books, Stock};
use crate::params::{check_params, check_token, check_update, params_tighten, token_tightens};
use crate::state::{self, Terms, CHANGES, GUARDIAN};

/// A new reserve.
#[inline(never)]
pub fn instantiate(deps: DepsMut<'_>, message: InstantiateMsg) -> Result<Response> {
    let pool = deps.api.addr_validate(&message.pool)?;
    let of_pool = Contracts::of(&deps.querier, &pool)?;
    let guardian = address(deps.api, message.guardian.as_deref())?;
    ownership::begin(deps.storage, deps.api, &message.owner)?;
    GUARDIAN.save(deps.storage, &guardian)?;
    check_params(&message.params)?;
    let mut terms = Terms {
        pool: canonical(deps.api, &pool)?,
        oracle: canonical(deps.api, &deps.api.addr_validate(&of_pool.oracle)?)?,
        sdusd: canonical(deps.api, &deps.api.addr_validate(&of_pool.sdusd)?)?,
        params: message.params,
        tokens: Vec::new(),
    };
    let mut books = Books::default();
    for config in message.tokens {
        check_new(deps.as_ref(), &terms, &config)?;
        add(&mut terms, &mut books, config);
    }
    state::save_terms(deps.storage, &terms)?;
    state::save_books(deps.storage, &books)?;
    Ok(Response::new())
}

/// `Configure`.
pub fn configure(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, change: Change) -> Result<Response> {
    let authority = authority(deps.storage, &info.sender, GUARDIAN.load(deps.storage)?.as_ref())?;
    let terms = state::terms(deps.storage)?;
    check(deps.as_ref(), &terms, &change)?;
    let tightens = tightens(&terms, &change)?;
    let ready_at = env.block.time.seconds().saturating_add(terms.params.change_delay);
    match CHANGES.submit(deps.storage, authority, change, tightens, ready_at)? {
        Submitted::Now(change) => apply(deps, terms, change),
        Submitted::Later(queued) => Ok(Response::new().add_event(governance::queued(&queued)?)),
    }
}

/// `Enact`.
pub fn enact(deps: DepsMut<'_>, env: &Env, id: u64) -> Result<Response> {
    let change = CHANGES.enact(deps.storage, id, env.block.time.seconds())?;
    // other changes may have come before it
    let terms = state::terms(deps.storage)?;
    check(deps.as_ref(), &terms, &change)?;
    apply(deps, terms, change)
}

/// `CancelChange`.
pub fn cancel(deps: DepsMut<'_>, info: &MessageInfo, id: u64) -> Result<Response> {
    Ok(Response::new().add_event(CHANGES.take_back(deps.storage, &info.sender, id)?))
}

/// What a change must satisfy: when it is asked for, and again when it comes into force.
fn check(deps: Deps<'_>, terms: &Terms, change: &Change) -> Result<()> {
    match change {
        Change::Params { params } => check_params(params),
        Change::AddToken { config } => check_new(deps, terms, config),
        Change::UpdateToken { token, config } => {
            check_update(token_of(terms, *token)?, config)?;
            check_token(config, feeds(deps, terms)?)
        }
        Change::SetGuardian { guardian } => address(deps.api, guardian.as_deref()).map(drop),
    }
}

fn tightens(terms: &Terms, change: &Change) -> Result<bool> {
    Ok(match change {
        Change::Params { params } => params_tighten(&terms.params, params),
        Change::UpdateToken { token, config } => token_tightens(token_of(terms, *token)?, config),
        Change::AddToken { .. } | Change::SetGuardian { .. } => false,
    })
}

fn apply(deps: DepsMut<'_>, mut terms: Terms, change: Change) -> Result<Response> {
    let told = governance::applied(&change)?;
    match change {
        Change::Params { params } => terms.params = params,
        Change::AddToken { config } => {
            let mut books = state::books(deps.storage)?;
            add(&mut terms, &mut books, config);
            state::save_books(deps.storage, &books)?;
        }
        Change::UpdateToken { token, config } => {
            if let Some(old) = terms.tokens.get_mut(usize::from(token)) {
                *old = config;
            }
        }
        Change::SetGuardian { guardian } => {
            GUARDIAN.save(deps.storage, &address(deps.api, guardian.as_deref())?)?;
        }
    }
    state::save_terms(deps.storage, &terms)?;
    Ok(Response::new().add_event(told))
}

/// A further token: `E0010`, `E0009`, and the rules of its numbers.
fn check_new(deps: Deps<'_>, terms: &Terms, config: &TokenConfig) -> Result<()> {
    let (count, max) = (terms.tokens.len() as u64 + 1, MAX_TOKENS as u64);
    ensure(count <= max, || Error::TooMany { what: "tokens".into(), count, max })?;
    check_token(config, feeds(deps, terms)?)?;
    let mut taken = terms.tokens.iter().any(|listed| listed.token == config.token);
    if let Token::Cw20(contract) = &config.token {
        // sdUSD comes the other way
        taken |= canonical(deps.api, &deps.api.addr_validate(contract)?)? == terms.sdusd;
    }
    ensure(!taken, || Error::Duplicate { what: "token".into(), key: config.token.to_string() })
}

fn add(terms: &mut Terms, books: &mut Books, config: TokenConfig) {
    terms.tokens.push(config);
    books.held.stocks.push(Stock::default());
}

fn token_of(terms: &Terms, number: u8) -> Result<&TokenConfig> {
    let unknown = || Error::NotFound { what: "token".into(), key: number.to_string() };
    terms.tokens.get(usize::from(number)).ok_or_else(unknown)
}

fn feeds(deps: Deps<'_>, terms: &Terms) -> Result<usize> {
    Ok(Board::of(&deps.querier, &deps.api.addr_humanize(&terms.oracle)?)?.quotes.len())
}
