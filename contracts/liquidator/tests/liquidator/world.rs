//! The world that the desk stands in: names, tokens, parameters, and what other contracts answer.

use cosmwasm_std::testing::MockApi;
use cosmwasm_std::{
    from_json, to_json_binary, Addr, Binary, ContractResult, Event, Response, SystemResult, Uint128,
    WasmQuery,
};
use cw20::Cw20ReceiveMsg;
use sdp_types::board::Board;
use sdp_types::book::Listing;
use sdp_types::events::FromEvent;
use sdp_types::liquidator::{AuctionParams, Curve, ExecuteMsg, Hook, InstantiateMsg, Params};
use sdp_types::pool::{self, Seizure, Token};
use sdp_types::record::{key, tag, Record};
use sdp_types::{Amount, Price, Ratio, Usd};

/// Seconds between a change and its time.
pub const DELAY: u64 = 3_600;

/// The address of somebody.
pub fn addr(name: &str) -> Addr {
    MockApi::default().addr_make(name)
}

/// The collateral of vault 0: a coin of 6 decimals.
pub fn atom() -> Token {
    Token::Native("uatom".into())
}

/// The collateral of vault 1: a CW20 of 6 decimals.
pub fn wrapped() -> Token {
    Token::Cw20(addr("wrapped").into())
}

/// So many whole tokens of 6 decimals.
pub fn tokens(n: u128) -> Amount {
    Amount::new(n * 1_000_000)
}

/// USD per whole unit.
pub fn price(text: &str) -> Price {
    text.parse().unwrap()
}

/// Global parameters: hole $2,000.
pub fn params() -> Params {
    Params { hole: Usd::whole(2_000), stop_level: 0, change_delay: DELAY }
}

/// From $12 for a board price of $10, falling a cent a second to the cusp of $6 at 600 s; too old after 500 s.
/// Keepers get $5 and 1 % of the tab; dust is $100.
pub fn atoms() -> AuctionParams {
    AuctionParams {
        buffer: Ratio::percent(120),
        curve: Curve::Linear { seconds: 1_200 },
        cusp: Ratio::percent(50),
        tail: 500,
        tip: Usd::whole(5),
        chip: Ratio::percent(1),
        dust: Usd::whole(100),
    }
}

/// The same, but its cusp comes before its tail.
pub fn wrapped_atoms() -> AuctionParams {
    AuctionParams { tail: 2_000, ..atoms() }
}

/// 100 tokens at $10, which have to bring $500 and a penalty of $50.
pub fn seizure() -> Seizure {
    Seizure {
        token: atom(),
        lot: tokens(100),
        tab: Usd::whole(500),
        penalty: Usd::whole(50),
        feed: 0,
        decimals: 6,
        price: price("10"),
    }
}

/// What other contracts answer.
#[derive(Default)]
pub struct World {
    /// The oracle's board.
    pub board: Board,
    /// The pool's listing.
    pub listing: Listing,
}

impl World {
    /// What the asked contract answers.
    pub fn answer(&self, query: &WasmQuery) -> SystemResult<ContractResult<Binary>> {
        let answer = match query {
            WasmQuery::Smart { contract_addr, msg } if *contract_addr == addr("pool").as_str() => {
                assert_eq!(from_json::<pool::QueryMsg>(msg).unwrap(), pool::QueryMsg::Config {});
                to_json_binary(&pool_config()).unwrap()
            }
            WasmQuery::Raw { contract_addr, key: at } if *contract_addr == addr("pool").as_str() => {
                assert_eq!(at.as_slice(), key(tag::LISTING));
                self.listing.encode().unwrap().into()
            }
            WasmQuery::Raw { contract_addr, key: at } if *contract_addr == addr("oracle").as_str() => {
                assert_eq!(at.as_slice(), key(tag::BOARD));
                self.board.encode().unwrap().into()
            }
            other => panic!("nobody answers {other:?}"),
        };
        SystemResult::Ok(ContractResult::Ok(answer))
    }
}

fn pool_config() -> pool::ConfigResponse {
    pool::ConfigResponse {
        guardian: None,
        oracle: addr("oracle").into(),
        sdusd: addr("sdusd").into(),
        liquidator: None,
        open: true,
        params: pool::Params {
            impact_depth: Usd::whole(1),
            supply_ceiling: Usd::ZERO,
            exit_delay: 0,
            exit_window: 0,
            minimum_stay: 0,
            change_delay: 0,
            risk: None,
            breakers: None,
            least_depth: None,
            losses: None,
        },
    }
}

/// What the liquidator is instantiated with: owner `olga`, guardian `gard`, auctions of two vaults.
pub fn instantiation() -> InstantiateMsg {
    InstantiateMsg {
        owner: addr("olga").into(),
        guardian: Some(addr("gard").into()),
        pool: addr("pool").into(),
        params: params(),
        auctions: vec![atoms(), wrapped_atoms()],
    }
}

/// The hook of a payment.
pub fn hook(payer: &str, payment: Usd, take: &Hook) -> ExecuteMsg {
    ExecuteMsg::Receive(Cw20ReceiveMsg {
        sender: addr(payer).into(),
        amount: Uint128::new(payment.raw()),
        msg: to_json_binary(take).unwrap(),
    })
}

/// A take for the payer at any price.
pub fn take(auction: u64, amount: Amount) -> Hook {
    Hook::Take { auction, amount, max_price: Price::MAX, recipient: None }
}

/// The typed event of this kind, if the response tells one.
pub fn find<E: FromEvent>(events: &[Event]) -> Option<E> {
    events.iter().find_map(E::from_event).transpose().unwrap()
}

/// The typed event of this kind.
pub fn event<E: FromEvent>(response: &Response) -> E {
    find(&response.events).unwrap_or_else(|| panic!("no {} in {response:?}", E::NAME))
}

/// `MsgExecuteContractResponse { data }` in protobuf.
pub fn execute_response(data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x0a];
    let mut length = data.len();
    while length >= 0x80 {
        bytes.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
        length >>= 7;
    }
    bytes.push(u8::try_from(length).unwrap());
    bytes.extend_from_slice(data);
    bytes
}
