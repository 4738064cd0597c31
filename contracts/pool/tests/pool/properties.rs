//! Random histories. After each message the harness checks that both sides of the ledger are equal, that debt shares add up
//! exactly to 10⁻²⁷ micro-USD, that the audit finds no difference; and here, that each rule held.

use crate::common::*;
use proptest::prelude::*;
use sdp_types::exposure::Recoveries;
use sdp_types::pool::*;
use sdp_types::{Amount, Ratio, Usd};

const NAMES: [&str; 4] = ["anna", "bert", "carl", "dora"];

#[derive(Clone, Debug)]
enum Step {
    Deposit(usize, u64, bool),
    Mint(usize, u64),
    Burn(usize, u8),
    Exit(usize, u64),
    Seize(usize, u64),
    Auction(u8, u8),
    Market { won: i64, fees: u64, short: u64, skew: i8 },
    Draw(u64),
    Price(u8),
    Sweep(u8),
    Later(u32),
    Silence(u32),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..NAMES.len();
    prop_oneof![
        3 => (who.clone(), 5u64..5_000, any::<bool>()).prop_map(|(n, a, sol)| Step::Deposit(n, a, sol)),
        6 => (who.clone(), 1u64..60_000_000_000).prop_map(|(n, a)| Step::Mint(n, a)),
        3 => (who.clone(), any::<u8>()).prop_map(|(n, part)| Step::Burn(n, part)),
        4 => (who.clone(), 1u64..25_000_000_000).prop_map(|(n, a)| Step::Exit(n, a)),
        4 => (who, 1u64..60_000_000_000).prop_map(|(n, room)| Step::Seize(n, room)),
        3 => (any::<u8>(), any::<u8>()).prop_map(|(paid, short)| Step::Auction(paid, short)),
        4 => (-9_000_000_000i64..9_000_000_000, 0u64..1_000_000, 0u64..50_000_000, any::<i8>())
            .prop_map(|(won, fees, short, skew)| Step::Market { won, fees, short, skew }),
        3 => (1u64..9_000_000_000).prop_map(Step::Draw),
        4 => (20u8..200).prop_map(Step::Price),
        2 => any::<u8>().prop_map(Step::Sweep),
        3 => (1u32..10_000).prop_map(Step::Later),
        1 => (1u32..200).prop_map(Step::Silence),
    ]
}

fn part(of: u128, n: u8) -> u128 {
    of * u128::from(n) / 255
}

