//! Owner and guardian change the configuration.

use cosmwasm_std::{Addr, Deps, DepsMut, Response};
use sdp_types::board::{Board, FeedId, Quote, Staleness};
use sdp_types::contract::address;
use sdp_types::governance::{self, authority, Submitted};
use sdp_types::oracle::{Change, FeedConfig};
use sdp_types::record::canonical;
use sdp_types::{Error, Price, Ratio, Result, SignedRatio};

use crate::state::{self, Limits, Rules, CHANGES, CHANGE_DELAY, GUARDIAN, SYMBOLS};
use crate::{measure, source, validate};

pub fn configure(deps: DepsMut<'_>, now: u64, sender: &Addr, change: Change) -> Result<Response> {
    let guardian = GUARDIAN.load(deps.storage)?;
    let authority = authority(deps.storage, sender, guardian.as_ref())?;
    validate(deps.as_ref(), &change)?;

    let tightens = tightens(deps.as_ref(), &change)?;
    let ready_at = now.saturating_add(CHANGE_DELAY.load(deps.storage)?);
    match CHANGES.submit(deps.storage, authority, change, tightens, ready_at)? {
        Submitted::Now(change) => apply(deps, &change),
        Submitted::Later(queued) => Ok(Response::new().add_event(governance::queued(&queued)?)),
    }
}

pub fn enact(deps: DepsMut<'_>, now: u64, id: u64) -> Result<Response> {
    let change = CHANGES.enact(deps.storage, id, now)?;
    // other changes may have come before it
    validate(deps.as_ref(), &change)?;
    apply(deps, &change)
}

pub fn cancel(deps: DepsMut<'_>, sender: &Addr, id: u64) -> Result<Response> {
    Ok(Response::new().add_event(CHANGES.take_back(deps.storage, sender, id)?))
}

fn validate(deps: Deps<'_>, change: &Change) -> Result<()> {
    match change {
        Change::Publishers { publishers, quorum } => {
            validate::publishers(deps.api, publishers, *quorum).map(drop)
        }
        Change::AddFeed { feed, sigma, correlations } => {
            let symbols = SYMBOLS.load(deps.storage)?;
            validate::feed_count(symbols.len() + 1)?;
            validate::feed(feed, symbols.iter().map(String::as_str))?;
            source::validate::source(deps.api, symbols.len(), feed)?;
            ranged(deps, feed)?;
            let covariance = state::covariance(deps.storage)?;
            validate::widened(&covariance, *sigma, correlations).map(drop)
        }
        Change::UpdateFeed { feed, config } => {
            let symbols = SYMBOLS.load(deps.storage)?;
            known(&symbols, *feed)?;
            let others = symbols.iter().enumerate().filter(|(at, _)| *at != usize::from(*feed));
            ranged(deps, config)?;
            source::validate::source(deps.api, (*feed).into(), config)?;
            validate::feed(config, others.map(|(_, symbol)| symbol.as_str()))
        }
        Change::Measurement { measurement } => {
            let limits = state::rules(deps.storage)?.limits;
            let ranged = limits.iter().filter(|limits| limits.volatility.is_some()).count();
            validate::measured(measurement.as_ref(), ranged, limits.len())
        }
        Change::Covariance { covariance } => {
            validate::covariance(covariance, SYMBOLS.load(deps.storage)?.len()).map(drop)
        }
        Change::Breaker { breaker } => validate::breaker(breaker.as_ref()),
        Change::Staleness { staleness } => validate::staleness(staleness),
        Change::Guardian { guardian } => {
            address(deps.api, guardian.as_deref())?;
            Ok(())
        }
    }
}

/// An oracle that measures takes no feed without a range.
fn ranged(deps: Deps<'_>, feed: &FeedConfig) -> Result<()> {
    let measurement = state::rules(deps.storage)?.measurement;
    validate::measurement(measurement.as_ref(), core::slice::from_ref(feed))
}

/// Symbol of a feed: `E0202`.
fn known(symbols: &[String], feed: FeedId) -> Result<&String> {
    symbols.get(usize::from(feed)).ok_or(Error::UnknownFeed { feed: feed.into() })
}

