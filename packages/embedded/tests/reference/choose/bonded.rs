//! Markets that strangers open with a bond: honest and lying records, draws of their own money and of the providers', and how they end.

use sdp_types::bonded::BondedResponse;
use sdp_types::regime::{regime, Regime};
use sdp_types::units::ONE;

use super::prices::{last_price, tick};
use super::{held, holder, richest, Dice, EVERYBODY, KEEPERS, LPS};
use crate::step::{Does, Says, Step, Told, Who, DOUBLES, LISTED};
use crate::twin::Twin;

/// What there is of a bonded market, whole micro-USD.
struct Own<'a> {
    market: Who,
    shown: &'a BondedResponse,
    bond: i128,
    credit: i128,
    net_out: i128,
}

fn own(market: Who, shown: &BondedResponse) -> Own<'_> {
    let signed = |amount: sdp_types::Usd| i128::try_from(amount.raw()).unwrap_or(i128::MAX);
    Own {
        market,
        shown,
        bond: signed(shown.bond),
        credit: signed(shown.credit),
        net_out: signed(shown.paid_out) - signed(shown.paid_in),
    }
}

impl Own<'_> {
    /// Most that it may claim.
    fn room(&self) -> i128 {
        (self.credit - self.net_out).min(self.credit)
    }

    /// What it can draw at once, of its own.
    fn within_bond(&self) -> u128 {
        u128::try_from(self.bond - self.net_out).unwrap_or_default()
    }

    fn opener(&self, twin: &Twin) -> Who {
        twin.name(&self.shown.opener)
    }

    fn fees(&self) -> u128 {
        self.shown.record.as_ref().map_or(0, |record| record.fees.raw())
    }

    fn is_believed(&self) -> bool {
        self.shown.quarantine.is_none()
    }
}

fn any<'a>(twin: &'a Twin, dice: &mut Dice) -> Option<Own<'a>> {
    let all = &twin.view.bonded;
    let shown = all.get(dice.index(all.len().max(1)))?;
    Some(own(twin.name(&shown.market), shown))
}

/// A market that is one, or one that is none.
fn name(twin: &Twin, dice: &mut Dice) -> Who {
    match any(twin, dice) {
        Some(own) if dice.percent(94) => own.market,
        _ => dice.pick(&DOUBLES),
    }
}

fn part(all: i128, dice: &mut Dice) -> i128 {
    all / 1_000 * i128::from(dice.below(1_000)) + i128::from(dice.below(1_000))
}

/// What so many micro-USD buy of a feed at its last price.
fn bought(twin: &Twin, feed: u16, usd: i128) -> (u16, i128) {
    let price = i128::try_from(last_price(twin, feed.into()) / 1_000_000_000_000).unwrap_or(1).max(1);
    let one = i128::try_from(ONE).unwrap_or(1);
    (feed, usd * (one / 1_000_000) / price * 1_000_000)
}

/// What can be true: so much is owed, sometimes of an asset, sometimes more with time; rarely right at the bounds.
fn honest(twin: &Twin, dice: &mut Dice, own: &Own<'_>) -> Told {
    let room = own.room().max(0);
    let fees = own.fees() + if dice.percent(15) { u128::from(dice.below(5_000_000)) } else { 0 };
    let fees = fees.min(u128::try_from(room).unwrap_or_default().max(own.fees()));
    let room = room - i128::try_from(fees).unwrap_or_default();
    let mut told = Told { fees, age: i64::from(dice.percent(5)), ..Told::default() };
    told.base = match dice.below(10) {
        0 => room,
        1 => 0,
        2 => -part(room, dice),
        3..=4 => part(room, dice) / 10,
        _ => part(room, dice),
    };
    if dice.percent(30) {
        // bought at the present price, or nearly
        let feed = dice.pick(&[1u16, 1, 2, 2, 3, 4]);
        let usd = part(own.credit, dice) * if dice.percent(50) { 1 } else { -1 };
        told.quantities[0] = Some(bought(twin, feed, usd));
        told.base = told.base / 2 - usd;
        told.open_positions = 1 + dice.below(3);
    }
    if dice.percent(8) {
        told.linear = i64::try_from(dice.below(4_000)).unwrap() - 1_000;
        told.base /= 2;
    }
    if dice.percent(4) {
        told.open_positions = dice.below(2);
    }
    told
}

