//! The risk potential Φ(x) = xᵀΣx ÷ (2·depth) of the pool's exposures x_k = −skew_k·P_k over all markets.

use std::collections::BTreeMap;

use crate::market::Perp;
use crate::model::Model;
use crate::number::{ratio_step, whole, Q};
use crate::span::{Holds, Span};
use crate::verdict::Trial;

/// Exposures in micro-USD, by feed.
pub(crate) type Exposures = BTreeMap<usize, Span>;

impl Model {
    /// Σ of what is owed of a feed over all that the pool lists.
    pub(crate) fn skew(&self, feed: usize) -> Span {
        (0..self.pool.markets.len()).map(|n| self.skew_of_feed(n, feed)).sum()
    }

    /// x at the prices that `price` gives, each market's part rounded down. Feeds without skew are left out.
    pub(crate) fn exposures(&self, price: impl Fn(usize) -> Option<Q>) -> Exposures {
        let mut exposures = Exposures::new();
        for feed in self.traded_feeds() {
            let skew = self.skew(feed);
            if skew.is_zero() {
                continue;
            }
            if let Some(price) = price(feed) {
                let exact = -&skew.scale(&price);
                let lowest = exact.low() - whole(self.pool.markets.len());
                exposures.insert(feed, Span::between(lowest, exact.high().clone()));
            }
        }
        exposures
    }

    /// Exposures at the board's last prices.
    pub(crate) fn exposures_now(&self) -> Exposures {
        self.exposures(|feed| self.oracle.last(feed).map(|quote| quote.price.clone()))
    }

    /// The same, with orders of a market that wait as if they had filled: of each perpetual so much.
    pub(crate) fn exposures_with(&self, m: usize, waiting: impl Fn(usize, &Perp) -> Span) -> Exposures {
        let mut exposures = self.exposures_now();
        for (k, perp) in self.markets[m].perps.iter().enumerate() {
            let Some(quote) = self.oracle.last(perp.config.feed) else { continue };
            let entry = exposures.entry(perp.config.feed).or_insert_with(Span::zero);
            *entry = &*entry - &waiting(k, perp).scale(&quote.price);
        }
        exposures
    }

    /// (Σx)_k, micro-USD.
    fn covariant(&self, x: &Exposures, k: usize) -> Span {
        x.iter().map(|(j, value)| value.scale(&self.oracle.covariance(k, *j))).sum()
    }

    /// Φ(x), unrounded.
    pub(crate) fn potential(&self, x: &Exposures) -> Span {
        let mut twice = Span::zero();
        for (i, own) in x {
            for (j, other) in x {
                let product = if i == j { own.square() } else { own * other };
                twice = twice + product.scale(&self.oracle.covariance(*i, *j));
            }
        }
        twice.over(&self.pool.depth.scale(&whole(2)))
    }

    /// What moving x_k by Δ pays: Φ(x + Δx_k) − Φ(x) = [(Σx)_k·Δ + ½·Σ_kk·Δ²] ÷ depth. It is the difference of two whole
    /// potentials of whole exposures, so that a chain of premia adds up: less than a micro-USD off, either way.
    pub(crate) fn premium_paid(&self, x: &Exposures, k: usize, delta: &Span) -> Span {
        let slope = self.marginal_premium(x, k).abs() + self.marginal_premium(&moved(x, k, delta), k).abs();
        let of_exposures = slope.high() * whole(self.pool.markets.len());
        self.premium_of(x, k, delta).near(&(whole(1) + of_exposures))
    }

    /// The same, unrounded.
    pub(crate) fn premium_of(&self, x: &Exposures, k: usize, delta: &Span) -> Span {
        let linear = &self.covariant(x, k) * delta;
        let square = delta.square().scale(&(self.oracle.covariance(k, k) / whole(2)));
        (linear + square).over(&self.pool.depth)
    }

    /// No feed's |π| may rise beyond its cap.
    pub(crate) fn within_premium_caps<'a>(
        &self,
        trial: &mut Trial,
        before: &Exposures,
        after: &Exposures,
        caps: impl Iterator<Item = (usize, &'a Q)>,
    ) {
        for (feed, cap) in caps {
            let was = self.marginal_premium(before, feed).abs();
            let is = self.marginal_premium(after, feed).abs();
            let cap = Span::exact(cap.clone());
            let rises = was.near(&ratio_step()).below(&is);
            let within = cap.at_least(&is.near(&ratio_step()));
            let holds = match (rises, within) {
                (Holds::No, _) | (_, Holds::Yes) => Holds::Yes,
                (Holds::Yes, Holds::No) => Holds::No,
                _ => Holds::Unsure,
            };
            trial.note("E0408", holds);
        }
    }

    /// π_k = −(Σx)_k ÷ depth, unrounded.
    pub(crate) fn marginal_premium(&self, x: &Exposures, k: usize) -> Span {
        -&self.covariant(x, k).over(&self.pool.depth)
    }
}

fn moved(x: &Exposures, k: usize, delta: &Span) -> Exposures {
    let mut after = x.clone();
    let entry = after.entry(k).or_insert_with(Span::zero);
    *entry = &*entry + delta;
    after
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{model, usd};
    use crate::number::fraction;

    #[test]
    fn a_premium_is_the_difference_of_two_potentials() {
        let model = model();
        let x = Exposures::from([(1, Span::exact(usd(-500))), (2, Span::exact(usd(300)))]);
        let mut after = x.clone();
        after.insert(1, Span::exact(usd(-750)));
        let difference = model.potential(&after) - model.potential(&x);
        assert_eq!(model.premium_of(&x, 1, &Span::exact(usd(-250))), difference);
    }

    #[test]
    fn one_feed_has_the_potential_of_its_variance() {
        // σ = 4 %, x = 1,000 USD, depth = 1,000,000 USD: 1000²·0.0016 / 2,000,000 = 0.0008 USD
        let model = model();
        let x = Exposures::from([(1, Span::exact(usd(1_000)))]);
        assert_eq!(model.potential(&x), Span::whole(800));
        // π = −1000·0.0016 / 1,000,000
        assert_eq!(model.marginal_premium(&x, 1), Span::exact(fraction(-16, 10_000_000)));
    }
}
