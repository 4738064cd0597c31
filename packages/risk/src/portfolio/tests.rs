use proptest::prelude::*;
use sdp_types::units::MAX_PRICE;

use super::*;
use crate::sample::one_factor;
use crate::shortfall::standard_deviation;

const HALF: Ratio = Ratio::percent(50);

fn usd(dollars: i128) -> SignedUsd {
    SignedUsd::new(dollars * 1_000_000)
}

fn leg(feed: FeedId, dollars: i128) -> Leg {
    Leg { feed, margin: usd(dollars) }
}

fn of(cov: &Covariance, maximum: Ratio) -> Offsets<'_> {
    Offsets { cov, stress: Stress::default(), maximum }
}

fn needs(cov: &Covariance, legs: &[Leg]) -> (u128, MarginBasis) {
    let (amount, basis) = of(cov, HALF).requirement(legs).unwrap();
    (amount.raw(), basis)
}

/// The smallest whole number whose square reaches `square`.
fn root_up(square: u128) -> u128 {
    root(Wide::from(square)).unwrap().raw()
}

#[test]
fn each_of_the_four_decides_where_it_is_the_largest() {
    // v = (100, −100) at ρ = 0.6: low = 0.6·(2 − 1.2) + 0.4·2 = 1.28
    let cov = one_factor(vec![1; 2], &[100, 60]);
    let hedged = [leg(0, 100), leg(1, -100)];
    assert_eq!(needs(&cov, &hedged), (root_up(12_800 * 1_000_000_000_000), MarginBasis::Low));
    // (100, 100): high = 0.5·(2 + 1.2) + 0.5·4 = 3.6
    assert_eq!(
        needs(&cov, &[leg(0, 100), leg(1, 100)]),
        (root_up(36_000 * 1_000_000_000_000), MarginBasis::High)
    );
    // at ρ = 1 a long of both needs the sum, by any matrix: the first
    let one = one_factor(vec![1; 2], &[100, 100]);
    assert_eq!(needs(&one, &[leg(0, 100), leg(1, 100)]), (200_000_000, MarginBasis::Base));
    // and a hedge low = 0.4·2 = 0.8 < 1 = (½·2)²
    assert_eq!(needs(&one, &hedged), (100_000_000, MarginBasis::Limit));
}

#[test]
fn a_hedge_that_breaks_still_needs_no_more_than_the_sum() {
    for loading in [100, 50, 0, -50, -100] {
        let cov = one_factor(vec![1; 2], &[100, loading]);
        let (amount, _) = needs(&cov, &[leg(0, 300), leg(1, -200)]);
        assert!((250_000_000..=500_000_000).contains(&amount), "{loading}: {amount}");
    }
}

#[test]
fn nothing_needs_nothing_and_no_offset_is_the_sum() {
    let cov = one_factor(vec![1; 2], &[100, 100]);
    assert_eq!(needs(&cov, &[]), (0, MarginBasis::Sum));
    let legs = [leg(0, 300), leg(1, -200)];
    assert_eq!(of(&cov, Ratio::ZERO).requirement(&legs).unwrap(), (Usd::whole(500), MarginBasis::Sum));
}

#[test]
fn the_leg_that_hedges_contributes_less() {
    let cov = one_factor(vec![1; 2], &[100, 60]);
    let legs = [leg(0, 300), leg(1, -100)];
    let part = |n: usize| of(&cov, HALF).beside(&legs, n).unwrap().contribution(legs[n].margin).unwrap();
    // high = 0.5·(9 + 1 − 3.6) + 0.5·4 = 5.2; low = 0.6·6.4 + 4 = 7.84; base = 6.4
    assert_eq!(needs(&cov, &legs).1, MarginBasis::Low);
    // 0.6·3·(3 − 0.6) + 0.4·9 and 0.6·(−1)·(−1 + 1.8) + 0.4, of $100 squared and with 4 decimals
    let parts = |n: i128| Wide::from(n).times(Wide::from(10_000_000_000_000_000u128)).unwrap();
    assert_eq!((part(0), part(1)), (parts(79_200), parts(-800)));
}

/// Margins of up to $100M, a micro-USD among them.
fn accounts() -> impl Strategy<Value = (Covariance, Vec<Leg>)> {
    let margin = prop_oneof![4 => -100_000_000_000_000i128..=100_000_000_000_000, 1 => -3i128..=3];
    (1usize..=6).prop_flat_map(move |n| {
        let correlated = prop::collection::vec(-100i16..=100, n);
        let margins = prop::collection::vec(margin.clone(), n);
        (correlated, margins).prop_map(|(loadings, margins)| {
            let legs = (0..).zip(margins).map(|(feed, v)| Leg { feed, margin: SignedUsd::new(v) });
            (one_factor(vec![1_000_000_000; loadings.len()], &loadings), legs.collect())
        })
    })
}

