//! What a provider does: deposits, mints, burns.

use crate::common::*;
use cosmwasm_std::{coin, coins};
use sdp_types::events::{Burnt, Deposited, Insured, Minted};
use sdp_types::pool::*;
use sdp_types::{Amount, Ratio, SignedUsd, Usd};

fn max(pool: &Pool, owner: &str) -> LimitResponse {
    pool.maximum_mint(owner)
}

#[test]
fn a_deposit_becomes_shares_and_weight() {
    let mut pool = Pool::open();
    let response = pool.deposit("anna", 100).unwrap();
    let event: Deposited = told(&response);
    assert_eq!((event.vault, event.amount.raw(), event.shares.raw()), (0, 100_000_000, 100_000_000));
    let position = pool.position("anna");
    assert_eq!((position.value, position.debt, position.ratio), (usd(1_000), SignedUsd::ZERO, None));
    assert_eq!(pool.book().vaults[0].weight, usd(1_000));
    assert_eq!(position.joined_at, START);
}

#[test]
fn a_cw20_is_collateral_through_its_hook() {
    let mut pool = Pool::open();
    pool.deposit_sol("anna", 3).unwrap();
    let of = QueryMsg::Position { vault: 1, owner: addr("anna").into() };
    assert_eq!(pool.query::<PositionResponse>(of).unwrap().value, usd(300));
}

#[test]
fn anybody_may_deposit_for_somebody_else_and_never_lengthens_the_stay() {
    let mut pool = Pool::open();
    pool.deposit("anna", 100).unwrap();
    pool.later(1_000);
    let msg = ExecuteMsg::Deposit { beneficiary: Some(addr("anna").into()) };
    pool.run_with("bert", msg, &coins(5, ATOM)).unwrap();
    let position = pool.position("anna");
    assert_eq!((position.collateral.raw(), position.joined_at), (100_000_005, START));
}

#[test]
fn deposits_that_are_refused() {
    let mut pool = Pool::instantiated();
    refused(pool.deposit("anna", 100), "E0319");
    let mut pool = Pool::open();
    refused(pool.run("anna", ExecuteMsg::Deposit { beneficiary: None }), "E0005");
    refused(pool.deposit("anna", 9), "E0303");
    refused(pool.deposit("anna", 1_000_001), "E0304");
    let msg = ExecuteMsg::Deposit { beneficiary: None };
    refused(pool.run_with("anna", msg.clone(), &coins(5, "uosmo")), "E0110");
    refused(pool.run_with("anna", msg.clone(), &[coin(5, ATOM), coin(5, "uosmo")]), "E0109");
    refused(pool.run_with("anna", msg, &coins(u128::MAX, ATOM)), "E0004");
    *pool.cw20("osmo", "anna") = 5;
    refused(pool.send("osmo", "anna", 5, &Hook::Deposit { beneficiary: None }), "E0110");
    *pool.cw20("sol", "anna") = 5_000_000_000;
    refused(pool.send("sol", "anna", 5, &Hook::Insure {}), "E0110");
    refused(pool.send("sol", "anna", 5, &Hook::Burn { vault: 0, owner: None }), "E0110");
}

#[test]
fn without_a_fresh_price_only_a_position_that_holds_the_minimum_may_grow() {
    let mut pool = Pool::open();
    pool.deposit("anna", 100).unwrap();
    pool.silence(61);
    refused(pool.deposit("bert", 100), "E0206");
    pool.deposit("anna", 1).unwrap();
    pool.prices[0].1 = pct(3);
    pool.publish();
    refused(pool.deposit("bert", 100), "E0207");
}

