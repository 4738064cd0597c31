//! Collateral is bought, and auctions end. The price is $12 at the start and falls a cent a second.

use proptest::prelude::*;
use sdp_types::error::LiquidatorError;
use sdp_types::events::{AuctionEnded, Taken};
use sdp_types::liquidator::{Change, ExecuteMsg, Hook, Params};
use sdp_types::pool::Seizure;
use sdp_types::{Amount, Error, Price, Usd};

use crate::desk::*;

/// $1 in micro-USD, one token of 6 decimals.
const ONE: u128 = 1_000_000;

fn recoveries(desk: &Desk) -> [u128; 5] {
    let r = desk.totals().recoveries;
    [r.tab, r.recovered, r.penalties, r.shortfalls, r.tips].map(Usd::raw)
}

#[test]
fn a_partial_take_pays_the_tab_and_refunds_the_excess() {
    let mut desk = Desk::new();
    desk.seizes(0, seizure());
    // $12 − 200 · $0.01 = $10
    let told = desk.later(200).takes("tina", Usd::whole(333), take(1, tokens(20)));

    let tina = || addr("tina").to_string();
    let (amount, price, paid) = (tokens(20), price("10"), Usd::whole(200));
    let (payer, recipient, penalty) = (tina(), tina(), Usd::ZERO);
    let taken = Taken { auction: 1, payer, recipient, amount, price, paid, recovered: paid, penalty };
    assert_eq!(event::<Taken>(&told), taken);
    assert_eq!(find::<AuctionEnded>(&told.events), None);
    assert_eq!((desk.balance("uatom", "tina"), desk.sdusd("tina")), (20 * ONE, 133 * ONE));
    assert_eq!(recoveries(&desk), [300 * ONE, 200 * ONE, 0, 0, 0]);
    assert_eq!((desk.auctions()[0].lot, desk.auctions()[0].tab), (tokens(80), Usd::whole(300)));
}

#[test]
fn a_whole_take_burns_tab_and_penalty_rewards_the_keeper_and_returns_the_surplus() {
    let mut desk = Desk::new();
    desk.seizes(0, seizure());
    let told = desk.later(200).takes("tina", Usd::whole(1_000), take(1, tokens(100)));

    // ($500 + $50) ÷ $10 = 55
    assert_eq!(desk.balance("uatom", "tina"), 55 * ONE);
    assert_eq!(desk.sdusd("tina"), 450 * ONE);
    assert_eq!(desk.balance("uatom", "olaf"), 45 * ONE);
    // min($5 + 1 % of $500, $50)
    assert_eq!(desk.sdusd("kira"), 10 * ONE);
    assert_eq!(desk.burnt(), 540 * ONE);
    assert_eq!(recoveries(&desk), [0, 500 * ONE, 50 * ONE, 0, 10 * ONE]);
    let (surplus, shortfall, reward) = (tokens(45), Usd::ZERO, Usd::whole(10));
    assert_eq!(event::<AuctionEnded>(&told), AuctionEnded { auction: 1, surplus, shortfall, reward });
    let gone = desk.refuses_take("tina", Usd::whole(1), take(1, tokens(1)));
    assert_eq!(gone, LiquidatorError::UnknownAuction { auction: 1 }.into());
}

#[test]
fn collateral_that_is_a_cw20_is_transferred_by_its_contract() {
    let mut desk = Desk::new();
    desk.seizes(1, Seizure { token: wrapped(), ..seizure() });
    let recipient = Some(addr("rita").into());
    let max_price = price("12");
    let take = Hook::Take { auction: 1, amount: tokens(100), max_price, recipient };
    desk.takes("tina", Usd::whole(600), take);
    // $550 ÷ $12 = 45.833333…, rounded up
    let bought = 45_833_334;
    assert_eq!(desk.balance(addr("wrapped").as_str(), "rita"), bought);
    assert_eq!(desk.balance(addr("wrapped").as_str(), "olaf"), 100 * ONE - bought);
    assert_eq!((desk.sdusd("tina"), desk.sdusd("rita")), (50 * ONE, 0));
}