/// What can't be.
fn lie(twin: &Twin, dice: &mut Dice, own: &Own<'_>) -> Says {
    let mut told = honest(twin, dice, own);
    let credit = own.credit;
    match dice.below(13) {
        0 => return Says::Nonsense(dice.pick(&[257, 300, 2_000])),
        1 => return Says::Nonsense(dice.pick(&[0, 1, 40, 256])),
        2 => told.behind = dice.pick(&[1, 100, 300]),
        3 => told.age = -1 - i64::try_from(dice.below(100)).unwrap(),
        4 => told.age = 1 + i64::try_from(twin.now() - own.shown.as_of).unwrap_or_default(),
        5 => told.drawn = 1 + u128::from(dice.below(1_000_000)),
        6 => told.shortfalls = 1 + u128::from(dice.below(1_000_000)),
        7 => told.fees = own.fees().saturating_sub(1),
        8 => told.base = own.room() + 1,
        9 => told.base = dice.pick(&[i128::MAX, i128::MIN, 1_000_000_000_000_000_000_001, credit * 2]),
        10 => {
            let feed = dice.pick(&[5, 31, 32, 60_000]);
            told.quantities = [Some((feed, 1)), None];
        }
        _ => {
            // entered at the price, and so it owes nothing: but it moves by more than its credit
            let usd = credit + credit / 100 * i128::from(1 + dice.below(40));
            told.quantities = [Some(bought(twin, 1, usd)), None];
            told.base = -usd;
        }
    }
    Says::Owes(told)
}

fn act(market: Who, dice: &mut Dice, show: Option<Says>, sends: &[Does]) -> Step {
    let sends = [0, 1, 2].map(|n| sends.get(n).copied());
    Step::Act { who: dice.pick(&EVERYBODY), market, show, sends }
}

/// Shows and pushes the same.
fn says(market: Who, dice: &mut Dice, says: Says) -> Step {
    act(market, dice, Some(says), &[Does::Push(says)])
}

fn rich(twin: &Twin, dice: &mut Dice) -> Who {
    if dice.percent(60) {
        richest(twin)
    } else {
        holder(twin, dice)
    }
}

/// What happens next at the desk.
pub fn at_the_desk(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let few = twin.view.bonded.len() < usize::from(twin.live.desk.slots);
    if twin.view.bonded.is_empty() || few && dice.percent(30) || dice.percent(3) {
        return open(twin, dice);
    }
    let Some(own) = any(twin, dice) else { return open(twin, dice) };
    if !own.is_believed() && dice.percent(70) {
        return in_quarantine(twin, dice, &own);
    }
    match dice.below(100) {
        0..=15 => pushes(twin, dice, &own),
        16..=27 => {
            let lie = lie(twin, dice, &own);
            let said = match lie {
                // what it owes to insurance rises and falls again
                Says::Owes(told) if told.fees < own.fees() || own.fees() == 0 && dice.percent(8) => {
                    let more = Says::Owes(Told { fees: own.fees() + 2, ..Told::default() });
                    let less = Says::Owes(Told { fees: own.fees() + 1, ..Told::default() });
                    act(own.market, dice, Some(less), &[Does::Push(more), Does::Push(less)])
                }
                lie => says(own.market, dice, lie),
            };
            and_then(vec![said], dice, &own)
        }
        28..=42 => draws(dice, &own),
        43..=54 => draws_beyond(twin, dice, &own),
        55..=60 => vec![pay_in(twin, dice, &own)],
        61..=66 => top_up(twin, dice),
        67..=75 => marks(twin, dice, &own),
        76..=80 => {
            let who = dice.pick(&["gina", "gina", "gina", "olga", "sven"]);
            and_then(vec![Step::Quarantine { who, market: own.market }], dice, &own)
        }
        81..=88 => closes(twin, dice, &own),
        89..=93 => approves(twin, dice, &own),
        94 => vec![Step::Graduate { who: dice.pick(&KEEPERS), market: name(twin, dice) }],
        95..=98 => sweeps(twin, dice),
        _ => vec![Step::Resolve { who: dice.pick(&["olga", "gina"]), market: name(twin, dice), claim: 0 }],
    }
}

/// After it is in quarantine: sometimes the owner speaks soon, it draws, and somebody ends it.
fn and_then(mut steps: Vec<Step>, dice: &mut Dice, own: &Own<'_>) -> Vec<Step> {
    if dice.percent(60) {
        return steps;
    }
    let market = own.market;
    let claim = dice.modest(u128::try_from(own.room()).unwrap_or_default());
    let amount = if dice.percent(70) { claim } else { dice.part(claim) };
    let draw = Does::Draw { amount, to: recipient(dice, own), accepted: haircut(dice) };
    steps.push(Step::Resolve { who: "olga", market, claim });
    steps.push(act(market, dice, None, &[draw]));
    steps.push(Step::CloseBonded { who: dice.pick(&EVERYBODY), market });
    steps
}

