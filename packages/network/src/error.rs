//! What can go wrong with a message, with its stable code where the contract gave one.

use core::fmt;

use sdp_types::Error;

use crate::message::Block;

/// Which kind of failure.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A contract refused; nothing has changed.
    Refused,
    /// A contract panicked: always a bug. The chain's transaction was dropped, so nothing has changed either, but
    /// whatever the caller did around the message is for the caller to undo.
    Panicked,
    /// The message was executed and the books don't balance, in which ways: always a bug.
    Unbalanced(Vec<String>),
    /// The chain was asked for something that it does not have: a contract, a feed, a file that can't be read.
    Setup,
}

/// A message or a query that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct ChainError {
    /// Which kind of failure.
    pub kind: Kind,
    /// `E0312`, if the contract's error had a code.
    pub code: Option<String>,
    /// Text of the root cause.
    pub text: String,
    /// The block that a real chain refused it in, if it got into one.
    pub at: Option<Block>,
}

/// What a message or a query returns.
pub type Result<T> = core::result::Result<T, ChainError>;

impl ChainError {
    /// A refusal with the text of its root cause.
    pub fn refused(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { kind: Kind::Refused, code: Error::code_in(&text).map(str::to_string), text, at: None }
    }

    /// Not the contracts' fault.
    pub fn setup(text: impl fmt::Display) -> Self {
        Self { kind: Kind::Setup, code: None, text: text.to_string(), at: None }
    }

    /// What a panic of a contract left behind.
    pub fn panicked(payload: &(dyn std::any::Any + Send)) -> Self {
        let text = payload
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string));
        Self {
            kind: Kind::Panicked,
            code: None,
            text: text.unwrap_or_else(|| "a panic without a text".into()),
            at: None,
        }
    }

    /// The ways in which the books don't balance.
    pub fn unbalanced(differences: Vec<String>) -> Self {
        let text = differences.join("; ");
        Self { kind: Kind::Unbalanced(differences), code: None, text, at: None }
    }

    /// The same failure, said to have happened in this block.
    #[must_use]
    pub fn in_block(self, block: Block) -> Self {
        Self { at: Some(block), ..self }
    }

    /// Whether it says `text`: its code, or a part of its text.
    pub fn says(&self, text: &str) -> bool {
        self.code.as_deref() == Some(text) || self.text.contains(text)
    }

    /// Whether this can only be a bug of a contract.
    pub fn is_bug(&self) -> bool {
        matches!(self.kind, Kind::Panicked | Kind::Unbalanced(_))
    }
}

impl fmt::Display for ChainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Refused => f.write_str(&self.text),
            Kind::Panicked => write!(f, "a contract panicked: {}", self.text),
            Kind::Unbalanced(_) => write!(f, "the books don't balance: {}", self.text),
            Kind::Setup => write!(f, "not possible here: {}", self.text),
        }
    }
}

impl std::error::Error for ChainError {}

impl From<anyhow::Error> for ChainError {
    fn from(error: anyhow::Error) -> Self {
        Self::refused(error.root_cause().to_string())
    }
}

impl From<Error> for ChainError {
    fn from(error: Error) -> Self {
        Self::refused(error.to_string())
    }
}

impl From<cosmwasm_std::StdError> for ChainError {
    fn from(error: cosmwasm_std::StdError) -> Self {
        Self::refused(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn the_code_comes_from_the_root_cause_and_not_from_what_surrounds_it() {
        let root: anyhow::Result<()> = Err(anyhow::anyhow!(Error::NotOpen {}));
        let error = root.context("Execute { msg: RTAwMDE=E0001 }").unwrap_err();
        let error = ChainError::from(error);
        assert_eq!(error.code.as_deref(), Some("E0319"));
        assert!(error.says("E0319") && error.says("NotOpen") && !error.says("E0001"));
    }

    #[test]
    fn a_panic_keeps_its_text() {
        let payload = std::panic::catch_unwind(|| panic!("of all things {}", 1)).unwrap_err();
        let error = ChainError::panicked(payload.as_ref());
        assert_eq!((error.text.as_str(), error.is_bug()), ("of all things 1", true));
    }
}
