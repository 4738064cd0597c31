//! Getting signed bytes to the node and into a block, whatever happens on the way.

use std::time::{Duration, Instant};

use cosmrs::proto::cosmos::base::abci::v1beta1::TxResponse;
use cosmrs::proto::cosmos::tx::v1beta1::service_client::ServiceClient;
use cosmrs::proto::cosmos::tx::v1beta1::{BroadcastMode, BroadcastTxRequest};

use crate::broadcast::{PATIENCE, POLL};
use crate::client::{reason, Client, ANSWER};
use crate::error::{Error, Result};
use crate::outcome::{refused_in_check, Outcome, SDK, WRONG_SEQUENCE};

/// Numbers of errors in the chain's codespace [`SDK`].
const IN_MEMPOOL: u32 = 19;
const MEMPOOL_FULL: u32 = 20;
/// Blocks after which a transaction that was executed can be found by its hash for sure.
const INDEXED: u64 = 2;
/// How often bytes that are in no block are sent again: a node that was started anew has forgotten what it had taken.
const AGAIN: Duration = Duration::from_secs(3);

/// Signed bytes that the node took, or perhaps took.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub hash: String,
    pub bytes: Vec<u8>,
    /// Address of who signed, and the sequence.
    pub signer: String,
    pub sequence: u64,
    /// Why it isn't known whether they arrived.
    pub doubt: Option<String>,
}

/// What the node says to signed bytes.
pub(crate) enum Said {
    /// It has them.
    Taken,
    /// Nothing: they may have arrived.
    Nothing(String),
    /// It does not take them: the account's sequence is another; this one if it told.
    WrongSequence(Option<u64>, Error),
}

/// What is known of signed bytes for good.
enum Settled {
    Done(Box<Outcome>),
    Never,
}

/// What has been found out of an account that has signed, at one node: another one may be behind it.
#[derive(Default)]
struct Overtaken {
    /// Number of the node.
    node: usize,
    /// Height at which its sequence was first seen to be further: something has used the one in question.
    since: Option<u64>,
    /// Whatever used it can be found by its hash by now.
    indexed: bool,
}

impl Client {
    /// Gets signed bytes to the node. Errors: the chain's refusal.
    pub(crate) fn submit(&self, sent: &Sent, gas: u64, timeout: Duration) -> Result<Said> {
        let start = Instant::now();
        loop {
            let response = match self.push(sent, timeout.min(ANSWER)) {
                Ok(response) => response,
                Err(reason) => return Ok(Said::Nothing(reason)),
            };
            if response.code == 0 {
                return Ok(Said::Taken);
            }
            let refused = refused_in_check(&response, gas);
            match code_of(&response) {
                // The same bytes from somebody else with the same key: theirs have the sequence.
                IN_MEMPOOL => return Ok(Said::WrongSequence(sent.sequence.checked_add(1), refused)),
                WRONG_SEQUENCE => {
                    return Ok(Said::WrongSequence(expected_sequence(&response.raw_log), refused));
                }
                MEMPOOL_FULL if start.elapsed() < timeout => std::thread::sleep(POLL),
                _ => return Err(refused),
            }
        }
    }

    /// Sends bytes once. Errors: what went wrong on the way; they may have arrived.
    pub(crate) fn push(&self, sent: &Sent, limit: Duration) -> core::result::Result<TxResponse, String> {
        let mode = BroadcastMode::Sync.into();
        let request = BroadcastTxRequest { tx_bytes: sent.bytes.clone(), mode };
        let answer = self
            .once(limit, |channel| async move { ServiceClient::new(channel).broadcast_tx(request).await });
        let answer = answer.map_err(|status| reason(&status))?;
        answer.0.tx_response.ok_or_else(|| Error::Missing("transaction").to_string())
    }

    /// Waits until bytes are in a block. If they don't come, or perhaps never arrived, the node is sent the same bytes again, each
    /// time after their hash was looked for; at once if it is known to have `forgotten` others. If it turns out to have, that
    /// is noted. Errors: [`Error::Lost`] if they will never be executed.
    pub(crate) fn wait_for(
        &self,
        mut sent: Sent,
        timeout: Duration,
        forgotten: &mut bool,
    ) -> Result<Outcome> {
        let start = Instant::now();
        let mut remind = if *forgotten || sent.doubt.is_some() { Duration::ZERO } else { AGAIN };
        let mut overtaken = Overtaken::default();
        loop {
            let late = start.elapsed() >= timeout;
            match self.settle(&sent, &mut overtaken, remind < AGAIN || start.elapsed() >= AGAIN) {
                Ok(Some(Settled::Done(outcome))) => return Ok(*outcome),
                Ok(Some(Settled::Never)) => return Err(Error::Lost { hash: sent.hash }),
                Ok(None) if late => {
                    return Err(match sent.doubt {
                        Some(reason) => Error::Unknown { hash: sent.hash, reason },
                        None => Error::Timeout { hash: sent.hash, waited: timeout },
                    });
                }
                Err(error) if late => {
                    return Err(Error::Unknown { hash: sent.hash, reason: error.to_string() });
                }
                Ok(None) if start.elapsed() >= remind => {
                    let said = self.push(&sent, PATIENCE);
                    *forgotten = *forgotten || said.as_ref().is_ok_and(|response| response.code == 0);
                    remind = start.elapsed() + AGAIN;
                    sent.doubt = match said {
                        Ok(response) if response.code == 0 || code_of(&response) == IN_MEMPOOL => None,
                        // A refusal says little: it may be one because they were executed.
                        said => sent.doubt.map(|_| said.map_or_else(|reason| reason, |said| said.raw_log)),
                    };
                }
                _ => {}
            }
            std::thread::sleep(POLL);
        }
    }

    /// What became of bytes; none: nobody knows yet.
    ///
    /// If they were executed in no block, but their sequence has been used in one and that block's transactions can be found, then
    /// something else has used it, and they can't be executed any more. That is only looked at if they are `missed`. A block in which
    /// they came out of turn did not execute them: a node that is given bytes of one signer by two at the same time may put them into
    /// its mempool in the wrong order.
    fn settle(&self, sent: &Sent, overtaken: &mut Overtaken, missed: bool) -> Result<Option<Settled>> {
        if let Some(outcome) = self.look(&sent.hash)?.filter(|outcome| !outcome.is_out_of_turn()) {
            return Ok(Some(Settled::Done(Box::new(outcome))));
        }
        let node = self.node();
        if overtaken.node != node {
            *overtaken = Overtaken { node, ..Overtaken::default() };
        }
        if overtaken.indexed {
            return Ok(Some(Settled::Never));
        }
        if missed {
            let used = self.account(&sent.signer)?.sequence > sent.sequence;
            let height = self.latest_block()?.height;
            match overtaken.since {
                None => overtaken.since = used.then_some(height),
                Some(since) => overtaken.indexed = height >= since + INDEXED,
            }
        }
        Ok(None)
    }
}

/// Number of an error in the codespace `sdk`.
fn code_of(response: &TxResponse) -> u32 {
    if response.codespace == SDK {
        response.code
    } else {
        u32::MAX
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
