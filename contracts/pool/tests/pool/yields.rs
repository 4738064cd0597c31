//! Yield of collateral goes to all providers of its vault.

use crate::common::*;
use cosmwasm_std::{coins, Response};
use sdp_types::events::YieldAdded;
use sdp_types::pool::*;
use sdp_types::{Error, SignedUsd};

/// Whole ATOM.
fn yields(pool: &mut Pool, atoms: u64) -> Result<Response, Error> {
    pool.run_with("staker", ExecuteMsg::AddYield {}, &coins(u128::from(atoms) * 1_000_000, ATOM))
}

fn held(pool: &Pool, owner: &str) -> u128 {
    pool.position(owner).collateral.raw()
}

#[test]
fn it_is_shared_in_proportion_and_whoever_comes_later_has_none_of_it() {
    let mut pool = Pool::open();
    pool.deposit("anna", 100).unwrap();
    pool.deposit("bert", 300).unwrap();
    let event: YieldAdded = told(&yields(&mut pool, 40).unwrap());
    assert_eq!((event.vault, event.amount.raw()), (0, 40_000_000));
    assert_eq!((held(&pool, "anna"), held(&pool, "bert")), (110_000_000, 330_000_000));
    // 440 ATOM at $10
    assert_eq!(pool.book().vaults[0].weight, usd(4_400));

    // a share costs 1.1
    pool.deposit("cleo", 110).unwrap();
    assert_eq!(pool.position("cleo").shares.raw(), 100_000_000);
    assert_eq!(
        [held(&pool, "anna"), held(&pool, "bert"), held(&pool, "cleo")],
        [110_000_000, 330_000_000, 110_000_000]
    );
    yields(&mut pool, 55).unwrap();
    assert_eq!(
        [held(&pool, "anna"), held(&pool, "bert"), held(&pool, "cleo")],
        [121_000_000, 363_000_000, 121_000_000]
    );
}

#[test]
fn it_can_be_minted_against_and_leaves_with_the_position() {
    let mut pool = Pool::open();
    pool.deposit("anna", 90).unwrap();
    pool.deposit("bert", 90).unwrap();
    yields(&mut pool, 90).unwrap();
    // 135 ATOM are $1,350: 450 at 300 %
    pool.mint("anna", 450).unwrap();
    refused(pool.mint("anna", 1), "E0312");
    pool.burn("anna", 450).unwrap();
    pool.later(STAY);
    pool.exit("anna", 135).unwrap();
    assert_eq!(*pool.bank("anna", ATOM), 135_000_000);
    assert_eq!(pool.position("bert").debt, SignedUsd::ZERO);
    assert_eq!(held(&pool, "bert"), 135_000_000);
}

#[test]
fn what_a_division_leaves_is_the_vaults_and_the_last_one_takes_it() {
    let mut pool = Pool::open();
    pool.deposit("anna", 10).unwrap();
    pool.deposit("bert", 20).unwrap();
    pool.run_with("staker", ExecuteMsg::AddYield {}, &coins(1, ATOM)).unwrap();
    // a third and two thirds of a base unit
    assert_eq!((held(&pool, "anna"), held(&pool, "bert")), (10_000_000, 20_000_000));
    pool.later(STAY);
    pool.exit("anna", 100).unwrap();
    pool.exit("bert", 100).unwrap();
    assert_eq!((*pool.bank("anna", ATOM), *pool.bank("bert", ATOM)), (10_000_000, 20_000_001));
}

#[test]
fn a_cw20_comes_through_its_hook() {
    let mut pool = Pool::open();
    pool.deposit_sol("anna", 3).unwrap();
    *pool.cw20("sol", "staker") = 1_500_000_000;
    pool.send("sol", "staker", 1_500_000_000, &Hook::AddYield {}).unwrap();
    let of = QueryMsg::Position { vault: 1, owner: addr("anna").into() };
    assert_eq!(pool.query::<PositionResponse>(of).unwrap().value, usd(450));
}

#[test]
fn what_is_refused() {
    let mut pool = Pool::open();
    // nobody to give it to
    refused(yields(&mut pool, 1), "E0005");
    pool.deposit("anna", 10).unwrap();
    refused(pool.run("staker", ExecuteMsg::AddYield {}), "E0005");
    refused(pool.run_with("staker", ExecuteMsg::AddYield {}, &coins(5, "uosmo")), "E0110");
    refused(pool.run_with("staker", ExecuteMsg::AddYield {}, &coins(u128::MAX, ATOM)), "E0004");
    // a thousandfold is the most that a share may grow
    refused(yields(&mut pool, 9_991), "E0004");
    yields(&mut pool, 9_990).unwrap();
    refused(pool.run_with("staker", ExecuteMsg::AddYield {}, &coins(1, ATOM)), "E0004");
    *pool.cw20("sdusd", "staker") = 5;
    refused(pool.send("sdusd", "staker", 5, &Hook::AddYield {}), "E0110");
}
