//! Who else trades accounts, and what traders do between their own.

use sdp_embedded::Actions;

use super::trade::{account, commit, next_interval, state};
use super::{Dice, EVERYBODY, KEEPERS, TRADERS};
use crate::step::{Allowed, Step, Who, MARKETS};
use crate::twin::Twin;

/// Somebody is allowed something with an account, and often does it, or more.
pub fn delegate(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let Step::Commit { who: owner, market, account, perp, size, .. } = commit(twin, dice) else {
        return vec![];
    };
    let by = dice.pick(&["sven", "tina", "theo", "tara", "kira"]);
    let notional = state(twin, market, owner, account)
        .map_or(0, |state| state.positions.iter().map(|position| position.notional.raw()).sum::<u128>());
    let (other, more) = (u16::try_from(dice.index(2)).unwrap_or_default(), dice.modest(2_000_000_000));
    let allowed = Allowed {
        seconds: [0, 1, 20, 600][dice.index(4)],
        perp: dice.maybe(30, other),
        most: dice.maybe(60, notional + more),
        may_take: dice.percent(30),
    };
    let allows = Step::SetDelegate { who: owner, market, account, delegate: by, allowed: Some(allowed) };
    let commits =
        Step::CommitFor { who: by, owner, market, account, perp, size, reduce_only: dice.percent(30) };
    let mut steps = vec![allows];
    match dice.below(10) {
        0 => {}
        1 => steps = vec![commits],
        2 => {
            steps.push(Step::Wait(1 + dice.below(20)));
            steps.push(commits);
        }
        3 => {
            steps.push(Step::SetDelegate { who: owner, market, account, delegate: by, allowed: None });
            steps.push(commits);
        }
        4 => {
            let order = twin.view.next_orders.get(market).and_then(|of| of.get(perp)).copied();
            let who = if dice.percent(80) { by } else { "sven" };
            steps.push(commits);
            steps.extend(order.map(|order| Step::Cancel { who, market, perp, order }));
        }
        _ => {
            steps.push(commits);
            steps.extend(next_interval(twin, dice));
            steps.push(Step::Settle { who: dice.pick(&KEEPERS), market, perp, limit: 10 });
        }
    }
    steps
}

/// An account gets another owner, or somebody tries to make it so.
pub fn take_over(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let (market, owner, account) = account(twin, dice, None).unwrap_or((0, "tina", 0));
    let who = dice.pick(&EVERYBODY);
    let into = if dice.percent(70) { 2 + u16::try_from(dice.below(3)).unwrap_or_default() } else { 0 };
    let allowed = Allowed { seconds: 30, perp: Some(0), most: None, may_take: dice.percent(90) };
    let allows = Step::SetDelegate { who: owner, market, account, delegate: who, allowed: Some(allowed) };
    let takes = Step::TakeAccount { who, market, owner, account, into };
    if dice.percent(85) {
        vec![allows, takes]
    } else {
        vec![takes]
    }
}

/// Margin between accounts of a trader.
pub fn transfer(twin: &Twin, dice: &mut Dice) -> Step {
    let (market, who, from) = account(twin, dice, None).unwrap_or((0, "tina", 0));
    let free = state(twin, market, who, from).map_or(1_000_000, |state| state.withdrawable.raw());
    let amount = if dice.percent(30) { free } else { dice.modest(free) };
    let into = u16::try_from(dice.below(3)).unwrap_or_default();
    Step::TransferMargin { who, market, from, into, amount }
}

/// Somebody says who brought him, and then trades.
pub fn refer(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let commits = commit(twin, dice);
    let Step::Commit { who, market, account, perp, .. } = commits else { return vec![] };
    let referrer = dice.pick::<Who>(&["anna", "kira", "sven", "theo", who]);
    let mut steps = vec![Step::SetReferrer { who, market, account, referrer: dice.maybe(85, referrer) }];
    if dice.percent(60) {
        steps.push(commits);
        steps.extend(next_interval(twin, dice));
        steps.push(Step::Settle { who: dice.pick(&KEEPERS), market, perp, limit: 10 });
    }
    steps
}

/// One that reduces only.
pub fn reduce(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let market = dice.index(2);
    let accounts = twin.chain.market_accounts(MARKETS[market]).unwrap_or_default();
    let with = accounts.iter().filter(|account| !account.positions.is_empty()).collect::<Vec<_>>();
    let none = dice.pick(&TRADERS);
    let found = (!with.is_empty()).then(|| with[dice.index(with.len())]);
    let (who, account, perp, size) = found.map_or((none, 0, 0, 1_000), |account| {
        let position = &account.positions[dice.index(account.positions.len())];
        let times = i128::from(1 + dice.below(3));
        let sign = if dice.percent(90) { -1 } else { 1 };
        let size = sign * position.size.raw() / 2 * times;
        (twin.name(&account.owner), account.account, usize::from(position.perp), size)
    });
    let mut steps = vec![Step::CommitFor { who, owner: who, market, account, perp, size, reduce_only: true }];
    if dice.percent(60) {
        steps.extend(next_interval(twin, dice));
        steps.push(Step::Settle { who: dice.pick(&KEEPERS), market, perp, limit: 10 });
    }
    steps
}
