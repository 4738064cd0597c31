//! Synthetix V3: a message looks at one vault only.

use anyhow::Result;
use cosmwasm_std::{from_json, to_json_vec, Deps, DepsMut, Env, MessageInfo, QuerierWrapper, Response};
use sdp_book::state;
use sdp_types::board::{Board, FeedId};
use sdp_types::pool::{ExecuteMsg, Token};
use sdp_types::Price;

use super::prices::Repriced;
use super::{Alters, Inner};

/// Where prices of vaults lie as they were when those were touched last.
const TOUCHED: &[u8] = b"~touched";

/// Takes away that every message values all vaults. Only the one that a message is about is valued at the present price; to the pool
/// the price of every other vault looks as it was when a message was about that one, so its weight stays, as in Synthetix V3, where
/// the others take debt on stale weights.
pub struct OneVaultRefreshed;

impl Alters for OneVaultRefreshed {
    fn execute(
        &self,
        inner: &Inner,
        deps: DepsMut<'_>,
        env: Env,
        info: MessageInfo,
        msg: Vec<u8>,
    ) -> Result<Response> {
        let Ok(terms) = state::terms(deps.storage) else { return inner.execute(deps, env, info, msg) };
        let touched = from_json(&msg).ok().and_then(|msg| feed_of(deps.as_ref(), &info, msg));
        let board = Board::of(&deps.querier, &terms.oracle)?;
        let mut stored: Vec<(FeedId, Price)> = deps.storage.get(TOUCHED).map_or(Ok(Vec::new()), from_json)?;
        if let Some(feed) = touched {
            stored.retain(|(other, _)| *other != feed);
        }
        let response = {
            let reprice = |feed, price| {
                let found = stored.iter().find(|(other, _)| *other == feed);
                Ok(found.map_or(price, |(_, last)| *last))
            };
            let querier = Repriced { inner: deps.querier, oracle: &terms.oracle, reprice: &reprice };
            let querier = QuerierWrapper::new(&querier);
            inner.execute(DepsMut { storage: deps.storage, api: deps.api, querier }, env, info, msg)?
        };
        if let Some((feed, quote)) = touched.and_then(|feed| Some((feed, board.last(feed).ok()?))) {
            stored.push((feed, quote.price));
            deps.storage.set(TOUCHED, &to_json_vec(&stored)?);
        }
        Ok(response)
    }
}

/// The feed of the vault that a message is about, if it is about one.
fn feed_of(deps: Deps<'_>, info: &MessageInfo, msg: ExecuteMsg) -> Option<FeedId> {
    let vault = match msg {
        ExecuteMsg::Deposit { .. } => {
            let denom = info.funds.first()?.denom.clone();
            state::vault_of(deps.storage, &Token::Native(denom)).ok()?
        }
        ExecuteMsg::Receive(_) => {
            state::vault_of(deps.storage, &Token::Cw20(info.sender.to_string())).ok()?
        }
        ExecuteMsg::Mint { vault, .. }
        | ExecuteMsg::RequestExit { vault, .. }
        | ExecuteMsg::CancelExit { vault }
        | ExecuteMsg::ExecuteExit { vault, .. }
        | ExecuteMsg::Seize { vault, .. } => vault,
        _ => return None,
    };
    state::book(deps.storage).ok()?.vaults.get(usize::from(vault)).map(|vault| vault.feed)
}
