//! The next step: by weights, looking at what is there, and often right at a limit.

mod back;
mod bonded;
mod conditional;
mod dice;
mod govern;
mod keep;
mod notes;
mod pledge;
mod prices;
mod provide;
mod share;
mod spot;
mod swap;
mod trade;

pub use dice::Dice;

use back::{absorbing, back, claim, flag, request, withdraw as withdraw_backing};
use bonded::at_the_desk;
use conditional::{arm, bracket, cancel as cancel_conditionals, jar, place, sweep};
use govern::govern;
use keep::{below_maintenance, below_ratio, liquidate, redo, seize, settle, take};
use notes::{
    bid, burn_notes, held_by_somebody, redeem, restart, sell, settle as settle_notes, short_of_money,
};
use pledge::{pledge, pledged_and_lost, redo_sale, sell_pledged, stop_sale, take_pledged, unpledge, unsound};
use prices::{crash, odd_prices, pause, pull, tick};
use provide::{
    add_yield, burn, cancel_exit, deposit, execute_exit, hand_over, mint, mint_for, position, request_exit,
    transfer,
};
use share::{delegate, reduce, refer, take_over, transfer as transfer_margin};
use spot::{burn_tokens, buy, cancel_one, collect, sell_tokens, settle_one};
use swap::{depeg, revalue, swap_in, swap_out, sweep_dollars};
use trade::{cancel, cash_out, deposit_margin, trade, withdraw};

use sdp_reference::Of;

use crate::step::{Step, Who};
use crate::strange::STRANGE;
use crate::twin::Twin;

const LPS: [Who; 3] = ["anna", "bert", "cleo"];
const TRADERS: [Who; 3] = ["tina", "theo", "tara"];
const KEEPERS: [Who; 2] = ["kira", "kurt"];
const EVERYBODY: [Who; 9] = ["anna", "bert", "cleo", "tina", "theo", "tara", "kira", "kurt", "sven"];
pub const CEILINGS: [Of; 8] = [
    Of::Market(0),
    Of::Market(1),
    Of::Market(2),
    Of::Vault(0),
    Of::Vault(1),
    Of::Vault(2),
    Of::Vault(3),
    Of::Supply,
];
const PERPS: [(usize, usize); 4] = [(0, 0), (0, 1), (1, 0), (1, 1)];

