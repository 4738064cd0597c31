//! Margin in tokens: what backs an account of one market, what it counts for, in and out. Sales are in a file of their own.
//!
//! What an account has is kept with the account, in base units by number of the token.

use std::collections::BTreeMap;

use num_traits::{Signed, Zero};

use crate::bank::SDUSD;
use crate::config::{CustodyConfig, CustodyToken};
use crate::market::{Account, AccountKey};
use crate::message::CustodyMessage;
use crate::model::Model;
use crate::number::{price_step, ratio_step, ten, unit, whole, Q};
use crate::oracle::Quote;
use crate::span::Span;
use crate::verdict::Trial;

mod sale;
#[cfg(test)]
mod tests;

pub(crate) use sale::Sale;

/// Name of the custody among holders of tokens.
pub const CUSTODY: &str = "custody";

/// The custody.
#[derive(Clone, Debug)]
pub struct Custody {
    pub(crate) config: CustodyConfig,
    pub(crate) sales: BTreeMap<AccountKey, Sale>,
}

/// What tokens count for together.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    /// Where risk increases or something is taken out.
    pub(crate) opening: Span,
    /// Towards maintenance.
    pub(crate) maintenance: Span,
    /// Whether every price is fresh and certain enough to liquidate by.
    pub(crate) certain: bool,
}

impl Account {
    /// Whether tokens back it.
    pub(crate) fn is_backed(&self) -> bool {
        self.tokens.iter().any(|amount| !amount.is_zero())
    }
}

impl CustodyToken {
    /// Of a whole number of micro-USD: the most of u·(1 − min(maximum, base + slope·u)) over u ≤ v, rounded down.
    fn counted_of(&self, value: &Q) -> Span {
        let rises = |u: &Q| u * (whole(1) - &self.base - &self.slope * u / ten(6));
        let capped = value * (whole(1) - &self.maximum);
        let (below, at) = if self.slope.is_zero() {
            (value.clone(), value.clone())
        } else {
            let peak = (whole(1) - &self.base) / (whole(2) * &self.slope) * ten(6);
            (value.min(&peak.floor()).clone(), value.min(&peak).clone())
        };
        let most = |u: &Q| rises(u).max(capped.clone()).max(Q::zero()).floor();
        Span::between(most(&below), most(&at))
    }

    /// Of a price, a value at the low edge of its band, rounded down.
    fn value(&self, quote: &Quote, amount: &Q) -> Q {
        let low = &quote.price * (whole(1) - &quote.confidence);
        let low = (low / price_step()).floor() * price_step();
        (amount * low / ten(self.decimals)).floor()
    }

    /// What an amount counts for at a price.
    fn counted(&self, quote: &Quote, amount: &Span) -> Span {
        let of = |amount: &Q| self.counted_of(&self.value(quote, &amount.clone().max(Q::zero())));
        if amount.is_exact() {
            of(amount.low())
        } else {
            of(amount.low()).or(&of(amount.high()))
        }
    }
}

impl Model {
    fn certain(&self, token: &CustodyToken, now: u64) -> bool {
        let quote = self.oracle.marking(token.feed, now);
        quote.is_some_and(|quote| quote.confidence <= token.confidence)
    }

    /// What these amounts count for now.
    pub(crate) fn counted(&self, amounts: &[Span], now: u64) -> Counted {
        let mut all = Counted { opening: Span::zero(), maintenance: Span::zero(), certain: true };
        let tokens = self.custody.iter().flat_map(|custody| &custody.config.tokens);
        for (token, amount) in tokens.zip(amounts).filter(|(_, amount)| !amount.is_zero()) {
            let certain = self.certain(token, now);
            all.certain &= certain;
            let Some(quote) = self.oracle.last(token.feed) else { continue };
            let counts = token.counted(quote, amount);
            all.maintenance = all.maintenance + &counts;
            if certain && !token.closing {
                all.opening = all.opening + counts;
            }
        }
        all
    }

