//! How a market, the synthetics or the pool end, and how what is left is shown.

use clap::Subcommand;
use sdp_network::{Closing, Network};
use sdp_types::lens::{EstateResponse, RedeemedResponse};
use sdp_types::units::Amount;

use crate::failure::Failure;
use crate::output::{self, dollars, moment, percent, price, tokens};
use crate::provide::usd;
use crate::session::{Sender, Session};

/// In the order in which it is done. Margin is taken out by `margin withdraw` as ever, synthetics are redeemed by `spot redeem`, and what
/// is in the par reserve goes out by `swap out`.
#[derive(Subcommand)]
pub enum Command {
    /// Ask for the end. Owner; it waits for the contract's delay.
    Ask {
        #[command(flatten)]
        of: Of,
    },
    /// Do what the owner has asked for, once its delay is over. Anyone.
    Enact {
        /// Number of the change.
        id: u64,
        #[command(flatten)]
        of: Of,
    },
    /// End it after seven days of emergency in a row, whatever the owner wants. Anyone.
    Now {
        #[command(flatten)]
        of: Of,
    },
    /// Leave the collateral of a position that owes more than it has to the holders of sdUSD. Anyone, until claims are fixed.
    WriteOff {
        /// Name of the collateral.
        collateral: String,
        /// Whose position it is.
        #[arg(long, value_name = "NAME")]
        owner: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// Divide what is left, a week after the pool's end; while auctions run, thirty days. Anyone.
    FixClaims {
        #[command(flatten)]
        sender: Sender,
    },
    /// Pay a provider what is left of a position. Anyone, for ever.
    Claim {
        /// Name of the collateral.
        collateral: String,
        /// Whose position it is; the sender's by default.
        #[arg(long, value_name = "NAME")]
        owner: Option<String>,
        #[command(flatten)]
        sender: Sender,
    },
    /// Burn sdUSD for a part of every collateral, which `collect` takes out.
    Redeem {
        /// USD.
        amount: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// Take out the collateral that is due for sdUSD that was redeemed.
    Collect {
        /// Name of the collateral; all by default.
        collateral: Option<String>,
        #[command(flatten)]
        sender: Sender,
    },
}

/// What ends, and by whom.
#[derive(clap::Args)]
pub struct Of {
    /// `pool`, `spot` or a market's name; the pool can only end after all of these.
    #[arg(default_value = "pool")]
    contract: String,
    #[command(flatten)]
    sender: Sender,
}

pub fn run(session: &Session, command: Command) -> Result<(), Failure> {
    session.act(|chain| match command {
        Command::Ask { of } => chain.ask_shut_down(&of.sender.from, &of.contract),
        Command::Enact { id, of } => chain.enact_shut_down(&of.sender.from, &of.contract, id),
        Command::Now { of } => chain.shut_down(&of.sender.from, &of.contract),
        Command::WriteOff { collateral, owner, sender } => chain.write_off(&sender.from, &collateral, &owner),
        Command::FixClaims { sender } => chain.fix_claims(&sender.from),
        Command::Claim { collateral, owner, sender } => {
            let owner = owner.unwrap_or_else(|| sender.from.clone());
            chain.claim_collateral(&sender.from, &collateral, &owner)
        }
        Command::Redeem { amount, sender } => chain.redeem_sdusd(&sender.from, usd(&amount)?),
        Command::Collect { collateral, sender } => {
            chain.collect_collateral(&sender.from, collateral.as_deref())
        }
    })
}

/// What is left of the pool.
pub fn estate(chain: &dyn Network, found: Option<&EstateResponse>) {
    let Some(found) = found else {
        say!("the pool was not shut down");
        return;
    };
    let row = |name: &str, value: String| (name.to_string(), value);
    output::fields([row("shut down", moment(found.shut_at))]);
    match &found.claims {
        None => output::fields([row("claims can be fixed from", moment(found.fixed_from))]),
        Some(claims) => output::fields([
            row("claims of holders of sdUSD", dollars(claims.holders)),
            row("lost by providers", percent(Some(claims.haircut))),
        ]),
    }
    let amount = |all: &[Amount], vault: usize, decimals: u8| {
        all.get(vault).map_or("–".into(), |amount| tokens(*amount, decimals))
    };
    let rows = chain.manifest().collaterals.iter().enumerate().map(|(vault, entry)| {
        let of =
            |all: Option<&Vec<Amount>>| amount(all.map_or(&[][..], Vec::as_slice), vault, entry.decimals);
        let claims = found.claims.as_ref();
        vec![
            entry.name.clone(),
            found.prices.get(vault).map_or("–".into(), |frozen| price(*frozen)),
            of(Some(&found.written_off)),
            of(claims.map(|claims| &claims.collateral)),
            of(claims.map(|claims| &claims.left)),
            of(claims.map(|claims| &claims.providers)),
            of(claims.map(|claims| &claims.providers_left)),
        ]
    });
    output::table(&["collateral", "price", "written off", "holders", "left", "providers", "left"], rows);
}

/// What is due to a holder.
pub fn redeemed(chain: &dyn Network, found: &RedeemedResponse) {
    output::fields([("redeemed".to_string(), dollars(found.amount))]);
    let names = chain.manifest().collaterals.iter();
    let rows = found
        .due
        .iter()
        .zip(names)
        .map(|(due, entry)| vec![entry.name.clone(), tokens(*due, entry.decimals)]);
    output::table(&["collateral", "due"], rows);
}
