//! Conditional orders: placed near the price, often reached by the next one, committed, filled and swept.

use sdp_embedded::Conditionals;

use super::prices::{crash, last_price, moved, tick};
use super::trade::{commit, next_interval, state};
use super::{held, holder, Dice, EVERYBODY, KEEPERS, TRADERS};
use crate::step::{Allowed, Entrance, Step, Waiting, Wanted, Who};
use crate::twin::Twin;

const FEES: [u128; 6] = [100_000, 333_333, 1_000_001, 5_000_000, 99_999, 5_000_001];

/// Somebody's order of the market that has conditional ones: whose, which account and perpetual, how much.
fn wish(twin: &Twin, dice: &mut Dice) -> Option<(Who, u16, usize, i128)> {
    for _ in 0..6 {
        if let Step::Commit { who, market: 0, account, perp, size, .. } = commit(twin, dice) {
            if size != 0 || dice.percent(2) {
                // mostly with something left for when it is due
                let part = dice.pick(&[1, 2, 2, 3, 3, 4]);
                return Some((who, account, perp, size / part));
            }
        }
    }
    None
}

/// The contract may trade the account for a while, and there is something in the jar: mostly.
fn ready(twin: &Twin, dice: &mut Dice, who: Who, account: u16, perp: usize) -> Vec<Step> {
    let mut steps = Vec::new();
    if dice.percent(92) {
        let perp = dice.maybe(20, u16::try_from(perp).unwrap_or_default());
        let most = if dice.percent(12) { Some(dice.modest(20_000_000_000)) } else { None };
        let seconds = if dice.percent(92) { 20_000 } else { 100 };
        let allowed = Some(Allowed { seconds, perp, most, may_take: false });
        steps.push(Step::SetDelegate { who, market: 0, account, delegate: "orders", allowed });
    }
    let jar = twin.view.jars.get(who).copied().unwrap_or_default();
    if jar < 10_000_000 && dice.percent(92) {
        let payer = if held(twin, "sdusd", who) > 0 { who } else { holder(twin, dice) };
        let owner = (payer != who).then_some(who);
        let amount = (15_000_000 + u128::from(dice.below(30_000_000))).min(held(twin, "sdusd", payer));
        steps.push(Step::FillJar { who: payer, amount, owner });
    }
    steps
}

fn worst(price: u128, dice: &mut Dice) -> Option<u128> {
    let reach = dice.pick(&[20, 200, 400]);
    let worst = moved(price, dice, reach);
    dice.maybe(35, worst)
}

/// A kind of order, and the next price that triggers it, mostly.
fn waiting(price: u128, buys: bool, dice: &mut Dice) -> (Waiting, u128) {
    let away = price / 10_000 * u128::from(10 + dice.below(150));
    let (above, below) = (price + away, price - away);
    let (far_up, far_down) = (above + above / 500, below - below / 500);
    match dice.below(6) {
        // a limit that is met already
        0 => (Waiting::Limit(if buys { above } else { below }), price),
        1..=2 if buys => (Waiting::Limit(below), far_down),
        1..=2 => (Waiting::Limit(above), far_up),
        3 | 4 if buys => (Waiting::Stop(above, worst(above, dice)), far_up),
        3 | 4 => (Waiting::Stop(below, worst(below, dice)), far_down),
        _ if buys => (Waiting::Profit(below, worst(below, dice)), far_down),
        _ => (Waiting::Profit(above, worst(above, dice)), far_up),
    }
}

fn good_for(dice: &mut Dice) -> Option<u64> {
    let seconds = match dice.below(12) {
        0 => dice.pick(&[0, 1, 7_200, 7_201]),
        1..=3 => 1 + dice.below(30),
        4..=6 => 30 + dice.below(300),
        _ => return None,
    };
    Some(seconds)
}

fn ids(first: u64, count: u64) -> [Option<u64>; 4] {
    [0, 1, 2, 3].map(|n| (n < count).then_some(first + n))
}

/// The price of a perpetual's feed goes where it is wanted, the others stay.
fn price_to(twin: &Twin, dice: &mut Dice, perp: usize, price: u128) -> Vec<Step> {
    let feed = usize::from(twin.live.markets[0].1[perp].feed);
    let mut steps = tick(twin, dice);
    if let Some(Step::Prices { prices, confidences, ppm, .. }) = steps.get_mut(1) {
        prices[feed] = price;
        *ppm = 0;
        if confidences[feed] > 200_000_000_000_000 {
            confidences[feed] = 0;
        }
    }
    steps
}

