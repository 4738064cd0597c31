//! What keepers do: settle, liquidate, seize, take, reset.

use sdp_embedded::Actions;
use sdp_types::{Amount, Price, Rounding};

use super::prices::tick;
use super::provide::position;
use super::{held, holder, richest, Dice, EVERYBODY, KEEPERS, PERPS, TRADERS};
use crate::step::{Step, Who, MARKETS, TOKENS};
use crate::twin::Twin;

pub fn below_maintenance(twin: &Twin, market: usize) -> Vec<(Who, u16)> {
    let accounts = twin.chain.market_accounts(MARKETS[market]).unwrap_or_default();
    let low = accounts.iter().filter(|account| account.liquidatable);
    low.map(|account| (twin.name(&account.owner), account.account)).collect()
}

/// Positions below their liquidation ratio.
pub fn below_ratio(twin: &Twin) -> impl Iterator<Item = (usize, Who)> + '_ {
    twin.view.positions.iter().map(|(n, who, _)| (*n, *who)).filter(|(n, who)| {
        let ratio = twin.chain.position(who, TOKENS[*n]).ok().and_then(|position| position.ratio);
        ratio.is_some_and(|ratio| ratio < twin.live.vaults[*n].liquidation_ratio)
    })
}

pub fn settle(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let (mut market, mut perp) = dice.pick(&PERPS);
    let who = if dice.percent(90) { dice.pick(&KEEPERS) } else { dice.pick(&TRADERS) };
    let mut steps = Vec::new();
    if let Some((m, k, _, order)) = twin.view.orders.first().filter(|_| dice.percent(90)) {
        (market, perp) = (*m, *k);
        let begins = order.interval * 5;
        if twin.now() < begins + 3 && dice.percent(80) {
            steps = tick(twin, dice);
            steps[0] = Step::Wait(begins.saturating_sub(twin.now()) + dice.below(5));
        } else if dice.percent(10) {
            steps = vec![Step::Wait(dice.pick(&[10, 25, 60, 170]))];
        }
    }
    steps.push(Step::Settle { who, market, perp, limit: dice.pick(&[1, 2, 10, 100]) });
    if dice.percent(2) {
        steps.push(Step::Settle { who, market, perp, limit: 0 });
    }
    steps
}

pub fn liquidate(twin: &Twin, dice: &mut Dice) -> Step {
    let low = [0, 1].map(|market| below_maintenance(twin, market));
    let market = usize::from(if low[0].is_empty() { !low[1].is_empty() } else { dice.percent(20) });
    let accounts = twin.view.accounts.get(market).into_iter().flatten();
    let open = accounts.filter(|(_, _, account)| !account.positions.is_empty() || dice.percent(10));
    let mut open: Vec<_> = open.map(|(who, n, _)| (*who, *n)).collect();
    if dice.percent(5) || open.is_empty() {
        open.push(("sven", 3));
    }
    let mut chosen = [None; 3];
    for place in chosen.iter_mut().take(1 + dice.index(3)) {
        let first = low[market].iter().find(|account| open.contains(account)).copied();
        if let Some(account) = first.or_else(|| open.first().copied()) {
            open.retain(|other| *other != account);
            *place = Some(account);
        }
    }
    if dice.percent(5) {
        chosen[1] = chosen[0];
    }
    if dice.percent(2) {
        chosen = [None; 3];
    }
    let who = if dice.percent(90) { dice.pick(&KEEPERS) } else { dice.pick(&TRADERS) };
    Step::Liquidate { who, market, accounts: chosen }
}

pub fn seize(twin: &Twin, dice: &mut Dice) -> Step {
    let low: Vec<_> = below_ratio(twin).collect();
    let (vault, owner) =
        if low.is_empty() || dice.percent(10) { position(twin, dice) } else { dice.pick(&low) };
    Step::Seize { who: dice.pick(&KEEPERS), vault, owner }
}

pub fn take(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let mut who = holder(twin, dice);
    if dice.percent(60) {
        who = richest(twin);
    }
    let own = held(twin, "sdusd", who);
    let Some(auction) = twin.view.auctions.get(dice.index(twin.view.auctions.len().max(1))) else {
        return vec![Step::Take { who, auction: 1, payment: 1, amount: 1, max_price: 1, to: None }];
    };
    let mut steps = Vec::new();
    if dice.percent(25) {
        steps.push(Step::Wait(dice.below(300)));
    }
    let owed = auction.tab.raw() + auction.penalty.raw();
    let dust = twin.live.auctions[usize::from(auction.vault)].dust.raw();
    let price = auction.start_price;
    let worth = |value: u128| {
        let amount = price.amount_for(sdp_types::Usd::new(value), auction.decimals, Rounding::Down);
        amount.unwrap_or(Amount::ZERO).raw()
    };
    let payment = match dice.below(8) {
        0 => owed,
        1 => owed + 1,
        2 => owed.saturating_sub(1),
        3 => owed.saturating_sub(dust / 2),
        4 => dice.part(owed),
        5 => dice.below(20).into(),
        _ => dice.modest(owed),
    };
    let amount = match dice.below(6) {
        0 => worth(owed),
        1 => worth(owed.saturating_sub(dust)),
        2 => dice.part(auction.lot.raw()),
        3 => dice.modest(auction.lot.raw()),
        _ => auction.lot.raw(),
    };
    let max_price = match dice.below(10) {
        0 => auction.price.raw(),
        1 => auction.price.raw().saturating_sub(1),
        2 => dice.part(price.raw()),
        _ => Price::new(price.raw()).raw(),
    };
    let other = dice.pick(&EVERYBODY);
    let payment = if dice.percent(90) { payment.min(own) } else { payment };
    let auction = if dice.percent(3) { 77 } else { auction.auction };
    steps.push(Step::Take { who, auction, payment, amount, max_price, to: dice.maybe(15, other) });
    steps
}

pub fn redo(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let who = dice.pick(&KEEPERS);
    let Some(auction) = twin.view.auctions.get(dice.index(twin.view.auctions.len().max(1))) else {
        return vec![Step::Redo { who, auction: dice.below(3) }];
    };
    let mut steps = Vec::new();
    if dice.percent(60) {
        steps.push(Step::Wait(450 + dice.below(100)));
        if dice.percent(85) {
            steps.extend(tick(twin, dice).into_iter().skip(1));
        }
    }
    steps.push(Step::Redo { who, auction: auction.auction });
    steps
}
