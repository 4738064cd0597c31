//! The record of a deployment, `deployment.json`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{ensure, Context};
use cosmwasm_std::Addr;
use serde::{Deserialize, Serialize};

use super::step::Step;
use crate::error::{ChainError, Result};
use crate::manifest::Manifest;
use crate::message::{Block, Code, Stored};
use crate::names::Names;
use crate::network::Network;

/// Version of the record that this reads and writes.
pub const RECORD_VERSION: u32 = 1;

/// What has been deployed so far, where, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deployment {
    /// [`RECORD_VERSION`].
    pub version: u32,
    /// The chain's own name.
    pub chain_id: String,
    /// What labels of contracts begin with: another name, another deployment, of the same manifest too.
    pub name: String,
    /// SHA-256 of the manifest.
    pub manifest_sha256: String,
    /// Codes by kind.
    pub codes: BTreeMap<Code, Stored>,
    /// Contracts by name.
    pub contracts: BTreeMap<String, Contract>,
    /// Steps that are done, in order.
    pub steps: Vec<Done>,
    /// The manifest itself.
    pub manifest: Manifest,
}

/// One contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// Where it is.
    pub address: Addr,
    /// What it is.
    pub kind: Code,
    /// The code that it runs.
    pub code: Stored,
}

/// A step that is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Its name.
    pub step: String,
    /// The block that it is in; none if it was found done, by a deployment whose record was lost.
    pub block: Option<Block>,
    /// Its transaction's hash, where there is such a thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
}

impl Deployment {
    /// Nothing is deployed yet. The name is that of the manifest's hash.
    pub fn new(chain_id: &str, manifest: Manifest) -> anyhow::Result<Self> {
        let hash = manifest.hash()?;
        let name = format!("sdp-{}", hash.get(..12).unwrap_or(&hash));
        Ok(Self { name, manifest_sha256: hash, ..Self::unnamed(chain_id, manifest) })
    }

    /// A record that nobody will read from a file, of a chain that has one deployment: without hash, and with the
    /// chain's name.
    pub fn unnamed(chain_id: &str, manifest: Manifest) -> Self {
        Self {
            version: RECORD_VERSION,
            chain_id: chain_id.to_string(),
            name: chain_id.to_string(),
            manifest_sha256: String::new(),
            codes: BTreeMap::new(),
            contracts: BTreeMap::new(),
            steps: Vec::new(),
            manifest,
        }
    }

    /// The record in a file.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display();
        let bytes = std::fs::read(path).with_context(|| format!("deployment {shown}"))?;
        let record: Self = serde_json::from_slice(&bytes).with_context(|| format!("deployment {shown}"))?;
        let version = record.version;
        ensure!(version == RECORD_VERSION, "deployment {shown} has version {version}, not {RECORD_VERSION}");
        Ok(record)
    }

    /// Writes the record to a file. The file is complete or what it was before.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        crate::file::replace(path, &serde_json::to_vec_pretty(self)?)
            .with_context(|| format!("deployment {}", path.display()))
    }

    /// All contracts by name; the first market is also called `market`.
    pub fn addresses(&self) -> BTreeMap<String, Addr> {
        let all = self.contracts.iter().map(|(name, contract)| (name.clone(), contract.address.clone()));
        let mut all: BTreeMap<_, _> = all.collect();
        let first = self.manifest.markets.first().and_then(|market| self.contracts.get(&market.name));
        if let Some(market) = first {
            all.insert("market".into(), market.address.clone());
        }
        all
    }

    /// An address book with all contracts, and with these accounts.
    pub fn names(&self, accounts: BTreeMap<String, Addr>) -> Names {
        Names::new(self.addresses(), accounts)
    }

    /// Whether every step is done.
    pub fn is_complete(&self) -> bool {
        Step::all(&self.manifest).iter().all(|step| self.done(&step.name()).is_some())
    }

    /// A step, if it is done.
    pub fn done(&self, step: &str) -> Option<&Done> {
        self.steps.iter().find(|done| done.step == step)
    }

    /// A contract that has been made.
    pub fn contract(&self, name: &str) -> Result<&Contract> {
        let found = self.contracts.get(name);
        found.ok_or_else(|| ChainError::setup(format!("no contract `{name}` in the deployment")))
    }

    pub(super) fn code(&self, code: Code) -> Result<&Stored> {
        let found = self.codes.get(&code);
        found.ok_or_else(|| ChainError::setup(format!("no code `{code}` in the deployment")))
    }

    pub(super) fn note(&mut self, step: &Step, block: Option<Block>, hash: Option<String>) {
        self.steps.push(Done { step: step.name(), block, hash });
    }

    /// Refuses a network that this is not the record of: another chain, or another manifest.
    pub fn is_of(&self, network: &dyn Network) -> Result<()> {
        let (ours, theirs) = (&self.chain_id, network.chain_id());
        if *ours != theirs {
            return Err(ChainError::setup(format!(
                "this is chain `{theirs}`, the deployment is of `{ours}`"
            )));
        }
        if self.manifest != *network.manifest() {
            let text =
                "the manifest is not the one that this deployment was begun with; another `name` or another \
                        record begins a new deployment";
            return Err(ChainError::setup(text));
        }
        Ok(())
    }

    pub(super) fn tell_names(&self, network: &mut dyn Network) -> Result<()> {
        for (name, address) in self.addresses() {
            network.names_mut().add_contract(&name, address);
        }
        let roles = network.manifest().roles.clone();
        for name in roles.publishers.iter().chain(&roles.guardian).chain([&roles.owner]) {
            network.introduce(name)?;
        }
        Ok(())
    }
}
