//! A real chain as a [`Network`]: what is deployed there is reached by name, like on the embedded chain.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use cosmrs::proto::cosmwasm::wasm::v1::{MsgExecuteContractResponse, MsgInstantiateContract2Response};
use cosmrs::proto::traits::Message as _;
use cosmrs::{AccountId, Any};
use cosmwasm_std::{Addr, Binary, Coin, Event, HexBinary};
use sdp_network::error::Result;
use sdp_network::{
    AccountBook, Answer, Block, ChainError, Code, Dispatched, Info, Kind, Manifest, Message, Names, Network,
    New, Outgoing, Stored, FAUCET,
};
use sdp_types::units::Amount;

use crate::client::Client;
use crate::error::Error;
use crate::gas::{Gas, Options};
use crate::outcome::Outcome;
use crate::{bank, wasm};

/// How often the chain is asked for the time while it is waited for.
const TICK: Duration = Duration::from_millis(100);

/// A real chain with what is, or is about to be, deployed there.
///
/// Accounts are the client's signers by name. The account [`FAUCET`] is the signer that has the coins: what it is called among
/// the keys is a setting, and it also gives every account that the chain does not know its first coin, if it is told so.
#[derive(Debug)]
pub struct Cosmos {
    client: Client,
    manifest: Manifest,
    names: Names,
    book: AccountBook,
    builds: Option<PathBuf>,
    faucet: String,
    first_coin: Option<Coin>,
    options: Options,
    audits: bool,
}

impl Cosmos {
    /// A chain on which nothing is known to be deployed. The faucet is the signer of that very name.
    pub fn new(client: Client, manifest: Manifest) -> Self {
        Self {
            client,
            manifest,
            names: Names::default(),
            book: AccountBook::default(),
            builds: None,
            faucet: FAUCET.into(),
            first_coin: None,
            options: Options::default(),
            audits: false,
        }
    }

    /// Contracts and accounts that are known already.
    #[must_use]
    pub fn with_names(self, names: Names) -> Self {
        Self { names, ..self }
    }

    /// The directory that `scripts/build-wasm` leaves contracts in.
    #[must_use]
    pub fn with_builds(self, directory: PathBuf) -> Self {
        Self { builds: Some(directory), ..self }
    }

    /// The signer that has the coins, and what it gives to a signer that the chain does not know before that one's first
    /// message; none: nothing.
    #[must_use]
    pub fn with_faucet(self, signer: &str, first_coin: Option<Coin>) -> Self {
        Self { faucet: signer.into(), first_coin, ..self }
    }

    /// How transactions are sent. With simulated gas a refused message gets into no block; with a limit it does.
    #[must_use]
    pub fn with_options(self, options: Options) -> Self {
        Self { options, ..self }
    }

    /// Whether the pool is audited after each transaction, like on the embedded chain.
    #[must_use]
    pub fn with_audits(self, audits: bool) -> Self {
        Self { audits, ..self }
    }

    /// The connection.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// What the keys call an account.
    fn signer<'a>(&'a self, name: &'a str) -> &'a str {
        let name = self
            .names
            .accounts()
            .iter()
            .find(|(_, address)| address.as_str() == name)
            .map_or(name, |(name, _)| name);
        if name == FAUCET {
            &self.faucet
        } else {
            name
        }
    }

    /// Sends one transaction. A signer that the chain does not know gets its first coin before.
    fn transact(&self, sender: &str, messages: Vec<Any>) -> Result<Outcome> {
        let signer = self.signer(sender);
        let sent = self.client.broadcast(signer, messages.clone(), &self.options);
        let outcome = match (sent, &self.first_coin) {
            // Such a signer has signed nothing, so nothing was sent.
            (Err(Error::NoAccount { address }), Some(coin)) if signer != self.faucet => {
                let from = self.client.address(&self.faucet)?;
                let welcome = bank::send(&from, &address, std::slice::from_ref(coin));
                self.client.broadcast(&self.faucet, vec![welcome], &self.options)?;
                self.client.broadcast(signer, messages, &self.options)?
            }
            (sent, _) => sent?,
        };
        Ok(outcome)
    }

    fn code(&self, id: u64) -> Result<Stored> {
        let code = self.client.code(id)?;
        let code = code.ok_or_else(|| ChainError::setup(format!("no code {id} on the chain")))?;
        Ok(Stored { id, checksum: code.checksum.to_hex() })
    }

    /// A code's wasm as it is built at hand.
    fn wasm(&self, code: Code) -> Result<Option<Vec<u8>>> {
        let Some(directory) = &self.builds else { return Ok(None) };
        let path = directory.join(code.file());
        match std::fs::read(&path) {
            Ok(wasm) => Ok(Some(wasm)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ChainError::setup(format!("{}: {error}", path.display()))),
        }
    }
}

