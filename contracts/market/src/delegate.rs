//! An owner lets another address trade an account, never take anything out of it; or take it over as a whole.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Storage};

use sdp_perps::books::Books;
use sdp_perps::prices::{marking_quote, Outside};
use sdp_perps::state::{self, Account, AccountKey};
use sdp_types::events::{AccountTaken, DelegateSet};
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

/// What the sender may do with an account of somebody else: `E0426` where what he wants is not part of it.
pub fn authorised(
    storage: &dyn Storage,
    account: &AccountKey,
    by: &[u8],
    (sender, now): (&str, u64),
    wanted: impl FnOnce(&Delegation) -> bool,
) -> Result<Delegation> {
    let found = state::delegation(storage, account, by)?;
    let found = found.filter(|delegation| now < delegation.expires_at).filter(wanted);
    found.ok_or_else(|| Error::NotDelegate { sender: sender.into(), account: account.number.into() })
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
    let there = books.account(deps.storage, &heir)?.clone();
    let unused = Account { generation: there.generation, ..Account::default() };
    ensure(there == unused, || Error::AccountInUse { owner: info.sender.to_string(), account: into.into() })?;
    if !given.positions.is_empty() {
        let outside = Outside::read(deps.as_ref(), env, terms.home())?;
        let quote = |config: &_| marking_quote(&outside, config);
        let valued = books.value(deps.storage, &key, &terms, &outside, &quote)?;
        let (equity, maintenance) = (valued.equity, valued.maintenance);
        ensure(!valued.below_maintenance()?, || Error::BelowMaintenance { equity, maintenance })?;
    }

    // compute
    *books.account(deps.storage, &key)? = Account { generation: given.generation, ..Account::default() };
    *books.account(deps.storage, &heir)? = Account { generation: there.generation, ..given };

    // save, tell
    state::save_delegation(deps.storage, &key, &heir.owner, None)?;
    let told = books.save(deps.storage, deps.api, &before)?;
    let (from, owner) = (owner.to_string(), info.sender.to_string());
    let taken = AccountTaken { from, account: number, owner, into };
    Ok(Response::new().add_events(told).add_event(taken))
}
