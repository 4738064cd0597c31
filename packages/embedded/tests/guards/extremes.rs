//! Overflow at the extremes of every unit, dust, wrong denoms, unknown numbers: each a typed error or a fine success, the
//! books at 0, nothing changed by a refusal. The values come from the schemas.

use std::collections::BTreeMap;

use cosmwasm_std::Coin;
use sdp_embedded::{
    Actions, Audits, Bonding, ChainError, Conditionals, Network, Swapping, Synthetics, TokenMargin, World,
};
use sdp_types::spot::{BuyExact, SellExact};
use sdp_types::units::{Amount, Usd};
use sdp_types::{bonded, custody, event, liquidator, market, oracle, orders, pool, reserve, spot};
use serde_json::{json, Value};

use crate::reentry::app::Hostile;
use crate::schema::{self, extremes};
use crate::stage;
use crate::table::{changes, rows, schemas, Rightly, Row, Who};

/// Who sends a message with the best chance that it is taken.
fn sender(row: &Row) -> &'static str {
    match (row.who, row.contract, row.variant) {
        (Who::Only(entitled, _), ..) => entitled[0],
        (_, "market" | "orders", _) => "bob",
        (_, "pool", "mint" | "cancel_exit") => "whale",
        (_, "pool", "request_exit") => "anna",
        (_, "balancer", "set") => "anna",
        (_, "custody", "withdraw") => "eve",
        _ => "kim",
    }
}

/// A refusal has a code, or is the chain's own: JSON that is no message of the contract, a token that is not there.
fn typed(error: &ChainError) -> bool {
    let foreign = ["arsing", "deserialize", "Invalid zero amount", "Overflow: Cannot Sub", "Cannot Sub"];
    !error.is_bug() && (error.code.is_some() || foreign.iter().any(|text| error.text.contains(text)))
}

/// How many messages there were by outcome.
#[derive(Debug, Default)]
struct Count {
    done: u64,
    refused: BTreeMap<String, u64>,
}

impl Count {
    fn note(&mut self, result: Result<(), ChainError>) {
        match result {
            Ok(()) => self.done += 1,
            Err(error) => *self.refused.entry(error.code.unwrap_or_default()).or_default() += 1,
        }
    }
}

/// One step, its refusal typed and without effect.
#[track_caller]
fn step(world: &mut World, case: &str, act: impl FnOnce(&mut World) -> Result<(), ChainError>) -> bool {
    let before = world.store().clone();
    match act(world) {
        Ok(()) => true,
        Err(error) => {
            assert!(typed(&error), "{case}: {error}");
            assert!(*world.store() == before, "{case}: a refusal changed something: {error}");
            false
        }
    }
}

#[test]
fn every_field_of_every_message_at_every_extreme_is_refused_with_a_code_or_fine() {
    let mut world = stage::busy();
    let start = world.snapshot();
    let mut count = Count::default();
    for row in rows(&world) {
        let (_, schema, _) = schemas().into_iter().find(|(name, ..)| *name == row.contract).unwrap();
        // what only a whole contract may do is sent alone here, so the books are not looked at
        world.audits = if row.rightly == Rightly::Untried { Audits::Off } else { Audits::Deep };
        for extreme in extremes(&schema, &row.msg) {
            let msg = extreme.in_message(&row.msg);
            let case = format!("{} {} {extreme:.200?}", row.contract, row.variant);
            let mut result = Ok(());
            step(&mut world, &case, |world| {
                result = world.execute(sender(&row), row.contract, &msg, &[]).map(drop);
                result.clone()
            });
            count.note(result);
            world.restore(&start);
        }
    }
    println!("{count:?}");
    assert!(count.done > 100 && count.refused.len() > 15, "{count:?}");
}

