//! How a provider leaves.

use crate::common::*;
use sdp_types::events::{ExitLapsed, ExitRequested, Exited};
use sdp_types::pool::*;
use sdp_types::{Ratio, SignedUsd, Usd};

fn settled(names: &[&str]) -> Pool {
    let mut pool = Pool::open();
    for name in names {
        pool.deposit(name, 90).unwrap();
    }
    pool.later(STAY);
    pool
}

fn interval(pool: &Pool) -> u64 {
    intervals().of(pool.now())
}

#[test]
fn an_exit_is_asked_for_and_paid_after_the_delay() {
    let mut pool = settled(&["anna", "bert"]);
    let asked: ExitRequested = told(&pool.request("anna", 30).unwrap());
    assert_eq!((asked.ready_at, asked.lapses_at), (pool.now() + DELAY, pool.now() + DELAY + WINDOW));
    let exit = pool.position("anna").exit.unwrap();
    assert_eq!(intervals().start(exit.interval), exit.ready_at);
    pool.later(DELAY);
    pool.slot(exit.interval, 0, "10", Ratio::ZERO);
    let preview = pool.preview_exit("anna", 30_000_000);
    let event: Exited = told(&pool.execute_exit("anna").unwrap());
    assert_eq!((event.released.raw(), event.minted), (30_000_000, Usd::ZERO));
    assert_eq!(preview.released, event.released);
    assert_eq!(*pool.bank("anna", ATOM), 30_000_000);
    let position = pool.position("anna");
    assert_eq!((position.collateral.raw(), position.exit), (60_000_000, None));
}

#[test]
fn requests_that_are_refused() {
    let mut pool = Pool::open();
    pool.deposit("anna", 90).unwrap();
    refused(pool.request("anna", 10), "E0309");
    pool.later(STAY - 1);
    refused(pool.request("anna", 10), "E0309");
    pool.later(1);
    refused(pool.request("bert", 10), "E0302");
    refused(pool.request("anna", 0), "E0005");
    refused(pool.run("anna", ExecuteMsg::CancelExit { vault: 0 }), "E0310");
    refused(pool.execute_exit("anna"), "E0310");
    pool.request("anna", 10).unwrap();
    refused(pool.request("anna", 10), "E0325");
    pool.run("anna", ExecuteMsg::CancelExit { vault: 0 }).unwrap();
    pool.request("anna", 20).unwrap();
}

#[test]
fn an_exit_waits_for_the_first_price_after_the_delay() {
    let mut pool = settled(&["anna", "bert"]);
    pool.request("anna", 30).unwrap();
    pool.later(DELAY - 1);
    refused(pool.execute_exit("anna"), "E0311");
    pool.later(1);
    let first = interval(&pool);
    refused(pool.execute_exit("anna"), "E0323");
    // its interval is over, but still takes prices
    pool.later(9);
    refused(pool.execute_exit("anna"), "E0323");
    // closed and empty: the next one counts, which is still open
    pool.later(1);
    refused(pool.execute_exit("anna"), "E0323");
    pool.slot(first + 1, 0, "10", Ratio::ZERO);
    pool.execute_exit("anna").unwrap();
}

#[test]
fn an_exit_lapses_after_its_window() {
    let mut pool = settled(&["anna", "bert"]);
    pool.request("anna", 30).unwrap();
    pool.later(DELAY + WINDOW);
    let first = interval(&pool) - WINDOW / 5;
    pool.slot(first, 0, "10", Ratio::ZERO);
    pool.later(1);
    told::<ExitLapsed>(&pool.execute_exit("anna").unwrap());
    let position = pool.position("anna");
    assert_eq!((position.exit, position.collateral.raw()), (None, 90_000_000));
}

#[test]
fn without_a_fresh_price_nothing_is_released() {
    let mut pool = settled(&["anna", "bert"]);
    pool.request("anna", 30).unwrap();
    pool.silence(DELAY);
    let now = interval(&pool);
    pool.slot(now, 0, "10", Ratio::ZERO);
    refused(pool.execute_exit("anna"), "E0206");
}

