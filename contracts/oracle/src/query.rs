//! What can be asked.

use cosmwasm_std::{to_json_binary, Binary, Deps};
use sdp_risk::measure::Range;
use sdp_types::board::{sigma_ratio, FeedId, Restricted, Slot};
use sdp_types::oracle::{
    BoardResponse, ConfigResponse, CovarianceConfig, FeedConfig, MeasuredFeed, MeasurementResponse,
    PriceResponse, QueryMsg, RestrictedFeed,
};
use sdp_types::ownership;
use sdp_types::regime::Trip;
use sdp_types::{Error, Price, Result};

use crate::state::{self, CHANGES, CHANGE_DELAY, GUARDIAN, SYMBOLS};

pub fn answer(deps: Deps<'_>, now: u64, msg: QueryMsg) -> Result<Binary> {
    let answer = match msg {
        QueryMsg::Config {} => to_json_binary(&config(deps)?),
        QueryMsg::Board {} => to_json_binary(&board(deps, now)?),
        QueryMsg::Price { feed } => to_json_binary(&price(deps, feed, now)?),
        QueryMsg::Interval { interval } => to_json_binary(&interval_prices(deps, interval)?),
        QueryMsg::Covariance {} => to_json_binary(&covariance(deps)?),
        QueryMsg::Measurement {} => to_json_binary(&measurement(deps, now)?),
        QueryMsg::Regimes {} => to_json_binary(&regimes(deps)?),
        QueryMsg::Changes {} => to_json_binary(&CHANGES.pending(deps.storage)?),
        QueryMsg::Ownership {} => to_json_binary(&ownership::shown(deps.storage)?),
    };
    Ok(answer?)
}

fn config(deps: Deps<'_>) -> Result<ConfigResponse> {
    let rules = state::rules(deps.storage)?;
    let board = state::board(deps.storage)?;
    let publishers = rules.publishers.iter().map(|publisher| deps.api.addr_humanize(publisher));
    let publishers: Result<_> = publishers.map(|publisher| Ok(publisher?.into_string())).collect();
    let feeds = (0..).zip(SYMBOLS.load(deps.storage)?).zip(&rules.limits);
    let feeds = feeds.map(|((number, symbol), limits)| {
        Ok(FeedConfig {
            symbol,
            deviation_band: limits.deviation_band,
            maximum_confidence: limits.maximum_confidence,
            volatility: limits.volatility.as_ref().map(Range::config),
            source: state::source(deps.storage, number)?,
        })
    });
    Ok(ConfigResponse {
        guardian: GUARDIAN.load(deps.storage)?.map(|guardian| guardian.into_string()),
        publishers: publishers?,
        quorum: rules.quorum,
        intervals: board.intervals,
        staleness: board.staleness,
        gap: board.gap,
        average_seconds: rules.average_seconds,
        change_delay: CHANGE_DELAY.load(deps.storage)?,
        feeds: feeds.collect::<Result<_>>()?,
        breaker: rules.breaker,
    })
}

fn board(deps: Deps<'_>, now: u64) -> Result<BoardResponse> {
    let board = state::board(deps.storage)?;
    let symbols = SYMBOLS.load(deps.storage)?;
    let feeds = board.quotes.iter().zip(&board.averages).zip(symbols);
    let prices = (0..).zip(feeds).map(|(feed, ((quote, average), symbol))| PriceResponse {
        feed,
        symbol,
        quote: *quote,
        average: *average,
        age: now.saturating_sub(quote.publish_time),
        regime: board.regime(feed),
        pulled: board.is_pulled(feed),
    });
    Ok(BoardResponse { prices: prices.collect(), written_at: board.written_at, resumed_at: board.resumed_at })
}

fn price(deps: Deps<'_>, feed: FeedId, now: u64) -> Result<PriceResponse> {
    let found = board(deps, now)?.prices.into_iter().find(|price| price.feed == feed);
    found.ok_or(Error::UnknownFeed { feed: feed.into() })
}

fn regimes(deps: Deps<'_>) -> Result<Vec<RestrictedFeed>> {
    let (board, symbols) = (state::board(deps.storage)?, SYMBOLS.load(deps.storage)?);
    let mut regimes = Vec::with_capacity(board.restricted.len());
    for Restricted { feed, .. } in board.restricted {
        let Some(trip) = state::trip(deps.storage, feed)? else { continue };
        let Trip { regime, reason, measure, since, asked_at, held_until } = trip;
        let symbol = symbols.get(usize::from(feed)).cloned().unwrap_or_default();
        regimes.push(RestrictedFeed { feed, symbol, regime, reason, measure, since, asked_at, held_until });
    }
    Ok(regimes)
}

fn interval_prices(deps: Deps<'_>, interval: u64) -> Result<Slot> {
    let intervals = state::board(deps.storage)?.intervals;
    let slot = state::slot(deps.storage, &intervals, interval)?.filter(|slot| slot.interval == interval);
    Ok(slot.unwrap_or(Slot { interval, quotes: Vec::new() }))
}

fn covariance(deps: Deps<'_>) -> Result<CovarianceConfig> {
    let covariance = state::covariance(deps.storage)?;
    let feeds = 0..FeedId::try_from(covariance.len()).unwrap_or(FeedId::MAX);
    let row = |a| feeds.clone().map(|b| covariance.correlation(a, b)).collect();
    Ok(CovarianceConfig {
        sigmas: feeds.clone().map(|feed| covariance.volatility(feed)).collect(),
        correlations: feeds.clone().map(row).collect(),
    })
}

fn measurement(deps: Deps<'_>, now: u64) -> Result<MeasurementResponse> {
    let parameters = state::rules(deps.storage)?.measurement;
    let (board, covariance) = (state::board(deps.storage)?, state::covariance(deps.storage)?);
    let estimate = state::estimate(deps.storage)?;
    let all = 0..FeedId::try_from(estimate.len()).unwrap_or(FeedId::MAX);
    let feeds = all.clone().zip(SYMBOLS.load(deps.storage)?).map(|(feed, symbol)| {
        let (price, published) = estimate.last(feed.into()).unwrap_or((Price::ZERO, now));
        MeasuredFeed {
            feed,
            symbol,
            measured: sigma_ratio(estimate.sigma(feed.into()).into()),
            volatility: board.volatility(feed, &covariance),
            pricing: covariance.volatility(feed),
            margin: covariance.margin_volatility(feed),
            price,
            age: now.saturating_sub(published),
        }
    });
    let row = |a| all.clone().map(|b| estimate.correlation(a, b)).collect();
    Ok(MeasurementResponse {
        parameters,
        slot: board.sampled,
        hour: board.stepped,
        feeds: feeds.collect(),
        correlations: all.clone().map(row).collect(),
    })
}
