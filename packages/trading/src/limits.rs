//! What every increase of what the pool owes must keep: premium caps, the credit line, and the budgets of expected shortfall.

use cosmwasm_std::Deps;

use sdp_risk::budget::Shortfalls;
use sdp_risk::potential::{self, marginal_premiums};
use sdp_types::board::{FeedId, Use};
use sdp_types::exposure::{Exposure, FeedQuantity};
use sdp_types::{ensure, Error, Ratio, Result, Rounding, SignedUsd, Usd};

use crate::outside::{Backing, Outside};

/// No feed's marginal premium may go beyond its cap because of a change of this contract's quantities; caps are in their order.
/// `E0408 AbovePremiumCap`.
pub fn within_premium_caps(
    outside: &Outside,
    before: &[FeedQuantity],
    after: &[FeedQuantity],
    caps: &[Ratio],
) -> Result<()> {
    let premia = |quantities: &[_]| {
        let exposures = outside.exposures(quantities, &|feed| outside.last(feed))?;
        marginal_premiums(&exposures, &outside.covariance, outside.depth)
    };
    let (before, premia) = (premia(before)?, premia(after)?);
    for (entry, cap) in after.iter().zip(caps) {
        let feed = usize::from(entry.feed);
        let (Some(before), Some(after)) = (before.get(feed), premia.get(feed)) else {
            return Err(Error::UnknownFeed { feed: entry.feed.into() });
        };
        ensure(after.abs() <= *cap || after.abs() <= before.abs(), || Error::AbovePremiumCap {
            feed: entry.feed.into(),
            premium: *after,
            cap: *cap,
        })?;
    }
    Ok(())
}

/// What the market has cost the providers so far, at the worst index. Where a feed of what it owes is stale that can't be said:
/// the whole market is close-only (`E0206`).
pub fn used_at_worst(exposure: &Exposure, outside: &Outside) -> Result<SignedUsd> {
    let reported = exposure.reported_at_worst(outside.now, |feed| {
        let quote = outside.board.fresh(feed, Use::Liquidate, outside.now)?;
        Ok((quote.price, quote.confidence))
    })?;
    exposure.used(reported)
}

/// That must be within the credit line ÷ `stress`, rounded down; a line below 0 is not divided. Returns what the market has cost.
/// `E0316 AboveCreditLine`, `E0508` for a market that the pool does not list.
pub fn within_credit(exposure: &Exposure, outside: &Outside, stress: Ratio) -> Result<SignedUsd> {
    let used = used_at_worst(exposure, outside)?;
    let unlisted = || Error::UnknownMarket { market: outside.own.to_string() };
    let line = outside.line.ok_or_else(unlisted)?;
    let room = line.positive_part().unscale(stress, Rounding::Down)?.signed()?;
    let line = if line.is_negative() { line } else { room };
    ensure(used <= line, || Error::AboveCreditLine { used, line })?;
    Ok(used)
}

/// This contract's quantities as an order that increases what the pool owes changes them.
pub struct Increase<'a> {
    /// The feed.
    pub feed: FeedId,
    /// Before it; orders ahead of it count as filled.
    pub before: &'a [FeedQuantity],
    /// Once the part of it that reduces has filled, which always passes.
    pub reduced: &'a [FeedQuantity],
    /// After it.
    pub after: &'a [FeedQuantity],
}

/// The pool's expected shortfall, should the order fill: it raises neither of the two, or both are within their budgets. Under
/// close-only what increases has to lower both, and the risk potential. Returns by how much it raises that of the markets, where that is
/// tested, or `wanted` anyway. `E0326`, `E0327`, `E0328`.
#[inline(never)]
pub fn within_budgets(
    deps: Deps<'_>,
    outside: &Outside,
    increase: &Increase<'_>,
    used: SignedUsd,
    wanted: bool,
) -> Result<Usd> {
    let Increase { feed, before, reduced, after } = *increase;
    let only_less = outside.regime(feed) >= sdp_types::regime::Regime::CloseOnly;
    let tested = outside.risk.is_some() || only_less;
    if !tested && !wanted {
        return Ok(Usd::ZERO);
    }
    let backing = if tested { Backing::read(deps, outside)? } else { Backing::default() };
    let Backing { collateral, debt, used: booked } = backing;
    let cov = outside.board.risk(&outside.covariance);
    let measure = |quantities: &[FeedQuantity]| {
        let x = outside.exposures(quantities, &|feed| outside.last(feed))?;
        let shortfalls = Shortfalls::of(&x, &collateral, &cov, outside.stress)?;
        Ok::<_, Error>((x, shortfalls))
    };
    let (_, before) = measure(before)?;
    let halfway = if only_less { Some(measure(reduced)?) } else { None };
    let (x, after) = measure(after)?;
    if let Some((between, shortfalls)) = halfway {
        let less = potential::premium(&between, &x, &outside.covariance, outside.depth)?.is_negative();
        ensure(less && after.below(&shortfalls), || outside.restricted(feed))?;
    }
    if let Some(budgets) = &outside.risk {
        let held = collateral.iter().try_fold(Usd::ZERO, |sum, value| sum.plus(*value))?;
        let debt = debt.plus(used.minus(booked)?)?;
        after.admitted(&before, held.signed()?.minus(debt)?, held, budgets)?;
    }
    Ok(after.markets.saturating_minus(before.markets))
}
