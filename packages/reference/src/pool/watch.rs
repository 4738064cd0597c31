//! Breakers: what each sync measures, what that asks for, and the regime that follows.

use super::Peak;
use crate::config::{BreakerConfig, BreakersConfig};
use crate::model::Model;
use crate::number::{ratio_step, ten, unit, whole, Q};
use crate::regime::{Reason, Regime, Trip};
use crate::span::{Holds, Span};

/// The mildest and the strictest that may be.
type Range = (Regime, Regime);

/// What a pool's or a market's breakers go by.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    /// Largest of the negated value in this hour and the last.
    pub(crate) lows: Peak,
    pub(crate) trip: Trip,
    /// The mildest and the strictest that the last sync may have come to.
    pub(crate) range: Range,
    /// What stood before it.
    pub(crate) stood: Regime,
}

impl Default for Watch {
    fn default() -> Self {
        let lows = Peak { hour: 0, current: Span::zero(), previous: Span::zero() };
        Self { lows, trip: Trip::default(), range: Range::default(), stood: Regime::Normal }
    }
}

/// What stood before a sync.
pub(crate) struct Before {
    cost: Span,
    drawn: Vec<Span>,
}

/// What a span asks for: the mildest and the strictest.
fn asked(breaker: &BreakerConfig, measure: &Span, current: Regime) -> Range {
    (breaker.asks(measure.low(), current), breaker.asks(measure.high(), current))
}

/// `amount ÷ of`, rounded up; beyond everything where there is nothing to divide by.
fn part(amount: &Span, of: &Span) -> Span {
    let beyond = ten(40);
    if amount.high() <= &whole(0) {
        return Span::zero();
    }
    if of.high() <= &whole(0) {
        return if amount.low() > &whole(0) { Span::exact(beyond) } else { Span::between(whole(0), beyond) };
    }
    if of.low() <= &whole(0) {
        return Span::between(whole(0), beyond);
    }
    amount.positive_part().over(of).up(&ratio_step())
}

impl Watch {
    /// What a step comes to, by the mildest and the strictest that may be asked; the chain's choice where they differ and it is
    /// one of those in between.
    fn step(&mut self, (mild, strict): Range, now: u64, cool_down: u64, chosen: Option<Trip>) {
        let comes_to = |asked: Regime| self.trip.after(asked, now, cool_down);
        let (mildest, strictest) = (comes_to(mild), comes_to(strict));
        let same = |trip: Trip| chosen.filter(|chosen| Trip { reason: trip.reason, ..*chosen } == trip);
        let between = Regime::ALL.into_iter().rev().filter(|asked| (mild..=strict).contains(asked));
        let trip = between.map(comes_to).find_map(same).unwrap_or(mildest);
        self.stood = self.trip.regime;
        self.range = (mildest.regime.min(strictest.regime), mildest.regime.max(strictest.regime));
        self.trip = trip;
    }

    /// Whether a regime from `least` on stands: sure where the sync was.
    pub(crate) fn below(&self, least: Regime) -> Holds {
        match self.range {
            (_, high) if high < least => Holds::Yes,
            (low, _) if low >= least => Holds::No,
            _ => Holds::Unsure,
        }
    }

    /// Whether the last sync has tripped this or worse.
    pub(crate) fn just(&self, least: Regime) -> bool {
        self.stood < least && self.trip.regime >= least
    }

    /// How much more `now` is than the least of this hour and the last.
    fn growth(&self, value: &Span) -> Span {
        (value + &self.lows.largest()).positive_part()
    }
}

impl Model {
    pub(crate) fn before_sync(&self) -> Before {
        let drawn = self.pool.markets.iter().map(|listed| listed.drawn.clone()).collect();
        Before { cost: self.markets_cost(), drawn }
    }

    /// What the markets have cost the providers, Φ included.
    fn markets_cost(&self) -> Span {
        let used: Span = (0..self.pool.markets.len()).map(|n| self.last_used(n)).sum();
        used + &self.pool.ledger.potential
    }

    /// Value of all collateral.
    pub(crate) fn weights(&self) -> Span {
        self.pool.vaults.iter().map(|vault| vault.weight.clone()).sum()
    }