    /// Value ÷ what counts of it, less 1 of that: the part of a holding that does not count, 18 decimals rounded up. None without a value.
    fn haircut(&self, token: &CustodyToken, amount: &Span) -> Option<Q> {
        let quote = self.oracle.last(token.feed)?;
        let value = token.value(quote, &amount.middle());
        if value.is_zero() {
            return None;
        }
        let counts = token.counted(quote, amount).middle() / value;
        Some(whole(1) - (counts / ratio_step()).floor() * ratio_step())
    }

    /// Of a token, what all accounts have.
    pub(crate) fn in_custody(&self, token: usize) -> Span {
        let market = self.custody.as_ref().map_or(0, |custody| custody.config.market);
        let accounts = self.markets[market].accounts.values();
        accounts.filter_map(|account| account.tokens.get(token).cloned()).sum()
    }

    pub(crate) fn custody_message(
        &mut self,
        trial: &mut Trial,
        now: u64,
        sender: &str,
        message: &CustodyMessage,
    ) -> Option<()> {
        match message {
            CustodyMessage::Deposit { token, amount, beneficiary, account } => {
                let owner = beneficiary.as_deref().unwrap_or(sender);
                self.deposit_tokens(trial, now, sender, &(owner.to_string(), *account), (*token, amount))
            }
            CustodyMessage::Withdraw { account, token, amount, recipient } => {
                let recipient = recipient.as_deref().unwrap_or(sender);
                let key = (sender.to_string(), *account);
                self.withdraw_tokens(trial, now, &key, (*token, amount), recipient)
            }
            CustodyMessage::Sell { owner, account } => {
                self.sell_tokens_of(trial, now, sender, &(owner.clone(), *account))
            }
            CustodyMessage::Redo { owner, account } => {
                self.redo_sale(trial, now, sender, &(owner.clone(), *account))
            }
            CustodyMessage::Stop { owner, account } => self.stop_sale(trial, now, &(owner.clone(), *account)),
            CustodyMessage::Take { owner, account, take } => {
                self.take_tokens(trial, now, sender, &(owner.clone(), *account), take)
            }
        }
    }

    fn deposit_tokens(
        &mut self,
        trial: &mut Trial,
        now: u64,
        payer: &str,
        key: &AccountKey,
        (n, amount): (usize, &Q),
    ) -> Option<()> {
        let config = self.custody.as_ref()?.config.clone();
        trial.must("E0110", n < config.tokens.len())?;
        let token = config.tokens[n].clone();
        trial.must("E0005", amount.is_positive())?;
        let exact = Span::exact(amount.clone());
        self.bank.send(trial, &token.token, payer, CUSTODY, &exact);
        trial.must("E1103", !token.closing)?;
        let quote = self.oracle.fresh(token.feed, self.oracle.config.trade, now).cloned();
        trial.must("E0206", quote.is_some())?;
        let quote = quote?;
        trial.must("E0207", quote.confidence <= token.confidence)?;
        trial.must("E1111", token.value(&quote, amount) >= config.minimum_deposit)?;
        let all = (self.in_custody(n) + &exact).scale(&quote.price).over_exact(&ten(token.decimals));
        trial.at_least("E1102", &Span::exact(token.cap), &all.ceil(&unit()));
        let account = self.markets[config.market].accounts.entry(key.clone()).or_default();
        account.tokens.resize(config.tokens.len().max(account.tokens.len()), Span::zero());
        account.tokens[n] = &account.tokens[n] + &exact;
        Some(())
    }

