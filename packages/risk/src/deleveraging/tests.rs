use proptest::prelude::*;

use super::*;

const TERMS: Deleveraging = Deleveraging { begin: Ratio::percent(80), end: Ratio::percent(60) };

fn line(usd: i128) -> SignedUsd {
    SignedUsd::new(usd * 1_000_000)
}

/// So many dollars a unit, 24 decimals.
fn level(usd: u128) -> Wide {
    Wide::from(usd * 1_000_000_000_000_000_000_000_000)
}

#[test]
fn a_side_that_is_closed_for_good_has_nothing_left_and_has_realised_all_of_its_profit() {
    let (size, cost) = (Size::new(2_000_000_000_000_000_000), line(150));
    let half = Scaling::default().scaled(Ratio::percent(50), level(100), size, cost).unwrap().unwrap();
    let mut closed = half.closed(level(90), size, cost).unwrap().unwrap();
    // 2 units that cost 150: half at 100 makes 25, the other half at 90 makes 15
    assert_eq!(closed.unclaimed(), Ok(line(40)));
    assert_eq!((closed.now.size(size), closed.now.cost(cost)), (Ok(Size::ZERO), Ok(SignedUsd::ZERO)));
    assert_eq!(closed.claim(&Entry::default(), size, cost), Ok(line(40)));
    assert_eq!(closed.unclaimed(), Ok(SignedUsd::ZERO));
    assert_eq!(closed.closed(level(1), size, cost), Ok(None));
    assert_eq!(closed.now.stored_size(Size::ZERO), Ok(Size::ZERO));
    assert_eq!(closed.now.stored_size(size).unwrap_err().code(), "E0002");
}

#[test]
fn nothing_is_scaled_up_to_begin_and_from_there_on_so_much_that_end_is_left() {
    assert_eq!(factor(Usd::whole(800), line(1_000), &TERMS), Ok(None));
    let beyond = Usd::new(800_000_001);
    assert_eq!(factor(beyond, line(1_000), &TERMS), Ok(Some(Ratio::new(749_999_999_062_500_001))));
    assert_eq!(factor(Usd::whole(1_200), line(1_000), &TERMS), Ok(Some(Ratio::percent(50))));
}

#[test]
fn one_scaling_leaves_a_tenth_and_without_a_line_there_is_none() {
    assert_eq!(factor(Usd::whole(1_000_000), line(1_000), &TERMS), Ok(Some(LEAST_FACTOR)));
    for none in [0, -1_000] {
        assert_eq!(factor(Usd::whole(1_000_000), line(none), &TERMS), Ok(None));
    }
}

#[test]
fn an_index_stops_at_its_least() {
    let (size, cost) = (Size::new(1_000), SignedUsd::new(7));
    let mut side = Scaling::default();
    for n in 1..=6 {
        side = side.scaled(LEAST_FACTOR, level(5), size, cost).unwrap().unwrap();
        assert_eq!((side.count, side.now.index), (n, INDEX_ONE / 10u64.pow(n)));
    }
    assert_eq!(side.now.ratio(), Ratio::new(1_000_000_000_000));
    assert_eq!(side.scaled(LEAST_FACTOR, level(5), size, cost), Ok(None));
}

#[test]
fn a_long_that_is_halved_at_twice_its_price_has_half_its_profit_in_margin() {
    // 3 units bought at 100, halved at 200: 1.5·200 − 150
    let (size, cost) = (Size::new(3_000_000_000_000_000_000), SignedUsd::new(300_000_000));
    let before = Scaling::default();
    let mut side = before.scaled(Ratio::percent(50), level(200), size, cost).unwrap().unwrap();
    assert_eq!(side.unclaimed(), Ok(SignedUsd::new(150_000_000)));
    assert_eq!(side.now.size(size), Ok(Size::new(1_500_000_000_000_000_000)));
    assert_eq!(side.now.cost(cost), Ok(SignedUsd::new(150_000_000)));
    assert_eq!(side.claim(&before.now, size, cost), Ok(SignedUsd::new(150_000_000)));
    assert_eq!(side.unclaimed(), Ok(SignedUsd::ZERO));
}

