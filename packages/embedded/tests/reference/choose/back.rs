//! What depositors of the backstop do, and who watches them.

use super::keep::{below_ratio, seize};
use super::prices::tick;
use super::provide::position;
use super::{held, holder, Dice, EVERYBODY, KEEPERS};
use crate::step::{Step, Who};
use crate::twin::Twin;

pub fn back(twin: &Twin, dice: &mut Dice) -> Step {
    let who = holder(twin, dice);
    let amount = dice.modest(held(twin, "sdusd", who)) / if dice.percent(60) { 5 } else { 1 };
    let other = dice.pick(&EVERYBODY);
    Step::Back { who, amount, owner: dice.maybe(15, other) }
}

fn depositor(twin: &Twin, dice: &mut Dice) -> (Who, u128) {
    let all = &twin.view.depositors;
    if all.is_empty() || dice.percent(5) {
        return (dice.pick(&EVERYBODY), 0);
    }
    let found = all[dice.index(all.len())];
    (found.who, found.worth)
}

pub fn claim(twin: &Twin, dice: &mut Dice) -> Step {
    let with_gains: Vec<Who> =
        twin.view.depositors.iter().filter(|backer| backer.gains).map(|backer| backer.who).collect();
    let any = depositor(twin, dice).0;
    let who = if with_gains.is_empty() || dice.percent(10) { any } else { dice.pick(&with_gains) };
    let (vault, other) = (dice.index(3), dice.pick(&EVERYBODY));
    Step::Claim { who, vault: dice.maybe(30, vault), to: dice.maybe(20, other) }
}

pub fn request(twin: &Twin, dice: &mut Dice) -> Step {
    let (who, worth) = depositor(twin, dice);
    let amount = if dice.percent(40) { worth } else { dice.part(worth) };
    Step::RequestWithdrawal { who, amount }
}

/// Somebody's withdrawal, if one waits: in time with fresh prices, or whenever.
pub fn withdraw(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let backers = twin.view.depositors.iter();
    let waiting: Vec<_> = backers.filter_map(|backer| Some((backer.who, backer.request?))).collect();
    if waiting.is_empty() && !twin.view.depositors.is_empty() && dice.percent(80) {
        // asks first, and comes in time
        let asked = request(twin, dice);
        let Step::RequestWithdrawal { who, .. } = asked else { return vec![asked] };
        let mut steps = vec![asked];
        steps.push(Step::Wait(twin.live.liquidator.withdrawal_delay + dice.below(10)));
        steps.extend(tick(twin, dice).into_iter().skip(1));
        steps.push(Step::Wait(10));
        steps.extend(tick(twin, dice).into_iter().skip(1));
        steps.push(Step::WithdrawBacking { who });
        return steps;
    }
    if waiting.is_empty() || dice.percent(5) {
        return vec![Step::WithdrawBacking { who: dice.pick(&EVERYBODY) }];
    }
    let (who, (_, asked_at)) = waiting[dice.index(waiting.len())];
    let ready_at = asked_at + twin.live.liquidator.withdrawal_delay;
    let wait = ready_at.saturating_sub(twin.now());
    let mut steps = Vec::new();
    if dice.percent(85) {
        steps = tick(twin, dice);
        let late = if dice.percent(80) { 20 } else { 120 };
        steps[0] = Step::Wait(wait + dice.below(late));
        if dice.percent(10) {
            steps.truncate(1);
        } else if dice.percent(60) {
            // out of a gap
            steps.push(Step::Wait(10));
            steps.extend(tick(twin, dice).into_iter().skip(1));
        }
    }
    steps.push(Step::WithdrawBacking { who });
    steps
}

/// A position is flagged, and often somebody tries to leave.
pub fn flag(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let low: Vec<_> = below_ratio(twin).collect();
    let (vault, owner) =
        if low.is_empty() || dice.percent(20) { position(twin, dice) } else { dice.pick(&low) };
    let mut steps = vec![Step::Flag { who: dice.pick(&KEEPERS), vault, owner }];
    if dice.percent(50) {
        steps.extend(withdraw(twin, dice));
    }
    steps
}

/// A seizure with a full backstop before it, or whatever there is to seize.
pub fn absorbing(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let deposit = back(twin, dice);
    vec![deposit, seize(twin, dice)]
}