/// What comes after orders were placed: their price, a commit, its interval, and what is noted then.
fn and_so_on(twin: &Twin, dice: &mut Dice, (perp, price, count): (usize, u128, u64)) -> Vec<Step> {
    let first = twin.view.next_conditional;
    let placed = ids(first, count);
    let keeper = if dice.percent(85) { dice.pick(&KEEPERS) } else { dice.pick(&EVERYBODY) };
    let mut steps = Vec::new();
    if dice.percent(85) {
        steps.extend(price_to(twin, dice, perp, price));
        steps.push(Step::Arm { who: keeper, ids: placed });
    }
    if dice.percent(75) {
        let mut later = next_interval(twin, dice);
        if let Some(Step::Prices { prices, .. }) = later.get_mut(1) {
            prices[usize::from(twin.live.markets[0].1[perp].feed)] = moved(price, dice, 20);
        }
        steps.extend(later);
        steps.push(Step::Settle { who: keeper, market: 0, perp, limit: 10 });
        if dice.percent(70) {
            steps.push(Step::SweepOrders { who: dice.pick(&KEEPERS), ids: placed });
        }
    }
    steps
}

/// One order or several, by themselves or linked.
pub fn place(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let Some((who, account, perp, size)) = wish(twin, dice) else { return tick(twin, dice) };
    let price = last_price(twin, twin.live.markets[0].1[perp].feed.into());
    let mut steps = ready(twin, dice, who, account, perp);
    let linked = dice.percent(45);
    let count = if linked { 1 + dice.index(3) } else { 1 + dice.index(2) };
    let mut reached = price;
    let fee = if dice.percent(90) { FEES[dice.index(4)] } else { dice.pick(&FEES) };
    let position = state(twin, 0, who, account).and_then(|state| {
        state.positions.iter().find(|position| usize::from(position.perp) == perp).map(|p| p.size.raw())
    });
    let orders = std::array::from_fn(|n| {
        if n >= count {
            return None;
        }
        let closes = position.filter(|_| dice.percent(60));
        let size = closes.map_or(size, |held| -held / i128::from(1 + dice.below(2)));
        let (kind, then) = waiting(price, size > 0, dice);
        reached = then;
        let perp = if dice.percent(3) { 1 - perp } else { perp };
        let reduce_only = dice.percent(if closes.is_some() { 60 } else { 8 });
        let good_for = good_for(dice);
        Some(Wanted { perp, size, kind, reduce_only, good_for, keeper_fee: fee })
    });
    steps.push(Step::Place { who, account, orders, linked });
    steps.extend(and_so_on(twin, dice, (perp, reached, count as u64)));
    steps
}

/// An entry with its exits.
pub fn bracket(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let Some((who, account, perp, size)) = wish(twin, dice) else { return tick(twin, dice) };
    let price = last_price(twin, twin.live.markets[0].1[perp].feed.into());
    let mut steps = ready(twin, dice, who, account, perp);
    let away = |dice: &mut Dice| price / 10_000 * u128::from(20 + dice.below(200));
    let (up, down) = (price + away(dice), price - away(dice));
    let (loss, gain) = if size > 0 { (down, up) } else { (up, down) };
    let at_market = dice.percent(60);
    let size = if at_market { size / 2 } else { size };
    let (entry, reached) = if at_market {
        let limit = dice.pick(&[None, Some(price / 100 * 102), Some(price / 100 * 95)]);
        (Entrance::Market(limit), price)
    } else {
        let (kind, then) = waiting(price, size > 0, dice);
        (Entrance::Waits(kind), then)
    };
    if dice.percent(70) {
        // so that its commit has a price
        steps.extend(price_to(twin, dice, perp, price));
    }
    let fees = if dice.percent(92) { 4 } else { 6 };
    let keeper_fee = FEES[dice.index(fees)];
    steps.push(Step::Bracket {
        who,
        account,
        perp,
        size,
        entry,
        stop: (loss, worst(loss, dice)),
        target: (gain, worst(gain, dice)),
        entry_good_for: if at_market && dice.percent(75) { None } else { good_for(dice) },
        good_for: if dice.percent(85) { None } else { good_for(dice) },
        keeper_fee,
    });
    let first = twin.view.next_conditional;
    let then = if dice.percent(50) { loss } else { gain };
    let mut later = and_so_on(twin, dice, (perp, reached, 3));
    if later.len() > 6 && dice.percent(60) {
        // one of the exits is reached
        later.extend(price_to(twin, dice, perp, then / 1_000 * if then > price { 1_004 } else { 996 }));
        later.push(Step::Arm { who: dice.pick(&KEEPERS), ids: ids(first + 1, 2) });
    }
    steps.extend(later);
    steps
}

