//! Codes and contracts.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use cosmrs::proto::cosmos::base::query::v1beta1::{PageRequest, PageResponse};
use cosmrs::proto::cosmwasm::wasm::v1::query_client::QueryClient;
use cosmrs::proto::cosmwasm::wasm::v1::{
    CodeInfoResponse, ContractInfo as ProtoContractInfo, MsgExecuteContract, MsgInstantiateContract2,
    MsgInstantiateContract2Response, MsgMigrateContract, MsgStoreCode, MsgStoreCodeResponse, MsgUpdateAdmin,
    QueryAllContractStateRequest, QueryCodesRequest, QueryCodesResponse, QueryContractInfoRequest,
    QueryRawContractStateRequest, QuerySmartContractStateRequest,
};
use cosmrs::{AccountId, Any};
use cosmwasm_std::{to_json_vec, CanonicalAddr, Coin, HexBinary};
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use flate2::Compression;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::bank::to_proto;
use crate::client::{ask, Answer, Client};
use crate::error::{Error, Result};
use crate::gas::Options;
use crate::outcome::Outcome;
use crate::refusal::{is_contracts, Refusal, Stage};
use crate::tx::any;

/// A code on the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Its number.
    pub id: u64,
    /// SHA-256 of its wasm, uncompressed.
    pub checksum: HexBinary,
    /// Who stored it.
    pub creator: String,
}

/// What the chain knows of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractInfo {
    /// The code that it runs.
    pub code: u64,
    /// Who made it.
    pub creator: String,
    /// Who may migrate it; none: nobody.
    pub admin: Option<String>,
    /// Its label.
    pub label: String,
}

/// A contract to be made at an address that is known before.
#[derive(Clone, Debug, PartialEq)]
pub struct New<'a> {
    /// The code that it runs.
    pub code: u64,
    /// Tells it from others of the same code and creator.
    pub salt: &'a [u8],
    /// A name for people.
    pub label: &'a str,
    /// Who may migrate it.
    pub admin: Option<&'a str>,
    /// Coins that go with the message.
    pub funds: &'a [Coin],
}

const GZIP: &[u8] = &[0x1f, 0x8b];

/// SHA-256 of a wasm, as the chain knows codes by; a compressed one is unpacked first.
pub fn checksum(wasm: &[u8]) -> Result<HexBinary> {
    let mut unpacked = Vec::new();
    let plain = if wasm.starts_with(GZIP) {
        GzDecoder::new(wasm).read_to_end(&mut unpacked).map_err(|e| Error::malformed("wasm", e))?;
        &unpacked
    } else {
        wasm
    };
    Ok(Sha256::digest(plain).as_slice().into())
}

/// A message that stores a code. It is sent compressed.
pub fn store(sender: &str, wasm: &[u8]) -> Result<Any> {
    let wasm_byte_code = if wasm.starts_with(GZIP) {
        wasm.to_vec()
    } else {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(wasm).and_then(|()| gzip.finish()).map_err(|e| Error::malformed("wasm", e))?
    };
    Ok(any(&MsgStoreCode { sender: sender.into(), wasm_byte_code, instantiate_permission: None }))
}

/// The number of the code that the first message of a transaction stored.
pub(crate) fn stored(outcome: &Outcome) -> Result<u64> {
    Ok(outcome.answer::<MsgStoreCodeResponse>(0)?.code_id)
}

/// A message that makes a contract.
pub fn instantiate2(sender: &str, new: &New<'_>, msg: &impl Serialize) -> Result<Any> {
    Ok(instantiate2_json(sender, new, json(msg)?))
}

/// [`instantiate2`] with a message that is JSON already.
pub fn instantiate2_json(sender: &str, new: &New<'_>, msg: Vec<u8>) -> Any {
    any(&MsgInstantiateContract2 {
        sender: sender.into(),
        admin: new.admin.unwrap_or_default().into(),
        code_id: new.code,
        label: new.label.into(),
        msg,
        funds: to_proto(new.funds),
        salt: new.salt.to_vec(),
        fix_msg: false,
    })
}

/// A message to a contract.
pub fn execute(sender: &str, contract: &str, msg: &impl Serialize, funds: &[Coin]) -> Result<Any> {
    Ok(execute_json(sender, contract, json(msg)?, funds))
}

