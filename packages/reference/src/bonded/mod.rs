//! The desk of bonded markets: markets that anyone may open, with a bond that bears their losses first (chapter 22).
//!
//! Of each of them the desk knows its bond, what was paid out to it and in for it, and what its last believed record owes; from that follows
//! everything else. What it believes of a record is in a file of its own, and so is how a market ends.

use std::collections::BTreeMap;

use num_traits::Zero;

use crate::model::Model;
use crate::number::{unit, whole, Q};
use crate::span::Span;

mod end;
mod message;
mod pay;
mod record;
#[cfg(test)]
mod tests;

pub use message::DeskMessage;
pub use record::{Funding, Record, Shown};

/// Name of the desk among holders of tokens.
pub const DESK: &str = "bonded";

const DAY: u64 = 86_400;

/// The desk's parameters.
#[derive(Clone, Debug)]
pub struct DeskConfig {
    /// Resolves, and quarantines.
    pub owner: String,
    /// Quarantines.
    pub guardian: Option<String>,
    /// Contracts of others, which can be opened as markets.
    pub contracts: Vec<String>,
    /// Bond that a market begins with at least, micro-USD.
    pub minimum_bond: Q,
    /// Credit ÷ bond.
    pub multiple: Q,
    /// Most credit of all, as a part of the pool's collateral.
    pub cap: Q,
    /// Most markets at a time.
    pub slots: usize,
    /// Age of a record up to which it is of these days, seconds.
    pub maximum_age: u64,
    /// From the announcement of a draw beyond the bond, seconds.
    pub draw_delay: u64,
    /// From the opener's wish to the end, seconds.
    pub close_delay: u64,
    /// In quarantine, for the owner to speak and for the market to draw, seconds.
    pub resolution_time: u64,
}

/// A draw beyond the bond that is to come.
#[derive(Clone, Debug)]
pub(crate) struct Announced {
    pub(crate) amount: Q,
    pub(crate) since: u64,
}

impl Announced {
    /// It can be made for as long again as it had to wait, at least a day.
    fn lapses_at(&self, delay: u64) -> u64 {
        self.since + delay + delay.max(DAY)
    }
}

/// Nothing of a market is believed.
#[derive(Clone, Debug)]
pub(crate) struct Quarantine {
    pub(crate) code: u16,
    pub(crate) since: u64,
    /// When the owner said what it is owed.
    pub(crate) resolved: Option<u64>,
}

/// One bonded market. Amounts in micro-USD.
#[derive(Clone, Debug)]
pub(crate) struct Bonded {
    pub(crate) market: String,
    pub(crate) opener: String,
    pub(crate) bond: Span,
    pub(crate) credit: Span,
    pub(crate) paid_out: Span,
    pub(crate) paid_in: Span,
    pub(crate) claim: Span,
    /// Its last record that was believed.
    pub(crate) pushed: Option<Record>,
    /// When that came, or when it was opened.
    pub(crate) pushed_at: u64,
    pub(crate) announced: Option<Announced>,
    pub(crate) closing: Option<u64>,
    pub(crate) quarantine: Option<Quarantine>,
}

impl Bonded {
    fn net_out(&self) -> Span {
        &self.paid_out - &self.paid_in
    }

    /// Paid out − paid in + claim.
    pub(crate) fn cost(&self) -> Span {
        self.net_out() + &self.claim
    }

    /// What the opener would get back: bond − max(cost, 0), in [0, bond].
    pub(crate) fn refund(&self) -> Span {
        (&self.bond - &self.cost().positive_part()).positive_part()
    }

    /// The same if it claimed nothing.
    fn refund_without_claim(&self) -> Span {
        (&self.bond - &self.net_out().positive_part()).positive_part()
    }

    /// Cost beyond the bond, or cost where it is below 0.
    fn result(&self) -> Span {
        let cost = self.cost();
        (&cost - &self.bond).positive_part() - cost.negative_part()
    }

    /// Credit − bond.
    fn at_risk(&self) -> Span {
        (&self.credit - &self.bond).positive_part()
    }

    /// Whether its record is of these days.
    fn is_fresh(&self, now: u64, maximum_age: u64) -> bool {
        now.saturating_sub(self.pushed_at) <= maximum_age
    }
}

/// The desk.
#[derive(Clone, Debug)]
pub struct Desk {
    pub(crate) config: DeskConfig,
    /// sdUSD by its book.
    pub(crate) held: Span,
    /// All that it ever drew from the pool.
    pub(crate) drawn: Span,
    /// All that ever went to insurance.
    pub(crate) fees: Span,
    /// In the order in which they were opened.
    pub(crate) markets: Vec<Bonded>,
    /// What contracts of others show, by name.
    pub(crate) shows: BTreeMap<String, Shown>,
}

