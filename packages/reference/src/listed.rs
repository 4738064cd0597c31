//! What the pool lists: the markets of perpetuals, then the synthetics, then the par reserve, then the desk of bonded
//! markets, then such markets that were approved. To the pool each is what it owes at some
//! prices, four counters, and a quantity of every feed.

use crate::model::Model;
use crate::span::Span;

/// A contract on the pool's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Listed {
    Market(usize),
    Spot,
    Reserve,
    Desk,
    Approved(usize),
}

/// What has only ever grown, micro-USD.
pub(crate) struct Counters {
    pub(crate) drawn: Span,
    pub(crate) fees: Span,
    pub(crate) shortfalls: Span,
}

impl Model {
    fn listed(&self, n: usize) -> Listed {
        match n.checked_sub(self.markets.len()) {
            None => Listed::Market(n),
            Some(0) if self.spot.is_some() => Listed::Spot,
            Some(_) => match n.checked_sub(self.place_of_desk()) {
                None => Listed::Reserve,
                Some(0) if self.desk.is_some() => Listed::Desk,
                Some(beyond) => Listed::Approved(beyond.saturating_sub(1)),
            },
        }
    }

    /// Whether this is the place of the desk of bonded markets.
    pub(crate) fn is_desk(&self, n: usize) -> bool {
        self.desk.is_some() && n == self.place_of_desk()
    }

    /// Place of the synthetics on the pool's list.
    pub(crate) fn place_of_spot(&self) -> usize {
        self.markets.len()
    }

    /// Place of the par reserve.
    pub(crate) fn place_of_reserve(&self) -> usize {
        self.markets.len() + usize::from(self.spot.is_some())
    }

    /// Place of the desk of bonded markets.
    pub(crate) fn place_of_desk(&self) -> usize {
        self.place_of_reserve() + usize::from(self.reserve.is_some())
    }

    /// Counters of a contract as it publishes them.
    pub(crate) fn counters(&self, n: usize) -> Counters {
        let (drawn, fees, shortfalls) = match self.listed(n) {
            Listed::Market(m) => {
                let market = &self.markets[m];
                (market.drawn.clone(), market.fees.clone(), market.shortfalls.clone())
            }
            // its holders have no margin that could be used up
            Listed::Spot => {
                let spot = self.spot.as_ref();
                let of =
                    |of: fn(&crate::spot::Spot) -> &Span| spot.map_or_else(Span::zero, |s| of(s).clone());
                (of(|spot| &spot.drawn), of(|spot| &spot.fees), Span::zero())
            }
            Listed::Reserve => {
                let reserve = self.reserve.as_ref();
                let of = |of: fn(&crate::reserve::Reserve) -> &Span| {
                    reserve.map_or_else(Span::zero, |reserve| of(reserve).clone())
                };
                (of(|all| &all.drawn), of(|all| &all.fees), of(|all| &all.shortfalls))
            }
            // a bonded market bears its shortfalls itself
            Listed::Desk => {
                let desk = self.desk.as_ref();
                let of = |of: fn(&crate::bonded::Desk) -> &Span| {
                    desk.map_or_else(Span::zero, |desk| of(desk).clone())
                };
                (of(|desk| &desk.drawn), of(|desk| &desk.fees), Span::zero())
            }
            Listed::Approved(k) => {
                let record = self.shown_by_approved(k);
                (Span::exact(record.drawn), Span::exact(record.fees), Span::exact(record.shortfalls))
            }
        };
        Counters { drawn, fees, shortfalls }
    }

    /// What a contract owes at the board's last prices.
    pub(crate) fn reported(&self, n: usize, now: u64) -> Span {
        match self.listed(n) {
            Listed::Market(m) => self.reported_by_market(m, now),
            Listed::Spot => self.reported_by_spot(now, |quote, _| quote.index()),
            Listed::Reserve => self.reported_by_reserve(),
            Listed::Desk => self.reported_by_desk(),
            Listed::Approved(k) => self.shown_by_approved(k).reported_without_quantities(now),
        }
    }

    /// What the desk owes, at any prices.
    fn reported_by_desk(&self) -> Span {
        self.desk.as_ref().map_or_else(Span::zero, crate::bonded::Desk::base)
    }

    /// The record of a bonded market that was approved: one without quantities.
    fn shown_by_approved(&self, k: usize) -> crate::bonded::Record {
        let shows = self.desk.as_ref().map(|desk| &desk.shows);
        let shown = shows.zip(self.approved.get(k)).and_then(|(shows, name)| shows.get(name));
        shown.and_then(|shown| shown.record.clone()).unwrap_or_default()
    }

    /// The same at the edge of each confidence band that makes it largest.
    pub(crate) fn reported_at_worst(&self, n: usize, now: u64) -> Span {
        match self.listed(n) {
            Listed::Market(m) => self.reported_by_market_at_worst(m, now),
            Listed::Spot => self.reported_by_spot(now, |quote, sign| quote.adverse(-sign)),
            Listed::Reserve => self.reported_by_reserve(),
            Listed::Desk => self.reported_by_desk(),
            Listed::Approved(k) => self.shown_by_approved(k).reported_without_quantities(now),
        }
    }

    /// What a contract owes of a feed.
    pub(crate) fn skew_of_feed(&self, n: usize, feed: usize) -> Span {
        match self.listed(n) {
            Listed::Market(m) => self.markets[m].skew_of_feed(feed),
            Listed::Spot => self.spot.as_ref().map_or_else(Span::zero, |spot| spot.quantity_of_feed(feed)),
            Listed::Reserve | Listed::Desk | Listed::Approved(_) => Span::zero(),
        }
    }

    /// Feeds whose prices a contract's record needs: those of which it owes something.
    pub(crate) fn feeds_in_use(&self, n: usize) -> Vec<usize> {
        match self.listed(n) {
            Listed::Market(m) => self.markets[m].feeds_in_use(),
            Listed::Spot => self.spot.as_ref().map_or_else(Vec::new, |spot| spot.feeds_in_use()),
            Listed::Reserve | Listed::Desk | Listed::Approved(_) => Vec::new(),
        }
    }

    /// Feeds that any of them trades.
    pub(crate) fn traded_feeds(&self) -> Vec<usize> {
        let perps = self.markets.iter().flat_map(|market| market.perps.iter().map(|perp| perp.config.feed));
        let synthetics = self.spot.iter().flat_map(|spot| spot.synthetics.iter().map(|own| own.config.feed));
        let mut feeds: Vec<usize> = perps.chain(synthetics).collect();
        feeds.sort_unstable();
        feeds.dedup();
        feeds
    }

    /// Positions that are open in any market, synthetics of which there are tokens, and bonded markets that owe something.
    pub(crate) fn open_positions(&self) -> usize {
        let perps: usize = self.markets.iter().map(crate::market::Market::open_positions).sum();
        let issued = self.spot.iter().flat_map(|spot| &spot.synthetics).filter(|own| !own.supply.is_zero());
        let owing = self.desk.as_ref().map_or(0, crate::bonded::Desk::owing);
        let approved = (0..self.approved.len()).map(|k| self.shown_by_approved(k).open_positions);
        let approved = usize::try_from(approved.sum::<u64>()).unwrap_or(usize::MAX);
        perps + issued.count() + owing + approved
    }
}
