//! A new oracle.

use cosmwasm_std::{DepsMut, Response};
use sdp_types::board::{Board, Quote};
use sdp_types::contract::address;
use sdp_types::oracle::{InstantiateMsg, CONTRACT};
use sdp_types::ownership;
use sdp_types::record::canonical;
use sdp_types::{Price, Result};

use crate::contract::VERSION;
use crate::measure;
use crate::source;
use crate::state::{self, Limits, Rules};
use crate::validate;

pub fn instantiate(deps: DepsMut<'_>, msg: &InstantiateMsg) -> Result<Response> {
    validate::numbers(msg)?;
    validate::feeds(&msg.feeds)?;
    for (number, feed) in msg.feeds.iter().enumerate() {
        source::validate::source(deps.api, number, feed)?;
    }
    validate::measurement(msg.measurement.as_ref(), &msg.feeds)?;
    validate::breaker(msg.breaker.as_ref())?;
    let publishers = validate::publishers(deps.api, &msg.publishers, msg.quorum)?;
    let covariance = validate::covariance(&msg.covariance, msg.feeds.len())?;
    let guardian = address(deps.api, msg.guardian.as_deref())?;

    let publishers: Result<_> = publishers.iter().map(|address| canonical(deps.api, address)).collect();
    let rules = Rules {
        quorum: msg.quorum,
        average_seconds: msg.average_seconds,
        publishers: publishers?,
        limits: msg.feeds.iter().map(Limits::from).collect(),
        measurement: msg.measurement,
        breaker: msg.breaker,
    };
    let mut board = Board {
        staleness: msg.staleness,
        intervals: msg.intervals,
        gap: msg.gap,
        written_at: 0,
        resumed_at: 0,
        quotes: vec![Quote::default(); msg.feeds.len()],
        averages: vec![Price::ZERO; msg.feeds.len()],
        ..Board::default()
    };
    for (number, feed) in (0..).zip(&msg.feeds) {
        state::save_source(deps.storage, &mut board, number, feed.source.as_ref())?;
    }
    let symbols = msg.feeds.iter().map(|feed| feed.symbol.clone()).collect();

    cw2::set_contract_version(deps.storage, CONTRACT, VERSION)?;
    ownership::begin(deps.storage, deps.api, &msg.owner)?;
    state::GUARDIAN.save(deps.storage, &guardian)?;
    state::CHANGE_DELAY.save(deps.storage, &msg.change_delay)?;
    state::SYMBOLS.save(deps.storage, &symbols)?;
    state::save_rules(deps.storage, &rules)?;
    measure::restart(deps.storage, &rules, &mut board, &covariance)?;
    state::save_board(deps.storage, &board)?;
    Ok(Response::new())
}
