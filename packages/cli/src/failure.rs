//! What ends a command early, and the exit code that goes with it.

use std::fmt::Display;
use std::process::ExitCode;

use sdp_network::{ChainError, Kind};

/// Why a command did not do what it was asked to.
pub enum Failure {
    /// The contracts said no, or an expectation failed: exit code 1.
    Refused {
        /// `E0312`, where there is one.
        code: Option<String>,
        /// Why.
        text: String,
    },
    /// Not possible here: exit code 3.
    Setup(String),
    /// A contract panicked or the books don't balance: exit code 4.
    Bug(String),
}

impl Failure {
    /// Not possible here.
    pub fn setup(reason: impl Display) -> Self {
        Self::Setup(reason.to_string())
    }

    /// What it says.
    pub fn text(&self) -> &str {
        match self {
            Self::Refused { text, .. } | Self::Setup(text) | Self::Bug(text) => text,
        }
    }

    /// Says it on standard error.
    pub fn tell(&self, as_json: bool) -> ExitCode {
        let (exit, code, text) = match self {
            Self::Refused { code, text } => (1, code.as_deref(), text),
            Self::Setup(text) => (3, None, text),
            Self::Bug(text) => (4, None, text),
        };
        if as_json {
            eprintln!("{}", serde_json::json!({ "error": { "exit": exit, "code": code, "text": text } }));
        } else {
            eprintln!("error: {text}");
        }
        ExitCode::from(exit)
    }
}

impl From<ChainError> for Failure {
    fn from(error: ChainError) -> Self {
        match error.kind {
            Kind::Refused => Self::Refused { code: error.code, text: error.text },
            Kind::Setup => Self::Setup(error.to_string()),
            Kind::Panicked | Kind::Unbalanced(_) => Self::Bug(error.to_string()),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        let text = format!("{error:#}");
        match error.chain().find_map(|cause| cause.downcast_ref::<ChainError>()) {
            Some(cause) if cause.is_bug() => Self::Bug(text),
            Some(cause) if cause.kind == Kind::Refused => Self::Refused { code: cause.code.clone(), text },
            _ => Self::Setup(text),
        }
    }
}
