//! The oracle: medians of quorums, the board, and the ring of interval prices.

use std::collections::BTreeMap;

use num_traits::{Signed, Zero};

use crate::config::OracleConfig;
use crate::measure::Measured;
use crate::message::Submission;
use crate::number::{average_step, price_step, ratio_step, ten, whole, Q};
use crate::span::Span;
use crate::verdict::Trial;

mod breaker;
mod ring;
mod source;

use breaker::Restriction;
pub(crate) use ring::{Binding, Interval};
pub use source::Source;

/// One accepted price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Micro-USD for a whole unit.
    pub price: Q,
    /// Half-width of the band, as a fraction.
    pub confidence: Q,
    /// When it was observed.
    pub publish_time: u64,
}

impl Quote {
    /// The price itself.
    pub(crate) fn index(&self) -> Span {
        Span::exact(self.price.clone())
    }

    /// Lower edge of the band, rounded down.
    pub(crate) fn low(&self) -> Span {
        Span::exact(&self.price * (whole(1) - &self.confidence)).down(&price_step()).positive_part()
    }

    /// Upper edge of the band, rounded up.
    pub(crate) fn high(&self) -> Span {
        Span::exact(&self.price * (whole(1) + &self.confidence)).up(&price_step())
    }

    /// The narrowest band that holds the bands of both, its middle rounded up, its width too.
    fn around(&self, other: &Self) -> Self {
        let (low, high) = (self.low().middle(), self.high().middle());
        let (lowest, highest) =
            (low.clone().min(other.low().middle()), high.clone().max(other.high().middle()));
        let publish_time = self.publish_time.max(other.publish_time);
        if (&lowest, &highest) == (&low, &high) {
            return Self { publish_time, ..self.clone() };
        }
        let half = ((&highest - &lowest) / whole(2) / price_step()).ceil() * price_step();
        let price = &lowest + &half;
        let confidence = (&half / &price / ratio_step()).ceil() * ratio_step();
        Self { price, confidence, publish_time }
    }

    /// The edge that is worse for who holds a size of this sign.
    pub(crate) fn adverse(&self, sign: i8) -> Span {
        if sign < 0 {
            self.high()
        } else {
            self.low()
        }
    }
}

/// σ with 9 decimals, rounded up.
fn kept_sigma(sigma: &Q) -> Q {
    (sigma * ten(9)).ceil() / ten(9)
}

/// ρ with 4 decimals, rounded towards 0.
fn kept_correlation(rho: &Q) -> Q {
    (rho * ten(4)).trunc() / ten(4)
}

fn kept_sigmas(config: &OracleConfig) -> Vec<Q> {
    config.sigmas.iter().map(kept_sigma).collect()
}

fn kept_rho(config: &OracleConfig) -> Vec<Vec<Q>> {
    config.correlations.iter().map(|row| row.iter().map(kept_correlation).collect()).collect()
}

/// The oracle.
#[derive(Clone, Debug)]
pub struct Oracle {
    pub(crate) config: OracleConfig,
    /// Current prices by feed.
    pub quotes: Vec<Option<Quote>>,
    candidates: Vec<Option<(Q, u64)>>,
    submissions: BTreeMap<(usize, String), Quote>,
    ring: BTreeMap<u64, (u64, BTreeMap<usize, Quote>)>,
    /// Block time of the last write of the board.
    pub written_at: u64,
    /// Block time of the first write after the last gap, 0 if there was none.
    pub resumed_at: u64,
    pub(crate) measured: Option<Measured>,
    /// Moving averages by feed; 0 where there is none.
    averages: Vec<Q>,
    /// What restricts a feed.
    restricted: BTreeMap<usize, Restriction>,
}

impl Oracle {
    pub(crate) fn new(config: OracleConfig) -> Self {
        let feeds = config.feeds.len();
        let terms = config.measurement.clone();
        let measured = terms.map(|terms| Measured::begin(terms, &kept_sigmas(&config), &kept_rho(&config)));
        Self {
            measured,
            averages: vec![whole(0); feeds],
            restricted: BTreeMap::new(),
            config,
            quotes: vec![None; feeds],
            candidates: vec![None; feeds],
            submissions: BTreeMap::new(),
            ring: BTreeMap::new(),
            written_at: 0,
            resumed_at: 0,
        }
    }

    /// Volatilities and correlations that the owner has set: a measurement begins from them.
    pub(crate) fn believe(&mut self, sigmas: &[Q], correlations: &[Vec<Q>]) {
        self.config.sigmas = sigmas.to_vec();
        self.config.correlations = correlations.to_vec();
        let (sigmas, rho) = (kept_sigmas(&self.config), kept_rho(&self.config));
        if let Some(measured) = &mut self.measured {
            measured.restart(&sigmas, &rho);
        }
    }

