//! The par reserve: dollar tokens that are swapped with sdUSD one for one (chapter 20).

use num_traits::{Signed, Zero};

use crate::bank::SDUSD;
use crate::config::{ReserveConfig, ReserveToken, SwapStatus};
use crate::message::{MarketMessage, PoolMessage, ReserveMessage, Then};
use crate::model::Model;
use crate::number::{ratio_step, ten, unit, whole, Q};
use crate::oracle::Quote;
use crate::pool::haircut;
use crate::regime::Regime;
use crate::span::Span;
use crate::verdict::Trial;

#[cfg(test)]
mod tests;

/// Name among the holders of tokens.
pub const RESERVE: &str = "reserve";

/// One token of the reserve.
#[derive(Clone, Debug)]
pub(crate) struct Stock {
    /// Base units.
    pub(crate) amount: Span,
    /// What a whole one stands in the book at, micro-USD.
    pub(crate) mark: Span,
}

/// The reserve.
#[derive(Clone, Debug)]
pub struct Reserve {
    pub(crate) config: ReserveConfig,
    pub(crate) stocks: Vec<Stock>,
    /// sdUSD that came in and did not go out: H.
    pub(crate) held: Span,
    pub(crate) drawn: Span,
    pub(crate) fees: Span,
    pub(crate) shortfalls: Span,
}

/// One sdUSD, micro-USD.
fn par() -> Q {
    ten(6)
}

/// A token at a price, rounded down.
fn value(amount: &Span, price: &Span, decimals: usize) -> Span {
    (amount * price).scale(&ten(decimals).recip()).cut(&unit())
}

/// What a token stands at when it stood at `stood` and its price is `price`: par from half the band on, else its price where that is
/// further away than the band.
fn mark(stood: &Q, price: &Q, band: &Q) -> Q {
    if *price >= par() * (whole(1) - half(band)) {
        par()
    } else if (price - stood).abs() > par() * band {
        price.clone()
    } else {
        stood.clone()
    }
}

/// Half of a ratio in its decimals.
fn half(ratio: &Q) -> Q {
    (ratio / whole(2) / ratio_step()).floor() * ratio_step()
}

/// The integral of least + (most − least)·max(0, 1 − v ÷ C) from what is there to what is left of it, rounded up.
fn fee_out(token: &ReserveToken, there: &Q, leaving: &Q) -> Q {
    let (least, most) = &token.fee_out;
    let ceiling = &token.ceiling;
    let within = |v: Q| v.min(ceiling.clone());
    // ∫ (1 − v ÷ C) dv = v − v² ÷ 2C within the ceiling; nothing above it
    let area = |v: &Q| v - v * v / (whole(2) * ceiling);
    let rising = area(&within(there.clone())) - area(&within(there - leaving));
    (least * leaving + (most - least) * rising).ceil()
}

impl Reserve {
    pub(crate) fn new(config: ReserveConfig) -> Self {
        let stock = |_| Stock { amount: Span::zero(), mark: Span::exact(par()) };
        Self {
            stocks: (0..config.tokens.len()).map(stock).collect(),
            config,
            held: Span::zero(),
            drawn: Span::zero(),
            fees: Span::zero(),
            shortfalls: Span::zero(),
        }
    }

    fn value_of(&self, token: usize) -> Span {
        let (stock, config) = (&self.stocks[token], &self.config.tokens[token]);
        value(&stock.amount, &stock.mark, config.decimals)
    }

    /// V.
    pub(crate) fn value(&self) -> Span {
        (0..self.stocks.len()).map(|token| self.value_of(token)).sum()
    }

    /// Changes a stock: by how much its value falls.
    fn change(&mut self, token: usize, change: impl FnOnce(&mut Stock)) -> Span {
        let before = self.value_of(token);
        change(&mut self.stocks[token]);
        before - self.value_of(token)
    }

    /// Puts a token at its price; whether that moved it.
    fn revalue(&mut self, token: usize, price: &Q) -> bool {
        let stood = self.stocks[token].mark.middle();
        let stands = mark(&stood, price, &self.config.tokens[token].band);
        if stands == stood {
            return false;
        }
        let falls = self.change(token, |stock| stock.mark = Span::exact(stands));
        self.shortfalls = &self.shortfalls + falls.positive_part();
        self.fees = &self.fees + falls.negative_part();
        true
    }
}

impl Model {
    /// −V − H.
    pub(crate) fn reported_by_reserve(&self) -> Span {
        let Some(reserve) = &self.reserve else { return Span::zero() };
        -&(reserve.value() + &reserve.held)
    }

