//! What traders do.

use sdp_embedded::Actions;
use sdp_types::market::AccountResponse;
use sdp_types::units::ONE;
use sdp_types::Ratio;

use super::prices::{and_the_rest, last_price, moved, quote, tick};
use super::provide::accepted;
use super::{held, holder, Dice, EVERYBODY, KEEPERS, PERPS, TRADERS};
use crate::step::{Step, Who, MARKETS, PULLED_FEED};
use crate::twin::Twin;

pub fn deposit_margin(twin: &Twin, dice: &mut Dice) -> Step {
    let who = holder(twin, dice);
    let all = held(twin, "sdusd", who);
    let amount = dice.modest(all) / if dice.percent(60) { 4 } else { 1 };
    let other = dice.pick(&TRADERS);
    let owner = (who != other).then_some(other);
    let account = u16::from(dice.percent(15));
    Step::DepositMargin { who, market: usize::from(dice.percent(40)), account, amount, owner }
}

/// An account with margin.
pub fn account(twin: &Twin, dice: &mut Dice, market: Option<usize>) -> Option<(usize, Who, u16)> {
    let of = |m: usize| twin.view.accounts.get(m).into_iter().flatten().map(move |(who, n, _)| (m, *who, *n));
    let all: Vec<_> = (0..2).filter(|m| market.is_none_or(|of| of == *m)).flat_map(of).collect();
    (!all.is_empty()).then(|| dice.pick(&all))
}

pub fn state(twin: &Twin, market: usize, who: &str, account: u16) -> Option<AccountResponse> {
    twin.chain.account(who, MARKETS[market], account).ok()
}

pub fn withdraw(twin: &Twin, dice: &mut Dice) -> Step {
    let found = account(twin, dice, None).unwrap_or((0, dice.pick(&TRADERS), 0));
    let (market, who, account) = found;
    let free = state(twin, market, who, account).map_or(1_000_000, |state| state.withdrawable.raw());
    let amount = match dice.below(4) {
        0 => free,
        1 => dice.part(free),
        _ => dice.modest(free),
    };
    let other = dice.pick(&EVERYBODY);
    Step::Withdraw {
        who,
        market,
        account,
        amount,
        to: dice.maybe(20, other),
        accepted: accepted(twin, dice, false),
    }
}

/// An order, sometimes with fresh prices before it, often with its interval and its settlement after it.
pub fn trade(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let mut steps = Vec::new();
    let stale = twin.now().saturating_sub(quote(twin, 1).publish_time) > 10;
    if stale && dice.percent(90) {
        steps.extend(tick(twin, dice));
    }
    let commit = commit(twin, dice);
    let pulled = matches!(commit, Step::Commit { market: 1, perp: 1, .. });
    if pulled && dice.percent(90) {
        if twin.now().saturating_sub(quote(twin, PULLED_FEED).publish_time) > 10 {
            steps = tick(twin, dice);
        }
        steps.extend(and_the_rest(twin, dice));
    }
    if let Step::Commit { size: 0, who, market, account, .. } = commit {
        let amount = held(twin, "sdusd", who) / 2;
        if amount < 1_000_000 {
            return if dice.percent(90) { tick(twin, dice) } else { vec![commit] };
        }
        if dice.percent(90) {
            return vec![Step::DepositMargin { who, market, account, amount, owner: None }];
        }
    }
    steps.push(commit);
    if let Step::Commit { who, market, perp, .. } = commit {
        let order = twin.view.next_orders.get(market).and_then(|of| of.get(perp)).copied();
        if let Some(order) = order.filter(|_| dice.percent(8)) {
            steps.push(Step::Cancel { who, market, perp, order });
        } else if dice.percent(45) {
            steps.extend(next_interval(twin, dice));
            if pulled {
                steps.extend(band(twin, dice));
            }
            steps.push(Step::Settle { who: dice.pick(&KEEPERS), market, perp, limit: 10 });
        }
    }
    steps
}

/// What is pulled gets a band in the interval, whose grace is soon over.
pub fn band(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let mut steps = and_the_rest(twin, dice).to_vec();
    if dice.percent(50) {
        let mut later = tick(twin, dice);
        later.truncate(2);
        later[0] = Step::Wait(1 + dice.below(2));
        steps.extend(later);
        steps.extend(and_the_rest(twin, dice));
    }
    steps.push(Step::Wait(4 + dice.below(8)));
    steps
}

/// The richest account of a market closes what it has and takes everything out.
pub fn cash_out(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let market = dice.index(2);
    let accounts = twin.chain.market_accounts(MARKETS[market]).unwrap_or_default();
    let Some(account) = accounts.iter().max_by_key(|account| account.equity) else { return tick(twin, dice) };
    let (who, number) = (twin.name(&account.owner), account.account);
    let mut steps = Vec::new();
    for position in &account.positions {
        let (perp, size) = (position.perp.into(), -position.size.raw());
        steps.push(Step::Commit { who, market, account: number, perp, size, limit: None, expires_in: None });
    }
    if !steps.is_empty() {
        steps.extend(next_interval(twin, dice));
        for position in &account.positions {
            let perp = position.perp.into();
            steps.push(Step::Settle { who: dice.pick(&KEEPERS), market, perp, limit: 100 });
        }
    }
    let equity = account.equity.positive_part().raw();
    let amount = equity / 10_000 * u128::from(9_900 + dice.below(100));
    steps.push(Step::Withdraw {
        who,
        market,
        account: number,
        amount,
        to: None,
        accepted: accepted(twin, dice, false),
    });
    steps
}

