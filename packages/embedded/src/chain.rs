//! The chain in a process: all contracts of a manifest, an address book, a clock, and an audit after every message.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{catch_unwind, AssertUnwindSafe};

use cosmwasm_std::{
    to_json_binary, Addr, Api, BankMsg, BlockInfo, Coin, CosmosMsg, Storage, Timestamp, Uint128, WasmMsg,
};
use cw20::{Cw20ExecuteMsg, TokenInfoResponse};
use cw_multi_test::{
    no_init, App, AppBuilder, AppResponse, BankKeeper, BankSudo, Executor, MockApiBech32, SudoMsg,
};
use sdp_types::board::{Board, FeedId};
use sdp_types::events::FromEvent;
use sdp_types::pool::Token;
use sdp_types::record::{key, tag, Record};
use sdp_types::units::{Amount, Price, Ratio};
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::audit::Audits;
use crate::book::AccountBook;
use crate::error::{ChainError, Result};
use crate::manifest::Manifest;
use crate::meter::{Call, Meter};
use crate::store::MemStore;

/// Human-readable prefix of all addresses.
pub const PREFIX: &str = "sdp";
/// The account that mints collateral CW20s.
pub const FAUCET: &str = "faucet";

/// cw-multi-test's chain with a storage of ours.
pub type Host = App<BankKeeper, MockApiBech32, MemStore>;

/// A feed's price to publish, with its confidence; none: the manifest's.
pub type FeedPrice = (FeedId, Price, Option<Ratio>);

/// A chain with all contracts of a manifest.
///
/// Accounts are named; whoever is named for the first time gets an address that follows from the name. Messages run at
/// the present block time, which only [`Self::advance`] and [`Self::at`] move.
pub struct Chain {
    pub(crate) host: Host,
    pub(crate) manifest: Manifest,
    pub(crate) contracts: BTreeMap<String, Addr>,
    pub(crate) accounts: BTreeSet<String>,
    pub(crate) meter: Meter,
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
    block: BlockInfo,
    book: AccountBook,
}

/// A chain's host at a block, with every contract's code stored under the same number as ever.
pub(crate) fn host(store: MemStore, block: BlockInfo, meter: &Meter) -> Host {
    let api = MockApiBech32::new(PREFIX);
    let mut host = AppBuilder::new().with_api(api).with_storage(store).with_block(block).build(no_init);
    for code in crate::deploy::codes(meter) {
        host.store_code(code);
    }
    host
}

