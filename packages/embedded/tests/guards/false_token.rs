//! A listed token that misbehaves when its own sale moves it: it refuses, it says that it has moved and has not, or it calls back. What is sold of an
//! account is then in nobody's way but of those who hold it, and every message is followed by a deep audit.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    from_json, to_json_binary, to_json_vec, Binary, CosmosMsg, Deps, DepsMut, Env, MessageInfo, Reply,
    Response, StdError, StdResult, SubMsg, Uint128,
};
use cw20::{BalanceResponse, Cw20Coin, Cw20ExecuteMsg};
use cw20_base::msg::{InstantiateMsg, QueryMsg};
use cw_multi_test::ContractWrapper;
use sdp_embedded::error::Result;
use sdp_embedded::{events, Actions, Answer, TakeTokens, TokenMargin, World, CUSTODY};
use sdp_types::contract::execute as told_to;
use sdp_types::custody::{Change, ExecuteMsg, Haircut, Hook, TokenConfig, TokenTerms};
use sdp_types::events::{TokenSaleEnded, TokensTaken};
use sdp_types::market;
use sdp_types::pool::Token;
use sdp_types::units::{Amount, Ratio, SignedUsd, Usd, MAX_PRICE};

/// The token, and its name in the address book.
const BAD: &str = "bad";
/// Its number in the custody of the built-in manifest, behind three others.
const NUMBER: usize = 3;
/// How it behaves.
const HOW: &[u8] = b"how";

/// What it does when it is told to move.
#[cw_serde]
enum How {
    /// As cw20-base.
    Moves,
    /// An error.
    Refuses,
    /// A success, and nothing has moved.
    Lies,
    /// It moves, and once sends these; a refusal of one of them undoes nothing else.
    Sends(Vec<CosmosMsg>),
}

/// The part of cw20-base that is needed, and how to behave.
#[cw_serde]
enum TokenMsg {
    Transfer { recipient: String, amount: Uint128 },
    Send { contract: String, amount: Uint128, msg: Binary },
    Behave { how: How },
}

fn instantiate(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: InstantiateMsg) -> StdResult<Response> {
    let made = cw20_base::contract::instantiate(deps, env, info, msg);
    made.map_err(|error| StdError::generic_err(error.to_string()))
}

fn execute(deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: TokenMsg) -> StdResult<Response> {
    let how = deps.storage.get(HOW).map_or(Ok(How::Moves), from_json)?;
    let (moved, how) = match (msg, how) {
        (TokenMsg::Behave { how }, _) => {
            deps.storage.set(HOW, &to_json_vec(&how)?);
            return Ok(Response::new());
        }
        (TokenMsg::Send { contract, amount, msg }, how) => {
            (Cw20ExecuteMsg::Send { contract, amount, msg }, how)
        }
        (TokenMsg::Transfer { .. }, How::Refuses) => return Err(StdError::generic_err("it does not move")),
        (TokenMsg::Transfer { .. }, How::Lies) => return Ok(Response::new()),
        (TokenMsg::Transfer { recipient, amount }, how) => {
            (Cw20ExecuteMsg::Transfer { recipient, amount }, how)
        }
    };
    let mut own = Vec::new();
    if let How::Sends(messages) = how {
        own = messages;
        deps.storage.remove(HOW);
    }
    let done = cw20_base::contract::execute(deps, env, info, moved);
    let response = done.map_err(|error| StdError::generic_err(error.to_string()))?;
    Ok(response.add_submessages(own.into_iter().map(|message| SubMsg::reply_on_error(message, 1))))
}

fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> StdResult<Binary> {
    cw20_base::contract::query(deps, env, msg)
}

fn reply(_: DepsMut<'_>, _: Env, _: Reply) -> StdResult<Response> {
    Ok(Response::new())
}

