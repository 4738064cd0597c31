//! Pulled feeds: anyone asks a source, a small tree over other feeds' prices (chapter 4). Prices are rounded down, confidences up.

use num_traits::{Signed, Zero};

use super::{Oracle, Quote};
use crate::number::{price_step, ratio_step, ten, whole, Q};
use crate::verdict::Trial;

/// Where the price of a pulled feed comes from. Other contracts are not the model's.
#[derive(Clone, Debug)]
pub enum Source {
    /// Another feed's, young enough to mark accounts.
    Feed(usize),
    /// a·b.
    Product(Vec<Source>),
    /// a ÷ b.
    Quotient(Box<Source>, Box<Source>),
    /// The lowest of several, all of which must be good.
    Lowest(Vec<Source>),
    /// The first of several that is good.
    First(Vec<Source>),
    /// One, if another lies within a part of the lower of both.
    Checked(Box<Source>, Box<Source>, Q),
}

fn down(price: Q) -> Q {
    (price / price_step()).floor() * price_step()
}

fn up(ratio: Q) -> Q {
    (ratio / ratio_step()).ceil() * ratio_step()
}

impl Quote {
    /// `price`, with this band, as old as the older of two.
    fn made(price: Q, confidence: Q, a: &Self, b: &Self) -> Self {
        let publish_time = a.publish_time.min(b.publish_time);
        Self { price: down(price), confidence: up(confidence), publish_time }
    }

    fn times(&self, other: &Self) -> Self {
        // prices are micro-USD
        let price = &self.price * &other.price / ten(6);
        let band = (whole(1) + &self.confidence) * (whole(1) + &other.confidence) - whole(1);
        Self::made(price, band, self, other)
    }

    fn by(&self, other: &Self) -> Option<Self> {
        let least = whole(1) - &other.confidence;
        if !least.is_positive() {
            return None;
        }
        let band = (whole(1) + &self.confidence) / least - whole(1);
        Some(Self::made(&self.price * ten(6) / &other.price, band, self, other))
    }

    /// The lower of two, its band down to the lower edge of both.
    fn lower(&self, other: &Self) -> Self {
        let lowest = if other.price < self.price { other } else { self };
        let edge = self.low().middle().min(other.low().middle());
        let reach = up((&lowest.price - edge) / &lowest.price);
        Self::made(lowest.price.clone(), lowest.confidence.clone().max(reach), self, other)
    }

    /// Itself, its band at least to the other.
    fn confirmed(&self, by: &Self, within: &Q) -> Option<Self> {
        let apart = (&self.price - &by.price).abs();
        if up(&apart / (&self.price).min(&by.price)) > *within {
            return None;
        }
        let reach = up(apart / &self.price);
        Some(Self::made(self.price.clone(), self.confidence.clone().max(reach), self, by))
    }
}

impl Oracle {
    pub(crate) fn pull(&mut self, trial: &mut Trial, now: u64, feeds: &[usize]) -> Option<()> {
        trial.must("E0005", !feeds.is_empty())?;
        for (n, feed) in feeds.iter().enumerate() {
            trial.must("E0202", *feed < self.config.feeds.len())?;
            trial.must("E0009", !feeds[..n].contains(feed))?;
            trial.must("E0219", self.pulled(*feed))?;
        }
        let mut wrote = false;
        for feed in feeds {
            wrote |= self.take(now, *feed);
        }
        if wrote {
            self.wrote(now);
        }
        Some(())
    }

    /// What a source says becomes a price as a median would; whether it did.
    fn take(&mut self, now: u64, feed: usize) -> bool {
        let Some(source) = self.config.feeds[feed].source.clone() else { return false };
        let Some(quote) = self.ask(&source, now) else { return false };
        let newer = self.quotes[feed].as_ref().is_none_or(|last| quote.publish_time > last.publish_time);
        let certain = quote.confidence <= self.config.feeds[feed].maximum_confidence;
        if !newer || !certain || quote.price > ten(18) || !self.near_enough(feed, &quote) {
            return false;
        }
        self.accept(now, feed, quote);
        true
    }

