//! What must hold of a configuration: every rule of the docstrings in [`sdp_types::spot`].

use cosmwasm_std::{Deps, Storage};

use sdp_trading::orders::Times;
use sdp_types::board::{Board, Intervals};
use sdp_types::contract::in_range;
use sdp_types::governance::MAX_CHANGE_DELAY;
use sdp_types::record::canonical;
use sdp_types::spot::{Params, SyntheticConfig, SyntheticStatus, MAX_SYNTHETICS};
use sdp_types::units::MAX_USD;
use sdp_types::{ensure, Error, Ratio, Result, Usd};

use crate::funding::Markets;
use crate::state::{self, Link, Terms};

const ALMOST_ONE: Ratio = Ratio::new(Ratio::ONE.raw() - 1);

/// Parameters.
pub fn params(params: &Params, intervals: &Intervals) -> Result<()> {
    in_range("fee", params.fee, Ratio::ZERO, Ratio::new(Ratio::percent(10).raw() - 1))?;
    let shares = params.insurance_share.plus(params.keeper_share)?;
    ensure(shares <= Ratio::ONE, || {
        Error::bad_config("insurance_share + keeper_share <= 1", shares, Ratio::ONE)
    })?;
    in_range("maximum_slippage", params.maximum_slippage, Ratio::new(1), ALMOST_ONE)?;
    in_range("change_delay", params.change_delay, 0, MAX_CHANGE_DELAY)?;
    let times = Times { delay: params.order_delay, expiry: params.order_expiry };
    times.validate(params.maximum_empty_intervals, intervals)
}

/// One synthetic.
pub fn synthetic(config: &SyntheticConfig, params: &Params) -> Result<()> {
    in_range("name.length", config.name.len(), 3, 50)?;
    in_range("symbol.length", config.symbol.len(), 3, 12)?;
    let letters = config.symbol.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    ensure(letters, || Error::bad_config("a symbol has letters and hyphens", &config.symbol, "a-zA-Z-"))?;
    in_range("decimals", config.decimals, 6, 18)?;
    in_range("skew_cap", config.skew_cap, Usd::ZERO, MAX_USD)?;
    in_range("minimum_notional", config.minimum_notional, Usd::new(1), MAX_USD)?;
    in_range("settle_confidence", config.settle_confidence, Ratio::ZERO, ALMOST_ONE)?;
    in_range("trade_confidence", config.trade_confidence, Ratio::ZERO, config.settle_confidence)?;
    in_range("premium_cap", config.premium_cap, Ratio::ZERO, ALMOST_ONE)?;
    let costs = config.premium_cap.plus(params.fee)?.plus(params.fee)?.plus(config.settle_confidence)?;
    let rule = "premium_cap + 2 * fee + settle_confidence < 1";
    ensure(costs < Ratio::ONE, || Error::bad_config(rule, costs, Ratio::ONE))
}

/// A further synthetic: a feed and a symbol of its own, and room for it. Returns whose funding it carries, and where that stands.
pub fn new_synthetic(
    deps: Deps<'_>,
    now: u64,
    terms: &Terms,
    config: &SyntheticConfig,
) -> Result<Option<(Link, i128)>> {
    synthetic(config, &terms.params)?;
    let (count, max) = (terms.links.len() as u64, MAX_SYNTHETICS as u64);
    ensure(count < max, || Error::TooMany { what: "synthetics".into(), count: count + 1, max })?;
    let feeds = Board::of(&deps.querier, &deps.api.addr_humanize(&terms.oracle)?)?.quotes.len();
    ensure(usize::from(config.feed) < feeds, || Error::UnknownFeed { feed: config.feed.into() })?;
    for other in (0..).take(terms.links.len()) {
        let other = state::synthetic(deps.storage, other)?.config;
        let same = other.feed == config.feed || other.symbol == config.symbol;
        ensure(!same, || Error::Duplicate { what: "synthetic".into(), key: config.symbol.clone() })?;
    }
    let Some(carried) = &config.funding else { return Ok(None) };
    let market = canonical(deps.api, &deps.api.addr_validate(&carried.market)?)?;
    let link = Link { market, perp: carried.perp };
    let mut markets = Markets::default();
    let sampled = markets.sampled(deps, &link, now)?;
    let feed = markets.feed(&link)?;
    ensure(feed == config.feed, || Error::bad_config("the perpetual has the same feed", feed, config.feed))?;
    Ok(Some((link, sampled.index)))
}

/// A changed one.
pub fn update(old: &SyntheticConfig, new: &SyntheticConfig) -> Result<()> {
    let kept = SyntheticConfig {
        name: new.name.clone(),
        symbol: new.symbol.clone(),
        decimals: new.decimals,
        feed: new.feed,
        funding: new.funding.clone(),
        ..old.clone()
    } == *old;
    let rule = "name, symbol, decimals, feed and funding stay";
    ensure(kept, || Error::bad_config(rule, &new.symbol, &old.symbol))?;
    let back = old.status == SyntheticStatus::Delisted && new.status != SyntheticStatus::Delisted;
    ensure(!back, || Error::bad_config("a delisted synthetic stays delisted", "status", "delisted"))
}

/// Whether an update only tightens.
pub fn tightens(storage: &dyn Storage, number: u16, new: &SyntheticConfig) -> Result<bool> {
    let old = state::synthetic(storage, number)?.config;
    // delisting can't be taken back, so it waits
    let closes = old.status == SyntheticStatus::Open && new.status == SyntheticStatus::CloseOnly;
    let same = SyntheticConfig {
        status: new.status,
        skew_cap: new.skew_cap,
        trade_confidence: new.trade_confidence,
        ..old.clone()
    } == *new;
    Ok(same
        && (new.status == old.status || closes)
        && new.skew_cap <= old.skew_cap
        && new.trade_confidence <= old.trade_confidence)
}
