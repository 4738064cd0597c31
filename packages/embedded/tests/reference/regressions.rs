//! Sequences by name: what was found, and what chance hardly ever reaches.

use crate::sequence::{From, Runner, SOLD};
use crate::step::{Allowed, Entrance, Exact, Step, Then, Tweak};

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

/// The dollar token's price in basis points of par.
fn dollar(bps: u128) -> Step {
    Step::Dollar { by: 0b011, price: bps * 100_000_000_000_000, confidence: 0 }
}

fn buy(synthetic: usize, paid: u128, exact: Exact) -> Step {
    Step::Buy { who: "bert", synthetic, paid, exact, expires_in: None, to: None }
}

fn sell(synthetic: usize, amount: u128, exact: Exact) -> Step {
    Step::Sell { who: "bert", synthetic, amount, exact, expires_in: None, to: None }
}

fn fill(synthetic: usize) -> Step {
    Step::SettleSynthetic { who: "kurt", synthetic, limit: 10 }
}

/// What a record says of funding from now on is of the tokens that are left, not of those that a sweep has taken off the book.
#[test]
fn after_a_sweep_funding_goes_on_for_what_is_left() {
    replay(
        From::Beginning,
        &[
            buy(0, 6_000_000_000, Exact::Out(2_500_000_000_000_000_000)),
            Step::Wait(10),
            prices([10, 2_000, 30_000]),
            fill(0),
            Step::Poke { who: "kira", market: 0 },
            Step::PokeSynthetics { who: "kira" },
            Step::BurnSynthetic { who: "bert", synthetic: 0, amount: 2_000_000_000_000_000_000 },
            Step::Wait(600),
            prices([10, 2_000, 30_000]),
            Step::SweepSynthetic { who: "kira", synthetic: 0 },
            Step::Wait(3_000),
            prices([10, 2_000, 30_000]),
            Step::Sync { who: "kira" },
            Step::PokeSynthetics { who: "kira" },
            Step::Sync { who: "kira" },
        ],
        &["bought", "synthetic_swept"],
    );
}

/// Every kind of order fills, and each is refused for its reason: too little, too dear, nothing to buy any more, no price in time.
#[test]
fn orders_of_synthetics_fill_and_are_refused() {
    let half = 500_000_000_000_000_000;
    replay(
        From::Beginning,
        &[
            buy(0, 1_000_000_000, Exact::In(None)),
            buy(0, 1_100_000_000, Exact::Out(half)),
            buy(0, 1_000_000_000, Exact::Out(half)),
            buy(0, 1_000_000_000, Exact::In(Some(half))),
            buy(0, 1_000_000_000, Exact::In(None)),
            Step::Wait(10),
            prices([10, 2_000, 30_000]),
            Step::SettleSynthetic { who: "kurt", synthetic: 0, limit: 4 },
            Step::Configure { who: "gina", tweak: Tweak::SyntheticStatus { synthetic: 0, status: 1 } },
            fill(0),
            buy(0, 1_000_000_000, Exact::In(None)),
            sell(0, half, Exact::Out(900_000_000)),
            sell(0, half / 5, Exact::Out(300_000_000)),
            sell(0, half / 5, Exact::In(Some(199_900_000))),
            sell(0, half / 5, Exact::In(None)),
            Step::Wait(10),
            prices([10, 2_000, 30_000]),
            fill(0),
            // two of them expire, of which the keeper gets a fee in tokens; the last one is taken back
            sell(0, half / 5, Exact::In(None)),
            Step::Wait(60),
            sell(0, half / 5, Exact::In(None)),
            Step::CancelSynthetic { who: "bert", synthetic: 0, order: 10 },
            fill(0),
            Step::Collect { who: "kurt", amount: None, to: Some("kira"), accepted: 0 },
        ],
        &[
            "bought",
            "sold",
            "spot_refused.E0604",
            "spot_refused.E0605",
            "spot_refused.E0602",
            "spot_refused.E0415",
            "E0602",
            "spot_cancelled",
            "spot_collected",
        ],
    );
}

/// [`SOLD`] as far as its crash, which leaves bad debt.
fn crash() -> &'static [Step] {
    &SOLD[..8]
}

