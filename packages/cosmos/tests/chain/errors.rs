//! What is refused on a real chain is refused on the embedded one, by the same code and in the same words.

use std::collections::BTreeSet;

use cosmwasm_std::Coin;
use sdp_embedded::{Audits, Chain, Replay};
use sdp_network::recording::{Act, Log, Outcome, Recorder, RECORDING_VERSION};
use sdp_network::{Actions, Kind, Message, Network, Recording, Synthetics, FAUCET};
use sdp_types::units::{Amount, Usd};
use serde_json::{json, Value};

use crate::common;
use crate::stage::{self, message, token};

#[test]
#[ignore = "needs a localnet"]
fn a_refusal_has_the_same_code_and_the_same_words_on_both_chains() {
    let mut manifest = stage::manifest("errors");
    // another liquidator is there at once
    manifest.markets[0].change_delay = 0;
    let (mut chain, record) = stage::deployed(common::client(), "errors", manifest);
    let start = chain.now().unwrap();
    let log = Log::default();
    let mut recorder = Recorder::new(&mut chain, &log);
    // the embedded chain's faucet has only what it was given
    recorder.give_coins(FAUCET, "uatom", Amount::new(10_u128.pow(13))).unwrap();
    stage::busy(&mut recorder);
    let mut table = Table { chain: recorder, refused: BTreeSet::new() };
    table.oracle();
    table.governance();
    table.pool();
    table.by_tokens();
    table.market();
    table.liquidator();
    table.spot();
    table.reserve();
    table.questions();
    table.draw();
    table.deposed();
    table.stopped();
    let refused = table.refused;
    assert!(refused.len() >= 60, "{}", refused.len());

    let accounts = chain.names().accounts().clone();
    let entries = log.take();
    let mut twin = Chain::replay_of(&record, accounts.clone()).unwrap();
    twin.audits = Audits::Books;
    let mut compared = 0;
    for entry in &entries {
        twin.set_block(entry.block).unwrap();
        let outcome = match &entry.act {
            Act::Send { sender, messages } => Outcome::of_answer(&twin.send(sender, messages)),
            Act::Give { account, denom, amount } => {
                Outcome::of_answer(&twin.give_coins(account, denom, *amount))
            }
            Act::Ask { contract, question } => Outcome::of_question(&twin.ask(contract, question, None)),
        };
        if let Outcome::Refused { .. } = entry.outcome {
            let [there, here] =
                [Some(entry.outcome.clone()), outcome].map(|outcome| outcome.map(in_our_words));
            assert_eq!(there, here, "{:?}", entry.act);
            compared += 1;
        }
    }
    assert_eq!(compared, refused.len());

    // and all else is the same, too
    let recording = Recording { version: RECORDING_VERSION, deployment: record, accounts, start, entries };
    let deviations: Vec<_> = Replay::new(recording).unwrap().flat_map(Result::unwrap).collect();
    assert!(deviations.is_empty(), "{deviations:?}");
}

/// `E0008 Std` says in the words of the chain what is wrong with an address: those are cut off.
fn in_our_words(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Refused { code, text } if code.as_deref() == Some("E0008") => {
            let ours = text.split("error").next().unwrap().to_string();
            Outcome::Refused { code, text: ours }
        }
        other => other,
    }
}

struct Table<'n> {
    chain: Recorder<'n>,
    /// Code, sender and message.
    refused: BTreeSet<(String, String, String)>,
}

