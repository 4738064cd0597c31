//! Tokens of an account that owes more than they count for are sold, one after another.

use num_traits::Signed;

use super::{Custody, CUSTODY};
use crate::bank::SDUSD;
use crate::config::{AuctionConfig, CustodyConfig};
use crate::liquidator::{plan_sale, Auction};
use crate::market::AccountKey;
use crate::message::TakeTokens;
use crate::model::Model;
use crate::number::{fraction, price_step, ten, unit, Q};
use crate::span::{Holds, Span};
use crate::verdict::{Trial, NO_FUNDS};

/// A sale that runs.
#[derive(Clone, Debug)]
pub(crate) struct Sale {
    pub(crate) token: usize,
    /// What comes on top of what is owed, as a part of it.
    penalty: Q,
    /// Of the penalty, what the keepers still get.
    pub(crate) reward: Span,
    pub(crate) keeper: String,
    pub(crate) redoer: Option<String>,
    pub(crate) start_price: Span,
    pub(crate) started_at: u64,
    sold: AuctionConfig,
}

impl Sale {
    /// The same as an auction of these tokens that has to bring what is owed, and the penalty on that, rounded up.
    fn as_auction(&self, lot: Span, owed: &Span) -> Auction {
        Auction {
            vault: self.token,
            owner: String::new(),
            lot,
            tab: owed.clone(),
            penalty: owed.scale(&self.penalty).ceil(&unit()),
            reward: self.reward.clone(),
            keeper: self.keeper.clone(),
            redoer: self.redoer.clone(),
            start_price: self.start_price.clone(),
            started_at: self.started_at,
            sold: self.sold.clone(),
        }
    }
}

impl Custody {
    pub(crate) fn new(config: CustodyConfig) -> Self {
        Self { config, sales: Default::default() }
    }
}

impl Model {
    fn auction_of(&self, key: &AccountKey, sale: &Sale) -> Auction {
        let market = self.custody.as_ref().map_or(0, |custody| custody.config.market);
        let account = self.markets[market].accounts.get(key);
        let lot = account.and_then(|account| account.tokens.get(sale.token).cloned());
        sale.as_auction(lot.unwrap_or_else(Span::zero), &self.owed_by(key))
    }

    pub(super) fn asked_price(&self, key: &AccountKey, sale: &Sale, now: u64) -> Span {
        self.liquidator.price(&self.auction_of(key, sale), now)
    }

    /// Which token is sold and at which price, of an account without positions and locks that owes more than its tokens count for at good prices.
    fn unsound(&self, trial: &mut Trial, now: u64, key: &AccountKey) -> Option<(usize, Q)> {
        let config = &self.custody.as_ref()?.config;
        let m = config.market;
        trial.must("E0206", self.marked(m, key, now))?;
        let account = self.markets[m].accounts.get(key).cloned().unwrap_or_default();
        let mut best: Option<(bool, Option<Q>, usize)> = None;
        for (n, amount) in account.tokens.iter().enumerate().filter(|(_, amount)| !amount.is_zero()) {
            let token = &config.tokens[n];
            let haircut = self.haircut(token, amount);
            let sooner = |(closing, other, _): &(bool, Option<Q>, usize)| match (&haircut, other) {
                _ if token.closing != *closing => *closing,
                (Some(own), Some(other)) => own < other,
                (own, other) => own.is_some() && other.is_none(),
            };
            if best.as_ref().is_none_or(sooner) {
                best = Some((token.closing, haircut.clone(), n));
            }
        }
        trial.must("E0322", best.is_some())?;
        let (_, _, n) = best?;
        trial.must("E1107", account.positions.is_empty() && account.locked.is_zero())?;
        trial.must("E0419", now >= self.oracle.quiet_until())?;
        let counted = self.counted(&account.tokens, now);
        trial.must("E0206", counted.certain)?;
        trial.below("E1106", &(&account.margin + &counted.maintenance), &Span::zero());
        let quote = self.oracle.marking(config.tokens[n].feed, now)?;
        Some((n, quote.price.clone()))
    }

    pub(super) fn sell_tokens_of(
        &mut self,
        trial: &mut Trial,
        now: u64,
        keeper: &str,
        key: &AccountKey,
    ) -> Option<()> {
        trial.must("E1108", !self.custody.as_ref()?.sales.contains_key(key))?;
        let (token, price) = self.unsound(trial, now, key)?;
        let owed = self.owed_by(key);
        let custody = self.custody.as_mut()?;
        let (sold, penalty) = (custody.config.auction.clone(), custody.config.penalty.clone());
        let most = owed.scale(&penalty).ceil(&unit());
        let reward = Span::exact(sold.tip.clone()) + owed.scale(&sold.chip).down(&unit());
        let sale = Sale {
            token,
            penalty,
            reward: reward.min(&most),
            keeper: keeper.to_string(),
            redoer: None,
            start_price: Span::exact(price * &sold.buffer).ceil(&price_step()),
            started_at: now,
            sold,
        };
        custody.sales.insert(key.clone(), sale);
        Some(())
    }

