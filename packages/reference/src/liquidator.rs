//! The liquidator: seizures start auctions, takers pay tab and penalty, what is missing is a shortfall.

use std::collections::BTreeMap;

use num_traits::Signed;

use crate::backstop::Backstop;
use crate::bank::SDUSD;
use crate::config::{AuctionConfig, Curve, LiquidatorConfig};
use crate::message::LiquidatorMessage;
use crate::model::Model;
use crate::notes::NoteAuction;
use crate::number::{fraction, price_step, ten, unit, whole, Q};
use crate::pool::Recoveries;
use crate::span::{Holds, Span};
use crate::verdict::{Trial, NO_FUNDS};

/// Name among the holders of tokens.
pub const LIQUIDATOR: &str = "liquidator";

/// One running auction.
#[derive(Clone, Debug)]
pub(crate) struct Auction {
    pub(crate) vault: usize,
    pub(crate) owner: String,
    pub(crate) lot: Span,
    pub(crate) tab: Span,
    pub(crate) penalty: Span,
    pub(crate) reward: Span,
    pub(crate) keeper: String,
    pub(crate) redoer: Option<String>,
    pub(crate) start_price: Span,
    pub(crate) started_at: u64,
    /// How it is sold: as when it last started.
    pub(crate) sold: AuctionConfig,
}

/// The liquidator.
#[derive(Clone, Debug)]
pub struct Liquidator {
    pub(crate) config: LiquidatorConfig,
    pub(crate) auctions: BTreeMap<u64, Auction>,
    pub(crate) next: u64,
    pub(crate) counters: Recoveries,
    pub(crate) backstop: Backstop,
    pub(crate) note_auctions: BTreeMap<u64, NoteAuction>,
    /// Number of the one that was started last.
    pub(crate) last_note: u64,
}

/// A power by repeated multiplication.
fn power(base: &Q, n: u64) -> Q {
    num_traits::pow(base.clone(), usize::try_from(n).unwrap_or(usize::MAX))
}

impl Curve {
    /// Part of the start price after so many seconds; 0 once it is below 10⁻¹⁸.
    fn part(&self, age: u64) -> Q {
        match self {
            Self::Linear(seconds) => {
                if age >= *seconds {
                    whole(0)
                } else {
                    whole(1) - Q::new(age.into(), (*seconds).into())
                }
            }
            Self::Stair(seconds, factor) => power(factor, (age / seconds).min(4_096)),
            Self::Exponential(seconds, factor) => {
                let along = Q::new((age % seconds).into(), (*seconds).into());
                power(factor, (age / seconds).min(4_096)) * (whole(1) - (whole(1) - factor) * along)
            }
        }
    }

    /// Roundings on the way, each by less than a step of 10⁻¹⁸ of the start price.
    fn roundings(&self, age: u64) -> Q {
        match self {
            Self::Linear(_) => whole(2),
            Self::Stair(seconds, _) if age < *seconds => whole(0),
            Self::Stair(seconds, _) | Self::Exponential(seconds, _) => whole(age / seconds + 3),
        }
    }
}

impl Liquidator {
    pub(crate) fn new(config: LiquidatorConfig) -> Self {
        let backstop = Backstop::new(config.auctions.len());
        Self {
            config,
            auctions: BTreeMap::new(),
            next: 1,
            counters: Recoveries::default(),
            backstop,
            note_auctions: BTreeMap::new(),
            last_note: 0,
        }
    }

    /// The record that the pool reads.
    pub(crate) fn recoveries(&self) -> Recoveries {
        let tab = self.auctions.values().map(|auction| auction.tab.clone()).sum();
        Recoveries { tab, ..self.counters.clone() }
    }

    /// What running auctions still have to bring, penalties included: all, or those of a vault.
    pub(crate) fn outstanding(&self, vault: Option<usize>) -> Span {
        let all = self.auctions.values().filter(|auction| vault.is_none_or(|vault| vault == auction.vault));
        all.map(|auction| &auction.tab + &auction.penalty).sum()
    }

