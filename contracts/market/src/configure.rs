//! Instantiation, and changes of the configuration: what must hold of it, and who may make it looser.

use cosmwasm_std::{Deps, DepsMut, Env, Event, MessageInfo, Response, Storage};

use sdp_risk::margin::MAINTENANCE_PART;
use sdp_trading::orders::Times;
use sdp_types::board::{Board, Intervals};
use sdp_types::contract::{address, in_range};
use sdp_types::custody::Haircuts;
use sdp_types::exposure::FeedQuantity;
use sdp_types::governance::{self, authority, Authority, Submitted, MAX_CHANGE_DELAY};
use sdp_types::market::{
    Change, Deleveraging, FundingParams, InstantiateMsg, InsurancePremium, Liquidation, Params, PerpConfig,
    PerpStatus, Responses, MAX_PERPS,
};
use sdp_types::ownership;
use sdp_types::pool::Contracts;
use sdp_types::record::{canonical, key, tag, Record};
use sdp_types::units::MAX_USD;
use sdp_types::{ensure, Error, Rate, Ratio, Result, Rounding, Size, Usd};

use crate::shut_down;
use sdp_perps::books::Books;
use sdp_perps::prices::Outside;
use sdp_perps::state::{self, Published, Queue, Queues, Sides, Terms, CHANGES, GUARDIAN};

/// A new market contract.
pub fn instantiate(deps: DepsMut<'_>, message: InstantiateMsg) -> Result<Response> {
    let pool = deps.api.addr_validate(&message.pool)?;
    let of_pool = Contracts::of(&deps.querier, &pool)?;
    let guardian = address(deps.api, message.guardian.as_deref())?;
    ownership::begin(deps.storage, deps.api, &message.owner)?;
    GUARDIAN.save(deps.storage, &guardian)?;
    let oracle = deps.api.addr_validate(&of_pool.oracle)?;
    let terms = Terms {
        oracle: canonical(deps.api, &oracle)?,
        sdusd: canonical(deps.api, &deps.api.addr_validate(&of_pool.sdusd)?)?,
        liquidator: canonical(deps.api, &deps.api.addr_validate(&message.liquidator)?)?,
        pool: canonical(deps.api, &pool)?,
        params: message.params,
        premium_caps: Vec::new(),
        custody: None,
    };
    let intervals = Board::of(&deps.querier, &oracle)?.intervals;
    check_params(&terms.params, &intervals)?;
    state::save_terms(deps.storage, &terms)?;
    state::save_held(deps.storage, Usd::ZERO)?;
    state::save_queues(deps.storage, &Queues::default())?;
    state::save_published(deps.storage, &Published::default())?;
    for config in &message.perps {
        check_new(deps.as_ref(), &state::terms(deps.storage)?, config)?;
        add_perp(deps.storage, config)?;
    }
    Ok(Response::new())
}

/// `Configure`.
pub fn configure(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, change: Change) -> Result<Response> {
    let authority = authority(deps.storage, &info.sender, GUARDIAN.load(deps.storage)?.as_ref())?;
    check(deps.as_ref(), env, &change)?;
    let first = authority == Authority::Owner && matches!(change, Change::SetCustody { .. });
    let tightens = tightens(deps.storage, &change)? || (first && unlisted(deps.as_ref(), env)?);
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
            check_params(params, &board(deps, &terms)?.intervals)?;
            (0..perps(deps.storage)?)
                .try_for_each(|perp| check_perp(&state::perp(deps.storage, perp)?, params))
        }
        Change::AddPerp { config } => check_new(deps, &terms, config),
        Change::UpdatePerp { perp, config } => {
            check_perp(config, &terms.params)?;
            check_update(&state::perp(deps.storage, *perp)?, config)
        }
        Change::SetLiquidator { liquidator } => {
            deps.api.addr_validate(liquidator).map(drop).map_err(Error::from)
        }
        Change::SetCustody { custody } => {
            let again = || Error::Duplicate { what: "custody".into(), key: custody.clone() };
            ensure(terms.custody.is_none(), again)?;
            let custody = deps.api.addr_validate(custody)?;
            let found = Haircuts::of_contract(&deps.querier, &custody, &key(tag::HAIRCUTS))?;
            let own = canonical(deps.api, &env.contract.address)?;
            let of_this = found.is_some_and(|haircuts| haircuts.market == own);
            ensure(of_this, || Error::BadRecord { record: Haircuts::NAME.into() })
        }
        Change::SetGuardian { guardian } => address(deps.api, guardian.as_deref()).map(drop),
        Change::ShutDown {} => Ok(()),
    }
}

