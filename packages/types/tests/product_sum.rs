//! The product and the sums against what they stand for: a list of all depositors, who each pay and get their part, in exact
//! rationals.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use num_rational::BigRational as Q;
use num_traits::Zero;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sdp_types::math::Wide;
use sdp_types::product_sum::{Deposits, Stake, SCALES};
use sdp_types::{Amount, Usd};
use std::collections::BTreeMap;

const STEPS: usize = 10_000;
const PEOPLE: usize = 8;
const VAULTS: usize = 4;

fn q(n: u128) -> Q {
    Q::from_integer(n.into())
}

/// What roundings of the product and the sums may come to in so many payments, beside those to whole units: 10⁻⁶ of a unit, and
/// 10⁻²⁷ of the amount, for each.
fn slack(payments: u32, amount: &Q) -> Q {
    let relative = amount / q(1_000_000_000_000_000_000_000_000_000);
    (Q::new(1.into(), 1_000_000.into()) + relative) * q(payments.into())
}

/// One depositor: as written down, and exactly.
#[derive(Default)]
struct Person {
    stake: Stake,
    gains: [u128; VAULTS],
    deposit: Q,
    exact: [Q; VAULTS],
    /// Since it was written down.
    payments: u32,
}

/// What a contract keeps, and what it stands for.
struct World {
    all: Deposits,
    sums: Vec<Wide>,
    past: BTreeMap<(u32, u32), Vec<Wide>>,
    held: [u128; VAULTS],
    people: Vec<Person>,
    scales: u32,
    across: u32,
}

impl World {
    fn new() -> Self {
        let people = (0..PEOPLE).map(|_| Person { deposit: Q::zero(), ..Person::default() }).collect();
        let sums = vec![Wide::ZERO; VAULTS];
        let (all, past, held) = (Deposits::default(), BTreeMap::new(), [0; VAULTS]);
        Self { all, sums, past, held, people, scales: 0, across: 0 }
    }

    /// Writes a deposit down as it is now: at most a whole unit below what it exactly is, and never above.
    fn touch(&mut self, n: usize) {
        let stake = &self.people[n].stake;
        let mut periods = Vec::new();
        for scale in stake.scale..=stake.scale + SCALES {
            if (stake.epoch, scale) == (self.all.epoch, self.all.scale) {
                periods.push(self.sums.clone());
                break;
            }
            periods.push(self.past.get(&(stake.epoch, scale)).cloned().unwrap_or_default());
        }
        let survives = stake.epoch == self.all.epoch && stake.scale < self.all.scale;
        let worth = stake.worth(&self.all).unwrap();
        self.across += u32::from(survives && !worth.is_zero());
        let earned: Vec<_> = (0..VAULTS).map(|vault| stake.earned(vault, &periods).unwrap().raw()).collect();
        let person = &mut self.people[n];
        let lost = &person.deposit - q(worth.raw());
        let most = q(1) + slack(person.payments, &person.deposit);
        assert!(lost >= Q::zero() && lost < most, "a deposit loses {lost}");
        for (vault, earned) in earned.into_iter().enumerate() {
            person.gains[vault] += earned;
            let lost = &person.exact[vault] - q(person.gains[vault]);
            let most = q(1) + slack(person.payments, &q(person.gains[vault]));
            assert!(lost >= Q::zero() && lost < most, "a gain loses {lost}");
            // what was lost stays with all
            person.exact[vault] = q(person.gains[vault]);
        }
        person.deposit = q(worth.raw());
        person.payments = 0;
        person.stake = Stake::new(worth, &self.all, self.sums.clone());
    }

    fn deposit(&mut self, n: usize, amount: u128) {
        self.touch(n);
        self.all.add(Usd::new(amount)).unwrap();
        let person = &mut self.people[n];
        person.deposit += q(amount);
        let worth = person.stake.amount.plus(Usd::new(amount)).unwrap();
        person.stake = Stake::new(worth, &self.all, self.sums.clone());
    }

    fn withdraw(&mut self, n: usize, part: u128) {
        self.touch(n);
        let person = &mut self.people[n];
        let amount = Usd::new(person.stake.amount.raw() / 100 * part.min(99) + u128::from(part == 100));
        let amount = if part == 100 { person.stake.amount } else { amount.min(person.stake.amount) };
        self.all.remove(amount).unwrap();
        person.deposit -= q(amount.raw());
        let left = person.stake.amount.minus(amount).unwrap();
        person.stake = Stake::new(left, &self.all, self.sums.clone());
    }

    fn claim(&mut self, n: usize) {
        self.touch(n);
        let person = &mut self.people[n];
        for vault in 0..VAULTS {
            self.held[vault] -= core::mem::take(&mut person.gains[vault]);
            person.exact[vault] = Q::zero();
        }
    }

