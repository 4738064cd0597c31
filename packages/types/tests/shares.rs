//! Debt shares: what is handed out and what was put in never differ by a whole micro-USD per distribution, and a wiped
//! vault takes deposits again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sdp_types::math::Wide;
use sdp_types::shares::{debt_of, debt_up, Distribution, ScaledBook, DEBT_ONE};
use sdp_types::{Amount, Shares, SignedUsd, Usd};

struct Holder {
    shares: Shares,
    epoch: u32,
    index: Wide,
    principal: Wide,
}

fn runner() -> TestRunner {
    TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn random<S: Strategy>(runner: &mut TestRunner, strategy: &S) -> S::Value {
    strategy.new_tree(runner).unwrap().current()
}

/// 10,000 LPs, 10 epochs of the vault, 100,000 distributions, some LPs touched between them.
#[test]
fn ten_thousand_providers_over_ten_epochs_get_all_that_was_put_in() {
    const LPS: usize = 10_000;
    const EPOCHS: u32 = 10;
    const DISTRIBUTIONS: usize = 10_000;
    let mut runner = runner();
    let deposits = 1u128..1_000_000_000_000_000_000_000_000;
    let amounts = -10_000_000_000_000i128..10_000_000_000_000;
    let touched = 0..LPS;

    let mut book = ScaledBook::default();
    let mut spread = Distribution::default();
    for epoch in 0..EPOCHS {
        assert_eq!((book.epoch, book.shares), (epoch, Shares::ZERO));
        let mut lps: Vec<Holder> = Vec::with_capacity(LPS);
        for _ in 0..LPS {
            let shares = book.add(Amount::new(random(&mut runner, &deposits))).unwrap();
            lps.push(Holder { shares, epoch, index: spread.value_per_share, principal: Wide::ZERO });
        }
        let (mut put_in, carried) = (Wide::ZERO, spread.remainder);
        for _ in 0..DISTRIBUTIONS {
            let amount = SignedUsd::new(random(&mut runner, &amounts));
            put_in = put_in.plus(debt_of(amount).unwrap()).unwrap();
            spread.distribute(amount, book.shares).unwrap();
            // being touched costs nobody anything
            let lp = &mut lps[random(&mut runner, &touched)];
            let accrued = spread.accrued(lp.shares, lp.index).unwrap();
            lp.principal = lp.principal.plus(accrued).unwrap();
            lp.index = spread.value_per_share;
        }
        let mut handed_out = Wide::ZERO;
        for lp in &lps {
            let accrued = spread.accrued(lp.shares, lp.index).unwrap();
            handed_out = handed_out.plus(lp.principal).unwrap().plus(accrued).unwrap();
        }
        // exact with the remainder, and the remainder is less than the shares
        let out = handed_out.plus(spread.remainder).unwrap().minus(carried).unwrap();
        assert_eq!(out, put_in);
        assert!(!spread.remainder.is_negative() && spread.remainder < book.shares.wide());
        let apart = put_in.minus(handed_out).unwrap();
        let bound = Wide::from(DEBT_ONE).times((DISTRIBUTIONS as u64).into()).unwrap();
        assert!(apart < bound && apart.negate().unwrap() < bound, "{apart} apart");

        // wiped: what it had is worth nothing, and the next epoch takes deposits
        assert!(book.lose(book.amount).unwrap());
        assert_eq!(book.amount_of(lps[0].shares, lps[0].epoch).unwrap(), Amount::ZERO);
    }
    assert_eq!(book.epoch, EPOCHS);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_distribution_carries_what_it_can_not_divide(
        shares in 1..u128::MAX / 2,
        amounts in prop::collection::vec(-1_000_000_000_000_000_000_000i128..1_000_000_000_000_000_000_000, 1..50),
    ) {
        let mut spread = Distribution::default();
        let mut sum = 0;
        for amount in amounts {
            sum += amount;
            spread.distribute(SignedUsd::new(amount), Shares::new(shares)).unwrap();
            let out = spread.accrued(Shares::new(shares), Wide::ZERO).unwrap();
            prop_assert_eq!(out.plus(spread.remainder).unwrap(), debt_of(SignedUsd::new(sum)).unwrap());
            prop_assert!(!spread.remainder.is_negative() && spread.remainder < Shares::new(shares).wide());
        }
    }

    #[test]
    fn a_split_adds_up_and_each_part_is_within_a_micro_dollar(
        amount in -1_000_000_000_000_000i128..1_000_000_000_000_000,
        weights in prop::collection::vec(0..1_000_000_000_000_000u128, 1..9),
    ) {
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let total: u128 = weights.iter().sum();
        let usd: Vec<_> = weights.iter().copied().map(Usd::new).collect();
        let parts = Distribution::split(SignedUsd::new(amount), &usd).unwrap();
        prop_assert_eq!(parts.iter().map(|part| part.raw()).sum::<i128>(), amount);
        for (part, weight) in parts.iter().zip(weights) {
            // |part·total − amount·weight| < total
            let exact = Wide::from(amount).times(weight.into()).unwrap();
            let apart = part.wide().times(total.into()).unwrap().minus(exact).unwrap();
            prop_assert!(apart < total.into() && apart.negate().unwrap() < total.into());
            prop_assert!(weight > 0 || part.raw() == 0);
        }
    }

    #[test]
    fn debt_is_shown_rounded_up(debt in -1_000_000i128..1_000_000, fraction in 1u128..DEBT_ONE) {
        let whole = debt_of(SignedUsd::new(debt)).unwrap();
        prop_assert_eq!(debt_up(whole).unwrap().raw(), debt);
        prop_assert_eq!(debt_up(whole.plus(fraction.into()).unwrap()).unwrap().raw(), debt + 1);
    }

    #[test]
    fn shares_are_never_worth_more_than_the_book_has(
        deposits in prop::collection::vec(1_000..1_000_000_000_000_000_000u128, 1..20),
        changes in prop::collection::vec((any::<bool>(), 0..1_000u128), 0..20),
        leaver in any::<prop::sample::Index>(),
    ) {
        let mut book = ScaledBook::default();
        let mut holders: Vec<(Shares, u32)> = Vec::new();
        for deposit in &deposits {
            let epoch = book.epoch;
            holders.push((book.add(Amount::new(*deposit)).unwrap(), epoch));
        }
        for (gains, per_mille) in changes {
            if book.shares.is_zero() {
                break;
            }
            let part = Amount::new(book.amount.raw() / 1_000 * per_mille);
            if gains {
                book.gain(part).unwrap();
            } else {
                book.lose(part).unwrap();
            }
            let worth = holders.iter().map(|(shares, epoch)| book.amount_of(*shares, *epoch).unwrap().raw());
            prop_assert!(worth.sum::<u128>() <= book.amount.raw());
        }
        let (shares, epoch) = holders.swap_remove(leaver.index(holders.len()));
        if epoch == book.epoch {
            let (before, worth) = (book.amount, book.amount_of(shares, epoch).unwrap());
            let paid = book.remove(shares).unwrap();
            prop_assert!(paid == worth || (holders.is_empty() && paid == before));
        }
        let last = book.lose(book.amount).unwrap();
        prop_assert!(last && book.add(Amount::new(5)).unwrap() == Shares::new(5));
    }
}
