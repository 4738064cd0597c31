//! A transaction before it is sent: composed, signed, hashed.

use cosmrs::crypto::secp256k1::SigningKey;
use cosmrs::crypto::PublicKey;
use cosmrs::proto::cosmos::tx::v1beta1::TxRaw;
use cosmrs::proto::traits::Message;
use cosmrs::tx::{AuthInfo, Body, Fee, SignDoc, SignerInfo};
use cosmrs::Any;
use cosmwasm_std::{Coin, HexBinary};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// All that is signed.
pub(crate) struct Unsigned {
    pub messages: Vec<Any>,
    pub memo: String,
    pub gas: u64,
    pub fee: Vec<Coin>,
    pub public_key: Option<PublicKey>,
    /// Address of who signs.
    pub signer: String,
    pub chain_id: String,
    pub account_number: u64,
    pub sequence: u64,
}

fn malformed(reason: impl core::fmt::Display) -> Error {
    Error::malformed("a transaction", reason)
}

impl Unsigned {
    fn body(&self) -> Body {
        Body::new(self.messages.iter().cloned(), self.memo.clone(), 0_u32)
    }

    fn fee(&self) -> Result<Fee> {
        let coin = |coin: &Coin| cosmrs::Coin::new(coin.amount.u128(), &coin.denom).map_err(malformed);
        let amount = self.fee.iter().map(coin).collect::<Result<_>>()?;
        Ok(Fee { amount, gas_limit: self.gas, payer: None, granter: None })
    }

    fn raw(&self, signers: Vec<SignerInfo>, signatures: Vec<Vec<u8>>) -> Result<Vec<u8>> {
        let auth_info = AuthInfo { signer_infos: signers, fee: self.fee()? };
        let raw = TxRaw {
            body_bytes: self.body().into_bytes().map_err(malformed)?,
            auth_info_bytes: auth_info.into_bytes().map_err(malformed)?,
            signatures,
        };
        Ok(raw.encode_to_vec())
    }

    /// For a simulation: everything but the signature, which is empty.
    pub fn without_signature(&self) -> Result<Vec<u8>> {
        self.raw(vec![SignerInfo::single_direct(self.public_key, self.sequence)], vec![vec![]])
    }

    /// For a binary that adds the signer itself.
    pub fn without_signer(&self) -> Result<Vec<u8>> {
        self.raw(vec![], vec![])
    }

    /// Signed with a key of ours, in the direct sign mode.
    pub fn sign(&self, name: &str, key: &SigningKey) -> Result<Vec<u8>> {
        let signer = SignerInfo::single_direct(Some(key.public_key()), self.sequence);
        let chain_id = self.chain_id.parse().map_err(malformed)?;
        let doc = SignDoc::new(&self.body(), &signer.auth_info(self.fee()?), &chain_id, self.account_number);
        let raw = doc.and_then(|doc| doc.sign(key)).map_err(|e| Error::key(name, e))?;
        raw.to_bytes().map_err(malformed)
    }
}

/// What a chain calls a transaction.
pub(crate) fn hash(bytes: &[u8]) -> String {
    HexBinary::from(Sha256::digest(bytes).as_slice()).to_hex().to_uppercase()
}

/// A message as transactions carry it.
pub(crate) fn any<M: Message + cosmrs::proto::traits::Name>(message: &M) -> Any {
    Any { type_url: M::type_url(), value: message.encode_to_vec() }
}
