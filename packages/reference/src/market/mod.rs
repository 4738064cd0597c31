//! A market contract: accounts, perpetuals, orders.

use std::collections::{BTreeMap, VecDeque};

use crate::config::{MarketConfig, MarketParams, PerpConfig};
use crate::message::{Delegation, MarketMessage};
use crate::model::Model;
use crate::number::{ratio_step, unit, whole, Q};
use crate::regime::Regime;
use crate::span::Span;
use crate::verdict::Trial;

mod accounts;
mod commit;
mod deleverage;
mod funding;
mod liquidate;
mod margin;
mod portfolio;
mod settle;
mod sharing;
#[cfg(test)]
mod tests;
mod trade;

pub(crate) use commit::Ask;
pub(crate) use funding::Funding;
pub(crate) use margin::Standing;

/// Owner and number of an account.
pub type AccountKey = (String, u16);

/// One open position.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) size: Span,
    /// Σ size·(price + funding index) of its fills, rounded up.
    pub(crate) cost: Span,
}

/// One trader's account.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// Tokens that back it, base units by number.
    pub(crate) tokens: Vec<Span>,
    pub(crate) margin: Span,
    pub(crate) locked: Span,
    pub(crate) generation: u32,
    pub(crate) positions: BTreeMap<usize, Held>,
    pub(crate) volume: sharing::Volume,
    /// Who brought its owner.
    pub(crate) referrer: Option<String>,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            tokens: Vec::new(),
            margin: Span::zero(),
            locked: Span::zero(),
            generation: 0,
            positions: BTreeMap::new(),
            volume: sharing::Volume::default(),
            referrer: None,
        }
    }
}

/// One order that waits.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) number: u64,
    pub(crate) account: AccountKey,
    pub(crate) size: Q,
    /// Of it, what increases a position.
    pub(crate) increase: Q,
    pub(crate) limit: Option<Span>,
    pub(crate) interval: u64,
    pub(crate) last: u64,
    /// Of what increases a position, as a part of its notional.
    pub(crate) fee: Span,
    pub(crate) locked: Span,
    pub(crate) keeper_fee: Span,
    pub(crate) generation: u32,
}