/// A market is opened, mostly one that can be, and often says at once what it owes.
pub fn open(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let is_bonded = |name: &Who| {
        let approved = twin.model.approved.iter().any(|own| own == name);
        approved || twin.view.bonded.iter().any(|own| twin.name(&own.market) == *name)
    };
    let free: Vec<Who> = DOUBLES.into_iter().filter(|name| !is_bonded(name)).collect();
    let market = match dice.below(30) {
        0 => dice.pick(&LISTED),
        1 => dice.pick(&["pool", "sven", "anna"]),
        2 => dice.pick(&DOUBLES),
        _ if free.is_empty() => dice.pick(&DOUBLES),
        _ => dice.pick(&free),
    };
    let (least, most) = (twin.live.desk.minimum_bond.raw(), most_bond(twin));
    let who = rich(twin, dice);
    let own = held(twin, "sdusd", who);
    let calm = regime(&twin.view.book.watch.trip) == Regime::Normal;
    if (most < least || own < least || !calm) && dice.percent(80) {
        // there is no room, or nobody is let in
        let reset = Step::Reset { who: "olga", market: None };
        return if !calm && dice.percent(30) { vec![reset] } else { tick(twin, dice) };
    }
    let amount = match dice.below(14) {
        0 => least.saturating_sub(1),
        1 => dice.part(own),
        2 => most + dice.pick(&[0, 1, 1_000_000]),
        3 => most * 2,
        4..=8 => least,
        _ => least + (most.saturating_sub(least) / 1_000 * u128::from(dice.below(1_000))).min(own),
    };
    let bond = Step::Bond { who, market, amount };
    let is_likely = free.contains(&market) && amount >= least && amount <= own.min(most);
    if !is_likely || dice.percent(30) {
        return vec![bond];
    }
    let credit = i128::try_from(amount).unwrap_or_default() * 2;
    let told = Told { base: part(credit, dice) / 3, ..Told::default() };
    vec![bond, says(market, dice, Says::Owes(told))]
}

/// The largest bond for which the cap on all credit and the desk's line have room.
fn most_bond(twin: &Twin) -> u128 {
    let Some(desk) = &twin.view.desk else { return 0 };
    let signed = |usd: sdp_types::Usd| i128::try_from(usd.raw()).unwrap_or(i128::MAX);
    let multiple =
        i128::try_from(twin.live.desk.multiple.raw() / 1_000_000_000_000).unwrap_or(1).max(1_000_001);
    let of_cap = signed(desk.cap) - signed(desk.credit);
    let at_risk = signed(desk.credit) - signed(desk.bonds);
    let of_line = signed(twin.live.lines[4]) - at_risk - desk.results.raw();
    let most = (of_cap * 1_000_000 / multiple).min(of_line * 1_000_000 / (multiple - 1_000_000));
    u128::try_from(most).unwrap_or_default()
}

fn pushes(twin: &Twin, dice: &mut Dice, own: &Own<'_>) -> Vec<Step> {
    let told = honest(twin, dice, own);
    let mut steps = if told.quantities[0].is_some() && dice.percent(80) { tick(twin, dice) } else { vec![] };
    steps.push(says(own.market, dice, Says::Owes(told)));
    if dice.percent(25) {
        // at another price, or a little later
        steps.extend(tick(twin, dice));
        steps.push(Step::Mark { who: dice.pick(&KEEPERS), market: own.market });
    }
    steps
}

/// Of its own money, after it has said that it owes so much less; sometimes it says nothing, and then it counts twice.
fn draws(dice: &mut Dice, own: &Own<'_>) -> Vec<Step> {
    let most = own.within_bond();
    let amount = match dice.below(10) {
        0 => most,
        1 => most + 1,
        2 => dice.part(most),
        3 => u128::try_from(own.room()).unwrap_or_default(),
        _ => dice.modest(most) / 3,
    };
    let (to, accepted) = (recipient(dice, own), haircut(dice));
    let draw = Does::Draw { amount, to, accepted };
    let claim = i128::try_from(own.shown.claim.raw()).unwrap_or_default();
    let fees = own.fees();
    let base = (claim - i128::try_from(amount.min(1 << 100)).unwrap_or_default()).max(0)
        - i128::try_from(fees).unwrap_or_default();
    let less = Says::Owes(Told { base, fees, ..Told::default() });
    let step = match dice.below(10) {
        0 => act(own.market, dice, None, &[draw]),
        1 => act(own.market, dice, None, &[draw, draw]),
        _ => act(own.market, dice, Some(less), &[Does::Push(less), draw]),
    };
    vec![step]
}

