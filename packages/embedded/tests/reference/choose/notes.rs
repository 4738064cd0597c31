//! Who sells, buys, redeems and burns recovery notes.

use sdp_types::liquidator::NoteAuctionResponse;
use sdp_types::Rounding;

use super::prices::tick;
use super::{held, holder, Dice, EVERYBODY, KEEPERS};
use crate::step::{Step, Who};
use crate::twin::Twin;

/// Whether the pool, as it booked it last, has more bad debt than insurance and running auctions can meet.
pub fn short_of_money(twin: &Twin) -> bool {
    missing(twin) > 0
}

fn missing(twin: &Twin) -> u128 {
    let ledger = &twin.view.book.ledger;
    let lots: u128 = twin.view.note_auctions.iter().map(|auction| auction.lot.raw()).sum();
    ledger.bad_debt.raw().saturating_sub(ledger.insurance.raw()).saturating_sub(lots)
}

/// An auction, sometimes as of what stands now.
pub fn sell(dice: &mut Dice) -> Vec<Step> {
    let mut steps = vec![Step::StartNotes { who: dice.pick(&KEEPERS) }];
    if dice.percent(20) {
        steps.insert(0, Step::Sync { who: "sven" });
    }
    steps
}

fn any(twin: &Twin, dice: &mut Dice, with_bid: bool) -> Option<NoteAuctionResponse> {
    let all = &twin.view.note_auctions;
    let fitting: Vec<_> = all.iter().filter(|auction| auction.bidder.is_some() == with_bid).collect();
    if fitting.is_empty() || dice.percent(8) {
        return all.get(dice.index(all.len())).cloned();
    }
    Some(fitting[dice.index(fitting.len())].clone())
}

/// One bid, or two against each other.
pub fn bid(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let with_bid = dice.percent(50);
    let Some(auction) = any(twin, dice, with_bid) else {
        return vec![Step::Bid { who: holder(twin, dice), auction: dice.below(3), payment: 1, claim: 1 }];
    };
    let lot = auction.lot.raw();
    let able: Vec<Who> = EVERYBODY.into_iter().filter(|who| held(twin, "sdusd", who) >= lot).collect();
    let who = if able.is_empty() || dice.percent(5) { holder(twin, dice) } else { dice.pick(&able) };
    let payment = match dice.below(20) {
        0 => lot.saturating_sub(1),
        1 => dice.part(lot),
        2..=5 => lot + u128::from(dice.below(5_000_000)),
        _ => lot,
    };
    let most = auction.most.raw();
    let claim = match dice.below(20) {
        0 => most + 1,
        1 => dice.part(most),
        2 => 0,
        3..=8 => most,
        _ => most / 1_000 * u128::from(700 + dice.below(300)),
    };
    let mut steps = Vec::new();
    if auction.bidder.is_some() && dice.percent(10) {
        // too late
        steps.push(Step::Wait(auction.ends_at.saturating_sub(twin.now())));
    }
    let auction = if dice.percent(3) { 77 } else { auction.auction };
    steps.push(Step::Bid { who, auction, payment, claim });
    if !able.is_empty() && dice.percent(40) {
        let claim = claim / 1_000 * u128::from(900 + dice.below(80));
        steps.push(Step::Bid { who: dice.pick(&able), auction, payment: lot, claim });
    }
    steps
}

/// Prices go on until then, mostly.
fn until(twin: &Twin, dice: &mut Dice, time: u64) -> Vec<Step> {
    let wait = time.saturating_sub(twin.now());
    if wait == 0 || dice.percent(15) {
        return vec![];
    }
    let mut steps = tick(twin, dice);
    steps[0] = Step::Wait(wait);
    steps
}

pub fn settle(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let who = dice.pick(&KEEPERS);
    let Some(auction) = any(twin, dice, true) else {
        return vec![Step::SettleNotes { who, auction: dice.below(3) }];
    };
    let mut steps = until(twin, dice, auction.ends_at);
    steps.push(Step::SettleNotes { who, auction: auction.auction });
    if dice.percent(50) {
        steps.push(Step::Sync { who });
    }
    steps
}

/// After so long without a bid; sometimes somebody has given what was missing.
pub fn restart(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let who = dice.pick(&KEEPERS);
    let Some(auction) = any(twin, dice, false) else {
        return vec![Step::RestartNotes { who, auction: dice.below(3) }];
    };
    let mut steps = until(twin, dice, auction.ends_at);
    if dice.percent(40) {
        let all = missing(twin) + auction.lot.raw();
        let part = if dice.percent(70) { all } else { dice.modest(all) };
        let able = EVERYBODY.into_iter().find(|who| held(twin, "sdusd", who) >= part);
        let giver = able.unwrap_or_else(|| holder(twin, dice));
        steps.push(Step::Insure { who: giver, amount: part.min(held(twin, "sdusd", giver)) });
    }
    steps.push(Step::RestartNotes { who, auction: auction.auction });
    steps
}

/// Whether anybody has notes.
pub fn held_by_somebody(twin: &Twin) -> bool {
    EVERYBODY.into_iter().any(|who| held(twin, "sdnote", who) > 0)
}

fn note_holder(twin: &Twin, dice: &mut Dice) -> (Who, u128) {
    let all: Vec<Who> = EVERYBODY.into_iter().filter(|who| held(twin, "sdnote", who) > 0).collect();
    let who = if all.is_empty() { dice.pick(&EVERYBODY) } else { dice.pick(&all) };
    (who, held(twin, "sdnote", who))
}

pub fn redeem(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let (who, all) = note_holder(twin, dice);
    let notes = if dice.percent(30) { all } else { dice.modest(all) };
    let set_aside = twin.view.book.ledger.set_aside;
    let outstanding = twin.view.book.recoveries.notes_outstanding();
    // as of the last sync
    let part =
        set_aside.fraction(notes, outstanding.raw().max(1), Rounding::Down).map_or(0, |part| part.raw());
    let part = part.min(notes) + u128::from(dice.below(3)).saturating_sub(1);
    let other = dice.pick(&EVERYBODY);
    let (least, to) = (dice.maybe(40, part), dice.maybe(15, other));
    let mut steps = Vec::new();
    if dice.percent(30) {
        steps.push(Step::Sync { who: "sven" });
    }
    steps.push(Step::RedeemNotes { who, notes, least, to });
    steps
}

/// A holder gives a part of his notes up, or to somebody else.
pub fn burn_notes(twin: &Twin, dice: &mut Dice) -> Step {
    let (who, all) = note_holder(twin, dice);
    let amount = dice.modest(all) / 3;
    if dice.percent(40) {
        return Step::Transfer { who, token: "sdnote", to: dice.pick(&EVERYBODY), amount };
    }
    Step::BurnNotes { who, amount }
}
