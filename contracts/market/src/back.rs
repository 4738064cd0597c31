//! The custody says whether tokens back an account.

use cosmwasm_std::{DepsMut, MessageInfo, Response};

use sdp_perps::books::Books;
use sdp_perps::state::{self, AccountKey};
use sdp_types::events::AccountBacked;
use sdp_types::{Result, Usd};

use crate::liquidate::only;

/// `SetBacked`.
pub fn set_backed(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    (owner, number): (String, u16),
    backed: bool,
    charge: Usd,
) -> Result<Response> {
    let terms = state::terms(deps.storage)?;
    only(deps.api, info, terms.custody.as_ref())?;
    let key = AccountKey::of(deps.api, &owner, number)?;
    let before = Books::load(deps.storage, &terms)?;
    let mut books = before.clone();

    books.account(deps.storage, &key)?.backed = backed;
    books.credit(deps.storage, &key, charge.signed()?.negate()?)?;
    let exposure = &mut books.published.exposure;
    exposure.fees = exposure.fees.plus(charge)?;
    let shortfall = books.close_if_empty(deps.storage, &key)?;

    let told = books.save(deps.storage, deps.api, &before)?;
    let event = AccountBacked { owner, account: number, backed, charge, shortfall };
    Ok(Response::new().add_events(told).add_event(event))
}
