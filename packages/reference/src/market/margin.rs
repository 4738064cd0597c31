//! Margins and equity of an account.

use num_traits::Signed;

use super::portfolio::Leg;
use super::{Account, AccountKey, Held};
use crate::custody::Counted;
use crate::model::Model;
use crate::number::{fraction, ratio_step, unit, whole};
use crate::oracle::Quote;
use crate::span::Span;

/// What an account comes to.
pub(crate) struct Standing {
    /// Margin plus all PnL at adverse prices, plus what tokens count for towards maintenance.
    pub(crate) equity: Span,
    /// The same with positive PnL at its haircut.
    pub(crate) for_opening: Span,
    /// Sum of negative PnL, as a positive number.
    pub(crate) losses: Span,
    /// Σ notionals.
    pub(crate) notional: Span,
    /// Initial margin of all positions together.
    pub(crate) initial: Span,
    /// Maintenance margin of all positions together.
    pub(crate) maintenance: Span,
    /// What tokens count for.
    pub(crate) counted: Counted,
}

impl Standing {
    /// Σ notional × the part of an equity for opening that initial margin needs, at most 1.
    pub(crate) fn leveraged(&self, for_opening: &Span) -> Span {
        let one = Span::whole(1);
        let needed = if !for_opening.high().is_positive() {
            one
        } else if !for_opening.low().is_positive() {
            Span::zero().or(&one)
        } else {
            self.initial.over(for_opening).up(&ratio_step()).min(&one)
        };
        (&self.notional * &needed).up(&unit()).min(&self.notional)
    }
}

impl Model {
    /// max(floor, 1.25·σ), at most 1, with the larger of the measured and the ramped σ.
    pub(crate) fn initial_rate(&self, m: usize, perp: usize) -> Span {
        let feed = self.markets[m].perps[perp].config.feed;
        self.rate_at(m, perp, &self.oracle.measured_sigma(feed).max(&self.oracle.ramped_sigma(feed)))
    }

    /// max(floor, half the initial margin at the ramped σ).
    pub(crate) fn maintenance_rate(&self, m: usize, perp: usize) -> Span {
        let config = &self.markets[m].perps[perp].config;
        let ramped = self.rate_at(m, perp, &self.oracle.ramped_sigma(config.feed));
        ramped.scale(&fraction(1, 2)).max(&Span::exact(config.maintenance_margin.clone()))
    }

    fn rate_at(&self, m: usize, perp: usize, sigma: &Span) -> Span {
        let floor = Span::exact(self.markets[m].perps[perp].config.initial_margin.clone());
        sigma.scale(&fraction(5, 4)).max(&floor).min(&Span::whole(1))
    }

    /// size·(adverse price + F) − cost, rounded down.
    pub(crate) fn pnl(&self, m: usize, perp: usize, held: &Held, quote: &Quote, now: u64) -> Span {
        let price = quote.adverse(held.size.sign());
        let value = &held.size * &(price + self.funding_index(m, perp, now));
        (value - &held.cost).down(&unit())
    }

    /// Of an account at the board's last prices. None where one of its positions never had a price.
    pub(crate) fn standing(&self, m: usize, account: &Account, now: u64) -> Option<Standing> {
        self.standing_at(m, account, now, |feed| self.oracle.last(feed).cloned())
    }

    /// The same at these prices.
    pub(crate) fn standing_at(
        &self,
        m: usize,
        account: &Account,
        now: u64,
        price: impl Fn(usize) -> Option<Quote>,
    ) -> Option<Standing> {
        let counted = &(fraction(1, 1) - &self.markets[m].params.profit_haircut);
        let counted_tokens = self.counted(&account.tokens, now);
        let mut all = Standing {
            equity: &account.margin + &counted_tokens.maintenance,
            for_opening: &account.margin + &counted_tokens.opening,
            losses: Span::zero(),
            notional: Span::zero(),
            initial: Span::zero(),
            maintenance: Span::zero(),
            counted: counted_tokens,
        };
        let (mut initial, mut maintenance) = (Vec::new(), Vec::new());
        for (perp, held) in &account.positions {
            let quote = price(self.markets[m].perps[*perp].config.feed)?;
            let pnl = self.pnl(m, *perp, held, &quote, now);
            let own = held.size.abs().scale(&quote.price).up(&unit());
            all.notional = all.notional + &own;
            let gain = pnl.positive_part();
            let loss = pnl.negative_part();
            let notional = held.size.abs().scale(&quote.price).up(&unit());
            all.equity = &all.equity + &pnl;
            all.for_opening = &all.for_opening + &gain.scale(counted).down(&unit()) - &loss;
            all.losses = all.losses + loss;
            let sign = whole(held.size.sign());
            let leg = |rate: &Span| Leg {
                feed: self.markets[m].perps[*perp].config.feed,
                margin: (&notional * rate).up(&unit()).scale(&sign),
            };
            initial.push(leg(&self.initial_rate(m, *perp)));
            maintenance.push(leg(&self.maintenance_rate(m, *perp)));
        }
        all.initial = self.requirement(m, &initial);
        all.maintenance = self.requirement(m, &maintenance);
        Some(all)
    }

    /// Whether all positions of an account have prices that mark it: fresh, and certain enough to liquidate by.
    pub(crate) fn marked(&self, m: usize, key: &AccountKey, now: u64) -> bool {
        let market = &self.markets[m];
        market.accounts.get(key).is_none_or(|account| {
            account.positions.keys().map(|perp| &market.perps[*perp].config).all(|config| {
                let quote = self.oracle.marking(config.feed, now);
                quote.is_some_and(|quote| quote.confidence <= config.liquidate_confidence)
            })
        })
    }
}
