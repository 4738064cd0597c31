//! Measured volatility and correlation, from the formulas of chapter 4.
//!
//! What is stored in few bits is known within half of the last of them; steps are exact, because what they start from
//! has been seen.

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use crate::config::MeasurementConfig;
use crate::number::{decimal, fraction, ten, whole, Q};
use crate::oracle::Quote;
use crate::span::Span;

const DAY: u64 = 86_400;
const HOUR: u64 = 3_600;

/// What is known of one feed.
#[derive(Clone, Debug)]
pub(crate) struct Feed {
    /// Price of its last sample, micro-USD; 0: none yet.
    pub price: Span,
    /// When that was published.
    pub time: u64,
    /// v of a day.
    pub variance: Span,
    /// Q_ii.
    pub square: Span,
    /// Volatility on the board.
    pub board: Span,
    /// Volatility that is priced with.
    pub pricing: Span,
    /// Volatility that maintenance margin follows.
    pub margin: Span,
}

/// Everything that is measured, and what follows it.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub config: MeasurementConfig,
    pub slot: u64,
    pub hour: u64,
    pub feeds: Vec<Feed>,
    /// Correlations (i, j) with j < i: as measured, as priced with.
    pub measured: Vec<Vec<Span>>,
    pub priced: Vec<Vec<Span>>,
}

/// What a message has to do.
enum Due {
    Sample(u64),
    Step(u64),
}

/// A number in 25 bits.
fn short(span: &Span) -> Span {
    let off = span.high().abs().max(span.low().abs()) / whole(1u32 << 25);
    span.near(&off)
}

/// √ of a variance with 18 decimals, in 9, rounded up.
fn root_up(variance: &Q) -> Q {
    let scaled = (variance * ten(18)).ceil().to_integer();
    let root: BigInt = scaled.sqrt();
    let exact = &root * &root == scaled;
    decimal(if exact { root } else { root + 1 }, 9)
}

/// A volatility has 32 bits with 9 decimals: it ends at 429 % a day.
fn sigma(variance: &Span) -> Span {
    let most = Span::exact(decimal(u32::MAX, 9));
    Span::between(root_up(variance.low()), root_up(variance.high())).min(&most)
}

fn within(span: &Span, range: &(Q, Q)) -> Span {
    span.min(&Span::exact(range.1.clone())).max(&Span::exact(range.0.clone()))
}

/// Up to the 5th decimal.
fn on_board(span: &Span) -> Span {
    let up = |value: &Q| (value * ten(5)).ceil() / ten(5);
    Span::between(up(span.low()), up(span.high()))
}

/// w = Δt/(Δt + τ), with τ in whole seconds: rounded up from half-life ÷ ln 2, of which six decimals are used.
fn weight(elapsed: u64, half_life: u64) -> Q {
    let tau = (whole(half_life) / decimal(693_147, 6)).ceil();
    whole(elapsed) / (whole(elapsed) + tau)
}

/// `old + w·(new − old)`.
fn moved(old: &Span, new: &Span, weight: &Q) -> Span {
    old.scale(&(whole(1) - weight)) + new.scale(weight)
}

/// Towards a number by at most so much.
fn towards(from: &Span, to: &Span, most: &Q) -> Span {
    let near = |from: &Q, to: &Q| {
        let away = to - from;
        from + away.min(most.clone()).max(-most)
    };
    Span::between(near(from.low(), to.low()), near(from.high(), to.high()))
}

/// A part of a volatility in its 9 decimals, rounded down, at least the last of them.
fn part_of(sigma: &Q, part: &Q) -> Q {
    ((sigma * part * ten(9)).floor() / ten(9)).max(ten(9).recip())
}

impl Measured {
    /// Believes what was set.
    pub fn begin(mut config: MeasurementConfig, sigmas: &[Q], rho: &[Vec<Q>]) -> Self {
        // kept with 9 decimals, rounded up
        for (floor, ceiling) in &mut config.ranges {
            (*floor, *ceiling) = ((&*floor * ten(9)).ceil() / ten(9), (&*ceiling * ten(9)).ceil() / ten(9));
        }
        let feed = |_| Feed {
            price: Span::zero(),
            time: 0,
            variance: Span::zero(),
            square: Span::zero(),
            board: Span::zero(),
            pricing: Span::zero(),
            margin: Span::zero(),
        };
        let feeds = sigmas.iter().map(feed).collect();
        let mut measured = Self { config, slot: 0, hour: 0, feeds, measured: Vec::new(), priced: Vec::new() };
        measured.restart(sigmas, rho);
        measured
    }