#[test]
fn every_message_but_a_deposit_takes_no_coins() {
    let mut pool = Pool::open();
    let owner = addr("anna").to_string();
    let (vault, amount, one) = (0, Usd::new(1), Usd::new(1));
    let change = Change::SetGuardian { guardian: None };
    let hook = cw20::Cw20ReceiveMsg { sender: owner.clone(), amount: 1u128.into(), msg: Default::default() };
    for msg in [
        ExecuteMsg::Receive(hook),
        ExecuteMsg::Mint { vault, amount, recipient: None, owner: None },
        ExecuteMsg::SetMinter { minter: None },
        ExecuteMsg::RequestExit { vault, amount: Amount::new(1), accepted_haircut: None },
        ExecuteMsg::CancelExit { vault },
        ExecuteMsg::ExecuteExit { vault, owner: owner.clone() },
        ExecuteMsg::Sync {},
        ExecuteMsg::Sweep {},
        ExecuteMsg::Draw { amount, recipient: owner.clone(), accepted_haircut: None },
        ExecuteMsg::Seize { vault, owner, room: one, dust: one },
        ExecuteMsg::Open {},
        ExecuteMsg::Configure { change },
        ExecuteMsg::Enact { id: 0 },
        ExecuteMsg::CancelChange { id: 0 },
        ExecuteMsg::UpdateOwnership(sdp_types::ownership::Action::RenounceOwnership),
    ] {
        refused(pool.run_with("owner", msg, &coins(1, ATOM)), "E0109");
    }
}

#[test]
fn minting_stops_at_the_issuance_ratio_to_the_micro_dollar() {
    let mut pool = Pool::open();
    pool.deposit("anna", 90).unwrap(); // $900 at 300 %
    assert_eq!(
        max(&pool, "anna"),
        LimitResponse { amount: usd(300), bound_by: "E0312 BelowIssuanceRatio".into() }
    );
    let msg = |raw| ExecuteMsg::Mint {
        vault: 0,
        amount: Usd::new(raw),
        recipient: Some(addr("bert").into()),
        owner: None,
    };
    refused(pool.run("anna", msg(300_000_001)), "E0312");
    let response = pool.run("anna", msg(300_000_000)).unwrap();
    assert_eq!(told::<Minted>(&response).amount, usd(300));
    assert_eq!(*pool.cw20("sdusd", "bert"), 300_000_000);
    let position = pool.position("anna");
    assert_eq!((position.debt, position.ratio), (signed(300), Some(pct(300))));
    refused(pool.run("anna", msg(1)), "E0312");
}

#[test]
fn mints_that_are_refused() {
    let mut pool = Pool::open();
    refused(pool.mint("anna", 100), "E0302");
    refused(
        pool.run("anna", ExecuteMsg::Mint { vault: 9, amount: usd(1), recipient: None, owner: None }),
        "E0301",
    );
    pool.deposit("anna", 1_000).unwrap();
    refused(pool.mint("anna", 0), "E0005");
    refused(
        pool.run("anna", ExecuteMsg::Mint { vault: 0, amount: Usd::MAX, recipient: None, owner: None }),
        "E0004",
    );
    refused(pool.mint("anna", 49), "E0305");
    pool.mint("anna", 50).unwrap();

    pool.silence(61);
    refused(pool.mint("anna", 60), "E0206");
    pool.prices[0].1 = pct(3);
    pool.publish();
    refused(pool.mint("anna", 60), "E0207");
    pool.prices[0].1 = Ratio::ZERO;
    pool.publish();

    let tight = VaultConfig { debt_ceiling: usd(100), ..atom() };
    pool.configure("guardian", Change::UpdateVault { vault: 0, config: tight }).unwrap();
    refused(pool.mint("anna", 51), "E0306");
    assert_eq!(
        max(&pool, "anna"),
        LimitResponse { amount: usd(50), bound_by: "E0306 AboveDebtCeiling".into() }
    );
    let tight = Params { supply_ceiling: usd(70), ..params() };
    pool.configure("guardian", Change::Params { params: tight }).unwrap();
    refused(pool.mint("anna", 21), "E0307");
    assert_eq!(max(&pool, "anna").bound_by, "E0307 AboveSupplyCeiling");
    pool.mint("anna", 20).unwrap();
}

#[test]
fn what_a_market_may_still_cost_is_not_minted() {
    let mut pool = Pool::with_markets(&["perps"]); // line $100,000
    pool.deposit("anna", 10_100).unwrap(); // $101,000
    refused(pool.mint("anna", 1_001), "E0308");
    assert_eq!(
        max(&pool, "anna"),
        LimitResponse { amount: usd(1_000), bound_by: "E0308 CreditLocked".into() }
    );
    pool.mint("anna", 1_000).unwrap();
    let health = pool.health();
    assert_eq!((health.locked_credit, health.free_collateral), (usd(100_000), signed(100_000)));
}

