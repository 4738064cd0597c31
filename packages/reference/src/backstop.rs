//! The backstop: deposits that buy seized collateral before there is an auction, each in proportion.

use std::collections::BTreeMap;

use num_traits::Signed;

use crate::bank::SDUSD;
use crate::liquidator::{plan_sale, Auction, LIQUIDATOR};
use crate::model::Model;
use crate::number::{price_step, ten, unit, whole, Q};
use crate::span::{Holds, Span};
use crate::verdict::{Trial, NO_FUNDS};

const DAY: u64 = 86_400;

/// Somebody who has put sdUSD up.
#[derive(Clone, Debug)]
pub(crate) struct Depositor {
    /// Worth now, with its fraction.
    pub(crate) deposit: Span,
    /// Collateral to claim, by vault, with its fraction.
    pub(crate) gains: Vec<Span>,
    /// What was asked for, and when.
    pub(crate) request: Option<(Q, u64)>,
}

/// All of them.
#[derive(Clone, Debug)]
pub(crate) struct Backstop {
    /// Deposits and the dust that roundings left.
    pub(crate) total: Span,
    /// By name.
    pub(crate) depositors: BTreeMap<String, Depositor>,
    /// By vault: collateral that is held, the day of the last purchase, and what was paid in it.
    pub(crate) vaults: Vec<(Span, u64, Span)>,
    /// Owner of the flagged position by vault.
    pub(crate) flags: BTreeMap<usize, String>,
}

impl Backstop {
    pub(crate) fn new(vaults: usize) -> Self {
        Self {
            total: Span::zero(),
            depositors: BTreeMap::new(),
            vaults: vec![(Span::zero(), 0, Span::zero()); vaults],
            flags: BTreeMap::new(),
        }
    }

    /// Paid for a vault's collateral today.
    pub(crate) fn absorbed(&self, vault: usize, now: u64) -> Span {
        let (_, day, absorbed) = &self.vaults[vault];
        if *day == now / DAY {
            absorbed.clone()
        } else {
            Span::zero()
        }
    }

    /// Everybody pays a part of `cost`, and gets a part of what it buys: as much as of the deposits is theirs.
    fn buy(&mut self, vault: usize, now: u64, bought: &Span, cost: &Span) {
        let near = ten(6).recip();
        let all = self.total.max(&Span::whole(1));
        let left = (&self.total - cost).positive_part();
        for depositor in self.depositors.values_mut() {
            let gained = (&depositor.deposit * bought).over(&all).near(&near);
            depositor.gains[vault] = &depositor.gains[vault] + &gained.positive_part();
            depositor.deposit = (&depositor.deposit * &left).over(&all).near(&near).positive_part();
        }
        let absorbed = self.absorbed(vault, now) + cost;
        let held = &self.vaults[vault].0 + bought;
        self.vaults[vault] = (held, now / DAY, absorbed);
        self.total = left;
    }

    /// Somebody's deposit and gains in whole units: fractions stay with all.
    fn touch(&mut self, who: &str) -> &mut Depositor {
        let vaults = self.vaults.len();
        let none = || Depositor { deposit: Span::zero(), gains: vec![Span::zero(); vaults], request: None };
        let found = self.depositors.entry(who.to_string()).or_insert_with(none);
        found.deposit = found.deposit.cut(&unit());
        for gain in &mut found.gains {
            *gain = gain.cut(&unit());
        }
        found
    }

    /// Who has nothing left is forgotten.
    fn leave(&mut self, who: &str) {
        let empty = |depositor: &Depositor| {
            depositor.deposit.is_zero() && depositor.gains.iter().all(|gain| gain.is_zero())
        };
        if self.depositors.get(who).is_some_and(empty) {
            let _ = self.depositors.remove(who);
        }
    }
}

impl Model {
    pub(crate) fn back(&mut self, trial: &mut Trial, payer: &str, owner: &str, amount: &Q) -> Option<()> {
        let amount = Span::exact(amount.clone());
        trial.at_least(NO_FUNDS, &self.bank.balance(SDUSD, payer), &amount);
        trial.at_least("E0005", &amount, &Span::whole(1));
        let backstop = &mut self.liquidator.backstop;
        trial.at_least("E0004", &Span::exact(ten(21)), &(&backstop.total + &amount));
        let depositor = backstop.touch(owner);
        depositor.deposit = &depositor.deposit + &amount;
        backstop.total = &backstop.total + &amount;
        self.bank.pay(SDUSD, payer, LIQUIDATOR, &amount);
        Some(())
    }

