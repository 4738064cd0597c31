//! Depositors leave the backstop, but not ahead of a loss that is known.

use sdp_types::error::LiquidatorError;
use sdp_types::events::{BackstopWithdrawn, FlagCleared, PositionFlagged, WithdrawalRequested};
use sdp_types::liquidator::{ExecuteMsg, WithdrawalResponse};
use sdp_types::{Error, Price, Ratio, Result, SignedUsd, Usd};

use crate::desk::*;

const WITHDRAW: ExecuteMsg = ExecuteMsg::Withdraw {};

fn request(usd: u64) -> ExecuteMsg {
    ExecuteMsg::RequestWithdrawal { amount: Usd::whole(usd) }
}

fn flag(vault: u8, owner: &str) -> ExecuteMsg {
    ExecuteMsg::Flag { vault, owner: addr(owner).into() }
}

/// `bea` has $1,000 in the backstop of a pool of $20,000.
fn backed() -> Desk {
    let mut desk = Desk::new();
    desk.weighs(20_000).backs("bea", 1_000);
    desk
}

/// A position of vault 0 in the pool, with a ratio in percent.
fn position(desk: &mut Desk, owner: &str, debt: u64, percent: u64) {
    let owner = addr(owner).to_string();
    let debt = SignedUsd::new((debt * 1_000_000).into());
    let positions = &mut desk.world.borrow_mut().positions;
    positions.retain(|(_, of, ..)| *of != owner);
    positions.push((0, owner, debt, Some(Ratio::percent(percent))));
}

/// Her request is ready, and so are prices.
fn ready() -> Desk {
    let mut desk = backed();
    desk.does("bea", request(400));
    desk.later(100).board("10");
    desk
}

#[test]
fn what_was_asked_for_is_paid_after_the_delay_and_once() {
    let mut desk = backed();
    let told = desk.does("bea", request(400));
    let (ready_at, lapses_at) = (desk.now() + 100, desk.now() + 150);
    let (owner, amount) = (addr("bea").to_string(), Usd::whole(400));
    assert_eq!(
        event::<WithdrawalRequested>(&told),
        WithdrawalRequested { owner: owner.clone(), amount, ready_at, lapses_at }
    );
    let waits = WithdrawalResponse { amount, ready_at, lapses_at };
    assert_eq!(desk.backstop_account("bea").request, Some(waits));

    let early = desk.later(99).board("10").is_refused("bea", WITHDRAW);
    assert_eq!(early, LiquidatorError::WithdrawalNotReady { ready_at, now: ready_at - 1 }.into());
    let told = desk.later(1).does("bea", WITHDRAW);
    assert_eq!(event::<BackstopWithdrawn>(&told), BackstopWithdrawn { owner, asked: amount, amount });
    assert_eq!((desk.sdusd("bea"), desk.backstop().total), (amount.raw(), Usd::whole(600)));
    assert_eq!(desk.is_refused("bea", WITHDRAW).code(), "E0007");
}

#[test]
fn a_request_lapses_and_a_new_one_takes_the_place_of_an_old_one() {
    let mut desk = ready();
    let lapses_at = desk.now() + 50;
    let late = desk.later(51).board("10").is_refused("bea", WITHDRAW);
    assert_eq!(late, LiquidatorError::WithdrawalLapsed { lapses_at, now: lapses_at + 1 }.into());
    desk.does("bea", request(5_000));
    desk.later(150).board("10").does("bea", WITHDRAW);
    // no more than there is, and then there is nobody
    assert_eq!((desk.sdusd("bea"), desk.backstop().total), (1_000_000_000, Usd::ZERO));
    assert_eq!(desk.is_refused("bea", request(1)).code(), "E0007");
}

#[test]
fn a_deposit_is_at_risk_until_it_is_paid() {
    let mut desk = backed();
    desk.does("bea", request(1_000));
    desk.later(99).seize(0, seizure()).unwrap();
    desk.later(1).board("10").does("bea", WITHDRAW);
    assert_eq!(desk.sdusd("bea"), Usd::whole(450).raw());
    // what it has earned stays
    assert_eq!(desk.backstop_account("bea").gains[0].raw(), 61_111_112);
}

#[test]
fn who_has_nothing_asks_for_nothing() {
    let mut desk = backed();
    assert_eq!(desk.is_refused("ben", request(1)).code(), "E0007");
    assert_eq!(desk.is_refused("ben", WITHDRAW).code(), "E0007");
    assert_eq!(desk.is_refused("bea", WITHDRAW).code(), "E0007");
    assert_eq!(desk.is_refused("bea", request(0)).code(), "E0004");
    // spent in the meantime
    desk.does("bea", request(1_000));
    let all = sdp_types::pool::Seizure {
        lot: tokens(200),
        tab: Usd::whole(1_000),
        penalty: Usd::ZERO,
        ..seizure()
    };
    desk.seize(0, all).unwrap();
    let gone = desk.later(100).board("10").is_refused("bea", WITHDRAW);
    assert_eq!(gone, Error::Zero { what: "deposit".into() });
}