    /// An auction's price now.
    pub(crate) fn price(&self, auction: &Auction, now: u64) -> Span {
        let age = now.saturating_sub(auction.started_at);
        let curve = &auction.sold.curve;
        let step = auction.start_price.high() / ten(18) * curve.roundings(age);
        auction.start_price.scale(&curve.part(age)).near(&step).down(&price_step()).positive_part()
    }

    pub(crate) fn needs_redo(&self, auction: &Auction, now: u64) -> Holds {
        let config = &auction.sold;
        if now.saturating_sub(auction.started_at) > config.tail {
            return Holds::Yes;
        }
        let least = auction.start_price.scale(&config.cusp);
        self.price(auction, now).below(&least)
    }
}

impl Model {
    pub(crate) fn liquidator_message(
        &mut self,
        trial: &mut Trial,
        now: u64,
        sender: &str,
        message: &LiquidatorMessage,
    ) -> Option<()> {
        match message {
            LiquidatorMessage::LiquidatePosition { vault, owner } => {
                self.start_auction(trial, now, sender, *vault, owner)
            }
            LiquidatorMessage::LiquidateAccounts { market, accounts } => {
                trial.must("E0508", *market < self.markets.len())?;
                trial.must("E0004", (1..=100).contains(&accounts.len()))?;
                self.liquidate(now, *market, accounts, sender);
                Some(())
            }
            LiquidatorMessage::Redo { auction } => self.redo(trial, now, sender, *auction),
            LiquidatorMessage::Take { auction, payment, amount, maximum_price, recipient } => {
                let take = Take {
                    auction: *auction,
                    payment,
                    amount,
                    maximum_price,
                    recipient: recipient.as_deref().unwrap_or(sender),
                };
                self.take(trial, now, sender, &take)
            }
            LiquidatorMessage::Back { amount, owner } => {
                self.back(trial, sender, owner.as_deref().unwrap_or(sender), amount)
            }
            LiquidatorMessage::Claim { vault, recipient } => {
                self.claim(trial, sender, *vault, recipient.as_deref().unwrap_or(sender))
            }
            LiquidatorMessage::RequestWithdrawal { amount } => {
                self.request_withdrawal(trial, now, sender, amount)
            }
            LiquidatorMessage::WithdrawBacking => self.withdraw_backing(trial, now, sender),
            LiquidatorMessage::Flag { vault, owner } => self.flag(trial, now, *vault, owner),
            LiquidatorMessage::StartNotes => self.start_notes(trial, now),
            LiquidatorMessage::RestartNotes { auction } => self.restart_notes(trial, now, *auction),
            LiquidatorMessage::Bid { auction, payment, claim } => {
                self.bid(trial, now, sender, *auction, (payment, claim))
            }
            LiquidatorMessage::SettleNotes { auction } => self.settle_notes(trial, now, *auction),
            LiquidatorMessage::RedeemNotes { notes, least, recipient } => {
                let recipient = recipient.as_deref().unwrap_or(sender);
                self.redeem_notes(trial, now, sender, (notes, least.as_ref()), recipient)
            }
        }
    }

    fn start_auction(
        &mut self,
        trial: &mut Trial,
        now: u64,
        keeper: &str,
        n: usize,
        owner: &str,
    ) -> Option<()> {
        trial.must("E0502", self.liquidator.config.stop_level < 1)?;
        trial.must("E0510", n < self.liquidator.config.auctions.len())?;
        let config = self.liquidator.config.auctions[n].clone();
        let (by_auction, by_backstop) = self.room(n, now);
        let worth = |room: &Span| *room.low() >= config.dust;
        let room = match (worth(&by_backstop), worth(&by_auction)) {
            (false, _) => by_auction,
            (true, false) => by_backstop.clone(),
            (true, true) => by_auction + &by_backstop,
        };
        trial.must("E0321", room.high().is_positive())?;
        let seized = self.seize(trial, now, n, owner, &room, &config.dust)?;
        let reward = Span::exact(config.tip.clone()) + seized.tab.scale(&config.chip).down(&unit());
        let mut auction = Auction {
            vault: n,
            owner: owner.to_string(),
            reward: reward.min(&seized.penalty),
            lot: seized.lot,
            tab: seized.tab,
            penalty: seized.penalty,
            keeper: keeper.to_string(),
            redoer: None,
            start_price: Span::exact(&seized.price * &config.buffer).up(&price_step()),
            started_at: now,
            sold: config,
        };
        let absorbed = self.absorb(now, &mut auction, &seized.price, &by_backstop);
        if absorbed && self.is_over(&auction, self.hints.absorbed == Some(true)) {
            self.end_auction(&auction);
            return Some(());
        }
        self.liquidator.auctions.insert(self.liquidator.next, auction);
        self.liquidator.next += 1;
        Some(())
    }