fn apply(pool: &mut Pool, step: Step) {
    match step {
        Step::Deposit(n, amount, false) => drop(pool.deposit(NAMES[n], amount)),
        Step::Deposit(n, amount, true) => drop(pool.deposit_sol(NAMES[n], amount / 10 + 1)),
        Step::Mint(n, raw) => {
            let most = pool.maximum_mint(NAMES[n]).amount;
            let amount = Usd::new(u128::from(raw).min(most.raw()));
            let result =
                pool.run(NAMES[n], ExecuteMsg::Mint { vault: 0, amount, recipient: None, owner: None });
            if amount == most && !most.is_zero() && pool.position(NAMES[n]).debt_for_issuance >= signed(50) {
                result.unwrap();
                let position = pool.position(NAMES[n]);
                assert!(position.ratio.is_none_or(|ratio| ratio >= pct(300)));
                refused(
                    pool.run(
                        NAMES[n],
                        ExecuteMsg::Mint { vault: 0, amount: Usd::new(1), recipient: None, owner: None },
                    ),
                    &pool.maximum_mint(NAMES[n]).bound_by[..5],
                );
            }
        }
        Step::Burn(n, of) => {
            let amount = part(*pool.cw20("sdusd", NAMES[n]), of);
            drop(pool.send("sdusd", NAMES[n], amount, &Hook::Burn { vault: 0, owner: None }));
        }
        Step::Exit(n, raw) => {
            let amount = Amount::new(raw.into());
            drop(pool.run(NAMES[n], ExecuteMsg::CancelExit { vault: 0 }));
            if pool
                .run(
                    NAMES[n],
                    ExecuteMsg::RequestExit { vault: 0, amount, accepted_haircut: Some(Ratio::ONE) },
                )
                .is_ok()
            {
                pool.later(DELAY + 5);
                let interval = intervals().first_from(pool.now() - 5);
                let (price, confidence) = pool.prices[0];
                pool.slot(interval, 0, price, confidence);
                drop(pool.execute_exit(NAMES[n]));
            }
        }
        Step::Seize(n, room) => drop(pool.seize(NAMES[n], Usd::new(room.into()), Usd::new(1_000))),
        Step::Auction(paid, short) => {
            let last = pool.recorded();
            let paid = part(last.tab.raw(), paid).min(*pool.cw20("sdusd", "tom"));
            let short = part(last.tab.raw() - paid, short);
            *pool.cw20("sdusd", "tom") -= paid;
            let plus = |a: Usd, b: u128| a.plus(Usd::new(b)).unwrap();
            pool.recoveries(Recoveries {
                tab: Usd::new(last.tab.raw() - paid - short),
                recovered: plus(last.recovered, paid),
                shortfalls: plus(last.shortfalls, short),
                ..last
            });
            pool.check();
        }
        Step::Market { won, fees, short, skew } => {
            let skew = ["-0.37", "0", "0.123456789012345678", "1"][usize::from(skew.unsigned_abs()) % 4];
            pool.market("perps", skew, won.into(), |e| {
                e.fees = e.fees.plus(Usd::new(fees.into())).unwrap();
                e.shortfalls = e.shortfalls.plus(Usd::new(short.into())).unwrap();
                e.open_positions = u64::from(skew != "0");
            });
            pool.sync();
        }
        Step::Draw(raw) => {
            let amount = Usd::new(raw.into());
            let key = (addr("perps").to_string(), vec![sdp_types::record::tag::EXPOSURE]);
            let before = pool.deps.querier.records[&key].clone();
            let exposure =
                <sdp_types::exposure::Exposure as sdp_types::record::Record>::decode(&before).unwrap();
            let skew =
                exposure.quantities.first().map(|entry| entry.quantity.to_string()).unwrap_or("0".into());
            pool.market("perps", &skew, exposure.base.raw() - i128::from(raw), |e| {
                e.drawn = e.drawn.plus(amount).unwrap();
            });
            let msg = ExecuteMsg::Draw {
                amount,
                recipient: addr("tom").into(),
                accepted_haircut: Some(Ratio::ONE),
            };
            if pool.run("perps", msg).is_err() {
                pool.deps.querier.records.insert(key, before);
            }
        }
        Step::Price(tenths) => {
            pool.prices[0].0 = ["2.5", "5", "7.77", "10", "13.3"][usize::from(tenths) % 5];
            pool.prices[2].0 = ["49000", "50000", "50123.456789"][usize::from(tenths) % 3];
            pool.prices[0].1 = Ratio::bps(u64::from(tenths));
            pool.publish();
        }
        Step::Sweep(of) => {
            let stray = part(*pool.cw20("sdusd", "tom"), of / 16);
            *pool.cw20("sdusd", "tom") -= stray;
            if of % 2 == 0 {
                *pool.cw20("sdusd", "pool") += stray;
            }
            drop(pool.run("anyone", ExecuteMsg::Sweep {}));
        }
        Step::Later(seconds) => pool.later(seconds.into()),
        Step::Silence(seconds) => pool.silence(seconds.into()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_history_unbalances_the_books(steps in prop::collection::vec(step(), 1..60)) {
        let mut pool = Pool::with_markets(&["perps"]);
        for name in &NAMES[..3] {
            pool.deposit(name, 15_000).unwrap();
        }
        pool.later(STAY);
        for step in steps {
            apply(&mut pool, step);
        }
        pool.publish();
        pool.sync();
        let book = pool.book();
        pool.sync();
        prop_assert_eq!(pool.book(), book);
        prop_assert!(pool.audit().pending.raw() == 0);
    }
}