/// Why orders ended without a fill: the codes one of which a market gives, none where one was taken back. So many of an account and a perpetual
/// are remembered.
pub(crate) type Unfilled = BTreeMap<AccountKey, VecDeque<(u64, Vec<&'static str>)>>;
const REMEMBERED: usize = 32;

/// One perpetual.
#[derive(Clone, Debug)]
pub(crate) struct Perp {
    pub(crate) config: PerpConfig,
    pub(crate) funding: Funding,
    pub(crate) orders: VecDeque<Order>,
    pub(crate) next_order: u64,
    /// The oldest order that may wait.
    pub(crate) head: u64,
    pub(crate) unfilled: Unfilled,
}

impl Perp {
    /// An order of an account ends without a fill.
    pub(crate) fn ends_unfilled(&mut self, order: &Order, codes: Vec<&'static str>) {
        let all = self.unfilled.entry(order.account.clone()).or_default();
        all.push_back((order.number, codes));
        if all.len() > REMEMBERED {
            let _ = all.pop_front();
        }
    }

    /// Reserved by orders that wait: increases of longs (`sign` 1) or of shorts (−1).
    pub(crate) fn pending(&self, sign: i8) -> Span {
        let same = |order: &&Order| Span::exact(order.size.clone()).sign() == sign;
        self.orders.iter().filter(same).map(|order| Span::exact(order.increase.clone())).sum()
    }
}

/// A market contract.
#[derive(Clone, Debug)]
pub struct Market {
    pub(crate) name: String,
    pub(crate) params: MarketParams,
    pub(crate) perps: Vec<Perp>,
    pub(crate) accounts: BTreeMap<AccountKey, Account>,
    /// What owners of accounts let others do with them.
    pub(crate) delegations: BTreeMap<(AccountKey, String), Delegation>,
    pub(crate) held: Span,
    pub(crate) drawn: Span,
    pub(crate) fees: Span,
    pub(crate) shortfalls: Span,
    /// Product indices of sides that deleveraging has scaled.
    pub(crate) scaled: BTreeMap<deleverage::Side, Span>,
    /// When funding was last sampled.
    pub(crate) sampled_at: u64,
    /// Until when that is exact; after it funding stands still.
    pub(crate) until: Span,
}

impl Market {
    pub(crate) fn new(config: MarketConfig) -> Self {
        let perp = |config: PerpConfig| Perp {
            config,
            funding: Funding::default(),
            orders: VecDeque::new(),
            next_order: 0,
            head: 0,
            unfilled: Unfilled::new(),
        };
        Self {
            name: config.name,
            params: config.params,
            perps: config.perps.into_iter().map(perp).collect(),
            accounts: BTreeMap::new(),
            delegations: BTreeMap::new(),
            held: Span::zero(),
            drawn: Span::zero(),
            fees: Span::zero(),
            shortfalls: Span::zero(),
            scaled: BTreeMap::new(),
            sampled_at: 0,
            until: Span::zero(),
        }
    }

    /// Σ sizes of a perpetual's positions on one side (`sign` 1 or −1), never negative; of a scaled one what its record may have.
    pub(crate) fn side(&self, perp: usize, sign: i8) -> Span {
        let side = (perp, sign < 0);
        let sum: Span = self.held_on(side).map(|held| held.size.abs()).sum();
        match self.rounded(side) {
            0 => sum,
            n => sum.or(&(&sum + &Span::exact(ratio_step() * whole(n) * whole(sign)))),
        }
    }

    /// Long less short.
    pub(crate) fn skew_of(&self, perp: usize) -> Span {
        self.side(perp, 1) - self.side(perp, -1)
    }

    pub(crate) fn skew_of_feed(&self, feed: usize) -> Span {
        let of = |perp: &usize| self.perps[*perp].config.feed == feed;
        (0..self.perps.len()).filter(of).map(|perp| self.skew_of(perp)).sum()
    }

    /// Feeds whose prices the record needs: those with skew.
    pub(crate) fn feeds_in_use(&self) -> Vec<usize> {
        (0..self.perps.len())
            .filter(|perp| !self.skew_of(*perp).is_zero())
            .map(|perp| self.perps[perp].config.feed)
            .collect()
    }

    pub(crate) fn open_positions(&self) -> usize {
        self.accounts.values().map(|account| account.positions.len()).sum()
    }

    /// Orders of an account that wait.
    pub(crate) fn orders_of(&self, key: &AccountKey) -> usize {
        self.perps.iter().map(|perp| perp.orders.iter().filter(|order| order.account == *key).count()).sum()
    }
}

impl Model {
    /// What is allowed with a feed at what the pool lists in this place.
    pub(crate) fn regime(&self, m: usize, feed: usize) -> Regime {
        let (pool, market) = (&self.pool.watch.trip, &self.pool.markets[m].watch.trip);
        pool.regime.max(market.regime).max(self.oracle.regime(feed))
    }

    /// Σ margin − held + Σ [skew·(P + F) − C] at these prices, rounded down once.
    fn reported_at(&self, m: usize, now: u64, price: impl Fn(usize, &Span) -> Option<Span>) -> Span {
        let market = &self.markets[m];
        let mut sum: Span = market.accounts.values().map(|account| account.margin.clone()).sum();
        sum = sum - &market.held;
        // margins that are not claimed yet are rounded up, and costs of sides down
        sum = sum + Span::between(whole(0), market.all_rounded() * whole(2));
        for perp in 0..market.perps.len() {
            let skew = market.skew_of(perp);
            let cost: Span = market
                .accounts
                .values()
                .filter_map(|account| account.positions.get(&perp))
                .map(|held| held.cost.clone())
                .sum();
            let price = price(market.perps[perp].config.feed, &skew).unwrap_or_else(Span::zero);
            let funding = self.funding_index(m, perp, now);
            sum = sum + &skew * &(price + funding) - cost;
        }
        sum.down(&unit())
    }

    /// What the market owes at the board's last prices.
    pub(crate) fn reported_by_market(&self, m: usize, now: u64) -> Span {
        self.reported_at(m, now, |feed, _| self.oracle.last(feed).map(|quote| quote.index()))
    }

    /// The same at the edge of each confidence band that makes it largest.
    pub(crate) fn reported_by_market_at_worst(&self, m: usize, now: u64) -> Span {
        self.reported_at(m, now, |feed, skew| self.oracle.last(feed).map(|quote| quote.adverse(-skew.sign())))
    }

    pub(crate) fn market_message(
        &mut self,
        trial: &mut Trial,
        now: u64,
        sender: &str,
        m: usize,
        message: &MarketMessage,
    ) -> Option<()> {
        match message {
            MarketMessage::Deposit { beneficiary, account, amount } => {
                let owner = beneficiary.as_deref().unwrap_or(sender);
                self.deposit_margin(trial, sender, m, &(owner.to_string(), *account), amount)
            }
            MarketMessage::Withdraw { account, amount, recipient, accepted } => {
                let recipient = recipient.as_deref().unwrap_or(sender);
                let key = (sender.to_string(), *account);
                self.withdraw_margin(trial, now, m, &key, (amount, accepted), recipient)
            }
            MarketMessage::Commit { account, perp, size, limit, expires_in } => {
                let (limit, expires_in) = (limit.as_ref(), *expires_in);
                let ask = commit::Ask { perp: *perp, size, limit, expires_in, reduce_only: false };
                self.commit(trial, now, m, (sender, &(sender.to_string(), *account)), &ask)
            }
            MarketMessage::CommitFor { owner, account, perp, size, limit, expires_in, reduce_only } => {
                let (limit, expires_in, reduce_only) = (limit.as_ref(), *expires_in, *reduce_only);
                let ask = commit::Ask { perp: *perp, size, limit, expires_in, reduce_only };
                self.commit(trial, now, m, (sender, &(owner.clone(), *account)), &ask)
            }
            MarketMessage::SetDelegate { account, delegate, delegation } => {
                let key = (sender.to_string(), *account);
                self.set_delegate(trial, now, m, &key, delegate, delegation.as_ref())
            }
            MarketMessage::TakeAccount { owner, account, into } => {
                self.take_account(trial, now, m, &(owner.clone(), *account), &(sender.to_string(), *into))
            }
            MarketMessage::Transfer { from, into, amount } => {
                self.transfer_margin(trial, now, m, &(sender.to_string(), *from), *into, amount)
            }
            MarketMessage::SetReferrer { account, referrer } => {
                self.set_referrer(trial, m, &(sender.to_string(), *account), referrer.as_deref())
            }
            MarketMessage::Cancel { perp, order } => self.cancel(trial, now, sender, m, *perp, *order),
            MarketMessage::Settle { perp, limit } => self.settle(trial, now, sender, m, *perp, *limit),
            MarketMessage::Poke => {
                self.deleverage(m, now, None);
                self.sample(m, now);
                Some(())
            }
            MarketMessage::Liquidate { .. } => trial.must("E0104", false),
        }
    }
}
