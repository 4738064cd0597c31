//! Every message of every contract, who may send it, and a sample that is good in [`crate::stage::busy`].

use cosmwasm_std::{to_json_binary, Binary};
use cw20::Cw20ReceiveMsg;
use sdp_embedded::{Actions, Synthetics, World};
use sdp_types::exposure::Exposure;
use sdp_types::record::Record;
use sdp_types::{balancer, bonded, custody, event, liquidator, market, oracle, orders, pool, reserve, spot};
use serde_json::{json, Value};

use crate::schema::{self, variants};

/// Who may send a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anyone.
    Public,
    /// Anyone, and it acts on the sender's own things.
    OwnOnly,
    /// Only these; everybody else gets the code.
    Only(&'static [&'static str], &'static str),
}

/// One message.
pub struct Row {
    /// Its contract.
    pub contract: &'static str,
    /// Its name: `commit`, `receive.take`, `configure.params`, `update_ownership.accept_ownership`.
    pub variant: &'static str,
    /// Who may send it.
    pub who: Who,
    /// A sample.
    pub msg: Value,
    /// What becomes of the sample when the first of those who may sends it.
    pub rightly: Rightly,
}

/// What becomes of a privileged message from who may send it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rightly {
    /// It is executed.
    Succeeds,
    /// It is refused for another reason than the sender.
    Gets(&'static str),
    /// Part of what a contract does, without the rest of it: a hook without its transfer, a seizure without its auction.
    /// Tokens and the liquidator are trusted to do the rest.
    Untried,
}

use Rightly::{Gets, Succeeds, Untried};
use Who::{Only, OwnOnly, Public};

const OWNER: Who = Only(&["council"], "E0101");
/// The guardian gets E0102 and is tried separately, change by change.
const GOVERNANCE: Who = Only(&["council", "guardian"], "E0103");
const TRANSFER: Who = Only(&["council"], "E0106");
const ACCEPT: Who = Only(&["heir"], "E0106");
const TIGHTENS: Who = Only(&["guardian", "council"], "E0103");
const PUBLISHER: Who = Only(&["publisher-3", "publisher-2", "publisher-1"], "E0201");
const LIQUIDATOR: Who = Only(&["liquidator"], "E0104");
/// The reserve, the synthetics and the desk of bonded markets are markets to the pool.
const MARKET: Who = Only(&["market", "reserve", "spot", "bonded"], "E0314");
/// The only market that is bonded, and who opened it.
const BONDED: Who = Only(&["event"], "E1001");
const OPENER: Who = Only(&["whale"], "E0104");
const SDUSD: Who = Only(&["sdusd"], "E0110");
const SDNOTE: Who = Only(&["sdnote"], "E0110");
const COLLATERAL: Who = Only(&["ETH"], "E0110");
const CUSTODY: Who = Only(&["custody"], "E0104");
const SYNTHETIC: Who = Only(&["sBTC"], "E0110");

