//! `sdp` on a real chain. Ignored unless asked for: needs `scripts/localnet up`, its `network.env` sourced, and the builds of
//! `scripts/build-wasm` (in `target/wasm`, or where `SDP_WASM` says):
//! `cargo test -p sdp-cli --test real_chain -- --ignored --test-threads 1`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

struct Place(PathBuf);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn builds() -> String {
    let given = std::env::var("SDP_WASM").unwrap_or_else(|_| "target/wasm".into());
    root().join(given).to_str().unwrap().to_string()
}

impl Place {
    fn new(name: &str) -> Self {
        assert!(std::env::var("SDP_NODE").is_ok(), "SDP_NODE is not set: `source DIR/network.env` first");
        let path = std::env::temp_dir().join(format!("sdp-real-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn command(&self, line: &str) -> Command {
        let keys = root().join(std::env::var("SDP_KEYS").unwrap());
        let denom = std::env::var("SDP_DENOM").unwrap_or_else(|_| "stake".into());
        let mut sdp = Command::new(env!("CARGO_BIN_EXE_sdp"));
        sdp.args(line.split_whitespace()).current_dir(&self.0).env("SDP_KEYS", keys);
        sdp.env("SDP_FIRST_COIN", format!("1{denom}")).env_remove("SDP_DEPLOYMENT");
        sdp
    }

    fn sdp(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    #[track_caller]
    fn does(&self, line: &str) -> String {
        let output = self.sdp(line);
        assert!(output.status.success(), "sdp {line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// A message as JSON, which may have spaces in it.
    #[track_caller]
    fn tells(&self, contract: &str, message: &str, from: &str) {
        let output = self.command("tx").args([contract, message, "--from", from]).output().unwrap();
        assert!(output.status.success(), "{message}: {}", String::from_utf8_lossy(&output.stderr));
    }

    #[track_caller]
    fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.does(&format!("{line} --output json"))).unwrap()
    }

    #[track_caller]
    fn fails(&self, line: &str, exit: i32, text: &str) {
        let output = self.sdp(line);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(exit), "sdp {line}: {error}");
        assert!(error.contains(text), "sdp {line}: {error}");
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// A name that no deployment on the chain has yet.
fn name() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    format!("test-{}", now.as_nanos())
}

#[test]
#[ignore = "needs a localnet"]
fn a_deployment_that_was_killed_goes_on_and_people_act_on_it_by_name() {
    let place = Place::new("deploy");
    let deploy = format!("deploy --name {} --wasm {}", name(), builds());
    let recorded = || -> Option<usize> {
        let record: Value =
            serde_json::from_slice(&std::fs::read(place.0.join("deployment.json")).ok()?).ok()?;
        Some(record["steps"].as_array()?.len())
    };
    // Again and again, each time soon after a step, where the next one's transaction may or may not be on its way.
    for (after, pause) in [(2, 0), (5, 150), (6, 300), (8, 100), (9, 200), (11, 400)] {
        let mut killed = place.command(&deploy).stdout(Stdio::null()).spawn().unwrap();
        while recorded().unwrap_or_default() < after {
            assert!(killed.try_wait().unwrap().is_none(), "it ended by itself");
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(Duration::from_millis(pause));
        killed.kill().unwrap();
        killed.wait().unwrap();
    }
    let first = place.json(&deploy);
    let (all, done) = (first["steps"].as_array().unwrap().len(), first["done"].as_u64().unwrap());
    assert!(done > 0 && usize::try_from(done).unwrap() < all, "{first}");
    let again = place.json(&deploy);
    assert_eq!((again["done"].as_u64(), again["findings"].as_array().unwrap().len()), (Some(0), 0));
    assert_eq!(again["contracts"], first["contracts"]);
    // without the record, by the names of its contracts
    std::fs::remove_file(place.0.join("deployment.json")).unwrap();
    let found = place.json(&deploy);
    assert_eq!((found["done"].as_u64(), &found["contracts"]), (Some(0), &first["contracts"]));

    place.does("price");
    place.does("give whale 1_000_000 ATOM");
    let deposited = place.json("deposit 1_000_000 ATOM --from whale");
    assert!(deposited["gas_used"].as_u64().unwrap() > 100_000 && deposited["hash"].is_string());
    assert_eq!(deposited["events"][0]["attributes"]["owner"], "whale");
    place.does("mint 5_000 ATOM --from whale");
    place.does("sell 5_000 --from whale --to bob");
    place.fails("mint 9_000_000 ATOM --from whale", 1, "E0312");
    assert_eq!(place.json("show balance bob")["held"]["sdusd"], "5000000000");
    assert_eq!(place.json("show balance bob")["cash"], "-5000000000");
    assert_eq!(place.json("audit")["difference"], "0");

    place.fails("advance 5", 3, "`advance` is for the embedded chain");
    place.fails("deploy --name other", 3, "is of the deployment");
    place.fails("deploy --force", 3, "`--force` is for the embedded chain");
    let migrated = place.does(&format!("migrate all --wasm {}", builds()));
    assert_eq!(migrated.lines().filter(|line| line.contains("runs this build already")).count(), 8);
}

/// The others go by `ci/scenarios`, side by side.
#[test]
#[ignore = "needs a localnet"]
fn a_scenario_on_the_chain_comes_out_as_on_the_embedded_one() {
    let place = Place::new("run");
    let path = root().join("packages/network/scenarios/first_trade.json");
    let run =
        place.does(&format!("run {} --wasm {} --gas 5000000 --record out.json", path.display(), builds()));
    assert!(run.lines().count() > 0);
    let replayed = place.json("replay out.json");
    assert!(replayed["same"].as_u64().unwrap() > 0, "{replayed}");
}

/// As the test of the same name on the embedded chain, where time can be skipped.
#[test]
#[ignore = "needs a localnet"]
fn a_strangers_markets_go_from_nothing_to_approval_shutdown_and_their_end() {
    let place = Place::new("bonded");
    place.does("init --manifest mine.toml --bonded");
    let path = place.0.join("mine.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text.replace("change_delay = 172_800", "change_delay = 2");
    std::fs::write(&path, text.replace("close_delay = 86_400", "close_delay = 2")).unwrap();
    place.does(&format!("deploy mine.toml --name {} --wasm {}", name(), builds()));
    // whoever needs a fresh price publishes it first
    let at_price = |line: &str| {
        place.does("price");
        place.does(line)
    };
    let waits = |seconds| std::thread::sleep(Duration::from_secs(seconds));
    let change = |line: &str| {
        let told: Value = serde_json::from_str(&place.does(&format!("{line} --output json"))).unwrap();
        let queued = told["events"].as_array().unwrap().iter().find(|event| event["type"] == "change_queued");
        let id = queued.unwrap()["attributes"]["id"].as_str().unwrap().to_string();
        waits(4);
        id
    };
    place.does("give whale 1_000_000 ATOM");
    at_price("deposit 1_000_000 ATOM --from whale");
    at_price("mint 200_000 ATOM --from whale");
    for (name, amount) in [("sam", 110_000), ("bob", 1_000), ("carl", 200)] {
        place.does(&format!("sell {amount} --from whale --to {name}"));
    }
    let makes = |name: &str| {
        let line =
            format!("event new {name} --feed BTC --strike 60_500 --lasts 150s --window 30d --from sam");
        place.json(&format!("{line} --wasm {}", builds()))
    };
    let address = makes("rain")["address"].as_str().unwrap().to_string();
    assert_eq!(place.json("show names")["rain"], address.as_str());
    for name in ["hail", "snow", "fog"] {
        makes(name);
    }
    place.fails("event buy rain yes 104 --from bob", 1, "E1055");
    place.fails("bonded open rain 24_999 --from sam", 1, "E1002");

    at_price("bonded open hail 25_000 --from sam");
    place.does("bonded quarantine hail --from guardian");
    place.fails("bonded close hail --from kim", 1, "E1013");
    place.does("bonded resolve hail 0 --from owner");
    place.does("bonded close hail --from kim");
    assert_eq!(place.json("show balance sam")["held"]["sdusd"], "110000000000");

    for name in ["rain", "snow", "fog"] {
        at_price(&format!("bonded open {name} 25_000 --from sam"));
    }
    // 200 contracts at 0.52, and another 100 by somebody who knows the address only
    place.fails("event buy rain yes 104 --least 201 --from bob", 1, "E1054");
    place.does("event buy rain yes 104 --least 200 --from bob");
    assert_eq!(place.json("bonded show rain")["markets"][0]["claim"], "96000000");
    place.does(&format!("event buy {address} yes 52 --from carl"));
    place.does("event buy snow no 52 --from carl");
    place.does("event buy fog yes 52 --from bob");
    assert!(place.does("bonded check rain").contains("is good"));
    at_price("bonded mark rain --from kim");
    at_price("bonded top-up rain 100 --from sam");
    place.does("bonded pay-in rain 5 --from sam");
    place.does("event quote rain 0.6 0.01 --from sam");
    place.does("event publish rain --from kim");
    place.does("event announce rain --from kim");

    let listing = change("bonded approve rain 500 --from owner");
    at_price(&format!("bonded graduate rain --enact {listing} --from kim"));
    place.fails("bonded open rain 25_000 --from sam", 1, "E0009");
    assert_eq!(place.json("show balance sam")["held"]["sdusd"], "59995000000");

    // the first price after its end is above the strike; the first interval after that has none, and takes none any more
    let ends: u64 = place.json("event show fog")["ends_at"].as_u64().unwrap();
    let now = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    while now() < ends + 20 {
        waits(1);
    }
    place.does("price BTC=61_000");
    for name in ["rain", "snow", "fog"] {
        place.does(&format!("event resolve {name} --from kim"));
        assert!(place.does(&format!("event show {name}")).contains("yes"));
    }
    at_price("event redeem rain --from bob");
    // carl does not come
    at_price("event redeem rain --for carl --from kim");
    place.does("event pay-in snow --from kim");
    place.does("bonded close snow --from sam");
    waits(4);
    place.does("bonded close snow --from kim");

    let end = change("shut-down ask --from owner");
    at_price(&format!("shut-down enact {end} --from kim"));
    place.fails("bonded close fog --from sam", 1, "E1012");
    place.does("event redeem fog --from bob");
    place.does("bonded close fog --from sam");
    waits(4);
    place.does("bonded close fog --from kim");

    // sam bore the 48 that bob's contracts of fog were beyond what was paid for them; the pool those of rain
    for (name, has) in
        [("sam", 110_000 - 5 - 48), ("bob", 1_000 - 104 - 52 + 200 + 100), ("carl", 200 - 104 + 100)]
    {
        let held = &place.json(&format!("show balance {name}"))["held"]["sdusd"];
        assert_eq!(held, &format!("{has}000000"), "{name}");
    }
    assert_eq!(place.json("bonded show")["totals"]["held"], "57000000");
    assert_eq!(place.json("audit")["difference"], "0");
}

/// The chain's own tool, with the keys of the network.
fn wasmd(line: &[&str]) -> Value {
    let path = std::env::var("WASMD").unwrap();
    let output = Command::new(path).args(line).args(["--output", "json"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "wasmd {line:?}: {text}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("wasmd {line:?}: {error}"))
}

/// What is in its block.
fn wasmd_tx(line: &[&str]) -> Value {
    let options = ["--from", "main", "--gas", "5000000", "--yes"];
    let sent = wasmd(&[&["tx"], line, &options].concat());
    assert_eq!(sent["code"], 0, "{sent}");
    let done = wasmd(&["query", "wait-tx", sent["txhash"].as_str().unwrap()]);
    assert_eq!(done["code"], 0, "{done}");
    done
}

/// A proposal in a file goes through its vote, and is executed.
fn is_passed(file: &Path) {
    let proposed = wasmd_tx(&["gov", "submit-proposal", file.to_str().unwrap()]);
    let attributes = proposed["events"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|event| event["attributes"].as_array().unwrap());
    let id = attributes
        .filter(|attribute| attribute["key"] == "proposal_id")
        .find_map(|found| found["value"].as_str());
    let id = id.unwrap();
    wasmd_tx(&["gov", "vote", id, "yes"]);
    for _ in 0..60 {
        let proposal = wasmd(&["query", "gov", "proposal", id]);
        match proposal["proposal"]["status"].as_str().unwrap() {
            "PROPOSAL_STATUS_VOTING_PERIOD" => std::thread::sleep(Duration::from_millis(500)),
            status => return assert_eq!(status, "PROPOSAL_STATUS_PASSED", "{proposal}"),
        }
    }
    panic!("proposal {id} was not voted on within 30 s");
}

#[test]
#[ignore = "needs a localnet with a short voting period"]
fn a_perpetual_is_listed_by_a_vote_of_the_chain_that_owns_the_market() {
    let place = Place::new("listing");
    place.does("init --manifest mine.toml");
    let path = place.0.join("mine.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("change_delay = 172_800", "change_delay = 2")).unwrap();
    place.does(&format!("deploy mine.toml --name {} --wasm {}", name(), builds()));
    place.does("give whale 1_000_000 ATOM");
    place.does("price");
    place.does("deposit 1_000_000 ATOM --from whale");

    // the market becomes the chain's: offered by its owner, and taken by a vote
    let module = wasmd(&["query", "auth", "module-account", "gov"]);
    let chain = module["account"]["value"]["address"].as_str().unwrap().to_string();
    let offer =
        serde_json::json!({"update_ownership": {"transfer_ownership": {"new_owner": chain, "expiry": null}}});
    place.tells("market", &offer.to_string(), "owner");
    let accept = place.0.join("accept.json");
    let message = serde_json::json!({
        "@type": "/cosmwasm.wasm.v1.MsgExecuteContract", "sender": chain,
        "contract": place.json("show names")["market"], "msg": {"update_ownership": "accept_ownership"}, "funds": [],
    });
    let proposal = serde_json::json!({
        "messages": [message], "metadata": "", "deposit": "1stake", "title": "Take the market", "summary": "It is ours.",
    });
    std::fs::write(&accept, proposal.to_string()).unwrap();
    is_passed(&accept);
    place.fails("list USDC --from owner", 1, "E0103");

    // and lists what the tool proposes
    place.does("list USDC --proposal listing.json --deposit 1stake");
    let proposed = place.json("list USDC")["configure"]["change"]["add_perp"]["config"].clone();
    is_passed(&place.0.join("listing.json"));
    std::thread::sleep(Duration::from_secs(4));
    place.does("price");
    place.tells("market", "{\"enact\":{\"id\":0}}", "kim");
    let perps = place.json("show perps");
    let listed = perps.as_array().unwrap().iter().find(|perp| perp["config"]["name"] == "USDC-PERP").unwrap();
    assert_eq!(listed["config"], proposed);
    assert_eq!(place.json("audit")["difference"], "0");
}
