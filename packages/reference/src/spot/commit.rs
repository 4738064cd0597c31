//! Commits: what was sent is locked, and the order is bound to an interval.

use num_traits::Signed;

use super::{Kind, Order, Synthetic, SPOT};
use crate::bank::SDUSD;
use crate::config::PerpStatus;
use crate::message::{BuyExact, SellExact};
use crate::model::Model;
use crate::number::{ratio_step, ten, unit, whole, Q};
use crate::regime::Regime;
use crate::shortfall::Increase;
use crate::span::Span;
use crate::verdict::Trial;

/// Who commits, and who gets what it brings.
type Parties<'a> = (&'a str, &'a str);

/// Most that an amount may be.
fn most_tokens() -> Q {
    ten(30)
}

fn most_usd() -> Q {
    ten(21)
}

/// Units of an asset for so much at a price, rounded up.
pub(super) fn units_for(usd: &Q, price: &Q) -> Span {
    Span::exact(usd / price).ceil(&ratio_step())
}

impl Model {
    /// Keeper's part of a fee on a value, both rounded down.
    fn keeper_fee(&self, value: &Span, fee: &Q) -> Span {
        let share = self.spot.as_ref().map_or_else(|| whole(0), |spot| spot.params.keeper_share.clone());
        value.scale(fee).cut(&unit()).scale(&share).cut(&unit())
    }

    fn spot_intervals(&self, trial: &mut Trial, now: u64, expires_in: Option<u64>) -> Option<(u64, u64)> {
        let params = &self.spot.as_ref()?.params;
        self.oracle.intervals(trial, now, (params.order_delay, params.order_expiry), expires_in)
    }

    fn add_order(&mut self, k: usize, order: Order) -> Option<()> {
        let own = self.synthetic_mut(k)?;
        let number = own.next_order;
        own.next_order += 1;
        own.orders.push_back(Order { number, ..order });
        Some(())
    }

    pub(super) fn commit_buy(
        &mut self,
        trial: &mut Trial,
        now: u64,
        (owner, recipient): Parties<'_>,
        k: usize,
        (paid, exact): (&Q, &BuyExact),
        expires_in: Option<u64>,
    ) -> Option<()> {
        trial.must("E0005", paid.is_positive())?;
        trial.must("E0004", *paid <= most_usd())?;
        let locked = Span::exact(paid.clone());
        self.bank.send(trial, SDUSD, owner, SPOT, &locked);
        let own = self.synthetic(trial, k)?.clone();
        let (interval, last) = self.spot_intervals(trial, now, expires_in)?;
        let params = self.spot.as_ref()?.params.clone();
        let regime = self.regime(self.place_of_spot(), own.config.feed);
        let times = if regime >= Regime::Caution { 2 } else { 1 };
        let fee = &params.fee * whole(times);

        trial.must("E0602", own.config.status == PerpStatus::Open)?;
        trial.must("E0328", regime < Regime::Emergency)?;
        let quote = self.oracle.fresh(own.config.feed, self.oracle.config.trade, now).cloned();
        trial.must("E0206", quote.is_some())?;
        let quote = quote?;
        trial.must("E0207", quote.confidence <= own.config.trade_confidence)?;
        let (kind, amount) = match exact {
            BuyExact::In { least } => {
                // as much as it could be without premium and fee; the least as if the price were as bad as it may get
                let most = own.tokens_for(&units_for(paid, &quote.price))?.ceil(&whole(1));
                let worst = Span::exact(&quote.price * (whole(1) + &params.maximum_slippage));
                let worst = worst.ceil(&crate::number::price_step()).middle();
                let furthest = own.tokens_for(&units_for(paid, &worst))?.cut(&whole(1)).middle();
                let least = least.clone().unwrap_or(furthest);
                trial.must("E0004", least <= most_tokens())?;
                (Kind::BuyFor { paid: paid.clone(), least }, most)
            }
            BuyExact::Out { amount } => {
                trial.must("E0005", amount.is_positive())?;
                trial.must("E0004", *amount <= most_tokens())?;
                let kind = Kind::BuyExactly { paid: paid.clone(), amount: amount.clone() };
                (kind, Span::exact(amount.clone()))
            }
        };
        let notional = own.quantity_of(&amount).scale(&quote.price).cut(&unit());
        trial.at_least("E0405", &notional, &Span::exact(own.config.minimum_notional.clone()));
        let after = own.quantity_of(&(&own.supply + &own.reserved() + &amount));
        trial.must("E0423", after.high() <= &ten(15))?;
        let skew = after.scale(&quote.price).ceil(&unit());
        trial.at_least("E0406", &Span::exact(own.config.skew_cap.clone()), &skew);
        self.limits_of_a_buy(trial, now, k, &amount)?;

        let spot = self.spot.as_mut()?;
        spot.held = &spot.held + &locked;
        let keeper_fee = self.keeper_fee(&locked, &fee);
        let (owner, recipient) = (owner.into(), recipient.into());
        self.add_order(
            k,
            Order { number: 0, owner, recipient, kind, interval, last, fee, keeper_fee, reserved: amount },
        )
    }

