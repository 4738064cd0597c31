//! Four validators, of which one is killed in the middle of a sweep of liquidations and comes back: no message is lost or done
//! twice, and all four agree on everything.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use cosmrs::Any;
use cosmwasm_std::Coin;
use sdp_cosmos::{wasm, Client, Cosmos, Options};
use sdp_network::{Actions, Deployment, Message, Network};
use sdp_types::units::Amount;
use serde_json::{json, Value};

use crate::localnet::{Localnet, Node};
use crate::stage::{self, PLENTY};

const TRADERS: [&str; 6] = ["ada", "ben", "cleo", "dan", "ella", "finn"];
/// Accounts of each trader that one sweep liquidates: a batch.
const BATCH: u16 = 10;
/// Whole ATOM of each deposit that is mixed in.
const ATOMS: u128 = 20;

/// Sixty accounts, ten of each trader, that one price puts below maintenance.
struct Sweep {
    /// Number of the first account of each trader.
    first: u16,
    perp: u16,
    size: &'static str,
    margin: u64,
    feed: &'static str,
    price: &'static str,
}

/// With 60,000 and 3,000 at first, positions are worth 6,000 USD. Margin less fee, premium and confidence (some 10 USD) and less the
/// loss (220 USD; 300 USD) is below the maintenance margin (2.5 %; 3.5 %) and above zero. Another sweep's price leaves
/// the others where they are or makes them richer.
const SWEEPS: [Sweep; 3] = [
    Sweep { first: 0, perp: 0, size: "0.1", margin: 330, feed: "BTC", price: "57800" },
    Sweep { first: 10, perp: 0, size: "-0.1", margin: 330, feed: "BTC", price: "62200" },
    Sweep { first: 20, perp: 1, size: "2", margin: 470, feed: "ETH", price: "2850" },
];

#[test]
#[ignore = "starts a network of four"]
fn a_validator_that_dies_in_the_middle_of_a_sweep_takes_nothing_along_and_comes_back_to_the_same_state() {
    let net = Localnet::up(4);
    let (mut chain, record) = stage::deployed(net.client(&[0]), "four", stage::manifest("four"));
    positions(&mut chain);

    // the node that is talked to dies, and there is no other: whoever sends waits for it
    one_by_one(&net, &mut chain, &SWEEPS[0]);
    // another one dies
    all_at_once(&net, &mut chain, &record, &SWEEPS[1], &[0], 1);
    // the node that is talked to dies, and the next one takes over
    all_at_once(&net, &mut chain, &record, &SWEEPS[2], &[0, 1, 2, 3], 0);
}

fn positions(chain: &mut Cosmos) {
    chain.publish_first_prices().unwrap();
    let rich = [("whale", 1_000_000), ("keeper", 10_000), ("lp", 10_000)];
    let traders = TRADERS.map(|name| (name, 0));
    stage::give(chain, &[&rich[..], &traders[..]].concat());
    stage::provide(chain, "whale", 1_000_000, 500_000);
    for sweep in &SWEEPS {
        let accounts = TRADERS.iter().flat_map(|name| (0..BATCH).map(move |n| (name, sweep.first + n)));
        let margins: Vec<_> = accounts.map(|(name, n)| stage::margin(chain, name, n, sweep.margin)).collect();
        chain.send("whale", &margins).unwrap();
    }
    for name in TRADERS {
        let numbers = SWEEPS.iter().flat_map(|sweep| (0..BATCH).map(move |n| (sweep, sweep.first + n)));
        let orders: Vec<_> = numbers.map(|(s, n)| stage::order(chain, n, s.perp, s.size)).collect();
        chain.send(name, &orders).unwrap();
    }
    stage::fill(chain, "keeper", &[0, 1]);
    assert_eq!(chain.market_accounts("market").unwrap().len(), 3 * 60 + 1, "the keeper has one");
}

