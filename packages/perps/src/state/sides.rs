//! The two sides of a perpetual, and where they stood after each of their deleveragings.

use cosmwasm_std::Storage;
use serde::{Deserialize, Serialize};

use sdp_risk::deleveraging::{Entry, Scaling};
use sdp_types::record::{key_of, key_u16, tag, Record};
use sdp_types::{Error, Result, SignedUsd, Size};

use super::Position;

/// All positions of one side of a perpetual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// Σ of what the positions store as their sizes: sizes ÷ product index.
    pub size: Size,
    /// Σ of what they store as their costs.
    pub cost: SignedUsd,
    /// Its deleveragings since somebody was the first on it, if there were any.
    pub scaling: Option<Scaling>,
}

impl Side {
    /// Where its deleveraging stands.
    pub fn entry(&self) -> Entry {
        self.scaling.unwrap_or_default().now
    }

    /// Size, rounded down, and cost, rounded up, of all positions together.
    pub fn sums(&self) -> Result<(Size, SignedUsd)> {
        let entry = self.entry();
        Ok((entry.size(self.size)?, entry.cost(self.cost)?))
    }
}

/// Longs and shorts of one perpetual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sides {
    /// Positive sizes.
    pub long: Side,
    /// Negative sizes.
    pub short: Side,
}
record!(Sides, "sides", 2);

impl Sides {
    /// One of them.
    pub fn side(&mut self, short: bool) -> &mut Side {
        if short {
            &mut self.short
        } else {
            &mut self.long
        }
    }

    /// Size (long less short) and cost of both.
    pub fn sums(&self) -> Result<(Size, SignedUsd)> {
        let ((long, long_cost), (short, short_cost)) = (self.long.sums()?, self.short.sums()?);
        Ok((long.plus(short)?, long_cost.plus(short_cost)?))
    }

    /// Puts a position (as it is) in the place of one (as stored), and returns what to store of it. A side that everybody has closed
    /// begins anew.
    pub fn replace(&mut self, old: &Position, new: &Position) -> Result<Position> {
        let side = self.side(old.size.is_negative());
        side.size = side.size.minus(old.size)?;
        side.cost = side.cost.minus(old.cost)?;
        let side = self.side(new.size.is_negative());
        let entry = side.entry();
        let stored = Position {
            perp: new.perp,
            size: entry.stored_size(new.size)?,
            cost: entry.stored_cost(new.cost)?,
            scalings: side.scaling.map_or(0, |scaling| scaling.count),
        };
        side.size = side.size.plus(stored.size)?;
        side.cost = side.cost.plus(stored.cost)?;
        for side in [&mut self.long, &mut self.short] {
            side.scaling = side.scaling.filter(|_| !side.size.is_zero());
        }
        Ok(stored)
    }

    /// Whether positions have to look at the sides.
    pub fn scaled(&self) -> bool {
        self.long.scaling.is_some() || self.short.scaling.is_some()
    }
}

/// Where a side stood after one of its scalings: kept for the positions that were last touched then.
#[derive(Serialize, Deserialize)]
struct Past(Entry);
record!(Past, "scaling");

/// One perpetual's sides: `E0401 UnknownPerp`.
pub fn sides(storage: &dyn Storage, perp: u16) -> Result<Sides> {
    let found = Sides::may_load(storage, &key_u16(tag::SIDES, perp))?;
    found.ok_or(Error::UnknownPerp { perp: perp.into() })
}

/// Stores them.
pub fn save_sides(storage: &mut dyn Storage, perp: u16, sides: &Sides) -> Result<()> {
    sides.save(storage, &key_u16(tag::SIDES, perp))
}

fn scaling_key(perp: u16, short: bool, count: u32) -> Vec<u8> {
    key_of(tag::SCALING, &[&perp.to_be_bytes(), &[short.into()], &count.to_be_bytes()])
}

/// Where a side stood after so many scalings.
pub fn scaling(storage: &dyn Storage, perp: u16, short: bool, count: u32) -> Result<Entry> {
    Ok(Past::load(storage, &scaling_key(perp, short, count))?.0)
}

/// Stores it.
pub fn save_scaling(
    storage: &mut dyn Storage,
    perp: u16,
    short: bool,
    count: u32,
    entry: Entry,
) -> Result<()> {
    Past(entry).save(storage, &scaling_key(perp, short, count))
}
