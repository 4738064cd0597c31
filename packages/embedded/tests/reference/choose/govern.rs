//! What the owner and the guardian change.

use super::prices::tick;
use super::{held, holder, Dice, PERPS};
use crate::step::{Exact, Step, Tweak, Who};
use crate::twin::Twin;

pub fn govern(twin: &Twin, dice: &mut Dice) -> Vec<Step> {
    if let Some(pending) = twin.pending.get(dice.index(twin.pending.len().max(1))) {
        let (contract, id) = (pending.contract, pending.id);
        match dice.below(10) {
            0..=3 => {
                let wait = pending.ready_at.saturating_sub(twin.now());
                return vec![Step::Wait(wait), Step::Enact { who: "sven", contract, id }];
            }
            4 => return vec![Step::Enact { who: "sven", contract, id }],
            5..=6 => return vec![Step::CancelChange { who: "olga", contract, id }],
            7 => return vec![Step::CancelChange { who: "gina", contract, id }],
            _ => {}
        }
    }
    let who = dice.pick(&["olga", "olga", "olga", "gina", "gina", "sven"]);
    if dice.percent(15) {
        return vec![restrict(twin, who, dice)];
    }
    let tweak = tweak(dice);
    let mut steps = vec![Step::Configure { who, tweak }];
    if let (Tweak::SyntheticStatus { synthetic, status: 1..=2 }, true) = (tweak, dice.percent(70)) {
        // somebody has not noticed
        steps.extend(tick(twin, dice));
        let (who, exact) = (holder(twin, dice), Exact::In(None));
        let paid = held(twin, "sdusd", who).min(200_000_000);
        steps.push(Step::Buy { who, synthetic, paid, exact, expires_in: None, to: None });
    }
    if matches!(tweak, Tweak::StopLevel(_)) && dice.percent(60) {
        // not for long
        steps.truncate(usize::from(dice.percent(40)));
    }
    if steps.is_empty() {
        steps.push(Step::Sync { who: "sven" });
    }
    steps
}

/// A feed is restricted by a person, or released, more often where it is restricted.
fn restrict(twin: &Twin, who: Who, dice: &mut Dice) -> Step {
    match twin.view.board.restricted.first() {
        Some(restricted) if dice.percent(80) => {
            let who = if dice.percent(60) { "olga" } else { who };
            Step::Release { who, feed: restricted.feed.into() }
        }
        _ if dice.percent(10) => Step::Release { who, feed: dice.index(6) },
        _ => {
            let regime = if dice.percent(90) { 1 + dice.below(2) } else { dice.below(4) };
            Step::Restrict { who, feed: dice.index(5), regime: u8::try_from(regime).unwrap() }
        }
    }
}