    /// σ of a feed that is priced with.
    pub(crate) fn sigma(&self, feed: usize) -> Q {
        match &self.measured {
            Some(measured) => measured.feeds[feed].pricing.middle(),
            None => kept_sigma(&self.config.sigmas[feed]),
        }
    }

    /// σ of a feed as measured, that initial margin and shortfalls follow.
    pub(crate) fn measured_sigma(&self, feed: usize) -> Span {
        match &self.measured {
            Some(measured) => measured.feeds[feed].board.clone(),
            None => Span::exact(self.sigma(feed)),
        }
    }

    /// σ of a feed that maintenance margin follows.
    pub(crate) fn ramped_sigma(&self, feed: usize) -> Span {
        match &self.measured {
            Some(measured) => measured.feeds[feed].margin.clone(),
            None => Span::exact(self.sigma(feed)),
        }
    }

    /// ρ of two feeds, with 4 decimals rounded towards 0.
    pub(crate) fn correlation(&self, a: usize, b: usize) -> Q {
        match &self.measured {
            Some(measured) => measured.rho(a, b),
            None if a == b => whole(1),
            None => kept_correlation(&self.config.correlations[a][b]),
        }
    }

    /// Covariance of two feeds: σ_i·σ_j·ρ_ij.
    pub(crate) fn covariance(&self, a: usize, b: usize) -> Q {
        self.sigma(a) * self.sigma(b) * self.correlation(a, b)
    }

    pub(crate) fn publish(
        &mut self,
        trial: &mut Trial,
        now: u64,
        sender: &str,
        prices: &[Submission],
    ) -> Option<()> {
        trial.must("E0201", self.config.publishers.iter().any(|publisher| publisher == sender))?;
        trial.must("E0005", !prices.is_empty())?;
        for (n, entry) in prices.iter().enumerate() {
            trial.must("E0202", entry.feed < self.config.feeds.len())?;
            trial.must("E0009", prices[..n].iter().all(|other| other.feed != entry.feed))?;
            trial.must("E0220", !self.pulled(entry.feed))?;
            trial.must("E0004", entry.price.is_positive() && entry.price <= ten(18))?;
            trial.must("E0004", !entry.confidence.is_negative() && entry.confidence < whole(1))?;
            trial.must("E0204", entry.publish_time <= now)?;
        }
        let mut wrote = false;
        for entry in prices {
            wrote |= self.submit(now, sender, entry);
        }
        if wrote {
            self.wrote(now);
        }
        Some(())
    }

    /// After a message that set a price.
    fn wrote(&mut self, now: u64) {
        if self.written_at > 0 && now - self.written_at > self.config.gap {
            self.resumed_at = now;
        }
        self.written_at = now;
        if let Some(measured) = &mut self.measured {
            measured.act(now, &self.quotes);
        }
    }

    fn submit(&mut self, now: u64, sender: &str, entry: &Submission) -> bool {
        let key = (entry.feed, sender.to_string());
        if self.submissions.get(&key).is_some_and(|last| entry.publish_time <= last.publish_time) {
            return false;
        }
        let quote = Quote {
            price: entry.price.clone(),
            confidence: entry.confidence.clone(),
            publish_time: entry.publish_time,
        };
        self.submissions.insert(key, quote);
        let Some(median) = self.median(entry) else { return false };
        let feed = &self.config.feeds[entry.feed];
        if median.confidence > feed.maximum_confidence || !self.near_enough(entry.feed, &median) {
            return false;
        }
        self.accept(now, entry.feed, median);
        true
    }

    fn median(&self, entry: &Submission) -> Option<Quote> {
        let board_time = self.quotes[entry.feed].as_ref().map_or(0, |quote| quote.publish_time);
        let oldest = entry.publish_time.saturating_sub(self.config.seconds);
        let set: Vec<&Quote> = self
            .submissions
            .iter()
            .filter(|((feed, who), _)| *feed == entry.feed && self.config.publishers.contains(who))
            .map(|(_, quote)| quote)
            .filter(|quote| quote.publish_time > board_time && quote.publish_time >= oldest)
            .collect();
        if set.is_empty() || set.len() < self.config.quorum {
            return None;
        }
        let mut prices: Vec<&Q> = set.iter().map(|quote| &quote.price).collect();
        prices.sort();
        let middle = prices.len() / 2;
        let price = if prices.len() % 2 == 1 {
            prices[middle].clone()
        } else {
            let average = (prices[middle - 1] + prices[middle]) / whole(2);
            (average / price_step()).floor() * price_step()
        };
        let mut confidences: Vec<&Q> = set.iter().map(|quote| &quote.confidence).collect();
        confidences.sort();
        let confidence = confidences[middle].clone();
        // the band reaches to both prices in the middle, in 18 decimals rounded up
        let apart = (prices[middle] - &price) / &price;
        let step = crate::number::ten(18).recip();
        let confidence = confidence.max((apart / &step).ceil() * step);
        let publish_time = set.iter().map(|quote| quote.publish_time).min().unwrap_or_default();
        Some(Quote { price, confidence, publish_time })
    }