/// Sizes of up to 10⁶ units with all their digits, or a few 10⁻¹⁸ of one; on one side.
fn positions() -> impl Strategy<Value = Vec<(i128, i128)>> {
    let size = prop_oneof![1i128..=5, 1i128..=1_000_000_000_000_000_000_000_000];
    let cost = -1_000_000_000_000i128..=1_000_000_000_000_000;
    prop::collection::vec((size, cost), 1..8)
}

fn events() -> impl Strategy<Value = Vec<(u128, i128)>> {
    let factor = 100_000_000_000_000_000u128..=999_999_999_999_999_999;
    prop::collection::vec((factor, 0i128..=100_000_000_000_000_000_000_000_000_000), 1..6)
}

proptest! {
    #[test]
    fn what_is_stored_of_a_position_comes_back(
        index in LEAST_INDEX..=INDEX_ONE,
        size in -1_000_000_000_000_000_000_000_000i128..=1_000_000_000_000_000_000_000_000,
        cost in -1_000_000_000_000_000i128..=1_000_000_000_000_000,
    ) {
        let entry = Entry { index, ..Entry::default() };
        let (size, cost) = (Size::new(size), SignedUsd::new(cost));
        prop_assert_eq!(entry.size(entry.stored_size(size).unwrap()), Ok(size));
        prop_assert_eq!(entry.cost(entry.stored_cost(cost).unwrap()), Ok(cost));
    }

    /// Σ of the parts is at most the whole, and less by at most one of each unit a position; claimed all, nothing is left.
    #[test]
    fn positions_never_come_to_more_than_their_side(all in positions(), short: bool, events in events()) {
        let sign = if short { -1 } else { 1 };
        let sum = |part: fn(&(i128, i128)) -> i128| all.iter().map(part).sum::<i128>() * sign;
        let (size, cost) = (Size::new(sum(|one| one.0)), SignedUsd::new(sum(|one| one.1)));
        let mut side = Scaling::default();
        for (factor, level) in events {
            if let Some(next) = side.scaled(Ratio::new(factor), Wide::from(level), size, cost).unwrap() {
                side = next;
            }
        }
        let owed = side.unclaimed().unwrap().raw();
        let (mut sizes, mut costs, mut claimed) = (0, 0, 0);
        for (size, cost) in &all {
            let (size, cost) = (Size::new(size * sign), SignedUsd::new(cost * sign));
            sizes += side.now.size(size).unwrap().raw();
            costs += side.now.cost(cost).unwrap().raw();
            claimed += side.claim(&Entry::default(), size, cost).unwrap().raw();
        }
        let most = 0..=all.len() as i128;
        prop_assert!(most.contains(&(side.now.size(size).unwrap().raw() - sizes)));
        prop_assert!(most.contains(&(costs - side.now.cost(cost).unwrap().raw())));
        prop_assert!(most.contains(&(owed - claimed)), "{} {}", owed, claimed);
        prop_assert_eq!(side.unclaimed, Wide::ZERO);
    }

    /// Claiming after each scaling and claiming once after all of them differ by less than a micro-USD a claim.
    #[test]
    fn many_scalings_in_one_touch_are_as_many_touches(one in positions(), events in events()) {
        let (size, cost) = (Size::new(one[0].0), SignedUsd::new(one[0].1));
        let (mut often, mut once, mut claimed) = (Scaling::default(), Scaling::default(), 0);
        for (factor, level) in &events {
            let before = often.now;
            let Some(next) = often.scaled(Ratio::new(*factor), Wide::from(*level), size, cost).unwrap() else {
                continue;
            };
            often = next;
            claimed += often.claim(&before, size, cost).unwrap().raw();
            once = once.scaled(Ratio::new(*factor), Wide::from(*level), size, cost).unwrap().unwrap();
        }
        prop_assert_eq!(often.now, once.now);
        let late = once.claim(&Entry::default(), size, cost).unwrap().raw();
        prop_assert!((0..=events.len() as i128).contains(&(late - claimed)), "{} {}", late, claimed);
    }
}
