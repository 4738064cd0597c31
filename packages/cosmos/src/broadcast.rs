//! Sending: no transaction twice, and every one either known in its outcome or named by its hash.
//!
//! What protects from doing something twice is the signer's sequence: signed bytes are executed once at most, however often
//! they are sent. So where it isn't known whether bytes arrived, the same bytes are sent again, after their hash has been
//! looked up; messages are signed anew, with another sequence, only after the node has said that it does not take the bytes, or
//! when something else is in a block with their sequence.

use std::time::{Duration, Instant};

use cosmrs::proto::cosmos::auth::v1beta1::query_client::QueryClient as AuthClient;
use cosmrs::proto::cosmos::auth::v1beta1::QueryAccountInfoRequest;
use cosmrs::proto::cosmos::tx::v1beta1::service_client::ServiceClient;
use cosmrs::proto::cosmos::tx::v1beta1::{GetTxRequest, GetTxResponse, SimulateRequest};
use cosmrs::Any;
use cosmwasm_std::{Coin, Event};

use crate::bank;
use crate::client::{ask, failure, Account, Client, LARGEST};
use crate::error::{Error, Result};
use crate::gas::{Gas, Options};
use crate::outcome::{events, Outcome};
use crate::refusal::{Refusal, Stage};
use crate::submit::{expected_sequence, is_mismatch, Said, Sent};
use crate::tx::{hash, Unsigned};

/// How often the chain is asked whether a transaction is in a block.
pub(crate) const POLL: Duration = Duration::from_millis(100);
/// Longest that one of those answers may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

/// What messages would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulated {
    /// Gas that they would use.
    pub gas: u64,
    /// What would be told.
    pub events: Vec<Event>,
    /// Height of the state that it is about, where the node says it.
    pub height: Option<u64>,
}

impl Client {
    /// Sends one transaction and waits until it is in a block. If it got lost on the way, it is sent again.
    ///
    /// Errors: [`Error::Refused`] and [`Error::OutOfGas`] if it was not executed; [`Error::Unknown`] and [`Error::Timeout`]
    /// if that isn't known.
    pub fn broadcast(&self, signer: &str, messages: Vec<Any>, options: &Options) -> Result<Outcome> {
        let start = Instant::now();
        loop {
            let sent = self.dispatch(signer, &messages, options)?;
            match self.wait_for(sent, options.timeout, &mut false) {
                Err(Error::Lost { .. }) if start.elapsed() < options.timeout => {}
                outcome => return outcome?.accepted(),
            }
        }
    }

    /// Sends one transaction and returns its hash as soon as the node has taken it, for sure or perhaps: what becomes of it is
    /// found by its hash.
    pub fn send(&self, signer: &str, messages: &[Any], options: &Options) -> Result<String> {
        Ok(self.dispatch(signer, messages, options)?.hash)
    }

    /// Signs and sends until the node has taken it, for sure or perhaps.
    pub(crate) fn dispatch(&self, signer: &str, messages: &[Any], options: &Options) -> Result<Sent> {
        match self.dispatch_behind(signer, messages, options, false)? {
            Some(sent) => Ok(sent),
            None => Err(Error::NotSent),
        }
    }

    /// [`Self::dispatch`] behind others that are on their way. None, and nothing sent, if the node expects an earlier sequence: it
    /// has forgotten them.
    pub(crate) fn dispatch_behind(
        &self,
        signer: &str,
        messages: &[Any],
        options: &Options,
        behind_others: bool,
    ) -> Result<Option<Sent>> {
        let mut tx = self.compose(signer, messages.to_vec(), options)?;
        // Held while signing and sending: sequences have to arrive in order.
        let mut signers = self.signers();
        let start = Instant::now();
        loop {
            let account = match signers.get(&tx.signer) {
                Some(account) => *account,
                None => self.account(&tx.signer)?,
            };
            let (expected, error) = match self.sign_and_submit(signer, &mut tx, account, options) {
                Ok(Ok(sent)) => {
                    signers.insert(tx.signer, Account { sequence: account.sequence + 1, ..account });
                    return Ok(Some(sent));
                }
                Ok(Err(wrong)) => wrong,
                Err(error) => return Err(error),
            };
            let forgotten = expected.is_some_and(|expected| expected < account.sequence);
            match expected {
                Some(sequence) if !forgotten || !behind_others => {
                    signers.insert(tx.signer.clone(), Account { sequence, ..account })
                }
                _ => signers.remove(&tx.signer),
            };
            if forgotten && behind_others {
                return Ok(None);
            }
            // Somebody else may be sending many with the same key.
            if start.elapsed() >= options.timeout {
                return Err(error);
            }
        }
    }

