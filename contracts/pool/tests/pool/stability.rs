//! Minted debt costs the stability fee, to the micro-USD, however often the pool is synced.

use crate::common::*;
use cosmwasm_std::Response;
use sdp_types::events::{PositionHandedOver, Synced};
use sdp_types::math::Wide;
use sdp_types::pool::*;
use sdp_types::units::{DAY, YEAR};
use sdp_types::{Amount, Error, Ratio, SignedUsd, Usd};

fn fee(rate: Ratio) -> Change {
    Change::UpdateVault { vault: 0, config: VaultConfig { stability_fee: rate, ..atom() } }
}

/// 3 % a year in the vault of ATOM; anna has 300 ATOM at $10 and has minted $1,000.
fn pool() -> Pool {
    let mut pool = Pool::instantiated();
    pool.configure("owner", fee(pct(3))).unwrap();
    pool.configure("owner", Change::SetLiquidator { liquidator: addr("liquidator").into() }).unwrap();
    pool.run("owner", ExecuteMsg::Open {}).unwrap();
    pool.deposit("anna", 300).unwrap();
    pool.mint("anna", 1_000).unwrap();
    pool
}

fn owes(pool: &Pool, owner: &str) -> (SignedUsd, Usd) {
    let position = pool.position(owner);
    (position.debt, position.minted)
}

fn insured(pool: &Pool) -> Usd {
    pool.synced().book.ledger.insurance
}

#[test]
fn a_year_costs_the_yearly_rate_and_insurance_has_it() {
    let mut pool = pool();
    pool.later(YEAR);
    assert_eq!(owes(&pool, "anna"), (signed(1_030), usd(1_000)));
    let told: Synced = told(&pool.sync());
    assert_eq!((told.stability_fees, told.insurance), (usd(30), usd(30)));
    assert_eq!((insured(&pool), pool.book().ledger.vault_debt), (usd(30), signed(1_030)));
}

#[test]
fn it_makes_no_difference_how_often_anybody_syncs() {
    // 7 days in steps of 10 minutes; each adds 19.025875… micro-USD, whose fractions are carried
    let mut often = pool();
    for _ in 0..7 * 144 {
        often.later(600);
        often.sync();
    }
    let mut once = pool();
    once.later(7 * DAY);
    once.sync();
    assert_eq!(owes(&often, "anna"), owes(&once, "anna"));
    assert_eq!(insured(&often), insured(&once));
    // 1,000 · 3 % · 7 ÷ 365, rounded down for insurance
    assert_eq!(insured(&once), Usd::new(575_342));
}

#[test]
fn a_burn_repays_what_was_minted_first_and_fees_bear_no_interest() {
    let mut pool = pool();
    pool.later(YEAR);
    pool.burn("anna", 100).unwrap();
    assert_eq!(owes(&pool, "anna"), (signed(930), usd(900)));
    pool.later(YEAR);
    assert_eq!(owes(&pool, "anna"), (signed(957), usd(900)));
    pool.burn("anna", 900).unwrap();
    assert_eq!(owes(&pool, "anna"), (signed(57), Usd::ZERO));
    pool.later(YEAR);
    assert_eq!(owes(&pool, "anna"), (signed(57), Usd::ZERO));
    assert_eq!(insured(&pool), usd(57));
}

#[test]
fn each_pays_for_what_he_has_minted_and_for_no_longer_than_he_has() {
    let mut pool = pool();
    pool.deposit("bert", 300).unwrap();
    pool.later(YEAR);
    pool.mint("bert", 500).unwrap();
    pool.later(YEAR / 5);
    // 500 · 3 % ÷ 5
    assert_eq!(owes(&pool, "bert"), (signed(503), usd(500)));
    assert_eq!(owes(&pool, "anna"), (signed(1_036), usd(1_000)));
    assert_eq!(insured(&pool), usd(39));
}

#[test]
fn a_new_rate_counts_from_when_it_is_enacted() {
    let mut pool = pool();
    pool.later(YEAR);
    pool.configure("owner", fee(pct(10))).unwrap();
    pool.later(3_600);
    pool.run("kim", ExecuteMsg::Enact { id: 0 }).unwrap();
    let until_now = pool.book().ledger.insurance;
    assert_eq!(until_now, Usd::new(30_003_424), "an hour more at 3 %");
    pool.later(YEAR);
    assert_eq!(insured(&pool), Usd::new(130_003_424));
}

#[test]
fn it_is_within_its_range_and_the_guardian_leaves_it_alone() {
    let mut pool = pool();
    refused(pool.configure("owner", fee(Ratio::new(Ratio::ONE.raw() + 1))), "E0004");
    for rate in [pct(2), pct(4)] {
        refused(pool.configure("guardian", fee(rate)), "E0102");
    }
}

fn seized(pool: &mut Pool, room: Usd) -> Result<Response, Error> {
    pool.seize("anna", room, usd(1))
}

#[test]
fn what_is_seized_is_not_charged_any_more() {
    let mut pool = pool();
    pool.later(YEAR);
    // 300 · 6 = 1,800 against 1,030; a tab of 500 with its penalty of 50
    pool.price(0, "6");
    seized(&mut pool, usd(550)).unwrap();
    assert_eq!(owes(&pool, "anna"), (signed(530), usd(500)));
    seized(&mut pool, usd(10_000)).unwrap();
    let vault = &pool.book().vaults[0];
    assert_eq!((vault.minted.total, vault.minted.carried), (Usd::ZERO, Wide::ZERO));
    assert_eq!(vault.debt, SignedUsd::ZERO);
    pool.later(YEAR);
    assert_eq!(insured(&pool), usd(30));
}

#[test]
fn a_part_that_is_handed_over_takes_its_part_of_what_was_minted() {
    let mut pool = pool();
    pool.later(YEAR);
    let third = Some(Amount::new(100_000_000));
    let offer = ExecuteMsg::OfferPosition { vault: 0, to: Some(addr("bert").into()), amount: third };
    pool.run("anna", offer).unwrap();
    let accept = ExecuteMsg::AcceptPosition { vault: 0, owner: addr("anna").into() };
    let _: PositionHandedOver = told(&pool.run("bert", accept).unwrap());
    // a third of 1,000, rounded down, and of 1,030
    assert_eq!(owes(&pool, "bert"), (SignedUsd::new(343_333_334), Usd::new(333_333_333)));
    assert_eq!(pool.position("anna").minted, Usd::new(666_666_667));
    pool.later(YEAR);
    // 3 % of 333.333333
    assert_eq!(owes(&pool, "bert").0, SignedUsd::new(353_333_334));
    assert_eq!(insured(&pool), usd(60));
}

#[test]
fn whoever_leaves_is_not_charged_any_more() {
    let mut pool = pool();
    pool.deposit("bert", 300).unwrap();
    pool.mint("bert", 100).unwrap();
    pool.later(STAY + 1);
    let sent = usd(1).raw();
    *pool.cw20("sdusd", "bert") -= sent;
    *pool.cw20("sdusd", "anna") += sent;
    // 1,000, the fee of two days and a second, and a bit more: profit that is minted back
    pool.burn("anna", 1_001).unwrap();
    pool.exit("anna", 300).unwrap();
    assert_eq!(pool.book().vaults[0].minted.total, usd(100));
    assert_eq!(owes(&pool, "bert").1, usd(100));
}
