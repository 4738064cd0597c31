//! `sdp keeper run` in a crash on a real chain: 300 accounts, two keepers, one of them killed in the middle. Ignored unless asked for: needs a
//! network of its own with blocks every 500 ms and the builds of `scripts/build-wasm`; `ci/keeper` makes it all.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "a test"
)]

mod stage;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use sdp_network::{Actions, ChainError, Network};
use sdp_prices::Series;
use sdp_types::lens;
use sdp_types::market::{AccountId, AccountResponse};
use sdp_types::units::{Price, Size, Usd};
use serde_json::{json, Value};

use stage::{manifest, terminate, Stage, MARGIN};

/// Perpetuals, and the assets of the built-in series whose returns their prices take.
const PLAYED: [(u16, &str, u32); 3] = [(0, "SP500", 60_000), (1, "XOM", 3_000), (2, "BAC", 150)];
const ACCOUNTS: u16 = 300;
/// An account may be below maintenance for so many blocks.
const MOST: u64 = 3;
const OWNER: &str = "trader";

/// Everybody is there: 300 accounts of one owner, long and short, with two to eight times their margin.
fn crowd() -> Stage {
    let mut stage = Stage::new("keepers", manifest(), ACCOUNTS.into());
    for name in ["kim", "leo", OWNER] {
        stage.chain.give(name, "ATOM", sdp_types::Amount::new(1)).unwrap();
    }
    stage.fund(OWNER, 0..ACCOUNTS, Usd::whole(MARGIN));
    let order = |account: u16| {
        let (perp, _, first) = PLAYED[usize::from(account) % PLAYED.len()];
        let times = 2 + u64::from(account / 6) % 7;
        let side = if account % 2 == 0 { "" } else { "-" };
        let size = f64::from(u32::try_from(MARGIN * times).unwrap()) / f64::from(first);
        let size: Size = format!("{side}{size:.6}").parse().unwrap();
        (account, perp, size)
    };
    let orders: Vec<_> = (0..ACCOUNTS).map(order).collect();
    stage.trade(OWNER, &orders);
    stage
}

fn keeper(stage: &Stage, name: &str) -> Child {
    let out = |kind: &str| {
        let path = stage.folder.join(format!("{name}.{kind}"));
        std::fs::File::options().create(true).append(true).open(path).unwrap()
    };
    let mut sdp = stage.sdp();
    sdp.args(["keeper", "run", "--from", name, "--only", "liquidate-accounts", "--output", "json"]);
    sdp.args(["--journal", &format!("{name}.json"), "--poll-ms", "50"]).env("RUST_LOG", "info");
    sdp.stdout(out("out")).stderr(out("log")).stdin(Stdio::null()).spawn().unwrap()
}

/// Accounts by whether they can be liquidated, after a block.
fn liquidatable(stage: &Stage, height: u64) -> Result<Vec<bool>, ChainError> {
    let market = stage.chain.contract("market")?.into_string();
    let owner = stage.chain.address(OWNER)?.into_string();
    let mut all = Vec::new();
    let numbers: Vec<_> = (0..ACCOUNTS).collect();
    for numbers in numbers.chunks(100) {
        let id = |account: &u16| AccountId { owner: owner.clone(), account: *account };
        let accounts = numbers.iter().map(id).collect();
        let question = lens::QueryMsg::Accounts { market: market.clone(), accounts };
        let question = cosmwasm_std::to_json_binary(&question)?;
        let answer = stage.chain.ask(&stage.chain.contract("lens")?, &question, Some(height))?;
        let found: Vec<AccountResponse> = cosmwasm_std::from_json(answer)?;
        all.extend(found.iter().map(|account| account.liquidatable));
    }
    Ok(all)
}

/// Transactions of a keeper, as its log says: a process that is killed has no other memory.
#[derive(Clone, Copy, Default)]
struct Told {
    sent: u64,
    /// Of them, those that did nothing …
    wasted: u64,
    /// … because the other keeper had.
    beaten: u64,
    /// Accounts.
    done: u64,
}

