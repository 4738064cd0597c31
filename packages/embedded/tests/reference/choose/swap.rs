//! Who swaps at the par reserve, and what its token's price does.

use sdp_types::units::ONE;

use super::prices::{dollar, quote, tick, two};
use super::provide::{accepted, position};
use super::{held, holder, Dice, EVERYBODY, KEEPERS, TRADERS};
use crate::step::{Step, Then, Who, DOLLAR, DOLLAR_FEED};
use crate::twin::Twin;

/// A fresh price of the token, sometimes not.
fn fresh(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let age = twin.now().saturating_sub(quote(twin, DOLLAR_FEED).publish_time);
    if age > 13 && dice.percent(94) {
        vec![Step::Wait(1 + dice.below(3)), dollar(twin, dice)]
    } else {
        Vec::new()
    }
}

fn there(twin: &Twin) -> u128 {
    twin.view.swaps.held.stocks.first().map_or(0, |stock| stock.amount.raw())
}

pub fn swap_in(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let owners: Vec<Who> = EVERYBODY.into_iter().filter(|who| held(twin, DOLLAR, who) > 0).collect();
    let who = if owners.is_empty() { "anna" } else { dice.pick(&owners) };
    let own = held(twin, DOLLAR, who);
    let ceiling = twin.live.reserve.1[0].ceiling.raw() * 100;
    let amount = match dice.below(12) {
        0 => dice.part(own),
        1 => ceiling.saturating_sub(there(twin)),
        2 => ceiling.saturating_sub(there(twin)) + 100,
        3..=6 => dice.modest(own) / 4,
        _ => dice.modest(own) / 12,
    };
    let least = match dice.below(8) {
        0 => Some(amount / 100),
        1 => Some(amount / 100_000 * 998),
        _ => None,
    };
    let other = dice.pick(&EVERYBODY);
    let then = match dice.below(10) {
        0..=1 => {
            let market = if dice.percent(96) { dice.index(2) } else { 3 };
            let owner = dice.pick(&TRADERS);
            Then::Margin { market, owner: dice.maybe(70, owner), account: u16::from(dice.percent(15)) }
        }
        2..=3 => {
            let (vault, owner) = position(twin, dice);
            Then::Burn { vault, owner: Some(owner).filter(|owner| *owner != who || dice.percent(50)) }
        }
        _ => Then::Pay { to: dice.maybe(20, other), accepted: accepted(twin, dice, false) },
    };
    let mut steps = fresh(twin, dice);
    steps.push(Step::SwapIn { who, amount, least, then });
    steps
}

pub fn swap_out(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    if there(twin) == 0 && dice.percent(90) {
        return swap_in(twin, dice);
    }
    let who = holder(twin, dice);
    let own = held(twin, "sdusd", who);
    let there = there(twin) / 100;
    let amount = match dice.below(12) {
        0 => there,
        1 => there + there / 50,
        2 => dice.part(there),
        3..=5 => dice.modest(there / 100 * 99).min(own),
        _ => dice.modest(there / 4).min(own),
    };
    let least = match dice.below(8) {
        0 => Some(amount * 100),
        1 => Some(amount / 1_000 * 98_000),
        _ => None,
    };
    let other = dice.pick(&EVERYBODY);
    let accepted = accepted(twin, dice, false);
    let mut steps = fresh(twin, dice);
    steps.push(Step::SwapOut { who, amount, least, to: dice.maybe(20, other), accepted });
    steps
}

pub fn revalue(dice: &mut Dice) -> Step {
    Step::Revalue { who: dice.pick(&KEEPERS) }
}

/// The token leaves its band or comes back, usually somebody values it again, and sometimes the others' prices move as well.
pub fn depeg(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let off = u128::from(5 + dice.below(700)) * ONE / 10_000;
    let price = match dice.below(10) {
        0..=1 => ONE + off / 2,
        2..=4 => ONE - u128::from(dice.below(30)) * ONE / 10_000,
        _ => ONE - off,
    };
    let confidence = u128::from(dice.below(30)) * ONE / 10_000;
    let mut steps = if dice.percent(30) { tick(twin, dice) } else { vec![Step::Wait(1 + dice.below(5))] };
    steps.push(Step::Dollar { by: two(dice), price, confidence });
    if dice.percent(65) {
        steps.push(revalue(dice));
    }
    if dice.percent(30) {
        steps.extend(swap_out(twin, dice));
    }
    steps
}

/// Somebody sends something without a word, and it is swept.
pub fn sweep_dollars(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let sdusd = dice.percent(40);
    let token = if sdusd { "sdusd" } else { DOLLAR };
    let owners: Vec<Who> = EVERYBODY.into_iter().filter(|who| held(twin, token, who) > 0).collect();
    let mut steps = Vec::new();
    if !owners.is_empty() && dice.percent(70) {
        let who = dice.pick(&owners);
        steps.push(Step::Transfer {
            who,
            token,
            to: "reserve",
            amount: dice.modest(held(twin, token, who)) / 50,
        });
    }
    steps.push(Step::SweepReserve { who: dice.pick(&KEEPERS), sdusd });
    steps
}