    /// Gas that messages would use, without sending them, behind whatever of their signer is in no block yet. Errors:
    /// [`Error::Refused`] if they would be.
    pub fn simulate(&self, signer: &str, messages: Vec<Any>) -> Result<u64> {
        Ok(self.try_out(signer, messages)?.gas)
    }

    /// [`Self::simulate`], and what would be told.
    pub fn try_out(&self, signer: &str, messages: Vec<Any>) -> Result<Simulated> {
        let mut tx = self.behind_last_block(signer, messages)?;
        loop {
            match self.simulated(&tx) {
                Err(Error::Refused(refusal)) if is_mismatch(&refusal.text) => {
                    // it only grows while others send with the same key
                    match expected_sequence(&refusal.text).filter(|expected| *expected > tx.sequence) {
                        Some(expected) => tx.sequence = expected,
                        None => return Err(Error::Refused(refusal)),
                    }
                }
                simulated => return simulated,
            }
        }
    }

    /// Unsigned, with the sequence that the signer's account had in the last block.
    fn behind_last_block(&self, signer: &str, messages: Vec<Any>) -> Result<Unsigned> {
        let mut tx = self.compose(signer, messages, &Options::default())?;
        let account = self.account(&tx.signer)?;
        (tx.account_number, tx.sequence) = (account.number, account.sequence);
        Ok(tx)
    }

    /// Whether the node has transactions of a signer, from here or elsewhere, that are in no block yet: then it expects a later
    /// sequence than that of the account.
    pub fn has_more_to_come(&self, signer: &str) -> Result<bool> {
        let address = self.address(signer)?;
        // The sequence is looked at before the message, which nobody is to execute and which may be refused.
        let nothing = bank::send(&address, &address, &[Coin::new(1u128, "nothing")]);
        match self.behind_last_block(signer, vec![nothing]).and_then(|tx| self.estimate(&tx)) {
            Err(Error::Refused(refusal)) => Ok(is_mismatch(&refusal.text)),
            // it has never signed anything
            Err(Error::NoAccount { .. }) => Ok(false),
            simulated => simulated.map(|_| false),
        }
    }

    /// What became of a transaction; none if it is in no block (yet).
    pub fn find(&self, hash: &str) -> Result<Option<Outcome>> {
        let request = GetTxRequest { hash: hash.to_string() };
        self.found(ask!(self, "transaction", ServiceClient.get_tx(request)))
    }

    /// [`Self::find`], asked once and with little patience, for those who will ask again.
    pub(crate) fn look(&self, hash: &str) -> Result<Option<Outcome>> {
        let request = GetTxRequest { hash: hash.to_string() };
        let answer = self.once(PATIENCE, |channel| async move {
            ServiceClient::new(channel).max_decoding_message_size(LARGEST).get_tx(request).await
        });
        self.found(answer.map_err(|status| failure("transaction", &status)))
    }