    fn redo(&mut self, trial: &mut Trial, now: u64, sender: &str, number: u64) -> Option<()> {
        trial.must("E0502", self.liquidator.config.stop_level < 2)?;
        let auction = self.liquidator.auctions.get(&number).cloned();
        trial.must("E0501", auction.is_some())?;
        let auction = auction?;
        trial.note("E0504", self.liquidator.needs_redo(&auction, now));
        let feed = self.pool.vaults[auction.vault].config.feed;
        let price = self.oracle.marking(feed, now).map(|quote| quote.price.clone());
        trial.must("E0206", price.is_some())?;
        let sold = self.liquidator.config.auctions[auction.vault].clone();
        let auction = self.liquidator.auctions.get_mut(&number)?;
        auction.start_price = Span::exact(price? * &sold.buffer).up(&price_step());
        auction.sold = sold;
        auction.started_at = now;
        auction.redoer = Some(sender.to_string());
        Some(())
    }

    fn take(&mut self, trial: &mut Trial, now: u64, payer: &str, take: &Take<'_>) -> Option<()> {
        trial.must("E0502", self.liquidator.config.stop_level < 3)?;
        trial.must("E0005", take.amount.is_positive())?;
        let auction = self.liquidator.auctions.get(&take.auction).cloned();
        trial.must("E0501", auction.is_some())?;
        let mut auction = auction?;
        let payment = Span::exact(take.payment.clone());
        trial.at_least(NO_FUNDS, &self.bank.balance(SDUSD, payer), &payment);
        trial.note("E0503", !self.liquidator.needs_redo(&auction, now));
        let price = self.liquidator.price(&auction, now);
        trial.at_least("E0505", &Span::exact(take.maximum_price.clone()), &price);
        trial.must("E0503", price.low().is_positive())?;

        let config = &self.pool.vaults[auction.vault].config;
        let (token, scale) = (config.token.clone(), ten(config.decimals));
        let per_unit = price.over_exact(&scale);
        let sale = plan_sale(trial, &auction, &per_unit, take.amount, &payment)?;

        self.bank.debit(SDUSD, payer, &sale.cost);
        self.bank.pay(&token, LIQUIDATOR, take.recipient, &sale.bought);
        self.book_sale(&mut auction, &sale);
        if self.is_over(&auction, self.hints.ended.contains(&take.auction)) {
            self.liquidator.auctions.remove(&take.auction);
            self.end_auction(&auction);
        } else {
            self.liquidator.auctions.insert(take.auction, auction);
        }
        Some(())
    }

    /// The tab first, then the penalty, and out of that the keepers.
    pub(crate) fn book_sale(&mut self, auction: &mut Auction, sale: &Sale) {
        let recovered = sale.cost.min(&auction.tab);
        let penalty = &sale.cost - &recovered;
        let reward = penalty.min(&auction.reward).positive_part();
        auction.lot = &auction.lot - &sale.bought;
        auction.tab = &auction.tab - &recovered;
        auction.penalty = &auction.penalty - &penalty;
        auction.reward = &auction.reward - &reward;
        let counters = &mut self.liquidator.counters;
        counters.recovered = &counters.recovered + &recovered;
        counters.penalties = &counters.penalties + &penalty;
        counters.tips = &counters.tips + &reward;
        self.pay_keepers(auction, &reward);
    }

