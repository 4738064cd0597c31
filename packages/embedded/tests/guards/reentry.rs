//! A listed CW20 turns hostile: its transfers re-enter the pool, the liquidator and the market while a message of theirs
//! is under way. Whatever it tries is refused, or does what it would have done before or after, and gains nothing.

pub mod app;
mod token;

use app::{Hostile, Party};
use cosmwasm_std::{to_json_binary, Binary, CosmosMsg, WasmMsg};
use cw20::Cw20ExecuteMsg;
use serde_json::{json, Value};

use crate::random::Random;

/// A message under way while the token runs: who sends it, and what.
struct Outer {
    name: &'static str,
    sender: &'static str,
    msg: CosmosMsg,
}

/// A message that the token sends from inside.
#[derive(Clone)]
struct Inner {
    name: &'static str,
    msg: CosmosMsg,
}

fn execute(contract: &str, msg: &Value) -> CosmosMsg {
    let msg = to_json_binary(msg).unwrap();
    WasmMsg::Execute { contract_addr: contract.to_string(), msg, funds: vec![] }.into()
}

/// Tokens with a hook, from whoever sends the message.
fn send(token: &str, to: &str, amount: u128, hook: &Value) -> CosmosMsg {
    let msg = Cw20ExecuteMsg::Send {
        contract: to.into(),
        amount: amount.into(),
        msg: to_json_binary(hook).unwrap(),
    };
    execute(token, &serde_json::to_value(msg).unwrap())
}

const TOKEN: u128 = 1_000_000_000_000_000_000;
const USD: u128 = 1_000_000;

/// A flash take of a token, whose callee, the hostile one, sends these messages.
fn flash(chain: &Hostile, msgs: &[CosmosMsg]) -> CosmosMsg {
    let msg: Binary = to_json_binary(msgs).unwrap();
    let flash = json!({"flash_take": {"auction": 1, "amount": TOKEN.to_string(), "max_price": "100000",
        "callee": chain.of(Party::Evil), "msg": msg}});
    execute(&chain.of(Party::Liquidator), &flash)
}

/// More than it costs, from the callee.
fn payment(chain: &Hostile) -> CosmosMsg {
    let pay = json!({"pay": {"auction": 1}});
    send(&chain.of(Party::Sdusd), &chain.of(Party::Liquidator), 10_000 * USD, &pay)
}

/// Every message during which a collateral's code runs.
fn outers(chain: &Hostile) -> Vec<Outer> {
    let [pool, liquidator] = [Party::Pool, Party::Liquidator].map(|party| chain.of(party));
    let take = json!({"take": {"auction": 1, "amount": TOKEN.to_string(), "max_price": "100000",
        "recipient": null}});
    let all = json!({"take": {"auction": 1, "amount": (1000 * TOKEN).to_string(), "max_price": "100000",
        "recipient": null}});
    let outer = |name, sender, msg| Outer { name, sender, msg };
    let evil = chain.of(Party::Evil);
    vec![
        outer(
            "deposit",
            "mallory",
            send(&evil, &pool, 10 * TOKEN, &json!({"deposit": {"beneficiary": null}})),
        ),
        outer(
            "exit",
            "nobody",
            execute(&pool, &json!({"execute_exit": {"vault": 1, "owner": chain.at("nora")}})),
        ),
        outer(
            "exit of a part",
            "nobody",
            execute(&pool, &json!({"execute_exit": {"vault": 1, "owner": chain.at("paula")}})),
        ),
        outer(
            "seizure",
            "mallory",
            execute(&liquidator, &json!({"liquidate_position": {"vault": 1, "owner": chain.at("mallory")}})),
        ),
        outer("take", "mallory", send(&chain.of(Party::Sdusd), &liquidator, 10_000 * USD, &take)),
        outer("flash take", "mallory", flash(chain, &[payment(chain)])),
        outer("swap in", "mallory", send(&evil, &chain.of(Party::Reserve), TOKEN, &swap_in())),
        outer(
            "swap out",
            "mallory",
            send(&chain.of(Party::Sdusd), &chain.of(Party::Reserve), USD, &swap_out()),
        ),
        outer("margin in tokens", "mallory", send(&evil, &chain.of(Party::Custody), TOKEN, &in_custody())),
        outer("tokens out of margin", "mallory", execute(&chain.of(Party::Custody), &out_of_custody())),
        outer("last take", "mallory", send(&chain.of(Party::Sdusd), &liquidator, 150_000 * USD, &all)),
    ]
}

