//! Recovery notes: auctions in which the least claim wins, what is set aside of insurance's income, and redemption in proportion.

use num_traits::Signed;

use crate::bank::{SDNOTE, SDUSD};
use crate::config::NotesConfig;
use crate::liquidator::LIQUIDATOR;
use crate::model::Model;
use crate::number::{unit, whole, Q};
use crate::span::{Holds, Span};
use crate::verdict::{Trial, NO_FUNDS};

/// One running auction.
#[derive(Clone, Debug)]
pub(crate) struct NoteAuction {
    /// What the winner pays.
    pub(crate) lot: Span,
    /// The least claim so far.
    pub(crate) claim: Span,
    /// Whose it is.
    pub(crate) bidder: Option<String>,
    /// The bid stands, or without one it may begin again.
    pub(crate) ends_at: u64,
    /// As it was sold when it last began.
    pub(crate) sold: NotesConfig,
}

impl NoteAuction {
    /// The most that the next bid may claim: a step, rounded up, below the last one.
    pub(crate) fn most(&self) -> Span {
        match self.bidder {
            None => self.claim.clone(),
            Some(_) => &self.claim - &self.claim.scale(&self.sold.step).ceil(&unit()),
        }
    }
}

impl Model {
    /// Notes that are neither redeemed nor known to be burnt.
    pub(crate) fn notes_outstanding(&self) -> Span {
        let counters = &self.liquidator.counters;
        (&counters.notes_issued - &counters.notes_redeemed).positive_part()
    }

    /// Σ over running auctions: lots, claims, lots that are paid.
    pub(crate) fn notes_on_auction(&self) -> (Span, Span, Span) {
        let all = self.liquidator.note_auctions.values();
        let paid = all.clone().filter(|auction| auction.bidder.is_some());
        (
            all.clone().map(|auction| auction.lot.clone()).sum(),
            all.map(|auction| auction.claim.clone()).sum(),
            paid.map(|auction| auction.lot.clone()).sum(),
        )
    }

    /// Bad debt, as the pool last booked it, that neither all of insurance nor auctions nor notes already sold will meet.
    fn missing(&self) -> Span {
        let ledger = &self.pool.ledger;
        let booked = &self.pool.recoveries.notes_paid;
        let on_its_way = &self.liquidator.counters.notes_paid - booked + self.notes_on_auction().0;
        (&ledger.bad_debt - &ledger.insurance - on_its_way).positive_part()
    }

    /// An auction of `lot` that begins with `claim`, or with what the ceiling leaves for it.
    fn begin_notes(&mut self, trial: &mut Trial, now: u64, number: u64, lot: Span, claim: &Span) {
        let sold = self.liquidator.config.notes.clone();
        let claims = self.notes_outstanding() + self.notes_on_auction().1;
        let room = (Span::exact(sold.ceiling.clone()) - claims).positive_part();
        let claim = claim.min(&room);
        trial.at_least("E0526", &claim, &lot);
        let ends_at = now + sold.auction_seconds;
        let auction = NoteAuction { lot, claim, bidder: None, ends_at, sold };
        self.liquidator.note_auctions.insert(number, auction);
    }

    pub(crate) fn start_notes(&mut self, trial: &mut Trial, now: u64) -> Option<()> {
        let config = self.liquidator.config.notes.clone();
        let lot = self.missing().min(&Span::exact(config.lot));
        trial.at_least("E0322", &lot, &Span::whole(1));
        self.liquidator.last_note += 1;
        let claim = lot.scale(&config.start).cut(&unit());
        self.begin_notes(trial, now, self.liquidator.last_note, lot, &claim);
        Some(())
    }