    /// Measures, and steps.
    pub(super) fn watch(&mut self, now: u64, before: &Before) {
        let hints = self.hints.regimes.clone();
        let hint = |n: usize| hints.as_ref().and_then(|all| all.get(n).copied());
        let Some(breakers) = self.pool.config.breakers.clone() else {
            self.pool.watch.step(Range::default(), now, 0, hint(0));
            for (n, listed) in self.pool.markets.iter_mut().enumerate() {
                listed.watch.step(Range::default(), now, 0, hint(n + 1));
            }
            return;
        };
        let cost = self.markets_cost();
        self.pool.watch.lows.observe(&-&before.cost, &-&cost, now);
        let range = self.pool_asks(&breakers, &cost, now);
        self.pool.watch.step(range, now, breakers.cool_down, hint(0));

        let weights = self.weights();
        for (n, listed) in self.pool.markets.iter_mut().enumerate() {
            let drawn = before.drawn.get(n).cloned().unwrap_or_else(Span::zero);
            listed.watch.lows.observe(&-&drawn, &-&listed.drawn, now);
            let measure = part(&listed.watch.growth(&listed.drawn), &weights);
            let mut breaker = breakers.withdrawals.clone();
            breaker.thresholds[2] = None;
            let range = asked(&breaker, &measure, listed.watch.trip.because_of(Reason::WITHDRAWALS));
            listed.watch.step(range, now, breakers.cool_down, hint(n + 1));
        }
    }

    fn pool_asks(&self, breakers: &BreakersConfig, cost: &Span, now: u64) -> Range {
        let (pool, weights) = (&self.pool, self.weights());
        let owed: Span =
            pool.vaults.iter().map(|vault| vault.debt.clone()).sum::<Span>() + &pool.ledger.bad_debt;
        let x = self.exposures(|feed| pool.marks.get(&feed).cloned());
        let shortfall = self.shortfall(&x);
        let mut range = Range::default();
        for (breaker, reason, measure) in [
            (&breakers.utilisation, Reason::UTILISATION, part(&owed.positive_part(), &weights)),
            (&breakers.shortfall, Reason::SHORTFALL, part(&shortfall, &self.free_collateral(now))),
            (&breakers.debt_growth, Reason::DEBT_GROWTH, part(&pool.watch.growth(cost), &weights)),
        ] {
            let (mild, strict) = asked(breaker, &measure, pool.watch.trip.because_of(reason));
            range = (range.0.max(mild), range.1.max(strict));
        }
        let gross: Span = x.values().map(|x| x.abs().either(&unit())).sum();
        let wanted = gross.scale(&breakers.insurance_floor).up(&unit()).positive_part();
        let lacks = (&wanted - &pool.ledger.insurance).positive_part();
        let caution = |lack: &Q| if lack > &whole(0) { Regime::Caution } else { Regime::Normal };
        (range.0.max(caution(lacks.low())), range.1.max(caution(lacks.high())))
    }

    /// Whether what close-only forbids is allowed with a vault: by the pool's regime, and by that of its collateral's feed.
    pub(crate) fn unrestricted(&self, n: usize) -> Holds {
        let feed = self.oracle.regime(self.pool.vaults[n].config.feed);
        self.pool.watch.below(Regime::CloseOnly).and((feed < Regime::CloseOnly).into())
    }

    /// Whether this very sync has tripped that: then a message is accepted and changes nothing else.
    pub(crate) fn tripped_now(&self) -> bool {
        self.pool.watch.just(Regime::CloseOnly)
    }

    /// What may still be drawn of a market's profit in this hour: no less than 0 after the draw.
    pub(super) fn draw_limit(&self, n: usize) -> Option<(Span, Span)> {
        let most = self.pool.config.breakers.as_ref()?.withdrawals.thresholds[2].clone()?;
        let listed = &self.pool.markets[n];
        let most = self.weights().scale(&most).down(&unit());
        Some((most, listed.watch.growth(&listed.drawn)))
    }

    /// A person trips the pool or a market: at least this regime, for at least the hold.
    pub(super) fn trip(&mut self, n: Option<usize>, regime: Regime, now: u64) {
        let hold = self.pool.config.breakers.as_ref().map_or(86_400, |breakers| breakers.hold);
        let trip = self.trip_of(n);
        *trip = trip.held(regime, now, hold);
    }

    pub(super) fn trip_of(&mut self, n: Option<usize>) -> &mut Trip {
        match n {
            None => &mut self.pool.watch.trip,
            Some(n) => &mut self.pool.markets[n].watch.trip,
        }
    }
}