    /// Believes what was set, and keeps the prices of the last sample. σ has 9 decimals already, ρ has 4.
    pub fn restart(&mut self, sigmas: &[Q], rho: &[Vec<Q>]) {
        for ((feed, set), range) in self.feeds.iter_mut().zip(sigmas).zip(&self.config.ranges) {
            feed.variance = short(&Span::exact(set * set));
            feed.square = Span::exact(whole(1)).near(&whole(1u32 << 25).recip());
            feed.board = on_board(&within(&sigma(&feed.variance), range));
            feed.pricing = Span::exact(set.clone());
            feed.margin = Span::exact(set.clone());
        }
        let rows = |near: &Q| -> Vec<Vec<Span>> {
            let row = |(i, row): (usize, &Vec<Q>)| {
                row[..i].iter().map(|rho| Span::exact(rho.clone()).near(near)).collect()
            };
            rho.iter().enumerate().map(row).collect()
        };
        self.measured = rows(&half_a_bit());
        self.priced = rows(&Q::zero());
    }

    fn due(&self, now: u64) -> Option<Due> {
        let (slot, hour) = (now / self.config.sample_seconds, now / HOUR);
        let (sample, step) = (slot > self.slot, hour > self.hour);
        let sampled_since = self.slot * self.config.sample_seconds >= (self.hour + 1) * HOUR;
        if sample && !(step && sampled_since) {
            Some(Due::Sample(slot))
        } else {
            step.then_some(Due::Step(hour))
        }
    }

    /// After prices. Whether there was anything to do.
    pub fn act(&mut self, now: u64, quotes: &[Option<Quote>]) -> bool {
        match self.due(now) {
            Some(Due::Sample(slot)) => {
                self.slot = slot;
                self.sample(quotes);
            }
            Some(Due::Step(hour)) => {
                self.hour = hour;
                self.step();
            }
            None => return false,
        }
        true
    }

    fn sample(&mut self, quotes: &[Option<Quote>]) {
        let (fast, slow) = (self.config.volatility_half_life, self.config.correlation_half_life);
        let mut returns: Vec<(usize, u64, u64, Span, Span, Span)> = Vec::new();
        for (n, quote) in quotes.iter().enumerate() {
            let (Some(quote), Some(feed)) = (quote, self.feeds.get_mut(n)) else { continue };
            let first = feed.price.is_zero();
            if !first && quote.publish_time <= feed.time {
                continue;
            }
            let (from, to) = (feed.time, quote.publish_time);
            let last = core::mem::replace(&mut feed.price, short(&Span::exact(quote.price.clone())));
            feed.time = to;
            if first {
                continue;
            }
            let price = Span::exact(quote.price.clone());
            let change = (&price - &last).scale(&whole(2)).over(&(&price + &last));
            let volatility = sigma(&feed.variance).max(&Span::exact(self.config.ranges[n].0.clone()));
            let scaled = change.near(&ten(18).recip()).over(&volatility).near(&ten(9).recip());
            let a_day = whole(DAY) / whole(to - from);
            let before = feed.square.sqrt().near(&ten(9).recip());
            let fresh = change.near(&ten(18).recip()).square().near(&ten(18).recip()).scale(&a_day);
            feed.variance = moved(&feed.variance, &fresh, &weight(to - from, fast)).near(&ten(18).recip());
            feed.variance = short(&feed.variance).positive_part();
            let fresh = scaled.square().scale(&a_day);
            feed.square = moved(&feed.square, &fresh, &weight(to - from, slow)).near(&decimal(2, 12));
            feed.square = short(&feed.square).positive_part();
            returns.push((n, from, to, scaled, before, feed.square.sqrt().near(&ten(9).recip())));
        }
        for (i, (row, from, to, scaled, before, after)) in returns.iter().enumerate() {
            for (column, other_from, other_to, other, other_before, other_after) in &returns[..i] {
                let common = to.min(other_to).saturating_sub(*from.max(other_from));
                if common == 0 {
                    continue;
                }
                let old = &(&self.measured[*row][*column] * before) * other_before;
                let fresh = (scaled * other).scale(&(whole(DAY) / whole(common)));
                let new = moved(&old, &fresh, &weight(common, slow)).near(&ten(17).recip());
                let divisor = after * other_after;
                let one = whole(1);
                self.measured[*row][*column] = if divisor.low().is_positive() {
                    new.over(&divisor).near(&half_a_bit()).clamp(&one)
                } else {
                    Span::between(-one.clone(), one)
                };
            }
        }
        for (feed, range) in self.feeds.iter_mut().zip(&self.config.ranges) {
            feed.board = on_board(&within(&sigma(&feed.variance), range));
        }
    }

