//! What a configuration has to keep to; each refusal names the value and its bounds.

use cosmwasm_std::{Addr, Api};
use sdp_risk::psd::positive_semidefinite;
use sdp_types::board::{Covariance, Intervals, Staleness, MAX_FEEDS, RHO_ONE, SIGMA_ONE};
use sdp_types::contract::in_range;
use sdp_types::governance::MAX_CHANGE_DELAY;
use sdp_types::oracle::{
    CovarianceConfig, FeedBreaker, FeedConfig, InstantiateMsg, Measurement, VolatilityRange, MAX_PUBLISHERS,
};
use sdp_types::{ensure, Error, Ratio, Result, SignedRatio};

/// Longest interval: 10 days.
const MAX_INTERVAL: u32 = 864_000;
const SLOTS: (u16, u16) = (8, 1_024);
const MAX_SYMBOL: usize = 16;
const MAX_DEVIATION_BAND: Ratio = Ratio::percent(1_000);
const MAX_SIGMA: Ratio = Ratio::percent(400);
/// The arithmetic of `sdp_risk::measure` rests on it.
const MIN_VOLATILITY: Ratio = Ratio::bps(1);
const SAMPLE_SECONDS: (u32, u32) = (10, 86_400);
const HALF_LIFE: (u32, u32) = (3_600, 30 * 86_400);
/// Longest cool-down and longest hold of a breaker: 7 days.
const MAX_RESTRICTION: u32 = 7 * 86_400;
const MAX_PRICING_BAND: Ratio = Ratio::percent(10_000);
/// The last decimal of a stored volatility in a [`Ratio`].
const SIGMA_UNIT: u128 = Ratio::ONE.raw() / (SIGMA_ONE as u128);
/// The last decimal of a stored correlation in a [`SignedRatio`].
const RHO_UNIT: i128 = 1_000_000_000_000_000_000 / (RHO_ONE as i128);

/// Numbers of a new oracle that stand alone.
pub fn numbers(msg: &InstantiateMsg) -> Result<()> {
    intervals(&msg.intervals)?;
    staleness(&msg.staleness)?;
    in_range("gap", msg.gap, msg.intervals.seconds, u32::MAX)?;
    in_range("average_seconds", msg.average_seconds, 1, u32::MAX)?;
    in_range("change_delay", msg.change_delay, 0, MAX_CHANGE_DELAY)
}

fn intervals(intervals: &Intervals) -> Result<()> {
    in_range("intervals.seconds", intervals.seconds, 1, MAX_INTERVAL)?;
    in_range("intervals.slots", intervals.slots, SLOTS.0, SLOTS.1)?;
    in_range("intervals.grace", intervals.grace, 0, 2 * intervals.seconds)
}

/// `0 < trade ≤ liquidate ≤ view`.
pub fn staleness(ages: &Staleness) -> Result<()> {
    let Staleness { trade, liquidate, view } = *ages;
    in_range("staleness.trade", trade, 1, u32::MAX)?;
    ensure(trade <= liquidate, || {
        Error::bad_config("staleness.trade ≤ staleness.liquidate", trade, liquidate)
    })?;
    ensure(liquidate <= view, || Error::bad_config("staleness.liquidate ≤ staleness.view", liquidate, view))
}

/// The publishers' addresses, all different, and a quorum that they can reach.
pub fn publishers(api: &dyn Api, publishers: &[String], quorum: u32) -> Result<Vec<Addr>> {
    ensure(!publishers.is_empty(), || Error::Zero { what: "publishers".into() })?;
    not_too_many("publishers", publishers.len(), MAX_PUBLISHERS)?;
    let mut addresses = Vec::with_capacity(publishers.len());
    for publisher in publishers {
        let address = api.addr_validate(publisher)?;
        no_duplicate("publisher", addresses.contains(&address), publisher)?;
        addresses.push(address);
    }
    let most = u32::try_from(addresses.len()).unwrap_or(u32::MAX);
    in_range("quorum", quorum, 1, most)?;
    Ok(addresses)
}

/// All feeds of an oracle.
pub fn feeds(feeds: &[FeedConfig]) -> Result<()> {
    feed_count(feeds.len())?;
    for (at, config) in feeds.iter().enumerate() {
        let before = feeds.iter().take(at).map(|feed| feed.symbol.as_str());
        feed(config, before)?;
    }
    Ok(())
}

/// So many feeds.
pub fn feed_count(feeds: usize) -> Result<()> {
    not_too_many("feeds", feeds, MAX_FEEDS)
}

/// One feed beside others.
pub fn feed<'a>(feed: &FeedConfig, mut others: impl Iterator<Item = &'a str>) -> Result<()> {
    let symbol = feed.symbol.as_str();
    in_range("length of symbol", symbol.chars().count(), 1, MAX_SYMBOL)?;
    no_duplicate("symbol", others.any(|other| other == symbol), symbol)?;
    let band = feed.deviation_band;
    ensure(!band.is_zero() && band <= MAX_DEVIATION_BAND, || {
        Error::out_of_range("deviation_band", band, "more than 0", MAX_DEVIATION_BAND)
    })?;
    let widest = feed.maximum_confidence;
    ensure(!widest.is_zero() && widest < Ratio::ONE, || {
        Error::out_of_range("maximum_confidence", widest, "more than 0", "less than 1")
    })?;
    let Some(VolatilityRange { floor, ceiling }) = feed.volatility else { return Ok(()) };
    in_range("volatility.floor", floor, MIN_VOLATILITY, MAX_SIGMA)?;
    in_range("volatility.ceiling", ceiling, floor, MAX_SIGMA)
}