    pub(crate) fn reserve_message(
        &mut self,
        trial: &mut Trial,
        now: u64,
        sender: &str,
        message: &ReserveMessage,
    ) -> Option<()> {
        trial.must("reserve", self.reserve.is_some())?;
        match message {
            ReserveMessage::SwapIn { token, amount, least, then } => {
                self.swap_in(trial, now, sender, *token, (amount, least.as_ref()), then)
            }
            ReserveMessage::SwapOut { token, amount, least, recipient, accepted } => {
                let recipient = recipient.as_deref().unwrap_or(sender);
                self.swap_out(trial, now, (sender, recipient), *token, (amount, least.as_ref()), accepted)
            }
            ReserveMessage::Revalue { token } => {
                let quote = self.quote_of_token(trial, now, *token)?;
                let moved = self.reserve.as_mut()?.revalue(*token, &quote.price);
                trial.must("E0322", moved)?;
                self.pool_message(trial, now, RESERVE, &PoolMessage::Sync)
            }
            ReserveMessage::Sweep { token } => self.sweep_reserve(trial, *token),
        }
    }

    /// Young enough to trade by, and certain.
    fn quote_of_token(&self, trial: &mut Trial, now: u64, token: usize) -> Option<Quote> {
        let config = self.reserve.as_ref()?.config.tokens.get(token);
        trial.must("E0007", config.is_some())?;
        let config = config?;
        let quote = self.oracle.fresh(config.feed, self.oracle.config.trade, now);
        trial.must("E0206", quote.is_some())?;
        let quote = quote?;
        trial.must("E0207", quote.confidence <= config.maximum_confidence)?;
        Some(quote.clone())
    }

    fn swap_in(
        &mut self,
        trial: &mut Trial,
        now: u64,
        sender: &str,
        token: usize,
        (amount, least): (&Q, Option<&Q>),
        then: &Then,
    ) -> Option<()> {
        trial.must("E0005", amount.is_positive())?;
        trial.must("E0004", *amount <= ten(30))?;
        let config = self.reserve.as_ref()?.config.tokens.get(token).cloned();
        trial.must("E0007", config.is_some())?;
        let config = config?;
        let came = Span::exact(amount.clone());
        self.bank.send(trial, &config.token, sender, RESERVE, &came);
        trial.must("E0703", config.status == SwapStatus::Open)?;
        trial.must("E0328", self.oracle.regime(config.feed) < Regime::CloseOnly)?;
        let quote = self.quote_of_token(trial, now, token)?;
        let reserve = self.reserve.as_mut()?;
        let _ = reserve.revalue(token, &quote.price);
        trial.at_least("E0701", &quote.low(), &Span::exact(par() * (whole(1) - &config.band)));
        trial.must("E0701", reserve.stocks[token].mark.middle() == par())?;

        let worth = value(&came, &Span::exact(par()), config.decimals);
        trial.must("E0004", worth.high() <= &ten(21))?;
        let paid = &worth - &worth.scale(&config.fee_in).ceil(&unit());
        trial.must("E0005", paid.high().is_positive())?;
        if let Some(least) = least {
            trial.at_least("E0704", &paid, &Span::exact(least.clone()));
        }
        let grows = -&reserve.change(token, |stock| stock.amount = &stock.amount + &came);
        let held = paid.min(&reserve.held);
        let drawn = &paid - &held;
        reserve.fees = &reserve.fees + &(grows - &paid);
        reserve.drawn = &reserve.drawn + &drawn;
        reserve.held = &reserve.held - &held;
        trial.at_least("E0702", &Span::exact(config.ceiling.clone()), &reserve.value_of(token));
        let part = (&self.pool.ledger.supply + &drawn).scale(&reserve.config.supply_share).cut(&unit());
        let most = part.max(&Span::exact(reserve.config.minimum_room.clone()));
        trial.at_least("E0702", &most, &reserve.value());
        self.pass_on(trial, now, sender, (&held, &drawn), then)
    }

    /// What a swap in pays goes to whom it is due, or comes here and then on.
    fn pass_on(
        &mut self,
        trial: &mut Trial,
        now: u64,
        sender: &str,
        (held, drawn): (&Span, &Span),
        then: &Then,
    ) -> Option<()> {
        let n = self.place_of_reserve();
        let paid = (held + drawn).middle();
        let named = |name: &Option<String>| name.clone().unwrap_or_else(|| sender.to_string());
        if let Then::Pay { recipient, accepted } = then {
            let recipient = named(recipient);
            self.bank.pay(SDUSD, RESERVE, &recipient, held);
            if !drawn.is_zero() {
                self.draw(trial, now, n, (drawn, accepted), &recipient);
            }
            return Some(());
        }
        if !drawn.is_zero() {
            self.draw(trial, now, n, (drawn, &Q::zero()), RESERVE);
        }
        match then {
            Then::Pay { .. } => Some(()),
            Then::Margin { market, beneficiary, account } => {
                trial.must("E0508", *market < self.markets.len())?;
                let beneficiary = Some(named(beneficiary));
                let deposit = MarketMessage::Deposit { beneficiary, account: *account, amount: paid };
                self.market_message(trial, now, RESERVE, *market, &deposit)
            }
            Then::Burn { vault, owner } => {
                let burn = PoolMessage::Burn { vault: *vault, owner: Some(named(owner)), amount: paid };
                self.pool_message(trial, now, RESERVE, &burn)
            }
        }
    }

