//! The end of a bonded market.

use super::{Record, DESK};
use crate::bank::SDUSD;
use crate::model::Model;
use crate::number::Q;
use crate::span::Span;
use crate::verdict::Trial;

impl Model {
    /// Its opener, where it owes nothing; a while later anybody. Of a market in quarantine anybody: after the owner has spoken once that is
    /// drawn or its time is over, and where he has not, when his own is.
    pub(super) fn close_bonded(
        &mut self,
        trial: &mut Trial,
        now: u64,
        sender: &str,
        market: &str,
    ) -> Option<()> {
        let config = self.desk.as_ref()?.config.clone();
        let own = self.bonded(trial, market)?.clone();
        let mut after = |time: u64, seconds: u64| trial.must("E1013", now >= time + seconds);
        if let Some(quarantine) = &own.quarantine {
            return match quarantine.resolved {
                None => {
                    after(quarantine.since, config.resolution_time)?;
                    self.end_bonded(market, true)
                }
                Some(resolved) => {
                    if !own.claim.is_zero() {
                        after(resolved, config.resolution_time)?;
                    }
                    self.end_bonded(market, false)
                }
            };
        }
        if let Some(closing) = own.closing {
            after(closing, config.close_delay)?;
            return self.end_bonded(market, false);
        }
        trial.must("E0104", own.opener == sender)?;
        trial.must("E1010", own.is_fresh(now, config.maximum_age))?;
        let desk = self.desk.as_ref()?;
        trial.must("E1028", desk.shows_what_it_pushed(&own))?;
        // of one that has never pushed, what it shows counts, if that is anything
        let shown = || desk.shows.get(market).and_then(|shown| shown.record.clone()).unwrap_or_default();
        let record: Record = own.pushed.clone().unwrap_or_else(shown);
        trial.must("E1012", own.claim.is_zero() && record.owes_nothing(now))?;
        let own = self.bonded(trial, market)?;
        own.closing = Some(now);
        own.announced = None;
        Some(())
    }

    /// The pool lists a contract of others by itself: it reads what that shows.
    pub(crate) fn list(&mut self, now: u64, market: &str, line: &Q) {
        self.sync(now);
        self.approved.push(market.into());
        self.pool.list(line.clone());
        self.collapse();
    }

    /// The desk is done with a market that the pool lists, unless that is in quarantine: the pool has its claim, its opener what is left of the
    /// bond.
    pub(super) fn graduate(&mut self, trial: &mut Trial, market: &str) -> Option<()> {
        self.believed(trial, market)?;
        trial.must("E0508", self.approved.iter().any(|name| name == market))?;
        self.end_bonded(market, false)
    }

    /// Its claim is void, or the pool's; what is left of the bond goes back, or becomes insurance.
    fn end_bonded(&mut self, market: &str, forfeits: bool) -> Option<()> {
        let desk = self.desk.as_mut()?;
        let place = desk.markets.iter().position(|own| own.market == market)?;
        let mut own = desk.markets.remove(place);
        own.claim = Span::zero();
        let left = own.refund();
        if forfeits {
            desk.fees = &desk.fees + &left;
        } else {
            desk.held = &desk.held - &left;
            self.bank.pay(SDUSD, DESK, &own.opener, &left);
        }
        Some(())
    }
}