fn apply(mut deps: DepsMut<'_>, env: &Env, change: Change) -> Result<Response> {
    let mut response = Response::new().add_event(governance::applied(&change)?);
    match change {
        Change::Params { params } => {
            let mut terms = state::terms(deps.storage)?;
            let before = core::mem::replace(&mut terms.params, params);
            if terms.params.funding != before.funding {
                // what has accrued did so by the old parameters
                let told =
                    sample_under(deps.branch(), env, &Terms { params: before, ..terms.clone() }, &terms)?;
                response = response.add_event(told);
            }
            state::save_terms(deps.storage, &terms)?;
        }
        Change::ShutDown {} => {
            let terms = state::terms(deps.storage)?;
            let outside = Outside::read(deps.as_ref(), env, terms.home())?;
            let told = shut_down::close_all(deps, &terms, &outside)?;
            return Ok(response.add_events(told.events));
        }
        Change::AddPerp { config } => add_perp(deps.storage, &config)?,
        Change::UpdatePerp { perp, config } => {
            let mut terms = state::terms(deps.storage)?;
            if let Some(cap) = terms.premium_caps.get_mut(usize::from(perp)) {
                *cap = config.premium_cap;
            }
            state::save_terms(deps.storage, &terms)?;
            state::save_perp(deps.storage, perp, &config)?;
        }
        Change::SetLiquidator { liquidator } => {
            let mut terms = state::terms(deps.storage)?;
            terms.liquidator = canonical(deps.api, &deps.api.addr_validate(&liquidator)?)?;
            state::save_terms(deps.storage, &terms)?;
        }
        Change::SetCustody { custody } => {
            let mut terms = state::terms(deps.storage)?;
            terms.custody = Some(canonical(deps.api, &deps.api.addr_validate(&custody)?)?);
            state::save_terms(deps.storage, &terms)?;
        }
        Change::SetGuardian { guardian } => {
            GUARDIAN.save(deps.storage, &address(deps.api, guardian.as_deref())?)?;
        }
    }
    Ok(response)
}

/// Samples funding that has accrued under `old` terms and goes on under `new` ones.
fn sample_under(deps: DepsMut<'_>, env: &Env, old: &Terms, new: &Terms) -> Result<Event> {
    let outside = Outside::read(deps.as_ref(), env, old.home())?;
    let before = Books::load(deps.storage, old)?;
    let mut books = before.clone();
    let told = books.sample(new, &outside)?;
    books.save(deps.storage, deps.api, &before)?;
    Ok(told)
}

/// Whether the pool does not list this market, so that nothing of it costs the providers anything yet.
fn unlisted(deps: Deps<'_>, env: &Env) -> Result<bool> {
    let terms = state::terms(deps.storage)?;
    Ok(Outside::read(deps, env, terms.home())?.place.is_none())
}

fn tightens(storage: &dyn Storage, change: &Change) -> Result<bool> {
    let Change::UpdatePerp { perp, config: new } = change else { return Ok(false) };
    let old = state::perp(storage, *perp)?;
    // delisting can't be taken back, so it waits; margin may rise only as far as nobody's maintenance rises with it
    let status =
        new.status == old.status || (old.status == PerpStatus::Open && new.status == PerpStatus::CloseOnly);
    let half = new.initial_margin.times(MAINTENANCE_PART, Rounding::Up)?;
    let margin = new.initial_margin == old.initial_margin
        || (new.initial_margin > old.initial_margin && half <= old.maintenance_margin);
    let same = PerpConfig {
        status: new.status,
        initial_margin: new.initial_margin,
        skew_cap: new.skew_cap,
        open_interest_cap: new.open_interest_cap,
        trade_confidence: new.trade_confidence,
        ..old.clone()
    } == *new;
    Ok(same
        && status
        && margin
        && new.skew_cap <= old.skew_cap
        && new.open_interest_cap <= old.open_interest_cap
        && new.trade_confidence <= old.trade_confidence)
}

