//! An owner lets another address trade an account, never take anything out of it; or take it over as a whole.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use sdp_perps::books::Books;
use sdp_perps::delegation::authorised;
use sdp_perps::prices::{marking_quote, Outside};
use sdp_perps::state::{self, Account, AccountKey};
use sdp_types::error::BackedError;
use sdp_types::events::{AccountTaken, DelegateSet, ReferrerSet};
use sdp_types::market::{Delegation, MAX_PERPS};
use sdp_types::{ensure, Error, Result};

/// `SetDelegate`.
pub fn set(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    (number, delegate): (u16, &str),
    delegation: Option<Delegation>,
) -> Result<Response> {
    let (owner, now) = (&info.sender, env.block.time.seconds());
    let account = AccountKey::of(deps.api, owner.as_str(), number)?;
    let delegate = deps.api.addr_validate(delegate)?;
    ensure(delegate != *owner, || Error::Duplicate { what: "delegate".into(), key: delegate.to_string() })?;
    if let Some(Delegation { expires_at, perps, .. }) = &delegation {
        ensure(*expires_at > now, || Error::out_of_range("expires_at", expires_at, now + 1, u64::MAX))?;
        let (count, max) = (perps.as_ref().map_or(0, Vec::len) as u64, MAX_PERPS as u64);
        ensure(count <= max, || Error::TooMany { what: "perps".into(), count, max })?;
    }
    let by = deps.api.addr_canonicalize(delegate.as_str())?;
    state::save_delegation(deps.storage, &account, &by, delegation.as_ref())?;
    let expires_at = delegation.map_or(0, |delegation| delegation.expires_at);
    let (owner, delegate) = (owner.to_string(), delegate.to_string());
    let told = DelegateSet { owner, account: number, delegate, expires_at };
    Ok(Response::new().add_event(told))
}

/// `SetReferrer`.
pub fn refer(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    number: u16,
    referrer: Option<String>,
) -> Result<Response> {
    let key = AccountKey::of(deps.api, info.sender.as_str(), number)?;
    let by = referrer.as_ref().map(|name| AccountKey::of(deps.api, name, 0)).transpose()?;
    let by = by.map(|key| key.owner).unwrap_or_default();
    let told = referrer.unwrap_or_else(|| "none".into());
    ensure(by != key.owner, || Error::Duplicate { what: "referrer".into(), key: told.clone() })?;
    let mut account = state::account(deps.storage, &key)?.unwrap_or_default();
    account.trader.get_or_insert_default().referrer = by;
    state::save_account(deps.storage, &key, &account)?;
    let owner = info.sender.to_string();
    Ok(Response::new().add_event(ReferrerSet { owner, account: number, referrer: told }))
}

/// `TakeAccount`: all of it, as one that the heir does not use yet. Nobody waits for it: no order, and no liquidation.
pub fn take(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    (owner, number): (&str, u16),
    into: u16,
) -> Result<Response> {
    // who may
    let key = AccountKey::of(deps.api, owner, number)?;
    let heir = AccountKey::of(deps.api, info.sender.as_str(), into)?;
    let who = (info.sender.as_str(), env.block.time.seconds());
    authorised(deps.storage, &key, &heir.owner, who, |delegation| delegation.may_take)?;

    // load
    let terms = state::terms(deps.storage)?;
    let before = Books::load(deps.storage, &terms)?;
    let mut books = before.clone();

    // what must hold
    let given = books.account(deps.storage, &key)?.clone();
    ensure(given.orders == 0, || Error::OrdersWait { orders: given.orders.into() })?;
    ensure(!given.backed, || BackedError::Backed { owner: owner.into(), account: number.into() }.into())?;
    let there = books.account(deps.storage, &heir)?.clone();
    // what somebody has traded, and who brought him, is not handed over
    let unused = |account: &Account| Account {
        generation: account.generation,
        trader: account.trader.clone(),
        ..Account::default()
    };
    ensure(there == unused(&there), || Error::AccountInUse {
        owner: info.sender.to_string(),
        account: into.into(),
    })?;
    if !given.positions.is_empty() {
        let outside = Outside::read(deps.as_ref(), env, terms.home())?;
        let quote = |config: &_| marking_quote(&outside, config);
        let valued = books.value(deps.as_ref(), &key, &terms, &outside, &quote)?;
        let (equity, maintenance) = (valued.equity, valued.maintenance);
        ensure(!valued.below_maintenance()?, || Error::BelowMaintenance { equity, maintenance })?;
    }

    // compute
    *books.account(deps.storage, &key)? = unused(&given);
    *books.account(deps.storage, &heir)? =
        Account { generation: there.generation, trader: there.trader, ..given };

    // save, tell
    state::save_delegation(deps.storage, &key, &heir.owner, None)?;
    let told = books.save(deps.storage, deps.api, &before)?;
    let (from, owner) = (owner.to_string(), info.sender.to_string());
    let taken = AccountTaken { from, account: number, owner, into };
    Ok(Response::new().add_events(told).add_event(taken))
}