    /// A larger claim for what is still missing of the lot; nothing missing, no auction.
    pub(crate) fn restart_notes(&mut self, trial: &mut Trial, now: u64, number: u64) -> Option<()> {
        let found = self.liquidator.note_auctions.get(&number);
        trial.must("E0007", found.is_some())?;
        trial.must("E0528", found.is_some_and(|found| found.bidder.is_none() && now >= found.ends_at))?;
        let before = self.liquidator.note_auctions.remove(&number)?;
        let lot = before.lot.min(&self.missing());
        if lot.is_zero() {
            return Some(());
        }
        let part = (&before.claim * &lot).over(&before.lot).cut(&unit());
        let claim = part.scale(&self.liquidator.config.notes.raise).cut(&unit());
        self.begin_notes(trial, now, number, lot, &claim);
        Some(())
    }

    pub(crate) fn bid(
        &mut self,
        trial: &mut Trial,
        now: u64,
        payer: &str,
        number: u64,
        (payment, claim): (&Q, &Q),
    ) -> Option<()> {
        let payment = Span::exact(payment.clone());
        trial.at_least(NO_FUNDS, &self.bank.balance(SDUSD, payer), &payment);
        let found = self.liquidator.note_auctions.get_mut(&number);
        trial.must("E0007", found.is_some())?;
        let auction = found?;
        trial.at_least("E0530", &payment, &auction.lot);
        trial.must("E0527", auction.bidder.is_none() || now < auction.ends_at)?;
        trial.must("E0005", claim.is_positive())?;
        let claim = Span::exact(claim.clone());
        trial.at_least("E0529", &auction.most(), &claim);
        auction.claim = claim;
        auction.ends_at = now + auction.sold.bid_seconds;
        let lot = auction.lot.clone();
        if let Some(before) = auction.bidder.replace(payer.to_string()) {
            self.bank.pay(SDUSD, LIQUIDATOR, &before, &lot);
        }
        self.bank.pay(SDUSD, payer, LIQUIDATOR, &lot);
        Some(())
    }

    pub(crate) fn settle_notes(&mut self, trial: &mut Trial, now: u64, number: u64) -> Option<()> {
        let found = self.liquidator.note_auctions.get(&number).cloned();
        trial.must("E0007", found.is_some())?;
        let NoteAuction { lot, claim, bidder, ends_at, .. } = found?;
        trial.must("E0322", bidder.is_some())?;
        trial.must("E0528", now >= ends_at)?;
        self.liquidator.note_auctions.remove(&number);
        let counters = &mut self.liquidator.counters;
        counters.notes_paid = &counters.notes_paid + &lot;
        counters.notes_issued = &counters.notes_issued + &claim;
        self.bank.debit(SDUSD, LIQUIDATOR, &lot);
        self.bank.credit(SDNOTE, &bidder?, &claim);
        Some(())
    }

    /// Each note for its part of what is set aside, at most a micro-USD. What its holders have burnt by themselves is found now.
    pub(crate) fn redeem_notes(
        &mut self,
        trial: &mut Trial,
        now: u64,
        holder: &str,
        (notes, least): (&Q, Option<&Q>),
        recipient: &str,
    ) -> Option<()> {
        let notes = Span::exact(notes.clone());
        let held = self.bank.balance(SDNOTE, holder).at_least(&notes);
        trial.must(NO_FUNDS, held == Holds::Yes)?;
        trial.must("E0005", !notes.is_zero())?;
        self.bank.debit(SDNOTE, holder, &notes);
        let left = self.bank.supply(SDNOTE);
        let counters = &mut self.liquidator.counters;
        counters.notes_redeemed = &counters.notes_issued - &left;

        self.sync(now);
        let ledger = &mut self.pool.ledger;
        let part = (&notes * &ledger.set_aside).over(&(&left + &notes)).cut(&unit());
        let paid = notes.min(&part);
        trial.at_least("E0005", &paid, &Span::whole(1));
        let least = Span::exact(least.cloned().unwrap_or_else(|| whole(0)));
        trial.at_least("E0343", &paid, &least);
        ledger.set_aside = &ledger.set_aside - &paid;
        ledger.supply = &ledger.supply + &paid;
        // nobody claims that any more
        let beyond = (&ledger.set_aside - &left).positive_part();
        ledger.set_aside = &ledger.set_aside - &beyond;
        ledger.insurance = &ledger.insurance + &beyond;
        self.bank.credit(SDUSD, recipient, &paid);
        self.collapse();
        Some(())
    }

