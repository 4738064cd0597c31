//! What a trade costs or brings at one interval's prices, and the amount where that is exact.

use num_traits::{One, Signed, Zero};

use super::{Kind, Order, Synthetic};
use crate::impact::Exposures;
use crate::model::Model;
use crate::number::{price_step, ratio_step, ten, unit, whole, Q};
use crate::oracle::Quote;
use crate::span::{Holds, Span};

/// What an order would do.
pub(super) struct Trade {
    /// Base units.
    pub(super) amount: Q,
    /// Units of the asset that are owed more (a buy) or no longer.
    pub(super) quantity: Span,
    pub(super) fee: Span,
    /// What it costs, at least 0, or what it brings.
    pub(super) usd: Span,
}

/// Where one order meets its interval.
pub(super) struct Desk<'a> {
    model: &'a Model,
    own: &'a Synthetic,
    quote: &'a Quote,
    fee: &'a Q,
    pub(super) exposures: Exposures,
}

impl<'a> Desk<'a> {
    pub(super) fn open(
        model: &'a Model,
        own: &'a Synthetic,
        order: &'a Order,
        (quote, interval): (&'a Quote, u64),
    ) -> Self {
        Self { model, own, quote, fee: &order.fee, exposures: model.exposures_in(interval) }
    }

    /// ΔΦ of so many units owed more, at the interval's price.
    pub(super) fn premium(&self, units: &Span) -> Span {
        let delta = -&units.scale(&self.quote.price);
        self.model.premium_paid(&self.exposures, self.own.config.feed, &delta)
    }

    /// Exposures after it.
    pub(super) fn after(&self, units: &Span) -> Exposures {
        let mut after = self.exposures.clone();
        let entry = after.entry(self.own.config.feed).or_insert_with(Span::zero);
        *entry = &*entry - &units.scale(&self.quote.price).either(&unit());
        after
    }

    /// ⌈Δq·P·(1 + confidence)⌉ + ΔΦ + ⌈fee⌉, at least 0.
    pub(super) fn buy(&self, amount: &Q) -> Trade {
        let tokens = Span::exact(amount.clone());
        let quantity = self.own.quantity_of(&(&self.own.supply + &tokens)) - self.own.quantity();
        let price = Span::exact(&self.quote.price * (whole(1) + &self.quote.confidence)).ceil(&price_step());
        let value = (&quantity * &price).ceil(&unit());
        let fee = value.scale(self.fee).ceil(&unit());
        let usd = (value + &fee + self.premium(&quantity)).positive_part();
        Trade { amount: amount.clone(), quantity, fee, usd }
    }

    /// ⌊Δq·P·(1 − confidence)⌋ − ΔΦ − ⌈fee⌉.
    pub(super) fn sell(&self, amount: &Q) -> Trade {
        let tokens = Span::exact(amount.clone());
        let quantity = self.own.quantity() - self.own.quantity_of(&(&self.own.supply - &tokens));
        let price = Span::exact(&self.quote.price * (whole(1) - &self.quote.confidence)).cut(&price_step());
        let value = (&quantity * &price).cut(&unit());
        let fee = value.scale(self.fee).ceil(&unit());
        let usd = value - self.premium(&-&quantity) - &fee;
        Trade { amount: amount.clone(), quantity, fee, usd }
    }

    /// The trade of an order and whether it fills. `told` is the amount that a contract has traded: the model goes on with it where it is
    /// one that its roundings allow.
    pub(super) fn trade(&self, kind: &Kind, told: Option<&Q>) -> Option<(Trade, Holds)> {
        let at_least = |usd: &Span, least: &Q| usd.at_least(&Span::exact(least.clone()));
        match kind {
            Kind::BuyFor { paid, least } => {
                let paid = Span::exact(paid.clone());
                let fits = |amount: &Q| paid.at_least(&self.buy(amount).usd);
                let largest =
                    |amount: &&Q| fits(amount) != Holds::No && fits(&(*amount + whole(1))) != Holds::Yes;
                let amount = match told.filter(largest) {
                    Some(amount) => amount.clone(),
                    None => largest_below(&self.most_for(&paid), |amount| fits(amount) == Holds::Yes),
                };
                let enough = amount >= *least && amount.is_positive();
                Some((self.buy(&amount), enough.into()))
            }
            Kind::BuyExactly { paid, amount } => {
                let trade = self.buy(amount);
                let fits = Span::exact(paid.clone()).at_least(&trade.usd);
                Some((trade, fits))
            }
            Kind::SellAll { amount, least } => {
                let trade = self.sell(amount);
                let fits = at_least(&trade.usd, &least.clone().max(Q::one()));
                Some((trade, fits))
            }
            Kind::SellFor { amount: most, usd } => {
                let brings = |amount: &Q| at_least(&self.sell(amount).usd, usd);
                let fits = brings(most);
                if fits == Holds::No {
                    return None;
                }
                let smallest = |amount: &&Q| {
                    let fewer = *amount - whole(1);
                    *amount <= most && brings(amount) != Holds::No && brings(&fewer) != Holds::Yes
                };
                let amount = match told.filter(smallest) {
                    Some(amount) => amount.clone(),
                    None => {
                        largest_below(&(most - whole(1)), |amount| brings(amount) != Holds::Yes) + whole(1)
                    }
                };
                Some((Trade { usd: Span::exact(usd.clone()), ..self.sell(&amount) }, fits))
            }
        }
    }

    /// More than any rebate makes so much buy.
    fn most_for(&self, paid: &Span) -> Q {
        let units = paid.scale(&whole(2)).over_exact(&self.quote.price.clone().max(ten(30).recip()));
        self.own.tokens_for(&units).map_or_else(Q::zero, |tokens| tokens.high().ceil())
    }

    /// Base units that are worth so much at a price, rounded up: none where a token is owed nothing, or there is no price.
    pub(super) fn worth(own: &Synthetic, usd: &Span, price: &Span) -> Option<Span> {
        let priced = price.low().is_positive();
        let units = priced.then(|| usd.over(price).ceil(&ratio_step()))?;
        own.tokens_for(&units).map(|tokens| tokens.ceil(&whole(1)))
    }
}

/// The largest whole number up to `most` for which it holds; 0 counts as one.
fn largest_below(most: &Q, holds: impl Fn(&Q) -> bool) -> Q {
    let (mut low, mut high) = (Q::zero(), most.clone().max(Q::zero()).floor());
    while low < high {
        let middle = ((&low + &high + whole(1)) / whole(2)).floor();
        if holds(&middle) {
            low = middle;
        } else {
            high = middle - whole(1);
        }
    }
    low
}