/// [`execute`] with a message that is JSON already.
pub fn execute_json(sender: &str, contract: &str, msg: Vec<u8>, funds: &[Coin]) -> Any {
    any(&MsgExecuteContract { sender: sender.into(), contract: contract.into(), msg, funds: to_proto(funds) })
}

/// A message by which a contract's admin changes its code.
pub fn migrate(sender: &str, contract: &str, code_id: u64, msg: &impl Serialize) -> Result<Any> {
    Ok(migrate_json(sender, contract, code_id, json(msg)?))
}

/// [`migrate`] with a message that is JSON already.
pub fn migrate_json(sender: &str, contract: &str, code_id: u64, msg: Vec<u8>) -> Any {
    any(&MsgMigrateContract { sender: sender.into(), contract: contract.into(), code_id, msg })
}

/// A message by which a contract's admin hands it over.
pub fn update_admin(sender: &str, contract: &str, new_admin: &str) -> Any {
    any(&MsgUpdateAdmin { sender: sender.into(), new_admin: new_admin.into(), contract: contract.into() })
}

fn json(msg: &impl Serialize) -> Result<Vec<u8>> {
    to_json_vec(msg).map_err(|e| Error::malformed("a message", e))
}

impl Client {
    /// Stores a code and returns its number. One with the same bytes is stored again: look at [`Self::codes`] first.
    pub fn store_code(&self, signer: &str, wasm: &[u8], options: &Options) -> Result<u64> {
        let outcome = self.broadcast(signer, vec![store(&self.address(signer)?, wasm)?], options)?;
        stored(&outcome)
    }

    /// Makes a contract and returns its address, which is [`Self::instantiate2_address`].
    pub fn instantiate2(
        &self,
        signer: &str,
        new: &New<'_>,
        msg: &impl Serialize,
        options: &Options,
    ) -> Result<String> {
        let message = instantiate2(&self.address(signer)?, new, msg)?;
        let outcome = self.broadcast(signer, vec![message], options)?;
        Ok(outcome.answer::<MsgInstantiateContract2Response>(0)?.address)
    }

    /// The address of a contract that `creator` makes, or has made, of a code with that salt.
    pub fn instantiate2_address(&self, checksum: &[u8], creator: &str, salt: &[u8]) -> Result<String> {
        let creator: AccountId = creator.parse().map_err(|e| Error::malformed("an address", e))?;
        let creator = CanonicalAddr::from(creator.to_bytes());
        let address = cosmwasm_std::instantiate2_address(checksum, &creator, salt);
        let address = address.map_err(|e| Error::malformed("an address", e))?;
        let address =
            AccountId::new(self.prefix(), &address).map_err(|e| Error::malformed("an address", e))?;
        Ok(address.into())
    }

    /// Every code on the chain, in order.
    pub fn codes(&self) -> Result<Vec<Code>> {
        let mut codes = Vec::new();
        let mut next = Some(vec![]);
        while let Some(key) = next {
            let answer = self.codes_from(page(key))?;
            next = next_page(answer.pagination);
            codes.extend(answer.code_infos.into_iter().map(code));
        }
        Ok(codes)
    }

    /// One code; none if the chain has none of that number.
    pub fn code(&self, id: u64) -> Result<Option<Code>> {
        // A question for one code would bring its wasm along. The list's keys are the codes' numbers.
        let first = PageRequest { key: id.to_be_bytes().to_vec(), limit: 1, ..PageRequest::default() };
        let found = self.codes_from(first)?.code_infos.into_iter().next();
        Ok(found.map(code).filter(|code| code.id == id))
    }

    fn codes_from(&self, page: PageRequest) -> Result<QueryCodesResponse> {
        let request = QueryCodesRequest { pagination: Some(page) };
        Ok(ask!(self, "codes", QueryClient.codes(request))?.0)
    }

    /// What the chain knows of a contract; none if there is none at that address.
    pub fn contract_info(&self, address: &str) -> Result<Option<ContractInfo>> {
        let request = QueryContractInfoRequest { address: address.into() };
        let info = match ask!(self, "contract", QueryClient.contract_info(request)) {
            Ok((answer, _)) => answer.contract_info,
            Err(error) if is_no_contract(&error) => None,
            Err(error) => return Err(error),
        };
        Ok(info.map(|info: ProtoContractInfo| ContractInfo {
            code: info.code_id,
            creator: info.creator,
            admin: Some(info.admin).filter(|admin| !admin.is_empty()),
            label: info.label,
        }))
    }

