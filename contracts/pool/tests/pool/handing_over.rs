//! Positions are handed over, split and merged.

use crate::common::*;
use cosmwasm_std::Response;
use sdp_types::events::{PositionHandedOver, PositionOffered};
use sdp_types::pool::*;
use sdp_types::{Amount, Error, SignedUsd};

/// Whole ATOM; all where there is no number.
fn offers(pool: &mut Pool, owner: &str, to: &str, atoms: Option<u64>) -> Result<Response, Error> {
    let amount = atoms.map(|atoms| Amount::new(u128::from(atoms) * 1_000_000));
    pool.run(owner, ExecuteMsg::OfferPosition { vault: 0, to: Some(addr(to).into()), amount })
}

fn accepts(pool: &mut Pool, heir: &str, owner: &str) -> Result<Response, Error> {
    pool.run(heir, ExecuteMsg::AcceptPosition { vault: 0, owner: addr(owner).into() })
}

/// Collateral in base units and debt.
fn of(pool: &Pool, owner: &str) -> (u128, SignedUsd) {
    let position = pool.position(owner);
    (position.collateral.raw(), position.debt)
}

fn has_none(pool: &Pool, owner: &str) {
    let of = QueryMsg::Position { vault: 0, owner: addr(owner).into() };
    refused(pool.query::<PositionResponse>(of), "E0302");
}

#[test]
fn a_new_owner_has_the_collateral_and_the_debt() {
    let mut pool = Pool::open();
    pool.deposit("anna", 90).unwrap();
    pool.mint("anna", 200).unwrap();
    pool.later(1_000);
    let event: PositionOffered = told(&offers(&mut pool, "anna", "bert", None).unwrap());
    assert_eq!(event.to, addr("bert").to_string());
    // nothing moves before he wants it
    assert_eq!(of(&pool, "anna"), (90_000_000, signed(200)));
    let event: PositionHandedOver = told(&accepts(&mut pool, "bert", "anna").unwrap());
    assert_eq!((event.from, event.to), (addr("anna").to_string(), addr("bert").to_string()));
    assert_eq!(of(&pool, "bert"), (90_000_000, signed(200)));
    assert_eq!(pool.position("bert").joined_at, START);
    has_none(&pool, "anna");
    // the offer is used up
    refused(accepts(&mut pool, "bert", "anna"), "E0345");
}

#[test]
fn a_part_takes_its_part_of_the_debt_with_it() {
    let mut pool = Pool::open();
    pool.deposit("anna", 90).unwrap();
    pool.mint("anna", 210).unwrap();
    offers(&mut pool, "anna", "second", Some(30)).unwrap();
    accepts(&mut pool, "second", "anna").unwrap();
    // a third
    assert_eq!(of(&pool, "anna"), (60_000_000, signed(140)));
    assert_eq!(of(&pool, "second"), (30_000_000, signed(70)));
}

#[test]
fn two_become_one_which_is_as_old_as_the_older() {
    let mut pool = Pool::open();
    pool.deposit("anna", 90).unwrap();
    pool.mint("anna", 200).unwrap();
    pool.later(5_000);
    pool.deposit("bert", 60).unwrap();
    pool.mint("bert", 100).unwrap();
    offers(&mut pool, "bert", "anna", None).unwrap();
    accepts(&mut pool, "anna", "bert").unwrap();
    assert_eq!(of(&pool, "anna"), (150_000_000, signed(300)));
    assert_eq!(pool.position("anna").joined_at, START);

    pool.deposit("cleo", 60).unwrap();
    offers(&mut pool, "anna", "cleo", None).unwrap();
    accepts(&mut pool, "cleo", "anna").unwrap();
    assert_eq!(of(&pool, "cleo"), (210_000_000, signed(300)));
    assert_eq!(pool.position("cleo").joined_at, START);
}