/// What happens next, usually one step, sometimes a few that belong together.
pub fn choose(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    if let Some(steps) = at_hand(twin, dice) {
        return steps;
    }
    match dice.below(246) {
        0..=10 => tick(twin, dice),
        11..=18 => crash(twin, dice),
        19..=21 => odd_prices(twin, dice),
        22..=25 => pause(twin, dice),
        26..=30 => vec![deposit(twin, dice)],
        31..=37 => vec![mint(twin, dice)],
        38..=41 => vec![burn(twin, dice)],
        42 => {
            let who = holder(twin, dice);
            vec![Step::Insure { who, amount: dice.modest(held(twin, "sdusd", who)) / 10 }]
        }
        43..=47 => request_exit(twin, dice),
        48 => {
            let (vault, who) = position(twin, dice);
            vec![Step::CancelExit { who, vault }]
        }
        49 => execute_exit(twin, dice),
        50..=51 => vec![Step::Sync { who: dice.pick(&EVERYBODY) }],
        52 => {
            let (from, sweep) = (holder(twin, dice), Step::Sweep { who: dice.pick(&EVERYBODY) });
            let amount = 1 + u128::from(dice.below(1_000_000));
            let found = Step::Transfer { who: from, token: "sdusd", to: "pool", amount };
            if dice.percent(60) {
                vec![found, sweep]
            } else {
                vec![sweep]
            }
        }
        53 => {
            let who = holder(twin, dice);
            vec![Step::BurnOwn { who, amount: dice.modest(held(twin, "sdusd", who)) / 20 }]
        }
        54..=56 => vec![transfer(twin, dice)],
        57..=60 => vec![deposit_margin(twin, dice)],
        61..=65 => vec![withdraw(twin, dice)],
        66..=83 => trade(twin, dice),
        84..=86 => cash_out(twin, dice),
        87..=88 => settle(twin, dice),
        89..=90 => vec![Step::Poke { who: dice.pick(&KEEPERS), market: dice.index(2) }],
        91..=92 => vec![liquidate(twin, dice)],
        93 => vec![seize(twin, dice)],
        94 => take(twin, dice),
        95 => redo(twin, dice),
        96..=105 => govern(twin, dice),
        106 => vec![cancel(twin, dice)],
        110 => vec![Step::AdjustCeiling { who: dice.pick(&EVERYBODY), of: dice.pick(&CEILINGS) }],
        111 => {
            let wait = if dice.percent(60) { 3_600 } else { 1 };
            let mut steps = tick(twin, dice);
            steps[0] = Step::Wait(wait);
            steps.push(Step::AdjustDepth { who: dice.pick(&EVERYBODY) });
            steps
        }
        114..=117 => vec![back(twin, dice)],
        118 => vec![claim(twin, dice)],
        119 => vec![request(twin, dice)],
        120..=121 => withdraw_backing(twin, dice),
        122 => flag(twin, dice),
        123 => absorbing(twin, dice),
        124 => sell(dice),
        125 => bid(twin, dice),
        126 => settle_notes(twin, dice),
        127 => restart(twin, dice),
        128 if held_by_somebody(twin) || dice.percent(10) => redeem(twin, dice),
        129..=130 => vec![add_yield(twin, dice)],
        131..=133 => hand_over(twin, dice),
        178..=179 => mint_for(twin, dice),
        180..=184 => delegate(twin, dice),
        185..=186 => take_over(twin, dice),
        187..=188 => vec![transfer_margin(twin, dice)],
        189 => refer(twin, dice),
        190..=191 => reduce(twin, dice),
        192..=196 => place(twin, dice),
        197..=200 => bracket(twin, dice),
        201 => vec![jar(twin, dice)],
        202 => arm(twin, dice),
        203..=205 => pledge(twin, dice),
        206..=207 => vec![unpledge(twin, dice)],
        208..=212 => pledged_and_lost(twin, dice),
        213 => vec![sell_pledged(twin, dice)],
        214..=216 => delegate(twin, dice),
        217..=218 => govern(twin, dice),
        219..=221 => bracket(twin, dice),
        222..=236 => at_the_desk(twin, dice),
        237..=240 => pledged_and_lost(twin, dice),
        241..=242 => delegate(twin, dice),
        243 => vec![cancel(twin, dice)],
        244..=245 => reduce(twin, dice),
        134..=145 => buy(twin, dice),
        146..=150 => sell_tokens(twin, dice),
        151 => vec![cancel_one(twin, dice)],
        152 => vec![Step::PokeSynthetics { who: dice.pick(&KEEPERS) }],
        153..=156 => burn_tokens(twin, dice),
        157 => vec![collect(twin, dice)],
        158..=165 => swap_in(twin, dice),
        166..=171 => swap_out(twin, dice),
        172 => vec![revalue(dice)],
        173..=174 => depeg(twin, dice),
        175 => sweep_dollars(twin, dice),
        176..=177 => vec![pull(dice)],
        112 => trip(twin, dice),
        113 => {
            let market = [None, Some(0), Some(1), Some(2), Some(4)][dice.index(5)];
            vec![Step::Reset { who: dice.pick(&["olga", "olga", "gina", "sven"]), market }]
        }
        _ => vec![Step::Strange(dice.index(STRANGE.len()))],
    }
}

