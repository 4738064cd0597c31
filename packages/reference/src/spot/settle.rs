//! Settlement in commit order: each order fills at the price of its interval, or is refused.

use super::desk::{Desk, Trade};
use super::{Kind, Order, Synthetic, SPOT};
use crate::config::PerpStatus;
use crate::model::Model;
use crate::number::{price_step, unit, whole};
use crate::oracle::{Binding, Quote};
use crate::regime::Regime;
use crate::span::{Holds, Span};
use crate::verdict::Trial;

impl Model {
    pub(super) fn settle_synthetic(
        &mut self,
        trial: &mut Trial,
        now: u64,
        keeper: &str,
        k: usize,
        limit: u32,
    ) -> Option<()> {
        trial.must("E0004", (1..=100).contains(&limit))?;
        self.synthetic(trial, k)?;
        self.touch(now);
        let mut done = 0;
        while done < limit {
            let own = self.synthetic(trial, k)?;
            if own.head >= own.next_order {
                break;
            }
            let head = own.head;
            // a cancelled order leaves a hole
            if let Some(order) = own.orders.front().filter(|order| order.number == head).cloned() {
                let empty = self.spot.as_ref()?.params.maximum_empty_intervals;
                let last = order.last.min(order.interval + empty);
                let (feed, widest) = (own.config.feed, own.config.settle_confidence.clone());
                match self.oracle.binding(feed, &widest, order.interval..=last, now) {
                    Binding::Waits => break,
                    Binding::Void => self.refuse_synthetic(keeper, k, &order)?,
                    Binding::At(quote, interval) => {
                        self.fill_or_refuse(keeper, k, &order, &quote, interval)?;
                    }
                }
            }
            self.synthetic_mut(k)?.head += 1;
            done += 1;
        }
        trial.must("E0322", done > 0)?;
        self.touch(now);
        Some(())
    }

    /// What an order has locked is free, and it waits no longer.
    pub(super) fn release(&mut self, k: usize, number: u64) -> Option<()> {
        self.synthetic_mut(k)?.orders.retain(|order| order.number != number);
        Some(())
    }

    fn fill_or_refuse(
        &mut self,
        keeper: &str,
        k: usize,
        order: &Order,
        quote: &Quote,
        interval: u64,
    ) -> Option<()> {
        let own = self.spot.as_ref()?.synthetics.get(k)?.clone();
        let told = self.hints.traded.get(&(k, order.number)).cloned();
        let desk = Desk::open(self, &own, order, (quote, interval));
        let planned = desk.trade(&order.kind, told.as_ref()).map(|(trade, fits)| {
            let allowed = fits.and(self.buy_allowed(&own, order, &desk, &trade));
            (trade, allowed)
        });
        let fills = match planned {
            Some((trade, Holds::Yes)) => Some(trade),
            Some((trade, Holds::Unsure)) if told.is_some() => Some(trade),
            _ => None,
        };
        match fills {
            Some(trade) => self.fill_synthetic(keeper, k, order, &trade),
            None => self.refuse_synthetic(keeper, k, order),
        }
    }

    /// A buy fills while the synthetic is open and, under close-only, where it lowers Φ and the markets' shortfall; in an emergency not.
    fn buy_allowed(&self, own: &Synthetic, order: &Order, desk: &Desk<'_>, trade: &Trade) -> Holds {
        if matches!(order.kind, Kind::SellAll { .. } | Kind::SellFor { .. }) {
            return Holds::Yes;
        }
        let open = Holds::from(own.config.status == PerpStatus::Open);
        match self.regime(self.place_of_spot(), own.config.feed) {
            Regime::Normal | Regime::Caution => open,
            Regime::Emergency => Holds::No,
            Regime::CloseOnly => {
                let less = desk.premium(&trade.quantity).below(&Span::zero());
                let (before, after) = (&desk.exposures, desk.after(&trade.quantity));
                open.and(less).and(self.shortfall(&after).below(&self.shortfall(before)))
            }
        }
    }

    fn fill_synthetic(&mut self, keeper: &str, k: usize, order: &Order, trade: &Trade) -> Option<()> {
        self.release(k, order.number)?;
        let amount = Span::exact(trade.amount.clone());
        let own = self.synthetic_mut(k)?;
        let symbol = own.config.symbol.clone();
        let spot = self.spot.as_mut()?;
        let share = |part| trade.fee.scale(part).cut(&unit());
        let (insurance, reward) = (share(&spot.params.insurance_share), share(&spot.params.keeper_share));
        spot.fees = &spot.fees + &insurance;
        spot.credit(keeper, &reward);
        let own = spot.synthetics.get_mut(k)?;
        if matches!(order.kind, Kind::BuyFor { .. } | Kind::BuyExactly { .. }) {
            own.supply = &own.supply + &amount;
            self.bank.credit(&symbol, &order.recipient, &amount);
            self.pay_out(&order.owner, &(Span::exact(order.kind.paid()) - &trade.usd));
        } else {
            own.supply = &own.supply - &amount;
            self.bank.debit(&symbol, SPOT, &amount);
            self.bank.pay(&symbol, SPOT, &order.owner, &(Span::exact(order.kind.tokens()) - &amount));
            self.pay_out(&order.recipient, &trade.usd);
        }
        Some(())
    }

    /// Refunded less the keeper's fee, which a sale gives in tokens that are worth as much at the last price's lower edge.
    fn refuse_synthetic(&mut self, keeper: &str, k: usize, order: &Order) -> Option<()> {
        self.release(k, order.number)?;
        let own = self.spot.as_ref()?.synthetics.get(k)?;
        let symbol = own.config.symbol.clone();
        let paid = Span::exact(order.kind.paid());
        let mut fee = order.keeper_fee.clone();
        if paid.is_zero() {
            let tokens = Span::exact(order.kind.tokens());
            let low = self.oracle.last(own.config.feed).map(|quote| {
                let edge = Span::exact(&quote.price * (whole(1) - &quote.confidence));
                edge.cut(&price_step())
            });
            let given = low.and_then(|low| Desk::worth(own, &fee, &low));
            let given = given.filter(|given| tokens.at_least(given) == Holds::Yes);
            if given.is_none() {
                fee = Span::zero();
            }
            let given = given.unwrap_or_else(Span::zero);
            let own = self.synthetic_mut(k)?;
            own.supply = &own.supply - &given;
            self.bank.debit(&symbol, SPOT, &given);
            self.bank.pay(&symbol, SPOT, &order.owner, &(tokens - given));
        } else {
            self.pay_out(&order.owner, &(paid - &fee));
        }
        self.spot.as_mut()?.credit(keeper, &fee);
        Some(())
    }
}