impl Table<'_> {
    fn of(&self, name: &str) -> String {
        self.chain.address(name).unwrap().into_string()
    }

    #[track_caller]
    fn refuses_all(&mut self, code: &str, sender: &str, messages: &[Message]) {
        let before = self.refused.len();
        let error = self.chain.send(sender, messages).unwrap_err();
        assert_eq!((error.code.as_deref(), &error.kind), (Some(code), &Kind::Refused), "{error}");
        assert!(error.at.is_some() && error.text.starts_with(code), "{error:?}");
        self.refused.insert((code.into(), sender.into(), format!("{messages:?}")));
        assert_eq!(self.refused.len(), before + 1, "{messages:?} twice");
    }

    #[track_caller]
    fn refuses(&mut self, code: &str, sender: &str, contract: &str, msg: Value) {
        let message = message(&self.chain, contract, msg);
        self.refuses_all(code, sender, &[message]);
    }

    /// Tokens sent with a hook: the refusal comes out of a message that the token sends.
    #[track_caller]
    fn refuses_token(&mut self, code: &str, sender: &str, tokens: (&str, u128), to: &str, hook: Value) {
        let message = token(&self.chain, tokens.0, to, tokens.1, &hook);
        self.refuses_all(code, sender, &[message]);
    }

    fn owner(&self) -> String {
        self.chain.manifest().roles.owner.clone()
    }

    fn guardian(&self) -> String {
        self.chain.manifest().roles.guardian.clone().unwrap()
    }

    fn oracle(&mut self) {
        let publisher = self.chain.manifest().roles.publishers[0].clone();
        let now = self.chain.now().unwrap();
        let price = |feed: u16, price: &str, time: u64| json!({"feed": feed, "price": price, "confidence": "0.001", "publish_time": time});
        let publish = |prices: &[Value]| json!({"publish": {"prices": prices}});
        self.refuses("E0201", "eve", "oracle", publish(&[price(0, "60000", now)]));
        self.refuses("E0202", &publisher, "oracle", publish(&[price(77, "60000", now)]));
        self.refuses("E0204", &publisher, "oracle", publish(&[price(0, "60000", now + 1_000)]));
        self.refuses("E0005", &publisher, "oracle", publish(&[]));
        let twice = [price(0, "60000", now), price(0, "60001", now)];
        self.refuses("E0009", &publisher, "oracle", publish(&twice));
        self.refuses("E0004", &publisher, "oracle", publish(&[price(0, "0", now)]));
    }

    fn governance(&mut self) {
        let (owner, guardian) = (self.owner(), self.guardian());
        let change = json!({"configure": {"change": {"set_guardian": {"guardian": null}}}});
        self.refuses("E0103", "eve", "market", change.clone());
        self.refuses("E0102", &guardian, "pool", change);
        self.refuses("E0105", "eve", "liquidator", json!({"enact": {"id": 0}}));
        self.refuses("E0007", "eve", "oracle", json!({"enact": {"id": 99}}));
        self.refuses("E0101", "eve", "market", json!({"cancel_change": {"id": 0}}));
        let transfer = json!({"transfer_ownership": {"new_owner": self.of("eve"), "expiry": null}});
        self.refuses("E0106", "eve", "liquidator", json!({"update_ownership": transfer}));
        let nobody = json!({"set_guardian": {"guardian": "nobody"}});
        self.refuses("E0008", &owner, "pool", json!({"configure": {"change": nobody}}));
    }

    fn pool(&mut self) {
        let owner = self.owner();
        self.chain.give_coins("kim", "stake", Amount::new(5)).unwrap();
        let coins = |amount: u128, denom: &str| vec![Coin::new(amount, denom)];
        let deposit = json!({"deposit": {"beneficiary": null}});
        let with = |chain: &Recorder<'_>, msg: &Value, funds: &[Coin]| {
            Message::execute(chain.contract("pool").unwrap(), msg, funds).unwrap()
        };
        let messages = [with(&self.chain, &deposit, &coins(5, "stake"))];
        self.refuses_all("E0110", "kim", &messages);
        let messages = [with(&self.chain, &deposit, &coins(1_000_000, "uatom"))];
        self.refuses_all("E0303", "kim", &messages);
        let messages = [with(&self.chain, &json!({"sync": {}}), &coins(1, "uatom"))];
        self.refuses_all("E0109", "kim", &messages);

        let mint = |vault: u8, whole: u64| json!({"mint": {"vault": vault, "amount": Usd::whole(whole), "recipient": null}});
        self.refuses("E0301", "whale", "pool", mint(9, 100));
        self.refuses("E0302", "kim", "pool", mint(0, 100));
        self.refuses("E0312", "whale", "pool", mint(0, 1_000_000));
        let owed = self.chain.position("emma", "ETH").unwrap().debt.raw();
        let profit = u64::try_from(-owed).unwrap() / 1_000_000;
        self.refuses("E0305", "emma", "pool", mint(1, profit + 50));
        self.refuses("E0005", "whale", "pool", mint(0, 0));
        let exit = |owner: String| json!({"execute_exit": {"vault": 0, "owner": owner}});
        self.refuses("E0325", "whale", "pool", json!({"request_exit": {"vault": 0, "amount": "1000000"}}));
        self.refuses("E0310", "kim", "pool", exit(self.of("anna")));
        // the second of two messages, in the block of the first
        let request = json!({"request_exit": {"vault": 1, "amount": "1000000000000000000"}});
        let early = json!({"execute_exit": {"vault": 1, "owner": self.of("emma")}});
        let both = [message(&self.chain, "pool", request), message(&self.chain, "pool", early)];
        self.refuses_all("E0311", "emma", &both);
        self.refuses("E0322", "kim", "pool", json!({"sweep": {}}));
        self.refuses("E0314", "eve", "pool", json!({"draw": {"amount": "5", "recipient": self.of("eve")}}));
        let seize = json!({"vault": 0, "owner": self.of("anna"), "room": "1000000000000", "dust": "1"});
        self.refuses("E0104", "eve", "pool", json!({"seize": seize}));
        self.refuses("E0320", &owner, "pool", json!({"open": {}}));
        self.refuses("E0101", "eve", "pool", json!({"open": {}}));
    }

    fn by_tokens(&mut self) {
        let ether = 10_u128.pow(18);
        self.chain.give("emma", "ETH", Amount::new(ether)).unwrap();
        let usd = ("sdusd", Usd::whole(50).raw());
        let burn = |vault: u8| json!({"burn": {"vault": vault, "owner": null}});
        self.refuses_token("E0301", "kim", usd, "pool", burn(9));
        self.refuses_token("E0302", "kim", usd, "pool", burn(0));
        self.refuses_token("E0110", "kim", usd, "pool", json!({"deposit": {"beneficiary": null}}));
        let few = ("ETH", ether / 1_000);
        let to_kim = json!({"deposit": {"beneficiary": self.of("kim")}});
        self.refuses_token("E0303", "emma", few, "pool", to_kim);
        self.refuses_token("E0110", "emma", few, "pool", burn(0));
        let margin = json!({"deposit": {"beneficiary": null, "account": 0}});
        self.refuses_token("E0110", "emma", few, "market", margin);
        let take = |auction: u64, max_price: &str| json!({"take": {"auction": auction, "amount": Amount::new(u128::MAX >> 30), "max_price": max_price, "recipient": null}});
        self.refuses_token("E0110", "emma", few, "liquidator", take(1, "100"));
        self.refuses_token("E0501", "kim", usd, "liquidator", take(99, "100"));
        self.refuses_token("E0505", "kim", usd, "liquidator", take(1, "0.01"));
        self.refuses_token("E0507", "kim", ("sdusd", 1), "liquidator", take(1, "100"));
        let auction = self.chain.auctions().unwrap().remove(0);
        // all but the dust, of which no part can be bought
        let nearly = auction.tab.raw() + auction.penalty.raw() - Usd::whole(50).raw();
        let most = token(&self.chain, "sdusd", "liquidator", nearly, &take(1, "100"));
        self.chain.send("kim", &[most]).unwrap();
        self.refuses_token("E0506", "kim", usd, "liquidator", take(1, "100"));
        // what a token calls itself
        let hook = json!({"sender": self.of("eve"), "amount": "1000000", "msg": "e30="});
        self.refuses("E0110", "eve", "market", json!({"receive": hook}));
    }

    fn market(&mut self) {
        let withdraw = |account: u16, whole: u64| json!({"withdraw": {"account": account, "amount": Usd::whole(whole), "recipient": null}});
        self.refuses("E0402", "kim", "market", withdraw(5, 1));
        self.refuses("E0421", "eve", "market", withdraw(0, 30_000));
        let commit = |perp: u16, size: &str, limit: Option<&str>, expires: Option<u64>| json!({"commit": {"account": 0, "perp": perp, "size": size, "limit_price": limit, "expires_in": expires}});
        self.refuses("E0401", "eve", "market", commit(99, "1", None, None));
        self.refuses("E0005", "eve", "market", commit(0, "0", None, None));
        self.refuses("E0423", "eve", "market", commit(0, "10000000000000000", None, None));
        self.refuses("E0424", "eve", "market", commit(0, "0.01", Some("90000"), None));
        self.refuses("E0422", "eve", "market", commit(0, "0.01", None, Some(100_000)));
        self.refuses("E0404", "eve", "market", commit(0, "8", None, None));
        self.refuses("E0405", "eve", "market", commit(0, "0.00001", None, None));
        let more = Usd::whole(145_000);
        self.chain.deposit_margin("eve", "market", 0, more, None).unwrap();
        self.refuses("E0406", "eve", "market", commit(0, "51", None, None));
        self.chain.withdraw_margin("eve", "market", 0, more).unwrap();
        let order = self.chain.orders("market", 0).unwrap()[0].order;
        let cancel = |order: u64| json!({"cancel": {"perp": 0, "order": order}});
        self.refuses("E0411", "bob", "market", cancel(99));
        self.refuses("E0413", "eve", "market", cancel(order));
        self.refuses("E0412", "bob", "market", cancel(order));
        let settle = |perp: u16, limit: u32| json!({"settle": {"perp": perp, "limit": limit}});
        self.refuses("E0420", "kim", "market", settle(1, 10));
        self.refuses("E0401", "kim", "market", settle(99, 10));
        self.refuses("E0004", "kim", "market", settle(0, 0));
        let accounts = json!([{"owner": self.of("carl"), "account": 0}]);
        let liquidate = json!({"liquidate": {"accounts": accounts, "keeper": self.of("eve")}});
        self.refuses("E0104", "eve", "market", liquidate);
    }

    fn liquidator(&mut self) {
        let position =
            |vault: u8, owner: String| json!({"liquidate_position": {"vault": vault, "owner": owner}});
        // these two are the pool's refusals
        self.refuses("E0313", "kim", "liquidator", position(0, self.of("whale")));
        self.refuses("E0302", "kim", "liquidator", position(0, self.of("kim")));
        self.refuses("E0510", "kim", "liquidator", position(9, self.of("whale")));
        let accounts = |market: String, accounts: Value| json!({"liquidate_accounts": {"market": market, "accounts": accounts}});
        let carl = json!([{"owner": self.of("carl"), "account": 0}]);
        self.refuses("E0508", "kim", "liquidator", accounts(self.of("pool"), carl));
        self.refuses("E0004", "kim", "liquidator", accounts(self.of("market"), json!([])));
        self.refuses("E0504", "kim", "liquidator", json!({"redo": {"auction": 1}}));
        self.refuses("E0501", "kim", "liquidator", json!({"redo": {"auction": 99}}));
    }

    fn spot(&mut self) {
        let usd = ("sdusd", Usd::whole(50).raw());
        let buy = |synthetic: u16| json!({"buy": {"synthetic": synthetic, "exact": {"in": {}}}});
        self.refuses_token("E0601", "kim", usd, "spot", buy(9));
        self.refuses_token("E0110", "emma", ("ETH", 1_000), "spot", buy(0));
        let redeem = json!({"redeem": {"synthetic": 0}});
        self.refuses_token("E0603", "eve", ("sBTC", 1_000), "spot", redeem.clone());
        self.refuses_token("E0110", "kim", usd, "spot", redeem);
        let order = self.chain.synthetic_orders(0).unwrap()[0].order;
        let cancel = |order: u64| json!({"cancel": {"synthetic": 0, "order": order}});
        self.refuses("E0007", "eve", "spot", cancel(99));
        self.refuses("E0413", "kim", "spot", cancel(order));
        self.refuses("E0412", "eve", "spot", cancel(order));
        let settle = |synthetic: u16, limit: u32| json!({"settle": {"synthetic": synthetic, "limit": limit}});
        self.refuses("E0322", "kim", "spot", settle(1, 10));
        self.refuses("E0601", "kim", "spot", settle(9, 10));
        self.refuses("E0004", "kim", "spot", settle(0, 0));
        self.refuses("E0322", "kim", "spot", json!({"sweep": {"synthetic": 0}}));
        self.refuses("E0425", "kim", "spot", json!({"shut_down": {}}));
    }

    fn reserve(&mut self) {
        let swap_in = json!({"swap_in": {"least": null, "then": null}});
        self.refuses("E0109", "kim", "reserve", swap_in.clone());
        self.refuses_token("E0110", "emma", ("ETH", 1_000), "reserve", swap_in);
        let out = |token: u8, least: Option<&str>| json!({"swap_out": {"token": token, "least": least, "recipient": null, "accepted_haircut": null}});
        let usd = |whole: u64| ("sdusd", Usd::whole(whole).raw());
        self.refuses_token("E0007", "kim", usd(50), "reserve", out(9, None));
        self.refuses_token("E0704", "kim", usd(50), "reserve", out(0, Some("50000000")));
        self.refuses_token("E0705", "kim", usd(6_000), "reserve", out(0, None));
        self.refuses("E0322", "kim", "reserve", json!({"revalue": {"token": 0}}));
        self.refuses("E0007", "kim", "reserve", json!({"revalue": {"token": 9}}));
        self.refuses("E0322", "kim", "reserve", json!({"sweep": {"token": {"native": "uusdc"}}}));
    }

    fn questions(&mut self) {
        let asked = [
            ("E0202", "oracle", json!({"price": {"feed": 77}})),
            ("E0301", "pool", json!({"position": {"vault": 9, "owner": self.of("whale")}})),
            ("E0302", "pool", json!({"position": {"vault": 0, "owner": self.of("kim")}})),
            ("E0401", "lens", json!({"orders": {"market": self.of("market"), "perp": 99}})),
            ("E0501", "liquidator", json!({"auction": {"auction": 99}})),
            ("E0601", "spot", json!({"preview_buy": {"synthetic": 9, "usd": "1", "exact": {"in": {}}}})),
            ("E0007", "reserve", json!({"preview_in": {"token": 9, "amount": "1"}})),
        ];
        for (code, contract, question) in asked {
            let error = self.chain.query::<Value>(contract, &question).unwrap_err();
            assert_eq!((error.code.as_deref(), &error.kind), (Some(code), &Kind::Refused), "{error}");
            self.refused.insert((code.into(), contract.into(), question.to_string()));
        }
    }

    /// A trader takes out more than the market holds, and the market has no credit: the pool refuses what the market asks.
    fn draw(&mut self) {
        let owner = self.owner();
        stage::price(&mut self.chain, "BTC", "90000");
        self.chain.pass(6).unwrap();
        self.chain.settle("kim", "market", 0, 10).unwrap();
        let close = stage::order(&self.chain, 0, 0, "-1.1");
        self.chain.send("bob", &[close]).unwrap();
        stage::fill(&mut self.chain, "kim", &[0]);
        let line = json!({"market": self.of("market"), "line": Usd::whole(10_000)});
        let less = message(&self.chain, "pool", json!({"configure": {"change": {"set_line": line}}}));
        self.chain.send(&owner, &[less]).unwrap();
        let withdraw = json!({"account": 0, "amount": Usd::whole(45_000), "recipient": null});
        self.refuses("E0316", "bob", "market", json!({"withdraw": withdraw}));
    }

    /// The market is told of another liquidator: it refuses what the old one asks.
    fn deposed(&mut self) {
        let owner = self.owner();
        let change = json!({"configure": {"change": {"set_liquidator": {"liquidator": self.of("eve")}}}});
        // it waits behind the one that has waited since the beginning
        let messages = [change, json!({"enact": {"id": 1}})].map(|msg| message(&self.chain, "market", msg));
        self.chain.send(&owner, &messages).unwrap();
        let carl = json!([{"owner": self.of("carl"), "account": 0}]);
        let liquidate = json!({"market": self.of("market"), "accounts": carl});
        self.refuses("E0104", "kim", "liquidator", json!({"liquidate_accounts": liquidate}));
    }

    /// The guardian leaves no room for auctions, then stops them.
    fn stopped(&mut self) {
        let guardian = self.guardian();
        let params = self.chain.manifest().liquidator_params();
        let configure = |table: &mut Self, params: Value| {
            let change = json!({"configure": {"change": {"params": {"params": params}}}});
            let change = message(&table.chain, "liquidator", change);
            table.chain.send(&guardian, &[change]).unwrap();
        };
        let mut params = serde_json::to_value(params).unwrap();
        params["hole"] = json!(Usd::whole(100));
        configure(self, params.clone());
        let anna = json!({"vault": 0, "owner": self.of("anna")});
        self.refuses("E0321", "kim", "liquidator", json!({"liquidate_position": anna}));
        params["stop_level"] = json!(3);
        configure(self, params);
        self.refuses("E0502", "kim", "liquidator", json!({"redo": {"auction": 1}}));
        self.refuses("E0502", "eve", "liquidator", json!({"liquidate_position": anna}));
        let take = json!({"auction": 1, "amount": "1000000", "max_price": "100", "recipient": null});
        let usd = ("sdusd", Usd::whole(50).raw());
        self.refuses_token("E0502", "kim", usd, "liquidator", json!({"take": take}));
    }
}