    fn found(&self, answer: Result<(GetTxResponse, Option<u64>)>) -> Result<Option<Outcome>> {
        let response = match answer {
            Ok((answer, _)) => answer.tx_response.ok_or(Error::Missing("transaction"))?,
            Err(Error::Status { code: tonic::Code::NotFound, .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let height = u64::try_from(response.height).map_err(|e| Error::malformed("height", e))?;
        let time = self.block_time(height)?;
        Outcome::read(response, time).map(Some)
    }

    /// Waits until a transaction is in a block. An outcome may be a refusal: see [`Outcome::accepted`].
    pub fn wait(&self, hash: &str, timeout: Duration) -> Result<Outcome> {
        let start = Instant::now();
        loop {
            let found = self.look(hash);
            if let Ok(Some(outcome)) = found {
                return Ok(outcome);
            }
            if start.elapsed() >= timeout {
                let hash = hash.to_string();
                return Err(match found {
                    Err(error) => Error::Unknown { hash, reason: error.to_string() },
                    Ok(_) => Error::Timeout { hash, waited: timeout },
                });
            }
            std::thread::sleep(POLL);
        }
    }

    fn compose(&self, signer: &str, messages: Vec<Any>, options: &Options) -> Result<Unsigned> {
        Ok(Unsigned {
            messages,
            memo: options.memo.clone(),
            gas: 0,
            fee: vec![],
            public_key: self.keys()?.public_key(signer)?,
            signer: self.address(signer)?,
            chain_id: self.chain_id().to_string(),
            account_number: 0,
            sequence: 0,
        })
    }

    /// The account as of the last block.
    pub(crate) fn account(&self, address: &str) -> Result<Account> {
        let request = QueryAccountInfoRequest { address: address.to_string() };
        match ask!(self, "account", AuthClient.account_info(request)) {
            Ok((answer, _)) => {
                let info = answer.info.ok_or(Error::Missing("account"))?;
                Ok(Account { number: info.account_number, sequence: info.sequence })
            }
            Err(Error::Status { code: tonic::Code::NotFound, .. }) => {
                Err(Error::NoAccount { address: address.to_string() })
            }
            Err(error) => Err(error),
        }
    }

    fn estimate(&self, tx: &Unsigned) -> Result<u64> {
        Ok(self.simulated(tx)?.gas)
    }

    fn simulated(&self, tx: &Unsigned) -> Result<Simulated> {
        let tx_bytes = tx.without_signature()?;
        let request = SimulateRequest { tx_bytes, ..SimulateRequest::default() };
        match ask!(self, "simulation", ServiceClient.simulate(request)) {
            Ok((answer, height)) => Ok(Simulated {
                gas: answer.gas_info.ok_or(Error::Missing("gas"))?.gas_used,
                events: events(answer.result.ok_or(Error::Missing("result"))?.events),
                height,
            }),
            Err(Error::Status { message, .. }) => {
                Err(Box::new(Refusal::read(Stage::Simulate, &message)).into())
            }
            Err(error) => Err(error),
        }
    }

    /// With that account's sequence; the inner error is another sequence that the node expects. The gas is estimated once: it
    /// does not depend on the sequence.
    fn sign_and_submit(
        &self,
        signer: &str,
        tx: &mut Unsigned,
        account: Account,
        options: &Options,
    ) -> Result<core::result::Result<Sent, (Option<u64>, Error)>> {
        (tx.account_number, tx.sequence) = (account.number, account.sequence);
        if tx.gas == 0 {
            // Paying a fee takes gas too, so a simulation pays one; how much makes no difference.
            tx.fee = options.fee(1)?;
            tx.gas = match options.gas {
                Gas::Limit(gas) => gas,
                Gas::Simulate { percent } => match self.estimate(tx) {
                    Ok(gas) => gas.saturating_mul(percent).div_ceil(100),
                    Err(Error::Refused(refusal)) if is_mismatch(&refusal.text) => {
                        return Ok(Err((expected_sequence(&refusal.text), Error::Refused(refusal))));
                    }
                    Err(error) => return Err(error),
                },
            };
            tx.fee = options.fee(tx.gas)?;
        }
        let bytes = self.keys()?.sign(signer, tx)?;
        let (signer, sequence) = (tx.signer.clone(), tx.sequence);
        let sent = Sent { hash: hash(&bytes), bytes, signer, sequence, doubt: None };
        Ok(match self.submit(&sent, tx.gas, options.timeout)? {
            Said::Taken => Ok(sent),
            Said::Nothing(reason) => Ok(Sent { doubt: Some(reason), ..sent }),
            Said::WrongSequence(expected, error) => Err((expected, error)),
        })
    }
}
