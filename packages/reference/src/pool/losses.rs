//! The loss waterfall, and the proportion in which withdrawals are paid while it has not met everything.

use std::collections::BTreeMap;

use num_traits::{One, Zero};

use crate::model::Model;
use crate::number::{fraction, ratio_step, unit, whole, Q};
use crate::span::Span;

/// Where a loss comes from, in the order in which losses of one moment are met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// A listed market.
    Market(usize),
    /// The liquidator's auctions.
    Auctions,
    /// Bad debt of other days.
    Standing,
}

/// What was taken of one source's losses in a day.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) insurance: Span,
    pub(crate) providers: Span,
}

/// What each layer took.
#[derive(Clone, Debug)]
pub(crate) struct Losses {
    /// Since 1970.
    pub(crate) day: u64,
    pub(crate) today: BTreeMap<Source, Taken>,
    /// What of the day's losses nobody has taken.
    pub(crate) unmet: Span,
    pub(crate) insurance: Span,
    pub(crate) providers: Span,
    pub(crate) notes: Span,
    pub(crate) withdrawals: Span,
}

impl Default for Losses {
    fn default() -> Self {
        let zero = Span::zero;
        let today = BTreeMap::new();
        Self {
            day: 0,
            today,
            unmet: zero(),
            insurance: zero(),
            providers: zero(),
            notes: zero(),
            withdrawals: zero(),
        }
    }
}

/// b ÷ whole, rounded up, at most 1; 1 of nothing.
pub(crate) fn haircut(bad_debt: &Span, whole: &Span) -> Span {
    let one = Span::whole(1);
    if bad_debt.is_zero() {
        return Span::zero();
    }
    if whole.high() <= &Q::zero() {
        // there may be none of it
        return if bad_debt.low() > &Q::zero() { one } else { one.or(&Span::zero()) };
    }
    if whole.low() <= &Q::zero() {
        return Span::exact(bad_debt.low() / whole.high()).min(&one).or(&one);
    }
    bad_debt.over(whole).ceil(&ratio_step()).min(&one)
}

impl Model {
    /// Each source's loss: what its day leaves of the insurance fund, then of the providers' budget; then what stood before, by
    /// insurance alone.
    pub(super) fn meet_losses(&mut self, now: u64, arisen: &[(Source, Span)]) {
        let mut left = self.pool.ledger.bad_debt.clone();
        if left.is_zero() {
            return;
        }
        let day = now / 86_400;
        if self.pool.losses.day != day {
            self.pool.losses.day = day;
            self.pool.losses.today.clear();
            self.pool.losses.unmet = Span::zero();
        }
        let limited = self.pool.config.losses.is_some();
        let unmet = if limited { self.pool.losses.unmet.clone() } else { Span::zero() };
        for (source, loss) in arisen {
            let loss = loss.min(&left);
            left = (&left - &loss).positive_part();
            self.meet(*source, &loss);
        }
        // of today's losses insurance has paid its part
        self.meet(Source::Standing, &(left - unmet).positive_part());
    }

    fn meet(&mut self, source: Source, loss: &Span) {
        if loss.is_zero() {
            return;
        }
        let limits = self.pool.config.losses.clone();
        let (draw_cap, budget) = limits.map_or((Q::one(), None), |l| (l.draw_cap, Some(l.loss_budget)));
        let zero = || Taken { insurance: Span::zero(), providers: Span::zero() };
        let taken = self.pool.losses.today.get(&source).cloned().unwrap_or_else(zero);
        let fund = self.pool.ledger.insurance.clone();
        let cap = (&fund + &taken.insurance).scale(&draw_cap).cut(&unit()) - &taken.insurance;
        let insurance = loss.min(&cap.positive_part()).min(&fund);
        let rest = loss - &insurance;
        let mut providers = Span::zero();
        if source != Source::Standing && self.has_providers() {
            providers = match budget {
                Some(budget) => {
                    let budget = self.weights().scale(&budget).cut(&unit());
                    rest.min(&(budget - &taken.providers).positive_part())
                }
                None => rest.clone(),
            };
        }
        let ledger = &mut self.pool.ledger;
        ledger.bad_debt = &ledger.bad_debt - &insurance - &providers;
        ledger.insurance = &ledger.insurance - &insurance;
        let losses = &mut self.pool.losses;
        losses.insurance = &losses.insurance + &insurance;
        losses.providers = &losses.providers + &providers;
        let today =
            Taken { insurance: taken.insurance + &insurance, providers: taken.providers + &providers };
        losses.today.insert(source, today);
        if source != Source::Standing {
            losses.unmet = &losses.unmet + &(&rest - &providers);
        }
        if !providers.is_zero() {
            self.spread(&providers);
        }
    }

    /// Of a draw of `amount` by a market, before it draws: bad debt ÷ what all markets owe.
    pub(super) fn draw_haircut(&self, market: usize, amount: &Span) -> Span {
        let owed = |(n, listed): (usize, &super::Listed)| {
            let drawn = if n == market { amount.clone() } else { Span::zero() };
            (&listed.reported + drawn).positive_part()
        };
        haircut(&self.pool.ledger.bad_debt, &self.pool.markets.iter().enumerate().map(owed).sum())
    }

    /// Of what a provider takes out: bad debt ÷ (collateral − debt).
    pub(super) fn exit_haircut(&self) -> Span {
        let ledger = &self.pool.ledger;
        haircut(&ledger.bad_debt, &(self.weights() - &ledger.vault_debt))
    }

    /// Bad debt that somebody who takes out leaves behind.
    pub(super) fn forfeit(&mut self, b: &Span) {
        let ledger = &mut self.pool.ledger;
        ledger.bad_debt = &ledger.bad_debt - b;
        let losses = &mut self.pool.losses;
        losses.withdrawals = &losses.withdrawals + b;
    }
}

/// What is charged on top of what is paid, as a part of it: h ÷ (1 − h). None beyond 99 %, where nothing is paid. Where it may be
/// either, it is none.
pub(super) fn charge(haircut: &Span) -> Option<Span> {
    if haircut.high() > &fraction(99, 100) {
        return None;
    }
    let stays = Span::whole(1) - haircut;
    Some(haircut.over(&stays).up(&ratio_step()))
}

/// The most of `value` that can leave, each unit of it with `rate` charged on top of the debt, so that what stays is at least `required` × the
/// debt: a·(p + P·k·I) = v·p − d·I. The contract keeps a few micro-USD more for its roundings.
pub(super) fn releasable(value: &Span, debt: &Span, required: &Q, each: (&Span, &Q), rate: &Span) -> Span {
    let (price, board) = each;
    let on_top = rate.scale(&(board * required));
    let room = value - &debt.scale(required);
    let kept = rate.up(&whole(1)) + Span::whole(4);
    let rounded = &room - &kept.scale(required) - Span::whole(4);
    (room.or(&rounded).positive_part()).over(&(price + &on_top))
}