    fn absorb(&mut self, vault: usize, loss: u128, gain: u128) {
        let total = q(self.all.total.raw());
        for person in &mut self.people {
            person.payments += 1;
            if person.stake.epoch == self.all.epoch && person.stake.scale + SCALES < self.all.scale {
                // it is worth less than a micro-USD, and what that buys is not counted
                assert!(person.deposit < q(1), "{} is worth nothing", person.deposit);
                continue;
            }
            person.exact[vault] += &person.deposit * q(gain) / &total;
            person.deposit = &person.deposit * (&total - q(loss)) / &total;
        }
        self.held[vault] += gain;
        let growth = self.all.growth(Amount::new(gain)).unwrap();
        self.sums[vault] = self.sums[vault].plus(growth).unwrap();
        let before = (self.all.epoch, self.all.scale);
        if self.all.pay(Usd::new(loss)).unwrap() {
            let sums = core::mem::replace(&mut self.sums, vec![Wide::ZERO; VAULTS]);
            self.past.insert(before, sums);
            self.scales += u32::from(self.all.epoch == before.0);
        }
    }

    /// Whole amounts that everybody has, and those that are there.
    fn audit(&mut self) {
        for n in 0..PEOPLE {
            self.touch(n);
        }
        let deposits: u128 = self.people.iter().map(|person| person.stake.amount.raw()).sum();
        assert!(deposits <= self.all.total.raw(), "more deposits than there are");
        for vault in 0..VAULTS {
            let gains: u128 = self.people.iter().map(|person| person.gains[vault]).sum();
            assert!(gains <= self.held[vault], "more gains than there are");
        }
    }
}

#[test]
fn ten_thousand_steps_give_everybody_what_a_list_of_all_depositors_would_give_and_dust_stays() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut random = |range: core::ops::Range<u128>| range.new_tree(&mut runner).unwrap().current();
    let mut world = World::new();
    let (mut touches, mut wipes) = (0u128, 0);
    for step in 0..STEPS {
        let n = usize::try_from(random(0..PEOPLE as u128)).unwrap();
        match random(0..100) {
            0..=34 => {
                let digits = u32::try_from(random(0..15)).unwrap();
                world.deposit(n, 10u128.pow(digits) * (1 + random(0..1_000)));
            }
            35..=44 => world.withdraw(n, 1 + random(0..100)),
            45..=54 => world.claim(n),
            _ if world.all.total.is_zero() => continue,
            kind => {
                let total = world.all.total.raw();
                let loss = match kind {
                    // all of it, nearly all, next to nothing, or a part
                    55 => total,
                    56..=60 => total - total / 10u128.pow(u32::try_from(2 + random(0..14)).unwrap()),
                    61..=65 => 1 + random(0..1_000).min(total - 1),
                    _ => total / 1_000 * random(0..900),
                };
                let loss = loss.min(total);
                wipes += u32::from(loss == total);
                let vault = usize::try_from(random(0..VAULTS as u128)).unwrap();
                world.absorb(vault, loss, 1 + random(0..1_000_000_000_000_000_000_000_000));
                continue;
            }
        }
        touches += 1;
        if step % 500 == 0 {
            world.audit();
            touches += PEOPLE as u128;
        }
    }
    world.audit();
    assert!(touches > 3_000 && wipes > 20, "{touches} touches, {wipes} wipes");
    assert!(world.scales > 50, "{} changes of scale", world.scales);
    assert!(world.across > 20, "{} deposits survived one", world.across);
}

/// Nobody else's part of the dust: without wipes, what is there and nobody's is less than a unit a touch and a payment.
#[test]
fn dust_is_less_than_a_micro_usd_for_each_time_that_somebody_is_touched_or_pays() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut random = |range: core::ops::Range<u128>| range.new_tree(&mut runner).unwrap().current();
    let mut world = World::new();
    (0..PEOPLE).for_each(|n| world.deposit(n, 1_000_000_000_000 + n as u128));
    let mut roundings = 0;
    for _ in 0..500 {
        let n = usize::try_from(random(0..PEOPLE as u128)).unwrap();
        world.touch(n);
        let total = world.all.total.raw();
        world.absorb(n % VAULTS, 1 + random(0..total / 50), 1 + random(0..1_000_000_000_000_000_000));
        roundings += 2;
    }
    world.audit();
    roundings += PEOPLE as u128;
    let deposits: u128 = world.people.iter().map(|person| person.stake.amount.raw()).sum();
    let dust = world.all.total.raw() - deposits;
    assert!(dust < roundings, "{dust} of {roundings}");
    let per_vault = |vault| {
        let gains: u128 = world.people.iter().map(|person: &Person| person.gains[vault]).sum();
        (world.held[vault] - gains, world.held[vault])
    };
    for vault in 0..VAULTS {
        // the dust earns too: its part of what was ever got, by the smallest total
        let (left, held) = per_vault(vault);
        let earned = held / world.all.total.raw() * roundings;
        assert!(left <= roundings + earned, "{left} of vault {vault}");
    }
}
