//! The dashboard in a browser, as people click: once against `sdp serve`'s own chain, once against a real one with 10,000 accounts. Ignored unless
//! asked for: needs Node and Chromium, the built page, and for the real chain what `ci/page` makes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "a test"
)]

mod stage;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::time::Duration;

use sdp_network::{Actions, Network};
use sdp_types::units::{Price, Size, Usd};

use stage::{connect, manifest, terminate, Stage, MARGIN};

/// Owners of accounts, and accounts of each.
const OWNERS: usize = 20;
const ACCOUNTS: u16 = 500;
/// Of the first owner's, those with a position.
const TRADING: u16 = 60;

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../dashboard")
}

/// Starts a server of the page; its address is the first line that it says.
fn serve(mut sdp: Command) -> (Child, String) {
    sdp.args(["--listen", "127.0.0.1:0", "--dashboard"]).arg(page().join("dist").canonicalize().unwrap());
    let mut server = sdp.stdout(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let url = line.split_whitespace().next().unwrap_or_else(|| panic!("the server says nothing")).to_string();
    (server, url)
}

/// The client's tests, those against a chain too.
fn calls(url: &str) {
    let client = Path::new(env!("CARGO_MANIFEST_DIR")).join("../client-ts");
    let mut npm = Command::new("npm");
    npm.args(["test", "--", "test/live.test.ts", "test/readme.test.ts"])
        .current_dir(client)
        .env("SDP_SERVE", url);
    assert!(npm.status().unwrap().success());
}

/// The page's own tests, against a server.
fn clicks(url: &str, screens: &str, settings: &[(&str, String)]) {
    let screens = page().join("target/screens").join(screens);
    let mut npm = Command::new("npm");
    npm.args(["run", "test:page"]).current_dir(page()).env("SDP_URL", url).env("SDP_SCREENS", screens);
    npm.envs(settings.iter().map(|(name, value)| (name, value)));
    assert!(npm.status().unwrap().success());
}

#[test]
#[ignore = "needs Node and Chromium"]
fn people_use_the_page_on_the_embedded_chain() {
    let mut sdp = Command::new(env!("CARGO_BIN_EXE_sdp"));
    sdp.args(["serve", "--temporary", "--people", "60"]);
    // its own chain, whatever network is there for the other test
    for name in ["SDP_NODE", "SDP_KEYS", "SDP_DEPLOYMENT"] {
        sdp.env_remove(name);
    }
    let (server, url) = serve(sdp);
    calls(&url);
    clicks(&url, "embedded", &[]);
    terminate(server);
}

/// Prices of all feeds, again and again, and those that a file of their name asks for as soon as it is there.
fn publish(folder: &Path, stop: &AtomicBool) {
    let mut chain = connect(manifest());
    let record = sdp_network::Deployment::read(&folder.join("deployment.json")).unwrap();
    *chain.names_mut() = record.names(BTreeMap::new());
    let symbols: Vec<_> = chain.manifest().feeds.iter().map(|feed| feed.symbol.clone()).collect();
    let mut waited = 0;
    while !stop.load(Ordering::Relaxed) {
        let asked = |(feed, symbol): (u16, &String)| {
            let path = folder.join(format!("{symbol}.price"));
            let text = std::fs::read_to_string(&path).ok().filter(|text| !text.trim().is_empty())?;
            drop(std::fs::remove_file(&path));
            let price: Price = text.trim().parse().unwrap();
            Some((feed, price, None))
        };
        let prices: Vec<_> = (0..).zip(&symbols).filter_map(asked).collect();
        if !prices.is_empty() {
            chain.publish_surely(&prices).unwrap();
        } else if waited >= 15 {
            chain.republish().unwrap();
            waited = 0;
        }
        waited += 1;
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
#[ignore = "needs a localnet of its own, Node and Chromium"]
fn people_use_the_page_on_a_real_chain_with_ten_thousand_accounts() {
    let least = Usd::whole(10);
    let mut stage = Stage::new("pages", manifest(), 2 * MARGIN);
    for owner in 0..OWNERS {
        stage.fund(&format!("crowd {owner}"), 0..ACCOUNTS, least);
    }
    stage.fund("crowd 0", 0..TRADING, Usd::whole(MARGIN));
    stage.chain.give("crowd 0", "ATOM", sdp_types::Amount::new(1)).unwrap();
    stage.chain.give("keeper", "ATOM", sdp_types::Amount::new(1)).unwrap();
    let order = |account: u16| {
        let (perp, size) = [(0, 0.05), (1, 1.0), (2, 20.0)][usize::from(account) % 3];
        let side = if account % 2 == 0 { "" } else { "-" };
        (account, perp, format!("{side}{size}").parse::<Size>().unwrap())
    };
    let orders: Vec<_> = (0..TRADING).map(order).collect();
    stage.trade("crowd 0", &orders);
    // the last one is of the keeper who has settled, for his fees
    let accounts = OWNERS * usize::from(ACCOUNTS) + 1;
    assert_eq!(stage.chain.market_accounts("market").unwrap().len(), accounts);
    println!("{accounts} accounts");

    let (stop, folder) = (Arc::new(AtomicBool::new(false)), stage.folder.clone());
    let told = stop.clone();
    let publisher = std::thread::spawn(move || publish(&folder, &told));
    let log = std::fs::File::create(stage.folder.join("keeper.log")).unwrap();
    let mut keeper = stage.sdp();
    keeper
        .args(["keeper", "run", "--from", "keeper", "--only", "settle,arm,sweep"])
        .stderr(log)
        .stdout(Stdio::null());
    let keeper = keeper.stdin(Stdio::null()).spawn().unwrap();
    let mut sdp = stage.sdp();
    sdp.args(["serve", "--development-keys"]);
    let (server, url) = serve(sdp);
    calls(&url);
    let (sdp, folder) = (env!("CARGO_BIN_EXE_sdp"), stage.folder.display());
    let deployment = stage.folder.join("deployment.json").display().to_string();
    let give =
        format!("{sdp} give {{account}} {{amount}} {{token}} --deployment {deployment} --first-coin 1stake");
    clicks(
        &url,
        "chain",
        &[
            (
                "SDP_PRICE_COMMAND",
                format!("echo {{price}} > {folder}/new && mv {folder}/new {folder}/{{feed}}.price"),
            ),
            ("SDP_SKIP_COMMAND", "sleep 5".into()),
            ("SDP_GIVE_COMMAND", give),
        ],
    );
    stop.store(true, Ordering::Relaxed);
    publisher.join().unwrap();
    terminate(server);
    terminate(keeper);
    drop(std::fs::remove_dir_all(&stage.folder));
}