/// Often what there is occasion for: accounts and positions to liquidate, auctions, exits and orders that wait.
fn at_hand(twin: &Twin, dice: &mut Dice) -> Option<Vec<Step>> {
    let view = &twin.view;
    if dice.percent(25) && (0..2).any(|market| !below_maintenance(twin, market).is_empty()) {
        return Some(vec![liquidate(twin, dice)]);
    }
    let outstanding: u128 =
        view.auctions.iter().map(|auction| auction.tab.raw() + auction.penalty.raw()).sum();
    let room = twin.live.liquidator.hole.raw().saturating_sub(outstanding) > 200_000_000;
    if dice.percent(6) && below_ratio(twin).next().is_some() {
        return Some(flag(twin, dice));
    }
    if dice.percent(if room { 20 } else { 3 }) && below_ratio(twin).next().is_some() {
        return Some(vec![seize(twin, dice)]);
    }
    if !view.auctions.is_empty() {
        match dice.below(100) {
            0..=14 => return Some(take(twin, dice)),
            15..=18 => return Some(redo(twin, dice)),
            _ => {}
        }
    }
    if view.positions.iter().any(|(_, _, position)| position.exit.is_some()) {
        match dice.below(100) {
            0..=14 => return Some(execute_exit(twin, dice)),
            15..=16 => return Some(vec![cancel_exit(twin, dice)]),
            _ => {}
        }
    }
    if view.depositors.iter().any(|backer| backer.request.is_some()) && dice.percent(15) {
        return Some(withdraw_backing(twin, dice));
    }
    if view.depositors.iter().any(|backer| backer.gains) && dice.percent(8) {
        return Some(vec![claim(twin, dice)]);
    }
    if short_of_money(twin) && dice.percent(15) {
        return Some(sell(dice));
    }
    if !view.note_auctions.is_empty() {
        match dice.below(100) {
            0..=11 => return Some(bid(twin, dice)),
            12..=19 => return Some(settle_notes(twin, dice)),
            20..=22 => return Some(restart(twin, dice)),
            _ => {}
        }
    }
    if held_by_somebody(twin) {
        match dice.below(100) {
            0..=5 => return Some(redeem(twin, dice)),
            6..=9 => return Some(vec![burn_notes(twin, dice)]),
            _ => {}
        }
    }
    if !view.spot_orders.is_empty() {
        match dice.below(100) {
            0..=14 => return Some(settle_one(twin, dice)),
            20..=24 => return Some(vec![cancel_one(twin, dice)]),
            _ => {}
        }
    }
    if !view.claims.is_empty() && dice.percent(6) {
        return Some(vec![collect(twin, dice)]);
    }
    if !view.sales.is_empty() {
        match dice.below(100) {
            0..=13 => return Some(take_pledged(twin, dice)),
            14..=25 => return Some(redo_sale(twin, dice)),
            26..=41 => return Some(stop_sale(twin, dice)),
            _ => {}
        }
    }
    if !view.pledges.is_empty() {
        if dice.percent(30) && unsound(twin).is_some() {
            return Some(vec![sell_pledged(twin, dice)]);
        }
        if dice.percent(2) {
            return Some(vec![unpledge(twin, dice)]);
        }
    }
    if !view.conditionals.is_empty() {
        match dice.below(100) {
            0..=7 => return Some(arm(twin, dice)),
            8..=10 => return Some(sweep(twin, dice)),
            11..=13 => return Some(vec![cancel_conditionals(twin, dice)]),
            _ => {}
        }
    }
    if !view.jars.is_empty() && dice.percent(1) {
        return Some(vec![jar(twin, dice)]);
    }
    if !view.bonded.is_empty() && dice.percent(14) {
        return Some(at_the_desk(twin, dice));
    }
    if !view.orders.is_empty() {
        match dice.below(100) {
            0..=19 => return Some(settle(twin, dice)),
            20..=22 => return Some(vec![cancel(twin, dice)]),
            _ => {}
        }
    }
    None
}

/// Somebody trips the pool or a market, and often it is soon over.
fn trip(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    let market = [None, None, Some(0), Some(1), Some(2), Some(3), Some(4)][dice.index(7)];
    let regime = dice.pick(&[1, 2, 2, 3]);
    let mut steps = vec![Step::Trip { who: dice.pick(&["gina", "gina", "olga", "sven"]), market, regime }];
    if dice.percent(40) {
        steps.push(Step::Reset { who: "olga", market });
    } else if dice.percent(50) {
        let mut later = tick(twin, dice);
        later[0] = Step::Wait(90);
        steps.extend(later);
        steps.push(Step::Sync { who: "sven" });
    }
    steps
}

fn held(twin: &Twin, token: &str, who: &str) -> u128 {
    let found = twin.view.balances.iter().find(|((of, holder), _)| *of == token && *holder == who);
    found.map_or(0, |(_, amount)| *amount)
}

/// Whoever has most sdUSD.
fn richest(twin: &Twin) -> Who {
    EVERYBODY.into_iter().max_by_key(|who| held(twin, "sdusd", who)).unwrap_or("anna")
}

/// Somebody who has sdUSD.
fn holder(twin: &Twin, dice: &mut Dice) -> Who {
    let all: Vec<Who> = EVERYBODY.into_iter().filter(|who| held(twin, "sdusd", who) > 0).collect();
    if all.is_empty() {
        dice.pick(&EVERYBODY)
    } else {
        dice.pick(&all)
    }
}