#[test]
fn every_field_of_every_hook_at_every_extreme_is_refused_with_a_code_or_fine() {
    let mut world = stage::busy();
    world.give("whale", "ETH", Amount::new(1_000_000_000_000_000_000_000)).unwrap();
    let start = world.snapshot();
    let of = |name: &str| world.address(name).into_string();
    let hooks = [
        ("ETH", "pool", json!({"deposit": {"beneficiary": of("eve")}})),
        ("sdusd", "pool", json!({"burn": {"vault": 0, "owner": of("anna")}})),
        ("sdusd", "pool", json!({"insure": {}})),
        ("sdusd", "market", json!({"deposit": {"beneficiary": of("eve"), "account": 0}})),
        (
            "sdusd",
            "liquidator",
            json!({"take": {"auction": 1, "amount": "1000000", "max_price": "100", "recipient": of("eve")}}),
        ),
        ("sdusd", "liquidator", json!({"backstop": {"beneficiary": of("eve")}})),
        ("sdusd", "liquidator", json!({"pay": {"auction": 1}})),
        (
            "ETH",
            "reserve",
            json!({"swap_in": {"least": "1", "then": {"pay": {"recipient": of("eve"), "accepted_haircut": "0"}}}}),
        ),
        (
            "ETH",
            "reserve",
            json!({"swap_in": {"least": null, "then": {"burn": {"vault": 0, "owner": of("anna")}}}}),
        ),
        (
            "ETH",
            "reserve",
            json!({"swap_in": {"least": null,
                "then": {"margin": {"market": of("market"), "beneficiary": of("eve"), "account": 0}}}}),
        ),
        (
            "sdusd",
            "reserve",
            json!({"swap_out": {"token": 0, "least": "1", "recipient": of("eve"), "accepted_haircut": "1"}}),
        ),
        ("sdusd", "orders", json!({"deposit": {"beneficiary": of("eve")}})),
        ("ETH", "custody", json!({"deposit": {"beneficiary": of("eve"), "account": 0}})),
        (
            "sdusd",
            "custody",
            json!({"take": {"owner": of("eve"), "account": 0, "amount": "1000000", "max_price": "100", "recipient": of("eve")}}),
        ),
        ("sdusd", "balancer", json!({"balance": {"vault": 0, "owner": of("anna"), "target": "3"}})),
        (
            "sdusd",
            "spot",
            json!({"buy": {"synthetic": 0, "exact": {"in": {"least": "1"}}, "expires_in": 60, "recipient": of("eve")}}),
        ),
        (
            "sdusd",
            "spot",
            json!({"buy": {"synthetic": 1, "exact": {"out": {"amount": "1000"}}, "expires_in": null, "recipient": null}}),
        ),
        (
            "sBTC",
            "spot",
            json!({"sell": {"synthetic": 0, "exact": {"in": {"least": "1"}}, "expires_in": 60, "recipient": of("eve")}}),
        ),
        (
            "sBTC",
            "spot",
            json!({"sell": {"synthetic": 0, "exact": {"out": {"usd": "1"}}, "expires_in": null, "recipient": null}}),
        ),
        ("sBTC", "spot", json!({"redeem": {"synthetic": 0}})),
        ("sdusd", "bonded", json!({"open": {"market": of("event")}})),
        ("sdusd", "bonded", json!({"top_up": {"market": of("event")}})),
        ("sdusd", "bonded", json!({"pay_in": {"market": of("event")}})),
        ("sdusd", "event", json!({"buy": {"side": "yes", "least": "1"}})),
    ];
    let mut count = Count::default();
    for (token, contract, hook) in hooks {
        let (_, _, schema) = schemas().into_iter().find(|(name, ..)| *name == contract).unwrap();
        let mut messages: Vec<Value> =
            extremes(&schema.unwrap(), &hook).iter().map(|extreme| extreme.in_message(&hook)).collect();
        messages.push(hook.clone());
        let amounts = [1, 999_999, 1_000_000, 100_000_000, 50_000_000_000, u128::MAX];
        for (msg, amount) in messages.iter().flat_map(|msg| amounts.map(|amount| (msg, amount))) {
            let case = format!("{amount} {token} to {contract} with {msg:.200}");
            let mut result = Ok(());
            step(&mut world, &case, |world| {
                result = world.send_tokens("whale", token, contract, Amount::new(amount), msg).map(drop);
                result.clone()
            });
            count.note(result);
            world.restore(&start);
        }
    }
    println!("{count:?}");
    assert!(count.done > 50 && count.refused.len() > 5, "{count:?}");
}

type Step = fn(&mut World) -> Result<(), ChainError>;