/// All messages.
pub fn rows(world: &World) -> Vec<Row> {
    let of = |name: &str| world.address(name).into_string();
    let now = world.now();
    let mut rows = Vec::new();
    let mut add = |contract, variant, who, msg: Value, rightly| {
        rows.push(Row { contract, variant, who, msg, rightly });
    };

    let price = json!({"feed": 0, "price": "60000", "confidence": "0.0005", "publish_time": now});
    add("oracle", "publish", PUBLISHER, json!({"publish": {"prices": [price]}}), Succeeds);
    // all feeds are pushed
    add("oracle", "pull", Public, json!({"pull": {"feeds": [0]}}), Gets("E0219"));
    add("oracle", "sample", Public, json!({"sample": {}}), Gets("E0211"));
    let trip = json!({"trip": {"feed": 0, "regime": "close_only"}});
    add("oracle", "trip", GOVERNANCE, trip, Succeeds);
    add("oracle", "reset", OWNER, json!({"reset": {"feed": 0}}), Gets("E0322"));

    add("pool", "deposit", OwnOnly, json!({"deposit": {"beneficiary": null}}), Succeeds);
    // no coins come with it
    add("pool", "add_yield", Public, json!({"add_yield": {}}), Gets("E0005"));
    let offer = json!({"offer_position": {"vault": 0, "to": of("eve"), "amount": "1000000"}});
    add("pool", "offer_position", OwnOnly, offer, Succeeds);
    let accept = json!({"accept_position": {"vault": 0, "owner": of("anna")}});
    add("pool", "accept_position", Public, accept, Gets("E0345"));
    let mint = |owner| json!({"mint": {"vault": 0, "amount": "1000000", "recipient": null, "owner": owner}});
    add("pool", "mint", OwnOnly, mint(None), Succeeds);
    // nobody is its minter, and its feed has jumped
    add("pool", "mint", Only(&["whale"], "E0346"), mint(Some(of("whale"))), Gets("E0328"));
    let minter = json!({"set_minter": {"minter": of("eve")}});
    add("pool", "set_minter", OwnOnly, minter, Succeeds);
    let request = json!({"request_exit": {"vault": 0, "amount": "1000000"}});
    add("pool", "request_exit", OwnOnly, request, Succeeds);
    add("pool", "cancel_exit", OwnOnly, json!({"cancel_exit": {"vault": 0}}), Succeeds);
    let exit = json!({"execute_exit": {"vault": 0, "owner": of("whale")}});
    add("pool", "execute_exit", Public, exit, Succeeds);
    add("pool", "sync", Public, json!({"sync": {}}), Succeeds);
    add("pool", "sweep", Public, json!({"sweep": {}}), Succeeds);
    let draw = json!({"draw": {"amount": "1000000", "recipient": of("eve")}});
    add("pool", "draw", MARKET, draw, Gets("E0315"));
    let seize = json!({"seize": {"vault": 0, "owner": of("anna"), "room": "1000000000000", "dust": "1"}});
    add("pool", "seize", LIQUIDATOR, seize, Untried);
    let redeem = json!({"redeem_notes": {"notes": "1000000", "least": null, "recipient": of("eve")}});
    // nothing is set aside
    add("pool", "redeem_notes", LIQUIDATOR, redeem, Gets("E0005"));
    let ceiling = json!({"adjust_ceiling": {"of": {"supply": {}}}});
    add("pool", "adjust_ceiling", Public, ceiling, Succeeds);
    add("pool", "adjust_depth", Public, json!({"adjust_depth": {}}), Succeeds);
    let trip = json!({"trip": {"market": of("market"), "regime": "close_only"}});
    add("pool", "trip", TIGHTENS, trip, Succeeds);
    // nothing has tripped
    add("pool", "reset", OWNER, json!({"reset": {"market": of("market")}}), Gets("E0322"));
    // there is no emergency, and nothing was shut down
    add("pool", "shut_down", Public, json!({"shut_down": {}}), Gets("E0332"));
    let write_off = json!({"write_off": {"vault": 0, "owner": of("anna")}});
    add("pool", "write_off", Public, write_off, Gets("E0334"));
    add("pool", "fix_claims", Public, json!({"fix_claims": {}}), Gets("E0334"));
    let claim = json!({"claim_collateral": {"vault": 0, "owner": of("anna")}});
    add("pool", "claim_collateral", Public, claim, Gets("E0334"));
    add("pool", "collect", Public, json!({"collect": {"vault": null}}), Gets("E0334"));
    add("pool", "receive.redeem", SDUSD, receive(world, &json!({"redeem": {}})), Untried);
    add("pool", "open", OWNER, json!({"open": {}}), Gets("E0320"));
    let deposit = json!({"deposit": {"beneficiary": of("eve")}});
    add("pool", "receive.deposit", COLLATERAL, receive(world, &deposit), Untried);
    add("pool", "receive.add_yield", COLLATERAL, receive(world, &json!({"add_yield": {}})), Untried);
    let burn = json!({"burn": {"vault": 0, "owner": of("anna")}});
    add("pool", "receive.burn", SDUSD, receive(world, &burn), Untried);
    add("pool", "receive.insure", SDUSD, receive(world, &json!({"insure": {}})), Untried);

    let withdraw = json!({"withdraw": {"account": 0, "amount": "1000000", "recipient": null}});
    add("market", "withdraw", OwnOnly, withdraw, Succeeds);
    let commit = json!({"commit": {"account": 0, "perp": 0, "size": "0.01", "limit_price": "61000",
        "expires_in": 60}});
    add("market", "commit", OwnOnly, commit, Succeeds);
    let delegation = json!({"expires_at": 4_000_000_000u64, "perps": null, "most_notional": null});
    let delegate = json!({"set_delegate": {"account": 0, "delegate": of("eve"), "delegation": delegation}});
    add("market", "set_delegate", OwnOnly, delegate, Succeeds);
    let refer = json!({"set_referrer": {"account": 0, "referrer": of("anna")}});
    add("market", "set_referrer", OwnOnly, refer, Succeeds);
    // of somebody who has let nobody
    let take = json!({"take_account": {"owner": of("bob"), "account": 0, "into": 9}});
    add("market", "take_account", Public, take, Gets("E0426"));
    let orders = world.orders("market", 0).unwrap();
    let cancel = json!({"cancel": {"perp": 0, "order": orders.last().map_or(0, |order| order.order)}});
    // and the contract of conditional orders, which is a delegate of his
    add("market", "cancel", Only(&["bob", "orders"], "E0413"), cancel, Succeeds);
    add("market", "settle", Public, json!({"settle": {"perp": 0, "limit": 100}}), Succeeds);
    let shut_down = json!({"shut_down": {}});
    add("market", "shut_down", Public, shut_down, Gets("E0425"));
    add("market", "poke", Public, json!({"poke": {}}), Succeeds);
    let accounts = json!([{"owner": of("carl"), "account": 0}]);
    let liquidate = json!({"liquidate": {"accounts": accounts, "keeper": of("kim")}});
    add("market", "liquidate", LIQUIDATOR, liquidate, Succeeds);
    let deposit = json!({"deposit": {"beneficiary": of("eve"), "account": 0}});
    add("market", "receive.deposit", SDUSD, receive(world, &deposit), Untried);

    let back = json!({"set_backed": {"owner": of("eve"), "account": 0, "backed": true, "charge": "1"}});
    add("market", "set_backed", CUSTODY, back, Untried);
    // it has one
    let custody = crate::stage::configure(json!({"set_custody": {"custody": of("custody")}}));
    add("market", "configure.set_custody", GOVERNANCE, custody, Gets("E0009"));

    // without coins
    let deposit = json!({"deposit": {"beneficiary": of("eve"), "account": 0}});
    add("custody", "deposit", Public, deposit.clone(), Gets("E0109"));
    add("custody", "receive.deposit", COLLATERAL, receive(world, &deposit), Untried);
    let withdraw = json!({"withdraw": {"account": 0, "token": 0, "amount": "1000000", "recipient": null}});
    add("custody", "withdraw", OwnOnly, withdraw, Succeeds);
    // she owes nothing
    let eve = json!({"owner": of("eve"), "account": 0});
    add("custody", "sell", Public, json!({"sell": eve}), Gets("E1106"));
    add("custody", "redo", Public, json!({"redo": eve}), Gets("E1109"));
    add("custody", "stop", Public, json!({"stop": eve}), Gets("E1109"));
    let take = json!({"take": {"owner": of("eve"), "account": 0, "amount": "1000000", "max_price": "100",
        "recipient": of("eve")}});
    add("custody", "receive.take", SDUSD, receive(world, &take), Untried);

    let seize = json!({"liquidate_position": {"vault": 0, "owner": of("anna")}});
    add("liquidator", "liquidate_position", Public, seize, Succeeds);
    let liquidate = json!({"liquidate_accounts": {"market": of("market"), "accounts": accounts}});
    add("liquidator", "liquidate_accounts", Public, liquidate, Succeeds);
    add("liquidator", "redo", Public, json!({"redo": {"auction": 1}}), Succeeds);
    let take =
        json!({"take": {"auction": 1, "amount": "1000000", "max_price": "100", "recipient": of("eve")}});
    add("liquidator", "receive.take", SDUSD, receive(world, &take), Untried);
    let flash = json!({"flash_take": {"auction": 1, "amount": "1000000", "max_price": "0.01",
        "callee": of("pool"), "msg": ""}});
    add("liquidator", "flash_take", Public, flash, Gets("E0505"));
    let claim = json!({"claim": {"vault": null, "recipient": of("eve")}});
    add("liquidator", "claim", Public, claim, Gets("E0007"));
    let request = json!({"request_withdrawal": {"amount": "1000000"}});
    add("liquidator", "request_withdrawal", Public, request, Gets("E0007"));
    add("liquidator", "withdraw", Public, json!({"withdraw": {}}), Gets("E0007"));
    add("liquidator", "flag", Public, json!({"flag": {"vault": 0, "owner": of("anna")}}), Succeeds);
    let back = json!({"backstop": {"beneficiary": of("eve")}});
    add("liquidator", "receive.backstop", SDUSD, receive(world, &back), Untried);
    add("liquidator", "receive.pay", SDUSD, receive(world, &json!({"pay": {"auction": 1}})), Untried);
    // there is no bad debt
    add("liquidator", "start_note_auction", Public, json!({"start_note_auction": {}}), Gets("E0322"));
    let restart = json!({"restart_note_auction": {"auction": 1}});
    add("liquidator", "restart_note_auction", Public, restart, Gets("E0007"));
    let settle = json!({"settle_note_auction": {"auction": 1}});
    add("liquidator", "settle_note_auction", Public, settle, Gets("E0007"));
    let bid = json!({"bid": {"auction": 1, "claim": "1000000"}});
    add("liquidator", "receive.bid", SDUSD, receive(world, &bid), Untried);
    let redeem = json!({"redeem": {"least": null, "recipient": of("eve")}});
    add("liquidator", "receive.redeem", SDNOTE, receive(world, &redeem), Untried);

    // without coins
    let swap_in = json!({"swap_in": {"least": "1", "then": null}});
    add("reserve", "swap_in", Public, swap_in.clone(), Gets("E0109"));
    add("reserve", "revalue", Public, json!({"revalue": {"token": 0}}), Gets("E0322"));
    let sweep = json!({"sweep": {"token": {"native": "uusdc"}}});
    add("reserve", "sweep", Public, sweep, Gets("E0322"));
    add("reserve", "receive.swap_in", COLLATERAL, receive(world, &swap_in), Untried);
    let out =
        json!({"swap_out": {"token": 0, "least": "1", "recipient": of("eve"), "accepted_haircut": "0"}});
    add("reserve", "receive.swap_out", SDUSD, receive(world, &out), Untried);

    let rule =
        json!({"lower": "2.6", "target": "3", "upper": "4", "fee": {"rate": "0.001", "most": "5000000"}});
    add("balancer", "set", OwnOnly, json!({"set": {"vault": 0, "rule": rule}}), Succeeds);
    // she has no rule
    let balance = json!({"balance": {"vault": 0, "owner": of("anna")}});
    add("balancer", "balance", Public, balance, Gets("E0801"));
    let relieve = json!({"balance": {"vault": 0, "owner": of("anna"), "target": "3"}});
    add("balancer", "receive.balance", SDUSD, receive(world, &relieve), Untried);

    let order = json!({"perp": 0, "size": "-0.1", "kind": {"stop": {"trigger": "59000"}}, "reduce_only": true,
        "good_till": now + 3_600, "keeper_fee": "1000000"});
    // of bob's account, who has let the contract trade it; others have no jar, or have let nobody
    let place = json!({"place": {"account": 0, "orders": [order], "linked": false}});
    add("orders", "place", OwnOnly, place, Succeeds);
    let exit = |trigger: &str| json!({"trigger": trigger, "limit_price": null});
    let bracket = json!({"bracket": {"account": 0, "perp": 0, "size": "0.1", "entry": {"market": {"limit_price": null}},
        "stop": exit("59000"), "target": exit("61000"), "entry_good_till": null, "good_till": now + 3_600,
        "keeper_fee": "1000000"}});
    add("orders", "bracket", OwnOnly, bracket, Succeeds);
    add("orders", "cancel", Only(&["bob"], "E0903"), json!({"cancel": {"ids": [0]}}), Succeeds);
    add("orders", "arm", Public, json!({"arm": {"ids": [0, 1, 2]}}), Succeeds);
    add("orders", "sweep", Public, json!({"sweep": {"ids": [0]}}), Succeeds);
    let withdraw = json!({"withdraw": {"amount": "1000000", "recipient": null}});
    add("orders", "withdraw", OwnOnly, withdraw, Succeeds);
    let deposit = json!({"deposit": {"beneficiary": of("eve")}});
    add("orders", "receive.deposit", SDUSD, receive(world, &deposit), Untried);

    let record = Exposure { as_of: now, ..Exposure::default() }.encode().unwrap();
    let push = json!({"push": {"record": Binary::from(record)}});
    add("bonded", "push", BONDED, push, Succeeds);
    let the_market = json!({"market": of("event")});
    add("bonded", "mark", Public, json!({"mark": the_market}), Succeeds);
    add("bonded", "request_draw", BONDED, json!({"request_draw": {"amount": "1000000"}}), Succeeds);
    let draw = json!({"draw": {"amount": "1000000", "recipient": of("eve"), "accepted_haircut": "0"}});
    add("bonded", "draw", BONDED, draw, Succeeds);
    add("bonded", "quarantine", GOVERNANCE, json!({"quarantine": the_market}), Succeeds);
    // it is in none
    let resolve = json!({"resolve": {"market": of("event"), "claim": "1000000"}});
    add("bonded", "resolve", OWNER, resolve, Gets("E1007"));
    add("bonded", "close", OPENER, json!({"close": the_market}), Succeeds);
    add("bonded", "graduate", Public, json!({"graduate": the_market}), Gets("E0508"));
    add("bonded", "sweep", Public, json!({"sweep": {}}), Gets("E0322"));
    for (hook, variant) in
        [("open", "receive.open"), ("top_up", "receive.top_up"), ("pay_in", "receive.pay_in")]
    {
        add("bonded", variant, SDUSD, receive(world, &json!({hook: the_market})), Untried);
    }

    let quote = json!({"quote": {"quote": {"yes_price": "0.6", "spread": "0.01"}}});
    add("event", "quote", Only(&["kim"], "E0104"), quote, Succeeds);
    add("event", "publish", Public, json!({"publish": {}}), Succeeds);
    // nothing was sold, and it lasts a day
    add("event", "announce", Public, json!({"announce": {}}), Gets("E0322"));
    add("event", "resolve", Public, json!({"resolve": {}}), Gets("E1052"));
    add("event", "redeem", OwnOnly, json!({"redeem": {"accepted_haircut": "0"}}), Gets("E1052"));
    add("event", "pay_in", Public, json!({"pay_in": {}}), Gets("E1052"));
    let buy = json!({"buy": {"side": "yes", "least": "1"}});
    add("event", "receive.buy", SDUSD, receive(world, &buy), Untried);

    let settle = json!({"settle": {"synthetic": 0, "limit": 100}});
    // its interval has no prices yet
    add("spot", "settle", Public, settle, Gets("E0322"));
    let orders = world.synthetic_orders(0).unwrap();
    let cancel = json!({"cancel": {"synthetic": 0, "order": orders.last().map_or(0, |order| order.order)}});
    add("spot", "cancel", Only(&["eve"], "E0413"), cancel, Succeeds);
    let collect = json!({"collect": {"amount": "1", "recipient": null, "accepted_haircut": "0"}});
    add("spot", "collect", OwnOnly, collect, Succeeds);
    add("spot", "sweep", Public, json!({"sweep": {"synthetic": 0}}), Gets("E0322"));
    add("spot", "poke", Public, json!({"poke": {}}), Succeeds);
    add("spot", "shut_down", Public, json!({"shut_down": {}}), Gets("E0425"));
    let buy = json!({"buy": {"synthetic": 0, "exact": {"in": {"least": "1"}}, "expires_in": 60, "recipient": of("eve")}});
    add("spot", "receive.buy", SDUSD, receive(world, &buy), Untried);
    let sell = json!({"sell": {"synthetic": 0, "exact": {"out": {"usd": "1"}}, "expires_in": 60, "recipient": of("eve")}});
    add("spot", "receive.sell", SYNTHETIC, receive(world, &sell), Untried);
    add("spot", "receive.redeem", SYNTHETIC, receive(world, &json!({"redeem": {"synthetic": 0}})), Untried);

    for contract in crate::stage::GOVERNED {
        add(contract, "enact", Public, json!({"enact": {"id": 0}}), Succeeds);
        add(contract, "cancel_change", OWNER, json!({"cancel_change": {"id": 0}}), Succeeds);
        let transfer = json!({"transfer_ownership": {"new_owner": of("eve"), "expiry": null}});
        let transfer = json!({"update_ownership": transfer});
        add(contract, "update_ownership.transfer_ownership", TRANSFER, transfer, Succeeds);
        let accept = json!({"update_ownership": "accept_ownership"});
        add(contract, "update_ownership.accept_ownership", ACCEPT, accept, Succeeds);
        let renounce = json!({"update_ownership": "renounce_ownership"});
        add(contract, "update_ownership.renounce_ownership", TRANSFER, renounce, Succeeds);
    }
    for change in changes(world) {
        let msg = crate::stage::configure(change.loosens);
        // an auction is running
        let waits = (change.contract, change.variant) == ("pool", "configure.set_liquidator");
        let rightly = if waits { Gets("E0107") } else { Succeeds };
        add(change.contract, change.variant, GOVERNANCE, msg, rightly);
    }
    rows
}

