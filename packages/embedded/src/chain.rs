//! The chain in a process: all contracts of a manifest, an address book, a clock, and an audit after every message.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Api, BankMsg, Coin, Storage};
use cw_multi_test::Executor;
use sdp_network::error::Result;
use sdp_network::{AccountBook, Actions, Answer, Block, ChainError, Manifest, Names};
use serde::Serialize;

use crate::audit::Audits;
use crate::host::{info, Host, Identity};
use crate::meter::{Call, Meter};
use crate::store::MemStore;

/// A chain with all contracts of a manifest: the [`sdp_network::Network`] that needs no other machine.
///
/// Accounts are named; whoever is named for the first time gets an address that follows from the name. Messages run at
/// the present block time, which only [`Self::advance`], [`Self::at`], [`Self::set_block`] and whatever waits move.
pub struct Chain {
    pub(crate) host: Host,
    pub(crate) identity: Identity,
    pub(crate) manifest: Manifest,
    pub(crate) names: Names,
    pub(crate) meter: Meter,
    /// Contracts made in this process, by label.
    pub(crate) labels: BTreeMap<String, Addr>,
    pub(crate) messages: u64,
    /// What is audited after each message. [`Audits::Books`] at first.
    pub audits: Audits,
    /// What accounts paid each other outside of the chain.
    pub book: AccountBook,
}

/// Everything that a chain needs to go back to where it was.
#[derive(Clone)]
pub struct Snapshot {
    store: MemStore,
    block: Block,
    book: AccountBook,
}

impl Chain {
    /// What was deployed.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Messages executed so far, refused ones included.
    pub fn messages(&self) -> u64 {
        self.messages
    }

    /// The counter of storage access, off at first.
    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    // names

    /// The address of a name: a contract's, or the account's of that name. A bech32 address is taken as it is.
    pub fn address(&self, name: &str) -> Addr {
        if let Some(address) = self.names.address(name) {
            return address.clone();
        }
        let api = self.host.api();
        let given = name.starts_with(&self.identity.prefix).then(|| api.addr_validate(name).ok()).flatten();
        given.unwrap_or_else(|| api.addr_make(name))
    }

    /// All contracts by name.
    pub fn contracts(&self) -> &BTreeMap<String, Addr> {
        self.names.contracts()
    }

    /// All accounts that have been used, by name.
    pub fn accounts(&self) -> &BTreeMap<String, Addr> {
        self.names.accounts()
    }

    /// Notes that an account exists, so that its name is known by its address.
    pub fn introduce(&mut self, name: &str) -> Addr {
        if let Some(address) = self.names.address(name) {
            return address.clone();
        }
        let address = self.address(name);
        self.names.add_account(name, address.clone());
        address
    }

    // clock

    /// Block time, Unix seconds.
    pub fn now(&self) -> u64 {
        self.host.block_info().time.seconds()
    }

    /// Seconds since the first block.
    pub fn elapsed(&self) -> u64 {
        self.now().saturating_sub(self.manifest.chain.start)
    }

    /// Block height.
    pub fn height(&self) -> u64 {
        self.host.block_info().height
    }

    /// A block so many seconds later.
    pub fn advance(&mut self, seconds: u64) {
        let next = Block { height: self.height() + 1, time: self.now() + seconds };
        self.host.set_block(info(&self.identity.chain_id, next));
    }

    /// A block so many seconds after the first. Refused if that is in the past.
    pub fn at(&mut self, seconds: u64) -> Result<()> {
        let wait = seconds.checked_sub(self.elapsed());
        let wait = wait.ok_or_else(|| ChainError::setup(format!("second {seconds} is in the past")))?;
        if wait > 0 {
            self.advance(wait);
        }
        Ok(())
    }

    /// Exactly this block. Refused if it is in the past.
    pub fn set_block(&mut self, block: Block) -> Result<()> {
        let now = Block { height: self.height(), time: self.now() };
        if block.height < now.height || block.time < now.time {
            let text = format!(
                "block {} of second {} comes before block {} of second {}",
                block.height, block.time, now.height, now.time
            );
            return Err(ChainError::setup(text));
        }
        self.host.set_block(info(&self.identity.chain_id, block));
        Ok(())
    }

    /// [`Actions::execute`], and what each contract call in it read and wrote.
    pub fn measure(
        &mut self,
        sender: &str,
        contract: &str,
        msg: &impl Serialize,
        funds: &[Coin],
    ) -> Result<(Answer, Vec<Call>)> {
        let audits = std::mem::replace(&mut self.audits, Audits::Off);
        self.meter.start();
        let answer = self.execute(sender, contract, msg, funds);
        let calls = self.meter.stop();
        self.audits = audits;
        let answer = answer?;
        self.audit_as_set()?;
        Ok((answer, calls))
    }

    /// A contract's storage.
    pub fn storage(&self, contract: &Addr) -> Box<dyn Storage + '_> {
        self.host.contract_storage(contract)
    }

    /// Moves coins out of any account, a contract's too, as no message could: to test that audits notice.
    pub fn force_send(&mut self, from: &Addr, to: &str, coins: Vec<Coin>) -> Result<()> {
        let to_address = self.introduce(to).into_string();
        self.host.execute(from.clone(), BankMsg::Send { to_address, amount: coins }.into())?;
        Ok(())
    }

    // back

    /// Where the chain is now.
    pub fn snapshot(&self) -> Snapshot {
        let block = Block { height: self.height(), time: self.now() };
        Snapshot { store: self.host.storage().clone(), block, book: self.book.clone() }
    }

    /// Back to a snapshot of the same chain.
    pub fn restore(&mut self, snapshot: &Snapshot) {
        *self.host.storage_mut() = snapshot.store.clone();
        self.host.set_block(info(&self.identity.chain_id, snapshot.block));
        self.book = snapshot.book.clone();
    }

    /// All that is stored on the chain.
    pub fn store(&self) -> &MemStore {
        self.host.storage()
    }
}