impl Network for Cosmos {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn names(&self) -> &Names {
        &self.names
    }

    fn names_mut(&mut self) -> &mut Names {
        &mut self.names
    }

    fn book(&self) -> &AccountBook {
        &self.book
    }

    fn book_mut(&mut self) -> &mut AccountBook {
        &mut self.book
    }

    fn chain_id(&self) -> String {
        self.client.chain_id().to_string()
    }

    fn derive(&self, name: &str) -> Result<Addr> {
        let given = name.starts_with(self.client.prefix()).then(|| name.parse::<AccountId>().ok()).flatten();
        match given.filter(|address| address.prefix() == self.client.prefix()) {
            Some(address) => Ok(Addr::unchecked(address)),
            None => Ok(Addr::unchecked(self.client.address(self.signer(name))?)),
        }
    }

    fn block(&self) -> Result<Block> {
        let block = self.client.latest_block()?;
        Ok(Block { height: block.height, time: block.time.seconds() })
    }

    fn wait_until(&mut self, time: u64) -> Result<Block> {
        let (mut last, mut seen) = (0, Instant::now());
        loop {
            let block = self.block()?;
            if block.time >= time {
                return Ok(block);
            }
            if block.height > last {
                (last, seen) = (block.height, Instant::now());
            } else if seen.elapsed() >= self.options.timeout {
                let waited = self.options.timeout.as_secs();
                return Err(ChainError::setup(format!("no block has followed {last} for {waited} s")));
            }
            std::thread::sleep(TICK);
        }
    }

    fn send(&mut self, sender: &str, messages: &[Message]) -> Result<Answer> {
        let from = self.introduce(sender)?;
        let outcome = self.transact(sender, of(&from, messages))?;
        if self.audits {
            self.check()?;
        }
        Ok(executed(outcome))
    }

    fn preview(&mut self, sender: &str, messages: &[Message]) -> Result<Answer> {
        let from = self.introduce(sender)?;
        let told = self.client.try_out(self.signer(sender), of(&from, messages))?;
        let block = self.block()?;
        Ok(Answer {
            events: without_index(told.events),
            data: None,
            at: block.time,
            height: told.height.unwrap_or(block.height),
            gas_used: Some(told.gas),
            hash: None,
        })
    }

    fn gas_limit(&self, previewed: u64) -> u64 {
        // what others do in between changes it a little
        previewed.saturating_mul(13).div_ceil(10)
    }

    fn dispatch(&mut self, sender: &str, outgoing: &Outgoing) -> Result<Dispatched> {
        let from = self.introduce(sender)?;
        let gas = outgoing.gas.map_or(self.options.gas, |gas| Gas::Limit(self.gas_limit(gas)));
        let options = Options { gas, ..self.options.clone() };
        let messages = of(&from, &outgoing.messages);
        Ok(Dispatched::Flying(self.client.send(self.signer(sender), &messages, &options)?))
    }

    fn landed(&self, hash: &str) -> Result<Option<Result<Answer>>> {
        let found = self.client.find(hash)?;
        Ok(found.map(|outcome| Ok(executed(outcome.accepted()?))))
    }

    fn wait_for_sent(&mut self, sender: &str) -> Result<()> {
        let start = Instant::now();
        while self.client.has_more_to_come(self.signer(sender))? {
            if start.elapsed() >= self.options.timeout {
                let waited = self.options.timeout.as_secs();
                return Err(ChainError::setup(format!(
                    "what {sender} has sent is in no block after {waited} s"
                )));
            }
            std::thread::sleep(TICK);
        }
        Ok(())
    }

    fn give_coins(&mut self, account: &str, denom: &str, amount: Amount) -> Result<Answer> {
        let to = self.introduce(account)?;
        let coins = vec![Coin::new(amount.raw(), denom)];
        self.send(FAUCET, &[Message::Send { to, coins }])
    }

    fn build(&self, code: Code) -> Result<Option<String>> {
        let wasm = self.wasm(code)?;
        Ok(wasm.map(|wasm| wasm::checksum(&wasm)).transpose()?.map(|checksum| checksum.to_hex()))
    }

    fn store(&mut self, sender: &str, code: Code) -> Result<(Stored, Answer)> {
        let wasm = self.wasm(code)?;
        let wasm =
            wasm.ok_or_else(|| ChainError::setup(format!("no {} at hand to be stored", code.file())))?;
        let checksum = wasm::checksum(&wasm)?;
        if let Some(known) = self.client.codes()?.into_iter().find(|known| known.checksum == checksum) {
            return Ok((Stored { id: known.id, checksum: checksum.to_hex() }, Answer::default()));
        }
        let from = self.introduce(sender)?;
        let outcome = self.transact(sender, vec![wasm::store(from.as_str(), &wasm)?])?;
        let id = wasm::stored(&outcome)?;
        Ok((Stored { id, checksum: checksum.to_hex() }, answer(outcome, None)))
    }

