//! Commit and cancel.

use num_traits::{Signed, Zero};

use super::{Account, AccountKey, Order};
use crate::config::PerpStatus;
use crate::model::Model;
use crate::number::{price_step, ratio_step, ten, unit, whole, Q};
use crate::regime::Regime;
use crate::span::{Holds, Span};
use crate::verdict::Trial;

/// An order as asked.
pub(crate) struct Ask<'a> {
    pub(crate) perp: usize,
    pub(crate) size: &'a Q,
    pub(crate) limit: Option<&'a Q>,
    pub(crate) expires_in: Option<u64>,
    /// Whether what would increase the position is left out.
    pub(crate) reduce_only: bool,
}

/// What an increase needs and reserves.
struct Increase {
    fee: Span,
    limit: Span,
    locked: Span,
    keeper_fee: Span,
}

impl Model {
    pub(crate) fn commit(
        &mut self,
        trial: &mut Trial,
        now: u64,
        m: usize,
        (sender, key): (&str, &AccountKey),
        ask: &Ask<'_>,
    ) -> Option<()> {
        trial.must("E0426", self.may_trade(m, key, sender, ask.perp, now))?;
        trial.must("E0401", ask.perp < self.markets[m].perps.len())?;
        trial.must("E0005", !ask.size.is_zero())?;
        trial.must("E0423", ask.size.abs() <= ten(15))?;
        trial.must("E0004", ask.limit.is_none_or(|limit| limit.is_positive() && *limit <= ten(18)))?;
        let account = self.markets[m].accounts.get(key).cloned().unwrap_or_default();
        let params = &self.markets[m].params;
        let times = (params.order_delay, params.order_expiry);
        let (interval, last) = self.oracle.intervals(trial, now, times, ask.expires_in)?;

        let held = account.positions.get(&ask.perp).map_or_else(Q::zero, |held| held.size.middle());
        let opposite =
            (held.is_positive() && ask.size.is_negative()) || (held.is_negative() && ask.size.is_positive());
        let reduces = if opposite { held.abs().min(ask.size.abs()) } else { Q::zero() };
        trial.must("E0417", !(ask.reduce_only && reduces.is_zero()))?;
        let size = match (ask.reduce_only, ask.size.is_negative()) {
            (false, _) => ask.size.clone(),
            (true, false) => reduces.clone(),
            (true, true) => -&reduces,
        };
        let ask = &Ask { size: &size, ..*ask };
        let increase = size.abs() - reduces;
        trial.must("E0010", self.markets[m].orders_of(key) < 32)?;
        let (limit, fee, locked, keeper_fee) = if increase.is_zero() {
            let limit = ask.limit.cloned().map(Span::exact);
            (limit, Span::zero(), Span::zero(), self.fee_of_reduction(m, ask))
        } else {
            let needs = self.increase(trial, now, m, key, &account, ask, &increase)?;
            (Some(needs.limit), needs.fee, needs.locked, needs.keeper_fee)
        };
        self.within_delegation(trial, now, m, (sender, key), ask, &increase, limit.as_ref());
        let market = &mut self.markets[m];
        if let Some(account) = market.accounts.get_mut(key) {
            account.locked = &account.locked + &locked;
        }
        let perp = &mut market.perps[ask.perp];
        perp.orders.push_back(Order {
            number: perp.next_order,
            account: key.clone(),
            size: ask.size.clone(),
            increase,
            limit,
            interval,
            last,
            fee,
            locked,
            keeper_fee,
            generation: account.generation,
        });
        perp.next_order += 1;
        Some(())
    }

    /// What somebody else adds keeps the account within the most that its owner allows, and no other order of it waits.
    #[allow(clippy::too_many_arguments)]
    fn within_delegation(
        &self,
        trial: &mut Trial,
        now: u64,
        m: usize,
        (sender, key): (&str, &AccountKey),
        ask: &Ask<'_>,
        increase: &Q,
        limit: Option<&Span>,
    ) {
        if key.0 == sender || increase.is_zero() {
            return;
        }
        let most = self.delegation(m, key, sender, now).and_then(|delegation| delegation.most.clone());
        let Some(most) = most else { return };
        let waiting = self.markets[m].orders_of(key);
        trial.note("E0428", (waiting == 0).into());
        let quote = self.oracle.last(self.markets[m].perps[ask.perp].config.feed);
        let index = quote.map_or_else(Q::zero, |quote| quote.price.clone());
        let worst = limit.map_or_else(Span::zero, Clone::clone).max(&Span::exact(index));
        let account = self.markets[m].accounts.get(key).cloned().unwrap_or_default();
        let Some(standing) = self.standing(m, &account, now) else { return };
        let notional = standing.notional + (&Span::exact(increase.clone()) * &worst).up(&unit());
        trial.at_least("E0427", &Span::exact(most), &notional);
    }