impl Told {
    fn read(log: &Path) -> Self {
        let mut told = Self::default();
        for line in std::fs::read_to_string(log).unwrap().lines() {
            let line: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            let done = line["done"].as_u64().unwrap_or_default();
            let nothing = match line["message"].as_str() {
                Some("sent") => done == 0,
                Some("refused" | "lost") => true,
                _ => continue,
            };
            told.sent += 1;
            told.done += done;
            told.wasted += u64::from(nothing);
            told.beaten += u64::from(nothing && line["rivals"] != false);
        }
        told
    }
}

#[test]
#[ignore = "needs a localnet of its own"]
fn two_keepers_act_on_everybody_within_three_blocks_of_a_crash_and_one_may_be_killed() {
    let mut stage = crowd();
    let series = Series::built_in().unwrap();
    let column = |asset: &str| series.index_of(asset).unwrap();
    let closes = |asset: &str| -> Vec<f64> {
        let close = |row: &sdp_prices::Row| row.close[column(asset)].unwrap().atomics() as f64;
        series.rows.iter().map(close).collect()
    };
    let paths: Vec<_> = PLAYED.iter().map(|(_, asset, first)| (closes(asset), f64::from(*first))).collect();
    let bars = series.rows.len();
    assert!(bars <= 300);

    let mut kim = keeper(&stage, "kim");
    let leo = keeper(&stage, "leo");
    std::thread::sleep(Duration::from_secs(3));
    let (begun, first) = (Instant::now(), stage.chain.block().unwrap().height);
    for bar in 0..bars {
        let prices: Vec<_> = PLAYED
            .iter()
            .zip(&paths)
            .map(|((feed, _, _), (closes, first))| {
                let price: Price = format!("{:.6}", first * closes[bar] / closes[0]).parse().unwrap();
                (*feed, price, None)
            })
            .collect();
        stage.chain.publish_surely(&prices).unwrap();
        if bar == bars / 2 {
            kim.kill().unwrap();
            kim.wait().unwrap();
        }
        if bar == bars / 2 + 10 {
            kim = keeper(&stage, "kim");
        }
    }
    let took = begun.elapsed();
    std::thread::sleep(Duration::from_secs(3));
    let last = stage.chain.block().unwrap().height;
    [kim, leo].into_iter().for_each(terminate);

    // how long each stretch below maintenance was, in blocks: from the first block in whose state it is until one without
    let mut since: BTreeMap<usize, u64> = BTreeMap::new();
    let mut stretches: BTreeMap<u64, usize> = BTreeMap::new();
    for height in first..=last {
        for (account, below) in liquidatable(&stage, height).unwrap().into_iter().enumerate() {
            match (below, since.get(&account).copied()) {
                (true, None) => drop(since.insert(account, height)),
                (false, Some(from)) => {
                    since.remove(&account);
                    *stretches.entry(height - from).or_default() += 1;
                }
                _ => {}
            }
        }
    }
    assert!(since.is_empty(), "still below maintenance at the end: {since:?}");
    let each = ["kim", "leo"].map(|name| (name, Told::read(&stage.folder.join(format!("{name}.log")))));
    let sum = |of: fn(&Told) -> u64| each.iter().map(|(_, told)| of(told)).sum::<u64>();
    let (sent, wasted, beaten) = (sum(|told| told.sent), sum(|told| told.wasted), sum(|told| told.beaten));
    let (blocks, seconds, done) = (last - first, took.as_secs(), sum(|told| told.done));
    println!("{bars} bars in {blocks} blocks and {seconds} s, {ACCOUNTS} accounts, {done} liquidations");
    println!("blocks below maintenance: {}", json!(stretches));
    for (name, told) in each {
        println!("{name}: {} transactions, {} accounts cut back", told.sent, told.done);
    }
    println!(
        "{wasted} of {sent} transactions were for nothing: {beaten} because the other keeper was first, the others \
         because prices had come back"
    );
    let audit: Value = stage.chain.query("pool", &json!({"audit": {}})).unwrap();
    assert_eq!(audit["difference"], "0");
    let stretches: Vec<_> = stretches.into_iter().collect();
    let total: usize = stretches.iter().map(|(_, count)| count).sum();
    assert!(total >= 100, "a crash with {total} liquidations is none");
    assert!(stretches.iter().all(|(blocks, _)| *blocks <= MOST), "{stretches:?}");
    assert!(beaten * 5 <= sent, "in {beaten} of {sent} transactions both did the same");
    drop(std::fs::remove_dir_all(&stage.folder));
}
