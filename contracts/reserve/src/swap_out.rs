//! sdUSD comes in, and a token is paid for it.

use cosmwasm_std::{Addr, Deps, DepsMut, Response};

use sdp_types::error::ReserveError;
use sdp_types::events::{Revalued, SwappedOut};
use sdp_types::reserve::PAR;
use sdp_types::units::MAX_USD;
use sdp_types::{ensure, Amount, Error, Ratio, Result, Rounding, Usd};

use crate::desk::Desk;
use crate::messages;

/// What somebody pays for.
pub struct Wish {
    /// Number of the token.
    pub token: u8,
    /// sdUSD that has come in.
    pub paid: Usd,
    /// The largest part of it that may be kept for bad debt; none: 0.
    pub accepted_haircut: Option<Ratio>,
}

/// What a swap out comes to; the desk has it in its books.
pub struct Plan {
    /// Base units of the token.
    pub amount: Amount,
    /// Of the payment, beyond what leaves at par: the fee, roundings included.
    pub fee: Usd,
    /// Of the payment, for bad debt.
    pub kept: Usd,
    /// The part of it that is kept so.
    pub haircut: Ratio,
    /// What left the book for less than par.
    pub gain: Usd,
    /// That the token was valued again before.
    pub revalued: Option<Revalued>,
}

/// [`sdp_types::reserve::Hook::SwapOut`].
pub fn swap_out(
    deps: DepsMut<'_>,
    mut desk: Desk,
    wish: &Wish,
    payer: &Addr,
    recipient: Option<Addr>,
    least: Option<Amount>,
) -> Result<Response> {
    let recipient = recipient.as_ref().unwrap_or(payer);
    let Plan { amount, fee, kept, haircut, gain, revalued } = plan(deps.as_ref(), &mut desk, wish)?;
    let accepted = wish.accepted_haircut.unwrap_or_default();
    ensure(haircut <= accepted, || Error::Haircut { rate: haircut, accepted })?;
    let least = least.unwrap_or_default();
    ensure(amount >= least, || ReserveError::SwapPaysLess { paid: amount, least }.into())?;
    let (config, _) = desk.token(wish.token)?;
    let payment = config.token.send(recipient, amount)?;
    let sync = revalued.is_some().then(|| messages::sync(&desk.pool)).transpose()?;

    desk.save(deps.storage)?;
    let (token, paid) = (wish.token, wish.paid);
    let (payer, recipient) = (payer.to_string(), recipient.to_string());
    let told = SwappedOut { token, payer, recipient, paid, amount, fee, kept, gain };
    let mut response = Response::new();
    if let Some(revalued) = revalued {
        response = response.add_event(revalued);
    }
    Ok(response.add_event(told).add_messages(sync).add_message(payment))
}

/// What must hold, and what it comes to. Once the pool was shut down nothing has to: what is there is changed at what it stands in the book
/// at, for ever, because that is what the estate counts on.
#[inline(never)]
pub fn plan(deps: Deps<'_>, desk: &mut Desk, wish: &Wish) -> Result<Plan> {
    let paid = wish.paid;
    ensure(!paid.is_zero(), || Error::Zero { what: "amount".into() })?;
    ensure(paid <= MAX_USD, || Error::out_of_range("amount", paid, 1, MAX_USD))?;
    let (config, stock) = desk.token(wish.token)?;
    let mut revalued = None;
    let (mut haircut, mut kept) = (Ratio::ZERO, Usd::ZERO);
    let (leaving, each) = if desk.is_shut() {
        let there = stock.value(&config)?;
        ensure(paid <= there, || ReserveError::ReserveShort { asked: paid, most: there }.into())?;
        (paid, stock.mark)
    } else {
        let board = desk.board(deps)?;
        revalued = desk.lets_out(wish.token, &config, &board)?;
        haircut = desk.haircut(deps)?;
        kept = paid.scale(haircut, Rounding::Up)?;
        let there = stock.par(&config)?;
        (config.fee_out.leaving(there, config.ceiling, paid.minus(kept)?)?, PAR)
    };
    let amount = each.amount_for(leaving, config.decimals, Rounding::Down)?;
    ensure(!amount.is_zero(), || Error::Zero { what: "paid".into() })?;
    let beyond = desk.books.goes_out(wish.token, &config, amount, paid)?;
    let fee = paid.minus(kept)?.minus(leaving)?;
    let gain = beyond.minus(fee)?.minus(kept)?;
    Ok(Plan { amount, fee, kept, haircut, gain, revalued })
}
