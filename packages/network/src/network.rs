//! What a chain can do.

use cosmwasm_std::{Addr, Binary};
use cw20::{BalanceResponse, Cw20QueryMsg};
use sdp_types::pool::{self, AuditResponse, Token};
use sdp_types::units::Amount;

use crate::book::AccountBook;
use crate::error::{ChainError, Result};
use crate::manifest::Manifest;
use crate::message::{Answer, Block, Code, Dispatched, Info, Message, New, Outgoing, Stored};
use crate::names::Names;

/// A chain on which a manifest is, or is about to be, deployed.
///
/// It knows accounts and contracts by name, sends messages, and answers questions. Whatever can be said in terms of
/// these, such as [`crate::Actions`], deployments and scenarios, is written once, against this.
pub trait Network {
    // what there is, and what it is called

    /// What is deployed.
    fn manifest(&self) -> &Manifest;

    /// Contracts and accounts that are known by name.
    fn names(&self) -> &Names;

    /// The same, to note new ones.
    fn names_mut(&mut self) -> &mut Names;

    /// What accounts paid each other outside of the chain.
    fn book(&self) -> &AccountBook;

    /// The same, to note payments.
    fn book_mut(&mut self) -> &mut AccountBook;

    /// The chain's own name for itself.
    fn chain_id(&self) -> String;

    /// The address that an account of this name has, known or not: on a chain that of its key. A bech32 address of this
    /// chain stands for itself.
    fn derive(&self, name: &str) -> Result<Addr>;

    /// The address of a name: a contract's, or else an account's.
    fn address(&self, name: &str) -> Result<Addr> {
        self.names().address(name).cloned().map_or_else(|| self.derive(name), Ok)
    }

    /// [`Self::address`]; from now on [`Self::name_of`] knows it.
    fn introduce(&mut self, name: &str) -> Result<Addr> {
        if let Some(address) = self.names().address(name) {
            return Ok(address.clone());
        }
        let address = self.derive(name)?;
        self.names_mut().add_account(name, address.clone());
        Ok(address)
    }

    /// The name of an address, if anybody is called so.
    fn name_of(&self, address: &str) -> Option<&str> {
        self.names().name_of(address)
    }

    /// The address of a contract: `oracle`, `pool`, `market`, a market's name, `liquidator`, `sdusd`, `sdnote`, or the name of a
    /// collateral that is a CW20. A bech32 address of this chain stands for itself: others' markets have no name here.
    fn contract(&self, name: &str) -> Result<Addr> {
        let found = self.names().contracts().get(name).cloned();
        let found = found.or_else(|| self.derive(name).ok().filter(|address| address.as_str() == name));
        found.ok_or_else(|| ChainError::setup(format!("no contract is called `{name}`")))
    }

    // time

    /// The last block.
    fn block(&self) -> Result<Block>;

    /// Time of the last block, Unix seconds.
    fn now(&self) -> Result<u64> {
        Ok(self.block()?.time)
    }

    /// Returns once the last block's time is at least this. What is sent then runs no earlier.
    fn wait_until(&mut self, time: u64) -> Result<Block>;

    // messages

    /// Sends messages of an account in one transaction: all of them happen, or none. An event's attributes are the
    /// contract's and `_contract_address`; what else the chain puts there (`msg_index`) is left out.
    fn send(&mut self, sender: &str, messages: &[Message]) -> Result<Answer>;

    /// What [`Self::send`] would come to now; nothing is kept. On a real chain that is a simulation, which also says what gas it takes.
    fn preview(&mut self, sender: &str, messages: &[Message]) -> Result<Answer>;

    /// The gas limit with which [`Self::dispatch`] sends what took so much in a preview. A chain takes its fee for all of it, used or not.
    fn gas_limit(&self, previewed: u64) -> u64 {
        previewed
    }

    /// Sends a transaction without waiting until it is in a block. Errors: it was not sent.
    fn dispatch(&mut self, sender: &str, outgoing: &Outgoing) -> Result<Dispatched> {
        Ok(Dispatched::Landed(Box::new(self.send(sender, &outgoing.messages))))
    }

    /// What became of a transaction that was dispatched; none while it is in no block.
    fn landed(&self, _hash: &str) -> Result<Option<Result<Answer>>> {
        Ok(None)
    }

    /// Returns once nothing that an account has sent is still on its way to a block, so that whoever looks then sees all of
    /// it. What this process has sent never is; another one that was killed may have left something.
    fn wait_for_sent(&mut self, _sender: &str) -> Result<()> {
        Ok(())
    }

    /// Gives an account coins: out of nothing, or on a chain out of the faucet's account.
    fn give_coins(&mut self, account: &str, denom: &str, amount: Amount) -> Result<Answer>;

    // codes and contracts

    /// Checksum of a code as it is built at hand, small hexadecimal digits; none where no build is at hand.
    fn build(&self, code: Code) -> Result<Option<String>>;

    /// Stores the build at hand, unless the chain has it already. The answer is empty where nothing was sent.
    fn store(&mut self, sender: &str, code: Code) -> Result<(Stored, Answer)>;

    /// The contract that [`Self::instantiate`] would make, if it is there already.
    fn made(&self, creator: &str, new: &New) -> Result<Option<Addr>>;

    /// Makes a contract.
    fn instantiate(&mut self, creator: &str, new: &New) -> Result<(Addr, Answer)>;

    /// Migrates a contract to a stored code.
    fn migrate(&mut self, sender: &str, contract: &Addr, code: u64, msg: &Binary) -> Result<Answer>;

    /// What the chain knows of a contract; none where there is no contract.
    fn info(&self, contract: &Addr) -> Result<Option<Info>>;

    // questions

    /// Asks a contract, JSON to JSON: as of the last block, or of the block of this height. A chain that no longer (or
    /// never) knew that block refuses with [`crate::Kind::Setup`].
    fn ask(&self, contract: &Addr, question: &Binary, height: Option<u64>) -> Result<Binary>;

    /// What a contract has stored under a key.
    fn raw(&self, contract: &Addr, key: &[u8]) -> Result<Option<Vec<u8>>>;

    /// Coins of an address.
    fn coins(&self, address: &Addr, denom: &str) -> Result<Amount>;

    /// Balance of a CW20.
    fn cw20(&self, token: &Addr, address: &Addr) -> Result<Amount> {
        let question = Cw20QueryMsg::Balance { address: address.to_string() };
        let answer = self.ask(token, &cosmwasm_std::to_json_binary(&question)?, None)?;
        let balance: BalanceResponse = cosmwasm_std::from_json(answer)?;
        Ok(Amount::new(balance.balance.u128()))
    }

    /// What an address holds of a token.
    fn balance_of(&self, token: &Token, address: &Addr) -> Result<Amount> {
        match token {
            Token::Native(denom) => self.coins(address, denom),
            Token::Cw20(contract) => self.cw20(&Addr::unchecked(contract), address),
        }
    }

    /// Whether the books balance, as closely as this chain is looked at after each message; by default as the pool's own
    /// audit says. [`crate::Kind::Unbalanced`] where they don't.
    fn check(&self) -> Result<()> {
        let question = cosmwasm_std::to_json_binary(&pool::QueryMsg::Audit {})?;
        let audit: AuditResponse =
            cosmwasm_std::from_json(self.ask(&self.contract("pool")?, &question, None)?)?;
        if audit.difference.is_zero() {
            return Ok(());
        }
        Err(ChainError::unbalanced(vec![format!("the pool's two sides differ by {}", audit.difference)]))
    }
}
