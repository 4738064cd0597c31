//! The breakers of the pool and of its markets. Every sync looks at them, so nobody has to be trusted with it: what they
//! measure, what they ask for, and what becomes of it.

use cosmwasm_std::Event;
use sdp_types::book::Book;
use sdp_types::events::{Refused, RegimeChanged};
use sdp_types::pool::{Breakers, Measures};
use sdp_types::regime::{because_of, step, Asked, Breaker, Moved, Reason, Regime, Trip};
use sdp_types::{ensure, Error, Ratio, Result, Rounding, SignedUsd, Usd};

use crate::accept;
use crate::sync::Synced;

/// The pool, or one of its markets by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of it.
    Pool,
    /// One market.
    Market(usize),
}

impl Synced {
    /// Measures, and lets what is asked for happen.
    pub fn watch(&mut self, before: &Book) -> Result<()> {
        if self.is_shut() {
            return Ok(());
        }
        let Some(breakers) = self.terms.params.breakers else {
            // what a person has tripped ends by time
            self.asked(Scope::Pool, Asked::NOTHING, 0);
            for place in 0..self.book.markets.len() {
                self.asked(Scope::Market(place), Asked::NOTHING, 0);
            }
            return Ok(());
        };
        let cool_down = u64::from(breakers.cool_down);
        let growth = self.book.watch.growth(cost(before)?, cost(&self.book)?, self.now)?;
        let measures = self.measures(&breakers, growth)?;
        let asked = asked_by(&breakers, &measures, &self.book.watch.trip)?;
        self.asked(Scope::Pool, asked, cool_down);

        let collateral = self.weight()?;
        for place in 0..self.book.markets.len() {
            let drawn = before.markets.get(place).map_or(Usd::ZERO, |market| market.drawn).signed()?;
            let Some(market) = self.book.markets.get_mut(place) else { continue };
            let growth = market.watch.growth(drawn, market.drawn.signed()?, self.now)?;
            let measure = part(growth, collateral);
            // a draw beyond it is refused, so nothing is left to trip
            let breaker = Breaker { emergency: None, ..breakers.withdrawals };
            let regime = breaker.asks(measure, because_of(&market.watch.trip, Reason::Withdrawals))?;
            let asked = Asked { regime, reason: Reason::Withdrawals, measure };
            self.asked(Scope::Market(place), asked, cool_down);
        }
        Ok(())
    }

    /// Whether the pool was shut down.
    pub fn is_shut(&self) -> bool {
        self.listing.regime == Regime::ShutDown
    }

    /// `E0333` where it was.
    pub fn runs(&self) -> Result<()> {
        ensure(!self.is_shut(), || Error::PoolShutDown {})
    }

    fn measures(&self, breakers: &Breakers, growth: Usd) -> Result<Measures> {
        let collateral = self.weight()?;
        let ledger = &self.book.ledger;
        let owed = ledger.vault_debt.plus(ledger.bad_debt.signed()?)?;
        let shortfall = self.shortfall().and_then(|loss| Ok(part(loss, self.free()?.positive_part())));
        Ok(Measures {
            utilisation: part(owed.positive_part(), collateral),
            // a record that is beyond all numbers
            shortfall: shortfall.unwrap_or(Ratio::MAX),
            debt_growth: part(growth, collateral),
            insurance: self.insurance_lacks(breakers.insurance_floor).unwrap_or(Ratio::ONE),
        })
    }

    /// What insurance lacks of `floor` × Σ |exposure|, as a part of that; rounded up.
    fn insurance_lacks(&self, floor: Ratio) -> Result<Ratio> {
        let wanted = accept::gross(&self.exposures()?)?.scale(floor, Rounding::Up)?;
        Ok(part(wanted.saturating_minus(self.book.ledger.insurance), wanted))
    }

    /// What the breakers measure now: none without breakers.
    pub fn measured(&self) -> Result<Option<Measures>> {
        let of = |breakers| self.measures(&breakers, self.book.watch.grown(cost(&self.book)?)?);
        self.terms.params.breakers.map(of).transpose()
    }