fn sum(legs: &[Leg]) -> Usd {
    legs.iter().fold(Usd::ZERO, |sum, leg| sum.plus(leg.margin.abs()).unwrap())
}

fn dense(legs: &[Leg]) -> Vec<SignedUsd> {
    legs.iter().map(|leg| leg.margin).collect()
}

proptest! {
    #[test]
    fn it_is_the_pools_deviation_with_margins_for_risks_between_the_limit_and_the_sum(
        (cov, legs) in accounts(),
        percent in 1u64..=100,
    ) {
        let (needed, _) = of(&cov, Ratio::percent(percent)).requirement(&legs).unwrap();
        // σ = 1 of all feeds
        let worst = standard_deviation(&dense(&legs), &cov, Stress::default()).unwrap();
        let least = sum(&legs).scale(Ratio::percent(100 - percent), Rounding::Up).unwrap();
        prop_assert_eq!(needed, worst.max(least).min(sum(&legs)));
        prop_assert!(worst <= sum(&legs), "the cap is never needed");
    }

    /// M is a norm: twice the account needs twice as much, but for the rounding, and a smaller one never more.
    #[test]
    fn it_grows_in_proportion((cov, legs) in accounts(), times in 2i128..50) {
        let scaled = |by: i128| -> Vec<Leg> {
            legs.iter().map(|leg| Leg { margin: SignedUsd::new(leg.margin.raw() * by), ..*leg }).collect()
        };
        let (once, more) = (of(&cov, HALF).requirement(&legs).unwrap().0, of(&cov, HALF).requirement(&scaled(times)).unwrap().0);
        let times = u128::try_from(times).unwrap();
        prop_assert!(more.raw() <= once.raw() * times && more.raw() + times > once.raw() * times);
        prop_assert!(more >= once);
    }

    #[test]
    fn two_accounts_together_need_at_most_what_they_need_apart((cov, legs) in accounts(), seed in -100i128..100) {
        let other: Vec<Leg> =
            legs.iter().map(|leg| Leg { margin: SignedUsd::new(leg.margin.raw() / 7 * seed + seed), ..*leg }).collect();
        let both: Vec<Leg> = legs.iter().zip(&other).map(|(a, b)| Leg { margin: a.margin.plus(b.margin).unwrap(), ..*a }).collect();
        let needs = |legs: &[Leg]| of(&cov, HALF).requirement(legs).unwrap().0.raw();
        prop_assert!(needs(&both) <= needs(&legs) + needs(&other) + 1);
    }

    /// Every leg is within a half of the sum, so what is left needs at most twice what all needed: with maintenance margins of at
    /// most half of the initial ones nobody is liquidated who had his initial margin and closes a leg.
    #[test]
    fn what_is_left_after_closing_a_leg_needs_at_most_twice_as_much((cov, legs) in accounts(), place in 0usize..6) {
        let needs = |legs: &[Leg]| of(&cov, HALF).requirement(legs).unwrap().0.raw();
        let mut left = legs.clone();
        if place < left.len() {
            left.remove(place);
        }
        prop_assert!(needs(&left) <= 2 * needs(&legs));
    }

    /// What matters of the others is all that matters.
    #[test]
    fn any_leg_may_be_the_one_that_varies((cov, legs) in accounts()) {
        let expected = of(&cov, HALF).requirement(&legs).unwrap();
        for (n, leg) in legs.iter().enumerate() {
            prop_assert_eq!(of(&cov, HALF).beside(&legs, n).unwrap().with(leg.margin).unwrap(), expected);
        }
    }

    /// Euler: contributions add up to M² (of the deciding matrix), but for a unit of rounding each.
    #[test]
    fn contributions_add_up((cov, legs) in accounts()) {
        let (needed, basis) = of(&cov, HALF).requirement(&legs).unwrap();
        let parts = legs.iter().enumerate().map(|(n, leg)| of(&cov, HALF).beside(&legs, n).unwrap().contribution(leg.margin).unwrap());
        let parts = parts.fold(Wide::ZERO, |sum, part| sum.plus(part).unwrap());
        if matches!(basis, MarginBasis::Sum | MarginBasis::Limit) {
            prop_assert_eq!(parts, sum(&legs).wide());
        } else {
            // within the rounding of the root, and of the parts
            let square = |m: u128| Wide::from(m).times(m.into()).unwrap().times(i128::from(RHO_ONE).into()).unwrap();
            let count = Wide::from(u128::try_from(legs.len()).unwrap());
            prop_assert!(parts.minus(count).unwrap() <= square(needed.raw()));
            prop_assert!(needed.is_zero() || parts > square(needed.raw() - 1));
        }
    }

    /// A cut restores the target where anything does, and nothing a micro-USD less does; where nothing does it is the best there is.
    #[test]
    fn a_cut_is_the_least_that_restores_the_target(
        (cov, legs) in accounts(),
        rate in 100u64..2_000,
        penalty in 0u64..100,
        percent in 101u64..200,
        health in 1i128..140,
    ) {
        prop_assume!(legs.len() > 1 && legs[0].margin.raw() != 0);
        let (rate, penalty, target) = (Ratio::bps(rate), Ratio::bps(penalty), Ratio::percent(percent));
        // the notional whose margin is v, and v again by that
        let notional = legs[0].margin.abs().unscale(rate, Rounding::Down).unwrap();
        prop_assume!(!notional.is_zero());
        let short = legs[0].margin.is_negative();
        let (needed, _) = of(&cov, HALF).requirement(&legs).unwrap();
        let equity = SignedUsd::new(i128::try_from(needed.raw()).unwrap() * health / 100);
        let cutting = Cutting { equity, target, rate, penalty, notional, short };
        let beside = of(&cov, HALF).beside(&legs, 0).unwrap();
        let surplus = |closed: u128| {
            let needed = beside.with(cutting.left(Usd::new(closed)).unwrap()).unwrap().0;
            let spent = penalty.wide().times(closed.into()).unwrap();
            let wanted = target.wide().times(needed.wide()).unwrap();
            equity.wide().times(ONE.into()).unwrap().minus(spent).unwrap().minus(wanted).unwrap()
        };
        let (cut, restored) = beside.cut(&cutting, false).unwrap();
        prop_assert!(cut <= notional);
        let best = surplus(cut.raw());
        prop_assert_eq!(restored, !best.is_negative());
        if best.is_negative() {
            // margins are whole micro-USD, so a surplus is within two of them of a concave one
            let slack = Wide::from(3 * 2 * ONE);
            for n in 0..=200 {
                prop_assert!(surplus(notional.raw() * n / 200) <= best.plus(slack).unwrap());
            }
            prop_assert_eq!(beside.cut(&cutting, true).unwrap(), (notional, false));
        } else {
            prop_assert!(cut.is_zero() || surplus(cut.raw() - 1).is_negative());
        }
    }

    /// One position, or offsets that count nothing: the cut by formula.
    #[test]
    fn a_cut_of_a_plain_sum_is_the_formula((cov, legs) in accounts(), notional in 1u128..10_000_000_000_000, equity in -1_000_000i128..1_000_000_000_000) {
        let (rate, penalty, target) = (Ratio::bps(350), Ratio::bps(60), Ratio::percent(125));
        let cutting = Cutting { equity: SignedUsd::new(equity), target, rate, penalty, notional: Usd::new(notional), short: true };
        let own = Usd::new(notional).scale(rate, Rounding::Up).unwrap();
        let beside = of(&cov, Ratio::ZERO).beside(&legs, 0).unwrap();
        let all = own.plus(sum(&legs[1..])).unwrap();
        let expected = margin::cut(cutting.equity, all, target, rate, penalty, cutting.notional).unwrap();
        prop_assert_eq!(beside.cut(&cutting, false).unwrap(), (expected, true));
        // of offsets that count, but with nobody beside: the same to the rounding of the root
        let alone = of(&cov, HALF).beside(&legs[..1], 0).unwrap();
        let expected = margin::cut(cutting.equity, own, target, rate, penalty, cutting.notional).unwrap();
        prop_assert_eq!(alone.cut(&cutting, false).unwrap(), (expected, true));
    }

    #[test]
    fn the_liquidation_price_is_the_last_of_the_safe_side(
        (cov, legs) in accounts(),
        size in 1_000_000_000_000_000i128..1_000_000_000_000_000_000_000_000,
        short: bool,
        band in (0u64..500, 50u64..2_000),
        rest in 1_000_000i128..1_000_000_000_000_000,
    ) {
        let (confidence, rate) = (Ratio::bps(band.0), Ratio::bps(band.1));
        let (size, rest) = if short { (Size::new(-size), SignedUsd::new(rest)) } else { (Size::new(size), SignedUsd::new(-rest)) };
        let beside = of(&cov, HALF).beside(&legs, 0).unwrap();
        let surplus = |price: u128| {
            let price = Price::new(price);
            let worth = price.adverse_to_holder(size, confidence).unwrap().value(size, Rounding::Down).unwrap();
            let margin = size.abs().value(price, Rounding::Up).unwrap().scale(rate, Rounding::Up).unwrap().signed().unwrap();
            let margin = if short { margin.negate().unwrap() } else { margin };
            rest.plus(worth).unwrap().minus(beside.with(margin).unwrap().0.signed().unwrap()).unwrap().raw()
        };
        let Some(found) = beside.liquidation_price(size, confidence, rate, rest).unwrap() else { return Ok(()) };
        prop_assert!(found <= MAX_PRICE);
        let found = found.raw();
        // by whole micro-USD of value and margin
        prop_assert!(surplus(found) >= -3, "{}", surplus(found));
        let beyond = if short { found + 1 } else { found - 1 };
        prop_assert!(surplus(beyond) <= 3, "{}", surplus(beyond));
    }
}
