//! Tokens as margin: pledged, traded on, lost, sold and bought.

use sdp_embedded::TokenMargin;

use super::prices::{last_price, tick};
use super::trade::next_interval;
use super::{held, richest, Dice, EVERYBODY, KEEPERS, TRADERS};
use crate::step::{Step, Who, PLEDGED};
use crate::twin::Twin;

/// An account with tokens, or one that may have had some.
fn pledged(twin: &Twin, dice: &mut Dice) -> (Who, u16) {
    let all = &twin.view.pledges;
    if all.is_empty() || dice.percent(5) {
        return (dice.pick(&TRADERS), u16::try_from(dice.below(2)).unwrap_or_default());
    }
    let (who, account, _) = all[dice.index(all.len())];
    (who, account)
}

/// Tokens for an account, whoever's, and so sometimes with an order on them.
pub fn pledge(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let who = if dice.percent(85) { dice.pick(&TRADERS) } else { dice.pick(&EVERYBODY) };
    let has: Vec<usize> = (0..PLEDGED.len()).filter(|token| held(twin, PLEDGED[*token], who) > 0).collect();
    let token = if has.is_empty() { dice.index(3) } else { dice.pick(&has) };
    let own = held(twin, PLEDGED[token], who);
    let amount = match dice.below(12) {
        0 => dice.part(own),
        1 => dice.below(20).into(),
        2..=5 => own / 2,
        _ => dice.modest(own),
    };
    let (account, other) = (u16::try_from(dice.below(2)).unwrap_or_default(), dice.pick(&TRADERS));
    let mut steps = if dice.percent(75) { tick(twin, dice) } else { vec![] };
    steps.push(Step::Pledge { who, token, amount, account, owner: dice.maybe(12, other) });
    steps
}

pub fn unpledge(twin: &Twin, dice: &mut Dice) -> Step {
    let (who, account) = pledged(twin, dice);
    let found = twin.view.pledges.iter().find(|(of, n, _)| (*of, *n) == (who, account));
    let amounts = found.map_or_else(Vec::new, |(_, _, amounts)| amounts.clone());
    let some: Vec<usize> = (0..amounts.len()).filter(|token| amounts[*token] > 0).collect();
    let token = if some.is_empty() || dice.percent(5) { dice.index(3) } else { dice.pick(&some) };
    let all = amounts.get(token).copied().unwrap_or(1);
    let amount = match dice.below(6) {
        0 => all,
        1 => all / 2,
        _ => dice.modest(all),
    };
    let other = dice.pick(&EVERYBODY);
    let who = if dice.percent(96) { who } else { "sven" };
    Step::Unpledge { who, account, token, amount, to: dice.maybe(15, other) }
}

/// A trader opens on what his tokens count for, loses more than his margin, is liquidated, and his tokens are sold.
pub fn pledged_and_lost(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let (who, account) = (dice.pick(&TRADERS), 1);
    let has: Vec<usize> = (0..PLEDGED.len()).filter(|token| held(twin, PLEDGED[*token], who) > 0).collect();
    let has_pledged = twin.view.pledges.iter().any(|(of, n, _)| (*of, *n) == (who, account));
    let mut steps = tick(twin, dice);
    // a few thousand USD, and ten times of it in a position
    let worth = 300 + u128::from(dice.below(2_500));
    let of = |token: usize| {
        let (feed, unit) = [(0, 6), (1, 18), (3, 8)][token];
        let cents = last_price(twin, feed) / 10_000_000_000_000_000;
        (worth * 100 * 10u128.pow(unit) / cents.max(1)).min(held(twin, PLEDGED[token], who))
    };
    if !has.is_empty() && (!has_pledged || dice.percent(30)) {
        let token = dice.pick(&has);
        steps.push(Step::Pledge { who, token, amount: of(token), account, owner: None });
        if has.len() > 1 && dice.percent(60) {
            let other = has[dice.index(has.len())];
            steps.push(Step::Pledge { who, token: other, amount: of(other) / 2, account, owner: None });
        }
    }
    let (perp, feed) = dice.pick(&[(0, 1), (1, 2)]);
    let price = last_price(twin, feed);
    let usd = worth * u128::from(5 + dice.below(5));
    let size = i128::try_from(usd * 1_000_000_000_000_000_000 / (price / 1_000_000_000_000_000_000).max(1));
    let size = size.unwrap_or_default() * if dice.percent(50) { 1 } else { -1 };
    steps.push(Step::Commit { who, market: 0, account, perp, size, limit: None, expires_in: None });
    steps.extend(next_interval(twin, dice));
    steps.push(Step::Settle { who: dice.pick(&KEEPERS), market: 0, perp, limit: 10 });
    // against him, by a part of the price, and sometimes the tokens too
    let percent = 12 + u128::from(dice.below(36));
    let mut prices = [0, 1, 2].map(|feed| last_price(twin, feed));
    prices[feed] = price / 100 * if size > 0 { 100 - percent } else { 100 + percent };
    if dice.percent(40) {
        prices[0] = prices[0] / 100 * u128::from(50 + dice.below(45));
    }
    let crash = Step::Prices { by: 0b011, prices, confidences: [0; 3], ppm: 0, age: 0 };
    steps.push(Step::Wait(2));
    steps.push(crash);
    let keeper = dice.pick(&KEEPERS);
    steps.push(Step::Liquidate { who: keeper, market: 0, accounts: [Some((who, account)), None, None] });
    if dice.percent(80) {
        steps.push(Step::SellTokens { who: keeper, owner: who, account });
        let rich = richest(twin);
        if dice.percent(30) {
            // somebody pays what he may have lost, and so there is no reason to sell any more
            let amount = (worth * 6_000_000).min(held(twin, "sdusd", rich));
            steps.push(Step::DepositMargin { who: rich, market: 0, account, amount, owner: Some(who) });
            steps.push(Step::StopSale { who: dice.pick(&EVERYBODY), owner: who, account });
        } else if dice.percent(25) {
            let payment = held(twin, "sdusd", rich) / 10_000 * u128::from(100 + dice.below(9_800));
            let take = Step::TakeTokens {
                who: rich,
                owner: who,
                account,
                payment,
                amount: u128::MAX >> 40,
                max_price: u128::MAX >> 1,
                to: None,
            };
            steps.extend([Step::Wait(dice.below(60)), take]);
        }
    }
    steps
}

