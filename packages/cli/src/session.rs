//! Which network the commands act on. No other place knows whether it is the chain in a file or a real one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use cosmwasm_std::{Addr, Coin};
use sdp_cosmos::{Binary, Client, Cosmos, Gas, GasPrice, Keys};
use sdp_embedded::{Audits, Chain};
use sdp_network::{file, AccountBook, Answer, ChainError, Deployment, Kind, Manifest, Network};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::output::{self, Format};

/// Options of every command.
#[derive(Args)]
pub struct Options {
    /// File that the embedded chain is kept in.
    #[arg(long, global = true, value_name = "FILE", default_value = ".sdp/chain.sdp-state")]
    pub state: PathBuf,
    /// How to print.
    #[arg(long, global = true, value_enum, default_value_t = Format::Table)]
    pub output: Format,
    #[command(flatten)]
    chain: ChainOptions,
}

/// Options of a real chain.
#[derive(Args)]
#[command(next_help_heading = "Options of a real chain")]
struct ChainOptions {
    /// Act on a real chain, by this node of it: grpc://localhost:9090. Without it commands act on the embedded chain.
    #[arg(long, global = true, value_name = "URL", env = "SDP_NODE")]
    node: Option<String>,
    /// File with a BIP-39 mnemonic. A name is an account of it: a number as wallets count them, else one by its hash.
    #[arg(long, global = true, value_name = "FILE", env = "SDP_KEYS")]
    keys: Option<PathBuf>,
    /// Instead of a mnemonic: the chain's own binary, which signs with the keys of its keyring. Names are those of the keys.
    #[arg(long, global = true, value_name = "PATH")]
    keyring_binary: Option<PathBuf>,
    /// Home directory of that binary; its own default if omitted.
    #[arg(long, global = true, value_name = "DIR")]
    keyring_home: Option<PathBuf>,
    /// Backend of its keyring.
    #[arg(long, global = true, value_name = "BACKEND", default_value = "test")]
    keyring_backend: String,
    /// Record of what is deployed there.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        default_value = "deployment.json",
        env = "SDP_DEPLOYMENT"
    )]
    deployment: PathBuf,
    /// Price of gas: 0.025uatom. Nothing is paid by default.
    #[arg(long, global = true, value_name = "PRICE")]
    gas_price: Option<GasPrice>,
    /// Gas limit of each transaction; by default what a simulation uses, and 30 % on top.
    #[arg(long, global = true, value_name = "GAS")]
    gas: Option<u64>,
    /// Key that has the coins which `give` and scenarios hand out.
    #[arg(long, global = true, value_name = "KEY", default_value = "0")]
    faucet: String,
    /// What it also gives each sender that the chain has never seen: 1stake. Nothing by default.
    #[arg(long, global = true, value_name = "COIN", value_parser = crate::tx::coin, env = "SDP_FIRST_COIN")]
    first_coin: Option<Coin>,
}

/// Where the network is, and how answers are printed.
pub struct Session {
    options: Options,
}

/// Who sends a message.
#[derive(Args)]
pub struct Sender {
    /// Name of the account that sends the message.
    #[arg(long, value_name = "NAME")]
    pub from: String,
}

/// A network that commands act on.
pub enum Open {
    /// The chain in the state file.
    Embedded(Box<Chain>),
    /// A real one.
    Cosmos(Box<Cosmos>),
}

impl Open {
    /// As what both are.
    pub fn network(&mut self) -> &mut dyn Network {
        match self {
            Self::Embedded(chain) => &mut **chain,
            Self::Cosmos(chain) => &mut **chain,
        }
    }

    /// What the embedded chain audits after each message. A real one is asked for the pool's audit by whoever wants it.
    pub fn audits(&mut self, audits: Audits) {
        if let Self::Embedded(chain) = self {
            chain.audits = audits;
        }
    }

    /// All contracts by name.
    pub fn contracts(&self) -> Vec<(String, String)> {
        let names = match self {
            Self::Embedded(chain) => chain.names(),
            Self::Cosmos(chain) => chain.names(),
        };
        names.contracts().iter().map(|(name, address)| (name.clone(), address.to_string())).collect()
    }

    /// Every way in which the books don't balance: on the embedded chain every position and account is added up, on a
    /// real one, where others act in between, the pool's own audit is the judge.
    pub fn deep_audit(&mut self) -> Result<Vec<String>, ChainError> {
        match self {
            Self::Embedded(chain) => Ok(chain.deep_audit()?.iter().map(ToString::to_string).collect()),
            Self::Cosmos(chain) => match chain.check() {
                Err(ChainError { kind: Kind::Unbalanced(found), .. }) => Ok(found),
                checked => checked.map(|()| Vec::new()),
            },
        }
    }
}