    /// Premium caps, credit line and budgets, with all buys ahead of it counted.
    fn limits_of_a_buy(&self, trial: &mut Trial, now: u64, k: usize, amount: &Span) -> Option<()> {
        let spot = self.spot.as_ref()?;
        let with = |more: &Span| {
            let mut exposures = self.exposures_now();
            for (n, own) in spot.synthetics.iter().enumerate() {
                let Some(quote) = self.oracle.last(own.config.feed) else { continue };
                let own_more = if n == k { more.clone() } else { Span::zero() };
                let waiting = own.quantity_of(&(&own.supply + own.reserved() + own_more)) - own.quantity();
                if !waiting.is_zero() {
                    let entry = exposures.entry(own.config.feed).or_insert_with(Span::zero);
                    *entry = &*entry - &waiting.scale(&quote.price).either(&unit());
                }
            }
            exposures
        };
        let (before, after) = (with(&Span::zero()), with(amount));
        let caps = spot.synthetics.iter().map(|own| (own.config.feed, &own.config.premium_cap));
        self.within_premium_caps(trial, &before, &after, caps);
        let n = self.place_of_spot();
        trial.must("E0206", self.market_fresh(n, now))?;
        trial.at_least("E0316", &self.pool.markets[n].line, &self.used_at_worst(n, now));
        let own = &spot.synthetics[k];
        let ahead = own.quantity_of(&(&own.supply + own.reserved()));
        let units = own.quantity_of(&(&own.supply + own.reserved() + amount)) - ahead;
        let price = &self.oracle.last(own.config.feed)?.price;
        let increase = Increase {
            feed: own.config.feed,
            before: &before,
            halfway: &before,
            after: &after,
            step: units.middle() * price,
        };
        let _ = self.increase_within_budgets(trial, now, n, &increase);
        Some(())
    }

    pub(super) fn commit_sale(
        &mut self,
        trial: &mut Trial,
        now: u64,
        (owner, recipient): Parties<'_>,
        k: usize,
        (amount, exact): (&Q, &SellExact),
        expires_in: Option<u64>,
    ) -> Option<()> {
        trial.must("E0005", amount.is_positive())?;
        trial.must("E0004", *amount <= most_tokens())?;
        let own: Synthetic = self.synthetic(trial, k)?.clone();
        let locked = Span::exact(amount.clone());
        self.bank.send(trial, &own.config.symbol, owner, SPOT, &locked);
        let (interval, last) = self.spot_intervals(trial, now, expires_in)?;
        let params = self.spot.as_ref()?.params.clone();
        let price = self.oracle.last(own.config.feed).map_or_else(|| whole(0), |quote| quote.price.clone());
        let value = own.quantity_of(&locked).scale(&price).cut(&unit());
        let kind = match exact {
            SellExact::In { least } => {
                let furthest = value.scale(&(whole(1) - &params.maximum_slippage)).cut(&unit()).middle();
                let least = least.clone().unwrap_or(furthest);
                trial.must("E0004", least <= most_usd())?;
                Kind::SellAll { amount: amount.clone(), least }
            }
            SellExact::Out { usd } => {
                trial.must("E0005", usd.is_positive())?;
                trial.must("E0004", *usd <= most_usd())?;
                Kind::SellFor { amount: amount.clone(), usd: usd.clone() }
            }
        };
        let keeper_fee = self.keeper_fee(&value, &params.fee);
        let (owner, recipient, reserved) = (owner.into(), recipient.into(), Span::zero());
        let fee = params.fee;
        self.add_order(
            k,
            Order { number: 0, owner, recipient, kind, interval, last, fee, keeper_fee, reserved },
        )
    }
}
