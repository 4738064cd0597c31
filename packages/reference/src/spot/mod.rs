//! Synthetics: tokens that owe a quantity of an asset, bought and sold against the pool (chapter 19).

use std::collections::{BTreeMap, VecDeque};

use num_traits::Signed;

use crate::bank::SDUSD;
use crate::config::{SpotParams, SyntheticConfig};
use crate::market::Funding;
use crate::message::SpotMessage;
use crate::model::Model;
use crate::number::{ratio_step, redemption_step, ten, unit, whole, Q};
use crate::oracle::Quote;
use crate::span::{Holds, Span};
use crate::verdict::Trial;

mod collect;
mod commit;
mod desk;
mod settle;
#[cfg(test)]
mod tests;

/// Name among the holders of tokens.
pub const SPOT: &str = "spot";

/// What an order does, and what it has locked for it.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// As many tokens as so much pays for.
    BuyFor { paid: Q, least: Q },
    /// So many tokens for at most so much.
    BuyExactly { paid: Q, amount: Q },
    /// So many tokens.
    SellAll { amount: Q, least: Q },
    /// At most so many tokens for so much.
    SellFor { amount: Q, usd: Q },
}

impl Kind {
    /// sdUSD that is locked.
    pub(crate) fn paid(&self) -> Q {
        match self {
            Self::BuyFor { paid, .. } | Self::BuyExactly { paid, .. } => paid.clone(),
            Self::SellAll { .. } | Self::SellFor { .. } => whole(0),
        }
    }

    /// Tokens that are locked.
    pub(crate) fn tokens(&self) -> Q {
        match self {
            Self::BuyFor { .. } | Self::BuyExactly { .. } => whole(0),
            Self::SellAll { amount, .. } | Self::SellFor { amount, .. } => amount.clone(),
        }
    }

    /// What it names beside.
    pub(crate) fn bound(&self) -> Q {
        match self {
            Self::BuyFor { least: bound, .. }
            | Self::BuyExactly { amount: bound, .. }
            | Self::SellAll { least: bound, .. }
            | Self::SellFor { usd: bound, .. } => bound.clone(),
        }
    }
}

/// One order that waits.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) number: u64,
    pub(crate) owner: String,
    pub(crate) recipient: String,
    pub(crate) kind: Kind,
    pub(crate) interval: u64,
    pub(crate) last: u64,
    /// Of its notional.
    pub(crate) fee: Q,
    pub(crate) keeper_fee: Span,
    /// Tokens that it has room for under the cap.
    pub(crate) reserved: Span,
}

/// A perpetual's funding as the last message that touched the synthetics found it.
#[derive(Clone, Debug)]
pub(crate) struct Carried {
    funding: Funding,
    /// Days that it had run by then.
    ran: Span,
}

/// One synthetic.
#[derive(Clone, Debug)]
pub(crate) struct Synthetic {
    pub(crate) config: SyntheticConfig,
    /// Base units that are owed.
    pub(crate) supply: Span,
    /// R.
    pub(crate) redemption: Span,
    /// F of its perpetual when it was last turned into quantity.
    pub(crate) index: Span,
    pub(crate) carried: Option<Carried>,
    pub(crate) orders: VecDeque<Order>,
    pub(crate) next_order: u64,
    /// The oldest order that may wait.
    pub(crate) head: u64,
}

impl Synthetic {
    fn new(config: SyntheticConfig) -> Self {
        Self {
            config,
            supply: Span::zero(),
            redemption: Span::whole(1),
            index: Span::zero(),
            carried: None,
            orders: VecDeque::new(),
            next_order: 0,
            head: 0,
        }
    }

    /// q = ⌊T·R⌋ of so many base units.
    pub(crate) fn quantity_of(&self, tokens: &Span) -> Span {
        (tokens * &self.redemption).scale(&ten(self.config.decimals).recip()).cut(&ratio_step())
    }

    /// What all its tokens are owed.
    pub(crate) fn quantity(&self) -> Span {
        self.quantity_of(&self.supply)
    }

