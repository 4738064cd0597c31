//! Swaps at the par reserve, and how it is shown.

use clap::{Args, Subcommand};
use sdp_network::{decimal, Answer, ChainError, Network, Swapping};
use sdp_types::reserve::{Then, TokenResponse, TotalsResponse};
use sdp_types::units::{Amount, Ratio};

use crate::failure::Failure;
use crate::output::{self, dollars, percent, price, tokens};
use crate::provide::{number, usd};
use crate::session::{Sender, Session};

#[derive(Subcommand)]
pub enum Command {
    /// Swap a token for sdUSD, one for one less the fee.
    In {
        /// Whole tokens.
        amount: String,
        /// Name of the collateral whose token it is.
        collateral: String,
        #[command(flatten)]
        sender: Sender,
        #[command(flatten)]
        then: Onward,
        /// Be refused rather than get less sdUSD, before the pool's haircut.
        #[arg(long, value_name = "USD")]
        least: Option<String>,
    },
    /// Swap sdUSD for a token, one for one less the fee.
    Out {
        /// USD.
        amount: String,
        /// Name of the collateral whose token it is.
        collateral: String,
        #[command(flatten)]
        sender: Sender,
        /// The largest part of it that may be kept for bad debt.
        #[arg(long, value_name = "PART", value_parser = number::<Ratio>)]
        accept_haircut: Option<Ratio>,
        /// Be refused rather than get fewer whole tokens.
        #[arg(long, value_name = "TOKENS")]
        least: Option<String>,
    },
    /// Value a token of the reserve again at its price.
    Revalue {
        /// Name of the collateral whose token it is.
        collateral: String,
        #[command(flatten)]
        sender: Sender,
    },
}

/// What becomes of the sdUSD; it is the sender's by default.
#[derive(Args)]
pub struct Onward {
    /// It becomes margin in this market.
    #[arg(long, value_name = "MARKET", conflicts_with = "burn")]
    margin: Option<String>,
    /// Number of the account that gets the margin.
    #[arg(long, default_value_t = 0, requires = "margin")]
    account: u16,
    /// It is burnt against a position in the vault of this collateral.
    #[arg(long, value_name = "COLLATERAL")]
    burn: Option<String>,
    /// Who gets the sdUSD, the margin or the repayment; the sender by default.
    #[arg(long = "for", value_name = "NAME")]
    whose: Option<String>,
}

impl Onward {
    fn then(self, chain: &mut dyn Network) -> Result<Option<Then>, ChainError> {
        use sdp_network::Actions;
        let whose = self.whose.map(|name| chain.introduce(&name)).transpose()?.map(String::from);
        Ok(match (self.margin, self.burn) {
            (Some(market), _) => {
                let market = chain.contract(&market)?.into_string();
                Some(Then::Margin { market, beneficiary: whose, account: self.account })
            }
            (None, Some(collateral)) => Some(Then::Burn { vault: chain.vault(&collateral)?, owner: whose }),
            (None, None) => {
                whose.map(|recipient| Then::Pay { recipient: Some(recipient), accepted_haircut: None })
            }
        })
    }
}

pub fn run(session: &Session, command: Command) -> Result<(), Failure> {
    session.act(|chain| act(chain, command))
}

fn act(chain: &mut dyn Network, command: Command) -> Result<Answer, ChainError> {
    match command {
        Command::In { amount, collateral, sender, then, least } => {
            let amount = whole(chain, &amount, &collateral)?;
            let least = least.as_deref().map(usd).transpose()?.map(|least| Amount::new(least.raw()));
            let then = then.then(chain)?;
            chain.swap_in(&sender.from, &collateral, amount, least, then)
        }
        Command::Out { amount, collateral, sender, accept_haircut, least } => {
            let least = least.map(|least| whole(chain, &least, &collateral)).transpose()?;
            chain.swap_out(&sender.from, &collateral, usd(&amount)?, least, accept_haircut)
        }
        Command::Revalue { collateral, sender } => chain.revalue(&sender.from, &collateral),
    }
}

fn whole(chain: &dyn Network, amount: &str, collateral: &str) -> Result<Amount, ChainError> {
    let decimals = chain.manifest().collateral(collateral).map_err(ChainError::setup)?.1.decimals;
    decimal::amount(amount, decimals).map_err(ChainError::setup)
}

/// The reserve by token.
pub fn reserve(chain: &dyn Network, totals: &TotalsResponse, found: &[TokenResponse]) {
    let names = chain.manifest().reserve.iter().flat_map(|reserve| &reserve.tokens);
    let rows = found.iter().zip(names).map(|(token, entry)| {
        let swaps = |refused: &Option<String>| refused.clone().unwrap_or_else(|| "yes".into());
        vec![
            entry.collateral.clone(),
            tokens(token.held, token.config.decimals),
            price(token.mark),
            dollars(token.value),
            token.price.map_or("–".into(), price),
            format!("{} {}", swaps(&token.refuses_in), dollars(token.room_in)),
            format!("{} {}", swaps(&token.refuses_out), dollars(token.room_out)),
            percent(Some(token.marginal_fee)),
        ]
    });
    let row = |name: &str, value: String| (name.to_string(), value);
    output::fields([row("value of tokens", dollars(totals.value)), row("sdUSD held", dollars(totals.held))]);
    say!("");
    output::table(&["token", "held", "mark", "value", "price", "in", "out", "fee out"], rows);
}