fn recipient(dice: &mut Dice, own: &Own<'_>) -> Who {
    if dice.percent(12) {
        own.market
    } else {
        dice.pick(&EVERYBODY)
    }
}

fn haircut(dice: &mut Dice) -> u128 {
    dice.pick(&[0, 0, 10_000_000_000_000_000, ONE / 2, ONE])
}

/// The providers' money: announced, waited for, and drawn; or some of that.
fn draws_beyond(twin: &Twin, dice: &mut Dice, own: &Own<'_>) -> Vec<Step> {
    let at_risk = u128::try_from(own.credit - own.bond).unwrap_or_default();
    let announced = match dice.below(8) {
        0 => at_risk + 1,
        1 => at_risk,
        2 => 0,
        _ => dice.modest(at_risk),
    };
    let delay = twin.live.desk.draw_delay;
    let mut steps = Vec::new();
    let stands = own.shown.announced.as_ref().filter(|_| dice.percent(60));
    let (amount, from) = match stands {
        Some(stands) => (stands.amount.raw(), stands.from),
        None => {
            steps.push(act(own.market, dice, None, &[Does::Announce(announced)]));
            (announced, twin.now() + delay)
        }
    };
    if dice.percent(20) {
        return steps;
    }
    let wait = from.saturating_sub(twin.now());
    steps.push(Step::Wait(match dice.below(10) {
        0 => wait.saturating_sub(1),
        1 => 86_400 + dice.below(3) + wait,
        _ => wait,
    }));
    let fees = own.fees();
    let base = -i128::try_from(fees).unwrap_or_default();
    let nothing = Says::Owes(Told { fees, base, ..Told::default() });
    let amount = own.within_bond() + if dice.percent(60) { amount } else { dice.modest(amount) };
    let (to, accepted) = (recipient(dice, own), haircut(dice));
    steps.push(act(
        own.market,
        dice,
        Some(nothing),
        &[Does::Push(nothing), Does::Draw { amount, to, accepted }],
    ));
    steps
}

fn pay_in(twin: &Twin, dice: &mut Dice, own: &Own<'_>) -> Step {
    let who = holder(twin, dice);
    let out = u128::try_from(own.net_out).unwrap_or_default();
    let amount = match dice.below(8) {
        0 => dice.part(held(twin, "sdusd", who)),
        1..=3 if out > 0 => out,
        _ => 1 + u128::from(dice.below(300_000_000)),
    };
    Step::PayIn { who, market: name(twin, dice), amount }
}

fn top_up(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let who = holder(twin, dice);
    let amount = match dice.below(8) {
        0 => dice.part(held(twin, "sdusd", who)),
        1 => 3_000_000_000,
        _ => 1 + u128::from(dice.below(400_000_000)).min(most_bond(twin)),
    };
    vec![Step::TopUp { who, market: name(twin, dice), amount }]
}

/// A keeper looks: mostly all is well, sometimes it shows something else than it pushed, or has been silent.
fn marks(twin: &Twin, dice: &mut Dice, own: &Own<'_>) -> Vec<Step> {
    let mark = Step::Mark { who: dice.pick(&KEEPERS), market: name(twin, dice) };
    let mut steps = Vec::new();
    match dice.below(11) {
        0 | 8..=10 => {
            let other = Says::Owes(Told { base: 1, age: 1, ..honest(twin, dice, own) });
            let other = if dice.percent(70) { other } else { Says::Nonsense(0) };
            steps.push(act(own.market, dice, Some(other), &[]));
        }
        1 => {
            let wait = (own.shown.pushed_at + twin.live.desk.max_age).saturating_sub(twin.now());
            steps.push(Step::Wait(wait + dice.below(2)));
            steps.extend(tick(twin, dice).into_iter().skip(1));
        }
        2..=5 => steps.extend(tick(twin, dice)),
        _ => {}
    }
    steps.push(mark);
    steps
}