    /// Base units that are owed so many units of the asset, unrounded; none where a token is owed nothing.
    pub(crate) fn tokens_for(&self, units: &Span) -> Option<Span> {
        let owed = self.redemption.low().is_positive();
        owed.then(|| units.scale(&ten(self.config.decimals)).over(&self.redemption))
    }

    /// Base units that buys which wait have room for.
    pub(crate) fn reserved(&self) -> Span {
        self.orders.iter().map(|order| order.reserved.clone()).sum()
    }

    /// Base units that sales which wait have locked.
    pub(crate) fn locked(&self) -> Span {
        self.orders.iter().map(|order| Span::exact(order.kind.tokens())).sum()
    }
}

/// The contract of synthetics.
#[derive(Clone, Debug)]
pub struct Spot {
    pub(crate) params: SpotParams,
    pub(crate) synthetics: Vec<Synthetic>,
    /// sdUSD that was paid in and not taken out.
    pub(crate) held: Span,
    pub(crate) drawn: Span,
    pub(crate) fees: Span,
    /// sdUSD that people can collect.
    pub(crate) claims: BTreeMap<String, Span>,
    /// When funding was last turned into quantity.
    pub(crate) touched_at: u64,
    /// Until when it is known how it goes on; after that it stands still.
    pub(crate) until: Span,
}

impl Spot {
    pub(crate) fn new(params: SpotParams, synthetics: Vec<SyntheticConfig>) -> Self {
        Self {
            params,
            synthetics: synthetics.into_iter().map(Synthetic::new).collect(),
            held: Span::zero(),
            drawn: Span::zero(),
            fees: Span::zero(),
            claims: BTreeMap::new(),
            touched_at: 0,
            until: Span::zero(),
        }
    }

    pub(crate) fn quantity_of_feed(&self, feed: usize) -> Span {
        let of = |own: &&Synthetic| own.config.feed == feed;
        self.synthetics.iter().filter(of).map(Synthetic::quantity).sum()
    }

    pub(crate) fn feeds_in_use(&self) -> Vec<usize> {
        let owes = |own: &&Synthetic| !own.quantity().is_zero();
        self.synthetics.iter().filter(owes).map(|own| own.config.feed).collect()
    }

    /// sdUSD that buys which wait have locked.
    pub(crate) fn locked(&self) -> Span {
        let orders = self.synthetics.iter().flat_map(|own| &own.orders);
        orders.map(|order| Span::exact(order.kind.paid())).sum()
    }

    /// Σ of what can be collected.
    pub(crate) fn claimed(&self) -> Span {
        self.claims.values().cloned().sum()
    }

    /// ΔF of a synthetic's perpetual since it was last turned into quantity, as it was known then.
    fn moved(&self, own: &Synthetic, now: u64) -> Span {
        let Some(carried) = &own.carried else { return Span::zero() };
        let since = (Span::whole(now).min(&self.until) - Span::whole(self.touched_at)).positive_part();
        let ran = &carried.ran + &since.over_exact(&whole(86_400));
        carried.funding.index_after(&ran) - carried.funding.index_after(&carried.ran)
    }

    /// Somebody is owed so much.
    pub(crate) fn credit(&mut self, who: &str, amount: &Span) {
        if !amount.is_zero() {
            let claim = self.claims.entry(who.into()).or_insert_with(Span::zero);
            *claim = &*claim + amount;
        }
    }
}

impl Model {
    /// base + Σ q·P + Σ q·ΔF, rounded down once, at prices that `price` gives of a quote and what is owed of the feed.
    pub(crate) fn reported_by_spot(&self, now: u64, price: impl Fn(&Quote, i8) -> Span) -> Span {
        let Some(spot) = &self.spot else { return Span::zero() };
        let mut sum = spot.claimed() + spot.locked() - &spot.held;
        for own in &spot.synthetics {
            let quantity = own.quantity();
            let quote = self.oracle.last(own.config.feed);
            let price = quote.map_or_else(Span::zero, |quote| price(quote, quantity.sign()));
            sum = sum + &quantity * &(price + spot.moved(own, now));
        }
        sum.down(&unit())
    }