    /// Bad debt ÷ (Σ what markets are reported to owe + V), while there is any.
    fn haircut_of_swaps(&self) -> Span {
        if self.pool.in_bad_debt.is_zero() {
            return Span::zero();
        }
        let owed: Span = self.pool.markets.iter().map(|listed| listed.reported.positive_part()).sum();
        let there = self.reserve.as_ref().map_or_else(Span::zero, Reserve::value);
        haircut(&self.pool.ledger.bad_debt, &(owed + there))
    }

    fn swap_out(
        &mut self,
        trial: &mut Trial,
        now: u64,
        (sender, recipient): (&str, &str),
        token: usize,
        (amount, least): (&Q, Option<&Q>),
        accepted: &Q,
    ) -> Option<()> {
        trial.must("E0005", amount.is_positive())?;
        trial.must("E0004", *amount <= ten(21))?;
        let paid = Span::exact(amount.clone());
        self.bank.send(trial, SDUSD, sender, RESERVE, &paid);
        let config = self.reserve.as_ref()?.config.tokens.get(token).cloned();
        trial.must("E0007", config.is_some())?;
        let config = config?;
        trial.must("E0703", config.status != SwapStatus::Closed)?;
        let quote = self.quote_of_token(trial, now, token)?;
        let revalued = self.reserve.as_mut()?.revalue(token, &quote.price);
        trial.at_least("E0701", &Span::exact(par() * (whole(1) + &config.band)), &quote.high());
        let haircut = self.haircut_of_swaps();
        trial.at_least("E0341", &Span::exact(accepted.clone()), &haircut);
        let pays = (&paid - &(&paid * &haircut).ceil(&unit())).middle();

        let reserve = self.reserve.as_mut()?;
        let stock = &reserve.stocks[token];
        let there = value(&stock.amount, &Span::exact(par()), config.decimals).middle();
        trial.must("E0705", pays <= &there + fee_out(&config, &there, &there))?;
        let leaving = most_leaving(&config, &there, &pays);
        let goes = Span::exact(leaving * ten(config.decimals) / par()).cut(&unit());
        trial.must("E0005", goes.low().is_positive())?;
        if let Some(least) = least {
            trial.at_least("E0704", &goes, &Span::exact(least.clone()));
        }
        let falls = reserve.change(token, |stock| stock.amount = &stock.amount - &goes);
        reserve.held = &reserve.held + &paid;
        reserve.fees = &reserve.fees + &(&paid - &falls);
        if revalued {
            self.pool_message(trial, now, RESERVE, &PoolMessage::Sync)?;
        }
        self.bank.pay(&config.token, RESERVE, recipient, &goes);
        Some(())
    }

    /// A token by its number, or sdUSD: what is there above the book becomes insurance.
    fn sweep_reserve(&mut self, trial: &mut Trial, token: Option<usize>) -> Option<()> {
        let reserve = self.reserve.as_mut()?;
        let Some(token) = token else {
            let found = self.bank.balance(SDUSD, RESERVE) - &reserve.held;
            trial.must("E0322", found.low().is_positive())?;
            reserve.held = &reserve.held + &found;
            reserve.fees = &reserve.fees + &found;
            return Some(());
        };
        trial.must("E0110", token < reserve.stocks.len())?;
        let name = reserve.config.tokens[token].token.clone();
        let found = self.bank.balance(&name, RESERVE) - &reserve.stocks[token].amount;
        trial.must("E0322", found.low().is_positive())?;
        let falls = reserve.change(token, |stock| stock.amount = &stock.amount + &found);
        reserve.fees = &reserve.fees - &falls;
        Some(())
    }
}

/// The most that pays for itself with its fee.
fn most_leaving(token: &ReserveToken, there: &Q, pays: &Q) -> Q {
    let (mut fits, mut beyond) = (Q::zero(), there.clone().min(pays.clone()) + whole(1));
    while &beyond - &fits > whole(1) {
        let middle = ((&fits + &beyond) / whole(2)).floor();
        if &middle + fee_out(token, there, &middle) <= *pays {
            fits = middle;
        } else {
            beyond = middle;
        }
    }
    fits
}
