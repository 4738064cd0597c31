//! What providers do, and whoever holds tokens.

use sdp_embedded::Actions;
use sdp_types::pool::LimitResponse;

use super::prices::tick;
use super::{held, holder, Dice, EVERYBODY, KEEPERS, LPS, TRADERS};
use crate::step::{Step, Who, TOKENS};
use crate::twin::Twin;

pub fn position(twin: &Twin, dice: &mut Dice) -> (usize, Who) {
    if twin.view.positions.is_empty() || dice.percent(5) {
        return (dice.index(4), dice.pick(&EVERYBODY));
    }
    let (vault, who, _) = &twin.view.positions[dice.index(twin.view.positions.len())];
    (*vault, *who)
}

pub fn deposit(twin: &Twin, dice: &mut Dice) -> Step {
    let (vault, who) = (dice.index(4), dice.pick(&LPS));
    let amount = dice.modest(held(twin, TOKENS[vault], who)) / if dice.percent(70) { 3 } else { 1 };
    let other = dice.pick(&EVERYBODY);
    Step::Deposit { who, vault, amount, owner: dice.maybe(15, other) }
}

/// Rarely much: a share may not be worth more than a thousand times what it was.
pub fn add_yield(twin: &Twin, dice: &mut Dice) -> Step {
    let (vault, who) = (dice.index(4), dice.pick(&LPS));
    let part = if dice.percent(90) { 200 } else { 1 };
    Step::AddYield { who, vault, amount: dice.modest(held(twin, TOKENS[vault], who)) / part }
}

/// An offer, and usually its acceptance.
pub fn hand_over(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let (vault, who) = position(twin, dice);
    let found = twin.view.positions.iter().find(|(n, of, _)| *n == vault && *of == who);
    let all = found.map_or(1_000_000, |(_, _, position)| position.shares.raw());
    let heir = dice.pick(&EVERYBODY);
    let amount = if dice.percent(50) { None } else { Some(dice.part(all)) };
    let to = if dice.percent(95) { Some(heir) } else { None };
    let mut steps = vec![Step::Offer { who, vault, to, amount }];
    if dice.percent(85) {
        let heir = if dice.percent(92) { heir } else { dice.pick(&EVERYBODY) };
        steps.push(Step::Accept { who: heir, vault, owner: who });
    }
    steps
}

pub fn mint(twin: &Twin, dice: &mut Dice) -> Step {
    let (vault, who) = position(twin, dice);
    let owner = twin.chain.address(who).into_string();
    let ask = sdp_types::lens::QueryMsg::MaximumMint { vault: u8::try_from(vault).unwrap(), owner };
    let limit: Option<LimitResponse> = twin.chain.query("lens", &ask).ok();
    let most = limit.map_or(1_000_000_000, |limit| limit.amount.raw());
    let amount = match dice.below(10) {
        0 => most,
        1 => most + 1,
        2 => dice.part(most),
        3 => dice.below(100_000_000).into(),
        4 => most / 1_000 * u128::from(1_000 - dice.below(30)),
        _ => dice.modest(most),
    };
    let other = dice.pick(&TRADERS);
    Step::Mint { who, vault, amount, to: dice.maybe(50, other) }
}

pub fn burn(twin: &Twin, dice: &mut Dice) -> Step {
    let (vault, owner) = position(twin, dice);
    let who = if held(twin, "sdusd", owner) > 0 && dice.percent(60) { owner } else { holder(twin, dice) };
    let own = held(twin, "sdusd", who);
    let owed = twin.view.positions.iter().find(|(n, of, _)| *n == vault && *of == owner);
    let owed = owed.and_then(|(_, _, position)| {
        let whole = sdp_types::shares::debt_up(position.principal).ok()?;
        Some(whole.positive_part().raw())
    });
    let amount = match dice.below(6) {
        0 => owed.unwrap_or(own).min(own),
        1 => owed.unwrap_or(own).saturating_add(dice.below(1_000_000_000).into()).min(own),
        _ => dice.modest(own),
    };
    Step::Burn { who, vault, amount, owner: (owner != who).then_some(owner) }
}