/// One of everything that people do. Refusals are fine; whatever is done leaves the books balanced.
fn everything(world: &mut World, case: &str) {
    world.waits(1);
    let steps: [Step; 37] = [
        |world| world.republish().map(drop),
        |world| world.sync("kim").map(drop),
        |world| world.give("whale", "ATOM", Amount::new(100_000_000)).map(drop),
        |world| world.deposit("whale", "ATOM", Amount::new(100_000_000), None).map(drop),
        |world| world.mint("whale", "ATOM", Usd::whole(100)).map(drop),
        |world| world.burn("whale", "ATOM", Usd::whole(100), None).map(drop),
        |world| world.execute_exit("kim", "ATOM", "whale").map(drop),
        |world| world.request_exit("emma", "ETH", Amount::new(1)).map(drop),
        |world| world.deposit_margin("kim", "market", 0, Usd::whole(100), Some("bob")).map(drop),
        |world| world.withdraw_margin("bob", "market", 0, Usd::whole(1)).map(drop),
        |world| commit(world, "bob", "0.01"),
        |world| commit(world, "eve", "-0.01"),
        |world| world.give("eve", "ATOM", Amount::new(100_000_000)).map(drop),
        |world| world.deposit_token_margin("eve", "ATOM", 0, Amount::new(100_000_000), None).map(drop),
        |world| world.withdraw_token_margin("eve", "ATOM", 0, Amount::new(1_000_000), None).map(drop),
        |world| world.sell_tokens("kim", "eve", 0).map(drop),
        |world| world.poke("kim", "market").map(drop),
        |world| world.give("kim", "USDC", Amount::new(1_000_000_000)).map(drop),
        |world| world.swap_in("kim", "USDC", Amount::new(1_000_000_000), None, None).map(drop),
        |world| world.swap_out("whale", "USDC", Usd::whole(100), None, None).map(drop),
        |world| {
            let exact = BuyExact::In { least: None };
            world.buy_synthetic("kim", 0, Usd::whole(100), exact).map(drop)
        },
        |world| {
            let exact = SellExact::In { least: None };
            world.sell_synthetic("whale", 0, Amount::new(1_000_000), exact).map(drop)
        },
        |world| world.poke_synthetics("kim").map(drop),
        |world| world.collect_synthetic("kim", None, None).map(drop),
        |world| world.liquidate_accounts("kim", "market", &[("carl", 0), ("bob", 0)]).map(drop),
        |world| world.liquidate_position("kim", "ATOM", "anna").map(drop),
        |world| world.redo("kim", 1).map(drop),
        |world| {
            let amount = Amount::new(1_000_000_000);
            let max_price = sdp_types::units::MAX_PRICE;
            let payment = Usd::whole(10_000);
            let take =
                sdp_embedded::actions::Take { auction: 1, payment, amount, max_price, recipient: None };
            world.take("kim", &take).map(drop)
        },
        |world| {
            world.waits(10);
            world.republish().map(drop)
        },
        |world| world.arm_orders("kim", "market", &[0, 1, 2]).map(drop),
        |world| world.tell_event("kim", "event", &event::ExecuteMsg::Publish {}).map(drop),
        |world| world.mark_market("kim", "event").map(drop),
        |world| world.settle("kim", "market", 0, 100).map(drop),
        |world| world.sweep_orders("kim", "market", &[0, 1, 2]).map(drop),
        |world| world.draw_jar("bob", "market", Usd::whole(1)).map(drop),
        |world| world.settle_synthetic("kim", 0, 100).map(drop),
        |world| world.sync("kim").map(drop),
    ];
    for (n, act) in steps.into_iter().enumerate() {
        step(world, &format!("{case}, then step {n}"), act);
    }
    ask_everything(world, case);
}

fn commit(world: &mut World, trader: &str, size: &str) -> Result<(), ChainError> {
    let size = size.parse().unwrap();
    let order = sdp_embedded::actions::Order { size, ..Default::default() };
    world.commit(trader, "market", 0, &order).map(drop)
}

