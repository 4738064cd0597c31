//! Mango 2022: a profit on paper is as good as money.

use anyhow::Result;
use cosmwasm_std::{from_json, DepsMut, Env, MessageInfo, Response};
use sdp_perps::books::Books;
use sdp_perps::prices::{marking_quote, Outside};
use sdp_perps::state::{self, AccountKey};
use sdp_types::market::ExecuteMsg;
use sdp_types::SignedUsd;

use super::{Alters, Inner};

/// Takes away that only a realised profit can be withdrawn. Before each withdrawal every position that has won is closed and opened
/// again at the price that it is marked at: its profit is margin then. Mango lent against such profits, which comes to the same once the
/// borrower does not come back. The market's sums move by the same integers, so its books balance.
pub struct UnrealisedProfitPaid;

impl Alters for UnrealisedProfitPaid {
    fn execute(
        &self,
        inner: &Inner,
        mut deps: DepsMut<'_>,
        env: Env,
        info: MessageInfo,
        msg: Vec<u8>,
    ) -> Result<Response> {
        if let Ok(ExecuteMsg::Withdraw { account, .. }) = from_json(&msg) {
            realise(deps.branch(), &env, &info, account)?;
        }
        inner.execute(deps, env, info, msg)
    }
}

fn realise(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, number: u16) -> Result<()> {
    let terms = state::terms(deps.storage)?;
    let outside = Outside::read(deps.as_ref(), env, terms.home())?;
    let key = AccountKey::of(deps.api, info.sender.as_str(), number)?;
    let before = Books::load(deps.storage, &terms)?;
    let mut books = before.clone();
    let quote = |config: &_| marking_quote(&outside, config);
    let value = books.value(deps.as_ref(), &key, &terms, &outside, &quote)?;
    for mark in value.marks.iter().filter(|mark| mark.pnl > SignedUsd::ZERO) {
        let (perp, size) = (mark.position.perp, mark.position.size);
        let quote = quote(&books.perp(deps.storage, perp)?)?;
        let price = quote.price.adverse_to_holder(size, quote.confidence)?;
        books.trade(deps.storage, &key, perp, size.negate()?, price, outside.now)?;
        books.trade(deps.storage, &key, perp, size, price, outside.now)?;
    }
    books.save(deps.storage, deps.api, &before)?;
    Ok(())
}
