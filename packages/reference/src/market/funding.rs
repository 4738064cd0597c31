//! Funding: a controller on the premium. dF/dt = −rate·P, rate = p·π + I, I grows by m·v·π a day between samples.

use num_traits::{One, Signed, Zero};

use crate::config::MarketParams;
use crate::model::Model;
use crate::number::{days, ratio_step, slope_step, whole, Q};
use crate::number::{sampled_index_step, sampled_integral_step, sampled_premium_step, sampled_price_step};
use crate::span::{Holds, Span};

/// A perpetual's last sample.
#[derive(Clone, Debug)]
pub(crate) struct Funding {
    /// F, micro-USD for one unit.
    pub(crate) index: Span,
    /// I, per day.
    pub(crate) integral: Span,
    /// p·π + I, per day.
    pub(crate) raw: Span,
    /// The same within its cap.
    pub(crate) rate: Span,
    /// Growth of I, per day²; 0 while it would push I beyond its cap.
    pub(crate) growth: Span,
    /// 1 where the rate stands still at its cap, else 0.
    pub(crate) held: Span,
    /// P, micro-USD.
    pub(crate) price: Q,
}

impl Default for Funding {
    fn default() -> Self {
        let zero = Span::zero;
        Self {
            index: zero(),
            integral: zero(),
            raw: zero(),
            rate: zero(),
            growth: zero(),
            held: zero(),
            price: Q::zero(),
        }
    }
}

/// Whether a value at or beyond its cap is pushed further out.
fn outward(value: &Span, growth: &Span, cap: &Q) -> Holds {
    let same: Holds = (value.sign() * growth.sign() > 0).into();
    same.and(value.abs().at_least(&Span::exact(cap.clone())))
}

impl Funding {
    /// A sample with this integral at this premium: m is 4 where they have opposite signs.
    pub(crate) fn begin(
        index: Span,
        integral: Span,
        premium: &Span,
        price: Q,
        params: &MarketParams,
    ) -> Self {
        let step = ratio_step();
        let factor = whole(if integral.sign() * premium.sign() < 0 { 4 } else { 1 });
        let pushed = premium.scale(&(&params.velocity * factor)).either(&step);
        let growth = match outward(&integral, &pushed, &params.integral_cap) {
            Holds::Yes => Span::zero(),
            Holds::No => pushed,
            Holds::Unsure => pushed.or(&Span::zero()),
        };
        let raw = premium.scale(&params.proportional).either(&step) + &integral;
        let cap = &params.rate_cap;
        let beyond = !Span::exact(cap.clone()).at_least(&raw.abs());
        let held = match (beyond, outward(&raw, &growth, cap)) {
            (Holds::Yes, _) | (_, Holds::Yes) => Span::whole(1),
            (Holds::No, Holds::No) => Span::zero(),
            _ => Span::between(whole(0), whole(1)),
        };
        let rate = raw.clamp(cap);
        Self { index, integral, raw, rate, growth, held, price }
    }

    /// F so many days after the sample: a parabola of seconds, whose coefficients are cut.
    pub(crate) fn index_after(&self, days: &Span) -> Span {
        if days.is_zero() || self.price.is_zero() {
            return self.index.clone();
        }
        let (price, day) = (&self.price, whole(86_400));
        let seconds = days.scale(&day);
        let slope = self.rate.scale(&(price / &day)).cut(&slope_step(price, 1));
        let acceleration = self.slope().scale(&(price / (whole(2) * &day * &day))).cut(&slope_step(price, 2));
        &self.index - &(&slope * &seconds + &acceleration * &seconds.square())
    }

    /// Growth of the rate, per day².
    pub(crate) fn slope(&self) -> Span {
        &self.growth * &(Span::whole(1) - &self.held)
    }

