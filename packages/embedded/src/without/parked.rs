//! The dust provider: a profit that nobody owned waits for whoever comes.

use anyhow::Result;
use cosmwasm_std::{from_json, to_json_vec, Addr, DepsMut, Env, MessageInfo, Response, Storage};
use sdp_book::position::{load, owe, parts};
use sdp_book::state;
use sdp_types::pool::{ExecuteMsg, Token};
use sdp_types::Usd;

use super::{Alters, Inner};

/// Where it lies what insurance had when the last provider had gone.
const PARKED: &[u8] = b"~parked";

/// Takes away that a profit which nobody owns goes to insurance. What insurance has got since the last provider went is taken out of it
/// again and becomes the profit of the first one who comes, who may mint it: as in a pool that parks what it can't hand out. It
/// moves from insurance to the position's debt, on both sides of the ledger, so the books balance.
pub struct ProfitParked;

impl Alters for ProfitParked {
    fn execute(
        &self,
        inner: &Inner,
        mut deps: DepsMut<'_>,
        env: Env,
        info: MessageInfo,
        msg: Vec<u8>,
    ) -> Result<Response> {
        let parked: Option<Usd> = deps.storage.get(PARKED).map(from_json).transpose()?;
        let comes = from_json(&msg).ok().and_then(|msg| provider(&info, msg));
        let response = inner.execute(deps.branch(), env, info.clone(), msg)?;
        if let (Some(before), Some(provider), true) = (parked, comes, provided(deps.storage)?) {
            hand_out(deps.branch(), &info, before, &provider)?;
        }
        match (parked, provided(deps.storage)?) {
            (Some(_), true) => deps.storage.remove(PARKED),
            (None, false) => {
                let insurance = state::book(deps.storage)?.ledger.insurance;
                deps.storage.set(PARKED, &to_json_vec(&insurance)?);
            }
            _ => {}
        }
        Ok(response)
    }
}

/// Whether anybody provides.
fn provided(storage: &dyn Storage) -> Result<bool> {
    Ok(state::book(storage)?.vaults.iter().any(|vault| !vault.book.shares.is_zero()))
}

/// Whose position a deposit of coins is for.
fn provider(info: &MessageInfo, msg: ExecuteMsg) -> Option<Addr> {
    match msg {
        ExecuteMsg::Deposit { beneficiary } => Some(beneficiary.map_or(info.sender.clone(), Addr::unchecked)),
        _ => None,
    }
}

fn hand_out(deps: DepsMut<'_>, info: &MessageInfo, before: Usd, provider: &Addr) -> Result<()> {
    let denom = info.funds.first().map(|coin| coin.denom.clone()).unwrap_or_default();
    let number = state::vault_of(deps.storage, &Token::Native(denom))?;
    let mut book = state::book(deps.storage)?;
    let mut position = load(deps.as_ref(), &book, number, provider)?;
    let (ledger, vault) = parts(&mut book, number)?;
    let profit = ledger.insurance.saturating_minus(before);
    ledger.insurance = ledger.insurance.minus(profit)?;
    let owed = profit.signed()?.negate()?;
    ledger.providers_owe(owed)?;
    owe(vault, &mut position, owed)?;
    state::save_position(deps.storage, deps.api, number, provider, &position)?;
    state::save_book(deps.storage, &book)?;
    Ok(())
}