/// Bob's account owes more than his 4,000 of the token and his 1,000 ATOM count for, and the token is for sale. Tara has 300,000 sdUSD, the token's
/// contract 20,000.
fn stage() -> World {
    let mut world = World::with(|manifest| {
        manifest.oracle.breaker = None;
        manifest.oracle.measurement = None;
        manifest.feeds.iter_mut().for_each(|feed| feed.confidence = Ratio::ZERO);
        manifest.custody.as_mut().unwrap().change_delay = 0;
    });
    world.lp("whale").deposits(19_000_000, "USDC").mints(2_000_000);
    world.sells_sdusd("whale", "tara", 300_000);
    let address = world.introduce("bob").into_string();
    let begins = InstantiateMsg {
        name: "Bad token".into(),
        symbol: "BAD".into(),
        decimals: 6,
        initial_balances: vec![Cw20Coin { address, amount: 4_000_000_000u128.into() }],
        mint: None,
        marketing: None,
    };
    let code = ContractWrapper::new(execute, instantiate, query).with_reply(reply);
    world.add_contract(BAD, Box::new(code), &begins).unwrap();
    world.transfer("whale", "sdusd", BAD, Amount::new(20_000_000_000)).unwrap();

    let first = world.custody_tokens().unwrap()[0].config.clone();
    let token = Token::Cw20(world.address(BAD).into_string());
    let haircut = Haircut { base: Ratio::percent(10), slope: Ratio::ZERO, maximum: Ratio::percent(10) };
    let config = TokenConfig { token, terms: TokenTerms { haircut, decimals: 6, ..first.terms }, ..first };
    let list = ExecuteMsg::Configure { change: Change::ListToken { config } };
    world.execute("owner", CUSTODY, &list, &[]).unwrap();
    world.execute("owner", CUSTODY, &ExecuteMsg::Enact { id: 0 }, &[]).unwrap();

    let hook = Hook::Deposit { beneficiary: None, account: 0 };
    world.send_tokens("bob", BAD, CUSTODY, Amount::new(4_000_000_000), &hook).unwrap();
    world.give("bob", "ATOM", Amount::new(1_000_000_000)).unwrap();
    world.deposit_token_margin("bob", "ATOM", 0, Amount::new(1_000_000_000), None).unwrap();
    // 36,000 and 7,960 USD of margin for 10 BTC, which lose 55,000
    world.trader("bob").buys("10", "BTC");
    world.fills();
    world.price("BTC", 54_500);
    world.keeper("kim").liquidates(&["bob"]);
    world.sell_tokens("kim", "bob", 0).unwrap();
    assert_eq!(usize::from(world.token_sales().unwrap()[0].token), NUMBER);
    world
}

fn behaves(world: &mut World, how: How) {
    world.execute("eve", BAD, &TokenMsg::Behave { how }, &[]).unwrap();
}

/// Tara takes so many whole tokens.
fn takes(world: &mut World, whole: u64) -> Result<Answer> {
    let amount = Amount::new(u128::from(whole) * 1_000_000);
    let payment = Usd::whole(100_000);
    let take =
        TakeTokens { owner: "bob", account: 0, payment, amount, max_price: MAX_PRICE, recipient: None };
    world.take_tokens("tara", &take)
}

/// Of the token, what the custody's book has and what lies there.
fn of_the_token(world: &World) -> (Amount, Amount) {
    let shown = &world.custody_tokens().unwrap()[NUMBER];
    (shown.held, of(world, CUSTODY))
}

/// What somebody has of the token.
fn of(world: &World, who: &str) -> Amount {
    let address = world.address(who).into_string();
    let found: BalanceResponse = world.query(BAD, &QueryMsg::Balance { address }).unwrap();
    Amount::new(found.balance.u128())
}

fn sdusd(world: &World, who: &str) -> u128 {
    world.balance(who, "sdusd").unwrap().raw()
}

fn balanced(world: &mut World) {
    assert_eq!(sdusd(world, CUSTODY), 0, "between messages it has no sdUSD");
    world.keeper("kim").syncs();
    assert_eq!(world.audit().unwrap().difference, SignedUsd::ZERO);
}

#[test]
fn a_token_that_refuses_to_move_is_not_sold_and_what_is_beside_it_is() {
    let mut world = stage();
    behaves(&mut world, How::Refuses);
    let before = (world.store().clone(), sdusd(&world, "tara"));
    assert!(takes(&mut world, 100).is_err());
    assert!(*world.store() == before.0 && sdusd(&world, "tara") == before.1, "nothing of it is done");

    // closing, it comes after all others
    let mut config = world.custody_tokens().unwrap()[NUMBER].config.clone();
    config.terms.closing = true;
    let change = Change::UpdateToken { token: 3, config };
    world.execute("guardian", CUSTODY, &ExecuteMsg::Configure { change }, &[]).unwrap();
    world.passes_without_gap(1_501);
    world.redo_token_sale("kim", "bob", 0).unwrap();
    let done = takes(&mut world, 1_000).unwrap();
    assert_eq!(events::<TokensTaken>(&done).unwrap()[0].token, 0);
    assert!(!events::<TokenSaleEnded>(&done).unwrap()[0].owed.is_zero());
    assert_eq!(world.balance("tara", "ATOM").unwrap(), Amount::new(1_000_000_000));
    // what is behind what it still owes does not move, so the loss is not booked yet
    assert_eq!(world.market_totals("market").unwrap().exposure.shortfalls, Usd::ZERO);
    balanced(&mut world);

    behaves(&mut world, How::Moves);
    world.sell_tokens("kim", "bob", 0).unwrap();
    takes(&mut world, 4_000).unwrap();
    balanced(&mut world);
}

