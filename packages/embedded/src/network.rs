//! The embedded chain as a network.

use std::panic::{catch_unwind, AssertUnwindSafe};

use cosmwasm_std::{
    to_json_vec, Addr, BankMsg, Binary, Coin, ContractResult, CosmosMsg, Querier, QueryRequest, SystemResult,
    WasmMsg, WasmQuery,
};
use cw_multi_test::{AppResponse, BankSudo, SudoMsg};
use sdp_network::error::Result;
use sdp_network::{
    AccountBook, Answer, Block, ChainError, Code, Info, Manifest, Message, Names, Network, New, Stored,
};
use sdp_types::units::Amount;

use crate::chain::Chain;
use crate::host::number;

impl Chain {
    fn answer(&self, response: AppResponse) -> Answer {
        let (at, height) = (self.now(), self.height());
        Answer { events: response.events, data: response.data, at, height, gas_used: None, hash: None }
    }

    /// Runs messages in one transaction. A refusal or a panic of a contract leaves the chain as it was.
    fn run(&mut self, sender: &str, messages: Vec<CosmosMsg>) -> Result<Answer> {
        let sender = self.introduce(sender);
        self.messages += messages.len() as u64;
        let ran = catch_unwind(AssertUnwindSafe(|| self.host.execute_multi(sender, messages)));
        let responses = ran.map_err(|payload| ChainError::panicked(payload.as_ref()))??;
        let mut all = AppResponse::default();
        for response in responses {
            all.events.extend(response.events);
            all.data = response.data;
        }
        Ok(self.answer(all))
    }

    fn stored(&self, id: u64) -> Result<Stored> {
        let code = self.host.wrap().query_wasm_code_info(id)?;
        Ok(Stored { id, checksum: code.checksum.to_hex() })
    }
}

impl Network for Chain {
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
        self.identity.chain_id.clone()
    }

    fn derive(&self, name: &str) -> Result<Addr> {
        Ok(Chain::address(self, name))
    }

    fn block(&self) -> Result<Block> {
        Ok(Block { height: self.height(), time: Chain::now(self) })
    }

    fn wait_until(&mut self, time: u64) -> Result<Block> {
        let wait = time.saturating_sub(Chain::now(self));
        if wait > 0 {
            self.advance(wait);
        }
        self.block()
    }

    /// Then audits as [`Chain::audits`] says. An audit that finds something leaves the messages' effects in place, to be
    /// looked at.
    fn send(&mut self, sender: &str, messages: &[Message]) -> Result<Answer> {
        let message = |message: &Message| match message.clone() {
            Message::Execute { contract, msg, funds } => {
                let contract_addr = contract.into_string();
                CosmosMsg::from(WasmMsg::Execute { contract_addr, msg, funds })
            }
            Message::Send { to, coins } => {
                BankMsg::Send { to_address: to.into_string(), amount: coins }.into()
            }
        };
        let answer = self.run(sender, messages.iter().map(message).collect())?;
        self.audit_as_set()?;
        Ok(answer)
    }

    fn preview(&mut self, sender: &str, messages: &[Message]) -> Result<Answer> {
        let (before, messages_before) = (self.snapshot(), self.messages);
        let audits = std::mem::replace(&mut self.audits, crate::Audits::Off);
        let told = self.send(sender, messages);
        self.audits = audits;
        self.restore(&before);
        self.messages = messages_before;
        told
    }

    fn give_coins(&mut self, account: &str, denom: &str, amount: Amount) -> Result<Answer> {
        let to_address = Chain::introduce(self, account).into_string();
        let amount = vec![Coin::new(amount.raw(), denom)];
        let response = self.host.sudo(SudoMsg::Bank(BankSudo::Mint { to_address, amount }))?;
        Ok(self.answer(response))
    }

    fn build(&self, code: Code) -> Result<Option<String>> {
        self.stored(number(code)).map(|stored| Some(stored.checksum))
    }

    fn store(&mut self, _sender: &str, code: Code) -> Result<(Stored, Answer)> {
        Ok((self.stored(number(code))?, Answer::default()))
    }

    fn made(&self, _creator: &str, new: &New) -> Result<Option<Addr>> {
        let known = self.labels.get(&new.label);
        // a snapshot may have gone back to before it was made
        Ok(known.filter(|address| self.host.contract_data(address).is_ok()).cloned())
    }

    fn instantiate(&mut self, creator: &str, new: &New) -> Result<(Addr, Answer)> {
        let admin = new.admin.as_deref().map(|name| Chain::introduce(self, name).into_string());
        let (code_id, msg, label) = (new.code.id, new.msg.clone(), new.label.clone());
        let message = WasmMsg::Instantiate { admin, code_id, msg, funds: vec![], label };
        let answer = self.run(creator, vec![message.into()])?;
        let data = answer.data.clone().unwrap_or_default();
        let made = cw_utils::parse_instantiate_response_data(&data).map_err(ChainError::setup)?;
        let address = Addr::unchecked(made.contract_address);
        self.labels.insert(new.label.clone(), address.clone());
        self.audit_as_set()?;
        Ok((address, answer))
    }

    fn migrate(&mut self, sender: &str, contract: &Addr, code: u64, msg: &Binary) -> Result<Answer> {
        let contract_addr = contract.to_string();
        let message = WasmMsg::Migrate { contract_addr, new_code_id: code, msg: msg.clone() };
        let answer = self.run(sender, vec![message.into()])?;
        self.audit_as_set()?;
        Ok(answer)
    }

    fn info(&self, contract: &Addr) -> Result<Option<Info>> {
        // only a missing contract has no data
        let Ok(data) = self.host.contract_data(contract) else { return Ok(None) };
        Ok(Some(Info { code: self.stored(data.code_id)?, creator: data.creator, admin: data.admin }))
    }

    fn ask(&self, contract: &Addr, question: &Binary, height: Option<u64>) -> Result<Binary> {
        let present = self.height();
        if let Some(asked) = height.filter(|height| *height != present) {
            return Err(ChainError::setup(format!("block {asked} is not the present one, {present}")));
        }
        let smart = WasmQuery::Smart { contract_addr: contract.to_string(), msg: question.clone() };
        let request = to_json_vec(&QueryRequest::<cosmwasm_std::Empty>::from(smart))?;
        let answer = catch_unwind(AssertUnwindSafe(|| self.host.raw_query(&request)));
        match answer.map_err(|payload| ChainError::panicked(payload.as_ref()))? {
            SystemResult::Ok(ContractResult::Ok(answer)) => Ok(answer),
            SystemResult::Ok(ContractResult::Err(refused)) => Err(ChainError::refused(refused)),
            SystemResult::Err(error) => Err(ChainError::refused(error.to_string())),
        }
    }

    fn raw(&self, contract: &Addr, key: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(self.storage(contract).get(key))
    }

    fn coins(&self, address: &Addr, denom: &str) -> Result<Amount> {
        let coin = self.host.wrap().query_balance(address, denom)?;
        Ok(Amount::new(coin.amount.u128()))
    }

    /// Read raw: this is asked after every message.
    fn cw20(&self, token: &Addr, address: &Addr) -> Result<Amount> {
        let balance = cw20_base::state::BALANCES.may_load(&*self.storage(token), address)?;
        Ok(Amount::new(balance.unwrap_or_default().u128()))
    }

    fn check(&self) -> Result<()> {
        self.audit_as_set()
    }
}
