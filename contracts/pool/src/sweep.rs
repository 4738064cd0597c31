//! What is found above the book goes to insurance: sdUSD that holders burnt themselves, and sdUSD that lies in the pool.

use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, QuerierWrapper, Response};
use sdp_types::contract::nonpayable;
use sdp_types::events::Swept;
use sdp_types::{ensure, Error, Result, Usd};

use crate::token;
use sdp_book::sync::Synced;

/// [`sdp_types::pool::ExecuteMsg::Sweep`]. Reads the token before it writes anything.
pub fn sweep(deps: DepsMut<'_>, env: &Env, info: &MessageInfo) -> Result<Response> {
    nonpayable(info)?;
    let mut synced = Synced::load(deps.as_ref(), env)?;
    let sdusd = synced.terms.sdusd.clone();
    let burnt = synced.book.ledger.supply.saturating_minus(supply(&deps.querier, &sdusd)?);
    let found = balance(&deps.querier, &sdusd, &env.contract.address)?;
    let all = burnt.plus(found)?;
    ensure(!all.is_zero(), || Error::NothingToDo { what: "sweep".into() })?;

    synced.book.ledger.burnt_to_insurance(all)?;

    let told = Swept { burnt, found };
    let response = synced.save(deps.storage)?.add_event(told);
    Ok(if found.is_zero() { response } else { response.add_message(token::burn(&sdusd, found)?) })
}

/// All sdUSD that there is.
pub fn supply(querier: &QuerierWrapper<'_>, sdusd: &Addr) -> Result<Usd> {
    sdp_types::token::supply(querier, sdusd.as_str()).map(Usd::new)
}

/// What a holder has of a CW20.
pub fn balance(querier: &QuerierWrapper<'_>, token: &Addr, holder: &Addr) -> Result<Usd> {
    sdp_types::token::balance(querier, token.as_str(), holder.to_string()).map(Usd::new)
}
