//! Somebody starts an auction again that has run too long or fallen too far.

use cosmwasm_std::{Addr, DepsMut, Response};
use sdp_types::board::{Board, Use};
use sdp_types::events::AuctionReset;
use sdp_types::{ensure, Error, Result};

use crate::auction::Standing;
use crate::params::working_below;
use crate::state::{self, ORACLE, PARAMS};

pub fn redo(deps: DepsMut<'_>, now: u64, sender: Addr, number: u64) -> Result<Response> {
    working_below(2, &PARAMS.load(deps.storage)?)?;
    let mut auction = state::auction(deps.storage, number)?;
    let params = state::auction_params(deps.storage, auction.vault)?;

    let Standing { age, price, needs_redo } = auction.standing(now)?;
    ensure(needs_redo, || Error::NoRedoNeeded { age, price })?;
    let board = Board::of(&deps.querier, &ORACLE.load(deps.storage)?)?;
    let fresh = board.fresh(auction.feed, Use::Liquidate, now)?;

    auction.start(params, fresh.price, now)?;
    auction.redoer = Some(sender.clone());
    state::save_auction(deps.storage, number, &auction)?;

    let price = auction.start_price;
    Ok(Response::new().add_event(AuctionReset { auction: number, price, keeper: sender.into() }))
}
