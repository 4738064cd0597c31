//! Somebody has traders' accounts liquidated, at every stop level: a delay would make their losses the providers'.

use cosmwasm_std::{wasm_execute, Addr, Deps, Response};
use sdp_types::book::Listing;
use sdp_types::market::{AccountId, ExecuteMsg, MAX_BATCH};
use sdp_types::{ensure, Error, Result};

use crate::state::POOL;

pub fn liquidate(deps: Deps<'_>, keeper: Addr, market: String, accounts: Vec<AccountId>) -> Result<Response> {
    let count = accounts.len();
    let fits = (1..=u64::from(MAX_BATCH)).contains(&(count as u64));
    ensure(fits, || Error::out_of_range("accounts", count, 1, MAX_BATCH))?;

    let contract = deps.api.addr_validate(&market)?;
    let listing = Listing::of(&deps.querier, &POOL.load(deps.storage)?)?;
    let listed = listing.market(deps.api, &contract)?.is_some();
    ensure(listed, || Error::UnknownMarket { market })?;

    let liquidate = ExecuteMsg::Liquidate { accounts, keeper: keeper.into() };
    Ok(Response::new().add_message(wasm_execute(contract, &liquidate, vec![])?))
}