    /// Seconds until the rate reaches its cap or comes back to it, I reaches its cap, or I reaches 0 from the other side:
    /// whole ones, at least 1. None where none of that happens.
    pub(crate) fn exact_for(&self, params: &MarketParams) -> Option<Span> {
        let sign = whole(self.growth.sign());
        let speed = self.growth.abs();
        if !speed.low().is_positive() {
            return None;
        }
        let side = |cap: &Q| Span::exact(cap * &sign);
        let at_cap = if self.held.high().is_one() {
            Span::exact(params.rate_cap.clone()).scale(&whole(self.raw.sign()))
        } else {
            side(&params.rate_cap)
        };
        let ways = [at_cap - &self.raw, side(&params.integral_cap) - &self.integral, -&self.integral];
        let ahead = ways.into_iter().map(|way| way.scale(&sign)).filter(|way| way.high().is_positive());
        let end = ahead.map(|way| way.positive_part().over(&speed)).reduce(|a, b| a.min(&b))?;
        let seconds = end.scale(&whole(86_400));
        let least = Span::whole(1);
        if seconds.is_exact() {
            return Some(Span::exact(seconds.low().floor()).max(&least));
        }
        let off = whole(1);
        Some(Span::between(seconds.low().floor() - &off, seconds.high().floor() + off).max(&least))
    }
}

impl Model {
    /// Days for which funding has run since the sample.
    pub(crate) fn funded_days(&self, m: usize, now: u64) -> Span {
        let market = &self.markets[m];
        let reached = Span::whole(now).min(&market.until) - Span::whole(market.sampled_at);
        reached.positive_part().over_exact(&whole(86_400))
    }

    /// F now.
    pub(crate) fn funding_index(&self, m: usize, perp: usize, now: u64) -> Span {
        self.markets[m].perps[perp].funding.index_after(&self.funded_days(m, now))
    }

    /// Rate now, per day.
    pub(crate) fn funding_rate(&self, m: usize, perp: usize, now: u64) -> Span {
        let funding = &self.markets[m].perps[perp].funding;
        &funding.rate + &(funding.slope() * self.funded_days(m, now)).either(&ratio_step())
    }

    /// I as a sample now would find it: grown, then decayed and clamped.
    pub(crate) fn funding_integral(&self, m: usize, perp: usize, now: u64) -> Span {
        let (market, passed) = (&self.markets[m], self.funded_days(m, now));
        let decay = Span::whole(1) + passed.over_exact(&days(market.params.decay_seconds));
        let funding = &market.perps[perp].funding;
        let grown = &funding.integral + &(&funding.growth * &passed);
        grown.over(&decay).either(&ratio_step()).clamp(&market.params.integral_cap)
    }

    /// Samples all perpetuals at once: F as accrued, I decayed and clamped, π and P of now, each cut to what a sample keeps.
    pub(crate) fn sample(&mut self, m: usize, now: u64) {
        let params = self.markets[m].params.clone();
        self.sample_under(m, now, params);
    }

    /// A sample of what accrued under the present parameters, after which others hold.
    pub(crate) fn sample_under(&mut self, m: usize, now: u64, params: MarketParams) {
        let exposures = self.exposures_now();
        let most = &params.funding_response;
        let stress = if most.is_one() { Span::whole(1) } else { self.stress_of_book(&exposures, most) };
        let mut seconds = Span::whole(params.maximum_accrual);
        for perp in 0..self.markets[m].perps.len() {
            let feed = self.markets[m].perps[perp].config.feed;
            let price = self.oracle.last(feed).map_or_else(Q::zero, |quote| quote.price.clone());
            let index = self.funding_index(m, perp, now).cut(&sampled_index_step(&price));
            let integral = self.funding_integral(m, perp, now).cut(&sampled_integral_step());
            let premium = self.marginal_premium(&exposures, feed).either(&ratio_step());
            let premium = (&premium * &stress).either(&ratio_step()).cut(&sampled_premium_step());
            let price = Span::exact(price.clone()).cut(&sampled_price_step(&price)).middle();
            let sampled = Funding::begin(index, integral, &premium, price, &params);
            if let Some(end) = sampled.exact_for(&params) {
                seconds = seconds.min(&end);
            }
            self.markets[m].perps[perp].funding = sampled;
        }
        let market = &mut self.markets[m];
        market.sampled_at = now;
        market.until = Span::whole(now) + seconds;
        market.params = params;
    }
}
