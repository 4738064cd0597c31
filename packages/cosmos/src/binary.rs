//! Signing by the chain's own binary, which keeps the keys.

use std::ffi::OsStr;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use cosmrs::proto::cosmos::tx::v1beta1::TxRaw;
use cosmrs::proto::cosmwasm::wasm::v1::MsgStoreCode;
use cosmrs::proto::traits::{Message, Name};
use cosmwasm_std::Binary as Base64;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::tx::{any, Unsigned};

/// The backend that never asks for anything.
const TEST: &str = "test";

/// The chain's own binary with its keyring. What it signs is composed here, so it needs no node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binary {
    /// Of the binary, or its name if it is on the search path.
    pub binary: PathBuf,
    /// Its home directory; none: its own default.
    pub home: Option<PathBuf>,
    /// Its keyring's backend: `os`, `file`, `test`, ….
    pub backend: String,
}

impl Binary {
    /// The address of a key.
    pub(crate) fn address(&self, name: &str) -> Result<String> {
        Ok(self.keyring(["keys", "show", name, "-a"])?.trim().to_string())
    }

    /// Signs in three steps: our bytes as the binary's JSON, the signed JSON, its bytes.
    pub(crate) fn sign(&self, name: &str, tx: &Unsigned) -> Result<Vec<u8>> {
        let unsigned = file(self.as_json(tx)?.to_string().as_bytes())?;
        let account_number = tx.account_number.to_string();
        let sequence = tx.sequence.to_string();
        let signed = self.keyring([
            OsStr::new("tx"),
            "sign".as_ref(),
            unsigned.path().as_os_str(),
            "--from".as_ref(),
            name.as_ref(),
            "--offline".as_ref(),
            "--account-number".as_ref(),
            account_number.as_ref(),
            "--sequence".as_ref(),
            sequence.as_ref(),
            "--chain-id".as_ref(),
            tx.chain_id.as_ref(),
            "--sign-mode".as_ref(),
            "direct".as_ref(),
        ])?;
        let signed = file(signed.as_bytes())?;
        let encoded = self.run(&[OsStr::new("tx"), "encode".as_ref(), signed.path().as_os_str()])?;
        let bytes =
            Base64::from_base64(encoded.trim()).map_err(|e| Error::malformed("a signed transaction", e))?;
        Ok(bytes.into())
    }

    /// The binary's JSON of a transaction. It takes our bytes as an argument, which can't be long, so wasm is put in
    /// afterwards.
    fn as_json(&self, tx: &Unsigned) -> Result<Value> {
        let bad = |e: &dyn core::fmt::Display| Error::malformed("an unsigned transaction", e);
        let raw = TxRaw::decode(tx.without_signer()?.as_slice()).map_err(|e| bad(&e))?;
        let mut body = cosmrs::proto::cosmos::tx::v1beta1::TxBody::decode(raw.body_bytes.as_slice())
            .map_err(|e| bad(&e))?;
        let mut codes = Vec::new();
        for (index, message) in body.messages.iter_mut().enumerate() {
            if message.type_url == MsgStoreCode::type_url() {
                let mut store = MsgStoreCode::decode(message.value.as_slice()).map_err(|e| bad(&e))?;
                codes.push((index, Base64::from(std::mem::take(&mut store.wasm_byte_code)).to_base64()));
                *message = any(&store);
            }
        }
        let raw = TxRaw { body_bytes: body.encode_to_vec(), ..raw };
        let encoded = Base64::from(raw.encode_to_vec()).to_base64();
        let json = self.run(&[OsStr::new("tx"), "decode".as_ref(), encoded.as_ref()])?;
        let mut json: Value = serde_json::from_str(&json).map_err(|e| bad(&e))?;
        for (index, code) in codes {
            let message = json.pointer_mut(&format!("/body/messages/{index}/wasm_byte_code"));
            *message.ok_or(Error::Missing("code"))? = code.into();
        }
        Ok(json)
    }

    fn keyring<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Result<String> {
        let arguments: Vec<S> = arguments.into_iter().collect();
        let mut all: Vec<&OsStr> = arguments.iter().map(AsRef::as_ref).collect();
        all.extend(["--keyring-backend".as_ref(), OsStr::new(&self.backend)]);
        self.run(&all)
    }

    /// Its standard output. Standard input is the user's, and so is standard error where a keyring may ask for a passphrase.
    fn run(&self, arguments: &[&OsStr]) -> Result<String> {
        let mut command = Command::new(&self.binary);
        command.args(arguments);
        if let Some(home) = &self.home {
            command.arg("--home").arg(home);
        }
        let failed = |reason: String| {
            let first: Vec<_> = arguments.iter().take(2).map(|word| word.to_string_lossy()).collect();
            Error::Binary { command: format!("{} {}", self.binary.display(), first.join(" ")), reason }
        };
        command.stdin(Stdio::inherit());
        if self.backend != TEST {
            command.stderr(Stdio::inherit());
        }
        let output = command.output().map_err(|e| failed(e.to_string()))?;
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr);
            let last = text.lines().rev().find(|line| !line.trim().is_empty());
            let last = last.map_or_else(|| output.status.to_string(), |line| line.trim().to_string());
            return Err(failed(last));
        }
        String::from_utf8(output.stdout).map_err(|e| failed(e.to_string()))
    }
}

fn file(content: &[u8]) -> Result<tempfile::NamedTempFile> {
    let file = tempfile::NamedTempFile::new().and_then(|mut file| file.write_all(content).map(|()| file));
    file.map_err(|e| Error::malformed("a transaction's file", e))
}
