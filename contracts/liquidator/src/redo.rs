//! Somebody starts an auction again that has run too long or fallen too far.

use cosmwasm_std::{Addr, DepsMut, Response};
use sdp_risk::auction::Asking;
use sdp_types::board::{Board, Use};
use sdp_types::book::Listing;
use sdp_types::events::AuctionReset;
use sdp_types::regime::Regime;
use sdp_types::{ensure, Result};

use crate::params::working_below;
use crate::state::{self, ORACLE, PARAMS, POOL};

pub fn redo(deps: DepsMut<'_>, now: u64, sender: Addr, number: u64) -> Result<Response> {
    working_below(2, &PARAMS.load(deps.storage)?)?;
    let mut auction = state::auction(deps.storage, number)?;
    let params = state::auction_params(deps.storage, auction.vault)?;

    auction.asking.is_to_be_redone(now)?;
    let board = Board::of(&deps.querier, &ORACLE.load(deps.storage)?)?;
    let price = match board.fresh(auction.feed, Use::Liquidate, now) {
        Ok(quote) => quote.price,
        // once the pool is shut down there may be no prices any more, and what was seized has to be sold all the same
        Err(error) => {
            let regime = Listing::of(&deps.querier, &POOL.load(deps.storage)?)?.regime;
            ensure(regime == Regime::ShutDown, || error)?;
            board.frozen(auction.feed)
        }
    };

    auction.asking = Asking::start(params, price, now)?;
    auction.redoer = Some(sender.clone());
    state::save_auction(deps.storage, number, &auction)?;

    let price = auction.asking.start_price;
    Ok(Response::new().add_event(AuctionReset { auction: number, price, keeper: sender.into() }))
}