/// A measurement of these feeds, if there is one.
pub fn measurement(terms: Option<&Measurement>, feeds: &[FeedConfig]) -> Result<()> {
    let ranged = feeds.iter().filter(|feed| feed.volatility.is_some()).count();
    measured(terms, ranged, feeds.len())
}

/// A measurement, if there is one, of so many feeds of which so many have a range.
pub fn measured(terms: Option<&Measurement>, ranged: usize, feeds: usize) -> Result<()> {
    let Some(terms) = terms else { return Ok(()) };
    let (zero, one) = (Ratio::ZERO, Ratio::ONE);
    in_range("sample_seconds", terms.sample_seconds, SAMPLE_SECONDS.0, SAMPLE_SECONDS.1)?;
    in_range("volatility_half_life", terms.volatility_half_life, HALF_LIFE.0, HALF_LIFE.1)?;
    in_range("correlation_half_life", terms.correlation_half_life, HALF_LIFE.0, HALF_LIFE.1)?;
    in_range("prior", terms.prior, zero, one)?;
    in_range("shrink", terms.shrink, zero, one)?;
    in_range("pricing_band", terms.pricing_band, one, MAX_PRICING_BAND)?;
    for (name, step) in [("pricing_step", terms.pricing_step), ("margin_step", terms.margin_step)] {
        ensure(!step.is_zero() && step <= one, || Error::out_of_range(name, step, "more than 0", one))?;
    }
    same_length("a range of volatility for each measured feed", ranged, feeds)
}

/// When a feed is restricted, if ever.
pub fn breaker(terms: Option<&FeedBreaker>) -> Result<()> {
    let Some(FeedBreaker { breaker, cool_down, hold }) = terms else { return Ok(()) };
    breaker.validate("breaker")?;
    if let Some(emergency) = breaker.emergency {
        return Err(Error::bad_config("breaker.emergency: none of a feed", emergency, "none"));
    }
    in_range("breaker.cool_down", *cool_down, 0, MAX_RESTRICTION)?;
    in_range("breaker.hold", *hold, 0, MAX_RESTRICTION)
}

/// Covariances of exactly so many feeds, as they are stored.
pub fn covariance(config: &CovarianceConfig, feeds: usize) -> Result<Covariance> {
    same_length("one sigma a feed", config.sigmas.len(), feeds)?;
    same_length("one row of correlations a feed", config.correlations.len(), feeds)?;
    for row in &config.correlations {
        same_length("one correlation a feed in each row", row.len(), feeds)?;
    }
    let mut stored = Covariance::default();
    for (row, (sigma, correlations)) in config.sigmas.iter().zip(&config.correlations).enumerate() {
        for (column, value) in correlations.iter().copied().enumerate() {
            let mirrored = config.correlations.get(column).and_then(|other| other.get(row)).copied();
            let mirrored = mirrored.unwrap_or_default();
            ensure(value == mirrored, || {
                let rule = format!("correlations[{row}][{column}] = correlations[{column}][{row}]");
                Error::bad_config(&rule, value, mirrored)
            })?;
        }
        let diagonal = correlations.get(row).copied().unwrap_or_default();
        ensure(diagonal.abs() == Ratio::ONE && !diagonal.is_negative(), || {
            Error::bad_config(&format!("correlations[{row}][{row}] = 1"), diagonal, 1)
        })?;
        push(&mut stored, *sigma, correlations.get(..row).unwrap_or_default())?;
    }
    positive_semidefinite(&stored)?;
    Ok(stored)
}

/// Covariances with a further feed.
pub fn widened(covariance: &Covariance, sigma: Ratio, correlations: &[SignedRatio]) -> Result<Covariance> {
    same_length("one correlation with each feed", correlations.len(), covariance.len())?;
    let mut stored = covariance.clone();
    push(&mut stored, sigma, correlations)?;
    positive_semidefinite(&stored)?;
    Ok(stored)
}

/// Adds a feed with its correlations to those before it.
fn push(stored: &mut Covariance, sigma: Ratio, correlations: &[SignedRatio]) -> Result<()> {
    let feed = stored.len();
    ensure(!sigma.is_zero() && sigma <= MAX_SIGMA, || {
        Error::out_of_range(&format!("sigmas[{feed}]"), sigma, "more than 0", MAX_SIGMA)
    })?;
    let nanos = sigma.raw().div_ceil(SIGMA_UNIT);
    stored.sigmas.push(u32::try_from(nanos).unwrap_or(u32::MAX));
    for (other, rho) in correlations.iter().enumerate() {
        ensure(rho.abs() <= Ratio::ONE, || {
            Error::out_of_range(&format!("correlations[{feed}][{other}]"), rho, -1, 1)
        })?;
        // integer division drops the fraction: towards 0
        stored.correlations.push(i16::try_from(rho.raw() / RHO_UNIT).unwrap_or_default());
    }
    Ok(())
}

fn not_too_many(what: &str, count: usize, max: usize) -> Result<()> {
    let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    ensure(count <= max, || Error::TooMany { what: what.into(), count: number(count), max: number(max) })
}

fn no_duplicate(what: &str, duplicate: bool, key: &str) -> Result<()> {
    ensure(!duplicate, || Error::Duplicate { what: what.into(), key: key.into() })
}

fn same_length(rule: &str, length: usize, feeds: usize) -> Result<()> {
    ensure(length == feeds, || Error::bad_config(rule, length, feeds))
}
