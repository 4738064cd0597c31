//! Sequences by name: what was found, and what chance hardly ever reaches.

use crate::sequence::{From, Runner};
use crate::step::Step;

/// Does the steps, wants both sides to agree after each, and these codes and events among what happened.
fn replay(from: From, steps: &[Step], reached: &[&str]) {
    let mut runner = Runner::new();
    if let Some((n, error)) = runner.replay(from, steps) {
        panic!("step {n}, {:?}: {error}", steps[n]);
    }
    let coverage = runner.coverage();
    for what in reached {
        let code = coverage.codes().iter().any(|code| code == what);
        assert!(code || coverage.events.contains_key(*what), "{what} was not reached:\n{coverage}");
    }
}

/// ATOM, ETH and BTC in whole USD, from two publishers.
fn prices(usd: [u128; 3]) -> Step {
    let prices = usd.map(|usd| usd * 1_000_000_000_000_000_000);
    Step::Prices { by: 0b011, prices, confidences: [0; 3], ppm: 0, age: 0 }
}

fn order(size: i128) -> Step {
    Step::Commit { who: "tina", market: 0, account: 0, perp: 0, size, limit: None, expires_in: None }
}

/// The account is liquidated, and ends below zero: two reasons for its orders not to fill any more.
#[test]
fn an_account_that_ends_below_zero_counts_its_liquidation_and_its_shortfall() {
    replay(
        From::Beginning,
        &[
            order(12_228_906_734_372_436_390),
            Step::Wait(10),
            prices([10, 2_000, 30_000]),
            Step::Settle { who: "kurt", market: 0, perp: 0, limit: 10 },
            Step::Wait(1),
            prices([10, 1_200, 30_000]),
            Step::Liquidate { who: "kira", market: 0, accounts: [Some(("tina", 0)), None, None] },
            Step::Sync { who: "kira" },
        ],
        &["account_liquidated with shortfall", "loss_met by providers"],
    );
}

/// What was lost while nobody provided is not put upon who comes next; what is lost later is.
#[test]
fn a_loss_that_nobody_was_there_for_waits_for_insurance() {
    replay(
        From::Alone,
        &[
            Step::Wait(1),
            prices([7, 2_000, 30_000]),
            Step::Seize { who: "kira", vault: 0, owner: "anna" },
            Step::Wait(1),
            prices([7, 2_400, 30_000]),
            Step::Sync { who: "kira" },
            Step::Deposit { who: "bert", vault: 1, amount: 10_000_000_000_000_000_000, owner: None },
            Step::Sync { who: "kira" },
            Step::Wait(1),
            prices([7, 2_500, 31_000]),
            Step::Sync { who: "kira" },
            Step::Insure { who: "anna", amount: 1_000_000_000 },
            Step::Sync { who: "kira" },
            Step::Liquidate { who: "kira", market: 0, accounts: [Some(("theo", 0)), None, None] },
            Step::Sync { who: "kira" },
        ],
        &["loss_met by nobody"],
    );
}

#[test]
fn an_account_has_no_more_than_32_orders_waiting() {
    let mut steps = vec![
        order(1_000_000_000_000_000_000),
        Step::Wait(10),
        prices([10, 2_000, 30_000]),
        Step::Settle { who: "kurt", market: 0, perp: 0, limit: 10 },
    ];
    steps.extend((0..33).map(|_| order(-1_000_000)));
    steps.push(Step::Wait(10));
    steps.push(prices([10, 2_000, 30_000]));
    steps.push(Step::Settle { who: "kurt", market: 0, perp: 0, limit: 100 });
    replay(From::Beginning, &steps, &["E0010"]);
}

/// The owner resets what his own message's sync trips: both are told, and ceilings that follow have fallen.
#[test]
fn a_breaker_that_trips_in_the_message_that_resets_it_lets_ceilings_fall() {
    replay(
        From::Alone,
        &[Step::Wait(5), prices([7, 2_188, 31_728]), Step::Reset { who: "olga", market: None }],
        &["regime_changed"],
    );
}

/// The last position is seized and nothing insures what is open: what the breakers measure has nothing to divide by, and the deposit that
/// finds them tripped again changes nothing else.
#[test]
fn a_pool_without_collateral_trips_again_after_a_reset() {
    replay(
        From::Alone,
        &[
            Step::Wait(10),
            prices([6, 2_004, 30_242]),
            Step::Poke { who: "kira", market: 0 },
            Step::Seize { who: "kurt", vault: 0, owner: "anna" },
            Step::Wait(5),
            prices([7, 2_104, 31_756]),
            Step::Reset { who: "olga", market: None },
            Step::Deposit { who: "bert", vault: 2, amount: 94_666_666_994, owner: None },
        ],
        &["auction_started", "regime_changed"],
    );
}
