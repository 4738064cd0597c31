//! Prices that move, jump, go missing and come back.

use sdp_types::board::Quote;
use sdp_types::units::ONE;

use super::{Dice, EVERYBODY, KEEPERS};
use crate::step::{Step, DOLLAR_FEED, PULLED_FEEDS};
use crate::twin::Twin;

const FIRST_PRICES: [u128; 5] =
    [10_123_456_789_012_345_678, 2_000 * ONE + 1, 30_000 * ONE + ONE / 2, ONE, 10_123_456_789_012_345_678];

pub fn quote(twin: &Twin, feed: usize) -> Quote {
    twin.view.board.quotes.get(feed).copied().unwrap_or_default()
}

pub fn last_price(twin: &Twin, feed: usize) -> u128 {
    let raw = quote(twin, feed).price.raw();
    if raw == 0 {
        FIRST_PRICES[feed]
    } else {
        raw
    }
}

pub fn moved(price: u128, dice: &mut Dice, basis_points: u64) -> u128 {
    let by = dice.below(2 * basis_points + 1);
    let raw = price / 10_000 * u128::from(10_000 + by) - price / 10_000 * u128::from(basis_points);
    raw + u128::from(dice.below(1_000_000_007))
}

pub fn bands(dice: &mut Dice) -> [u128; 3] {
    [dice.below(6), dice.below(6), dice.below(4)].map(|tenths| u128::from(tenths) * ONE / 10_000 / 4)
}

pub fn two(dice: &mut Dice) -> u8 {
    dice.pick(&[0b011, 0b101, 0b110])
}

/// A few seconds, then all prices moved a little.
pub fn tick(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let wait = 1 + dice.below(9);
    let reach = dice.pick(&[5, 30, 150]);
    let prices = [0, 1, 2].map(|feed| moved(last_price(twin, feed), dice, reach));
    let (confidences, ppm) = (bands(dice), dice.below(50).into());
    let mut steps = vec![Step::Wait(wait), Step::Prices { by: two(dice), prices, confidences, ppm, age: 0 }];
    if dice.percent(35) {
        steps.push(dollar(twin, dice));
    }
    if dice.percent(20) {
        steps.push(pull(dice));
    }
    steps
}

/// The dollar token's price: near par, or where it is.
pub fn dollar(twin: &Twin, dice: &mut Dice) -> Step {
    let last = last_price(twin, DOLLAR_FEED);
    let price = if dice.percent(40) { moved(ONE, dice, 8) } else { moved(last, dice, 3) };
    let confidence = u128::from(dice.below(20)) * ONE / 10_000;
    Step::Dollar { by: two(dice), price, confidence }
}

/// Sources are asked, rarely where there are none.
pub fn pull(dice: &mut Dice) -> Step {
    const WRONG: [&[u16]; 4] = [&[], &[0], &[4, 4], &[9]];
    let feeds = if dice.percent(95) { PULLED_FEEDS } else { dice.pick(&WRONG) };
    Step::Pull { who: dice.pick(&EVERYBODY), feeds }
}

/// Prices of the dollar token and of what is pulled as well, after a step that published the others.
pub fn and_the_rest(twin: &Twin, dice: &mut Dice) -> [Step; 2] {
    let last = last_price(twin, DOLLAR_FEED);
    let price = moved(last, dice, 3);
    let pull = Step::Pull { who: dice.pick(&KEEPERS), feeds: PULLED_FEEDS };
    [Step::Dollar { by: two(dice), price, confidence: 0 }, pull]
}

/// Prices jump, one or all, down or up.
pub fn crash(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let size = if dice.percent(60) { 2 + dice.below(8) } else { 5 + dice.below(45) };
    let up = dice.percent(42);
    let all = dice.percent(50);
    let one = dice.index(3);
    let prices = [0, 1, 2].map(|feed| {
        let price = last_price(twin, feed);
        if !all && feed != one {
            return price;
        }
        let price = price / 100 * u128::from(if up { 100 + size } else { 100 - size });
        // back towards the first ones, so that long sequences don't run away
        price.clamp(FIRST_PRICES[feed] / 8, FIRST_PRICES[feed] * 8)
    });
    let confidences = bands(dice);
    let wait = Step::Wait(1 + dice.below(5));
    let mut steps = vec![wait, Step::Prices { by: two(dice), prices, confidences, ppm: 0, age: 0 }];
    if dice.percent(30) {
        // out of a gap
        steps.push(Step::Wait(10));
        steps.push(Step::Prices { by: two(dice), prices, confidences, ppm: 0, age: 0 });
    }
    let market = dice.index(2);
    let accounts = twin.view.accounts.get(market).into_iter().flatten();
    let mut open =
        accounts.filter(|(_, _, account)| !account.positions.is_empty()).map(|(who, n, _)| (*who, *n));
    let accounts = [open.next(), open.next(), open.next()];
    if accounts[0].is_some() && dice.percent(50) {
        steps.push(Step::Liquidate { who: dice.pick(&KEEPERS), market, accounts });
    }
    if accounts[0].is_some() && dice.percent(60) {
        // winners may have won too much
        steps.push(Step::Poke { who: dice.pick(&KEEPERS), market });
    }
    steps
}

/// Wide bands, late or missing publishers, wild prices, feeds left out.
pub fn odd_prices(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let mut prices = [0, 1, 2].map(|feed| moved(last_price(twin, feed), dice, 20));
    let (mut confidences, mut by, mut age) = (bands(dice), two(dice), 0);
    let one = dice.index(3);
    match dice.below(6) {
        0 => confidences[one] = u128::from(dice.below(80)) * ONE / 1_000,
        1 => by = dice.pick(&[0b001, 0b010, 0b100, 0b111]),
        2 => prices[one] *= 3,
        3 => prices[one] = 0,
        4 => age = dice.below(20),
        _ => prices[one] = dice.pick(&[1, 1_000_000_000_000 * ONE, 1_000_000_000_000 * ONE + 1]),
    }
    let ppm = dice.below(300).into();
    vec![Step::Wait(1 + dice.below(7)), Step::Prices { by, prices, confidences, ppm, age }]
}

/// A longer time, usually with prices at its end.
pub fn pause(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let wait = match dice.below(5) {
        0 => 10 + dice.below(60),
        1 => 60 + dice.below(600),
        2 => 3_600 - twin.now() % 3_600,
        3 => dice.below(12 * 3_600),
        _ => dice.below(4 * 86_400),
    };
    let mut steps = tick(twin, dice);
    steps[0] = Step::Wait(wait);
    if dice.percent(20) {
        steps.truncate(1);
    } else if dice.percent(60) {
        // out of the gap
        steps.push(Step::Wait(10 + dice.below(5)));
        steps.extend(tick(twin, dice).into_iter().skip(1));
    }
    steps
}
