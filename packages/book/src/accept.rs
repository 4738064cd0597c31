//! Whether a market's exposure record is good, and what it says.
//!
//! A market that is not accepted keeps its last accepted debt on the ledger, and blocks nobody: a missing price must not
//! liquidate anybody, and a broken market must not stop the others.

use cosmwasm_std::Addr;
use sdp_risk::potential::exposure as exposure_of;
use sdp_types::board::{Board, Covariance, FeedId, Quote, Use};
use sdp_types::book::MarketState;
use sdp_types::exposure::Exposure;
use sdp_types::ledger::Growth;
use sdp_types::math::sqrt_floor;
use sdp_types::units::{DAY, MAX_USD};
use sdp_types::{ensure, Error, Price, Ratio, Result, Rounding, SignedUsd, Usd};

/// A listed market as this sync sees it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The contract.
    pub address: Addr,
    /// Its record, if that is one.
    pub exposure: Option<Exposure>,
    /// Why it is not accepted.
    pub refused: Option<Error>,
    /// What it may owe beyond its last accepted debt; 0 where it is accepted.
    pub extra: Usd,
    /// Reported + drawn + fees − shortfalls, what it has cost the providers: at the worst index where it is accepted, else
    /// the last accepted plus `extra`.
    pub used: SignedUsd,
}

/// What an accepted record says.
#[derive(Clone, Copy, Debug)]
pub struct Accepted {
    /// Owed at the index.
    pub reported: SignedUsd,
    /// Reported + drawn + fees − shortfalls at the worse edges of the confidence bands.
    pub used: SignedUsd,
    /// Of the counters that were not drawn.
    pub growth: Growth,
}

/// A record whose counters only grew, `drawn` by exactly what the market asks to draw now.
pub fn trusted(market: &MarketState, exposure: &Exposure, drawing: Usd) -> Result<Growth> {
    let grown = |what: &str, last: Usd, now: Usd| {
        now.minus(last).map_err(|_| Error::out_of_range(what, now, last, MAX_USD))
    };
    let recorded = grown("drawn", market.drawn, exposure.drawn)?;
    ensure(recorded == drawing, || Error::DrawMismatch { asked: drawing, recorded })?;
    Ok(Growth {
        fees: grown("fees", market.fees, exposure.fees)?,
        shortfalls: grown("shortfalls", market.shortfalls, exposure.shortfalls)?,
    })
}

/// Accepts a trusted record if every feed in it has a fresh price.
pub fn evaluate(exposure: &Exposure, growth: Growth, board: &Board, now: u64) -> Result<Accepted> {
    let fresh = |feed| board.fresh(feed, Use::Liquidate, now);
    let reported = bounded(exposure.reported(now, |feed, _| Ok(fresh(feed)?.price))?)?;
    let worst = exposure.reported_at_worst(now, |feed| {
        let Quote { price, confidence, .. } = fresh(feed)?;
        Ok((price, confidence))
    })?;
    let used = exposure.used(bounded(worst)?)?;
    Ok(Accepted { reported, used, growth })
}

/// What a market that is not accepted may owe beyond its last accepted debt: 3·σ·√age·|x| over its stale feeds, and at most
/// the credit that it has left; all of that where its record can't be trusted or a feed has no price to go by.
pub fn extra(
    (market, line): (&MarketState, SignedUsd),
    trusted: Option<&Exposure>,
    board: &Board,
    marks: &[Price],
    covariance: &Covariance,
    now: u64,
) -> Result<Usd> {
    let credit = line.minus(market.used()?)?.positive_part();
    let drift = trusted.map(|exposure| drift(exposure, board, marks, covariance, now));
    Ok(drift.and_then(Result::ok).map_or(credit, |drift| drift.min(credit)))
}

fn drift(
    exposure: &Exposure,
    board: &Board,
    marks: &[Price],
    covariance: &Covariance,
    now: u64,
) -> Result<Usd> {
    let mut sum = Usd::ZERO;
    for entry in exposure.open() {
        if board.fresh(entry.feed, Use::Liquidate, now).is_ok() {
            continue;
        }
        let age = now.saturating_sub(board.last(entry.feed)?.publish_time);
        let mark = mark(marks, entry.feed).ok_or(Error::NoPrice { feed: entry.feed.into() })?;
        let x = exposure_of(entry.quantity, mark)?;
        sum = sum.plus(x.abs().scale(
            three_sigma(board.volatility(entry.feed, covariance), entry.feed, age)?,
            Rounding::Up,
        )?)?;
    }
    Ok(sum)
}

/// 3·σ·√(age in days), rounded up: in 18 decimals √(9·σ²·age/day · 10³⁶).
fn three_sigma(sigma: Ratio, feed: FeedId, age: u64) -> Result<Ratio> {
    ensure(!sigma.is_zero(), || Error::UnknownFeed { feed: feed.into() })?;
    let sigma = sigma.wide().times(3u64.into())?;
    let square = sigma.times(sigma)?.times(age.into())?.div_ceil(DAY.into())?;
    Ratio::new(sqrt_floor(square)?).plus(Ratio::new(1))
}

/// The price at which a feed was last accepted.
pub fn mark(marks: &[Price], feed: FeedId) -> Option<Price> {
    marks.get(usize::from(feed)).copied().filter(|mark| !mark.is_zero())
}

fn bounded(amount: SignedUsd) -> Result<SignedUsd> {
    ensure(amount.abs() <= MAX_USD, || Error::out_of_range("reported", amount, -1, MAX_USD))?;
    Ok(amount)
}

/// The pool's exposure by feed, USD: minus what the traders of all readable records are net long, at the marks. A feed that
/// never had a price has none.
pub fn exposures(markets: &[Seen], marks: &[Price]) -> Result<Vec<SignedUsd>> {
    let mut x = vec![SignedUsd::ZERO; marks.len()];
    for seen in markets {
        add_exposure(&mut x, seen, marks)?;
    }
    Ok(x)
}

/// Σ |exposure|.
pub fn gross(x: &[SignedUsd]) -> Result<Usd> {
    x.iter().try_fold(Usd::ZERO, |sum, x| sum.plus(x.abs()))
}

/// Adds what one market is to [`exposures`].
pub fn add_exposure(x: &mut [SignedUsd], seen: &Seen, marks: &[Price]) -> Result<()> {
    for entry in seen.exposure.iter().flat_map(|exposure| &exposure.quantities) {
        if let (Some(mark), Some(sum)) = (mark(marks, entry.feed), x.get_mut(usize::from(entry.feed))) {
            *sum = sum.plus(exposure_of(entry.quantity, mark)?)?;
        }
    }
    Ok(())
}
