//! A provider is kept at the ratio that he wants.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::*;
use cosmwasm_std::Response;
use sdp_book::query;
use sdp_types::events::{Balanced, Refused};
use sdp_types::pool::*;
use sdp_types::{Error, Ratio, Usd};

/// Between 260 % and 400 %, brought to 300 %, by anybody for 0.1 % and at most a dollar.
const WANTED: Balancing = Balancing {
    lower: Ratio::percent(260),
    target: Ratio::percent(300),
    upper: Some(Ratio::percent(400)),
    fee: Some(BalancingFee { rate: Ratio::bps(10), most: Usd::whole(1) }),
};

fn wants(pool: &mut Pool, balancing: Option<Balancing>) -> Result<Response, Error> {
    pool.run("anna", ExecuteMsg::SetBalancing { vault: 0, balancing })
}

fn balances(pool: &mut Pool, sender: &str) -> Result<Response, Error> {
    pool.run(sender, ExecuteMsg::Balance { vault: 0, owner: addr("anna").into() })
}

fn preview(pool: &Pool, by_owner: bool) -> Result<BalancePreview, Error> {
    let anna = addr("anna");
    pool.look(|deps, env| query::preview_balance(deps, env, &addr("pool"), (0, anna.as_str()), by_owner))
}

fn micro(n: u128) -> Usd {
    Usd::new(n)
}

/// 90 ATOM at $10, $300 minted: 300 %.
fn pool() -> Pool {
    let mut pool = Pool::open();
    pool.deposit("anna", 90).unwrap();
    pool.mint("anna", 300).unwrap();
    wants(&mut pool, Some(WANTED)).unwrap();
    pool
}

#[test]
fn the_owner_is_brought_to_the_target_from_wherever_he_is_and_pays_nobody() {
    let mut pool = pool();
    refused(balances(&mut pool, "anna"), "E0322");
    // 90 · 11 ÷ 3 = 330, inside of the band
    pool.price(0, "11");
    let event: Balanced = told(&balances(&mut pool, "anna").unwrap());
    assert_eq!((event.burnt, event.minted, event.fee), (Usd::ZERO, usd(30), Usd::ZERO));
    assert_eq!(pool.position("anna").ratio, Some(pct(300)));
    assert_eq!(*pool.cw20("sdusd", "anna"), usd(330).raw());
    // 90 · 8 ÷ 3 = 240
    pool.price(0, "8");
    pool.allow("anna", usd(1_000));
    let event: Balanced = told(&balances(&mut pool, "anna").unwrap());
    assert_eq!((event.burnt, event.minted, event.fee), (usd(90), Usd::ZERO, Usd::ZERO));
    assert_eq!(pool.position("anna").ratio, Some(pct(300)));
    assert_eq!(*pool.cw20("sdusd", "anna"), usd(240).raw());
}

#[test]
fn anybody_does_it_for_the_fee_outside_of_the_band() {
    let mut pool = pool();
    pool.allow("anna", usd(1_000));
    // 90 · 7.8 = 702: 234 %; brought to 234 of debt
    pool.price(0, "7.8");
    let shown = preview(&pool, false).unwrap();
    let event: Balanced = told(&balances(&mut pool, "kim").unwrap());
    // 0.1 % of 66
    assert_eq!((event.burnt, event.minted, event.fee), (usd(66), Usd::ZERO, micro(66_000)));
    assert_eq!((shown.burnt, shown.minted, shown.fee), (event.burnt, event.minted, event.fee));
    assert_eq!(shown.position, pool.position("anna"));
    assert_eq!(*pool.cw20("sdusd", "kim"), 66_000);
    assert_eq!(*pool.cw20("sdusd", "anna"), usd(234).raw() - 66_000);
    assert_eq!(pool.position("anna").ratio, Some(pct(300)));

    // 90 · 16 = 1,440: 615 %; 480 of debt
    pool.price(0, "16");
    let shown = preview(&pool, false).unwrap();
    let event: Balanced = told(&balances(&mut pool, "kim").unwrap());
    assert_eq!((event.burnt, event.minted, event.fee), (Usd::ZERO, usd(246), micro(246_000)));
    assert_eq!((shown.minted, shown.fee, shown.position), (event.minted, event.fee, pool.position("anna")));
    assert_eq!(*pool.cw20("sdusd", "kim"), 66_000 + 246_000);
    assert_eq!(pool.position("anna").ratio, Some(pct(300)));
    refused(balances(&mut pool, "kim"), "E0347");
}

#[test]
fn a_fee_has_a_cap() {
    let mut pool = pool();
    pool.price(0, "100");
    // 9,000 ÷ 3 − 300, of which 0.1 % are 2.70
    let event: Balanced = told(&balances(&mut pool, "kim").unwrap());
    assert_eq!((event.minted, event.fee), (usd(2_700), usd(1)));
}

