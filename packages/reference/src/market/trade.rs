//! A position changes: what reduces it realises PnL, what increases it adds cost.

use super::{AccountKey, Held};
use crate::model::Model;
use crate::number::unit;
use crate::span::{Holds, Span};

impl Model {
    /// Changes a position; a side that it leaves empty begins anew.
    pub(super) fn trade(
        &mut self,
        m: usize,
        perp: usize,
        key: &AccountKey,
        size: &Span,
        price: &Span,
        now: u64,
    ) -> Span {
        let realised = self.change_position(m, perp, key, size, price, now);
        self.markets[m].forget_closed_sides();
        realised
    }

    /// Changes a position by a signed `size` at `price` and the present funding index. Size·(price + F) is rounded
    /// once to micro-USD against the trader, and so is the part of the cost that a partial reduction takes along. Returns what is realised; margin is the caller's.
    fn change_position(
        &mut self,
        m: usize,
        perp: usize,
        key: &AccountKey,
        size: &Span,
        price: &Span,
        now: u64,
    ) -> Span {
        let funding = self.funding_index(m, perp, now);
        // of a purchase: what is paid for it, rounded up
        let level = price + &funding;
        let cost_of = |size: &Span| (size * &level).up(&unit());
        let Some(account) = self.markets[m].accounts.get_mut(key) else { return Span::zero() };
        let held = account.positions.remove(&perp);
        let held = held.unwrap_or_else(|| Held { size: Span::zero(), cost: Span::zero() });
        if held.size.sign() * size.sign() >= 0 {
            let cost = cost_of(size);
            let grown = Held { size: &held.size + size, cost: &held.cost + &cost };
            account.positions.insert(perp, grown);
            return Span::zero();
        }
        let all = match size.abs().at_least(&held.size.abs()) {
            Holds::Yes => true,
            Holds::No => false,
            Holds::Unsure => size.abs().middle() >= held.size.abs().middle(),
        };
        if !all {
            let taken = (&held.cost * &size.abs()).over(&held.size.abs()).up(&unit());
            let left = Held { size: &held.size + size, cost: &held.cost - &taken };
            account.positions.insert(perp, left);
            let proceeds = -&cost_of(size);
            return proceeds - taken;
        }
        let over = &held.size + size;
        let proceeds = -&cost_of(&-&held.size);
        if !over.is_zero() && over.sign() != 0 {
            let cost = cost_of(&over);
            account.positions.insert(perp, Held { size: over, cost });
        }
        proceeds - &held.cost
    }
}
