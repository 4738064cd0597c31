//! Liquidation of a trader's account: cut back to its target, the largest contribution to its maintenance margin first.

use num_traits::Signed;

use std::collections::BTreeMap;

use super::portfolio::{Close, Cutting, Leg as Margin};
use super::AccountKey;
use crate::model::Model;
use crate::number::{price_step, ratio_step, unit, whole, Q};
use crate::oracle::Quote;
use crate::span::{Holds, Span};

/// One position of an account that is to be cut.
struct Leg {
    perp: usize,
    size: Span,
    notional: Span,
    maintenance: Margin,
    quote: Quote,
}

/// What a leg's turn comes to.
enum Turn {
    /// The account is at its target.
    Done,
    /// Closing any of it would not help.
    Skipped,
    /// So much is closed; whether that is enough.
    Cut(Span, bool),
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
            self.deleverage(m, now, Some(&[]));
            self.sample(m, now);
        }
    }

    /// Whether a contract has to, may or can't liquidate an account now.
    pub fn liquidatable(&self, now: u64, m: usize, key: &AccountKey) -> Holds {
        let Some(account) = self.markets.get(m).and_then(|market| market.accounts.get(key)) else {
            return Holds::No;
        };
        if (account.positions.is_empty() && !account.is_backed())
            || now < self.oracle.quiet_until()
            || !self.marked(m, key, now)
        {
            return Holds::No;
        }
        let standing = self.standing(m, account, now).filter(|standing| standing.counted.certain);
        standing.map_or(Holds::No, |standing| standing.equity.below(&standing.maintenance))
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
        let standing = self.markets[m].accounts.get(key).and_then(|account| self.standing(m, account, now));
        let worthless = standing.is_none_or(|standing| !standing.equity.middle().is_positive());
        if let Some(account) = self.markets[m].accounts.get_mut(key) {
            account.locked = Span::zero();
            account.generation += 1;
        }
        let mut penalties = Span::zero();
        let mut cuts = BTreeMap::new();
        for whole in [false, true] {
            let mut restored = false;
            if worthless && !whole {
                continue;
            }
            for leg in self.in_order(m, key) {
                let nth: &mut usize = cuts.entry(leg.perp).or_default();
                let shown = self.hints.cuts.get(&(m, key.clone(), leg.perp)).and_then(|cuts| cuts.get(*nth));
                match self.turn(now, m, key, &leg, whole, shown.map(Signed::abs)) {
                    Turn::Done => {
                        restored = true;
                        break;
                    }
                    Turn::Skipped => {}
                    Turn::Cut(cut, enough) => {
                        *nth += 1;
                        restored |= enough;
                        penalties = penalties + self.cut(now, m, key, &leg, &cut);
                    }
                }
            }
            if restored {
                break;
            }
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
            let feed = self.markets[m].perps[*perp].config.feed;
            let quote = self.oracle.last(feed)?.clone();
            let notional = held.size.abs().scale(&quote.price).up(&unit());
            let own = (&notional * &self.maintenance_rate(m, *perp)).up(&unit());
            let maintenance = Margin { feed, margin: own.scale(&whole(held.size.sign())) };
            Some(Leg { perp: *perp, size: held.size.clone(), notional, maintenance, quote })
        };
        account.positions.iter().filter_map(leg).collect()
    }

    /// The one that contributes most to the maintenance margin first.
    fn in_order(&self, m: usize, key: &AccountKey) -> Vec<Leg> {
        let legs = self.legs(m, key);
        let margins: Vec<Margin> = legs.iter().map(|leg| leg.maintenance.clone()).collect();
        let part = |n: usize| self.beside(m, &margins, n).contribution(&margins[n].margin);
        let mut ordered: Vec<(Q, Leg)> =
            legs.into_iter().enumerate().map(|(n, leg)| (part(n), leg)).collect();
        ordered.sort_by(|(a, left), (b, right)| b.cmp(a).then(left.perp.cmp(&right.perp)));
        ordered.into_iter().map(|(_, leg)| leg).collect()
    }

    /// How much of a leg has to go: the least notional whose closing restores the target, where each USD of it costs the penalty; all,
    /// where that would leave less than the minimum. Where nothing restores it: what helps most, unless that is less than the minimum,
    /// or all with `whole`.
    fn turn(&self, now: u64, m: usize, key: &AccountKey, leg: &Leg, whole: bool, shown: Option<Q>) -> Turn {
        let market = &self.markets[m];
        let account = market.accounts.get(key);
        let Some(standing) = account.and_then(|account| self.standing(m, account, now)) else {
            return Turn::Done;
        };
        let config = &market.perps[leg.perp].config;
        let total = leg.size.abs();
        let legs = self.legs(m, key);
        let place = legs.iter().position(|other| other.perp == leg.perp).unwrap_or(legs.len());
        let margins: Vec<Margin> = legs.into_iter().map(|leg| leg.maintenance).collect();
        let cutting = Cutting {
            equity: standing.equity,
            target: market.params.liquidation_target.clone(),
            rate: self.maintenance_rate(m, leg.perp),
            penalty: config.liquidation_penalty.clone(),
            notional: leg.notional.clone(),
            sign: leg.size.sign(),
        };
        // notional of the shown size
        let notional = |size: &Q| (&leg.notional * &Span::exact(size.clone())).over(&total).near(&unit());
        let seen = shown.as_ref().map(notional);
        let minimum = Span::exact(config.minimum_notional.clone());
        let (close, enough) = match self.beside(m, &margins, place).close(&cutting, seen.as_ref()) {
            Close::Nothing => return Turn::Done,
            Close::Restores(close) => (close, true),
            Close::Helps(_) if whole => (leg.notional.clone(), false),
            Close::Helps(close) => {
                let worth = close.at_least(&minimum.min(&leg.notional));
                if worth == Holds::No || (worth == Holds::Unsure && shown.is_none()) {
                    return Turn::Skipped;
                }
                (close, false)
            }
        };
        let all = (&leg.notional - &close).below(&minimum.max(&Span::exact(ratio_step())));
        if all == Holds::Yes {
            return Turn::Cut(total, enough);
        }
        let part = (&total * &close).over(&leg.notional).up(&ratio_step()).min(&total);
        let size = match shown {
            Some(shown) if part.holds(&shown) => Span::exact(shown),
            Some(shown) if all == Holds::Unsure && total.holds(&shown) => total,
            _ => part,
        };
        Turn::Cut(size, enough)
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
        let equity = equity.map_or_else(Span::zero, |standing| standing.equity);
        let left = equity.positive_part();
        let rate = &self.markets[m].perps[leg.perp].config.liquidation_penalty;
        let penalty = (cut * &index).up(&unit()).scale(rate).up(&unit()).min(&left);
        let charged = premium.positive_part().min(&(&left - &penalty).positive_part());
        self.markets[m].fees = &self.markets[m].fees + &premium.negative_part();
        self.credit(m, key, &-&(&penalty + &charged));
        if penalty == left {
            // what it has left is all gone, and not more
            self.clear(now, m, key, &equity);
        }
        penalty
    }

    /// An account that has paid all that it had left: without positions its margin is 0, or what it lacked before, and what its tokens count
    /// for below that.
    fn clear(&mut self, now: u64, m: usize, key: &AccountKey, equity: &Span) {
        let tokens = self.markets[m].accounts.get(key).map(|account| account.tokens.clone());
        let counted = self.counted(&tokens.unwrap_or_default(), now).maintenance;
        let account = self.markets[m].accounts.get_mut(key);
        if let Some(account) = account.filter(|account| account.positions.is_empty()) {
            account.margin = -&(equity.negative_part() + counted);
        }
    }

    /// Moves an account's margin.
    pub(super) fn credit(&mut self, m: usize, key: &AccountKey, amount: &Span) {
        if let Some(account) = self.markets[m].accounts.get_mut(key) {
            account.margin = &account.margin + amount;
        }
    }

    /// What an account without positions lacks is the pool's loss; its orders don't fill any more.
    pub(crate) fn close_if_empty(&mut self, m: usize, key: &AccountKey) {
        let market = &mut self.markets[m];
        let account = market.accounts.get_mut(key);
        // tokens stand behind what it owes until all of them are sold
        let closed = |account: &&mut super::Account| account.positions.is_empty() && !account.is_backed();
        let Some(account) = account.filter(closed) else {
            return;
        };
        let short = account.margin.negative_part();
        let lacks = match (short.low().is_positive(), short.high().is_positive()) {
            (true, _) => true,
            (_, false) => false,
            _ => self.hints.lacking.contains(&(m, key.clone())),
        };
        if lacks {
            account.generation += 1;
            account.locked = Span::zero();
        }
        account.margin = account.margin.positive_part();
        market.shortfalls = &market.shortfalls + &short;
    }
}
