//! A chain behind a bad line: it doesn't answer, tells late what became of a transaction, or never gets it.

use std::cell::Cell;
use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Binary};
use sdp_embedded::World;
use sdp_network::error::Result;
use sdp_network::{
    AccountBook, Answer, Block, ChainError, Code, Dispatched, Info, Manifest, Message, Names, Network, New,
    Outgoing, Stored,
};
use sdp_types::units::Amount;

/// What a transaction of this chain takes.
pub const GAS: u64 = 900_000;

pub struct Line {
    pub world: World,
    /// So many questions for a block or a transaction fail.
    pub down: Cell<u32>,
    /// So many questions for a transaction are answered with "not yet", each.
    pub late: u32,
    /// What is sent gets nowhere.
    pub drops: bool,
    landed: BTreeMap<String, (Cell<u32>, Result<Answer>)>,
}

impl Line {
    pub fn to(world: World) -> Self {
        Self { world, down: Cell::new(0), late: 0, drops: false, landed: BTreeMap::new() }
    }

    fn reach(&self) -> Result<()> {
        let down = self.down.get();
        self.down.set(down.saturating_sub(1));
        if down == 0 {
            return Ok(());
        }
        Err(ChainError::setup("no node answers"))
    }
}

impl Network for Line {
    fn block(&self) -> Result<Block> {
        self.reach()?;
        self.world.block()
    }

    fn preview(&mut self, sender: &str, messages: &[Message]) -> Result<Answer> {
        let told = self.world.preview(sender, messages)?;
        Ok(Answer { gas_used: Some(GAS), ..told })
    }

    fn gas_limit(&self, previewed: u64) -> u64 {
        previewed * 13 / 10
    }

    fn dispatch(&mut self, sender: &str, outgoing: &Outgoing) -> Result<Dispatched> {
        let hash = format!("transaction {}", self.landed.len());
        if !self.drops {
            let outcome = self.world.send(sender, &outgoing.messages);
            self.landed.insert(hash.clone(), (Cell::new(self.late), outcome));
        }
        Ok(Dispatched::Flying(hash))
    }

    fn landed(&self, hash: &str) -> Result<Option<Result<Answer>>> {
        self.reach()?;
        let Some((late, outcome)) = self.landed.get(hash) else { return Ok(None) };
        if late.get() > 0 {
            late.set(late.get() - 1);
            return Ok(None);
        }
        Ok(Some(outcome.clone()))
    }

    fn wait_for_sent(&mut self, _sender: &str) -> Result<()> {
        self.reach()
    }

    // the rest is the chain's

    fn manifest(&self) -> &Manifest {
        Network::manifest(&*self.world)
    }

    fn names(&self) -> &Names {
        Network::names(&*self.world)
    }

    fn names_mut(&mut self) -> &mut Names {
        Network::names_mut(&mut *self.world)
    }

    fn book(&self) -> &AccountBook {
        Network::book(&*self.world)
    }

    fn book_mut(&mut self) -> &mut AccountBook {
        Network::book_mut(&mut *self.world)
    }

    fn chain_id(&self) -> String {
        Network::chain_id(&*self.world)
    }

    fn derive(&self, name: &str) -> Result<Addr> {
        Network::derive(&*self.world, name)
    }

    fn wait_until(&mut self, time: u64) -> Result<Block> {
        self.world.wait_until(time)
    }

    fn send(&mut self, sender: &str, messages: &[Message]) -> Result<Answer> {
        self.world.send(sender, messages)
    }

    fn give_coins(&mut self, account: &str, denom: &str, amount: Amount) -> Result<Answer> {
        self.world.give_coins(account, denom, amount)
    }

    fn build(&self, code: Code) -> Result<Option<String>> {
        self.world.build(code)
    }

    fn store(&mut self, sender: &str, code: Code) -> Result<(Stored, Answer)> {
        Network::store(&mut *self.world, sender, code)
    }

    fn made(&self, creator: &str, new: &New) -> Result<Option<Addr>> {
        self.world.made(creator, new)
    }

    fn instantiate(&mut self, creator: &str, new: &New) -> Result<(Addr, Answer)> {
        Network::instantiate(&mut *self.world, creator, new)
    }

    fn migrate(&mut self, sender: &str, contract: &Addr, code: u64, msg: &Binary) -> Result<Answer> {
        Network::migrate(&mut *self.world, sender, contract, code, msg)
    }

    fn info(&self, contract: &Addr) -> Result<Option<Info>> {
        Network::info(&*self.world, contract)
    }

    fn ask(&self, contract: &Addr, question: &Binary, height: Option<u64>) -> Result<Binary> {
        Network::ask(&*self.world, contract, question, height)
    }

    fn raw(&self, contract: &Addr, key: &[u8]) -> Result<Option<Vec<u8>>> {
        Network::raw(&*self.world, contract, key)
    }

    fn coins(&self, address: &Addr, denom: &str) -> Result<Amount> {
        Network::coins(&*self.world, address, denom)
    }
}
