//! Somebody starts to sell an account's tokens, starts a sale again, or ends one.

use cosmwasm_std::{Deps, DepsMut, Env, MessageInfo, Response};
use sdp_perps::state::AccountKey;
use sdp_risk::auction::Asking;
use sdp_risk::reward::reward;
use sdp_types::error::CustodyError;
use sdp_types::events::{TokenSaleEnded, TokenSaleReset, TokenSaleStarted};
use sdp_types::market::AccountId;
use sdp_types::{ensure, Error, Price, Result, Rounding, Usd};

use crate::account::{key_of, Seen};
use crate::sale::{first, Sale};
use crate::state::{self, HOME, PARAMS};

/// `Sell`.
pub fn sell(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, id: AccountId) -> Result<Response> {
    let key = key_of(deps.api, &id)?;
    let (seen, token, price) = sellable(deps.as_ref(), env, &id, &key)?;
    let params = PARAMS.load(deps.storage)?;
    let owed = seen.owed();
    let penalty = owed.scale(params.penalty, Rounding::Up)?;
    let auction = params.auction;
    let sale = Sale {
        token,
        penalty: params.penalty,
        reward: reward(auction.tip, auction.chip, owed, penalty)?,
        keeper: info.sender.clone(),
        redoer: None,
        asking: Asking::start(auction, price, seen.now)?,
    };
    state::save_sale(deps.storage, &key, Some(&sale))?;

    let AccountId { owner, account } = id;
    let (price, keeper) = (sale.asking.start_price, info.sender.to_string());
    let told = TokenSaleStarted { owner, account, token, owed, penalty, price, keeper };
    Ok(Response::new().add_event(told))
}

/// What may be sold now of an account of which nothing is yet: which token, and its price. `E1108`, and what [`Seen::unsound`] refuses.
pub fn sellable(deps: Deps<'_>, env: &Env, id: &AccountId, key: &AccountKey) -> Result<(Seen, u8, Price)> {
    let runs = || CustodyError::SaleRuns { owner: id.owner.clone(), account: id.account.into() }.into();
    ensure(state::sale(deps.storage, key)?.is_none(), runs)?;
    chosen(deps, env, key)
}

/// An account that owes more than its tokens count for, the token that is sold first, and its price now. `E0322` where it has none.
fn chosen(deps: Deps<'_>, env: &Env, key: &AccountKey) -> Result<(Seen, u8, Price)> {
    let seen = Seen::load(deps, env, &HOME.load(deps.storage)?, key, false)?;
    let backing = state::backing(deps.storage, key)?;
    let haircuts = state::haircuts(deps.storage)?;
    let none = || Error::NothingToDo { what: "sell".into() };
    let token = first(&haircuts.tokens, &backing, &seen.board, seen.now)?.ok_or_else(none)?;
    seen.unsound()?;
    let terms = state::terms_of(&haircuts, token)?;
    let price = seen.price(terms.feed, terms.confidence)?;
    Ok((seen, token, price))
}

/// The sale of an account: `E1109`.
pub fn running(deps: Deps<'_>, id: &AccountId, key: &AccountKey) -> Result<Sale> {
    let none = || CustodyError::NoSale { owner: id.owner.clone(), account: id.account.into() }.into();
    state::sale(deps.storage, key)?.ok_or_else(none)
}

/// `Redo`.
pub fn redo(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, id: AccountId) -> Result<Response> {
    let key = key_of(deps.api, &id)?;
    let mut sale = running(deps.as_ref(), &id, &key)?;
    sale.asking.is_to_be_redone(env.block.time.seconds())?;
    let (seen, token, price) = chosen(deps.as_ref(), env, &key)?;

    sale.token = token;
    sale.asking = Asking::start(PARAMS.load(deps.storage)?.auction, price, seen.now)?;
    sale.redoer = Some(info.sender.clone());
    state::save_sale(deps.storage, &key, Some(&sale))?;

    let AccountId { owner, account } = id;
    let (price, keeper) = (sale.asking.start_price, info.sender.to_string());
    Ok(Response::new().add_event(TokenSaleReset { owner, account, token, price, keeper }))
}

/// `Stop`. An account that has a position again is liquidated first, so nothing of it is for sale either.
pub fn stop(deps: DepsMut<'_>, env: &Env, id: AccountId) -> Result<Response> {
    let key = key_of(deps.api, &id)?;
    let Sale { token, .. } = running(deps.as_ref(), &id, &key)?;
    let seen = Seen::load(deps.as_ref(), env, &HOME.load(deps.storage)?, &key, true)?;
    let owed = seen.owed();
    if owed != Usd::ZERO && seen.account.positions.is_empty() {
        let equity = seen.worth()?;
        ensure(!equity.is_negative(), || CustodyError::Unsound { equity }.into())?;
    }
    state::save_sale(deps.storage, &key, None)?;
    let AccountId { owner, account } = id;
    Ok(Response::new().add_event(TokenSaleEnded { owner, account, token, owed }))
}
