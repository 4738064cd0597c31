//! What happened on a network, written down so exactly that another one can do it again.
//!
//! A [`Recorder`] stands before a network and notes every transaction, gift and question with its block and with what
//! came of it. On a network where nobody else acts, a [`Recording`] and the deployment in it are all that is needed to go
//! through the same states again.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

use anyhow::{ensure, Context};
use cosmwasm_std::{to_json_binary, Addr, Binary, Event};
use sdp_types::pool;
use sdp_types::units::Amount;
use serde::{Deserialize, Serialize};

use crate::book::AccountBook;
use crate::deploy::Deployment;
use crate::error::{ChainError, Kind, Result};
use crate::file;
use crate::manifest::Manifest;
use crate::message::{Answer, Block, Code, Info, Message, New, Stored};
use crate::names::Names;
use crate::network::Network;

/// Version of the recordings that this reads and writes.
pub const RECORDING_VERSION: u32 = 1;

/// A run on a network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// [`RECORDING_VERSION`].
    pub version: u32,
    /// What was deployed, where and when.
    pub deployment: Deployment,
    /// Everybody who was named.
    pub accounts: BTreeMap<String, Addr>,
    /// Block time of the run's second 0, Unix seconds.
    pub start: u64,
    /// What happened, in order.
    pub entries: Vec<Entry>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Number of the scenario's step; none: it came before the first.
    pub step: Option<usize>,
    /// When.
    pub block: Block,
    /// What was asked for.
    pub act: Act,
    /// What came of it.
    pub outcome: Outcome,
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// A transaction.
    Send {
        /// Who sent it, by name.
        sender: String,
        /// Its messages.
        messages: Vec<Message>,
    },
    /// Coins for an account.
    Give {
        /// Who got them, by name.
        account: String,
        /// Which.
        denom: String,
        /// How many.
        amount: Amount,
    },
    /// A question to a contract, as of the entry's block.
    Ask {
        /// The contract.
        contract: Addr,
        /// The question, JSON.
        question: Binary,
    },
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done, and contracts told this.
    Told {
        /// In order.
        events: Vec<Event>,
    },
    /// The answer, JSON.
    Answered {
        /// As the contract gave it.
        answer: Binary,
    },
    /// It was refused.
    Refused {
        /// `E0312`, where there is one.
        code: Option<String>,
        /// Why.
        text: String,
    },
    /// A contract panicked.
    Panicked {
        /// How.
        text: String,
    },
}

impl Outcome {
    /// Of a transaction.
    pub fn of_answer(result: &Result<Answer>) -> Option<Self> {
        match result {
            Ok(answer) => Some(Self::Told { events: answer.told().cloned().collect() }),
            Err(error) => Self::of_error(error),
        }
    }

    /// Of a question.
    pub fn of_question(result: &Result<Binary>) -> Option<Self> {
        match result {
            Ok(answer) => Some(Self::Answered { answer: answer.clone() }),
            Err(error) => Self::of_error(error),
        }
    }

    /// None where nothing came of it: the network could not be asked.
    fn of_error(error: &ChainError) -> Option<Self> {
        let text = error.text.clone();
        match error.kind {
            Kind::Refused => Some(Self::Refused { code: error.code.clone(), text }),
            Kind::Panicked => Some(Self::Panicked { text }),
            // books that don't balance are found by whoever looks, after the message was done
            Kind::Unbalanced(_) | Kind::Setup => None,
        }
    }
}

impl Recording {
    /// The recording in a file.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display();
        let bytes = std::fs::read(path).with_context(|| format!("recording {shown}"))?;
        let recording: Self = serde_json::from_slice(&bytes).with_context(|| format!("recording {shown}"))?;
        let version = recording.version;
        ensure!(
            version == RECORDING_VERSION,
            "recording {shown} has version {version}, not {RECORDING_VERSION}"
        );
        Ok(recording)
    }

    /// Writes it to a file. The file is complete or what it was before.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        file::replace(path, &serde_json::to_vec_pretty(self)?)
            .with_context(|| format!("recording {}", path.display()))
    }
}

/// Entries as they come, shared by a recorder and whoever reads them.
#[derive(Clone, Debug, Default)]
pub struct Log(Rc<RefCell<Noted>>);

#[derive(Debug, Default)]
struct Noted {
    entries: Vec<Entry>,
    /// So many of them belong to a step, or are known to belong to none.
    assigned: usize,
}

impl Log {
    /// Says that all entries since the last call belong to this step, or to none.
    pub fn belongs_to(&self, step: Option<usize>) {
        let mut noted = self.0.borrow_mut();
        let assigned = noted.assigned;
        noted.entries.iter_mut().skip(assigned).for_each(|entry| entry.step = step);
        noted.assigned = noted.entries.len();
    }

    /// All entries so far; the log is empty afterwards.
    pub fn take(&self) -> Vec<Entry> {
        self.0.take().entries
    }