    /// Within the band of the last good price, or of a median published before that was not; else remembers it.
    fn near_enough(&mut self, feed: usize, median: &Quote) -> bool {
        let band = &self.config.feeds[feed].deviation_band;
        let within = |of: &Q| {
            let deviation = (&median.price - of).abs() / of;
            ((deviation / ratio_step()).ceil() * ratio_step()) <= *band
        };
        let good = self.quotes[feed].as_ref().is_none_or(|last| within(&last.price));
        let confirmed = self.candidates[feed]
            .as_ref()
            .is_some_and(|(price, time)| median.publish_time > *time && within(price));
        if good || confirmed {
            return true;
        }
        let newer = self.candidates[feed].as_ref().is_none_or(|(_, time)| median.publish_time >= *time);
        if newer {
            self.candidates[feed] = Some((median.price.clone(), median.publish_time));
        }
        false
    }

    /// Whether anyone brings a feed's price.
    pub(crate) fn pulled(&self, feed: usize) -> bool {
        self.config.feeds[feed].source.is_some()
    }

    /// A price goes to the board, and into its interval's slot where that still takes it: the first one of a pushed feed, the
    /// band around all of a pulled one.
    pub(crate) fn accept(&mut self, now: u64, feed: usize, quote: Quote) {
        self.candidates[feed] = None;
        let interval = self.interval_of(quote.publish_time);
        let slot = interval % self.config.slots;
        let newest = self.ring.get(&slot).is_none_or(|(held, _)| *held <= interval);
        if now < self.closed_from(interval) && newest {
            let entry = self.ring.entry(slot).or_default();
            if entry.0 != interval {
                *entry = (interval, BTreeMap::new());
            }
            let kept = entry.1.entry(feed).or_insert_with(|| quote.clone());
            if self.config.feeds[feed].source.is_some() {
                *kept = kept.around(&quote);
            }
        }
        self.follow(feed, &quote);
        self.quotes[feed] = Some(quote);
        self.restrict(now, feed);
    }

    /// `average + (price − average)·Δt / (Δt + constant)`, Δt between publish times; the step rounded towards the old average,
    /// and the average cut to 12 digits.
    fn follow(&mut self, feed: usize, quote: &Quote) {
        let average = self.averages[feed].clone();
        self.averages[feed] = match &self.quotes[feed] {
            Some(last) if !average.is_zero() => {
                let elapsed = quote.publish_time - last.publish_time;
                let step =
                    (&quote.price - &average) * whole(elapsed) / whole(elapsed + self.config.average_seconds);
                let moved = average + (step / price_step()).trunc() * price_step();
                let kept = average_step(&moved);
                (moved / &kept).floor() * kept
            }
            _ => quote.price.clone(),
        };
    }

    /// Everything about averages and regimes, by name.
    pub(crate) fn visit(&mut self, f: &mut dyn FnMut(String, &mut Span)) {
        if let Some(measured) = &mut self.measured {
            measured.visit(f);
        }
        for (n, average) in self.averages.iter().enumerate() {
            f(format!("oracle.feed.{n}.average"), &mut Span::exact(average.clone()));
        }
        for (n, Restriction { trip, measure, since }) in &self.restricted {
            let name = |what: &str| format!("oracle.feed.{n}.{what}");
            f(name("regime"), &mut Span::whole(trip.regime as u8));
            f(name("deviation"), &mut Span::exact(measure.clone()));
            f(name("since"), &mut Span::whole(*since));
            f(name("asked_at"), &mut Span::whole(trip.asked_at));
            f(name("held_until"), &mut Span::whole(trip.held_until));
        }
    }

    /// The last price, however old.
    pub(crate) fn last(&self, feed: usize) -> Option<&Quote> {
        self.quotes.get(feed)?.as_ref()
    }

    /// The last price if it is no older than `allowed` seconds.
    pub(crate) fn fresh(&self, feed: usize, allowed: u64, now: u64) -> Option<&Quote> {
        self.last(feed).filter(|quote| now.saturating_sub(quote.publish_time) <= allowed)
    }