/// A receive hook as its token would send it.
fn receive(world: &World, hook: &Value) -> Value {
    let sender = world.address("eve").into_string();
    let msg: Binary = to_json_binary(hook).unwrap();
    let receive = Cw20ReceiveMsg { sender, amount: 100_000_000u128.into(), msg };
    json!({"receive": serde_json::to_value(receive).unwrap()})
}

/// A change of a configuration, as it loosens and, where it can, as it tightens.
pub struct ChangeRow {
    /// Its contract.
    pub contract: &'static str,
    /// `configure.params`
    pub variant: &'static str,
    /// Needs the owner and the delay.
    pub loosens: Value,
    /// Applied at once; none where it always loosens.
    pub tightens: Option<Value>,
}

/// All changes, from the manifest's configuration.
pub fn changes(world: &World) -> Vec<ChangeRow> {
    let manifest = world.manifest();
    let of = |name: &str| world.address(name).into_string();
    let mut rows = Vec::new();
    let mut add = |contract, variant, loosens: Value, tightens: Option<Value>| {
        rows.push(ChangeRow { contract, variant, loosens, tightens });
    };

    let publishers = |names: &[&str], quorum: u32| {
        let names: Vec<_> = names.iter().map(|name| of(name)).collect();
        json!({"publishers": {"publishers": names, "quorum": quorum}})
    };
    let three = ["publisher-1", "publisher-2", "publisher-3"];
    let four = ["publisher-1", "publisher-2", "publisher-3", "publisher-4"];
    add("oracle", "configure.publishers", publishers(&four, 2), Some(publishers(&three, 3)));
    let source = json!({"first": {"of": [
        {"pyth": {"contract": of("pyth"), "id": "07".repeat(32), "maximum_age": 60, "maximum_confidence": "0.01"}},
        {"checked": {"source": {"feed": {"feed": 0}}, "by": {"feed": {"feed": 1}}, "within": "0.02"}},
        {"quotient": {"of": {"feed": {"feed": 0}}, "by": {"rate": {"contract": of("hub"), "query": "e30=",
            "path": ["state", "rate"], "maximum_growth": "0.001"}}}},
    ]}});
    let feed = json!({"symbol": "DOGE", "deviation_band": "0.2", "maximum_confidence": "0.05",
        "volatility": {"floor": "0.08", "ceiling": "0.8"}, "source": source});
    let added =
        json!({"add_feed": {"feed": feed, "sigma": "0.08", "correlations": ["0", "0", "0", "0", "0"]}});
    add("oracle", "configure.add_feed", added, None);
    let updated = |band: &str| {
        let config = json!({"symbol": "BTC", "deviation_band": band, "maximum_confidence": "0.05",
            "volatility": {"floor": "0.035", "ceiling": "0.35"}});
        json!({"update_feed": {"feed": 0, "config": config}})
    };
    add("oracle", "configure.update_feed", updated("0.3"), Some(updated("0.1")));
    let covariance = serde_json::to_value(manifest.covariance()).unwrap();
    add("oracle", "configure.covariance", json!({"covariance": {"covariance": covariance}}), None);
    add("oracle", "configure.measurement", json!({"measurement": {"measurement": null}}), None);
    let breaker = |hold: u32| {
        let mut breaker = manifest.oracle.breaker.unwrap();
        breaker.hold = hold;
        json!({"breaker": {"breaker": breaker}})
    };
    add("oracle", "configure.breaker", breaker(86_399), Some(breaker(86_401)));
    let staleness =
        |trade: u32| json!({"staleness": {"staleness": {"trade": trade, "liquidate": 60, "view": 300}}});
    add("oracle", "configure.staleness", staleness(16), Some(staleness(14)));
    add("oracle", "configure.guardian", json!({"guardian": {"guardian": of("eve")}}), None);

    let with = |value: Value, field: &str, new: &str| {
        let mut value = value;
        value[field] = json!(new);
        value
    };
    let params = serde_json::to_value(manifest.pool_params()).unwrap();
    let params = |depth: &str| json!({"params": {"params": with(params.clone(), "impact_depth", depth)}});
    add("pool", "configure.params", params("700000000000"), Some(params("500000000000")));
    let (number, collateral) = manifest.collateral("ATOM").unwrap();
    let vault = collateral.config(manifest, &|name| Ok(of(name))).unwrap();
    let vault = serde_json::to_value(vault).unwrap();
    let mut another = vault.clone();
    another["token"] = json!({"native": "uosmo"});
    add("pool", "configure.add_vault", json!({"add_vault": {"config": another}}), None);
    let update = |cap: &str| json!({"update_vault": {"vault": number, "config": with(vault.clone(), "deposit_cap", cap)}});
    add("pool", "configure.update_vault", update("5000000000000"), Some(update("3000000000000")));
    let listed = json!({"add_market": {"market": of("another market"), "line": "1000000", "bonded": true}});
    add("pool", "configure.add_market", listed, None);
    let line = |line: &str| json!({"set_line": {"market": of("market"), "line": line}});
    add("pool", "configure.set_line", line("2000000000000"), Some(line("500000000000")));
    let ceiling = |gap: &str| {
        let ceiling = json!({"max": "2000000000000", "gap": gap, "ttl": 28_800});
        json!({"set_ceiling": {"of": {"market": of("market")}, "ceiling": ceiling}})
    };
    add("pool", "configure.set_ceiling", ceiling("1500000000000"), Some(ceiling("500000000000")));
    add("pool", "configure.set_liquidator", json!({"set_liquidator": {"liquidator": of("eve")}}), None);
    add("pool", "configure.set_guardian", json!({"set_guardian": {"guardian": of("eve")}}), None);

    add("pool", "configure.shut_down", json!({"shut_down": {}}), None);

    let entry = manifest.market("market").unwrap();
    let params = with(serde_json::to_value(entry.params()).unwrap(), "fee", "0.0005");
    add("market", "configure.params", json!({"params": {"params": params}}), None);
    let perp = serde_json::to_value(entry.perps[0].config(manifest).unwrap()).unwrap();
    let mut another = with(perp.clone(), "name", "USDC-PERP");
    another["feed"] = json!(manifest.feed_id("USDC").unwrap());
    add("market", "configure.add_perp", json!({"add_perp": {"config": another}}), None);
    let update =
        |cap: &str| json!({"update_perp": {"perp": 0, "config": with(perp.clone(), "skew_cap", cap)}});
    add("market", "configure.update_perp", update("4000000000000"), Some(update("2000000000000")));
    add("market", "configure.set_liquidator", json!({"set_liquidator": {"liquidator": of("eve")}}), None);
    add("market", "configure.set_guardian", json!({"set_guardian": {"guardian": of("eve")}}), None);

    add("market", "configure.shut_down", json!({"shut_down": {}}), None);

    let params = serde_json::to_value(manifest.liquidator_params()).unwrap();
    let stop = |level: u8| {
        let mut params = params.clone();
        params["stop_level"] = json!(level);
        json!({"params": {"params": params}})
    };
    let mut hole = stop(0);
    hole["params"]["params"]["hole"] = json!((manifest.liquidator.hole.0.raw() * 2).to_string());
    add("liquidator", "configure.params", hole, Some(stop(1)));
    let auction = serde_json::to_value(collateral.auction.params()).unwrap();
    add("liquidator", "configure.auction", json!({"auction": {"vault": 0, "params": auction}}), None);
    let limits = |hole: &str| {
        let limits = with(serde_json::to_value(collateral.limits.limits()).unwrap(), "hole", hole);
        json!({"limits": {"vault": 0, "limits": limits}})
    };
    add("liquidator", "configure.limits", limits("4000000000000"), Some(limits("1000000000000")));
    let notes = |ceiling: &str| {
        let notes =
            with(serde_json::to_value(manifest.liquidator.notes.params()).unwrap(), "ceiling", ceiling);
        json!({"notes": {"notes": notes}})
    };
    add("liquidator", "configure.notes", notes("1000000000000000"), Some(notes("1")));
    add("liquidator", "configure.set_guardian", json!({"set_guardian": {"guardian": of("eve")}}), None);

    let entry = manifest.reserve.as_ref().unwrap();
    let params = |share: &str| json!({"params": {"params": with(serde_json::to_value(entry.params()).unwrap(), "supply_share", share)}});
    add("reserve", "configure.params", params("0.3"), Some(params("0.1")));
    let token = entry.tokens[0].config(manifest, &|name| Ok(of(name))).unwrap();
    let token = serde_json::to_value(token).unwrap();
    let mut another = token.clone();
    another["token"] = json!({"native": "uosmo"});
    add("reserve", "configure.add_token", json!({"add_token": {"config": another}}), None);
    let update = |ceiling: &str| json!({"update_token": {"token": 0, "config": with(token.clone(), "ceiling", ceiling)}});
    add("reserve", "configure.update_token", update("3000000000000"), Some(update("1000000000000")));
    add("reserve", "configure.set_guardian", json!({"set_guardian": {"guardian": of("eve")}}), None);

    let entry = manifest.custody.as_ref().unwrap();
    let params = serde_json::to_value(entry.params()).unwrap();
    let mut slower = params.clone();
    slower["change_delay"] = json!(entry.change_delay + 1);
    let loosens = json!({"params": {"params": with(params, "penalty", "0.06")}});
    add("custody", "configure.params", loosens, Some(json!({"params": {"params": slower}})));
    let token = entry.tokens[0].config(manifest, &|name| Ok(of(name))).unwrap();
    let token = serde_json::to_value(token).unwrap();
    let mut another = token.clone();
    another["token"] = json!({"native": "uosmo"});
    add("custody", "configure.list_token", json!({"list_token": {"config": another}}), None);
    let update = |cap: &str| json!({"update_token": {"token": 0, "config": with(token.clone(), "cap", cap)}});
    add("custody", "configure.update_token", update("2000000000000"), Some(update("500000000000")));
    add("custody", "configure.set_guardian", json!({"set_guardian": {"guardian": of("eve")}}), None);

    let entry = manifest.spot.as_ref().unwrap();
    let params = with(serde_json::to_value(entry.params()).unwrap(), "fee", "0.0005");
    add("spot", "configure.params", json!({"params": {"params": params}}), None);
    let synthetic = |number: usize| {
        let config = entry.synthetics[number].config(manifest, &|name| Ok(of(name))).unwrap();
        serde_json::to_value(config).unwrap()
    };
    let mut another = with(synthetic(1), "symbol", "sSOL");
    another["feed"] = json!(manifest.feed_id("SOL").unwrap());
    add("spot", "configure.add_synthetic", json!({"add_synthetic": {"config": another}}), None);
    let update = |cap: &str| json!({"update_synthetic": {"synthetic": 0, "config": with(synthetic(0), "skew_cap", cap)}});
    add("spot", "configure.update_synthetic", update("4000000000000"), Some(update("2000000000000")));
    add("spot", "configure.set_guardian", json!({"set_guardian": {"guardian": of("eve")}}), None);
    add("spot", "configure.shut_down", json!({"shut_down": {}}), None);

    let entry = manifest.bonded.as_ref().unwrap();
    let params = |cap: &str| json!({"params": {"params": with(serde_json::to_value(entry.params()).unwrap(), "cap", cap)}});
    add("bonded", "configure.params", params("0.03"), Some(params("0.01")));
    add("bonded", "configure.set_guardian", json!({"set_guardian": {"guardian": of("eve")}}), None);
    rows
}