#[test]
fn a_lot_that_is_sold_out_ends_short_of_its_tab() {
    let mut desk = Desk::new();
    let (tab, penalty) = (Usd::whole(1_500), Usd::whole(150));
    desk.seizes(0, Seizure { tab, penalty, ..seizure() });
    let told = desk.takes("tina", Usd::whole(2_000), take(1, tokens(100)));
    // 100 · $12 of $1,500; the penalty is forgotten and nobody is rewarded
    assert_eq!(recoveries(&desk), [0, 1_200 * ONE, 0, 300 * ONE, 0]);
    assert_eq!((desk.sdusd("tina"), desk.sdusd("kira")), (800 * ONE, 0));
    let (surplus, shortfall, reward) = (Amount::ZERO, Usd::whole(300), Usd::ZERO);
    assert_eq!(event::<AuctionEnded>(&told), AuctionEnded { auction: 1, surplus, shortfall, reward });
    assert_eq!(desk.totals().outstanding, Usd::ZERO);
}

#[test]
fn a_lot_that_pays_the_tab_but_not_all_of_the_penalty_rewards_from_what_came_in() {
    let mut desk = Desk::new();
    let (tab, penalty) = (Usd::whole(1_194), Usd::whole(100));
    desk.seizes(0, Seizure { tab, penalty, ..seizure() });
    // $1,200: $6 of penalty, all of it reward (at most $5 + $11.94)
    let told = desk.takes("tina", Usd::whole(1_200), take(1, tokens(100)));
    assert_eq!(recoveries(&desk), [0, 1_194 * ONE, 6 * ONE, 0, 6 * ONE]);
    assert_eq!(desk.sdusd("kira"), 6 * ONE);
    assert_eq!(event::<AuctionEnded>(&told).reward, Usd::whole(6));
}

#[test]
fn a_reward_is_paid_as_the_penalty_comes_in() {
    let mut desk = Desk::new();
    let (tab, penalty) = (Usd::whole(600), Usd::whole(300));
    desk.seizes(0, Seizure { tab, penalty, ..seizure() });
    // at $12: $504 of the tab
    desk.takes("tina", Usd::whole(504), take(1, tokens(42)));
    assert_eq!(desk.sdusd("kira"), 0);
    // $96 of the tab and $4.80 of the penalty; the reward is $5 + $6
    desk.takes("tina", Usd::new(100_800_000), take(1, tokens(50)));
    assert_eq!(desk.sdusd("kira"), 4_800_000);
    assert_eq!(desk.auctions()[0].reward, Usd::new(6_200_000));
    // $12 more
    desk.takes("tina", Usd::whole(12), take(1, tokens(50)));
    assert_eq!(desk.sdusd("kira"), 11 * ONE);
    let told = desk.takes("tina", Usd::whole(500), take(1, tokens(50)));
    assert_eq!(event::<AuctionEnded>(&told).reward, Usd::whole(11));
    assert_eq!(recoveries(&desk), [0, 600 * ONE, 300 * ONE, 0, 11 * ONE]);
}

#[test]
fn who_reset_the_auction_gets_half_of_the_reward_rounded_down() {
    let mut desk = Desk::new();
    desk.seizes(0, Seizure { tab: Usd::new(499_999_900), ..seizure() });
    desk.later(501).board("10").does("rudi", ExecuteMsg::Redo { auction: 1 });
    desk.takes("tina", Usd::whole(1_000), take(1, tokens(100)));
    // $5 and 1 % of $499.9999: 9,999,999 micro-USD
    assert_eq!((desk.sdusd("rudi"), desk.sdusd("kira")), (4_999_999, 5_000_000));
}

#[test]
fn a_take_that_would_leave_dust_is_cut() {
    let mut desk = Desk::new();
    desk.seizes(0, seizure());
    // at $10, 50 would leave $50 of $550; 45 leave $100
    desk.later(200).takes("tina", Usd::whole(500), take(1, tokens(50)));
    assert_eq!((desk.balance("uatom", "tina"), desk.sdusd("tina")), (45 * ONE, 50 * ONE));
    assert_eq!(desk.totals().outstanding, Usd::whole(100));
    // and now all or nothing
    let dust = Usd::whole(100);
    let refused = desk.refuses_take("tina", Usd::whole(99), take(1, tokens(50)));
    assert_eq!(refused, LiquidatorError::LeavesDust { left: Usd::whole(1), dust }.into());
    desk.takes("tina", Usd::whole(100), take(1, tokens(50)));
    assert_eq!(desk.totals().running, 0);
}