#[test]
fn no_more_is_burnt_than_is_there_and_was_allowed_and_what_is_left_is_nearer_to_the_target() {
    let mut pool = pool();
    pool.price(0, "7.8");
    refused(balances(&mut pool, "kim"), "E0322");
    pool.allow("anna", micro(20_020_000));
    let event: Balanced = told(&balances(&mut pool, "kim").unwrap());
    // 20.02 ÷ 1.001
    assert_eq!((event.burnt, event.fee), (usd(20), micro(20_000)));
    // 702 ÷ 280
    assert!(pool.position("anna").ratio.unwrap() > Ratio::bps(25_071));
    pool.allow("anna", usd(1_000));
    *pool.cw20("sdusd", "anna") -= usd(270).raw();
    *pool.cw20("sdusd", "bert") += usd(270).raw();
    // 300 − 20.02 − 270
    let event: Balanced = told(&balances(&mut pool, "anna").unwrap());
    assert_eq!(event.burnt, micro(9_980_000));
}

#[test]
fn who_has_not_asked_for_it_is_left_alone() {
    let mut pool = pool();
    pool.allow("anna", usd(1_000));
    pool.price(0, "7.8");
    wants(&mut pool, Some(Balancing { fee: None, ..WANTED })).unwrap();
    refused(balances(&mut pool, "kim"), "E0346");
    wants(&mut pool, None).unwrap();
    refused(balances(&mut pool, "kim"), "E0346");
    refused(balances(&mut pool, "anna"), "E0346");
    // nothing is minted for whoever named no upper edge
    wants(&mut pool, Some(Balancing { upper: None, ..WANTED })).unwrap();
    pool.price(0, "50");
    refused(balances(&mut pool, "kim"), "E0347");
    let of = |owner: &str| ExecuteMsg::Balance { vault: 0, owner: addr(owner).into() };
    refused(pool.run("kim", of("bert")), "E0346");
}

#[test]
fn a_mint_for_the_owner_keeps_the_rules_of_a_mint() {
    let mut pool = pool();
    pool.price(0, "16");
    // supply 300 and 50 more
    pool.configure("owner", Change::Params { params: Params { supply_ceiling: usd(350), ..params() } })
        .unwrap();
    pool.price(0, "16");
    let event: Balanced = told(&balances(&mut pool, "kim").unwrap());
    assert_eq!(event.minted, usd(50));
    refused(balances(&mut pool, "kim"), "E0322");
    pool.silence(61);
    refused(balances(&mut pool, "kim"), "E0206");
}

#[test]
fn the_target_is_never_passed_whatever_the_price() {
    let mut pool = pool();
    pool.allow("anna", usd(100_000));
    for price in ["7.777777", "9.123457", "13.9", "12.345678", "8.000001", "6.9", "21.3", "7.1"] {
        pool.price(0, price);
        let before = pool.position("anna").ratio.unwrap();
        let done = balances(&mut pool, "kim");
        let ratio = pool.position("anna").ratio.unwrap();
        assert_eq!(done.is_ok(), before < pct(260) || before > pct(400), "{price} {before}");
        if done.is_ok() {
            // a micro-USD of debt is less than 10⁻⁸ of it
            assert!(ratio >= pct(300) && ratio < Ratio::bps(30_001), "{price} {before} {ratio}");
        }
    }
}

#[test]
fn a_breaker_that_trips_in_the_message_is_kept_and_nothing_else_happens() {
    let mut pool = pool();
    pool.configure(
        "owner",
        Change::Params { params: Params { breakers: Some(Breakers::default()), ..params() } },
    )
    .unwrap();
    // 300 ÷ 351 is beyond 85 %
    pool.price(0, "3.9");
    pool.allow("anna", usd(100_000));
    // what lowers risk goes on all the same
    let event: Balanced = told(&balances(&mut pool, "anna").unwrap());
    assert_eq!(event.burnt, usd(183));

    let mut pool = self::pool();
    pool.deposit("bert", 90).unwrap();
    pool.mint("bert", 300).unwrap();
    pool.configure(
        "owner",
        Change::Params { params: Params { breakers: Some(Breakers::default()), ..params() } },
    )
    .unwrap();
    pool.burn("anna", 299).unwrap();
    // 301 ÷ 486 is beyond 60 %
    pool.price(0, "2.7");
    let event: Refused = told(&balances(&mut pool, "anna").unwrap());
    assert_eq!(event.code, "E0328");
    refused(balances(&mut pool, "anna"), "E0328");
}

#[test]
fn wishes_that_make_no_sense() {
    let mut pool = pool();
    let with = |change: fn(&mut Balancing)| {
        let mut wanted = WANTED;
        change(&mut wanted);
        Some(wanted)
    };
    refused(wants(&mut pool, with(|wanted| wanted.lower = Ratio::ONE)), "E0004");
    refused(wants(&mut pool, with(|wanted| wanted.lower = pct(301))), "E0107");
    refused(wants(&mut pool, with(|wanted| wanted.upper = Some(pct(299)))), "E0107");
    // below the issuance ratio nothing could be minted
    refused(wants(&mut pool, with(|wanted| (wanted.lower, wanted.target) = (pct(250), pct(299)))), "E0107");
    let fee = BalancingFee { rate: Ratio::bps(101), most: Usd::ZERO };
    refused(wants(&mut pool, Some(Balancing { fee: Some(fee), ..WANTED })), "E0004");
    let msg = ExecuteMsg::SetBalancing { vault: 7, balancing: None };
    refused(pool.run("anna", msg), "E0301");
}
