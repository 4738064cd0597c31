//! Every transition keeps both sides of the ledger equal, whatever the order and the amounts, or changes nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use sdp_types::ledger::Ledger;
use sdp_types::math::Wide;
use sdp_types::{Result, SignedUsd, Usd};

#[derive(Clone, Copy, Debug)]
enum Step {
    Unsigned(usize, u128),
    VaultEmptied(i128),
    Markets(i128, u128, bool),
}

type Unsigned = fn(&mut Ledger, Usd) -> Result<()>;

const UNSIGNED: [Unsigned; 14] = [
    Ledger::lp_mints,
    Ledger::lp_burns,
    Ledger::market_draws,
    Ledger::market_pays_fees,
    Ledger::market_falls_short,
    Ledger::position_seized,
    Ledger::auction_brings,
    Ledger::auction_brings_penalty,
    Ledger::keeper_rewarded,
    Ledger::auction_ends_short,
    Ledger::providers_meet,
    Ledger::insurance_meets,
    Ledger::draw_forfeits,
    Ledger::burnt_to_insurance,
];

/// Mostly amounts that fit together, and sometimes the extremes of the type.
fn amount() -> impl Strategy<Value = u128> {
    prop_oneof![8 => 0..1_000u128, 8 => 0..1_000_000_000_000u128, 1 => any::<u128>(), 1 => Just(u128::MAX)]
}

fn signed() -> impl Strategy<Value = i128> {
    prop_oneof![8 => -1_000..1_000i128, 8 => -1_000_000_000_000..1_000_000_000_000i128, 1 => any::<i128>(), 1 => Just(i128::MIN)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..UNSIGNED.len(), amount()).prop_map(|(n, x)| Step::Unsigned(n, x)),
        1 => signed().prop_map(Step::VaultEmptied),
        3 => (signed(), amount(), any::<bool>()).prop_map(|(r, p, provided)| Step::Markets(r, p, provided)),
    ]
}

fn apply(ledger: &mut Ledger, step: Step) -> Result<()> {
    match step {
        Step::Unsigned(n, x) => UNSIGNED[n](ledger, Usd::new(x)),
        Step::VaultEmptied(x) => ledger.vault_emptied(SignedUsd::new(x)),
        Step::Markets(reported, potential, provided) => {
            let delta = ledger.markets_stand_at(SignedUsd::new(reported), Usd::new(potential))?;
            if provided {
                ledger.providers_owe(delta)
            } else {
                ledger.nobody_owes(delta)
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_transition_keeps_both_sides_equal(steps in prop::collection::vec(step(), 1..80)) {
        let mut ledger = Ledger::default();
        for step in steps {
            // as contracts do: kept only if the whole transition holds
            let mut next = ledger;
            if apply(&mut next, step).is_ok() {
                prop_assert_eq!(next.difference().unwrap(), Wide::ZERO, "{:?} on {:?}", step, ledger);
                ledger = next;
            }
        }
    }

    #[test]
    fn bad_debt_is_met_by_no_more_than_there_is(fund in 0..1_000u128, loss in 0..1_000u128, met in 0..1_000u128) {
        let mut ledger = Ledger::default();
        ledger.market_pays_fees(Usd::new(fund)).unwrap();
        ledger.market_falls_short(Usd::new(loss)).unwrap();
        let mut next = ledger;
        prop_assert_eq!(next.insurance_meets(Usd::new(met)).is_ok(), met <= fund.min(loss));
        let mut next = ledger;
        prop_assert_eq!(next.providers_meet(Usd::new(met)).is_ok(), met <= loss);
        // nothing has been minted that could be forfeited
        let mut next = ledger;
        prop_assert_eq!(next.draw_forfeits(Usd::new(met)).is_ok(), met == 0);
    }

    #[test]
    fn with_nobody_to_owe_it_a_profit_heals_bad_debt_and_then_insures(bad in 0..1_000u128, profit in 0..1_000i128) {
        let mut ledger = Ledger::default();
        ledger.market_falls_short(Usd::new(bad)).unwrap();
        ledger.nobody_owes(SignedUsd::new(-profit)).unwrap();
        let healed = bad.min(profit.unsigned_abs());
        prop_assert_eq!(ledger.bad_debt.raw(), bad - healed);
        prop_assert_eq!(ledger.insurance.raw(), profit.unsigned_abs() - healed);
    }
}