#[test]
fn a_price_above_the_takers_limit_is_refused() {
    let mut desk = Desk::new();
    desk.seizes(0, seizure());
    let at_most = |max_price| Hook::Take { auction: 1, amount: tokens(1), max_price, recipient: None };
    let limit = price("11.999999999999999999");
    let refused = desk.refuses_take("tina", Usd::whole(100), at_most(limit));
    assert_eq!(refused, LiquidatorError::AboveMaxPrice { price: price("12"), max_price: limit }.into());
    desk.takes("tina", Usd::whole(100), at_most(price("12")));
}

#[test]
fn an_auction_that_is_too_old_or_has_fallen_too_far_can_not_be_taken() {
    let mut desk = Desk::new();
    desk.seizes(0, seizure());
    desk.seizes(1, Seizure { token: wrapped(), ..seizure() });
    desk.later(500).takes("tina", Usd::whole(7), take(1, tokens(1)));
    let old = desk.later(1).refuses_take("tina", Usd::whole(7), take(1, tokens(1)));
    assert_eq!(old, LiquidatorError::NeedsRedo { age: 501, price: price("6.99") }.into());

    desk.later(99).takes("tina", Usd::whole(6), take(2, tokens(1)));
    let fallen = desk.later(1).refuses_take("tina", Usd::whole(7), take(2, tokens(1)));
    assert_eq!(fallen, LiquidatorError::NeedsRedo { age: 601, price: price("5.99") }.into());
}

#[test]
fn black_thursday_2020_nothing_is_won_at_zero() {
    let mut desk = Desk::new();
    // the smallest prices there are, and a curve that has come down to 0
    desk.seizes(1, Seizure { token: wrapped(), price: Price::new(1), ..seizure() });
    let refused = desk.later(1_201).refuses_take("tina", Usd::whole(1), take(1, tokens(100)));
    assert_eq!(refused, LiquidatorError::NeedsRedo { age: 1_201, price: Price::ZERO }.into());
    // and before that, a base unit still costs a micro-USD
    let mut desk = Desk::new();
    desk.seizes(1, Seizure { token: wrapped(), price: Price::new(1), ..seizure() });
    let refused = desk.refuses_take("tina", Usd::ZERO, take(1, tokens(100)));
    assert_eq!(refused, LiquidatorError::PaidTooLittle { paid: Usd::ZERO, price: Price::new(2) }.into());
}

#[test]
fn nothing_is_bought_with_nothing_and_nothing_is_no_purchase() {
    let mut desk = Desk::new();
    desk.seizes(0, seizure());
    let none = desk.refuses_take("tina", Usd::whole(1), take(1, Amount::ZERO));
    assert_eq!(none, Error::Zero { what: "amount".into() });
    let paid = Usd::new(11);
    let little = desk.refuses_take("tina", paid, take(1, tokens(1)));
    assert_eq!(little, LiquidatorError::PaidTooLittle { paid, price: price("12") }.into());
}

#[test]
fn only_sdusd_pays() {
    let mut desk = Desk::new();
    desk.seizes(0, seizure());
    for token in ["wrapped", "tina", "pool"] {
        let refused = desk.is_refused(token, hook("tina", Usd::whole(100), &take(1, tokens(1))));
        assert_eq!(refused, Error::UnknownToken { token: addr(token).into() });
    }
}

#[test]
fn nothing_is_taken_at_stop_level_3_and_only_there() {
    for (stop_level, works) in [(1, true), (2, true), (3, false)] {
        let mut desk = Desk::new();
        desk.seizes(0, seizure());
        desk.changes(Change::Params { params: Params { stop_level, ..params() } });
        if works {
            desk.takes("tina", Usd::whole(12), take(1, tokens(1)));
        } else {
            let refused = desk.refuses_take("tina", Usd::whole(12), take(1, tokens(1)));
            assert_eq!(refused, LiquidatorError::Stopped { level: 3, needed_below: 3 }.into());
        }
    }
}