/// What a sale brings is owed and not paid while there is bad debt, and collected in proportion.
#[test]
fn claims_are_collected_in_proportion_while_there_is_bad_debt() {
    let all = 1_000_000_000_000_000_000;
    let collect = |accepted| Step::Collect { who: "bert", amount: None, to: None, accepted };
    let steps = [
        buy(1, 2_000_000_000, Exact::Out(3_000_000)),
        Step::Wait(10),
        prices([10, 2_000, 30_000]),
        fill(1),
        Step::Collect { who: "kurt", amount: None, to: None, accepted: 0 },
    ];
    // of 0.03 BTC half is left: 540 USD beside the claim of 500, and 900 are held
    let later = [
        Step::Wait(1),
        prices([10, 1_200, 36_000]),
        sell(1, 1_500_000, Exact::Out(500_000_000)),
        Step::Wait(10),
        prices([10, 1_200, 36_000]),
        fill(1),
        collect(0),
        collect(all),
        collect(all),
    ];
    replay(
        From::Beginning,
        &[&steps, crash(), &later].concat(),
        &["bought", "sold", "spot_collected", "drawn in proportion", "E0341", "E0005"],
    );
}

/// In at par, out with a haircut while there is bad debt, written down, out at a loss for whoever runs, and up again.
#[test]
fn a_token_leaves_its_band_and_comes_back() {
    let all = 1_000_000_000_000_000_000;
    let swap_in = |amount, then| Step::SwapIn { who: "anna", amount, least: None, then };
    let out = |amount, accepted| Step::SwapOut { who: "bert", amount, least: None, to: None, accepted };
    let margin = |market| Then::Margin { market, owner: Some("tara"), account: 0 };
    let steps = [
        dollar(10_000),
        swap_in(900_000_000_001, Then::Pay { to: None, accepted: 0 }),
        swap_in(50_000_000_001, margin(1)),
        swap_in(50_000_000_001, Then::Burn { vault: 0, owner: None }),
    ];
    let later = [
        Step::Wait(1),
        dollar(10_000),
        out(300_000_001, 0),
        out(300_000_001, all),
        swap_in(50_000_000_001, margin(1)),
        swap_in(20_000_000_007, margin(0)),
        swap_in(2_000_000_007, Then::Burn { vault: 0, owner: None }),
        Step::Wait(1),
        dollar(9_500),
        swap_in(1_000_000_000, Then::Pay { to: None, accepted: all }),
        Step::Revalue { who: "kira" },
        Step::Revalue { who: "kira" },
        out(200_000_000, all),
        Step::Wait(1),
        dollar(9_920),
        // the swap values it again, as the message did
        out(100_000_000, all),
        Step::Wait(1),
        dollar(9_960),
        Step::Revalue { who: "kira" },
        Step::Sync { who: "kira" },
    ];
    replay(
        From::Beginning,
        &[&steps, crash(), &later].concat(),
        &["swapped_in", "swapped_out", "revalued", "E0341", "E0701", "E0322"],
    );
}

/// Until the grace is over nobody knows how wide the band of a pulled feed gets; then an order takes its worse edge.
#[test]
fn an_order_on_a_pulled_feed_waits_for_the_grace() {
    let size = 100_000_000_000_000_000_000;
    let settle = Step::Settle { who: "kurt", market: 1, perp: 1, limit: 10 };
    let pulled = |wait, bps| {
        let pull = Step::Pull { who: "tara", feeds: &[4] };
        [Step::Wait(wait), prices([10, 2_000, 30_000]), dollar(bps), pull]
    };
    let orders = [
        Step::Commit { who: "tara", market: 1, account: 0, perp: 1, size, limit: None, expires_in: None },
        buy(2, 1_000_000_000, Exact::In(None)),
    ];
    // an interval of the perpetual's order, and the next one of the synthetic's
    let (first, second) = ([pulled(4, 9_990), pulled(2, 9_950)], [pulled(2, 9_950), pulled(1, 9_990)]);
    let wait = [Step::Wait(3), fill(2), settle, Step::Wait(5), fill(2)];
    let steps = [&pulled(1, 9_990)[..], &orders, &first.concat(), &[settle], &second.concat(), &wait];
    replay(From::Beginning, &steps.concat(), &["E0420", "E0322", "order_filled", "bought"]);
}

