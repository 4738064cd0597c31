//! What became of a transaction.

use cosmrs::proto::cosmos::base::abci::v1beta1::{TxMsgData, TxResponse};
use cosmrs::proto::tendermint::abci;
use cosmrs::proto::traits::Message;
use cosmrs::Any;
use cosmwasm_std::{Attribute, Event, HexBinary, Timestamp};

use crate::error::{Error, Result};
use crate::refusal::{Refusal, Stage};

/// A transaction in a block.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// SHA-256 of the transaction, upper case hex.
    pub hash: String,
    /// The block that it is in.
    pub height: u64,
    /// Time in that block's header: what contracts saw as the time.
    pub time: Timestamp,
    /// Gas that it used.
    pub gas_used: u64,
    /// Gas that it was given.
    pub gas_wanted: u64,
    /// 0, or the number of an error in `codespace`.
    pub code: u32,
    /// The chain's module that refused it.
    pub codespace: String,
    /// The chain's text of an error.
    pub raw_log: String,
    /// Everything that happened, in order; contracts' own events begin with `wasm-`.
    pub events: Vec<Event>,
    /// What each message answered.
    pub data: Vec<Any>,
}

/// The chain's own codespace.
pub(crate) const SDK: &str = "sdk";
/// Numbers of errors in it.
pub(crate) const WRONG_SEQUENCE: u32 = 32;
const OUT_OF_GAS: (&str, u32) = (SDK, 11);

impl Outcome {
    pub(crate) fn read(response: TxResponse, time: Timestamp) -> Result<Self> {
        let number = |what, number: i64| u64::try_from(number).map_err(|e| Error::malformed(what, e));
        let data =
            HexBinary::from_hex(&response.data).map_err(|e| Error::malformed("transaction data", e))?;
        let data = TxMsgData::decode(data.as_slice()).map_err(|e| Error::malformed("transaction data", e))?;
        Ok(Self {
            hash: response.txhash,
            height: number("height", response.height)?,
            time,
            gas_used: number("gas", response.gas_used)?,
            gas_wanted: number("gas", response.gas_wanted)?,
            code: response.code,
            codespace: response.codespace,
            raw_log: response.raw_log,
            events: events(response.events),
            data: data.msg_responses,
        })
    }

    /// Itself if it was executed; else the refusal that it is.
    pub fn accepted(self) -> Result<Self> {
        if self.code == 0 {
            return Ok(self);
        }
        if (self.codespace.as_str(), self.code) == OUT_OF_GAS {
            let (wanted, used) = (self.gas_wanted, self.gas_used);
            return Err(Error::OutOfGas { outcome: Some(Box::new(self)), wanted, used });
        }
        let refusal = Refusal::read(Stage::Deliver, &self.raw_log);
        Err(Box::new(Refusal { outcome: Some(Box::new(self)), ..refusal }).into())
    }

    /// Whether its signer's account had another sequence in that block than it was signed with: nothing was executed, no fee was
    /// paid, and it is executed yet if it is sent again when its turn has come.
    pub(crate) fn is_out_of_turn(&self) -> bool {
        (self.codespace.as_str(), self.code) == (SDK, WRONG_SEQUENCE)
    }

    /// The answer of its message number `index`.
    pub fn answer<M: Message + Default>(&self, index: usize) -> Result<M> {
        let any = self.data.get(index).ok_or(Error::Missing("answer to a message"))?;
        M::decode(any.value.as_slice()).map_err(|e| Error::malformed("answer to a message", e))
    }
}

/// Events as the chain tells them.
pub(crate) fn events(told: Vec<abci::Event>) -> Vec<Event> {
    let event = |event: abci::Event| {
        // Not by `Attribute::new`, which refuses keys that only the chain may use: these are the chain's.
        let attributes = event.attributes.into_iter();
        let attributes = attributes.map(|a| Attribute { key: a.key, value: a.value });
        let mut read = Event::new(event.r#type);
        read.attributes.extend(attributes);
        read
    };
    told.into_iter().map(event).collect()
}

/// What the node says to a transaction that it does not take. Its answer has the gas only in the text.
pub(crate) fn refused_in_check(response: &TxResponse, wanted: u64) -> Error {
    if (response.codespace.as_str(), response.code) == OUT_OF_GAS {
        let used = used_in(&response.raw_log).unwrap_or(wanted);
        return Error::OutOfGas { outcome: None, wanted, used };
    }
    Box::new(Refusal::read(Stage::Check, &response.raw_log)).into()
}

/// From `out of gas in location: txSize; gasWanted: 1000, gasUsed: 2230: out of gas`.
fn used_in(text: &str) -> Option<u64> {
    let (_, rest) = text.rsplit_once("gasUsed: ")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gas_is_read_from_the_text_of_a_transaction_that_was_not_taken() {
        let raw_log = "out of gas in location: txSize; gasWanted: 1000, gasUsed: 2230: out of gas";
        let response = TxResponse {
            codespace: "sdk".into(),
            code: 11,
            raw_log: raw_log.into(),
            ..TxResponse::default()
        };
        let error = refused_in_check(&response, 1_000);
        assert!(matches!(error, Error::OutOfGas { wanted: 1_000, used: 2_230, outcome: None }), "{error}");
    }
}
