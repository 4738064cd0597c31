//! Settlement of orders in commit order.

use num_traits::{Signed, Zero};

use super::{AccountKey, Order};
use crate::config::PerpStatus;
use crate::impact::Exposures;
use crate::model::Model;
use crate::number::{unit, whole, Q};
use crate::oracle::{Binding, Quote};
use crate::regime::Regime;
use crate::span::{Holds, Span};
use crate::verdict::Trial;

/// What becomes of an order.
enum Plan {
    Fills(Box<Fill>),
    Refused(Vec<&'static str>),
}

struct Fill {
    size: Q,
    /// Of it, what increases a position.
    increase: Q,
    interval: u64,
    price: Span,
    premium: Span,
}

impl Model {
    pub(super) fn settle(
        &mut self,
        trial: &mut Trial,
        now: u64,
        keeper: &str,
        m: usize,
        perp: usize,
        limit: u32,
    ) -> Option<()> {
        trial.must("E0401", perp < self.markets[m].perps.len())?;
        trial.must("E0004", (1..=100).contains(&limit))?;
        let (mut done, mut filled) = (0, false);
        while done < limit && self.markets[m].perps[perp].head < self.markets[m].perps[perp].next_order {
            let number = self.markets[m].perps[perp].head;
            let waiting = self.markets[m].perps[perp].orders.front().filter(|order| order.number == number);
            // a cancelled order leaves a hole
            if let Some(order) = waiting.cloned() {
                match self.binding(m, perp, &order, now) {
                    Binding::Waits => break,
                    Binding::Void => self.refuse(m, perp, keeper, &order, vec!["E0415"]),
                    Binding::At(quote, interval) => match self.plan(m, perp, &order, &quote, interval) {
                        Plan::Refused(codes) => self.refuse(m, perp, keeper, &order, codes),
                        Plan::Fills(fill) => {
                            filled = true;
                            self.fill(m, perp, keeper, &order, &fill, now);
                        }
                    },
                }
                let _ = self.markets[m].perps[perp].orders.pop_front();
            }
            self.markets[m].perps[perp].head += 1;
            done += 1;
        }
        trial.must("E0420", done > 0)?;
        if filled {
            self.deleverage(m, now, Some(&[perp]));
            self.sample(m, now);
        }
        Some(())
    }

    fn binding(&self, m: usize, perp: usize, order: &Order, now: u64) -> Binding {
        let market = &self.markets[m];
        let config = &market.perps[perp].config;
        let last = order.last.min(order.interval + market.params.maximum_empty_intervals);
        self.oracle.binding(config.feed, &config.liquidate_confidence, order.interval..=last, now)
    }

    /// What is left of the order's reduction, plus its increase unless that is no longer allowed.
    fn fill_size(&self, m: usize, perp: usize, order: &Order) -> Q {
        let market = &self.markets[m];
        let account = market.accounts.get(&order.account);
        let held = account
            .and_then(|account| account.positions.get(&perp))
            .map_or_else(Q::zero, |held| held.size.middle());
        let opposite = held.is_positive() != order.size.is_positive() && !held.is_zero();
        let reduces = order.size.abs() - &order.increase;
        let reduces = if opposite { reduces.min(held.abs()) } else { Q::zero() };
        let open = market.perps[perp].config.status == PerpStatus::Open;
        let increase = if open { order.increase.clone() } else { Q::zero() };
        let size = reduces + increase;
        if order.size.is_negative() {
            -size
        } else {
            size
        }
    }

    /// Of a change of a position, what increases it.
    fn increase_of(&self, m: usize, perp: usize, order: &Order, size: &Q) -> Q {
        let account = self.markets[m].accounts.get(&order.account);
        let held = account.and_then(|account| account.positions.get(&perp));
        let held = held.map_or_else(Q::zero, |held| held.size.middle());
        if held.is_zero() || held.is_positive() == size.is_positive() {
            size.abs()
        } else {
            (size.abs() - held.abs()).max(Q::zero())
        }
    }