fn board(deps: Deps<'_>, terms: &Terms) -> Result<Board> {
    Board::of(&deps.querier, &deps.api.addr_humanize(&terms.oracle)?)
}

fn perps(storage: &dyn Storage) -> Result<u16> {
    let count = state::published(storage)?.samples.len();
    u16::try_from(count).map_err(|_| Error::Overflow { operation: "perps".into() })
}

/// A further perpetual: a feed and a name of its own, and room for it.
fn check_new(deps: Deps<'_>, terms: &Terms, config: &PerpConfig) -> Result<()> {
    let storage = deps.storage;
    check_perp(config, &terms.params)?;
    let (perp, max) = (perps(storage)?, MAX_PERPS as u64);
    ensure(u64::from(perp) < max, || Error::TooMany {
        what: "perps".into(),
        count: u64::from(perp) + 1,
        max,
    })?;
    let feeds = board(deps, terms)?.quotes.len();
    ensure(usize::from(config.feed) < feeds, || Error::UnknownFeed { feed: config.feed.into() })?;
    for other in 0..perp {
        let other = state::perp(storage, other)?;
        let same = other.feed == config.feed || other.name == config.name;
        ensure(!same, || Error::Duplicate { what: "perp".into(), key: config.name.clone() })?;
    }
    Ok(())
}

fn add_perp(storage: &mut dyn Storage, config: &PerpConfig) -> Result<()> {
    let mut terms = state::terms(storage)?;
    let perp = perps(storage)?;
    let mut published = state::published(storage)?;
    let mut queues = state::queues(storage)?;
    published.exposure.quantities.push(FeedQuantity { feed: config.feed, quantity: Size::ZERO });
    published.samples.push(Default::default());
    queues.queues.push(Queue::default());
    terms.premium_caps.push(config.premium_cap);
    state::save_published(storage, &published)?;
    state::save_queues(storage, &queues)?;
    state::save_terms(storage, &terms)?;
    state::save_sides(storage, perp, &Sides::default())?;
    state::save_perp(storage, perp, config)
}

/// Every rule of the docstrings of [`Params`].
fn check_params(params: &Params, intervals: &Intervals) -> Result<()> {
    let FundingParams { proportional, velocity, integral_cap, rate_cap, decay_seconds, maximum_accrual } =
        params.funding;
    let most = Rate::new(1_000_000_000_000_000_000_000);
    for (what, rate) in [
        ("funding.proportional", proportional),
        ("funding.velocity", velocity),
        ("funding.integral_cap", integral_cap),
        ("funding.rate_cap", rate_cap),
    ] {
        in_range(what, rate, Rate::ZERO, most)?;
    }
    let year = 366 * 86_400;
    in_range("funding.decay_seconds", decay_seconds, 1, year)?;
    in_range("funding.maximum_accrual", maximum_accrual, 1, year)?;
    let almost_one = Ratio::new(Ratio::ONE.raw() - 1);
    in_range("fee", params.fee, Ratio::ZERO, Ratio::new(Ratio::percent(10).raw() - 1))?;
    let shares = params.insurance_share.plus(params.keeper_share)?;
    ensure(shares <= Ratio::ONE, || {
        Error::bad_config("insurance_share + keeper_share <= 1", shares, Ratio::ONE)
    })?;
    params.fees.as_ref().map_or(Ok(()), |fees| fees.validate(shares))?;
    in_range("maximum_slippage", params.maximum_slippage, Ratio::new(1), almost_one)?;
    in_range("profit_haircut", params.profit_haircut, Ratio::ZERO, Ratio::ONE)?;
    // what is maintained is at most half of what is opened with: see below
    in_range("maximum_offset", params.maximum_offset, Ratio::ZERO, Ratio::ONE.minus(MAINTENANCE_PART)?)?;
    let Responses { fee, funding, credit } = params.responses;
    for (what, most) in [("responses.fee", fee), ("responses.funding", funding), ("responses.credit", credit)]
    {
        in_range(what, most, Ratio::ONE, Ratio::percent(1_000))?;
    }
    let InsurancePremium { shortfall, leverage } = params.insurance;
    for (what, part) in [("insurance.shortfall", shortfall), ("insurance.leverage", leverage)] {
        in_range(what, part, Ratio::ZERO, Ratio::percent(1))?;
    }
    if let Some(Deleveraging { begin, end }) = params.deleveraging {
        in_range("deleveraging.begin", begin, Ratio::new(2), Ratio::ONE)?;
        in_range("deleveraging.end", end, Ratio::new(1), Ratio::new(begin.raw() - 1))?;
    }
    let Liquidation { target, reward, reward_share } = params.liquidation;
    in_range("liquidation.target", target, Ratio::new(Ratio::ONE.raw() + 1), Ratio::percent(200))?;
    in_range("liquidation.reward", reward, Default::default(), MAX_USD)?;
    in_range("liquidation.reward_share", reward_share, Ratio::ZERO, Ratio::ONE)?;
    in_range("change_delay", params.change_delay, 0, MAX_CHANGE_DELAY)?;
    let times = Times { delay: params.order_delay, expiry: params.order_expiry };
    times.validate(params.maximum_empty_intervals, intervals)
}