#[test]
fn a_token_that_lies_costs_its_taker_and_nobody_else() {
    let mut world = stage();
    behaves(&mut world, How::Lies);
    let (paid_before, margin) = (sdusd(&world, "tara"), world.account("bob", "market", 0).unwrap().margin);
    let done = takes(&mut world, 100).unwrap();
    let TokensTaken { amount, paid, recovered, .. } = events::<TokensTaken>(&done).unwrap()[0].clone();
    assert_eq!(paid_before - sdusd(&world, "tara"), paid.raw());
    assert_eq!(of(&world, "tara"), Amount::ZERO);
    let (held, there) = of_the_token(&world);
    assert_eq!(there.minus(held).unwrap(), amount, "the book is what has been sold");
    let after = world.account("bob", "market", 0).unwrap().margin;
    assert_eq!(after, margin.plus(recovered.signed().unwrap()).unwrap());
    balanced(&mut world);

    // what it has not moved stays there, and nobody has it: not the account either
    behaves(&mut world, How::Moves);
    takes(&mut world, 4_000).unwrap();
    assert_eq!(of_the_token(&world), (Amount::ZERO, amount));
    balanced(&mut world);
}

#[test]
fn a_token_that_calls_back_finds_everything_written_already() {
    let mut world = stage();
    let start = world.snapshot();
    let (custody, sdusd_at) = (world.address(CUSTODY), world.address("sdusd"));
    let id = world.account_id("bob", 0).unwrap();
    let take = |amount: u128, paid: u128| {
        let (amount, max_price) = (Amount::new(amount), MAX_PRICE);
        let hook = Hook::Take { owner: id.owner.clone(), account: 0, amount, max_price, recipient: None };
        let (contract, msg) = (custody.to_string(), to_json_binary(&hook).unwrap());
        told_to(&sdusd_at, &Cw20ExecuteMsg::Send { contract, amount: paid.into(), msg }).unwrap()
    };
    let own = |msg: &ExecuteMsg| told_to(&custody, msg).unwrap();
    let unbacked = market::ExecuteMsg::SetBacked {
        owner: id.owner.clone(),
        account: 0,
        backed: false,
        charge: Usd::ZERO,
    };
    let withdraw = |token, amount| ExecuteMsg::Withdraw {
        account: 0,
        token,
        amount: Amount::new(amount),
        recipient: None,
    };
    let attacks: Vec<(&str, Vec<CosmosMsg>, bool)> = vec![
        ("takes a part of the rest", vec![take(1_000_000, 50_000_000)], true),
        ("takes all of the rest", vec![take(4_000_000_000, 20_000_000_000)], true),
        ("takes twice", vec![take(1_000_000, 50_000_000), take(2_000_000, 50_000_000)], true),
        ("sells again", vec![own(&ExecuteMsg::Sell(id.clone()))], false),
        ("resets", vec![own(&ExecuteMsg::Redo(id.clone()))], false),
        ("stops", vec![own(&ExecuteMsg::Stop(id.clone()))], false),
        ("takes out", vec![own(&withdraw(3, 1)), own(&withdraw(0, 1))], false),
        ("says that nothing backs it", vec![told_to(world.address("market"), &unbacked).unwrap()], false),
    ];
    for (what, messages, succeeds) in attacks {
        world.restore(&start);
        behaves(&mut world, How::Sends(messages));
        let before = sdusd(&world, "tara") + sdusd(&world, BAD);
        let margin = world.account("bob", "market", 0).unwrap().margin;
        let done = takes(&mut world, 100).unwrap();
        let taken = events::<TokensTaken>(&done).unwrap();
        assert_eq!(taken.len() > 1, succeeds, "{what}");
        // each take is paid, and so much less is owed; of the token there is what the book says
        let paid: u128 = taken.iter().map(|taken| taken.paid.raw()).sum();
        let recovered: Usd = taken.iter().fold(Usd::ZERO, |sum, taken| sum.plus(taken.recovered).unwrap());
        assert_eq!(before - sdusd(&world, "tara") - sdusd(&world, BAD), paid, "{what}");
        let after = world.account("bob", "market", 0).unwrap().margin;
        assert_eq!(after, margin.plus(recovered.signed().unwrap()).unwrap(), "{what}");
        let (held, there) = of_the_token(&world);
        assert_eq!(held, there, "{what}");
        assert_eq!(world.token_margin("bob", 0).unwrap().tokens.len(), if held.is_zero() { 1 } else { 2 });
        balanced(&mut world);
    }
}
