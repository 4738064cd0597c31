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
    assert_eq!(migrated.lines().filter(|line| line.contains("runs this build already")).count(), 6);
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
