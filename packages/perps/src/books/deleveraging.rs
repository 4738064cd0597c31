//! Deleveraging: a side is scaled as a whole ([`sdp_risk::deleveraging`]), and an account follows when it is touched.

use cosmwasm_std::{Api, Event, Storage};

use sdp_risk::deleveraging::{factor, Scaling};
use sdp_types::events::{Deleveraged, PositionDeleveraged};
use sdp_types::{Price, Ratio, Result, Rounding, SignedUsd, Size, Usd};

use super::{accrue, Books};
use crate::core::fill::{level, value};
use crate::prices::marking_quote;
use crate::prices::Outside;
use crate::state::{self, AccountKey, Position, Terms};

/// What deleveraging had done to a position before its account was touched.
#[derive(Clone, Debug)]
pub struct Touched {
    key: AccountKey,
    perp: u16,
    before: Size,
    after: Size,
    realised: SignedUsd,
}

impl Touched {
    /// As an event.
    pub fn told(self, api: &dyn Api) -> Result<Event> {
        let Self { key, perp, before, after, realised } = self;
        let (owner, account) = (key.owner(api)?, key.number);
        Ok(PositionDeleveraged { owner, account, perp, before, after, realised }.into())
    }
}

/// A side that has won.
pub struct Winner {
    perp: u16,
    short: bool,
    price: Price,
    /// Unrealised, at the index, rounded down.
    pub pnl: Usd,
}

/// What they have won together.
pub fn total(winners: &[Winner]) -> Result<Usd> {
    winners.iter().try_fold(Usd::ZERO, |sum, winner| sum.plus(winner.pnl))
}

impl Books {
    /// How a side is scaled, if it is.
    #[inline(never)]
    fn scaling(&mut self, storage: &dyn Storage, perp: u16, short: bool) -> Result<Option<Scaling>> {
        if !self.published.is_scaled(perp) {
            return Ok(None);
        }
        Ok(self.sides(storage, perp)?.side(short).scaling)
    }

    /// A stored position as it is.
    pub(super) fn unscaled(&mut self, storage: &dyn Storage, stored: Position) -> Result<Position> {
        let Some(scaling) = self.scaling(storage, stored.perp, stored.size.is_negative())? else {
            return Ok(stored);
        };
        let (size, cost) = (scaling.now.size(stored.size)?, scaling.now.cost(stored.cost)?);
        Ok(Position { size, cost, ..stored })
    }

    /// What deleveraging has realised of an account's positions since they were last touched goes into its margin. One of which
    /// less than 10⁻¹⁸ units are left is closed.
    #[inline(never)]
    pub(super) fn touch(&mut self, storage: &dyn Storage, key: &AccountKey) -> Result<()> {
        // from the last one, because one may be closed
        for place in (0..self.account_as_stored(storage, key)?.positions.len()).rev() {
            let position = self.account_as_stored(storage, key)?.positions.get(place).copied();
            let Some(position) = position else { continue };
            let Position { perp, size, cost, scalings } = position;
            let short = size.is_negative();
            let behind = self.scaling(storage, perp, short)?.filter(|now| now.count != scalings);
            let Some(mut scaling) = behind else { continue };
            let from = state::scaling(storage, perp, short, scalings)?;
            let unclaimed = scaling.unclaimed()?;
            let realised = scaling.claim(&from, size, cost)?;
            // what this account has been paid is claimed no longer; between the two there is less than a micro-USD
            let booked = realised.plus(scaling.unclaimed()?)?.minus(unclaimed)?;
            self.published.exposure.base = self.published.exposure.base.plus(booked)?;
            self.sides(storage, perp)?.side(short).scaling = Some(scaling);
            let account = self.account_as_stored(storage, key)?;
            account.margin = account.margin.plus(realised)?;
            account.put(Position { scalings: scaling.count, ..position });
            let (before, after) = (from.size(size)?, scaling.now.size(size)?);
            self.touched.push(Touched { key: key.clone(), perp, before, after, realised });
            if after.is_zero() {
                let skew = self.skew(perp)?;
                self.trade(storage, key, perp, Size::ZERO, Price::ZERO, self.published.exposure.as_of)?;
                // nobody may sample after it
                let (moved, state) = (self.skew(perp)?.minus(skew)?, self.funding(perp)?);
                accrue(&mut self.published.exposure.funding, moved, &state)?;
            }
        }
        Ok(())
    }

