//! At which collateral ratio a provider wants to be kept, and what brings him there.

use clap::Subcommand;
use sdp_network::{Balancers, ChainError, Network};
use sdp_types::balancer::{BalancePreview, Balancing, Fee, MeansResponse};
use sdp_types::pool::PositionResponse;
use sdp_types::units::{Ratio, Usd};

use crate::failure::Failure;
use crate::output::{self, dollars, percent};
use crate::provide::{number, usd};
use crate::session::{Sender, Session};

#[derive(Subcommand)]
pub enum Command {
    /// Say at which ratio of collateral to debt the sender's position is to be kept, and let the balancer mint for the sender.
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
        /// How much more of the sender's sdUSD the balancer may spend for it.
        #[arg(long, value_name = "USD")]
        allow: Option<String>,
        #[command(flatten)]
        sender: Sender,
    },
    /// The position is not kept any more; where it was the last one, the balancer may do nothing for the sender any more.
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
            let fee = fee.map(|rate| Fee { rate, most });
            let rule = Balancing { lower: lower.unwrap_or(target), target, upper, fee };
            let allow = allow.map_or(Ok(Usd::ZERO), |allow| usd(&allow))?;
            chain.keep_at(&sender.from, &collateral, rule, allow)
        }
        Command::Stop { collateral, sender } => chain.stop_keeping(&sender.from, &collateral),
        Command::Now { collateral, sender, owner } => {
            let owner = owner.unwrap_or_else(|| sender.from.clone());
            chain.balance_position(&sender.from, &collateral, &owner)
        }
    })
}

/// A position that is kept at a ratio.
pub struct Kept {
    collateral: String,
    rule: Balancing,
    /// What balancing it would do now if the owner sent it, or why that is refused.
    preview: Result<BalancePreview, String>,
}

/// Which of these positions of an owner are kept, and what the balancer may do for him.
pub fn kept(
    chain: &dyn Network,
    owner: &str,
    positions: &[PositionResponse],
) -> Result<(Vec<Kept>, MeansResponse), ChainError> {
    let mut all = Vec::new();
    for position in positions {
        let Some(rule) = chain.balancing_rule(owner, position.vault)? else { continue };
        let entry = chain.manifest().collaterals.get(usize::from(position.vault));
        let collateral = entry.map(|entry| entry.name.clone()).unwrap_or_default();
        let preview = chain.preview_balance(owner, &collateral, owner).map_err(|error| error.to_string());
        all.push(Kept { collateral, rule, preview });
    }
    Ok((all, chain.balancing_means(owner)?))
}

/// At which ratios positions are kept, by whom for what, and what that would do now.
pub fn shown(kept: &[Kept], means: &MeansResponse) {
    if kept.is_empty() {
        return;
    }
    let others = |fee: &Fee| format!("{}, at most {}", percent(Some(fee.rate)), dollars(fee.most));
    let rows = kept.iter().map(|Kept { collateral, rule, preview }| {
        let now = match preview {
            Ok(BalancePreview { burnt, minted, .. }) if minted.is_zero() => {
                format!("burns {}", dollars(*burnt))
            }
            Ok(BalancePreview { minted, .. }) => format!("mints {}", dollars(*minted)),
            Err(reason) => reason.clone(),
        };
        vec![
            collateral.clone(),
            percent(Some(rule.lower)),
            percent(Some(rule.target)),
            rule.upper.map_or("never".into(), |upper| percent(Some(upper))),
            rule.fee.as_ref().map_or("may not".into(), others),
            now,
        ]
    });
    say!("");
    output::table(&["kept", "below", "at", "above", "others", "now"], rows);
    let row = |name: &str, value: String| (name.to_string(), value);
    output::fields([
        row("sdUSD held", dollars(means.held)),
        row("… that may be burnt", dollars(means.allowed)),
        row("may be minted", if means.mints { "yes" } else { "no" }.into()),
    ]);
}