    /// What of a change the regime allows: under close-only an increase that lowers Φ and the markets' shortfall, in an emergency none.
    fn allowed(&self, m: usize, perp: usize, order: &Order, interval: u64, size: Q) -> Q {
        let feed = self.markets[m].perps[perp].config.feed;
        let increase = self.increase_of(m, perp, order, &size);
        let regime = self.regime(m, feed);
        if increase.is_zero() || regime < Regime::CloseOnly {
            return size;
        }
        let reduced = (size.abs() - &increase) * size.signum();
        let Some(price) = self.oracle.priced(interval, feed).or_else(|| self.oracle.last(feed).cloned())
        else {
            return reduced;
        };
        let moved = |size: &Q| {
            let mut x = self.exposures_in(interval);
            let entry = x.entry(feed).or_insert_with(Span::zero);
            *entry = &*entry + &Span::exact(-size * &price.price).either(&unit());
            x
        };
        let (halfway, after) = (moved(&reduced), moved(&size));
        let step = Span::exact((&reduced - &size) * &price.price);
        let less = self.premium_paid(&halfway, feed, &step).below(&Span::zero());
        let less = less.and(self.shortfall(&after).below(&self.shortfall(&halfway)));
        let fills = match less {
            Holds::Yes => true,
            Holds::No => false,
            Holds::Unsure => self.hints.fills(m, perp, order.number),
        };
        if regime == Regime::CloseOnly && fills {
            size
        } else {
            reduced
        }
    }

    fn plan(&self, m: usize, perp: usize, order: &Order, quote: &Quote, interval: u64) -> Plan {
        let account = self.markets[m].accounts.get(&order.account);
        if account.is_none_or(|account| account.generation != order.generation) {
            return Plan::Refused(vec!["E0416"]);
        }
        let size = self.fill_size(m, perp, order);
        if size.is_zero() {
            return Plan::Refused(vec![match self.markets[m].perps[perp].config.status {
                PerpStatus::Open => "E0417",
                PerpStatus::CloseOnly => "E0409",
                PerpStatus::Delisted => "E0410",
            }]);
        }
        let size = self.allowed(m, perp, order, interval, size);
        if size.is_zero() {
            return Plan::Refused(vec!["E0328"]);
        }
        // whoever buys is short of it: the upper edge
        let price = quote.adverse(if size.is_positive() { -1 } else { 1 });
        let feed = self.markets[m].perps[perp].config.feed;
        let exposures = self.exposures_in(interval);
        let delta = Span::exact(-&size * &quote.price);
        let premium = self.premium_paid(&exposures, feed, &delta);
        let fills = match keeps_limit(order, &size, &price, &premium) {
            Holds::Yes => true,
            Holds::No => false,
            Holds::Unsure => self.hints.fills(m, perp, order.number),
        };
        if fills {
            let increase = self.increase_of(m, perp, order, &size);
            Plan::Fills(Box::new(Fill { size, increase, interval, price, premium }))
        } else {
            Plan::Refused(vec!["E0414"])
        }
    }

    /// Whether the newest order of a perpetual would keep its worst price if it filled at the last price, behind others: perpetual and size.
    pub(crate) fn newest_would_fill(&self, m: usize, perp: usize, others: &[(usize, Q)]) -> Holds {
        let market = &self.markets[m];
        let (feed, order) = (market.perps[perp].config.feed, market.perps[perp].orders.back());
        let Some((order, quote)) = order.zip(self.oracle.last(feed)) else { return Holds::Yes };
        let price = quote.adverse(if order.size.is_positive() { -1 } else { 1 });
        let delta = Span::exact(-&order.size * &quote.price);
        let mut exposures = self.exposures_now();
        for (perp, size) in others {
            let feed = market.perps[*perp].config.feed;
            let Some(quote) = self.oracle.last(feed) else { continue };
            let entry = exposures.entry(feed).or_insert_with(Span::zero);
            *entry = &*entry - &Span::exact(size * &quote.price);
        }
        let premium = self.premium_paid(&exposures, feed, &delta);
        keeps_limit(order, &order.size, &price, &premium)
    }

    /// Exposures at the ring's prices of an interval; of a feed that has none there, at its last price.
    pub(crate) fn exposures_in(&self, interval: u64) -> Exposures {
        self.exposures(|feed| {
            let slot = self.oracle.priced(interval, feed);
            slot.or_else(|| self.oracle.last(feed).cloned()).map(|quote| quote.price)
        })
    }

