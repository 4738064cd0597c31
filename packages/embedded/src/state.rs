//! A chain in a file, so that commands can follow one another.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{ensure, Context};
use cosmwasm_std::{Addr, Binary};
use serde::{Deserialize, Serialize};

use crate::audit::Audits;
use crate::book::AccountBook;
use crate::chain::{block, host, Chain};
use crate::manifest::Manifest;
use crate::meter::Meter;

const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct State {
    version: u32,
    manifest: Manifest,
    height: u64,
    time: u64,
    messages: u64,
    contracts: BTreeMap<String, Addr>,
    accounts: BTreeSet<String>,
    book: AccountBook,
    storage: Vec<(Binary, Binary)>,
}

impl Chain {
    /// Writes the chain to a file. The file is complete or what it was before.
    pub fn save(&self, path: &Path) -> anyhow::Result<()> {
        let entries = self.store().entries();
        let state = State {
            version: VERSION,
            manifest: self.manifest.clone(),
            height: self.height(),
            time: self.now(),
            messages: self.messages,
            contracts: self.contracts.clone(),
            accounts: self.accounts.clone(),
            book: self.book.clone(),
            storage: entries.map(|(key, value)| (key.into(), value.into())).collect(),
        };
        let unfinished = path.with_extension("unfinished");
        let shown = path.display();
        std::fs::write(&unfinished, serde_json::to_vec(&state)?).with_context(|| format!("state {shown}"))?;
        std::fs::rename(&unfinished, path).with_context(|| format!("state {shown}"))
    }

    /// The chain in a file.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display();
        let bytes = std::fs::read(path).with_context(|| format!("state {shown}"))?;
        let state: State = serde_json::from_slice(&bytes).with_context(|| format!("state {shown}"))?;
        ensure!(state.version == VERSION, "state {shown} has version {}, not {VERSION}", state.version);
        let meter = Meter::default();
        let entries = state.storage.into_iter().map(|(key, value)| (key.to_vec(), value.to_vec()));
        Ok(Self {
            host: host(entries.collect(), block(state.height, state.time), &meter),
            manifest: state.manifest,
            contracts: state.contracts,
            accounts: state.accounts,
            meter,
            messages: state.messages,
            audits: Audits::Books,
            book: state.book,
        })
    }
}