/// Two positions take all that an account has, and the second one a rounding more: it lacks that micro-USD.
#[test]
fn an_account_that_pays_all_for_two_positions_may_lack_a_rounding() {
    let prices = |by, prices, confidences, ppm| Step::Prices { by, prices, confidences, ppm, age: 0 };
    let commit = |perp, size| Step::Commit {
        who: "tara",
        market: 1,
        account: 0,
        perp,
        size,
        limit: None,
        expires_in: None,
    };
    replay(
        From::Beginning,
        &[
            Step::Dollar { by: 5, price: 1_000_400_000_026_896_517, confidence: 1_900_000_000_000_000 },
            commit(0, 8_966_105_182_433_783_322),
            Step::Wait(9),
            prices(
                5,
                [10_108_446_762_322_618_703, 2_002_237_500_706_022_066_142, 29_926_036_172_146_861_449_529],
                [75_000_000_000_000, 0, 75_000_000_000_000],
                6,
            ),
            Step::Wait(5),
            prices(
                5,
                [10_133_748_281_140_733_477, 2_005_647_321_381_634_337_765, 29_950_066_851_016_007_079_735],
                [50_000_000_000_000, 50_000_000_000_000, 0],
                6,
            ),
            Step::Settle { who: "kira", market: 1, perp: 0, limit: 10 },
            Step::Wait(1),
            Step::Pull { who: "kurt", feeds: &[4] },
            commit(1, -2_500_000_000_000_000_000_000),
            Step::Wait(12),
            prices(
                6,
                [10_019_266_983_921_702_426, 2_006_656_164_993_221_729_356, 29_758_475_698_329_213_849_298],
                [100_000_000_000_000, 50_000_000_000_000, 0],
                14,
            ),
            Step::Dollar { by: 5, price: 999_700_021_395_865_682, confidence: 0 },
            Step::Pull { who: "kurt", feeds: &[4] },
            Step::Wait(7),
            Step::Settle { who: "kira", market: 1, perp: 1, limit: 1 },
            Step::Dollar { by: 6, price: 1_000_700_000_037_804_269, confidence: 0 },
            Step::Wait(6),
            prices(
                5,
                [11_119_654_393_598_418_952, 2_126_913_048_682_676_981_642, 31_483_129_400_029_504_183_346],
                [100_000_000_000_000, 125_000_000_000_000, 50_000_000_000_000],
                21,
            ),
            Step::Pull { who: "bert", feeds: &[4] },
            Step::Liquidate { who: "kurt", market: 1, accounts: [Some(("tara", 0)), None, None] },
        ],
        &["account_liquidated with shortfall"],
    );
}

/// More units than any record may hold are named so, however many decimals a token has.
#[test]
fn a_buy_of_more_than_any_record_may_hold_is_too_large() {
    let out = |amount| buy(2, 19_000_000_000, Exact::Out(amount));
    let most = 1_000_000_000_000_000_000_000_000_000_000;
    replay(
        From::Beginning,
        &[dollar(10_000), Step::Pull { who: "tina", feeds: &[4] }, out(most / 10), out(most), out(most + 1)],
        &["E0423", "E0004"],
    );
}

/// Of 16,000 USD of ETH a quarter is lost; 200 ATOM stand behind it and bring about half of that.
#[test]
fn what_tokens_do_not_bring_when_all_are_sold_is_the_pools_loss() {
    replay(
        From::Beginning,
        &[
            Step::Wait(1),
            prices([10, 2_000, 30_000]),
            Step::Pledge { who: "theo", token: 0, amount: 200_000_000, account: 1, owner: None },
            Step::Commit {
                who: "theo",
                market: 0,
                account: 1,
                perp: 0,
                size: 8_000_000_000_000_000_001,
                limit: None,
                expires_in: None,
            },
            Step::Wait(10),
            prices([10, 2_000, 30_000]),
            Step::Settle { who: "kurt", market: 0, perp: 0, limit: 10 },
            Step::Wait(1),
            prices([10, 1_500, 30_000]),
            Step::Liquidate { who: "kira", market: 0, accounts: [Some(("theo", 1)), None, None] },
            Step::StopSale { who: "sven", owner: "theo", account: 1 },
            Step::SellTokens { who: "kira", owner: "theo", account: 1 },
            Step::Unpledge { who: "theo", account: 1, token: 0, amount: 1, to: None },
            Step::Wait(310),
            prices([10, 1_500, 30_000]),
            Step::Wait(11),
            prices([9, 1_500, 30_000]),
            Step::RedoSale { who: "kurt", owner: "theo", account: 1 },
            Step::TakeTokens {
                who: "anna",
                owner: "theo",
                account: 1,
                payment: 700_000_001,
                amount: 1_000_000_000,
                max_price: 20_000_000_000_000_000_000,
                to: Some("bert"),
            },
            Step::TakeTokens {
                who: "anna",
                owner: "theo",
                account: 1,
                payment: 9_000_000_000,
                amount: 1_000_000_000,
                max_price: 20_000_000_000_000_000_000,
                to: None,
            },
            Step::Sync { who: "kira" },
        ],
        &[
            "E1108",
            "E1109",
            "token_sale_reset",
            "tokens_taken",
            "token_sale_ended with something owed",
            "account_backed with shortfall",
        ],
    );
}