#[test]
fn what_is_released_keeps_the_issuance_ratio_at_the_lower_price() {
    let mut pool = settled(&["anna", "bert"]);
    pool.mint("anna", 100).unwrap();
    pool.request("anna", 90).unwrap();
    pool.later(DELAY);
    let now = interval(&pool);
    // the interval's low side: 9.6 · (1 − 6.25 %) = 9; debt 100 at 300 % needs 300 / 9 = 33.333334 ATOM
    pool.slot(now, 0, "9.6", Ratio::bps(625));
    let event: Exited = told(&pool.execute_exit("anna").unwrap());
    assert_eq!(event.released.raw(), 90_000_000 - 33_333_334);
    refused(pool.mint("anna", 50), "E0312");
}

#[test]
fn nothing_to_release_names_the_rule_and_keeps_the_request() {
    let mut pool = settled(&["anna", "bert"]);
    pool.mint("anna", 300).unwrap();
    refused(pool.exit("anna", 90), "E0312");
    assert!(pool.position("anna").exit.is_some());
}

#[test]
fn what_is_released_keeps_the_locked_credit() {
    let mut pool = Pool::with_markets(&["perps"]); // line $100,000
    pool.deposit("anna", 6_000).unwrap();
    pool.deposit("bert", 6_000).unwrap();
    pool.later(STAY);
    let event: Exited = told(&pool.exit("anna", 6_000).unwrap());
    assert_eq!(event.released.raw(), 2_000_000_000);
    refused(pool.exit("bert", 6_000), "E0308");
}

#[test]
fn what_stays_is_nothing_or_the_minimum() {
    let mut pool = settled(&["anna", "bert"]);
    // 5 ATOM would stay, $50: 10 ATOM have to
    let event: Exited = told(&pool.exit("anna", 85).unwrap());
    assert_eq!(event.released.raw(), 80_000_000);
    refused(pool.exit("anna", 5), "E0303");
    pool.run("anna", ExecuteMsg::CancelExit { vault: 0 }).unwrap();
    let event: Exited = told(&pool.exit("anna", 10).unwrap());
    assert_eq!(event.released.raw(), 10_000_000);
    refused(
        pool.query::<PositionResponse>(QueryMsg::Position { vault: 0, owner: addr("anna").into() }),
        "E0302",
    );
}

#[test]
fn profit_is_minted_when_everything_goes() {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.deposit("anna", 30_000).unwrap();
    pool.deposit("bert", 10_000).unwrap();
    pool.later(STAY);
    // traders lost 4,000.000003
    pool.market("perps", "0", -4_000_000_003, |_| {});
    pool.sync();
    pool.later(2 * 3_600);
    let event: Exited = told(&pool.exit("bert", 10_000).unwrap());
    // a quarter of it, rounded down
    assert_eq!(event.minted.raw(), 1_000_000_000);
    assert_eq!(*pool.cw20("sdusd", "bert"), 1_000_000_000);
    // the fraction that bert left behind is anna's now
    assert_eq!(pool.position("anna").debt.raw(), -3_000_000_003);
}

#[test]
fn who_leaves_after_a_fall_of_the_debt_settles_at_the_peak() {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.deposit("anna", 30_000).unwrap();
    pool.deposit("bert", 10_000).unwrap();
    pool.later(STAY);
    pool.market("perps", "0", -4_000_000_000, |_| {});
    pool.sync();
    pool.request("bert", 10_000).unwrap();
    pool.later(DELAY + 5);
    pool.sync();
    // traders lose 2,000 more just before the exit
    pool.market("perps", "0", -6_000_000_000, |_| {});
    let now = interval(&pool);
    pool.slot(now - 1, 0, "10", Ratio::ZERO);
    let event: Exited = told(&pool.execute_exit("bert").unwrap());
    assert_eq!(event.minted, usd(1_000));
    assert_eq!(pool.position("anna").debt, signed(-5_000));
}

#[test]
fn the_last_provider_leaves_only_when_no_trader_has_a_position() {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.deposit("anna", 30_000).unwrap();
    let change = Change::SetLine { market: addr("perps").into(), line: Usd::ZERO };
    pool.configure("guardian", change).unwrap();
    pool.later(STAY);
    pool.market("perps", "0", 0, |e| e.open_positions = 2);
    refused(pool.exit("anna", 30_000), "E0318");
    pool.market("perps", "0", 0, |e| e.open_positions = 0);
    pool.execute_exit("anna").unwrap();
    let book = pool.book();
    assert_eq!((book.vaults[0].weight, book.vaults[0].debt), (Usd::ZERO, SignedUsd::ZERO));
    // the vault can be used again
    pool.deposit("bert", 10).unwrap();
    assert_eq!(pool.position("bert").collateral.raw(), 10_000_000);
}