/// What the token could want from inside: it is itself a provider, a trader, a keeper and a taker.
fn inners(chain: &Hostile) -> Vec<Inner> {
    let [pool, market, liquidator, sdusd, evil] =
        [Party::Pool, Party::Market, Party::Liquidator, Party::Sdusd, Party::Evil]
            .map(|party| chain.of(party));
    let at = |name: &str| chain.at(name);
    let take = json!({"take": {"auction": 1, "amount": TOKEN.to_string(), "max_price": "100000",
        "recipient": null}});
    let all = json!({"take": {"auction": 1, "amount": (1000 * TOKEN).to_string(), "max_price": "100000",
        "recipient": null}});
    let second = json!({"take": {"auction": 2, "amount": (1000 * TOKEN).to_string(), "max_price": "100000",
        "recipient": null}});
    let accounts = json!([{"owner": evil, "account": 0}]);
    let order = json!({"commit": {"account": 0, "perp": 0, "size": "0.1", "limit_price": null,
        "expires_in": null}});
    let pool_messages = [
        ("mint", json!({"mint": {"vault": 1, "amount": "1000000000", "recipient": null}})),
        ("request exit", json!({"request_exit": {"vault": 1, "amount": TOKEN.to_string()}})),
        ("exit nora", json!({"execute_exit": {"vault": 1, "owner": at("nora")}})),
        ("exit paula", json!({"execute_exit": {"vault": 1, "owner": at("paula")}})),
        ("exit evil", json!({"execute_exit": {"vault": 1, "owner": evil}})),
        ("sync", json!({"sync": {}})),
        ("sweep", json!({"sweep": {}})),
        ("draw", json!({"draw": {"amount": "1000000000", "recipient": evil}})),
        (
            "seize",
            json!({"seize": {"vault": 1, "owner": at("mallory"), "room": "1000000000000", "dust": "1"}}),
        ),
    ];
    let liquidator_messages = [
        ("seize mallory", json!({"liquidate_position": {"vault": 1, "owner": at("mallory")}})),
        ("seize evil", json!({"liquidate_position": {"vault": 1, "owner": evil}})),
        ("redo", json!({"redo": {"auction": 1}})),
        ("liquidate", json!({"liquidate_accounts": {"market": market, "accounts": accounts}})),
    ];
    let market_messages = [
        ("withdraw", json!({"withdraw": {"account": 0, "amount": "1000000000", "recipient": null}})),
        ("commit", order),
        ("settle", json!({"settle": {"perp": 0, "limit": 100}})),
        ("poke", json!({"poke": {}})),
        ("liquidate as", json!({"liquidate": {"accounts": accounts, "keeper": evil}})),
    ];
    let mut all_of = Vec::new();
    let mut add = |name, msg| all_of.push(Inner { name, msg });
    for (contract, messages) in
        [(&pool, &pool_messages[..]), (&liquidator, &liquidator_messages), (&market, &market_messages)]
    {
        for (name, msg) in messages {
            add(*name, execute(contract, msg));
        }
    }
    add("deposit", send(&evil, &pool, TOKEN, &json!({"deposit": {"beneficiary": null}})));
    add("burn", send(&sdusd, &pool, 1_000 * USD, &json!({"burn": {"vault": 1, "owner": null}})));
    add("insure", send(&sdusd, &pool, USD, &json!({"insure": {}})));
    add("take", send(&sdusd, &liquidator, 5_000 * USD, &take));
    add("take all", send(&sdusd, &liquidator, 150_000 * USD, &all));
    add("flash take", flash(chain, &[payment(chain)]));
    add("pay", payment(chain));
    add("back", send(&sdusd, &liquidator, 1_000 * USD, &json!({"backstop": {"beneficiary": null}})));
    add("take the second", send(&sdusd, &liquidator, 100_000 * USD, &second));
    add(
        "margin",
        send(&sdusd, &market, 1_000 * USD, &json!({"deposit": {"beneficiary": null, "account": 0}})),
    );
    let reserve = chain.of(Party::Reserve);
    add("swap in", send(&evil, &reserve, TOKEN, &swap_in()));
    add("swap out", send(&sdusd, &reserve, USD, &swap_out()));
    add("revalue", execute(&reserve, &json!({"revalue": {"token": 0}})));
    let custody = chain.of(Party::Custody);
    add("margin in tokens", send(&evil, &custody, TOKEN, &in_custody()));
    add("tokens out of margin", execute(&custody, &out_of_custody()));
    add("sell tokens", execute(&custody, &json!({"sell": {"owner": at("mallory"), "account": 0}})));
    let spot = chain.of(Party::Spot);
    add("buy a synthetic", send(&sdusd, &spot, 1_000 * USD, &buy()));
    add("collect", execute(&spot, &json!({"collect": {}})));
    add("poke synthetics", execute(&spot, &json!({"poke": {}})));
    add("sweep synthetics", execute(&spot, &json!({"sweep": {"synthetic": 0}})));
    let orders = chain.of(Party::Orders);
    add("fill a jar", send(&sdusd, &orders, 10 * USD, &json!({"deposit": {}})));
    add("draw a jar", execute(&orders, &json!({"withdraw": {"amount": "9000000"}})));
    add("place", execute(&orders, &conditional()));
    add("arm", execute(&orders, &json!({"arm": {"ids": [0]}})));
    add("take back", execute(&orders, &json!({"cancel": {"ids": [0]}})));
    all_of
}