    /// Whether nothing is owed or nothing is left; where that is not sure, as the contract says.
    fn is_over(&self, auction: &Auction, told: bool) -> bool {
        let nothing = |left: &Span| Span::zero().at_least(left);
        match (nothing(&auction.lot), nothing(&(&auction.tab + &auction.penalty))) {
            (Holds::Yes, _) | (_, Holds::Yes) => true,
            (Holds::No, Holds::No) => false,
            _ => told,
        }
    }

    /// The starter's reward, half of it to who reset it last.
    fn pay_keepers(&mut self, auction: &Auction, reward: &Span) {
        let Some(redoer) = &auction.redoer else {
            return self.bank.credit(SDUSD, &auction.keeper, reward);
        };
        let half = reward.scale(&fraction(1, 2)).down(&unit()).positive_part();
        self.bank.credit(SDUSD, redoer, &half);
        self.bank.credit(SDUSD, &auction.keeper, &(reward - &half));
    }

    fn end_auction(&mut self, auction: &Auction) {
        let counters = &mut self.liquidator.counters;
        counters.shortfalls = &counters.shortfalls + &auction.tab.positive_part();
        let surplus = auction.lot.positive_part();
        let token = self.pool.vaults[auction.vault].config.token.clone();
        self.bank.pay(&token, LIQUIDATOR, &auction.owner, &surplus);
    }
}

/// What a take buys.
pub(crate) struct Sale {
    pub(crate) bought: Span,
    pub(crate) cost: Span,
}

/// The least of what is asked for, the lot, what is owed ÷ price (rounded up, so that all of it is paid) and what the
/// payment covers (rounded down); and where that would leave something, but less than the dust, the most that leaves the
/// dust. It costs its value, rounded up, and never more than what is owed.
pub(crate) fn plan_sale(
    trial: &mut Trial,
    auction: &Auction,
    per_unit: &Span,
    amount: &Q,
    payment: &Span,
) -> Option<Sale> {
    let value = |amount: &Span| (amount * per_unit).up(&unit());
    let amount_for = |value: &Span| value.over(per_unit);
    let owed = &auction.tab + &auction.penalty;
    let wanted = Span::exact(amount.clone()).min(&auction.lot);
    let by_amount = Sale { cost: value(&wanted), bought: wanted };
    let by_debt = Sale { cost: owed.clone(), bought: amount_for(&owed).up(&unit()) };
    let sellable = either(owed.at_least(&by_amount.cost), by_amount, by_debt);
    let affordable = amount_for(payment).down(&unit()).positive_part();
    let by_payment = Sale { cost: value(&affordable).min(payment), bought: affordable };
    let sale = either(payment.at_least(&sellable.cost), sellable, by_payment);
    trial.at_least("E0507", &sale.bought, &Span::whole(1));

    let dust = Span::exact(auction.sold.dust.clone());
    let left = &owed - &sale.cost;
    let some_left = (!Span::zero().at_least(&left)).and(left.below(&dust));
    let leaves_dust = sale.bought.below(&auction.lot).and(some_left);
    if leaves_dust == Holds::No {
        return Some(sale);
    }
    let most = amount_for(&(&owed - &dust).positive_part()).down(&unit()).positive_part();
    let enough = most.at_least(&Span::whole(1));
    trial.note(
        "E0506",
        if leaves_dust == Holds::Unsure && enough == Holds::No { Holds::Unsure } else { enough },
    );
    let smaller = Sale { cost: value(&most), bought: most };
    Some(either(leaves_dust, smaller, sale))
}

/// The first where it holds, the second where it does not, both where that is not sure.
fn either(holds: Holds, first: Sale, second: Sale) -> Sale {
    match holds {
        Holds::Yes => first,
        Holds::No => second,
        Holds::Unsure => Sale { bought: first.bought.or(&second.bought), cost: first.cost.or(&second.cost) },
    }
}

