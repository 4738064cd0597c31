//! Mars 2025: the price that positions are worth contains the skew that traders themselves make.

use anyhow::Result;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, QuerierWrapper, Response};
use sdp_perps::prices::Outside;
use sdp_perps::state;
use sdp_types::board::FeedId;
use sdp_types::{Price, Ratio, Rounding};

use super::prices::Repriced;
use super::{Alters, Inner};

/// Takes away that accounts are marked and orders filled at the index. To the market each price looks like index · (1 + π) with the
/// premium π of the skew at that moment, as Mars priced its perpetuals; the premium of a fill comes on top, as it does here. The pool
/// values what the market owes at the index, as ever.
pub struct SkewInIndex;

impl Alters for SkewInIndex {
    fn execute(
        &self,
        inner: &Inner,
        deps: DepsMut<'_>,
        env: Env,
        info: MessageInfo,
        msg: Vec<u8>,
    ) -> Result<Response> {
        let outside = outside(deps.as_ref(), &env)?;
        let quantities = state::published(deps.storage)?.exposure.quantities;
        let reprice = |feed, price| skewed(&outside, &quantities, feed, price);
        let querier = Repriced { inner: deps.querier, oracle: &outside.oracle, reprice: &reprice };
        let deps = DepsMut { storage: deps.storage, api: deps.api, querier: QuerierWrapper::new(&querier) };
        inner.execute(deps, env, info, msg)
    }

    fn query(&self, inner: &Inner, deps: Deps<'_>, env: Env, msg: Vec<u8>) -> Result<Binary> {
        let outside = outside(deps, &env)?;
        let quantities = state::published(deps.storage)?.exposure.quantities;
        let reprice = |feed, price| skewed(&outside, &quantities, feed, price);
        let querier = Repriced { inner: deps.querier, oracle: &outside.oracle, reprice: &reprice };
        let deps = Deps { storage: deps.storage, api: deps.api, querier: QuerierWrapper::new(&querier) };
        inner.query(deps, env, msg)
    }
}

fn outside(deps: Deps<'_>, env: &Env) -> sdp_types::Result<Outside> {
    Outside::read(deps, env, state::terms(deps.storage)?.home())
}

/// The price times 1 + π, rounded down.
fn skewed(
    outside: &Outside,
    quantities: &[sdp_types::exposure::FeedQuantity],
    feed: FeedId,
    price: Price,
) -> sdp_types::Result<Price> {
    let premium = outside.marginal_premium(quantities, feed)?;
    let part = premium.abs();
    let factor =
        if premium.is_negative() { Ratio::ONE.saturating_minus(part) } else { Ratio::ONE.plus(part)? };
    price.scale(factor, Rounding::Down)
}
