//! At which collateral ratio a provider wants to be kept, and what brings him there.

use clap::Subcommand;
use sdp_network::{Actions, Network};
use sdp_types::pool::{BalancePreview, Balancing, BalancingFee, BalancingResponse};
use sdp_types::units::{Ratio, Usd};

use crate::failure::Failure;
use crate::output::{self, dollars, percent, tokens};
use crate::provide::{number, usd};
use crate::session::{Sender, Session};
use crate::show::name;

#[derive(Subcommand)]
pub enum Command {
    /// Say at which ratio of collateral to debt the sender's position is to be kept.
    Set {
        /// Name of the collateral.
        collateral: String,
        /// Where it is brought to, 3 for 300 %.
        #[arg(long, value_name = "RATIO", value_parser = number::<Ratio>)]
        target: Ratio,
        /// Below this others may burn the sender's sdUSD for it; the target by default.
        #[arg(long, value_name = "RATIO", value_parser = number::<Ratio>)]
        lower: Option<Ratio>,
        /// Above this others may mint for the sender; never where it is left out.
        #[arg(long, value_name = "RATIO", value_parser = number::<Ratio>)]
        upper: Option<Ratio>,
        /// Part of what is burnt or minted that others get, 0.001 for 0.1 %; where it is left out only the sender balances it.
        #[arg(long, value_name = "PART", value_parser = number::<Ratio>)]
        fee: Option<Ratio>,
        /// And at most so many USD each time.
        #[arg(long, value_name = "USD", default_value = "5")]
        fee_at_most: String,
        /// How much more of the sender's sdUSD the pool may burn for it.
        #[arg(long, value_name = "USD")]
        allow: Option<String>,
        #[command(flatten)]
        sender: Sender,
    },
    /// The position is not kept any more.
    Stop {
        /// Name of the collateral.
        collateral: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// Bring a position to its target now.
    Now {
        /// Name of the collateral.
        collateral: String,
        #[command(flatten)]
        sender: Sender,
        /// Whose position; the sender's by default.
        #[arg(long, value_name = "NAME")]
        owner: Option<String>,
    },
}

pub fn run(session: &Session, command: Command) -> Result<(), Failure> {
    session.act(|chain| match command {
        Command::Set { collateral, target, lower, upper, fee, fee_at_most, allow, sender } => {
            let most = usd(&fee_at_most)?;
            let fee = fee.map(|rate| BalancingFee { rate, most });
            let balancing = Balancing { lower: lower.unwrap_or(target), target, upper, fee };
            let allow = allow.map_or(Ok(Usd::ZERO), |allow| usd(&allow))?;
            chain.set_balancing(&sender.from, &collateral, Some(balancing), allow)
        }
        Command::Stop { collateral, sender } => {
            chain.set_balancing(&sender.from, &collateral, None, Usd::ZERO)
        }
        Command::Now { collateral, sender, owner } => {
            let owner = owner.unwrap_or_else(|| sender.from.clone());
            chain.balance_position(&sender.from, &collateral, &owner)
        }
    })
}

/// What an owner wants, what is offered, and what balancing would do.
pub fn shown(
    chain: &dyn Network,
    decimals: u8,
    found: &BalancingResponse,
    preview: &Result<BalancePreview, String>,
) {
    let mut rows = Vec::new();
    let mut row = |name: &str, value: String| rows.push((name.to_string(), value));
    match &found.balancing {
        None => row("kept at", "no ratio".into()),
        Some(Balancing { lower, target, upper, fee }) => {
            row("kept at", percent(Some(*target)));
            row("below", percent(Some(*lower)));
            row("above", upper.map_or("never".into(), |upper| percent(Some(upper))));
            let by_others =
                |fee: &BalancingFee| format!("{}, at most {}", percent(Some(fee.rate)), dollars(fee.most));
            row("others get", fee.as_ref().map_or("nothing, they may not".into(), by_others));
            match preview {
                Ok(BalancePreview { burnt, minted, position, .. }) => {
                    row("now it would burn", dollars(*burnt));
                    row("now it would mint", dollars(*minted));
                    row("ratio after it", percent(position.ratio));
                }
                Err(reason) => row("now", reason.clone()),
            }
        }
    }
    if let Some(offer) = &found.offered {
        let part = offer.amount.map_or("all".into(), |amount| tokens(amount, decimals));
        row("offered", format!("{part} to {}", name(chain, &offer.to)));
    }
    output::fields(rows);
}