    fn step(&mut self) {
        let config = &self.config;
        for (feed, range) in self.feeds.iter_mut().zip(&config.ranges) {
            let measured = sigma(&feed.variance);
            let top = (&range.0 * &config.pricing_band * ten(9)).floor() / ten(9);
            let priced = within(&measured, &(range.0.clone(), top.min(range.1.clone())));
            let (pricing, margin) = (feed.pricing.middle(), feed.margin.middle());
            feed.pricing = towards(&feed.pricing, &priced, &part_of(&pricing, &config.pricing_step));
            let hourly = &config.margin_step / whole(24);
            feed.margin = towards(&feed.margin, &within(&measured, range), &part_of(&margin, &hourly));
        }
        let most = ((&config.pricing_step * ten(4)).floor() / ten(4)).max(ten(4).recip());
        let one = whole(1);
        for (priced, measured) in self.priced.iter_mut().flatten().zip(self.measured.iter().flatten()) {
            let target = |rho: &Q| {
                let rho = (rho * ten(4) + fraction(1, 2)).floor() / ten(4);
                let drawn = (&one - &config.shrink) * rho + &config.shrink * &config.prior;
                (drawn * ten(4)).trunc() / ten(4)
            };
            let target = Span::between(target(measured.low()), target(measured.high()));
            *priced = towards(priced, &target, &most);
        }
        while !self.are_correlations() {
            for rho in self.priced.iter_mut().flatten() {
                let smaller = |rho: &Q| (rho * ten(4) * fraction(15, 16)).trunc() / ten(4);
                *rho = Span::between(smaller(rho.low()), smaller(rho.high()));
            }
        }
    }

    /// Gauss' elimination of ρ + n·10⁻⁴·I: all pivots positive.
    fn are_correlations(&self) -> bool {
        let n = self.feeds.len();
        let mut rows: Vec<Vec<Q>> = (0..n).map(|i| (0..n).map(|j| self.rho(i, j)).collect()).collect();
        for (i, row) in rows.iter_mut().enumerate() {
            row[i] += whole(n) / ten(4);
        }
        for k in 0..n {
            let pivot = rows[k].clone();
            if !pivot[k].is_positive() {
                return false;
            }
            for row in rows.iter_mut().skip(k + 1) {
                let factor = &row[k] / &pivot[k];
                for (entry, above) in row.iter_mut().zip(&pivot).skip(k) {
                    *entry -= &factor * above;
                }
            }
        }
        true
    }

    /// ρ that is priced with.
    pub fn rho(&self, a: usize, b: usize) -> Q {
        match a.cmp(&b) {
            core::cmp::Ordering::Equal => whole(1),
            core::cmp::Ordering::Less => self.priced[b][a].middle(),
            core::cmp::Ordering::Greater => self.priced[a][b].middle(),
        }
    }

    /// Visits every stored number with its name.
    pub fn visit(&mut self, f: &mut dyn FnMut(String, &mut Span)) {
        f("oracle.slot".into(), &mut Span::whole(self.slot));
        f("oracle.hour".into(), &mut Span::whole(self.hour));
        for (n, feed) in self.feeds.iter_mut().enumerate() {
            let name = |what: &str| format!("oracle.feed.{n}.{what}");
            f(name("time"), &mut Span::whole(feed.time));
            f(name("price"), &mut feed.price);
            f(name("variance"), &mut feed.variance);
            f(name("square"), &mut feed.square);
            f(name("board"), &mut feed.board);
            f(name("pricing"), &mut feed.pricing);
            f(name("margin"), &mut feed.margin);
        }
        for (what, rows) in [("measured", &mut self.measured), ("priced", &mut self.priced)] {
            for (i, row) in rows.iter_mut().enumerate() {
                for (j, rho) in row.iter_mut().enumerate() {
                    f(format!("oracle.pair.{i}.{j}.{what}"), rho);
                }
            }
        }
    }
}

/// Half of the last bit of a measured correlation, which has 15.
fn half_a_bit() -> Q {
    fraction(1, 65_534)
}