    pub(crate) fn claim(
        &mut self,
        trial: &mut Trial,
        who: &str,
        only: Option<usize>,
        recipient: &str,
    ) -> Option<()> {
        let backstop = &mut self.liquidator.backstop;
        trial.must("E0007", backstop.depositors.contains_key(who))?;
        let depositor = backstop.touch(who);
        let mut sent = Vec::new();
        for (vault, gain) in depositor.gains.iter_mut().enumerate() {
            if only.is_none_or(|only| only == vault) {
                sent.push((vault, core::mem::replace(gain, Span::zero())));
            }
        }
        let all: Span = sent.iter().map(|(_, gain)| gain.clone()).sum();
        trial.at_least("E0322", &all, &Span::whole(1));
        backstop.leave(who);
        for (vault, gain) in sent {
            let held = &mut self.liquidator.backstop.vaults[vault].0;
            *held = &*held - &gain;
            let token = self.pool.vaults[vault].config.token.clone();
            self.bank.pay(&token, LIQUIDATOR, recipient, &gain);
        }
        Some(())
    }

    pub(crate) fn request_withdrawal(
        &mut self,
        trial: &mut Trial,
        now: u64,
        who: &str,
        amount: &Q,
    ) -> Option<()> {
        trial.must("E0004", amount.is_positive() && *amount <= ten(21))?;
        let found = self.liquidator.backstop.depositors.get_mut(who);
        trial.must("E0007", found.is_some())?;
        found?.request = Some((amount.clone(), now));
        Some(())
    }

    pub(crate) fn withdraw_backing(&mut self, trial: &mut Trial, now: u64, who: &str) -> Option<()> {
        let request = self.liquidator.backstop.depositors.get(who).and_then(|found| found.request.clone());
        trial.must("E0007", request.is_some())?;
        let (asked, requested_at) = request?;
        let ready_at = requested_at + self.liquidator.config.withdrawal_delay;
        trial.must("E0520", now >= ready_at)?;
        trial.must("E0521", now <= ready_at + self.liquidator.config.withdrawal_window)?;
        trial.must("E0419", now >= self.oracle.quiet_until())?;
        let mut held = self.pool.vaults.iter().filter(|vault| vault.amount.high().is_positive());
        trial.must("E0206", held.all(|vault| self.oracle.marking(vault.config.feed, now).is_some()))?;
        for (vault, owner) in self.liquidator.backstop.flags.clone() {
            let (below, _) = self.seizable(trial, now, vault, &owner)?;
            trial.note("E0522", !below);
        }
        self.liquidator.backstop.flags.clear();

        let backstop = &mut self.liquidator.backstop;
        let depositor = backstop.touch(who);
        depositor.request = None;
        let amount = Span::exact(asked).min(&depositor.deposit);
        trial.at_least("E0005", &amount, &Span::whole(1));
        depositor.deposit = &depositor.deposit - &amount;
        backstop.total = &backstop.total - &amount;
        backstop.leave(who);
        self.bank.pay(SDUSD, LIQUIDATOR, who, &amount);
        Some(())
    }

    pub(crate) fn flag(&mut self, trial: &mut Trial, now: u64, vault: usize, owner: &str) -> Option<()> {
        trial.must("E0301", vault < self.pool.vaults.len())?;
        let (below, debt) = self.seizable(trial, now, vault, owner)?;
        trial.note("E0313", below);
        if let Some(before) = self.liquidator.backstop.flags.get(&vault).cloned() {
            let (still, owed) = self.seizable(trial, now, vault, &before)?;
            trial.note("E0009", !still.and(owed.at_least(&debt)));
        }
        self.liquidator.backstop.flags.insert(vault, owner.to_string());
        Some(())
    }

    /// Whether a position could be seized now, and what it owes. A price that is not good ends the trial.
    fn seizable(&self, trial: &mut Trial, now: u64, n: usize, owner: &str) -> Option<(Holds, Span)> {
        let mut synced = self.clone();
        synced.sync(now);
        let price = synced.vault_price(n, now);
        trial.must("E0206", price.is_some())?;
        let vault = &synced.pool.vaults[n];
        let Some(position) = synced.pool.positions.get(&(n, owner.to_string())) else {
            return Some((Holds::No, Span::zero()));
        };
        let debt = position.debt.up(&unit());
        let value = vault.value(&vault.worth(&position.shares), &price?).down(&unit());
        let below = value.below(&debt.scale(&vault.config.liquidation_ratio));
        Some((below.and(debt.at_least(&Span::whole(1))), debt.positive_part()))
    }

    /// What may be seized of a vault: by auction, and by the backstop.
    pub(crate) fn room(&self, n: usize, now: u64) -> (Span, Span) {
        let config = &self.liquidator.config;
        let left = |hole: &Q, outstanding: Span| (Span::exact(hole.clone()) - outstanding).positive_part();
        let all = left(&config.hole, self.liquidator.outstanding(None));
        let auction = all.min(&left(&config.limits[n].hole, self.liquidator.outstanding(Some(n))));
        let backstop = &self.liquidator.backstop;
        let weight: Span = self.pool.vaults.iter().map(|vault| vault.weight.clone()).sum();
        let cap = weight.scale(&config.limits[n].daily).down(&unit()) - backstop.absorbed(n, now);
        (auction, backstop.total.min(&cap.positive_part()))
    }