/// An account that can be sold, as far as queries say.
pub fn unsound(twin: &Twin) -> Option<(Who, u16)> {
    let selling = |who: Who, n: u16| twin.view.sales.iter().any(|sale| (sale.who, sale.account) == (who, n));
    let all = twin.view.pledges.iter().filter(|(who, account, _)| !selling(who, *account));
    let mut unsound = all.filter(|(who, account, _)| {
        twin.chain.token_margin(who, *account).is_ok_and(|shown| shown.not_sold.is_none())
    });
    unsound.next().map(|(who, account, _)| (*who, *account))
}

pub fn sell_pledged(twin: &Twin, dice: &mut Dice) -> Step {
    let found = unsound(twin).filter(|_| dice.percent(85));
    let (owner, account) = found.unwrap_or_else(|| pledged(twin, dice));
    Step::SellTokens { who: dice.pick(&KEEPERS), owner, account }
}

pub fn redo_sale(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let Some(sale) = twin.view.sales.get(dice.index(twin.view.sales.len().max(1))) else { return vec![] };
    let (owner, account) = (sale.who, sale.account);
    let mut steps = Vec::new();
    if !sale.needs_redo && dice.percent(80) {
        steps.push(Step::Wait(310 + dice.below(100)));
        steps.extend(tick(twin, dice).into_iter().skip(1));
        steps.push(Step::Wait(12));
        steps.extend(tick(twin, dice).into_iter().skip(1));
    }
    steps.push(Step::RedoSale { who: dice.pick(&KEEPERS), owner, account });
    steps
}

/// Often after its owner has paid what he owes, or after prices have come back.
pub fn stop_sale(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let Some(sale) = twin.view.sales.get(dice.index(twin.view.sales.len().max(1))) else { return vec![] };
    let (owner, account) = (sale.who, sale.account);
    let mut steps = Vec::new();
    let payer = richest(twin);
    match dice.below(6) {
        0..=3 if sale.owed > 0 => {
            let amount = if dice.percent(85) { sale.owed } else { sale.owed / 2 };
            let owner = Some(owner);
            steps.push(Step::DepositMargin { who: payer, market: 0, account, amount, owner });
        }
        4 => {
            let mut up = tick(twin, dice);
            if let Some(Step::Prices { prices, .. }) = up.get_mut(1) {
                *prices = prices.map(|price| price / 10 * 14);
            }
            steps.extend(up);
        }
        _ => {}
    }
    steps.push(Step::StopSale { who: dice.pick(&EVERYBODY), owner, account });
    steps
}

pub fn take_pledged(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let Some(sale) = twin.view.sales.get(dice.index(twin.view.sales.len().max(1))) else { return vec![] };
    let mut who = dice.pick(&EVERYBODY);
    if dice.percent(80) {
        who = richest(twin);
    }
    let own = held(twin, "sdusd", who);
    let penalty = twin.live.custody.0.penalty.raw() / 1_000_000_000_000;
    let all = sale.owed + (sale.owed * penalty).div_ceil(1_000_000);
    let payment = match dice.below(8) {
        0 => all,
        1 => all + 1,
        2 => all.saturating_sub(1),
        3 => all.saturating_sub(30_000_000),
        4 => dice.below(20).into(),
        5 => dice.modest(all),
        _ => own,
    };
    let amount = match dice.below(5) {
        0 => dice.modest(sale.lot),
        1 => dice.part(sale.lot),
        _ => sale.lot,
    };
    let max_price = match dice.below(10) {
        0 => sale.price,
        1 => sale.price.saturating_sub(1),
        _ => sale.start_price,
    };
    let (owner, account, other) = (sale.who, sale.account, dice.pick(&EVERYBODY));
    let payment = if dice.percent(92) { payment.min(own) } else { payment };
    let mut steps = if dice.percent(30) { vec![Step::Wait(dice.below(120))] } else { vec![] };
    let to = dice.maybe(15, other);
    steps.push(Step::TakeTokens { who, owner, account, payment, amount, max_price, to });
    steps
}
