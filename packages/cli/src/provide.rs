//! What liquidity providers do.

use std::str::FromStr;

use clap::Subcommand;
use sdp_network::{decimal, Actions, Answer, ChainError, Network};
use sdp_types::units::{Amount, Ratio, Usd};

use crate::failure::Failure;
use crate::session::{Sender, Session};

#[derive(Subcommand)]
pub enum Command {
    /// Put collateral into the pool.
    Deposit {
        /// Whole tokens.
        amount: String,
        /// Name of the collateral.
        collateral: String,
        #[command(flatten)]
        sender: Sender,
        /// Whose position it is for; the sender's by default.
        #[arg(long, value_name = "NAME")]
        beneficiary: Option<String>,
    },
    /// Bring in yield of a collateral: it belongs to all who have put that collateral into the pool.
    AddYield {
        /// Whole tokens.
        amount: String,
        /// Name of the collateral.
        collateral: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// Offer the own position, collateral and debt, to another owner; without a name take the offer back.
    Offer {
        /// Name of the collateral.
        collateral: String,
        #[command(flatten)]
        sender: Sender,
        /// Who may accept it.
        #[arg(long, value_name = "NAME")]
        to: Option<String>,
        /// Whole tokens of the collateral; all where it is left out.
        #[arg(long, value_name = "TOKENS")]
        amount: Option<String>,
    },
    /// Take over a position that was offered to the sender.
    Accept {
        /// Name of the collateral.
        collateral: String,
        #[command(flatten)]
        sender: Sender,
        /// Whose position it is.
        #[arg(long, value_name = "NAME")]
        owner: String,
    },
    /// Mint sdUSD against a position.
    Mint {
        /// USD.
        amount: String,
        /// Collateral of the position.
        collateral: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// Burn sdUSD against a position's debt.
    Burn {
        /// USD.
        amount: String,
        /// Collateral of the position.
        collateral: String,
        #[command(flatten)]
        sender: Sender,
        /// Whose position; the sender's by default.
        #[arg(long, value_name = "NAME")]
        owner: Option<String>,
    },
    /// Burn sdUSD into the insurance fund.
    Insure {
        /// USD.
        amount: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// Sell sdUSD to somebody at par: the tokens move, the dollars for them stand in the account book.
    Sell {
        /// USD.
        amount: String,
        #[command(flatten)]
        sender: Sender,
        /// Who buys.
        #[arg(long, value_name = "NAME")]
        to: String,
    },
    /// Ask for collateral back.
    RequestExit {
        /// Whole tokens.
        amount: String,
        /// Name of the collateral.
        collateral: String,
        #[command(flatten)]
        sender: Sender,
        /// Largest part of what leaves that may be charged for bad debt, 0.05 for 5 %.
        #[arg(long, value_name = "PART", value_parser = number::<Ratio>)]
        accept_haircut: Option<Ratio>,
    },
    /// Take the request back.
    CancelExit {
        /// Name of the collateral.
        collateral: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// Execute a request whose delay is over, by anyone.
    ExecuteExit {
        /// Name of the collateral.
        collateral: String,
        #[command(flatten)]
        sender: Sender,
        /// Whose request; the sender's by default.
        #[arg(long, value_name = "NAME")]
        owner: Option<String>,
    },
}

/// USD of an argument.
pub fn usd(text: &str) -> Result<Usd, ChainError> {
    decimal::usd(text).map_err(ChainError::setup)
}

/// A price or a size of an argument; underscores are for the eye.
pub fn number<T: FromStr<Err = sdp_types::Error>>(text: &str) -> Result<T, String> {
    text.replace('_', "").parse().map_err(|error: sdp_types::Error| error.to_string())
}

/// Whole tokens of an argument, of a collateral.
pub fn tokens(chain: &dyn Network, text: &str, collateral: &str) -> Result<Amount, ChainError> {
    let decimals = chain.manifest().collateral(collateral).map_err(ChainError::setup)?.1.decimals;
    decimal::amount(text, decimals).map_err(ChainError::setup)
}

pub fn run(session: &Session, command: Command) -> Result<(), Failure> {
    session.act(|chain| act(chain, command))
}

fn act(chain: &mut dyn Network, command: Command) -> Result<Answer, ChainError> {
    match command {
        Command::Deposit { amount, collateral, sender, beneficiary } => {
            let amount = tokens(chain, &amount, &collateral)?;
            chain.deposit(&sender.from, &collateral, amount, beneficiary.as_deref())
        }
        Command::AddYield { amount, collateral, sender } => {
            let amount = tokens(chain, &amount, &collateral)?;
            chain.add_yield(&sender.from, &collateral, amount)
        }
        Command::Offer { collateral, sender, to, amount } => {
            let amount = amount.map(|amount| tokens(chain, &amount, &collateral)).transpose()?;
            chain.offer_position(&sender.from, &collateral, to.as_deref(), amount)
        }
        Command::Accept { collateral, sender, owner } => {
            chain.accept_position(&sender.from, &collateral, &owner)
        }
        Command::Mint { amount, collateral, sender } => chain.mint(&sender.from, &collateral, usd(&amount)?),
        Command::Burn { amount, collateral, sender, owner } => {
            chain.burn(&sender.from, &collateral, usd(&amount)?, owner.as_deref())
        }
        Command::Insure { amount, sender } => chain.insure(&sender.from, usd(&amount)?),
        Command::Sell { amount, sender, to } => chain.sell_sdusd(&sender.from, &to, usd(&amount)?),
        Command::RequestExit { amount, collateral, sender, accept_haircut } => {
            let amount = tokens(chain, &amount, &collateral)?;
            chain.request_exit_with(&sender.from, &collateral, amount, accept_haircut)
        }
        Command::CancelExit { collateral, sender } => chain.cancel_exit(&sender.from, &collateral),
        Command::ExecuteExit { collateral, sender, owner } => {
            let owner = owner.unwrap_or_else(|| sender.from.clone());
            chain.execute_exit(&sender.from, &collateral, &owner)
        }
    }
}
