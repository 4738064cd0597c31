//! What of a market's record is believed, and why not.

use num_traits::{Signed, Zero};

use super::{Bonded, Desk};
use crate::model::Model;
use crate::number::{price_step, ten, unit, whole, Q};
use crate::span::Span;

/// Longest record, bytes.
const LONGEST: usize = 256;
/// Feeds that a record can name.
const FEEDS: usize = 32;
/// Entries that a record can have.
const ENTRIES: usize = 32;

/// What grows with time, micro-USD: constant + linear·t + quadratic·t² of the seconds since the record, and then it stands still.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Funding {
    pub constant: Q,
    pub linear: Q,
    pub quadratic: Q,
    pub lasts: u64,
}

/// A record. Amounts in micro-USD.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// When it was written, by itself.
    pub as_of: u64,
    /// What is owed at no prices.
    pub base: Q,
    /// From the pool.
    pub drawn: Q,
    /// To insurance.
    pub fees: Q,
    /// Of accounts.
    pub shortfalls: Q,
    /// How many there are.
    pub open_positions: u64,
    /// What accrues.
    pub funding: Funding,
    /// Feed, and whole units that are owed of it.
    pub quantities: Vec<(usize, Q)>,
}

impl Default for Record {
    fn default() -> Self {
        let zero = Q::zero;
        let funding = Funding { constant: zero(), linear: zero(), quadratic: zero(), lasts: 0 };
        Self {
            as_of: 0,
            base: zero(),
            drawn: zero(),
            fees: zero(),
            shortfalls: zero(),
            open_positions: 0,
            funding,
            quantities: Vec::new(),
        }
    }
}

/// Bytes that a contract shows or pushes, as far as anything depends on them.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// How many.
    pub bytes: usize,
    /// The record that they begin with, if it is one.
    pub record: Option<Record>,
    /// Whether more lies behind it.
    pub more: bool,
}

impl Record {
    fn open(&self) -> impl Iterator<Item = &(usize, Q)> {
        self.quantities.iter().filter(|(_, quantity)| !quantity.is_zero())
    }

    fn accrued(&self, now: u64) -> Q {
        let Funding { constant, linear, quadratic, lasts } = &self.funding;
        let t = whole(now.saturating_sub(self.as_of).min(*lasts));
        constant + linear * &t + quadratic * &t * &t
    }

    /// What it says that the market has cost, where its quantities are worth so much: what is owed, rounded down, and fees.
    fn used(&self, worth: Q, now: u64) -> (Q, Q) {
        let reported = (&self.base + worth + self.accrued(now)).floor();
        let used = &reported + &self.drawn + &self.fees - &self.shortfalls;
        (reported, used)
    }

    /// What is owed by one that has no quantities.
    pub(crate) fn reported_without_quantities(&self, now: u64) -> Span {
        Span::exact(self.used(Q::zero(), now).0)
    }

    /// Whether a market with it can be closed: no positions, nothing owed.
    pub(super) fn owes_nothing(&self, now: u64) -> bool {
        self.open().next().is_none() && self.open_positions == 0 && !self.used(Q::zero(), now).1.is_positive()
    }

    /// Whether its numbers are some that a market can have.
    fn is_possible(&self) -> bool {
        let most = most_usd();
        let counters = [&self.drawn, &self.fees, &self.shortfalls];
        let entry = |(feed, quantity): &(usize, Q)| *feed < FEEDS && quantity.abs() <= ten(15);
        self.quantities.len() <= ENTRIES
            && counters.into_iter().all(|counter| *counter <= most)
            && self.quantities.iter().all(entry)
    }
}

fn most_usd() -> Q {
    ten(21)
}

/// What the desk makes of a record.
pub(super) enum Judged {
    /// Its claim.
    Believed(Span),
    /// Numbers of the codes of what can't be true: each is reason enough.
    Lies(Vec<u16>),
    /// There is no fresh price of one of its feeds, and a lie in it if any is left open by that.
    NotNow(Vec<u16>),
}