    /// A keeper's part of a reduction's fee at the last price: what it gets where the order is refused.
    fn fee_of_reduction(&self, m: usize, ask: &Ask<'_>) -> Span {
        let market = &self.markets[m];
        let Some(quote) = self.oracle.last(market.perps[ask.perp].config.feed) else { return Span::zero() };
        let notional = Span::exact(ask.size.abs() * &quote.price).down(&unit());
        let fee = notional.scale(&market.params.fee).down(&unit());
        fee.scale(&market.params.keeper_share).down(&unit()).positive_part()
    }

    #[allow(clippy::too_many_arguments)]
    fn increase(
        &self,
        trial: &mut Trial,
        now: u64,
        m: usize,
        key: &AccountKey,
        account: &Account,
        ask: &Ask<'_>,
        increase: &Q,
    ) -> Option<Increase> {
        let market = &self.markets[m];
        let perp = &market.perps[ask.perp];
        let config = &perp.config;
        trial.must("E0409", config.status != PerpStatus::CloseOnly)?;
        trial.must("E0410", config.status != PerpStatus::Delisted)?;
        let quote = self.oracle.fresh(config.feed, self.oracle.config.trade, now);
        trial.must("E0206", quote.is_some())?;
        let quote = quote?;
        trial.must("E0207", quote.confidence <= config.trade_confidence)?;
        trial.must("E0206", self.marked(m, key, now))?;

        let buys = ask.size.is_positive();
        let index = quote.index();
        let slip = &market.params.maximum_slippage;
        let furthest = if buys {
            index.scale(&(whole(1) + slip)).either(&price_step())
        } else {
            index.scale(&(whole(1) - slip)).either(&price_step())
        };
        let limit = ask.limit.map_or(furthest.clone(), |limit| Span::exact(limit.clone()));
        if ask.limit.is_some() && buys {
            trial.at_least("E0424", &furthest, &limit);
        } else if ask.limit.is_some() {
            trial.at_least("E0424", &limit, &furthest);
        }
        let size = Span::exact(increase.clone());
        let minimum = Span::exact(config.minimum_notional.clone());
        trial.at_least("E0405", &(&size * &index).down(&unit()), &minimum);

        trial.must("E0328", self.regime(m, config.feed) < Regime::Emergency)?;
        let opens = !account.positions.contains_key(&ask.perp);
        trial.must("E0403", !opens || account.positions.len() + market.orders_of(key) < 16)?;
        self.caps(trial, m, ask, increase, &index);
        self.premium_caps(trial, m, ask);
        trial.must("E0206", self.market_fresh(m, now))?;
        let used = self.used_at_worst(m, now);
        let line = self.line_under_stress(m, config.feed);
        trial.at_least("E0316", &line, &used);
        let reduced = (ask.size.abs() - increase) * ask.size.signum();
        let added = self.within_budgets(trial, now, m, ask.perp, ask.size, &reduced);

        let worst = limit.max(&index);
        let notional = (&size * &worst).up(&unit());
        let rate = self.fee_rate(m, config.feed, &used);
        let fee = self.fee_of(m, &rate, &reduced.abs(), increase, &worst);
        let initial = (&notional * &self.initial_rate(m, ask.perp)).up(&unit());
        let params = &market.params;
        let insurance = added.scale(&params.shortfall_premium).up(&unit())
            + notional.scale(&(whole(2) * &params.leverage_premium)).up(&unit());
        let locked = initial + &fee + insurance;
        let keeper_fee = fee.scale(&params.keeper_share).down(&unit());
        let standing = self.standing(m, account, now)?;
        let available = &standing.for_opening - &standing.initial - &account.locked;
        trial.at_least("E0404", &available, &locked);
        Some(Increase { fee: rate, limit, locked, keeper_fee })
    }

    /// Credit line ÷ min(credit response, volatility stress), of one above 0.
    fn line_under_stress(&self, m: usize, feed: usize) -> Span {
        let line = self.pool.markets[m].line.clone();
        let most = Span::exact(self.markets[m].params.credit_response.clone());
        if line.high().is_positive() {
            line.over(&self.stress_of(feed).min(&most)).down(&unit())
        } else {
            line
        }
    }

