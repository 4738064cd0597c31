//! Getting signed bytes to the node, whatever happens on the way.

use std::time::{Duration, Instant};

use cosmrs::proto::cosmos::base::abci::v1beta1::TxResponse;
use cosmrs::proto::cosmos::tx::v1beta1::service_client::ServiceClient;
use cosmrs::proto::cosmos::tx::v1beta1::{BroadcastMode, BroadcastTxRequest};

use crate::broadcast::POLL;
use crate::client::{reason, Client, ANSWER};
use crate::error::{Error, Result};
use crate::outcome::refused_in_check;
use crate::tx::Unsigned;

/// Numbers of errors in the chain's codespace `sdk`.
const IN_MEMPOOL: u32 = 19;
const MEMPOOL_FULL: u32 = 20;
const WRONG_SEQUENCE: u32 = 32;
/// Blocks after which a transaction that was executed can be found by its hash for sure.
const INDEXED: u64 = 2;

/// What became of signed bytes.
pub(crate) enum Said {
    /// The node has them.
    Taken,
    /// They were not executed and never will be: the account's sequence is another; this one if the node told.
    WrongSequence(Option<u64>, Error),
}

/// Signed bytes were sent, and perhaps they arrived.
struct Doubt {
    /// What went wrong last.
    reason: String,
    /// Height at which the account's sequence was first seen beyond theirs: something has used it.
    overtaken: Option<u64>,
    /// Whatever used it can be found by its hash by now.
    indexed: bool,
}

impl Doubt {
    fn new(reason: String) -> Self {
        Self { reason, overtaken: None, indexed: false }
    }
}

impl Client {
    /// Gets signed bytes to the node. Sends them again, the same ones, only after their hash was looked for.
    pub(crate) fn submit(
        &self,
        tx: &Unsigned,
        tx_bytes: Vec<u8>,
        hash: &str,
        timeout: Duration,
    ) -> Result<Said> {
        let start = Instant::now();
        let request = BroadcastTxRequest { tx_bytes, mode: BroadcastMode::Sync.into() };
        let mut doubt: Option<Doubt> = None;
        loop {
            let mut service = ServiceClient::new(self.channel());
            match self.once(timeout.min(ANSWER), service.broadcast_tx(request.clone())) {
                Ok((answer, _)) => {
                    let response = answer.tx_response.ok_or(Error::Missing("transaction"))?;
                    if let Some(said) = judge(tx, &response, doubt.is_some()) {
                        return said;
                    }
                    match &mut doubt {
                        Some(doubt) => doubt.reason = response.raw_log,
                        None if start.elapsed() >= timeout => {
                            return Err(refused_in_check(&response, tx.gas))
                        }
                        None => {}
                    }
                }
                Err(status) => match &mut doubt {
                    Some(doubt) => doubt.reason = reason(&status),
                    None => doubt = Some(Doubt::new(reason(&status))),
                },
            }
            std::thread::sleep(POLL);
            let Some(doubt) = &mut doubt else { continue };
            // The node may be away for a while; without its answer nothing is sent again.
            loop {
                match self.settle(tx, hash, doubt) {
                    Ok(Some(said)) => return Ok(said),
                    _ if start.elapsed() >= timeout => {
                        return Err(Error::Unknown { hash: hash.into(), reason: doubt.reason.clone() });
                    }
                    Ok(None) => break,
                    Err(_) => std::thread::sleep(POLL),
                }
            }
        }
    }

    /// What became of bytes that perhaps arrived; none: nobody knows yet.
    ///
    /// If they are in no block, but their sequence has been used in one and that block's transactions can be found, then
    /// something else has used it, and they can't be executed any more.
    fn settle(&self, tx: &Unsigned, hash: &str, doubt: &mut Doubt) -> Result<Option<Said>> {
        if self.look(hash)?.is_some() {
            return Ok(Some(Said::Taken));
        }
        if doubt.indexed {
            let error = Error::Unknown { hash: hash.into(), reason: doubt.reason.clone() };
            return Ok(Some(Said::WrongSequence(None, error)));
        }
        let used = self.account(&tx.signer)?.sequence > tx.sequence;
        let height = self.latest_block()?.height;
        match doubt.overtaken {
            None => doubt.overtaken = used.then_some(height),
            Some(since) => doubt.indexed = height >= since + INDEXED,
        }
        Ok(None)
    }
}

/// What to make of the node's answer to signed bytes; none: send them again later. In doubt whether they arrived when they were
/// sent before, a refusal says nothing: it may be one because they were executed.
fn judge(tx: &Unsigned, response: &TxResponse, in_doubt: bool) -> Option<Result<Said>> {
    let code = if response.codespace == "sdk" { response.code } else { u32::MAX };
    match code {
        _ if response.code == 0 => Some(Ok(Said::Taken)),
        IN_MEMPOOL if in_doubt => Some(Ok(Said::Taken)),
        _ if in_doubt => None,
        MEMPOOL_FULL => None,
        WRONG_SEQUENCE | IN_MEMPOOL => {
            // The same bytes are there already: from somebody else with the same key, so theirs have the sequence.
            let taken = (code == IN_MEMPOOL).then(|| tx.sequence.saturating_add(1));
            let expected = taken.or_else(|| expected_sequence(&response.raw_log));
            Some(Ok(Said::WrongSequence(expected, refused_in_check(response, tx.gas))))
        }
        _ => Some(Err(refused_in_check(response, tx.gas))),
    }
}

pub(crate) fn is_mismatch(text: &str) -> bool {
    text.contains("account sequence mismatch")
}

/// From `account sequence mismatch, expected 5, got 3: incorrect account sequence`.
pub(crate) fn expected_sequence(text: &str) -> Option<u64> {
    let (_, rest) = text.split_once("account sequence mismatch, expected ")?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_expected_sequence_is_read_from_the_chains_text() {
        let text = "account sequence mismatch, expected 5, got 3: incorrect account sequence";
        assert_eq!((expected_sequence(text), is_mismatch(text)), (Some(5), true));
        assert_eq!(expected_sequence("out of gas"), None);
    }
}
