//! Traders' accounts are liquidated by their market.

use cosmwasm_std::{from_json, CosmosMsg, ReplyOn, WasmMsg};
use sdp_types::liquidator::{Change, ExecuteMsg, Params};
use sdp_types::market::{AccountId, ExecuteMsg as Market};
use sdp_types::Error;

use crate::desk::*;

fn accounts(n: u16) -> Vec<AccountId> {
    (0..n).map(|account| AccountId { owner: addr("tom").into(), account }).collect()
}

fn liquidate(market: &str, n: u16) -> ExecuteMsg {
    ExecuteMsg::LiquidateAccounts { market: addr(market).into(), accounts: accounts(n) }
}

#[test]
fn a_listed_market_is_told_who_liquidates_at_every_stop_level() {
    for stop_level in 0..=3 {
        let mut desk = Desk::new();
        desk.changes(Change::Params { params: Params { stop_level, ..params() } });
        let told = desk.tries("kira", liquidate("market", 100)).unwrap();
        let [sent] = told.messages.as_slice() else { panic!("one message: {told:?}") };
        assert_eq!(sent.reply_on, ReplyOn::Never);
        let CosmosMsg::Wasm(WasmMsg::Execute { contract_addr, msg, .. }) = &sent.msg else {
            panic!("a contract: {sent:?}")
        };
        assert_eq!(contract_addr.as_str(), addr("market").as_str());
        let expected = Market::Liquidate { accounts: accounts(100), keeper: addr("kira").into() };
        assert_eq!(from_json::<Market>(msg).unwrap(), expected);
    }
}

#[test]
fn a_market_that_the_pool_does_not_list_is_refused() {
    let refused = Desk::new().is_refused("kira", liquidate("bazaar", 1));
    assert_eq!(refused, Error::UnknownMarket { market: addr("bazaar").into() });
}

#[test]
fn a_batch_has_1_to_100_accounts() {
    for n in [0, 101] {
        let refused = Desk::new().is_refused("kira", liquidate("market", n));
        assert_eq!(refused, Error::out_of_range("accounts", n, 1, 100));
    }
}

#[test]
fn a_market_that_is_no_address_is_refused() {
    let msg = ExecuteMsg::LiquidateAccounts { market: "market".into(), accounts: accounts(1) };
    assert_eq!(Desk::new().is_refused("kira", msg).code(), "E0008");
}