    /// What is left covers initial margin, locks and the charge, positive PnL not counted.
    fn withdraw_tokens(
        &mut self,
        trial: &mut Trial,
        now: u64,
        key: &AccountKey,
        (n, amount): (usize, &Q),
        recipient: &str,
    ) -> Option<()> {
        let config = self.custody.as_ref()?.config.clone();
        trial.must("E0007", n < config.tokens.len())?;
        trial.must("E0005", amount.is_positive())?;
        let m = config.market;
        let account = self.markets[m].accounts.get(key).cloned().unwrap_or_default();
        let amount = Span::exact(amount.clone());
        let held = account.tokens.get(n).cloned().unwrap_or_else(Span::zero);
        trial.must("E1104", held.at_least(&amount) == crate::span::Holds::Yes)?;
        trial.must("E1108", !self.custody.as_ref()?.sales.contains_key(key))?;
        trial.must("E0206", self.marked(m, key, now))?;
        let standing = self.standing(m, &account, now);
        trial.must("E0208", standing.is_some())?;
        let standing = standing?;
        let mut tokens = account.tokens.clone();
        tokens[n] = &held - &amount;
        let lost = (&standing.counted.opening - &self.counted(&tokens, now).opening).positive_part();
        let charge = self.charge_for_leverage(m, &standing, &lost);
        let safe = &account.margin - &standing.losses + &standing.counted.opening;
        let left = safe - &lost - &charge;
        trial.at_least("E1105", &left, &(&standing.initial + &account.locked));

        let market = &mut self.markets[m];
        market.fees = &market.fees + &charge;
        let account = market.accounts.get_mut(key)?;
        account.tokens = tokens;
        account.margin = &account.margin - &charge;
        if !account.is_backed() || charge.high().is_positive() {
            self.close_if_empty(m, key);
        }
        self.bank.pay(&config.tokens[n].token, CUSTODY, recipient, &amount);
        Some(())
    }

    /// What the custody of a market's accounts shows, by name: all that is stored there.
    pub(crate) fn visit_custody(&mut self, f: &mut dyn FnMut(String, &mut Span)) {
        let Some(custody) = &mut self.custody else { return };
        for ((owner, n), account) in &mut self.markets[custody.config.market].accounts {
            for (token, amount) in account.tokens.iter_mut().enumerate() {
                f(format!("custody.holding.{owner}.{n}.{token}"), amount);
            }
        }
        for ((owner, n), sale) in &mut custody.sales {
            let name = |what: &str| format!("custody.sale.{owner}.{n}.{what}");
            f(name("token"), &mut Span::whole(sale.token));
            f(name("reward"), &mut sale.reward);
            f(name("start_price"), &mut sale.start_price);
            f(name("started_at"), &mut Span::whole(sale.started_at));
            f(name(&format!("keeper.{}", sale.keeper)), &mut Span::whole(1));
            if let Some(redoer) = &sale.redoer {
                f(name(&format!("redoer.{redoer}")), &mut Span::whole(1));
            }
        }
    }

    /// What follows from it now.
    pub(crate) fn derive_custody(&self, now: u64, all: &mut BTreeMap<String, Span>) {
        let Some(custody) = &self.custody else { return };
        for n in 0..custody.config.tokens.len() {
            all.insert(format!("custody.held.{n}"), self.in_custody(n));
        }
        let backed = self.markets[custody.config.market].accounts.iter();
        for ((owner, n), account) in backed.filter(|(_, account)| account.is_backed()) {
            let counted = self.counted(&account.tokens, now);
            all.insert(format!("custody.account.{owner}.{n}.opening"), counted.opening);
            all.insert(format!("custody.account.{owner}.{n}.maintenance"), counted.maintenance);
        }
        for (key, sale) in &custody.sales {
            let name = |what: &str| format!("custody.sale.{}.{}.{what}", key.0, key.1);
            all.insert(name("price"), self.asked_price(key, sale, now));
            all.insert(name("owed"), self.owed_by(key));
        }
    }

    /// Margin below zero, as a positive number.
    pub(crate) fn owed_by(&self, key: &AccountKey) -> Span {
        let market = self.custody.as_ref().map_or(0, |custody| custody.config.market);
        let account = self.markets[market].accounts.get(key);
        account.map_or_else(Span::zero, |account| account.margin.negative_part())
    }

    /// sdUSD of somebody becomes an account's margin.
    fn pay_margin(&mut self, key: &AccountKey, amount: &Span) -> Option<()> {
        let market = &mut self.markets[self.custody.as_ref()?.config.market];
        market.held = &market.held + amount;
        let account = market.accounts.get_mut(key)?;
        account.margin = &account.margin + amount;
        let name = market.name.clone();
        self.bank.credit(SDUSD, &name, amount);
        Some(())
    }
}