impl Desk {
    pub(crate) fn new(config: DeskConfig) -> Self {
        Self {
            config,
            held: Span::zero(),
            drawn: Span::zero(),
            fees: Span::zero(),
            markets: Vec::new(),
            shows: BTreeMap::new(),
        }
    }

    fn sum(&self, of: impl Fn(&Bonded) -> Span) -> Span {
        self.markets.iter().map(of).sum()
    }

    /// Σ (claim + refund) − held.
    pub(crate) fn base(&self) -> Span {
        self.sum(|market| &market.claim + &market.refund()) - &self.held
    }

    /// What the providers have had of it all: base + drawn + fees.
    fn used(&self) -> Span {
        self.base() + &self.drawn + &self.fees
    }

    /// The part of it of markets that are over.
    fn results(&self) -> Span {
        self.used() - self.sum(Bonded::result)
    }

    /// Held beyond what all openers would get back if nothing were claimed.
    fn free(&self) -> Span {
        (&self.held - &self.sum(Bonded::refund_without_claim)).positive_part()
    }

    /// Markets that owe something.
    pub(crate) fn owing(&self) -> usize {
        self.markets.iter().filter(|market| !market.claim.is_zero()).count()
    }
}

impl Model {
    /// Most credit that all bonded markets may have.
    fn bonded_cap(&self) -> Span {
        let cap = self.desk.as_ref().map_or_else(Q::zero, |desk| desk.config.cap.clone());
        self.weights().scale(&cap).cut(&unit())
    }

    /// Of what the pool's n-th contract may cost, what counts as lost: all that the line of a desk has left where it has cost `used`.
    pub(crate) fn taken_for_lost(&self, n: usize, used: &Span) -> Span {
        if !self.is_desk(n) {
            return Span::zero();
        }
        (&self.pool.markets[n].line - used).positive_part()
    }

    /// What the desk shows, by name.
    pub(crate) fn visit_desk(&mut self, f: &mut dyn FnMut(String, &mut Span)) {
        let Some(desk) = &mut self.desk else { return };
        f("bonded.held".into(), &mut desk.held);
        f("bonded.drawn".into(), &mut desk.drawn);
        f("bonded.fees".into(), &mut desk.fees);
        for (place, own) in desk.markets.iter_mut().enumerate() {
            let prefix = format!("bonded.market.{}", own.market);
            let name = |what: &str| format!("{prefix}.{what}");
            f(name("bond"), &mut own.bond);
            f(name("credit"), &mut own.credit);
            f(name("paid_out"), &mut own.paid_out);
            f(name("paid_in"), &mut own.paid_in);
            f(name("claim"), &mut own.claim);
            let mut told = |what: &str, value: Q| f(name(what), &mut Span::exact(value));
            told("place", whole(place));
            told(&format!("opener.{}", own.opener), whole(1));
            let record = own.pushed.clone().unwrap_or_default();
            told("as_of", whole(record.as_of));
            told("pushed_base", record.base.clone());
            told("pushed_fees", record.fees.clone());
            told("pushed_positions", whole(record.open_positions));
            told("pushed_at", whole(own.pushed_at));
            if let Some(Announced { amount, since }) = &own.announced {
                told("announced", amount.clone());
                told("announced_from", whole(since + desk.config.draw_delay));
            }
            told("closing", whole(own.closing.unwrap_or_default()));
            if let Some(Quarantine { code, since, resolved }) = &own.quarantine {
                told("quarantine", whole(*code));
                told("quarantined_at", whole(*since));
                told("resolved_at", whole(resolved.unwrap_or_default()));
            }
        }
    }

    /// What follows from it.
    pub(crate) fn derive_desk(&self, all: &mut BTreeMap<String, Span>) {
        let Some(desk) = &self.desk else { return };
        let mut put = |what: &str, span: Span| all.insert(format!("bonded.{what}"), span);
        put("base", desk.base());
        put("used", desk.used());
        put("results", desk.results());
        put("bonds", desk.sum(|own| own.bond.clone()));
        put("credit", desk.sum(|own| own.credit.clone()));
        put("cap", self.bonded_cap());
        put("owing", Span::whole(desk.owing()));
        for own in &desk.markets {
            put(&format!("market.{}.cost", own.market), own.cost());
            put(&format!("market.{}.refund", own.market), own.refund());
        }
    }
}
