//! What traders do.

use clap::Subcommand;
use sdp_network::actions::Order;
use sdp_network::{Actions, Answer, ChainError, Network};
use sdp_types::units::{Price, Ratio, Size};

use crate::account;
use crate::failure::Failure;
use crate::provide::{number, usd};
use crate::session::{Sender, Session};

#[derive(Subcommand)]
pub enum Command {
    /// Pay margin in or out.
    #[command(subcommand)]
    Margin(Margin),
    /// Commit an order; it fills at the price of the first interval after its delay, once somebody settles it.
    Commit {
        /// Name of the perpetual, or symbol of its feed.
        perp: String,
        /// Whole units: positive buys, negative sells.
        #[arg(allow_hyphen_values = true, value_parser = number::<Size>)]
        size: Size,
        #[command(flatten)]
        sender: Sender,
        /// Number of the sender's account.
        #[arg(long, default_value_t = 0)]
        account: u16,
        /// Worst price of the fill, premium included, fee not.
        #[arg(long, value_name = "PRICE", value_parser = number::<Price>)]
        limit: Option<Price>,
        /// Seconds until it expires.
        #[arg(long, value_name = "SECONDS")]
        expires_in: Option<u64>,
        /// Whose account, where that has made the sender a delegate; the sender's by default.
        #[arg(long, value_name = "NAME")]
        owner: Option<String>,
        /// Only what reduces the position.
        #[arg(long)]
        reduce_only: bool,
    },
    /// Who else may trade an account, and whose it becomes.
    #[command(subcommand)]
    Account(account::Command),
    /// Take an order back before its interval begins.
    Cancel {
        /// Name of the perpetual, or symbol of its feed.
        perp: String,
        /// Number of the order.
        order: u64,
        #[command(flatten)]
        sender: Sender,
    },
}

#[derive(Subcommand)]
pub enum Margin {
    /// Pay sdUSD into an account.
    Deposit {
        /// USD.
        amount: String,
        #[command(flatten)]
        sender: Sender,
        /// Number of the account.
        #[arg(long, default_value_t = 0)]
        account: u16,
        /// Market contract.
        #[arg(long, default_value = "market")]
        market: String,
        /// Whose account; the sender's by default.
        #[arg(long, value_name = "NAME")]
        beneficiary: Option<String>,
    },
    /// Move margin to another account of the sender.
    Transfer {
        /// USD.
        amount: String,
        #[command(flatten)]
        sender: Sender,
        /// Number of the account that it comes from.
        #[arg(long, default_value_t = 0)]
        account: u16,
        /// Number of the other one.
        #[arg(long)]
        to: u16,
        /// Market contract.
        #[arg(long, default_value = "market")]
        market: String,
    },
    /// Take sdUSD out of an account.
    Withdraw {
        /// USD.
        amount: String,
        #[command(flatten)]
        sender: Sender,
        /// Number of the account.
        #[arg(long, default_value_t = 0)]
        account: u16,
        /// Market contract.
        #[arg(long, default_value = "market")]
        market: String,
        /// Largest part of what is drawn from the pool that may be kept for bad debt, 0.05 for 5 %.
        #[arg(long, value_name = "PART", value_parser = number::<Ratio>)]
        accept_haircut: Option<Ratio>,
    },
}

pub fn run(session: &Session, command: Command) -> Result<(), Failure> {
    session.act(|chain| act(chain, command))
}

fn act(chain: &mut dyn Network, command: Command) -> Result<Answer, ChainError> {
    match command {
        Command::Margin(Margin::Deposit { amount, sender, account, market, beneficiary }) => {
            chain.deposit_margin(&sender.from, &market, account, usd(&amount)?, beneficiary.as_deref())
        }
        Command::Margin(Margin::Withdraw { amount, sender, account, market, accept_haircut }) => {
            chain.withdraw_margin_with(&sender.from, &market, account, usd(&amount)?, accept_haircut)
        }
        Command::Margin(Margin::Transfer { amount, sender, account, to, market }) => {
            chain.transfer_margin(&sender.from, &market, account, to, usd(&amount)?)
        }
        Command::Account(command) => command.act(chain),
        Command::Commit { perp, size, sender, account, limit, expires_in, owner, reduce_only } => {
            let (market, perp) = chain.perp(&perp)?;
            let order = Order { owner, account, size, limit_price: limit, expires_in, reduce_only };
            chain.commit(&sender.from, &market, perp, &order)
        }
        Command::Cancel { perp, order, sender } => {
            let (market, perp) = chain.perp(&perp)?;
            chain.cancel(&sender.from, &market, perp, order)
        }
    }
}
