//! Embedded chains with a manifest's contracts: new ones, and twins of other chains.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Checksum};
use sdp_network::deploy::tokens_of;
use sdp_network::deploy::Step;
use sdp_network::error::Result;
use sdp_network::scenario::{Alteration, Scenario, ScenarioError};
use sdp_network::{deploy, AccountBook, Block, ChainError, Code, Deployment, Manifest, Names, Stored};

use crate::audit::Audits;
use crate::chain::Chain;
use crate::host::{host, number, Identity, CHAIN_ID};
use crate::meter::Meter;
use crate::store::MemStore;

impl Chain {
    /// A new chain with everything in a manifest, open for providers. No price has been published yet.
    pub fn deploy(manifest: Manifest) -> Result<Self> {
        Self::deploy_altered(manifest, &[])
    }

    /// [`Self::deploy`] with contracts that lack something: to replay an incident.
    pub fn deploy_altered(manifest: Manifest, alterations: &[Alteration]) -> Result<Self> {
        let identity = Identity { alterations: alterations.to_vec(), ..Identity::default() };
        let mut chain = Self::begin_as(identity, manifest)?;
        let mut record = Deployment::unnamed(CHAIN_ID, chain.manifest.clone());
        deploy(&mut chain, &mut record, &mut |_, _, _| Ok(()))?;
        Ok(chain.ready())
    }

    /// A new chain on which a manifest is about to be deployed. Nothing is audited: there is nothing yet.
    pub fn begin(manifest: Manifest) -> Result<Self> {
        Self::begin_as(Identity::default(), manifest)
    }

    fn begin_as(identity: Identity, manifest: Manifest) -> Result<Self> {
        manifest.check().map_err(ChainError::setup)?;
        let block = Block { height: 1, time: manifest.chain.start };
        Ok(Self::empty(identity, manifest, Names::default(), block))
    }

    /// A new chain with the built-in manifest.
    pub fn built_in() -> Result<Self> {
        Self::deploy(Manifest::built_in().map_err(ChainError::setup)?)
    }

    /// A new chain with the manifest of a scenario, whose steps fit it.
    pub fn of_scenario(scenario: &Scenario) -> core::result::Result<Self, ScenarioError> {
        let manifest = scenario.manifest()?;
        scenario.check(&manifest)?;
        Self::deploy(manifest).map_err(ScenarioError::Deploy)
    }

    /// A twin of another chain as it was after a deployment: the same addresses of contracts and of these accounts, and
    /// every step at the time and height that it had there.
    pub fn replay_of(record: &Deployment, accounts: BTreeMap<String, Addr>) -> Result<Self> {
        let steps = Step::all(&record.manifest);
        let mut addresses = Vec::new();
        for (name, _) in steps.iter().filter_map(Step::makes) {
            addresses.push(record.contract(name)?.address.clone());
            for token in tokens_of(&record.manifest, name) {
                addresses.push(record.contract(&token)?.address.clone());
            }
        }
        let prefix = addresses.first().and_then(|address| address.as_str().rsplit_once('1'));
        let prefix = prefix.ok_or_else(|| ChainError::setup("the deployment has no bech32 address"))?.0;
        let checksum = |(code, stored): (&Code, &Stored)| {
            let checksum = Checksum::from_hex(&stored.checksum).map_err(ChainError::setup)?;
            Ok((number(*code), checksum))
        };
        let checksums = record.codes.iter().map(checksum).collect::<Result<_>>()?;
        let (chain_id, prefix) = (record.chain_id.clone(), prefix.into());
        let identity = Identity { chain_id, prefix, addresses, checksums, alterations: Vec::new() };
        let first = record.steps.iter().find_map(|done| done.block);
        let first = first.ok_or_else(|| ChainError::setup("the deployment has no step with a block"))?;
        let names = Names::new(BTreeMap::new(), accounts);
        let mut chain = Self::empty(identity, record.manifest.clone(), names, first);

        let again = Deployment::unnamed(&record.chain_id, record.manifest.clone());
        let mut again = Deployment { name: record.name.clone(), ..again };
        for step in steps {
            let name = step.name();
            let done = record.done(&name);
            let done = done.ok_or_else(|| ChainError::setup(format!("`{name}` has not been deployed")))?;
            match (done.block, &step) {
                (Some(block), _) => chain.set_block(block)?,
                // that a chain has a code already is no message
                (None, Step::Store(_)) => {}
                (None, _) => {
                    return Err(ChainError::setup(format!(
                        "the deployment does not know when `{name}` was done"
                    )))
                }
            }
            step.run(&mut chain, &mut again)?;
        }
        Ok(chain.ready())
    }

    fn empty(identity: Identity, manifest: Manifest, names: Names, block: Block) -> Self {
        let meter = Meter::default();
        Self {
            host: host(&identity, MemStore::default(), block, &meter),
            identity,
            manifest,
            names,
            meter,
            labels: BTreeMap::new(),
            messages: 0,
            audits: Audits::Off,
            book: AccountBook::default(),
        }
    }

    fn ready(mut self) -> Self {
        self.audits = Audits::Books;
        self.messages = 0;
        self
    }
}