#[test]
fn fractions_of_a_micro_usd_stay_in_the_book_however_often_a_position_is_cut() {
    let mut pool = Pool::with_markets(&["perps"]);
    pool.deposit("anna", 97_000).unwrap();
    pool.deposit("bert", 31_000).unwrap();
    pool.mint("anna", 20_000).unwrap();
    for (owner, heir) in [("anna", "bert"), ("bert", "cleo"), ("cleo", "anna"), ("anna", "cleo")] {
        // what they owe does not divide by what they have
        pool.later(60);
        offers(&mut pool, owner, heir, Some(13_000)).unwrap();
        accepts(&mut pool, heir, owner).unwrap();
    }
    let debts: i128 = ["anna", "bert", "cleo"].iter().map(|owner| pool.position(owner).debt.raw()).sum();
    // each is shown rounded up
    assert!((20_000_000_000..=20_000_000_002).contains(&debts), "{debts}");
}

#[test]
fn who_may_not() {
    let mut pool = Pool::open();
    refused(offers(&mut pool, "anna", "bert", None), "E0302");
    pool.deposit("anna", 90).unwrap();
    refused(offers(&mut pool, "anna", "anna", None), "E0009");
    refused(offers(&mut pool, "anna", "bert", Some(0)), "E0005");
    refused(accepts(&mut pool, "bert", "anna"), "E0345");
    offers(&mut pool, "anna", "bert", None).unwrap();
    refused(accepts(&mut pool, "mallory", "anna"), "E0345");
    refused(accepts(&mut pool, "anna", "anna"), "E0345");
    // a new offer takes the old one's place, and an offer to nobody ends it
    offers(&mut pool, "anna", "cleo", None).unwrap();
    refused(accepts(&mut pool, "bert", "anna"), "E0345");
    let nobody = ExecuteMsg::OfferPosition { vault: 0, to: None, amount: None };
    pool.run("anna", nobody.clone()).unwrap();
    refused(accepts(&mut pool, "cleo", "anna"), "E0345");
    refused(pool.run("anna", nobody), "E0345");
}

#[test]
fn an_offer_is_of_the_position_that_was_there() {
    let mut pool = Pool::open();
    pool.deposit("anna", 90).unwrap();
    pool.deposit("bert", 90).unwrap();
    offers(&mut pool, "anna", "bert", None).unwrap();
    pool.later(STAY);
    pool.exit("anna", 90).unwrap();
    pool.deposit("anna", 90).unwrap();
    refused(accepts(&mut pool, "bert", "anna"), "E0345");
}

#[test]
fn nothing_is_handed_over_that_waits_to_leave_or_can_be_seized() {
    let mut pool = Pool::open();
    pool.deposit("anna", 90).unwrap();
    pool.mint("anna", 300).unwrap();
    offers(&mut pool, "anna", "bert", None).unwrap();
    pool.later(STAY);
    pool.request("anna", 10).unwrap();
    refused(accepts(&mut pool, "bert", "anna"), "E0325");
    pool.run("anna", ExecuteMsg::CancelExit { vault: 0 }).unwrap();
    // 90 at $6.66 are $599.4, below 200 % of 300
    pool.price(0, "6.66");
    refused(accepts(&mut pool, "bert", "anna"), "E0344");
    pool.silence(61);
    refused(accepts(&mut pool, "bert", "anna"), "E0206");
    pool.price(0, "6.67");
    accepts(&mut pool, "bert", "anna").unwrap();
}

#[test]
fn neither_part_is_smaller_than_a_position_may_be() {
    let mut pool = Pool::open();
    pool.deposit("anna", 90).unwrap();
    pool.mint("anna", 200).unwrap();
    for (atoms, code) in [(9, "E0303"), (81, "E0303"), (20, "E0305"), (70, "E0305")] {
        offers(&mut pool, "anna", "bert", Some(atoms)).unwrap();
        refused(accepts(&mut pool, "bert", "anna"), code);
    }
    offers(&mut pool, "anna", "bert", Some(45)).unwrap();
    accepts(&mut pool, "bert", "anna").unwrap();
    assert_eq!(of(&pool, "bert"), (45_000_000, signed(100)));
}