#[test]
fn a_preview_says_what_the_mint_does() {
    let mut pool = Pool::open();
    pool.deposit("anna", 90).unwrap();
    let preview = pool.preview_mint("anna", usd(200)).unwrap();
    pool.mint("anna", 200).unwrap();
    assert_eq!(preview, pool.position("anna"));
    refused(pool.preview_mint("anna", usd(101)), "E0312");
    assert_eq!(max(&pool, "nobody").bound_by, "E0302 NoPosition");
}

#[test]
fn burning_repays_and_beyond_the_debt_it_is_profit_to_mint_back() {
    let mut pool = Pool::open();
    pool.deposit("anna", 90).unwrap();
    pool.mint("anna", 200).unwrap();
    pool.deposit("bert", 90).unwrap();
    pool.mint("bert", 100).unwrap();
    *pool.cw20("sdusd", "anna") += 100_000_000;
    *pool.cw20("sdusd", "bert") -= 100_000_000;
    let response = pool.burn("anna", 300).unwrap();
    assert_eq!(told::<Burnt>(&response).amount, usd(300));
    assert_eq!(pool.position("anna").debt, signed(-100));
    assert_eq!(pool.health().supply, Usd::ZERO);
    // profit is below no minimum debt
    pool.mint("anna", 10).unwrap();
    assert_eq!(pool.position("anna").debt, signed(-90));
    pool.mint("anna", 90).unwrap();
    refused(pool.mint("anna", 10), "E0305");
}

#[test]
fn burns_that_are_refused() {
    let mut pool = Pool::open();
    pool.deposit("anna", 90).unwrap();
    pool.mint("anna", 200).unwrap();
    refused(
        pool.send("sdusd", "anna", 1, &Hook::Burn { vault: 0, owner: Some(addr("bert").into()) }),
        "E0302",
    );
    refused(pool.send("sdusd", "anna", 1, &Hook::Burn { vault: 7, owner: None }), "E0301");
    refused(pool.send("sdusd", "anna", 0, &Hook::Burn { vault: 0, owner: None }), "E0005");
    refused(pool.send("sdusd", "anna", 1, &Hook::Deposit { beneficiary: None }), "E0110");
    refused(pool.send("sdusd", "anna", 1, &"nonsense"), "E0008");
}

#[test]
fn anyone_may_burn_into_insurance_or_for_somebody_else() {
    let mut pool = Pool::open();
    pool.deposit("anna", 90).unwrap();
    pool.mint("anna", 200).unwrap();
    let response = pool.send("sdusd", "anna", 5, &Hook::Insure {}).unwrap();
    assert_eq!(told::<Insured>(&response).amount, Usd::new(5));
    assert_eq!(pool.health().insurance, Usd::new(5));
    *pool.cw20("sdusd", "bert") = 7;
    *pool.cw20("sdusd", "anna") -= 7;
    pool.send("sdusd", "bert", 7, &Hook::Burn { vault: 0, owner: Some(addr("anna").into()) }).unwrap();
    assert_eq!(pool.position("anna").debt, SignedUsd::new(199_999_993));
}

#[test]
fn positions_come_in_pages() {
    let mut pool = Pool::open();
    for n in 0..7 {
        pool.deposit(&format!("lp{n}"), 90 + n).unwrap();
    }
    let ask = |start_after, limit| QueryMsg::Positions { vault: 0, start_after, limit };
    let all: Vec<PositionResponse> = pool.query(ask(None, None)).unwrap();
    assert_eq!(all.len(), 7);
    let mut paged: Vec<PositionResponse> = pool.query(ask(None, Some(3))).unwrap();
    for _ in 0..2 {
        let after = paged.last().unwrap().owner.clone();
        let more: Vec<PositionResponse> = pool.query(ask(Some(after), Some(3))).unwrap();
        paged.extend(more);
    }
    assert_eq!(paged, all);
}
