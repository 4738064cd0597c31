//! Sending: no transaction twice, and every one either known in its outcome or named by its hash.
//!
//! What protects from doing something twice is the signer's sequence: signed bytes are executed once at most, however often
//! they are sent. So where it isn't known whether bytes arrived, the same bytes are sent again, after their hash has been
//! looked up; messages are signed anew, with another sequence, only after the node has said that it does not take the bytes, or
//! when something else is in a block with their sequence.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use cosmrs::proto::cosmos::auth::v1beta1::query_client::QueryClient as AuthClient;
use cosmrs::proto::cosmos::auth::v1beta1::QueryAccountInfoRequest;
use cosmrs::proto::cosmos::tx::v1beta1::service_client::ServiceClient;
use cosmrs::proto::cosmos::tx::v1beta1::{GetTxRequest, GetTxResponse, SimulateRequest};
use cosmrs::Any;

use crate::client::{ask, failure, Account, Client, LARGEST};
use crate::error::{Error, Result};
use crate::gas::{Gas, Options};
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Stage};
use crate::submit::{expected_sequence, is_mismatch, Said};
use crate::tx::{hash, Unsigned};

/// How often the chain is asked whether a transaction is in a block.
pub(crate) const POLL: Duration = Duration::from_millis(100);
/// Longest that one of those answers may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// Transactions of one signer that are on their way at the same time.
const FLYING: usize = 200;

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
        let mut patience = options.timeout;
        let mut land = |sent: Result<String>| {
            let outcome = sent.and_then(|hash| self.wait(&hash, patience));
            // What was sent behind one that does not come needs no waiting of its own.
            patience =
                if outcome.as_ref().is_err_and(Error::is_unknown) { Duration::ZERO } else { options.timeout };
            outcome.and_then(Outcome::accepted)
        };
        let mut stopped = false;
        for messages in transactions {
            if flying.len() == FLYING {
                results.extend(flying.pop_front().map(&mut land));
            }
            let sent = if stopped { Err(Error::NotSent) } else { self.send(signer, messages, options) };
            stopped = stopped || sent.as_ref().is_err_and(Error::is_unknown);
            flying.push_back(sent);
        }
        results.extend(flying.into_iter().map(land));
        results
    }

    /// Sends one transaction and returns its hash as soon as the node has taken it.
    pub fn send(&self, signer: &str, messages: Vec<Any>, options: &Options) -> Result<String> {
        let address = self.address(signer)?;
        let mut tx = self.compose(signer, messages, options)?;
        // Held while signing and sending: sequences have to arrive in order.
        let mut signers = self.signers();
        let start = Instant::now();
        loop {
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
                    // Somebody else may be sending many with the same key.
                    if start.elapsed() >= options.timeout {
                        return Err(error);
                    }
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
    pub(crate) fn look(&self, hash: &str) -> Result<Option<Outcome>> {
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

    /// With that account's sequence. The gas is estimated once: it does not depend on the sequence.
    fn sign_and_submit(
        &self,
        signer: &str,
        tx: &mut Unsigned,
        account: Account,
        options: &Options,
    ) -> Result<(String, Said)> {
        (tx.account_number, tx.sequence) = (account.number, account.sequence);
        if tx.gas == 0 {
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
        }
        let bytes = self.keys()?.sign(signer, tx)?;
        let hash = hash(&bytes);
        let said = self.submit(tx, bytes, &hash, options.timeout)?;
        Ok((hash, said))
    }
}
