//! A chain in a file, so that commands can follow one another.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{ensure, Context};
use cosmwasm_std::Binary;
use sdp_network::{file, AccountBook, Block, Manifest, Names};
use serde::{Deserialize, Serialize};

use crate::audit::Audits;
use crate::chain::Chain;
use crate::host::{host, Identity};
use crate::meter::Meter;

const VERSION: u32 = 2;

#[derive(Serialize, Deserialize)]
struct State {
    version: u32,
    chain_id: String,
    prefix: String,
    manifest: Manifest,
    block: Block,
    messages: u64,
    names: Names,
    book: AccountBook,
    storage: Vec<(Binary, Binary)>,
}

impl Chain {
    /// Writes the chain to a file. The file is complete or what it was before.
    pub fn save(&self, path: &Path) -> anyhow::Result<()> {
        let entries = self.store().entries();
        let state = State {
            version: VERSION,
            chain_id: self.identity.chain_id.clone(),
            prefix: self.identity.prefix.clone(),
            manifest: self.manifest.clone(),
            block: Block { height: self.height(), time: self.now() },
            messages: self.messages,
            names: self.names.clone(),
            book: self.book.clone(),
            storage: entries.map(|(key, value)| (key.into(), value.into())).collect(),
        };
        let shown = path.display();
        file::replace(path, &serde_json::to_vec(&state)?).with_context(|| format!("state {shown}"))
    }

    /// The chain in a file.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display();
        let bytes = std::fs::read(path).with_context(|| format!("state {shown}"))?;
        let state: State = serde_json::from_slice(&bytes).with_context(|| format!("state {shown}"))?;
        ensure!(state.version == VERSION, "state {shown} has version {}, not {VERSION}", state.version);
        let meter = Meter::default();
        let entries = state.storage.into_iter().map(|(key, value)| (key.to_vec(), value.to_vec()));
        // every contract that has an address given has it by now
        let (addresses, checksums) = (Vec::new(), BTreeMap::new());
        let (chain_id, prefix) = (state.chain_id, state.prefix);
        let identity = Identity { chain_id, prefix, addresses, checksums, alterations: Vec::new() };
        Ok(Self {
            host: host(&identity, entries.collect(), state.block, &meter),
            identity,
            manifest: state.manifest,
            names: state.names,
            meter,
            labels: BTreeMap::new(),
            messages: state.messages,
            audits: Audits::Books,
            book: state.book,
        })
    }
}