    /// The backstop buys of what was seized; whether it did.
    pub(crate) fn absorb(&mut self, now: u64, auction: &mut Auction, price: &Q, payment: &Span) -> bool {
        let n = auction.vault;
        let owed = &auction.tab + &auction.penalty;
        let least = Span::exact(auction.sold.dust.clone()).min(&owed).max(&Span::whole(1));
        let discounted = Span::exact(price * (whole(1) - &self.liquidator.config.limits[n].discount));
        let per_unit = discounted.up(&price_step()).over_exact(&ten(self.pool.vaults[n].config.decimals));
        let mut aside = Trial::default();
        aside.at_least("dust", payment, &least);
        let most = auction.lot.high().clone();
        let sale = if aside.must_refuse() {
            None
        } else {
            plan_sale(&mut aside, auction, &per_unit, &most, payment)
        };
        let unsure = aside.may_refuse() && !aside.must_refuse();
        let bought = sale.filter(|_| !aside.must_refuse() && (!unsure || self.hints.absorbed.is_some()));
        let Some(sale) = bought else { return false };
        self.book_sale(auction, &sale);
        self.bank.debit(SDUSD, LIQUIDATOR, &sale.cost);
        self.liquidator.backstop.buy(n, now, &sale.bought, &sale.cost);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{usd, Story};
    use crate::message::{LiquidatorMessage, Message};

    fn send(message: LiquidatorMessage) -> Message {
        Message::Liquidator(message)
    }

    /// Anna owes 20,000 USD on 1,000 ATOM; bert has put 16,000 up for himself and 4,000 for kate.
    fn backed() -> Story {
        let mut story = Story::provided();
        for (amount, owner) in [(16_000, None), (4_000, Some("kate"))] {
            let owner = owner.map(String::from);
            story.accepted("bert", send(LiquidatorMessage::Back { amount: usd(amount), owner }));
        }
        story.wait(1);
        story.prices(&[39, 100, 100]);
        story
    }

    #[test]
    fn everybody_pays_and_gets_a_part_and_no_more_than_a_hundredth_of_the_pool_is_spent_in_a_day() {
        let mut story = backed();
        let seize = LiquidatorMessage::LiquidatePosition { vault: 0, owner: "anna".into() };
        story.accepted("kate", send(seize));
        // a hundredth of 11,000 ATOM at 100 USD, at 39 less a tenth: 11,000 ÷ 35.1 = 313.390313…
        let backstop = &story.model.liquidator.backstop;
        let (held, _, absorbed) = &backstop.vaults[0];
        assert_eq!(held, &Span::whole(313_390_313));
        assert!(absorbed.low() <= &usd(11_000) && absorbed.high() > &(usd(11_000) - whole(36)));
        let (bert, kate) = (&backstop.depositors["bert"], &backstop.depositors["kate"]);
        let four = |part: &Span, all: &Span| (&part.scale(&whole(4)) - all).abs();
        assert!(four(&kate.deposit, &bert.deposit).high() < &whole(8));
        assert!(four(&kate.gains[0], &bert.gains[0]).high() < &whole(8));
        // the rest is for sale
        let auction = &story.model.liquidator.auctions[&1];
        assert!((&auction.tab - &Span::exact(usd(9_000))).abs().high() < &whole(40));
    }

    #[test]
    fn nobody_leaves_early_or_ahead_of_a_flagged_position() {
        let mut story = backed();
        let withdraw = || send(LiquidatorMessage::WithdrawBacking);
        assert_eq!(story.refused("bert", withdraw()), ["E0007"]);
        story.accepted("bert", send(LiquidatorMessage::RequestWithdrawal { amount: usd(1_000) }));
        assert_eq!(story.refused("bert", withdraw()), ["E0520"]);
        let flag = |owner: &str| send(LiquidatorMessage::Flag { vault: 0, owner: owner.into() });
        assert_eq!(story.refused("kate", flag("bert")), ["E0313"]);
        story.accepted("kate", flag("anna"));
        story.wait(60);
        story.prices(&[39, 100, 100]);
        assert_eq!(story.refused("bert", withdraw()), ["E0522"]);
        story.prices_of(0, 41);
        story.accepted("bert", withdraw());
        assert_eq!(story.model.liquidator.backstop.total, Span::exact(usd(19_000)));
        assert!(story.model.liquidator.backstop.flags.is_empty());
        assert_eq!(story.refused("bert", withdraw()), ["E0007"]);
    }
}