impl Model {
    /// Claim of a record at the worse edges of fresh prices.
    fn valued(&self, now: u64, record: &Record, own: &Bonded) -> Judged {
        let unknown = record.open().any(|(feed, _)| *feed >= self.oracle.quotes.len());
        if record
            .open()
            .any(|(feed, _)| *feed < self.oracle.quotes.len() && self.oracle.marking(*feed, now).is_none())
        {
            return Judged::NotNow(if unknown { vec![1022] } else { Vec::new() });
        }
        if unknown {
            return Judged::Lies(vec![1022]);
        }
        let (mut worth, mut exposure) = (Q::zero(), Q::zero());
        for (feed, quantity) in record.open() {
            let Some(quote) = self.oracle.last(*feed) else { continue };
            let edge = if quantity.is_negative() {
                Span::exact(&quote.price * (whole(1) - &quote.confidence)).cut(&price_step())
            } else {
                Span::exact(&quote.price * (whole(1) + &quote.confidence)).ceil(&price_step())
            };
            worth += quantity * edge.middle();
            exposure += Span::exact(quantity.abs() * &quote.price).ceil(&unit()).middle();
        }
        let (reported, used) = record.used(worth, now);
        let mut lies = Vec::new();
        if reported.abs() > most_usd() || used.abs() > most_usd() {
            lies.push(1022);
        }
        // what a market is owed is nothing until it has been paid in
        let claim = Span::exact(used).positive_part();
        let cost = own.net_out() + &claim;
        if claim.high() > own.credit.low() || cost.high() > own.credit.low() {
            lies.push(1026);
        }
        if exposure > *own.credit.low() {
            lies.push(1027);
        }
        if lies.is_empty() {
            Judged::Believed(claim)
        } else {
            Judged::Lies(lies)
        }
    }

    /// A record that a market pushes.
    pub(super) fn judge_push(&self, now: u64, own: &Bonded, shown: &Shown) -> Judged {
        let mut lies = Vec::new();
        if shown.bytes > LONGEST {
            lies.push(1021);
        }
        let Some(record) = shown.record.as_ref().filter(|record| !shown.more && record.is_possible()) else {
            lies.push(1022);
            return Judged::Lies(lies);
        };
        let last = own.pushed.clone().unwrap_or_default();
        if record.as_of > now || record.as_of < last.as_of {
            lies.push(1023);
        }
        // it draws from the desk, and bears its shortfalls itself
        if !record.drawn.is_zero() || !record.shortfalls.is_zero() {
            lies.push(1024);
        }
        if record.fees < last.fees {
            lies.push(1025);
        }
        match (lies.is_empty(), self.valued(now, record, own)) {
            (true, judged) => judged,
            (false, Judged::Lies(more)) => Judged::Lies([lies, more].concat()),
            (false, _) => Judged::Lies(lies),
        }
    }

    /// The last record of a market, at the prices of now, against what it shows.
    pub(super) fn judge_mark(&self, now: u64, desk: &Desk, own: &Bonded) -> Judged {
        let mut lies = Vec::new();
        if !desk.shows_what_it_pushed(own) {
            lies.push(1028);
        }
        // one that closes has nothing more to say
        let is_silent = own.closing.is_none() && !own.is_fresh(now, desk.config.maximum_age);
        let silent = if is_silent { vec![1029] } else { Vec::new() };
        let Some(record) = &own.pushed else {
            return if is_silent { Judged::Lies(silent) } else { Judged::Believed(own.claim.clone()) };
        };
        match (lies.is_empty(), self.valued(now, record, own)) {
            (false, Judged::Lies(more)) => Judged::Lies([lies, more, silent].concat()),
            (false, _) => Judged::Lies([lies, silent].concat()),
            (true, Judged::Lies(more)) => Judged::Lies([more, silent].concat()),
            (true, Judged::Believed(_)) if is_silent => Judged::Lies(silent),
            // a price that is missing is no excuse
            (true, Judged::NotNow(more)) if is_silent => Judged::Lies([more, silent].concat()),
            (true, judged) => judged,
        }
    }
}

impl Desk {
    /// Whether a bonded market is believed, and shows what it pushed, without quantities: then the pool can list it.
    pub fn shows_no_quantities(&self, market: &str) -> bool {
        let flat = |record: &Record| record.quantities.is_empty();
        let fits = |own: &Bonded| own.quarantine.is_none() && own.pushed.as_ref().is_some_and(flat);
        let own = self.markets.iter().find(|own| own.market == market);
        own.is_some_and(|own| fits(own) && self.shows_what_it_pushed(own))
    }

    /// Whether what a market shows begins with what it pushed last. One that has pushed nothing may show what it likes.
    pub(super) fn shows_what_it_pushed(&self, own: &Bonded) -> bool {
        let shown = self.shows.get(&own.market).and_then(|shown| shown.record.as_ref());
        own.pushed.is_none() || shown == own.pushed.as_ref()
    }
}