/// Every rule of the docstrings of [`PerpConfig`].
fn check_perp(config: &PerpConfig, params: &Params) -> Result<()> {
    let almost_one = Ratio::new(Ratio::ONE.raw() - 1);
    in_range("name.length", config.name.len(), 1, 32)?;
    in_range("initial_margin", config.initial_margin, Ratio::new(1), Ratio::ONE)?;
    in_range("maintenance_margin", config.maintenance_margin, Ratio::new(1), config.initial_margin)?;
    in_range("skew_cap", config.skew_cap, Default::default(), MAX_USD)?;
    in_range("open_interest_cap", config.open_interest_cap, Default::default(), MAX_USD)?;
    in_range("minimum_notional", config.minimum_notional, sdp_types::Usd::new(1), MAX_USD)?;
    in_range("liquidate_confidence", config.liquidate_confidence, Ratio::ZERO, almost_one)?;
    in_range("trade_confidence", config.trade_confidence, Ratio::ZERO, config.liquidate_confidence)?;
    let losses = config
        .premium_cap
        .plus(params.fee)?
        .plus(config.liquidate_confidence)?
        .plus(config.liquidation_penalty)?;
    ensure(losses < config.maintenance_margin, || {
        let rule = "premium_cap + fee + liquidate_confidence + liquidation_penalty < maintenance_margin";
        Error::bad_config(rule, losses, config.maintenance_margin)
    })?;
    // whoever has the initial margin of two positions has the maintenance margin of either alone
    let offset =
        config.initial_margin.times(Ratio::ONE.saturating_minus(params.maximum_offset), Rounding::Down)?;
    ensure(config.maintenance_margin <= offset, || {
        let rule = "maintenance_margin <= (1 - maximum_offset) * initial_margin";
        Error::bad_config(rule, config.maintenance_margin, offset)
    })?;
    let target = config.maintenance_margin.times(params.liquidation.target, Rounding::Up)?;
    ensure(target <= config.initial_margin, || {
        let rule = "maintenance_margin * liquidation.target <= initial_margin";
        Error::bad_config(rule, target, config.initial_margin)
    })
}

fn check_update(old: &PerpConfig, new: &PerpConfig) -> Result<()> {
    ensure(old.name == new.name, || Error::bad_config("name stays", &new.name, &old.name))?;
    ensure(old.feed == new.feed, || Error::bad_config("feed stays", new.feed, old.feed))?;
    let back = old.status == PerpStatus::Delisted && new.status != PerpStatus::Delisted;
    ensure(!back, || Error::bad_config("a delisted perpetual stays delisted", "status", "delisted"))
}