    /// Profit that a market has drawn in this hour and the last.
    pub fn drawn_lately(&self, place: usize) -> Result<Usd> {
        let Some(market) = self.book.markets.get(place) else { return Ok(Usd::ZERO) };
        market.watch.grown(market.drawn.signed()?)
    }

    fn asked(&mut self, scope: Scope, asked: Asked, cool_down: u64) {
        let now = self.now;
        self.change(scope, |trip| step(trip, asked, now, cool_down));
    }

    /// Changes what has tripped, by a person or by a measure; whether the regime has changed.
    pub fn change(&mut self, scope: Scope, change: impl FnOnce(&mut Option<Trip>) -> Option<Moved>) -> bool {
        let trip = match scope {
            Scope::Pool => Some(&mut self.book.watch.trip),
            Scope::Market(place) => self.book.markets.get_mut(place).map(|market| &mut market.watch.trip),
        };
        let moved = trip.and_then(change);
        if let Some(moved) = moved {
            self.moved(scope, moved);
        }
        moved.is_some()
    }

    /// A regime has changed: markets read it in the listing, and everybody is told.
    fn moved(&mut self, scope: Scope, moved: Moved) {
        let Moved { from, to, reason, measure } = moved;
        let name = match scope {
            Scope::Pool => {
                self.listing.regime = to;
                "pool".into()
            }
            Scope::Market(place) => {
                if let Some(listed) = self.listing.markets.get_mut(place) {
                    listed.regime = to;
                }
                self.market_name(place)
            }
        };
        self.relisted = true;
        if from < Regime::CloseOnly && to >= Regime::CloseOnly {
            self.collapsing.push(scope);
        }
        self.events.push(RegimeChanged { scope: name, from, to, reason, measure }.into());
    }

    /// Nobody mints against a vault and nobody leaves it under close-only or worse: `E0328`.
    pub fn unrestricted(&self, vault: u8) -> Result<()> {
        let feed = self.vault(vault)?.feed;
        for (scope, regime) in
            [("pool".into(), self.listing.regime), (format!("feed {feed}"), self.board.regime(feed))]
        {
            ensure(regime < Regime::CloseOnly, || Error::Restricted { scope, regime })?;
        }
        Ok(())
    }

    /// Where this very sync has tripped what [`Self::unrestricted`] refuses: what is told instead. The message is a success that
    /// changes nothing else, because an error would undo the trip.
    pub fn tripped_now(&self) -> Option<Event> {
        let regime = self.listing.regime;
        if self.stood >= Regime::CloseOnly || regime < Regime::CloseOnly {
            return None;
        }
        let error = Error::Restricted { scope: "pool".into(), regime };
        Some(Refused { code: error.code().into(), reason: error.to_string() }.into())
    }
}

/// What the breakers of the pool ask for together.
fn asked_by(breakers: &Breakers, measures: &Measures, trip: &Option<Trip>) -> Result<Asked> {
    let Measures { utilisation, shortfall, debt_growth, insurance } = *measures;
    let mut all = Asked::NOTHING;
    for (breaker, reason, measure) in [
        (breakers.utilisation, Reason::Utilisation, utilisation),
        (breakers.shortfall, Reason::ExpectedShortfall, shortfall),
        (breakers.debt_growth, Reason::DebtGrowth, debt_growth),
    ] {
        all = all.or(Asked { regime: breaker.asks(measure, because_of(trip, reason))?, reason, measure });
    }
    let regime = if insurance.is_zero() { Regime::Normal } else { Regime::Caution };
    Ok(all.or(Asked { regime, reason: Reason::Insurance, measure: insurance }))
}

/// What the markets have cost the providers, Φ included.
fn cost(book: &Book) -> Result<SignedUsd> {
    let potential = book.ledger.potential.signed()?;
    book.markets.iter().try_fold(potential, |sum, market| sum.plus(market.used()?))
}

/// `amount ÷ whole`, rounded up: nothing of nothing is nothing, something of nothing is beyond everything.
pub fn part(amount: Usd, whole: Usd) -> Ratio {
    if amount.is_zero() {
        return Ratio::ZERO;
    }
    amount.per(whole, Rounding::Up).unwrap_or(Ratio::MAX)
}