/// The messages of a sweep, in order: its batches with others between them.
fn messages(chain: &Cosmos, sweep: &Sweep) -> Vec<Message> {
    let market = chain.contract("market").unwrap();
    let deposit = || {
        let coins = [Coin::new(ATOMS * 1_000_000, "uatom")];
        Message::execute(chain.contract("pool").unwrap(), &json!({"deposit": {"beneficiary": null}}), &coins)
    };
    let mut messages = vec![];
    for (n, name) in TRADERS.iter().enumerate() {
        let owner = chain.address(name).unwrap();
        let account = |n| json!({"owner": owner, "account": sweep.first + n});
        let accounts: Vec<_> = (0..BATCH).map(account).collect();
        let liquidate = json!({"liquidate_accounts": {"market": market, "accounts": accounts}});
        messages.push(stage::message(chain, "liquidator", liquidate));
        messages.push(deposit().unwrap());
        let (contract, other) =
            [("pool", json!({"sync": {}})), ("market", json!({"poke": {}}))][n % 2].clone();
        messages.push(stage::message(chain, contract, other));
    }
    messages
}

/// Each message after the one before it; the only node that the client knows is killed after the second batch.
fn one_by_one(net: &Localnet, chain: &mut Cosmos, sweep: &Sweep) {
    stage::price(chain, sweep.feed, sweep.price);
    let messages = messages(chain, sweep);
    let account = Accounting::open(net, chain, &["keeper"]);
    thread::scope(|scope| {
        for (n, message) in messages.iter().enumerate() {
            if n == 5 {
                scope.spawn(|| dies_and_comes_back(net, 0));
            }
            chain.send("keeper", std::slice::from_ref(message)).unwrap();
        }
    });
    account.close(net, chain, sweep, 0, &[("keeper", messages.len())]);
}

/// All messages of the sweep on their way together, and somebody else's one after the other, while a validator is killed.
fn all_at_once(
    net: &Localnet,
    chain: &mut Cosmos,
    record: &Deployment,
    sweep: &Sweep,
    known: &[usize],
    victim: usize,
) {
    stage::price(chain, sweep.feed, sweep.price);
    let messages = messages(chain, sweep);
    let account = Accounting::open(net, chain, &["keeper", "lp"]);
    let client = net.client(known);
    let keeper = client.address("keeper").unwrap();
    let transactions = messages.iter().map(|message| vec![any(&keeper, message)]).collect();
    let options = Options { timeout: Duration::from_secs(90), ..Options::limit(PLENTY) };
    let done = &std::sync::atomic::AtomicBool::new(false);
    let (results, deposits) = thread::scope(|scope| {
        let deposits = scope.spawn(|| deposits_until(net.client(known), record, &options, done));
        let results = scope.spawn(|| client.broadcast_many("keeper", transactions, &options));
        dies_and_comes_back(net, victim);
        let results = results.join().unwrap();
        done.store(true, std::sync::atomic::Ordering::Release);
        (results, deposits.join().unwrap())
    });
    let mut hashes: Vec<_> = results.into_iter().map(|result| result.unwrap().hash).collect();
    hashes.sort();
    hashes.dedup();
    assert_eq!(hashes.len(), messages.len());
    account.close(net, chain, sweep, victim, &[("keeper", messages.len()), ("lp", deposits)]);
    let lp: Amount = chain.position("lp", "ATOM").unwrap().collateral;
    assert_eq!(lp.raw(), u128::try_from(deposits).unwrap() * ATOMS * 1_000_000 + account.of_lp);
}

fn any(sender: &str, message: &Message) -> Any {
    match message {
        Message::Execute { contract, msg, funds } => {
            wasm::execute_json(sender, contract.as_str(), msg.to_vec(), funds)
        }
        Message::Send { .. } => panic!("a sweep sends no coins alone"),
    }
}

/// Deposits one after the other until the others are done; says how many.
fn deposits_until(
    client: Client,
    record: &Deployment,
    options: &Options,
    done: &std::sync::atomic::AtomicBool,
) -> usize {
    let pool = record.contract("pool").unwrap().address.to_string();
    let lp = client.address("lp").unwrap();
    let coins = [Coin::new(ATOMS * 1_000_000, "uatom")];
    let mut deposits = 0;
    while deposits == 0 || !done.load(std::sync::atomic::Ordering::Acquire) {
        let deposit = wasm::execute(&lp, &pool, &json!({"deposit": {"beneficiary": null}}), &coins).unwrap();
        client.broadcast("lp", vec![deposit], options).unwrap();
        deposits += 1;
    }
    deposits
}