    fn made(&self, creator: &str, new: &New) -> Result<Option<Addr>> {
        let creator = self.address(creator)?;
        let checksum = HexBinary::from_hex(&new.code.checksum)?;
        let salt = new.label.as_bytes();
        let address = self.client.instantiate2_address(&checksum, creator.as_str(), salt)?;
        Ok(self.client.contract_info(&address)?.map(|_| Addr::unchecked(address)))
    }

    fn instantiate(&mut self, creator: &str, new: &New) -> Result<(Addr, Answer)> {
        let from = self.introduce(creator)?;
        let admin = new.admin.as_deref().map(|name| self.introduce(name)).transpose()?;
        let contract = wasm::New {
            code: new.code.id,
            salt: new.label.as_bytes(),
            label: &new.label,
            admin: admin.as_ref().map(Addr::as_str),
            funds: &[],
        };
        let message = wasm::instantiate2_json(from.as_str(), &contract, new.msg.to_vec());
        let outcome = self.transact(creator, vec![message])?;
        let made: MsgInstantiateContract2Response = outcome.answer(0)?;
        Ok((Addr::unchecked(made.address), answer(outcome, None)))
    }

    fn migrate(&mut self, sender: &str, contract: &Addr, code: u64, msg: &Binary) -> Result<Answer> {
        let from = self.introduce(sender)?;
        let message = wasm::migrate_json(from.as_str(), contract.as_str(), code, msg.to_vec());
        Ok(answer(self.transact(sender, vec![message])?, None))
    }

    fn info(&self, contract: &Addr) -> Result<Option<Info>> {
        let Some(info) = self.client.contract_info(contract.as_str())? else { return Ok(None) };
        Ok(Some(Info {
            code: self.code(info.code)?,
            creator: Addr::unchecked(info.creator),
            admin: info.admin.map(Addr::unchecked),
        }))
    }

    fn ask(&self, contract: &Addr, question: &Binary, height: Option<u64>) -> Result<Binary> {
        Ok(self.client.smart_json(contract.as_str(), question.to_vec(), height)?.value.into())
    }

    fn raw(&self, contract: &Addr, key: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(self.client.raw(contract.as_str(), key)?)
    }

    fn coins(&self, address: &Addr, denom: &str) -> Result<Amount> {
        Ok(Amount::new(self.client.balance(address.as_str(), denom)?.u128()))
    }
}

/// Messages of an account, as the chain takes them.
fn of(from: &Addr, messages: &[Message]) -> Vec<Any> {
    let message = |message: &Message| match message {
        Message::Execute { contract, msg, funds } => {
            wasm::execute_json(from.as_str(), contract.as_str(), msg.to_vec(), funds)
        }
        Message::Send { to, coins } => bank::send(from.as_str(), to.as_str(), coins),
    };
    messages.iter().map(message).collect()
}

/// The outcome of a transaction of messages, with what the last one answered.
fn executed(outcome: Outcome) -> Answer {
    let last = outcome.data.last().filter(|any| any.type_url.ends_with("MsgExecuteContractResponse"));
    let data = last.and_then(|any| MsgExecuteContractResponse::decode(any.value.as_slice()).ok());
    let data = data.map(|answer| answer.data).filter(|data| !data.is_empty());
    answer(outcome, data)
}

/// Events without what only a chain puts there.
fn without_index(mut events: Vec<Event>) -> Vec<Event> {
    for event in &mut events {
        event.attributes.retain(|attribute| attribute.key != "msg_index");
    }
    events
}

/// The contracts' part of an outcome, as any network tells it.
fn answer(outcome: Outcome, data: Option<Vec<u8>>) -> Answer {
    Answer {
        events: without_index(outcome.events),
        data: data.map(Binary::from),
        at: outcome.time.seconds(),
        height: outcome.height,
        gas_used: Some(outcome.gas_used),
        hash: Some(outcome.hash),
    }
}

impl From<Error> for ChainError {
    fn from(error: Error) -> Self {
        let block = |outcome: &Outcome| Block { height: outcome.height, time: outcome.time.seconds() };
        let (text, at) = (error.to_string(), error.outcome().map(block));
        let (kind, code) = match error {
            Error::Refused(refusal) if refusal.crashed => (Kind::Panicked, None),
            Error::Refused(refusal) => (Kind::Refused, refusal.code),
            Error::OutOfGas { .. } => (Kind::Refused, None),
            _ => (Kind::Setup, None),
        };
        Self { kind, code, text, at }
    }
}
