//! Tokens that are nobody's: holders have burnt them, or sent them to the contract without saying why.

use cosmwasm_std::{DepsMut, Env, Response};

use sdp_types::board::Board;
use sdp_types::events::SyntheticSwept;
use sdp_types::token::{self, TokenMsg};
use sdp_types::{ensure, Amount, Error, Result, Rounding};

use crate::books::Books;
use crate::state;

/// `Sweep`: what they were owed is the providers'. `E0322`.
pub fn sweep(deps: DepsMut<'_>, env: &Env, synthetic: u16) -> Result<Response> {
    let terms = state::terms(deps.storage)?;
    let own = deps.api.addr_humanize(&state::synthetic(deps.storage, synthetic)?.token)?;
    let board = Board::of(&deps.querier, &deps.api.addr_humanize(&terms.oracle)?)?;
    let there = token::supply(&deps.querier, own.as_str())?;
    let here = token::balance(&deps.querier, own.as_str(), env.contract.address.to_string())?;

    let mut books = Books::load(deps.storage)?;
    let issue = books.issue(synthetic)?;
    let burnt = Amount::new(here).saturating_minus(issue.locked);
    let supply = Amount::new(there).saturating_minus(burnt);
    ensure(supply < issue.supply, || Error::NothingToDo { what: "sweep".into() })?;
    if let Some(frozen) = issue.frozen {
        issue.frozen = Some(frozen.fraction(supply.raw(), issue.supply.raw(), Rounding::Down)?);
    }
    issue.supply = supply;
    // what is left carries funding from now on
    let told = books.touch(deps.as_ref(), &terms, &board, env.block.time.seconds())?;

    let mut messages = books.save(deps.storage, deps.api, &terms)?;
    if !burnt.is_zero() {
        messages.push(TokenMsg::Burn { amount: burnt.raw().into() }.to(own)?);
    }
    let swept = SyntheticSwept { synthetic, burnt, supply };
    Ok(Response::new().add_messages(messages).add_event(told).add_event(swept))
}