/// The owner speaks, it draws, somebody ends it; or nobody speaks.
fn in_quarantine(twin: &Twin, dice: &mut Dice, own: &Own<'_>) -> Vec<Step> {
    let Some(quarantine) = &own.shown.quarantine else { return vec![] };
    let market = own.market;
    let close = Step::CloseBonded { who: dice.pick(&EVERYBODY), market };
    let last = |since: u64, dice: &mut Dice| {
        let ready_at = since + twin.live.desk.resolution_time;
        let early = dice.below(8);
        Step::Wait(ready_at.saturating_sub(twin.now()).saturating_sub(u64::from(early == 0)))
    };
    let Some(resolved) = quarantine.resolved else {
        let room = u128::try_from(own.room()).unwrap_or_default();
        let claim = match dice.below(6) {
            0 => room + 1,
            1 => room,
            2 => 0,
            _ => dice.modest(room),
        };
        return match dice.below(10) {
            0..=5 => vec![Step::Resolve { who: dice.pick(&["olga", "olga", "olga", "gina"]), market, claim }],
            6..=7 => vec![last(quarantine.since, dice), close],
            8 => vec![close],
            _ => vec![says(market, dice, Says::Owes(Told::default()))],
        };
    };
    let left = own.shown.claim.raw();
    if left == 0 {
        return vec![close];
    }
    let amount = if dice.percent(60) { left } else { dice.part(left) };
    let draw = Does::Draw { amount, to: recipient(dice, own), accepted: haircut(dice) };
    match dice.below(10) {
        0..=5 => vec![act(market, dice, None, &[draw])],
        6 => vec![Step::Resolve { who: "olga", market, claim: left }],
        7 => vec![close],
        _ => vec![last(resolved, dice), close],
    }
}

/// Its opener ends it, mostly once it owes nothing; and somebody completes that, unless it owes something again.
fn closes(twin: &Twin, dice: &mut Dice, own: &Own<'_>) -> Vec<Step> {
    let (market, opener) = (own.market, own.opener(twin));
    let who = if dice.percent(90) { opener } else { dice.pick(&LPS) };
    let end = Step::CloseBonded { who: dice.pick(&EVERYBODY), market };
    let mut steps = Vec::new();
    let since = match own.shown.closing {
        Some(since) => since,
        None => {
            let fees = own.fees();
            let base = -i128::try_from(fees).unwrap_or_default();
            let linear = if dice.percent(12) { 100_000 } else { 0 };
            if dice.percent(75) {
                steps.push(says(market, dice, Says::Owes(Told { base, fees, linear, ..Told::default() })));
            }
            if dice.percent(15) {
                // and hides
                steps.push(act(market, dice, Some(Says::Nonsense(0)), &[]));
            }
            steps.push(Step::CloseBonded { who, market });
            twin.now()
        }
    };
    if dice.percent(20) {
        return steps;
    }
    if dice.percent(15) {
        steps.push(says(
            market,
            dice,
            Says::Owes(Told { base: 1_000_000, fees: own.fees(), ..Told::default() }),
        ));
    }
    let ready_at = since + twin.live.desk.close_delay;
    let wait = ready_at.saturating_sub(twin.now()).saturating_sub(u64::from(dice.percent(10)));
    steps.push(Step::Wait(wait));
    if dice.percent(25) {
        steps.push(Step::Mark { who: dice.pick(&KEEPERS), market });
    }
    steps.push(end);
    steps
}

/// The owner has looked, and vouches for it.
fn approves(twin: &Twin, dice: &mut Dice, own: &Own<'_>) -> Vec<Step> {
    let fees = own.fees();
    let base = part(own.room().max(0), dice) / 4 - i128::try_from(fees).unwrap_or_default();
    let (market, told) = (own.market, Told { base, fees, ..Told::default() });
    let approve = Step::Approve { who: dice.pick(&KEEPERS), market, usd: 500 + dice.below(3_000) };
    let last = if dice.percent(40) {
        vec![Step::Sync { who: "sven" }, Step::Bond { who: rich(twin, dice), market, amount: 900_000_000 }]
    } else {
        vec![]
    };
    [vec![says(market, dice, Says::Owes(told)), approve], last].concat()
}

fn sweeps(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let sweep = Step::SweepDesk { who: dice.pick(&EVERYBODY) };
    if dice.percent(15) {
        return vec![sweep];
    }
    let amount = 1 + u128::from(dice.below(2_000_000));
    vec![Step::Transfer { who: holder(twin, dice), token: "sdusd", to: "bonded", amount }, sweep]
}