    /// Asks a contract. Errors: [`Error::Refused`] if it says no.
    pub fn smart(&self, contract: &str, question: &impl Serialize) -> Result<Value> {
        Ok(self.smart_at(contract, question, None)?.value)
    }

    /// Asks a contract in the state after a block, at that block's time; none: the latest.
    pub fn smart_at(
        &self,
        contract: &str,
        question: &impl Serialize,
        height: Option<u64>,
    ) -> Result<Answer<Value>> {
        let Answer { value, height } = self.smart_json(contract, json(question)?, height)?;
        let value = serde_json::from_slice(&value).map_err(|e| Error::malformed("an answer", e))?;
        Ok(Answer { value, height })
    }

    /// [`Self::smart_at`] from JSON to JSON.
    pub fn smart_json(
        &self,
        contract: &str,
        question: Vec<u8>,
        height: Option<u64>,
    ) -> Result<Answer<Vec<u8>>> {
        let request = QuerySmartContractStateRequest { address: contract.into(), query_data: question };
        let answer = ask!(self, "contract query", QueryClient.smart_contract_state(request), at height);
        let (answer, height) = answer.map_err(refused_query)?;
        Ok(Answer { value: answer.data, height: height.ok_or(Error::Missing("height"))? })
    }

    /// A contract's record, as it is stored; none if there is none.
    pub fn raw(&self, contract: &str, key: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(self.raw_at(contract, key, None)?.value)
    }

    /// A contract's record in the state after a block; none: the latest.
    pub fn raw_at(&self, contract: &str, key: &[u8], height: Option<u64>) -> Result<Answer<Option<Vec<u8>>>> {
        let request = QueryRawContractStateRequest { address: contract.into(), query_data: key.to_vec() };
        let (answer, height) =
            ask!(self, "contract record", QueryClient.raw_contract_state(request), at height)?;
        // A contract can't store an empty record, so nothing is none.
        let value = Some(answer.data).filter(|data| !data.is_empty());
        Ok(Answer { value, height: height.ok_or(Error::Missing("height"))? })
    }

    /// All that a contract has stored in the state after a block, by key.
    pub fn records(&self, contract: &str, height: u64) -> Result<BTreeMap<Vec<u8>, Vec<u8>>> {
        let mut records = BTreeMap::new();
        let mut next = Some(vec![]);
        while let Some(key) = next {
            let page = Some(PageRequest { key, limit: 1_000, ..PageRequest::default() });
            let request = QueryAllContractStateRequest { address: contract.into(), pagination: page };
            let answer =
                ask!(self, "contract records", QueryClient.all_contract_state(request), at Some(height))?.0;
            next = next_page(answer.pagination);
            records.extend(answer.models.into_iter().map(|model| (model.key, model.value)));
        }
        Ok(records)
    }
}

fn code(code: CodeInfoResponse) -> Code {
    Code { id: code.code_id, checksum: code.data_hash.into(), creator: code.creator }
}

fn is_no_contract(error: &Error) -> bool {
    match error {
        Error::Status { code, message, .. } => {
            *code == tonic::Code::NotFound || message.contains("no such contract")
        }
        _ => false,
    }
}

/// A contract's refusal of a question is one, and not a failure of the node.
fn refused_query(error: Error) -> Error {
    match error {
        Error::Status { message, .. } if is_contracts(&message) => {
            Box::new(Refusal::read(Stage::Query, &message)).into()
        }
        error => error,
    }
}

/// The page that begins at a key; empty: the first.
pub(crate) fn page(key: Vec<u8>) -> PageRequest {
    PageRequest { key, limit: 100, ..PageRequest::default() }
}

/// Where the next page begins.
pub(crate) fn next_page(answer: Option<PageResponse>) -> Option<Vec<u8>> {
    answer.map(|page| page.next_key).filter(|key| !key.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compressed_code_has_the_checksum_of_the_plain_one() {
        let wasm = b"\0asm and so on";
        let stored = store("anna", wasm).unwrap();
        let message: MsgStoreCode = stored.to_msg().unwrap();
        assert!(message.wasm_byte_code.starts_with(GZIP));
        assert_eq!(checksum(&message.wasm_byte_code).unwrap(), checksum(wasm).unwrap());
        let again: MsgStoreCode = store("anna", &message.wasm_byte_code).unwrap().to_msg().unwrap();
        assert_eq!(again.wasm_byte_code, message.wasm_byte_code);
    }
}