    fn ask(&self, source: &Source, now: u64) -> Option<Quote> {
        let all = |of: &[Source], combine: fn(&Quote, &Quote) -> Quote| {
            let quotes = of.iter().map(|part| self.ask(part, now)).collect::<Option<Vec<_>>>()?;
            quotes.into_iter().reduce(|a, b| combine(&a, &b))
        };
        let quote = match source {
            Source::Feed(feed) => self.marking(*feed, now).cloned(),
            Source::Product(of) => all(of, Quote::times),
            Source::Lowest(of) => all(of, Quote::lower),
            Source::First(of) => of.iter().find_map(|part| self.ask(part, now)),
            Source::Quotient(of, by) => self.ask(of, now)?.by(&self.ask(by, now)?),
            Source::Checked(of, by, within) => self.ask(of, now)?.confirmed(&self.ask(by, now)?, within),
        };
        quote.filter(|quote| !quote.price.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{config, usd};
    use crate::number::fraction;

    fn quote(price: Q, confidence: Q, publish_time: u64) -> Quote {
        Quote { price, confidence, publish_time }
    }

    /// Feed 2 is pulled; 0 is at 10 USD ± 10 %, 1 at 1.5 USD ± 20 %.
    fn oracle(source: Source) -> Oracle {
        let mut config = config().oracle;
        config.feeds[2].source = Some(source);
        config.feeds[2].maximum_confidence = whole(1);
        let mut oracle = Oracle::new(config);
        oracle.accept(100, 0, quote(usd(10), fraction(1, 10), 100));
        oracle.accept(100, 1, quote(fraction(3, 2) * ten(6), fraction(1, 5), 98));
        oracle
    }

    fn pulled(source: Source) -> Option<Quote> {
        let mut oracle = oracle(source);
        let mut trial = Trial::default();
        let _ = oracle.pull(&mut trial, 101, &[2]);
        assert!(!trial.must_refuse());
        oracle.last(2).cloned()
    }

    #[test]
    fn sources_combine_prices_and_bands() {
        let (a, b) = (Source::Feed(0), Source::Feed(1));
        let both = || vec![a.clone(), b.clone()];
        // 1.1·1.2 − 1
        let product = pulled(Source::Product(both()));
        assert_eq!(product, Some(quote(usd(15), fraction(32, 100), 98)));
        // 1.1 ÷ 0.8 − 1
        let quotient = pulled(Source::Quotient(a.clone().into(), b.clone().into())).unwrap();
        assert_eq!(quotient.confidence, fraction(375, 1_000));
        assert_eq!(pulled(Source::Lowest(both())), Some(quote(usd(3) / whole(2), fraction(1, 5), 98)));
        assert_eq!(pulled(Source::First(both())), Some(quote(usd(10), fraction(1, 10), 100)));
        // 8.5 apart: 5.67 of the lower one
        let checked = |within| pulled(Source::Checked(a.clone().into(), b.clone().into(), within));
        assert_eq!(checked(fraction(1, 2)), None);
        assert_eq!(checked(whole(6)), Some(quote(usd(10), fraction(85, 100), 98)));
    }

    #[test]
    fn a_source_makes_a_price_once_and_one_of_a_stale_feed_none() {
        let mut oracle = oracle(Source::Feed(1));
        let mut pull = |now| {
            let mut trial = Trial::default();
            let _ = oracle.pull(&mut trial, now, &[2]);
            oracle.last(2).map(|quote| quote.publish_time)
        };
        // 61 seconds old, then 60, then no newer
        assert_eq!(pull(159), None);
        assert_eq!(pull(158), Some(98));
        assert_eq!(pull(158), Some(98));
        let mut trial = Trial::default();
        let _ = oracle.pull(&mut trial, 158, &[1]);
        assert_eq!(trial.codes(), ["E0219"]);
    }
}
