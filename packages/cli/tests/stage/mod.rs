//! A deployment on a real chain for tests that start processes of `sdp` against it.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use cosmwasm_std::Coin;
use sdp_cosmos::{bank, wasm, Client, Cosmos, Keys, Options};
use sdp_network::{deploy, Actions, Deployment, Manifest, Message, Network};
use sdp_types::market::{ExecuteMsg, Hook};
use sdp_types::units::{Amount, Ratio, Size, Usd};

/// Messages in a transaction of the setup.
const BATCH: usize = 30;
/// Margin of an account, USD.
pub const MARGIN: u64 = 1_000;

/// The built-in manifest for prices that jump with every block: whatever they do, nobody stops, and what is measured stays. One
/// publisher, and delays of seconds.
pub fn manifest() -> Manifest {
    let mut manifest = Manifest::built_in().unwrap();
    (manifest.roles.publishers, manifest.roles.quorum) = (vec!["publisher".into()], 1);
    let oracle = &mut manifest.oracle;
    (oracle.interval_seconds, oracle.grace_seconds, oracle.ring_slots) = (2, 4, 1_024);
    (oracle.stale_for_trade, oracle.stale_for_liquidation, oracle.stale_for_view) = (3_600, 3_600, 3_600);
    (oracle.gap_seconds, oracle.breaker, oracle.measurement) = (3_600, None, None);
    for feed in &mut manifest.feeds {
        (feed.deviation_band, feed.volatility) = (Ratio::percent(90), None);
    }
    (manifest.pool.breakers, manifest.pool.risk) = (None, None);
    (manifest.pool.exit_delay, manifest.pool.minimum_stay) = (2, 0);
    let market = &mut manifest.markets[0];
    (market.order_delay, market.order_expiry, market.maximum_empty_intervals) = (1, 900, 255);
    manifest
}

/// A network of a manifest, and where its record is.
pub struct Stage {
    pub chain: Cosmos,
    pub folder: PathBuf,
}

fn keys() -> PathBuf {
    PathBuf::from(std::env::var("SDP_KEYS").unwrap())
}

fn options() -> Options {
    Options { timeout: Duration::from_secs(60), ..Options::limit(60_000_000) }
}

/// The network, as whoever has its keys; nothing is known to be deployed.
pub fn connect(manifest: Manifest) -> Cosmos {
    let node = std::env::var("SDP_NODE").unwrap_or_else(|_| panic!("SDP_NODE is not set: see ci/"));
    let client = Client::connect(&node).unwrap().with_keys(Keys::from_mnemonic_file(&keys()).unwrap());
    let wasm = std::env::var("SDP_WASM").unwrap_or_else(|_| "target/wasm".into());
    let wasm = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(wasm);
    let chain = Cosmos::new(client, manifest).with_builds(wasm).with_options(options());
    chain.with_faucet("0", Some(Coin::new(1_u128, "uatom")))
}

impl Stage {
    /// A new deployment with first prices, and a provider who has minted for so many accounts.
    pub fn new(name: &str, manifest: Manifest, accounts: u64) -> Self {
        let folder = std::env::temp_dir().join(format!("sdp-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut chain = connect(manifest.clone());
        let mut record = Deployment::new(&chain.chain_id(), manifest).unwrap();
        record.name = format!("{name}-{}", std::process::id());
        deploy(&mut chain, &mut record, &mut |_, _, _| Ok(())).unwrap();
        record.write(&folder.join("deployment.json")).unwrap();
        chain.publish_first_prices().unwrap();
        let atoms = Amount::new(2_000_000_000_000);
        chain.give("whale", "ATOM", atoms).unwrap();
        chain.deposit("whale", "ATOM", atoms, None).unwrap();
        chain.mint("whale", "ATOM", Usd::whole(accounts * MARGIN + 10_000)).unwrap();
        Self { chain, folder }
    }

    /// Margin for accounts of an owner.
    pub fn fund(&mut self, owner: &str, accounts: impl Iterator<Item = u16>, usd: Usd) {
        let beneficiary = self.chain.introduce(owner).unwrap().into_string();
        let market = self.chain.contract("market").unwrap().into_string();
        let sdusd = self.chain.contract("sdusd").unwrap();
        let margin = |account: u16| {
            let hook = Hook::Deposit { beneficiary: Some(beneficiary.clone()), account };
            let msg = cosmwasm_std::to_json_binary(&hook).unwrap();
            let send = cw20::Cw20ExecuteMsg::Send { contract: market.clone(), amount: usd.raw().into(), msg };
            Message::execute(sdusd.clone(), &send, &[]).unwrap()
        };
        let all: Vec<_> = accounts.map(margin).collect();
        self.send_all("whale", &all);
    }

    /// Orders of an owner's accounts, filled: perpetual, and size in whole units.
    pub fn trade(&mut self, owner: &str, orders: &[(u16, u16, Size)]) {
        let market = self.chain.contract("market").unwrap();
        let commit = |&(account, perp, size): &(u16, u16, Size)| {
            let (owner, limit_price, expires_in, reduce_only) = (None, None, None, false);
            let commit =
                ExecuteMsg::Commit { owner, account, perp, size, limit_price, expires_in, reduce_only };
            Message::execute(market.clone(), &commit, &[]).unwrap()
        };
        let mut perps: Vec<_> = orders.iter().map(|(_, perp, _)| *perp).collect();
        perps.sort_unstable();
        perps.dedup();
        for part in orders.chunks(BATCH) {
            self.send_all(owner, &part.iter().map(commit).collect::<Vec<_>>());
            self.chain.pass(3).unwrap();
            for perp in &perps {
                while !self.chain.orders("market", *perp).unwrap().is_empty() {
                    match self.chain.settle("whale", "market", *perp, 100) {
                        Err(error) if error.says("E0420") => drop(self.chain.pass(2).unwrap()),
                        settled => drop(settled.unwrap()),
                    }
                }
            }
        }
    }

    fn send_all(&mut self, sender: &str, messages: &[Message]) {
        let from = self.chain.introduce(sender).unwrap();
        let call = |message: &Message| match message {
            Message::Execute { contract, msg, funds } => {
                wasm::execute_json(from.as_str(), contract.as_str(), msg.to_vec(), funds)
            }
            Message::Send { to, coins } => bank::send(from.as_str(), to.as_str(), coins),
        };
        let batches = messages.chunks(BATCH).map(|part| part.iter().map(call).collect()).collect();
        for sent in self.chain.client().broadcast_many(sender, batches, &options()) {
            sent.unwrap();
        }
    }

    /// `sdp` on this deployment.
    pub fn sdp(&self) -> Command {
        let mut sdp = Command::new(env!("CARGO_BIN_EXE_sdp"));
        sdp.current_dir(&self.folder).env("SDP_DEPLOYMENT", self.folder.join("deployment.json"));
        sdp
    }
}

/// Asks a process to end, and waits until it has, without a fault.
pub fn terminate(mut process: Child) {
    Command::new("kill").args(["-TERM", &process.id().to_string()]).status().unwrap();
    let begun = Instant::now();
    while process.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < Duration::from_secs(30), "it does not end");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(process.wait().unwrap().success());
}
