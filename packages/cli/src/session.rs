//! The chain that commands share, in its file.

use std::path::PathBuf;

use clap::Args;
use sdp_embedded::{Answer, Chain, ChainError};

use crate::failure::Failure;
use crate::output::{self, Format};

/// Options of every command.
#[derive(Args)]
pub struct Options {
    /// File that the chain is kept in.
    #[arg(long, global = true, value_name = "FILE", default_value = ".sdp/chain.sdp-state")]
    pub state: PathBuf,
    /// How to print.
    #[arg(long, global = true, value_enum, default_value_t = Format::Table)]
    pub output: Format,
}

/// Where the chain is, and how answers are printed.
pub struct Session {
    options: Options,
}

/// Who sends a message.
#[derive(Args)]
pub struct Sender {
    /// Name of the account that sends the message.
    #[arg(long, value_name = "NAME")]
    pub from: String,
}

impl Session {
    /// A session with these options.
    pub fn new(options: Options) -> Self {
        Self { options }
    }

    /// How to print.
    pub fn format(&self) -> Format {
        self.options.output
    }

    /// File of the chain.
    pub fn path(&self) -> &std::path::Path {
        &self.options.state
    }

    /// The chain as it is in its file.
    pub fn chain(&self) -> Result<Chain, Failure> {
        if !self.path().exists() {
            let path = self.path().display();
            return Err(Failure::setup(format!("no chain in {path}: `sdp deploy` makes one")));
        }
        Ok(Chain::load(self.path())?)
    }

    /// Puts the chain into its file.
    pub fn keep(&self, chain: &Chain) -> Result<(), Failure> {
        if let Some(directory) = self.path().parent().filter(|directory| !directory.as_os_str().is_empty()) {
            std::fs::create_dir_all(directory).map_err(Failure::setup)?;
        }
        Ok(chain.save(self.path())?)
    }

    /// Does something on the chain, keeps the result, and prints what was told. Where it fails, the file stays as it is.
    pub fn act(&self, action: impl FnOnce(&mut Chain) -> Result<Answer, ChainError>) -> Result<(), Failure> {
        let mut chain = self.chain()?;
        let response = action(&mut chain)?;
        self.keep(&chain)?;
        output::response(&chain, &response, self.format());
        Ok(())
    }
}
