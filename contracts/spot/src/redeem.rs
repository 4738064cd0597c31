//! What tokens are paid after a shutdown: their part of what all of them are owed, for ever.

use cosmwasm_std::{Addr, DepsMut, Response};

use sdp_types::book::Listing;
use sdp_types::error::SpotError;
use sdp_types::events::SyntheticRedeemed;
use sdp_types::record::canonical;
use sdp_types::token::TokenMsg;
use sdp_types::{Amount, Result, Rounding};

use crate::books::Books;
use crate::state;

/// Hook `redeem`: rounded down, so the last holder gets what rounding has left. `E0603` before a shutdown.
pub fn redeem(deps: DepsMut<'_>, synthetic: u16, holder: &Addr, tokens: Amount) -> Result<Response> {
    let terms = state::terms(deps.storage)?;
    let token = deps.api.addr_humanize(&state::synthetic(deps.storage, synthetic)?.token)?;
    let bad_debt = Listing::of(&deps.querier, &deps.api.addr_humanize(&terms.pool)?)?.bad_debt;
    let mut books = Books::load(deps.storage)?;
    let issue = books.issue(synthetic)?;
    let frozen = issue.frozen.ok_or(SpotError::WrongPhase { shut_down: false })?;
    let amount = frozen.fraction(tokens.raw(), issue.supply.raw(), Rounding::Down)?;

    issue.supply = issue.supply.minus(tokens)?;
    issue.frozen = Some(frozen.minus(amount)?);
    books.pay(deps.storage, &canonical(deps.api, holder)?, amount, !bad_debt)?;
    let mut messages = books.save(deps.storage, deps.api, &terms)?;
    messages.push(TokenMsg::Burn { amount: tokens.raw().into() }.to(token)?);
    let told = SyntheticRedeemed { synthetic, holder: holder.to_string(), tokens, amount };
    Ok(Response::new().add_messages(messages).add_event(told))
}