/// Some of those that there are, those that are due first; sometimes one that there is not, or one twice.
fn some(twin: &Twin, dice: &mut Dice, due: bool) -> [Option<u64>; 4] {
    let mut all: Vec<u64> = twin.view.conditionals.iter().map(|order| order.id).collect();
    if due {
        let due = twin.chain.due_orders("market").unwrap_or_default();
        if !due.is_empty() && dice.percent(85) {
            all = due;
        }
    }
    let count = if dice.percent(97) { 1 + dice.index(4) } else { 0 };
    let mut chosen = [None; 4];
    for place in chosen.iter_mut().take(count) {
        *place = if all.is_empty() || dice.percent(4) {
            Some(dice.below(twin.view.next_conditional + 2))
        } else if dice.percent(3) {
            Some(all[dice.index(all.len())])
        } else {
            let at = dice.index(all.len());
            Some(all.remove(at))
        };
    }
    chosen
}

/// A keeper commits what is due, mostly after prices have moved.
pub fn arm(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let who = if dice.percent(85) { dice.pick(&KEEPERS) } else { dice.pick(&EVERYBODY) };
    let ids = some(twin, dice, true);
    let mut steps = Vec::new();
    match dice.below(10) {
        0..=4 => {}
        5..=7 => steps = tick(twin, dice),
        8 => steps = crash(twin, dice),
        _ => steps.push(Step::Wait(dice.pick(&[1, 20, 120]))),
    }
    steps.push(Step::Arm { who, ids });
    if dice.percent(40) {
        steps.extend(next_interval(twin, dice));
        for perp in 0..2 {
            steps.push(Step::Settle { who, market: 0, perp, limit: 10 });
        }
        steps.push(Step::SweepOrders { who, ids });
    }
    steps
}

pub fn sweep(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let mut steps = Vec::new();
    if dice.percent(20) {
        steps.push(Step::Wait(dice.pick(&[10, 60, 400, 7_300])));
    }
    let ids = {
        let due = dice.percent(60);
        some(twin, dice, due)
    };
    steps.push(Step::SweepOrders { who: dice.pick(&EVERYBODY), ids });
    steps
}

pub fn cancel(twin: &Twin, dice: &mut Dice) -> Step {
    let waiting: Vec<_> = twin.view.conditionals.iter().filter(|order| order.committed.is_none()).collect();
    if waiting.is_empty() || dice.percent(15) {
        let who = twin.view.conditionals.first().map_or("sven", |order| order.who);
        return Step::CancelOrders { who, ids: some(twin, dice, false) };
    }
    let who = waiting[dice.index(waiting.len())].who;
    let most = 1 + dice.index(3);
    let mut own = waiting.iter().filter(|order| order.who == who).take(most).map(|order| order.id);
    let ids = [own.next(), own.next(), own.next(), None];
    Step::CancelOrders { who: if dice.percent(92) { who } else { "sven" }, ids }
}

/// Fees that nothing has reserved go back, or more are put in.
pub fn jar(twin: &Twin, dice: &mut Dice) -> Step {
    let jars: Vec<(Who, u128)> = twin.view.jars.iter().map(|(who, amount)| (*who, *amount)).collect();
    if jars.is_empty() || dice.percent(25) {
        let who = holder(twin, dice);
        let amount = dice.modest(held(twin, "sdusd", who)) / 100;
        let other = dice.pick(&TRADERS);
        return Step::FillJar { who, amount, owner: dice.maybe(30, other) };
    }
    let (who, amount) = jars[dice.index(jars.len())];
    let other = dice.pick(&EVERYBODY);
    // sometimes more than lies there
    let amount = match dice.below(4) {
        0 => amount + 1 + u128::from(dice.below(1_000_000)),
        _ => dice.modest(amount),
    };
    Step::DrawJar { who, amount, to: dice.maybe(20, other) }
}
