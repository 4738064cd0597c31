//! Paying sdUSD out: out of what a contract holds, the rest drawn from the pool, in proportion while that has bad debt.

use cosmwasm_std::{Api, CanonicalAddr, CosmosMsg};

use sdp_types::board::Use;
use sdp_types::contract::execute;
use sdp_types::exposure::Exposure;
use sdp_types::pool::MarketMsg;
use sdp_types::token::TokenMsg;
use sdp_types::{Ratio, Result, Rounding, Usd};

use crate::outside::Outside;

/// What a contract owes beyond what it holds, at prices that are fresh enough for the pool; none while there is no bad debt.
pub fn owed(outside: &Outside, exposure: &Exposure) -> Result<Option<Usd>> {
    if !outside.bad_debt {
        return Ok(None);
    }
    let price = |feed| Ok(outside.board.fresh(feed, Use::Liquidate, outside.now)?.price);
    let reported = exposure.reported(outside.now, |feed, _| price(feed))?;
    Ok(Some(reported.positive_part()))
}

/// What of `asked` is paid out of what is `held`, rounded down; where something is `owed` beyond that, in proportion: whoever comes first
/// would else be paid in full, and whoever comes last would bear all of the haircut.
pub fn out_of_held(asked: Usd, held: Usd, owed: Option<Usd>) -> Result<Usd> {
    match owed {
        Some(owed) if !owed.is_zero() => {
            Ok(asked.fraction(held.raw(), held.plus(owed)?.raw(), Rounding::Down)?.min(held))
        }
        _ => Ok(asked.min(held)),
    }
}

/// The messages: `paid` out of what is held, `drawn` from the pool with the haircut that is accepted.
pub fn messages(
    api: &dyn Api,
    (pool, sdusd): (&CanonicalAddr, &CanonicalAddr),
    paid: Usd,
    (drawn, accepted_haircut): (Usd, Option<Ratio>),
    recipient: &str,
) -> Result<Vec<CosmosMsg>> {
    let mut messages = Vec::new();
    if !paid.is_zero() {
        let transfer = TokenMsg::Transfer { recipient: recipient.into(), amount: paid.raw().into() };
        messages.push(transfer.to(api.addr_humanize(sdusd)?)?);
    }
    if !drawn.is_zero() {
        let draw = MarketMsg::Draw { amount: drawn, recipient: recipient.into(), accepted_haircut };
        messages.push(execute(api.addr_humanize(pool)?, &draw)?);
    }
    Ok(messages)
}
