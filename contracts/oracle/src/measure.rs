//! What a measurement does: it samples the board's prices, and lets what is priced and margined follow.
//!
//! Formulas are in `sdp_risk::measure`; here is when it happens, and where it is kept. A publish does one thing at
//! most, so that none pays for both: a sample writes the estimate, an hour's step the covariances.

use cosmwasm_std::{Event, Response, Storage};
use sdp_risk::measure::HOUR;
use sdp_types::board::{sigma_ratio, volatility_ratio, Board, Covariance};
use sdp_types::error::OracleError;
use sdp_types::events::{CovarianceStepped, List, VolatilitySampled};
use sdp_types::oracle::Measurement;
use sdp_types::{Ratio, Result};

use crate::state::{self, Rules};

/// What there is to do.
enum Due {
    /// A sample of this slot.
    Sample(u64),
    /// The step of this hour.
    Step(u64),
}

/// A slot that has not been sampled comes before an hour's step, unless a sample was taken since the hour of the last
/// step ended: then the step has waited for its turn, however rare prices are.
fn due(terms: &Measurement, board: &Board, now: u64) -> Option<Due> {
    let seconds = u64::from(terms.sample_seconds.max(1));
    let (slot, hour) = (now / seconds, now / HOUR);
    let (sampled, stepped) = (slot <= board.sampled, hour <= board.stepped);
    let since_last_step = board.sampled.saturating_mul(seconds) >= (board.stepped + 1).saturating_mul(HOUR);
    match (sampled, stepped) {
        (true, true) => None,
        (false, false) if since_last_step => Some(Due::Step(hour)),
        (false, _) => Some(Due::Sample(slot)),
        (true, false) => Some(Due::Step(hour)),
    }
}

/// Does the one thing that is due, if any. The board is the caller's to save.
pub fn whatever_is_due(
    storage: &mut dyn Storage,
    rules: &Rules,
    board: &mut Board,
    now: u64,
) -> Result<Option<Event>> {
    let Some(terms) = &rules.measurement else { return Ok(None) };
    match due(terms, board, now) {
        Some(Due::Sample(slot)) => sample(storage, rules, terms, board, slot).map(Some),
        Some(Due::Step(hour)) => step(storage, rules, terms, board, hour).map(Some),
        None => Ok(None),
    }
}

/// Anybody's message: `E0211` where nothing is measured, `E0212` where nothing is due.
pub fn sample_now(storage: &mut dyn Storage, now: u64) -> Result<Response> {
    let (rules, mut board) = (state::rules(storage)?, state::board(storage)?);
    let terms = rules.measurement.ok_or(OracleError::NotMeasured {})?;
    let Some(event) = whatever_is_due(storage, &rules, &mut board, now)? else {
        let (slot, seconds) = (board.sampled, u64::from(terms.sample_seconds));
        let next_at = slot.saturating_add(1).saturating_mul(seconds);
        return Err(OracleError::AlreadySampled { slot, next_at }.into());
    };
    state::save_board(storage, &board)?;
    Ok(Response::new().add_event(event))
}

fn sample(
    storage: &mut dyn Storage,
    rules: &Rules,
    terms: &Measurement,
    board: &mut Board,
    slot: u64,
) -> Result<Event> {
    let (mut estimate, ranges) = (state::estimate(storage)?, rules.ranges());
    let feeds = estimate.sample(&board.quotes, terms, &ranges)?;
    board.volatilities = estimate.on_board(&ranges);
    board.sampled = slot;
    state::save_estimate(storage, &estimate)?;
    let volatilities = board.volatilities.iter().map(|volatility| volatility_ratio(*volatility));
    Ok(VolatilitySampled { slot, feeds: List(feeds), volatilities: List(volatilities.collect()) }.into())
}

fn step(
    storage: &mut dyn Storage,
    rules: &Rules,
    terms: &Measurement,
    board: &mut Board,
    hour: u64,
) -> Result<Event> {
    let mut covariance = state::covariance(storage)?;
    state::estimate(storage)?.step(&mut covariance, terms, &rules.ranges())?;
    board.stepped = hour;
    state::save_covariance(storage, &covariance)?;
    Ok(CovarianceStepped {
        hour,
        volatilities: ratios(&covariance.sigmas),
        margins: ratios(&covariance.margins),
    }
    .into())
}

fn ratios(sigmas: &[u32]) -> List<Ratio> {
    List(sigmas.iter().map(|sigma| sigma_ratio((*sigma).into())).collect())
}

/// Volatilities and correlations that the owner has set: a measurement begins from them, and the prices of its last
/// sample stay as the base of the next returns. The board is the caller's to save.
pub fn restart(storage: &mut dyn Storage, rules: &Rules, board: &mut Board, set: &Covariance) -> Result<()> {
    let mut covariance = Covariance { margins: Vec::new(), ..set.clone() };
    board.volatilities = Vec::new();
    if rules.measurement.is_some() {
        let mut estimate = state::estimate(storage)?;
        estimate.restart(set);
        state::save_estimate(storage, &estimate)?;
        board.volatilities = estimate.on_board(&rules.ranges());
        covariance.margins.clone_from(&set.sigmas);
    } else {
        state::remove_estimate(storage);
    }
    state::save_covariance(storage, &covariance)
}

/// A further feed, the last one of `widened`: it begins from what the owner believes, the others go on.
pub fn widen(
    storage: &mut dyn Storage,
    rules: &Rules,
    board: &mut Board,
    widened: &Covariance,
) -> Result<()> {
    let mut covariance = widened.clone();
    if rules.measurement.is_some() {
        let mut estimate = state::estimate(storage)?;
        estimate.widen(widened);
        state::save_estimate(storage, &estimate)?;
        board.volatilities = estimate.on_board(&rules.ranges());
        covariance.margins.extend(widened.sigmas.iter().skip(widened.margins.len()));
    }
    state::save_covariance(storage, &covariance)
}

/// Other parameters, or none. A measurement that there was none of begins from what is priced with.
pub fn reconfigure(storage: &mut dyn Storage, measurement: Option<Measurement>) -> Result<()> {
    let (mut rules, mut board) = (state::rules(storage)?, state::board(storage)?);
    let before = core::mem::replace(&mut rules.measurement, measurement);
    match (before, measurement) {
        (Some(before), Some(after)) => {
            // the slot, by its new length, in which the last sampled one began
            let began = board.sampled.saturating_mul(before.sample_seconds.into());
            board.sampled = began / u64::from(after.sample_seconds.max(1));
        }
        _ => {
            board.sampled = 0;
            let covariance = state::covariance(storage)?;
            restart(storage, &rules, &mut board, &covariance)?;
        }
    }
    state::save_rules(storage, &rules)?;
    state::save_board(storage, &board)
}
