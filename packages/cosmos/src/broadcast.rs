//! Sending: no transaction twice, and every one either known in its outcome or named by its hash.
//!
//! What protects from doing something twice is the signer's sequence: signed bytes are executed once at most, however often
//! they are sent. So where it isn't known whether bytes arrived, the same bytes are sent again, after their hash has been
//! looked up; they are signed anew, with another sequence, only after the node has said that it does not take them.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use cosmrs::proto::cosmos::auth::v1beta1::query_client::QueryClient as AuthClient;
use cosmrs::proto::cosmos::auth::v1beta1::QueryAccountInfoRequest;
use cosmrs::proto::cosmos::base::abci::v1beta1::TxResponse;
use cosmrs::proto::cosmos::tx::v1beta1::service_client::ServiceClient;
use cosmrs::proto::cosmos::tx::v1beta1::{
    BroadcastMode, BroadcastTxRequest, GetTxRequest, GetTxResponse, SimulateRequest,
};
use cosmrs::Any;

use crate::client::{ask, failure, reason, Account, Client, ANSWER, LARGEST};
use crate::error::{Error, Result};
use crate::gas::{Gas, Options};
use crate::outcome::{refused_in_check, Outcome};
use crate::refusal::{Refusal, Stage};
use crate::tx::{hash, Unsigned};

/// How often the chain is asked whether a transaction is in a block.
pub(crate) const POLL: Duration = Duration::from_millis(100);
/// Longest that one of those answers may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often a transaction is signed anew because its sequence was not the account's.
const SIGNINGS: u32 = 5;
/// Transactions of one signer that are on their way at the same time.
const FLYING: usize = 200;

/// Numbers of errors in the chain's codespace `sdk`.
const IN_MEMPOOL: u32 = 19;
const MEMPOOL_FULL: u32 = 20;
const WRONG_SEQUENCE: u32 = 32;

/// What the node said to signed bytes.
enum Said {
    Taken,
    /// The account's sequence is another; this one if the node told.
    WrongSequence(Option<u64>, Error),
}

impl Client {
    /// Sends one transaction and waits until it is in a block.
    ///
    /// Errors: [`Error::Refused`] and [`Error::OutOfGas`] if it was not executed; [`Error::Unknown`] and [`Error::Timeout`]
    /// if that isn't known.
    pub fn broadcast(&self, signer: &str, messages: Vec<Any>, options: &Options) -> Result<Outcome> {
        let hash = self.send(signer, messages, options)?;
        self.wait(&hash, options.timeout)?.accepted()
    }

    /// Sends many transactions of one signer without waiting for each, and waits for all. One result each, in order.
    ///
    /// One that is refused does not stop those behind it; one whose arrival is not known does ([`Error::NotSent`]). A
    /// simulation does not see what is still on its way, so give a gas limit where they build on each other.
    pub fn broadcast_many(
        &self,
        signer: &str,
        transactions: Vec<Vec<Any>>,
        options: &Options,
    ) -> Vec<Result<Outcome>> {
        let mut results = Vec::with_capacity(transactions.len());
        let mut flying = VecDeque::new();
        let mut stopped = false;
        for messages in transactions {
            if flying.len() == FLYING {
                results.extend(flying.pop_front().map(|sent| self.land(sent, options)));
            }
            let sent = if stopped { Err(Error::NotSent) } else { self.send(signer, messages, options) };
            stopped = stopped || sent.as_ref().is_err_and(Error::is_unknown);
            flying.push_back(sent);
        }
        results.extend(flying.into_iter().map(|sent| self.land(sent, options)));
        results
    }

    fn land(&self, sent: Result<String>, options: &Options) -> Result<Outcome> {
        self.wait(&sent?, options.timeout)?.accepted()
    }

    /// Sends one transaction and returns its hash as soon as the node has taken it.
    pub fn send(&self, signer: &str, messages: Vec<Any>, options: &Options) -> Result<String> {
        let address = self.address(signer)?;
        let mut tx = self.compose(signer, messages, options)?;
        // Held while signing and sending: sequences have to arrive in order.
        let mut signers = self.signers();
        let mut last = Error::NotSent;
        for _ in 0..SIGNINGS {
            let account = match signers.get(&address) {
                Some(account) => *account,
                None => self.account(&address)?,
            };
            match self.sign_and_submit(signer, &mut tx, account, options) {
                Ok((hash, Said::Taken)) => {
                    signers.insert(address, Account { sequence: account.sequence + 1, ..account });
                    return Ok(hash);
                }
                Ok((_, Said::WrongSequence(expected, error))) => {
                    match expected {
                        Some(sequence) => signers.insert(address.clone(), Account { sequence, ..account }),
                        None => signers.remove(&address),
                    };
                    last = error;
                }
                Err(error) => {
                    // Whatever happened, the next one asks the chain.
                    if error.is_unknown() {
                        signers.remove(&address);
                    }
                    return Err(error);
                }
            }
        }
        Err(last)
    }

