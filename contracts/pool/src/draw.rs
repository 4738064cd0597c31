//! A market draws sdUSD for traders who take out more than it holds. Its record shows the draw before it asks, and the
//! sync books it: here is only what must hold.

use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response};
use sdp_types::contract::{movable, nonpayable};
use sdp_types::events::Drawn;
use sdp_types::regime::Regime;
use sdp_types::{ensure, Error, Ratio, Result, Rounding, SignedUsd, Usd};

use crate::ceiling::hard_line;
use crate::token;
use sdp_book::credit::Credit;
use sdp_book::sync::Synced;

/// [`sdp_types::pool::ExecuteMsg::Draw`].
pub fn draw(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    amount: Usd,
    recipient: &str,
    accepted: Option<Ratio>,
) -> Result<Response> {
    nonpayable(info)?;
    let market = &info.sender;
    let amount = movable(amount)?;
    let recipient = deps.api.addr_validate(recipient)?;

    let mut synced = Synced::load_for(deps.as_ref(), env, Some((market, amount)))?;
    let mut all = synced.markets.iter().zip(&synced.listing.markets).enumerate();
    let found = all.find(|(_, (seen, _))| seen.address == *market);
    let (place, (seen, listed)) = found.ok_or_else(|| Error::NotMarket { sender: market.to_string() })?;
    match &seen.refused {
        None => {}
        Some(Error::DrawMismatch { asked, recorded }) => {
            return Err(Error::DrawMismatch { asked: *asked, recorded: *recorded });
        }
        Some(_) => return Err(Error::MarketNotAccepted { market: market.to_string() }),
    }
    if synced.is_shut() {
        // everybody is paid the same part of his sdUSD later
        return mint(deps, synced, (market, &recipient), amount, Usd::ZERO);
    }
    let regime = synced.listing.regime.max(listed.regime);
    ensure(regime < Regime::Emergency, || Error::Restricted { scope: market.to_string(), regime })?;
    let line = hard_line(deps.storage, place, listed.line)?;
    let used = seen.used;
    ensure(used <= line, || Error::AboveCreditLine { used, line })?;
    let (rate, accepted) = (synced.draw_haircut(Some((place, amount)))?, accepted.unwrap_or_default());
    ensure(rate <= accepted, || Error::Haircut { rate, accepted })?;
    let forfeited = amount.scale(rate, Rounding::Up)?.min(synced.book.ledger.bad_debt);
    synced.book.ledger.draw_forfeits(forfeited)?;
    synced.left_behind(deps.storage, forfeited)?;
    // its unused credit is what a draw may use, so nothing is locked against it
    Credit { free: synced.free()?, locked: Usd::ZERO }.allows(SignedUsd::ZERO)?;

    within_limit(&synced, place, amount)?;
    mint(deps, synced, (market, &recipient), amount, forfeited)
}

fn mint(
    deps: DepsMut<'_>,
    synced: Synced,
    (market, recipient): (&Addr, &Addr),
    amount: Usd,
    forfeited: Usd,
) -> Result<Response> {
    let paid = amount.minus(forfeited)?;
    let mint = (!paid.is_zero()).then(|| token::mint(&synced.terms.sdusd, recipient, paid)).transpose()?;
    let told = Drawn { market: market.to_string(), amount, forfeited, recipient: recipient.to_string() };
    Ok(synced.save(deps.storage)?.add_event(told).add_messages(mint))
}

/// So much profit leaves a market in an hour or two, and no more: the breaker that would have tripped for good. Its trip would be undone with
/// the draw, so the draw is refused.
fn within_limit(synced: &Synced, place: usize, asked: Usd) -> Result<()> {
    let Some(most) = synced.terms.params.breakers.and_then(|breakers| breakers.withdrawals.emergency) else {
        return Ok(());
    };
    let most = synced.weight()?.scale(most, Rounding::Down)?;
    let drawn = synced.drawn_lately(place)?;
    let room = asked.saturating_minus(drawn.saturating_minus(most));
    ensure(drawn <= most, || Error::AboveDrawLimit { asked, room })
}
