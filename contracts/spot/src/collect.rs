//! Taking out what one is owed.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use sdp_trading::payout::{self, out_of_held, owed};
use sdp_trading::Outside;
use sdp_types::book::Listing;
use sdp_types::events::SpotCollected;
use sdp_types::record::canonical;
use sdp_types::{ensure, Error, Ratio, Result, Usd};

use crate::books::Books;
use crate::state;

/// `Collect`. `E0005`, `E0421`; what the pool refuses of a draw; while it has bad debt also `E0206`.
pub fn collect(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    asked: Option<Usd>,
    (recipient, accepted_haircut): (Option<String>, Option<Ratio>),
) -> Result<Response> {
    let terms = state::terms(deps.storage)?;
    let (owner, sender) = (info.sender.to_string(), canonical(deps.api, &info.sender)?);
    let recipient = deps.api.addr_validate(recipient.as_ref().unwrap_or(&owner))?;
    let mut books = Books::load(deps.storage)?;
    let claim = books.claim(deps.storage, &sender)?;
    let (free, asked) = (*claim, asked.unwrap_or(*claim));
    ensure(!asked.is_zero(), || Error::Zero { what: "amount".into() })?;
    ensure(asked <= free, || Error::MarginLocked { asked, free })?;
    *claim = claim.minus(asked)?;

    let bad_debt = Listing::of(&deps.querier, &deps.api.addr_humanize(&terms.pool)?)?.bad_debt;
    let owed = if bad_debt {
        owed(&Outside::read(deps.as_ref(), env, terms.home())?, &books.exposure)?
    } else {
        None
    };
    let paid = out_of_held(asked, books.own.held, owed)?;
    let drawn = asked.minus(paid)?;
    books.own.claims = books.own.claims.minus(asked)?;
    books.own.held = books.own.held.minus(paid)?;
    books.exposure.drawn = books.exposure.drawn.plus(drawn)?;

    let mut messages = books.save(deps.storage, deps.api, &terms)?;
    messages.extend(payout::messages(
        deps.api,
        (&terms.pool, &terms.sdusd),
        paid,
        (drawn, accepted_haircut),
        recipient.as_str(),
    )?);
    let told = SpotCollected { owner, amount: asked, drawn, recipient: recipient.into() };
    Ok(Response::new().add_messages(messages).add_event(told))
}