fn ask_everything(world: &World, case: &str) {
    let (bob, anna) = (world.address("bob").into_string(), world.address("anna").into_string());
    let market = world.contract("market").unwrap().into_string();
    let questions = [
        ("lens", json!({"health": {}})),
        ("lens", json!({"solvency": {}})),
        ("lens", json!({"contributions": {}})),
        ("lens", json!({"regimes": {}})),
        ("lens", json!({"ceilings": {}})),
        ("pool", json!({"vaults": {}})),
        ("lens", json!({"markets": {}})),
        ("lens", json!({"maximum_mint": {"vault": 0, "owner": anna}})),
        ("lens", json!({"preview_mint": {"vault": 0, "owner": anna, "amount": "1"}})),
        ("lens", json!({"preview_exit": {"vault": 0, "owner": anna, "amount": "1"}})),
        ("balancer", json!({"means": {"owner": anna}})),
        ("balancer", json!({"position": {"vault": 0, "owner": anna}})),
        ("balancer", json!({"preview": {"vault": 0, "owner": anna, "by": bob}})),
        ("orders", json!({"totals": {}})),
        ("orders", json!({"due": {}})),
        ("orders", json!({"orders": {"owner": bob, "account": 0}})),
        ("orders", json!({"jars": {}})),
        (
            "orders",
            json!({"preview": {"owner": bob, "account": 0, "order": {"perp": 0, "size": "0.1",
            "kind": {"limit": {"price": "59000"}}, "keeper_fee": "1000000"}}}),
        ),
        ("custody", json!({"tokens": {}})),
        ("custody", json!({"account": {"owner": world.address("eve"), "account": 0}})),
        ("custody", json!({"sales": {}})),
        ("lens", json!({"perps": {"market": market}})),
        ("lens", json!({"account": {"market": market, "owner": bob, "account": 0}})),
        (
            "lens",
            json!({"preview_trade": {"market": market, "owner": bob, "account": 0, "perp": 0, "size": "1"}}),
        ),
        ("lens", json!({"totals": {"market": market}})),
        ("spot", json!({"synthetics": {}})),
        ("spot", json!({"claims": {}})),
        ("spot", json!({"preview_buy": {"synthetic": 0, "usd": "1000000000", "exact": {"in": {}}}})),
        ("spot", json!({"preview_sell": {"synthetic": 0, "amount": "1000000", "exact": {"in": {}}}})),
        ("spot", json!({"totals": {}})),
        ("reserve", json!({"tokens": {}})),
        ("reserve", json!({"preview_in": {"token": 0, "amount": "1000000"}})),
        ("reserve", json!({"preview_out": {"token": 0, "amount": "1000000"}})),
        ("bonded", json!({"markets": {}})),
        ("bonded", json!({"totals": {}})),
        ("bonded", json!({"check": {"market": market}})),
        ("event", json!({"state": {}})),
        ("liquidator", json!({"auctions": {}})),
        ("liquidator", json!({"quote": {"auction": 1, "amount": "1"}})),
        ("oracle", json!({"board": {}})),
        ("oracle", json!({"covariance": {}})),
        ("oracle", json!({"measurement": {}})),
    ];
    for (contract, question) in questions {
        if let Err(error) = world.query::<Value>(contract, &question) {
            assert!(!error.is_bug(), "{case}: {contract} {question}: {error}");
        }
    }
}

/// [`stage::busy`] with changes that need no delay.
fn impatient() -> World {
    let mut world = stage::busy_with(|manifest| {
        manifest.oracle.change_delay = 0;
        manifest.pool.change_delay = 0;
        manifest.liquidator.change_delay = 0;
        manifest.markets[0].change_delay = 0;
        manifest.reserve.as_mut().unwrap().change_delay = 0;
        manifest.spot.as_mut().unwrap().change_delay = 0;
        manifest.custody.as_mut().unwrap().change_delay = 0;
        manifest.bonded.as_mut().unwrap().change_delay = 0;
    });
    world.audits = Audits::Books;
    world
}

#[test]
fn no_configuration_that_is_taken_makes_a_later_message_panic_or_unbalances_a_book() {
    let mut world = impatient();
    let start = world.snapshot();
    let (mut taken, mut refused) = (0, 0);
    for row in changes(&world) {
        let (_, schema, _) = schemas().into_iter().find(|(name, ..)| *name == row.contract).unwrap();
        let msg = stage::configure(row.loosens);
        for extreme in extremes(&schema, &msg) {
            let msg = extreme.in_message(&msg);
            let case = format!("{} {} {extreme:.200?}", row.contract, row.variant);
            let configured =
                step(&mut world, &case, |world| world.execute("council", row.contract, &msg, &[]).map(drop));
            let enact = json!({"enact": {"id": 1}});
            let enacted = configured
                && step(&mut world, &case, |world| {
                    match world.execute("kim", row.contract, &enact, &[]) {
                        // it tightened, and was applied at once
                        Err(error) if error.says("E0007") => Ok(()),
                        other => other.map(drop),
                    }
                });
            if enacted {
                taken += 1;
                everything(&mut world, &case);
            } else {
                refused += 1;
            }
            world.restore(&start);
        }
    }
    println!("{taken} taken, {refused} refused");
    assert!(taken > 50 && refused > 200, "{taken} taken, {refused} refused");
}

