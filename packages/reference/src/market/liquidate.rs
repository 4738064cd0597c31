//! Liquidation of a trader's account: cut back to its target, the largest maintenance contribution first.

use num_traits::Signed;

use super::AccountKey;
use crate::model::Model;
use crate::number::{price_step, ratio_step, unit, whole};
use crate::oracle::Quote;
use crate::span::{Holds, Span};

/// One position of an account that is to be cut.
struct Leg {
    perp: usize,
    size: Span,
    notional: Span,
    maintenance: Span,
    quote: Quote,
}

impl Model {
    /// Each account in turn; one that can't be liquidated stays as it is.
    pub(crate) fn liquidate(&mut self, now: u64, m: usize, accounts: &[AccountKey], keeper: &str) {
        let mut any = false;
        for key in accounts {
            if self.may_be_liquidated(now, m, key) {
                self.liquidate_one(now, m, key, keeper);
                any = true;
            }
        }
        if any {
            self.sample(m, now);
        }
    }

    /// Whether a contract has to, may or can't liquidate an account now.
    pub fn liquidatable(&self, now: u64, m: usize, key: &AccountKey) -> Holds {
        let Some(account) = self.markets.get(m).and_then(|market| market.accounts.get(key)) else {
            return Holds::No;
        };
        if account.positions.is_empty() || now < self.oracle.quiet_until() || !self.marked(m, key, now) {
            return Holds::No;
        }
        self.standing(m, account, now)
            .map_or(Holds::No, |standing| standing.equity.below(&standing.maintenance))
    }

    fn may_be_liquidated(&self, now: u64, m: usize, key: &AccountKey) -> bool {
        match self.liquidatable(now, m, key) {
            Holds::Yes => true,
            Holds::No => false,
            Holds::Unsure => self.hints.liquidates(m, key),
        }
    }

    fn liquidate_one(&mut self, now: u64, m: usize, key: &AccountKey, keeper: &str) {
        let params = self.markets[m].params.clone();
        let mut legs = self.legs(m, key);
        if let Some(account) = self.markets[m].accounts.get_mut(key) {
            account.locked = Span::zero();
            account.generation += 1;
        }
        let mut penalties = Span::zero();
        legs.sort_by(|a, b| b.maintenance.middle().cmp(&a.maintenance.middle()).then(a.perp.cmp(&b.perp)));
        for leg in legs {
            let Some(cut) = self.cut_size(now, m, key, &leg) else { break };
            penalties = penalties + self.cut(now, m, key, &leg, &cut);
        }
        let reward = Span::exact(params.liquidation_reward.clone())
            + penalties.scale(&params.liquidation_reward_share).down(&unit());
        let reward = reward.min(&penalties);
        let market = &mut self.markets[m];
        market.fees = &market.fees + &(&penalties - &reward);
        self.reward(m, keeper, &reward);
        self.close_if_empty(m, key);
    }

    fn legs(&self, m: usize, key: &AccountKey) -> Vec<Leg> {
        let Some(account) = self.markets[m].accounts.get(key) else { return Vec::new() };
        let leg = |(perp, held): (&usize, &super::Held)| {
            let quote = self.oracle.last(self.markets[m].perps[*perp].config.feed)?.clone();
            let notional = held.size.abs().scale(&quote.price).up(&unit());
            let maintenance = (&notional * &self.maintenance_rate(m, *perp)).up(&unit());
            Some(Leg { perp: *perp, size: held.size.clone(), notional, maintenance, quote })
        };
        account.positions.iter().filter_map(leg).collect()
    }

