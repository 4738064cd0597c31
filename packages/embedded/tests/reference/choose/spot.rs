//! Who trades synthetics, and what becomes of their orders and claims.

use sdp_types::units::ONE;

use super::prices::{and_the_rest, last_price, quote, tick};
use super::provide::accepted;
use super::trade::{band, next_interval};
use super::{held, holder, richest, Dice, EVERYBODY, KEEPERS};
use crate::step::{Exact, Step, Who, SYNTHETICS};
use crate::twin::Twin;

fn feed(twin: &Twin, synthetic: usize) -> usize {
    twin.live.spot.1[synthetic].feed.into()
}

/// Base units of a synthetic that so much buys at the last price.
fn tokens(twin: &Twin, synthetic: usize, usd: u128) -> u128 {
    let price = last_price(twin, feed(twin, synthetic));
    let unit = 10u128.pow(twin.live.spot.1[synthetic].decimals.into());
    // micro-USD to 6 decimals of the price
    usd.saturating_mul(unit) / (price / (ONE / 1_000_000)).max(1)
}

/// What so many base units are worth at the last price.
fn worth(twin: &Twin, synthetic: usize, amount: u128) -> u128 {
    let price = last_price(twin, feed(twin, synthetic)) / (ONE / 1_000_000);
    let unit = 10u128.pow(twin.live.spot.1[synthetic].decimals.into());
    (amount / (unit / 1_000_000)).saturating_mul(price) / 1_000_000
}

/// Fresh prices, sometimes not.
fn fresh(twin: &Twin, dice: &mut Dice, synthetic: usize) -> Vec<Step> {
    let feed = feed(twin, synthetic);
    let mut steps = Vec::new();
    if twin.now().saturating_sub(quote(twin, feed).publish_time) > 9 && dice.percent(92) {
        steps = tick(twin, dice);
        if synthetic == 2 {
            steps.extend(and_the_rest(twin, dice));
        }
    }
    steps
}

/// Often its interval and its settlement.
fn to_the_end(twin: &Twin, dice: &mut Dice, synthetic: usize, percent: u64) -> Vec<Step> {
    let mut steps = Vec::new();
    if dice.percent(percent) {
        steps.extend(next_interval(twin, dice));
        if synthetic == 2 {
            steps.extend(band(twin, dice));
        }
        steps.push(Step::SettleSynthetic { who: dice.pick(&KEEPERS), synthetic, limit: 10 });
    }
    steps
}

pub fn buy(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let synthetic = dice.index(3);
    let who = if dice.percent(50) { richest(twin) } else { holder(twin, dice) };
    let own = held(twin, "sdusd", who);
    let paid = dice.modest(own) / u128::from(1 + dice.below(6));
    let paid = if dice.percent(90) { paid.max(120_000_000).min(own) } else { paid };
    let bought = tokens(twin, synthetic, paid);
    let exact = match dice.below(12) {
        0 => Exact::In(Some(bought)),
        1 => Exact::In(Some(bought / 1_000 * u128::from(985 + dice.below(15)))),
        2 => Exact::In(Some(dice.part(bought))),
        3 => Exact::Out(dice.part(bought)),
        4 => Exact::Out(bought),
        5 => Exact::Out(bought / 10_000 * u128::from(9_950 + dice.below(40))),
        6..=7 => Exact::Out(bought / 1_000 * u128::from(500 + dice.below(470))),
        _ => Exact::In(None),
    };
    let (other, expires) = (dice.pick(&EVERYBODY), 5 + dice.below(40));
    let (to, expires_in) = (dice.maybe(20, other), dice.maybe(12, expires));
    let mut steps = fresh(twin, dice, synthetic);
    steps.push(Step::Buy { who, synthetic, paid, exact, expires_in, to });
    if dice.percent(6) {
        let order = twin.view.spot.issues.get(synthetic).map_or(0, |issue| issue.next);
        steps.push(Step::CancelSynthetic { who, synthetic, order });
        return steps;
    }
    steps.extend(to_the_end(twin, dice, synthetic, 60));
    steps
}

/// Somebody who has tokens, if there is anybody.
fn owner(twin: &Twin, dice: &mut Dice) -> (usize, Who) {
    let mut all = Vec::new();
    for (n, token) in SYNTHETICS.into_iter().enumerate() {
        all.extend(EVERYBODY.into_iter().filter(|who| held(twin, token, who) > 0).map(|who| (n, who)));
    }
    if all.is_empty() || dice.percent(3) {
        (dice.index(3), dice.pick(&EVERYBODY))
    } else {
        dice.pick(&all)
    }
}