    /// Winning sides of perpetuals whose index is fresh and certain enough to liquidate at: of all, or of those whose sides have been
    /// loaded.
    pub fn winners(&mut self, storage: &dyn Storage, outside: &Outside, all: bool) -> Result<Vec<Winner>> {
        let mut winners = Vec::new();
        for perp in (0..).take(self.published.samples.len()) {
            if !all && !self.sides.has(&perp) {
                continue;
            }
            let Ok(quote) = marking_quote(outside, &self.perp(storage, perp)?) else { continue };
            let funding = self.funding_index(perp, outside.now)?;
            let sides = *self.sides(storage, perp)?;
            for (short, side) in [(false, sides.long), (true, sides.short)] {
                let (size, cost) = side.sums()?;
                let pnl = value(size, quote.price, funding, Rounding::Down)?.minus(cost)?.positive_part();
                if !pnl.is_zero() {
                    winners.push(Winner { perp, short, price: quote.price, pnl });
                }
            }
        }
        Ok(winners)
    }

    /// Scales all winning sides by one factor, if together they have won too much. Without `all` it looks at the perpetuals that this
    /// message has loaded, and at the others, two records each to read, only if those have as much as it takes ÷ number of perpetuals:
    /// if all together have too much, one of them has that.
    pub fn deleverage(
        &mut self,
        storage: &dyn Storage,
        terms: &Terms,
        outside: &Outside,
        all: bool,
    ) -> Result<Vec<Event>> {
        let mut events = Vec::new();
        let (Some(rule), Some(line)) = (&terms.params.deleveraging, outside.line) else { return Ok(events) };
        let count = if all { 1 } else { self.published.samples.len() as u128 };
        let mut winners = self.winners(storage, outside, all)?;
        let won = Usd::new(total(&winners)?.raw().saturating_mul(count));
        if factor(won, line, rule)?.is_some() {
            if !all {
                winners = self.winners(storage, outside, true)?;
            }
            if let Some(factor) = factor(total(&winners)?, line, rule)? {
                for winner in &winners {
                    events.extend(self.scale(storage, outside.now, winner, factor)?);
                }
            }
        }
        Ok(events)
    }

    /// Closes both sides of a perpetual for good.
    pub fn close_sides(
        &mut self,
        storage: &dyn Storage,
        now: u64,
        perp: u16,
        price: Price,
    ) -> Result<Vec<Event>> {
        let mut events = Vec::new();
        for short in [false, true] {
            if !self.sides(storage, perp)?.side(short).size.is_zero() {
                let side = Winner { perp, short, price, pnl: Usd::ZERO };
                events.extend(self.scale(storage, now, &side, Ratio::ZERO)?);
            }
        }
        Ok(events)
    }

    /// Scales one side at the index, or closes it for good where the factor is 0: quantity, cost and margin move at once by what they are
    /// for all its positions together.
    fn scale(
        &mut self,
        storage: &dyn Storage,
        now: u64,
        winner: &Winner,
        factor: Ratio,
    ) -> Result<Option<Event>> {
        let Winner { perp, short, price, .. } = *winner;
        let level = level(price, self.funding_index(perp, now)?)?;
        let sides = self.sides(storage, perp)?;
        let (_, before) = sides.sums()?;
        let side = sides.side(short);
        let from = side.scaling.unwrap_or_default();
        let scaling = match factor {
            Ratio::ZERO => from.closed(level, side.size, side.cost)?,
            factor => from.scaled(factor, level, side.size, side.cost)?,
        };
        let Some(scaling) = scaling else { return Ok(None) };
        side.scaling = Some(scaling);
        let (left, _) = side.sums()?;
        let sides = *sides;
        let realised = scaling.unclaimed()?.minus(from.unclaimed()?)?;
        let cost = sides.sums()?.1.minus(before)?;
        self.published.exposure.base = self.published.exposure.base.plus(realised)?.minus(cost)?;
        self.published.follow(perp, sides.sums()?.0, sides.scaled());
        self.left.push((perp, short, from.count, from.now));
        let told = Deleveraged {
            perp,
            side: if short { "short" } else { "long" }.into(),
            factor,
            price,
            realised,
            left: left.abs(),
        };
        Ok(Some(told.into()))
    }
}