    fn note(&self, block: Block, act: Act, outcome: Option<Outcome>) {
        if let Some(outcome) = outcome {
            self.0.borrow_mut().entries.push(Entry { step: None, block, act, outcome });
        }
    }
}

/// A network whose transactions, gifts and questions are noted.
pub struct Recorder<'n> {
    network: &'n mut dyn Network,
    log: Log,
    /// The last block that anybody asked for.
    seen: Cell<Block>,
}

impl<'n> Recorder<'n> {
    /// Notes in `log` what happens on `network`.
    pub fn new(network: &'n mut dyn Network, log: &Log) -> Self {
        Self { network, log: log.clone(), seen: Cell::default() }
    }

    /// Notes a transaction with its block, or where it was refused before it got into one, with the last. Of what was
    /// refused nothing but that is known, so a network that can't tell its last block leaves nothing to be noted.
    fn note(&self, act: Act, result: &Result<Answer>) {
        let block = match result {
            Ok(answer) => Some(answer.block()),
            Err(error) => error.at.or_else(|| self.network.block().ok()),
        };
        if let Some(block) = block {
            self.log.note(block, act, Outcome::of_answer(result));
        }
    }
}

impl Network for Recorder<'_> {
    fn manifest(&self) -> &Manifest {
        self.network.manifest()
    }

    fn names(&self) -> &Names {
        self.network.names()
    }

    fn names_mut(&mut self) -> &mut Names {
        self.network.names_mut()
    }

    fn book(&self) -> &AccountBook {
        self.network.book()
    }

    fn book_mut(&mut self) -> &mut AccountBook {
        self.network.book_mut()
    }

    fn chain_id(&self) -> String {
        self.network.chain_id()
    }

    fn derive(&self, name: &str) -> Result<Addr> {
        self.network.derive(name)
    }

    fn block(&self) -> Result<Block> {
        let block = self.network.block()?;
        self.seen.set(block);
        Ok(block)
    }

    fn wait_until(&mut self, time: u64) -> Result<Block> {
        self.network.wait_until(time)
    }

    fn send(&mut self, sender: &str, messages: &[Message]) -> Result<Answer> {
        let result = self.network.send(sender, messages);
        let act = Act::Send { sender: sender.to_string(), messages: messages.to_vec() };
        self.note(act, &result);
        result
    }

    /// Nothing has happened, so nothing is noted.
    fn preview(&mut self, sender: &str, messages: &[Message]) -> Result<Answer> {
        self.network.preview(sender, messages)
    }

    fn wait_for_sent(&mut self, sender: &str) -> Result<()> {
        self.network.wait_for_sent(sender)
    }

    fn give_coins(&mut self, account: &str, denom: &str, amount: Amount) -> Result<Answer> {
        let result = self.network.give_coins(account, denom, amount);
        let act = Act::Give { account: account.to_string(), denom: denom.to_string(), amount };
        self.note(act, &result);
        result
    }

    fn build(&self, code: Code) -> Result<Option<String>> {
        self.network.build(code)
    }

    fn store(&mut self, sender: &str, code: Code) -> Result<(Stored, Answer)> {
        self.network.store(sender, code)
    }

    fn made(&self, creator: &str, new: &New) -> Result<Option<Addr>> {
        self.network.made(creator, new)
    }

    fn instantiate(&mut self, creator: &str, new: &New) -> Result<(Addr, Answer)> {
        self.network.instantiate(creator, new)
    }

    fn migrate(&mut self, sender: &str, contract: &Addr, code: u64, msg: &Binary) -> Result<Answer> {
        self.network.migrate(sender, contract, code, msg)
    }

    fn info(&self, contract: &Addr) -> Result<Option<Info>> {
        self.network.info(contract)
    }

    /// At a block that is known, so that the question can be asked there again. A question about a block of which only
    /// the height is known is asked, but not noted.
    fn ask(&self, contract: &Addr, question: &Binary, height: Option<u64>) -> Result<Binary> {
        let seen = self.seen.get();
        let block = match height {
            None => self.block()?,
            Some(height) if height == seen.height => seen,
            Some(_) => return self.network.ask(contract, question, height),
        };
        let result = self.network.ask(contract, question, Some(block.height));
        let act = Act::Ask { contract: contract.clone(), question: question.clone() };
        self.log.note(block, act, Outcome::of_question(&result));
        result
    }

    fn raw(&self, contract: &Addr, key: &[u8]) -> Result<Option<Vec<u8>>> {
        self.network.raw(contract, key)
    }

    fn coins(&self, address: &Addr, denom: &str) -> Result<Amount> {
        self.network.coins(address, denom)
    }

    /// Notes the pool's own audit, too.
    fn check(&self) -> Result<()> {
        self.network.check()?;
        self.ask(&self.contract("pool")?, &to_json_binary(&pool::QueryMsg::Audit {})?, None).map(drop)
    }
}