/// A conditional order that is due at any price.
fn conditional() -> Value {
    json!({"place": {"account": 0, "orders": [{"perp": 0, "size": "0.1", "kind": {"limit": {"price": "61000"}},
        "good_till": null, "keeper_fee": "1000000"}]}})
}

fn swap_in() -> Value {
    json!({"swap_in": {}})
}

fn in_custody() -> Value {
    json!({"deposit": {"beneficiary": null, "account": 0}})
}

fn out_of_custody() -> Value {
    json!({"withdraw": {"account": 0, "token": 0, "amount": TOKEN.to_string(), "recipient": null}})
}

fn buy() -> Value {
    json!({"buy": {"synthetic": 0, "exact": {"in": {}}}})
}

fn swap_out() -> Value {
    json!({"swap_out": {"token": 0}})
}

/// What the attackers have after some messages, or none where the first of them is refused.
fn wealth_after(chain: &mut Hostile, messages: &[(&str, &CosmosMsg)]) -> i128 {
    let before = chain.snapshot();
    for (sender, msg) in messages {
        // a refusal of one of several is one of the outcomes to compare with
        let _ = chain.execute(sender, (*msg).clone());
    }
    let wealth = chain.attackers_wealth();
    chain.restore(&before);
    wealth
}

/// Runs `outer` with the token armed, and compares with the same messages one after the other, `outer` at any place, and with
/// the first of them only: the token sends one in each of its transfers.
fn attack(chain: &mut Hostile, outer: &Outer, inners: &[Inner], before_hook: bool) {
    let names: Vec<_> = inners.iter().map(|inner| inner.name).collect();
    let case = format!("{} with {names:?}", outer.name);
    let start = chain.snapshot();

    let own = |inner: &Inner| chain.by_the_token(&inner.msg);
    let acts: Vec<_> = inners.iter().map(own).collect();
    let alone = ("mallory", &outer.msg);
    let mut best = wealth_after(chain, &[]).max(wealth_after(chain, &[(outer.sender, alone.1)]));
    // what runs inside no token's transfer ends the chain, so only the first of them may have been sent
    for sent in (0..=acts.len()).map(|count| &acts[..count]) {
        for place in 0..=sent.len() {
            let mut messages: Vec<(&str, &CosmosMsg)> = sent.iter().map(|act| ("mallory", act)).collect();
            best = best.max(wealth_after(chain, &messages));
            messages.insert(place, (outer.sender, &outer.msg));
            best = best.max(wealth_after(chain, &messages));
        }
    }

    chain.arm(inners.iter().map(|inner| inner.msg.clone()).collect(), before_hook);
    match chain.execute(outer.sender, outer.msg.clone()) {
        Ok(()) => assert!(chain.still_armed() < inners.len(), "{case}: nothing ran inside"),
        Err(text) => assert!(text.contains('E') && !text.contains("panic"), "{case}: {text}"),
    }
    chain.assert_books(&case);
    let wealth = chain.attackers_wealth();
    assert!(wealth <= best, "{case}: the attackers have {wealth}, one after the other {best}");
    chain.restore(&start);
}