/// Who has been named on a real chain, and what they paid each other: kept beside the record of the deployment.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
struct People {
    accounts: BTreeMap<String, Addr>,
    /// Markets that somebody has made from here, beside those of the deployment.
    #[serde(default)]
    contracts: BTreeMap<String, Addr>,
    book: AccountBook,
}

impl Session {
    /// A session with these options.
    pub fn new(options: Options) -> Self {
        Self { options }
    }

    /// How to print.
    pub fn format(&self) -> Format {
        self.options.output
    }

    /// File of the embedded chain.
    pub fn path(&self) -> &Path {
        &self.options.state
    }

    /// File of the record of what is deployed on a real chain.
    pub fn record_path(&self) -> &Path {
        &self.options.chain.deployment
    }

    /// Whether commands act on a real chain.
    pub fn is_real(&self) -> bool {
        self.options.chain.node.is_some()
    }

    /// Refuses a command that only the embedded chain can do.
    pub fn embedded_only(&self, command: &str, why: &str) -> Result<(), Failure> {
        match &self.options.chain.node {
            None => Ok(()),
            Some(node) => {
                Err(Failure::setup(format!("`{command}` is for the embedded chain, not for {node}: {why}")))
            }
        }
    }

    /// Refuses a command that only a real chain can do.
    pub fn real_only(&self, command: &str, why: &str) -> Result<(), Failure> {
        if self.is_real() {
            return Ok(());
        }
        Err(Failure::setup(format!("`{command}` needs a real chain (--node): {why}")))
    }

    /// The embedded chain as it is in its file.
    pub fn chain(&self) -> Result<Chain, Failure> {
        if !self.path().exists() {
            let path = self.path().display();
            return Err(Failure::setup(format!("no chain in {path}: `sdp deploy` makes one")));
        }
        Ok(Chain::load(self.path())?)
    }

    /// Keeps the embedded chain in its file.
    pub fn keep_chain(&self, chain: &Chain) -> Result<(), Failure> {
        in_directory(self.path())?;
        Ok(chain.save(self.path())?)
    }

    /// The words that keys are made of, for whoever may know them.
    pub fn words(&self) -> Result<String, Failure> {
        let path = self.options.chain.keys.as_deref();
        let path = path.ok_or_else(|| Failure::setup("--development-keys needs --keys"))?;
        let words = std::fs::read_to_string(path);
        let words = words.map_err(|error| Failure::setup(format!("{}: {error}", path.display())))?;
        Ok(words.trim().to_string())
    }

    /// The network that commands act on, with what is deployed there.
    pub fn open(&self) -> Result<Open, Failure> {
        self.opened(None)
    }

    /// The same; on a real chain `wasm` has the contracts' builds.
    pub fn open_with(&self, wasm: &Path) -> Result<Open, Failure> {
        self.opened(Some(wasm))
    }

    fn opened(&self, wasm: Option<&Path>) -> Result<Open, Failure> {
        if !self.is_real() {
            return Ok(Open::Embedded(Box::new(self.chain()?)));
        }
        let path = self.record_path();
        if !path.exists() {
            let path = path.display();
            return Err(Failure::setup(format!("no deployment in {path}: `sdp deploy` makes one")));
        }
        let record = Deployment::read(path)?;
        let people = self.people()?;
        let mut chain = self.connect(record.manifest.clone(), wasm)?;
        chain = chain.with_names(record.names(people.accounts));
        for (name, address) in people.contracts {
            chain.names_mut().add_contract(&name, address);
        }
        *chain.book_mut() = people.book;
        record.is_of(&chain)?;
        Ok(Open::Cosmos(Box::new(chain)))
    }

