//! Who else may trade an account, and whose it becomes.

use clap::{Args, Subcommand};
use sdp_network::error::ChainError;
use sdp_network::{Actions, Answer, Network};
use sdp_types::market::Delegation;

use crate::provide::usd;
use crate::session::Sender;

#[derive(Args)]
pub struct Which {
    /// Number of the sender's account.
    #[arg(long, default_value_t = 0)]
    account: u16,
    /// Market contract.
    #[arg(long, default_value = "market")]
    market: String,
}

#[derive(Subcommand)]
pub enum Command {
    /// Let somebody commit orders of the account and take them back, nothing else.
    Delegate {
        /// Name or address.
        delegate: String,
        #[command(flatten)]
        sender: Sender,
        #[command(flatten)]
        which: Which,
        /// For so many seconds.
        #[arg(long, value_name = "SECONDS", default_value_t = 2_592_000)]
        seconds: u64,
        /// Only in these perpetuals; in all by default.
        #[arg(long, value_name = "PERP", num_args = 1..)]
        perps: Vec<String>,
        /// Most USD of notional that the account may have after what is added.
        #[arg(long, value_name = "USD")]
        most: Option<String>,
    },
    /// Somebody may not any more.
    Revoke {
        /// Name or address.
        delegate: String,
        #[command(flatten)]
        sender: Sender,
        #[command(flatten)]
        which: Which,
    },
    /// Say who brought you: he gets a part of the fees of the account, and you pay less, as the market's schedule says.
    Refer {
        /// Name or address; nobody where it is left out.
        by: Option<String>,
        #[command(flatten)]
        sender: Sender,
        #[command(flatten)]
        which: Which,
    },
    /// Let somebody take the account over, with positions and margin.
    Offer {
        /// Name or address.
        to: String,
        #[command(flatten)]
        sender: Sender,
        #[command(flatten)]
        which: Which,
        /// For so many seconds.
        #[arg(long, value_name = "SECONDS", default_value_t = 86_400)]
        seconds: u64,
    },
    /// Take over an account that is offered.
    Take {
        /// Its owner.
        owner: String,
        #[command(flatten)]
        sender: Sender,
        /// Number that it has there.
        #[arg(long, default_value_t = 0)]
        account: u16,
        /// Number that it gets, of an account that the sender does not use yet.
        #[arg(long)]
        into: u16,
        /// Market contract.
        #[arg(long, default_value = "market")]
        market: String,
    },
}

impl Command {
    pub fn act(self, chain: &mut dyn Network) -> Result<Answer, ChainError> {
        match self {
            Self::Delegate { delegate, sender, which, seconds, perps, most } => {
                let Which { account, market } = which;
                let numbers = perps.iter().map(|perp| chain.perp(perp).map(|(_, number)| number));
                let numbers = numbers.collect::<Result<Vec<_>, _>>()?;
                let delegation = Delegation {
                    expires_at: chain.now()?.saturating_add(seconds),
                    perps: (!numbers.is_empty()).then_some(numbers),
                    most_notional: most.as_deref().map(usd).transpose()?,
                    may_take: false,
                };
                chain.set_delegate(&sender.from, &market, account, &delegate, Some(delegation))
            }
            Self::Revoke { delegate, sender, which } => {
                chain.set_delegate(&sender.from, &which.market, which.account, &delegate, None)
            }
            Self::Refer { by, sender, which } => {
                chain.set_referrer(&sender.from, &which.market, which.account, by.as_deref())
            }
            Self::Offer { to, sender, which, seconds } => {
                let delegation = Delegation {
                    expires_at: chain.now()?.saturating_add(seconds),
                    perps: Some(Vec::new()),
                    most_notional: None,
                    may_take: true,
                };
                chain.set_delegate(&sender.from, &which.market, which.account, &to, Some(delegation))
            }
            Self::Take { owner, sender, account, into, market } => {
                chain.take_account(&sender.from, &market, &owner, account, into)
            }
        }
    }
}