    /// Fee of what increases: the plain one × min(fee response, volatility stress × (1 + used ÷ line)), twice from caution on,
    /// rounded up to a millionth.
    fn fee_rate(&self, m: usize, feed: usize, used: &Span) -> Span {
        let (params, line) = (&self.markets[m].params, &self.pool.markets[m].line);
        let used = used.positive_part();
        let part = if used.high().is_zero() || !line.high().is_positive() {
            Span::zero()
        } else {
            used.over(line).up(&ratio_step())
        };
        let stress = (&self.stress_of(feed) * &(Span::whole(1) + part)).up(&ratio_step());
        let most = Span::exact(params.fee_response.clone());
        let fee = stress.min(&most).scale(&params.fee).up(&ratio_step());
        let times = if self.regime(m, feed) >= Regime::Caution { 2 } else { 1 };
        fee.scale(&whole(times)).ceil(&ten(6).recip())
    }

    /// Fee of a fill: the plain one of what reduces, the order's of what increases, each rounded up.
    pub(super) fn fee_of(&self, m: usize, rate: &Span, reduced: &Q, increase: &Q, price: &Span) -> Span {
        let notional = |size: &Q| (&Span::exact(size.clone()) * price).up(&unit());
        let plain = notional(reduced).scale(&self.markets[m].params.fee).up(&unit());
        plain + (&notional(increase) * rate).up(&unit())
    }

    /// Skew and open interest at the index, increases of the same side ahead counted.
    fn caps(&self, trial: &mut Trial, m: usize, ask: &Ask<'_>, increase: &Q, index: &Span) {
        let market = &self.markets[m];
        let config = &market.perps[ask.perp].config;
        let sign = if ask.size.is_positive() { 1 } else { -1 };
        let ahead = market.perps[ask.perp].pending(sign);
        let skew = market.skew_of(ask.perp);
        let after = &skew + &(&ahead.scale(&whole(sign)) + &Span::exact(ask.size.clone()));
        if skew.abs().below(&after.abs()) != Holds::No {
            let skew = (after.abs() * index).up(&unit());
            trial.at_least("E0406", &Span::exact(config.skew_cap.clone()), &skew);
        }
        let side = market.side(ask.perp, sign) + ahead + Span::exact(increase.clone());
        trial.at_least("E0407", &Span::exact(config.open_interest_cap.clone()), &(side * index).up(&unit()));
    }

    /// No feed's |π| may rise beyond its cap; all orders that wait are counted as filled.
    fn premium_caps(&self, trial: &mut Trial, m: usize, ask: &Ask<'_>) {
        let before = self.exposures_with(m, |_, perp| perp.pending(1) - perp.pending(-1));
        let mut after = before.clone();
        let feed = self.markets[m].perps[ask.perp].config.feed;
        if let Some(quote) = self.oracle.last(feed) {
            let entry = after.entry(feed).or_insert_with(Span::zero);
            *entry = &*entry - &Span::exact(ask.size * &quote.price);
        }
        let caps = self.markets[m].perps.iter().map(|perp| (perp.config.feed, &perp.config.premium_cap));
        self.within_premium_caps(trial, &before, &after, caps);
    }

    pub(super) fn cancel(
        &mut self,
        trial: &mut Trial,
        now: u64,
        sender: &str,
        m: usize,
        perp: usize,
        order: u64,
    ) -> Option<()> {
        trial.must("E0401", perp < self.markets[m].perps.len())?;
        let orders = &self.markets[m].perps[perp].orders;
        let at = orders.iter().position(|waiting| waiting.number == order);
        trial.must("E0411", at.is_some())?;
        let at = at?;
        let found = orders.get(at)?.clone();
        trial.must("E0413", self.may_trade(m, &found.account, sender, perp, now))?;
        trial.must("E0412", now < self.oracle.start(found.interval))?;
        let _ = self.markets[m].perps[perp].orders.remove(at);
        self.markets[m].perps[perp].ends_unfilled(&found, Vec::new());
        self.unlock(m, &found);
        Some(())
    }

    /// An order's lock is free again, unless a liquidation has taken it already.
    pub(super) fn unlock(&mut self, m: usize, order: &Order) {
        if let Some(account) = self.markets[m].accounts.get_mut(&order.account) {
            if account.generation == order.generation {
                account.locked = &account.locked - &order.locked;
            }
        }
    }
}
