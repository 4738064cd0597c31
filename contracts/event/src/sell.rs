//! The author quotes, and contracts are sold at that.

use cosmwasm_std::{from_json, DepsMut, Env, MessageInfo, Response};
use cw20::Cw20ReceiveMsg;

use sdp_types::contract::{in_range, movable};
use sdp_types::error::EventError;
use sdp_types::event::{EventQuote, Hook, Side};
use sdp_types::events::{EventBought, EventQuoted};
use sdp_types::{ensure, Error, Ratio, Result, Rounding, Usd};

use crate::contract::{behind, told};
use crate::state;

/// Both sides cost something, and no more than they can pay. `E0004`.
pub fn check(quote: &EventQuote) -> Result<()> {
    let EventQuote { yes_price, spread } = *quote;
    in_range("yes_price", yes_price, Ratio::new(1), Ratio::ONE.minus(Ratio::new(1))?)?;
    in_range("spread", spread, Ratio::ZERO, yes_price.min(Ratio::ONE.minus(yes_price)?))
}

/// What one contract costs.
pub fn price(quote: &EventQuote, side: Side) -> Result<Ratio> {
    let fair = match side {
        Side::Yes => quote.yes_price,
        Side::No => Ratio::ONE.minus(quote.yes_price)?,
    };
    fair.plus(quote.spread)
}

/// `Quote`.
pub fn quote(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, quote: EventQuote) -> Result<Response> {
    let (terms, mut event) = state::load(deps.storage)?;
    let (sender, expected) = (info.sender.to_string(), terms.author.to_string());
    ensure(info.sender == terms.author, || Error::WrongCaller { sender, expected })?;
    check(&quote)?;
    event.book.quote = quote;
    let behind = behind(deps.as_ref(), env, &terms)?;
    let EventQuote { yes_price, spread } = quote;
    Ok(told(deps, env, &mut event, &behind)?.add_event(EventQuoted { yes_price, spread }))
}

/// `Receive`.
pub fn receive(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, hook: &Cw20ReceiveMsg) -> Result<Response> {
    let (terms, mut event) = state::load(deps.storage)?;
    ensure(info.sender == terms.sdusd, || Error::UnknownToken { token: info.sender.to_string() })?;
    let buyer = deps.api.addr_validate(&hook.sender)?;
    let paid = movable(Usd::new(hook.amount.u128()))?;
    let Hook::Buy { side, least } = from_json(&hook.msg)?;

    let (at, now) = (terms.ends_at, env.block.time.seconds());
    ensure(now < at && event.book.outcome.is_none(), || EventError::EventOver { at, now }.into())?;
    let contracts = paid.unscale(price(&event.book.quote, side)?, Rounding::Down)?;
    let least = least.unwrap_or(Usd::new(1));
    ensure(contracts >= least, || EventError::TooFewContracts { contracts, least }.into())?;

    let mut holder = state::holder(deps.storage, deps.api, &buyer)?;
    let book = &mut event.book;
    let (all, own) = match side {
        Side::Yes => (&mut book.yes, &mut holder.yes),
        Side::No => (&mut book.no, &mut holder.no),
    };
    *all = all.plus(contracts)?;
    *own = own.plus(contracts)?;
    holder.cost = holder.cost.plus(paid)?;
    book.cost = book.cost.plus(paid)?;
    book.held = book.held.plus(paid)?;

    // a record above the credit would put the market into quarantine: what nobody stands behind is not sold
    let behind = behind(deps.as_ref(), env, &terms)?;
    let owed = book.owed().signed()?.minus(book.held.signed()?)?;
    let room = behind.room();
    ensure(owed <= room, || EventError::NotCovered { owed, room }.into())?;

    state::save_holder(deps.storage, deps.api, &buyer, holder)?;
    let side = if side == Side::Yes { "yes" } else { "no" }.into();
    let bought = EventBought { owner: buyer.into(), side, paid, contracts };
    Ok(told(deps, env, &mut event, &behind)?.add_event(bought))
}
