//! Markets that anyone may open, through all contracts: the desk, the example market, and a double that does whatever it is told to. A deep
//! audit follows every message.
#![allow(clippy::unwrap_used, clippy::panic)]

mod doubles;
mod event;
mod graduation;
mod hostile;
mod lies;
mod opening;
mod random;
mod resolution;
mod shutdown;

use cosmwasm_std::{to_json_binary, Binary};
use cw_multi_test::ContractWrapper;
use sdp_embedded::manifest::{Bonded, EventMarket, Manifest};
use sdp_embedded::{Actions, Answer, Bonding, ChainError, World, DESK};
use sdp_hostile::msg::{ExecuteMsg, InstantiateMsg, Relayed};
use sdp_types::bonded::DeskMsg;
use sdp_types::exposure::Exposure;
use sdp_types::ledger::Ledger;
use sdp_types::pool::MarketMsg;
use sdp_types::record::Record;
use sdp_types::units::{Amount, SignedUsd, Usd};

const DAY: u64 = 86_400;

/// The default desk, behind it `whale` with $10M of collateral and 1,000,000 sdUSD. `sam` has 100,000 of them.
fn stage() -> World {
    stage_with(|_| {})
}

fn stage_with(change: impl FnOnce(&mut Bonded)) -> World {
    let mut world = World::with(|manifest| {
        manifest.pool.breakers = None;
        let mut bonded = Manifest::with_default_desk().unwrap().bonded.unwrap();
        change(&mut bonded);
        manifest.bonded = Some(bonded);
    });
    world.lp("whale").deposits(1_000_000, "ATOM").mints(1_000_000);
    world.transfer("whale", "sdusd", "sam", Amount::new(100_000_000_000)).unwrap();
    world
}

/// An event market on BTC above 60,000 in an hour, even odds and a spread of 2 %.
fn event(name: &str) -> EventMarket {
    EventMarket {
        name: name.into(),
        author: "sam".into(),
        feed: "BTC".into(),
        strike: "60000".parse().unwrap(),
        lasts: 3_600,
        window: 600,
        yes_price: "0.5".parse().unwrap(),
        spread: "0.02".parse().unwrap(),
    }
}

/// A double of this name, bonded by sam.
fn bonded_double(world: &mut World, name: &str, bond: u64) {
    add_double(world, name);
    world.bond_market("sam", name, Usd::whole(bond)).unwrap();
}

fn add_double(world: &mut World, name: &str) {
    let code = ContractWrapper::new(
        sdp_hostile::contract::execute,
        sdp_hostile::contract::instantiate,
        sdp_hostile::contract::query,
    );
    world.add_contract(name, Box::new(code), &InstantiateMsg {}).unwrap();
}

/// A record that owes so many whole USD, as of now.
fn owes(world: &World, whole: i128) -> Exposure {
    Exposure { as_of: world.now(), base: SignedUsd::new(whole * 1_000_000), ..Exposure::default() }
}

/// The double shows these bytes and pushes others.
fn acts(
    world: &mut World,
    name: &str,
    show: Option<Vec<u8>>,
    send: Vec<Relayed>,
) -> Result<Answer, ChainError> {
    world.execute("eve", name, &ExecuteMsg::Act { show: show.map(Binary::from), send }, &[])
}

fn push_of(world: &World, bytes: &[u8]) -> Relayed {
    let record = Binary::from(bytes);
    Relayed { contract: world.address(DESK).into(), msg: to_json_binary(&DeskMsg::Push { record }).unwrap() }
}

/// The double shows a record and pushes it.
fn says(world: &mut World, name: &str, record: &Exposure) -> Result<Answer, ChainError> {
    let bytes = record.encode().unwrap();
    let push = push_of(world, &bytes);
    acts(world, name, Some(bytes), vec![push])
}

/// The double draws for somebody.
fn draws(world: &mut World, name: &str, whole: u64, to: &str) -> Result<Answer, ChainError> {
    let recipient = world.introduce(to).into_string();
    let draw = MarketMsg::Draw { amount: Usd::whole(whole), recipient, accepted_haircut: None };
    let draw = Relayed { contract: world.address(DESK).into(), msg: to_json_binary(&draw).unwrap() };
    acts(world, name, None, vec![draw])
}

/// The double announces a draw beyond its bond.
fn announces(world: &mut World, name: &str, whole: u64) -> Result<Answer, ChainError> {
    let msg = to_json_binary(&DeskMsg::RequestDraw { amount: Usd::whole(whole) }).unwrap();
    let send = vec![Relayed { contract: world.address(DESK).into(), msg }];
    acts(world, name, None, send)
}

/// The code of a refusal.
fn code<T>(answer: Result<T, ChainError>) -> String {
    let error = answer.err().unwrap();
    assert!(!error.is_bug(), "{error}");
    let text = error.to_string();
    sdp_types::Error::code_in(&text).unwrap_or_else(|| panic!("{text}")).to_string()
}

/// The ledger, after a sync.
fn ledger(world: &mut World) -> Ledger {
    world.keeper("kim").syncs();
    world.audit().unwrap().ledger
}

/// What the desk has cost the providers by the pool's own book, micro-USD: reported + drawn + fees.
fn cost(world: &mut World) -> i128 {
    world.keeper("kim").syncs();
    let listed: Vec<sdp_types::pool::MarketResponse> =
        world.query("lens", &sdp_types::lens::QueryMsg::Markets {}).unwrap();
    let desk = world.address(DESK).into_string();
    listed.iter().find(|listed| listed.market == desk).unwrap().used.raw()
}

fn usd(whole: i128) -> i128 {
    whole * 1_000_000
}