#[test]
fn nobody_leaves_while_a_price_is_stale_or_has_just_come_back() {
    let mut desk = ready();
    desk.board("10").later(50);
    desk.world.borrow_mut().board.quotes[0].publish_time -= 11;
    assert_eq!(desk.is_refused("bea", WITHDRAW), Error::StalePrice { feed: 0, age: 61, allowed: 60 });
    desk.board("10");
    {
        let board = &mut desk.world.borrow_mut().board;
        board.intervals.seconds = 5;
        board.resumed_at = board.quotes[0].publish_time - 9;
    }
    let (now, until) = (desk.now(), desk.now() + 1);
    assert_eq!(desk.is_refused("bea", WITHDRAW), Error::AfterGap { until, now });
    desk.world.borrow_mut().board.resumed_at -= 1;
    desk.does("bea", WITHDRAW);
}

#[test]
fn exits_ahead_of_known_losses_a_flagged_position_keeps_depositors_in_until_it_is_healthy_or_gone() {
    for gone in [false, true] {
        let mut desk = ready();
        position(&mut desk, "olaf", 500, 199);
        let told = desk.does("zoe", flag(0, "olaf"));
        let (vault, owner, debt) = (0, addr("olaf").to_string(), Usd::whole(500));
        assert_eq!(event::<PositionFlagged>(&told), PositionFlagged { vault, owner: owner.clone(), debt });
        assert_eq!(desk.backstop().vaults[0].flagged, Some(owner.clone()));
        let known = LiquidatorError::KnownLoss { vault: 0, owner: owner.clone() }.into();
        assert_eq!(desk.is_refused("bea", WITHDRAW), known);
        if gone {
            desk.world.borrow_mut().positions.clear();
        } else {
            position(&mut desk, "olaf", 500, 200);
        }
        let told = desk.does("bea", WITHDRAW);
        assert_eq!(event::<FlagCleared>(&told), FlagCleared { vault, owner });
        assert_eq!(desk.backstop().vaults[0].flagged, None);
    }
}

#[test]
fn only_what_can_be_liquidated_now_is_flagged() {
    let mut desk = backed();
    position(&mut desk, "olaf", 500, 200);
    let two = Ratio::percent(200);
    let refused = desk.is_refused("zoe", flag(0, "olaf"));
    assert_eq!(refused, Error::AboveLiquidationRatio { ratio: two, required: two });
    let none = Error::NoPosition { vault: 0, owner: addr("otto").into() };
    assert_eq!(desk.is_refused("zoe", flag(0, "otto")), none);
    assert_eq!(desk.is_refused("zoe", flag(2, "olaf")), Error::UnknownVault { vault: 2 });
    assert_eq!(desk.is_refused("zoe", ExecuteMsg::Flag { vault: 0, owner: "olaf".into() }).code(), "E0008");
    position(&mut desk, "olaf", 500, 150);
    assert_eq!(desk.later(61).is_refused("zoe", flag(0, "olaf")).code(), "E0206");
    desk.board("10").world.borrow_mut().board.quotes[0].confidence = Ratio::percent(2);
    assert_eq!(desk.is_refused("zoe", flag(0, "olaf")).code(), "E0207");
    desk.world.borrow_mut().board.quotes[0].price = Price::ZERO;
    assert_eq!(desk.is_refused("zoe", flag(0, "olaf")).code(), "E0208");
    // a profit can't be liquidated
    desk.board("10").world.borrow_mut().positions[0].3 = None;
    assert_eq!(desk.is_refused("zoe", flag(0, "olaf")).code(), "E0313");
}

#[test]
fn a_flag_gives_way_to_one_that_owes_more_or_once_it_is_healthy() {
    let mut desk = ready();
    position(&mut desk, "olaf", 500, 150);
    position(&mut desk, "otto", 500, 190);
    desk.does("zoe", flag(0, "olaf"));
    let refused = Error::Duplicate { what: "flag".into(), key: addr("olaf").into() };
    assert_eq!(desk.is_refused("zoe", flag(0, "otto")), refused);
    position(&mut desk, "otto", 501, 190);
    desk.does("zoe", flag(0, "otto"));
    assert_eq!(desk.is_refused("zoe", flag(0, "olaf")).code(), "E0009");
    position(&mut desk, "otto", 501, 300);
    desk.does("zoe", flag(0, "olaf"));
    let known = LiquidatorError::KnownLoss { vault: 0, owner: addr("olaf").into() }.into();
    assert_eq!(desk.is_refused("bea", WITHDRAW), known);
}

#[test]
fn a_flag_that_nobody_can_judge_keeps_depositors_in() {
    let mut desk = ready();
    position(&mut desk, "olaf", 500, 150);
    desk.does("zoe", flag(0, "olaf"));
    desk.world.borrow_mut().board.quotes[0].confidence = Ratio::percent(2);
    let refused: Result<_> = desk.attempts("bea", WITHDRAW);
    assert_eq!(refused.unwrap_err().code(), "E0207");
}