    /// Young enough to mark accounts and vaults.
    pub(crate) fn marking(&self, feed: usize, now: u64) -> Option<&Quote> {
        self.fresh(feed, self.config.liquidate, now)
    }

    /// Block time before which nobody is liquidated.
    pub(crate) fn quiet_until(&self) -> u64 {
        if self.resumed_at == 0 {
            0
        } else {
            self.resumed_at + 2 * self.config.seconds
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::FeedConfig;
    use crate::number::fraction;

    fn oracle(quorum: usize) -> Oracle {
        Oracle::new(OracleConfig {
            quorum,
            publishers: vec!["p1".into(), "p2".into(), "p3".into()],
            seconds: 5,
            slots: 8,
            grace: 5,
            trade: 15,
            liquidate: 60,
            gap: 60,
            feeds: vec![FeedConfig {
                deviation_band: fraction(1, 10),
                maximum_confidence: fraction(1, 10),
                source: None,
            }],
            sigmas: vec![fraction(1, 20)],
            correlations: vec![vec![whole(1)]],
            measurement: None,
            average_seconds: 300,
            owner: "owner".into(),
            guardian: None,
            breaker: None,
        })
    }

    fn publish(oracle: &mut Oracle, now: u64, who: &str, price: i64, time: u64) -> Trial {
        let mut trial = Trial::default();
        let entry = Submission { feed: 0, price: whole(price), confidence: whole(0), publish_time: time };
        let _ = oracle.publish(&mut trial, now, who, &[entry]);
        trial
    }

    #[test]
    fn a_quorum_makes_a_price_with_the_oldest_time_of_its_own() {
        let mut oracle = oracle(2);
        publish(&mut oracle, 101, "p1", 100, 100);
        assert_eq!(oracle.last(0), None);
        publish(&mut oracle, 102, "p2", 104, 102);
        let quote = oracle.last(0).unwrap();
        assert_eq!((quote.price.clone(), quote.publish_time), (whole(102), 100));
        assert_eq!(oracle.priced(20, 0).unwrap().price, whole(102));
    }

    #[test]
    fn the_first_price_of_an_interval_counts_and_a_past_slot_is_never_filled() {
        let mut oracle = oracle(1);
        publish(&mut oracle, 100, "p1", 100, 100);
        publish(&mut oracle, 103, "p1", 101, 103);
        assert_eq!(oracle.priced(20, 0).unwrap().price, whole(100));
        assert_eq!(oracle.last(0).unwrap().price, whole(101));
        // interval 21 is [105, 110), closed from 115
        assert_eq!(oracle.interval(21, 0, 114), Interval::Open);
        publish(&mut oracle, 115, "p1", 101, 106);
        assert_eq!(oracle.interval(21, 0, 115), Interval::Empty);
    }

    #[test]
    fn a_pulled_feeds_interval_has_the_band_around_all_prices_once_its_grace_is_over() {
        let mut oracle = oracle(1);
        oracle.config.feeds[0].source = Some(Source::Feed(0));
        let quote = |price: i64, publish_time| Quote {
            price: whole(price),
            confidence: fraction(1, 100),
            publish_time,
        };
        oracle.accept(100, 0, quote(100, 100));
        oracle.accept(109, 0, quote(200, 104));
        oracle.accept(110, 0, quote(50, 104));
        // interval 20 is [100, 105), closed from 110; 99 to 202
        assert_eq!(oracle.interval(20, 0, 109), Interval::Open);
        let band = oracle.priced(20, 0).unwrap();
        assert_eq!(oracle.interval(20, 0, 110), Interval::Priced(band.clone()));
        assert_eq!((band.price.clone() * whole(2), band.publish_time), (whole(301), 104));
        assert!(band.low().middle() <= whole(99) && band.high().middle() >= whole(202));
    }

    #[test]
    fn a_jump_has_to_be_confirmed_by_a_later_median() {
        let mut oracle = oracle(1);
        publish(&mut oracle, 100, "p1", 100, 100);
        publish(&mut oracle, 101, "p1", 150, 101);
        assert_eq!(oracle.last(0).unwrap().price, whole(100));
        publish(&mut oracle, 102, "p1", 148, 102);
        assert_eq!(oracle.last(0).unwrap().price, whole(148));
    }

    #[test]
    fn liquidations_rest_after_a_gap() {
        let mut oracle = oracle(1);
        publish(&mut oracle, 100, "p1", 100, 100);
        assert_eq!(oracle.quiet_until(), 0);
        publish(&mut oracle, 161, "p1", 100, 161);
        assert_eq!(oracle.quiet_until(), 171);
    }
}