pub fn tweak(dice: &mut Dice) -> Tweak {
    let (vault, (market, perp)) = (dice.index(3), dice.pick(&PERPS));
    let synthetic = dice.index(3);
    let of = dice.pick(&super::CEILINGS);
    let mut n = |all: &[u64]| dice.pick(all);
    let kind = n(&(0..66).collect::<Vec<_>>());
    match kind {
        46 => Tweak::SpotFee(n(&[0, 10, 50, 200])),
        47..=49 => {
            let status = u8::try_from(n(&[0, 0, 0, 1, 1, 1, 2])).unwrap();
            Tweak::SyntheticStatus { synthetic, status }
        }
        50 => Tweak::SyntheticCap { synthetic, usd: n(&[1_000, 10_000, 50_000]) },
        51 => Tweak::SyntheticPremium { synthetic, bps: n(&[10, 60, 150]) },
        52 | 53 => Tweak::SwapStatus(u8::try_from(n(&[0, 0, 0, 1, 1, 2])).unwrap()),
        54 => Tweak::SwapBand(n(&[50, 100, 250])),
        55 => Tweak::SwapCeiling(n(&[1_000, 6_000, 15_000])),
        56 => {
            let least = n(&[0, 7, 100]);
            Tweak::SwapFees { in_bps: n(&[0, 13, 500]), least, most: least + n(&[0, 100, 900]) }
        }
        59 => {
            let flat = n(&[0, 0, 1]) == 1;
            Tweak::TokenHaircut { token: synthetic, base: n(&[0, 777, 2_000]), flat }
        }
        60 => Tweak::TokenCap { token: synthetic, usd: n(&[500, 5_000, 40_000]) },
        61 => Tweak::TokenCloses { token: synthetic, closes: n(&[0, 1, 1]) == 1 },
        62 => match n(&[0, 1]) {
            0 => Tweak::SalePenalty(n(&[0, 512, 2_000])),
            _ => Tweak::SaleTail(n(&[60, 300, 3_000])),
        },
        63 => match n(&[0, 1, 2]) {
            0 => Tweak::MinimumBond(n(&[1, 500, 900])),
            1 => Tweak::BondMultiple(n(&[10_000, 20_000, 30_000])),
            _ => Tweak::BondedCap(n(&[0, 200, 400, 1_000])),
        },
        64 => match n(&[0, 1]) {
            0 => Tweak::BondedSlots(u8::try_from(n(&[0, 1, 2, 3])).unwrap()),
            _ => Tweak::RecordAge(n(&[60, 600, 3_000])),
        },
        65 => match n(&[0, 1, 2]) {
            0 => Tweak::DrawDelay(n(&[0, 120, 1_000])),
            1 => Tweak::CloseDelay(n(&[0, 100, 1_000])),
            _ => Tweak::Line { market: 4, usd: n(&[0, 1_000, 4_000, 8_000]) },
        },
        57 => Tweak::SupplyShare(n(&[0, 300, 1_500, 10_000])),
        35 => Tweak::Line { market: 2, usd: n(&[0, 2_000, 12_000, 30_000]) },
        0 => Tweak::Line { market, usd: n(&[0, 3_000, 15_000, 40_000, 80_000]) },
        1 => Tweak::SupplyCeiling(n(&[100_000, 170_000, 300_000])),
        2 => Tweak::ImpactDepth(n(&[15_000, 30_000, 45_000])),
        3 => Tweak::ExitDelay(n(&[0, 60, 100, 300])),
        4 => Tweak::MinimumStay(n(&[0, 200, 1_000])),
        5 => Tweak::IssuanceRatio { vault, bps: n(&[20_000, 22_000, 25_000]) },
        6 => Tweak::LiquidationRatio { vault, bps: n(&[13_000, 16_000, 18_500]) },
        7 => Tweak::VaultPenalty { vault, bps: n(&[0, 777, 1_200]) },
        8 => Tweak::VaultConfidence { vault, bps: n(&[1, 30, 150]) },
        9 => Tweak::MinimumDeposit { vault, usd: n(&[1, 100, 2_000]) },
        10 => Tweak::MinimumDebt { vault, usd: n(&[0, 50, 5_000]) },
        11 => Tweak::DepositCap { vault, tokens: n(&[50, 120, 20_000, 45_000]) },
        12 => Tweak::DebtCeiling { vault, usd: n(&[10_000, 60_000, 120_000]) },
        13 => Tweak::Fee { market, bps: n(&[0, 10, 25]) },
        14 => Tweak::Velocity { market, per_day: n(&[0, 9, 90, 1_000]) },
        15 => Tweak::RateCap { market, bps: n(&[0, 100, 1_000]) },
        16 => Tweak::Slippage { market, bps: n(&[50, 300, 900]) },
        17 => Tweak::Haircut { market, bps: n(&[0, 3_333, 9_999]) },
        18 => Tweak::EmptyIntervals { market, count: u32::try_from(n(&[0, 1, 8])).unwrap() },
        19 => Tweak::Reward { market, usd: n(&[0, 2, 1_000]) },
        20 | 33 | 34 => {
            Tweak::Status { market, perp, status: u8::try_from(n(&[0, 0, 1, 1, 1, 1, 2])).unwrap() }
        }
        21 => Tweak::InitialMargin { market, perp, bps: n(&[1_000, 1_500, 5_000]) },
        22 => Tweak::SkewCap { market, perp, usd: n(&[10_000, 70_000, 150_000]) },
        23 => Tweak::OpenInterestCap { market, perp, usd: n(&[15_000, 90_000, 200_000]) },
        24 => Tweak::PremiumCap { market, perp, bps: n(&[10, 50, 100]) },
        25 => Tweak::MinimumNotional { market, perp, usd: n(&[1, 100, 3_000]) },
        26 => Tweak::Hole(n(&[1_000, 12_000, 30_000, 100_000])),
        27 => Tweak::StopLevel(u8::try_from(n(&[0, 0, 1, 2, 3])).unwrap()),
        28 => Tweak::Tail { vault, seconds: n(&[100, 400, 5_000]) },
        29 => Tweak::Dust { vault, usd: n(&[1, 100, 900]) },
        30 => Tweak::Tip { vault, usd: n(&[0, 5, 500]) },
        31 => {
            let trade = u32::try_from(n(&[5, 15, 30])).unwrap();
            Tweak::Staleness { trade, liquidate: u32::try_from(n(&[30, 60, 120])).unwrap() }
        }
        39 => Tweak::VaultHole { vault, usd: n(&[1_000, 8_000, 30_000]) },
        40 => Tweak::Discount { vault, bps: n(&[0, 333, 700, 2_000]) },
        41 => Tweak::Daily { vault, bps: n(&[0, 10, 500, 3_000]) },
        42 => Tweak::WithdrawalDelay(n(&[0, 30, 60])),
        44 => Tweak::Notes { lot: n(&[1, 30, 200]), step: n(&[1, 333, 9_999]), ceiling: n(&[20, 60, 1_000]) },
        45 => Tweak::NoteShare(n(&[0, 1_000, 5_000, 10_000])),
        58 => Tweak::StabilityFee { vault, bps: n(&[0, 300, 5_000, 10_000]) },
        36 => Tweak::Ceiling { of, gap: n(&[0, 5_000, 20_000, 40_000]) },
        43 => Tweak::Losses { draw_cap: n(&[0, 1_000, 3_000, 10_000]), budget: n(&[0, 1, 10, 200]) },
        37 => Tweak::Growth(n(&[0, 300, 1_000, 1_000])),
        32 => Tweak::Breaker {
            bps: n(&[600, 1_000, 2_000]),
            cool_down: u32::try_from(n(&[30, 60, 600])).unwrap(),
        },
        // tenths of basis points
        _ => Tweak::Sigmas([n(&[3_000, 6_000, 9_000]), n(&[3_000, 5_123, 8_000]), n(&[2_500, 4_000, 7_000])]),
    }
}
