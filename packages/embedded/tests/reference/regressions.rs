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

/// Bids against each other, a restart with a larger claim, redemption in part and in full, and each refusal of notes.
#[test]
fn notes_are_sold_to_who_claims_least_and_redeemed_in_proportion() {
    let bid = |who, payment, claim| Step::Bid { who, auction: 3, payment, claim };
    let take = |payment| {
        let (amount, max_price) = (1_000_000_000_000, 9_000_000_000_000_000_000);
        Step::Take { who: "bert", auction: 1, payment, amount, max_price, to: None }
    };
    let redeem = |who, notes, least| Step::RedeemNotes { who, notes, least, to: None };
    replay(
        From::Sold,
        &[
            // 77.5 outstanding and 40 on auction: of 150 are 32.5 left, of which none is less than 30
            Step::StartNotes { who: "kira" },
            Step::StartNotes { who: "kira" },
            Step::RestartNotes { who: "kira", auction: 3 },
            bid("anna", 30_000_000, 40_000_000),
            bid("anna", 30_000_001, 40_000_002),
            Step::SettleNotes { who: "kira", auction: 3 },
            Step::Wait(40),
            prices([10, 1_200, 30_000]),
            Step::RestartNotes { who: "kira", auction: 3 },
            bid("anna", 30_000_001, 36_000_000),
            bid("bert", 40_000_000, 34_000_000),
            Step::SettleNotes { who: "kira", auction: 3 },
            Step::Wait(15),
            prices([10, 1_200, 30_000]),
            bid("anna", 30_000_001, 31_000_000),
            Step::SettleNotes { who: "kira", auction: 3 },
            // of 30,000 with a penalty of a tenth: about 100 of it, of which the keeper has 32 and notes 44 % of the rest
            Step::Wait(1),
            prices([6, 1_200, 30_000]),
            Step::Seize { who: "kira", vault: 0, owner: "anna" },
            take(27_372_730_000),
            Step::Sync { who: "kira" },
            redeem("bert", 10_000_000, Some(9_999_999)),
            redeem("bert", 10_000_000, Some(1)),
            Step::BurnNotes { who: "cleo", amount: 39_000_000 },
            redeem("bert", 10_000_000, None),
            // and then nearly all of it, which covers every note
            take(2_500_000_000),
            Step::Sync { who: "kira" },
            redeem("bert", 10_000_000, Some(10_000_000)),
            redeem("cleo", 1_000_000, None),
            Step::Sync { who: "kira" },
        ],
        &[
            "E0526",
            "E0528",
            "E0529",
            "E0530",
            "E0527",
            "E0343",
            "note_bid below another",
            "notes_redeemed in part",
            "notes_redeemed in full",
        ],
    );
}

/// What is left of an account pays its penalty to within a rounding: whether it lacks anything is what the chain says.
#[test]
fn an_account_that_ends_at_nothing_lacks_nothing() {
    let prices = [11_135_802_467_913_580_160, 2_200_000_000_000_000_000_000, 33_000_550_000_000_000_000_000];
    let confidences = [125_000_000_000_000, 125_000_000_000_000, 50_000_000_000_000];
    replay(
        From::Alone,
        &[
            Step::Wait(2),
            Step::Prices { by: 5, prices, confidences, ppm: 0, age: 0 },
            Step::Insure { who: "theo", amount: 78_300_094 },
            Step::Back { who: "anna", amount: 59_500_139, owner: None },
            Step::Liquidate {
                who: "kira",
                market: 0,
                accounts: [Some(("theo", 0)), Some(("theo", 0)), None],
            },
        ],
        &["account_liquidated"],
    );
}

/// What deposits lose by rounding to shares lies in the vault until the next yield shares it: more than a base unit for each position.
#[test]
fn deposits_after_a_yield_leave_their_roundings_to_the_vault() {
    replay(
        From::Beginning,
        &[
            Step::AddYield { who: "cleo", vault: 2, amount: 4 },
            Step::Deposit { who: "cleo", vault: 2, amount: 71_600_000_449, owner: None },
            Step::Deposit { who: "anna", vault: 2, amount: 281_666_666_860, owner: None },
            Step::AddYield { who: "cleo", vault: 2, amount: 1_311_958_000 },
        ],
        &["yield_added"],
    );
}