struct Take<'a> {
    auction: u64,
    payment: &'a Q,
    amount: &'a Q,
    maximum_price: &'a Q,
    recipient: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{usd, Story};
    use crate::message::{Message, PoolMessage};

    #[test]
    fn curves_fall_as_they_say() {
        let factor = fraction(99, 100);
        let stair = Curve::Stair(20, factor.clone());
        assert_eq!(
            [stair.part(19), stair.part(20), stair.part(59)],
            [whole(1), factor.clone(), &factor * &factor]
        );
        let smooth = Curve::Exponential(20, factor.clone());
        assert_eq!([smooth.part(10), smooth.part(40)], [fraction(199, 200), &factor * &factor]);
        let linear = Curve::Linear(100);
        assert_eq!(
            [linear.part(25), linear.part(100), linear.part(101)],
            [fraction(3, 4), whole(0), whole(0)]
        );
    }

    /// Anna's 1,000 ATOM with a debt of 20,000 USD are in an auction that starts at 42.90 USD; bert has 30,000 USD.
    fn auction() -> Story {
        let mut story = Story::provided();
        story.wait(1);
        story.prices(&[39, 100, 100]);
        let seize = LiquidatorMessage::LiquidatePosition { vault: 0, owner: "anna".into() };
        story.accepted("kate", Message::Liquidator(seize));
        story
    }

    fn take(payment: i64, amount: i64, maximum_price: i64) -> Message {
        Message::Liquidator(LiquidatorMessage::Take {
            auction: 1,
            payment: usd(payment),
            amount: usd(amount),
            maximum_price: usd(maximum_price),
            recipient: None,
        })
    }

    #[test]
    fn a_partial_take_leaves_no_dust() {
        let mut story = auction();
        assert_eq!(story.refused("bert", take(21_995, 1_000, 42)).first(), Some(&"E0505"));
        // 21,995 of 22,000 USD would leave 5: 21,990 / 42.90 = 512.587412… ATOM leave 10 and less than a base unit's worth
        story.accepted("bert", take(21_995, 1_000, 43));
        let auction = &story.model.liquidator.auctions[&1];
        assert!(auction.tab.is_zero() && auction.reward.is_zero());
        assert_eq!(auction.lot.middle(), usd(1_000) - whole(512_587_412));
        assert!(auction.penalty.low() >= &usd(10) && auction.penalty.high() < &(usd(10) + whole(50)));
        // of 10 USD with a dust of 10 nothing but all can be taken
        assert_eq!(story.refused("bert", take(9, 1_000, 43)), ["E0506"]);
    }

    #[test]
    fn what_the_whole_lot_does_not_bring_is_a_shortfall() {
        let mut story = auction();
        let fallen = story.model.liquidator.auctions.get_mut(&1).unwrap();
        fallen.start_price = Span::exact(usd(10));
        story.accepted("bert", take(20_000, 1_000, 10));
        let counters = story.model.liquidator.recoveries();
        assert_eq!(
            (counters.recovered, counters.shortfalls),
            (Span::exact(usd(10_000)), Span::exact(usd(10_000)))
        );
        // nothing came in for the penalty, so the keeper gets nothing; bert's position takes the rest of the loss
        assert!(story.model.bank.balance(SDUSD, "kate").is_zero());
        story.accepted("bert", Message::Pool(PoolMessage::Sync));
        assert_eq!(story.model.pool.ledger.vault_debt, Span::exact(usd(40_000)));
        assert!(story.model.pool.ledger.bad_debt.is_zero());
    }

    #[test]
    fn an_old_auction_begins_again_and_shares_its_reward() {
        let mut story = auction();
        let redo = Message::Liquidator(LiquidatorMessage::Redo { auction: 1 });
        assert_eq!(story.refused("carl", redo.clone()), ["E0504"]);
        story.wait(1_501);
        story.prices(&[50, 100, 100]);
        assert_eq!(story.refused("bert", take(22_000, 1_000, 99)).first(), Some(&"E0503"));
        story.accepted("carl", redo);
        assert_eq!(story.model.liquidator.auctions[&1].start_price.middle(), usd(55));
        story.accepted("bert", take(22_000, 1_000, 55));
        for who in ["kate", "carl"] {
            assert!(
                story.model.bank.balance(SDUSD, who).near(&whole(1)).holds(&(usd(25) / whole(2))),
                "{who}"
            );
        }
    }
}
