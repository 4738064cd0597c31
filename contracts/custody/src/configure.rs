//! Instantiation, and changes of the configuration.

use cosmwasm_std::{Deps, DepsMut, Env, MessageInfo, Response, Storage};
use sdp_book::remote::Remote;
use sdp_types::board::Board;
use sdp_types::contract::address;
use sdp_types::custody::{Change, Haircuts, InstantiateMsg, TokenConfig, MAX_TOKENS};
use sdp_types::governance::{self, authority, Submitted};
use sdp_types::ownership;
use sdp_types::pool::Token;
use sdp_types::record::canonical;
use sdp_types::{ensure, Amount, Error, Result};

use crate::params::{check_params, check_token, check_update, params_tighten, token_tightens};
use crate::state::{self, Home, Stock, CHANGES, GUARDIAN, HOME, PARAMS};

/// A new custody beside its market, of whose records it takes oracle and token.
pub fn instantiate(deps: DepsMut<'_>, message: InstantiateMsg) -> Result<Response> {
    let market = deps.api.addr_validate(&message.market)?;
    let terms = sdp_perps::state::terms(&Remote::new(&deps.as_ref(), &market))?;
    let guardian = address(deps.api, message.guardian.as_deref())?;
    check_params(&message.params)?;

    ownership::begin(deps.storage, deps.api, &message.owner)?;
    GUARDIAN.save(deps.storage, &guardian)?;
    PARAMS.save(deps.storage, &message.params)?;
    let (oracle, sdusd) = (deps.api.addr_humanize(&terms.oracle)?, deps.api.addr_humanize(&terms.sdusd)?);
    let of_market = canonical(deps.api, &market)?;
    HOME.save(deps.storage, &Home { market, oracle, sdusd })?;
    state::save_haircuts(deps.storage, &Haircuts { market: of_market, tokens: Vec::new() })?;
    for config in message.tokens {
        check_new(deps.as_ref(), &config)?;
        add(deps.storage, config)?;
    }
    Ok(Response::new())
}

/// `Configure`.
pub fn configure(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, change: Change) -> Result<Response> {
    let authority = authority(deps.storage, &info.sender, GUARDIAN.load(deps.storage)?.as_ref())?;
    check(deps.as_ref(), &change)?;
    let tightens = tightens(deps.storage, &change)?;
    let delay = PARAMS.load(deps.storage)?.change_delay;
    let ready_at = env.block.time.seconds().saturating_add(delay);
    match CHANGES.submit(deps.storage, authority, change, tightens, ready_at)? {
        Submitted::Now(change) => apply(deps, change),
        Submitted::Later(queued) => Ok(Response::new().add_event(governance::queued(&queued)?)),
    }
}

/// `Enact`.
pub fn enact(deps: DepsMut<'_>, env: &Env, id: u64) -> Result<Response> {
    let change = CHANGES.enact(deps.storage, id, env.block.time.seconds())?;
    // other changes may have come before it
    check(deps.as_ref(), &change)?;
    apply(deps, change)
}

/// `CancelChange`.
pub fn cancel(deps: DepsMut<'_>, info: &MessageInfo, id: u64) -> Result<Response> {
    Ok(Response::new().add_event(CHANGES.take_back(deps.storage, &info.sender, id)?))
}

/// What a change must satisfy: when it is asked for, and again when it comes into force.
fn check(deps: Deps<'_>, change: &Change) -> Result<()> {
    match change {
        Change::Params { params } => check_params(params),
        Change::ListToken { config } => check_new(deps, config),
        Change::UpdateToken { token, config } => {
            check_update(&listed(deps.storage, *token)?, config)?;
            check_token(config, feeds(deps)?)
        }
        Change::SetGuardian { guardian } => address(deps.api, guardian.as_deref()).map(drop),
    }
}

fn tightens(storage: &dyn Storage, change: &Change) -> Result<bool> {
    Ok(match change {
        Change::Params { params } => params_tighten(&PARAMS.load(storage)?, params),
        Change::UpdateToken { token, config } => token_tightens(&listed(storage, *token)?, config),
        Change::ListToken { .. } | Change::SetGuardian { .. } => false,
    })
}

fn apply(deps: DepsMut<'_>, change: Change) -> Result<Response> {
    let told = governance::applied(&change)?;
    match change {
        Change::Params { params } => PARAMS.save(deps.storage, &params)?,
        Change::ListToken { config } => add(deps.storage, config)?,
        Change::UpdateToken { token, config } => {
            let mut haircuts = state::haircuts(deps.storage)?;
            if let Some(terms) = haircuts.tokens.get_mut(usize::from(token)) {
                *terms = config.terms;
            }
            let stock = Stock { cap: config.cap, ..state::stock(deps.storage, token)? };
            state::save_haircuts(deps.storage, &haircuts)?;
            state::save_stock(deps.storage, token, &stock)?;
        }
        Change::SetGuardian { guardian } => {
            GUARDIAN.save(deps.storage, &address(deps.api, guardian.as_deref())?)?;
        }
    }
    Ok(Response::new().add_event(told))
}

/// A further token: `E0010`, `E0009`, and the rules of its numbers.
fn check_new(deps: Deps<'_>, config: &TokenConfig) -> Result<()> {
    let stocks = state::stocks(deps.storage)?;
    let (count, max) = (stocks.len() as u64 + 1, MAX_TOKENS as u64);
    ensure(count <= max, || Error::TooMany { what: "tokens".into(), count, max })?;
    check_token(config, feeds(deps)?)?;
    let mut taken = stocks.iter().any(|stock| stock.token == config.token);
    if let Token::Cw20(contract) = &config.token {
        // sdUSD is margin as it is
        taken |= deps.api.addr_validate(contract)? == HOME.load(deps.storage)?.sdusd;
    }
    ensure(!taken, || Error::Duplicate { what: "token".into(), key: config.token.to_string() })
}

fn add(storage: &mut dyn Storage, config: TokenConfig) -> Result<()> {
    let TokenConfig { token, terms, cap } = config;
    let mut haircuts = state::haircuts(storage)?;
    let place = haircuts.tokens.len();
    let number = u8::try_from(place).map_err(|_| Error::Overflow { operation: "tokens".into() })?;
    haircuts.tokens.push(terms);
    state::save_haircuts(storage, &haircuts)?;
    state::save_stock(storage, number, &Stock { token, cap, held: Amount::ZERO })
}

fn listed(storage: &dyn Storage, token: u8) -> Result<TokenConfig> {
    state::config(&state::haircuts(storage)?, token, &state::stock(storage, token)?)
}

fn feeds(deps: Deps<'_>) -> Result<usize> {
    Ok(Board::of(&deps.querier, &HOME.load(deps.storage)?.oracle)?.quotes.len())
}
