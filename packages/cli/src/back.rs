//! What depositors of the backstop do, and how it is shown.

use clap::Subcommand;
use sdp_network::{Backing, Network};
use sdp_types::liquidator::{BackstopAccountResponse, BackstopResponse};

use crate::failure::Failure;
use crate::output::{self, dollars, moment, percent, tokens};
use crate::provide::usd;
use crate::session::{Sender, Session};
use crate::show::name;

#[derive(Subcommand)]
pub enum Command {
    /// Put sdUSD in: it buys collateral that is seized, at a discount, before there is an auction.
    Deposit {
        /// USD.
        amount: String,
        #[command(flatten)]
        sender: Sender,
        /// Whose it becomes; the sender's by default.
        #[arg(long, value_name = "NAME")]
        beneficiary: Option<String>,
    },
    /// Take out all collateral that the sender's deposit has earned.
    Claim {
        #[command(flatten)]
        sender: Sender,
    },
    /// Ask for sdUSD back.
    Request {
        /// USD.
        amount: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// Take out what was asked for, once the delay is over.
    Withdraw {
        #[command(flatten)]
        sender: Sender,
    },
    /// Point at a position that can be liquidated, so that nobody leaves ahead of it.
    Flag {
        /// Its owner.
        owner: String,
        /// Name of the collateral.
        collateral: String,
        #[command(flatten)]
        sender: Sender,
    },
}

pub fn run(session: &Session, command: Command) -> Result<(), Failure> {
    session.act(|chain| match command {
        Command::Deposit { amount, sender, beneficiary } => {
            chain.back(&sender.from, usd(&amount)?, beneficiary.as_deref())
        }
        Command::Claim { sender } => chain.claim(&sender.from),
        Command::Request { amount, sender } => chain.request_withdrawal(&sender.from, usd(&amount)?),
        Command::Withdraw { sender } => chain.withdraw_backing(&sender.from),
        Command::Flag { owner, collateral, sender } => chain.flag(&sender.from, &collateral, &owner),
    })
}

/// The backstop by vault.
pub fn backstop(chain: &dyn Network, found: &BackstopResponse) {
    let vaults = found.vaults.iter().zip(&chain.manifest().collaterals).map(|(vault, collateral)| {
        vec![
            collateral.name.clone(),
            percent(Some(vault.discount)),
            dollars(vault.absorbed),
            dollars(vault.cap),
            tokens(vault.held, collateral.decimals),
            vault.flagged.as_deref().map_or("–".into(), |owner| name(chain, owner)),
        ]
    });
    let row = |name: &str, value: String| (name.to_string(), value);
    output::fields([row("deposits", dollars(found.total)), row("epoch", found.epoch.to_string())]);
    say!("");
    output::table(&["collateral", "discount", "paid today", "of", "held", "flagged"], vaults);
}

/// A depositor.
pub fn account(chain: &dyn Network, found: &BackstopAccountResponse) {
    let mut rows = vec![("deposit".to_string(), dollars(found.amount))];
    for (gain, collateral) in found.gains.iter().zip(&chain.manifest().collaterals) {
        rows.push((format!("{} to claim", collateral.name), tokens(*gain, collateral.decimals)));
    }
    if let Some(request) = &found.request {
        let (from, to) = (moment(request.ready_at), moment(request.lapses_at));
        rows.push(("asked for".into(), format!("{}, from {from} to {to}", dollars(request.amount))));
    }
    output::fields(rows);
}