pub(crate) fn block(height: u64, time: u64) -> BlockInfo {
    BlockInfo { height, time: Timestamp::from_seconds(time), chain_id: "sdp-embedded".into() }
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
        if let Some(address) = self.contracts.get(name) {
            return address.clone();
        }
        let api = self.host.api();
        let given = name.starts_with(PREFIX).then(|| api.addr_validate(name).ok()).flatten();
        given.unwrap_or_else(|| api.addr_make(name))
    }

    /// The address of a contract: `oracle`, `pool`, `market`, a market's name, `liquidator`, `sdusd`, or the name of a
    /// collateral that is a CW20.
    pub fn contract(&self, name: &str) -> Result<Addr> {
        let found = self.contracts.get(name).cloned();
        found.ok_or_else(|| ChainError::setup(format!("no contract is called `{name}`")))
    }

    /// All contracts by name.
    pub fn contracts(&self) -> impl Iterator<Item = (&str, &Addr)> {
        self.contracts.iter().map(|(name, address)| (name.as_str(), address))
    }

    /// Names of all accounts that have been used.
    pub fn accounts(&self) -> impl Iterator<Item = &str> {
        self.accounts.iter().map(String::as_str)
    }

    /// The name of an address, if anybody is called so.
    pub fn name_of(&self, address: &str) -> Option<&str> {
        let contract = self.contracts.iter().find(|(_, known)| known.as_str() == address);
        let account = || self.accounts.iter().find(|name| self.address(name).as_str() == address);
        contract.map(|(name, _)| name).or_else(account).map(String::as_str)
    }

    /// Notes that an account exists, so that [`Self::name_of`] knows it.
    pub fn introduce(&mut self, name: &str) -> Addr {
        if !self.contracts.contains_key(name) && !self.accounts.contains(name) {
            self.accounts.insert(name.to_string());
        }
        self.address(name)
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
        let next = block(self.height() + 1, self.now() + seconds);
        self.host.set_block(next);
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

    // messages

    /// Sends `msg` from an account to a contract, then audits as [`Self::audits`] says.
    ///
    /// A refusal or a panic of a contract leaves the chain as it was. An audit that finds something leaves the message's
    /// effects in place, to be looked at.
    pub fn execute(
        &mut self,
        sender: &str,
        contract: &str,
        msg: &impl Serialize,
        funds: &[Coin],
    ) -> Result<AppResponse> {
        let contract_addr = self.contract(contract)?.into_string();
        self.execute_at(sender, contract_addr, msg, funds)
    }

    pub(crate) fn execute_at(
        &mut self,
        sender: &str,
        contract_addr: String,
        msg: &impl Serialize,
        funds: &[Coin],
    ) -> Result<AppResponse> {
        let sender = self.introduce(sender);
        let msg = to_json_binary(msg)?;
        let msg: CosmosMsg = WasmMsg::Execute { contract_addr, msg, funds: funds.to_vec() }.into();
        self.messages += 1;
        let response = catch_unwind(AssertUnwindSafe(|| self.host.execute(sender, msg)))
            .map_err(|payload| ChainError::panicked(payload.as_ref()))??;
        self.audit_as_set()?;
        Ok(response)
    }

    /// [`Self::execute`], and what each contract call in it read and wrote.
    pub fn measure(
        &mut self,
        sender: &str,
        contract: &str,
        msg: &impl Serialize,
        funds: &[Coin],
    ) -> Result<(AppResponse, Vec<Call>)> {
        let audits = std::mem::replace(&mut self.audits, Audits::Off);
        self.meter.start();
        let response = self.execute(sender, contract, msg, funds);
        let calls = self.meter.stop();
        self.audits = audits;
        let response = response?;
        self.audit_as_set()?;
        Ok((response, calls))
    }

    /// Sends CW20 tokens with a message for the contract that gets them. `token` is `sdusd` or a collateral's name.
    pub fn send(
        &mut self,
        sender: &str,
        token: &str,
        to: &str,
        amount: Amount,
        hook: &impl Serialize,
    ) -> Result<AppResponse> {
        let contract = self.contract(to)?.into_string();
        let msg = Cw20ExecuteMsg::Send { contract, amount: amount.raw().into(), msg: to_json_binary(hook)? };
        self.execute(sender, token, &msg, &[])
    }

    /// Transfers CW20 tokens.
    pub fn transfer(&mut self, from: &str, token: &str, to: &str, amount: Amount) -> Result<AppResponse> {
        let recipient = self.introduce(to).into_string();
        self.execute(from, token, &Cw20ExecuteMsg::Transfer { recipient, amount: amount.raw().into() }, &[])
    }

    // queries

    /// Asks a contract.
    pub fn query<T: DeserializeOwned>(&self, contract: &str, msg: &impl Serialize) -> Result<T> {
        let contract = self.contract(contract)?;
        let answer = catch_unwind(AssertUnwindSafe(|| self.host.wrap().query_wasm_smart(contract, msg)));
        Ok(answer.map_err(|payload| ChainError::panicked(payload.as_ref()))??)
    }

    /// A record of a contract, read raw.
    pub fn record<R: Record>(&self, contract: &str, key: &[u8]) -> Result<Option<R>> {
        let contract = self.contract(contract)?;
        Ok(R::may_load(&*self.storage(&contract), key)?)
    }

    /// A contract's storage.
    pub fn storage(&self, contract: &Addr) -> Box<dyn Storage + '_> {
        self.host.contract_storage(contract)
    }

    /// The oracle's board.
    pub fn board(&self) -> Result<Board> {
        let board = self.record("oracle", &key(tag::BOARD))?;
        board.ok_or_else(|| ChainError::setup("the oracle has no board"))
    }

    /// What an account holds of `sdusd` or of a collateral, in base units.
    pub fn balance(&self, account: &str, token: &str) -> Result<Amount> {
        let address = self.address(account);
        if token == "sdusd" {
            return self.cw20_balance(&self.contract(token)?, &address);
        }
        self.balance_of(&self.token(token)?, &address)
    }

    pub(crate) fn balance_of(&self, token: &Token, address: &Addr) -> Result<Amount> {
        match token {
            Token::Native(denom) => {
                let coin = self.host.wrap().query_balance(address, denom)?;
                Ok(Amount::new(coin.amount.u128()))
            }
            Token::Cw20(contract) => self.cw20_balance(&Addr::unchecked(contract), address),
        }
    }

    /// Read raw: this is asked after every message.
    pub(crate) fn cw20_balance(&self, token: &Addr, address: &Addr) -> Result<Amount> {
        let balance = cw20_base::state::BALANCES.may_load(&*self.storage(token), address)?;
        Ok(Amount::new(balance.unwrap_or_default().u128()))
    }

    /// All sdUSD that there is.
    pub fn sdusd_supply(&self) -> Result<Amount> {
        let info: TokenInfoResponse = self.query("sdusd", &cw20::Cw20QueryMsg::TokenInfo {})?;
        Ok(Amount::new(info.total_supply.u128()))
    }

    /// A collateral's token.
    pub fn token(&self, collateral: &str) -> Result<Token> {
        match &self.manifest.collateral(collateral).map_err(ChainError::setup)?.1.denom {
            Some(denom) => Ok(Token::Native(denom.clone())),
            None => Ok(Token::Cw20(self.contract(collateral)?.into_string())),
        }
    }

    // means

    /// Gives an account collateral out of nothing.
    pub fn give(&mut self, account: &str, collateral: &str, amount: Amount) -> Result<()> {
        match self.token(collateral)? {
            Token::Native(denom) => self.give_coins(account, &denom, amount),
            Token::Cw20(token) => {
                let recipient = self.introduce(account).into_string();
                let amount = Uint128::new(amount.raw());
                self.execute_at(FAUCET, token, &Cw20ExecuteMsg::Mint { recipient, amount }, &[]).map(drop)
            }
        }
    }

    /// Gives an account coins of any denom out of nothing.
    pub fn give_coins(&mut self, account: &str, denom: &str, amount: Amount) -> Result<()> {
        let to_address = self.introduce(account).into_string();
        let amount = vec![Coin::new(amount.raw(), denom)];
        self.host.sudo(SudoMsg::Bank(BankSudo::Mint { to_address, amount }))?;
        Ok(())
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
        Snapshot {
            store: self.host.storage().clone(),
            block: self.host.block_info(),
            book: self.book.clone(),
        }
    }

    /// Back to a snapshot of the same chain.
    pub fn restore(&mut self, snapshot: &Snapshot) {
        *self.host.storage_mut() = snapshot.store.clone();
        self.host.set_block(snapshot.block.clone());
        self.book = snapshot.book.clone();
    }

    /// All that is stored on the chain.
    pub fn store(&self) -> &MemStore {
        self.host.storage()
    }
}

/// All events of one kind in an answer, in order. An event of that name that can't be read is an error.
pub fn events<E: FromEvent>(response: &AppResponse) -> Result<Vec<E>> {
    let found = response.events.iter().filter_map(E::from_event);
    found.map(|event| event.map_err(ChainError::from)).collect()
}