/// The tokens would not follow; and of a token that closes there comes no more.
#[test]
fn an_account_that_tokens_back_is_nobody_elses() {
    let allowed = Some(Allowed { seconds: 100, perp: None, most: None, may_take: true });
    replay(
        From::Beginning,
        &[
            Step::Wait(1),
            prices([10, 2_000, 30_000]),
            Step::Pledge {
                who: "theo",
                token: 1,
                amount: 1_000_000_000_000_000_000,
                account: 1,
                owner: None,
            },
            Step::SetDelegate { who: "theo", market: 0, account: 1, delegate: "sven", allowed },
            Step::TakeAccount { who: "sven", market: 0, owner: "theo", account: 1, into: 3 },
            Step::Configure { who: "gina", tweak: Tweak::TokenCloses { token: 1, closes: true } },
            Step::Pledge {
                who: "theo",
                token: 1,
                amount: 1_000_000_000_000_000_000,
                account: 1,
                owner: None,
            },
            Step::Unpledge { who: "theo", account: 1, token: 1, amount: 1_000_000_000_000_000_000, to: None },
            Step::TakeAccount { who: "sven", market: 0, owner: "theo", account: 1, into: 3 },
        ],
        &["E1101", "E1103", "tokens_withdrawn", "account_taken"],
    );
}

/// An entry at market fills, its target is committed at the first price beyond it, and then the stop is gone with its fee.
#[test]
fn a_bracket_ends_with_one_of_its_exits() {
    let allowed = Some(Allowed { seconds: 10_000, perp: None, most: None, may_take: false });
    let ids = |first: u64, second: Option<u64>| [Some(first), second, None, None];
    replay(
        From::Beginning,
        &[
            Step::SetDelegate { who: "tina", market: 0, account: 0, delegate: "orders", allowed },
            Step::FillJar { who: "anna", amount: 3_000_001, owner: Some("tina") },
            Step::Wait(1),
            prices([10, 2_000, 30_000]),
            Step::Bracket {
                who: "tina",
                account: 0,
                perp: 0,
                size: 1_234_567_890_123_456_789,
                entry: Entrance::Market(None),
                stop: (1_900_000_000_000_000_000_000, None),
                target: (2_050_000_000_000_000_000_000, Some(2_000_000_000_000_000_000_000)),
                entry_good_for: Some(60),
                good_for: None,
                keeper_fee: 1_000_000,
            },
            Step::Arm { who: "kira", ids: ids(1, Some(2)) },
            Step::Wait(10),
            prices([10, 2_000, 30_000]),
            Step::Settle { who: "kurt", market: 0, perp: 0, limit: 10 },
            Step::Wait(1),
            prices([10, 2_060, 30_000]),
            // the entry has filled: that is all that comes of it
            Step::Arm { who: "kira", ids: ids(1, None) },
            Step::Arm { who: "kira", ids: ids(1, Some(2)) },
            Step::Wait(10),
            prices([10, 2_060, 30_000]),
            Step::Settle { who: "kurt", market: 0, perp: 0, limit: 10 },
            Step::SweepOrders { who: "sven", ids: ids(1, None) },
            Step::DrawJar { who: "tina", amount: 2_000_001, to: None },
        ],
        &[
            "rejected.E0908",
            "rejected.E0905",
            "conditional_armed",
            "conditional_ended filled",
            "conditional_ended linked",
            "jar_drawn",
        ],
    );
}

/// Only what leaves the market is paid in proportion, for which all prices have to be fresh.
#[test]
fn margin_moves_between_own_accounts_without_prices_though_there_is_bad_debt() {
    replay(
        From::Alone,
        &[
            Step::Wait(10),
            Step::Prices {
                by: 6,
                prices: [
                    7_795_061_727_539_506_112,
                    1_540_000_000_000_000_000_000,
                    23_100_385_000_000_000_000_000,
                ],
                confidences: [75_000_000_000_000, 100_000_000_000_000, 0],
                ppm: 0,
                age: 0,
            },
            Step::Liquidate {
                who: "theo",
                market: 0,
                accounts: [Some(("tina", 0)), Some(("theo", 0)), None],
            },
            Step::Sync { who: "kurt" },
            Step::Wait(267),
            Step::TransferMargin { who: "kira", market: 0, from: 0, into: 1, amount: 246_923 },
        ],
        &["loss_met by nobody"],
    );
}
