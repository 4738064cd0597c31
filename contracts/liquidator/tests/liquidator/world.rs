//! The world that the desk stands in: names, tokens, parameters, and what other contracts answer.

use cosmwasm_std::testing::{mock_env, MockApi};
use cosmwasm_std::{
    from_json, instantiate2_address, to_json_binary, Addr, Api, Binary, Checksum, CodeInfoResponse,
    ContractResult, Event, Response, SystemResult, Uint128, WasmQuery,
};
use cw20::{Cw20ReceiveMsg, TokenInfoResponse};
use sdp_types::board::Board;
use sdp_types::book::{Book, Listing};
use sdp_types::events::FromEvent;
use sdp_types::liquidator::{
    AuctionParams, Curve, ExecuteMsg, Hook, InstantiateMsg, Limits, NoteParams, Params,
};
use sdp_types::pool::{self, PositionResponse, Seizure, Token, VaultConfig, VaultResponse};
use sdp_types::record::{key, tag, Record};
use sdp_types::{Amount, Price, Ratio, SignedUsd, Usd};

/// Seconds between a change and its time.
pub const DELAY: u64 = 3_600;

/// The address of somebody.
pub fn addr(name: &str) -> Addr {
    MockApi::default().addr_make(name)
}

/// The token of recovery notes: it follows from its code and the contract that makes it.
pub fn note() -> Addr {
    let (api, creator) = (MockApi::default(), mock_env().contract.address);
    let creator = api.addr_canonicalize(creator.as_str()).unwrap();
    let checksum = Checksum::generate(b"cw20");
    let address = instantiate2_address(checksum.as_slice(), &creator, b"sdUSD recovery notes").unwrap();
    api.addr_humanize(&address).unwrap()
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
    Params {
        hole: Usd::whole(2_000),
        stop_level: 0,
        withdrawal_delay: 100,
        withdrawal_window: 50,
        change_delay: DELAY,
    }
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

/// A hole of one vault as large as that of all; the backstop pays 9/10 of the price, and a tenth of the pool's collateral a day.
pub fn limits() -> Limits {
    Limits { hole: Usd::whole(2_000), discount: Ratio::percent(10), daily: Ratio::percent(10) }
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
    /// The pool's book: of its vaults, weight and amount are used.
    pub book: Book,
    /// All recovery notes.
    pub notes: u128,
    /// The pool's positions: vault, owner, debt and ratio.
    pub positions: Vec<(u8, String, SignedUsd, Option<Ratio>)>,
}

impl World {
    /// What the asked contract answers.
    pub fn answer(&self, query: &WasmQuery) -> SystemResult<ContractResult<Binary>> {
        let answer = match query {
            WasmQuery::Smart { contract_addr, msg } if *contract_addr == addr("pool").as_str() => {
                match from_json::<pool::QueryMsg>(msg).unwrap() {
                    pool::QueryMsg::Config {} => to_json_binary(&pool_config()).unwrap(),
                    pool::QueryMsg::Vaults {} => to_json_binary(&[vault(0), vault(1)]).unwrap(),
                    pool::QueryMsg::Position { vault, owner } => {
                        let found = self.positions.iter().find(|(n, of, ..)| (*n, of) == (vault, &owner));
                        let Some((.., debt, ratio)) = found else {
                            return SystemResult::Ok(ContractResult::Err("E0302 NoPosition".into()));
                        };
                        to_json_binary(&position(vault, owner, *debt, *ratio)).unwrap()
                    }
                    other => panic!("nobody answers {other:?}"),
                }
            }
            WasmQuery::Raw { contract_addr, key: at }
                if *contract_addr == addr("pool").as_str() && at.as_slice() == key(tag::BOOK) =>
            {
                self.book.encode().unwrap().into()
            }
            WasmQuery::Raw { contract_addr, key: at } if *contract_addr == addr("pool").as_str() => {
                assert_eq!(at.as_slice(), key(tag::LISTING));
                self.listing.encode().unwrap().into()
            }
            WasmQuery::Raw { contract_addr, key: at } if *contract_addr == addr("oracle").as_str() => {
                assert_eq!(at.as_slice(), key(tag::BOARD));
                self.board.encode().unwrap().into()
            }
            WasmQuery::CodeInfo { code_id } => {
                let (creator, checksum) = (addr("olga"), Checksum::generate(b"cw20"));
                to_json_binary(&CodeInfoResponse::new(*code_id, creator, checksum)).unwrap()
            }
            WasmQuery::Smart { contract_addr, .. } if *contract_addr == note().as_str() => {
                let (name, symbol) = ("Note".into(), "sdNOTE".into());
                let total_supply = Uint128::new(self.notes);
                to_json_binary(&TokenInfoResponse { name, symbol, decimals: 6, total_supply }).unwrap()
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
            note_share: Ratio::ZERO,
        },
    }
}

/// A vault of feed 0, liquidated below 200 %, at a band of at most 1 %.
fn vault(number: u8) -> VaultResponse {
    let config = VaultConfig {
        token: if number == 0 { atom() } else { wrapped() },
        decimals: 6,
        feed: 0,
        issuance_ratio: Ratio::percent(300),
        liquidation_ratio: Ratio::percent(200),
        liquidation_penalty: Ratio::percent(10),
        stability_fee: Ratio::ZERO,
        maximum_confidence: Ratio::percent(1),
        minimum_deposit: Usd::whole(1),
        minimum_debt: Usd::ZERO,
        deposit_cap: Amount::ZERO,
        debt_ceiling: Usd::ZERO,
    };
    VaultResponse {
        vault: number,
        config,
        collateral: Amount::ZERO,
        value: Usd::ZERO,
        debt: SignedUsd::ZERO,
        shares: Default::default(),
        epoch: 0,
        value_per_share: Default::default(),
        peak_value_per_share: Default::default(),
        remainder: Default::default(),
        minted: Default::default(),
        fresh: true,
    }
}

fn position(vault: u8, owner: String, debt: SignedUsd, ratio: Option<Ratio>) -> PositionResponse {
    PositionResponse {
        vault,
        owner,
        collateral: Amount::ZERO,
        shares: Default::default(),
        value: Usd::ZERO,
        debt,
        debt_exact: Default::default(),
        minted: Default::default(),
        debt_for_issuance: debt,
        ratio,
        joined_at: 0,
        exit: None,
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
        limits: vec![limits(), limits()],
        notes: notes(),
        note_code_id: 7,
        note_name: "Note".into(),
        note_symbol: "sdNOTE".into(),
    }
}

/// $1,000 a lot, from twice the claim down by 5 % each, an hour after the last bid, a day without any.
pub fn notes() -> NoteParams {
    NoteParams {
        lot: Usd::whole(1_000),
        start: Ratio::percent(200),
        step: Ratio::percent(5),
        bid_seconds: 3_600,
        auction_seconds: 86_400,
        raise: Ratio::percent(150),
        ceiling: Usd::whole(10_000),
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