/// The next but one interval begins and gets its prices.
pub fn next_interval(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let mut steps = tick(twin, dice);
    steps[0] = Step::Wait(10 + dice.below(3));
    if dice.percent(10) {
        steps.truncate(1);
    }
    steps
}

pub fn commit(twin: &Twin, dice: &mut Dice) -> Step {
    let (market, perp) = dice.pick(&PERPS);
    let found = account(twin, dice, Some(market)).unwrap_or((market, dice.pick(&TRADERS), 0));
    let (_, mut who, mut account) = found;
    if dice.percent(75) {
        // who has most
        let accounts = twin.view.accounts.get(market).into_iter().flatten();
        let most = accounts.filter(|_| dice.percent(75)).max_by_key(|(_, _, account)| account.margin);
        if let Some((owner, n, _)) = most {
            (who, account) = (*owner, *n);
        }
    }
    if dice.percent(2) {
        who = "sven";
    }
    let config = &twin.live.markets[market].1[perp];
    let price = last_price(twin, config.feed.into());
    let state = state(twin, market, who, account);
    let held = state.as_ref().and_then(|state| {
        state.positions.iter().find(|position| usize::from(position.perp) == perp).map(|p| p.size.raw())
    });
    let own = held.unwrap_or_default();
    let other = state.as_ref().and_then(|state| {
        state.positions.iter().find(|position| usize::from(position.perp) != perp).map(|p| p.size.raw())
    });
    let available = state.map_or(0, |state| {
        let free = state.equity_for_opening.raw() - i128::try_from(state.initial_margin.raw()).unwrap();
        u128::try_from(free).unwrap_or_default()
    });
    let rate = config.initial_margin.plus(twin.live.markets[market].0.fee).unwrap_or(Ratio::ONE).raw();
    let notional = available.saturating_mul(ONE) / rate.max(1);
    let size_of = |notional: u128| {
        let raw = notional.saturating_mul(1_000_000_000_000) / (price / ONE).max(1);
        i128::try_from(raw.min(1 << 110)).unwrap()
    };
    let most = size_of(notional);
    let some = i128::try_from(dice.modest(u128::try_from(most).unwrap_or_default())).unwrap_or(i128::MAX);
    let size = match dice.below(20) {
        0 => most / 100 * 97,
        1 => size_of(config.skew_cap.raw()),
        2 => size_of(config.open_interest_cap.raw() / 2),
        3 => i128::from(dice.below(1_000)),
        4 => 1_000_000_000_000_000 * 1_000_000_000_000_000_000 + i128::from(dice.below(2)),
        5..=8 if own != 0 => -own,
        9..=10 if own != 0 => -own / 3,
        11..=12 if own != 0 => -own - own.signum() * some,
        13 if own != 0 => own.signum() * (most / 100 * 95),
        14..=18 => most / 100 * 90,
        _ => some,
    };
    let size = if own == 0 && dice.percent(50) { -size } else { size };
    // often against what the account has in another perpetual
    let size = match other {
        Some(other) if own == 0 && dice.percent(70) => -other.signum() * size.saturating_abs(),
        _ => size,
    };
    let poor = notional < config.minimum_notional.raw();
    let size = match own {
        0 if poor && dice.percent(90) => 0,
        _ if poor && dice.percent(80) => -own / if dice.percent(50) { 1 } else { 2 },
        _ => size,
    };
    let limit = match dice.below(12) {
        0 => Some(price),
        1 => Some(moved(price, dice, 30)),
        2 => Some(moved(price, dice, 290)),
        3 => Some(moved(price, dice, 900)),
        4 => Some(dice.part(price)),
        _ => None,
    };
    let expires = 5 + dice.below(40);
    Step::Commit { who, market, account, perp, size, limit, expires_in: dice.maybe(15, expires) }
}

pub fn cancel(twin: &Twin, dice: &mut Dice) -> Step {
    let (market, perp) = dice.pick(&PERPS);
    let none = Step::Cancel { who: dice.pick(&TRADERS), market, perp, order: dice.below(4) };
    let orders = &twin.view.orders;
    if orders.is_empty() || dice.percent(10) {
        return none;
    }
    let (market, perp, order, found) = &orders[dice.index(orders.len())];
    let accounts = &twin.view.accounts[*market];
    let owner = EVERYBODY.into_iter().find(|who| {
        use cosmwasm_std::Api;
        let api = cw_multi_test::MockApiBech32::new(sdp_embedded::host::PREFIX);
        let raw = api.addr_canonicalize(twin.chain.address(who).as_str());
        raw.is_ok_and(|raw| raw.as_slice() == found.account.owner.as_slice())
    });
    let who = if dice.percent(10) { "sven" } else { owner.unwrap_or("sven") };
    debug_assert!(!accounts.is_empty());
    Step::Cancel { who, market: *market, perp: *perp, order: *order }
}