pub fn sell_tokens(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let (synthetic, who) = owner(twin, dice);
    let own = held(twin, SYNTHETICS[synthetic], who);
    let amount = if dice.percent(35) { own } else { dice.modest(own) };
    let value = worth(twin, synthetic, amount);
    let exact = match dice.below(12) {
        0 => Exact::In(Some(value)),
        1 => Exact::In(Some(dice.part(value))),
        2 => Exact::Out(dice.part(value)),
        3 => Exact::Out(value / 10_000 * u128::from(9_940 + dice.below(60))),
        4..=6 => Exact::Out(value / 1_000 * u128::from(100 + dice.below(850))),
        _ => Exact::In(None),
    };
    let (other, expires) = (dice.pick(&EVERYBODY), 5 + dice.below(40));
    let (to, expires_in) = (dice.maybe(20, other), dice.maybe(12, expires));
    // without a fresh price as well
    let mut steps = if dice.percent(60) { fresh(twin, dice, synthetic) } else { Vec::new() };
    steps.push(Step::Sell { who, synthetic, amount, exact, expires_in, to });
    steps.extend(to_the_end(twin, dice, synthetic, 70));
    steps
}

pub fn settle_one(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let who = if dice.percent(90) { dice.pick(&KEEPERS) } else { dice.pick(&EVERYBODY) };
    let mut synthetic = dice.index(3);
    let mut steps = Vec::new();
    if let Some((k, _, order)) = twin.view.spot_orders.first().filter(|_| dice.percent(90)) {
        synthetic = *k;
        let begins = order.interval * 5;
        if twin.now() < begins + 3 && dice.percent(90) {
            steps = tick(twin, dice);
            steps[0] = Step::Wait(begins.saturating_sub(twin.now()) + dice.below(4));
            if synthetic == 2 {
                steps.extend(band(twin, dice));
            }
        } else if twin.now() < begins + 10 && dice.percent(90) {
            // as much later that this interval has no price any more, or the one that it has is final
            steps = tick(twin, dice);
            steps[0] = Step::Wait(begins + 10 - twin.now());
        } else if dice.percent(10) {
            steps = vec![Step::Wait(dice.pick(&[10, 25, 60, 170]))];
        }
    }
    let limit = dice.pick(&[1, 2, 10, 100, 100, 0]);
    steps.push(Step::SettleSynthetic { who, synthetic, limit });
    steps
}

pub fn cancel_one(twin: &Twin, dice: &mut Dice) -> Step {
    let orders = &twin.view.spot_orders;
    if orders.is_empty() || dice.percent(10) {
        let synthetic = dice.index(3);
        return Step::CancelSynthetic { who: dice.pick(&EVERYBODY), synthetic, order: dice.below(4) };
    }
    let (synthetic, order, found) = &orders[dice.index(orders.len())];
    let owner = twin.name_of_raw(found.owner.as_slice());
    let who = if dice.percent(10) { "sven" } else { owner };
    Step::CancelSynthetic { who, synthetic: *synthetic, order: *order }
}

pub fn collect(twin: &Twin, dice: &mut Dice) -> Step {
    let claims = &twin.view.claims;
    let found = if claims.is_empty() { None } else { Some(claims[dice.index(claims.len())]) };
    let (who, all) = found.filter(|_| dice.percent(95)).unwrap_or((dice.pick(&EVERYBODY), 1_000_000));
    let amount = match dice.below(4) {
        0 => Some(dice.part(all)),
        1 => Some(dice.modest(all)),
        _ => None,
    };
    let other = dice.pick(&EVERYBODY);
    Step::Collect { who, amount, to: dice.maybe(20, other), accepted: accepted(twin, dice, false) }
}

/// Tokens are burnt, or sent to the contract without a word, and usually swept.
pub fn burn_tokens(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let (synthetic, who) = owner(twin, dice);
    let amount = dice.modest(held(twin, SYNTHETICS[synthetic], who)) / 4;
    let mut steps = vec![if dice.percent(40) {
        Step::Transfer { who, token: SYNTHETICS[synthetic], to: "spot", amount }
    } else {
        Step::BurnSynthetic { who, synthetic, amount }
    }];
    if dice.percent(50) {
        steps.extend(tick(twin, dice));
    }
    if dice.percent(85) {
        steps.push(Step::SweepSynthetic { who: dice.pick(&KEEPERS), synthetic });
    }
    steps
}
