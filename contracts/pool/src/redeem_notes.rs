//! Recovery notes are paid out of what was set aside for them.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use sdp_book::sync::Synced;
use sdp_types::contract::nonpayable;
use sdp_types::events::NotesRedeemed;
use sdp_types::{ensure, Error, Result, Rounding, Usd};

use crate::seize::only_liquidator;
use crate::token;

/// [`sdp_types::pool::ExecuteMsg::RedeemNotes`]. `E0104`; `E0005` where nothing would be paid; `E0343`.
pub fn redeem_notes(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    notes: Usd,
    least: Option<Usd>,
    recipient: &str,
) -> Result<Response> {
    nonpayable(info)?;
    only_liquidator(deps.storage, &info.sender)?;
    let recipient = deps.api.addr_validate(recipient)?;

    let mut synced = Synced::load(deps.as_ref(), env)?;
    let left = synced.book.recoveries.notes_outstanding();
    let ledger = &mut synced.book.ledger;
    let outstanding = left.plus(notes)?;
    let paid = if ledger.set_aside >= outstanding {
        notes
    } else {
        notes.fraction(ledger.set_aside.raw(), outstanding.raw(), Rounding::Down)?
    };
    ensure(!paid.is_zero(), || Error::Zero { what: "set aside".into() })?;
    let least = least.unwrap_or_default();
    ensure(paid >= least, || Error::RedeemedBelow { paid, least })?;

    ledger.notes_redeemed(paid)?;
    // holders may have burnt some of their own
    ledger.notes_left(left)?;
    let message = token::mint(&synced.terms.sdusd, &recipient, paid)?;
    let told = NotesRedeemed { notes, paid, recipient: recipient.into() };
    Ok(synced.save(deps.storage)?.add_event(told).add_message(message))
}