#[test]
fn a_strange_token_is_no_collateral_no_margin_and_no_payment() {
    let mut chain = Hostile::new();
    let strange = chain.strange_token();
    let [pool, market, liquidator, oracle, reserve, spot, orders, custody] = [
        Party::Pool,
        Party::Market,
        Party::Liquidator,
        Party::Oracle,
        Party::Reserve,
        Party::Spot,
        Party::Orders,
        Party::Custody,
    ]
    .map(|party| chain.of(party));
    let evil = chain.of(Party::Evil);
    let before = chain.snapshot();
    let deposit = json!({"deposit": {"beneficiary": null}});
    let margin = json!({"deposit": {"beneficiary": null, "account": 0}});
    let burn = json!({"burn": {"vault": 1, "owner": null}});
    let insure = json!({"insure": {}});
    let take = json!({"take": {"auction": 1, "amount": "1", "max_price": "100000", "recipient": null}});
    let unlisted = |to: &str, hook: &Value| send(&strange, to, 1_000_000 * USD, hook);
    let listed_elsewhere = |to: &str, hook: &Value| send(&evil, to, TOKEN, hook);
    let cases = [
        (unlisted(&pool, &deposit), "E0110"),
        (unlisted(&pool, &burn), "E0110"),
        (unlisted(&pool, &insure), "E0110"),
        (unlisted(&market, &margin), "E0110"),
        (unlisted(&liquidator, &take), "E0110"),
        (listed_elsewhere(&pool, &burn), "E0110"),
        (listed_elsewhere(&pool, &insure), "E0110"),
        (listed_elsewhere(&market, &margin), "E0110"),
        (listed_elsewhere(&liquidator, &take), "E0110"),
        (send(&chain.of(Party::Sdusd), &pool, USD, &deposit), "E0110"),
        (unlisted(&reserve, &swap_in()), "E0110"),
        (unlisted(&reserve, &swap_out()), "E0110"),
        (listed_elsewhere(&reserve, &swap_out()), "E0110"),
        (unlisted(&spot, &buy()), "E0110"),
        (listed_elsewhere(&spot, &json!({"sell": {"synthetic": 0, "exact": {"in": {}}}})), "E0110"),
        (listed_elsewhere(&spot, &json!({"redeem": {"synthetic": 0}})), "E0110"),
        (unlisted(&orders, &deposit), "E0110"),
        (listed_elsewhere(&orders, &deposit), "E0110"),
        (unlisted(&custody, &margin), "E0110"),
        (send(&chain.of(Party::Sdusd), &custody, USD, &margin), "E0110"),
        (
            listed_elsewhere(
                &custody,
                &json!({"take": {"owner": chain.at("mallory"), "account": 0, "amount": "1", "max_price": "1"}}),
            ),
            "E0110",
        ),
        // the oracle takes no tokens at all
        (unlisted(&oracle, &deposit), "unknown variant"),
    ];
    for (n, (msg, code)) in cases.into_iter().enumerate() {
        let error = chain.execute("mallory", msg).unwrap_err();
        assert!(error.contains(code), "case {n}: {error}");
        assert!(chain.snapshot() == before, "case {n} changed something");
    }
}

