//! Anyone starts an auction of recovery notes, starts it again where nobody bids, and settles it.

use cosmwasm_std::{DepsMut, Response};
use sdp_types::book::Book;
use sdp_types::error::LiquidatorError;
use sdp_types::events::{NoteAuctionDropped, NoteAuctionStarted, NoteBid, NotesIssued};
use sdp_types::token::TokenMsg;
use sdp_types::{ensure, Error, Result, Rounding, Usd};

use crate::notes::{NoteAuction, Notes};
use crate::receive::Payment;
use crate::state::{self, Totals, NOTE, NOTE_PARAMS, POOL, SDUSD};
use crate::transfer;

/// [`sdp_types::liquidator::ExecuteMsg::StartNoteAuction`].
pub fn start(deps: DepsMut<'_>, now: u64) -> Result<Response> {
    let params = NOTE_PARAMS.load(deps.storage)?;
    let mut notes = state::notes(deps.storage)?;
    let claims = claims(&deps, &notes)?;
    let lot = missing(&deps, &notes)?.min(params.lot);
    ensure(!lot.is_zero(), || Error::NothingToDo { what: "note auction".into() })?;

    let claim = lot.scale(params.start, Rounding::Down)?;
    let auction = NoteAuction::start(lot, claim, claims, params, now)?;
    notes.last = notes.last.saturating_add(1);
    notes.add(&auction)?;

    let number = notes.last;
    state::save_notes(deps.storage, &notes)?;
    state::save_note_auction(deps.storage, number, &auction)?;
    Ok(Response::new().add_event(NoteAuctionStarted { auction: number, lot, claim: auction.claim }))
}

/// [`sdp_types::liquidator::ExecuteMsg::RestartNoteAuction`]. `E0007`, `E0528`, `E0526`.
pub fn restart(deps: DepsMut<'_>, now: u64, number: u64) -> Result<Response> {
    let auction = state::note_auction(deps.storage, number)?;
    // one that has a bid is settled
    let until = if auction.bidder.is_some() { u64::MAX } else { auction.ends_at };
    ensure(now >= until, || LiquidatorError::NoteAuctionRunning { until, now }.into())?;

    let mut notes = state::notes(deps.storage)?;
    notes.take(&auction)?;
    let (claims, missing) = (claims(&deps, &notes)?, missing(&deps, &notes)?);
    let lot = auction.lot.min(missing);
    if lot.is_zero() {
        state::save_notes(deps.storage, &notes)?;
        state::remove_note_auction(deps.storage, number);
        return Ok(Response::new().add_event(NoteAuctionDropped { auction: number }));
    }
    let params = NOTE_PARAMS.load(deps.storage)?;
    let before = auction.claim.fraction(lot.raw(), auction.lot.raw(), Rounding::Down)?;
    let claim = before.scale(params.raise, Rounding::Down)?;
    let auction = NoteAuction::start(lot, claim, claims, params, now)?;
    notes.add(&auction)?;

    state::save_notes(deps.storage, &notes)?;
    state::save_note_auction(deps.storage, number, &auction)?;
    Ok(Response::new().add_event(NoteAuctionStarted { auction: number, lot, claim: auction.claim }))
}

/// [`sdp_types::liquidator::Hook::Bid`]. `E0007`, `E0530`, `E0527`, `E0005`, `E0529`.
pub fn bid(deps: DepsMut<'_>, now: u64, payment: &Payment, number: u64, claim: Usd) -> Result<Response> {
    let mut auction = state::note_auction(deps.storage, number)?;
    let (lot, paid) = (auction.lot, payment.amount);
    ensure(paid >= lot, || LiquidatorError::PaidBelowLot { paid, lot }.into())?;
    let mut notes = state::notes(deps.storage)?;
    notes.take(&auction)?;
    let before = auction.bid(payment.payer.clone(), claim, now)?;
    notes.add(&auction)?;

    if before.is_none() {
        let mut totals = Totals::load(deps.storage)?;
        totals.recoveries.bids = totals.recoveries.bids.plus(lot)?;
        totals.save(deps.storage)?;
    }
    state::save_notes(deps.storage, &notes)?;
    state::save_note_auction(deps.storage, number, &auction)?;
    let returned = before.map(|before| transfer::sdusd(&payment.token, &before, lot)).transpose()?.flatten();
    let excess = transfer::sdusd(&payment.token, &payment.payer, paid.minus(lot)?)?;
    let (bidder, ends_at) = (payment.payer.to_string(), auction.ends_at);
    let told = NoteBid { auction: number, bidder, lot, claim, ends_at };
    Ok(Response::new().add_messages(returned).add_messages(excess).add_event(told))
}

/// [`sdp_types::liquidator::ExecuteMsg::SettleNoteAuction`]. `E0007`; `E0322` without a bid; `E0528`.
pub fn settle(deps: DepsMut<'_>, now: u64, number: u64) -> Result<Response> {
    let auction = state::note_auction(deps.storage, number)?;
    let none = || Error::NothingToDo { what: format!("note auction {number}") };
    let holder = auction.bidder.clone().ok_or_else(none)?;
    auction.is_over(now)?;

    let mut notes = state::notes(deps.storage)?;
    notes.take(&auction)?;
    let mut totals = Totals::load(deps.storage)?;
    let recoveries = &mut totals.recoveries;
    let NoteAuction { lot, claim, .. } = auction;
    recoveries.notes_paid = recoveries.notes_paid.plus(lot)?;
    recoveries.notes_issued = recoveries.notes_issued.plus(claim)?;
    recoveries.bids = recoveries.bids.minus(lot)?;

    totals.save(deps.storage)?;
    state::save_notes(deps.storage, &notes)?;
    state::remove_note_auction(deps.storage, number);
    let burnt = transfer::burn(&SDUSD.load(deps.storage)?, lot)?;
    let (recipient, amount) = (holder.to_string(), claim.raw().into());
    let minted = TokenMsg::Mint { recipient, amount }.to(NOTE.load(deps.storage)?)?;
    let told = NotesIssued { auction: number, holder: holder.into(), lot, claim };
    Ok(Response::new().add_messages(burnt).add_message(minted).add_event(told))
}

/// Claims outstanding and on auction.
fn claims(deps: &DepsMut<'_>, notes: &Notes) -> Result<Usd> {
    Totals::load(deps.storage)?.recoveries.notes_outstanding().plus(notes.claims)
}

/// Bad debt, as the pool last booked it, beyond what insurance could meet with all that it has and what running auctions and notes that
/// the pool has not booked yet bring.
fn missing(deps: &DepsMut<'_>, notes: &Notes) -> Result<Usd> {
    let Book { ledger, recoveries, .. } = Book::of(&deps.querier, &POOL.load(deps.storage)?)?;
    let sold = Totals::load(deps.storage)?.recoveries.notes_paid.saturating_minus(recoveries.notes_paid);
    let left = ledger.bad_debt.saturating_minus(ledger.insurance);
    Ok(left.saturating_minus(notes.lots).saturating_minus(sold))
}