/// A request, usually after the minimum stay.
pub fn request_exit(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let (vault, who) = position(twin, dice);
    let found = twin.view.positions.iter().find(|(n, of, _)| *n == vault && *of == who);
    let all = found.map_or(1_000_000, |(_, _, position)| position.shares.raw());
    let amount = if dice.percent(45) { all } else { dice.part(all) };
    let request = Step::RequestExit { who, vault, amount, accepted: accepted(twin, dice, true) };
    let since = found.map_or(0, |(_, _, position)| position.joined_at);
    let stays = (since + twin.live.pool.minimum_stay).saturating_sub(twin.now());
    if stays == 0 || dice.percent(10) {
        return vec![request];
    }
    let mut steps = tick(twin, dice);
    steps[0] = Step::Wait(stays);
    steps.push(request);
    if dice.percent(40) {
        // without debt, so that all of it may go
        let own = held(twin, "sdusd", who);
        let debt =
            twin.chain.position(who, TOKENS[vault]).map_or(0, |p| p.debt_for_issuance.positive_part().raw());
        let more = if dice.percent(50) { u128::from(dice.below(1_000_000_000)) } else { 0 };
        steps.push(Step::Burn { who, vault, amount: (debt + more).min(own), owner: None });
    }
    steps
}

/// Somebody's exit, if one waits: in time with fresh prices, or whenever.
pub fn execute_exit(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let waiting: Vec<_> =
        twin.view.positions.iter().filter(|(_, _, position)| position.exit.is_some()).collect();
    let who = dice.pick(&KEEPERS);
    if waiting.is_empty() || dice.percent(10) {
        let (vault, owner) = position(twin, dice);
        return vec![Step::ExecuteExit { who, vault, owner }];
    }
    let (vault, owner, position) = waiting[dice.index(waiting.len())];
    let execute = Step::ExecuteExit { who, vault: *vault, owner };
    let ready = position.exit.map_or(0, |exit| exit.requested_at) + twin.live.pool.exit_delay;
    let ready = ready.div_ceil(5) * 5;
    if twin.now() >= ready || dice.percent(10) {
        return vec![execute];
    }
    let mut steps = tick(twin, dice);
    steps[0] = Step::Wait(ready - twin.now() + dice.below(4));
    if dice.percent(20) {
        steps.truncate(1);
    }
    if dice.percent(15) {
        steps.push(Step::Wait(dice.below(70)));
        steps.extend(tick(twin, dice).into_iter().skip(1));
    }
    steps.push(execute);
    steps
}

/// A haircut that is accepted: often the present one exactly, or anything.
pub fn accepted(twin: &Twin, dice: &mut Dice, of_exits: bool) -> u128 {
    let stands = !twin.view.book.ledger.bad_debt.is_zero();
    if !dice.percent(if stands { 85 } else { 20 }) {
        return 0;
    }
    let health = twin.chain.health().ok();
    let now =
        health.map_or(0, |health| if of_exits { health.exit_haircut } else { health.draw_haircut }.raw());
    match dice.below(10) {
        0 => now,
        1 => now.saturating_sub(1),
        2 => dice.below(1_000_000_000_000_000_000).into(),
        _ => 1_000_000_000_000_000_000,
    }
}

pub fn transfer(twin: &Twin, dice: &mut Dice) -> Step {
    let (who, token) = if dice.percent(85) {
        (holder(twin, dice), "sdusd")
    } else {
        (dice.pick(&LPS), dice.pick(&["WETH", "LST", "USDC", "USDC"]))
    };
    let to = if dice.percent(85) {
        dice.pick(&EVERYBODY)
    } else {
        dice.pick(&["pool", "liquidator", "market", "second", "spot", "reserve"])
    };
    let all = held(twin, token, who);
    let amount = if to == "pool" { dice.modest(all) / 50 } else { dice.modest(all) };
    Step::Transfer { who, token, to, amount }
}

pub fn cancel_exit(twin: &Twin, dice: &mut Dice) -> Step {
    let waiting: Vec<_> =
        twin.view.positions.iter().filter(|(_, _, position)| position.exit.is_some()).collect();
    let (vault, who, _) = waiting[dice.index(waiting.len())];
    Step::CancelExit { who, vault: *vault }
}