    pub(super) fn redo_sale(
        &mut self,
        trial: &mut Trial,
        now: u64,
        sender: &str,
        key: &AccountKey,
    ) -> Option<()> {
        let sale = self.custody.as_ref()?.sales.get(key).cloned();
        trial.must("E1109", sale.is_some())?;
        let sale = sale?;
        trial.note("E0504", self.liquidator.needs_redo(&self.auction_of(key, &sale), now));
        let (token, price) = self.unsound(trial, now, key)?;
        let custody = self.custody.as_mut()?;
        let sold = custody.config.auction.clone();
        let start_price = Span::exact(price * &sold.buffer).ceil(&price_step());
        let redoer = Some(sender.to_string());
        custody.sales.insert(key.clone(), Sale { token, start_price, started_at: now, redoer, sold, ..sale });
        Some(())
    }

    /// Only where nothing is owed any more, it is sound again at good prices, or has a position again.
    pub(super) fn stop_sale(&mut self, trial: &mut Trial, now: u64, key: &AccountKey) -> Option<()> {
        let custody = self.custody.as_ref()?;
        trial.must("E1109", custody.sales.contains_key(key))?;
        let account = self.markets[custody.config.market].accounts.get(key).cloned().unwrap_or_default();
        let owed = self.owed_by(key);
        if !owed.is_zero() && account.positions.is_empty() {
            let counted = self.counted(&account.tokens, now);
            trial.must("E0206", counted.certain)?;
            trial.at_least("E1110", &(&account.margin + &counted.maintenance), &Span::zero());
        }
        self.custody.as_mut()?.sales.remove(key);
        Some(())
    }

    pub(super) fn take_tokens(
        &mut self,
        trial: &mut Trial,
        now: u64,
        payer: &str,
        key: &AccountKey,
        take: &TakeTokens,
    ) -> Option<()> {
        let payment = Span::exact(take.payment.clone());
        trial.at_least(NO_FUNDS, &self.bank.balance(SDUSD, payer), &payment);
        let config = self.custody.as_ref()?.config.clone();
        let m = config.market;
        let sale = self.custody.as_ref()?.sales.get(key).cloned();
        trial.must("E1109", sale.is_some())?;
        let mut sale = sale?;
        let auction = self.auction_of(key, &sale);
        trial.note("E0503", !self.liquidator.needs_redo(&auction, now));
        let price = self.liquidator.price(&auction, now);
        trial.at_least("E0505", &Span::exact(take.maximum_price.clone()), &price);
        let account = self.markets[m].accounts.get(key).cloned().unwrap_or_default();
        trial.must("E1107", account.positions.is_empty())?;
        let owed = self.owed_by(key);
        trial.must("E0322", !owed.is_zero())?;
        trial.must("E0005", take.amount.is_positive())?;
        trial.must("E0503", price.low().is_positive())?;

        let token = config.tokens[sale.token].clone();
        let per_unit = price.over_exact(&ten(token.decimals));
        let sold = plan_sale(trial, &auction, &per_unit, &take.amount, &payment)?;
        let all = &auction.tab + &auction.penalty;
        // all that is paid is in proportion for what is owed and for the penalty
        let recovered = (&sold.cost * &owed).over(&all).down(&unit()).min(&owed);
        let penalty = &sold.cost - &recovered;
        let reward = penalty.min(&sale.reward).positive_part();
        let charge = &penalty - &reward;
        sale.reward = &sale.reward - &reward;

        self.bank.debit(SDUSD, payer, &sold.cost);
        self.pay_margin(key, &(&recovered + &charge))?;
        let market = &mut self.markets[m];
        market.fees = &market.fees + &charge;
        let account = market.accounts.get_mut(key)?;
        account.margin = &account.margin - &charge;
        account.tokens[sale.token] = &auction.lot - &sold.bought;
        let none = |left: &Span, told: bool| match Span::zero().at_least(left) {
            Holds::Yes => true,
            Holds::No => false,
            Holds::Unsure => told,
        };
        let sold_out = none(&account.tokens[sale.token].clone(), self.hints.sold_out);
        if sold_out {
            account.tokens[sale.token] = account.tokens[sale.token].min(&Span::zero());
        }
        let rest = account.tokens.iter().enumerate();
        let others = rest.filter(|(n, _)| *n != sale.token).any(|(_, amount)| !amount.is_zero());
        let unbacked = sold_out && !others;
        if unbacked {
            account.tokens.clear();
        }
        let over = sold_out || none(&(&owed - &recovered), self.hints.sale_ended);
        if unbacked || charge.high().is_positive() {
            self.close_if_empty(m, key);
        }
        self.pay_sellers(&sale, &reward);
        self.bank.pay(&token.token, CUSTODY, take.recipient.as_deref().unwrap_or(payer), &sold.bought);
        let sales = &mut self.custody.as_mut()?.sales;
        if over {
            sales.remove(key);
        } else {
            sales.insert(key.clone(), sale);
        }
        Some(())
    }

    /// To who started the sale; half of it, rounded down, to who reset it last.
    fn pay_sellers(&mut self, sale: &Sale, reward: &Span) {
        let Some(redoer) = &sale.redoer else { return self.bank.credit(SDUSD, &sale.keeper, reward) };
        let half = reward.scale(&fraction(1, 2)).down(&unit()).positive_part();
        self.bank.credit(SDUSD, redoer, &half);
        self.bank.credit(SDUSD, &sale.keeper, &(reward - &half));
    }
}