#[test]
fn a_hook_that_is_no_take_is_refused() {
    let mut desk = Desk::new();
    let nonsense = cw20::Cw20ReceiveMsg {
        sender: addr("tina").into(),
        amount: 1u128.into(),
        msg: b"{\"give\":{}}".into(),
    };
    assert_eq!(desk.is_refused("sdusd", ExecuteMsg::Receive(nonsense)).code(), "E0008");
}

/// One step of a random story.
#[derive(Clone, Debug)]
enum Step {
    Seize { vault: u8, lot: u128, tab: u128, penalty: u128 },
    Take { auction: u64, amount: u128, payment: u128 },
    Wait { seconds: u64 },
    Redo { auction: u64, cents: u128 },
}

fn step() -> impl Strategy<Value = Step> {
    let dollars = 1..900 * ONE;
    prop_oneof![
        1 => (0..2u8, 1..200 * ONE, dollars.clone(), 0..200 * ONE)
            .prop_map(|(vault, lot, tab, penalty)| Step::Seize { vault, lot, tab, penalty }),
        4 => (1..5u64, 0..150 * ONE, 0..900 * ONE)
            .prop_map(|(auction, amount, payment)| Step::Take { auction, amount, payment }),
        2 => (0..200u64).prop_map(|seconds| Step::Wait { seconds }),
        1 => (1..5u64, 1..3_000u128).prop_map(|(auction, cents)| Step::Redo { auction, cents }),
    ]
}

proptest! {
    // the desk checks the books after every message that goes through, and that refusals write nothing
    #[test]
    fn the_books_hold_after_any_story_and_nobody_pays_more_than_the_price(
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut desk = Desk::new();
        for step in steps {
            match step {
                Step::Wait { seconds } => { desk.later(seconds); }
                Step::Seize { vault, lot, tab, penalty } => {
                    let token = if vault == 0 { atom() } else { wrapped() };
                    let (lot, tab, penalty) = (Amount::new(lot), Usd::new(tab), Usd::new(penalty));
                    let seized = desk.seize(vault, Seizure { token, lot, tab, penalty, ..seizure() });
                    prop_assert!(seized.is_ok() || seized.unwrap_err().code() == "E0321");
                }
                Step::Redo { auction, cents } => {
                    desk.board(&format!("{}.{:02}", cents / 100, cents % 100));
                    let told = desk.attempts("rudi", ExecuteMsg::Redo { auction });
                    prop_assert!(told.is_ok() || ["E0501", "E0504"].contains(&told.unwrap_err().code()));
                }
                Step::Take { auction, amount, payment } => {
                    let (amount, payment) = (Amount::new(amount), Usd::new(payment));
                    let quote = desk.quote(auction, amount);
                    // a quote is to be paid exactly every second time
                    let exact = quote.as_ref().ok().filter(|_| payment.raw() % 2 == 0).map(|quote| quote.cost);
                    let payment = exact.unwrap_or(payment);
                    let Ok(told) = desk.pays("tina", payment, &take(auction, amount)) else { continue };
                    let (taken, quote) = (event::<Taken>(&told), quote.unwrap());
                    prop_assert!(taken.paid <= payment && taken.amount <= amount);
                    let worth = taken.price.value_of(taken.amount, 6, sdp_types::Rounding::Up).unwrap();
                    prop_assert!(taken.paid <= worth);
                    let left = desk.auctions().into_iter().find(|left| left.auction == auction);
                    let left = left.map_or(Usd::ZERO, |left| left.tab.plus(left.penalty).unwrap());
                    prop_assert!(left.is_zero() || left >= Usd::whole(100));
                    if payment >= quote.cost {
                        prop_assert_eq!((quote.amount, quote.cost), (taken.amount, taken.paid));
                    }
                }
            }
        }
    }
}
