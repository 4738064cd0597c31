//! What can go wrong between a caller and the chain.

use std::path::PathBuf;
use std::time::Duration;

use crate::outcome::Outcome;
use crate::refusal::Refusal;

/// What everything here returns.
pub type Result<T> = core::result::Result<T, Error>;

/// Why something was not done, or is not known to be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not an address of a node.
    #[error("`{url}` is no address of a node, `grpc://host:port` is expected: {reason}")]
    Url {
        /// As given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The node did not answer.
    #[error("{what}: the node does not answer: {reason}")]
    Unreachable {
        /// What was asked.
        what: &'static str,
        /// The last attempt's failure.
        reason: String,
    },
    /// The node answered with an error.
    #[error("{what}: {message}")]
    Status {
        /// What was asked.
        what: &'static str,
        /// gRPC's code.
        code: tonic::Code,
        /// The node's words.
        message: String,
    },
    /// An answer, or a thing to be sent, that can't be read.
    #[error("{what} can't be read: {reason}")]
    Malformed {
        /// Of what.
        what: &'static str,
        /// Why.
        reason: String,
    },
    /// An answer lacks what it should have.
    #[error("the node's answer has no {0}")]
    Missing(&'static str),

    /// Signing was asked of a client without keys.
    #[error("no keys: give a mnemonic file or a chain binary with its keyring")]
    NoKeys,
    /// Others than the owner may read a file with secrets.
    #[error("{path} has mode {mode:04o}: others can read it, 0600 is required")]
    KeyFileOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A file with secrets that can't be used.
    #[error("{path}: {reason}")]
    KeyFile {
        /// The file.
        path: PathBuf,
        /// Why. Never the file's content.
        reason: String,
    },
    /// A key that can't be derived or used.
    #[error("the key of `{name}`: {reason}")]
    Key {
        /// The signer.
        name: String,
        /// Why.
        reason: String,
    },
    /// The chain's own binary failed.
    #[error("`{command}` failed: {reason}")]
    Binary {
        /// The binary and its first arguments.
        command: String,
        /// Its last words.
        reason: String,
    },
    /// An account that the chain has never seen: it has to receive coins first.
    #[error("{address} is not on the chain yet: send it coins first")]
    NoAccount {
        /// The address.
        address: String,
    },

    /// The chain or a contract said no. Nothing has changed, but for the fee of a transaction that got into a block.
    #[error(transparent)]
    Refused(#[from] Box<Refusal>),
    /// The transaction needed more gas than it was given. Nothing has changed but for the fee.
    #[error("out of gas: {used} used, {wanted} given")]
    OutOfGas {
        /// All about it if it got into a block.
        outcome: Option<Box<Outcome>>,
        /// The limit that it was given.
        wanted: u64,
        /// When it stopped.
        used: u64,
    },
    /// The transaction may have been executed or may still be: look its hash up before doing it again.
    #[error("nobody knows yet what became of transaction {hash}: {reason}")]
    Unknown {
        /// The transaction.
        hash: String,
        /// What was seen last.
        reason: String,
    },
    /// The chain took the transaction, but has not put it into a block in time. It may still do so.
    #[error("transaction {hash} is in no block after {} s, and may still get into one", waited.as_secs())]
    Timeout {
        /// The transaction.
        hash: String,
        /// How long it was waited for.
        waited: Duration,
    },
    /// The transaction was never executed and can't be any more, because another one has its sequence: it may be done again.
    #[error("transaction {hash} got lost: another one took its place")]
    Lost {
        /// The transaction.
        hash: String,
    },
    /// One before it could not be sent for sure, so this one was not sent at all.
    #[error("not sent: a transaction before it failed")]
    NotSent,
    /// A proposal that came to another end than being passed.
    #[error("proposal {id} ended as {status}: {reason}")]
    Proposal {
        /// Its number.
        id: u64,
        /// The chain's word for its state.
        status: String,
        /// Why it failed, if the chain says so.
        reason: String,
    },
    /// Something that was waited for has not happened in time.
    #[error("{what}: not yet after {} s", waited.as_secs())]
    Late {
        /// What.
        what: String,
        /// How long it was waited for.
        waited: Duration,
    },
}

impl Error {
    /// The contract's stable code, `E0312`, where there is one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused(refusal) => refusal.code.as_deref(),
            _ => None,
        }
    }

    /// Whether the transaction may have been executed nevertheless.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown { .. } | Self::Timeout { .. })
    }

    /// The transaction that it is about.
    pub fn hash(&self) -> Option<&str> {
        match self {
            Self::Unknown { hash, .. } | Self::Timeout { hash, .. } | Self::Lost { hash } => Some(hash),
            _ => self.outcome().map(|outcome| outcome.hash.as_str()),
        }
    }

    /// Of what was refused in a block, all about the transaction.
    pub fn outcome(&self) -> Option<&Outcome> {
        match self {
            Self::Refused(refusal) => refusal.outcome.as_deref(),
            Self::OutOfGas { outcome, .. } => outcome.as_deref(),
            _ => None,
        }
    }

    pub(crate) fn malformed(what: &'static str, reason: impl core::fmt::Display) -> Self {
        Self::Malformed { what, reason: reason.to_string() }
    }

    pub(crate) fn key(name: &str, reason: impl core::fmt::Display) -> Self {
        Self::Key { name: name.to_string(), reason: reason.to_string() }
    }
}