    /// How much of a leg has to go: the least notional whose closing restores the target, where each USD of it costs the
    /// penalty and frees target × maintenance; all, where that is not enough or would leave less than the minimum. None
    /// where the account is at its target.
    fn cut_size(&self, now: u64, m: usize, key: &AccountKey, leg: &Leg) -> Option<Span> {
        let market = &self.markets[m];
        let standing = self.standing(m, market.accounts.get(key)?, now)?;
        let target = &market.params.liquidation_target;
        let config = &market.perps[leg.perp].config;
        let shown = self.hints.cuts.get(&(m, key.clone(), leg.perp)).map(Signed::abs);
        let missing = standing.maintenance.scale(target) - &standing.equity;
        let total = leg.size.abs();
        match Span::zero().at_least(&missing) {
            Holds::Yes => return None,
            Holds::Unsure if shown.is_none() => return None,
            _ => {}
        }
        let penalty = Span::exact(config.liquidation_penalty.clone());
        let relief = self.maintenance_rate(m, leg.perp).scale(target) - penalty;
        if !relief.low().is_positive() {
            return Some(total);
        }
        let close = missing.positive_part().over(&relief).up(&unit());
        let minimum = Span::exact(config.minimum_notional.clone());
        let all = (&leg.notional - &close).below(&minimum.max(&Span::exact(ratio_step())));
        if all == Holds::Yes {
            return Some(total);
        }
        let part = (&total * &close).over(&leg.notional).up(&ratio_step()).min(&total);
        match shown {
            Some(shown) if part.holds(&shown) => Some(Span::exact(shown)),
            Some(shown) if all == Holds::Unsure && total.holds(&shown) => Some(total),
            _ => Some(part),
        }
    }

    /// Closes a part of a leg at its adverse price. The account pays the penalty, which is returned, and the premium, both
    /// as far as its equity goes.
    fn cut(&mut self, now: u64, m: usize, key: &AccountKey, leg: &Leg, cut: &Span) -> Span {
        let size = cut.scale(&-whole(leg.size.sign()));
        let index = leg.quote.index();
        let feed = self.markets[m].perps[leg.perp].config.feed;
        let premium = self.premium_paid(&self.exposures_now(), feed, &-&(&size * &index));
        let price = leg.quote.adverse(leg.size.sign()).either(&price_step());
        let realised = self.trade(m, leg.perp, key, &size, &price, now);
        self.credit(m, key, &realised);

        let equity = self.markets[m].accounts.get(key).and_then(|account| self.standing(m, account, now));
        let left = equity.map_or_else(Span::zero, |standing| standing.equity).positive_part();
        let rate = &self.markets[m].perps[leg.perp].config.liquidation_penalty;
        let penalty = (cut * &index).up(&unit()).scale(rate).up(&unit()).min(&left);
        let charged = premium.positive_part().min(&(&left - &penalty).positive_part());
        self.markets[m].fees = &self.markets[m].fees + &premium.negative_part();
        self.credit(m, key, &-&(&penalty + &charged));
        if penalty == left {
            // what it has left is all gone, and not more
            self.clear(m, key);
        }
        penalty
    }

    /// An account that has paid all that it had left: without positions its margin is 0 or what it lacks.
    fn clear(&mut self, m: usize, key: &AccountKey) {
        if let Some(account) =
            self.markets[m].accounts.get_mut(key).filter(|account| account.positions.is_empty())
        {
            if !account.margin.high().is_negative() {
                account.margin = Span::zero();
            }
        }
    }

    /// Moves an account's margin.
    pub(super) fn credit(&mut self, m: usize, key: &AccountKey, amount: &Span) {
        if let Some(account) = self.markets[m].accounts.get_mut(key) {
            account.margin = &account.margin + amount;
        }
    }

    /// What an account without positions lacks is the pool's loss; its orders don't fill any more.
    pub(super) fn close_if_empty(&mut self, m: usize, key: &AccountKey) {
        let market = &mut self.markets[m];
        let Some(account) = market.accounts.get_mut(key).filter(|account| account.positions.is_empty())
        else {
            return;
        };
        let short = account.margin.negative_part();
        if short.middle().is_positive() {
            account.generation += 1;
            account.locked = Span::zero();
        }
        account.margin = account.margin.positive_part();
        market.shortfalls = &market.shortfalls + &short;
    }
}