#[test]
fn each_message_that_runs_a_collaterals_code_is_safe_against_each_message_from_inside() {
    let mut chain = Hostile::new();
    for outer in outers(&chain) {
        for inner in inners(&chain) {
            for before_hook in [false, true] {
                attack(&mut chain, &outer, std::slice::from_ref(&inner), before_hook);
            }
        }
    }
}

#[test]
fn the_outer_messages_work_and_most_inner_ones_would_outside() {
    // else the test above would prove nothing
    let mut chain = Hostile::new();
    let start = chain.snapshot();
    for outer in outers(&chain) {
        chain.execute(outer.sender, outer.msg).unwrap_or_else(|error| panic!("{}: {error}", outer.name));
        chain.assert_books(outer.name);
        chain.restore(&start);
    }
    let mut refused = Vec::new();
    for inner in inners(&chain) {
        let act = chain.by_the_token(&inner.msg);
        if chain.execute("mallory", act).is_err() {
            refused.push(inner.name);
        }
        chain.assert_books(inner.name);
        chain.restore(&start);
    }
    let expected = [
        "mint",
        "exit evil",
        "sweep",
        "draw",
        "seize",
        "redo",
        "settle",
        "liquidate as",
        "pay",
        "take the second",
        "revalue",
        "sell tokens",
        "collect",
        "sweep synthetics",
    ];
    assert_eq!(refused, expected);
}

#[test]
fn a_callee_that_does_not_pay_or_begins_another_flash_take_undoes_its_own() {
    let mut chain = Hostile::new();
    let start = chain.snapshot();
    let (sdusd, liquidator) = (chain.of(Party::Sdusd), chain.of(Party::Liquidator));
    let little = send(&sdusd, &liquidator, USD, &json!({"pay": {"auction": 1}}));
    let other = send(&sdusd, &liquidator, 10_000 * USD, &json!({"pay": {"auction": 2}}));
    let take = json!({"take": {"auction": 1, "amount": TOKEN.to_string(), "max_price": "100000"}});
    let take = send(&sdusd, &liquidator, 10_000 * USD, &take);
    let second = flash(&chain, &[payment(&chain)]);
    for (msgs, code) in [
        (vec![], "E0525"),
        (vec![little], "E0525"),
        (vec![other], "E0524"),
        (vec![take, payment(&chain)], "E0501"),
        (vec![second, payment(&chain)], "E0523"),
    ] {
        let error = chain.execute("mallory", flash(&chain, &msgs)).unwrap_err();
        assert!(error.contains(code), "{code}: {error}");
        assert!(chain.snapshot() == start, "{code} left something behind");
    }
    // and pays twice, or syncs the pool first: the books are as they were, and what is too much comes back
    let sync = execute(&chain.of(Party::Pool), &json!({"sync": {}}));
    chain.execute("mallory", flash(&chain, &[sync, payment(&chain), payment(&chain)])).unwrap();
    chain.assert_books("a flash take that was paid");
}

#[test]
fn gmx_v1_2025_hooks_inside_hooks_find_no_moment_at_which_two_ledgers_differ() {
    let mut chain = Hostile::new();
    let mut random = Random::new(2025);
    let (outers, inners) = (outers(&chain), inners(&chain));
    for _ in 0..150 {
        let outer = random.of(&outers);
        let nested: Vec<_> = (0..random.below(3) + 2).map(|_| random.of(&inners).clone()).collect();
        let before_hook = random.below(2) == 0;
        attack(&mut chain, outer, &nested, before_hook);
    }
}