    fn fill(&mut self, m: usize, perp: usize, keeper: &str, order: &Order, fill: &Fill, now: u64) {
        self.unlock(m, order);
        let before = self.exposures_in(fill.interval);
        let leveraged = self.leveraged_in(m, order, fill.interval, now);
        let size = Span::exact(fill.size.clone());
        let realised = self.trade(m, perp, &order.account, &size, &fill.price, now);
        self.credit(m, &order.account, &(realised - &fill.premium));
        let params = self.markets[m].params.clone();
        let reduced = fill.size.abs() - &fill.increase;
        let due = self.fee_of(m, &order.fee, &reduced, &fill.increase, &fill.price);
        let remitted = self.markets[m].accounts.get(&order.account).map(|of| self.discount(m, of, now));
        let due = due.scale(&(whole(1) - remitted.unwrap_or_else(Q::zero))).up(&unit());
        let fee = self.collect_fee(m, &order.account, due);
        let notional = (&size.abs() * &fill.price).down(&unit());
        self.count(m, &order.account, &notional, &fee, now);
        let insurance = fee.scale(&params.insurance_share).down(&unit()).positive_part();
        let reward = fee.scale(&params.keeper_share).down(&unit()).positive_part();
        self.markets[m].fees = &self.markets[m].fees + &insurance;
        self.reward(m, keeper, &reward);
        self.charge_insurance(m, order, fill, (&before, &leveraged), now);
        self.close_if_empty(m, &order.account);
    }

    /// What an account's leverage comes to at an interval's prices.
    fn leveraged_in(&self, m: usize, order: &Order, interval: u64, now: u64) -> Span {
        let price = |feed: usize| {
            let slot = self.oracle.priced(interval, feed);
            slot.or_else(|| self.oracle.last(feed).cloned())
        };
        let account = self.markets[m].accounts.get(&order.account);
        let standing = account.and_then(|account| self.standing_at(m, account, now, price));
        standing.map_or_else(Span::zero, |standing| standing.leveraged(&standing.for_opening))
    }

    /// An increase pays for the shortfall that it adds to the pool, and for what it adds to the leverage of its account.
    fn charge_insurance(
        &mut self,
        m: usize,
        order: &Order,
        fill: &Fill,
        (exposures, leveraged): (&Exposures, &Span),
        now: u64,
    ) {
        if fill.increase.is_zero() {
            return;
        }
        let params = &self.markets[m].params;
        let after = self.exposures_in(fill.interval);
        let added = (self.shortfall(&after) - self.shortfall(exposures)).positive_part();
        let more = (self.leveraged_in(m, order, fill.interval, now) - leveraged).positive_part();
        let due = added.scale(&params.shortfall_premium).up(&unit())
            + more.scale(&params.leverage_premium).up(&unit());
        let market = &mut self.markets[m];
        market.fees = &market.fees + &due;
        self.credit(m, &order.account, &-&due);
    }

    /// Takes a fee from an account; one that has closed everything pays no more than it has left.
    fn collect_fee(&mut self, m: usize, key: &AccountKey, due: Span) -> Span {
        let Some(account) = self.markets[m].accounts.get_mut(key) else { return due };
        let left = account.margin.positive_part();
        if account.is_backed() || !account.positions.is_empty() || left.at_least(&due) == Holds::Yes {
            account.margin = &account.margin - &due;
            return due;
        }
        let fee = due.min(&left);
        account.margin = if due.at_least(&left) == Holds::Yes {
            -&account.margin.negative_part()
        } else {
            &account.margin - &fee
        };
        fee
    }

    /// Refused or void: refunded less the keeper's fee, which is paid as far as there is margin.
    fn refuse(&mut self, m: usize, perp: usize, keeper: &str, order: &Order, codes: Vec<&'static str>) {
        self.unlock(m, order);
        self.markets[m].perps[perp].ends_unfilled(order, codes);
        let Some(account) = self.markets[m].accounts.get_mut(&order.account) else { return };
        // what its lock stood for, tokens still do
        let covered = account.is_backed() && account.generation == order.generation;
        let fee = if covered {
            order.keeper_fee.clone()
        } else {
            order.keeper_fee.min(&account.margin.positive_part())
        };
        account.margin = &account.margin - &fee;
        self.reward(m, keeper, &fee);
    }

    /// To a keeper's account 0.
    pub(super) fn reward(&mut self, m: usize, keeper: &str, amount: &Span) {
        if amount.is_zero() {
            return;
        }
        let account = self.markets[m].accounts.entry((keeper.to_string(), 0)).or_default();
        account.margin = &account.margin + amount;
    }
}

/// Whether a fill of this size stays within its order's worst price, premium included.
fn keeps_limit(order: &Order, size: &Q, price: &Span, premium: &Span) -> Holds {
    let exact = Span::exact(size.clone());
    let cost = (&exact * price).up(&unit()) + premium;
    order.limit.as_ref().map_or(Holds::Yes, |limit| (&exact * limit).at_least(&cost))
}