#[test]
fn prices_at_the_extremes_of_their_unit_break_nothing() {
    let mut world = stage::busy();
    let start = world.snapshot();
    let feeds = world.manifest().feeds.len();
    let extremes = ["0.000000000000000001", "0.000001", "1000000", "1000000000000"];
    for (feed, price) in (0..).take(feeds).flat_map(|feed| extremes.map(|price| (feed, price))) {
        let case = format!("feed {feed} at {price}");
        let back = world.board().unwrap().quotes[usize::from(feed)].price;
        for price in [price.parse().unwrap(), back] {
            // twice: a jump waits until it is confirmed
            for _ in 0..2 {
                world.waits(1);
                step(&mut world, &case, |world| world.publish(&[(feed, price, None)]).map(drop));
            }
            assert_eq!(world.board().unwrap().quotes[usize::from(feed)].price, price, "{case}");
            everything(&mut world, &case);
            // two intervals after a gap
            world.waits(11);
            everything(&mut world, &case);
        }
        world.restore(&start);
    }
}

#[test]
fn coins_with_a_message_that_takes_none_are_refused() {
    let mut world = stage::busy();
    let start = world.snapshot();
    for row in rows(&world) {
        if [("pool", "deposit"), ("pool", "add_yield"), ("reserve", "swap_in"), ("custody", "deposit")]
            .contains(&(row.contract, row.variant))
        {
            continue;
        }
        let sender = sender(&row);
        world.give_coins(sender, "uosmo", Amount::new(5)).unwrap();
        let stored = world.store().clone();
        let sent = world.execute(sender, row.contract, &row.msg, &[Coin::new(5u128, "uosmo")]);
        let error = sent.err().unwrap_or_else(|| panic!("{} {} took coins", row.contract, row.variant));
        assert!(error.says("E0109"), "{} {}: {error}", row.contract, row.variant);
        assert!(*world.store() == stored, "{} {}", row.contract, row.variant);
        world.restore(&start);
    }
}

#[test]
fn a_deposit_takes_one_listed_denom_and_no_dust() {
    let mut world = stage::busy();
    for denom in ["uatom", "uusdc", "uosmo"] {
        world.give_coins("nina", denom, Amount::new(1_000_000_000)).unwrap();
    }
    let deposit = json!({"deposit": {"beneficiary": null}});
    let coin = |amount: u128, denom: &str| Coin::new(amount, denom);
    let cases = [
        (vec![], "E0005"),
        (vec![coin(1_000_000_000, "uosmo")], "E0110"),
        (vec![coin(1, "uatom")], "E0303"),
        // 100 USD at 6.50 are 15.384616
        (vec![coin(15_384_615, "uatom")], "E0303"),
        (vec![coin(500_000_000, "uatom"), coin(500_000_000, "uusdc")], "E0109"),
    ];
    for (funds, code) in cases {
        let stored = world.store().clone();
        let error = world.execute("nina", "pool", &deposit, &funds).unwrap_err();
        assert!(error.says(code), "{funds:?}: {error}");
        assert!(*world.store() == stored, "{funds:?}");
    }
    world.execute("nina", "pool", &deposit, &[coin(15_384_616, "uatom")]).unwrap();
}