/// Every message that the contracts' schemas know, named as in [`Row::variant`].
pub fn known_to_the_schemas() -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    let mut contract = |contract: &'static str, messages: Value, hooks: Option<Value>| {
        for variant in variants(&messages) {
            let inner = match variant.as_str() {
                "receive" => variants(hooks.as_ref().unwrap()),
                "configure" => variants(&messages["definitions"]["Change"]),
                "update_ownership" => variants(&messages["definitions"]["Action"]),
                _ => vec![],
            };
            if inner.is_empty() {
                all.push((contract, variant));
            } else {
                all.extend(inner.into_iter().map(|inner| (contract, format!("{variant}.{inner}"))));
            }
        }
    };
    for (name, messages, hooks) in schemas() {
        contract(name, messages, hooks);
    }
    all
}

/// The schemas of each contract's messages and of its hooks.
pub fn schemas() -> [(&'static str, Value, Option<Value>); 11] {
    [
        ("oracle", schema::of::<oracle::ExecuteMsg>(), None),
        ("pool", schema::of::<pool::ExecuteMsg>(), Some(schema::of::<pool::Hook>())),
        ("market", schema::of::<market::ExecuteMsg>(), Some(schema::of::<market::Hook>())),
        ("liquidator", schema::of::<liquidator::ExecuteMsg>(), Some(schema::of::<liquidator::Hook>())),
        ("reserve", schema::of::<reserve::ExecuteMsg>(), Some(schema::of::<reserve::Hook>())),
        ("balancer", schema::of::<balancer::ExecuteMsg>(), Some(schema::of::<balancer::Hook>())),
        ("orders", schema::of::<orders::ExecuteMsg>(), Some(schema::of::<orders::Hook>())),
        ("custody", schema::of::<custody::ExecuteMsg>(), Some(schema::of::<custody::Hook>())),
        ("spot", schema::of::<spot::ExecuteMsg>(), Some(schema::of::<spot::Hook>())),
        ("bonded", schema::of::<bonded::ExecuteMsg>(), Some(schema::of::<bonded::Hook>())),
        ("event", schema::of::<event::ExecuteMsg>(), Some(schema::of::<event::Hook>())),
    ]
}