    /// The notes' share of what insurance has grown by since `insured`, as far as they are not covered.
    pub(crate) fn set_aside(&mut self, insured: &Span) {
        let uncovered = (self.notes_outstanding() - &self.pool.ledger.set_aside).positive_part();
        let ledger = &mut self.pool.ledger;
        let income = (&ledger.insurance - insured).positive_part();
        let amount = income.scale(&self.pool.config.note_share).cut(&unit()).min(&uncovered);
        ledger.insurance = &ledger.insurance - &amount;
        ledger.set_aside = &ledger.set_aside + &amount;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{usd, Story};
    use crate::message::{LiquidatorMessage, Message, PoolMessage};

    fn send(message: LiquidatorMessage) -> Message {
        Message::Liquidator(message)
    }

    fn bid(auction: u64, payment: i64, claim: i64) -> Message {
        send(LiquidatorMessage::Bid { auction, payment: usd(payment), claim: usd(claim) })
    }

    fn redeem(notes: i64, least: Option<Q>) -> Message {
        send(LiquidatorMessage::RedeemNotes { notes: usd(notes), least, recipient: None })
    }

    fn sync() -> Message {
        Message::Pool(PoolMessage::Sync)
    }

    /// 5,000 of bad debt beside 1,000 of insurance, whose limit leaves all of it: lots of 1,000, from twice that, by 5 %.
    fn broken() -> Story {
        let mut story = Story::provided();
        let losses = crate::config::LossLimits { draw_cap: whole(0), loss_budget: whole(0) };
        story.model.pool.config.losses = Some(losses);
        let ledger = &mut story.model.pool.ledger;
        ledger.bad_debt = Span::exact(usd(5_000));
        ledger.insurance = Span::exact(usd(1_000));
        // what is on neither side was minted
        ledger.supply = &ledger.supply + Span::exact(usd(4_000));
        story.model.bank.credit(SDUSD, "zed", &Span::exact(usd(4_000)));
        story
    }

    /// Bert holds 1,500 notes for 1,000.
    fn sold() -> Story {
        let mut story = broken();
        story.accepted("kate", send(LiquidatorMessage::StartNotes));
        story.accepted("anna", bid(1, 1_200, 2_000));
        story.accepted("bert", bid(1, 1_000, 1_500));
        story.wait(3_600);
        story.prices(&[100, 100, 100]);
        story.accepted("kate", send(LiquidatorMessage::SettleNotes { auction: 1 }));
        story
    }

    fn earns(story: &mut Story, penalties: i64) {
        let counters = &mut story.model.liquidator.counters;
        counters.penalties = &counters.penalties + &Span::exact(usd(penalties));
        // whoever paid them
        story.model.bank.debit(SDUSD, "zed", &Span::exact(usd(penalties)));
        story.accepted("kate", sync());
    }

    #[test]
    fn the_least_claim_wins_and_what_it_paid_meets_bad_debt() {
        let mut story = broken();
        story.accepted("kate", send(LiquidatorMessage::StartNotes));
        story.accepted("anna", bid(1, 1_200, 2_000));
        assert_eq!(story.model.bank.balance(SDUSD, "anna"), Span::exact(usd(19_000)));
        assert_eq!(story.refused("bert", bid(1, 1_000, 1_901)), ["E0529"]);
        assert_eq!(story.refused("bert", bid(1, 999, 1_900)), ["E0530"]);
        assert_eq!(story.refused("bert", bid(2, 1_000, 1_900)), ["E0007"]);
        story.accepted("bert", bid(1, 1_000, 1_500));
        assert_eq!(story.model.bank.balance(SDUSD, "anna"), Span::exact(usd(20_000)));
        let settle = || send(LiquidatorMessage::SettleNotes { auction: 1 });
        assert_eq!(story.refused("kate", settle()), ["E0528"]);
        story.wait(3_600);
        assert_eq!(story.refused("carl", bid(1, 1_000, 1_000)).last(), Some(&"E0527"));
        story.prices(&[100, 100, 100]);
        story.accepted("kate", settle());
        assert_eq!(story.model.bank.balance(SDNOTE, "bert"), Span::exact(usd(1_500)));
        story.accepted("kate", sync());
        assert_eq!(story.model.pool.ledger.bad_debt, Span::exact(usd(4_000)));
        assert_eq!(story.model.pool.losses.notes, Span::exact(usd(1_000)));
    }

    #[test]
    fn no_more_is_sold_than_is_missing_nor_for_more_than_the_ceiling() {
        let mut story = broken();
        story.model.liquidator.config.notes.lot = usd(3_000);
        let start = || send(LiquidatorMessage::StartNotes);
        story.accepted("kate", start());
        story.accepted("kate", start());
        let lots: Vec<_> = story.model.liquidator.note_auctions.values().map(|a| a.lot.clone()).collect();
        assert_eq!(lots, [Span::exact(usd(3_000)), Span::exact(usd(1_000))]);
        assert_eq!(story.refused("kate", start()), ["E0322"]);
        // a ceiling of 10,000 leaves 4,000 beside 6,000 and 2,000
        let restart = |auction| send(LiquidatorMessage::RestartNotes { auction });
        assert_eq!(story.refused("kate", restart(1)), ["E0528"]);
        story.wait(86_400);
        story.accepted("kate", restart(1));
        assert_eq!(story.model.liquidator.note_auctions[&1].claim, Span::exact(usd(8_000)));
        // beside 8,000 on auction there is no room for 1,000
        story.model.liquidator.config.notes.ceiling = usd(8_999);
        assert_eq!(story.refused("kate", restart(2)), ["E0526"]);
        story.model.pool.ledger.bad_debt = Span::exact(usd(4_000));
        story.accepted("kate", restart(2));
        assert!(
            !story.model.liquidator.note_auctions.contains_key(&2),
            "insurance and the other auction meet all"
        );
    }

    #[test]
    fn half_of_the_income_is_set_aside_and_paid_in_proportion() {
        let mut story = sold();
        earns(&mut story, 600);
        let ledger = &story.model.pool.ledger;
        assert_eq!(
            (&ledger.set_aside, &ledger.insurance),
            (&Span::exact(usd(300)), &Span::exact(usd(1_300)))
        );
        assert_eq!(story.refused("bert", redeem(500, Some(usd(100) + whole(1)))), ["E0343"]);
        story.accepted("bert", redeem(500, Some(usd(100))));
        assert_eq!(story.model.pool.ledger.set_aside, Span::exact(usd(200)));
        // half of 2,000 covers more than what is left
        earns(&mut story, 2_000);
        assert_eq!(story.model.pool.ledger.set_aside, Span::exact(usd(1_000)));
        // 400 of them are burnt by their holder
        story.accepted("bert", Message::BurnOwn { token: SDNOTE.into(), amount: usd(400) });
        let insured = story.model.pool.ledger.insurance.clone();
        story.accepted("bert", redeem(100, None));
        let ledger = &story.model.pool.ledger;
        assert_eq!(ledger.set_aside, Span::exact(usd(500)));
        assert_eq!(ledger.insurance, insured + Span::exact(usd(400)));
        assert_eq!(story.refused("bert", redeem(501, None)), [NO_FUNDS]);
        assert_eq!(story.refused("bert", redeem(0, None)), ["E0005"]);
    }
}