    /// The network for somebody who looks again and again: a real chain over one connection as long as that is kept, the embedded one read
    /// from its file anew each time.
    pub fn again<'a>(&self, connection: &'a mut Option<Open>) -> Result<&'a mut dyn Network, Failure> {
        if !self.is_real() {
            *connection = None;
        }
        let open = match connection {
            Some(open) => open,
            None => connection.insert(self.open()?),
        };
        Ok(open.network())
    }

    /// What is paid for gas on a real chain; none: nothing.
    pub fn gas_price(&self) -> Option<&GasPrice> {
        self.options.chain.gas_price.as_ref().filter(|price| !price.amount.is_zero())
    }

    /// A network on which a manifest is about to be deployed. On a real chain `wasm` has the contracts' builds.
    pub fn begin(&self, manifest: Manifest, wasm: &Path) -> Result<Open, Failure> {
        if self.is_real() {
            let chain = self.connect(manifest, Some(wasm))?;
            return Ok(Open::Cosmos(Box::new(
                chain.with_names(sdp_network::Names::new(BTreeMap::new(), self.people()?.accounts)),
            )));
        }
        Ok(Open::Embedded(Box::new(Chain::begin(manifest)?)))
    }

    fn connect(&self, manifest: Manifest, wasm: Option<&Path>) -> Result<Cosmos, Failure> {
        let options = &self.options.chain;
        let node = options.node.as_deref().unwrap_or_default();
        let mut client = Client::connect(node).map_err(ChainError::from)?;
        if let Some(keys) = self.keys().transpose()? {
            client = client.with_keys(keys);
        }
        let gas = options.gas.map_or(sdp_cosmos::Options::default().gas, Gas::Limit);
        let gas_price = options.gas_price.clone();
        let how = sdp_cosmos::Options { gas, gas_price, ..Default::default() };
        let chain = Cosmos::new(client, manifest).with_options(how);
        let chain = chain.with_faucet(&options.faucet, options.first_coin.clone());
        Ok(match wasm {
            Some(directory) => chain.with_builds(directory.to_path_buf()),
            None => chain,
        })
    }

    fn keys(&self) -> Option<Result<Keys, Failure>> {
        let options = &self.options.chain;
        if let Some(binary) = options.keyring_binary.clone() {
            let (home, backend) = (options.keyring_home.clone(), options.keyring_backend.clone());
            return Some(Ok(Keys::from_binary(Binary { binary, home, backend })));
        }
        let keys = options.keys.as_deref().map(Keys::from_mnemonic_file)?;
        Some(keys.map_err(|error| ChainError::from(error).into()))
    }

    fn people_path(&self) -> PathBuf {
        self.record_path().with_extension("people.json")
    }

    fn people(&self) -> Result<People, Failure> {
        let path = self.people_path();
        let shown = path.display();
        match std::fs::read(&path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|error| Failure::setup(format!("{shown}: {error}")))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(People::default()),
            Err(error) => Err(Failure::setup(format!("{shown}: {error}"))),
        }
    }

    /// Keeps what a command has changed.
    pub fn keep(&self, open: &Open) -> Result<(), Failure> {
        match open {
            Open::Embedded(chain) => self.keep_chain(chain),
            Open::Cosmos(chain) => {
                let (known, accounts) = (self.people()?, chain.names().accounts().clone());
                let people =
                    People { accounts, book: chain.book().clone(), contracts: known.contracts.clone() };
                if people == known {
                    return Ok(());
                }
                self.keep_people(&people)
            }
        }
    }

    /// Keeps what a contract is called that somebody has made from here: on a real chain the deployment does not know it, the embedded one keeps
    /// names itself.
    pub fn keep_contract(&self, name: &str, address: &Addr) -> Result<(), Failure> {
        if !self.is_real() {
            return Ok(());
        }
        let mut people = self.people()?;
        people.contracts.insert(name.into(), address.clone());
        self.keep_people(&people)
    }

    fn keep_people(&self, people: &People) -> Result<(), Failure> {
        let path = self.people_path();
        let shown = path.display();
        let bytes = serde_json::to_vec_pretty(people).map_err(Failure::setup)?;
        file::replace(&path, &bytes).map_err(|error| Failure::setup(format!("{shown}: {error}")))
    }

    /// Does something on the network, keeps the result, and prints what was told. Where it fails, nothing is kept.
    pub fn act(
        &self,
        action: impl FnOnce(&mut dyn Network) -> Result<Answer, ChainError>,
    ) -> Result<(), Failure> {
        let mut open = self.open()?;
        let answer = action(open.network())?;
        self.tell(open, &answer)
    }

    /// Keeps what an action has done to a network that was opened for it, and prints it.
    pub fn tell(&self, mut open: Open, answer: &Answer) -> Result<(), Failure> {
        self.keep(&open)?;
        output::answer(open.network(), answer, self.format())
    }
}

/// Makes the directory of a file, if it is missing.
fn in_directory(path: &Path) -> Result<(), Failure> {
    match path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        Some(directory) => std::fs::create_dir_all(directory).map_err(Failure::setup),
        None => Ok(()),
    }
}
