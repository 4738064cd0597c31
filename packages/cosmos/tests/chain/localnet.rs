//! A network of a test's own, and where nodes are.

use std::path::{Path, PathBuf};
use std::process::Command;

use sdp_cosmos::{Client, Keys};
use serde_json::Value;
use tempfile::TempDir;

/// Where a node answers.
#[derive(Clone, Debug)]
pub struct Node {
    /// `grpc://…`
    pub grpc: String,
    /// `http://…` of CometBFT.
    pub rpc: String,
    /// `http://…` of the REST interface.
    pub rest: String,
}

impl Node {
    /// The node of the network whose `network.env` was sourced.
    pub fn shared() -> Self {
        let [rpc, rest] = ["SDP_RPC", "SDP_REST"].map(crate::common::variable);
        Self { grpc: crate::common::node(), rpc, rest }
    }

    /// A JSON answer of its REST interface; none while it does not answer.
    pub fn rest(&self, path: &str) -> Option<Value> {
        serde_json::from_str(&get(&format!("{}{path}", self.rest), None)?.ok()?).ok()
    }

    /// A JSON answer of CometBFT; none while it does not answer.
    pub fn rpc(&self, path: &str) -> Option<Value> {
        let answer: Value = serde_json::from_str(&get(&format!("{}{path}", self.rpc), None)?.ok()?).ok()?;
        answer.get("result").cloned()
    }

    /// Height of its last block.
    pub fn height(&self) -> Option<u64> {
        self.rpc("/status")?["sync_info"]["latest_block_height"].as_str()?.parse().ok()
    }

    /// Sequence of an account.
    pub fn sequence(&self, address: &str) -> u64 {
        let answer = self.rest(&format!("/cosmos/auth/v1beta1/account_info/{address}")).unwrap();
        answer["info"]["sequence"].as_str().unwrap().parse().unwrap()
    }
}

/// The text behind an address, as of a height: an answer or a failure; none where nobody answers.
pub fn get(url: &str, height: Option<u64>) -> Option<Result<String, String>> {
    let mut request = ureq::get(url).config().http_status_as_error(false).build();
    if let Some(height) = height {
        request = request.header("x-cosmos-block-height", height.to_string());
    }
    let answer = request.call().ok()?;
    let good = answer.status().is_success();
    let text = answer.into_body().read_to_string().ok()?;
    Some(if good { Ok(text) } else { Err(text) })
}

/// A network in a folder of its own, that ends with this.
pub struct Localnet {
    folder: TempDir,
    nodes: Vec<Node>,
}

impl Localnet {
    /// A new network.
    pub fn up(validators: usize) -> Self {
        Self::start(&["--validators", &validators.to_string()])
    }

    /// A network that goes on from a genesis, with the keys of the one that it came from.
    pub fn up_from(genesis: &Path, from: &Self) -> Self {
        Self::start(&["--genesis", text(genesis), "--from", text(&from.path())])
    }

    fn start(options: &[&str]) -> Self {
        let folder = tempfile::Builder::new().prefix("sdp-localnet-").tempdir().unwrap();
        let mut network = Self { folder, nodes: vec![] };
        network.run("up", options);
        network.read();
        network
    }

    /// All of it, stopped, from its data.
    pub fn up_again(&mut self) {
        self.run("up", &[]);
        // ports may be others
        self.read();
    }

    fn read(&mut self) {
        let record = std::fs::read(self.path().join("network.json")).unwrap();
        let record: Value = serde_json::from_slice(&record).unwrap();
        let address = |node: &Value, kind: &str| node[kind].as_str().unwrap().to_string();
        let nodes = record["validators"].as_array().unwrap().iter().map(|node| Node {
            grpc: address(node, "grpc").replace("http://", "grpc://"),
            rpc: address(node, "rpc"),
            rest: address(node, "rest"),
        });
        self.nodes = nodes.collect();
    }

    /// `up` makes it, so that it must not be there before.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("net")
    }

    /// Its validators.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// A client of these validators, the first one first, with keys of which account 0 has plenty of coins.
    pub fn client(&self, validators: &[usize]) -> Client {
        let urls: Vec<_> = validators.iter().map(|number| self.nodes[*number].grpc.as_str()).collect();
        let keys = Keys::from_mnemonic_file(&self.path().join("mnemonic")).unwrap();
        Client::connect(&urls.join(",")).unwrap().with_keys(keys)
    }

    /// Ends a validator's process at once.
    pub fn kill(&self, validator: usize) {
        self.run("kill", &[&validator.to_string()]);
    }

    /// Starts a validator that has ended.
    pub fn start_again(&self, validator: usize) {
        self.run("start", &[&validator.to_string()]);
    }

    /// Ends all processes in order; the data stays.
    pub fn down(&self) {
        self.run("down", &[]);
    }

    /// The state after the last block as a genesis, of a network that is down.
    pub fn export(&self) -> Value {
        let wasmd = self.path().join("wasmd");
        let home = self.path().join("node0");
        let file = self.path().join("exported.json");
        let arguments = ["export", "--home", text(&home), "--output-document", text(&file)];
        let output = Command::new(wasmd).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
    }

    fn run(&self, command: &str, options: &[&str]) {
        let output = self.script(command).args(options).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        assert!(output.status.success(), "localnet {command}: {}", String::from_utf8_lossy(&said));
    }

    fn script(&self, command: &str) -> Command {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/localnet");
        let mut run = Command::new(script);
        run.arg(command).arg("--dir").arg(self.path());
        run
    }
}

impl Drop for Localnet {
    fn drop(&mut self) {
        // What nobody can be told any more is told here.
        match self.script("down").arg("--purge").output() {
            Ok(output) if output.status.success() => {}
            other => eprintln!("a network may be left in {}: {other:?}", self.path().display()),
        }
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
