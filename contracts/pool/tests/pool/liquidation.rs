//! Seizures, what auctions bring, and what is swept.

use crate::common::*;
use cosmwasm_std::from_json;
use sdp_types::events::{LossMet, MarketNotAccepted, Seized, Swept};
use sdp_types::exposure::Recoveries;
use sdp_types::pool::*;
use sdp_types::{Amount, SignedUsd, Usd};

/// Anna owes 300 on $540: 180 %.
fn fallen() -> Pool {
    let mut pool = Pool::open();
    pool.deposit("anna", 90).unwrap();
    pool.deposit("bert", 90).unwrap();
    pool.mint("anna", 300).unwrap();
    pool.price(0, "6");
    pool
}

#[test]
fn a_position_below_its_liquidation_ratio_is_seized_whole() {
    let mut pool = fallen();
    let response = pool.seize("anna", usd(330), usd(100)).unwrap();
    let seizure: Seizure = from_json(response.data.as_ref().unwrap()).unwrap();
    let expected = Seizure {
        token: Token::Native(ATOM.into()),
        lot: Amount::new(90_000_000),
        tab: usd(300),
        penalty: usd(30),
        feed: 0,
        decimals: 6,
        price: price("6"),
    };
    assert_eq!(seizure, expected);
    assert_eq!(told::<Seized>(&response).tab, usd(300));
    assert_eq!(*pool.bank("liquidator", ATOM), 90_000_000);
    let gone = QueryMsg::Position { vault: 0, owner: addr("anna").into() };
    refused(pool.query::<PositionResponse>(gone), "E0302");
    assert_eq!((pool.health().tab, pool.book().vaults[0].debt), (usd(300), SignedUsd::ZERO));
}

#[test]
fn as_much_is_seized_as_the_hole_allows() {
    let mut pool = fallen();
    let part: Seized = told(&pool.seize("anna", usd(165), usd(100)).unwrap());
    assert_eq!((part.tab, part.penalty, part.lot.raw()), (usd(150), usd(15), 45_000_000));
    let position = pool.position("anna");
    assert_eq!((position.debt, position.collateral.raw()), (signed(150), 45_000_000));
    refused(pool.seize("anna", usd(99), usd(100)), "E0321");
    refused(pool.seize("anna", Usd::ZERO, Usd::ZERO), "E0321");
    pool.seize("anna", usd(1_000), usd(100)).unwrap();
}

#[test]
fn seizures_that_are_refused() {
    let mut pool = fallen();
    let msg = |vault, owner: &str| ExecuteMsg::Seize {
        vault,
        owner: addr(owner).into(),
        room: usd(999),
        dust: usd(1),
    };
    refused(pool.run("owner", msg(0, "anna")), "E0104");
    refused(pool.run("liquidator", msg(0, "carl")), "E0302");
    refused(pool.run("liquidator", msg(5, "anna")), "E0301");
    refused(pool.run("liquidator", msg(0, "bert")), "E0313");
    // exactly 200 %
    pool.price(0, "6.666666666666666667");
    refused(pool.run("liquidator", msg(0, "anna")), "E0313");
    pool.price(0, "6.66");
    pool.silence(61);
    refused(pool.run("liquidator", msg(0, "anna")), "E0206");
    pool.publish();
    pool.run("liquidator", msg(0, "anna")).unwrap();
}

#[test]
fn what_an_auction_brings_is_booked_at_the_next_sync() {
    let mut pool = fallen();
    pool.mint("bert", 100).unwrap();
    let all = *pool.cw20("sdusd", "bert") + *pool.cw20("sdusd", "anna");
    assert_eq!(all, 400_000_000);
    pool.seize("anna", usd(330), usd(100)).unwrap();
    // takers paid 200 of the tab and 20 of the penalty, a keeper got 5, the rest ended short
    *pool.cw20("sdusd", "anna") = 100_000_000 - 20_000_000 + 5_000_000;
    let record = Recoveries {
        tab: Usd::ZERO,
        recovered: usd(200),
        penalties: usd(20),
        shortfalls: usd(100),
        tips: usd(5),
        ..Recoveries::default()
    };
    pool.recoveries(record);
    assert_eq!(pool.audit().difference, SignedUsd::ZERO);
    assert_eq!(pool.audit().ledger.bad_debt, usd(100));
    let loss: LossMet = told(&pool.sync());
    assert_eq!((loss.insurance, loss.providers, loss.unmet), (usd(15), usd(85), Usd::ZERO));
    let health = pool.health();
    assert_eq!((health.supply, health.tab, health.recoveries), (usd(185), Usd::ZERO, record));
    assert_eq!(pool.position("bert").debt, signed(185));
    // a record that shrinks is not booked, and stops nothing
    pool.recoveries(Recoveries { tips: usd(4), ..record });
    let info = ExecuteMsg::Sync {};
    let before = pool.book();
    let info = pool.deps_execute(info);
    assert_eq!(told::<MarketNotAccepted>(&info).code, "E0001");
    assert_eq!(pool.book(), before);
}

#[test]
fn with_the_last_provider_seized_a_shortfall_waits() {
    let mut pool = Pool::open();
    pool.deposit("anna", 90).unwrap();
    pool.mint("anna", 300).unwrap();
    pool.price(0, "3");
    pool.seize("anna", usd(330), usd(100)).unwrap();
    *pool.cw20("sdusd", "anna") = 60_000_000;
    pool.recoveries(Recoveries { recovered: usd(240), shortfalls: usd(60), ..Recoveries::default() });
    pool.sync();
    assert_eq!(pool.health().bad_debt, usd(60));
}

#[test]
fn what_is_above_the_book_is_swept_into_insurance() {
    let mut pool = Pool::open();
    pool.deposit("anna", 90).unwrap();
    pool.mint("anna", 300).unwrap();
    refused(pool.run("anyone", ExecuteMsg::Sweep {}), "E0322");
    // anna burns 10 of her own, and sends 7 to the pool without a hook
    *pool.cw20("sdusd", "anna") -= 17_000_000;
    *pool.cw20("sdusd", "pool") += 7_000_000;
    assert_eq!(pool.audit().unbooked, signed(10));
    let swept: Swept = told(&pool.run("anyone", ExecuteMsg::Sweep {}).unwrap());
    assert_eq!((swept.burnt, swept.found), (usd(10), usd(7)));
    let health = pool.health();
    assert_eq!((health.supply, health.insurance), (usd(283), usd(17)));
    refused(pool.run("anyone", ExecuteMsg::Sweep {}), "E0322");
}

#[test]
fn the_audit_shows_what_is_below_the_book() {
    let mut pool = Pool::open();
    pool.deposit("anna", 90).unwrap();
    pool.mint("anna", 300).unwrap();
    *pool.bank("pool", ATOM) -= 5;
    assert_eq!(pool.audit().difference.raw(), 5);
    *pool.cw20("sdusd", "thief") += 3;
    // the supply's side is larger by 3, and 5 are missing
    assert_eq!(pool.audit().difference.raw(), -8);
    assert_eq!(pool.audit().unbooked.raw(), -3);
}