fn tightens(deps: Deps<'_>, change: &Change) -> Result<bool> {
    match change {
        Change::Publishers { publishers, quorum } => {
            let rules = state::rules(deps.storage)?;
            for publisher in publishers {
                let publisher = deps.api.addr_canonicalize(publisher)?;
                if !rules.publishers.contains(&publisher) {
                    return Ok(false);
                }
            }
            Ok(*quorum >= rules.quorum)
        }
        Change::UpdateFeed { feed, config } => {
            let symbols = SYMBOLS.load(deps.storage)?;
            let limits = state::rules(deps.storage)?.limits;
            let limits = limits.get(usize::from(*feed)).copied().unwrap_or_default();
            Ok(config.symbol == *known(&symbols, *feed)?
                && config.deviation_band <= limits.deviation_band
                && config.maximum_confidence <= limits.maximum_confidence
                && Limits::from(config).volatility == limits.volatility
                && config.source == state::source(deps.storage, *feed)?)
        }
        Change::Breaker { breaker } => Ok(match (breaker, state::rules(deps.storage)?.breaker) {
            (Some(new), Some(old)) => new.tightens(&old),
            (Some(_), None) | (None, None) => true,
            (None, Some(_)) => false,
        }),
        Change::Staleness { staleness: Staleness { trade, liquidate, view } } => {
            let now = state::board(deps.storage)?.staleness;
            Ok(*trade <= now.trade && *liquidate <= now.liquidate && *view <= now.view)
        }
        Change::AddFeed { .. }
        | Change::Covariance { .. }
        | Change::Measurement { .. }
        | Change::Guardian { .. } => Ok(false),
    }
}

fn apply(deps: DepsMut<'_>, change: &Change) -> Result<Response> {
    let told = governance::applied(change)?;
    match change {
        Change::Publishers { publishers, quorum } => set_publishers(deps, publishers, *quorum)?,
        Change::AddFeed { feed, sigma, correlations } => add_feed(deps, feed, *sigma, correlations)?,
        Change::UpdateFeed { feed, config } => update_feed(deps, *feed, config)?,
        Change::Covariance { covariance } => {
            let feeds = SYMBOLS.load(deps.storage)?.len();
            let (rules, mut board) = (state::rules(deps.storage)?, state::board(deps.storage)?);
            let covariance = validate::covariance(covariance, feeds)?;
            measure::restart(deps.storage, &rules, &mut board, &covariance)?;
            state::save_board(deps.storage, &board)?;
        }
        Change::Measurement { measurement } => measure::reconfigure(deps.storage, *measurement)?,
        Change::Breaker { breaker } => {
            let rules = Rules { breaker: *breaker, ..state::rules(deps.storage)? };
            state::save_rules(deps.storage, &rules)?;
        }
        Change::Staleness { staleness } => {
            let board = Board { staleness: *staleness, ..state::board(deps.storage)? };
            state::save_board(deps.storage, &board)?;
        }
        Change::Guardian { guardian } => {
            GUARDIAN.save(deps.storage, &address(deps.api, guardian.as_deref())?)?;
        }
    }
    Ok(Response::new().add_event(told))
}

fn set_publishers(deps: DepsMut<'_>, publishers: &[String], quorum: u32) -> Result<()> {
    let addresses = validate::publishers(deps.api, publishers, quorum)?;
    let publishers: Result<_> = addresses.iter().map(|address| canonical(deps.api, address)).collect();
    let mut rules = state::rules(deps.storage)?;
    let before = core::mem::replace(&mut rules.publishers, publishers?);
    for gone in before.iter().filter(|publisher| !rules.publishers.contains(publisher)) {
        state::remove_submissions(deps.storage, gone);
    }
    rules.quorum = quorum;
    state::save_rules(deps.storage, &rules)
}

fn add_feed(deps: DepsMut<'_>, feed: &FeedConfig, sigma: Ratio, correlations: &[SignedRatio]) -> Result<()> {
    let covariance = validate::widened(&state::covariance(deps.storage)?, sigma, correlations)?;
    let mut rules = state::rules(deps.storage)?;
    let mut board = state::board(deps.storage)?;
    let mut symbols = SYMBOLS.load(deps.storage)?;
    rules.limits.push(Limits::from(feed));
    let number = FeedId::try_from(board.quotes.len()).unwrap_or(FeedId::MAX);
    state::save_source(deps.storage, &mut board, number, feed.source.as_ref())?;
    board.quotes.push(Quote::default());
    board.averages.push(Price::ZERO);
    symbols.push(feed.symbol.clone());

    measure::widen(deps.storage, &rules, &mut board, &covariance)?;
    SYMBOLS.save(deps.storage, &symbols)?;
    state::save_rules(deps.storage, &rules)?;
    state::save_board(deps.storage, &board)
}

fn update_feed(deps: DepsMut<'_>, feed: FeedId, config: &FeedConfig) -> Result<()> {
    let mut rules = state::rules(deps.storage)?;
    let mut symbols = SYMBOLS.load(deps.storage)?;
    if let Some(limits) = rules.limits.get_mut(usize::from(feed)) {
        *limits = Limits::from(config);
    }
    if let Some(symbol) = symbols.get_mut(usize::from(feed)) {
        symbol.clone_from(&config.symbol);
    }
    let mut board = state::board(deps.storage)?;
    state::save_source(deps.storage, &mut board, feed, config.source.as_ref())?;
    SYMBOLS.save(deps.storage, &symbols)?;
    state::save_board(deps.storage, &board)?;
    state::save_rules(deps.storage, &rules)
}