#[test]
fn numbers_of_what_does_not_exist_are_refused_by_name() {
    let mut world = stage::busy();
    let nobody = world.address("nobody").into_string();
    let cases = [
        ("pool", json!({"mint": {"vault": 9, "amount": "1", "recipient": null}}), "E0301"),
        ("pool", json!({"request_exit": {"vault": 9, "amount": "1"}}), "E0301"),
        ("pool", json!({"cancel_exit": {"vault": 9}}), "E0301"),
        ("pool", json!({"execute_exit": {"vault": 9, "owner": nobody}}), "E0301"),
        ("pool", json!({"execute_exit": {"vault": 0, "owner": nobody}}), "E0302"),
        ("market", json!({"settle": {"perp": 9, "limit": 1}}), "E0401"),
        ("market", json!({"cancel": {"perp": 9, "order": 0}}), "E0411"),
        ("market", json!({"cancel": {"perp": 0, "order": 99}}), "E0411"),
        (
            "market",
            json!({"commit": {"account": 0, "perp": 9, "size": "1", "limit_price": null, "expires_in": null}}),
            "E0401",
        ),
        ("market", json!({"withdraw": {"account": 7, "amount": "1", "recipient": null}}), "E0402"),
        ("liquidator", json!({"redo": {"auction": 9}}), "E0501"),
        ("liquidator", json!({"liquidate_position": {"vault": 9, "owner": nobody}}), "E0510"),
        ("liquidator", json!({"liquidate_position": {"vault": 0, "owner": nobody}}), "E0302"),
        (
            "liquidator",
            json!({"liquidate_accounts": {"market": nobody, "accounts": [{"owner": nobody, "account": 0}]}}),
            "E0508",
        ),
        ("pool", json!({"enact": {"id": 9}}), "E0007"),
        ("spot", json!({"settle": {"synthetic": 9, "limit": 1}}), "E0601"),
        ("spot", json!({"cancel": {"synthetic": 9, "order": 0}}), "E0601"),
        ("spot", json!({"cancel": {"synthetic": 0, "order": 99}}), "E0007"),
        ("spot", json!({"sweep": {"synthetic": 9}}), "E0601"),
        ("reserve", json!({"revalue": {"token": 9}}), "E0007"),
        ("orders", json!({"cancel": {"ids": [99]}}), "E0902"),
        (
            "custody",
            json!({"withdraw": {"account": 0, "token": 9, "amount": "1", "recipient": null}}),
            "E0007",
        ),
        ("custody", json!({"sell": {"owner": nobody, "account": 7}}), "E0322"),
        ("custody", json!({"redo": {"owner": nobody, "account": 7}}), "E1109"),
        ("bonded", json!({"mark": {"market": nobody}}), "E1001"),
        ("bonded", json!({"close": {"market": nobody}}), "E1001"),
        ("bonded", json!({"graduate": {"market": nobody}}), "E1001"),
    ];
    for (contract, msg, code) in cases {
        let stored = world.store().clone();
        let error = world.execute("bob", contract, &msg, &[]).unwrap_err();
        assert!(error.says(code), "{contract} {msg}: {error}");
        assert!(*world.store() == stored, "{contract} {msg}");
    }
    let prices = json!([{"feed": 99, "price": "1", "confidence": "0", "publish_time": world.now()}]);
    let error = world.execute("publisher-1", "oracle", &json!({"publish": {"prices": prices}}), &[]);
    assert!(error.unwrap_err().says("E0202"));
}

#[test]
fn no_contract_can_be_made_with_a_message_that_makes_it_panic() {
    let mut chain = Hostile::new();
    let start = chain.snapshot();
    let (mut made, mut refused) = (0, 0);
    for (code, name, msg) in chain.instantiations().to_vec() {
        let schema = match name {
            "oracle" => schema::of::<oracle::InstantiateMsg>(),
            "pool" => schema::of::<pool::InstantiateMsg>(),
            "market" => schema::of::<market::InstantiateMsg>(),
            "liquidator" => schema::of::<liquidator::InstantiateMsg>(),
            "reserve" => schema::of::<reserve::InstantiateMsg>(),
            "orders" => schema::of::<orders::InstantiateMsg>(),
            "custody" => schema::of::<custody::InstantiateMsg>(),
            "bonded" => schema::of::<bonded::InstantiateMsg>(),
            "event" => schema::of::<event::InstantiateMsg>(),
            _ => schema::of::<spot::InstantiateMsg>(),
        };
        chain.instantiate(code, &msg).unwrap_or_else(|error| panic!("{name} as it was: {error}"));
        chain.restore(&start);
        for extreme in extremes(&schema, &msg) {
            match chain.instantiate(code, &extreme.in_message(&msg)) {
                Ok(()) => made += 1,
                Err(_) => refused += 1,
            }
            chain.restore(&start);
        }
    }
    println!("{made} made, {refused} refused");
    assert!(made > 50 && refused > 300, "{made} made, {refused} refused");
}