    /// Turns funding into quantity: R ← ⌊R·(1 + ΔF/P)⌋ at the board's last price, at least 0.
    fn touch(&mut self, now: u64) {
        let Some(mut spot) = self.spot.take() else { return };
        let mut lasts = Span::whole(u32::MAX);
        for own in &mut spot.synthetics {
            let Some((m, perp)) = own.config.funding else { continue };
            let index = self.funding_index(m, perp, now);
            let moved = &index - &own.index;
            if let Some(quote) = self.oracle.last(own.config.feed).filter(|_| !moved.is_zero()) {
                let level = (quote.index() + moved).positive_part();
                own.redemption = (&own.redemption * &level).over_exact(&quote.price).cut(&redemption_step());
            }
            own.index = index;
            let ran = self.funded_days(m, now);
            let market = &self.markets[m];
            if !own.quantity().is_zero() {
                let known = &market.until - &Span::whole(market.sampled_at);
                lasts = lasts.min(&(known - ran.scale(&whole(86_400))).positive_part());
            }
            own.carried = Some(Carried { funding: market.perps[perp].funding.clone(), ran });
        }
        spot.touched_at = now;
        spot.until = Span::whole(now) + lasts;
        self.spot = Some(spot);
    }

    /// Owes somebody so much: paid at once while the pool has no bad debt and so much is held, else to be collected. Where that can't be
    /// told it may be either.
    fn pay_out(&mut self, who: &str, amount: &Span) {
        let calm = Holds::from(self.pool.in_bad_debt.is_zero());
        let Some(spot) = &mut self.spot else { return };
        let at_once = calm.and(spot.held.at_least(amount));
        let none = Span::zero();
        let (paid, owed) = match at_once {
            Holds::Yes => (amount.clone(), none),
            Holds::No => (none, amount.clone()),
            Holds::Unsure => (amount.or(&none), amount.or(&none)),
        };
        spot.held = &spot.held - &paid;
        spot.credit(who, &owed);
        self.bank.pay(SDUSD, SPOT, who, &paid);
    }

    pub(crate) fn spot_message(
        &mut self,
        trial: &mut Trial,
        now: u64,
        sender: &str,
        message: &SpotMessage,
    ) -> Option<()> {
        trial.must("spot", self.spot.is_some())?;
        match message {
            SpotMessage::Buy { synthetic, paid, exact, expires_in, recipient } => {
                let recipient = recipient.as_deref().unwrap_or(sender);
                self.commit_buy(trial, now, (sender, recipient), *synthetic, (paid, exact), *expires_in)
            }
            SpotMessage::Sell { synthetic, amount, exact, expires_in, recipient } => {
                let recipient = recipient.as_deref().unwrap_or(sender);
                self.commit_sale(trial, now, (sender, recipient), *synthetic, (amount, exact), *expires_in)
            }
            SpotMessage::Settle { synthetic, limit } => {
                self.settle_synthetic(trial, now, sender, *synthetic, *limit)
            }
            SpotMessage::Cancel { synthetic, order } => {
                self.cancel_synthetic(trial, now, sender, *synthetic, *order)
            }
            SpotMessage::Collect { amount, recipient, accepted } => {
                let recipient = recipient.as_deref().unwrap_or(sender);
                self.collect_claim(trial, now, sender, amount.as_ref(), (recipient, accepted))
            }
            SpotMessage::Sweep { synthetic } => self.sweep_synthetic(trial, now, *synthetic),
            SpotMessage::Poke => {
                self.touch(now);
                Some(())
            }
        }
    }

    /// A synthetic: `E0601` where there is none.
    fn synthetic(&self, trial: &mut Trial, k: usize) -> Option<&Synthetic> {
        let found = self.spot.as_ref()?.synthetics.get(k);
        trial.must("E0601", found.is_some())?;
        found
    }

    fn synthetic_mut(&mut self, k: usize) -> Option<&mut Synthetic> {
        self.spot.as_mut()?.synthetics.get_mut(k)
    }
}