    /// Gas that messages would use, without sending them. Errors: [`Error::Refused`] if they would be.
    pub fn simulate(&self, signer: &str, messages: Vec<Any>) -> Result<u64> {
        let mut tx = self.compose(signer, messages, &Options::default())?;
        let account = self.account(&self.address(signer)?)?;
        (tx.account_number, tx.sequence) = (account.number, account.sequence);
        self.estimate(&tx)
    }

    /// What became of a transaction; none if it is in no block (yet).
    pub fn find(&self, hash: &str) -> Result<Option<Outcome>> {
        let request = GetTxRequest { hash: hash.to_string() };
        self.found(ask!(self, "transaction", ServiceClient.get_tx(request)))
    }

    /// [`Self::find`], asked once and with little patience, for those who will ask again.
    fn look(&self, hash: &str) -> Result<Option<Outcome>> {
        let request = GetTxRequest { hash: hash.to_string() };
        let mut service = ServiceClient::new(self.channel()).max_decoding_message_size(LARGEST);
        let answer = self.once(PATIENCE, service.get_tx(request));
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
            chain_id: self.chain_id().to_string(),
            account_number: 0,
            sequence: 0,
        })
    }

    /// The account as of the last block.
    fn account(&self, address: &str) -> Result<Account> {
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
        let tx_bytes = tx.without_signature()?;
        let request = SimulateRequest { tx_bytes, ..SimulateRequest::default() };
        match ask!(self, "simulation", ServiceClient.simulate(request)) {
            Ok((answer, _)) => Ok(answer.gas_info.ok_or(Error::Missing("gas"))?.gas_used),
            Err(Error::Status { message, .. }) => {
                Err(Box::new(Refusal::read(Stage::Simulate, &message)).into())
            }
            Err(error) => Err(error),
        }
    }

    fn sign_and_submit(
        &self,
        signer: &str,
        tx: &mut Unsigned,
        account: Account,
        options: &Options,
    ) -> Result<(String, Said)> {
        (tx.account_number, tx.sequence) = (account.number, account.sequence);
        // Paying a fee takes gas too, so a simulation pays one; how much makes no difference.
        tx.fee = options.fee(1)?;
        tx.gas = match options.gas {
            Gas::Limit(gas) => gas,
            Gas::Simulate { percent } => match self.estimate(tx) {
                Ok(gas) => gas.saturating_mul(percent).div_ceil(100),
                Err(Error::Refused(refusal)) if is_mismatch(&refusal.text) => {
                    let expected = expected_sequence(&refusal.text);
                    return Ok((String::new(), Said::WrongSequence(expected, Error::Refused(refusal))));
                }
                Err(error) => return Err(error),
            },
        };
        tx.fee = options.fee(tx.gas)?;
        let bytes = self.keys()?.sign(signer, tx)?;
        let hash = hash(&bytes);
        let said = self.submit(tx, bytes, &hash, options.timeout)?;
        Ok((hash, said))
    }

    /// Gets signed bytes to the node. Sends them again, the same ones, only after their hash was looked for.
    fn submit(&self, tx: &Unsigned, tx_bytes: Vec<u8>, hash: &str, timeout: Duration) -> Result<Said> {
        let start = Instant::now();
        let request = BroadcastTxRequest { tx_bytes, mode: BroadcastMode::Sync.into() };
        // What went wrong after which the bytes may have arrived.
        let mut doubt: Option<String> = None;
        loop {
            let mut service = ServiceClient::new(self.channel());
            match self.once(timeout.min(ANSWER), service.broadcast_tx(request.clone())) {
                Ok((answer, _)) => {
                    let response = answer.tx_response.ok_or(Error::Missing("transaction"))?;
                    if let Some(said) = judge(tx, &response, doubt.is_some()) {
                        return said;
                    }
                    if doubt.is_none() && start.elapsed() >= timeout {
                        return Err(refused_in_check(&response, tx.gas));
                    }
                    doubt = doubt.map(|_| response.raw_log);
                }
                Err(status) => doubt = Some(reason(&status)),
            }
            std::thread::sleep(POLL);
            let Some(reason) = &doubt else { continue };
            // The node may be away for a while; without its answer nothing is sent again.
            loop {
                match self.look(hash) {
                    Ok(Some(_)) => return Ok(Said::Taken),
                    _ if start.elapsed() >= timeout => {
                        return Err(Error::Unknown { hash: hash.to_string(), reason: reason.clone() });
                    }
                    Ok(None) => break,
                    Err(_) => std::thread::sleep(POLL),
                }
            }
        }
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

fn is_mismatch(text: &str) -> bool {
    text.contains("account sequence mismatch")
}

/// From `account sequence mismatch, expected 5, got 3: incorrect account sequence`.
fn expected_sequence(text: &str) -> Option<u64> {
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