fn dies_and_comes_back(net: &Localnet, victim: usize) {
    net.kill(victim);
    assert_eq!(net.nodes()[victim].height(), None);
    thread::sleep(Duration::from_secs(3));
    net.start_again(victim);
}

/// What there was before a sweep.
struct Accounting {
    height: u64,
    sequences: BTreeMap<String, u64>,
    of_lp: u128,
}

impl Accounting {
    fn open(net: &Localnet, chain: &Cosmos, signers: &[&str]) -> Self {
        let node = &net.nodes()[2];
        let height = chain.block().unwrap().height;
        wait_for(node, height);
        let sequence =
            |name: &&str| ((*name).to_string(), node.sequence(chain.address(name).unwrap().as_str()));
        let of_lp = chain.position("lp", "ATOM").map(|position| position.collateral.raw());
        Self { height, sequences: signers.iter().map(sequence).collect(), of_lp: of_lp.unwrap_or_default() }
    }

    /// Everything happened exactly once, says the node that had died too, and all agree.
    fn close(&self, net: &Localnet, chain: &Cosmos, sweep: &Sweep, victim: usize, sent: &[(&str, usize)]) {
        // the node that had died may still be behind
        let until = net.nodes().iter().filter_map(Node::height).max().unwrap() + 2;
        net.nodes().iter().for_each(|node| wait_for(node, until));
        let victim = &net.nodes()[victim];
        for (name, sent) in sent {
            let address = chain.address(name).unwrap();
            let used = victim.sequence(address.as_str()) - self.sequences[*name];
            assert_eq!(used, u64::try_from(*sent).unwrap(), "transactions of {name}");
        }

        let (mut liquidated, mut transactions) = (BTreeMap::new(), 0);
        for height in self.height + 1..=until {
            let results = victim.rpc(&format!("/block_results?height={height}")).unwrap();
            for result in results["txs_results"].as_array().into_iter().flatten() {
                assert_eq!(result["code"], 0, "block {height}: {}", result["log"]);
                transactions += 1;
                for event in result["events"].as_array().unwrap() {
                    assert_ne!(event["type"], "wasm-rejected", "block {height}: {event}");
                    if event["type"] == "wasm-account_liquidated" {
                        *liquidated.entry((told(event, "owner"), told(event, "account"))).or_insert(0) += 1;
                    }
                }
            }
        }
        assert_eq!(transactions, sent.iter().map(|(_, sent)| sent).sum::<usize>());
        let accounts = TRADERS.iter().flat_map(|name| (0..BATCH).map(move |n| (name, sweep.first + n)));
        let expected =
            accounts.map(|(name, n)| ((chain.address(name).unwrap().to_string(), n.to_string()), 1));
        assert_eq!(liquidated, expected.collect());

        let hashes: Vec<_> = net.nodes().iter().map(|node| hashes(node, until)).collect();
        assert!(hashes.iter().all(|of_node| *of_node == hashes[0]), "{hashes:?}");
        let swept = |n: u16| (sweep.first..sweep.first + BATCH).contains(&n);
        let keeper = chain.address("keeper").unwrap();
        for account in chain.market_accounts("market").unwrap() {
            if swept(account.account) && account.owner != keeper.as_str() {
                assert!(!account.liquidatable && account.generation == 1, "{account:?}");
            }
        }
        let audit = chain.audit().unwrap();
        assert!(audit.difference.is_zero() && audit.unbooked.is_zero(), "{audit:?}");
    }
}

/// Hashes of a block and of the state before it.
fn hashes(node: &Node, height: u64) -> [Value; 2] {
    let commit = node.rpc(&format!("/commit?height={height}")).unwrap();
    let [block, state] = ["commit", "header"].map(|part| commit["signed_header"][part].clone());
    [block["block_id"]["hash"].clone(), state["app_hash"].clone()]
}

fn told(event: &Value, key: &str) -> String {
    let attributes = event["attributes"].as_array().unwrap();
    let found = attributes.iter().find(|attribute| attribute["key"] == key).unwrap();
    found["value"].as_str().unwrap().to_string()
}

fn wait_for(node: &Node, height: u64) {
    let start = Instant::now();
    while node.height().is_none_or(|at| at < height) {
        assert!(start.elapsed() < Duration::from_secs(90), "{node:?} is not at {height}");
        thread::sleep(Duration::from_millis(200));
    }
}
